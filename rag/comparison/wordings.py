"""Denials, opposites and rival acts: what one sentence says and another one contradicts.

1. One sentence denies a word ("not", "no", "denied that") which the other one has undenied, and the
   two share most of what they say beside it.
2. One has a word and the other its opposite ("rose", "fell"; "guilty", "acquitted"), and they share
   most of the rest.
3. One tells of an act and the other of a rival act of the same persons ("resigned", "was sacked").
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.claims.vocabulary import keys_of, stem_of
from rag.comparison.acts import RIVALS, read_acts
from rag.comparison.asking import offers_choice
from rag.comparison.events import (
    denied_places,
    different_people,
    read_denials,
    subject_before,
)
from rag.comparison.sayings import Saying
from rag.values import OPPOSITES
from rag.values.irregular import base_of


@dataclass(frozen=True, eq=False)
class Side:
    """What one of two sentences says of the point in dispute: tokens `first` to `last`."""

    saying: Saying
    first: int
    last: int
    yes: bool = True

    @property
    def value(self) -> str:
        """Its clause, an exact piece of the sentence."""
        return self.saying.clause(self.first, self.last)


# Denials after which the lines may both be true: what some said, hoped or asked.
_HEDGES = frozenset("if whether could may might should would unless until before".split())
_NOT_OPPOSED = frozenset(
    """many few first last early earlier late later left right new old good better best bad
    worse day night morning evening afternoon up down back back private public men man women
    woman father mother son daughter boy girl husband wife most less least more armed
    unarmed safe dangerous unsafe support supported supports back backed backs big small
    large young high low""".split()
)


def denial_between(
    one: Saying, other: Saying, weights: Mapping[str, float], asked: frozenset[str], *, polar: bool
) -> tuple[Side, Side] | None:
    """The denied point and its assertion, when one of two sentences denies what the other says.

    Args:
        one: A sentence.
        other: Another one.
        weights: What each stem weighs.
        asked: Keys of the question's words; what is denied must be among them when there are any.
        polar: Whether the question asks yes or no: then it is enough that the other sentence
            asserts the denied word that is asked about.
    """
    for denier, asserter in ((one, other), (other, one)):
        own = denied_places(asserter)
        held = {stem for place, stem in asserter.content if place not in own}
        for mark, scope in read_denials(denier):
            named = denier.bases[mark + 1 : mark + 2] in (("a",), ("an",), ("the",))
            stems = [stem_of(denier.bases[place]) for place in scope]
            wanted = {s for s, place in zip(stems, scope, strict=True)
                      if keys_of(denier.bases[place]) & asked
                      and not denier.tokens[place].is_capital}  # fmt: skip
            if not polar and named:  # "not the X" tells two things apart, and denies neither
                continue
            if (asked and not wanted) or _hedged(denier, mark):
                continue
            whole = sum(weights.get(stem, 2.0) for stem in stems)
            share = sum(weights.get(stem, 2.0) for stem in stems if stem in held) / whole
            short = (polar and named and len(stems) <= MAX_SHORT_SCOPE
                     and stems[-1] in held & wanted)  # fmt: skip
            if share < MIN_SCOPE and not short:
                continue
            here = subject_before(denier, mark)
            if not short and here and not here & asserter.stems:
                continue
            if _all_of(denier.bases[mark:]) and not _all_of(asserter.bases):
                continue
            at = next(k for k, stem in reversed(asserter.content) if stem in stems and k not in own)
            if any(k in own for k, stem in asserter.content if stem in stems) or (
                _hedged(asserter, at)
            ):
                continue
            return Side(denier, mark, scope[-1], yes=False), Side(asserter, max(at - 2, 0), at)
    return None


def verb_denied(one: Saying, other: Saying, verbs: Collection[str]) -> tuple[Side, Side] | None:
    """Where one of two sentences denies an asked verb right before it, and the other one has it.

    Args:
        one: A sentence.
        other: Another one.
        verbs: The words of the question as `verb_stem` gives them.
    """
    for denier, asserter in ((one, other), (other, one)):
        for mark, scope in read_denials(denier):
            verb = verb_stem(denier.bases[scope[0]])
            following = denier.bases[mark + 1 : scope[0]]
            if verb not in verbs or not set(following) <= _BETWEEN or _hedged(denier, mark):
                continue
            own = denied_places(asserter)
            at = next(
                (place for place, base in enumerate(asserter.bases)
                 if verb_stem(base) == verb and place not in own and not _hedged(asserter, place)
                 and not asserter.tokens[place].is_capital),
                None,
            )  # fmt: skip
            if at is not None:
                return Side(denier, mark, scope[-1], yes=False), Side(asserter, at, at)
    return None


@lru_cache(maxsize=4096)
def verb_stem(base: str) -> str:
    """The stem of a word, of an irregular verb that of its plain form: "stole" -> "steal"."""
    return stem_of(base_of(base))


# What may stand between "not" and the verb that it denies.
_BETWEEN = frozenset("ever even actually really yet just".split())
# The part of what one sentence denies that the other one must assert.
MIN_SCOPE = 0.7
MAX_SHORT_SCOPE = 3


def _all_of(bases: Sequence[str]) -> bool:
    """Whether words speak of all of a number of things."""
    return bool({"every", "all", "each"} & set(bases))


def _hedged(saying: Saying, place: int) -> bool:
    return any(base in _HEDGES for base in saying.bases[max(place - 5, 0) : place])


def opposites_between(one: Saying, other: Saying) -> tuple[Side, Side] | None:
    """Two opposite words that two sentences say of the same subject, when each has only one."""
    here, there = _directions(one), _directions(other)
    if len(here) != 1 or len(there) != 1:
        return None
    place, at = here[0], there[0]
    if other.bases[at] not in OPPOSITES[one.bases[place]]:
        return None
    if not subject_before(one, place) & subject_before(other, at):
        return None
    return Side(one, place, place), Side(other, at, at, yes=False)


def _directions(saying: Saying) -> list[int]:
    """The places of the words of a sentence that have an opposite and are not denied."""
    denied = denied_places(saying)
    return [
        place
        for place, _ in saying.content
        if saying.bases[place] in OPPOSITES
        and saying.bases[place] not in _NOT_OPPOSED
        and place not in denied
    ]


def rival_sides(
    question: str, sayings: Sequence[Saying], unlikely: Sequence[Saying]
) -> tuple[list[Side], list[Side]] | None:
    """The sentences that tell one and the other of two rival acts, one of which is asked about.

    Where the question offers a choice, both must be; then `unlikely` sentences count as well. A
    sentence that tells both is left out.
    """
    asked = {name for name, _, _ in read_acts(question)}
    choice = offers_choice(question)
    for pair in RIVALS:
        if len(asked & pair) < (2 if choice else 1):
            continue
        sides: dict[str, list[Side]] = {name: [] for name in pair}
        for saying in [*sayings, *(unlikely if choice else ())]:
            told = {n: (start, end) for n, start, end in reversed(read_acts(saying.text))}
            named = pair & told.keys()
            if len(named) == 1:
                (name,) = named
                sides[name].append(_side(saying, told[name]))
        one, other = sides.values()
        if one and other and not different_people(one[0].saying, other[0].saying):
            return one, other
    return None


def _side(saying: Saying, span: tuple[int, int]) -> Side:
    return Side(saying, saying.place_at(span[0]), saying.place_at(span[1] - 1))
