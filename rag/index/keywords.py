"""Keyword search: BM25 over stemmed words, kept as plain arrays in a generation.

Words are those of `rag.words`: in small letters, without accents, stemmed.
"""

import json
import logging
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rag.chunking import embedding_text
from rag.index.spelling import correct
from rag.index.vectors import rank
from rag.store import Store
from rag.words import stems, words

if TYPE_CHECKING:
    import numpy as np
    from bm25s import BM25
    from numpy.typing import NDArray

_CACHED_CORRECTIONS = 1_024
_CORRECTED_WEIGHT = 0.5  # of a word that was only guessed
# For passages of one size, length says little and repeats say less: 0.9 and 0.4 are Anserini's
# constants for passages, and were better than Lucene's 1.2 and 0.75 on both question sets here.
_PARAMETERS = {"method": "lucene", "k1": 0.9, "b": 0.4}


class KeywordIndex:
    """A BM25 index over the chunks of a store. Thread-safe.

    Attributes of the files in its folder: `chunk_ids.json` (row -> chunk id), `words.json` (word ->
    in how many chunks), and those that bm25s writes.
    """

    def __init__(
        self, chunk_ids: list[str], frequencies: dict[str, int], bm25: "BM25 | None"
    ) -> None:
        self._chunk_ids = chunk_ids
        self._frequencies = frequencies
        self._bm25 = bm25  # None when there is no word at all

        @lru_cache(_CACHED_CORRECTIONS)
        def correct_unknown(unknown: tuple[str, ...]) -> dict[str, str]:
            return correct(unknown, frequencies)

        # One question asks this several times, and each time compares with the whole vocabulary.
        self._correct = correct_unknown

    @classmethod
    def build(cls, store: Store) -> Self:
        """Indexes every chunk of the store."""
        chunk_ids: list[str] = []
        frequencies: Counter[str] = Counter()
        vocabulary: dict[str, int] = {}
        stem_ids: dict[str, int] = {}  # by word: each is stemmed once
        rows: list[list[int]] = []
        for summary in store.summaries():
            document = store.document(summary.document_id)
            for chunk in store.document_chunks(summary.document_id):
                chunk_ids.append(chunk.chunk_id)
                found = words(embedding_text(document, chunk))
                distinct = set(found)
                frequencies.update(distinct)
                new = sorted(word for word in distinct if word not in stem_ids)
                for word, stem in zip(new, stems(new), strict=True):
                    stem_ids[word] = vocabulary.setdefault(stem, len(vocabulary))
                rows.append([stem_ids[word] for word in found])
        bm25 = None
        if vocabulary:
            bm25 = _bm25_class()(**_PARAMETERS)
            bm25.index((rows, vocabulary), create_empty_token=False, show_progress=False)
        return cls(chunk_ids, dict(sorted(frequencies.items())), bm25)

    def save(self, folder: Path) -> None:
        """Writes the index to a new folder."""
        folder.mkdir()
        (folder / "chunk_ids.json").write_text(json.dumps(self._chunk_ids))
        (folder / "words.json").write_text(json.dumps(self._frequencies))
        if self._bm25 is not None:
            self._bm25.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The index of a folder; its arrays stay on disk and are mapped into memory."""
        chunk_ids = json.loads((folder / "chunk_ids.json").read_text())
        frequencies = json.loads((folder / "words.json").read_text())
        bm25 = _bm25_class().load(folder, mmap=True) if frequencies else None
        return cls(chunk_ids, frequencies, bm25)

    def search(
        self, text: str, k: int, document_ids: Collection[str] | None, *, correct: bool = True
    ) -> list[tuple[str, float]]:
        """The `k` best chunks that hold a word of `text`, best first, equal ones by id."""
        import numpy as np

        scores = self._scores(words(text))
        if scores is None:
            return []
        corrections = self.correct_spelling(text) if correct else {}
        if corrections:
            guessed = self._scores(list(corrections.values()))
            if guessed is not None:
                scores = scores + _CORRECTED_WEIGHT * guessed
        if document_ids is not None:
            scores = scores * self._mask(frozenset(document_ids))
        rows = np.flatnonzero(scores > 0)
        return rank([self._chunk_ids[row] for row in rows], scores[rows], k)

    def correct_spelling(self, text: str) -> dict[str, str]:
        """Words of `text` that no chunk holds in any form -> the word that was probably meant."""
        return dict(self._correct(tuple(self.unknown_words(text))))

    def unknown_words(self, text: str) -> list[str]:
        """Words of `text`, in small letters, that no chunk holds in any form, in order."""
        # A compound that is unknown as a whole is right when its parts are.
        found = list(dict.fromkeys(words(text, join_compounds=False)))
        known = self._bm25.vocab_dict if self._bm25 is not None else {}
        return [word for word, stem in zip(found, stems(found), strict=True) if stem not in known]

    def _scores(self, found: Sequence[str]) -> "NDArray[np.float32] | None":
        """BM25 of every row for these words; None when there is nothing to score."""
        if self._bm25 is None or not found:
            return None
        tokens = self._bm25.get_tokens_ids(list(dict.fromkeys(stems(list(found)))))
        scores: NDArray[np.float32] = self._bm25.get_scores_from_ids(tokens)
        return scores

    def _mask(self, document_ids: frozenset[str]) -> "NDArray[np.bool_]":
        """Which rows belong to one of these documents."""
        import numpy as np

        return np.array([_owner(chunk_id) in document_ids for chunk_id in self._chunk_ids])


def _owner(chunk_id: str) -> str:
    return chunk_id.rpartition(":")[0]


def _bm25_class() -> "type[BM25]":
    from bm25s import BM25

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # importing it asks for DEBUG
    return BM25  # type: ignore[no-any-return]  # bm25s has no types
