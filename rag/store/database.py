"""The SQLite file of the store: its tables, and how it is opened."""

import sqlite3
from pathlib import Path

STORE_FILE = "store.sqlite3"
BUSY_TIMEOUT_S = 30.0

# Wide columns come last: SQLite reaches them only when they are asked for.
SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    document_id TEXT PRIMARY KEY, document_hash TEXT NOT NULL, title TEXT, publisher TEXT,
    author TEXT, published TEXT, published_basis TEXT, rendering TEXT NOT NULL,
    line_count INTEGER NOT NULL, page_starts TEXT NOT NULL, own_boilerplate TEXT NOT NULL,
    boilerplate TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE
);
CREATE INDEX files_by_document ON files (document_id);
CREATE TABLE chunks (
    chunk_id TEXT PRIMARY KEY, position INTEGER NOT NULL, first_line INTEGER NOT NULL,
    last_line INTEGER NOT NULL, start_char INTEGER NOT NULL, end_char INTEGER NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE
);
CREATE INDEX chunks_by_document ON chunks (document_id, position);
CREATE TABLE vectors (
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE, kind TEXT NOT NULL,
    keys BLOB NOT NULL, spans BLOB NOT NULL, vectors BLOB NOT NULL, PRIMARY KEY (document_id, kind)
);
"""


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """A connection without implicit transactions, usable from any thread under a lock.

    Args:
        path: The file.
        mode: "rwc" creates it when it is missing, "rw" does not, "ro&immutable=1" reads a file in
            a folder that cannot be written.
    """
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_S,
    )


def is_damaged(path: Path) -> bool:
    """Whether SQLite finds the file unreadable; a missing one is not."""
    if not path.is_file():
        return False
    connection = connect(path, mode="rw")
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:  # locked, or no permission: nothing is known of its pages
        raise
    except sqlite3.DatabaseError:
        return True
    finally:
        connection.close()


def remove_database(path: Path) -> None:
    """Deletes the file with its write-ahead log; no process may have it open."""
    for suffix in ("-wal", "-shm", ""):  # a log that is left behind would be applied to a new file
        path.with_name(path.name + suffix).unlink(missing_ok=True)
