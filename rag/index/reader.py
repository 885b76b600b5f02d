"""The reading side of the index: one published generation and the store as it was with it.

An `Index` never changes under its user: it keeps its generation, and the state that the store had
when it was opened, until it is closed. `current()` says when to open a new one. Where the
generation is missing, torn or of another state of the store, the stored vectors and texts answer
instead, slower and just as well, and `notice` says so.
"""

import threading
import weakref
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rag.config import Config
from rag.embedding import Embedder, get_embedder
from rag.errors import CorpusError
from rag.index.families import Families
from rag.index.generations import (
    FAMILIES,
    KEYWORDS,
    LOCK_NAME,
    Record,
    generation_path,
    is_intact,
    read_current,
    read_record,
)
from rag.index.keywords import KeywordIndex
from rag.index.locking import SharedLock
from rag.index.vectors import MIN_REACHED, ChromaFailedError, ChromaVectors, ExactVectors, rank
from rag.schema import Chunk, Document, Filters
from rag.store import DocumentSummary, Store, get_manifest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_REBUILDING = "the index is being rebuilt; exact search answers meanwhile"
_DAMAGED = "the index is damaged, run `rag index`; exact search answers meanwhile"
_OPEN_ATTEMPTS = 3
_CACHED_DOCUMENTS = 512
_MORE_CANDIDATES = 20  # than asked for, to see whether the scores go on being equal
# Above it a filtered search asks Chroma, below it a matrix in memory is quicker and exact.
_MAX_EXACT_CHUNKS = 100_000


def open_index(config: Config, *, embedder: Embedder | None = None) -> "Index":
    """The published index, ready for searching.

    Args:
        config: Where the index is, and what it must have been made with.
        embedder: What the questions are embedded with; by default that of `config`.

    Raises:
        IndexNotFoundError: When there is none, or it cannot be read.
        IndexMismatchError: When it was made with another schema, embedding model or chunking.
    """
    wanted = get_manifest(config, embedder or get_embedder(config))
    for attempt in range(1, _OPEN_ATTEMPTS + 1):
        number = read_current(config.index_dir)
        with ExitStack() as opened:
            lock = SharedLock.take(generation_path(config.index_dir, number) / LOCK_NAME)
            if lock:
                opened.callback(lock.release)
            store = Store.open_reader(config.index_dir)
            opened.callback(store.close)
            store.check_manifest(wanted)
            record = read_record(generation_path(config.index_dir, number)) if lock else None
            if record is not None and record.state != store.state:
                record = None
            # When another generation was published meanwhile, the next attempt finds it.
            superseded = record is None and read_current(config.index_dir) != number
            if not superseded or attempt == _OPEN_ATTEMPTS:
                index = Index(config.index_dir, store, number, lock, record)
                opened.pop_all()  # now the index lets go of them
                return index
    raise AssertionError("the last attempt returns")


