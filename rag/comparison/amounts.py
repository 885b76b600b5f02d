"""Numbers and quantity words of a sentence as ranges of what they count, and how two compare.

1. A number with its bound is a range: "more than 100" is 100 and up, "up to 300" is at most 300,
   "dozens" is 24 to 99, "hundreds" 200 to 999; "all", "most", "some", "few", "enough" are shares
   or sizes without a figure.
2. What it counts is the noun after it (its head), and what that did is the act beside it. "Of the
   2,500 officers, hundreds left" has a whole and a part; wholes are compared with wholes.
3. Two amounts are of one thing when unit, head and act agree, and neither the dates beside them
   nor the persons named tell them apart.
4. Ranges that meet are the same value or a rounding of it; ranges that do not are a contradiction,
   but for a round number that is the other one rounded. A word without a figure is less precise.
"""

import math
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from rag.claims.vocabulary import IRREGULAR_PASTS, LIGHT, stem_of
from rag.comparison.acts import read_acts
from rag.comparison.events import (
    acts_near,
    different_people,
    subject_before,
    verbs_near,
)
from rag.comparison.findings import Difference
from rag.comparison.reference import PERIODS
from rag.comparison.sayings import Saying
from rag.values import Number, read_numbers

_WORDS: tuple[tuple[str, str], ...] = (
    ("all", r"(?:every (?:single )?one|all|each|the whole lot|the entirety) of (?:the|its|their)"
            r"|every|all(?= \w+ed? |\s\w+s\b)"),
    ("most", r"(?:the |a )?(?:vast |overwhelming |great )?majority|most(?= of| \w+s\b)"),
    ("none", r"none|no(?= \w+(?:s|people)\b)"),
    ("few", r"(?:only |just )?(?:a )?(?:few|handful|limited number|small number)"),
    ("enough", r"enough|sufficient|\"sufficient\"|“sufficient”"),
    ("many", r"\W?many\W?|a large number|numerous|a great many"),
    ("some", r"some(?= of| \w+s\b| \w+ \w+s\b)|a number|several|various|a group"),
)  # fmt: skip
_QUANTITIES = tuple((name, re.compile(rf"(?<!\w)(?:{rule})(?!\w)", re.I)) for name, rule in _WORDS)
_PERSONS = frozenset(
    """peopl person victim man men woman women passeng worker staff resid child children adult
    civilian individu other employe fan support live""".split()
)  # fmt: skip
_HEAD_REACH = 5
# A sum that is so many times another one is of another thing.
_SCALE = 100
# What follows a counted noun: "250 people came", "two dead".
_NOT_COUNTED = IRREGULAR_PASTS | {"dead"}
_PEOPLE = frozenset({"people", "person", "persons"})
MONEY = frozenset(("$", "£", "€", "pence", "cent"))
_EACH = (("a",), ("an",), ("per",), ("for",), ("each",))
_BREAKS = frozenset(", . ; : ( ) who that which whom in at on from by as".split())


@dataclass(frozen=True, eq=False)
class Amount:
    """A number or quantity word with what it counts.

    Attributes:
        saying: Its sentence.
        first, last: The tokens of its display value, bound and noun included.
        low, high: The range that is meant, inclusive.
        word: "all", "some" and the like; None for what has a figure.
        unit: "%", "$", "mile"; None of a plain count.
        head: Stem of the noun that is counted, or None.
        whole: Whether it is the whole of which another is a part.
    """

    saying: Saying
    first: int
    last: int
    low: float
    high: float
    word: str | None
    unit: str | None
    head: str | None
    whole: bool
    acts: frozenset[str]
    frame: frozenset[str]

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


