"""Evidence -> draft statements, and checked statements -> the text of the answer.

The extractive synthesizer quotes: a draft is one sentence, word for word, with every document
that says nearly the same. The attribution ("BBC News, 25 September 2023") is added when the text
is rendered, so that a Statement holds nothing but what its lines say.
"""

import re
from collections.abc import Sequence
from datetime import date

from rag.prompts import REFUSAL_PHRASE
from rag.schema import Citation, Draft, Evidence, Statement
from rag.synthesis.lists import with_list

_YEAR = re.compile(r"\b\d{4}\b")
# The same words, whether the model says so or the reader.
NO_SUPPORT = REFUSAL_PHRASE


def draft_extracts(groups: Sequence[Sequence[Evidence]]) -> list[Draft]:
    """One draft for each group of near-identical sentences, in the same order.

    A sentence that leads to a list is quoted with it, and what stands in the list not again.

    Args:
        groups: Each with the sentence to quote first, then those that repeat it.
    """
    whole = [[with_list(item) for item in group] for group in groups]
    return [
        Draft(" ".join(group[0].text.split()), tuple(group), _answer_words(group[0]))
        for group in whole
        if not any(_holds(other[0], group[0]) for other in whole)
    ]


def _holds(whole: Evidence, part: Evidence) -> bool:
    """Whether one quote holds another, which is shorter."""
    return (
        whole.document == part.document
        and whole.start_char <= part.start_char
        and part.end_char <= whole.end_char
        and len(part.text) < len(whole.text)
    )


def _answer_words(evidence: Evidence) -> tuple[int, int] | None:
    """Where the words that answer stand in the sentence with single spaces."""
    if evidence.answer_words is None:
        return None
    start, end = (place - evidence.start_char for place in evidence.answer_words)
    found = " ".join(evidence.text[start:end].split())
    before = " ".join(evidence.text[:start].split())
    offset = len(before) + (1 if before and evidence.text[start - 1].isspace() else 0)
    return offset, offset + len(found)


def render_answer(
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    *,
    with_days: bool = False,
) -> str:
    """The statements, one a line, each with its sources, their dates and its citation marks.

    With `with_days` a time that is told in other words is followed by the days that it means. A
    statement that tells what has changed since says so.

    Example: 'Up to 300 officers stepped back. (BBC News, undated) [1]'
    Example: 'He left last May. (The Gull, 25 June 2023; last May: May 2022) [1]'
    """
    by_number = {citation.number: citation for citation in citations}
    lines = []
    for statement in statements:
        origin = _attribution([by_number[number] for number in statement.citations])
        days = _days(statement) if with_days else ""
        marks = "".join(f"[{number}]" for number in statement.citations)
        before = "Earlier: " if statement.earlier else ""
        lines.append(f"{before}{statement.text} ({origin}{days}) {marks}")
    return "\n".join(lines)


def _days(statement: Statement) -> str:
    """What the statement's times mean, but for those whose year it gives itself."""
    told = [
        f"; {stated.text}: {stated.shown}"
        for stated in statement.dates
        if not _YEAR.search(stated.text)
    ]
    return "".join(told)


def source_label(citation: Citation) -> str:
    """Publisher, or where it is not known the path, and date of a citation's document."""
    return f"{citation.publisher or citation.path}, {format_date(citation.published)}"


def format_date(day: date | None) -> str:
    """`day` as a reader of news writes it, or "undated".

    Example: date(2023, 9, 5) -> '5 September 2023'
    """
    return f"{day.day} {day:%B %Y}" if day else "undated"


def _attribution(citations: Sequence[Citation]) -> str:
    return "; ".join(dict.fromkeys(source_label(citation) for citation in citations))
