"""Changes of the corpus that the page starts: each in a thread of its own, whoever watches.

A page that is closed half-way stops watching and nothing else. There is one run at a time, in this
process and, by the lock of the index, among all.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from rag.config import Config
from rag.errors import IndexBusyError, RagError
from rag.index import build_index
from rag.schema import IndexReport
from rag.ui.uploads import FileResult, Progress

# What is done before the index is brought up to date: it may put files into the corpus.
Prepare = Callable[[Progress], Sequence[FileResult]]

_logger = logging.getLogger(__name__)


@dataclass
class Run:
    """One run, as far as it is; written by its thread and read by any.

    Attributes:
        title: What is being done, for the user.
        stage: "saving", then the stages of `build_index`.
        done, total: How much of the stage is done, and how much there is; 0 of 0 at first.
        results: What became of each file; without the index, what became of it in the folder.
        report: What `build_index` did; None when it did not run, or failed.
        error: What went wrong, for the user, or None.
    """

    title: str
    stage: str = "saving"
    done: int = 0
    total: int = 0
    results: list[FileResult] = field(default_factory=list)
    report: IndexReport | None = None
    error: str | None = None
    started: datetime = field(default_factory=lambda: datetime.now().astimezone())
    finished: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until the run has finished, at most so long; whether it has."""
        return self.finished.wait(seconds)


class Indexing:
    """The runs of one page. Thread-safe.

    Attributes:
        last: The run under way, or the last one; None before the first.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self.last: Run | None = None

    def start(
        self, title: str, prepare: Prepare | None = None, *, rebuild: bool = False,
        needs_rebuild: Callable[[], bool] = lambda: False,
    ) -> Run:  # fmt: skip
        """Begins a run.

        Args:
            title: What is done, for the user.
            prepare: Called first, in the thread of the run.
            rebuild: Index everything anew.
            needs_rebuild: Called after `prepare`: whether it has to be done anew after all.

        Raises:
            IndexBusyError: When another run of this page is under way.
        """
        with self._lock:
            if self.last is not None and not self.last.finished.is_set():
                raise IndexBusyError(
                    f"“{self.last.title}” has been under way since {self.last.started:%H:%M}: "
                    "wait until it is done"
                )
            run = self.last = Run(title)
        threading.Thread(
            target=self._work, args=(run, prepare, rebuild, needs_rebuild), daemon=True,
            name="indexing",
        ).start()  # fmt: skip
        return run

    def _work(
        self, run: Run, prepare: Prepare | None, rebuild: bool, needs_rebuild: Callable[[], bool]
    ) -> None:
        def show(stage: str, done: int, total: int) -> None:
            run.stage, run.done, run.total = stage, done, total

        started = time.monotonic()
        try:
            if prepare is not None:
                run.results = list(prepare(lambda done, total: show("saving", done, total)))
            if prepare is None or any(r.state in ("saved", "removed") for r in run.results):
                run.report = build_index(
                    self._config, progress=show, rebuild=rebuild or needs_rebuild()
                )
                run.results = [_indexed(result, run.report) for result in run.results]
        except RagError as exc:
            run.error = str(exc)
        except Exception:  # nobody else is there to tell the user
            _logger.exception("indexing failed")
            run.error = "something went wrong; the log of the server says what"
        finally:
            _logger.info("%s: %.1f s", run.title, time.monotonic() - started)
            run.finished.set()


def _indexed(result: FileResult, report: IndexReport) -> FileResult:
    """What became of a saved file now that the index has been brought up to date."""
    if result.state != "saved":
        return result
    for skipped in report.skipped:
        if skipped.path == result.path:
            return replace(result, state="skipped", detail=skipped.reason)
    note = result.detail
    for copy, document_id in report.duplicates:
        if copy == result.path:
            note = f"a copy of {document_id}, indexed once"
    return replace(result, state="indexed", detail=note)
