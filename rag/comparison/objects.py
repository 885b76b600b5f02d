"""What was done to what, where a question offers two things: "Did they hand in guns or badges?".

1. An object is the noun phrase after a verb of the question, or a synonym of it, in a sentence.
2. Where the question asks "... or ...", and one of the objects is in it, another object of the same
   verb is a contradiction, unless the two share a word or its synonym.
"""

from dataclasses import dataclass

from rag.claims.vocabulary import LIGHT, REPORTING, keys_of
from rag.comparison.asking import Asked
from rag.comparison.events import is_verb
from rag.comparison.findings import Difference
from rag.comparison.sayings import Saying

_REACH = 6
_PASSED = LIGHT | frozenset("in over up back away out off the a an their his her its".split())
_ENDS = frozenset(", . ; : that which who with after because to for by as from at on".split())


@dataclass(frozen=True, eq=False)
class Thing:
    """An object: tokens `first` to `last`, the verb included; `keys` are those of its noun."""

    saying: Saying
    first: int
    last: int
    keys: frozenset[str]
    verb: frozenset[str]

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


def read_things(saying: Saying, asked: Asked) -> list[Thing]:
    """The objects that a sentence gives to the verbs of the question."""
    content = dict(saying.content)
    things = []
    for place in content:
        base = saying.bases[place]
        verb = keys_of(base) & asked.events
        if not verb or base in REPORTING or saying.tokens[place].is_capital:
            continue
        if not (is_verb(base) or base.endswith("ing") or saying.bases[max(place - 1, 0)] == "to"):
            continue
        noun = None
        for at in range(place + 1, min(place + 1 + _REACH, len(saying.bases))):
            if saying.bases[at] in _ENDS:
                break
            if at in content:
                noun = at
            elif noun is not None or saying.bases[at] not in _PASSED:
                break
        if noun is not None:
            things.append(Thing(saying, place, noun, keys_of(saying.bases[noun]), verb))
    return things


def compare_things(one: Thing, other: Thing) -> Difference | None:
    """How two objects differ; None when they share a word or its synonym."""
    return None if one.keys & other.keys else "contradiction"
