"""What an expression of time means: the days, given publication and the date named before it."""

from collections.abc import Sequence
from datetime import date

from rag.values.dates import days
from rag.values.dates.days import Interval
from rag.values.dates.joining import Phrase
from rag.values.dates.mentions import DateMention
from rag.values.dates.patterns import YEAR_TOLD
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
    if phrase.length is not None:
        return _lasting(*phrase.length, interval) if interval else None
    if interval is None or phrase.part is None:
        return interval
    if phrase.bound in ("by", "until", "before") and phrase.part == "end":
        return interval[1], interval[1]
    return days.narrowed(interval, phrase.part)


def _lasting(count: int, unit: str, named: Interval) -> Interval | None:
    """The days of "the 12 months to March"; below zero, of "the week of 4 September"."""
    if count < 0:
        return days.between(named[0], after=-count * _DAYS[unit] - 1)
    after = days.shifted(named[1], days=1)
    whole = _stretch("past", str(count), unit, after) if after else None
    return (whole[0], named[1]) if whole else None


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
    if words[0] in ("past", "next", "in", "ahead", "within") and len(words) == 3:
        return _from_publication(words, anchor, direction)
    if words[0] == "recent":
        return days.between(anchor, before=_RECENT[words[1]]) if words[1] in _RECENT else None
    if words[0] == "few":
        far = _FEW.get(words[1])
        interval = days.between(anchor, before=far[1]) if far else None
        near = days.shifted(anchor, days=-far[0]) if far else None
        return (interval[0], near) if interval and near else None
    if "ago" in words:
        return _ago(words, mention.weekday, anchor)
    return resolve(mention, anchor, direction)


def _from_publication(words: Sequence[str], anchor: date, direction: Direction) -> Interval | None:
    """The days of "past 3 month", "next few day", "in 2 day", "ahead 3 week", "within 3 week"."""
    how, count, unit = words
    if how == "in":
        day = days.shifted(anchor, days=int(count))
        return (day, day) if day else None
    if how in ("ahead", "within"):
        return _ahead(how, int(count), unit, anchor) if direction == "future" else None
    if how == "next" and direction == "past":
        return None  # "it stayed so for the next few weeks"
    return _stretch(how, count, unit, anchor)


def _ahead(how: str, count: int, unit: str, anchor: date) -> Interval | None:
    """The days of "in three weeks", as exact as "three weeks ago"; of "within three weeks"."""
    length = _stretch("next", str(count), unit, anchor)
    if length is None or how == "within":
        return length
    back = ago(count, unit, anchor)
    spread = (back[1] - back[0]).days // 2 if back else 0
    return days.around(length[1], days=spread)


def _ago(words: Sequence[str], weekday: int | None, anchor: date) -> Interval | None:
    """The days of "a week ago", "a week ago on Monday", "a year ago this week".

    Args:
        words: Count, unit, "ago", and perhaps which of day, week or month is meant.
        weekday: Of "a week ago on Monday", or None.
        anchor: The day of publication.
    """
    count, unit = int(words[0]), words[1]
    if weekday is not None:
        before = days.on_or_before(anchor, weekday)
        day = days.shifted(before, weeks=-count) if before else None
        return (day, day) if day else None
    if len(words) < 4:
        return ago(count, unit, anchor)
    back = _stretch("past", str(count), unit, anchor)
    if back is None:
        return None
    if words[3] == "day":
        return back[0], back[0]
    if words[3] == "week":
        return days.week_of(back[0])
    return days.calendar_interval(back[0].year, back[0].month, None)


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


def in_year_told(phrase: Phrase, named: Interval) -> Interval | None:
    """The month or day of "in February of that year" after a date of one year.

    Example: "June the following year", 2022 -> June 2023
    """
    mention = phrase.mention
    if named[0].year != named[1].year or mention.relative is None:
        return None
    return _before(phrase, named[0], YEAR_TOLD[mention.relative.removesuffix(" year")])


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
