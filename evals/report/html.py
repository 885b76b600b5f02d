"""Runs -> one self-contained page: tables, plots, and every question of the first system.

Everything that comes from a question, an article, a model or a configuration is escaped here. The
style and the script are `page.css` and `page.js`, inlined; the page may load and send nothing.
"""

import base64
import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from evals.data import GoldLine
from evals.judge import Judged
from evals.metrics import facts_held, holds
from evals.report import plots
from evals.scoring import LOWER_IS_BETTER, METRICS, cited_lines
from evals.statistics import Interval
from evals.suite import Measured, Run, Scored, tokens_used

_HERE = Path(__file__).parent
# Values that are no share, shown without decimals.
_PLAIN = ("ms_p50", "ms_p95", "words")
MEANINGS = METRICS | {
    **{f"{unit}_f1": f"harmonic mean of {unit}_precision and {unit}_recall"
       for unit in ("line", "document", "refusal")},
    "ms_p50": "milliseconds within which half of the questions are answered",
    "ms_p95": "milliseconds within which 95 of 100 questions are answered",
}  # fmt: skip
# What became of a question, the worst first: label, sign, meaning.
VERDICTS: dict[str, tuple[str, str, str]] = {
    "wrong": ("wrong", "✗", "lacks a fact or says something forbidden; or, where the reference "
              "names no facts, cites no supporting line"),
    "in-vain": ("answered though nothing answers it", "✗", "no document answers the question"),
    "refused": ("refused", "○", "a document answers the question"),
    "unjudged": ("not judged", "?", "the data set does not say what would be right"),
    "right": ("right", "✓", "all facts, nothing forbidden; or, without facts, a supporting line"),
    "rightly-refused": ("rightly refused", "✓", "no document answers the question"),
}  # fmt: skip
# A longer text stands behind its beginning.
_LONG, _BEGINNING = 700, 240


