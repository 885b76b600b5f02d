"""Sayings -> changes: what a later sentence ends or fulfils of an earlier one.

1. Each sentence is read for its states, and for its verbs as things done.
2. Every pair of an earlier and a later state of the same thing is a change, unless the days of the
   documents say that the later state was published first and its wording does not order them.
3. Documents without a day are ordered by the wording alone, and the change says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.comparison.sayings import Saying
from rag.comparison.states import State, changed_words, done_states, read_states

Basis = Literal["dates", "wording"]


@dataclass(frozen=True)
class StateChange:
    """An earlier and a later state, the keys of the words that they share, and their order."""

    earlier: State
    later: State
    shared: frozenset[str]
    basis: Basis


def find_changes(sayings: Sequence[Saying], weights: Mapping[str, float]) -> list[StateChange]:
    """Every earlier state with a later one of the same thing, once for two sentences and an act."""
    states = {id(s): read_states(s) for s in sayings}
    done = {id(s): done_states(s) for s in sayings}
    found: dict[tuple[int, int, str], StateChange] = {}
    for one in sayings:
        for other in sayings:
            if one is other:
                continue
            basis = _order(one, other)
            if basis is None:
                continue
            for earlier in states[id(one)]:
                for later in states[id(other)] + (done[id(other)] if earlier.plan else []):
                    shared = changed_words(earlier, later, weights)
                    if shared:
                        key = (id(one), id(other), earlier.name)
                        found.setdefault(key, StateChange(earlier, later, shared, basis))
    return list(found.values())


def _order(earlier: Saying, later: Saying) -> Basis | None:
    """How it is known that `later` came later; None when the days say the contrary."""
    before, after = earlier.evidence.document.published, later.evidence.document.published
    if before is None or after is None or before == after:
        return "wording"
    return "dates" if before < after else None
