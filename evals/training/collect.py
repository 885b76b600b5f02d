"""Merge written questions into evals/training/questions.jsonl, or twins into twins.jsonl.

    python -m evals.training.collect [--data DIR] [--out FILE] QUESTIONS.jsonl FOLDER ...

Each argument is a JSON Lines file, or a folder of them. A row's `span`, the piece of a line that
answers, becomes [line, start, end] (offsets in characters), so that no text of an article is kept.
A row that `check` would not pass is left out, and is named with the reason.
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.data import data_dir, json_lines
from evals.training.check import (
    QUESTIONS,
    TWIN_OF,
    article_lines,
    counts,
    faults,
    read_splits,
    runs,
)
from evals.training.check import words_of as _words


def files(given: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those of the folders named."""
    for path in given:
        yield from sorted(path.glob("*.jsonl")) if path.is_dir() else [path]


def find_text(text: str, lines: Sequence[str], numbers: Iterable[int]) -> list[int] | None:
    """Where `text` stands in the first of these lines that holds it: [line, start, end]."""
    for number in numbers:
        start = lines[number - 1].find(text) if 1 <= number <= len(lines) else -1
        if start >= 0:
            return [number, start, start + len(text)]
    return None


def tidy(row: Mapping[str, Any], lines: Sequence[str]) -> dict[str, Any]:
    """A row with the fields of the repository, and its span as offsets."""
    span, text = None, row.get("span") or ""
    if isinstance(text, list):
        span = text
    elif text:
        span = find_text(text, lines, row["lines"])
    return {
        "doc_id": row["doc_id"], "question": " ".join(row["question"].split()),
        "answerable": row["answerable"], "lines": sorted(set(row["lines"])),
        "answer": row["answer"] if row["answerable"] else "",
        "near": [] if row["answerable"] else sorted(set(row.get("near", ()))), "span": span,
        **({TWIN_OF: row[TWIN_OF]} if TWIN_OF in row else {}),
    }  # fmt: skip


def main() -> None:
    """Merge, check and write."""
    parser = argparse.ArgumentParser(description="Merge written questions.")
    parser.add_argument("--data", type=Path, help="folder of the shared data [RAG_SHARED_DIR]")
    parser.add_argument("--out", type=Path, default=QUESTIONS)
    parser.add_argument("given", type=Path, nargs="+")
    options = parser.parse_args()
    articles, splits = article_lines(data_dir(options.data)), read_splits()
    article_runs: dict[str, set[tuple[str, ...]]] = {}
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    left_out = 0
    for path in files(options.given):
        for number, given in enumerate(json_lines(path), 1):
            doc_id = given["doc_id"]
            row = tidy(given, articles[doc_id])
            if doc_id not in article_runs:
                article_runs[doc_id] = runs(articles[doc_id])
            wrong = list(faults(row, articles[doc_id], article_runs[doc_id]))
            if splits.get(doc_id, "untouched") == "untouched":
                wrong.append(f"{doc_id} is untouched, or in no split")
            key = (doc_id, " ".join(_words(row["question"])))
            if key in kept:
                wrong.append("asked twice")
            if wrong:
                left_out += 1
                print(f"left out {path.name}:{number}: {'; '.join(wrong)}")
                continue
            kept[key] = row
    rows = sorted(kept.values(), key=lambda row: row["doc_id"])
    options.out.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    print(*counts(rows, splits), f"{len(rows)} questions, {left_out} left out", sep="\n")


if __name__ == "__main__":
    main()
