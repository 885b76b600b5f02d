"""Facts that differ -> findings: which belong together, which are one value, and in which order.

1. Facts that may be compared are joined into groups; inside a group those that say the same value
   are one value.
2. A group with two values is a finding. Its difference is the gravest between any two of them.
3. Values stand by their number of independent sources, then by the newest day, then by score; where
   time has changed them, the latest first.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Protocol

from rag.comparison.findings import Attribute, Difference, Finding, GivenValue
from rag.comparison.sayings import Placed, count_sources

_GRAVITY: dict[Difference, int] = {"rounding": 0, "precision": 1, "time": 2, "contradiction": 3}
# A group in which sentences give more values than these tells of different things.
_MAX_VALUES = 8


class Fact(Placed, Protocol):
    """A value as a sentence gives it."""

    @property
    def value(self) -> str:
        """Its exact piece of the sentence, or the clause around it."""


@dataclass
class Groups:
    """Disjoint sets of positions, joined step by step."""

    parents: list[int]

    def find(self, place: int) -> int:
        """The first member of the set that `place` is in."""
        while self.parents[place] != place:
            place = self.parents[place]
        return place

    def join(self, one: int, other: int) -> None:
        """Make the sets of two positions one."""
        self.parents[max(self.find(one), self.find(other))] = min(self.find(one), self.find(other))


@dataclass(frozen=True)
class Rules:
    """How facts of one attribute are compared and reported.

    Attributes:
        comparable: Whether two facts are of the same thing.
        compare: How they differ; None when they are the same value.
        reported: The differences worth a finding.
    """

    attribute: Attribute
    comparable: Callable[[Any, Any], bool]
    compare: Callable[[Any, Any], Difference | None]
    reported: frozenset[Difference]


@dataclass(frozen=True)
class Naming:
    """What findings need to know beside the facts.

    Attributes:
        about: What was asked.
        families: Document id -> the name of its family of near-copies.
    """

    about: str
    families: Mapping[str, str]


def find_differences(facts: Sequence[Fact], rules: Rules, naming: Naming) -> list[Finding]:
    """The groups of `facts` that give more than one value."""
    things, values = Groups(list(range(len(facts)))), Groups(list(range(len(facts))))
    differing: list[tuple[int, int, Difference]] = []
    for k, m in combinations(range(len(facts)), 2):
        if not _worth_comparing(facts[k], facts[m]) or not rules.comparable(facts[k], facts[m]):
            continue
        difference = rules.compare(facts[k], facts[m])
        if difference is None:
            values.join(k, m)
        if difference is None or difference in rules.reported:
            things.join(k, m)
        if difference in rules.reported:
            differing.append((k, m, difference))
    pairs: dict[int, list[tuple[int, int, Difference]]] = {}
    for k, m, difference in differing:
        if values.find(k) != values.find(m):
            pairs.setdefault(things.find(k), []).append((k, m, difference))
    findings = []
    for group in pairs.values():
        keys = {values.find(place) for k, m, _ in group for place in (k, m)}
        members = [[f for p, f in enumerate(facts) if values.find(p) == key] for key in keys]
        if len(members) <= _MAX_VALUES:
            gravest = max((d for _, _, d in group), key=_GRAVITY.__getitem__)
            findings.append(make_finding(members, rules.attribute, gravest, naming))
    return findings


def _worth_comparing(one: Fact, other: Fact) -> bool:
    """Whether two facts stand in two sentences that do not both give both values."""
    if one.saying is other.saying or one.value == other.value:
        return one.saying is not other.saying
    return not (one.value in other.saying.text and other.value in one.saying.text)


def make_finding(
    values: Sequence[Sequence[Fact]],
    attribute: Attribute,
    difference: Difference,
    naming: Naming,
    *,
    ordered: bool = False,
) -> Finding:
    """A finding of these values, each with the facts that give it.

    Args:
        values: For each value the facts that give it, none of them empty.
        attribute: What kind of value it is.
        difference: What the difference amounts to.
        naming: What it is about, and which documents are one source.
        ordered: Whether the values already stand in their order.
    """
    given = []
    for facts in values:
        best = sorted(facts, key=lambda fact: -fact.saying.evidence.score)
        sources = count_sources([fact.saying for fact in best], naming.families)
        told = _distinct(best)
        evidence = tuple(fact.saying.evidence for fact in told)
        given.append(GivenValue(evidence, tuple(fact.value for fact in told), sources))
    if not ordered:
        newest_first = difference == "time"
        given.sort(
            key=lambda value: (
                -_newest(value).toordinal() if newest_first else 0,
                -value.sources,
                -_newest(value).toordinal(),
                -value.evidence[0].score,
            )
        )
    return Finding(naming.about, attribute, difference, tuple(given))


def _newest(value: GivenValue) -> date:
    days = [item.document.published for item in value.evidence if item.document.published]
    return max(days, default=date.min)


def _distinct(facts: Sequence[Fact]) -> list[Fact]:
    """The first fact of each sentence."""
    seen: dict[Hashable, Fact] = {}
    for fact in facts:
        item = fact.saying.evidence
        seen.setdefault((item.document.document_id, item.start_char), fact)
    return list(seen.values())
