"""Train the reader. Needs torch; resumes where it stopped.

    python -m evals.training.train OUT --public 22000 --passes 1
    python -m evals.training.train OUT --start ONE --questions 0 --public 8000 --passes 2

OUT gets `log.jsonl`, `state.pt` (to resume) and, at the end, `weights.npz`. The loss of a list is a
softmax over its candidates and a null option at logit 0: null is right when nothing answers, any of
the right ones otherwise (log-sum-exp), plus a small binary cross-entropy of each candidate.
"""

import argparse
import ctypes
import json
import math
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # see `learning`

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from evals.training.base import WORK, require_base
from evals.training.check import QUESTIONS, TWINS
from evals.training.inputs import Words
from evals.training.learning import Workers
from evals.training.lists import Listed, Sampled, public_lists, sample, without_right, written_lists
from evals.training.merging import META, Tensors, read_difference, tensors
from evals.training.network import Network, base_network

WARM_UP, CLIP, DECAY = 0.06, 1.0, 0.01
HEAD_FACTOR = 5.0
AVERAGE_FROM = 0.6
SAVE_SECONDS, NOTE_EVERY, AVERAGE_EVERY = 240, 20, 10

Log = Callable[..., None]


def arguments() -> argparse.Namespace:
    """What is trained on what."""
    parser = argparse.ArgumentParser(description="Train the reader.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument(
        "--start",
        type=Path,
        help="folder or weights of a run, or an exported reader, to start from [the wheel]",
    )
    parser.add_argument("--public", type=int, default=0, help="public lists a pass")
    parser.add_argument("--questions", type=int, default=-1,
                        help="written questions: 0 all of train, -1 none")  # fmt: skip
    parser.add_argument("--public-file", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", default=[QUESTIONS, TWINS],
                        help="written questions [questions.jsonl and twins.jsonl]")  # fmt: skip
    parser.add_argument("--sizes", type=int, nargs="+",
                        help="so many of each file of --data; 0 for all")  # fmt: skip
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--candidates", type=int, default=5, help="of a public list")
    parser.add_argument("--written-candidates", type=int, default=7)
    parser.add_argument("--without-right", type=float, default=0.0,
                        help="share of the answerable written questions that are also shown "
                             "without what answers")  # fmt: skip
    candidates = parser.add_mutually_exclusive_group()
    candidates.add_argument("--hard", type=Path,
                            help="what `evals.training.mine` wrote, which counts sentences; only "
                                 "its questions")  # fmt: skip
    candidates.add_argument("--whole-lines", action="store_true", help="instead of sentences")
    parser.add_argument("--context", choices=("none", "pronoun", "both"), default="none")
    parser.add_argument(
        "--frozen", type=int, default=0, help="so many first layers stay, and what is below them"
    )
    parser.add_argument("--lists", type=int, default=20, help="lists a step")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--binary", type=float, default=0.15, help="weight of the cross-entropy")
    parser.add_argument("--spans", type=float, default=0.0, help="weight of the span loss")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, help="plan only so many steps (to try)")
    parser.add_argument("--stop", type=int, help="stop after so many steps of the plan")
    parser.add_argument("--cool", type=float, default=0.0,
                        help="the last part of these in which the rate falls to 0")  # fmt: skip
    return parser.parse_args()


def started_from(path: Path, work: Path) -> Tensors:
    """The weights of a run's folder, of a file of weights, or of an exported reader."""
    file = path / "weights.npz" if path.is_dir() else path
    with np.load(file) as held:
        if META not in held.files:
            return dict(held)
    base = tensors(onnx.load(str(work / "folded.onnx")))
    difference = read_difference(file)
    require_base(difference.meta, work)
    return {name: base.get(name, 0) + change for name, change in difference.tensors.items()}