def read_amounts(saying: Saying) -> list[Amount]:
    """The amounts of a sentence: numbers with figures first, then quantity words."""
    amounts = [
        amount
        for number in saying.numbers
        if number.kind not in ("ordinal", "clock")
        for amount in _from_number(saying, number)
    ]
    # "$500-600 million" is one amount, and "$600 million" in it none.
    amounts = [a for a in amounts if not any(
        b is not a and b.first <= a.first and a.last <= b.last for b in amounts)]  # fmt: skip
    # Of several figures for one thing in a sentence, none can be told from the others.
    kinds = Counter(_counted(a) for a in amounts if a.word is None)
    amounts = [a for a in amounts if a.word is not None or kinds[_counted(a)] == 1]
    taken = {place for amount in amounts for place in range(amount.first, amount.last + 1)}
    for name, rule in _QUANTITIES:
        for match in rule.finditer(saying.text):
            start = match.start() + (len(match.group()) - len(match.group().lstrip("\"“' ")))
            first, last = saying.place_at(start), saying.place_at(match.end() - 1)
            if first in taken:
                continue
            taken.update(range(first, last + 1))
            amounts.append(_amount(saying, first, last, (0.0, math.inf), name, None))
    return amounts


def _counted(amount: Amount) -> tuple[object, ...]:
    """What a figure counts, and whether that was hurt or killed, or is all that there is."""
    told = tells_how_many_there_are(amount)
    return amount.unit, amount.head, amount.whole, amount.acts & {"die", "hurt"}, told


def tells_how_many_there_are(amount: Amount) -> bool:
    """Whether it is the figure of "there are 2,500 officers in the city"; not of "at the gate"."""
    bases = amount.saying.bases
    there = bases[max(amount.first - 2, 0) : amount.first] in (("there", "are"), ("there", "were"))
    plain = amount.word is None and amount.unit is None
    return there and plain and bases[amount.last + 1 : amount.last + 2] in ((), (".",), ("in",))


def span_of(saying: Saying, number: Number) -> tuple[int, int]:
    """The tokens of a number, those of its bound included: "more than 100"."""
    first, last = saying.place_at(number.start), saying.place_at(number.end - 1)
    while number.bound != "exact" and first and saying.bases[first - 1] in _BOUND_WORDS:
        first -= 1
    return first, last


def unit_of(number: Number) -> str | None:
    """What a number counts, when it is no plain one: "$", "%", "year"."""
    return "%" if number.kind == "percent" else number.unit


def _from_number(saying: Saying, number: Number) -> list[Amount]:
    bound_first, last = span_of(saying, number)
    unit = unit_of(number)
    before = saying.bases[max(bound_first - 6, 0) : bound_first]
    text = " ".join(before[-4:])
    if re.search(r"\b(?:every one|all|each) of(?: the| its| their)?$", text):
        at = max(bound_first - 4, 0)
        while saying.bases[at] not in ("every", "all", "each"):
            at += 1
        return [
            _amount(saying, at, last, (0.0, math.inf), "all", None),
            _amount(saying, bound_first, last, range_of(number), None, unit, whole=True),
        ]
    whole = bool(
        re.search(r"(?:^|\s)of (?:the|its|their|his|her|\w+(?:'s)?)(?: \S+)?$", text)
    ) and (number.kind == "count")
    around = {*saying.bases[max(bound_first - 1, 0) : bound_first],
              *saying.bases[last + 1 : last + 2]}  # fmt: skip
    if around & _ADDED:
        return []
    return [_amount(saying, bound_first, last, range_of(number), None, unit, whole=whole)]


# "three more games": how many there are in all is not said.
_ADDED = frozenset("more another further additional other extra # •".split())


_BOUND_WORDS = frozenset(
    """more over at above upwards exceeding greater in no not just up fewer less under below as
    a about around roughly approximately nearly almost some close than to of least most
    excess many much maximum the""".split()
)


def range_of(number: Number) -> tuple[float, float]:
    """The range that a number means."""
    value = number.value
    if number.kind == "vague":
        word = number.text.lower().split()[0]
        low = {"dozens": 24.0, "scores": 40.0, "tens": 20.0}.get(word, 2 * value)
        high = {"dozens": 99.0, "scores": 200.0}.get(word, 10 * value - 1)
        return low, high
    if number.bound == "over":
        return value, math.inf
    if number.bound == "under":
        return 0.0, value
    if number.bound == "about":
        return _about((value, value))
    return value, value


