"""Articles into the corpus folder and out of it.

A file enters whole or not at all: it is copied into a hidden folder of the corpus, read as the
loader will read it, and only then put in its place, in one step. Nothing is overwritten unless that
was asked for. What is removed is moved into the hidden folder `.removed`, which the loader passes
over, so a slip can be mended by hand.
"""

import os
import shutil
import stat
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from rag.config import Config
from rag.corpus import find_files, load_document
from rag.corpus.files import ARTICLE_SUFFIXES
from rag.errors import CorpusError

INCOMING, REMOVED = ".incoming-", ".removed"
MAX_NAME_BYTES = 200
# A folder that a killed process left behind is deleted when it is older.
STALE_S = 24 * 3600

FileState = Literal["saved", "indexed", "unchanged", "skipped", "removed"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class FileResult:
    """What became of one file.

    Attributes:
        name: As the user knows it.
        path: Its path below the corpus folder; "" when it did not get there.
        detail: Why it was skipped, or what else there is to say.
    """

    name: str
    state: FileState
    path: str = ""
    detail: str = ""


def safe_name(name: str) -> str:
    r"""The file name that an upload gets in the corpus folder.

    Folders in front of it are dropped, so it cannot lead anywhere else.

    Raises:
        CorpusError: With the reason why a file of this name is not taken.

    Example: "..\\..\\a b.txt" -> "a b.txt"
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1].strip()
    try:
        length = len(last.encode())
    except UnicodeEncodeError as exc:
        raise CorpusError("the file name is not valid UTF-8: rename it") from exc
    if any(unicodedata.category(char) == "Cc" for char in last):
        raise CorpusError("the file name holds control characters: rename it")
    if last.startswith("."):
        raise CorpusError("hidden files are not taken: rename it without the dot in front")
    if Path(last).suffix.lower() not in ARTICLE_SUFFIXES:
        raise CorpusError("not .txt, .md, .html or .pdf")
    if length > MAX_NAME_BYTES:
        raise CorpusError(f"the file name is longer than {MAX_NAME_BYTES} bytes: shorten it")
    return last


def add_files(
    config: Config, files: Sequence[tuple[Path, str]], *, replace: bool, progress: Progress
) -> list[FileResult]:
    """Puts files into the corpus folder; the index does not know them yet.

    Args:
        config: Where the corpus is, and the largest file.
        files: Where each file is now, and the path below the corpus that it is to get.
        replace: Whether a file of another content may take the place of one of the same name.
        progress: Called with how many are done, and of how many.
    """
    results = []
    with _incoming(config.corpus_dir) as folder:
        for count, (source, target) in enumerate(files, 1):
            try:
                results.append(_add(config, source, target, folder, replace=replace))
            except CorpusError as exc:
                results.append(FileResult(target, "skipped", detail=str(exc)))
            except OSError as exc:
                reason = f"cannot be written ({exc.strerror or exc})"
                results.append(FileResult(target, "skipped", detail=reason))
            progress(count, len(files))
    return results


def add_folder(
    config: Config, folder: Path, *, replace: bool, progress: Progress
) -> list[FileResult]:
    """Copies the article files of a folder into a folder of its name in the corpus.

    Raises:
        CorpusError: When there is no such folder, or it is part of the corpus or holds it.
    """
    try:
        source, corpus = folder.expanduser().resolve(), config.corpus_dir.resolve()
    except (RuntimeError, ValueError, OSError) as exc:
        raise CorpusError(f"{folder} names no folder: {exc}") from exc
    if source.is_relative_to(corpus):
        raise CorpusError(f"{folder} is part of the corpus already: update the index instead")
    if corpus.is_relative_to(source):
        raise CorpusError(f"{folder} holds the corpus folder: name one beside it")
    if not source.is_dir():
        raise CorpusError(f"there is no folder {folder}")
    found, skipped = find_files(source, max_file_mb=config.max_file_mb)
    files = [(source / file.path, f"{source.name}/{file.path}") for file in found]
    if source.name.startswith("."):
        raise CorpusError(f"{folder} is hidden: the articles of hidden folders are not indexed")
    results = add_files(config, files, replace=replace, progress=progress)
    left_out = [FileResult(item.path, "skipped", detail=item.reason) for item in skipped]
    return results + left_out


def remove_files(config: Config, paths: Iterable[str]) -> list[FileResult]:
    """Moves files of the corpus into its hidden folder `.removed`."""
    root = config.corpus_dir.resolve()
    kept = f"{REMOVED}/{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"
    results = []
    for path in paths:
        source, target = root / path, root / kept / path
        try:
            if not source.parent.resolve().is_relative_to(root):
                raise CorpusError("it is not in the corpus folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            results.append(FileResult(path, "removed", path, f"kept as {kept}/{path}"))
        except FileNotFoundError:
            results.append(FileResult(path, "removed", path, "the file was gone already"))
        except CorpusError as exc:
            results.append(FileResult(path, "skipped", detail=str(exc)))
        except OSError as exc:
            results.append(FileResult(path, "skipped", detail=f"cannot be moved ({exc.strerror})"))
    return results


def _add(config: Config, source: Path, target: str, folder: Path, *, replace: bool) -> FileResult:
    """Copies, checks and places one file."""
    name = safe_name(target)
    inside = PurePosixPath(target)
    if inside.is_absolute() or any(part.startswith(".") for part in inside.parts):
        raise CorpusError("its folder leads out of the corpus folder, or is hidden")
    if not stat.S_ISREG(source.stat().st_mode):
        raise CorpusError("not a regular file")
    staging = Path(tempfile.mkdtemp(dir=folder))
    shutil.copyfile(source, staging / name)
    found, skipped = find_files(staging, max_file_mb=config.max_file_mb)
    if skipped:
        raise CorpusError(skipped[0].reason)
    load_document(staging, found[0])  # raises with the reason when it is no article
    placed = (config.corpus_dir / target).parent / name
    if not placed.parent.resolve().is_relative_to(config.corpus_dir.resolve()):
        raise CorpusError("its folder leads out of the corpus folder")
    placed.parent.mkdir(parents=True, exist_ok=True)
    path = placed.relative_to(config.corpus_dir).as_posix()
    replaced = os.path.lexists(placed)
    if replaced:
        if placed.is_file() and placed.read_bytes() == (staging / name).read_bytes():
            return FileResult(target, "unchanged", path)
        if not replace:
            raise CorpusError(f"the corpus holds another {path}: allow replacing it, or rename it")
    _place(staging / name, placed, replace=replace)
    return FileResult(target, "saved", path, "replaced the one before" if replaced else "")


def _place(staged: Path, placed: Path, *, replace: bool) -> None:
    """Gives a file its place in one step, and forces it to disk."""
    staged.chmod(0o644)
    _sync(staged)
    if replace:
        staged.replace(placed)
    else:
        try:
            placed.hardlink_to(staged)  # unlike a rename it never overwrites
        except FileExistsError as exc:
            raise CorpusError("a file of this name has just appeared: try again") from exc
    _sync(placed.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _incoming(corpus_dir: Path) -> Iterator[Path]:
    """A hidden folder of the corpus for files on their way, gone afterwards."""
    try:
        corpus_dir.mkdir(parents=True, exist_ok=True)
        for left in corpus_dir.glob(f"{INCOMING}*"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > STALE_S:
                    shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix=INCOMING, dir=corpus_dir))
    except OSError as exc:
        raise CorpusError(f"{corpus_dir} cannot be written ({exc.strerror})") from exc
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
