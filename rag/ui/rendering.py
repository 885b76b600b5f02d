"""An Answer as HTML. Everything that comes from a user, an article or a model is escaped here."""

from collections.abc import Sequence
from html import escape

from rag.schema import Answer, Citation, Statement
from rag.synthesis import format_date, source_label

MAX_LINE_CHARS = 2_000


def render_turn(question: str, body: str) -> str:
    """One question with its answer, or what is known of the answer so far."""
    return (
        '<article class="turn">'
        f'<h2 class="question">{escape(question)}</h2>'
        f'<div class="answer">{body}</div>'
        "</article>"
    )


def render_progress(
    standalone: str | None,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    *,
    turn: int,
) -> str:
    """The checked statements so far, while the answer of turn `turn` is being made."""
    waiting = '<p class="status" role="status">Searching the articles …</p>'
    searched = _searched(standalone) if standalone else ""
    return searched + (_statements(statements, citations, turn) or waiting)


def render_answer_html(answer: Answer, *, turn: int) -> str:
    """The answer, what was checked, and the cited lines with their numbers.

    Args:
        answer: What to show.
        turn: Its place in the conversation, from 0: citations of two turns may have one number.
    """
    parts = []
    if answer.standalone_question != " ".join(answer.question.split()):
        parts.append(_searched(answer.standalone_question))
    if answer.statements:
        parts.append(_summary(answer))
        parts.append(_statements(answer.statements, answer.citations, turn))
        parts.append(_sources("Sources", answer.citations, turn))
    else:
        parts.append(f'<p class="refusal">{escape(answer.text)}</p>')
        if answer.closest:
            title = "The nearest lines, which do not answer it"
            parts.append(_sources(title, answer.closest, turn))
    parts.extend(
        f'<p class="withheld">Withheld: {escape(item.text)} ({escape(item.reason)})</p>'
        for item in answer.withheld
    )
    if answer.notice:
        parts.append(f'<p class="notice">{escape(answer.notice)}</p>')
    return "".join(parts)


def _searched(standalone: str) -> str:
    return f'<p class="searched">Searched: {escape(standalone)}</p>' if standalone else ""


def _summary(answer: Answer) -> str:
    checked, total = len(answer.statements), len(answer.statements) + len(answer.withheld)
    sources = answer.independent_sources
    as_of = f", as of {format_date(answer.as_of)}" if answer.as_of else ""
    return (
        f'<p class="summary">{checked} of {total} statements checked against '
        f"{sources} {'document' if sources == 1 else 'documents'}{as_of}</p>"
    )


def _statements(statements: Sequence[Statement], citations: Sequence[Citation], turn: int) -> str:
    if not statements:
        return ""
    by_number = {citation.number: citation for citation in citations}
    items = []
    for statement in statements:
        cited = [by_number[number] for number in statement.citations]
        labels = "; ".join(dict.fromkeys(source_label(citation) for citation in cited))
        chips = " ".join(
            f'<a class="chip" href="#{_anchor(citation, turn)}" title="{escape(_place(citation))}">'
            f"{citation.number}</a>"
            for citation in cited
        )
        items.append(
            f"<li>{escape(statement.text)} {chips} "
            f'<span class="origin">{escape(labels)}</span></li>'
        )
    return f'<ol class="statements">{"".join(items)}</ol>'


def _sources(title: str, citations: Sequence[Citation], turn: int) -> str:
    items = "".join(_source(citation, turn) for citation in citations)
    return f'<details class="sources" open><summary>{escape(title)}</summary>{items}</details>'


def _source(citation: Citation, turn: int) -> str:
    origin = ", ".join(part for part in (citation.publisher, citation.title) if part)
    lines = "".join(
        f'<tr><th scope="row">{number}</th><td>{escape(line[:MAX_LINE_CHARS])}</td></tr>'
        for number, line in enumerate(citation.quote.split("\n"), citation.first_line)
    )
    also = f"<p>also in {escape(', '.join(citation.also_in))}</p>" if citation.also_in else ""
    return (
        f'<section class="source" id="{_anchor(citation, turn)}">'
        f"<h3>{citation.number}. {escape(_place(citation))}</h3>"
        f"<p>{escape(origin)}{' · ' if origin else ''}{format_date(citation.published)}</p>"
        f"<table>{lines}</table>{also}</section>"
    )


def _place(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page else ""
    first, last = citation.first_line, citation.last_line
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    extracted = " of the extracted text" if citation.rendering == "extracted" else ""
    return f"{citation.path}, {lines}{extracted}{page}"


def _anchor(citation: Citation, turn: int) -> str:
    """The id of a citation in the page."""
    return f"turn{turn}-citation{citation.number}"
