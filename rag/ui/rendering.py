"""An Answer as HTML. Everything that comes from a user, an article or a model is escaped here.

A turn is one `<article>` with three parts that keep their places while it streams, so that the
page's script can exchange what changed and leave the rest: what stands over the statements
(".above"), the statements, and what stands below them (".below").
"""

from collections.abc import Sequence
from html import escape

from rag.schema import Answer, Citation, Disagreement, StatedDate, Statement
from rag.synthesis import format_date, source_label
from rag.synthesis.wording import count_of, difference_in_words, what_was_checked
from rag.ui.citing import (
    MAX_CARD_CHARS,
    Cited,
    published,
    render_cards,
    render_source_lines,
    render_sources,
)

CLEARLY, PROBABLY = 0.8, 0.5


def confidence_word(confidence: float) -> str:
    """How sure the reader is, in a word.

    Example: 0.8 -> "clearly"; 0.5 -> "probably"; 0.49 -> "possibly"
    """
    if confidence >= CLEARLY:
        return "clearly"
    return "probably" if confidence >= PROBABLY else "possibly"


def render_progress(
    question: str,
    standalone: str | None,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    *,
    turn: int,
) -> str:
    """The turn while its answer is made, with the statements that are checked so far."""
    cited = Cited.of(turn, citations)
    above, below = _searched(standalone, turn), render_cards(cited)
    if statements:
        below = f'<p class="status">Checking what else there is …</p>{below}'
    else:
        above += '<p class="status">Searching the articles …</p>'
    return _render_turn(question, above, _statements(statements, cited), below, turn, busy=True)


def render_answer_turn(answer: Answer, *, turn: int, filters: str = "") -> str:
    """The finished turn.

    Args:
        answer: What to show.
        filters: Which articles it was restricted to, in words.
        turn: Its place in the conversation, from 0: citations of two turns may have one number.
    """
    offered = answer.citations or answer.closest
    cited = Cited.of(turn, offered)
    changed = answer.standalone_question != " ".join(answer.question.split())
    above = [_searched(answer.standalone_question, turn) if changed else ""]
    above.append(f'<p class="searched">Only: {escape(filters)}</p>' if filters else "")
    below: list[str] = []
    if answer.statements:
        above += [_summary(answer), _notice(answer.notice), _withheld(answer)]
        below += [_disagreements(answer.disagreements, cited), _timeline(answer.statements, cited)]
    else:
        above += [_refusal(answer), _notice(answer.notice), _withheld(answer)]
        above.append(_closest(answer, cited))
    below.append(render_sources(cited) if answer.citations else "")
    below += [render_cards(cited), _retrieval(answer), _tools(answer, turn)]
    return _render_turn(
        answer.question, "".join(above), _statements(answer.statements, cited), "".join(below), turn
    )


def render_error_turn(question: str, message: str, *, turn: int) -> str:
    """The turn of a question that could not be answered because something is wrong."""
    above = (
        f'<p class="error" role="alert">{escape(message)}</p>'
        f'<p class="tools">{_button("retry", turn, "Try again")}</p>'
    )
    return _render_turn(question, above, "", "", turn)


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
    checked = what_was_checked(
        len(answer.statements), len(answer.withheld), answer.independent_sources, answer.as_of
    )
    words = {confidence_word(item.confidence) for item in answer.statements}
    sure = (
        f"These lines {words.pop()} answer the question."
        if len(words) == 1
        else "Before each statement stands how surely it answers the question."
    )
    return f'<p class="summary">{checked}.</p><p class="sure">{sure}</p>'


def _statements(statements: Sequence[Statement], cited: Cited) -> str:
    words = [confidence_word(item.confidence) for item in statements]
    mixed = len(set(words)) > 1
    return "".join(
        _statement(statement, word if mixed else "", cited)
        for statement, word in zip(statements, words, strict=True)
    )


def _statement(statement: Statement, word: str, cited: Cited) -> str:
    sources = cited.with_numbers(statement.citations)
    labels = "; ".join(dict.fromkeys(source_label(citation) for citation in sources))
    copies = sum(len(citation.also_in) for citation in sources)
    also = f' · <span class="also">also in {count_of(copies, "other file")}</span>'
    sure = f'<span class="word">{word.capitalize()}:</span> ' if word else ""
    kind = ' class="history"' if statement.earlier else ""
    return (
        f"<li{kind}>{_earlier(sources) if statement.earlier else ''}{sure}"
        f'<span class="text">{statement_text(statement)}</span> '
        f'{cited.chips(statement.citations)} <span class="origin">{escape(labels)}</span>'
        f"{also if copies else ''}</li>"
    )


def statement_text(statement: Statement) -> str:
    """The words of a statement, those that answer in bold where they are known."""
    text = statement.text
    if statement.answer_words is None:
        return escape(text)
    start, end = statement.answer_words
    return f"{escape(text[:start])}<strong>{escape(text[start:end])}</strong>{escape(text[end:])}"


