"""How two amounts compare: of one thing or not, and the same value or not.

1. Two amounts are of one thing when unit, head and act agree, and neither the dates beside them
   nor the persons named tell them apart.
2. Ranges that meet are the same value or a rounding of it; ranges that do not are a contradiction,
   but for a round number that is the other one rounded. A word without a figure is less precise.
"""

from collections.abc import Collection

from rag.comparison.amounts import Amount, about
from rag.comparison.events import different_people, subject_before
from rag.comparison.findings import Difference
from rag.comparison.reference import PERIODS

_PERSONS = frozenset(
    """peopl person victim man men woman women passeng worker staff resid child children adult
    civilian individu other employe fan support live""".split()
)  # fmt: skip
# A sum that is so many times another one is of another thing.
_SCALE = 100
# No few are as many as this.
MANY = 100


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
    if one in (other, about(other)) or other == about(one):
        return None
    if max(one[0], other[0]) <= min(one[1], other[1]):
        return "rounding"
    return "rounding" if _is_rounded(_point(one), _point(other)) else "contradiction"


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
