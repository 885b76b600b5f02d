"""Questions that ask for a time: which sentences tell it, and whether one surely does.

1. A sentence that tells a time gains by how much of the question it says beside that. Words count
   by how few of the sentences have them; those that only ask for a time do not count.
2. A sentence whose only date is the document's own ("last updated on ...") comes last, unless the
   question asks how old a document is; then only that of a document answers which holds every word
   that names it.
3. When one of the first sentences says nearly all of the question, and a time, it answers.
4. A question about two events is given the time of each. Where the days of the first sentence are
   not known, one that fits the question is added whose days are.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.schema import Document, Evidence
from rag.values.event_dates import dates_near
from rag.values.irregular import base_of
from rag.words import stems, words

# What a sentence gains that says all of the question, in the unit of the reader's scores; and what
# it loses that has no date but the document's own.
FITTING, OWN_DATE = 2.0, 5.0
# From this share of the question's words on, a sentence says nearly all of it.
NEARLY_ALL = 0.65
# To be taken for the answer by its words, a sentence is among so many first ones, and the question
# has so many words.
LEADING, MIN_WORDS = 3, 2

# A number of the question is said in few words, and seldom by chance.
NUMBER_WEIGHT = 2.0


def read_stems(text: str) -> list[str]:
    """The stems of a text's words, of irregular verbs that of the verb: "shot" is "shoot"."""
    return stems([base_of(word) for word in words(text)])


_ASKING = frozenset(
    read_stems(
        """date dates day days week weekend month months year years time moment period decade long
        much many old ago exact exactly wen pls please tell know first came come happen happened
        earlier later before after between since until give gave given take took taken get got make
        made go goes went gone have had did do say said start started begin began
        wasnt werent isnt arent didnt doesnt hasnt havent"""
    )
)
# A stem of so many letters stands for the longer ones that begin with it: "photo", "photograph".
_LONG_STEM = 5
_DOCUMENT = re.compile(
    r"\b(?:version|articles?|stor(?:y|ies)|pieces?|pages?|reports?|news)\b", re.IGNORECASE
)
_AGE = re.compile(
    r"\b(?:updat\w+|publi\w+|posted|written|version|fresh|newest|how old|date of)\b",
    re.IGNORECASE,
)
_TWO_EVENTS = (
    re.compile(r"\bhow (?:long|soon|much time) (?:after|before) (?P<one>.+?)"
               r" (?:did|was|were|had|has|does|will) (?P<other>.+)", re.IGNORECASE),
    re.compile(r"\bbetween (?P<one>.+?) and (?P<other>[^,?]+)", re.IGNORECASE),
    re.compile(r"\bfirst\b[\s,:;-]*(?P<one>.+?) or (?P<other>.+)", re.IGNORECASE),
    re.compile(r"^\W*(?:was|were|did|does|is|are|has|have|had) (?P<one>.+?) (?:before|after)"
               r"(?: or (?:before|after))? (?P<other>.+)", re.IGNORECASE),
)  # fmt: skip


@dataclass(frozen=True)
class Timed:
    """A sentence, its stems, and the times that it tells.

    Attributes:
        times: For each time of an event, whether its days are known.
        only_own: Whether it has dates, and all are the document's own.
    """

    item: Evidence
    stems: frozenset[str]
    times: tuple[bool, ...]
    only_own: bool


@dataclass(frozen=True)
class TimeReading:
    """What a question for a time finds.

    Attributes:
        candidates: The sentences, in an order that takes their times into account.
        sure: Whether one of the first says nearly all of the question, and a time.
        untold: Whether a document's own date is asked for, and no sentence gives it.
        timed: The sentences that were read, in that order.
    """

    question: str
    candidates: list[Evidence]
    sure: bool
    untold: bool
    timed: list[Timed]

    def complete(self, chosen: Sequence[Evidence], limit: int) -> list[Evidence]:
        """`chosen`, at most `limit` of them, with the times that the question still lacks."""
        events = events_of(self.question)
        if events:
            wanted = [found for event in events if (found := self._best(event, chosen))]
        else:
            wanted = self._with_known_days(chosen[0])
        added = [item for item in wanted if item not in chosen]
        kept = [item for item in chosen if item in wanted]
        others = [item for item in chosen if item not in wanted]
        room = max(limit - len(kept) - len(added), 0)
        left = {id(item) for item in [*kept, *added, *others[:room]]}
        return [item for item in [*chosen, *added] if id(item) in left][:limit]

    def _best(self, event: str, chosen: Sequence[Evidence]) -> Evidence | None:
        """The sentence that tells the time of an event, best with known days and chosen anyway."""
        weights = weigh(event, self.timed)
        fitting = [
            timed
            for timed in self.timed
            if timed.times and share(timed.stems, weights) >= NEARLY_ALL
        ]
        fitting.sort(key=lambda timed: (not any(timed.times), timed.item not in chosen))
        return fitting[0].item if fitting else None

    def _with_known_days(self, first: Evidence) -> list[Evidence]:
        """The first sentence, and where its days are not known the best one whose days are."""
        lead = next((timed for timed in self.timed if timed.item is first), None)
        if lead is None or not lead.times or any(lead.times):
            return []
        weights = weigh(self.question, self.timed)
        least = min(share(lead.stems, weights), NEARLY_ALL)
        for timed in self.timed:
            if any(timed.times) and share(timed.stems, weights) >= least:
                return [first, timed.item]
        return []


