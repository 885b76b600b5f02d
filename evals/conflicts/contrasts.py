"""Fits the constants by which two likely answers are taken for values of one thing.

    python -m evals.conflicts.contrasts [--write]

The contrasts of `rag.comparison.contrasts` are read for questions that are in this repository, in
no test half, and that the pair model, which has a say in the features, did not learn. One is right
when its two sentences stand on lines of different values of a question on which the sources
disagree. A logistic function of its features is fitted by Newton's method, with an L2 penalty;
leaving out one set of stories after the other shows what it is worth on others, and what it would
be without what the pair model says. `--write` puts the constants where the package reads them.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.adapters import Places, load
from evals.data import GoldLine, Question, data_dir
from evals.runs import indexed
from rag import Config, open_engine

FILE = Path(__file__).parents[2] / "rag" / "comparison" / "contrasts.json"
DATASETS = ("stories-dev", "wires-dev", "wires-train", "disagreements-dev", "dev", "talks-full",
            "talks-town-full", "news-disagreements-dev")  # fmt: skip
# The sets of the stories that the pair model did not learn, by the first letter of a question's id.
STORIES, STORY_SETS = ("stories-dev", "wires-dev", "wires-train"), "egnxyz"
OF_THE_PAIR_MODEL = ("differ", "same", "differ_not_same")
PENALTY = 5.0
# A disagreement is told from this chance on.
LEAST = 0.4


Place = tuple[str, int, int]


class Pair(NamedTuple):
    """One contrast: its features, whether it is right, and its set ("" outside the stories)."""

    features: dict[str, float]
    right: bool
    story_set: str


class Fitted(NamedTuple):
    """A logistic function of standardised features, in the order of `names`."""

    names: tuple[str, ...]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    factors: NDArray[np.float64]
    constant: float

    def chance(self, features: dict[str, float]) -> float:
        """P(the two values are of one thing), 0..1."""
        row = np.array([features[name] for name in self.names])
        total = ((row - self.centre) / self.spread) @ self.factors + self.constant
        return float(1 / (1 + np.exp(-total)))


def read_pairs(work: Path, data: Path | None, names: Sequence[str] = DATASETS) -> list[Pair]:
    """The contrasts of every question that is answered."""
    pairs: list[Pair] = []
    for dataset in load(names, Places(data, work)):
        config = indexed(Config(corpus_dir=dataset.corpus_dir), work)
        with open_engine(config) as engine:
            for question in dataset.questions:
                story_set = question.question_id[0] if dataset.name in STORIES else ""
                if story_set and story_set not in STORY_SETS:
                    continue
                pairs += [
                    Pair(contrast.features, _is_right(question, *contrast.places), story_set)
                    for contrast in engine.contrasts(question.text)
                ]
    return pairs


def _is_right(question: Question, one: Place, other: Place) -> bool:
    """Whether two sentences give different values of what the sources disagree about."""
    here, there = (_values(question, place) for place in (one, other))
    return question.differ and bool(here and there and not here & there)


def _values(question: Question, place: Place) -> set[int]:
    path, first, last = place
    lines = {GoldLine(path, line) for line in range(first, last + 1)}
    return {k for k, value in enumerate(question.differing) if lines & value.lines}


def fit(pairs: Sequence[Pair]) -> Fitted:
    """The constants that explain best which contrasts are right."""
    names = tuple(pairs[0].features)
    rows = np.array([[pair.features[name] for name in names] for pair in pairs], dtype=np.float64)
    right = np.array([pair.right for pair in pairs], dtype=np.float64)
    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread == 0] = 1.0
    design = np.hstack([(rows - centre) / spread, np.ones((len(rows), 1))])
    penalty = np.diag([2 * PENALTY] * len(names) + [0.0])
    factors: NDArray[np.float64] = np.zeros(design.shape[1])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-design @ factors))
        slope = design.T @ (chances - right) + penalty @ factors
        bend = design.T @ (design * (chances * (1 - chances))[:, None]) + penalty
        step = np.linalg.solve(bend, slope)
        factors -= step
        if np.abs(step).max() < 1e-8:
            break
    return Fitted(names, centre, spread, factors[:-1], float(factors[-1]))


def left_out(pairs: Sequence[Pair]) -> dict[float, list[int]]:
    """For several thresholds, right and wrong contrasts, each set of stories left out once."""
    found = {least: [0, 0] for least in (0.2, 0.3, 0.4, 0.5)}
    for name in STORY_SETS:
        fitted = fit([pair for pair in pairs if pair.story_set != name])
        for pair in pairs:
            chance = fitted.chance(pair.features) if pair.story_set == name else 0.0
            for least, counts in found.items():
                counts[not pair.right] += chance >= least
    return found


def _without_pair_model(features: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in features.items() if name not in OF_THE_PAIR_MODEL}


def main() -> None:
    """Print what the contrasts are worth, and write the constants when asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path(".evals"), help="folder for indexes")
    parser.add_argument("--data", type=Path, help="folder of the shared data [RAG_SHARED_DIR]")
    parser.add_argument("--write", action="store_true", help=f"write {FILE.name}")
    options = parser.parse_args()
    pairs = read_pairs(options.work, data_dir(options.data))
    print(f"{len(pairs)} contrasts, {sum(pair.right for pair in pairs)} of them right")
    alone = [pair._replace(features=_without_pair_model(pair.features)) for pair in pairs]
    for title, taken in (("", pairs), (" without the pair model", alone)):
        for least, (right, wrong) in left_out(taken).items():
            print(f"told{title} from {least}: {right} right, {wrong} wrong, each set left out")
    fitted = fit(pairs)
    for name, factor in zip(fitted.names, fitted.factors, strict=True):
        print(f"  {name:24}{factor:+.2f}")
    if options.write:
        rows = {"centre": fitted.centre, "spread": fitted.spread, "factors": fitted.factors}
        held: dict[str, list[float] | float] = {
            name: [round(float(value), 5) for value in row] for name, row in rows.items()
        }
        constant: float = fitted.constant
        held |= {"constant": round(constant, 5), "least": LEAST}
        FILE.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
        print(f"written to {FILE}")


if __name__ == "__main__":
    main()
