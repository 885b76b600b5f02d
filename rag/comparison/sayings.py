"""Evidence -> sayings: each sentence read once, and how much any two of them share.

1. The content words of a sentence are its stems, each with the groups of synonyms that it is in.
2. A word weighs the more, the fewer of the compared sentences have it (inverse frequency), so that
   what all of them talk about does not make them alike.
3. Two sentences share a word when they have its stem, or, for less, a synonym.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Protocol

from rag.claims.vocabulary import LIGHT, REPORTING, keys_of, stem_of
from rag.schema import Evidence
from rag.values import (
    DateMention,
    Name,
    Number,
    Token,
    read_dates,
    read_lexicon,
    read_names,
    read_numbers,
    tokenize,
)

# What a synonym counts, where the same word counts 1.
SYNONYM = 0.6
# Two sentences are near-copies when they share this part of all their stems, and all numbers.
COPIED = 0.7
MIN_SENTENCES = 10
_CLAUSE_ENDS = frozenset(". ; : ? ! but while whereas although though however — –".split())
# How many words before and after it may be shown with what differs, in its clause.
CLAUSE_REACH = (24, 20)
_JOINING = frozenset('and because so since or ( “ "'.split())
# After "he said that when", the clause goes on beyond the next comma.
_INSERTING = frozenset("when if after before once since".split())
_CLAUSE_MARKS = frozenset(". , ; : ? ! ( ) [ ] — – but while whereas although though".split())
# A document longer than this is not read for its names: the sentence alone must do.
MAX_LEXICON_CHARS = 30_000
# Words that tell nothing about what a sentence is about, beside the light ones.
_EMPTY = REPORTING | frozenset(
    """monday tuesday wednesday thursday friday saturday sunday year years day days week weeks
    month months today yesterday last next according number later earlier total added ago""".split()
)


@lru_cache(maxsize=4096)
def content_of(text: str) -> tuple[tuple[int, str], ...]:
    """Place and stem of each content word of `text`."""
    return tuple(
        (place, stem_of(token.base))
        for place, token in enumerate(tokenize(text))
        if token.base[:1].isalpha() and token.base not in LIGHT and token.base not in _EMPTY
    )


@lru_cache(maxsize=4096)
def clauses_of(text: str) -> tuple[int, ...]:
    """For each token of `text` the number of the clause that it stands in."""
    numbers, clause = [], 0
    for token in tokenize(text):
        clause += token.base in _CLAUSE_ENDS
        numbers.append(clause)
    return tuple(numbers)


@lru_cache(maxsize=4096)
def _numbers_of(text: str) -> tuple[Number, ...]:
    return tuple(read_numbers(text))


@lru_cache(maxsize=4096)
def _dates_of(text: str, published: date | None) -> tuple[DateMention, ...]:
    return tuple(read_dates(text, published))


@lru_cache(maxsize=4096)
def groups_of(text: str) -> frozenset[str]:
    """The groups of synonyms that the content words of `text` are in."""
    tokens = tokenize(text)
    return frozenset(
        key for place, _ in content_of(text) for key in keys_of(tokens[place].base) if key[0] == "#"
    )


@dataclass(frozen=True, eq=False)
class Saying:
    """One sentence, read.

    Attributes:
        evidence: Where it stands.
    """

    evidence: Evidence

    @property
    def text(self) -> str:
        """The sentence."""
        return self.evidence.text

    @property
    def answer(self) -> tuple[int, int] | None:
        """Offsets of the words that answer; beyond the sentence when they stand before it."""
        item = self.evidence
        if item.answer_words is None:
            return None
        start, end = item.answer_words
        return start - item.start_char, end - item.start_char

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words and marks."""
        return tokenize(self.text)

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """Its words and marks as they are compared."""
        return tuple(token.base for token in self.tokens)

    @cached_property
    def content(self) -> tuple[tuple[int, str], ...]:
        """Place and stem of each content word."""
        return content_of(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(stem for _, stem in self.content)

    @cached_property
    def groups(self) -> frozenset[str]:
        """The groups of synonyms of its content words."""
        return groups_of(self.text)

    @cached_property
    def numbers(self) -> list[Number]:
        """Its numbers, but for those of dates and names.

        What is all number is no name, though it has a capital: "Fourteen" in a headline.
        """
        numbers = _numbers_of(self.text)
        spans = [(d.start, d.end) for d in self.dates] + [
            (name.start, name.end) for name in self.names
            if not any(n.start <= name.start and name.end <= n.end for n in numbers)
        ]  # fmt: skip
        return [
            number for number in numbers
            if not any(start <= number.start < end for start, end in spans)
        ]  # fmt: skip

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Its dates, resolved against the day of its document."""
        return _dates_of(self.text, self.evidence.document.published)

    @cached_property
    def names(self) -> list[Name]:
        """The names in it."""
        whole = self.evidence.document.text
        return read_names(
            self.text, read_lexicon(whole) if len(whole) <= MAX_LEXICON_CHARS else None
        )

    @cached_property
    def clauses(self) -> tuple[int, ...]:
        """For each token the number of the clause that it stands in."""
        return clauses_of(self.text)

    def place_at(self, offset: int) -> int:
        """The place of the token that holds the character at `offset`."""
        return next(k for k, token in enumerate(self.tokens) if token.end > offset)

    def piece(self, first: int, last: int) -> str:
        """The sentence from token `first` to token `last`."""
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def clause(self, first: int, last: int) -> str:
        """The clause around the tokens `first` to `last`, so that they are understood alone."""
        before, after = CLAUSE_REACH
        begin, end = first, last
        while begin and first - begin < before and self.bases[begin - 1] not in _CLAUSE_MARKS:
            begin -= 1
        inserted = False
        while end + 1 < len(self.bases) and end - last < after:
            following = self.bases[end + 1]
            if following in _CLAUSE_MARKS and not (inserted and following == ","):
                break
            inserted = following in _INSERTING or (inserted and following != ",")
            end += 1
        while end - last == after and self.bases[end] in LIGHT | {"-"}:
            last, end = last - 1, end - 1
        while begin < first and self.bases[begin] in _JOINING:
            begin += 1
        return _without_open_quotes(self.piece(begin, end))

    def keys_in(self, first: int, last: int) -> frozenset[str]:
        """Stems and groups of the content words from token `first` to token `last`."""
        return frozenset(
            key
            for place, _ in self.content
            if first <= place <= last
            for key in keys_of(self.bases[place])
        )


def _without_open_quotes(text: str) -> str:
    """`text` without a quotation mark at its end or start whose other one is not in it."""
    for opening, closing in ("“”", '""', "‘’"):
        if text.count(opening) + (text.count(closing) if closing != opening else 0) == 1:
            text = text.strip(opening + closing)
    return text


class Placed(Protocol):
    """Something in a sentence, from token `first` to `last`."""

    @property
    def saying(self) -> Saying:
        """The sentence."""

    @property
    def first(self) -> int:
        """Its first token."""

    @property
    def last(self) -> int:
        """Its last token."""


def weigh_words(sayings: Sequence[Saying]) -> dict[str, float]:
    """What each stem weighs: 1 for one that every sentence has, up to about 3.5 for a rare one.

    Of a few sentences nothing can be learnt about which words are common.
    """
    counts = Counter(stem for saying in sayings for stem in saying.stems)
    total = max(len(sayings), MIN_SENTENCES)
    return {stem: 1 + math.log((1 + total) / (1 + count)) for stem, count in counts.items()}


def covered(
    content: Iterable[tuple[str, frozenset[str]]], saying: Saying, weights: Mapping[str, float]
) -> float:
    """The part of the words `content` (stem and keys) that the sentence has: 0..1."""
    have = whole = 0.0
    for stem, keys in content:
        weight = weights.get(stem, 2.0)
        whole += weight
        if stem in saying.stems:
            have += weight
        elif keys & saying.groups:
            have += SYNONYM * weight
    return have / whole if whole else 0.0


def likeness(one: Saying, other: Saying, weights: Mapping[str, float]) -> float:
    """How much two sentences are about the same: shared words to those of the poorer one, 0..1."""
    parts = [
        covered(
            ((stem, keys_of(here.bases[place])) for place, stem in here.content), there, weights
        )
        for here, there in ((one, other), (other, one))
    ]
    return max(parts) * 0.5 + min(parts) * 0.5


def is_copy(one: Saying, other: Saying) -> bool:
    """Whether two sentences say nearly the same in nearly the same words."""
    shared, both = len(one.stems & other.stems), len(one.stems | other.stems)
    if not both or shared / both < COPIED:
        return False
    return {n.value for n in one.numbers} == {n.value for n in other.numbers}


def count_sources(sayings: Sequence[Saying], families: Mapping[str, str]) -> int:
    """How many independent sources these sentences are.

    Sentences of one family, and near-copies, are one source.

    Args:
        sayings: Sentences.
        families: Document id -> the name of its family; a document that is not in it is its own.
    """
    clusters: list[list[Saying]] = []
    for saying in sayings:
        document_id = saying.evidence.document.document_id
        family = families.get(document_id, document_id)
        for cluster in clusters:
            if any(
                families.get(known.evidence.document.document_id,
                             known.evidence.document.document_id) == family
                or is_copy(known, saying)
                for known in cluster
            ):  # fmt: skip
                cluster.append(saying)
                break
        else:
            clusters.append([saying])
    return len(clusters)


# What articles of different weeks say of "sales" or "the team" is mostly of different occasions.
MAX_DAYS_APART = 3


def other_day(one: Saying, other: Saying) -> bool:
    """Whether the days of two documents are known, and too far apart for one occasion."""
    here, there = one.evidence.document.published, other.evidence.document.published
    return bool(here and there and abs((here - there).days) > MAX_DAYS_APART)


def published_apart(one: Saying, other: Saying) -> bool:
    """Whether the documents are known to be of different days."""
    here, there = one.evidence.document.published, other.evidence.document.published
    return here is not None and there is not None and here != there


def same_figures(one: Saying, other: Saying) -> bool:
    """Whether two sentences give the same numbers; if not, they tell of two occasions."""
    return {n.value for n in one.numbers} == {n.value for n in other.numbers}