def _amount(
    saying: Saying, first: int, last: int, span: tuple[float, float], word: str | None,
    unit: str | None, *, whole: bool = False,
) -> Amount:  # fmt: skip
    head_at = counted_noun(saying, last)
    near = head_at if head_at is not None else last
    head = stem_of(saying.bases[head_at]) if head_at is not None else None
    shown = head_at if head_at is not None and head_at - last <= 4 else last
    if unit in MONEY and saying.bases[last + 1 : last + 2] not in _EACH:
        shown = last  # "£2.1m was carried off"
    text = " ".join(saying.bases)
    if head and re.search(r"\bnumber (?:more|over|about|some|around|up|nearly|\d)", text):
        whole = True
    acts = acts_near(saying, near) - _acts_of_others(saying, first)
    if head is None and unit is None and word is None:
        harmed = _harm_before(saying, first)
        head, acts = ("peopl", harmed) if harmed else (None, acts)
    if not whole and word is None and unit is None and not acts:
        before = saying.bases[max(first - 1, 0) : first]
        whole = bool(set(before) & {"had", "has", "have", "employs", "employed"})
    return Amount(
        saying, first, shown, *span, word, unit, head, whole,
        acts, verbs_near(saying, first, near),
    )  # fmt: skip


def _acts_of_others(saying: Saying, first: int) -> frozenset[str]:
    """The acts right before another figure: of "212 people, injuring 14" the 14 are hurt."""
    figures = {saying.place_at(number.start) for number in saying.numbers} - {first}
    return frozenset(
        name for name, _, end in read_acts(saying.text)
        if saying.place_at(end - 1) + 1 in figures
    )  # fmt: skip


def _harm_before(saying: Saying, first: int) -> frozenset[str]:
    """What was done to the people of a bare figure: "hurt" of "injuring 14"; or nothing."""
    return frozenset(
        name for name, _, end in read_acts(saying.text)
        if name in ("die", "hurt") and saying.place_at(end - 1) + 1 == first
    )  # fmt: skip


def counted_noun(saying: Saying, last: int) -> int | None:
    """The place of the noun that is counted: the last plain word of the phrase after the number."""
    at, found = last + 1, None
    if saying.bases[at : at + 1] == ("of",):
        at += 1
    while at < len(saying.bases) and at <= last + _HEAD_REACH:
        base = saying.bases[at]
        gap = saying.text[saying.tokens[at - 1].end : saying.tokens[at].start]
        if base in _BREAKS or "\n" in gap or (found is not None and base in LIGHT - _PEOPLE):
            break
        if base[:1].isalpha() and (base not in LIGHT or base in _PEOPLE):
            if found is not None and (base.endswith("ed") or base in _NOT_COUNTED):
                break
            found = at
            if base.endswith("s"):
                following = saying.bases[at + 1 : at + 2]
                if not (following and following[0].endswith("s") and following[0] not in LIGHT):
                    break
        at += 1
    return found


def figures_in(text: str) -> frozenset[tuple[float, float]]:
    """The ranges of the figures that a text names.

    Example: "scores or more than 100?" -> (40, 200), (100, inf)
    """
    found = [range_of(number) for number in read_numbers(text)]
    if re.search(r"\bscores\b", text, re.IGNORECASE):
        found.append((40.0, 200.0))
    return frozenset(found)


def out_of_scale(one: Amount, other: Amount) -> bool:
    """Whether one sum is so many times the other that both cannot be of one thing.

    Example: 2 euros, 4.5 million euros -> True
    """
    if one.unit is None or one.unit != other.unit:
        return False
    small, large = sorted(amount.low or amount.high for amount in (one, other))
    return small > 0 and large / small >= _SCALE


def count_alike(one: Amount, other: Amount) -> bool:
    """Whether two figures are of one unit, or count the same sort of thing or both persons."""
    if one.word or other.word or one.unit != other.unit:
        return False
    return one.unit is not None or one.head == other.head or {one.head, other.head} <= _PERSONS


