"""Two probabilities, fitted on dev: that this line answers, and that any line does.

    python -m evals.training.calibrate MODEL [--int8] [--top 30] [--out calibration.json]

The first is a logistic regression (Platt) on the logit and the first stage's score of a sentence,
over all candidates that are read for questions that have an answer: it orders and compares what
answers, once the second has said that anything does. The second one is a regression on what
`measures.features` says of a question. Twins count as questions here: else a probability would say
how answerable a question sounds.

Prints what `evaluate` prints and reliability tables, of held-out folds of dev (by document), and
writes the constants; `evaluate` takes the file as --settings.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.training.base import WORK
from evals.training.check import QUESTIONS, TWINS
from evals.training.evaluate import FOLDS, fit, folded_chances, results
from evals.training.measures import Floats, Scored, fit_logistic, logistic, reliability
from evals.training.scoring import load_model, score_split

WIDTH = 40


def line_rows(questions: Sequence[Scored]) -> tuple[Floats, NDArray[np.bool_], list[str]]:
    """Logit and first score of each sentence that counts, whether it answers, its document."""
    rows, right, documents = [], [], []
    for one in questions:
        for k, label in enumerate(one.labels):
            if label >= 0:
                rows.append((one.logits[k], one.first[k]))
                right.append(label == 1)
                documents.append(one.key.partition("|")[0])
    return np.array(rows), np.array(right), documents


def held_out(rows: Floats, right: NDArray[np.bool_], documents: Sequence[str]) -> Floats:
    """The probability of each row by a regression fitted without its document's fold."""
    names = {name: k % FOLDS for k, name in enumerate(sorted(set(documents)))}
    folds = np.array([names[name] for name in documents])
    found = np.zeros(len(rows))
    for k in range(FOLDS):
        fitted = fit_logistic(rows[folds != k], right[folds != k])
        found[folds == k] = logistic(rows[folds == k], fitted)
    return found


def diagram(title: str, chances: Floats, outcomes: NDArray[np.bool_]) -> str:
    """A reliability table with bars: what came true (#), against what was said (|)."""
    rows, error = reliability(chances, outcomes)
    lines = [f"{title}: n = {len(chances)}, ECE {error:.3f}", "  said   true      n"]
    for said, came, count in rows:
        bar = list("#" * round(came * WIDTH) + "." * (WIDTH - round(came * WIDTH)))
        bar[min(round(said * WIDTH), WIDTH - 1)] = "|"
        lines.append(f"  {said:.3f}  {came:.3f}  {count:6d}  {''.join(bar)}")
    return "\n".join(lines)


def calibrate(questions: Sequence[Scored]) -> tuple[dict[str, Any], str]:
    """The constants, and the two diagrams."""
    settings = fit(questions)
    rows, right, documents = line_rows([one for one in questions if one.answerable])
    answerable = np.array([one.answerable for one in questions])
    settings["line"] = fit_logistic(rows, right).tolist()
    text = "\n\n".join(
        [
            diagram("This line answers", held_out(rows, right, documents), right),
            diagram("Any line answers", folded_chances(questions, settings["weight"]), answerable),
        ]
    )
    settings["features"] = [
        "logit of the best by the mix", "best logit", "behind the first stage's best",
    ]  # fmt: skip
    return settings, text


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description="Calibrate a reader on dev.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--questions", type=Path, nargs="+", default=[QUESTIONS, TWINS])
    parser.add_argument("--top", type=int, default=30)
    parser.add_argument("--limit", type=int, nargs="+", help="so many of each file of --questions")
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--out", type=Path, default=WORK / "calibration.json")
    options = parser.parse_args()
    limits = options.limit or [None] * len(options.questions)
    model = load_model(options.model, options.work, int8=options.int8)
    questions = [
        one
        for path, limit in zip(options.questions, limits, strict=True)
        for one in score_split(model, path, options.work, "dev", top=options.top, limit=limit)
    ]  # fmt: skip
    settings, text = calibrate(questions)
    settings["top"] = options.top
    options.out.write_text(json.dumps(settings), encoding="utf-8")
    found = results(questions, settings, fitted_here=True)
    print(f"dev: {len(questions)} questions, weight {settings['weight']}")
    print(*(f"  {key:<34}{value:6.3f}" for key, value in found.items()), "", text, sep="\n")


if __name__ == "__main__":
    main()
