"""Sentences that stand nearly the same in several documents.

Only substantial sentences are compared. Candidates share several pairs of neighbouring words that
few wordings have (found by sorting, as locality-sensitive hashing does with samples of them), and
rapidfuzz compares the words of each candidate. Nothing is drawn by lot, so equal documents give
equal results, in whatever order they come.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.words import STOP_WORDS, stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Sentences of so many words, and of so many that are not stop words, are substantial.
_MIN_WORDS = 8
_MIN_CONTENT = 5
# Nearly the same: 2 x common words in order / words of both. In the five articles on which this
# was set, rewritten sentences go down to 0.73, and different ones up to 0.62.
_NEAR = 0.7
# Candidates share so many pairs of neighbouring words that at most so many wordings have.
_MIN_SHARED_PAIRS = 3
_MAX_WORDINGS = 50
_MAX_ROWS = 4_000_000  # of such common pairs are held at once
_MIN_NARRATED = 0.5  # of the words; with less, the sentence is a quotation

_WORD = re.compile(r"[^\W_]+")
# To the next mark, or to the end of the paragraph: a quotation that goes on in the next paragraph
# is not closed before, and opened again there.
_QUOTED = re.compile(
    r"[“\"«][^“”\"«»\n]*(?:\n(?!\s*[“\"«\n])[^“”\"«»\n]*)*[”\"»]?"
    r"|(?<!\w)‘[^‘’\n]*(?:(?<=\w)’(?=\w)[^‘’\n]*)*’(?!\w)"
)

Place = tuple[str, int]  # document id, and offset of the start of a sentence
Spot = tuple[int, int]  # the same with the number of the document
Near = dict[tuple[int, int], float]


@dataclass(frozen=True)
class Article:
    """A document as it is compared.

    Attributes:
        spans: Offsets (start, end) of its sentences in `text`, in order.
    """

    document_id: str
    publisher: str | None
    text: str
    spans: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Wording:
    """The content words of a sentence, as numbers of their stems, in order.

    Attributes:
        narrated: Those outside quotation marks.
    """

    words: tuple[int, ...]
    narrated: tuple[int, ...]

    @property
    def is_narration(self) -> bool:
        """Whether it is more than a quotation with who said it."""
        return len(self.narrated) >= _MIN_NARRATED * len(self.words)


@dataclass(frozen=True)
class Corpus:
    """The substantial sentences of all documents.

    Attributes:
        documents: Their ids, sorted.
        publishers: Of each document, in small letters.
        sentences: Of each document: offset of the start, and number of the wording.
        wordings: Each different wording once.
        spots: Where each wording stands.
    """

    documents: list[str]
    publishers: list[str | None]
    sentences: list[list[tuple[int, int]]]
    wordings: list[Wording]
    spots: list[list[Spot]]


class _Numbers(dict[str, int]):
    """Numbers words by their stems, as they come."""

    def __init__(self) -> None:
        self._stems: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        (stem,) = stems([word])
        self[word] = number = self._stems.setdefault(stem, len(self._stems))
        return number


def read_corpus(articles: Iterable[Article]) -> Corpus:
    """The substantial sentences of `articles`; their order does not matter."""
    numbers = _Numbers()
    read: dict[str, tuple[str | None, list[tuple[int, Wording]]]] = {}
    for article in articles:
        publisher = article.publisher.casefold() if article.publisher else None
        read[article.document_id] = publisher, list(_substantial(article, numbers))
    corpus = Corpus(sorted(read), [], [], [], [])
    known: dict[Wording, int] = {}
    for document, name in enumerate(corpus.documents):
        publisher, sentences = read.pop(name)
        corpus.publishers.append(publisher)
        corpus.sentences.append([])
        for start, wording in sentences:
            number = known.setdefault(wording, len(known))
            if number == len(corpus.wordings):
                corpus.wordings.append(wording)
                corpus.spots.append([])
            corpus.spots[number].append((document, start))
            corpus.sentences[document].append((start, number))
    return corpus


def _substantial(article: Article, numbers: _Numbers) -> Iterator[tuple[int, Wording]]:
    """Start and wording of the sentences that are compared."""
    text = article.text
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    first = 0
    for start, end in article.spans:
        while first < len(quotes) and quotes[first][1] <= start:
            first += 1
        found = _words(text[start:end])
        words = _content(found, numbers)
        if len(found) < _MIN_WORDS or len(words) < _MIN_CONTENT:
            continue
        narrated = words
        if first < len(quotes) and quotes[first][0] < end:
            narrated = _content(_words(_unquoted(text, start, end, quotes, first)), numbers)
        yield start, Wording(words, narrated)


def _unquoted(
    text: str, start: int, end: int, quotes: Sequence[tuple[int, int]], first: int
) -> str:
    """What stands between `start` and `end` outside `quotes`; the first of them may reach in."""
    parts = []
    while first < len(quotes) and quotes[first][0] < end:
        opening, closing = quotes[first]
        parts.append(text[start : max(start, opening)])
        start = min(closing, end)
        first += 1
    return " ".join([*parts, text[start:end]])


def _words(text: str) -> list[str]:
    """Words in small letters; comparing needs no more care, and `rag.words` takes far longer."""
    return [word for word in _WORD.findall(text.casefold()) if len(word) > 1 or word.isdigit()]


def _content(found: Sequence[str], numbers: _Numbers) -> tuple[int, ...]:
    return tuple([numbers[word] for word in found if word not in STOP_WORDS])


def near_wordings(wordings: Sequence[Wording]) -> Near:
    """Numbers of two wordings that are nearly the same, the smaller first -> how alike, up to 1."""
    near = {}
    for one, other in _candidates(wordings):
        alike = similarity(wordings[one].words, wordings[other].words)
        if alike >= _NEAR:
            near[one, other] = alike
    return near


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """2 x common words in order / words of both: 0 to 1, and 1 for two texts without words."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other)