def read_times(question: str, candidates: Sequence[Evidence]) -> TimeReading:
    """The order of `candidates` for a question that asks for a time.

    Args:
        question: One for which `asks_when` is true.
        candidates: In the reader's order; those that it did not read have no probability.
    """
    read = [_timed(item) for item in candidates if item.probability is not None]
    weights = weigh(question, read)
    of_document = bool(_AGE.search(question) and _DOCUMENT.search(question))
    moved = []
    for timed in read:
        fit = share(timed.stems, weights) if timed.times and not of_document else 0.0
        if timed.only_own:
            fit = 1.0 if of_document and _is_named(timed.item.document, question) else -1.0
        gain = fit * (FITTING if fit > 0 else OWN_DATE)
        item = replace(timed.item, score=timed.item.score + gain)
        moved.append((fit, replace(timed, item=item)))
    moved.sort(key=lambda one: -one[1].item.score)
    untold = of_document and not any(fit == 1.0 for fit, _ in moved)
    enough = of_document or len(weights) >= MIN_WORDS
    sure = enough and any(fit >= NEARLY_ALL for fit, _ in moved[:LEADING])
    unread = [item for item in candidates if item.probability is None]
    ordered = [timed for _, timed in moved]
    found = [*(timed.item for timed in ordered), *unread]
    return TimeReading(question, found, sure, untold, ordered)


def _is_named(document: Document, question: str) -> bool:
    """Whether a document holds every word with which a question about its age names it."""
    named = _AGE.sub(" ", _DOCUMENT.sub(" ", question))
    held = read_stems(f"{document.publisher or ''} {document.title or ''} {document.text}")
    return set(read_stems(named)) - _ASKING <= set(held)


def events_of(question: str) -> tuple[str, ...]:
    """The two events whose times a question sets against each other; none of other questions.

    Example: "was he hired before or after the strike" -> ("he hired", "the strike")
    """
    for pattern in _TWO_EVENTS:
        match = pattern.search(question)
        if match:
            return match["one"], match["other"]
    return ()


def weigh(question: str, sentences: Sequence[Timed]) -> dict[str, float]:
    """The stems of a question with their weights: the rarer in the sentences, the more."""
    asked = dict.fromkeys(stem for stem in read_stems(question) if stem not in _ASKING)
    count = len(sentences)
    weights = {}
    for stem in asked:
        holders = sum(_says(timed.stems, stem) for timed in sentences)
        rarity = math.log(1 + (count - holders + 0.5) / (holders + 0.5))
        weights[stem] = rarity * (NUMBER_WEIGHT if stem[0].isdigit() else 1.0)
    return weights


def share(stems: frozenset[str], weights: dict[str, float]) -> float:
    """How much of a question a sentence says, 0..1; 0 for a question without words."""
    whole = sum(weights.values())
    return sum(weights[stem] for stem in weights if _says(stems, stem)) / whole if whole else 0.0


def _says(stems: frozenset[str], asked: str) -> bool:
    """Whether a sentence has a word of the question, or a form of it that the stemmer keeps."""
    if asked in stems:
        return True
    return len(asked) >= _LONG_STEM and any(
        stem.startswith(asked) or (len(stem) >= _LONG_STEM and asked.startswith(stem))
        for stem in stems
    )


def _timed(item: Evidence) -> Timed:
    document = item.document
    found = dates_near(document.text, item.start_char, item.end_char, document.published)
    times = tuple(mention.first is not None for mention in found if not mention.own)
    return Timed(item, frozenset(read_stems(item.text)), times, bool(found) and not times)
