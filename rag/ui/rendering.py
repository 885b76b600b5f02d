"""An Answer as HTML. Everything that comes from a user, an article or a model is escaped here.

A turn is one `<article>` with three parts that keep their places while it streams, so that the
page's script can exchange what changed and leave the rest: what stands over the statements
(".above"), the statements, and what stands below them (".below").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from rag.schema import Answer, Citation, Disagreement, StatedDate, Statement
from rag.synthesis import format_date, source_label

# Characters of the cited lines in a hover card; the panel shows them all.
MAX_CARD_CHARS = 1_200
CLEARLY, PROBABLY = 0.8, 0.5
KINDS = {
    "contradiction": "they contradict each other",
    "rounding": "one is a rounder number",
    "precision": "one is more exact",
    "time": "it changed between the reports",
}


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where an answer stands: its place in the conversation, and what its numbers refer to."""

    number: int
    citations: dict[int, Citation]

    def chips(self, numbers: Sequence[int]) -> str:
        """Links to the citations of these numbers."""
        cited = [self.citations[number] for number in numbers if number in self.citations]
        return " ".join(self._chip(citation) for citation in cited)

    def _chip(self, citation: Citation) -> str:
        label = f"Source {citation.number}: {source_label(citation)}, {lines_label(citation)}"
        return (
            f'<a class="chip" href="{escape(line_link(citation))}" data-turn="{self.number}" '
            f'data-number="{citation.number}" aria-label="{escape(label)}" '
            f'aria-describedby="{self.card_id(citation)}">{citation.number}</a>'
        )

    def card_id(self, citation: Citation) -> str:
        return f"turn{self.number}-card{citation.number}"


def confidence_word(confidence: float) -> str:
    """How sure the reader is, in a word.

    Example: 0.8 -> "clearly"; 0.5 -> "probably"; 0.49 -> "possibly"
    """
    if confidence >= CLEARLY:
        return "clearly"
    return "probably" if confidence >= PROBABLY else "possibly"


def line_link(citation: Citation) -> str:
    """The address, relative to the page, that opens the cited lines."""
    lines = f"{citation.first_line}-{citation.last_line}"
    return f"?document={quote(citation.path, safe='')}&lines={lines}"


def lines_label(citation: Citation) -> str:
    """Where the quote stands in its document: "lines 4-6", "line 4 of the extracted text"."""
    page = f", page {citation.page}" if citation.page else ""
    first, last = citation.first_line, citation.last_line
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    extracted = " of the extracted text" if citation.rendering == "extracted" else ""
    return f"{lines}{extracted}{page}"


def render_progress(
    question: str,
    standalone: str | None,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    *,
    turn: int,
) -> str:
    """The turn while its answer is made, with the statements that are checked so far."""
    place = _Turn(turn, {citation.number: citation for citation in citations})
    above = _searched(standalone, turn) + (
        '<p class="status">Searching the articles …</p>' if not statements else ""
    )
    below = _cards(place, citations)
    return _render_turn(question, above, _statements(statements, place), below, turn, busy=True)


def render_answer_turn(answer: Answer, *, turn: int, filters: str = "") -> str:
    """The finished turn.

    Args:
        answer: What to show.
        filters: Which articles it was restricted to, in words.
        turn: Its place in the conversation, from 0: citations of two turns may have one number.
    """
    offered = answer.citations or answer.closest
    place = _Turn(turn, {citation.number: citation for citation in offered})
    changed = answer.standalone_question != " ".join(answer.question.split())
    above = [_searched(answer.standalone_question, turn) if changed else ""]
    above.append(f'<p class="searched">Only: {escape(filters)}</p>' if filters else "")
    below: list[str] = []
    if answer.statements:
        above.append(_summary(answer))
        below += [_disagreements(answer.disagreements, place), _timeline(answer.statements, place)]
    else:
        above.append(_refusal(answer, place))
    below += [_withheld(answer), _notice(answer.notice), _sources(answer, place)]
    below += [_cards(place, offered), _retrieval(answer), _tools(answer, turn)]
    return _render_turn(
        answer.question, "".join(above), _statements(answer.statements, place), "".join(below), turn
    )


def render_error_turn(question: str, message: str, *, turn: int) -> str:
    """The turn of a question that could not be answered because something is wrong."""
    above = (
        f'<p class="error" role="alert">{escape(message)}</p>'
        f'<p class="tools">{_button("retry", turn, "Try again")}</p>'
    )
    return _render_turn(question, above, "", "", turn)


