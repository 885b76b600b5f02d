"""What changed in the folder of the articles since it was indexed, found out at little cost.

Only the directory is read, and compared with the sizes and times that the store has. A file of the
same size with another time is hashed once, as far as there is time: it may only have been copied.
"""

import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.config import Config
from rag.corpus import Listing, Stamp, hash_file, stat_files
from rag.errors import CorpusError, IndexNotFoundError
from rag.store import Store

# The folder is looked at again after so many seconds, and takes at most this share of the time.
CHECK_EVERY_S = 5.0
MAX_SHARE = 0.02
# Files that were touched are hashed for so long; what is left is taken for unchanged until later.
MAX_HASHING_S = 0.1


@dataclass(frozen=True)
class CorpusChanges:
    """How many files were added, changed and removed, and how many are indexed."""

    added: int
    changed: int
    removed: int
    indexed: int


class CorpusWatch:
    """Looks at the folder of the articles, seldom enough to cost nothing. Thread-safe."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._next_check = 0.0  # of `time.monotonic`
        self._changes: CorpusChanges | None = None
        self._same_bytes: dict[tuple[str, Stamp], bool] = {}

    def changes(self) -> CorpusChanges | None:
        """What changed since the last `rag index`; None when that cannot be known.

        Files that could not be read then, and are as they were, do not count.
        """
        with self._lock:
            started = time.monotonic()
            if started >= self._next_check:
                try:
                    self._changes = self._look()
                except (CorpusError, IndexNotFoundError, sqlite3.Error):
                    # No folder or no store to compare: a question can be answered all the same.
                    self._changes = None
                ended = time.monotonic()
                self._next_check = ended + max(CHECK_EVERY_S, (ended - started) / MAX_SHARE)
            return self._changes

    def _look(self) -> CorpusChanges:
        config = self._config
        found = stat_files(config.corpus_dir, max_file_mb=config.max_file_mb)
        # Opened anew, since a run that changes no document publishes nothing.
        with closing(Store.open_reader(config.index_dir)) as store:
            stored, unread = store.stamps(), store.unread()
            news = [path for path, stamp in found.stamps.items() if stored.get(path) != stamp]
            news = [path for path in news if unread.get(path) != found.stamps[path]]
            changed = self._changed([path for path in news if path in stored], found, stored, store)
        added = sum(path not in stored for path in news)
        removed = sum(not _stands(path, found) for path in stored)
        return CorpusChanges(added, changed, removed, len(stored))

    def _changed(
        self, paths: list[str], found: Listing, stored: dict[str, Stamp], store: Store
    ) -> int:
        """How many of these files have other bytes than when they were indexed."""
        until = time.monotonic() + MAX_HASHING_S
        changed = 0
        for path in paths:
            stamp = found.stamps[path]
            same = stamp.size == stored[path].size and self._same_bytes.get((path, stamp))
            if same is None and time.monotonic() < until:
                try:
                    same = hash_file(self._config.corpus_dir / path) == store.hash_of(path)
                except CorpusError:
                    same = False
                self._same_bytes[path, stamp] = same
            changed += same is False
        return changed


def _stands(path: str, found: Listing) -> bool:
    """Whether a file is there, or may be: in a folder that cannot be read."""
    if path in found.stamps or path in found.passed_over:
        return True
    return any(str(folder) in found.passed_over for folder in PurePosixPath(path).parents)
