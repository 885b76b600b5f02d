"""What a date of a text is, and when one date follows from another."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["day", "interval", "month", "year"]
Bound = Literal["since", "until", "by", "before", "after", "from"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as a text gives it.

    Attributes:
        text: `text[start:end]`.
        year, month, day, weekday: As said; None where not. Monday is 0.
        relative: The wording of a relative date ("yesterday", "last week", "last"), or None.
        first, last: The interval that is meant, inclusive; None when it is not certain.
        precision: What the interval is: one day, one month of the calendar, one year, or other
            days ("interval"); None when there is none.
        bound: How the time of what is told lies to the date that is named ("since 12 September",
            "by Friday"), or None when it lies in it. The interval then ends, or for "by" and
            "until" begins, on the day of publication where that is known and fits; otherwise it
            is the date that is named.
        own: Whether it is the document's own date, such as "last updated on ...", and tells of no
            event.
    """

    start: int
    end: int
    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    relative: str | None = None
    first: date | None = None
    last: date | None = None
    precision: Precision | None = None
    bound: Bound | None = None
    own: bool = False


def date_agrees(claimed: DateMention, given: DateMention) -> bool:
    """Whether all that `claimed` says follows from `given`.

    Example: "September 2022", "12 September 2022" -> True; the other way round -> False
    """
    if claimed.relative and given.relative and claimed.relative != given.relative:
        return _lies_in(given, claimed)
    parts = (claimed.year, claimed.month, claimed.day, claimed.weekday)
    if parts == (None, None, None, None):  # relative only
        return claimed.relative == given.relative or _lies_in(given, claimed)
    return all(
        part is None or part == known for part, known in zip(parts, _known(given), strict=True)
    )


def _lies_in(inner: DateMention, outer: DateMention) -> bool:
    """Whether the days of the one are among those of the other, both being certain."""
    if outer.first is None or outer.last is None or inner.first is None:
        return False
    return outer.first <= inner.first and (inner.last or inner.first) <= outer.last


def _known(mention: DateMention) -> tuple[int | None, int | None, int | None, int | None]:
    """Year, month, day and weekday that a mention says or that its interval implies."""
    year, month, day, weekday = mention.year, mention.month, mention.day, mention.weekday
    first, last = mention.first, mention.last
    if first is not None and last is not None:
        if first.year == last.year:
            year = year or first.year
            if first.month == last.month:
                month = month or first.month
        if first == last:
            day = day or first.day
            weekday = first.weekday() if weekday is None else weekday
    return year, month, day, weekday