def write_page(
    file: Path, runs: Sequence[Run], judged: Sequence[Judged], made_with: Mapping[str, Any]
) -> None:
    """Write the page of all results to `file`."""
    style, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    digests = (hashlib.sha256(text.encode()).digest() for text in (style, script))
    styled, scripted = (f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    policy = (f"default-src 'none'; style-src {styled}; script-src {scripted}; base-uri 'none'; "
              "form-action 'none'")  # fmt: skip
    names = dict.fromkeys(found.dataset.name for found in runs)
    of_dataset = {name: [run for run in runs if run.dataset.name == name] for name in names}
    asked = [found[0] for found in of_dataset.values() if found[0].dataset.answers]
    links = [f'<a href="#data-{escape(name)}">{escape(found[0].dataset.title)}</a>'
             for name, found in of_dataset.items()]  # fmt: skip
    if asked:
        links.append('<a href="#questions">All questions and answers</a>')
    file.write_text(
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>On Record: evaluation of {escape(str(made_with.get('date', '')))}</title>"
        f"<style>{style}</style></head><body>"
        f"<header><h1>On Record: evaluation</h1>{_made_with(made_with)}"
        f'<nav aria-label="Parts of this page"><ul><li>{"<li>".join(links)}</ul></nav></header>'
        '<main><p class="how">Values stand with their 95 % interval over questions; <strong>bold'
        "</strong> is the best of a row. A question that a metric does not apply to is left out. "
        '<button id="explain" aria-pressed="false" hidden>Show what each metric means</button></p>'
        f"{''.join(map(_dataset, of_dataset.values()))}{_judged(judged)}"
        f"{_questions(asked) if asked else ''}</main><script>{script}</script></body></html>\n",
        encoding="utf-8",
    )


def verdict(item: Scored) -> str:
    """What became of a question: a key of `VERDICTS`."""
    if not item.question.answerable:
        return "in-vain" if item.response.answered else "rightly-refused"
    if not item.response.answered:
        return "refused"
    return "unjudged" if item.right is None else "right" if item.right else "wrong"


def in_order(scored: Sequence[Scored]) -> list[Scored]:
    """Wrong ones first, and of one verdict the surest first."""
    surest = sorted(scored, key=lambda item: -(item.response.confidence or 0.0))
    return sorted(surest, key=lambda item: [*VERDICTS].index(verdict(item)))


def _made_with(made_with: Mapping[str, Any]) -> str:
    shown = {str(name): value for name, value in made_with.items() if name != "changed_since"}
    if made_with.get("changed_since"):
        shown["commit"] = f"{shown.get('commit') or 'unknown'}, with later changes"
    rows = []
    for name, value in shown.items():
        if isinstance(value, Mapping):
            value = ", ".join(f"{key} {item}" for key, item in value.items())
        text = escape(str(value or "unknown"))
        rows.append(f"<div><dt>{escape(name)}</dt><dd>{text}</dd></div>")
    return f'<dl class="made-with">{"".join(rows)}</dl>'


def _dataset(runs: Sequence[Run]) -> str:
    first, name = runs[0], escape(runs[0].dataset.name)
    drawn = "".join((
        plots.kinds_plot(first, f"kinds-{name}"), plots.risk_plot(runs, f"risk-{name}"),
        plots.retrieval_plot(runs, f"search-{name}"), plots.latency_plot(runs, f"time-{name}"),
    ))  # fmt: skip
    return (
        f'<section class="data" id="data-{name}"><h2>{escape(first.dataset.title)}</h2>'
        f"{_outcome(first)}{_table(runs)}{_systems(runs)}"
        f'<div class="plots">{drawn}</div></section>'
    )


def _outcome(found: Run) -> str:
    """What became of the questions of one system, each count a link to these questions."""
    if not found.dataset.answers:
        return f"<p>{len(found.scored)} questions, of which only the search is measured.</p>"
    counts = Counter(map(verdict, found.scored))
    links = "".join(
        f'<li><a class="badge {name}" href="#dataset={escape(found.dataset.name)}&amp;'
        f'verdict={name}" title="{escape(meaning)}">{counts[name]} {label}</a></li>'
        for name, (label, _, meaning) in VERDICTS.items()
        if counts[name]
    )
    return (f"<p>{escape(found.system.name)} was asked {len(found.scored)} questions:</p>"
            f'<ul class="outcome">{links}</ul>')  # fmt: skip


def _table(runs: Sequence[Run]) -> str:
    names = sorted({name for found in runs for name in found.metrics}, key=[*MEANINGS].index)
    heads = "".join(f'<th scope="col" title="{escape(found.system.note or found.system.kind)}">'
                    f"{escape(found.system.name)}</th>" for found in runs)  # fmt: skip
    return (
        '<div class="scroll" role="region" tabindex="0" aria-label="Metrics: '
        f'{escape(runs[0].dataset.title)}"><table>'
        f'<thead><tr><th scope="col">metric</th>{heads}<th scope="col">applies to</th></tr>'
        f"</thead><tbody>{''.join(_row(name, runs) for name in names)}{_tokens(runs)}"
        "</tbody></table></div>"
    )


def _row(name: str, runs: Sequence[Run]) -> str:
    measured = [found.metrics.get(name) for found in runs]
    some = [item for item in measured if item is not None]
    values = [item.interval.value for item in some]
    lower = name in LOWER_IS_BETTER or name in _PLAIN
    best = None if min(values) == max(values) else min(values) if lower else max(values)
    high = max(item.interval.high for item in some) or 1.0 if name in _PLAIN else 1.0
    applies, total = some[0].applies, len(runs[0].scored)
    cells = "".join(_cell(item, best, high, applies) for item in measured)
    meaning = escape(MEANINGS[name]) + ("; lower is better" if lower else "")
    shown = escape(name).replace("_", "_<wbr>")
    left_out = f"<small>{total - applies} left out</small>" if total > applies else ""
    return (
        f'<tr><th scope="row"><details><summary title="{meaning}">{shown}</summary>'
        f"<p>{meaning}</p></details></th>{cells}<td>{applies} of {total}{left_out}</td></tr>"
    )


def _cell(item: Measured | None, best: float | None, high: float, applies: int) -> str:
    """A value with its interval; the number of questions where it differs from the row's."""
    if item is None:
        return '<td class="none" title="does not apply">–</td>'
    tag = "strong" if item.interval.value == best else "span"
    value = _value(item.interval, high, digits=0 if item.name in _PLAIN else 3, tag=tag)
    other = f"<small>of {item.applies}</small>" if item.applies != applies else ""
    return f'<td title="{item.applies} questions">{value}{other}</td>'


def _value(found: Interval, high: float = 1.0, *, digits: int = 3, tag: str = "span") -> str:
    """A value, its interval in figures, and both drawn on a line from 0 to `high`."""
    low, up = (f"{end:.{min(digits, 2)}f}" for end in (found.low, found.high))
    return (f"<{tag}>{found.value:.{digits}f}</{tag}> <small>[{low}, {up}]</small>"
            f"{plots.whisker(found, high)}")  # fmt: skip


def _tokens(runs: Sequence[Run]) -> str:
    used = [tokens_used(found) for found in runs]
    if not any(used):
        return ""
    cells = "".join(f"<td>{pair[0]:,} + {pair[1]:,}</td>" if pair else '<td class="none">–</td>'
                    for pair in used)  # fmt: skip
    return f'<tr><th scope="row">tokens, prompt + completion</th>{cells}<td></td></tr>'


def _systems(runs: Sequence[Run]) -> str:
    rows = []
    for system in (found.system for found in runs):
        settings = (f"{name} = {value}" for name, value in system.config.items())
        words = "; ".join(filter(None, (system.kind, system.note, *settings)))
        rows.append(f"<dt>{escape(system.name)}</dt><dd>{escape(words)}</dd>")
    return f"<details><summary>The systems</summary><dl>{''.join(rows)}</dl></details>"


def _judged(judged: Sequence[Judged]) -> str:
    if not judged:
        return ""
    rows = []
    for item in judged:
        value = "–" if item.interval is None else _value(item.interval)
        trust = "–" if math.isnan(item.balanced_accuracy) else f"{item.balanced_accuracy:.3f}"
        rows.append(
            f'<tr><th scope="row">{escape(item.aspect)}</th><td>{escape(item.dataset)}</td>'
            f"<td>{escape(item.system)}</td><td>{value}</td><td>{item.count}"
            f"<small>{item.no_verdict} more without a verdict</small></td>"
            f"<td>{trust} <small>on {item.labels} labels, {item.labels_no_verdict} more without a "
            f"verdict</small></td><td>{escape(item.model)}</td></tr>"
        )
    return (
        '<section class="data" id="judged"><h2>Judged by the language model</h2>'
        '<div class="scroll" role="region" tabindex="0" aria-label="Judged"><table><thead><tr>'
        "<th>judged<th>data set<th>system<th>share approved<th>how many"
        "<th>the judge's own balanced accuracy<th>judge</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _questions(runs: Sequence[Run]) -> str:
    lists = "".join(
        f'<section class="list"><h3>{escape(found.dataset.title)}: '
        f"{escape(found.system.name)}</h3>"
        f"{''.join(_question(item, found) for item in in_order(found.scored))}</section>"
        for found in runs
    )
    return (
        '<section id="questions"><h2>Questions and answers</h2><p class="how">Wrong ones first, '
        f"then the surest first.</p>{_filters(runs)}{lists}</section>"
    )


def _filters(runs: Sequence[Run]) -> str:
    """The form that chooses questions; shown by the script that makes it work."""
    datasets = "".join(f'<option value="{escape(found.dataset.name)}">'
                       f"{escape(found.dataset.title)}</option>" for found in runs)  # fmt: skip
    kinds = "".join(f"<option>{escape(kind)}</option>" for kind in sorted(
        {item.question.kind for found in runs for item in found.scored}))  # fmt: skip
    verdicts = "".join(
        f'<label class="badge {name}" title="{escape(meaning)}"><input type="checkbox" '
        f'name="verdict" value="{name}"> {label} <output></output></label>'
        for name, (label, _, meaning) in VERDICTS.items()
    )
    return (
        '<form id="filters" role="search" hidden>'
        f'<label>Data set <select name="dataset"><option value="">all</option>{datasets}</select>'
        f'</label><label>Kind <select name="kind"><option value="">all</option>{kinds}</select>'
        '</label><label class="text">Text <input type="search" name="text" autocomplete="off" '
        'placeholder="all of these words"></label>'
        f"<fieldset><legend>Verdict</legend>{verdicts}</fieldset>"
        '<p><output id="shown" aria-live="polite"></output> <button type="reset">Show all</button>'
        ' <button type="button" id="open">Open these</button>'
        ' <button type="button" id="close">Close all</button></p></form>'
    )


def _question(item: Scored, found: Run) -> str:
    question, response = item.question, item.response
    label, sign, meaning = VERDICTS[name := verdict(item)]
    meta = [question.kind, "answerable" if question.answerable else "not answerable"]
    if response.confidence is not None:
        meta.append(f"confidence {response.confidence:.2f}")
    history = "".join(f'<span class="before">Before: <span class="t">{escape(text)}</span></span>'
                      for text in question.history)  # fmt: skip
    searched = ""
    if response.searched and response.searched != question.text:
        searched = f"<p>Searched: {_text(response.searched)}</p>"
    answer = re.sub(r"\[\d+\]", r'<span class="cite">\g<0></span>', escape(response.text))
    withheld = "".join(f"<p>Withheld: {_text(text)} <em>({escape(reason)})</em></p>"
                       for text, reason in response.withheld)  # fmt: skip
    return (
        f'<details class="question" data-dataset="{escape(found.dataset.name)}" '
        f'data-kind="{escape(question.kind)}" data-verdict="{name}"><summary>'
        f'<span class="badge {name}" title="{escape(meaning)}">{sign} {label}</span> '
        f'<small class="t">{escape(question.question_id)}</small> '
        f"<small>{escape(' · '.join(meta))}</small>{history}"
        f'<span class="asked t">{escape(question.text)}</span></summary>'
        f'<div class="body">{searched}'
        f'<h4>Answer</h4><p class="answer t">{answer}</p>{withheld}{_facts(item)}'
        f'<div class="sides"><div><h4>Supporting lines</h4>{_gold(item)}</div>'
        f"<div><h4>Cited lines</h4>{_cited(item)}</div></div></div></details>"
    )


def _facts(item: Scored) -> str:
    """The facts of the reference answer, missing ones named, and what must not be said."""
    question = item.question
    text = item.response.text if item.response.answered else ""
    cited = cited_lines(item.response.cited)
    rows = []
    for k, fact in enumerate(question.includes):
        held = facts_held(text, [fact]) == 1.0
        state = "✓ in the answer" if held else "✗ missing"
        if held and question.lines_by_fact and not cited.intersection(question.facts[k]):
            state += ", its line not cited"
        rows.append(f'<li class="{"held" if held else "missing"}">{state}: '
                    f"{_text(' / '.join(fact))}</li>")  # fmt: skip
    rows += [f'<li class="missing">✗ forbidden, but in the answer: {_text(said)}</li>'
             for said in question.excludes if text and holds(text, said)]  # fmt: skip
    return f'<h4>Facts</h4><ul class="facts">{"".join(rows)}</ul>' if rows else ""


def _gold(item: Scored) -> str:
    if not item.gold:
        known = "Not known." if item.question.answerable else "None: no document answers this."
        return f"<p>{known}</p>"
    cited = cited_lines(item.response.cited)
    rows = []
    for line, text in item.gold:
        of = [str(k) for k, fact in enumerate(item.question.facts, 1) if line in fact]
        note = f"fact {', '.join(of)}" if len(item.question.facts) > 1 else ""
        rows.append(_line(f"{line.path}:{line.line}", text, line in cited, note))
    return f'<ol class="lines">{"".join(rows)}</ol>'


def _cited(item: Scored) -> str:
    gold = item.question.gold_lines
    parts = []
    for k, cited in enumerate(item.response.cited, 1):
        rows = "".join(
            _line(str(number), text, GoldLine(cited.path, number) in gold, "")
            for number, text in enumerate(cited.quote.split("\n"), cited.first_line)
        )
        last = f"-{cited.last_line}" if cited.last_line > cited.first_line else ""
        place = escape(f"{cited.path}:{cited.first_line}{last}")
        mark = f'<span class="cite">[{k}]</span> <span class="t">{place}</span>'
        parts.append(f'<p class="place">{mark}</p><ol class="lines">{rows}</ol>')
    return "".join(parts) or "<p>None.</p>"


def _line(place: str, text: str, in_both: bool, note: str) -> str:
    notes = " · ".join(filter(None, (note, "✓ in both" if in_both else "")))
    return (f'<li{" class=both" if in_both else ""}><span class="place t">{escape(place)}</span> '
            f"<small>{notes}</small><br>{_text(text)}</li>")  # fmt: skip


def _text(text: str) -> str:
    """A text that can be searched for; the whole of a long one behind its beginning."""
    if len(text) <= _LONG:
        return f'<span class="t">{escape(text)}</span>'
    return (f"<details><summary>{escape(text[:_BEGINNING])} …</summary>"
            f'<span class="t">{escape(text)}</span></details>')  # fmt: skip
