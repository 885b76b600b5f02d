"""Splits and embeds the documents that are to be written, a few at a time.

A text that was embedded before, in whatever document or version, is not embedded again: vectors
are found by the SHA-256 of their text. A few documents are embedded together and then written one
transaction each, so that a run that is killed loses seconds of work.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.chunking import embedding_text, mend, split_document, split_sentences_of
from rag.config import Config
from rag.embedding import Embedder
from rag.index.planning import Plan, PlannedDocument
from rag.schema import Chunk
from rag.store import KEY_BYTES, Entry, Kind, Store, StoreWriter, Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH_DOCUMENTS = 16
_BATCH_TEXTS = 256
_KINDS: tuple[Kind, ...] = ("chunk", "sentence")


class KnownVectors:
    """The vectors that need not be computed: those in the store, and those that just left it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places: dict[tuple[Kind, bytes], tuple[str, int]] = {}
        self._kept: dict[tuple[Kind, bytes], NDArray[Any]] = {}
        for kind in _KINDS:
            for document_id, keys in store.keys(kind):
                self._add_places(kind, document_id, keys)

    def find(self, kind: Kind, keys: Sequence[bytes]) -> "dict[bytes, NDArray[Any]]":
        """The vectors of those of `keys` that are known."""
        found = {}
        loaded: dict[str, Vectors] = {}
        for key in keys:
            place = self._places.get((kind, key))
            if place is not None:
                document_id, position = place
                if document_id not in loaded:
                    loaded[document_id] = self._store.vectors(document_id, kind)
                found[key] = loaded[document_id].vectors[position]
            elif (kind, key) in self._kept:
                found[key] = self._kept[kind, key]
        return found

    def add(self, entry: Entry) -> None:
        """Notes a document that was written."""
        document_id = entry.document.document_id
        self._add_places("chunk", document_id, entry.chunk_vectors.keys)
        self._add_places("sentence", document_id, entry.sentence_vectors.keys)

    def keep(self, document_id: str) -> None:
        """Keeps the vectors of a stored document that is about to go."""
        for kind in _KINDS:
            part = self._store.vectors(document_id, kind)
            for position, key in enumerate(part.keys):
                if self._places.get((kind, key), ("", 0))[0] == document_id:
                    del self._places[kind, key]
                    self._kept[kind, key] = part.vectors[position]

    def _add_places(self, kind: Kind, document_id: str, keys: Sequence[bytes]) -> None:
        for position, key in enumerate(keys):
            self._places[kind, key] = (document_id, position)


@dataclass(frozen=True)
class _Texts:
    """The texts of one document that are embedded."""

    texts: list[str]
    keys: list[bytes]
    spans: list[tuple[int, int]]


@dataclass(frozen=True)
class _Split:
    planned: PlannedDocument
    chunks: list[Chunk]
    parts: dict[Kind, _Texts]


def write_documents(
    store: StoreWriter,
    plan: Plan,
    config: Config,
    embedder: Embedder,
    *,
    progress: Callable[[int, int], None],
) -> int:
    """Writes what is planned, then removes what is gone.

    Args:
        store: Open for writing.
        plan: What to do.
        config: Size of the chunks.
        embedder: Loads its model only when there is a text that was never embedded.
        progress: Called with the number of documents done, and of all.

    Returns:
        How many chunks were embedded.
    """
    store.set_unfinished(True)
    known = KnownVectors(store)
    stored_ids = {summary.document_id for summary in store.summaries()}
    embedded = done = 0
    for batch in _batches(plan.writes, config):

        def report(fraction: float, done: int = done, share: int = len(batch)) -> None:
            progress(done + int(fraction * share), len(plan.writes))

        vectors, count = _embed_batch(batch, known, embedder, report)
        embedded += count
        for split in batch:
            entry, replaces = _entry(split, vectors), split.planned.replaces
            for old in stored_ids & {entry.document.document_id, replaces}:
                known.keep(old)
            store.write_document(entry, replaces=replaces)
            known.add(entry)
            done += 1
            progress(done, len(plan.writes))
    for document_id in plan.removed:
        store.remove_document(document_id)
    store.set_unfinished(False)
    return embedded


def _batches(writes: Sequence[PlannedDocument], config: Config) -> Iterator[list[_Split]]:
    batch: list[_Split] = []
    texts = 0
    for planned in writes:
        split = _split(planned, config)
        batch.append(split)
        texts += sum(len(part.texts) for part in split.parts.values())
        if len(batch) >= _BATCH_DOCUMENTS or texts >= _BATCH_TEXTS:
            yield batch
            batch, texts = [], 0
    if batch:
        yield batch


def _split(planned: PlannedDocument, config: Config) -> _Split:
    document = planned.document
    chunks = split_document(
        document, max_words=config.chunk_words, overlap_words=config.chunk_overlap_words
    )
    spans = split_sentences_of(document)
    chunk_texts = [embedding_text(document, chunk) for chunk in chunks]
    chunk_spans = [(chunk.start_char, chunk.end_char) for chunk in chunks]
    sentences = [mend(document.text[start:end]) for start, end in spans]
    return _Split(
        planned,
        chunks,
        {
            "chunk": _Texts(chunk_texts, [_key(text) for text in chunk_texts], chunk_spans),
            "sentence": _Texts(sentences, [_key(text) for text in sentences], spans),
        },
    )


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:KEY_BYTES]


def _embed_batch(
    batch: Sequence[_Split],
    known: KnownVectors,
    embedder: Embedder,
    report: Callable[[float], None],
) -> "tuple[dict[tuple[Kind, bytes], NDArray[Any]], int]":
    """The vectors of all texts of a batch, and how many chunks were embedded for it."""
    vectors: dict[tuple[Kind, bytes], NDArray[Any]] = {}
    missing: dict[tuple[Kind, bytes], str] = {}
    for kind in _KINDS:
        texts = {
            key: text
            for split in batch
            for key, text in zip(split.parts[kind].keys, split.parts[kind].texts, strict=True)
        }
        found = known.find(kind, list(texts))
        vectors.update({(kind, key): vector for key, vector in found.items()})
        missing.update({(kind, key): text for key, text in texts.items() if key not in found})
    if missing:
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            report(done / len(missing))

        vectors.update(zip(missing, embedder.embed(list(missing.values()), progress=count),
                           strict=True))  # fmt: skip
    return vectors, sum(kind == "chunk" for kind, _ in missing)


def _entry(split: _Split, vectors: "dict[tuple[Kind, bytes], NDArray[Any]]") -> Entry:
    import numpy as np

    def part(kind: Kind) -> Vectors:
        texts = split.parts[kind]
        rows = [vectors[kind, key] for key in texts.keys]
        spans: NDArray[np.int32] = np.array(texts.spans, dtype=np.int32).reshape(-1, 2)
        return Vectors(texts.keys, spans, np.array(rows, dtype=np.float32))

    planned = split.planned
    return Entry(
        planned.document, planned.own_boilerplate, planned.files, split.chunks,
        part("chunk"), part("sentence"),
    )  # fmt: skip
