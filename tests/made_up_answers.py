"""Answers made up by hand, for what the shipped articles do not show: for tests and screenshots."""

from dataclasses import replace
from datetime import date

from rag.schema import (
    Answer,
    Citation,
    Claim,
    Disagreement,
    Document,
    StatedDate,
    Statement,
    Withheld,
)


def cite(document: Document, number: int, line: int) -> Citation:
    """A citation of one line of a document."""
    start, end = document.span(line, line)
    return Citation(
        number, document.document_id, document.path, document.title, document.publisher,
        document.published, line, line, document.text[start:end], start, end,
        document.document_hash, document.rendering, None, document.also_paths,
    )  # fmt: skip


def disputed(first: Document, second: Document, lines: tuple[int, int]) -> Answer:
    """An answer whose sources disagree, with two dates, and one statement withheld."""
    citations = (
        cite(first, 1, lines[0]),
        replace(cite(second, 2, lines[1]), also_in=("copy.txt",)),
    )
    statements = (
        Statement(
            "The mayor put the repair at 4.5 million euros.", (1,), confidence=0.91,
            dates=(StatedDate("on Tuesday", date(2024, 3, 12), date(2024, 3, 12),
                              "12 March 2024"),),
        ),
        Statement(
            "The city engineer put it at about 5 million euros.", (2, 1), confidence=0.6,
            dates=(StatedDate("last September", date(2023, 9, 1), date(2023, 9, 30),
                              "September 2023"),),
        ),
        Statement("The bridge stays shut for three months.", (2,), confidence=0.3),
    )  # fmt: skip
    claims = (
        Claim("4.5 million euros", (1,), ("Westport Post",), date(2024, 3, 14)),
        Claim("about 5 million euros", (2,), ("The Westport Courier",), date(2024, 3, 16)),
    )
    return Answer(
        "What does the repair cost?", "What does the bridge repair cost?", "…", answered=True,
        state="answered", statements=statements, citations=citations, independent_sources=2,
        withheld=(Withheld("It costs nothing.", "the cited line gives another number"),),
        disagreements=(Disagreement("the cost of the repair", "contradiction", claims, "number"),),
        as_of=date(2024, 3, 16), confidence=0.9, model="a-model",
        notice="a-model stopped before the end",
    )  # fmt: skip


def changed(first: Document, second: Document, lines: tuple[int, int]) -> Answer:
    """An answer of which the second document tells a later state, with the words that answer."""
    answer = disputed(first, second, lines)
    was, now = answer.statements[:2]
    return replace(
        answer,
        statements=(
            replace(now, citations=(2,), answer_words=(28, 49), dates=()),
            replace(was, earlier=True, confidence=now.confidence),
        ),
        disagreements=tuple(
            replace(found, kind="time", claims=found.claims[::-1])
            for found in answer.disagreements
        ),
        withheld=(), notice=None, model="extractive",
    )  # fmt: skip
