"""What a question offers to choose from in words: "Was it the crash or the thefts that ruined it?".

1. The alternatives are the content words next to "or" on both sides, as far as no word of another
   part of the question ("that", "in", "did") stands between.
2. A sentence speaks for one of them when it has most of its words (by weight) and less than half of
   the other's. Where the question holds nothing but the two, nothing is known of what they are of.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rag.claims.vocabulary import LIGHT, REPORTING, keys_of, related, stem_of
from rag.comparison.asking import everyday
from rag.comparison.findings import Difference
from rag.comparison.sayings import Saying
from rag.values import tokenize

_OR = re.compile(r"\bor\b", re.IGNORECASE)
# How many content words an alternative has at most.
_MOST = 4
# What may stand between the words of one alternative, and before its first one.
_INSIDE = frozenset("and of to a an the their his her its".split())
_OPENING = _INSIDE | frozenset("just only more it was is were are be do does did taking".split())
_MOSTLY, _PARTLY = 0.6, 0.5
# A sentence that is as likely to answer need not have another word of the question.
LIKELY = 0.1


@dataclass(frozen=True)
class Choice:
    """Two alternatives, as stems, and the keys of what the question holds beside them."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    rest: frozenset[str]


def read_choice(question: str, common: Collection[str] = ()) -> Choice | None:
    """The alternatives of the first "or" that has words on both sides; None without any.

    Args:
        question: What is asked.
        common: Stems that are in most sentences: no alternative is made of them.

    Example: "Tour off for logistics or bureaucracy?" -> "logist", "bureaucraci"; rest "tour"
    """
    for match in _OR.finditer(question):
        before = [everyday(token.base) for token in tokenize(question[: match.start()])]
        after = [everyday(token.base) for token in tokenize(question[match.end() :])]
        sides = [_nearest(before[::-1]), _nearest(after)]
        keys = [{key for base in side for key in keys_of(base)} for side in sides]
        left, right = (
            tuple(stem_of(base) for base in side
                  if not keys_of(base) & others and stem_of(base) not in common)
            for side, others in zip(sides, keys[::-1], strict=True)
        )  # fmt: skip
        if left and right:
            content = [base for base in [*before, *after] if _is_content(base)]
            rest = [keys_of(b) for b in content if b not in sides[0] and b not in sides[1]]
            return Choice(left, right, frozenset().union(*rest))
    return None


def _nearest(bases: Iterable[str]) -> list[str]:
    """The first content words, up to a word that no alternative holds."""
    found: list[str] = []
    for base in bases:
        if _is_content(base) and len(found) < _MOST:
            found.append(base)
        elif base not in (_INSIDE if found else _OPENING):
            break
    return found


def _is_content(base: str) -> bool:
    return base[:1].isalpha() and base not in LIGHT and base not in REPORTING


@dataclass(frozen=True, eq=False)
class Vote:
    """A sentence that speaks for one alternative, with its first and last word of it."""

    saying: Saying
    first: int
    last: int
    left: bool

    @property
    def value(self) -> str:
        """Its clause, an exact piece of the sentence."""
        return self.saying.clause(self.first, self.last)


def read_vote(saying: Saying, choice: Choice, weights: Mapping[str, float]) -> Vote | None:
    """Which alternative a sentence speaks for; None for both, neither, or another matter."""
    if not choice.rest & saying.keys_in(0, len(saying.bases)) and (
        (saying.evidence.probability or 0.0) < LIKELY
    ):
        return None
    found = [_places(saying, stems) for stems in (choice.left, choice.right)]
    shares = [
        sum(weights.get(stem, 2.0) for stem in had) / sum(weights.get(stem, 2.0) for stem in stems)
        for had, stems in zip(found, (choice.left, choice.right), strict=True)
    ]
    if max(shares) < _MOSTLY or min(shares) >= _PARTLY:
        return None
    left = shares[0] > shares[1]
    places = sorted(found[0 if left else 1].values())
    return Vote(saying, places[0], places[0], left)


def _places(saying: Saying, stems: Iterable[str]) -> dict[str, int]:
    """Where a sentence has each stem, or another form of its word."""
    found: dict[str, int] = {}
    for place, own in saying.content:
        for stem in stems:
            if own == stem or related(own, stem):
                found.setdefault(stem, place)
    return found


def compare_votes(one: Vote, other: Vote) -> Difference | None:
    """Whether they speak for different alternatives."""
    return None if one.left == other.left else "contradiction"
