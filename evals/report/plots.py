"""Runs -> plots as inline SVG, drawn here: nothing is loaded and no plotting library is needed.

Colours, dashes and fonts are those of `page.css`: the classes s0, s1, ... stand for the series of
a plot. Each plot is a figure with a heading, a title and a description in words for those who do
not see it, and a legend in HTML that wraps on a narrow screen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from evals.metrics import fact_recall, risk_coverage
from evals.report.terminal import BY_KIND
from evals.statistics import Interval, percentile
from evals.suite import Run, by_kind

WIDTH = 460
_RIGHT, _TOP, _BOTTOM = 16, 10, 42
_RANKS = range(1, 11)
_SERIES = 8  # colours in page.css

Point = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` -> pixels from `start` to `end`, on request by logarithm."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The pixel of `value`."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(value)
        return round(self.start + (value - low) / (high - low) * (self.end - self.start), 2)


@dataclass(frozen=True)
class Curve:
    """One line of a plot; `ring` is a point to be shown apart."""

    name: str
    points: tuple[Point, ...]
    ring: Point | None = None


def whisker(interval: Interval, high: float) -> str:
    """A value with its interval on a line from 0 to `high`, small enough for a table."""
    x = Scale(0, high, 3, 81)
    at, first, last = x(interval.value), x(interval.low), x(interval.high)
    return (
        '<svg class="whisker" viewBox="0 0 84 10" width="84" height="10" aria-hidden="true">'
        f'<path class="grid" d="M3 5H81"/><path class="range" d="M{first} 5H{last}"/>'
        f'<circle cx="{at}" cy="5" r="2.6"/></svg>'
    )


def kinds_plot(found: Run, key: str) -> str:
    """Accuracy of one system for each kind of question, with intervals; "" where there is none."""
    columns = {name: by_kind(found, name) for name in BY_KIND}
    if columns["fact_accuracy"]:
        del columns["line_recall"]
    columns = {name: column for name, column in columns.items() if column}
    kinds = dict.fromkeys(kind for column in columns.values() for kind in column)
    if not kinds:
        return ""
    first = next(iter(columns.values()))
    rows: list[tuple[str, list[tuple[int, str, Interval]]]] = []
    if len(kinds) > 1:
        rows.append((f"all ({len(found.scored)})", [
            (k, name, found.metrics[name].interval) for k, name in enumerate(columns)
            if name in found.metrics
        ]))  # fmt: skip
    for kind in sorted(kinds, key=lambda kind: -first[kind].interval.value if kind in first else 1):
        count = sum(item.question.kind == kind for item in found.scored)
        rows.append((f"{kind} ({count})", [
            (k, name, column[kind].interval) for k, (name, column) in enumerate(columns.items())
            if kind in column
        ]))  # fmt: skip
    return _figure(
        key, f"Accuracy by kind of question: {found.system.name}", *interval_rows(rows),
        legend=[(k, name, _mark(k, 11, 7)) for k, name in enumerate(columns)],
        note="Lines are 95 % intervals; in brackets, the number of questions.",
    )  # fmt: skip


def risk_plot(runs: Sequence[Run], key: str) -> str:
    """Risk over coverage for each system that says how sure it is; "" when none does."""
    curves = []
    for found in runs:
        judged = [(item.response.confidence, item.right, item.response.answered)
                  for item in found.scored
                  if item.response.confidence is not None and item.right is not None]  # fmt: skip
        if not judged:
            continue
        points = risk_coverage([sure or 0.0 for sure, _, _ in judged],
                               [bool(right) for _, right, _ in judged])  # fmt: skip
        answered = [right for _, right, said in judged if said]
        ring = None
        if answered:
            ring = (len(answered) / len(judged), answered.count(False) / len(answered))
        curves.append(Curve(found.system.name, tuple(points), ring))
    return _figure(
        key, "Risk and coverage", *line_plot(
            curves, "share of questions answered, surest first", "share of these wrong",
            x=(0, 1), y=(0, 1), x_ticks=_FIFTHS, y_ticks=_FIFTHS,
        ), legend=_legend(curves),
        note="Lower is better. A ring shows where the system is now, with what it refuses.",
    ) if curves else ""  # fmt: skip


def retrieval_plot(runs: Sequence[Run], key: str) -> str:
    """Share of the facts found by each rank, for each system that searches; "" without facts."""
    curves = []
    for found in runs:
        ranks = [item.ranks for item in found.scored if item.ranks]
        if ranks and any(item.response.found for item in found.scored):
            shares = (sum(fact_recall(row, k) for row in ranks) / len(ranks) for k in _RANKS)
            curves.append(Curve(found.system.name, tuple(zip(_RANKS, shares, strict=True))))
    return _figure(
        key, "Search: facts found", *line_plot(
            curves, "first k results", "share of facts found", x=(1, 10), y=(0, 1),
            x_ticks=_RANKS, y_ticks=_FIFTHS,
        ), legend=_legend(curves),
        note="Mean over the questions whose supporting lines are known. Higher is better.",
    ) if curves else ""  # fmt: skip


def latency_plot(runs: Sequence[Run], key: str) -> str:
    """Times to answer, p50 and p95 for each system; "" where none is measured."""
    times = {
        found.system.name: [item.response.milliseconds for item in found.scored
                            if item.response.milliseconds > 0]
        for found in runs
    }  # fmt: skip
    times = {name: found for name, found in times.items() if found}
    legend = [(0, "p50", _mark(0, 11, 7)), (1, "p95", _mark(2, 11, 7))]
    return _figure(
        key, "Time to answer", *time_rows(times), legend=legend,
        note="Each stroke is a question; the scale is logarithmic.",
    ) if times else ""  # fmt: skip


def line_plot(
    curves: Sequence[Curve], x_label: str, y_label: str, *,
    x: Point, y: Point, x_ticks: Sequence[float], y_ticks: Sequence[float],
) -> tuple[str, int, str]:  # fmt: skip
    """Curves over two axes: SVG content, its height, and the ends of the curves in words."""
    height, left = 300, 54
    across = Scale(*x, left, WIDTH - _RIGHT)
    up = Scale(*y, height - _BOTTOM, _TOP)
    parts = [_x_axis(across, x_ticks, height, x_label)]
    for tick in y_ticks:
        parts.append(
            f'<path class="grid" d="M{left} {up(tick)}H{WIDTH - _RIGHT}"/>'
            f'<text x="{left - 7}" y="{up(tick) + 4:g}" class="end">{tick:g}</text>'
        )
    middle = (height - _BOTTOM + _TOP) / 2
    parts.append(f'<text class="label mid" transform="translate(14 {middle:g}) rotate(-90)">'
                 f"{escape(y_label)}</text>")  # fmt: skip
    words: list[str] = []
    # The first system is the one under test: it is drawn last, on top.
    for k, curve in reversed(list(enumerate(_merged(curves)))):
        path = " ".join(f"{across(a)},{up(b)}" for a, b in curve.points)
        a, b = curve.points[-1]
        drawn = f"<title>{escape(curve.name)}</title>"
        drawn += f'<polyline class="curve" points="{path}"/>'
        if len(curve.points) == 1:
            drawn += f'<circle class="mark" cx="{across(a)}" cy="{up(b)}" r="3"/>'
        if curve.ring:
            drawn += (f'<circle class="ring" cx="{across(curve.ring[0])}" '
                      f'cy="{up(curve.ring[1])}" r="6"/>')  # fmt: skip
        parts.append(f'<g class="s{k % _SERIES}">{drawn}</g>')
        words.insert(0, f"{curve.name}: {curve.points[0][1]:.2f} at {curve.points[0][0]:.3g}, "
                        f"{b:.2f} at {a:.3g}")  # fmt: skip
    return "".join(parts), height, f"{y_label} over {x_label}. " + "; ".join(words)


def interval_rows(
    rows: Sequence[tuple[str, Sequence[tuple[int, str, Interval]]]],
) -> tuple[str, int, str]:
    """Labelled rows of values 0..1 with intervals: SVG content, its height, and all in words."""
    left, right = _label_width([label for label, _ in rows]), 44
    across = Scale(0, 1, left, WIDTH - right)
    parts, words, top = [], [], float(_TOP)
    for label, marks in rows:
        room = 14 * len(marks) + 8
        parts.append(f'<text x="{left - 8}" y="{top + room / 2 + 4:g}" class="end">'
                     f"{escape(label)}</text>")  # fmt: skip
        for place, (k, name, value) in enumerate(marks):
            y = top + 11 + 14 * place
            said = f"{name} {value.value:.2f}, {value.low:.2f} to {value.high:.2f}"
            parts.append(
                f'<g class="s{k}"><title>{escape(f"{label}: {said}")}</title>'
                f'<path class="range" d="M{across(value.low)} {y:g}H{across(value.high)}"/>'
                f"{_mark(k, across(value.value), y)}</g>"
                f'<text x="{WIDTH - right + 8}" y="{y + 4:g}">{value.value:.2f}</text>'
            )
            words.append(f"{label}: {said}")
        top += room
        parts.append(f'<path class="grid" d="M{left} {top:g}H{WIDTH - right}"/>')
    height = int(top) + _BOTTOM
    axis = _x_axis(across, _FIFTHS, height, "share of questions or of lines")
    return axis + "".join(parts), height, "; ".join(words)


def time_rows(times: dict[str, list[float]]) -> tuple[str, int, str]:
    """Times by name on a logarithmic axis: SVG content, its height, and p50 and p95 in words."""
    left, row = _label_width(list(times)), 40
    every = [value for found in times.values() for value in found]
    ticks = _log_ticks(min(every), max(every))
    across = Scale(ticks[0], ticks[-1], left, WIDTH - _RIGHT, log=True)
    height = _TOP + row * len(times) + _BOTTOM
    parts, words = [_x_axis(across, ticks, height, "milliseconds")], []
    for place, (name, found) in enumerate(times.items()):
        y = _TOP + row * place + row / 2 + 6
        middle, slow = percentile(found, 0.50) or 0.0, percentile(found, 0.95) or 0.0
        # Strokes at the same half pixel are one.
        strokes = sorted({round(2 * across(value)) / 2 for value in found})
        drawn = "".join(f"M{x:g} {y - 7:g}v14" for x in strokes)
        said = f"{name}: p50 {middle:.0f} ms, p95 {slow:.0f} ms"
        parts.append(
            f'<text x="{left - 8}" y="{y + 4:g}" class="end">{escape(name)}</text>'
            f'<path class="strokes" d="{drawn}"/><g class="s0"><title>{escape(said)}</title>'
            f'{_mark(0, across(middle), y)}</g><g class="s1">{_mark(2, across(slow), y)}</g>'
            f'<text x="{across(middle)}" y="{y - 10:g}" class="mid">{middle:.0f}</text>'
        )
        if across(slow) - across(middle) > 26:  # else the two numbers would overlap
            parts.append(f'<text x="{across(slow)}" y="{y - 10:g}" class="mid">{slow:.0f}</text>')
        words.append(said)
    return "".join(parts), height, "; ".join(words)


_FIFTHS = (0, 0.2, 0.4, 0.6, 0.8, 1)


def _x_axis(across: Scale, ticks: Sequence[float], height: int, label: str) -> str:
    bottom = height - _BOTTOM
    parts = [
        f'<path class="grid" d="M{across(tick)} {_TOP}V{bottom}"/>'
        f'<text x="{across(tick)}" y="{bottom + 16}" class="mid">{tick:g}</text>'
        for tick in ticks
    ]
    middle = (across.start + across.end) / 2
    parts.append(f'<path class="axis" d="M{across.start:g} {bottom}H{across.end:g}"/>'
                 f'<text x="{middle:g}" y="{height - 7}" class="label mid">'
                 f"{escape(label)}</text>")  # fmt: skip
    return "".join(parts)


def _log_ticks(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, ... from at or below `low` to above `high`; of many, the powers of ten."""
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 2)
    every = [step * 10.0**decade for decade in decades for step in (1, 2, 5)]
    first = max(k for k, tick in enumerate(every) if tick <= low)
    last = min(k for k, tick in enumerate(every) if tick > high)
    ticks = every[first : last + 1]
    if len(ticks) <= 10:
        return ticks
    return [10.0**decade for decade in (*decades, decades[-1] + 1)]


