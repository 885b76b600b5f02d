"""Places of a sentence with what happened there, and how two of them compare.

1. A place is a name after "in", "at", "near" and the like, with the larger ones that stand after it
   ("in Streatham, south London").
2. One is inside another when any sentence that is compared, or the documents of the two, write them
   as "X, Y" or "X in Y", or when they share a word ("south London", "London"): then the difference
   is one of precision.
3. Two are apart when both lie in one larger place that they name, or are countries or large cities
   of a short list, of the same rank. Of all others nothing is claimed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rag.claims.vocabulary import REPORTING
from rag.comparison.events import different_people, people_of_document, verbs_near
from rag.comparison.findings import Difference
from rag.comparison.sayings import Saying
from rag.values import Name

_AT = frozenset("in at near outside inside off".split())
_SIDES = frozenset(
    """north south east west central northern southern eastern western northeast northwest
    southeast southwest downtown inner greater north-east north-west south-east
    south-west""".split()
)
# Only to tell that two are apart; what is not here is simply unknown.
_CITIES = frozenset(
    """london manchester birmingham liverpool leeds glasgow edinburgh cardiff belfast bristol
    sheffield newcastle nottingham leicester dublin paris lyon marseille berlin munich
    hamburg frankfurt cologne madrid barcelona seville valencia rome milan naples turin
    lisbon porto vienna brussels antwerp amsterdam rotterdam copenhagen stockholm oslo
    helsinki warsaw krakow prague budapest bucharest sofia athens istanbul ankara kyiv
    kharkiv odesa moscow minsk cairo lagos nairobi johannesburg durban accra addis tunis
    algiers casablanca tehran baghdad riyadh dubai doha beirut damascus jerusalem karachi
    lahore delhi mumbai kolkata chennai bangalore dhaka kathmandu colombo bangkok hanoi
    manila jakarta singapore beijing shanghai tokyo osaka seoul sydney melbourne brisbane
    perth auckland toronto montreal vancouver ottawa boston chicago houston dallas miami
    atlanta seattle denver detroit philadelphia phoenix bogota lima santiago caracas 
    havana""".split()
)
_COUNTRIES = frozenset(
    """england scotland wales ireland france germany spain italy portugal belgium netherlands
    denmark sweden norway finland poland austria switzerland hungary romania bulgaria greece
    turkey ukraine russia egypt nigeria kenya ghana ethiopia tunisia algeria morocco libya
    sudan iran iraq syria lebanon israel jordan pakistan india bangladesh nepal thailand
    vietnam indonesia malaysia china japan australia canada mexico brazil argentina chile
    peru colombia venezuela cuba""".split()
)


@dataclass(frozen=True, eq=False)
class Spot:
    """A place as a sentence gives it.

    Attributes:
        words: Its words, small, with the side of it ("south", "london").
        within: The larger places that stand after it.
    """

    saying: Saying
    first: int
    last: int
    words: frozenset[str]
    within: tuple[frozenset[str], ...]
    frame: frozenset[str]

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


def read_spots(saying: Saying) -> list[Spot]:
    """The places of a sentence, in order."""
    spots: list[Spot] = []
    names = {saying.place_at(name.start): name for name in saying.names}
    people = people_of_document(saying)
    towns = {  # "in Hertfordshire, Rishi Sunak said"
        at: name for at, name in names.items() if name.words[-1] not in people
        and not set(saying.bases[(end := saying.place_at(name.end - 1)) + 1 : end + 2]) & REPORTING
    }  # fmt: skip
    place = 0
    while place < len(saying.bases):
        if saying.bases[place] not in _AT:
            place += 1
            continue
        parts: list[tuple[int, int, frozenset[str]]] = []
        at = place + 1
        while (part := _part(saying, towns if parts else names, at)) is not None:
            parts.append(part)
            at = part[1] + 1
            if saying.bases[at : at + 1] in ((",",), ("in",)) and _part(saying, towns, at + 1):
                at += 1
                continue
            break
        if parts:
            first, last = parts[0][0], parts[-1][1]
            words, *within = (words for _, _, words in parts)
            frame = verbs_near(saying, first, last)
            spots.append(Spot(saying, first, last, words, tuple(within), frame))
        place = max(at, place + 1)
    return spots


def _part(
    saying: Saying, names: Mapping[int, Name], at: int
) -> tuple[int, int, frozenset[str]] | None:
    """One place at token `at`: an article, a side, and a name."""
    begin = at
    while begin < len(saying.bases) and begin < at + 3 and (
        saying.bases[begin] in _SIDES or saying.bases[begin] in ("the", "-", "of", "city", "town",
                                                                "village", "county")
    ) and begin not in names:  # fmt: skip
        begin += 1
    name = names.get(begin)
    if name is None:
        return None
    last = saying.place_at(name.end - 1)
    words = frozenset(
        base for base in saying.bases[at : last + 1] if base[:1].isalpha() and base not in
        ("the", "of", "city", "town", "village", "county")
    )  # fmt: skip
    return at, last, words


def comparable(one: Spot, other: Spot) -> bool:
    """Whether two places are of one event."""
    return bool(one.frame & other.frame) and not different_people(one.saying, other.saying)


def compare_spots(one: Spot, other: Spot) -> Difference | None:
    """How two places of one event differ; None when they are one, or nothing is known."""
    if one.words == other.words and one.within == other.within:
        return None
    here, there = (one.words, *one.within), (other.words, *other.within)
    if one.words == other.words or one.words & other.words - _SIDES:
        return "precision"
    if _within(one, other) or _within(other, one):
        return "precision"
    if one.words in there or other.words in here:
        return "precision"
    shared = {w for part in one.within for w in part} & {w for p in other.within for w in p}
    if shared - _SIDES:
        return "contradiction"
    for listed in (_CITIES, _COUNTRIES):
        a, b = one.words - _SIDES, other.words - _SIDES
        if a <= listed and b <= listed and a and b:
            return "contradiction"
    return None


def _within(inner: Spot, outer: Spot) -> bool:
    """Whether one of the two documents says that the one place is in the other."""
    small = r"\W+".join(sorted(inner.words - _SIDES, key=inner.value.lower().find))
    large = r"\W+".join(sorted(outer.words - _SIDES, key=outer.value.lower().find))
    if not small or not large:
        return False
    rule = re.compile(rf"\b{small}(?:,| in) (?:\w+[ -]){{0,3}}{large}\b", re.IGNORECASE)
    texts = {
        id(s.evidence.document): s.evidence.document.text for s in (inner.saying, outer.saying)
    }
    return any(rule.search(text[:30_000]) for text in texts.values())
