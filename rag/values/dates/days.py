"""Calendar arithmetic on days and intervals of days, on top of python-dateutil.

Intervals are pairs of a first and a last day, both inclusive. What leaves the calendar (year 0,
the 30th of February) is None.
"""

import calendar
from datetime import date, timedelta

# The library has no types of its own, and its stubs are not a dependency of this project.
from dateutil.relativedelta import relativedelta, weekday  # type: ignore[import-untyped]

from rag.values.dates.mentions import Precision

Interval = tuple[date, date]


def shifted(
    day: date, *, days: int = 0, weeks: int = 0, months: int = 0, years: int = 0
) -> date | None:
    """`day` moved on; the last day of a shorter month where the day does not exist.

    Example: 2024-02-29, years=-1 -> 2023-02-28
    """
    try:
        moved: date = day + relativedelta(days=days, weeks=weeks, months=months, years=years)
    except (ValueError, OverflowError):
        return None
    return moved


def around(middle: date | None, *, days: int) -> Interval | None:
    """The interval of `days` days on both sides of a day."""
    return None if middle is None else between(middle, before=days, after=days)


def between(day: date, *, before: int = 0, after: int = 0) -> Interval | None:
    """The interval from `before` days before a day to `after` days after it."""
    try:
        return day - timedelta(days=before), day + timedelta(days=after)
    except OverflowError:
        return None


def on_or_before(day: date, day_of_week: int) -> date | None:
    """The last such weekday that is not after `day`.

    Example: 2023-09-25, 4 -> 2023-09-22
    """
    return _stepped(day, day_of_week, -1)


def on_or_after(day: date, day_of_week: int) -> date | None:
    """The first such weekday that is not before `day`.

    Example: 2023-09-25, 4 -> 2023-09-29
    """
    return _stepped(day, day_of_week, 1)


def _stepped(day: date, day_of_week: int, step: int) -> date | None:
    try:
        found: date = day + relativedelta(weekday=weekday(day_of_week)(step))
    except (ValueError, OverflowError):
        return None
    return found


def calendar_interval(year: int, month: int | None, day: int | None) -> Interval | None:
    """First and last day of a year, a month or a day; None of the 31st of June."""
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def week_of(day: date | None) -> Interval | None:
    """Monday to Sunday of the week of a day."""
    if day is None:
        return None
    return between(day, before=day.weekday(), after=6 - day.weekday())


def precision_of(interval: Interval) -> Precision:
    """Whether an interval is a day, a month or a year of the calendar, or something else."""
    first, last = interval
    if first == last:
        return "day"
    if interval == calendar_interval(first.year, first.month, None):
        return "month"
    return "year" if interval == calendar_interval(first.year, None, None) else "interval"


def narrowed(interval: Interval, part: str) -> Interval:
    """The early, middle or late part of a month, a year or several years.

    Example: June 2023, "mid" -> 10 to 20 June 2023; 2024, "early" -> January to April 2024
    """
    first, last = interval
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if days < 28:
        return interval
    if months == 1:
        begin, stop = {"early": (0, 9), "start": (0, 9), "mid": (9, 19)}.get(part, (19, days - 1))
        return first + timedelta(days=begin), first + timedelta(days=stop)
    share = months // 4 if part in ("start", "end") else months // 3
    begin = {"early": 0, "start": 0, "mid": share}.get(part, months - share)
    start = shifted(first, months=begin)
    end = shifted(first, months=begin + share - 1)
    if start is None or end is None:
        return interval
    return start, date(end.year, end.month, calendar.monthrange(end.year, end.month)[1])
