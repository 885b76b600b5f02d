"""Numbers and quantity words of a sentence as ranges of what they count.

1. A number with its bound is a range: "more than 100" is 100 and up, "up to 300" is at most 300,
   "dozens" is 24 to 99, "hundreds" 200 to 999; "all", "most", "some", "few", "enough" are shares
   or sizes without a figure.
2. What it counts is the noun after it (its head), and what that did is the act beside it. "Of the
   2,500 officers, hundreds left" has a whole and a part; wholes are compared with wholes.

How two compare is told by `differing_amounts`.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass

from rag.claims.vocabulary import IRREGULAR_PASTS, LIGHT, stem_of
from rag.comparison.acts import read_acts
from rag.comparison.events import acts_near, verbs_near
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
_HEAD_REACH = 5
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
        return about((value, value))
    return value, value


def about(span: tuple[float, float]) -> tuple[float, float]:
    """The range of "about" a figure, given as the range that the figure alone has."""
    return 0.9 * span[0], 1.1 * span[1]


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
