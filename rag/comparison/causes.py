"""Why something happened, as sentences say, and whether two reasons are the same.

A reason stands after "because of", "over", "in protest at", "in response to", "after" and the like.
Where a reason is asked for, an aim is one too ("to ensure that ...").
Two reasons are the same when they share a content word or a synonym; they are not compared where
one stands in the other sentence as something else, nor where the two sentences are not about the
same.
"""

import re
from dataclasses import dataclass

from rag.claims.vocabulary import REASON_WORDS, WEAK_REASON_WORDS, keys_of
from rag.comparison.findings import Difference
from rag.comparison.sayings import Saying

_AIM = (
    r"in order to|so as to|so that|(?<=is |as |re |be )(?:meant|intended|designed|supposed) to|"
    r"aim(?:s|ed)? to|(?:(?<=is |as |re )|(?<=, ))to(?= (?:ensure|give|make|help|protect|prevent|"
    r"support|keep|stop|avoid|save|get|let|show|bring|raise|reduce|cut)\b)"
)
_MARKERS = re.compile(rf"\b(?:{REASON_WORDS})\b", re.IGNORECASE)
_WEAK_MARKERS = re.compile(
    rf"\b(?:{WEAK_REASON_WORDS})\b(?! the weekend| all| the next| \d)", re.IGNORECASE
)
_AIM_MARKERS = re.compile(rf"\b(?:{_AIM})(?!\w)", re.IGNORECASE)
# Tokens of "the minister said" between commas, the commas included.
_MAX_ASIDE = 6
_ENDS = frozenset(". ; : , who which while but when where".split())


@dataclass(frozen=True, eq=False)
class Reason:
    """A reason: tokens `first` to `last`, its marker included."""

    saying: Saying
    first: int
    last: int
    keys: frozenset[str]

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


def read_reasons(saying: Saying, *, weak: bool) -> list[Reason]:
    """The reasons of a sentence; with `weak` also aims, and those after "after" and "over"."""
    found = list(_MARKERS.finditer(saying.text))
    if weak:
        found = found or list(_WEAK_MARKERS.finditer(saying.text))
        found += _AIM_MARKERS.finditer(saying.text)
    reasons = []
    for match in found:
        first, at = saying.place_at(match.start()), saying.place_at(match.end() - 1) + 1
        places = _places_of_reason(saying, at)
        keys = frozenset(
            key for place, _ in saying.content if place in places
            for key in keys_of(saying.bases[place])
        )  # fmt: skip
        if keys:
            reasons.append(Reason(saying, first, max(places), keys))
    return reasons


def _places_of_reason(saying: Saying, start: int) -> set[int]:
    """The tokens of a reason that begins at `start`; it goes on after ", she said, that"."""
    places = set()
    place = start
    while place < len(saying.bases) and saying.bases[place] not in _ENDS:
        places.add(place)
        place += 1
        aside = saying.bases[place : place + _MAX_ASIDE]
        if aside[:1] == (",",) and "said" in aside and "," in aside[1:]:
            after = place + aside[1:].index(",") + 2
            if saying.bases[after : after + 1] == ("that",):
                place = after
    return places


def compare_reasons(one: Reason, other: Reason) -> Difference | None:
    """Whether two reasons differ; None when they share a word or its synonym."""
    return None if one.keys & other.keys else "contradiction"


def may_differ(one: Reason, other: Reason, asked: frozenset[str]) -> bool:
    """Whether neither of two reasons stands in the other sentence as something else.

    But for words of the question, with keys `asked`: who did it may be in a reason too.
    """
    if one.keys & other.keys:
        return True
    here, there = one.keys - asked, other.keys - asked
    return not here & other.saying.stems and not there & one.saying.stems
