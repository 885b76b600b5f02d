"""Systems x data sets -> results: every question asked, scored and kept with what was said."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evals.adapters import Dataset
from evals.data import GoldLine, Question
from evals.metrics import roc_auc, selective_accuracy
from evals.scoring import METRICS, WHOLE_RUN, covered_ranks, file_lines, is_right, score
from evals.statistics import Interval, Ratio, Statistic, interval, percentile, statistic_interval
from evals.systems import Response, System, index_config, respond
from rag import open_engine

Progress = Callable[[], None]


@dataclass(frozen=True)
class Scored:
    """One question with the response to it and what it adds to each metric.

    Attributes:
        right: Whether the answer is right; None where nobody can say.
        ranks: For each fact, the rank of the first chunk found that holds a line of it.
        gold: The supporting lines, path and number, with their texts.
    """

    question: Question
    response: Response
    scores: dict[str, Ratio]
    right: bool | None
    ranks: tuple[int | None, ...] = ()
    gold: tuple[tuple[GoldLine, str], ...] = ()


@dataclass(frozen=True)
class Measured:
    """A metric over a run.

    Attributes:
        applies: How many questions it applies to; the others are left out, not scored 0.
    """

    name: str
    interval: Interval
    applies: int


@dataclass(frozen=True)
class Run:
    """One system over one data set."""

    dataset: Dataset
    system: System
    scored: tuple[Scored, ...]
    metrics: dict[str, Measured] = field(default_factory=dict)

    def ratios(self, name: str) -> list[Ratio]:
        """What each question to which the metric applies adds to it, in order."""
        return [item.scores[name] for item in self.scored if name in item.scores]


def run(system: System, dataset: Dataset, work: Path, *, progress: Progress | None = None) -> Run:
    """Ask `system` every question of `dataset`, and measure."""
    config = index_config(system, dataset, work)
    scored = []
    with open_engine(config) as engine:
        if dataset.questions:
            respond(system, engine, dataset.questions[0], dataset)  # loads what is loaded once
        for question in dataset.questions:
            response = respond(system, engine, question, dataset)
            scored.append(_scored(question, response, dataset.corpus_dir))
            if progress is not None:
                progress()
    found = Run(dataset, system, tuple(scored))
    return replace(found, metrics=measure(found.scored))


def measure(scored: Sequence[Scored]) -> dict[str, Measured]:
    """Every metric that applies to some question, with its interval."""
    found: dict[str, Measured] = {}
    for name in METRICS:
        if name in WHOLE_RUN:
            continue
        ratios = [item.scores[name] for item in scored if name in item.scores]
        value = interval(ratios) if ratios else None
        if value is not None:
            found[name] = Measured(name, value, len(ratios))
    for name, statistic, count in _whole_run(scored):
        value = statistic_interval(statistic, count)
        if value is not None:
            found[name] = Measured(name, value, count)
    return {name: found[name] for name in [*METRICS, *found] if name in found}


def _whole_run(scored: Sequence[Scored]) -> list[tuple[str, Statistic, int]]:
    """What is no ratio of sums: name, function of chosen rows, and number of rows."""
    said = [item for item in scored if item.response.confidence is not None]
    judged = [item for item in said if item.right is not None]
    times = [item.response.milliseconds for item in scored if item.response.milliseconds]

    def auc(rows: Sequence[int]) -> float | None:
        chosen = [said[k] for k in rows]
        return roc_auc([_confidence(item) for item in chosen],
                       [item.question.answerable for item in chosen])  # fmt: skip

    def selective(rows: Sequence[int]) -> float | None:
        chosen = [judged[k] for k in rows]
        return selective_accuracy([_confidence(item) for item in chosen],
                                  [bool(item.right) for item in chosen])  # fmt: skip

    return [
        ("answerability_auc", auc, len(said)),
        ("selective_accuracy", selective, len(judged)),
        ("ms_p50", lambda rows: percentile([times[k] for k in rows], 0.50), len(times)),
        ("ms_p95", lambda rows: percentile([times[k] for k in rows], 0.95), len(times)),
    ]


def _confidence(item: Scored) -> float:
    return item.response.confidence or 0.0


def _scored(question: Question, response: Response, corpus_dir: Path) -> Scored:
    scores = score(question, response, corpus_dir)
    gold = tuple(
        (line, file_lines(corpus_dir / line.path)[line.line - 1])
        for line in sorted(question.gold_lines)
    )
    ranks = tuple(covered_ranks(question, response.found or ())) if question.answerable else ()
    return Scored(question, response, scores, is_right(question, scores), ranks, gold)


def by_kind(found: Run, name: str) -> dict[str, Measured]:
    """A metric for each kind of question that it applies to."""
    kinds = dict.fromkeys(item.question.kind for item in found.scored)
    measured = {}
    for kind in kinds:
        ratios = [
            item.scores[name]
            for item in found.scored
            if item.question.kind == kind and name in item.scores
        ]
        value = interval(ratios) if ratios else None
        if value is not None:
            measured[kind] = Measured(name, value, len(ratios))
    return measured


def tokens_used(found: Run) -> tuple[int, int] | None:
    """Prompt and completion tokens of a whole run; None without a language model."""
    used = [item.response.tokens for item in found.scored if item.response.tokens is not None]
    return (sum(p for p, _ in used), sum(c for _, c in used)) if used else None


def as_json(found: Run, *, texts: bool) -> dict[str, Any]:
    """A run as JSON; with `texts` also what was asked, answered and cited."""
    return {
        "dataset": {"name": found.dataset.name, "title": found.dataset.title,
                    "questions": len(found.scored)},
        "system": {"name": found.system.name, "kind": found.system.kind,
                   "config": _plain(found.system.config)},
        "tokens": tokens_used(found),
        "metrics": {
            name: {"value": round(item.interval.value, 4), "low": round(item.interval.low, 4),
                   "high": round(item.interval.high, 4), "applies": item.applies}
            for name, item in found.metrics.items()
        },
        "questions": [_question_json(item, texts=texts) for item in found.scored],
    }  # fmt: skip


def _question_json(item: Scored, *, texts: bool) -> dict[str, Any]:
    response = item.response
    found: dict[str, Any] = {
        "id": item.question.question_id,
        "kind": item.question.kind,
        "answerable": item.question.answerable,
        "answered": response.answered,
        "right": item.right,
        "confidence": None if response.confidence is None else round(response.confidence, 4),
        "scores": {name: [round(number, 6) for number in pair]
                   for name, pair in item.scores.items()},
    }  # fmt: skip
    if texts:
        found |= {
            "question": item.question.text,
            "answer": response.text,
            "cited": [f"{c.path}:{c.first_line}-{c.last_line}" for c in response.cited],
        }
    return found


def scores_of(question: Mapping[str, Any]) -> dict[str, Ratio]:
    """The scores of one question of `as_json`."""
    return {name: Ratio(*pair) for name, pair in question["scores"].items()}


def _plain(config: Mapping[str, Any]) -> Any:
    """Settings as JSON has them; paths and sets as text."""
    return json.loads(json.dumps(dict(config), default=str))
