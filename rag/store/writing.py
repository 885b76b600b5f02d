"""The store, open for writing: each change is one transaction."""

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Self

from rag.corpus import CorpusFile, Stamp
from rag.store.database import (
    BUSY_TIMEOUT_S,
    SCHEMA,
    STORE_FILE,
    connect,
    is_damaged,
    remove_database,
)
from rag.store.reading import VECTOR_TYPES, Store
from rag.store.records import Entry, Kind, Manifest, Vectors

# Waste is reclaimed when it is this share of the file; below it, later documents reuse the pages.
_MAX_FREE_SHARE = 0.25
_MIN_FREE_PAGES = 256


class StoreWriter(Store):
    """The store file, open for writing. The caller holds the writer's lock."""

    @classmethod
    def open(cls, index_dir: Path, manifest: Manifest, *, rebuild: bool = False) -> Self:
        """The store of `index_dir` for writing, created when it is missing.

        With `rebuild`, an index of another manifest is opened
        all the same, and a damaged one is replaced; `clear` then empties it.

        Raises:
            IndexMismatchError: When the store has another manifest and `rebuild` is not set.
        """
        path = index_dir / STORE_FILE
        if rebuild and is_damaged(path):
            remove_database(path)
        store = cls(connect(path, mode="rwc"))
        try:
            store._execute("PRAGMA journal_mode = WAL")
            store._execute("PRAGMA synchronous = FULL")
            store._execute("PRAGMA secure_delete = ON")
            if store._is_empty():
                store.clear(manifest)
            elif not rebuild:
                store.check_manifest(manifest)
            store._execute("PRAGMA foreign_keys = ON")
        except BaseException:
            store.close()
            raise
        return store

    def clear(self, manifest: Manifest) -> None:
        """Empties the store and gives it `manifest`, in one transaction."""
        self._execute("PRAGMA foreign_keys = OFF")  # every table goes, in any order
        with self._transaction():
            for (name,) in self._rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
                self._execute(f'DROP TABLE "{name}"')
            for statement in SCHEMA.split(";"):
                self._execute(statement)
            values = {field.name: getattr(manifest, field.name) for field in fields(manifest)}
            values |= {"store_id": uuid.uuid4().hex, "revision": "0", "unfinished": "0"}
            self._connection.executemany("INSERT INTO manifest VALUES (?, ?)", values.items())
        self._execute("PRAGMA foreign_keys = ON")

    def set_unfinished(self, unfinished: bool) -> None:
        """Notes that a run has begun, or ended, to write what it planned."""
        self._execute(
            "UPDATE manifest SET value = ? WHERE key = 'unfinished'", (str(int(unfinished)),)
        )

    def write_document(self, entry: Entry, *, replaces: str | None = None) -> None:
        """Puts a document in place of its last version, and of document `replaces` if given."""
        document = entry.document
        with self._transaction():
            for document_id in {document.document_id, replaces} - {None}:
                self._execute("DELETE FROM documents WHERE document_id = ?", (document_id,))
            self._execute(
                f"INSERT INTO documents VALUES ({', '.join('?' * 13)})",
                (
                    document.document_id, document.document_hash, document.title,
                    document.publisher, document.author,
                    document.published.isoformat() if document.published else None,
                    document.published_basis, document.rendering, document.line_count,
                    json.dumps(document.page_starts), json.dumps(sorted(entry.own_boilerplate)),
                    json.dumps(sorted(document.boilerplate)), document.text,
                ),
            )  # fmt: skip
            self._connection.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
                [(f.path, f.size, f.mtime_ns, f.sha256, document.document_id) for f in entry.files],
            )
            self._connection.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (c.chunk_id, k, c.first_line, c.last_line, c.start_char, c.end_char,
                     c.document_id) for k, c in enumerate(entry.chunks)
                ],
            )  # fmt: skip
            self._write_vectors(document.document_id, "chunk", entry.chunk_vectors)
            self._write_vectors(document.document_id, "sentence", entry.sentence_vectors)

    def _write_vectors(self, document_id: str, kind: Kind, part: Vectors) -> None:
        self._execute(
            "INSERT INTO vectors VALUES (?, ?, ?, ?, ?)",
            (
                document_id, kind, b"".join(part.keys), part.spans.astype("<i4").tobytes(),
                part.vectors.astype(VECTOR_TYPES[kind]).tobytes(),
            ),
        )  # fmt: skip

    def remove_document(self, document_id: str) -> None:
        """Removes a document with everything that belongs to it."""
        with self._transaction():
            self._execute("DELETE FROM documents WHERE document_id = ?", (document_id,))

    def note_files(self, touched: Iterable[CorpusFile], unread: Mapping[str, Stamp]) -> None:
        """Notes what the folder says of files that need no other change.

        Args:
            touched: Indexed files with another time than before, and the same bytes.
            unread: The files that could not be read.
        """
        with self._lock:
            self._connection.executemany(
                "UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?",
                [(file.size, file.mtime_ns, file.path) for file in touched],
            )
        if self.unread() != unread:
            self._execute(
                "INSERT OR REPLACE INTO manifest VALUES ('unread', ?)", (json.dumps(unread),)
            )

    def tidy(self) -> None:
        """Reclaims space and empties the write-ahead log, as far as readers allow it now."""
        free = self._rows("PRAGMA freelist_count")[0][0]
        pages = self._rows("PRAGMA page_count")[0][0]
        if free > max(_MIN_FREE_PAGES, _MAX_FREE_SHARE * pages):
            with suppress(sqlite3.OperationalError):  # it needs room for a copy
                self._execute("VACUUM")
        self._execute("PRAGMA busy_timeout = 0")  # a reader may keep the log for days
        with suppress(sqlite3.OperationalError):
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A transaction that changes documents, and therefore `state`."""
        with self._lock:
            self._execute("BEGIN IMMEDIATE")
            try:
                yield
                self._execute("UPDATE manifest SET value = value + 1 WHERE key = 'revision'")
                self._execute("COMMIT")
            except BaseException:
                self._execute("ROLLBACK")
                raise
