"""Which documents copy which: republished and rewritten reports are of one family.

1. Sentences that stand nearly the same in two documents are found (`copies`).
2. Their words are counted as a share of all that the smaller of the two narrates. A quotation is
   not counted, nor what was said around it: two reporters may have heard the same man.
3. Two documents that share enough are of one family, with all that share enough with either.

What enough is depends on the publisher. One newsroom repeats its own background and templates, so
there it takes much; into another's report even two sentences do not get by chance. What a
publisher repeats from page to page counts only where nearly everything is the same.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rag.index.copies import (
    Article,
    Corpus,
    Near,
    Place,
    Spot,
    find_root,
    group_copies,
    near_wordings,
    read_corpus,
    similarity,
)
from rag.store import Store

# Shares of the words of the smaller document. Among 609 articles of 49 publishers no two of
# different ones share two sentences, standing text aside. Of the pairs of one publisher, those
# above 0.35 tell of the same in the same words; below it, most share a template or background.
_ENOUGH = 0.08
_ENOUGH_OF_PUBLISHER = 0.35
_ENOUGH_WITH_STANDING = 0.6
_MIN_SENTENCES = 2
_NEAR_NARRATION = 0.6  # what stands outside quotation marks must be so much alike
# A sentence in so many documents of one publisher, or in so many of any, may be standing text.
_STANDING_OF_PUBLISHER = 3
_STANDING = 4
_MAX_PLACES = 50  # a sentence in more counts nothing: the work grows with the square


class Families:
    """The families of documents, and the sentences that several documents have.

    Attributes:
        family_of: Document id -> family id, for families of more than one; a family's id is that
            of its first document in sorted order.
        copies: The places (document id, offset of the start) of each sentence that stands nearly
            the same in several documents, sorted. Its values may differ: an update may have
            changed a number. Quotations and standing text are among them.
    """

    def __init__(self, family_of: dict[str, str], copies: list[list[Place]]) -> None:
        self.family_of = family_of
        self.copies = copies
        self._group_of = {place: group for group in copies for place in group}

    @classmethod
    def build(cls, store: Store) -> Self:
        """Compares all documents of the store."""
        return cls.compare(
            Article(
                summary.document_id,
                summary.publisher,
                store.document(summary.document_id).text,
                store.vectors(summary.document_id, "sentence").spans.tolist(),
            )
            for summary in store.summaries()
        )

    @classmethod
    def compare(cls, articles: Iterable[Article]) -> Self:
        """Compares these articles; their order does not matter."""
        corpus = read_corpus(articles)
        near = near_wordings(corpus.wordings)
        return cls(_join_families(corpus, near), group_copies(corpus, near))

    def save(self, path: Path) -> None:
        """Writes them to a new file."""
        saved = {"family_of": self.family_of, "copies": self.copies}
        path.write_text(json.dumps(saved), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` wrote."""
        saved = json.loads(path.read_text(encoding="utf-8"))
        copies = [[(name, start) for name, start in group] for group in saved["copies"]]
        return cls(saved["family_of"], copies)

    def members(self) -> dict[str, list[str]]:
        """Documents of each family of more than one, by family id, all sorted."""
        members: dict[str, list[str]] = {}
        for document_id, family in sorted(self.family_of.items()):
            members.setdefault(family, []).append(document_id)
        return members

    def near_copies(self, document_id: str, start_char: int) -> list[Place]:
        """The places in other documents of the sentence that starts there, sorted."""
        group = self._group_of.get((document_id, start_char), [])
        return [place for place in group if place[0] != document_id]


@dataclass
class _Shared:
    """Starts of the sentences that two documents share, in the first and in the second."""

    first: set[int] = field(default_factory=set)
    second: set[int] = field(default_factory=set)


Pair = tuple[int, int]  # numbers of two documents, the smaller first