def _mark(series: int, x: float, y: float) -> str:
    """A disc, a square or a diamond: series differ in more than colour."""
    if series % 3 == 0:
        return f'<circle class="mark" cx="{x:g}" cy="{y:g}" r="4"/>'
    if series % 3 == 1:
        return f'<path class="mark" d="M{x - 3.5:g} {y - 3.5:g}h7v7h-7z"/>'
    return f'<path class="mark" d="M{x:g} {y - 5:g}l5 5l-5 5l-5 -5z"/>'


def _merged(curves: Sequence[Curve]) -> list[Curve]:
    """Curves that are the same in all points as one, with both names."""
    names: dict[tuple[tuple[Point, ...], Point | None], list[str]] = {}
    for curve in curves:
        names.setdefault((curve.points, curve.ring), []).append(curve.name)
    return [Curve(" = ".join(found), *shape) for shape, found in names.items()]


def _legend(curves: Sequence[Curve]) -> list[tuple[int, str, str]]:
    line = '<path class="curve" d="M0 7H22"/>'
    return [(k % _SERIES, curve.name, line) for k, curve in enumerate(_merged(curves))]


def _label_width(labels: Sequence[str]) -> int:
    return min(220, 18 + int(6.6 * max(map(len, labels))))


def _figure(
    key: str, title: str, content: str, height: int, words: str, *,
    legend: Sequence[tuple[int, str, str]], note: str,
) -> str:  # fmt: skip
    """The plot with its heading, legend and note; `key` makes its ids unique on the page."""
    key = escape(key)
    entries = "".join(
        f'<li class="s{k}"><svg viewBox="0 0 22 14" width="22" height="14" aria-hidden="true">'
        f"{drawn}</svg> <span>{escape(name)}</span></li>"
        for k, name, drawn in legend
    )
    return (
        f'<figure class="plot"><figcaption>{escape(title)}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(words)}</desc>'
        f'{content}</svg><ul class="legend">{entries}</ul><p class="note">{escape(note)}</p>'
        "</figure>"
    )
