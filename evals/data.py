"""The data that the evals read: where it is, and how a benchmark becomes a corpus folder.

Nothing of it is part of this repository. Its place is `--data DIR` or RAG_SHARED_DIR, a folder
with `articles/`, `examples/`, `benchmarks/` and `training/`.
"""

import csv
import gzip
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Lines of front matter before the first line of a benchmark document written by `write_corpus`.
FRONT_MATTER_LINES = 6


@dataclass(frozen=True)
class GoldLine:
    """A line that supports an answer: path below the corpus folder, and number from 1."""

    path: str
    line: int


@dataclass(frozen=True)
class Question:
    """One question of a benchmark.

    Attributes:
        facts: For each piece of evidence, the lines that carry it, any of which will do.
        includes: Each a tuple of alternatives, one of which the answer must hold.
        excludes: Strings that the answer must not hold.
        history: The user's earlier questions, oldest first.
    """

    question_id: str
    kind: str
    text: str
    answerable: bool
    facts: tuple[tuple[GoldLine, ...], ...] = ()
    includes: tuple[tuple[str, ...], ...] = ()
    excludes: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def gold_lines(self) -> set[GoldLine]:
        """Every line that supports the answer or a part of it."""
        return {line for fact in self.facts for line in fact}


def data_dir(given: Path | None) -> Path:
    """The folder of the shared data.

    Raises:
        SystemExit: When neither the argument nor RAG_SHARED_DIR names one.
    """
    name = given or os.environ.get("RAG_SHARED_DIR")
    if not name or not Path(name).is_dir():
        raise SystemExit("name the folder of the benchmark data with --data DIR or RAG_SHARED_DIR")
    return Path(name)


def example_questions(data: Path) -> list[Question]:
    """The 23 example questions over `articles/`."""
    questions = []
    for row in json_lines(data / "examples" / "questions.jsonl"):
        gold = tuple(GoldLine(item["file"], line) for item in row["gold"] for line in item["lines"])
        questions.append(
            Question(
                row["id"], row["type"], row["question"], row["answerable"],
                facts=(gold,) if gold else (),
                includes=tuple(tuple(item) for item in row["answer_must_include"]),
                excludes=tuple(row.get("answer_must_not_include", ())),
                history=tuple(row.get("history", ())),
            )
        )  # fmt: skip
    return questions


def multihop_questions(data: Path) -> list[Question]:
    """The dev questions of MultiHop-RAG over the corpus that `write_multihop_corpus` writes."""
    return [
        Question(
            row["qid"], row["type"], row["query"], row["answerable"],
            facts=tuple(
                tuple(_multihop_line(item["doc_id"], line) for line in item["lines"])
                for item in row["evidence"]
            ),
        )
        for row in json_lines(data / "benchmarks" / "multihop-rag" / "queries_dev.jsonl")
    ]  # fmt: skip


def written_questions(data: Path) -> list[Question]:
    """The questions written by hand over MultiHop-RAG documents."""
    return [
        Question(
            f"w{number:05d}", "written", row["question"], row["answerable"],
            facts=(tuple(_multihop_line(row["doc_id"], line) for line in row["lines"]),)
            if row["lines"] else (),
        )
        for number, row in enumerate(json_lines(data / "training" / "questions.jsonl"))
    ]  # fmt: skip


def write_multihop_corpus(data: Path, folder: Path) -> None:
    """Write the 609 articles of MultiHop-RAG as text files with front matter, once."""
    rows = gzip_json_lines(data / "benchmarks" / "multihop-rag" / "documents.jsonl.gz")
    documents = (
        (f"{row['doc_id']}.txt", row["title"], row["source"], (row["published_at"] or "")[:10],
         "\n".join(line.replace("\r", " ").replace("\n", " ") for line in row["lines"]))
        for row in rows
    )  # fmt: skip
    _write_corpus(folder, documents)


def write_scifact_corpus(data: Path, folder: Path) -> None:
    """Write the 5,183 abstracts of SciFact as text files, once."""
    rows = gzip_json_lines(data / "benchmarks" / "scifact" / "corpus.jsonl.gz")
    documents = ((f"{row['_id']}.txt", row["title"], "", "", row["text"]) for row in rows)
    _write_corpus(folder, documents)


def scifact_queries(data: Path) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """The test claims by id, and their relevance by id and path."""
    folder = data / "benchmarks" / "scifact"
    texts = {row["_id"]: row["text"] for row in json_lines(folder / "queries.jsonl")}
    qrels: dict[str, dict[str, int]] = {}
    with (folder / "qrels_test.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            relevant = qrels.setdefault(row["query-id"], {})
            relevant[f"{row['corpus-id']}.txt"] = int(row["score"])
    return {query_id: texts[query_id] for query_id in qrels}, qrels


def _multihop_line(doc_id: str, line: int) -> GoldLine:
    return GoldLine(f"{doc_id}.txt", line + FRONT_MATTER_LINES)


def _write_corpus(folder: Path, documents: Iterator[tuple[str, str, str, str, str]]) -> None:
    """Write (name, title, publisher, published, body) files, all or none."""
    if folder.is_dir():
        return
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, title, publisher, published, body in documents:
        front = (
            f"---\ntitle: {_yaml(title)}\npublisher: {_yaml(publisher or None)}\n"
            f"published: {published or 'null'}\nauthor: null\n---\n"
        )
        if front.count("\n") != FRONT_MATTER_LINES:
            raise ValueError(f"{name}: {front.count(chr(10))} lines of front matter")
        (unfinished / name).write_text(front + body + "\n", encoding="utf-8", newline="\n")
    unfinished.rename(folder)


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
