"""Train the model of `evals.conflicts`. Needs torch; resumes where it stopped.

    python -m evals.conflicts.train OUT --start READER --passes 3

Starts from a reader, which knows how a sentence answers (the shipped one needs `--work
.evals/reranker`; the shipped pair model started from one of six layers). OUT gets `log.jsonl`,
`state.pt` (to resume) and, at the end, `weights.npz` and `averaged.npz`. The loss is the
cross-entropy of what the second sentence is to the first.
"""

import argparse
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # see `evals.training.learning`

import numpy as np
import torch

from evals.conflicts.items import (
    CLASSES,
    KINDS,
    SAME,
    Step,
    item_pairs,
    other_questions,
    read_items,
    sample,
    sampled,
)
from evals.conflicts.stories import sample_news, sample_pairs
from evals.data import json_lines
from evals.training.base import WORK
from evals.training.inputs import Words, by_length, padded
from evals.training.learning import HALF, MULTIPLE, PAIRS_AT_ONCE, Workers
from evals.training.lists import Sampled
from evals.training.network import Network, base_network
from evals.training.train import (
    Progress,
    keep_memory,
    logger,
    optimiser_of,
    rate_factor,
    run,
    save_results,
    started_from,
)


def arguments() -> argparse.Namespace:
    """What is trained on what."""
    parser = argparse.ArgumentParser(description="Train the model that tells conflicts.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--start", type=Path, help="a reader to start from [the wheel]")
    parser.add_argument("--items", type=int, default=0, help="only so many items")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS, help="of questions")
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--stories", type=Path, help="what `evals.conflicts.stories` wrote")
    parser.add_argument("--sets", default="", help="the sets of stories, by their letters")
    parser.add_argument("--story-passes", type=int, default=1, help="over stories, a pass")
    parser.add_argument("--news", type=Path, help="what `evals.conflicts.news` wrote")
    parser.add_argument("--spans", type=float, default=0.0,
                        help="weight of the loss of the words that answer in both")  # fmt: skip
    parser.add_argument("--frozen", type=int, default=0, help="so many first layers stay")
    parser.add_argument("--lists", type=int, default=8, help="items a step")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--smoothing", type=float, default=0.05, help="of the labels")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.set_defaults(stop=None, context="none")
    return parser.parse_args()


def plan(options: argparse.Namespace, words: Words) -> list[list[Sampled]]:
    """The pairs of every step, the same for the same seed."""
    random = np.random.default_rng(options.seed)
    items = read_items("train")
    others = list(other_questions(items))
    places = [k for k, item in enumerate(items) if item["kind"] in options.kinds]
    kept = random.permutation(places)[: options.items or len(items)]
    told = [row for row in json_lines(options.stories) if row["id"][0] in options.sets
            ] if options.stories else []  # fmt: skip
    news = json_lines(options.news) if options.news else []
    steps: list[list[Sampled]] = []
    for _ in range(options.passes):
        seen = [item_pairs(items[k], sample(items[k], others[k], random)) for k in kept]
        seen += [pairs for row in told * options.story_passes
                 if (pairs := sample_pairs(row, random))]  # fmt: skip
        seen += [pairs for row in news if (pairs := sample_news(row, random))]
        order = random.permutation(len(seen))
        for start in range(0, len(order) - options.lists + 1, options.lists):
            taken = order[start : start + options.lists]
            steps.append([sampled(words, seen[k]) for k in taken])
    return steps


def learn(network: Network, lists: list[Sampled], share: float, options: argparse.Namespace
          ) -> dict[str, float]:  # fmt: skip
    """Add the gradients of a part of a step, which is `share` of all; what it was like."""
    pairs = [one for listed in lists for one in listed.pairs]
    allowed = [one for listed in lists if isinstance(listed, Step) for one in listed.allowed]
    spans = [one for listed in lists if isinstance(listed, Step) for one in listed.answers]
    loss, span_losses, right = torch.zeros(()), [], 0.0
    for group in by_length(pairs, PAIRS_AT_ONCE):
        ids, mask, types = map(torch.from_numpy, padded([pairs[k] for k in group], MULTIPLE))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            logits, ends = network(ids, mask, types)
        likely = logits.log_softmax(dim=1)
        for row, k in enumerate(group):
            taken = -likely[row, list(allowed[k])].logsumexp(dim=0)
            loss = loss + (1 - options.smoothing) * taken - options.smoothing * likely[row].mean()
            differ = likely[row, SAME + 1 :].logsumexp(dim=0) > likely[row, : SAME + 1].logsumexp(0)
            right += float(bool(differ) == (allowed[k][0] > SAME))
            for begin, end, first, last in spans[k]:
                part = ends[row, begin:end].log_softmax(dim=0)
                span_losses.append(-part[first - begin, 0] - part[last - begin, 1])
    span = torch.stack(span_losses).mean() if span_losses else torch.zeros(())
    ((loss / len(pairs) + options.spans * span) * share).backward()
    return {"loss": loss.item() / len(pairs) * share, "span": float(span.detach()) * share,
            "pairs": float(len(pairs)), "right": right / len(pairs) * share}  # fmt: skip


def main() -> None:
    """Train, from where an earlier run into the same folder stopped."""
    options = arguments()
    keep_memory()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    steps = plan(options, Words(options.work / "tokenizer.json"))
    network = base_network(options.work, options.seed, len(CLASSES))
    if options.start:
        network.load_tensors(started_from(options.start, options.work))
    network.span.requires_grad_(options.spans > 0)
    for layer in network.layers[: options.frozen]:
        layer.requires_grad_(False)
    optimiser = optimiser_of(network, options.rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda k: rate_factor(k, len(steps)))
    progress = Progress(network, optimiser, schedule, options.out / "state.pt")
    progress.load()
    log = logger(options.out / "log.jsonl")
    given: dict[str, Any] = {key: str(value) for key, value in vars(options).items()}
    log(event="start", steps=len(steps), done=progress.done, options=given)
    run(progress, Workers(network, steps, options, learn), log)
    save_results(progress, options.out)


if __name__ == "__main__":
    main()
