"""Expressions of time beyond single dates: "this morning", "in recent days", "a week later".

Each reader looks at one token and what follows it, like those of `patterns`, and gives a mention
whose `relative` says in a fixed form what is meant, for `meanings`:

    "past 3 month", "next 1 week"     so long up to publication, or from it on
    "recent day"                      some days, weeks or months up to publication
    "few week ago"                    some weeks before publication
    "later 2 day", "earlier 1 week"   so long after or before the date that was named last
    "same day"                        the day, month or year that was named last
    "overnight"                       the night before publication
    "in 3 day"                        so long after publication
    "ahead 3 week", "within 3 week"   so long after it, about or at most, if that is to come
    "1 year ago week"                 the day, week or month that lay so long before publication
    "later"                           after the date that was named last

A weekday with "1 week ago" is that of the week before, a month with "that year" that of the year
which was named last.
"""

from collections.abc import Sequence
from dataclasses import replace

from rag.values.dates.patterns import (
    NOWHERE,
    WEEKDAYS,
    Found,
    base_at,
    date_at,
    month_at,
    number_at,
)
from rag.values.numbers import SMALL
from rag.values.tokens import Token

UNITS = ("day", "week", "month", "year", "fortnight", "decade")
_VAGUE = ("few", "several", "couple")
_SIDES = {"later": "later", "after": "later", "earlier": "earlier", "before": "earlier"}
_BACK = ("last", "past")
_ON = ("next", "coming")
# What follows "the day before" when it means the one before a date that was named.
_NO_NOUN = frozenset(
    "and but when while as in at by for with after because he she they it we who which to".split()
)
_HOURS = {24: 1, 48: 2, 72: 3}  # so many hours are said for so many days
_PARTS_OF_DAY = ("morning", "afternoon", "evening", "lunchtime")


def phrase_at(tokens: Sequence[Token], place: int) -> Found | None:
    """The expression of time that starts at token `place`, and the token after it."""
    readers = (_from_today, _this_part_of_day, _overnight, _season, _recent, _rolling, _counted)
    for reader in (*readers, _ahead, _later, _anaphor, _the_period):
        found = reader(tokens, place)
        if found is not None:
            return found
    return date_at(tokens, place)


def _saying(relative: str, after: int) -> Found:
    return replace(NOWHERE, relative=relative), after


def _from_today(tokens: Sequence[Token], place: int) -> Found | None:
    """The day before yesterday, the day after tomorrow."""
    words = tuple(base_at(tokens, place + step) for step in range(3))
    if words == ("day", "before", "yesterday"):
        return _saying("2 day ago", place + 3)
    if words == ("day", "after", "tomorrow"):
        return _saying("in 2 day", place + 3)
    return None


