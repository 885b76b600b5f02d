"""From a date of a text and the day of publication to the days that are meant.

Where two readings are plausible, the interval holds both, or there is none.
"""

from datetime import date

from rag.values.dates import days
from rag.values.dates.days import Interval
from rag.values.dates.mentions import DateMention
from rag.values.dates.patterns import DAYS_OFF, YEAR_TOLD
from rag.values.dates.tense import Direction

# A month and day without a year: so far away from publication it would be said with the year.
_FAR, _NEAR = 200, 45
# Without a direction it is the nearest one when that is at most so many days off.
_NEAR_BACK, _NEAR_AHEAD = 45, 31
# "two weeks ago", "a month ago": by so many days it may be out, each way.
_ROUGHLY = {"day": 1, "week": 5, "fortnight": 5, "month": 15, "year": 183, "decade": 1826}
_SHORT = 3  # so many days are counted exactly


def resolve(mention: DateMention, anchor: date | None, direction: Direction) -> Interval | None:
    """The interval that a mention means, or None when that is not certain.

    Args:
        mention: As `patterns` reads it.
        anchor: The day of publication.
        direction: Whether its sentence looks back or ahead.
    """
    if mention.year is not None:
        return days.calendar_interval(mention.year, mention.month, mention.day)
    relative = mention.relative
    if relative and relative.removesuffix(" year") in YEAR_TOLD:
        return None  # of another date, which `expressions` knows
    if relative and relative[:4].isdigit() and relative.endswith("0s"):
        return _decade(int(relative[:4]))
    if anchor is None:
        return None
    if mention.month is not None and mention.day is not None:
        year = _year_named(mention, anchor)
        if year is not None:
            return days.calendar_interval(year, mention.month, mention.day)
        return _day_of_month(mention, anchor, direction)
    if mention.month is not None:
        year = _year_named(mention, anchor) or _year_of_month(mention, anchor, direction)
        return days.calendar_interval(year, mention.month, None) if year else None
    if mention.weekday is not None:
        if relative and relative.endswith(" week"):
            which = relative.removesuffix(" week")
            return _day_of_that_week(mention.weekday, which, anchor, direction)
        return _day_of_week(mention.weekday, relative, anchor, direction)
    return _relative(relative, anchor, direction) if relative is not None else None


def _decade(year: int) -> Interval | None:
    """Ten years of "1990s" and "2000s"; a hundred of "1900s", in which both readings lie."""
    century = year % 100 == 0 and year < 2000
    return date(year, 1, 1), date(year + (99 if century else 9), 12, 31)


def _year_named(mention: DateMention, anchor: date) -> int | None:
    """The year of "September last year"."""
    return {
        "last year": anchor.year - 1,
        "previous year": anchor.year - 1,
        "this year": anchor.year,
        "next year": anchor.year + 1,
    }.get(mention.relative or "")


def _year_of_month(mention: DateMention, anchor: date, direction: Direction) -> int | None:
    """The year of "in April", "last September"; None when it may be one of two."""
    month, which = mention.month or 1, mention.relative
    year = anchor.year
    if which in ("next", "coming"):
        if month <= anchor.month:
            return year + 1
        return year if which == "coming" else None
    if which in ("last", "previous"):
        return year - 1 if month >= anchor.month else None
    before = year - (month > anchor.month)
    ahead = year + (month < anchor.month)
    if which == "past":
        return before - (month == anchor.month)
    if which == "this":
        return year if abs(month - anchor.month) <= 6 else None
    if month == anchor.month:
        return year
    if direction == "future":
        just_over = (anchor.month - month) % 12 <= 2
        return None if just_over else ahead
    if direction == "none":  # a heading
        return before if before == year else None
    at_odds = (month - anchor.month) % 12 <= 2  # it may well be the one that is near
    return before if direction == "past" and not at_odds else None


def _day_of_month(mention: DateMention, anchor: date, direction: Direction) -> Interval | None:
    """The day of "5 September", by its weekday, by the tense, else the one that is near."""
    found = [
        interval[0]
        for year in range(anchor.year - 1, anchor.year + 2)
        if (interval := days.calendar_interval(year, mention.month, mention.day))
    ]
    if mention.weekday is not None:
        found = [day for day in found if day.weekday() == mention.weekday]
        if len(found) != 1:
            return None
        return found[0], found[0]
    if not found:
        return None
    nearest = min(found, key=lambda day: abs((day - anchor).days))
    gap = abs((nearest - anchor).days)
    past = [day for day in found if day <= anchor]
    ahead = [day for day in found if day >= anchor]
    if direction in ("unsure", "none"):
        near = gap <= (_NEAR_BACK if nearest < anchor else _NEAR_AHEAD)
        return (nearest, nearest) if near else None
    chosen = past[-1] if direction == "past" and past else None
    chosen = ahead[0] if direction == "future" and ahead else chosen
    if chosen is None or (abs((chosen - anchor).days) > _FAR and gap <= _NEAR):
        return None  # the words and the calendar are at odds
    return chosen, chosen


