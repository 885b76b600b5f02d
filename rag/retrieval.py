"""Standalone question -> chunks, best first: dense and keyword search, fused.

1. The dense list: cosine of the question's vector with the chunks' vectors.
2. The keyword list: BM25 over stems; words that the corpus does not know are also searched in
   their closest known spelling.
3. Reciprocal rank fusion: a chunk scores the sum of weight / (RRF_K + rank) over both lists.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.embedding import Embedder
from rag.index import Index
from rag.schema import Chunk, Filters, ScoredChunk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Ranks are counted from 1 and RRF_K is 60, as in Cormack, Clarke and Buettcher, "Reciprocal rank
# fusion outperforms Condorcet and individual rank learning methods" (SIGIR 2009).
RRF_K = 60
# How long each list is before fusion: a chunk outside both lists cannot be found.
LIST_LENGTH = 100
# Weight of each list, chosen on MultiHop-RAG dev (`python -m evals.multihop --sweep`).
DENSE_WEIGHT = 1.0
KEYWORD_WEIGHT = 1.0


@dataclass(frozen=True)
class Retriever:
    """Hybrid search over one generation of the index."""

    index: Index
    embedder: Embedder

    def retrieve(
        self, question: str, *, k: int, filters: Filters | None = None
    ) -> list[ScoredChunk]:
        """The `k` best chunks for `question`, best first; fewer when the corpus has no more.

        Args:
            question: What to search for, in any form: a question, or a few words.
            k: How many chunks, at least 1.
            filters: Which documents may be used; None means all.

        Raises:
            ValueError: When `k` is below 1.
        """
        return self.retrieve_vector(question, self.embedder.embed([question])[0], k=k,
                                    filters=filters)  # fmt: skip

    def retrieve_vector(
        self,
        question: str,
        vector: "NDArray[np.float32]",
        *,
        k: int,
        filters: Filters | None = None,
    ) -> list[ScoredChunk]:
        """As `retrieve`, for a question whose vector (shape (dimension,)) is known already."""
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        document_ids = self.index.document_ids(filters) if filters else None
        if document_ids is not None and not document_ids:
            return []
        return fuse(self.index, self._dense(vector, document_ids, k),
                    self._keyword(question, document_ids, k), k=k)  # fmt: skip

    def _dense(
        self, vector: "NDArray[np.float32]", document_ids: Collection[str] | None, k: int
    ) -> list[tuple[str, float]]:
        return self.index.dense_search(vector, max(k, LIST_LENGTH), document_ids=document_ids)

    def _keyword(
        self, question: str, document_ids: Collection[str] | None, k: int
    ) -> list[tuple[str, float]]:
        return self.index.keyword_search(question, max(k, LIST_LENGTH), document_ids=document_ids)


def fuse(
    index: Index,
    dense: Sequence[tuple[str, float]],
    keyword: Sequence[tuple[str, float]],
    *,
    k: int,
) -> list[ScoredChunk]:
    """The `k` best chunks of two lists of (chunk id, score), fused by reciprocal ranks.

    Equal scores are ordered by chunk id, so that the result is always the same.
    """
    dense_places = {chunk_id: (rank, score) for rank, (chunk_id, score) in enumerate(dense, 1)}
    keyword_places = {chunk_id: (rank, score) for rank, (chunk_id, score) in enumerate(keyword, 1)}
    scores: dict[str, float] = {}
    for weight, places in ((DENSE_WEIGHT, dense_places), (KEYWORD_WEIGHT, keyword_places)):
        for chunk_id, (rank, _) in places.items():
            scores[chunk_id] = scores.get(chunk_id, 0.0) + weight / (RRF_K + rank)
    best = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))[:k]
    fused = []
    for rank, chunk in enumerate(index.chunks(best), 1):
        dense_rank, dense_score = dense_places.get(chunk.chunk_id, (None, None))
        keyword_rank, keyword_score = keyword_places.get(chunk.chunk_id, (None, None))
        fused.append(
            ScoredChunk(
                chunk=chunk,
                score=scores[chunk.chunk_id],
                rank=rank,
                dense_score=dense_score,
                dense_rank=dense_rank,
                keyword_score=keyword_score,
                keyword_rank=keyword_rank,
            )
        )
    return fused


def merge_neighbours(chunks: Sequence[Chunk]) -> dict[str, list[tuple[int, int]]]:
    """Spans of offsets that `chunks` cover: by document id, overlapping and adjoining ones merged.

    Documents are in the order of their best chunk, spans in the order of the text.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for chunk in chunks:
        spans.setdefault(chunk.document_id, []).append((chunk.start_char, chunk.end_char))
    return {document_id: _merge(found) for document_id, found in spans.items()}


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 2:  # 2: the line ends of one blank line
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
