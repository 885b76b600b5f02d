"""Finds the article files below the corpus folder. First step of the flow.

Only the directory and the raw bytes are looked at here; decoding is the loader's work. Hidden
files and folders (a name that starts with ".") are passed over in silence, as by `ls`; every
other file that is not taken is reported with the reason. `stat_files` looks at the directory alone:
it tells in milliseconds whether anything can have changed.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rag.errors import CorpusError
from rag.schema import SkippedFile

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown"})
HTML_SUFFIXES = frozenset({".html", ".htm"})
PDF_SUFFIXES = frozenset({".pdf"})
ARTICLE_SUFFIXES = TEXT_SUFFIXES | HTML_SUFFIXES | PDF_SUFFIXES

_ENDINGS = tuple(sorted(ARTICLE_SUFFIXES))

_BYTES_PER_MB = 1_000_000
_BLOCK_BYTES = 1 << 20
_EMPTY = "empty"


@dataclass(frozen=True)
class CorpusFile:
    """One article file, as it was when the folder was read.

    Attributes:
        path: Path below the corpus folder, with "/" between its parts.
        size: Bytes.
        mtime_ns: Time of the last change, nanoseconds.
        sha256: SHA-256 of the raw bytes, as hexadecimal.
    """

    path: str
    size: int
    mtime_ns: int
    sha256: str

    @property
    def stamp(self) -> "Stamp":
        """What the directory says of the file."""
        return Stamp(self.size, self.mtime_ns)


class Stamp(NamedTuple):
    """What a directory says of a file: its bytes, and the time of its last change in ns."""

    size: int
    mtime_ns: int


class Listing(NamedTuple):
    """What stands in a corpus folder, none of it opened.

    Attributes:
        stamps: The article files, by path.
        passed_over: Paths that are no article files, as they are too large, say, and of folders
            that cannot be read. Files that are empty are in neither.
    """

    stamps: dict[str, Stamp]
    passed_over: frozenset[str]


def stat_files(corpus_dir: Path, *, max_file_mb: float) -> Listing:
    """The files that `find_files` would open; arguments and errors as there."""
    root = _checked_root(corpus_dir)
    skipped: list[SkippedFile] = []
    stamps: dict[str, Stamp] = {}
    for path, entry in _iter_entries(root, skipped):
        try:
            stamps[path] = _stamp(root, path, entry, max_file_mb=max_file_mb)
        except CorpusError as exc:
            skipped.append(SkippedFile(path, str(exc)))
    return Listing(stamps, frozenset(item.path for item in skipped if item.reason != _EMPTY))


def find_files(
    corpus_dir: Path, *, max_file_mb: float
) -> tuple[list[CorpusFile], list[SkippedFile]]:
    """The article files below `corpus_dir` and the files that were skipped, each sorted by path.

    A link to a file of the corpus is a file like any other (the store sees that it is a copy); a
    link to a folder is never followed, so that a loop cannot arise.

    Args:
        corpus_dir: Folder of the articles; subfolders are read too.
        max_file_mb: Larger files are skipped, in units of 1,000,000 bytes.

    Raises:
        CorpusError: When the folder is missing, is not a folder or cannot be read.
    """
    root = _checked_root(corpus_dir)
    found: list[CorpusFile] = []
    skipped: list[SkippedFile] = []
    for path, entry in _iter_entries(root, skipped):
        try:
            size, mtime_ns = _stamp(root, path, entry, max_file_mb=max_file_mb)
            found.append(CorpusFile(path, size, mtime_ns, hash_file(root / path)))
        except CorpusError as exc:
            skipped.append(SkippedFile(path, str(exc)))
    return sorted(found, key=lambda f: f.path), sorted(skipped, key=lambda s: s.path)


def _checked_root(corpus_dir: Path) -> Path:
    """`corpus_dir` with its links resolved."""
    advice = "give the folder of the articles with --corpus DIR or RAG_CORPUS_DIR"
    try:
        root = corpus_dir.resolve()
        if not root.exists():
            raise CorpusError(f"the corpus folder {corpus_dir} does not exist: {advice}")
        if not root.is_dir():
            raise CorpusError(f"the corpus {corpus_dir} is a file, not a folder: {advice}")
        with os.scandir(root):
            return root
    except (OSError, RuntimeError) as exc:  # RuntimeError: a loop of links, before Python 3.13
        problem = getattr(exc, "strerror", None) or "a loop of links"
        raise CorpusError(
            f"the corpus folder {corpus_dir} cannot be read ({problem}): "
            f"allow reading it, or {advice}"
        ) from exc


def _iter_entries(
    root: Path, skipped: list[SkippedFile]
) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """Everything below `root` that is neither hidden nor a real folder, with its path below it."""
    before = len(str(root).rstrip("/")) + 1
    folders = [str(root)]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as exc:
            path = _printable(Path(folder).relative_to(root).as_posix())
            skipped.append(SkippedFile(path, f"the folder cannot be read ({exc.strerror})"))
            continue
        for entry in listed:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
                continue
            path = entry.path[before:]
            reason = _name_problem(path)
            if reason is None:
                yield path, entry
            else:
                skipped.append(SkippedFile(_printable(path), reason))


def _name_problem(path: str) -> str | None:
    """Why a file of this name cannot be cited, or None."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "the file name is not valid UTF-8: rename it"
    if not path.isprintable() and any(ord(char) < 32 or ord(char) == 127 for char in path):
        return "the file name holds control characters: rename it"
    return None


def _printable(path: str) -> str:
    r"""`path` with bytes that are not UTF-8 written as "\xNN", so that it can be printed."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _stamp(root: Path, path: str, entry: "os.DirEntry[str]", *, max_file_mb: float) -> Stamp:
    """Size and time of one file.

    Raises:
        CorpusError: With the reason why the file is skipped.
    """
    try:
        if entry.is_symlink():
            _check_link(root, root / path)
        if not entry.name.lower().endswith(_ENDINGS):
            raise CorpusError("not .txt, .md, .html or .pdf")
        status = entry.stat()
    except OSError as exc:
        raise CorpusError(f"cannot be read ({exc.strerror})") from exc
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for ever
        raise CorpusError("not a regular file")
    if status.st_size == 0:
        raise CorpusError(_EMPTY)
    if status.st_size > max_file_mb * _BYTES_PER_MB:
        raise CorpusError(
            f"{status.st_size / _BYTES_PER_MB:.1f} MB, more than {max_file_mb:g} MB: "
            "split it, or set RAG_MAX_FILE_MB"
        )
    return Stamp(status.st_size, status.st_mtime_ns)


def _check_link(root: Path, link: Path) -> None:
    """Refuses a link that does not lead to a file of the corpus."""
    try:
        target = link.resolve(strict=True)
    except FileNotFoundError as exc:
        raise CorpusError("a link to a file that does not exist") from exc
    except (OSError, RuntimeError) as exc:  # RuntimeError: before Python 3.13
        raise CorpusError("a link that leads in a circle") from exc
    if not target.is_relative_to(root):
        raise CorpusError("a link that leaves the corpus folder: copy the file into it")
    if target.is_dir():
        raise CorpusError("a link to a folder of the corpus, whose files are read where they are")


def hash_file(path: Path) -> str:
    """SHA-256 of the file, read in blocks, as hexadecimal.

    Raises:
        CorpusError: With the reason when it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as exc:
        raise CorpusError(f"cannot be read ({exc.strerror})") from exc
    return digest.hexdigest()
