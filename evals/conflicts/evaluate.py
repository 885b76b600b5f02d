"""How well a model tells whether two sentences give different answers; needs no torch.

    python -m evals.conflicts.evaluate MODEL ... [--split dev] [--int8]

MODEL is a folder of a training run, weights of one, or an exported file. Over all pairs of the
split's items, each read in both orders: the AUC of "they differ" against "same" and "beside"
together and apart; how many of those that differ are told where 5 % of the others are too, by
difference and by kind of question; and how often the difference is named rightly among those.
"""

import argparse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evals.conflicts.items import BESIDE, CLASSES, SAME, Compared, compared, read_items, tokens
from evals.training.base import WORK
from evals.training.measures import Floats, auc
from evals.training.scoring import Model, load_model

FALSE_ALARMS = 0.05


def chances(model: Model, pairs: Sequence[Compared]) -> Floats:
    """What the second sentence is to the first, (n, classes): the mean of both orders."""
    both = [tokens(model.words, p.question, *texts)
            for p in pairs for texts in ((p.one, p.other), (p.other, p.one))]  # fmt: skip
    found = model.outputs(both, len(CLASSES))
    likely = np.exp(found - found.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return np.asarray(likely.reshape(-1, 2, len(CLASSES)).mean(axis=1))


def results(items: Sequence[Mapping[str, Any]], model: Model) -> dict[str, float]:
    """The table's numbers."""
    pairs = [(item["kind"], pair) for item in items for pair in compared(item)]
    likely = chances(model, [pair for _, pair in pairs])
    labels = np.array([pair.label for _, pair in pairs])
    differ, chance = labels > SAME, likely[:, SAME + 1 :].sum(axis=1)
    found = {"pairs": float(len(pairs)), "AUC": auc(chance, differ)}
    for name, label in (("same", SAME), ("beside", BESIDE)):
        held = differ | (labels == label)
        found[f"AUC against {name}"] = auc(chance[held], differ[held])
    threshold = float(np.quantile(chance[~differ], 1 - FALSE_ALARMS))
    told = chance > threshold
    found["threshold"] = threshold
    found["told"] = float(told[differ].mean())
    by: dict[str, list[bool]] = defaultdict(list)
    for (kind, pair), is_told in zip(pairs, told, strict=True):
        if pair.label > SAME:
            by[f"told, {CLASSES[pair.label]}"].append(bool(is_told))
            by[f"told, {kind}"].append(bool(is_told))
    found |= {name: float(np.mean(held)) for name, held in sorted(by.items())}
    named = likely[:, SAME + 1 :].argmax(axis=1) + SAME + 1
    found["difference named rightly"] = float((named == labels)[differ & told].mean())
    return found


def main() -> None:
    """Print the table of each model."""
    parser = argparse.ArgumentParser(description="Judge a model that tells conflicts.")
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--split", default="dev", choices=("dev", "test"))
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    items = read_items(options.split)
    for path in options.models:
        model = load_model(path, options.work, int8=options.int8, threads=options.threads)
        print(f"{path}, {options.split}: {len(items)} items")
        for name, value in results(items, model).items():
            print(f"  {name:<34}{value:8.3f}")


if __name__ == "__main__":
    main()
