"""The questions of the evals, and how benchmark documents become a corpus folder.

    rows of a data set -> evals.adapters -> Question list + corpus folder -> evals.suite

Our own questions are in `evals/datasets/`. Public data is no part of this repository; its place is
`--data DIR` or RAG_SHARED_DIR, a folder with `articles/`, `examples/`, `benchmarks/`, `training/`.
"""

import gzip
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

# Lines of front matter before the first line of a benchmark document written by `write_corpus`.
FRONT_MATTER_LINES = 6


@dataclass(frozen=True, order=True)
class GoldLine:
    """A line that supports an answer: path below the corpus folder, and number from 1."""

    path: str
    line: int


@dataclass(frozen=True)
class Value:
    """One of the values that sources give for the same thing, and the lines that give it."""

    alternatives: tuple[str, ...]
    lines: frozenset[GoldLine]


@dataclass(frozen=True)
class Question:
    """One question of a data set.

    Attributes:
        kind: What sort of question it is, in the data set's own terms.
        facts: For each piece of evidence, the lines that carry it, any of which will do.
        includes: Each a tuple of alternatives, one of which the answer must hold.
        excludes: Strings that the answer must not hold.
        lines_by_fact: Whether `facts` says for each of `includes` in turn where it stands.
        values: What the sources disagree about, when they do: all of them should be shown.
        history: The user's earlier questions, oldest first.
        documents: The only documents that may be used; empty means all.
        relevance: Documents by path with their grade; empty means those of `facts`, grade 1.
        known_by: Only what was published by this day may be used.
        days: Intervals of days, first and last, to one of which a right answer resolves.
        differing: Values that the sources give for what is asked, or wordings that look like it.
        differ: Whether `differing` are really different.
    """

    question_id: str
    kind: str
    text: str
    answerable: bool
    facts: tuple[tuple[GoldLine, ...], ...] = ()
    includes: tuple[tuple[str, ...], ...] = ()
    excludes: tuple[str, ...] = ()
    lines_by_fact: bool = False
    values: tuple[Value, ...] = ()
    history: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    relevance: Mapping[str, int] = field(default_factory=dict)
    known_by: date | None = None
    days: tuple[tuple[date, date], ...] = ()
    differing: tuple[Value, ...] = ()
    differ: bool = False

    @property
    def gold_lines(self) -> set[GoldLine]:
        """Every line that supports the answer or a part of it."""
        return {line for fact in self.facts for line in fact}

    @property
    def graded_documents(self) -> Mapping[str, int]:
        """The documents that a search should find, with their grades."""
        return self.relevance or {line.path: 1 for line in self.gold_lines}


class BenchmarkDocument(NamedTuple):
    """What `write_corpus` makes a file of."""

    name: str
    title: str
    publisher: str
    published: str
    body: str


def data_dir(given: Path | None) -> Path:
    """The folder of the shared data.

    Raises:
        SystemExit: When neither the argument nor RAG_SHARED_DIR names one.
    """
    name = given or os.environ.get("RAG_SHARED_DIR")
    if not name or not Path(name).is_dir():
        raise SystemExit("name the folder of the benchmark data with --data DIR or RAG_SHARED_DIR")
    return Path(name)


def write_corpus(folder: Path, documents: Iterator[BenchmarkDocument]) -> None:
    """Write the documents as text files with front matter, all or none; once."""
    if folder.is_dir():
        return
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for document in documents:
        front = (
            f"---\ntitle: {_yaml(document.title)}\npublisher: {_yaml(document.publisher or None)}\n"
            f"published: {document.published or 'null'}\nauthor: null\n---\n"
        )
        if front.count("\n") != FRONT_MATTER_LINES:
            raise ValueError(f"{document.name}: {front.count(chr(10))} lines of front matter")
        text = f"{front}{document.body}\n"
        (unfinished / document.name).write_text(text, encoding="utf-8", newline="\n")
    unfinished.rename(folder)


def multihop_line(doc_id: str, line: int) -> GoldLine:
    """Line `line` of a MultiHop-RAG document, where `write_multihop_corpus` puts it."""
    return GoldLine(f"{doc_id}.txt", line + FRONT_MATTER_LINES)


def write_multihop_corpus(data: Path, folder: Path) -> None:
    """Write the 609 articles of MultiHop-RAG as text files with front matter, once."""
    rows = gzip_json_lines(data / "benchmarks" / "multihop-rag" / "documents.jsonl.gz")
    write_corpus(folder, (
        BenchmarkDocument(
            f"{row['doc_id']}.txt", row["title"], row["source"], (row["published_at"] or "")[:10],
            "\n".join(line.replace("\r", " ").replace("\n", " ") for line in row["lines"]),
        )
        for row in rows
    ))  # fmt: skip


def _yaml(value: str | None) -> str:
    """`value` in one line: JSON is YAML, but for escapes of an emoji in two halves."""
    return json.dumps(value, ensure_ascii=False)


def json_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file; blank lines are passed over."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def gzip_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
