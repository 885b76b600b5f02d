"""Words of a text as both the keyword index and the reader see them: lower-cased and stemmed."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

# A number keeps its separators ("2,595", "1:53", "20.5"); a word keeps its inner apostrophe.
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[^\W_]+")
_NUMBER_SEPARATORS = re.compile(r"(?<=\d),(?=\d)")

# Words that say how a question is asked or how a sentence is built, not what it is about.
STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been being but by can could did do does doing
    for from had has have having he her hers him his how i if in into is it its itself just me my
    no nor not of on or our ours she should so some such than that the their theirs them then there
    these they this those to too us was we were what when where which who whom whose why will with
    would you your yours
    """.split()
)


def tokenize(text: str) -> list[str]:
    """The lower-cased words and numbers of `text`, in order, without possessive endings.

    Example: "The Met's 2,595 officers" -> ["the", "met", "2595", "officers"]
    """
    folded = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    folded = _NUMBER_SEPARATORS.sub("", folded)
    return [_without_possessive(token) for token in _TOKEN.findall(folded)]


def stem(word: str) -> str:
    """The English (Porter 2) stem of a lower-cased word."""
    return _stem(word)


def content_stems(text: str) -> list[str]:
    """Stems of the words of `text` that are not stop words, in order, with repeats."""
    return [_stem(token) for token in tokenize(text) if token not in STOP_WORDS]


def _without_possessive(token: str) -> str:
    return token[:-2] if token.endswith("'s") else token


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
