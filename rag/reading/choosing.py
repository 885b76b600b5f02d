"""Scored sentences -> those to quote: near the best, from several documents, none twice."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from rag.schema import Evidence
from rag.words import content_stems

T = TypeVar("T")

# A further sentence is quoted when its score is at most this far below the best one's.
SCORE_MARGIN = 0.15
# What a sentence loses for each one already taken from the same document.
SAME_DOCUMENT_PENALTY = 0.02
# Two sentences say the same when they share this part of all their stems, and all numbers.
SAME_STEMS = 0.8


def choose(candidates: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The best candidates within SCORE_MARGIN of the first, new documents preferred."""
    chosen: list[Evidence] = []
    used: Counter[str] = Counter()
    rest = list(candidates)
    floor = candidates[0].score - SCORE_MARGIN
    while rest and len(chosen) < limit:
        best = max(rest, key=lambda item: item.score
                   - SAME_DOCUMENT_PENALTY * used[item.document.document_id])  # fmt: skip
        if best.score - SAME_DOCUMENT_PENALTY * used[best.document.document_id] < floor:
            break
        chosen.append(best)
        used[best.document.document_id] += 1
        rest = [item for item in rest if item is not best and not says_same(item, best)]
    return chosen


def repeats(item: Evidence, candidates: Sequence[Evidence]) -> list[Evidence]:
    """The sentence of each other document that says nearly the same as `item`."""
    repeats: dict[str, Evidence] = {}
    for other in candidates:
        if other.document.document_id != item.document.document_id and says_same(item, other):
            repeats.setdefault(other.document.document_id, other)
    return list(repeats.values())


def says_same(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences say nearly the same: most stems shared, and every number."""
    stems, other_stems = set(content_stems(one.text)), set(content_stems(other.text))
    if not stems or not other_stems:
        return False
    numbers = {stem for stem in stems if stem[0].isdigit()}
    if numbers != {stem for stem in other_stems if stem[0].isdigit()}:
        return False
    return len(stems & other_stems) / len(stems | other_stems) >= SAME_STEMS


def take_turns(lists: Sequence[Sequence[T]]) -> list[T]:
    """The first of each list, then the second of each, and so on."""
    longest = max((len(items) for items in lists), default=0)
    return [items[k] for k in range(longest) for items in lists if k < len(items)]


def without_repeats(groups: Sequence[list[Evidence]]) -> list[list[Evidence]]:
    """`groups` without those whose quote an earlier one gives; the longer quote takes its place."""
    kept: list[list[Evidence]] = []
    for group in groups:
        place = next((k for k, known in enumerate(kept) if _repeats_quote(group, known)), None)
        if place is None:
            kept.append(group)
        elif kept[place][0].text in group[0].text:
            kept[place] = group
    return kept


def _repeats_quote(group: Sequence[Evidence], known: Sequence[Evidence]) -> bool:
    """Whether one of the two quotes holds the other, or they say nearly the same."""
    text, known_text = group[0].text, known[0].text
    return text in known_text or known_text in text or says_same(group[0], known[0])
