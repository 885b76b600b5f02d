"""The SQLite file of the votes: one row a vote, with the answer as it was shown.

Each call opens the file anew, so any number of threads and processes may use it. It is in WAL mode:
reading never waits for a vote that is being written. Only its owner may read it, since it holds
what people asked.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, get_args

from rag.config import Config
from rag.errors import RagError
from rag.schema import Answer

Vote = Literal["up", "down"]

MAX_REASON_CHARS = 2_000
MAX_HISTORY = 50
BUSY_TIMEOUT_S = 10.0
FILE_SUFFIX = "-feedback.sqlite3"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL,
    vote TEXT NOT NULL CHECK (vote IN ('up', 'down')), reason TEXT NOT NULL,
    question TEXT NOT NULL, standalone_question TEXT NOT NULL, history TEXT NOT NULL,
    package_version TEXT NOT NULL, prompt_version TEXT, corpus_version TEXT NOT NULL,
    model TEXT NOT NULL, answer TEXT NOT NULL
)
"""
_COLUMNS = (
    "number, time, vote, reason, question, standalone_question, history, package_version,"
    " prompt_version, corpus_version, model, answer"
)


@dataclass(frozen=True)
class Feedback:
    """One vote.

    Attributes:
        number: Its number in the file, from 1; never used again.
        time: When it was given, in UTC, as ISO 8601.
        reason: What the reader added; "" when nothing.
        history: The user's earlier questions, oldest first.
        package_version, prompt_version, corpus_version, model: What made the answer; the corpus
            version is that of the reading of articles, and the answer's citations name the version
            of each document by its hash.
        answer: `Answer.to_dict()` as it was shown.
    """

    number: int
    time: str
    vote: Vote
    reason: str
    question: str
    standalone_question: str
    history: tuple[str, ...]
    package_version: str
    prompt_version: str | None
    corpus_version: str
    model: str
    answer: dict[str, Any]


class FeedbackStore:
    """The votes in one file, which is made with the first vote."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def record(
        self,
        answer: Answer | dict[str, Any],
        vote: Vote,
        reason: str = "",
        *,
        history: Sequence[str] = (),
    ) -> int:
        """Keeps a vote on an answer.

        Args:
            answer: The answer, or its `to_dict()`.
            vote: "up" or "down".
            reason: What the reader adds; cut at 2,000 characters.
            history: The user's earlier questions, oldest first.

        Returns:
            The number of the vote, for `change`.

        Raises:
            RagError: When the file cannot be written.
        """
        from rag.corpus import CORPUS_VERSION  # not needed by those who only read votes

        data = answer.to_dict() if isinstance(answer, Answer) else answer
        values = (
            datetime.now(UTC).isoformat(timespec="seconds"), _checked(vote), _cut(reason),
            str(data["question"]), str(data["standalone_question"]),
            json.dumps([_clean(turn) for turn in history[-MAX_HISTORY:]]), _package_version(),
            data.get("prompt_version"), CORPUS_VERSION, str(data.get("model", "")),
            json.dumps(data),
        )  # fmt: skip
        row = tuple(_clean(value) if isinstance(value, str) else value for value in values)
        with self._open(write=True) as connection:
            marks = ", ".join("?" * len(row))
            columns = _COLUMNS.removeprefix("number, ")
            found = connection.execute(f"INSERT INTO feedback ({columns}) VALUES ({marks})", row)
            assert found.lastrowid is not None
            return found.lastrowid

    def change(self, number: int, *, vote: Vote | None = None, reason: str | None = None) -> None:
        """Changes the vote or the reason of a vote, when the reader has thought again.

        Raises:
            RagError: When there is no such vote, or the file cannot be written.
        """
        changes: dict[str, str] = {}
        if vote is not None:
            changes["vote"] = _checked(vote)
        if reason is not None:
            changes["reason"] = _cut(reason)
        if not changes:
            return
        assignments = ", ".join(f"{name} = ?" for name in changes)
        with self._open(write=True) as connection:
            found = connection.execute(
                f"UPDATE feedback SET {assignments} WHERE number = ?", (*changes.values(), number)
            )
            if not found.rowcount:
                raise RagError(f"there is no vote number {number} in {self.path}")

    def remove(self, number: int) -> None:
        """Takes a vote back; one that there is not is no error.

        Raises:
            RagError: When the file cannot be written.
        """
        with self._open(write=True) as connection:
            connection.execute("DELETE FROM feedback WHERE number = ?", (number,))

    def all(self) -> list[Feedback]:
        """Every vote, oldest first; none when there is no file.

        Raises:
            RagError: When the file cannot be read.
        """
        if not self.path.exists():
            return []
        with self._open(write=False) as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM feedback ORDER BY number")
            return [_feedback(row) for row in rows]

    @contextmanager
    def _open(self, *, write: bool) -> Iterator[sqlite3.Connection]:
        """The file with its table; what is done in the block is one transaction."""
        try:
            if write and not self.path.exists():
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            with closing(sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S)) as connection:
                if write:
                    connection.execute("PRAGMA journal_mode = WAL")
                    connection.execute(_SCHEMA)
                with connection:
                    yield connection
        except (OSError, sqlite3.Error) as exc:
            raise RagError(f"the feedback in {self.path} cannot be used: {exc}") from exc


def feedback_path(config: Config) -> Path:
    """The file of the votes: that of the settings, or one beside the index folder.

    Example: index folder "data/index" -> "data/index-feedback.sqlite3"
    """
    if config.feedback_file is not None:
        return config.feedback_file
    folder = config.index_dir
    if not folder.name:  # "." or "..", which have no name to build on
        folder = folder.resolve()
    return folder.with_name(f"{folder.name}{FILE_SUFFIX}")


def open_feedback(config: Config) -> FeedbackStore:
    """The store of the votes for these settings; nothing is made until the first vote."""
    return FeedbackStore(feedback_path(config))


def _feedback(row: Sequence[Any]) -> Feedback:
    number, time, vote, reason, question, standalone, history, *versions, answer = row
    package, prompt, corpus, model = versions
    return Feedback(
        number, time, vote, reason, question, standalone, tuple(json.loads(history)), package,
        prompt, corpus, model, json.loads(answer),
    )  # fmt: skip


def _checked(vote: str) -> str:
    if vote not in get_args(Vote):
        raise RagError(f"a vote is up or down, not {vote!r}")
    return vote


def _cut(reason: str) -> str:
    return _clean(reason.strip()[:MAX_REASON_CHARS])


def _clean(text: str) -> str:
    """`text` without halves of surrogate pairs, which SQLite does not take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _package_version() -> str:
    try:
        return version("on-record")
    except PackageNotFoundError:
        return "unknown"
