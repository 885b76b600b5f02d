"""How well a reader ranks lines and tells questions that nothing answers; needs no torch.

    python -m evals.training.evaluate MODEL ... [--split dev] [--int8] [--top 30] [--limit N]

MODEL is a folder of a training run, an exported file, or `none` (the first stage alone). Prints the
share of answerable questions whose line is at rank 1, 3, 5, the AUC of telling the answerable ones,
and the F1 of refusals with at most 8 % of the answerable ones refused; and how well it tells a
question from its twin, where how a question sounds does not help. The weight of the first
stage and the threshold are fitted on dev: for another split, `--settings` names the JSON file that
a run over dev wrote with `--write-settings`. The split `examples` is for trying only.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evals.data import json_lines
from evals.training.base import WORK
from evals.training.check import QUESTIONS, TWIN_OF, TWINS
from evals.training.measures import (
    Floats,
    Scored,
    auc,
    features,
    fit_logistic,
    line_rank,
    logistic,
    rank_shares,
    refusal,
    threshold_for,
    without_gold,
)
from evals.training.scoring import load_model, score_examples, score_split

WEIGHTS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0)
FOLDS = 5


def fit_weight(questions: Sequence[Scored]) -> float:
    """The weight of the first stage with the best mean of rank-1 share and 1 / rank."""
    answerable = [one for one in questions if one.answerable]

    def worth(weight: float) -> float:
        ranks = [line_rank(one, one.mixed(weight)) for one in answerable]
        return float(np.mean([(rank == 1) + 1 / rank if rank else 0.0 for rank in ranks]))

    return max(WEIGHTS, key=worth)


def fit(questions: Sequence[Scored], *, reader: bool = True) -> dict[str, Any]:
    """Everything that is fitted on dev."""
    weight = fit_weight(questions) if reader else 1.0
    answerable = np.array([one.answerable for one in questions])
    rows = np.array([features(one, weight) for one in questions])
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    fitted = fit_logistic((rows - centre) / spread, answerable)
    return {
        "weight": weight, "centre": centre.tolist(), "spread": spread.tolist(),
        "any": fitted.tolist(), "reader": reader,
        "best_threshold": threshold_for(best_scores(questions, weight), answerable),
        "any_threshold": threshold_for(logistic((rows - centre) / spread, fitted), answerable),
    }  # fmt: skip


def best_scores(questions: Sequence[Scored], weight: float) -> Floats:
    """The best mixed score of each question."""
    return np.array([one.mixed(weight).max() for one in questions])


def any_chances(questions: Sequence[Scored], settings: dict[str, Any]) -> Floats:
    """The regression's probability that any candidate answers, for each question."""
    rows = np.array([features(one, settings["weight"]) for one in questions])
    scaled = (rows - np.array(settings["centre"])) / np.array(settings["spread"])
    return logistic(scaled, np.array(settings["any"]))


def folded_chances(questions: Sequence[Scored], weight: float) -> Floats:
    """The same on dev itself, each document's by a regression fitted without its fold."""
    answerable = np.array([one.answerable for one in questions])
    rows = np.array([features(one, weight) for one in questions])
    rows = (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-9)
    documents = sorted({one.key.partition("|")[0] for one in questions})
    fold = {document: k % FOLDS for k, document in enumerate(documents)}
    folds = np.array([fold[one.key.partition("|")[0]] for one in questions])
    found = np.zeros(len(questions))
    for k in range(FOLDS):
        fitted = fit_logistic(rows[folds != k], answerable[folds != k])
        found[folds == k] = logistic(rows[folds == k], fitted)
    return found


def same_questions(questions: Sequence[Scored]) -> float:
    """AUC of the best logit for the answerable questions with and without what answers them.

    How a question sounds tells nothing here. What answers beside the known lines lowers it.
    """
    pairs = [(one, without) for one in questions
             if one.answerable and any(one.gold) and (without := without_gold(one))]  # fmt: skip
    values = np.array([one.logits.max() for pair in pairs for one in pair])
    return auc(values, np.tile([True, False], len(pairs)))


def twin_pairs(questions: Sequence[Scored], twins: Sequence[Scored],
               originals: Sequence[str]) -> list[tuple[Scored, Scored]]:  # fmt: skip
    """Each twin with its question, the answerable one first; `originals` has their keys."""
    known = {one.key: one for one in questions}
    pairs = [(known[key], twin) for key, twin in zip(originals, twins, strict=True) if key in known]
    return [(one, twin) if one.answerable else (twin, one) for one, twin in pairs]


