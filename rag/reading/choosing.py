"""Scored sentences -> those to quote: near the best, from several documents, none twice."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from rag.relevance import Calibration
from rag.schema import Evidence
from rag.words import content_stems, words

T = TypeVar("T")

# A word with a capital that does not open a sentence.
_CAPITALISED = re.compile(r"(?<=[\w,;:)’'\"] )([A-Z][\w’'-]*\w)")

# A further sentence is quoted when its score is at most this far below the best one's.
SCORE_MARGIN = 0.15
# What a sentence loses for each one already taken from the same document.
SAME_DOCUMENT_PENALTY = 0.02
# The same answer is quoted from so many independent sources at most.
MAX_SAME_ANSWER = 2
# Two sentences say the same when they share this part of all their stems, and all numbers.
SAME_STEMS = 0.8


def choose_answers(
    candidates: Sequence[Evidence],
    limit: int,
    calibration: Calibration,
    family: Callable[[str], str],
) -> list[Evidence]:
    """The best candidate, and others that are likely to answer too, none saying the same.

    One family of copied texts gives at most half of them, as long as others answer as well. The
    same answering words are quoted from MAX_SAME_ANSWER independent sources at most.

    Args:
        candidates: In the reader model's order, with their probabilities. What asks itself is
            chosen only where nothing else stands.
        limit: How many at most.
        calibration: From which probability on, and from which share of the first one's.
        family: The family of a document, by its id.
    """
    told = [item for item in candidates if not item.text.rstrip("\"'”’)").endswith("?")]
    best, *others = told or candidates
    floor = calibration.further_floor(best.probability or 0.0)
    likely = [best]
    for item in others:
        if (
            (item.probability or 0.0) >= floor
            and not any(says_same(item, c) for c in likely)
            and not _answers_again(item, likely, family)
        ):
            likely.append(item)
    first: list[Evidence] = []
    used: Counter[str] = Counter()
    for item in likely:
        name = family(item.document.document_id)
        if used[name] < -(-limit // 2):
            first.append(item)
        used[name] += 1
    rest = [item for item in likely if item not in first]
    chosen = [*first, *rest][:limit]
    return [item for item in likely if item in chosen]


def _answers_again(
    item: Evidence, chosen: Sequence[Evidence], family: Callable[[str], str]
) -> bool:
    """Whether the words that answer in a sentence are those of enough chosen ones."""
    mine = _answer_stems(item)
    same = [c for c in chosen if mine and _is_same_answer(mine, _answer_stems(c))]
    families = {family(c.document.document_id) for c in same}
    return len(same) >= MAX_SAME_ANSWER or family(item.document.document_id) in families


def _answer_stems(item: Evidence) -> frozenset[str]:
    if item.answer_words is None:
        return frozenset()
    start, end = item.answer_words
    return frozenset(content_stems(item.document.text[start:end]))


def _is_same_answer(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one of two answers holds all words of the other."""
    return bool(one and other) and (one <= other or other <= one)


def cover_sides(
    chosen: Sequence[Evidence],
    candidates: Sequence[Evidence],
    sides: Sequence[Callable[[Evidence], bool]],
    limit: int,
) -> list[Evidence]:
    """`chosen`, with the best candidate of each side that has none in it.

    Args:
        chosen: The sentences to quote.
        candidates: Best first.
        sides: What is compared: whether a sentence is of that side.
        limit: How many sentences at most; those of a side go before others.
    """
    needed: list[Evidence] = []
    for is_of in sides:
        if not any(is_of(item) for item in needed):
            found = next((item for item in [*chosen, *candidates] if is_of(item)), None)
            if found is not None:
                needed.append(found)
    rest = [item for item in chosen if item not in needed]
    kept = [*needed, *rest][:limit]
    return sorted(kept, key=lambda item: -item.score)


def sides_of(question: str, publishers: Sequence[str], candidates: Sequence[Evidence]
             ) -> list[Callable[[Evidence], bool]]:  # fmt: skip
    """What a comparison sets side by side: publishers, and names that the candidates know.

    A word of the question is a name when a candidate has it with a capital inside a sentence.
    """
    sides: list[Callable[[Evidence], bool]] = [
        partial(_is_by, publisher=publisher) for publisher in publishers
    ]
    known = {word.lower() for item in candidates for word in _CAPITALISED.findall(item.text)}
    sides += [
        partial(_mentions, name=word)
        for word in dict.fromkeys(words(question))
        if word in known and not any(word in p.lower().split() for p in publishers)
    ]
    return sides


def _is_by(item: Evidence, *, publisher: str) -> bool:
    return item.document.publisher == publisher


def _mentions(item: Evidence, *, name: str) -> bool:
    return name in words(item.text)


def choose_nearest(candidates: Sequence[Evidence], limit: int) -> list[Evidence]:
    """By the first stage alone: the best within SCORE_MARGIN of the first, new documents first."""
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


def overlap(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences are one, or one holds the other with the sentence before it."""
    same = one.document.document_id == other.document.document_id
    return same and one.start_char < other.end_char and other.start_char < one.end_char


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
