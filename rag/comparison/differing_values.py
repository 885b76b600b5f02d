"""Values that sentences give differently: figures, dates, places, persons, reasons, speakers."""

import re
from dataclasses import replace
from typing import TypeVar

from rag.claims.vocabulary import stem_of
from rag.comparison import amounts, causes, differing_amounts, people, places, speakers, times
from rag.comparison.acts import read_acts
from rag.comparison.findings import Difference, Finding
from rag.comparison.material import (
    MIN_COVERED_BESIDE,
    MIN_LIKENESS,
    MIN_LIKENESS_ASKED,
    Material,
)
from rag.comparison.reference import is_forecast, is_of_years, told_apart
from rag.comparison.sayings import published_apart, same_figures
from rag.comparison.why import of_the_act
from rag.values import read_dates

MIN_LIKENESS_CAUSE = (0.3, 0.5)  # asked, not asked
# The part of the words of "who ...?" that a sentence must have to tell who.
MIN_COVERED_WHO = 0.6
# Money and shares are not told apart by what they count.
MIN_LIKENESS_UNIT = 0.3

E = TypeVar("E", times.Moment, places.Spot)


def numbers(material: Material) -> list[Finding]:
    """Figures and quantity words."""
    asked = material.asked
    known = material.is_asked("number") or "number" in asked.hints

    def comparable(a: amounts.Amount, b: amounts.Amount) -> bool:
        if differing_amounts.out_of_scale(a, b):
            return False
        if material.is_asked("number") and differing_amounts.same_unit(a, b):
            each = bool(_EACH.search(asked.text)) and a.head == b.head
            if each or material.both_answer(a, b) or material.both_may_answer(a, b):
                return not told_apart(a, b, a.unit)
        if not differing_amounts.comparable(a, b):
            return False
        if known and (a.unit is None or material.alike(a.saying, b.saying) >= MIN_LIKENESS_UNIT):
            return True
        return material.same_thing("number", a.saying, b.saying)

    def compare(a: amounts.Amount, b: amounts.Amount) -> Difference | None:
        difference = differing_amounts.compare_amounts(a, b)
        changed = difference == "contradiction" and published_apart(a.saying, b.saying)
        may_change = a.unit is None or is_forecast(a) or is_forecast(b)  # a count, not a price
        return "time" if changed and may_change else difference

    facts = _amounts(material, known=known)
    return material.find("number", facts, comparable, compare, material.reported("number"))


_MEASURE = re.compile(r"\bhow (?:old|long|tall|high|heavy|far|fast|often|deep|wide)\b", re.I)
# "How much per share?" asks for no sum.
_EACH = re.compile(r"\b(?:per|each|for every) (?P<each>[a-z]+)\b", re.IGNORECASE)


def _amounts(material: Material, *, known: bool) -> list[amounts.Amount]:
    """The amounts that may answer; `known`: the question asks for some, or names some."""
    asked, pool = material.asked, material.pool("number")
    years = {mention.year for mention in read_dates(asked.text, None) if mention.year}
    if years:
        pool = [s for s in pool if is_of_years(s, years)]
    facts = [a for s in pool for a in amounts.read_amounts(s)]
    if not known:
        return [a for a in facts if a.word is None]
    named = amounts.figures_in(asked.text)
    facts += [
        a for s in material.all if s not in pool for a in amounts.read_amounts(s)
        if a.word is None and (a.low, a.high) in named
    ]  # fmt: skip
    told = {name for name, _, _ in read_acts(asked.text)}
    if told:
        facts = [
            a for a in facts if not a.acts or a.acts & told or differing_amounts.left(a.acts, told)
        ]
        facts = [a for a in facts if asked.whole or not a.whole]
    if not material.is_asked("number"):
        stems = {stem for stem, _ in asked.content}
        return [a for a in facts if a.head in stems or a.acts & told]
    facts = _without_other_sums(material, facts)
    if asked.heads:
        facts = [a for a in facts if a.head in asked.heads or a.head is None or a.unit]
        if asked.whole:
            facts = [
                replace(a, whole=True) if amounts.tells_how_many_there_are(a) else a for a in facts
            ]
            facts = [a for a in facts if a.whole] or facts
        elif not told:
            facts = [
                a for a in facts
                if material.shares[id(a.saying)] >= MIN_COVERED_BESIDE or material.may_answer(a)
            ]  # fmt: skip
    return facts


def _without_other_sums(material: Material, facts: list[amounts.Amount]) -> list[amounts.Amount]:
    """The amounts without sums of money that answer less likely than two others do.

    What is "per share" is asked for as such; how old or heavy a thing is, no sum tells.
    """
    sums = [a for a in facts if a.unit in amounts.MONEY]
    each = _EACH.search(material.asked.text)
    if _MEASURE.search(material.asked.text):
        return [a for a in facts if a not in sums]
    if each:
        return [a for a in facts if a.head == stem_of(each["each"])] or facts
    likely = [a for a in sums if material.may_answer(a)]
    return [a for a in facts if a not in sums or a in likely] if len(likely) > 1 else facts


# "When did the bridge fall?" names what happened by its verb.
_WHEN_DID = re.compile(
    r"\b(?:when|what (?:day|date|month|year)) (?:did|was|were|does|do|is|are|has|had|have|will)\b",
    re.IGNORECASE,
)


