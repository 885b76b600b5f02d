"""Statements + the lines that they cite -> the days that their times mean."""

import re
from collections.abc import Sequence

from rag.schema import Citation, Document, StatedDate
from rag.values.event_dates import event_dates, show_date

_WHEN = re.compile(
    r"^\W*(?:(?:so|and|but|ok|exactly|since|until|by|from) )*when\b"
    r"|\b(?:what|which)(?: exact)? (?:date|day|month|year|time)\b|\bhow long ago\b"
    r"|\b(?:date|day|year) (?:of|when|that)\b",
    re.IGNORECASE,
)


# How far back the date that "the following day" counts from is looked for.
CONTEXT_CHARS = 1_500


def asks_when(question: str) -> bool:
    """Whether `question` asks for a time.

    Example: "when was he charged?" -> True
    """
    return bool(_WHEN.search(question))


def stated_dates(text: str, cited: Sequence[tuple[Citation, Document]]) -> tuple[StatedDate, ...]:
    """The times that a statement names, resolved as its cited lines resolve them.

    A time counts when the statement has its wording; a wording that no line resolves is left out.
    """
    said = " ".join(text.split()).lower()
    found: dict[str, StatedDate] = {}
    for citation, document in cited:
        before = document.text.rfind("\n", 0, max(0, citation.start_char - CONTEXT_CHARS)) + 1
        passage = document.text[before : citation.end_char]
        start, end = citation.start_char - before, citation.end_char - before
        for mention in event_dates(passage, start, end, document.published):
            wording = " ".join(passage[mention.start : mention.end].split())
            if mention.first is None or mention.last is None or wording.lower() not in said:
                continue
            found.setdefault(
                wording.lower(),
                StatedDate(wording, mention.first, mention.last, show_date(mention)),
            )
    return tuple(found.values())
