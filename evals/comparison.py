"""Two results of the same questions: what changed, metric by metric and question by question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.scoring import LOWER_IS_BETTER, METRICS, WHOLE_RUN
from evals.statistics import Comparison, Ratio, compare
from evals.suite import scores_of

SIGNIFICANT = 0.05
# Questions whose outcome changed, shown at most.
MAX_SHOWN = 40


@dataclass(frozen=True)
class Change:
    """A metric in two runs of one system over the questions that both runs share."""

    metric: str
    questions: int
    comparison: Comparison

    @property
    def worse(self) -> bool:
        """Whether the new run is significantly worse."""
        difference = self.comparison.difference.value
        dropped = difference > 0 if self.metric in LOWER_IS_BETTER else difference < 0
        return dropped and self.comparison.p < SIGNIFICANT


@dataclass(frozen=True)
class Pair:
    """The same system over the same data set in two results, as their JSON has them."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Example: "MultiHop-RAG dev: On Record"."""
        return f"{self.new['dataset']['title']}: {self.new['system']['name']}"

    def shared(self) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Old and new row of each question that both hold, in the new order."""
        old = {row["id"]: row for row in self.old["questions"]}
        return [(old[row["id"]], row) for row in self.new["questions"] if row["id"] in old]


def read_result(file: Path) -> Any:
    """A result written by `python -m evals --json`.

    Raises:
        SystemExit: When the file cannot be read as one.
    """
    try:
        result = json.loads(file.read_text(encoding="utf-8"))
        _ = [(run["dataset"], run["system"], run["questions"]) for run in result["runs"]]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise SystemExit(f"{file} is no result of `python -m evals --json FILE`: {exc!r}") from exc
    return result


def pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Pair]:
    """The runs that both results hold, by data set and system."""
    known = {_key(run): run for run in old["runs"]}
    return [Pair(known[_key(run)], run) for run in new["runs"] if _key(run) in known]


def changes(pair: Pair) -> list[Change]:
    """Every metric of both runs over the questions that it applies to in either.

    Where a metric applies to a question in one run only (a precision needs something cited), the
    other run's share of both sums is 0.
    """
    rows = [(scores_of(old), scores_of(new)) for old, new in pair.shared()]
    found = []
    for metric in METRICS:
        if metric in WHOLE_RUN:
            continue
        both = [(old.get(metric, Ratio(0, 0)), new.get(metric, Ratio(0, 0)))
                for old, new in rows if metric in old or metric in new]  # fmt: skip
        comparison = compare([old for old, _ in both], [new for _, new in both])
        if comparison is not None:
            found.append(Change(metric, len(both), comparison))
    return found


def print_comparison(found: Sequence[Pair], console: Console) -> list[Change]:
    """The tables of all pairs; returns the changes that are significantly for the worse."""
    worse = []
    for pair in found:
        measured = changes(pair)
        worse += [change for change in measured if change.worse]
        console.print(_table(pair, measured))
        _print_questions(pair, console)
    if not found:
        console.print("The two results share no data set and system.")
    return worse


def _table(pair: Pair, measured: Sequence[Change]) -> Table:
    table = Table(title=f"{pair.title}, new minus old", title_justify="left")
    for column in ("metric", "difference", "95 % interval", "p", "questions", ""):
        table.add_column(column, justify="left" if column in ("metric", "") else "right")
    for change in measured:
        value, low, high = change.comparison.difference
        sure = change.comparison.p < SIGNIFICANT
        verdict = ("worse" if change.worse else "better") if sure and value else ""
        bounds = escape(f"[{low:+.3f}, {high:+.3f}]")
        table.add_row(change.metric, f"{value:+.3f}", bounds, f"{change.comparison.p:.3f}",
                      str(change.questions), verdict)  # fmt: skip
    return table


def _print_questions(pair: Pair, console: Console) -> None:
    """The questions whose outcome changed."""
    changed = [(old, new) for old, new in pair.shared() if _outcome(old) != _outcome(new)]
    console.print(f"{len(changed)} of {len(pair.shared())} questions changed their outcome")
    for old, new in changed[:MAX_SHOWN]:
        text = escape(new.get("question", ""))
        console.print(f"  {new['id']} ({new['kind']}): {_outcome(old)} -> {_outcome(new)}  {text}")
    if len(changed) > MAX_SHOWN:
        console.print(f"  and {len(changed) - MAX_SHOWN} more")


def _outcome(row: Mapping[str, Any]) -> str:
    if not row["answered"]:
        return "refused" if row["answerable"] else "rightly refused"
    if not row["answerable"]:
        return "answered, though nothing answers it"
    return {True: "right", False: "wrong", None: "answered"}[row["right"]]


def _key(run: Mapping[str, Any]) -> tuple[str, str]:
    return run["dataset"]["name"], run["system"]["name"]
