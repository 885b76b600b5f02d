"""Where a text names a date: readers that look at one token and what follows it.

Each gives a mention that says what the words say (year, month, day, weekday, relative wording),
without offsets and not yet resolved, and the number of the token after it.
"""

import calendar
from collections.abc import Sequence
from dataclasses import replace

from rag.values.dates.mentions import DateMention
from rag.values.numbers import SMALL
from rag.values.tokens import Token

Found = tuple[DateMention, int]

_MONTH_NAMES = [name.lower() for name in calendar.month_name[1:]]
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
MONTHS_AND_SHORT = MONTHS | {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_ORDINAL_ENDS = ("st", "nd", "rd", "th")
DAYS_OFF = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
PERIODS = ("day", "week", "month", "year", "weekend", "night", "decade", "century",
            "summer", "winter", "spring", "autumn", "season")  # fmt: skip
WHICH = ("last", "next", "this", "past", "previous", "coming")
# "In June of that year", "in June the following year": years after the one that was told of.
YEAR_TOLD = {"that": 0, "same": 0, "following": 1}
YEAR_BEFORE = frozenset(
    """in of by since from until till to during late early mid before after around through between
    and or for the year end -""".split()
)


def base_at(tokens: Sequence[Token], place: int) -> str:
    """The plain form of the token at `place`; "" outside the text."""
    return tokens[place].base if 0 <= place < len(tokens) else ""


def date_at(tokens: Sequence[Token], place: int) -> Found | None:
    """The date that starts at token `place`, and the token after it."""
    for reader in (_iso, _numeric, _absolute, _weekday, _relative, _ago, _bare_year):
        found = reader(tokens, place)
        if found is not None:
            return found
    return None


NOWHERE = DateMention(0, 0, "")


def number_at(tokens: Sequence[Token], place: int, low: int, high: int) -> int | None:
    """The whole number at `place` when it lies in `low`..`high`."""
    if not 0 <= place < len(tokens) or not 1 <= len(tokens[place].text) <= 4:
        return None
    text = tokens[place].text
    return int(text) if text.isascii() and text.isdecimal() and low <= int(text) <= high else None


def _iso(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "2023-09-25"."""
    year = number_at(tokens, place, 1000, 2999)
    if year is None or base_at(tokens, place + 1) != "-" or base_at(tokens, place + 3) != "-":
        return None
    month, day = number_at(tokens, place + 2, 1, 12), number_at(tokens, place + 4, 1, 31)
    if month is None or day is None:
        return None
    return replace(NOWHERE, year=year, month=month, day=day), place + 5


def _numeric(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "13/09/2022" and "5.9.2022"; the year alone of "05/09/2022", which may be either.

    With dots the day comes first; with strokes, in Britain the day and in America the month.
    """
    parts, after = tokens[place].text.split("."), place + 1
    dots = len(parts) == 3
    if base_at(tokens, place + 1) == "/" and base_at(tokens, place + 3) == "/":
        parts, after = (
            [tokens[step].text for step in range(place, min(place + 5, len(tokens)), 2)],
            place + 5,
        )
    if [len(part) for part in parts] not in ([1, 1, 4], [1, 2, 4], [2, 1, 4], [2, 2, 4]):
        return None
    if not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    one, other, year = map(int, parts)
    day, month = (one, other) if dots or one > 12 or one == other else (other, one)
    if not (1 <= day <= 31 and 1 <= month <= 12 and 1000 <= year < 3000):
        return None
    sure = dots or day > 12 or one == other
    return replace(
        NOWHERE, year=year, month=month if sure else None, day=day if sure else None
    ), after


def month_at(tokens: Sequence[Token], place: int) -> int | None:
    """The month named at `place`; short forms and small letters are none."""
    if not 0 <= place < len(tokens) or not tokens[place].is_capital:
        return None
    return MONTHS_AND_SHORT.get(tokens[place].base)


def _day_at(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """A day of the month at `place` ("12", "12th", "the 12th of"), and the token after it."""
    day = number_at(tokens, place, 1, 31)
    if day is None:
        return None
    place += 1
    if base_at(tokens, place) in _ORDINAL_ENDS and tokens[place].glued:
        place += 1
    return day, place


def _absolute(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "12 September 2022", "September 12, 2022", "September 2022", "last September"."""
    which = tokens[place].base if tokens[place].base in WHICH else None
    begin = place + (which is not None)
    day_first = _day_at(tokens, begin)
    day, at = day_first if day_first else (None, begin)
    if day is not None and base_at(tokens, at) == "of":
        at += 1
    month = month_at(tokens, at)
    if month is None:
        return None
    word = tokens[at].base
    after = at + 1 + (base_at(tokens, at + 1) == "." and len(word) < 5)
    if day is None:
        named = _day_at(tokens, after)
        if named and base_at(tokens, named[1]) not in ("%", "percent"):
            day, after = named
    year, after = _year_after(tokens, after)
    if day is None and year is None and which is None and not _sure_month(tokens, at):
        return None
    relative, after = (which, after) if year else _year_word(tokens, after, which)
    return replace(NOWHERE, year=year, month=month, day=day, relative=relative), after


def _sure_month(tokens: Sequence[Token], at: int) -> bool:
    """Whether a month name alone is one: not "May said", not "Jan"."""
    word = tokens[at].base
    if word in ("may", "march", "august", "april", "june") or word not in MONTHS:
        before = base_at(tokens, at - 1)
        return before in YEAR_BEFORE | {"late", "early", "mid", "each", "every"} and before != "the"
    return True


def _year_after(tokens: Sequence[Token], after: int) -> tuple[int | None, int]:
    """A year at `after`, perhaps behind a comma or "of", and the token after it."""
    skip = after + (base_at(tokens, after) in (",", "of"))
    year = number_at(tokens, skip, 1000, 2999)
    return (None, after) if year is None else (year, skip + 1)


def _year_word(tokens: Sequence[Token], after: int, which: str | None) -> tuple[str | None, int]:
    """Such as "last year" after a month, as in "September last year", "February of that year"."""
    place = after + (base_at(tokens, after) == "of")
    place += base_at(tokens, place) == "the"
    word, year = base_at(tokens, place), base_at(tokens, place + 1)
    if word in (*WHICH, *YEAR_TOLD) and year == "year":
        return f"{word} year", place + 2
    return which, after


def _weekday(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "Monday", "last Monday", "Monday, 25 September 2023", "Mondays"."""
    which = tokens[place].base if tokens[place].base in WHICH else None
    at = place + (which is not None)
    weekday = WEEKDAYS.get(base_at(tokens, at).removesuffix("s"))
    if weekday is None:
        return None
    mark = base_at(tokens, at + 1)
    comma = at + 1 + (mark in (",", "the", "("))
    if comma < len(tokens):
        whole = _absolute(tokens, comma)
        if whole is not None and whole[0].day is not None:
            closed = mark == "(" and base_at(tokens, whole[1]) == ")"
            return replace(whole[0], weekday=weekday), whole[1] + closed
    week = _week_after(tokens, at + 1) if which is None else None
    if week is not None:
        return replace(NOWHERE, weekday=weekday, relative=week[0]), week[1]
    return replace(NOWHERE, weekday=weekday, relative=which), at + 1


def _week_after(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    """Which week a weekday before it is of: "Monday last week", "Monday of this week"."""
    place += base_at(tokens, place) == "of"
    which = base_at(tokens, place)
    if which in ("last", "next", "this") and base_at(tokens, place + 1) == "week":
        return f"{which} week", place + 2
    return None


def _relative(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "yesterday", "last week", "this year", "the weekend"."""
    word, following = tokens[place].base, base_at(tokens, place + 1)
    if word in DAYS_OFF:
        return replace(NOWHERE, relative=word), place + 1
    if word == "day" and following in ("before", "earlier"):
        return replace(NOWHERE, relative="previous day"), place + 2
    if (word in ("following", "next") and following == "day") or (
        word == "day" and following in ("after", "later")
    ):
        return replace(NOWHERE, relative="next day"), place + 2
    if word in WHICH and following in PERIODS and base_at(tokens, place + 2) != "of":
        weekday = WEEKDAYS.get(base_at(tokens, place + 3))
        if following == "week" and base_at(tokens, place + 2) == "on" and weekday is not None:
            return replace(NOWHERE, weekday=weekday, relative=f"{word} week"), place + 4
        return replace(NOWHERE, relative=f"{word} {following}"), place + 2
    if word == "weekend":
        return replace(NOWHERE, relative="weekend"), place + 1
    return None


def _ago(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "two weeks ago", "a year ago"."""
    count = 1 if tokens[place].base in ("a", "an") else SMALL.get(tokens[place].base)
    if count is None:
        count = number_at(tokens, place, 1, 999)
    unit = base_at(tokens, place + 1).removesuffix("s")
    if not count or unit not in PERIODS or base_at(tokens, place + 2) not in ("ago", "earlier"):
        return None
    return replace(NOWHERE, relative=f"{count} {unit} {tokens[place + 2].base}"), place + 3


def _bare_year(tokens: Sequence[Token], place: int) -> Found | None:
    """Such as "2022" where a year can stand; "1990s" as a decade."""
    year = number_at(tokens, place, 1700, 2099)
    if year is None or (place and tokens[place - 1].text in "$£€#" and tokens[place].glued):
        return None
    following = base_at(tokens, place + 1)
    if following == "s" and tokens[place + 1].glued:
        return replace(NOWHERE, relative=f"{year}s"), place + 2
    before = base_at(tokens, place - 1)
    ends = not following or not following[0].isalnum()
    if before not in YEAR_BEFORE and before not in MONTHS_AND_SHORT and not ends:
        return None
    return replace(NOWHERE, year=year), place + 1


_RECURRING = frozenset(
    "every each a any some most many another one first second third fourth".split()
)
_TITLE_BEFORE = frozenset(
    """black cyber good super giving bloody ash freaky sheffield palm easter ruby taco shrove
    maundy usa""".split()
)
_TITLE_AFTER = frozenset("times telegraph mail mirror express live programme".split())


def is_recurring(tokens: Sequence[Token], first: int, after: int) -> bool:
    """Whether a weekday is not one day: "every Monday", "Mondays", "a Monday"."""
    last = tokens[after - 1].base
    plural = last.endswith("days") and last[:-1] in WEEKDAYS
    weekday = any(token.base in WEEKDAYS for token in tokens[first:after])
    alone = weekday and not any(token.is_digits for token in tokens[first:after])
    return plural or (alone and base_at(tokens, first - 1) in _RECURRING)


def is_title(tokens: Sequence[Token], first: int, after: int) -> bool:
    """Whether it is a name and no date: "Black Friday", "Monday Night Football", "USA Today"."""
    token = tokens[first]
    opens = token.opens or first == 0 or token.start - tokens[first - 1].end > 1  # a new line
    if token.base in DAYS_OFF and token.is_capital and not opens:
        return True
    if not token.is_capital or (token.base not in WEEKDAYS and token.base not in DAYS_OFF):
        return False
    following = tokens[after] if after < len(tokens) else None
    if following is not None and following.is_capital:
        if following.base in _TITLE_AFTER:
            return True
        further = tokens[after + 1] if after + 1 < len(tokens) else None
        if following.base == "night" and further is not None and further.is_capital:
            return True  # Monday Night Football, Saturday Night Fever
    return base_at(tokens, first - 1) in _TITLE_BEFORE and tokens[first - 1].is_capital
