"""Generations: the searchable forms of the store, built, checked, published and deleted whole.

    index/CURRENT             the number of the published generation
    index/generations/7/      chroma-5d0c81f2/  keywords/  families.json  lock  generation.json

1. A generation is built under a temporary name from the vectors of the store.
2. A child process checks it: torn HNSW files can end a process without an exception.
3. Its files are recorded with their hashes in `generation.json` and forced to disk; the folder
   gets its name; `CURRENT` is replaced. A kill in between leaves the old one published.
4. Readers share a lock on the file `lock`; old generations go when nobody has one.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.index.families import Families
from rag.index.keywords import KeywordIndex
from rag.index.locking import try_exclusive
from rag.index.vectors import ChromaFailedError, write_chroma
from rag.store import Store

CURRENT_FILE = "CURRENT"
LOCK_NAME = "lock"
KEYWORDS = "keywords"
FAMILIES = "families.json"

_FOLDER = "generations"
_RECORD = "generation.json"
_HNSW_INDEX = "index_metadata.pickle"
_CHROMA_DATABASE = "chroma.sqlite3"
# Format 1 has no families. It can be read all the same; the next run replaces it.
_FORMAT = 2
_READABLE_FORMATS = (1, 2)
_CHECK_ATTEMPTS = 2
_CHECK_TIMEOUT_S = 600
# Larger files are hashed in samples, so that opening an index takes a bounded time.
_WHOLE_BYTES = 32 << 20
_SAMPLES, _SAMPLE_BYTES = 128, 64 << 10


@dataclass(frozen=True)
class Record:
    """What `generation.json` says of a generation.

    Attributes:
        state: `Store.state` of the store that it was built from.
        chroma: Name of the Chroma folder. Chroma keeps what it opened by path for as long as the
            process lives, so no two generations may share one, not even when an index is deleted
            and made again. None when there is no chunk, or when Chroma failed its check: its graph
            does not reach all vectors when a thousand are equal. Exact search answers then.
        files: Fingerprint of each file, by path below the generation.
    """

    format: int
    state: str
    chroma: str | None
    files: dict[str, str]


def generation_path(index_dir: Path, number: int) -> Path:
    """The folder of a published generation."""
    return index_dir / _FOLDER / str(number)


def read_current(index_dir: Path) -> int:
    """The number of the published generation; 0 when there is none."""
    try:
        return int((index_dir / CURRENT_FILE).read_text())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return 0


def read_record(folder: Path) -> Record | None:
    """The record of a generation; None when it is missing, torn or of another version."""
    try:
        record = Record(**json.loads((folder / _RECORD).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    is_readable = record.format in _READABLE_FORMATS and isinstance(record.files, dict)
    return record if is_readable else None


def is_intact(folder: Path, record: Record, part: str | None) -> bool:
    """Whether a file, or all of a folder, of the generation is as published; true without any.

    Safe to call on torn files: nothing but their bytes is read.
    """
    recorded = {
        name: mark
        for name, mark in record.files.items()
        if name == part or name.startswith(f"{part}/")
    }
    try:
        return all(_fingerprint(folder / name) == mark for name, mark in recorded.items())
    except (OSError, sqlite3.Error):
        return False


def ensure_generation(
    index_dir: Path, store: Store, *, progress: Callable[[int, int], None]
) -> int:
    """The number of a published, intact generation of the store; built when there is none.

    The caller holds the writer's lock.
    """
    number = read_current(index_dir)
    if not (number and _is_usable(generation_path(index_dir, number), store)):
        number = _publish(index_dir, store, progress)
    _delete_old(index_dir, number)
    return number


def _is_usable(folder: Path, store: Store) -> bool:
    record = read_record(folder)
    return (
        record is not None
        and record.format == _FORMAT
        and record.state == store.state
        and (folder / LOCK_NAME).is_file()
        and is_intact(folder, record, KEYWORDS)
        and is_intact(folder, record, FAMILIES)
        and is_intact(folder, record, record.chroma)
    )


def _publish(index_dir: Path, store: Store, progress: Callable[[int, int], None]) -> int:
    """Builds the next generation and makes it the current one."""
    parent = index_dir / _FOLDER
    parent.mkdir(exist_ok=True)
    used = [int(path.name) for path in parent.iterdir() if path.name.isdigit()]
    number = max([read_current(index_dir), *used]) + 1
    folder = parent / f"{number}.tmp"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / LOCK_NAME).touch()
    steps = 4
    progress(0, steps)
    KeywordIndex.build(store).save(folder / KEYWORDS)
    Families.build(store).save(folder / FAMILIES)
    progress(1, steps)
    chroma = _build_chroma(index_dir, folder, store) if store.counts()[1] else None
    progress(3, steps)
    files = {
        path.relative_to(folder).as_posix(): _fingerprint(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LOCK_NAME and not _is_scratch(path)
    }
    record = Record(_FORMAT, store.state, chroma, files)
    (folder / _RECORD).write_text(json.dumps(asdict(record)))
    _sync_tree(folder)
    final = generation_path(index_dir, number)
    folder.replace(final)
    _sync(parent)
    temporary = index_dir / f"{CURRENT_FILE}.tmp"
    temporary.write_text(f"{number}\n")
    _sync(temporary)
    temporary.replace(index_dir / CURRENT_FILE)
    _sync(index_dir)
    progress(steps, steps)
    return number


def _build_chroma(index_dir: Path, folder: Path, store: Store) -> str | None:
    """Writes a Chroma folder; its name, or None and no folder when it fails its check twice."""
    for _ in range(_CHECK_ATTEMPTS):
        name = f"chroma-{uuid.uuid4().hex[:8]}"
        with suppress(ChromaFailedError):
            write_chroma(folder / name, store)
            if check_in_child(index_dir, folder / name):
                return name
        shutil.rmtree(folder / name, ignore_errors=True)
    return None


def check_in_child(index_dir: Path, folder: Path) -> bool:
    """Whether a child process finds every chunk of the store in the Chroma folder."""
    environment = dict(os.environ)
    source = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(
        part for part in (source, environment.get("PYTHONPATH")) if part
    )
    try:
        result = subprocess.run(
            [sys.executable, "-P", "-m", "rag.index.checking", str(index_dir), str(folder)],
            env=environment, capture_output=True, timeout=_CHECK_TIMEOUT_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return result.returncode == 0


def _delete_old(index_dir: Path, current: int) -> None:
    """Deletes all generations but the current one, as far as nobody reads them."""
    for folder in list((index_dir / _FOLDER).iterdir()):
        if folder.name == str(current) or not folder.is_dir():
            continue
        with try_exclusive(folder / LOCK_NAME) as free:
            if free:
                # Under another name first: a deletion cut short must not look like a generation.
                doomed = folder.with_name(f"{folder.name.removesuffix('.tmp')}.tmp")
                folder.replace(doomed)
                shutil.rmtree(doomed)


def _fingerprint(path: Path) -> str:
    """Names the content of a file; takes a bounded time for a file of any size."""
    if path.name == _CHROMA_DATABASE:
        return _database_fingerprint(path)
    size = path.stat().st_size
    digest = hashlib.sha256()
    with path.open("rb") as file:
        if size <= _WHOLE_BYTES:
            digest.update(file.read())
        else:
            step = (size - _SAMPLE_BYTES) // (_SAMPLES - 1)
            for k in range(_SAMPLES):
                file.seek(k * step)
                digest.update(file.read(_SAMPLE_BYTES))
    return f"{size}:{digest.hexdigest()}"


def _database_fingerprint(path: Path) -> str:
    """Names the rows of Chroma's database that a search uses.

    Its bytes cannot be compared: Chroma adds a row to a table of its own whenever it opens it.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True
    )  # undoes a killed write
    try:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            return "damaged"
        digest = hashlib.sha256()
        for query in (
            "SELECT id, name, dimension FROM collections ORDER BY id",
            "SELECT id, type, scope, collection FROM segments ORDER BY id",
            "SELECT segment_id, seq_id FROM max_seq_id ORDER BY segment_id",
            "SELECT embedding_id, seq_id FROM embeddings ORDER BY id",
            "SELECT seq_id, operation, id, vector FROM embeddings_queue ORDER BY seq_id",
        ):
            for row in connection.execute(query):
                digest.update(repr(row).encode())
        return digest.hexdigest()
    finally:
        connection.close()


def _is_scratch(path: Path) -> bool:
    """Whether Chroma writes the file anew whenever it opens the folder, and never reads it.

    A collection below Chroma's `sync_threshold` has its vectors in the database only.
    """
    return path.suffix == ".bin" and not (path.parent / _HNSW_INDEX).exists()


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Forces a file, or the entries of a folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