def dates(material: Material) -> list[Finding]:
    """Dates and times of one event."""
    known = material.is_asked("date") or "date" in material.asked.hints
    events = material.asked.events if _WHEN_DID.search(material.asked.text) else frozenset()

    def comparable(a: times.Moment, b: times.Moment) -> bool:
        if known and material.both_answer(a, b) and times.may_be_one_event(a, b, events):
            return True
        if known and material.both_may_answer(a, b) and times.tell_when(a, b, events):
            return True
        if not times.comparable(a, b):
            return False
        if known and material.alike(a.saying, b.saying) >= MIN_LIKENESS_ASKED:
            return True
        alike = material.same_thing("date", a.saying, b.saying)
        return alike and same_figures(a.saying, b.saying)

    facts = _focused(material, [m for s in material.pool("date") for m in times.read_moments(s)])
    return material.find(
        "date", facts, comparable, times.compare_moments, material.reported("date")
    )


def spots(material: Material) -> list[Finding]:
    """Places of one event."""

    def comparable(a: places.Spot, b: places.Spot) -> bool:
        if material.is_asked("place") and material.both_answer(a, b):
            return True
        return places.comparable(a, b) and material.same_thing("place", a.saying, b.saying)

    def compare(a: places.Spot, b: places.Spot) -> Difference | None:
        found = places.compare_spots(a, b)
        asked = material.is_asked("place") and material.both_may_answer(a, b)
        if found is None and asked and (a.words, a.within) != (b.words, b.within):
            return "contradiction" if a.frame & b.frame & material.asked.events else None
        return found

    facts = _focused(material, [p for s in material.pool("place") for p in places.read_spots(s)])
    return material.find(
        "place",
        facts,
        comparable,
        compare,
        material.reported("place"),
    )


def _focused(material: Material, facts: list[E]) -> list[E]:
    """The facts of the event that the question names, and of what is told with the answer.

    Where none of them is, those of the sentences that have most of the question's words.
    """
    focused = [fact for fact in facts if fact.frame & material.asked.events]
    if not focused and material.asked.kind in ("date", "place"):
        focused = [f for f in facts if material.shares[id(f.saying)] >= MIN_COVERED_BESIDE]
    elif not focused:
        return facts
    told = frozenset().union(*(f.frame for f in facts if material.answers(f)))
    return focused + [
        f for f in facts
        if f not in focused and (material.answers(f) or f.frame & told or _is_day(material, f))
    ]  # fmt: skip


def _is_day(material: Material, fact: times.Moment | places.Spot) -> bool:
    """Whether it is a day with its month that the reader takes for a likely answer."""
    day = isinstance(fact, times.Moment) and fact.mention and fact.mention.day
    return bool(day) and material.may_answer(fact)


def roles(material: Material) -> list[Finding]:
    """What a person is, and who holds an office."""
    facts = [r for s in material.pool("role") for r in people.read_roles(s)]
    wanted = material.asked.kind in ("role", "person") or material.asked.is_open
    if not wanted and not any(map(people.is_work, material.asked.words)):
        facts = [r for r in facts if r.saying.keys_in(r.first, r.last) & material.asked_keys]
    if not material.is_asked("role"):
        return material.find("role", facts, people.comparable, people.compare_roles)
    asked = material.asked.words

    def comparable(a: people.Role, b: people.Role) -> bool:
        return (a.person == b.person and a.person in asked) or people.comparable(a, b)

    def compare(a: people.Role, b: people.Role) -> Difference | None:
        of_asked = a.person == b.person and a.person in asked
        return people.compare_asked_roles(a, b) if of_asked else people.compare_roles(a, b)

    return material.find("role", facts, comparable, compare)


def persons(material: Material) -> list[Finding]:
    """Who did what the question asks about."""
    if not material.is_asked("person"):
        return []
    near = [s for s in material.sayings if material.shares[id(s)] >= MIN_COVERED_WHO]
    return material.find(
        "person",
        [d for s in near for d in people.read_doers(s, material.asked)],
        lambda a, b: material.alike(a.saying, b.saying) >= MIN_LIKENESS,
        lambda a, b: None if a.person == b.person else "contradiction",
    )


def causes_told(material: Material) -> list[Finding]:
    """Why it happened."""
    asked = material.is_asked("cause")
    pool = of_the_act(material.pool("cause"), material.asked) if asked else material.pool("cause")
    least = MIN_LIKENESS_CAUSE[0 if asked else 1]

    def may_give(reason: causes.Reason) -> bool:
        likely = material.is_likely(reason.saying) and material.is_marked(reason)
        return likely and material.on_topic(reason.saying)

    def comparable(one: causes.Reason, other: causes.Reason) -> bool:
        alike = material.alike(one.saying, other.saying) >= least
        both = asked and may_give(one) and may_give(other)
        return (alike or both) and causes.may_differ(one, other, material.asked_keys)

    return material.find(
        "cause",
        [r for s in pool for r in causes.read_reasons(s, weak=asked)],
        comparable,
        causes.compare_reasons,
    )


def attributions(material: Material) -> list[Finding]:
    """Who said a thing, or asked for it."""
    quoted = speakers.quoted_phrases(material.asked.text)
    pool = material.pool("attribution")
    found = material.find(
        "attribution",
        [w for s in pool for w in speakers.read_speakers(s, quoted)],
        speakers.comparable,
        speakers.compare_speakers,
        material.reported("attribution"),
    )
    if material.is_asked("attribution"):
        found += material.find(
            "attribution",
            [w for s in pool for w in speakers.read_askers(s)],
            lambda a, b: material.alike(a.saying, b.saying) >= MIN_LIKENESS_ASKED,
            speakers.compare_speakers,
        )
    return found
