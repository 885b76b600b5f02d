"""Prove every item mechanically, and merge newly written ones.

    python -m evals.conflicts.check [--data DIR]
    python -m evals.conflicts.check --add FILE ...

The sentence stands in a line of its article and holds its answer; there are sentences that differ,
that say the same and that are beside the question; each holds its answer, none is there twice and
none starts with the same four words as the article's; the questions of an article differ; no
document is in `untouched` or in `evals/datasets/news_disagreements.jsonl`. --add reads rows with
`line` and `sentence` as text, and writes those without a fault to items.jsonl, where the sentences
of the article become [line, start, end]. Prints each fault; exits 1 when there is one.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.conflicts.items import DIFFERENCES, ITEMS, KINDS, with_texts
from evals.data import data_dir, json_lines
from evals.training.check import HERE, article_lines, read_splits, words_of
from evals.training.collect import find_text

MEASURED = HERE.parent / "datasets" / "news_disagreements.jsonl"
FIRST_WORDS = 4


def faults(item: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an item that has its texts."""
    texts = [item["sentence"]]
    if item["kind"] not in KINDS:
        yield f"kind {item['kind']}"
    if not item["question"].strip():
        yield "no question"
    for group in ("differs", "same", "beside"):
        if not item[group]:
            yield f"nothing {group}"
        for one in item[group]:
            texts.append(one["text"])
            if group != "beside" and (not one["answer"] or one["answer"] not in one["text"]):
                yield f"{one['answer']!r} is not in {one['text']!r}"
            if group == "differs" and one["difference"] not in DIFFERENCES:
                yield f"difference {one['difference']}"
            if words_of(one["text"])[:FIRST_WORDS] == words_of(item["sentence"])[:FIRST_WORDS]:
                yield f"starts as the article's: {one['text']!r}"
    if not item["answer"] or item["answer"] not in item["sentence"]:
        yield f"{item['answer']!r} is not in the article's sentence"
    yield from (f"twice: {text!r}" for text, count in Counter(texts).items() if count > 1)


def check(rows: Sequence[Mapping[str, Any]], articles: Mapping[str, Sequence[str]]
          ) -> Iterator[tuple[int, str]]:  # fmt: skip
    """The faults of rows as the repository has them, each with the position of its row."""
    splits = read_splits()
    measured = {doc_id for row in json_lines(MEASURED) for doc_id in row["documents"]}
    asked: set[tuple[str, str]] = set()
    for position, row in enumerate(rows):
        doc_id, key = row["doc_id"], (row["doc_id"], " ".join(words_of(row["question"])))
        if splits.get(doc_id, "untouched") == "untouched" or doc_id in measured:
            yield position, f"{doc_id} may not be used"
        if key in asked:
            yield position, "asked twice"
        asked.add(key)
        yield from ((position, fault) for fault in faults(with_texts(row, articles[doc_id])))


def tidy(row: Mapping[str, Any], lines: Sequence[str]) -> dict[str, Any] | None:
    """A newly written row as the repository has it; None when its sentence is not in its line."""
    at = find_text(row["sentence"], lines, [row["line"]])
    if at is None:
        return None
    beside = [
        {"at": place} if (place := find_text(one["text"], lines, range(1, len(lines) + 1))) else one
        for one in row["beside"]
    ]
    return {"doc_id": row["doc_id"], "question": " ".join(row["question"].split()),
            "kind": row["kind"], "at": at, "answer": row["answer"], "differs": row["differs"],
            "same": row["same"], "beside": beside}  # fmt: skip


def add(files: Sequence[Path], articles: Mapping[str, Sequence[str]]) -> None:
    """Write the rows of these files to items.jsonl, but those with a fault, which are printed."""
    rows = json_lines(ITEMS) if ITEMS.is_file() else []
    for file in files:
        for row in json_lines(file):
            tidied = tidy(row, articles[row["doc_id"]])
            if tidied is None:
                print(f"left out: {row['question']}: not in line {row['line']} of {row['doc_id']}")
            else:
                rows.append(tidied)
    wrong: set[int] = set()
    for position, fault in check(rows, articles):
        print(f"left out: {rows[position]['question']}: {fault}")
        wrong.add(position)
    kept = (row for position, row in enumerate(rows) if position not in wrong)
    ITEMS.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), "utf-8")


def main() -> None:
    """Check, or add."""
    parser = argparse.ArgumentParser(description="Check the items about conflicts.")
    parser.add_argument("--data", type=Path, help="folder of the shared data [RAG_SHARED_DIR]")
    parser.add_argument("--add", type=Path, nargs="+", default=[], metavar="FILE")
    options = parser.parse_args()
    articles = article_lines(data_dir(options.data))
    if options.add:
        add(options.add, articles)
    rows, splits = json_lines(ITEMS), read_splits()
    found = [f"{position + 1}: {fault}" for position, fault in check(rows, articles)]
    print(*found, sep="\n")
    for counted in (
        Counter(splits[row["doc_id"]] for row in rows),
        Counter(row["kind"] for row in rows),
        Counter(one["difference"] for row in rows for one in row["differs"]),
    ):
        print(dict(counted))
    print(len(rows), "items,", len(found), "faults")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
