"""Question and evidence -> findings: what the sentences say differently about one thing.

1. Each sentence is read once; those that share too little with the question are left out.
2. The asked attribute comes first: its values are compared in every sentence that bears on the
   question, with every kind of difference. Where the question asks for something else, figures,
   dates, places and roles are compared only between sentences that are about the same, and only
   contradictions count.
3. Then states, which a later sentence ends; denials, opposites, rival acts; objects of one verb.
4. What two findings say of the same sentences is told once, by the first of them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeVar

from rag.claims.vocabulary import keys_of
from rag.comparison import amounts, causes, objects, people, places, speakers, times, wordings
from rag.comparison.asking import Asked, read_question
from rag.comparison.changing import StateChange, find_changes
from rag.comparison.events import different_people, read_acts
from rag.comparison.findings import Attribute, Difference, Finding
from rag.comparison.grouping import Fact, Naming, Rules, find_differences, make_finding
from rag.comparison.named import compare_given, named_values, read_given
from rag.comparison.sayings import (
    Saying,
    covered,
    likeness,
    other_day,
    published_apart,
    same_figures,
    weigh_words,
)
from rag.schema import Evidence
from rag.values import tokenize

# Of more sentences than these the first are compared.
MAX_SENTENCES = 60
# The part of the question's words that a sentence must have to be compared in what is asked ...
MIN_COVERED = 0.3
# ... and in what is not asked.
MIN_COVERED_BESIDE = 0.5
# The first sentences are compared whatever words they have: the reader knows more than words.
FIRST, FIRST_BESIDE = 20, 12
# How much two sentences must be about the same when the question does not ask for their values.
MIN_LIKENESS, MIN_LIKENESS_ASKED = 0.4, 0.15
MIN_LIKENESS_CAUSE = (0.3, 0.5)  # asked, not asked
# The part of the words of "who ...?" that a sentence must have to tell who.
MIN_COVERED_WHO = 0.6
# Money and shares are not told apart by what they count.
MIN_LIKENESS_UNIT = 0.3
MIN_LIKENESS_POLAR, MIN_LIKENESS_DENIAL, MIN_LIKENESS_OPPOSITES = 0.15, 0.5, 0.5
MIN_LIKENESS_OBJECT = 0.25
MIN_LIKENESS_NAMED = 0.1

E = TypeVar("E", times.Moment, places.Spot)

_ALL: frozenset[Difference] = frozenset({"rounding", "precision", "time", "contradiction"})
_GRAVE: frozenset[Difference] = frozenset({"time", "contradiction"})


def compare_evidence(
    question: str, evidence: Sequence[Evidence], *, families: Mapping[str, str] | None = None
) -> list[Finding]:
    """What the evidence says differently about what is asked, the asked attribute first.

    Args:
        question: As it was searched, with what the conversation adds.
        evidence: Sentences that bear on it, best first.
        families: Document id -> the name of its family of near-copied documents, which count as
            one source; a document that is not in it is its own.

    Returns:
        Findings; none where the sentences agree, or where it is not certain that they do not.
    """
    return _Comparison(read_question(question), evidence, families or {}).findings()


class _Comparison:
    """The sentences of one question, read."""

    def __init__(
        self, asked: Asked, evidence: Sequence[Evidence], families: Mapping[str, str]
    ) -> None:
        self.asked, self.naming = asked, Naming(asked.about, families)
        self.all = sayings = [Saying(item) for item in evidence[:MAX_SENTENCES]]
        self.weights = weigh_words(sayings)
        known = {key for s in sayings for key in s.stems | s.groups}
        self.content = [(stem, keys) for stem, keys in asked.content if keys & known]
        self.asked_keys = frozenset(key for _, keys in self.content for key in keys)
        self.shares = {id(s): covered(self.content, s, self.weights) for s in sayings}
        self.sayings = self._bearing(sayings, MIN_COVERED, FIRST)
        self.near = self._bearing(sayings, MIN_COVERED_BESIDE, FIRST_BESIDE)
        self._likeness: dict[tuple[int, int], float] = {}

    def _bearing(self, sayings: Sequence[Saying], least: float, first: int) -> list[Saying]:
        """The first sentences, and those that have enough of the question's words."""
        return [s for rank, s in enumerate(sayings)
                if rank < first or (self.content and self.shares[id(s)] >= least)]  # fmt: skip

    def alike(self, one: Saying, other: Saying) -> float:
        """How much two sentences are about the same, 0..1."""
        key = (id(one), id(other))
        if key not in self._likeness:
            self._likeness[key] = likeness(one, other, self.weights)
        return self._likeness[key]

    def findings(self) -> list[Finding]:
        """All findings, without repeats."""
        found = self._named()
        steps: list[tuple[Attribute, Callable[[], Iterable[Finding]]]] = [
            ("number", self._numbers), ("date", self._dates), ("place", self._places),
            ("role", self._roles), ("person", self._persons), ("cause", self._causes),
            ("attribution", self._speakers), ("status", self._states), ("polarity", self._denials),
            ("object", self._objects),
        ]  # fmt: skip
        steps.sort(key=lambda step: step[0] != self.asked.kind)
        for _, step in steps:
            found += [new for new in step() if not any(_repeats(new, old) for old in found)]
        return found

    def _is_asked(self, kind: Attribute) -> bool:
        return self.asked.kind == kind

    def _pool(self, kind: Attribute) -> list[Saying]:
        return self.sayings if self._is_asked(kind) else self.near

    def _reported(self, kind: Attribute) -> frozenset[Difference]:
        return _ALL if self._is_asked(kind) or kind in self.asked.hints else _GRAVE

    def _same_thing(self, kind: Attribute, one: Saying, other: Saying) -> bool:
        if self._is_asked(kind):
            return self.alike(one, other) >= MIN_LIKENESS_ASKED
        return self.alike(one, other) >= MIN_LIKENESS and not other_day(one, other)

    def _find(
        self,
        attribute: Attribute,
        facts: Sequence[Fact],
        comparable: Callable[[Any, Any], bool],
        compare: Callable[[Any, Any], Difference | None],
        reported: frozenset[Difference] = _GRAVE,
    ) -> list[Finding]:
        rules = Rules(attribute, comparable, compare, reported)
        return find_differences(facts, rules, self.naming)

    def _named(self) -> list[Finding]:
        """The values that the question names itself."""
        named = named_values(self.asked.text)
        if named is None:
            return []
        attribute, values = named
        return self._find(
            attribute,
            [given for s in self.sayings for given in read_given(s, values)],
            lambda a, b: a.named == b.named or self.alike(a.saying, b.saying) >= MIN_LIKENESS_NAMED,
            compare_given,
            _ALL,
        )

    def _numbers(self) -> list[Finding]:
        asked = self.asked
        known = self._is_asked("number") or "number" in asked.hints

        def comparable(a: amounts.Amount, b: amounts.Amount) -> bool:
            if not amounts.comparable(a, b):
                return False
            if known and (a.unit is None or self.alike(a.saying, b.saying) >= MIN_LIKENESS_UNIT):
                return True
            return self._same_thing("number", a.saying, b.saying)

        def compare(a: amounts.Amount, b: amounts.Amount) -> Difference | None:
            difference = amounts.compare_amounts(a, b)
            changed = difference == "contradiction" and published_apart(a.saying, b.saying)
            return "time" if changed else difference

        facts = self._amounts(known=known)
        return self._find("number", facts, comparable, compare, self._reported("number"))

    def _amounts(self, *, known: bool) -> list[amounts.Amount]:
        """The amounts that may answer; `known`: the question asks for some, or names some."""
        asked, pool = self.asked, self._pool("number")
        facts = [a for s in pool for a in amounts.read_amounts(s)]
        if not known:
            return [a for a in facts if a.word is None]
        named = amounts.figures_in(asked.text)
        facts += [
            a for s in self.all if s not in pool for a in amounts.read_amounts(s)
            if a.word is None and (a.low, a.high) in named
        ]  # fmt: skip
        told = {name for name, _, _ in read_acts(asked.text)}
        if told:
            facts = [a for a in facts if not a.acts or a.acts & told or amounts.left(a.acts, told)]
            facts = [a for a in facts if asked.whole or not a.whole]
        if not self._is_asked("number"):
            stems = {stem for stem, _ in asked.content}
            return [a for a in facts if a.head in stems or a.acts & told]
        if asked.heads:
            facts = [a for a in facts if a.head in asked.heads or a.head is None or a.unit]
            if asked.whole:
                facts = [a for a in facts if a.whole] or facts
            elif not told:
                facts = [a for a in facts if self.shares[id(a.saying)] >= MIN_COVERED_BESIDE]
        return facts

    def _dates(self) -> list[Finding]:
        known = self._is_asked("date") or "date" in self.asked.hints

        def comparable(a: times.Moment, b: times.Moment) -> bool:
            if not times.comparable(a, b):
                return False
            if known and self.alike(a.saying, b.saying) >= MIN_LIKENESS_ASKED:
                return True
            alike = self._same_thing("date", a.saying, b.saying)
            return alike and same_figures(a.saying, b.saying)

        facts = self._focused([m for s in self._pool("date") for m in times.read_moments(s)])
        return self._find("date", facts, comparable, times.compare_moments, self._reported("date"))

    def _places(self) -> list[Finding]:
        facts = self._focused([p for s in self._pool("place") for p in places.read_spots(s)])
        return self._find(
            "place",
            facts,
            lambda a, b: places.comparable(a, b) and self._same_thing("place", a.saying, b.saying),
            places.compare_spots,
            self._reported("place"),
        )

    def _focused(self, facts: list[E]) -> list[E]:
        """The facts of the event that the question names.

        Where none of them is, those of the sentences that have most of the question's words.
        """
        focused = [fact for fact in facts if fact.frame & self.asked.events]
        if focused or self.asked.kind not in ("date", "place"):
            return focused or facts
        return [f for f in facts if self.shares[id(f.saying)] >= MIN_COVERED_BESIDE]

    def _roles(self) -> list[Finding]:
        facts = [r for s in self._pool("role") for r in people.read_roles(s)]
        wanted = self.asked.kind in ("role", "person") or self.asked.is_open
        if not wanted and not any(people.is_work(t.base) for t in tokenize(self.asked.text)):
            facts = [r for r in facts if r.saying.keys_in(r.first, r.last) & self.asked_keys]
        return self._find("role", facts, people.comparable, people.compare_roles)

    def _persons(self) -> list[Finding]:
        if not self._is_asked("person"):
            return []
        near = [s for s in self.sayings if self.shares[id(s)] >= MIN_COVERED_WHO]
        return self._find(
            "person",
            [d for s in near for d in people.read_doers(s, self.asked)],
            lambda a, b: self.alike(a.saying, b.saying) >= MIN_LIKENESS,
            lambda a, b: None if a.person == b.person else "contradiction",
        )

    def _causes(self) -> list[Finding]:
        asked = self._is_asked("cause")
        least = MIN_LIKENESS_CAUSE[0 if asked else 1]
        return self._find(
            "cause",
            [r for s in self._pool("cause") for r in causes.read_reasons(s, weak=asked)],
            lambda a, b: self.alike(a.saying, b.saying) >= least,
            causes.compare_reasons,
        )

    def _speakers(self) -> list[Finding]:
        quoted = speakers.quoted_phrases(self.asked.text)
        pool = self._pool("attribution")
        found = self._find(
            "attribution",
            [w for s in pool for w in speakers.read_speakers(s, quoted)],
            speakers.comparable,
            speakers.compare_speakers,
            self._reported("attribution"),
        )
        if self._is_asked("attribution"):
            found += self._find(
                "attribution",
                [w for s in pool for w in speakers.read_askers(s)],
                lambda a, b: self.alike(a.saying, b.saying) >= MIN_LIKENESS_ASKED,
                speakers.compare_speakers,
            )
        return found

    def _objects(self) -> list[Finding]:
        if not re.search(r"\bor\b", self.asked.text, re.IGNORECASE):
            return []
        found = self._find(
            "object",
            [t for s in self.near for t in objects.read_things(s, self.asked)],
            lambda a, b: (
                bool(a.verb & b.verb) and self.alike(a.saying, b.saying) >= MIN_LIKENESS_OBJECT
            ),
            objects.compare_things,
        )
        ends = [[keys_of(tokenize(v.value)[-1].base) for v in f.values] for f in found]
        return [f for f, keys in zip(found, ends, strict=True)
                if any(key & self.asked.events for key in keys)]  # fmt: skip

    def _states(self) -> list[Finding]:
        asked = self.asked_keys
        told = {name for name, _, _ in read_acts(self.asked.text)}
        wanted = self.asked.is_open or self._is_asked("status")
        stories: dict[str, list[StateChange]] = {}
        for change in find_changes(self._pool("status"), self.weights):
            named = {change.earlier.name, change.later.name} & told
            if named or (wanted and (not asked or change.shared & asked)):
                stories.setdefault(change.earlier.name, []).append(change)
        found = []
        for changes in stories.values():
            earlier = {id(c.earlier.saying): c.earlier for c in changes}
            later = {
                id(c.later.saying): c.later for c in changes if id(c.later.saying) not in earlier
            }
            if later:
                found.append(
                    make_finding([list(later.values()), list(earlier.values())], "status", "time",
                                 self.naming, ordered=True)
                )  # fmt: skip
        return found

    def _denials(self) -> list[Finding]:
        polar = self._is_asked("polarity")
        best: dict[int, tuple[float, tuple[wordings.Side, wordings.Side]]] = {}
        for one, other in combinations(self._pool("polarity"), 2):
            alike = self.alike(one, other)
            if alike < (MIN_LIKENESS_POLAR if polar else MIN_LIKENESS_DENIAL):
                continue
            if different_people(one, other) or other_day(one, other):
                continue
            sides = wordings.denial_between(one, other, self.weights, self.asked_keys, polar=polar)
            if sides is None and alike >= MIN_LIKENESS_OPPOSITES:
                sides = wordings.opposites_between(one, other)
            if sides is not None and alike > best.get(id(sides[0].saying), (0.0,))[0]:
                best[id(sides[0].saying)] = (alike, sides)
        found = [
            self._sides(([sides[0]], [sides[1]]), "polarity")
            for _, sides in sorted(best.values(), key=lambda pair: -pair[0])
        ]
        rivals = wordings.rival_sides(self.asked.text, self.sayings)
        if rivals is not None:
            found.append(self._sides(rivals, "status"))
        return found

    def _sides(
        self, sides: tuple[list[wordings.Side], list[wordings.Side]], kind: Attribute
    ) -> Finding:
        return make_finding(sides, kind, "contradiction", self.naming)


def _repeats(new: Finding, old: Finding) -> bool:
    """Whether a finding sets sentences against each other that an earlier one does too."""

    def sides(finding: Finding) -> list[set[tuple[str, int]]]:
        return [{(e.document.document_id, e.start_char) for e in v.evidence}
                for v in finding.values]  # fmt: skip

    held = [{k for k, theirs in enumerate(sides(old)) if mine <= theirs} for mine in sides(new)]
    return all(held) and len(set.union(*held)) > 1