def render_source_lines(citation: Citation, *, max_chars: int | None = None) -> str:
    """The cited lines with their numbers, as table rows."""
    text = citation.quote
    cut = max_chars is not None and len(text) > max_chars
    rows = "".join(
        f'<tr><th scope="row">{number}</th><td>{escape(line)}</td></tr>'
        for number, line in enumerate((text[:max_chars] if cut else text).split("\n"),
                                      citation.first_line)
    )  # fmt: skip
    more = '<tr><th></th><td class="quiet">… goes on in the article</td></tr>' if cut else ""
    return f'<table class="lines">{rows}{more}</table>'


def _render_turn(
    question: str, above: str, statements: str, below: str, turn: int, *, busy: bool = False
) -> str:
    state = ' aria-busy="true"' if busy else ""
    return (
        f'<article class="turn" id="turn{turn}" aria-labelledby="turn{turn}-question"{state}>'
        f'<h2 class="question" id="turn{turn}-question">{escape(question)}</h2>'
        f'<div class="above">{above}</div><ol class="statements" role="list">{statements}</ol>'
        f'<div class="below">{below}</div></article>'
    )


def _searched(standalone: str | None, turn: int) -> str:
    if not standalone:
        return ""
    return (
        f'<p class="searched">Searched: <q>{escape(standalone)}</q> '
        f"{_button('edit-search', turn, 'Change')}</p>"
    )


def _summary(answer: Answer) -> str:
    checked, total = len(answer.statements), len(answer.statements) + len(answer.withheld)
    sources = answer.independent_sources
    as_of = f", as of {format_date(answer.as_of)}" if answer.as_of else ""
    words = {confidence_word(item.confidence) for item in answer.statements}
    sure = (
        f"These lines {words.pop()} answer the question."
        if len(words) == 1
        else "Before each statement stands how surely it answers the question."
    )
    return (
        f'<p class="summary">{checked} of {total} statement{"s" * (total != 1)} checked against '
        f"{sources} independent source{'s' * (sources != 1)}{as_of}.</p>"
        f'<p class="sure">{sure}</p>'
    )


def _statements(statements: Sequence[Statement], place: _Turn) -> str:
    words = [confidence_word(item.confidence) for item in statements]
    mixed = len(set(words)) > 1
    return "".join(
        _statement(statement, word if mixed else "", place)
        for statement, word in zip(statements, words, strict=True)
    )


def _statement(statement: Statement, word: str, place: _Turn) -> str:
    cited = [place.citations[n] for n in statement.citations if n in place.citations]
    labels = "; ".join(dict.fromkeys(source_label(citation) for citation in cited))
    copies = sum(len(citation.also_in) for citation in cited)
    also = f'<span class="also">also in {copies} other file{"s" * (copies != 1)}</span>'
    sure = f'<span class="word">{word.capitalize()}:</span> ' if word else ""
    return (
        f'<li>{sure}<span class="text">{escape(statement.text)}</span> '
        f'{place.chips(statement.citations)} <span class="origin">{escape(labels)}</span>'
        f"{' · ' + also if copies else ''}</li>"
    )


def _refusal(answer: Answer, place: _Turn) -> str:
    if answer.refusal_reason == "small_talk":
        return f'<p class="reply">{escape(answer.text)}</p>'
    text = f'<p class="refusal">{escape(answer.text)}</p>'
    if not answer.closest:
        return text
    items = "".join(
        f"<li>{place.chips([citation.number])} "
        f'<span class="origin">{escape(source_label(citation))}</span>'
        f"{render_source_lines(citation, max_chars=MAX_CARD_CHARS)}</li>"
        for citation in answer.closest
    )
    return (
        f'{text}<h3>The nearest lines, which do not answer it</h3><ul class="closest">{items}</ul>'
    )


def _disagreements(disagreements: Sequence[Disagreement], place: _Turn) -> str:
    if not disagreements:
        return ""
    bodies = []
    for item in disagreements:
        kind = KINDS.get(item.kind, item.kind)
        rows = "".join(
            f'<tr><td class="value">{escape(claim.value)}</td>'
            f"<td>{escape(', '.join(claim.publishers) or 'publisher not stated')}</td>"
            f"<td>{format_date(claim.published)}</td><td>{place.chips(claim.citations)}</td></tr>"
            for claim in item.claims
        )
        bodies.append(
            f'<tbody><tr><th scope="rowgroup" colspan="4">{escape(item.about)}'
            f'<span class="kind">{escape(kind)}</span></th></tr>{rows}</tbody>'
        )
    return (
        '<div class="wide"><table class="disagreements"><caption>Sources disagree</caption><thead>'
        '<tr><th scope="col">Value</th><th scope="col">Said by</th><th scope="col">Published</th>'
        f'<th scope="col">Lines</th></tr></thead>{"".join(bodies)}</table></div>'
    )


