"""Dates of a text: absolute, partial and relative ones, resolved against a document's date.

A mention keeps what it says in so many words (year, month, day, weekday, and the wording of a
relative one), and the interval of days that it means when that is certain. Two mentions agree when
everything that the one says is said by, or follows from, the other.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.values.numbers import SMALL
from rag.values.tokens import Token, tokenize

_MONTH_NAMES = [name.lower() for name in calendar.month_name[1:]]
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS = MONTHS | {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_ORDINAL_ENDS = ("st", "nd", "rd", "th")
_DAYS_OFF = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_PERIODS = ("day", "week", "month", "year", "weekend", "night", "decade", "century",
            "summer", "winter", "spring", "autumn", "season")  # fmt: skip
_WHICH = ("last", "next", "this", "past", "previous", "coming")
_FUTURE = re.compile(r"\b(?:will|next|due|expected|upcoming|set to|plans?|going to)\b", re.I)
_YEAR_BEFORE = frozenset(
    """in of by since from until till to during late early mid before after around through between
    and or for the year end -""".split()
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as a text gives it.

    Attributes:
        text: `text[start:end]`.
        year, month, day, weekday: As said; None where not. Monday is 0.
        relative: The wording of a relative date ("yesterday", "last week", "last"), or None.
        first, last: The interval that is meant, inclusive; None when it is not certain.
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


def read_dates(text: str, anchor: date | None = None) -> list[DateMention]:
    """The dates of `text`, in order.

    Args:
        text: Any text.
        anchor: The day on which it was published; None leaves relative and partial dates
            unresolved.

    Example: "on Monday", 2023-09-25 -> weekday 0, 2023-09-25 to 2023-09-25
    """
    tokens = tokenize(text)
    mentions: list[DateMention] = []
    place = 0
    while place < len(tokens):
        found = _date_at(tokens, place)
        if found is None:
            place += 1
            continue
        mention, first, after = found
        start, end = tokens[first].start, tokens[after - 1].end
        mention = replace(mention, start=start, end=end, text=text[start:end])
        mentions.append(_resolved(mention, anchor, _sentence_around(text, start, end)))
        place = max(after, place + 1)
    return mentions


def _sentence_around(text: str, start: int, end: int) -> str:
    """At most 100 characters on each side of a date, of its own sentence."""
    before, after = text[max(start - 100, 0) : start], text[end : end + 100]
    for mark in (". ", "! ", "? ", "\n"):
        before, after = before.rpartition(mark)[2], after.partition(mark)[0]
    return before + after


def date_words(text: str) -> dict[int, str]:
    """Offset -> weekday, month or year, of the tokens of the dates in `text`.

    Example: "on Monday" -> {3: "monday"}
    """
    spans = [(mention.start, mention.end) for mention in read_dates(text)]
    return {
        token.start: token.base
        for token in tokenize(text)
        if any(start <= token.start < end for start, end in spans)
        and (token.base in _MONTHS or token.base in WEEKDAYS or token.is_digits)
    }


def date_agrees(claimed: DateMention, given: DateMention) -> bool:
    """Whether all that `claimed` says follows from `given`.

    Example: "September 2022", "12 September 2022" -> True; the other way round -> False
    """
    if claimed.relative and given.relative and claimed.relative != given.relative:
        if claimed.first is None or claimed.last is None or given.first is None:
            return False
        return claimed.first <= given.first and (given.last or given.first) <= claimed.last
    parts = (claimed.year, claimed.month, claimed.day, claimed.weekday)
    if parts == (None, None, None, None):  # relative only
        if claimed.relative == given.relative:
            return True
        if claimed.first is None or claimed.last is None or given.first is None:
            return False
        return claimed.first <= given.first and (given.last or given.first) <= claimed.last
    return all(
        part is None or part == known for part, known in zip(parts, _known(given), strict=True)
    )


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


def _base(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].base if 0 <= place < len(tokens) else ""


def _date_at(tokens: Sequence[Token], place: int) -> tuple[DateMention, int, int] | None:
    """The date that starts at token `place`: the mention, its first token, the one after it."""
    for reader in (_iso, _absolute, _weekday, _relative, _ago, _bare_year):
        found = reader(tokens, place)
        if found is not None:
            return found[0], place, found[1]
    return None


_NOWHERE = DateMention(0, 0, "")


def _number(tokens: Sequence[Token], place: int, low: int, high: int) -> int | None:
    """The whole number at `place` when it lies in `low`..`high`."""
    if not 0 <= place < len(tokens) or not 1 <= len(tokens[place].text) <= 4:
        return None
    text = tokens[place].text
    return int(text) if text.isascii() and text.isdecimal() and low <= int(text) <= high else None


def _iso(tokens: Sequence[Token], place: int) -> tuple[DateMention, int] | None:
    """Such as "2023-09-25"."""
    year = _number(tokens, place, 1000, 2999)
    if year is None or _base(tokens, place + 1) != "-" or _base(tokens, place + 3) != "-":
        return None
    month, day = _number(tokens, place + 2, 1, 12), _number(tokens, place + 4, 1, 31)
    if month is None or day is None:
        return None
    return replace(_NOWHERE, year=year, month=month, day=day), place + 5


def _month_at(tokens: Sequence[Token], place: int) -> int | None:
    """The month named at `place`; short forms and small letters are none."""
    if not 0 <= place < len(tokens) or not tokens[place].is_capital:
        return None
    return _MONTHS.get(tokens[place].base)


def _day_at(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """A day of the month at `place` ("12", "12th", "the 12th of"), and the token after it."""
    day = _number(tokens, place, 1, 31)
    if day is None:
        return None
    place += 1
    if _base(tokens, place) in _ORDINAL_ENDS and tokens[place].glued:
        place += 1
    return day, place


def _absolute(tokens: Sequence[Token], place: int) -> tuple[DateMention, int] | None:
    """Such as "12 September 2022", "September 12, 2022", "September 2022", "last September"."""
    which = tokens[place].base if tokens[place].base in _WHICH else None
    begin = place + (which is not None)
    day_first = _day_at(tokens, begin)
    day, at = day_first if day_first else (None, begin)
    if day is not None and _base(tokens, at) == "of":
        at += 1
    month = _month_at(tokens, at)
    if month is None:
        return None
    word = tokens[at].base
    after = at + 1 + (_base(tokens, at + 1) == "." and len(word) < 5)
    if day is None:
        named = _day_at(tokens, after)
        if named and _base(tokens, named[1]) not in ("%", "percent"):
            day, after = named
    year, after = _year_after(tokens, after)
    if day is None and year is None and which is None and not _sure_month(tokens, at):
        return None
    relative, after = (which, after) if year else _year_word(tokens, after, which)
    return replace(_NOWHERE, year=year, month=month, day=day, relative=relative), after


def _sure_month(tokens: Sequence[Token], at: int) -> bool:
    """Whether a month name alone is one: not "May said", not "Jan"."""
    word = tokens[at].base
    if word in ("may", "march", "august", "april", "june") or word not in MONTHS:
        before = _base(tokens, at - 1)
        return (
            before in _YEAR_BEFORE | {"late", "early", "mid", "each", "every"} and before != "the"
        )
    return True


def _year_after(tokens: Sequence[Token], after: int) -> tuple[int | None, int]:
    """A year at `after`, perhaps behind a comma or "of", and the token after it."""
    skip = after + (_base(tokens, after) in (",", "of"))
    year = _number(tokens, skip, 1000, 2999)
    return (None, after) if year is None else (year, skip + 1)


def _year_word(tokens: Sequence[Token], after: int, which: str | None) -> tuple[str | None, int]:
    """Such as "last year" after a month, as in "September last year"."""
    place = after + (_base(tokens, after) == "of")
    if _base(tokens, place) in _WHICH and _base(tokens, place + 1) == "year":
        return f"{tokens[place].base} year", place + 2
    return which, after


def _weekday(tokens: Sequence[Token], place: int) -> tuple[DateMention, int] | None:
    """Such as "Monday", "last Monday", "Monday, 25 September 2023", "Mondays"."""
    which = tokens[place].base if tokens[place].base in _WHICH else None
    at = place + (which is not None)
    if at >= len(tokens) or not tokens[at].is_capital:
        return None
    weekday = WEEKDAYS.get(_base(tokens, at).removesuffix("s"))
    if weekday is None:
        return None
    comma = at + 1 + (_base(tokens, at + 1) in (",", "the"))
    if comma < len(tokens):
        whole = _absolute(tokens, comma)
        if whole is not None and whole[0].day is not None:
            return replace(whole[0], weekday=weekday), whole[1]
    return replace(_NOWHERE, weekday=weekday, relative=which), at + 1


def _relative(tokens: Sequence[Token], place: int) -> tuple[DateMention, int] | None:
    """Such as "yesterday", "last week", "this year", "the weekend"."""
    word, following = tokens[place].base, _base(tokens, place + 1)
    if word in _DAYS_OFF:
        return replace(_NOWHERE, relative=word), place + 1
    if word == "day" and following in ("before", "earlier"):
        return replace(_NOWHERE, relative="previous day"), place + 2
    if (word in ("following", "next") and following == "day") or (
        word == "day" and following in ("after", "later")
    ):
        return replace(_NOWHERE, relative="next day"), place + 2
    if word in _WHICH and following in _PERIODS:
        return replace(_NOWHERE, relative=f"{word} {following}"), place + 2
    if word == "weekend":
        return replace(_NOWHERE, relative="weekend"), place + 1
    return None


def _ago(tokens: Sequence[Token], place: int) -> tuple[DateMention, int] | None:
    """Such as "two weeks ago", "a year ago"."""
    count = 1 if tokens[place].base in ("a", "an") else SMALL.get(tokens[place].base)
    if count is None:
        count = _number(tokens, place, 1, 999)
    unit = _base(tokens, place + 1).removesuffix("s")
    if not count or unit not in _PERIODS or _base(tokens, place + 2) not in ("ago", "earlier"):
        return None
    return replace(_NOWHERE, relative=f"{count} {unit} {tokens[place + 2].base}"), place + 3


def _bare_year(tokens: Sequence[Token], place: int) -> tuple[DateMention, int] | None:
    """Such as "2022" where a year can stand; "1990s" as a decade."""
    year = _number(tokens, place, 1700, 2099)
    if year is None or (place and tokens[place - 1].text in "$£€#" and tokens[place].glued):
        return None
    following = _base(tokens, place + 1)
    if following == "s" and tokens[place + 1].glued:
        return replace(_NOWHERE, relative=f"{year}s"), place + 2
    before = _base(tokens, place - 1)
    ends = not following or not following[0].isalnum()
    if before not in _YEAR_BEFORE and before not in _MONTHS and not ends:
        return None
    return replace(_NOWHERE, year=year), place + 1


def _resolved(mention: DateMention, anchor: date | None, around: str) -> DateMention:
    """`mention` with the interval that it means."""
    year = mention.year
    if year is None and mention.month is not None and anchor is not None:
        year = _year_of_month(mention, anchor)
    if year is not None:
        interval = _interval(year, mention.month, mention.day)
    elif anchor is None:
        interval = None
    elif mention.weekday is not None:
        interval = _day_of_week(mention.weekday, mention.relative, anchor, around)
    elif mention.relative is not None:
        interval = _relative_interval(mention.relative, anchor)
    else:
        interval = None
    if interval is None:
        return mention
    return replace(mention, first=interval[0], last=interval[1])


def _year_of_month(mention: DateMention, anchor: date) -> int | None:
    """The year of a month named without one; None when it may be one of two.

    "last September" in the three months from September on is that of the year before; "in April"
    is the last April that had begun.
    """
    month = mention.month or 1
    if mention.relative in ("last year", "previous year"):
        return anchor.year - 1
    if mention.relative in ("this year", "next year"):
        return anchor.year + (mention.relative == "next year")
    if mention.relative in ("next", "coming"):
        return anchor.year + (month <= anchor.month)
    if mention.relative in ("last", "past", "previous"):
        return anchor.year - (month + 2 >= anchor.month)
    return anchor.year - (month > anchor.month)


def _interval(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    """First and last day of a year, a month or a day; None of the 31st of June."""
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None


def _day_of_week(
    weekday: int, which: str | None, anchor: date, around: str
) -> tuple[date, date] | None:
    """The day that a weekday means: the last one, or the next when the text looks ahead."""
    back = (anchor.weekday() - weekday) % 7
    if which in ("next", "coming", "this"):
        return None
    if which == "last" and back == 0:
        back = 7
    if which is None and back and _FUTURE.search(around):
        return None
    day = anchor - timedelta(days=back)
    return day, day


def _relative_interval(relative: str, anchor: date) -> tuple[date, date] | None:
    """The days that "yesterday", "last year", "1990s" or "two years ago" mean."""
    if relative in _DAYS_OFF:
        day = anchor + timedelta(days=_DAYS_OFF[relative])
        return day, day
    if relative[:4].isdigit() and relative.endswith("0s"):
        return date(int(relative[:4]), 1, 1), date(int(relative[:4]) + 9, 12, 31)
    which, _, period = relative.partition(" ")
    if period == "year" and which in ("last", "previous", "this", "next"):
        year = anchor.year + {"this": 0, "next": 1}.get(which, -1)
        return _interval(year, None, None)
    if period == "month" and which in ("last", "previous", "this"):
        end = anchor.replace(day=1) - timedelta(days=1) if which != "this" else anchor
        return _interval(end.year, end.month, None)
    if period == "day ago" and which.isdigit():
        day = anchor - timedelta(days=int(which))
        return day, day
    return None
