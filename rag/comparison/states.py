"""How things stood and how they stand: states that a later sentence ends or fulfils.

1. A sentence gives a state by an act ("on standby", "stood down", "closed") or by a plan ("will",
   "pledged to", "agreed to", with the verb that is planned).
2. Another one changes it when it tells the act that ends or undoes it ("no longer", "cancelled",
   "returned"), or the planned verb as done, of the same thing: both must share a word that is
   neither the act nor common to most sentences.
3. The order is that of the documents' days where both are known and differ; else that of the
   wording: an end implies that what it ends stood before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.claims.vocabulary import LIGHT, keys_of, stem_of
from rag.comparison.acts import SEQUELS, read_stages
from rag.comparison.events import denied_places, different_people, is_verb
from rag.comparison.sayings import SYNONYM, Saying

_PLAN = re.compile(
    r"\b(?:will|plans? to|planned to|pledge[sd]? to|promise[sd]? to|intends? to|set to|due to"
    r"|expect(?:s|ed)? to|vow(?:s|ed)? to|agreed to|hopes? to|aims? to|going to|consider(?:s"
    r"|ing)?|about to)(?: be)? (?P<verb>\w+)"
)
# How far before and after an act the words may stand that say what it is about: those of a state
# stand near it, those of its end may be farther ("As for the army, the force said that it ...").
_BEFORE_STATE, _BEFORE_END, _AFTER, _AFTER_END = 8, 14, 8, 24
# What the two must share, in weight, beside the acts themselves.
_MIN_SHARED, _MIN_SHARED_PLAN = 1.5, 2.9
# What happens to single persons: two of them must not be taken for one.
_PERSONAL = frozenset("arrest charge missing trapped ill".split())
# These deny by their own words: "no longer", "nothing confirms".
_NEGATIVE = frozenset("end unconfirmed refused".split())
_HEDGED = frozenset("if could may might would unless should whether can".split())


@dataclass(frozen=True, eq=False)
class State:
    """An act or a plan in a sentence: tokens `first` to `last`."""

    saying: Saying
    first: int
    last: int
    name: str
    plan: bool = False
    verb: str = ""

    @property
    def value(self) -> str:
        """Its clause, an exact piece of the sentence."""
        return self.saying.clause(self.first, self.last)


def read_states(saying: Saying) -> list[State]:
    """The states of a sentence, without those that it denies or makes depend on something."""
    states = []
    denied = denied_places(saying)
    for name, start, end in read_stages(saying.text):
        first, last = saying.place_at(start), saying.place_at(end - 1)
        before = saying.bases[max(first - 4, 0) : first]
        if name not in _NEGATIVE and any(place in denied for place in range(first, last + 1)):
            continue
        if name == "end" and "no" not in saying.bases[first : last + 1] and first in denied:
            continue
        if _HEDGED & set(before):
            continue
        states.append(State(saying, first, last, name))
    for match in _PLAN.finditer(saying.text):
        verb = match.group("verb").lower()
        if verb in LIGHT:
            continue
        first, last = saying.place_at(match.start()), saying.place_at(match.end() - 1)
        states.append(State(saying, first, last, stem_of(verb), plan=True, verb=verb))
    return states


def changed_words(earlier: State, later: State, weights: Mapping[str, float]) -> frozenset[str]:
    """The keys of what `later` ends or fulfils of `earlier`; empty when it does not."""
    if earlier.plan:
        if later.plan or not _fulfils(earlier, later):
            return frozenset()
    elif later.plan or later.name not in SEQUELS.get(earlier.name, ()):
        return frozenset()
    if different_people(earlier.saying, later.saying):
        return frozenset()
    if earlier.name in _PERSONAL and _other_figures(earlier.saying, later.saying):
        return frozenset()
    shared, keys = _shared(earlier, later, weights)
    careful = earlier.plan or earlier.name in _PERSONAL or later.name == "stand_down"
    least = _MIN_SHARED_PLAN if careful else _MIN_SHARED
    return keys if shared >= least else frozenset()


def _other_figures(one: Saying, other: Saying) -> bool:
    here, there = {n.value for n in one.numbers}, {n.value for n in other.numbers}
    return bool(here and there and not here & there)


def _fulfils(plan: State, done: State) -> bool:
    return done.name == "cancel" or bool(keys_of(plan.verb) & keys_of(done.verb))


def _shared(one: State, other: State, weights: Mapping[str, float]) -> tuple[float, frozenset[str]]:
    """Weight and keys of the words that both have near the act, beside the two acts themselves."""
    acts = {
        key
        for state in (one, other)
        for place in range(state.first, state.last + 1)
        for key in keys_of(state.saying.bases[place])
    }
    known = other.saying.keys_in(other.first - _BEFORE_END, _reason_after(other) - 1)
    begin, end = _phrase(one)
    shared = 0.0
    found: set[str] = set()
    for place, stem in one.saying.content:
        keys = keys_of(one.saying.bases[place])
        near = begin <= place <= end
        if near and not keys & acts and keys & known:
            weight = weights.get(stem, 2.0) - 0.5
            shared += weight if stem in known else SYNONYM * weight
            found |= keys & known
    return shared, frozenset(found)


def _phrase(state: State) -> tuple[int, int]:
    """The tokens that say what a state is about: its own clause, as far as commas tell."""
    bases = state.saying.bases
    content = {place for place, _ in state.saying.content}
    begin, end = max(state.first - _BEFORE_STATE, 0), state.last
    for place in range(state.first - 1, begin - 1, -1):
        if bases[place] == "," and content & set(range(place, state.first)):
            begin = place
            break
    while end + 1 < len(bases) and end < state.last + _AFTER and bases[end + 1] not in _NEXT:
        end += 1
    return begin, end


_NEXT = frozenset(", ; : as after while because although but".split())


def _reason_after(state: State) -> int:
    """The token where a reason begins: what it is about is not what the act is about."""
    bases, last = state.saying.bases, min(state.last + _AFTER_END, len(state.saying.bases))
    return next((k for k in range(state.last + 1, last) if bases[k] in _REASONS), last)


_REASONS = frozenset("because since as ;".split())


def done_states(saying: Saying) -> list[State]:
    """What a sentence tells as done: its verbs in the past that are neither planned nor denied."""
    planned = {saying.place_at(match.end() - 1) for match in _PLAN.finditer(saying.text)}
    denied = denied_places(saying)
    return [
        State(saying, place, place, stem_of(base), verb=base)
        for place, base in enumerate(saying.bases)
        if is_verb(base) and place not in planned and place not in denied
        and not _HEDGED & set(saying.bases[max(place - 4, 0) : place])
    ]  # fmt: skip