def _day_of_week(
    weekday: int, which: str | None, anchor: date, direction: Direction
) -> Interval | None:
    """The day that a weekday means; for "last" and "next" in this same week, either of two."""
    before, ahead = days.on_or_before(anchor, weekday), days.on_or_after(anchor, weekday)
    if before is None or ahead is None:
        return None
    same = before == anchor
    if which in ("last", "previous", "past"):
        latest = days.shifted(before, days=-7) if same else before
        in_this_week = not same and weekday < anchor.weekday()
        earliest = days.shifted(before, days=-7) if in_this_week and which != "past" else latest
        return _pair(earliest, latest)
    if which in ("next", "coming"):
        first = days.shifted(ahead, days=7) if same else ahead
        in_this_week = not same and weekday > anchor.weekday()
        last = days.shifted(ahead, days=7) if in_this_week and which == "next" else first
        return _pair(first, last)
    if same:
        return anchor, anchor
    if direction == "future":
        return ahead, ahead
    if direction in ("past", "none") and which is None:
        return before, before
    if which == "this":
        if direction == "past":
            return before, before
        return (ahead, ahead) if weekday > anchor.weekday() else None
    return None


def _day_of_that_week(
    weekday: int, which: str, anchor: date, direction: Direction
) -> Interval | None:
    """The day of "Monday last week"; on a weekend perhaps that of the week which ends."""
    step = {"last": -1, "this": 0, "next": 1}[which]
    if step == 0 and (weekday - anchor.weekday()) * (1 if direction == "past" else -1) > 0:
        return None  # the words and the calendar are at odds
    week = days.week_of(days.shifted(anchor, weeks=step))
    first = days.shifted(week[0], days=weekday) if week else None
    ending = step < 0 and anchor.weekday() >= 5 and weekday < anchor.weekday()
    return _pair(first, days.shifted(first, days=7) if ending and first else first)


def _pair(first: date | None, last: date | None) -> Interval | None:
    return None if first is None or last is None else (first, last)


def _relative(relative: str, anchor: date, direction: Direction) -> Interval | None:
    """The days that "yesterday", "last year" or "two weeks ago" mean."""
    if relative in DAYS_OFF:
        return _pair(*[days.shifted(anchor, days=DAYS_OFF[relative])] * 2)
    if relative == "last night":
        return _pair(*[days.shifted(anchor, days=-1)] * 2)
    if relative.endswith("weekend"):
        return _weekend(relative.partition(" ")[0], anchor, direction)
    count, _, rest = relative.partition(" ")
    if count.isdigit():
        unit, _, how = rest.partition(" ")
        return ago(int(count), unit, anchor) if how == "ago" else None
    return _period(count, rest, anchor, direction)


def _period(which: str, period: str, anchor: date, direction: Direction) -> Interval | None:
    """The week, month or year that "last", "this" and "next" mean."""
    step = {"last": -1, "previous": -1, "this": 0, "next": 1}.get(which)
    if step is None:
        return None
    if period == "year":
        return days.calendar_interval(anchor.year + step, None, None)
    if period == "month":
        day = days.shifted(anchor, months=step)
        return days.calendar_interval(day.year, day.month, None) if day else None
    if period == "week":
        return _week(step, anchor, direction)
    return None


def _week(step: int, anchor: date, direction: Direction) -> Interval | None:
    """A week from Monday to Sunday; near a weekend the one that begins or ends there may be meant.

    On a Saturday and Sunday "last week" may be the week that ends, and on a Sunday "this week" the
    one that begins; the interval then holds both.
    """
    week = days.week_of(days.shifted(anchor, weeks=step))
    if week is None:
        return None
    begin, end = 0, 0
    if step < 0 and anchor.weekday() >= 5:
        end = anchor.weekday()
    if step == 0 and direction == "past":
        begin = -6 if anchor.weekday() == 0 else 0  # perhaps of the days before
        end = anchor.weekday() - 6
    elif (step == 0 and anchor.weekday() >= 5) or (step > 0 and anchor.weekday() == 6):
        end = 7
    return _pair(days.shifted(week[0], days=begin), days.shifted(week[1], days=end))


def _weekend(which: str, anchor: date, direction: Direction) -> Interval | None:
    """Saturday and Sunday: of "the", "this", "last" or "next" weekend."""
    saturday = days.on_or_after(anchor, 5)
    if anchor.weekday() == 6:
        saturday = days.on_or_before(anchor, 5)
    begun = anchor.weekday() >= 5
    if which in ("last", "past", "previous"):
        step, spread = -7, 0
    elif which in ("next", "coming"):
        step, spread = (7, 0) if begun else (0, 7 if which == "next" else 0)
    elif begun or direction == "future":
        step, spread = 0, 0
    elif direction == "past" or (direction == "none" and which == "weekend"):
        step, spread = -7, 0
    else:
        return None
    first = days.shifted(saturday, days=step) if saturday else None
    return _pair(first, days.shifted(first, days=spread + 1) if first else None)


def ago(count: int, unit: str, anchor: date) -> Interval | None:
    """The days that "two weeks ago" may mean; up to three days are counted exactly.

    Example: 2, "week", 2023-09-25 -> 2023-09-06 to 2023-09-16
    """
    step = {"day": 1, "week": 7, "fortnight": 14}.get(unit)
    months = {"month": 1, "year": 12, "decade": 120}.get(unit)
    if step is not None:
        day = days.shifted(anchor, days=-step * count)
    elif months is not None:
        day = days.shifted(anchor, months=-months * count)
    else:
        return None
    roughly = _ROUGHLY[unit] * max(1, count // 5)
    return days.around(day, days=0 if unit == "day" and count <= _SHORT else roughly)