def comparable(one: Amount, other: Amount) -> bool:
    """Whether two amounts count the same thing that did the same."""
    if one.unit != other.unit or one.whole != other.whole:
        return False
    if one.unit is None and (one.head is None or other.head is None):
        return False
    if (one.word is None) != (other.word is None) and not _told_apart(one, other):
        return False
    if one.unit is None and one.head != other.head:
        heads = {one.head, other.head}
        # "14 dead", "12 people killed": anybody may be meant by "people" and by what happened.
        if not (one.acts & other.acts and ((heads <= _PERSONS and "peopl" in heads)
                                           or heads & {"dead", "injur", "miss"})):  # fmt: skip
            return False
    if one.whole:
        return not _other_time(one, other)
    if one.unit and not _same_subject(one, other):
        return False
    if one.acts and other.acts:
        met = bool(one.acts & other.acts) or left(one.acts, other.acts)
    else:
        met = bool(one.frame & other.frame)
    return met and not _other_time(one, other) and not different_people(one.saying, other.saying)


def same_unit(one: Amount, other: Amount) -> bool:
    """Whether two figures are of one unit; a length of time may be counted from anywhere."""
    figures = one.word is None and other.word is None
    return figures and one.unit == other.unit is not None and one.unit not in PERIODS


def _told_apart(one: Amount, other: Amount) -> bool:
    """Whether a quantity word and a figure can be compared: "some" goes with any figure."""
    word, low = one.word or other.word, max(one.low, other.low)
    return word in ("all", "none") or (word == "few" and low >= MANY)


# No few are as many as this.
MANY = 100


def _same_subject(one: Amount, other: Amount) -> bool:
    """Whether the words before two amounts name the same; a sum may also open the sentence."""
    here = subject_before(one.saying, one.first, 12)
    there = subject_before(other.saying, other.first, 12)
    return bool(here & there) or not (here and there)


def left(one: Collection[str], other: Collection[str]) -> bool:
    """Whether both sets of acts hold one of leaving: news uses several words for one act."""
    leaving = {"resign", "withdraw"}
    return bool(leaving & set(one) and leaving & set(other))


def _other_time(one: Amount, other: Amount) -> bool:
    """Whether each has its own time: different years, or a year and a month."""

    def times(amount: Amount) -> list[tuple[int | None, int | None]]:
        return [(d.year, d.month) for d in amount.saying.dates if d.year or d.month]

    here, there = times(one), times(other)
    return bool(here and there and not set(here) & set(there))


def compare_amounts(one: Amount, other: Amount) -> Difference | None:
    """How two amounts of one thing differ; None when they are the same value."""
    if one.word or other.word:
        if one.word == other.word:
            return None
        words = {one.word, other.word}
        if (
            "all" in words
            or "none" in words
            or words == {"few", "many"}
            or words == {"few", "most"}
        ):
            return "contradiction"
        if "few" in words and max(one.low, other.low) >= MANY:
            return "contradiction"
        return "precision"
    return compare_ranges((one.low, one.high), (other.low, other.high))


def compare_ranges(one: tuple[float, float], other: tuple[float, float]) -> Difference | None:
    """How two ranges of one thing differ; None when they are the same, or around the same figure.

    "About 30" and "30" are one value in other words; "more than 30" is another one.
    """
    if one in (other, _about(other)) or other == _about(one):
        return None
    if max(one[0], other[0]) <= min(one[1], other[1]):
        return "rounding"
    return "rounding" if _is_rounded(_point(one), _point(other)) else "contradiction"


def _about(span: tuple[float, float]) -> tuple[float, float]:
    """The range of "about" a figure, given as the range that the figure alone has."""
    return 0.9 * span[0], 1.1 * span[1]


def _point(span: tuple[float, float]) -> float:
    low, high = span
    return high if low == 0 else low


def _is_rounded(one: float, other: float) -> bool:
    """Whether one of two numbers is the other with fewer significant digits.

    Example: 2500, 2595 -> True; 12, 14 -> False
    """
    for rough, fine in ((one, other), (other, one)):
        if rough and abs(rough - fine) <= 0.05 * abs(fine) and abs(fine) >= 20:
            digits = f"{rough:g}".rstrip("0").replace(".", "")
            if len(digits) < len(f"{fine:g}".rstrip("0").replace(".", "")):
                return True
    return False
