"""Dates and times of a sentence with what happened then, and how two of them compare.

1. A date belongs to the verb next to it in its clause; two dates are of one event when those verbs
   are the same or name the same act.
2. What both dates say (year, month, day, weekday), or the days that they mean where these are
   known, must agree; "the weekend" is a Saturday or a Sunday. If they do, and one says more, the
   difference is one of precision; if they do not, a contradiction.
3. What depends on a day that is not known ("last year", "the following day") contradicts nothing.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from rag.comparison.events import different_people, verbs_near
from rag.comparison.findings import Difference
from rag.comparison.sayings import Saying
from rag.values import DateMention, read_numbers

_SATURDAY, _SUNDAY = 5, 6
_LEADING = frozenset(
    "on in at over since from until by during before after the last next early mid late -".split()
)
_JOINING = re.compile("from|between|and|to|through|until|till|in|the")
_TO = re.compile(
    r"\s*(?:to|through|until|till|–|—)\s*(?:(?:early|mid|late)[\s-])?\s*", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class Moment:
    """A date, a time of day, or a range of dates, with the verbs that it belongs to."""

    saying: Saying
    first: int
    last: int
    mention: DateMention | None
    minutes: float | None
    frame: frozenset[str]
    is_range: bool = False

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last).rstrip(".")


def read_moments(saying: Saying) -> list[Moment]:
    """The dates and times of day of a sentence, in order."""
    found = [(mention.start, mention.end, mention, None) for mention in saying.dates]
    clocks = [n for n in read_numbers(saying.text) if n.kind == "clock"]
    spans: list[tuple[int, int, DateMention | None, float | None]] = [
        *found, *((n.start, n.end, None, n.value) for n in clocks),
    ]  # fmt: skip
    moments: list[Moment] = []
    for start, end, mention, minutes in spans:
        first, last = saying.place_at(start), saying.place_at(end - 1)
        frame = verbs_near(saying, first, last)
        begun = moments[-1] if moments else None
        if begun and begun.mention and mention and _TO.fullmatch(
            saying.text[saying.tokens[begun.last].end : saying.tokens[first].start]
        ):  # fmt: skip
            moments[-1] = replace(begun, last=last, is_range=True)
            continue
        while first and saying.bases[first - 1] in _LEADING:
            first -= 1
        moments.append(Moment(saying, first, last, mention, minutes, frame))
    return moments


def comparable(one: Moment, other: Moment) -> bool:
    """Whether two dates are of one event."""
    if not may_be_one_event(one, other) or not one.frame & other.frame:
        return False
    return not different_people(one.saying, other.saying)


def may_be_one_event(one: Moment, other: Moment, asked: frozenset[str] = frozenset()) -> bool:
    """Whether both are days, or both times of day; both ranges, or none; and of one event.

    Two different verbs may tell of one event, if one of them is of the `asked` events.
    """
    same_sort = (one.mention is None) == (other.mention is None)
    if not same_sort or one.is_range != other.is_range:
        return False
    if not asked or not one.frame or not other.frame or one.frame & other.frame:
        return True
    return bool((one.frame | other.frame) & asked)


def tell_when(one: Moment, other: Moment, asked: frozenset[str]) -> bool:
    """Whether two days with their months are of the `asked` event, which one of them names."""
    days = all(m.mention and m.mention.month and m.mention.day for m in (one, other))
    named = bool((one.frame | other.frame) & asked)
    return days and named and may_be_one_event(one, other, asked)


def _plain(value: str) -> list[str]:
    """The words of a range without those that only join it."""
    return [word for word in re.findall(r"\w+", value.lower()) if not _JOINING.fullmatch(word)]


def compare_moments(one: Moment, other: Moment) -> Difference | None:
    """How two dates of one event differ; None when they say the same."""
    if one.mention is None or other.mention is None:
        return None if one.minutes == other.minutes else "contradiction"
    a, b = one.mention, other.mention
    if one.is_range or other.is_range:
        return None if _plain(one.value) == _plain(other.value) else "contradiction"
    if (a.year, a.month, a.day, a.weekday, a.relative) == (
        b.year, b.month, b.day, b.weekday, b.relative,
    ) and (a.first == b.first or a.first is None or b.first is None):  # fmt: skip
        return None
    if a.first and b.first and a.last and b.last:
        if (a.first, a.last) == (b.first, b.last):
            return None
        slack = timedelta(days=1 if "weekend" in f"{a.relative} {b.relative}" else 0)
        apart = a.first > b.last + slack or b.first > a.last + slack
        return "contradiction" if apart else "precision"
    pairs = [(a.year, b.year), (a.month, b.month), (a.day, b.day), (a.weekday, b.weekday)]
    known = [(x, y) for x, y in pairs if x is not None and y is not None]
    if any(x != y for x, y in known):
        return "contradiction"
    for here, there in ((a, b), (b, a)):
        if here.relative and "weekend" in here.relative and there.weekday is not None:
            return "precision" if there.weekday in (_SATURDAY, _SUNDAY) else "contradiction"
    return "precision"
