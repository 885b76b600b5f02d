"""Finds the word of the corpus that a misspelt word of a question probably means."""

import re
from collections.abc import Iterable, Mapping

_MIN_LETTERS = 4
_MIN_LETTERS_FOR_TWO = 8
_MIN_SOUND = 4
# Spellings of one sound: "Cabba" and "Kaba", "Rowly" and "Rowley".
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"), ("oo", "u"), ("c(?=[eiy])|z", "s"), ("[cq]", "k"), ("x", "ks"), ("y", "i"),
        ("(?<=.)h", ""), (r"(.)\1+", r"\1"), ("ie|ei", "i"), (r"(.)\1+", r"\1"), ("(?<=..)e$", ""),
    )
]  # fmt: skip
_SAME_FIRST = {letter: group for group in ("ckq", "sz", "fp", "iy") for letter in group}


def correct(unknown: Iterable[str], frequencies: Mapping[str, int]) -> dict[str, str]:
    """The closest known word for each unknown one; words without any are left out.

    Closest by Damerau-Levenshtein distance: at most 1 for 4 to 7 letters, 2 from 8 letters on, and
    the first letter must be right; or a word that is spelt otherwise and sounds the same. Of words
    equally close one with the same letters wins, then the more frequent one, then the first in the
    alphabet. Words with digits are never corrected.

    Args:
        unknown: Words that the corpus does not hold, in small letters.
        frequencies: In how many chunks each word of the corpus stands.

    Example: (["recieve"], {"receive": 3, "relieve": 5}) -> {"recieve": "receive"}
    """
    corrected = {}
    for word in unknown:
        if len(word) < _MIN_LETTERS or not word.isalpha():
            continue
        limit = 2 if len(word) >= _MIN_LETTERS_FOR_TWO else 1
        first = _SAME_FIRST.get(word[0], word[0])
        letters = sorted(word)
        best: tuple[int, bool, int, str] | None = None
        for known, frequency in frequencies.items():
            if known[0] not in first or not known.isalpha():
                continue
            distance = slips(word, known, limit)
            if distance is not None:
                candidate = (distance, sorted(known) != letters, -frequency, known)
                best = min(best or candidate, candidate)
        if best is not None:
            corrected[word] = best[-1]
    return corrected


def slips(word: str, known: str, limit: int) -> int | None:
    """How many slips lead from one word to the other; None for more than `limit`.

    One that sounds the same is one slip away.

    Example: "cabba", "kaba", 1 -> 1
    """
    from rapidfuzz.distance import DamerauLevenshtein

    difference = abs(len(word) - len(known))
    if word[0] == known[0] and difference <= limit:
        distance = DamerauLevenshtein.distance(word, known, score_cutoff=limit)
        if distance <= limit:
            return distance
    if difference > max(limit, 2) or not limit:
        return None
    heard = sound(word)
    return 1 if len(heard) >= _MIN_SOUND and heard == sound(known) else None


def sound(word: str) -> str:
    """A word in small letters as it sounds, so that other spellings of it are equal.

    Example: "rowley", "rowly" -> "rowli"
    """
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word