def _join_families(corpus: Corpus, near: Near) -> dict[str, str]:
    """Document id -> family id, for families of more than one."""
    without_standing, with_standing = _find_shared(corpus, near)
    sizes = [
        {
            start: len(corpus.wordings[number].words)
            for start, number in sentences
            if corpus.wordings[number].is_narration
        }
        for sentences in corpus.sentences
    ]
    parents = list(range(len(corpus.documents)))
    for found, publisher_matters in ((without_standing, True), (with_standing, False)):
        for pair, shared in found.items():
            enough = _ENOUGH_WITH_STANDING
            if publisher_matters:
                one, other = (corpus.publishers[document] for document in pair)
                enough = _ENOUGH_OF_PUBLISHER if one and one == other else _ENOUGH
            if _share(pair, shared, sizes) >= enough:
                first, second = sorted(find_root(parents, document) for document in pair)
                parents[second] = first
    roots = [find_root(parents, document) for document in range(len(parents))]
    counts = Counter(roots)
    names = corpus.documents
    return {names[k]: names[root] for k, root in enumerate(roots) if counts[root] > 1}


def _share(pair: Pair, shared: _Shared, sizes: Sequence[dict[int, int]]) -> float:
    """Which part of what the smaller document narrates stands in the other; 0 to 1.

    `sizes` has, for each document, the words of the sentences that it narrates by their start.
    """
    if min(len(shared.first), len(shared.second)) < _MIN_SENTENCES:
        return 0.0
    total, smaller, starts = min(
        (sum(sizes[document].values()), document, starts)
        for document, starts in zip(pair, (shared.first, shared.second), strict=True)
    )
    return sum(sizes[smaller][start] for start in starts) / total


def _find_shared(corpus: Corpus, near: Near) -> tuple[dict[Pair, _Shared], dict[Pair, _Shared]]:
    """What each two documents share, without text that may be standing text and with it."""
    wordings = corpus.wordings
    is_standing = _find_standing(corpus, near)
    without_standing: dict[Pair, _Shared] = {}
    with_standing: dict[Pair, _Shared] = {}
    repeated = [(k, k) for k, spots in enumerate(corpus.spots) if len(spots) > 1]
    for one, other in [*repeated, *near]:
        if not (one in is_standing and other in is_standing):
            continue
        narrated = wordings[one].narrated, wordings[other].narrated
        if one != other and similarity(*narrated) < _NEAR_NARRATION:
            continue
        for spot in corpus.spots[one]:
            for copy in corpus.spots[other]:
                if spot[0] != copy[0]:
                    _note(with_standing, spot, copy)
                    if not (is_standing[one] or is_standing[other]):
                        _note(without_standing, spot, copy)
    return without_standing, with_standing


def _find_standing(corpus: Corpus, near: Near) -> dict[int, bool]:
    """The wordings that count, and whether each may be standing text.

    Those count that are narrated and stand, nearly the same, in several documents, not too many.
    """
    alike: dict[int, list[int]] = {}
    for one, other in near:
        alike.setdefault(one, []).append(other)
        alike.setdefault(other, []).append(one)
    is_standing = {}
    for number, wording in enumerate(corpus.wordings):
        wordings = (number, *alike.get(number, ()))
        places = [spot for other in wordings for spot in corpus.spots[other]]
        documents = {document for document, _ in places}
        if wording.is_narration and len(documents) > 1 and len(places) <= _MAX_PLACES:
            publishers = Counter(corpus.publishers[document] for document in documents)
            del publishers[None]
            most = max(publishers.values(), default=0)
            is_standing[number] = len(documents) >= _STANDING or most >= _STANDING_OF_PUBLISHER
    return is_standing


def _note(found: dict[Pair, _Shared], spot: Spot, copy: Spot) -> None:
    (first, start), (second, other_start) = sorted((spot, copy))
    shared = found.setdefault((first, second), _Shared())
    shared.first.add(start)
    shared.second.add(other_start)
