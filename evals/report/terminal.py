"""Runs -> tables in the terminal: one for each data set, a column for each system."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from evals.judge import Judged
from evals.scoring import METRICS
from evals.suite import Measured, Run, by_kind, tokens_used

# Milliseconds and words are not shares.
_PLAIN = ("ms_p50", "ms_p95", "words")
# A table with more systems than this shows values only; the intervals are in the other reports.
MAX_INTERVALS = 3
# What is shown by kind of question: of answerable ones, and of the others.
BY_KIND = ("fact_accuracy", "cited_accuracy", "line_recall", "refusal_recall")


def print_runs(runs: Sequence[Run], console: Console) -> None:
    """The tables of all runs."""
    for name in dict.fromkeys(found.dataset.name for found in runs):
        of_dataset = [found for found in runs if found.dataset.name == name]
        console.print(metrics_table(of_dataset))
        kinds = kinds_table(of_dataset[0])
        if kinds is not None:
            console.print(kinds)
        for found in of_dataset:
            used = tokens_used(found)
            if used:
                console.print(f"{found.system.name}: about {used[0]:,} prompt and {used[1]:,} "
                              "completion tokens")  # fmt: skip


def metrics_table(runs: Sequence[Run]) -> Table:
    """The metrics of several systems over one data set."""
    first = runs[0]
    table = Table(title=f"{first.dataset.title}: {len(first.scored)} questions",
                  title_justify="left")  # fmt: skip
    table.add_column("metric", no_wrap=True)
    for found in runs:
        table.add_column(found.system.name, justify="right")
    table.add_column("applies to", justify="right")
    order = [*METRICS, "ms_p50", "ms_p95"]
    for metric in sorted({name for found in runs for name in found.metrics}, key=order.index):
        measured = [found.metrics.get(metric) for found in runs]
        cells = [shown(item, with_interval=len(runs) <= MAX_INTERVALS or k == 0)
                 for k, item in enumerate(measured)]  # fmt: skip
        applies = next(item.applies for item in measured if item is not None)
        table.add_row(metric, *cells, str(applies))
    return table


def kinds_table(found: Run) -> Table | None:
    """Accuracy of the first system by kind of question; None where there is one kind only."""
    columns = {name: by_kind(found, name) for name in BY_KIND}
    columns = {name: column for name, column in columns.items() if column}
    kinds = list(dict.fromkeys(item.question.kind for item in found.scored))
    if len(kinds) < 2 or not columns:
        return None
    table = Table(title=f"{found.system.name}, by kind of question", title_justify="left")
    table.add_column("kind", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right")
    table.add_column("questions", justify="right")
    for kind in kinds:
        count = sum(item.question.kind == kind for item in found.scored)
        cells = [shown(column.get(kind), with_interval=True) for column in columns.values()]
        table.add_row(kind, *cells, str(count))
    return table


def shown(item: Measured | None, *, with_interval: bool) -> str:
    """Example: "0.812 [0.74, 0.88]"."""
    if item is None:
        return ""
    value, low, high = item.interval
    if item.name in _PLAIN:
        return f"{value:.0f} [{low:.0f}, {high:.0f}]" if with_interval else f"{value:.0f}"
    return f"{value:.3f} [{low:.2f}, {high:.2f}]" if with_interval else f"{value:.3f}"


def print_judged(judged: Sequence[Judged], console: Console) -> None:
    """The judge's scores, each beside how far the judge itself can be trusted."""
    table = Table(title="judged by the language model", title_justify="left")
    for column in ("data set", "system", "aspect", "score", "judged", "no verdict",
                   "the judge's own balanced accuracy"):  # fmt: skip
        table.add_column(column)
    for item in judged:
        value = "" if item.interval is None else (
            f"{item.interval.value:.3f} [{item.interval.low:.2f}, {item.interval.high:.2f}]"
        )  # fmt: skip
        trust = f"{item.balanced_accuracy:.3f} (n={item.labels})" if item.labels else "unknown"
        table.add_row(item.dataset, item.system, item.aspect, value, str(item.count),
                      str(item.no_verdict), trust)  # fmt: skip
    console.print(table)
