"""Mistyped words that ask -> the words that are meant: "wat happend", "sumarize teh story".

Only words that say what is wanted are mended, since other rules look for them; names and words of
the news are left to the search, which knows what the articles hold. A word is mended when it is
neither known to the articles nor one of ours, is not written with a capital, and differs from one
of ours by letters that changed places, are missing or are doubled; from seven letters on, by two
letters in any way.
"""

import re
from collections.abc import Callable, Collection, Iterator

from rag.condensing import vocabulary as v

_ASKING = """
what whats when where which who why how whose did does the and about happened happening happen
summarise summarize summarised summarized summary overview compare compared comparison contrast
difference differences between different list according article articles report reports reported
story stories explain describe tell everything people please thanks hello because latest reason
reasons publisher publishers sources source documents main points brief versus against
""".split()
_WORD = re.compile(r"[^\W\d_]+")
_MIN_LETTERS, _LONG = 3, 7


def mend_asking(question: str, unknown_words: Callable[[str], Collection[str]]) -> str:
    """`question` with its mistyped words of asking as they are spelt.

    Args:
        question: Cleaned.
        unknown_words: Gives the words of a text, in small letters, that no article holds.

    Example: "wat happend?" -> "what happened?"
    """
    words = {word.lower() for word in _WORD.findall(question)}
    doubtful = {word for word in words if len(word) >= _MIN_LETTERS and not _is_ours(word)}
    if not doubtful:
        return question
    unknown = doubtful & set(unknown_words(" ".join(sorted(doubtful))))
    mended = {word: meant for word in unknown for meant in _meant(word)}
    if not mended:
        return question
    return _WORD.sub(
        lambda found: (
            found.group()
            if found.start() and found.group()[0].isupper()
            else _like(found.group(), mended.get(found.group().lower(), found.group()))
        ),
        question,
    )


def _is_ours(word: str) -> bool:
    return (
        word in _KNOWN or word in v.VERB_FORMS or word in v.GENERIC or word in v.PLACES
        or word in v.HE_NAMES or word in v.SHE_NAMES
    )  # fmt: skip


_KNOWN = (
    frozenset(_ASKING) | v.WH | v.AUXILIARIES | v.DETERMINERS | v.PRONOUNS | v.PREPOSITIONS
    | v.CONJUNCTIONS | v.ADVERBS | v.ADJECTIVES | v.DEMONSTRATIVES | v.INDEFINITES | v.POSSESSIVES
    | v.MONTHS | v.WEEKDAYS | v.PERIODS | v.ORDINALS | v.OUTLETS | {"wot", "acc", "thx", "pls"}
)  # fmt: skip


def _meant(word: str) -> Iterator[str]:
    """The word that is meant; nothing when none is, or a short one may be either of two."""
    near: dict[int, list[str]] = {}
    for known in _ASKING:
        distance = _slip(word, known)
        if distance:
            near.setdefault(distance, []).append(known)
    if near:
        nearest = near[min(near)]
        if len(nearest) == 1 or len(word) > _MIN_LETTERS:
            yield nearest[0]


def _slip(word: str, known: str) -> int:
    """How many slips of the fingers make `word` of `known`; 0 when they are not alike enough."""
    from rapidfuzz.distance import DamerauLevenshtein

    if abs(len(word) - len(known)) > 2 or word[0] not in known[:2]:
        return 0
    distance = DamerauLevenshtein.distance(word, known, score_cutoff=2)
    is_long = min(len(word), len(known)) >= _LONG
    swapped = sorted(word) == sorted(known)
    missing = len(word) < len(known) and len(known) > _MIN_LETTERS
    doubled = len(word) > len(known) and re.sub(r"(.)\1", r"\1", word) == known
    alike = distance == 1 and (is_long or swapped or missing or doubled)
    return distance if alike or (distance == 2 and is_long) else 0


def _like(typed: str, meant: str) -> str:
    return meant.capitalize() if typed[:1].isupper() else meant
