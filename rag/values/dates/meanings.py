"""What an expression of time means: the days, given publication and the date named before it."""

from datetime import date

from rag.values.dates import days
from rag.values.dates.days import Interval
from rag.values.dates.joining import Phrase
from rag.values.dates.mentions import DateMention
from rag.values.dates.resolving import ago, resolve
from rag.values.dates.tense import Direction

# "in recent days", "a few weeks ago": at most so many days back.
_RECENT = {"day": 7, "week": 42, "month": 365}
_FEW = {"day": (2, 7), "week": (14, 63), "month": (30, 335)}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "year": 12, "decade": 120}


def meaning(phrase: Phrase, anchor: date | None, direction: Direction) -> Interval | None:
    """The days that a phrase means by itself; None when that is not certain.

    A phrase with a bound means the date that it names: "since 12 September" the 12th.
    """
    if phrase.until is not None:
        return _range(phrase, phrase.until, anchor, direction)
    if phrase.bound == "since":
        direction = "past"
    if phrase.part in ("earlier", "later"):
        return _part_of_present(phrase, anchor, direction)
    interval = _single(phrase.mention, anchor, direction)
    if interval is None or phrase.part is None:
        return interval
    if phrase.bound in ("by", "until", "before") and phrase.part == "end":
        return interval[1], interval[1]
    return days.narrowed(interval, phrase.part)


def _part_of_present(phrase: Phrase, anchor: date | None, direction: Direction) -> Interval | None:
    """The days of "earlier this month", "later this year", "earlier on Monday"."""
    back = phrase.part == "earlier"
    which = (phrase.mention.relative or "").partition(" ")[0]
    if which == "this" and phrase.mention.month is None:
        direction = "past" if back else "future"
    interval = _single(phrase.mention, anchor, direction)
    if interval is None or anchor is None or not interval[0] <= anchor <= interval[1]:
        return interval
    return (interval[0], anchor) if back else (anchor, interval[1])


def _single(mention: DateMention, anchor: date | None, direction: Direction) -> Interval | None:
    """The days of one date or one relative expression."""
    relative = mention.relative or ""
    words = relative.split()
    if words and words[0] == "season":
        year = int(words[1])
        return date(year, 1, 1), date(year + 1, 12, 31)
    if anchor is None or mention.year is not None or len(words) < 2:
        if relative == "overnight" and anchor is not None:
            return days.between(anchor, before=1) if direction in ("past", "none") else None
        return resolve(mention, anchor, direction)
    if words[0] in ("past", "next") and len(words) == 3:
        if words[0] == "next" and direction == "past":
            return None  # "it stayed so for the next few weeks"
        return _stretch(words[0], words[1], words[2], anchor)
    if words[0] == "recent":
        return days.between(anchor, before=_RECENT[words[1]]) if words[1] in _RECENT else None
    if words[0] == "few":
        far = _FEW.get(words[1])
        interval = days.between(anchor, before=far[1]) if far else None
        near = days.shifted(anchor, days=-far[0]) if far else None
        return (interval[0], near) if interval and near else None
    if words[0] == "in":
        day = days.shifted(anchor, days=int(words[1]))
        return (day, day) if day else None
    if len(words) == 3 and words[2] == "ago":
        return ago(int(words[0]), words[1], anchor)
    return resolve(mention, anchor, direction)


def _stretch(which: str, count: str, unit: str, anchor: date) -> Interval | None:
    """The days of "the past three months", "the next few days"."""
    if count == "few":
        length = _RECENT.get(unit)
        if length is None:
            return None
        before, after = (length, 0) if which == "past" else (0, length)
        return days.between(anchor, before=before, after=after)
    sign = -1 if which == "past" else 1
    if unit in _DAYS:
        end = days.shifted(anchor, days=sign * int(count) * _DAYS[unit])
    else:
        end = days.shifted(anchor, months=sign * int(count) * _MONTHS[unit])
    if end is None:
        return None
    return (end, anchor) if which == "past" else (anchor, end)