def twin_results(pairs: Sequence[tuple[Scored, Scored]], settings: dict[str, Any]
                 ) -> dict[str, float]:  # fmt: skip
    """How well the probability that any line answers tells questions from their twins."""
    flat = [one for pair in pairs for one in pair]
    chances = any_chances(flat, settings)
    right = chances[::2] > chances[1::2]
    return {
        "AUC, twins": auc(chances, np.tile([True, False], len(pairs))),
        "twins told apart": float(right.mean()), "pairs of twins": float(len(pairs)),
    }  # fmt: skip


def results(questions: Sequence[Scored], settings: dict[str, Any], *, fitted_here: bool
            ) -> dict[str, float]:  # fmt: skip
    """The table's numbers."""
    weight = settings["weight"]
    answerable = np.array([one.answerable for one in questions])
    ranks = [line_rank(one, one.mixed(weight)) for one in questions if one.answerable]
    alone = [line_rank(one, one.mixed(0.0)) for one in questions if one.answerable]
    best = best_scores(questions, weight)
    chances = folded_chances(questions, weight) if fitted_here else any_chances(questions, settings)
    found = dict(zip(("rank 1", "rank 3", "rank 5"), rank_shares(ranks), strict=True))
    found["rank 1, reader alone"] = rank_shares(alone)[0]
    found["gold read"] = float(np.mean([rank is not None for rank in ranks]))
    found["AUC of the best score"] = auc(best, answerable)
    found["AUC, same questions"] = same_questions(questions)
    found["AUC of the regression"] = auc(chances, answerable)
    for name, values in (("best_threshold", best), ("any_threshold", chances)):
        cut = threshold_for(values, answerable) if fitted_here else settings[name]
        f1, refused = refusal(values, answerable, cut)
        kind = "best score" if name == "best_threshold" else "regression"
        found[f"refusal F1, {kind}"] = f1
        found[f"answerable refused, {kind}"] = refused
    return found


def main() -> None:
    """Print the table of each model."""
    parser = argparse.ArgumentParser(description="Judge a reader.")
    parser.add_argument("models", nargs="+", help="folders, exported files, or none")
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    parser.add_argument("--twins", type=Path, default=TWINS)
    parser.add_argument("--split", default="dev", choices=("dev", "test", "examples"))
    parser.add_argument("--top", type=int, default=30, help="candidates that are read [30]")
    parser.add_argument("--limit", type=int, help="only so many questions")
    parser.add_argument("--whole-lines", action="store_true", help="instead of sentences")
    parser.add_argument("--int8", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--settings", type=Path, help="what was fitted on dev")
    parser.add_argument("--write-settings", type=Path)
    options = parser.parse_args()
    if options.split != "dev" and not options.settings:
        raise SystemExit("name what was fitted on dev with --settings")
    for name in options.models:
        model = None
        if name != "none":
            model = load_model(Path(name), options.work, int8=options.int8, threads=options.threads)
        if options.split == "examples":
            questions = score_examples(model, options.work, options.top)
        else:
            questions = score_split(model, options.questions, options.work, options.split,
                                    top=options.top, limit=options.limit,
                                    lines=options.whole_lines)  # fmt: skip
        if options.settings:
            settings = json.loads(options.settings.read_text(encoding="utf-8"))
        else:
            settings = fit(questions, reader=model is not None)
        found = results(questions, settings, fitted_here=options.settings is None)
        count = sum(one.answerable for one in questions)
        print(f"{name}, {options.split}: {len(questions)} questions, {count} answerable, "
              f"weight {settings['weight']}")  # fmt: skip
        if options.split != "examples" and model is not None and options.twins.is_file():
            twins = score_split(model, options.twins, options.work, options.split, top=options.top,
                                lines=options.whole_lines)  # fmt: skip
            keys = {f"{row['doc_id']}|{row['question']}": f"{row['doc_id']}|{row[TWIN_OF]}"
                    for row in json_lines(options.twins)}  # fmt: skip
            pairs = twin_pairs(questions, twins, [keys[one.key] for one in twins])
            found |= twin_results(pairs, settings)
        for key, value in found.items():
            print(f"  {key:<34}{value:6.3f}")
        if options.write_settings:
            options.write_settings.write_text(json.dumps(settings), encoding="utf-8")


if __name__ == "__main__":
    main()
