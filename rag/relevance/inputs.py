"""Question + sentences -> the tokens that the models see.

    [CLS] question [SEP] title [SEP] sentence before [SEP] sentence [SEP]
    [CLS] question [SEP] one sentence [SEP] the other [SEP]

What is empty is left out with its [SEP]. The question and the title keep their first tokens, the
sentence before its last ones, the sentence its first ones, up to MAX_TOKENS in all; where these do
not suffice, title and sentence before lose their first ones. Token type 1 is the sentence (the
other one) and the last [SEP], 0 the question; what stands between has a type that depends on the
model (`rag.relevance.bases`).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

MAX_TOKENS, QUESTION_TOKENS = 128, 56
TITLE_TOKENS, BEFORE_TOKENS = 14, 24
# Of two sentences that are compared, and of their question.
COMPARED_TOKENS, COMPARED_QUESTION_TOKENS = 60, 36
CLS, SEP = 101, 102

# Digits that stand alone: five to fifteen, or four that are no year of 1500 to 2199.
_FIGURE = re.compile(r"(?<![\w.,:/-])(?!0)(?:\d{5,15}|(?!1[5-9]|2[01])\d{4})(?![\w:/-]|[.,]\d)")
# What a question may end with, which says nothing.
_MARKS = "?!. \t\n"


class ReadSentence(NamedTuple):
    """A sentence to read, the one before it in its document, and the document's title, or ""."""

    text: str
    before: str = ""
    title: str = ""


class Pair(NamedTuple):
    """Tokens of a question and a sentence or two.

    Attributes:
        context: Where what stands between question and (other) sentence starts.
        start: Where that sentence starts.
    """

    ids: list[int]
    context: int
    start: int


def as_printed(question: str) -> str:
    """`question` as the models read it: figures as news prints them, and no mark at its end.

    Figures that are no years get commas. With or without a question mark a question is the same.

    Example: "18395 or 2595 in 2018?" -> "18,395 or 2,595 in 2018"
    """
    return _FIGURE.sub(lambda match: f"{int(match.group()):,}", question).rstrip(_MARKS)


def make_pair(
    question: Sequence[int],
    sentence: Sequence[int],
    before: Sequence[int] = (),
    title: Sequence[int] = (),
) -> Pair:
    """The tokens of one pair; the arguments are token ids without [CLS] and [SEP]."""
    start = [CLS, *question[:QUESTION_TOKENS], SEP]
    asked = len(start)
    room = MAX_TOKENS - len(start) - 1
    kept = list(sentence[:room])
    context = [*title[:TITLE_TOKENS]]
    if context and before:
        context.append(SEP)
    context += before[-BEFORE_TOKENS:]
    space = room - len(kept) - 1
    if context and space > 0:
        start += [*context[-space:], SEP]
    return Pair([*start, *kept, SEP], asked, len(start))


def make_compared(question: Sequence[int], one: Sequence[int], other: Sequence[int]) -> Pair:
    """The tokens of two sentences to compare; each text keeps its first ones."""
    asked = [CLS, *question[:COMPARED_QUESTION_TOKENS], SEP]
    start = [*asked, *one[:COMPARED_TOKENS], SEP]
    return Pair([*start, *other[:COMPARED_TOKENS], SEP], len(asked), len(start))
