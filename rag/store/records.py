"""What enters the store and comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from rag.chunking import CHUNKING_VERSION
from rag.config import Config
from rag.corpus import CORPUS_VERSION, CorpusFile
from rag.embedding import Embedder
from rag.schema import Chunk, Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["chunk", "sentence"]

SCHEMA_VERSION = "1"
KEY_BYTES = 16  # of the SHA-256 of an embedded text


@dataclass(frozen=True)
class Manifest:
    """What made the vectors of an index; vectors of two manifests must not be mixed."""

    schema: str
    embedding_model: str
    dimension: str
    chunking: str

    def differences(self, wanted: "Manifest") -> list[str]:
        """What differs, as "name: stored -> wanted"."""
        pairs = [
            (field.name.replace("_", " "), getattr(self, field.name), getattr(wanted, field.name))
            for field in fields(self)
        ]
        return [f"{name}: {stored} -> {want}" for name, stored, want in pairs if stored != want]


def get_manifest(config: Config, embedder: Embedder) -> Manifest:
    """The manifest of an index that is built with `config` and `embedder` now."""
    return Manifest(
        schema=SCHEMA_VERSION,
        embedding_model=embedder.name,
        dimension=str(embedder.dimension),
        chunking=f"{config.chunk_words}/{config.chunk_overlap_words} words, v{CHUNKING_VERSION}, "
        f"articles v{CORPUS_VERSION}",
    )


@dataclass(frozen=True)
class Vectors:
    """The embedded texts of one document, chunks or sentences, in order.

    Attributes:
        keys: For each text the first 16 bytes of the SHA-256 of what was embedded.
        spans: int32, shape (n, 2): offsets of each text in the document.
        vectors: float32 for chunks, float16 for sentences, shape (n, dimension), L2-normalised.
    """

    keys: list[bytes]
    spans: "NDArray[np.int32]"
    vectors: "NDArray[Any]"


@dataclass(frozen=True)
class Entry:
    """A document with everything that enters the store with it.

    Attributes:
        document: With all boilerplate marks; its `also_paths` are not used.
        own_boilerplate: The marks it had before the corpus was looked at as a whole.
        files: The file it was read from, and exact copies.
    """

    document: Document
    own_boilerplate: frozenset[int]
    files: tuple[CorpusFile, ...]
    chunks: Sequence[Chunk]
    chunk_vectors: Vectors
    sentence_vectors: Vectors


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the corpus as it was when it was indexed."""

    file: CorpusFile
    document_id: str
    document_hash: str


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document without its text."""

    document_id: str
    title: str | None
    publisher: str | None
    published: date | None
    line_count: int
