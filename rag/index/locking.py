"""Locks between processes: one writer of an index, and readers that keep a generation alive.

All are `flock` locks: the kernel releases them when their process ends, however it ends.
"""

import fcntl
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rag.errors import IndexBusyError

LOCK_FILE = ".lock"


@contextmanager
def writer_lock(index_dir: Path) -> Iterator[None]:
    """Holds the one place of a writer; the folder is created when it is missing.

    Raises:
        IndexBusyError: At once, when another process (or thread) holds it; names the holder.
    """
    index_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(index_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise IndexBusyError(_describe(os.read(descriptor, 4096))) from exc
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(_holder()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder() -> dict[str, str | int]:
    """This process, for the message that another one shows."""
    # The first argument names the subcommand; later ones may be somebody's question.
    command = [Path(sys.argv[0]).name, *(word for word in sys.argv[1:2] if word.isalpha())]
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "started": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": " ".join(command),
    }


def _describe(content: bytes) -> str:
    """What to tell somebody who finds the place taken."""
    try:
        holder = json.loads(content)
        started = datetime.fromisoformat(holder["started"])
        today = started.date() == datetime.now().astimezone().date()
        since = f"{started:%H:%M}" if today else f"{started:%Y-%m-%d %H:%M}"
        host = "" if holder["host"] == socket.gethostname() else f" on {holder['host']}"
        return (
            f"process {holder['pid']}{host} ({holder['command']}) has been writing the index since "
            f"{since}: wait, or stop it"
        )
    except (ValueError, KeyError, TypeError):  # it has only just taken the lock
        return "another process is writing the index: wait, or stop it"


class SharedLock:
    """A reader's hold on a file; `try_exclusive` fails while any process has one."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def take(cls, path: Path) -> "SharedLock | None":
        """A hold on `path`, or None when it is missing or about to be deleted."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return cls(descriptor)
        except (BlockingIOError, FileNotFoundError):
            pass
        os.close(descriptor)
        return None

    def is_on(self, path: Path) -> bool:
        """Whether `path` is the very file that is held, not another of that name."""
        try:
            return self._descriptor is not None and os.path.samestat(
                os.fstat(self._descriptor), path.stat()
            )
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Lets go; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def try_exclusive(path: Path) -> Iterator[bool]:
    """Whether no process holds `path`; nobody can take it inside the block. True if missing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield True
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