def load_lists(options: argparse.Namespace, words: Words) -> tuple[list[Listed], list[Listed]]:
    """The public and the written lists that are trained on."""
    public, written = [], []
    if options.public:
        public = public_lists(options.public_file, words)
    if options.questions >= 0:
        for path, size in zip(options.data, options.sizes or [0] * len(options.data), strict=True):
            lists = written_lists(path, options.work, words, "train", kind=options.context,
                                  hard=options.hard, lines=options.whole_lines)  # fmt: skip
            if size:
                drawn = np.random.default_rng(options.seed).permutation(len(lists))[:size]
                lists = [lists[k] for k in drawn]
            written += lists
        order = np.random.default_rng(7).permutation(len(written))
        if options.questions:
            written = [written[k] for k in order[: options.questions]]
    return public, written


def plan(options: argparse.Namespace, public: list[Listed], written: list[Listed]
         ) -> list[list[Sampled]]:  # fmt: skip
    """The lists of every step, the same for the same seed."""
    random = np.random.default_rng(options.seed)
    taken = random.permutation(len(public))
    steps: list[list[Sampled]] = []
    place = 0
    for _ in range(options.passes):
        lists = [sample(one, options.written_candidates, random) for one in written]
        for one in written:
            if one.is_answerable and random.random() < options.without_right:
                lists.append(sample(without_right(one), options.written_candidates, random))
        for _ in range(min(options.public, len(public))):
            lists.append(sample(public[taken[place % len(taken)]], options.candidates, random))
            place += 1
        order = random.permutation(len(lists))
        steps += [
            [lists[k] for k in order[start : start + options.lists]]
            for start in range(0, len(order) - options.lists + 1, options.lists)
        ]
    return steps[: options.steps] if options.steps else steps


def optimiser_of(network: Network, rate: float) -> torch.optim.AdamW:
    """AdamW; the new heads learn faster, vectors (biases, norms) do not decay."""
    groups: list[dict[str, Any]] = []
    for name, value in network.named_parameters():
        if value.requires_grad:
            factor = HEAD_FACTOR if name.startswith(("head", "span")) else 1.0
            decay = DECAY if value.dim() == 2 else 0.0
            groups.append({"params": [value], "lr": rate * factor, "weight_decay": decay})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6)


def rate_factor(step: int, total: int, stop: int | None = None, cool: float = 0.0) -> float:
    """Warm-up, then linear decay to `total`; and over the last `cool` of an early `stop`."""
    warm_up = max(1, round(WARM_UP * total))
    factor = min((step + 1) / warm_up, (total - step) / max(1, total - warm_up))
    if stop and cool:
        factor = min(factor, (stop - step) / (cool * stop))
    return max(0.0, factor)


def keep_memory() -> None:
    """Let the C library keep freed memory: fresh pages cost a tenth of the time."""
    libc = ctypes.CDLL("libc.so.6")
    for option, value in ((-3, 32 << 20), (-1, 1 << 30), (-2, 256 << 20)):
        libc.mallopt(option, value)


def save_weights(path: Path, tensors: dict[str, Any]) -> None:
    """What was trained, without the embeddings that never change."""
    frozen = ("inner.embeddings.word", "inner.embeddings.position")
    kept = {name: value for name, value in tensors.items() if not name.startswith(frozen)}
    np.savez(path, **kept)


