"""Question + sentence -> the tokens that the reader model sees.

    [CLS] question [SEP] sentence [SEP]               types 0 ... 0, 1 ... 1
    [CLS] question [SEP] context [SEP] sentence [SEP] where the sentence needs what stands before it

The question keeps its first QUESTION_TOKENS, the context its last CONTEXT_TOKENS, the sentence its
first ones, up to MAX_TOKENS in all. Type 1 is the sentence and the last [SEP].
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

MAX_TOKENS, QUESTION_TOKENS, CONTEXT_TOKENS = 128, 40, 24
CLS, SEP = 101, 102
# Words that may refer to what stands before, looked for among the first of a sentence.
REFERRING_WORDS = 4

_REFERRING = frozenset(
    "he she it they him her them his hers its their theirs this these those".split()
)
_WORD = re.compile(r"[a-z]+")
# Digits that stand alone: five to fifteen, or four that are no year of 1500 to 2199.
_FIGURE = re.compile(r"(?<![\w.,:/-])(?!0)(?:\d{5,15}|(?!1[5-9]|2[01])\d{4})(?![\w:/-]|[.,]\d)")


class ReadSentence(NamedTuple):
    """A sentence to read, and the one before it in its document, or ""."""

    text: str
    before: str = ""


class Pair(NamedTuple):
    """Tokens of a question and a sentence, and where the sentence starts among them."""

    ids: list[int]
    start: int


def as_printed(question: str) -> str:
    """`question` with the figures that are no years as news prints them, with commas.

    Example: "18395 or 2595 in 2018" -> "18,395 or 2,595 in 2018"
    """
    return _FIGURE.sub(lambda match: f"{int(match.group()):,}", question)


def needs_context(text: str) -> bool:
    """Whether one of the sentence's first words may refer to what stands before it."""
    return not _REFERRING.isdisjoint(_WORD.findall(text.lower())[:REFERRING_WORDS])


def make_pair(question: Sequence[int], sentence: Sequence[int], context: Sequence[int]) -> Pair:
    """The tokens of one pair; the arguments are token ids without [CLS] and [SEP]."""
    start = [CLS, *question[:QUESTION_TOKENS], SEP]
    room = MAX_TOKENS - len(start) - 1
    kept = list(sentence[:room])
    space = min(CONTEXT_TOKENS, room - len(kept) - 1)
    if context and space > 0:
        start += [*context[-space:], SEP]
    return Pair([*start, *kept, SEP], len(start))
