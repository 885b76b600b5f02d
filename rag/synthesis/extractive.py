"""Evidence -> draft statements, and checked statements -> the text of the answer.

The extractive synthesizer quotes: a draft is one sentence, word for word, with every document
that says nearly the same. The attribution ("BBC News, 25 September 2023") is added when the text
is rendered, so that a Statement holds nothing but what its lines say.
"""

from collections.abc import Sequence
from datetime import date

from rag.prompts import REFUSAL_PHRASE
from rag.schema import Citation, Draft, Evidence, Statement

# The same words, whether the model says so or the reader.
NO_SUPPORT = REFUSAL_PHRASE


def draft_extracts(groups: Sequence[Sequence[Evidence]]) -> list[Draft]:
    """One draft for each group of near-identical sentences, in the same order.

    Args:
        groups: Each with the sentence to quote first, then those that repeat it.
    """
    return [Draft(" ".join(group[0].text.split()), tuple(group)) for group in groups]


def render_answer(statements: Sequence[Statement], citations: Sequence[Citation]) -> str:
    """The statements, one a line, each with its sources, their dates and its citation marks.

    Example: 'Up to 300 officers stepped back. (BBC News, undated) [1]'
    """
    by_number = {citation.number: citation for citation in citations}
    return "\n".join(
        f"{statement.text} ({_attribution([by_number[n] for n in statement.citations])}) "
        + "".join(f"[{number}]" for number in statement.citations)
        for statement in statements
    )


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