class Index:
    """A reader of the index. Safe to use from several threads; a context manager.

    Attributes:
        generation: Number of the generation that it reads; 0 when there is none.
        document_count, chunk_count: How many it holds.
        notice: Something the user should know, such as that the index is being rebuilt, or None.
            A damage that only a search reveals sets it later.
    """

    def __init__(
        self,
        index_dir: Path,
        store: Store,
        number: int,
        lock: SharedLock | None,
        record: Record | None,
    ) -> None:
        self.generation = number
        self.document_count, self.chunk_count = store.counts()
        self.notice: str | None = None
        self._index_dir = index_dir
        self._store = store
        self._held = lock
        self._folder = generation_path(index_dir, number)
        self._lock = threading.Lock()
        self._chroma: ChromaVectors | None = None
        self._exact: ExactVectors | None = None
        self._keywords: KeywordIndex | None = None
        self._families: Families | None = None
        self._summaries = {s.document_id: s for s in store.summaries()}
        self._cached_document = lru_cache(_CACHED_DOCUMENTS)(store.document)
        self._cached_sentences = lru_cache(_CACHED_DOCUMENTS)(partial(_load_sentences, store))
        self._chroma_folder = self._folder
        self._use_chroma = self._use_keywords = self._use_families = False
        if record is None:
            self.notice = _REBUILDING
        else:
            self._use_chroma = is_intact(self._folder, record, record.chroma)
            self._use_keywords = is_intact(self._folder, record, KEYWORDS)
            intact_families = is_intact(self._folder, record, FAMILIES)
            self._use_families = intact_families and FAMILIES in record.files
            if not (self._use_chroma and self._use_keywords and intact_families):
                self.notice = _DAMAGED
            if record.chroma is None:  # exact search is no emergency then
                self._use_chroma = False
            else:
                self._chroma_folder = self._folder / record.chroma
        # Nothing in it refers to `self`, so an index that is just dropped lets go as well.
        self._resources = ExitStack()
        if lock is not None:
            self._resources.callback(lock.release)
        self._resources.callback(store.close)
        self._release = weakref.finalize(self, self._resources.close)

    # searching

    def dense_search(
        self,
        vector: "NDArray[np.float32]",
        k: int,
        *,
        document_ids: Collection[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The `k` chunks nearest to `vector`: (chunk id, cosine), best first, equal ones by id.

        Args:
            vector: float32, shape (dimension,), L2-normalised.
            k: How many.
            document_ids: Only chunks of these documents; None for all.
        """
        if k < 1 or not self.chunk_count:
            return []
        if document_ids is not None and not document_ids:
            return []
        if document_ids is None or self.chunk_count > _MAX_EXACT_CHUNKS:
            found = self._chroma_search(vector, k, document_ids)
            if found is not None:
                return found
        return self._exact_vectors().search(vector, k, document_ids)

    def keyword_search(
        self,
        text: str,
        k: int,
        *,
        document_ids: Collection[str] | None = None,
        correct: bool = True,
    ) -> list[tuple[str, float]]:
        """The `k` chunks that match words of `text`: (chunk id, BM25 above 0), best first.

        Misspelt words are searched for as they stand and, with `correct`, at half weight
        corrected.
        """
        if k < 1 or not self.chunk_count:
            return []
        return self._keyword_index().search(text, k, document_ids, correct=correct)

    def correct_spelling(self, text: str) -> dict[str, str]:
        """Words of `text`, in small letters, that no chunk holds -> the word probably meant."""
        return self._keyword_index().correct_spelling(text)

    def unknown_words(self, text: str) -> list[str]:
        """Words of `text`, in small letters, that no chunk holds in any form, in order."""
        return self._keyword_index().unknown_words(text)

    # looking up

    def chunks(self, chunk_ids: Sequence[str]) -> list[Chunk]:
        """The chunks of these ids, in this order.

        Raises:
            CorpusError: When there is no such chunk.
        """
        found = {chunk.chunk_id: chunk for chunk in self._store.chunks(set(chunk_ids))}
        try:
            return [found[chunk_id] for chunk_id in chunk_ids]
        except KeyError as exc:
            raise CorpusError(f"there is no chunk {exc.args[0]!r} in the index") from exc

    def document(self, document_id: str) -> Document:
        """The document of that id.

        Raises:
            CorpusError: When there is none.
        """
        return self._cached_document(document_id)

    def find_document(self, path: str) -> Document | None:
        """The document that is indexed from the file `path` or from an exact copy of it."""
        document_id = self._store.document_of(path)
        return self.document(document_id) if document_id is not None else None

    def sentences(self, document_id: str) -> "tuple[NDArray[np.int32], NDArray[np.float32]]":
        """The citable sentences of a document, in order.

        Returns:
            Offsets in the text, int32, shape (n, 2), and vectors, float32, shape (n, dimension),
            rows L2-normalised.

        Raises:
            CorpusError: When there is no such document.
        """
        return self._cached_sentences(document_id)

    def document_ids(self, filters: Filters) -> set[str] | None:
        """Ids of the documents that pass `filters`; None when it is empty and all pass.

        A path of an exact copy stands for its document.
        """
        if not filters:
            return None
        publishers = {name.casefold() for name in filters.publishers}
        wanted = {self._store.document_of(path) or path for path in filters.documents}
        return {
            summary.document_id
            for summary in self._summaries.values()
            if (not publishers or (summary.publisher or "").casefold() in publishers)
            and (not wanted or summary.document_id in wanted)
            and _in_period(summary, filters)
        }

    def document_metadata(self) -> list[DocumentSummary]:
        """All documents by id, without their texts."""
        return list(self._summaries.values())

    # who copied whom

    def family(self, document_id: str) -> str:
        """The id of the family of a document; a document alone is a family of its own id.

        A report that was republished or rewritten is of one family with its copies, so documents
        of different families are independent sources. The id of a family is that of its first
        document in sorted order.

        Raises:
            CorpusError: When there is no such document.
        """
        if document_id not in self._summaries:
            raise CorpusError(f"there is no document {document_id!r} in the index")
        return self._all_families().family_of.get(document_id, document_id)

    def families(self) -> dict[str, list[str]]:
        """Ids of the documents of each family of more than one, by family id, all sorted."""
        return self._all_families().members()

    def near_copies(self, document_id: str, start_char: int) -> list[tuple[str, int]]:
        """Where else a sentence of a document stands, word by word or nearly so.

        Nearly the same may still have another number or say the contrary: compare before citing
        it as equal. Quotations are found as well. Sentences of under eight words have no copies.

        Args:
            document_id: The document.
            start_char: Offset of the start of the sentence, as `sentences` gives it.

        Returns:
            Id and offset of the start of the sentence for each place in other documents, sorted.
        """
        return self._all_families().near_copies(document_id, start_char)

    # being published

    def current(self) -> bool:
        """Whether this is still the published generation; else open the index again."""
        number = read_current(self._index_dir)
        lock_path = generation_path(self._index_dir, number) / LOCK_NAME
        if self._held is not None:  # numbers start again when an index is deleted and made anew
            return self._held.is_on(lock_path)
        return number == self.generation and not lock_path.exists()

    def close(self) -> None:
        """Lets the generation go, once no search is running; a second call does nothing."""
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # parts, each loaded when it is first needed

    def _chroma_search(
        self, vector: "NDArray[np.float32]", k: int, document_ids: Collection[str] | None
    ) -> list[tuple[str, float]] | None:
        """What Chroma finds; None when there is no Chroma index that can be trusted."""
        if not self._use_chroma:
            return None
        wanted = k + _MORE_CANDIDATES
        while True:
            wanted = min(wanted, self.chunk_count)
            ids = self._candidates(vector, wanted, document_ids)
            # Lost vectors raise nothing.
            lost = document_ids is None and len(ids) < MIN_REACHED * wanted
            if lost or not ids:
                self._use_chroma = False
                self.notice = _DAMAGED
                return None
            found = rank(ids, self._store.chunk_vectors(ids) @ vector, len(ids))
            # Chroma cuts equal scores anywhere: look further until the cut is not among them.
            if len(found) < wanted or wanted == self.chunk_count or found[k - 1][1] > found[-1][1]:
                return found[:k]
            wanted *= 4

    def _candidates(
        self, vector: "NDArray[np.float32]", n: int, document_ids: Collection[str] | None
    ) -> list[str]:
        """The ids that Chroma gives; none when it cannot read its files."""
        try:
            with self._lock:
                if self._chroma is None:
                    self._chroma = ChromaVectors(self._chroma_folder)
                    self._resources.callback(self._chroma.close)
            return self._chroma.search(vector, n, document_ids=document_ids)
        except ChromaFailedError:
            return []

    def _exact_vectors(self) -> ExactVectors:
        with self._lock:
            if self._exact is None:
                self._exact = ExactVectors(self._store)
            return self._exact

    def _keyword_index(self) -> KeywordIndex:
        with self._lock:
            if self._keywords is None:
                if self._use_keywords:
                    self._keywords = KeywordIndex.load(self._folder / KEYWORDS)
                else:
                    self._keywords = KeywordIndex.build(self._store)
            return self._keywords

    def _all_families(self) -> Families:
        with self._lock:
            if self._families is None:
                if self._use_families:
                    self._families = Families.load(self._folder / FAMILIES)
                else:
                    self._families = Families.build(self._store)
            return self._families


def _load_sentences(
    store: Store, document_id: str
) -> "tuple[NDArray[np.int32], NDArray[np.float32]]":
    import numpy as np

    part = store.vectors(document_id, "sentence")
    vectors = part.vectors.astype(np.float32)  # stored as float16, so lengths are off by 1e-4
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return part.spans, vectors / np.maximum(lengths, np.finfo(np.float32).tiny)


def _in_period(summary: DocumentSummary, filters: Filters) -> bool:
    if not (filters.published_from or filters.published_to):
        return True
    if summary.published is None:
        return False
    return (not filters.published_from or summary.published >= filters.published_from) and (
        not filters.published_to or summary.published <= filters.published_to
    )