def _earlier(sources: Sequence[Citation]) -> str:
    """The label of a statement that a later one has changed, with the day of its report."""
    day = published(sources)
    return f'<span class="when">Earlier{f", {day}" if day else ""}:</span> '


def _refusal(answer: Answer) -> str:
    kind = "reply" if answer.refusal_reason == "small_talk" else "refusal"
    return f'<p class="{kind}">{escape(answer.text)}</p>'


def _closest(answer: Answer, cited: Cited) -> str:
    """The nearest lines of a refusal."""
    if not answer.closest or answer.refusal_reason == "small_talk":
        return ""
    items = "".join(
        f"<li>{cited.chips([citation.number])} "
        f'<span class="origin">{escape(source_label(citation))}</span>'
        f"{render_source_lines(citation, max_chars=MAX_CARD_CHARS)}</li>"
        for citation in answer.closest
    )
    return f'<h3>The nearest lines, which do not answer it</h3><ul class="closest">{items}</ul>'


def _disagreements(disagreements: Sequence[Disagreement], cited: Cited) -> str:
    if not disagreements:
        return ""
    changes_only = all(item.kind == "time" for item in disagreements)
    title = "What changed between the reports" if changes_only else "Sources disagree"
    return (
        f'<div class="wide"><table class="disagreements"><caption>{title}</caption><thead>'
        '<tr><th scope="col">Value</th><th scope="col">Said by</th><th scope="col">Published</th>'
        '<th scope="col">Lines</th></tr></thead>'
        f"{''.join(_disagreement(item, cited, changes_only) for item in disagreements)}"
        "</table></div>"
    )


def _disagreement(item: Disagreement, cited: Cited, changes_only: bool) -> str:
    """The values of one thing, a row each; of a change the latest comes first.

    How they differ stands beside it, unless the title of the table says it.
    """
    how = "" if changes_only else escape(difference_in_words(item.kind))
    rows = ""
    for place, claim in enumerate(item.claims):
        is_history = item.kind == "time" and place > 0
        row = '<tr class="history">' if is_history else "<tr>"
        label = ' <span class="when">earlier</span>' if is_history else ""
        rows += (
            f'{row}<td class="value">{escape(claim.value)}{label}</td>'
            f"<td>{escape(', '.join(claim.publishers) or 'publisher not stated')}</td>"
            f"<td>{format_date(claim.published)}</td><td>{cited.chips(claim.citations)}</td></tr>"
        )
    return (
        f'<tbody><tr><th scope="rowgroup" colspan="4">{escape(item.about)}'
        f'<span class="kind">{how}</span></th></tr>{rows}'
        "</tbody>"
    )


def _timeline(statements: Sequence[Statement], cited: Cited) -> str:
    """The dated statements in the order of their dates; nothing for fewer than two dates."""
    dated: list[tuple[StatedDate, Statement]] = [
        (day, statement) for statement in statements for day in statement.dates
    ]
    if len({(day.first, day.last) for day, _ in dated}) < 2:
        return ""
    dated.sort(key=lambda pair: (pair[0].first, pair[0].last))
    items = "".join(
        f'<li><time datetime="{day.first.isoformat()}">{escape(day.shown)}</time>'
        f"<span>{statement_text(statement)} {cited.chips(statement.citations)}</span></li>"
        for day, statement in dated
    )
    return f'<section class="timeline"><h3>Timeline</h3><ol>{items}</ol></section>'


def _withheld(answer: Answer) -> str:
    if not answer.withheld:
        return ""
    items = "".join(
        f"<li><del>{escape(item.text)}</del> {escape(item.reason)}</li>" for item in answer.withheld
    )
    return (
        f'<details class="withheld"><summary>{count_of(len(answer.withheld), "statement")} '
        f"withheld, because the cited lines do not say it</summary><ul>{items}</ul></details>"
    )


def _notice(notice: str | None) -> str:
    return f'<p class="notice">Note: {escape(notice)}</p>' if notice else ""


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
    by = f'<span class="by">{by}</span>' if answer.statements else ""
    buttons = [_button("retry", turn, "Retry"), _button("edit", turn, "Edit question")]
    if answer.refusal_reason != "small_talk":
        buttons += [
            _button("vote", turn, "Helpful", value="up"),
            _button("vote", turn, "Not helpful", value="down"),
        ]
    return f'<p class="tools">{by} {" ".join(buttons)}</p>'


def _button(action: str, turn: int, label: str, *, value: str = "") -> str:
    """A button that the script knows by `action`; one with a value is a toggle."""
    data = f' data-value="{value}" aria-pressed="false"' if value else ""
    return (
        f'<button type="button" class="quiet" data-action="{action}" data-turn="{turn}"{data}'
        f">{label}</button>"
    )
