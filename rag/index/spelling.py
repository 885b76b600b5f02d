"""Finds the word of the corpus that a misspelt word of a question probably means."""

from collections.abc import Iterable, Mapping

_MIN_LETTERS = 4
_MIN_LETTERS_FOR_TWO = 8


def correct(unknown: Iterable[str], frequencies: Mapping[str, int]) -> dict[str, str]:
    """The closest known word for each unknown one; words without any are left out.

    Closest by Damerau-Levenshtein distance: at most 1 for 4 to 7 letters, 2 from 8 letters on.
    The first letter must be right. Of words equally close one with the same letters wins, then
    the more frequent one, then the first in the alphabet. Words with digits are never corrected.

    Args:
        unknown: Words that the corpus does not hold, in small letters.
        frequencies: In how many chunks each word of the corpus stands.

    Example: (["recieve"], {"receive": 3, "relieve": 5}) -> {"recieve": "receive"}
    """
    from rapidfuzz.distance import DamerauLevenshtein

    corrected = {}
    for word in unknown:
        if len(word) < _MIN_LETTERS or not word.isalpha():
            continue
        limit = 2 if len(word) >= _MIN_LETTERS_FOR_TWO else 1
        letters = sorted(word)
        best: tuple[int, bool, int, str] | None = None
        for known, frequency in frequencies.items():
            if known[0] != word[0] or abs(len(known) - len(word)) > limit or not known.isalpha():
                continue
            distance = DamerauLevenshtein.distance(word, known, score_cutoff=limit)
            if distance <= limit:
                candidate = (distance, sorted(known) != letters, -frequency, known)
                best = min(best or candidate, candidate)
        if best is not None:
            corrected[word] = best[-1]
    return corrected
