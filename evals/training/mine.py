"""What misleads a model: the wrong sentences that it likes best, to train on.

    python -m evals.training.mine MODEL [--questions 3500] [--top 16] [--out FILE]

Reads the nearest sentences of some questions of train, half of them questions that nothing answers,
and writes for each the positions (among its candidates) of the wrong ones with the best logits.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from evals.training.base import WORK
from evals.training.check import QUESTIONS, TWINS
from evals.training.lists import WRONG, read_asked
from evals.training.scoring import load_model

KEPT = 2


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Find what misleads a model.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--data", type=Path, nargs="+", default=[QUESTIONS, TWINS])
    parser.add_argument("--questions", type=int, default=3500)
    parser.add_argument("--top", type=int, default=16, help="candidates that are read")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=WORK / "hard.jsonl")
    options = parser.parse_args()
    asked = [one for path in options.data for one in read_asked(path, options.work, "train")]
    random = np.random.default_rng(options.seed)
    taken = []
    for answerable in (True, False):
        held = [one for one in asked if one.given["answerable"] == answerable]
        taken += [held[k] for k in random.permutation(len(held))[: options.questions // 2]]
    model = load_model(options.model, options.work, int8=True)
    pairs = [model.pair(one.given["question"], row["text"], row["before"], one.title)
             for one in taken for row in one.rows[: options.top]]  # fmt: skip
    logits = iter(model.logits(pairs).tolist())
    with options.out.open("w", encoding="utf-8") as file:
        for one in taken:
            read = [(next(logits), k) for k, _ in enumerate(one.rows[: options.top])]
            wrong = sorted((pair for pair in read if one.labels[pair[1]] == WRONG), reverse=True)
            row = {"doc_id": one.given["doc_id"], "question": one.given["question"],
                   "wrong": [k for _, k in wrong[:KEPT]]}  # fmt: skip
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