def _this_part_of_day(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "this morning"."""
    if base_at(tokens, place) == "this" and base_at(tokens, place + 1) in _PARTS_OF_DAY:
        return _saying("today", place + 2)
    return None


def _overnight(tokens: Sequence[Token], place: int) -> Found | None:
    """An "overnight" that is no adjective: not "an overnight success"."""
    if base_at(tokens, place) != "overnight":
        return None
    following = base_at(tokens, place + 1)
    alone = not following[:1].isalpha() or following in _NO_NOUN | {"into", "from"}
    return _saying("overnight", place + 1) if alone else None


def _season(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "2023-24" or "2023/24": days of two years."""
    year, second = number_at(tokens, place, 1800, 2098), number_at(tokens, place + 2, 0, 99)
    mark = base_at(tokens, place + 1)
    if year is None or second is None or mark not in ("-", "/") or not tokens[place + 2].glued:
        return None
    if len(tokens[place + 2].text) != 2 or second != (year + 1) % 100:
        return None
    return _saying(f"season {year}", place + 3)


def _recent(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "recent days"."""
    unit = base_at(tokens, place + 1)
    if base_at(tokens, place) == "recent" and unit.endswith("s") and unit[:-1] in UNITS:
        return _saying(f"recent {unit[:-1]}", place + 2)
    return None


def count_at(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    """A number of units ("3", "few") at `place`, and the token after it."""
    word = base_at(tokens, place)
    if word in ("a", "an") and base_at(tokens, place + 1) in _VAGUE:
        place, word = place + 1, base_at(tokens, place + 1)
    if word in _VAGUE:
        after = place + 1 + (base_at(tokens, place + 1) == "of")
        return ("2" if word == "couple" else "few"), after
    if word in ("a", "an", "one"):
        return "1", place + 1
    count = SMALL.get(word) or number_at(tokens, place, 1, 999)
    return (f"{count:g}", place + 1) if count else None


def _rolling(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "the last three months", "the past year", "the next few days"."""
    which = base_at(tokens, place)
    if which not in _BACK + _ON:
        return None
    counted = count_at(tokens, place + 1)
    count, at = counted if counted else ("1", place + 1)
    unit = base_at(tokens, at)
    word = "past" if which in _BACK else "next"
    if counted is None:
        if unit.endswith("s") and unit[:-1] in UNITS:
            return _saying(f"{word} few {unit[:-1]}", at + 1)
        with_the = base_at(tokens, place - 1) in ("the", "this")
        if unit not in UNITS[1:] or not (which == "past" or with_the):
            return None
    measured = _unit_at(tokens, at, count)
    if measured is None or base_at(tokens, at + 1) == "of":  # the last week of May
        return None
    return _saying(f"{word} {measured}", at + 1)


def _unit_at(tokens: Sequence[Token], at: int, count: str) -> str | None:
    """What "24 hours" and "three weeks" measure: "1 day", "3 week"; None where it is no time."""
    unit = base_at(tokens, at).removesuffix("s")
    if unit == "hour" and count.isdigit() and int(count) in _HOURS:
        return f"{_HOURS[int(count)]} day"
    return f"{count} {unit}" if unit in UNITS else None


def _counted(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "two weeks ago", "a few days ago", "three days later"."""
    counted = count_at(tokens, place)
    if counted is None or base_at(tokens, place - 1) in ("-", "than"):
        return None
    count, at = counted
    measured, how = _unit_at(tokens, at, count), base_at(tokens, at + 1)
    if measured is None:
        return None
    if how == "ago":
        return _ago(tokens, measured, at + 2)
    if how == "today" and count.isdigit() and measured.endswith("week"):  # a week today
        return _saying(f"in {7 * int(count)} day", at + 2)
    if count == "few" or how not in _SIDES:
        return None
    if how in ("later", "earlier") or _ends_phrase(tokens, at + 2):
        return _saying(f"{_SIDES[how]} {measured}", at + 2)
    return None


def _ago(tokens: Sequence[Token], measured: str, after: int) -> Found:
    """What "a year ago" and the like mean with what follows: "today", "this week", "on Monday"."""
    word, following = base_at(tokens, after), base_at(tokens, after + 1)
    if word == "today":
        return _saying(f"{measured} ago day", after + 1)
    if word == "this" and following in ("week", "month"):
        return _saying(f"{measured} ago {following}", after + 2)
    place = after + (word == "on")
    weekday = WEEKDAYS.get(base_at(tokens, place))
    if weekday is not None and measured.endswith("week"):
        return replace(NOWHERE, weekday=weekday, relative=f"{measured} ago"), place + 1
    return _saying(f"{measured} ago", after)


def _ahead(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "in two weeks", "within three days"; "in two weeks' time"."""
    if base_at(tokens, place) not in ("in", "within"):
        return None
    counted = count_at(tokens, place + 1)
    if counted is None or counted[0] == "few":
        return None
    measured = _unit_at(tokens, counted[1], counted[0])
    if measured is None:
        return None
    after = counted[1] + 1
    timed = base_at(tokens, after) == "'" and base_at(tokens, after + 1) == "time"
    if not timed and not _ends_phrase(tokens, after):
        return None
    which = "within" if base_at(tokens, place) == "within" else "ahead"
    return _saying(f"{which} {measured}", after + 2 * timed)


def _later(tokens: Sequence[Token], place: int) -> Found | None:
    """A "later" that tells when: "Later the force said", "the force later said"."""
    if base_at(tokens, place) != "later":
        return None
    following = base_at(tokens, place + 1)
    said = following in ("said", "told") or following.endswith("ed")
    if following in ("on", "in", "that", "this", "today", "than") or not (
        tokens[place].opens or said
    ):
        return None
    return _saying("later", place + 1)


def _ends_phrase(tokens: Sequence[Token], place: int) -> bool:
    """Whether no noun follows: "the day before." and not "the day before the vote"."""
    if place >= len(tokens):
        return True
    mark = tokens[place].base
    return mark in (".", ",", ";", "!", "?", ")") or (mark == "and")


def _anaphor(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "the following day", "the day before", "that night", "the same day"."""
    word, unit = base_at(tokens, place), base_at(tokens, place + 1)
    led = base_at(tokens, place - 1) == "the"
    if word in ("following", "next", "previous") and led and unit in (*UNITS[:4], "morning"):
        if word == "next" and unit != "day" and unit != "morning":
            return None
        unit = "day" if unit == "morning" else unit
        return _saying(f"{'earlier' if word == 'previous' else 'later'} 1 {unit}", place + 2)
    if led and word in ("day", "night") and unit in ("before", "after", "later"):
        if not _ends_phrase(tokens, place + 2):
            return None
        return _saying(f"{'earlier' if unit == 'before' else 'later'} 1 day", place + 2)
    month = month_at(tokens, place + 1)
    if (
        word == "that"
        and month
        and (_ends_phrase(tokens, place + 2) or base_at(tokens, place + 2) in _NO_NOUN)
    ):
        return replace(NOWHERE, month=month, relative="that year"), place + 2
    if word == "same" and unit in ("day", "month", "year") and led:
        return _saying(f"same {unit}", place + 2)
    if word == "that" and unit in (*_PARTS_OF_DAY, "day", "night", "month", "year"):
        led = place == 0 or tokens[place].opens
        led = led or base_at(tokens, place - 1) in ("later", "earlier", "of", "in", "on")
        if not led and not _ends_phrase(tokens, place + 2):
            return None
        return _saying(f"same {unit if unit in ('month', 'year') else 'day'}", place + 2)
    return None


def _the_period(tokens: Sequence[Token], place: int) -> Found | None:
    """The year of "the end of the year", the month of "later in the month"."""
    unit = base_at(tokens, place + 1)
    if base_at(tokens, place) != "the" or unit not in ("year", "month", "week", "decade"):
        return None
    before = base_at(tokens, place - 2), base_at(tokens, place - 1)
    if before[0] in ("end", "start", "beginning") and before[1] == "of":
        return _saying(f"this {unit}", place + 2)
    if before in (("later", "in"), ("earlier", "in")):
        return _saying(f"this {unit}", place + 2)
    return None