def _timeline(statements: Sequence[Statement], place: _Turn) -> str:
    """The dated statements in the order of their dates; nothing for fewer than two dates."""
    dated: list[tuple[StatedDate, Statement]] = [
        (day, statement) for statement in statements for day in statement.dates
    ]
    if len({(day.first, day.last) for day, _ in dated}) < 2:
        return ""
    dated.sort(key=lambda pair: (pair[0].first, pair[0].last))
    items = "".join(
        f'<li><time datetime="{day.first.isoformat()}">{escape(day.shown)}</time>'
        f"<span>{escape(statement.text)} {place.chips(statement.citations)}</span></li>"
        for day, statement in dated
    )
    return f'<section class="timeline"><h3>Timeline</h3><ol>{items}</ol></section>'


def _withheld(answer: Answer) -> str:
    if not answer.withheld:
        return ""
    count = len(answer.withheld)
    items = "".join(
        f"<li><del>{escape(item.text)}</del> {escape(item.reason)}</li>" for item in answer.withheld
    )
    return (
        f'<details class="withheld"><summary>{count} statement{"s" * (count != 1)} withheld, '
        f"because the cited lines do not say it</summary><ul>{items}</ul></details>"
    )


def _notice(notice: str | None) -> str:
    return f'<p class="notice">Note: {escape(notice)}</p>' if notice else ""


def _sources(answer: Answer, place: _Turn) -> str:
    """The cited lines in full, folded; a wide page shows them beside the answer."""
    if not answer.citations:
        return ""
    items = "".join(
        f'<li>{place.chips([citation.number])} <span class="origin">'
        f"{escape(source_label(citation))}</span>"
        f'<p class="title">{escape(citation.title or citation.path)}</p>'
        f"{render_source_lines(citation)}{_also_in(citation)}</li>"
        for citation in answer.citations
    )
    count = len(answer.citations)
    return (
        f'<details class="sources"><summary>The lines of {count} citation{"s" * (count != 1)}'
        f"</summary><ol>{items}</ol></details>"
    )


def _also_in(citation: Citation) -> str:
    if not citation.also_in:
        return ""
    return f'<p class="also">also in {escape(", ".join(citation.also_in))}</p>'


def _cards(place: _Turn, citations: Sequence[Citation]) -> str:
    """What hovering over a chip, or focusing it, shows."""
    cards = "".join(
        f'<div class="card" role="tooltip" id="{place.card_id(citation)}" hidden '
        f'data-number="{citation.number}" data-document="{escape(citation.path)}" '
        f'data-first="{citation.first_line}" data-last="{citation.last_line}" '
        f'data-hash="{escape(citation.document_hash)}"><p class="origin">'
        f"{escape(source_label(citation))} · {escape(lines_label(citation))}</p>"
        f"{render_source_lines(citation, max_chars=MAX_CARD_CHARS)}{_also_in(citation)}</div>"
        for citation in citations
    )
    return f'<div class="cards">{cards}</div>'


def _retrieval(answer: Answer) -> str:
    """The place of the retrieval details, which are fetched when it is opened."""
    if answer.refusal_reason in {"empty_question", "empty_corpus", "too_long", "small_talk"}:
        return ""
    return (
        '<details class="retrieval"><summary>How the lines were found</summary>'
        f'<div data-question="{escape(answer.standalone_question)}">Searching …</div></details>'
    )


def _tools(answer: Answer, turn: int) -> str:
    by = "Quoted from the articles, no language model" if answer.model == "extractive" else (
        f"Written by {escape(answer.model)}, checked line by line")  # fmt: skip
    if not answer.statements:
        by = ""
    buttons = [_button("retry", turn, "Retry"), _button("edit", turn, "Edit question")]
    if answer.refusal_reason != "small_talk":
        buttons += [
            _button("vote", turn, "Helpful", value="up"),
            _button("vote", turn, "Not helpful", value="down"),
        ]
    return f'<p class="tools"><span class="by">{by}</span> {" ".join(buttons)}</p>'


def _button(action: str, turn: int, label: str, *, value: str = "") -> str:
    """A button that the script knows by `action`; one with a value is a toggle."""
    data = f' data-value="{value}" aria-pressed="false"' if value else ""
    return (
        f'<button type="button" class="quiet" data-action="{action}" data-turn="{turn}"{data}'
        f">{label}</button>"
    )
