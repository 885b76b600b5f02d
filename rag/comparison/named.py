"""Values that a question sets against each other itself: "29 or 30 October", "6 v 7 years".

1. The figures or the dates next to "or" on both sides are the named values. One takes from the
   other what it leaves out: unit, scale, month.
2. A sentence gives a value when it has the same figure, or a date that agrees with it in all that
   the question names; a sentence that has both tells nothing.
"""

import re
from dataclasses import dataclass

from rag.claims.vocabulary import keys_of
from rag.comparison.amounts import counted_noun, range_of, span_of, unit_of
from rag.comparison.differing_amounts import compare_ranges
from rag.comparison.findings import Attribute, Difference
from rag.comparison.reference import told_apart
from rag.comparison.sayings import Saying, published_apart
from rag.values import DateMention, Number, read_dates, read_numbers

_OR = re.compile(r"\bor\b|\bv(?:s\.?|ersus)?(?=\s)|/", re.IGNORECASE)
_MONTH = re.compile(
    r"\b(?:january|february|april|june|july|august|september|october|november|december|may(?= \d)"
    r"|(?<=\d )may|march(?= \d)|(?<=\d )march)\b"
)
_YEARS = range(1500, 2200)
# So many characters may stand between "or" and a value.
_REACH = 24


@dataclass(frozen=True)
class NamedValue:
    """A figure (`number`, with its unit) or a date, of which only the named parts are given.

    `vague`: the figure is a word for many: "scores", "hundreds".
    """

    number: float | None = None
    unit: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    vague: bool = False


@dataclass(frozen=True, eq=False)
class Given:
    """A named value as a sentence gives it: tokens `first` to `last`; a figure with its number."""

    saying: Saying
    first: int
    last: int
    named: NamedValue
    number: Number | None = None

    @property
    def unit(self) -> str | None:
        """What the figure counts, when it is no plain one."""
        return unit_of(self.number) if self.number else None

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


def named_values(question: str) -> tuple[Attribute, tuple[NamedValue, NamedValue]] | None:
    """The two values that a question asks to choose from, and what they are; None without any.

    Example: "clocks go back 29 or 30 october" -> "date", day 29 and day 30 of month 10
    """
    question = _MONTH.sub(lambda match: match.group().capitalize(), question)
    dates = read_dates(question, None)
    numbers = [
        number
        for number in read_numbers(question)
        if not any(mention.start <= number.start < mention.end for mention in dates)
    ]
    found: list[DateMention | Number] = [*dates, *numbers]
    for match in _OR.finditer(question):
        before = [item for item in found if 0 <= match.start() - item.end <= _REACH]
        after = [item for item in found if 0 <= item.start - match.end() <= _REACH]
        if before and after:
            left = max(before, key=lambda item: item.end)
            right = min(after, key=lambda item: item.start)
            pair = _pair(left, right)
            if pair is not None and pair[1][0] != pair[1][1]:
                return pair
    return None


def _pair(
    left: DateMention | Number, right: DateMention | Number
) -> tuple[Attribute, tuple[NamedValue, NamedValue]] | None:
    ordinals = [isinstance(item, Number) and item.kind == "ordinal" for item in (left, right)]
    if isinstance(left, Number) and isinstance(right, Number) and not any(ordinals):
        units, scale = (unit_of(left), unit_of(right)), max(_scale(left), _scale(right))
        shared = units[0] or units[1]
        return "number", (
            _figure(left, units[0] or shared, scale),
            _figure(right, units[1] or shared, scale),
        )
    one, other = (_parts(item) for item in (left, right))
    if one is None or other is None:
        return None
    if one.day and other.day:
        month, year = one.month or other.month, one.year or other.year
        one, other = (NamedValue(None, None, year, month, part.day) for part in (one, other))
    precise = [[bool(part.year), bool(part.month), bool(part.day)] for part in (one, other)]
    return ("date", (one, other)) if precise[0] == precise[1] else None


def _scale(number: Number) -> float:
    """What "million" and the like multiply a number's digits by."""
    digits = re.match(r"\D{0,2}(\d[\d,]*(?:\.\d+)?)", number.text)
    bare = float(digits.group(1).replace(",", "")) if digits else 0.0
    return number.value / bare if bare else 1.0


def _figure(number: Number, unit: str | None, scale: float) -> NamedValue:
    factor = scale if _scale(number) == 1.0 else 1.0
    return NamedValue(number.value * factor, unit, vague=number.kind == "vague")


def _parts(item: DateMention | Number) -> NamedValue | None:
    """What is said of a date; a bare number beside one is a day of the month, or a year."""
    if isinstance(item, DateMention):
        named = item.year or item.month or item.day
        return NamedValue(None, None, item.year, item.month, item.day) if named else None
    if item.value in _YEARS:
        return NamedValue(year=int(item.value))
    return NamedValue(day=int(item.value)) if item.value in range(1, 32) else None


def read_given(saying: Saying, values: tuple[NamedValue, NamedValue]) -> list[Given]:
    """Where a sentence gives one of two values; nothing when it gives both."""
    found = []
    for named in values:
        for number in saying.numbers:
            if _is_figure(number, named):
                found.append(Given(saying, *span_of(saying, number), named, number))
                break
        for mention in saying.dates:
            if _is_date(mention, named):
                first, last = saying.place_at(mention.start), saying.place_at(mention.end - 1)
                found.append(Given(saying, first, last, named))
                break
    return found if len(found) == 1 else []


def _is_figure(number: Number, named: NamedValue) -> bool:
    units = {unit_of(number), named.unit} - {None}
    same = number.value == named.number and (number.kind == "vague") == named.vague
    return same and len(units) < 2 and number.kind != "clock"


def _is_date(mention: DateMention, named: NamedValue) -> bool:
    if named.number is not None:
        return False
    year, month, day = mention.year, mention.month, mention.day
    if mention.first and mention.precision == "day":
        year, month, day = mention.first.year, mention.first.month, mention.first.day
    elif mention.first and mention.precision == "month":
        year, month = mention.first.year, mention.first.month
    parts = ((year, named.year), (month, named.month), (day, named.day))
    needed = next(pair for pair in reversed(parts) if pair[1] is not None)
    return needed[0] == needed[1] and all(
        have == want for have, want in parts if have is not None and want is not None
    )


def counted(given: Given) -> frozenset[str]:
    """Keys of the noun that a plain figure counts; empty where there is none."""
    at = None if given.unit else counted_noun(given.saying, given.last)
    return keys_of(given.saying.bases[at]) if at is not None else frozenset()


def are_comparable(one: Given, other: Given) -> bool:
    """Whether two figures count the same, at the same time and in the same way."""
    if one.named.number is None:
        return True
    here, there = counted(one), counted(other)
    if here and there and not here & there:
        return False
    return not told_apart(one, other, one.unit or other.unit)


def compare_given(one: Given, other: Given) -> Difference | None:
    """How two given values differ; None when they are the same one."""
    if one.named == other.named:
        return None
    if one.number and other.number:
        difference = compare_ranges(range_of(one.number), range_of(other.number))
        apart = difference == "contradiction" and published_apart(one.saying, other.saying)
        return "time" if apart else difference
    return "contradiction"