def _range(
    phrase: Phrase, until: Phrase, anchor: date | None, direction: Direction
) -> Interval | None:
    """The days from the first to the second date of a range; each lends what the other lacks."""
    one, other = phrase.mention, until.mention
    if one.weekday is not None and one.month is None and other.weekday is not None:
        return _weekdays(one.weekday, other, anchor, direction) if not one.relative else None
    if _lacks_year(one) and _lacks_year(other):
        return _in_nearest_year(phrase, until, anchor, direction)
    if _lacks_year(one):
        end = _part(until, other, anchor, direction)
        begin = _before(phrase, end[1], 0) if end else None
        if begin and end and begin[0] > end[1]:
            begin = _before(phrase, end[1], -1)
    else:
        begin = _part(phrase, one, anchor, direction)
        if begin and _lacks_year(other):
            end = _before(until, begin[0], 0)
            if end and end[1] < begin[0]:
                end = _before(until, begin[0], 1)
        else:
            end = _part(until, other, anchor, direction)
    if begin is None or end is None or begin[0] > end[1]:
        return None
    return begin[0], end[1]


def _part(
    phrase: Phrase, mention: DateMention, anchor: date | None, direction: Direction
) -> Interval | None:
    interval = _single(mention, anchor, direction)
    return days.narrowed(interval, phrase.part) if interval and phrase.part else interval


def _lacks_year(mention: DateMention) -> bool:
    return mention.month is not None and mention.year is None and not mention.relative


def _before(phrase: Phrase, day: date, years: int) -> Interval | None:
    """A month or day of the year of `day`, or so many years later."""
    mention = phrase.mention
    interval = days.calendar_interval(day.year + years, mention.month, mention.day)
    return days.narrowed(interval, phrase.part) if interval and phrase.part else interval


def _in_nearest_year(
    phrase: Phrase, until: Phrase, anchor: date | None, direction: Direction
) -> Interval | None:
    """A range of days or months without a year: the one that holds the day of publication.

    Otherwise the last one or the next one, by the tense; without one, none.
    """
    if anchor is None:
        return None
    found: list[Interval] = []
    for step in (-1, 0, 1):
        begin = _before(phrase, anchor, step)
        end = _before(until, begin[0], 0) if begin else None
        if begin and end and end[1] < begin[0]:
            end = _before(until, begin[0], 1)
        if begin and end and begin[0] <= end[1]:
            found.append((begin[0], end[1]))
    holding = [span for span in found if span[0] <= anchor <= span[1]]
    if holding:
        return holding[0]
    past = [span for span in found if span[1] < anchor]
    ahead = [span for span in found if span[0] > anchor]
    if direction == "past" and past:
        return past[-1]
    if direction == "future" and ahead:
        return ahead[0]
    return None


def _weekdays(
    weekday: int, other: DateMention, anchor: date | None, direction: Direction
) -> Interval | None:
    """From one weekday to another: the nearest such days."""
    if anchor is None or direction == "unsure":
        return None
    end = resolve(other, anchor, direction)
    if end is None:
        return None
    begin = days.on_or_before(end[1], weekday)
    return (begin, end[1]) if begin else None


def counted_from(relative: str, named: Interval) -> Interval | None:
    """What "the following day", "two weeks later", "that month" mean after a date.

    Args:
        relative: "later 1 day", "earlier 2 week", "same month", as `phrases` gives it.
        named: The date that stands before; a day, or for years and months such an interval.

    Example: "later 1 day", 2022-09-05 -> 2022-09-06
    """
    how, _, rest = relative.partition(" ")
    first, last = named
    if how == "same":
        if rest == "day":
            return named if first == last else None
        if first.year != last.year or (rest == "month" and first.month != last.month):
            return None
        return days.calendar_interval(first.year, first.month if rest == "month" else None, None)
    count, _, unit = rest.partition(" ")
    step = int(count) * (1 if how == "later" else -1)
    if unit == "year" and first.year == last.year:
        return days.calendar_interval(first.year + step, None, None)
    if first != last:
        return None
    if unit == "day":
        day = days.shifted(first, days=step)
        return (day, day) if day else None
    if unit in ("week", "fortnight"):
        return days.around(days.shifted(first, days=step * _DAYS[unit]), days=3)
    if unit == "month":
        return days.around(days.shifted(first, months=step), days=15)
    return None
