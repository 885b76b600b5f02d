"""The store, open for reading: the state of one moment, however long a writer works meanwhile."""

import json
import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rag.corpus import CorpusFile, Stamp
from rag.errors import CorpusError, IndexMismatchError, IndexNotFoundError
from rag.schema import Chunk, Document
from rag.store.database import STORE_FILE, connect
from rag.store.records import KEY_BYTES, DocumentSummary, Kind, Manifest, StoredFile, Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# float16 costs sentences nothing that can be measured and halves the file; chunks keep float32,
# which is what Chroma computes with.
VECTOR_TYPES: dict[Kind, str] = {"chunk": "<f4", "sentence": "<f2"}
_REBUILD = "run `rag index --rebuild`"


class Store:
    """The store file. Safe to use from several threads; a context manager."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open_reader(cls, index_dir: Path) -> Self:
        """The store of `index_dir` as it is now; what is written later is not seen.

        Raises:
            IndexNotFoundError: When there is no store, or it cannot be read.
        """
        path = index_dir / STORE_FILE
        missing = IndexNotFoundError(f"there is no index in {index_dir}: run `rag index`")
        if not path.is_file():
            raise missing
        try:
            try:
                store = cls._open_snapshot(path, mode="rw")
            except sqlite3.OperationalError:
                if os.access(index_dir, os.W_OK):
                    raise
                # On a read-only disk nobody writes, and there is no place for a lock.
                store = cls._open_snapshot(path, mode="ro&immutable=1")
        except sqlite3.DatabaseError as exc:
            raise IndexNotFoundError(f"{path} cannot be read ({exc}): {_REBUILD}") from exc
        if store._is_empty():
            store.close()
            raise missing
        return store

    @classmethod
    def _open_snapshot(cls, path: Path, *, mode: str) -> Self:
        """The store with a read transaction that lasts as long as it is open."""
        store = cls(connect(path, mode=mode))
        try:
            store._execute("PRAGMA query_only = ON")
            store._execute("BEGIN")
            store._is_empty()  # the first read fixes the state that is seen
        except BaseException:
            store.close()
            raise
        return store

    def _is_empty(self) -> bool:
        """Whether there are no tables yet: the process that made the file was killed."""
        return not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'manifest'")

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        with self._lock:
            self._connection.close()

    # what made it

    def check_manifest(self, wanted: Manifest) -> None:
        """Checks that the store was made with `wanted`.

        Raises:
            IndexMismatchError: Names everything that differs.
        """
        stored = dict(self._rows("SELECT key, value FROM manifest"))
        names = [field.name for field in fields(Manifest)]
        manifest = Manifest(**{name: stored.get(name, "unknown") for name in names})
        differences = manifest.differences(wanted)
        if differences:
            raise IndexMismatchError(
                f"the index was made with other settings ({'; '.join(differences)}): {_REBUILD}"
            )

    @property
    def state(self) -> str:
        """Names what the store holds; it changes with every change of a document."""
        values = dict(self._rows("SELECT key, value FROM manifest"))
        return f"{values['store_id']}:{values['revision']}"

    @property
    def unfinished(self) -> bool:
        """Whether a run was cut short, so that marks of the corpus as a whole may be missing."""
        return bool(self._rows("SELECT 1 FROM manifest WHERE key = 'unfinished' AND value = '1'"))

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._rows("SELECT value FROM manifest WHERE key = 'dimension'")[0][0])

    # reading

    def files(self) -> dict[str, StoredFile]:
        """The indexed files, by path."""
        rows = self._rows(
            "SELECT path, size, mtime_ns, sha256, document_id, document_hash FROM files"
            " JOIN documents USING (document_id)"
        )
        return {row[0]: StoredFile(CorpusFile(*row[:4]), row[4], row[5]) for row in rows}

    def stamps(self) -> dict[str, Stamp]:
        """Size and time of the indexed files when they were indexed, by path."""
        rows = self._rows("SELECT path, size, mtime_ns FROM files")
        return {path: Stamp(size, mtime_ns) for path, size, mtime_ns in rows}

    def unread(self) -> dict[str, Stamp]:
        """Size and time of the files that the last run could not read, by path."""
        rows = self._rows("SELECT value FROM manifest WHERE key = 'unread'")
        unread = json.loads(rows[0][0]) if rows else {}
        return {path: Stamp(*stamp) for path, stamp in unread.items()}

    def hash_of(self, path: str) -> str | None:
        """SHA-256 of the raw bytes of an indexed file, as hexadecimal; None when it is not one."""
        rows = self._rows("SELECT sha256 FROM files WHERE path = ?", (path,))
        return str(rows[0][0]) if rows else None

    def document_of(self, path: str) -> str | None:
        """The id of the document that was read from `path` or of which it is a copy."""
        rows = self._rows("SELECT document_id FROM files WHERE path = ?", (path,))
        return str(rows[0][0]) if rows else None

    def summaries(self) -> list[DocumentSummary]:
        """All documents, by id."""
        rows = self._rows(
            "SELECT document_id, title, publisher, published, line_count FROM documents"
            " ORDER BY document_id"
        )
        return [
            DocumentSummary(document_id, title, publisher, _date(published), line_count)
            for document_id, title, publisher, published, line_count in rows
        ]

    def document(self, document_id: str) -> Document:
        """The document of that id.

        Raises:
            CorpusError: When there is none.
        """
        rows = self._rows(
            "SELECT text, document_hash, title, publisher, author, published, published_basis,"
            " rendering, boilerplate, page_starts FROM documents WHERE document_id = ?",
            (document_id,),
        )
        if not rows:
            raise CorpusError(f"there is no document {document_id!r} in the index")
        text, document_hash, title, publisher, author, published, basis, rendering, *lists = rows[0]
        paths = self._rows(
            "SELECT path FROM files WHERE document_id = ?1 AND path <> ?1 ORDER BY path",
            (document_id,),
        )
        return Document(
            document_id,
            text,
            document_hash,
            title=title,
            publisher=publisher,
            author=author,
            published=_date(published),
            published_basis=basis,
            rendering=rendering,
            boilerplate=frozenset(json.loads(lists[0])),
            page_starts=tuple(json.loads(lists[1])),
            also_paths=tuple(path for (path,) in paths),
        )

    def own_document(self, document_id: str) -> Document:
        """The document as it was loaded: without the marks of the corpus as a whole, or copies."""
        (own,) = self._rows(
            "SELECT own_boilerplate FROM documents WHERE document_id = ?", (document_id,)
        )[0]
        document = self.document(document_id)
        return replace(document, boilerplate=frozenset(json.loads(own)), also_paths=())

    def boilerplate(self) -> dict[str, frozenset[int]]:
        """The marked lines of all documents, by document id."""
        rows = self._rows("SELECT document_id, boilerplate FROM documents")
        return {document_id: frozenset(json.loads(lines)) for document_id, lines in rows}

    def chunks(self, chunk_ids: Collection[str]) -> list[Chunk]:
        """The chunks of these ids, in any order; ids that there are not are left out."""
        rows = self._rows(
            f"SELECT {_CHUNK_COLUMNS} FROM chunks"
            " WHERE chunk_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(chunk_ids)),),
        )
        return self._with_text(rows)

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """The chunks of one document, in order."""
        rows = self._rows(
            f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE document_id = ? ORDER BY position",
            (document_id,),
        )
        return self._with_text(rows)

    def _with_text(self, rows: Sequence[tuple[str, str, int, int, int, int]]) -> list[Chunk]:
        """The chunks of these rows; the text of each document is read once."""
        texts = dict(
            self._rows(
                "SELECT document_id, text FROM documents"
                " WHERE document_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list({row[1] for row in rows})),),
            )
        )
        return [
            # Cut here, because SQLite's substr() stops at a NUL.
            Chunk(chunk_id, owner, first, last, texts[owner][start:end], start, end)
            for chunk_id, owner, first, last, start, end in rows
        ]

    def chunk_ids(self, document_id: str | None = None) -> list[str]:
        """Ids of all chunks, by document and position; or of the chunks of one document."""
        where, values = ("WHERE document_id = ?", (document_id,)) if document_id else ("", ())
        return [
            row[0]
            for row in self._rows(
                f"SELECT chunk_id FROM chunks {where} ORDER BY document_id, position", values
            )
        ]

    def counts(self) -> tuple[int, int]:
        """How many documents and chunks there are."""
        return (
            self._rows("SELECT count(*) FROM documents")[0][0],
            self._rows("SELECT count(*) FROM chunks")[0][0],
        )

    def vectors(self, document_id: str, kind: Kind) -> Vectors:
        """The vectors of one document, as stored.

        Raises:
            CorpusError: When there is no such document.
        """
        import numpy as np

        rows = self._rows(
            "SELECT keys, spans, vectors FROM vectors WHERE document_id = ? AND kind = ?",
            (document_id, kind),
        )
        if not rows:
            raise CorpusError(f"there is no document {document_id!r} in the index")
        keys, spans, vectors = rows[0]
        return Vectors(
            _split_keys(keys),
            np.frombuffer(spans, dtype="<i4").reshape(-1, 2),
            np.frombuffer(vectors, dtype=VECTOR_TYPES[kind]).reshape(-1, self.dimension),
        )

    def chunk_vectors(self, chunk_ids: Sequence[str]) -> "NDArray[np.float32]":
        """The vectors of these chunks, in this order: float32, shape (n, dimension)."""
        import numpy as np

        rows = self._rows(
            "SELECT chunk_id, document_id, position FROM chunks"
            " WHERE chunk_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(chunk_ids)),),
        )
        documents = {row[1]: self.vectors(row[1], "chunk").vectors for row in rows}
        found = {chunk_id: documents[owner][position] for chunk_id, owner, position in rows}
        vectors = [found[chunk_id] for chunk_id in chunk_ids]
        return np.array(vectors, dtype=np.float32).reshape(-1, self.dimension)

    def keys(self, kind: Kind) -> Iterator[tuple[str, list[bytes]]]:
        """Document id and the keys of its vectors, for every document."""
        for document_id, keys in self._rows(
            "SELECT document_id, keys FROM vectors WHERE kind = ?", (kind,)
        ):
            yield document_id, _split_keys(keys)

    def _execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        with self._lock:
            self._connection.execute(statement, values).close()

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


_CHUNK_COLUMNS = "chunk_id, document_id, first_line, last_line, start_char, end_char"


def _split_keys(keys: bytes) -> list[bytes]:
    return [keys[k : k + KEY_BYTES] for k in range(0, len(keys), KEY_BYTES)]


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
