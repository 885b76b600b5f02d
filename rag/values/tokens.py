"""Words, numbers and marks of a text with their offsets: what all readers of values start from."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rag.sentences import split_sentences

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\d+(?:[.,]\d+)*"  # 2,595 and 3.5
    r"|[^\W\d_]+\d\w*"  # NX121
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*"  # words, with apostrophes inside
    r"|[^\w\s]|_"
)
_PLAIN = str.maketrans("‘’ʼ‐‑–—“”", "'''----\"\"")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark.

    Attributes:
        start, end: Offsets in the text.
        text: As it stands in the text.
        base: In small letters, without accents, dots of acronyms and a possessive "'s".
        glued: Whether it touches the token before it.
        opens: Whether it is the first word of a sentence or of a quotation.
    """

    start: int
    end: int
    text: str
    base: str
    glued: bool
    opens: bool

    @property
    def is_word(self) -> bool:
        """Whether it is made of letters."""
        return self.base[:1].isalpha()

    @property
    def is_digits(self) -> bool:
        """Whether it is a number in digits."""
        return self.text[0].isdigit()

    @property
    def is_capital(self) -> bool:
        """Whether it is a word that starts with a capital letter."""
        return self.text[0].isupper()


@lru_cache(maxsize=4096)
def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, in order.

    Example: "Kaba's 24." -> bases "kaba", "24", "."
    """
    starts = {start for start, _ in split_sentences(text)}
    tokens: list[Token] = []
    opens, last_end = True, -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        piece = match.group()
        opens = opens or start in starts
        base = plain(piece)
        tokens.append(Token(start, end, piece, base, start == last_end, opens))
        # The first word after an opening quotation mark or a bullet opens a sentence too.
        opens = (opens and not base[:1].isalnum()) or piece in '"“‘:•'
        last_end = end
    return tuple(tokens)


def plain_letters(text: str) -> str:
    """`text` without accents and with straight quotation marks, every character in its place.

    Example: "Sánchez’s" -> "Sanchez's"
    """
    text = text.translate(_PLAIN)
    return text if text.isascii() else "".join(map(_letter, text))


def _letter(char: str) -> str:
    """The letter under an accent; any other character as it is."""
    decomposed = unicodedata.normalize("NFKD", char)
    marks = decomposed[1:]
    return decomposed[0] if marks and all(map(unicodedata.combining, marks)) else char


def plain(word: str) -> str:
    """A word in the form in which words are compared.

    Example: "Müller’s" -> "muller"; "U.S." -> "us"
    """
    folded = word.translate(_PLAIN).casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(char for char in decomposed if not unicodedata.combining(char)) or folded
    if len(folded) > 2:
        folded = folded.removesuffix("'s").removesuffix("'")
        if folded[1:2] == "." and folded[0].isalpha():
            folded = folded.replace(".", "")
    return folded
