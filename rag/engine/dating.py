"""Statements + the lines that they cite -> the days that their times mean."""

from collections.abc import Sequence

from rag.schema import Citation, Document, StatedDate
from rag.values.event_dates import dates_near, show_date


def stated_dates(text: str, cited: Sequence[tuple[Citation, Document]]) -> tuple[StatedDate, ...]:
    """The times that a statement names, resolved as its cited lines resolve them.

    A time counts when the statement has its wording; a wording that no line resolves is left out.
    """
    said = " ".join(text.split()).lower()
    found: dict[str, StatedDate] = {}
    for citation, document in cited:
        start, end = citation.start_char, citation.end_char
        for mention in dates_near(document.text, start, end, document.published):
            wording = " ".join(mention.text.split())
            if mention.first is None or mention.last is None or wording.lower() not in said:
                continue
            found.setdefault(
                wording.lower(),
                StatedDate(wording, mention.first, mention.last, show_date(mention)),
            )
    return tuple(found.values())
