"""What the command line prints: answers, search results, reports and progress.

Results go to standard output, progress to standard error: a bar on a terminal, else plain lines.
"""

import json
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rag.schema import Answer, Citation, Disagreement, Document, IndexReport, ScoredChunk
from rag.synthesis import format_date
from rag.synthesis.wording import count_of, difference_in_words, what_was_checked

if TYPE_CHECKING:
    from rag.config import Config
    from rag.doctor import Check
    from rag.index import ProgressCallback

# Without a terminal, a line of progress at most this often.
PLAIN_PROGRESS_SECONDS = 5.0
# Lists of files in a report are cut to this many, with the number of those left out.
MAX_LISTED = 20
MAX_QUOTE_CHARS = 600


def print_json(value: Any) -> None:
    """`value` as indented JSON on standard output."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not unicode, indent=2, default=_jsonable)
    # Half of a surrogate pair, which no encoding holds, becomes the escape that JSON has for it.
    print(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def print_answer(answer: Answer) -> None:
    """The answer with its sources below it; for a refusal, the nearest lines."""
    if answer.standalone_question != " ".join(answer.question.split()):
        print(f"Searched: {answer.standalone_question}\n")
    print(_printable(answer.text))
    if answer.citations:
        print("\nSources")
        for citation in answer.citations:
            print_citation(citation)
        checked = what_was_checked(
            len(answer.statements), len(answer.withheld), answer.independent_sources, answer.as_of
        )
        print(f"\n{checked}.")
    for disagreement in answer.disagreements:
        print_disagreement(disagreement)
    if answer.closest:
        print("\nThe nearest lines, which do not answer it:")
        for citation in answer.closest:
            print_citation(citation)
    for withheld in answer.withheld:
        print(f"Withheld: {withheld.text} ({withheld.reason})")
    print_note(answer.notice)


def print_note(text: str | None) -> None:
    """Something else that the user should know, on standard error; nothing for None."""
    if text:
        sys.stdout.flush()
        print(f"\nNote: {text}", file=sys.stderr)


def print_disagreement(disagreement: Disagreement) -> None:
    """What the sources differ about, each value with who gives it and when."""
    how = difference_in_words(disagreement.kind)
    print(f"\nThe sources differ on “{disagreement.about}” ({how}):")
    for claim in disagreement.claims:
        marks = "".join(f"[{number}]" for number in claim.citations)
        who = ", ".join([*claim.publishers, format_date(claim.published)])
        print(f"  {_shortened(claim.value)}  {who} {marks}")


def print_citation(citation: Citation) -> None:
    """One citation: where the lines stand, then the lines with their numbers."""
    page = f", page {citation.page}" if citation.page else ""
    extracted = ", text extracted from the file" if citation.rendering == "extracted" else ""
    place = f"{citation.path}:{citation.first_line}-{citation.last_line}{page}{extracted}"
    origin = ", ".join(
        part for part in (citation.publisher, citation.title, format_date(citation.published))
        if part
    )  # fmt: skip
    print(f"[{citation.number}] {place}  ({origin})")
    for number, line in enumerate(citation.quote.split("\n"), citation.first_line):
        print(f"{number:>8}  {_shortened(line)}")
    if citation.also_in:
        print(f"          also in {', '.join(citation.also_in)}")


def print_search(found: Sequence[ScoredChunk]) -> None:
    """Passages with the rank and score of each part, best first."""
    if not found:
        print("Nothing was found.")
    for scored in found:
        dense = _place(scored.dense_rank, scored.dense_score, "cosine")
        keyword = _place(scored.keyword_rank, scored.keyword_score, "BM25")
        print(f"{scored.rank:>3}. {scored.chunk.chunk_id}  score {scored.score:.4f}")
        print(f"     dense {dense} · keyword {keyword}")
        print(f"     {_shortened(' '.join(scored.chunk.text.split()))}\n")


def print_lines(document: Document, first_line: int, last_line: int) -> None:
    """Lines of a document with their numbers; "~" marks what is not part of the article."""
    for number in range(first_line, last_line + 1):
        mark = "~" if number in document.boilerplate else " "
        print(f"{number:>6}{mark} {_printable(document.lines(number, number))}")


def print_report(report: IndexReport, config: "Config") -> None:
    """What an index run did, or would do."""
    would = "would be " if report.dry_run else ""
    for title, items in (
        ("added", report.added),
        ("changed", report.changed),
        ("removed", report.removed),
        ("renamed", [f"{old} -> {new}" for old, new in report.renamed]),
        ("copies, indexed once", [f"{copy} = {first}" for copy, first in report.duplicates]),
        ("skipped", [f"{skipped.path}: {skipped.reason}" for skipped in report.skipped]),
    ):
        if items:
            verb = title if title.startswith(("skipped", "copies")) else f"{would}{title}"
            print(f"{len(items)} {verb}")
            for item in items[:MAX_LISTED]:
                print(f"    {item}")
            if len(items) > MAX_LISTED:
                print(f"    ... and {len(items) - MAX_LISTED} more")
    if report.unchanged:
        print(f"{report.unchanged} unchanged")
    if not report.dry_run:
        print(
            f"{config.index_dir} holds {count_of(report.documents, 'document')} in "
            f"{count_of(report.chunks, 'chunk')}; {report.embedded_chunks:,} embedded now, "
            f"{report.elapsed_s:.1f} s"
        )


def print_checks(checks: Sequence["Check"]) -> None:
    """What `rag doctor` found, and how to mend what is wrong."""
    for check in checks:
        state = "ok" if check.ok else ("FAIL" if check.essential else "note")
        print(f"{state:<5} {check.name}: {check.finding}")
        if check.remedy:
            print(f"      -> {check.remedy}")


@contextmanager
def show_progress(*, quiet: bool) -> "Iterator[ProgressCallback | None]":
    """A callback that shows progress on standard error; None when `quiet`."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as callback:
            yield callback
    else:
        yield _plain_lines()


@contextmanager
def _bar() -> "Iterator[ProgressCallback]":
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, Any] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total, rate="")
            task = progress.tasks[progress.task_ids.index(tasks[stage])]
            rate = f"{task.speed:.0f}/s" if task.speed else ""
            progress.update(tasks[stage], completed=done, total=total, rate=rate)

        yield update


def _plain_lines() -> "ProgressCallback":
    shown_at: dict[str, float] = {}
    started: dict[str, float] = {}

    def update(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        begun = started.setdefault(stage, now)
        if now - shown_at.get(stage, begun) < PLAIN_PROGRESS_SECONDS and done < total:
            return
        if done >= total and stage not in shown_at:
            return  # a short stage: nothing was shown of it, and nothing needs to be
        shown_at[stage] = now
        rate = done / (now - begun) if now > begun else 0.0
        left = f", {(total - done) / rate:.0f} s left" if rate and done < total else ""
        print(f"{stage}: {done:,} of {total:,} ({rate:.0f}/s{left})", file=sys.stderr, flush=True)

    return update


def _place(rank: int | None, score: float | None, unit: str) -> str:
    return f"#{rank} ({unit} {score:.3f})" if rank is not None else "not found"


def _shortened(text: str) -> str:
    text = _printable(text[: MAX_QUOTE_CHARS + 1])
    return text if len(text) <= MAX_QUOTE_CHARS else f"{text[:MAX_QUOTE_CHARS]} ..."


def _printable(text: str) -> str:
    """`text`; on a terminal without the control characters that could move its cursor."""
    if not sys.stdout.isatty():
        return text
    return "".join(c if c in "\t\n" or unicodedata.category(c) != "Cc" else "\ufffd" for c in text)


def _jsonable(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
