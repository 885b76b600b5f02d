"""What a model that tells conflicts is worth on questions over stories; needs no torch.

    python -m evals.conflicts.judge MODEL .evals/conflicts/readings.jsonl --sets egn

Every two of the likeliest sentences of a question are read, in both orders. Whether they differ is
weighed by a logistic function of the model's chances and the reader's, fitted on the other sets
than the one it is used on. Printed for several thresholds: the disagreements of which two sides are
told, the look-alikes that are told as one, and the questions that all answer alike, under which
anything is told.
"""

import argparse
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals.conflicts.contrasts import Pair, fit
from evals.conflicts.evaluate import chances
from evals.conflicts.items import BESIDE, SAME, Compared
from evals.data import json_lines
from evals.training.base import WORK
from evals.training.scoring import Model, load_model

# Sentences that are paired, and how likely each must be to answer.
LIKELIEST, LEAST = 8, 0.04
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)


class Judged(NamedTuple):
    """A pair with its features, of the question that is asked at a place in the file."""

    place: int
    pair: Pair
    apart: bool


def judged(model: Model, place: int, reading: Mapping[str, Any]) -> list[Judged]:
    """The pairs of one question."""
    likely = [s for s in reading["sentences"] if s["probability"] >= LEAST][:LIKELIEST]
    both = list(combinations(likely, 2))
    texts = [Compared(reading["question"], a["text"], b["text"], BESIDE) for a, b in both]
    found = []
    for (one, other), row in zip(both, chances(model, texts) if texts else (), strict=True):
        differ = float(row[SAME + 1 :].sum())
        sure = sorted((one["probability"], other["probability"]))
        features = {
            "surer": logit(sure[1]), "less_sure": logit(sure[0]), "differ": logit(differ),
            "same": logit(float(row[SAME])), "beside": logit(float(row[BESIDE])),
            "differ_not_same": logit(differ / (differ + float(row[SAME]) + 1e-6)),
            "sentences": float(np.log1p(len(likely))),
        }  # fmt: skip
        here, there = set(one["values"]), set(other["values"])
        apart = bool(here and there and not here & there)
        right = apart and reading["disagree"]
        found.append(Judged(place, Pair(features, right, reading["id"][0]), apart))
    return found


def logit(chance: float) -> float:
    """The logit of a chance, kept off the ends."""
    kept = min(max(chance, 1e-3), 1 - 1e-3)
    return float(np.log(kept / (1 - kept)))


def table(readings: Sequence[Mapping[str, Any]], pairs: Sequence[Judged], sets: str) -> list[str]:
    """A line a threshold."""
    told: dict[int, list[tuple[float, bool]]] = {}
    for name in sets:
        fitted = fit([one.pair for one in pairs if one.pair.story_set != name])
        for one in pairs:
            if one.pair.story_set == name:
                chance = fitted.chance(one.pair.features)
                told.setdefault(one.place, []).append((chance, one.apart))
    lines = []
    for least in THRESHOLDS:
        counts: dict[str, list[bool]] = {"found": [], "false": [], "needless": []}
        for place, reading in enumerate(readings):
            shown = [apart for chance, apart in told.get(place, ()) if chance >= least]
            if reading["disagree"]:
                counts["found"].append(any(shown))
            elif reading["alike"]:
                counts["needless"].append(bool(shown))
            else:
                counts["false"].append(any(shown))
        shares = ", ".join(f"{name} {np.mean(held or [False]):.3f} of {len(held)}"
                           for name, held in counts.items())  # fmt: skip
        lines.append(f"from {least}: {shares}")
    return lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Judge a model that tells conflicts on stories.")
    parser.add_argument("model", type=Path)
    parser.add_argument("readings", type=Path)
    parser.add_argument("--sets", required=True, help="by their letters; none that was learned")
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    readings = [row for row in json_lines(options.readings) if row["id"][0] in options.sets]
    model = load_model(options.model, options.work, int8=True, threads=options.threads)
    pairs = [one for k, row in enumerate(readings) for one in judged(model, k, row)]
    print("\n".join(table(readings, pairs, options.sets)))


if __name__ == "__main__":
    main()
