"""When something happened, as a sentence of a document tells it: found, resolved, shown, sorted.

A timeline and the answer to "When ...?" start here.
"""

import calendar
from dataclasses import replace
from datetime import date, timedelta

from rag.values.dates import DateMention
from rag.values.dates.expressions import read_expressions
from rag.values.dates.joining import find_phrases
from rag.values.tokens import tokenize

# So far back, and on to the start of that line, `dates_near` looks for a date that "the following
# day" counts from; and so far back at most, where a line has no end.
CONTEXT_CHARS, MAX_CONTEXT_CHARS = 1_500, 6_000


def dates_near(
    document_text: str, start: int, end: int, published: date | None
) -> list[DateMention]:
    """The expressions of time in a part of a document, in order, the document's own too.

    Like `event_dates`, but only the text shortly before the part is read.
    """
    if not find_phrases(tokenize(document_text[start:end])):
        return []
    begin = document_text.rfind("\n", 0, max(0, start - CONTEXT_CHARS)) + 1
    if start - begin > MAX_CONTEXT_CHARS:
        begin = document_text.find(" ", start - MAX_CONTEXT_CHARS, start) + 1 or start
    return [
        replace(mention, start=mention.start + begin, end=mention.end + begin)
        for mention in read_expressions(document_text[begin:end], published)
        if start <= mention.start + begin
    ]


def event_dates(
    document_text: str, sentence_start: int, sentence_end: int, published: date | None
) -> list[DateMention]:
    """The expressions of time in one sentence of a document, in order, but for its own dates.

    Args:
        document_text: The whole document; "the following day" is counted from a date before it.
        sentence_start: Offset of the first character of the sentence.
        sentence_end: Offset after its last character.
        published: The day of publication; without it only what is absolute is resolved.

    Returns:
        Mentions with offsets in the document. `first` and `last` are None when the days are not
        certain. With a `bound` they are those of the date that is named: see `time_span`.

    Example: "He was shot on 5 September 2022. He died the following day.", the second sentence ->
        "following day", 2022-09-06
    """
    return [
        mention
        for mention in read_expressions(document_text, published)
        if sentence_start <= mention.start and mention.end <= sentence_end and not mention.own
    ]


def time_span(mention: DateMention, published: date | None) -> tuple[date | None, date | None]:
    """First and last day on which what is told can have been so; None for an open end.

    Example: "since 12 September 2023", published 2023-09-25 -> 2023-09-12, 2023-09-25
    """
    first, last = mention.first, mention.last
    if first is None or last is None:
        return None, None
    ahead = published is not None and published <= last
    if mention.bound in ("since", "from", "after"):
        begin = last if mention.bound == "after" else first
        known = mention.bound == "since" and published is not None and published >= begin
        return begin, published if known else None
    if mention.bound in ("until", "by", "before"):
        return published if ahead and mention.bound != "before" else None, last
    return first, last


def show_date(mention: DateMention) -> str:
    """The days of a mention in plain British form; "" when they are not certain.

    Example: a day -> "24 September 2023"; two -> "23-24 September 2023"; a month ->
        "September 2022"; a year -> "2022"; "since" a day -> "since 12 September 2022"
    """
    if mention.first is None or mention.last is None:
        return ""
    shown = _show_interval(mention.first, mention.last)
    return f"{mention.bound} {shown}" if mention.bound else shown


def _show_interval(first: date, last: date) -> str:
    if first == last:
        return _show_day(first)
    if first.day == 1 and (last.month == 12 and last.day == 31 and first.month == 1):
        return _show_years(first.year, last.year)
    if first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]:
        return _show_months(first, last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}-{_show_day(last)}"
    begin = f"{first.day} {_month(first)}" if first.year == last.year else _show_day(first)
    return f"{begin} to {_show_day(last)}"


def _show_years(first: int, last: int) -> str:
    if first == last:
        return str(first)
    decade = last - first == 9 and first % 10 == 0
    return f"{first}s" if decade else f"{first}-{last}"


def _show_months(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{_month(first)} {first.year}"
    begin = _month(first) if first.year == last.year else f"{_month(first)} {first.year}"
    return f"{begin} to {_month(last)} {last.year}"


def _show_day(day: date) -> str:
    return f"{day.day} {_month(day)} {day.year}"


def _month(day: date) -> str:
    return calendar.month_name[day.month]


def sort_key(mention: DateMention) -> tuple[date, timedelta, int]:
    """For a timeline: by first day, the more exact first, then by place; what has no days last.

    Example: sorted(mentions, key=sort_key)
    """
    if mention.first is None or mention.last is None:
        return date.max, timedelta.max, mention.start
    return mention.first, mention.last - mention.first, mention.start
