"""Words of a text as the keyword index and the reader compare them.

In small letters and without accents. "2,595" is also "2595"; "cease-fire" is "ceasefire",
"cease" and "fire"; "Hunt's" is "hunt"; "U.S." is "us".
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\d+(?:[.,]\d+)*(?:[^\W_]+)?"  # 2,595 and 3.5 and 24th and 5g
    r"|[^\W_]+(?:['-][^\W_]+)*"  # words, with apostrophes and hyphens inside
)
_PLAIN = str.maketrans("\u2018\u2019\u02bc\u2010\u2011", "'''--")
# Words that stand in nearly every text; names and "us", which may be the country, are none.
_STOP_WORDS = """
a an and are as at be been but by did do does for from had has have he her his how i if in into
is it its of on or our she so than that the their them then there these they this those to was
we were what when where which who whom whose why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words(text: str, *, join_compounds: bool = True) -> list[str]:
    """The words of `text` as they are compared, before stemming; stop words are left out.

    Args:
        text: Any text.
        join_compounds: Whether "cease-fire" is also the word "ceasefire".

    Example: "Hunt's 2,595 cease-fire" -> ["hunt", "2595", "ceasefire", "cease", "fire"]
    """
    text = text.translate(_PLAIN).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in text if not unicodedata.combining(char))
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group().removesuffix("'s")
        if word[0].isdigit():
            found.append(word.replace(",", ""))
        elif "-" in word:
            parts = word.replace("'", "").split("-")
            found.extend(["".join(parts), *parts] if join_compounds else parts)
        else:
            found.append(word.replace("'", "").replace(".", ""))
    return [word for word in found if word and word not in STOP_WORDS]


def stems(found: Sequence[str]) -> list[str]:
    """The English (Porter 2) stems of words in small letters, one for each."""
    import Stemmer

    # A stemmer must not be shared between threads, and making one costs microseconds.
    return list(Stemmer.Stemmer("english").stemWords(list(found)))


@lru_cache(maxsize=16_384)
def content_stems(text: str) -> tuple[str, ...]:
    """Stems of the words of `text` that are not stop words, in order, with repeats.

    Kept for the texts last asked for: the sentences of a corpus come up again and again.
    """
    return tuple(stems(words(text)))