def _candidates(wordings: Sequence[Wording]) -> Iterator[tuple[int, int]]:
    """Numbers of two wordings that have enough rare pairs of neighbouring words in common."""
    import numpy as np

    if len(wordings) < 2:
        return
    lengths = [len(wording.words) for wording in wordings]
    words = np.fromiter((w for wording in wordings for w in wording.words), np.int64, sum(lengths))
    owners = np.repeat(np.arange(len(wordings)), lengths)
    inside = owners[1:] == owners[:-1]
    pairs, owners = _distinct((words[:-1] << 32 | words[1:])[inside], owners[:-1][inside])
    first = np.flatnonzero(np.r_[True, pairs[1:] != pairs[:-1]])
    sizes = np.diff(np.r_[first, len(pairs)])
    sizes[sizes > _MAX_WORDINGS] = 0
    # In parts, by the first wording, so that the memory does not grow with the corpus.
    parts = 1 + int((sizes * (sizes - 1) // 2).sum()) // _MAX_ROWS
    for part in range(parts):
        joined: list[NDArray[np.int64]] = []
        for size in range(2, _MAX_WORDINGS + 1):
            rows = owners[first[sizes == size][:, None] + np.arange(size)]
            for one in range(size - 1):
                chosen = rows[rows[:, one] % parts == part]
                joined.append((chosen[:, one, None] << 32 | chosen[:, one + 1 :]).ravel())
        found, counts = np.unique(np.concatenate(joined), return_counts=True)
        for candidate in found[counts >= _MIN_SHARED_PAIRS].tolist():
            yield candidate >> 32, candidate & 0xFFFFFFFF


def _distinct(
    keys: "NDArray[np.int64]", owners: "NDArray[np.int64]"
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Each key once for each of its owners, sorted; all of shape (n,)."""
    import numpy as np

    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    new = np.r_[True, (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])]
    return keys[new], owners[new]


def group_copies(corpus: Corpus, near: Near) -> list[list[Place]]:
    """The places of each sentence that stands nearly the same in several documents, sorted.

    All wordings of a group are near to its first, so it does not drift by small changes.
    """
    parents = list(range(len(corpus.wordings)))
    for pair in sorted(near, key=lambda pair: (-near[pair], pair)):
        one, other = sorted(find_root(parents, number) for number in pair)
        if (one, other) in near:
            parents[other] = one
    groups: dict[int, list[Spot]] = {}
    for number, spots in enumerate(corpus.spots):
        groups.setdefault(find_root(parents, number), []).extend(spots)
    return [
        [(corpus.documents[document], start) for document, start in sorted(group)]
        for group in sorted(groups.values(), key=min)
        if len({document for document, _ in group}) > 1
    ]


def find_root(parents: list[int], item: int) -> int:
    """The root of the tree that `item` is in; shortens the way to it."""
    while parents[item] != item:
        parents[item] = item = parents[parents[item]]
    return item
