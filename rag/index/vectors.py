"""Dense search: Chroma for a whole corpus, exact search for a part of it or in its stead.

Both score alike: Chroma proposes candidates, and their cosines are computed from the vectors of
the store, so the order of equal scores does not depend on who proposed them.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

from rag.errors import RagError
from rag.schema import Document
from rag.store import Store

if TYPE_CHECKING:
    import numpy as np
    from chromadb import Where
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from numpy.typing import NDArray

# Share of the vectors that a search for all must reach. A sound graph of 20,000 vectors missed 9,
# which is in the nature of HNSW; a damaged one of 6,000 missed 173.
MIN_REACHED = 0.998

_COLLECTION = "chunks"
# With Chroma's defaults (100 and 100) 1.2 % of the nearest 100 were missed among 2,874 chunks of
# 200 news articles, for 300 questions; with these 0.01 %, for a fraction of a millisecond.
_HNSW: "CreateHNSWConfiguration" = {
    "space": "cosine",
    "ef_search": 400,
    "ef_construction": 200,
}
_BATCH_ROWS = 2_000  # under the limit of 5,461 rows a call
_SCORE_DIGITS = 6  # float32 sums of equal vectors may differ in the last digit


class ChromaFailedError(RagError):
    """Chroma cannot use its files; exact search can do without them."""


class ChromaVectors:
    """The Chroma collection of one published generation, for searching. Thread-safe.

    Raises:
        ChromaFailedError: When Chroma cannot open the folder.
    """

    def __init__(self, folder: Path) -> None:
        with _naming_failure():
            self._client = _client(folder)
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def search(
        self,
        vector: "NDArray[np.float32]",
        n: int,
        *,
        document_ids: Collection[str] | None = None,
    ) -> list[str]:
        """Ids of the `n` chunks that are nearest, as far as Chroma knows, in no certain order.

        Raises:
            ChromaFailedError: When Chroma cannot read its files.
        """
        where: Where | None = None
        if document_ids is not None:
            where = cast("Where", {"document_id": {"$in": list(document_ids)}})
        with _naming_failure():
            found = self._collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=n, where=where, include=[]
            )
        return list(found["ids"][0])

    def vectors(self) -> "Iterator[tuple[list[str], NDArray[np.float32]]]":
        """All ids and vectors, some at a time."""
        import numpy as np

        offset = 0
        while True:
            rows = self._collection.get(limit=_BATCH_ROWS, offset=offset, include=["embeddings"])
            if not rows["ids"]:
                return
            yield rows["ids"], np.asarray(rows["embeddings"], dtype=np.float32)
            offset += len(rows["ids"])

    def close(self) -> None:
        """Releases the files."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


@contextmanager
def _naming_failure() -> Iterator[None]:
    import chromadb.errors

    try:
        yield
    except (chromadb.errors.ChromaError, OSError, RuntimeError, ValueError) as exc:
        raise ChromaFailedError(f"Chroma cannot use its files: {exc}") from exc


def write_chroma(folder: Path, store: Store) -> None:
    """Writes a new Chroma folder with the vector of every chunk of the store; no texts.

    Raises:
        ChromaFailedError: When Chroma does not take them.
    """
    with _naming_failure(), _client(folder) as client:
        collection = client.create_collection(
            _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
        )
        rows = _iter_rows(store)
        while batch := list(islice(rows, min(_BATCH_ROWS, client.get_max_batch_size()))):
            ids, vectors, metadatas = zip(*batch, strict=True)
            collection.upsert(ids=list(ids), embeddings=list(vectors), metadatas=list(metadatas))


def _client(folder: Path) -> "Client":
    import chromadb
    from chromadb.config import Settings

    # Settings of another Chroma, in the environment or a .env file of this folder, must not turn
    # this one into a client of it.
    settings = cast("Any", Settings)(
        _env_file=None,
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        anonymized_telemetry=False,
    )
    return cast("Client", chromadb.PersistentClient(str(folder), settings))


def _iter_rows(store: Store) -> "Iterator[tuple[str, NDArray[np.float32], dict[str, str | int]]]":
    for summary in store.summaries():
        document = store.document(summary.document_id)
        metadata = _metadata(document)
        ids = store.chunk_ids(document.document_id)
        vectors = store.vectors(document.document_id, "chunk").vectors
        for chunk_id, vector in zip(ids, vectors, strict=True):
            yield chunk_id, vector, metadata


def _metadata(document: Document) -> dict[str, str | int]:
    """What other programs can filter by: publisher in small letters, date as yyyymmdd."""
    metadata: dict[str, str | int] = {"document_id": document.document_id}
    if document.publisher:
        metadata["publisher"] = document.publisher.lower()
    if document.published:
        metadata["published"] = int(f"{document.published:%Y%m%d}")
    return metadata


class ExactVectors:
    """The vectors of all chunks in memory, for exact search. Thread-safe.

    Takes 4 bytes a dimension: 150 MB for 100,000 chunks of 384 dimensions.
    """

    def __init__(self, store: Store) -> None:
        import numpy as np

        ids: list[str] = []
        owners: list[str] = []
        parts = [np.zeros((0, store.dimension), dtype=np.float32)]
        for summary in store.summaries():
            chunk_ids = store.chunk_ids(summary.document_id)
            ids.extend(chunk_ids)
            owners.extend([summary.document_id] * len(chunk_ids))
            parts.append(store.vectors(summary.document_id, "chunk").vectors)
        self._ids = np.array(ids, dtype=object)
        self._owners = np.array(owners, dtype=object)
        self._matrix = np.concatenate(parts)

    def search(
        self, vector: "NDArray[np.float32]", k: int, document_ids: Collection[str] | None
    ) -> list[tuple[str, float]]:
        """The `k` nearest chunks with their cosines, best first, equal ones by id."""
        import numpy as np

        if document_ids is None:
            return rank(self._ids, self._matrix @ vector, k)
        wanted = frozenset(document_ids)
        rows = np.flatnonzero([owner in wanted for owner in self._owners])
        return rank(self._ids[rows], self._matrix[rows] @ vector, k)


def rank(
    ids: "Sequence[str] | NDArray[Any]", scores: "NDArray[np.floating[Any]]", k: int
) -> list[tuple[str, float]]:
    """The `k` best pairs of id and score, best first, equal scores by id."""
    import numpy as np

    scores = np.round(scores.astype(np.float64), _SCORE_DIGITS)
    rows: NDArray[np.intp] = np.arange(len(scores))
    if k < len(scores):  # all that reach the k-th score, so that ties are cut by id
        rows = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
    best = sorted((-float(scores[row]), str(ids[row])) for row in rows)
    return [(chunk_id, -score) for score, chunk_id in best[:k]]