@dataclass
class Progress:
    """A run's weights, optimiser and place; saved and taken up again."""

    network: Network
    optimiser: torch.optim.AdamW
    schedule: torch.optim.lr_scheduler.LambdaLR
    path: Path
    done: int = 0
    spent: float = 0.0
    taken: int = 0
    averaged: dict[str, Tensor] = field(default_factory=dict)

    def load(self) -> None:
        """Go on from the last saved state, if there is one."""
        if self.path.is_file():
            state = torch.load(self.path, weights_only=False)
            for part in (self.network, self.optimiser, self.schedule):
                part.load_state_dict(state.pop(type(part).__name__))
            vars(self).update(state)

    def save(self, spent: float) -> None:
        """Save everything, whole or not at all."""
        parts = (self.network, self.optimiser, self.schedule)
        state: dict[str, Any] = {type(part).__name__: part.state_dict() for part in parts}
        state |= {"done": self.done, "taken": self.taken, "averaged": self.averaged, "spent": spent}
        torch.save(state, self.path.with_suffix(".part"))
        self.path.with_suffix(".part").replace(self.path)

    def average(self) -> None:
        """Take the weights into the average."""
        self.taken += 1
        for name, value in self.network.state_dict().items():
            if not name.startswith(("words", "positions")):
                old = self.averaged.setdefault(name, torch.zeros_like(value))
                old += (value - old) / self.taken


def run(progress: Progress, workers: Workers, log: Log) -> None:
    """All steps that are left."""
    total = workers.options.stop or len(workers.steps)
    begun = saved = shown = time.monotonic()
    seen: Counter[Any] = Counter()
    asked_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: asked_to_stop.append(number))
    since = 0
    while progress.done < total:
        progress.optimiser.zero_grad(set_to_none=True)
        seen.update(workers.step(progress.done))
        if not math.isfinite(seen["loss"]):
            raise SystemExit(f"the loss is not finite at step {progress.done}")
        nn.utils.clip_grad_norm_(progress.network.parameters(), CLIP)
        progress.optimiser.step()
        progress.schedule.step()
        progress.done += 1
        since += 1
        if progress.done >= AVERAGE_FROM * total and progress.done % AVERAGE_EVERY == 0:
            progress.average()
        now = time.monotonic()
        if asked_to_stop:
            progress.save(progress.spent + now - begun)
            raise SystemExit("stopped; the same command goes on from here")
        if progress.done % NOTE_EVERY == 0 or progress.done == total:
            speed = seen.pop("pairs") / (now - shown)
            log(step=progress.done, of=total, rate=progress.schedule.get_last_lr()[0],
                **{name: round(value / since, 4) for name, value in seen.items()},
                pairs_a_second=round(speed, 1),
                seconds=round(progress.spent + now - begun, 1))  # fmt: skip
            shown, since = now, 0
            seen.clear()
        if now - saved > SAVE_SECONDS:
            saved = now
            progress.save(progress.spent + now - begun)
    log(event="end", seconds=round(progress.spent + time.monotonic() - begun, 1))


def save_results(progress: Progress, out: Path) -> None:
    """Write the last weights, and the averaged ones."""
    save_weights(out / "weights.npz", progress.network.to_tensors())
    if progress.averaged:
        progress.network.load_state_dict(progress.averaged, strict=False)
        save_weights(out / "averaged.npz", progress.network.to_tensors())


def logger(path: Path) -> Log:
    """A function that adds a JSON line to a file."""
    file = path.open("a", encoding="utf-8")

    def log(**values: object) -> None:
        file.write(json.dumps(values) + "\n")
        file.flush()

    return log


def main() -> None:
    """Train, from where an earlier run into the same folder stopped."""
    options = arguments()
    keep_memory()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    words = Words(options.work / "tokenizer.json")
    public, written = load_lists(options, words)
    steps = plan(options, public, written)
    network = base_network(options.work, options.seed)
    if options.start:
        network.load_tensors(started_from(options.start, options.work))
    network.freeze(options.frozen)
    optimiser = optimiser_of(network, options.rate)
    total = len(steps)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda k: rate_factor(k, total, options.stop, options.cool)
    )
    progress = Progress(network, optimiser, schedule, options.out / "state.pt")
    progress.load()
    log = logger(options.out / "log.jsonl")
    log(event="start", public=len(public), written=len(written), steps=total, done=progress.done,
        options={k: str(v) for k, v in vars(options).items()})  # fmt: skip
    run(progress, Workers(network, steps, options), log)
    save_results(progress, options.out)


if __name__ == "__main__":
    main()
