"""Prove every training question mechanically.

    python -m evals.training.check [--data DIR]     (DIR is the shared data, or RAG_SHARED_DIR)

Documents and lines exist and are not empty, no question shares five words in a row with its
article, unanswerable ones name the lines that tempt, spans lie inside a line that answers, nothing
is asked twice of a document, every document is in exactly one split and none in `untouched`. A twin
(`twins.jsonl`: a question in nearly the words of another one) differs from that one in whether the
article answers it. Prints each fault and the counts; exits 1 when there is a fault.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.data import data_dir, gzip_json_lines, json_lines

HERE = Path(__file__).parent
QUESTIONS, SPLITS = HERE / "questions.jsonl", HERE / "splits.json"
TWINS = HERE / "twins.jsonl"
CONVERSATIONS = HERE / "conversations.jsonl"
RUN = 5
FIELDS = {"doc_id", "question", "answerable", "lines", "answer", "near", "span"}
TWIN_OF = "twin_of"

_WORD = re.compile(r"[a-z0-9']+")

Lines = Sequence[str]


def words_of(text: str) -> list[str]:
    """The words of a text, for comparing questions with articles."""
    return _WORD.findall(text.lower())


def runs(lines: Lines) -> set[tuple[str, ...]]:
    """All runs of RUN words of an article."""
    found = words_of(" ".join(lines))
    return {tuple(found[k : k + RUN]) for k in range(len(found) - RUN + 1)}


def article_lines(data: Path) -> dict[str, list[str]]:
    """The lines of each article, by document id."""
    path = data / "benchmarks" / "multihop-rag" / "documents.jsonl.gz"
    return {row["doc_id"]: row["lines"] for row in gzip_json_lines(path)}


def read_splits(path: Path = SPLITS) -> dict[str, str]:
    """The split of each document.

    Raises:
        ValueError: When a document is in two of them.
    """
    found: dict[str, str] = {}
    for split, documents in json.loads(path.read_text(encoding="utf-8")).items():
        for doc_id in documents:
            if doc_id in found:
                raise ValueError(f"{doc_id} is in {found[doc_id]} and in {split}")
            found[doc_id] = split
    return found


def faults(row: Mapping[str, Any], lines: Lines, known_runs: set[tuple[str, ...]]) -> Iterator[str]:
    """What is wrong with one question, given its article."""
    if set(row) - {TWIN_OF} != FIELDS:
        yield f"fields {sorted(set(row) - {TWIN_OF} ^ FIELDS)}"
        return
    asked = words_of(row["question"])
    if not asked:
        yield "no question"
    if any(tuple(asked[k : k + RUN]) in known_runs for k in range(len(asked) - RUN + 1)):
        yield "five words in a row from the article"
    for line in [*row["lines"], *row["near"]]:
        if not 1 <= line <= len(lines) or not lines[line - 1].strip():
            yield f"line {line} does not exist or is empty"
    needed = ("lines", "answer") if row["answerable"] else ("near",)
    yield from (f"no {name}" for name in needed if not row[name])
    left_empty = ("near",) if row["answerable"] else ("lines", "answer", "span")
    yield from (f"{name} should be empty" for name in left_empty if row[name])
    if row["span"]:
        line, start, end = row["span"]
        if line not in row["lines"] or not 0 <= start < end <= len(lines[line - 1]):
            yield f"span {row['span']} is not inside a line that answers"


def check(rows: Sequence[Mapping[str, Any]], articles: Mapping[str, Lines],
          splits: Mapping[str, str]) -> list[str]:  # fmt: skip
    """Every fault, with the number of its row."""
    found = []
    asked: set[tuple[str, str]] = set()
    run_cache: dict[str, set[tuple[str, ...]]] = {}
    for number, row in enumerate(rows, 1):
        doc_id = row["doc_id"]
        if splits.get(doc_id, "untouched") == "untouched":
            found.append(f"{number}: {doc_id} is in no split, or untouched")
        if doc_id not in articles:
            found.append(f"{number}: there is no {doc_id}")
            continue
        if doc_id not in run_cache:
            run_cache[doc_id] = runs(articles[doc_id])
        found += [f"{number}: {fault}" for fault in faults(row, articles[doc_id],
                                                           run_cache[doc_id])]  # fmt: skip
        key = (doc_id, " ".join(words_of(row["question"])))
        if key in asked:
            found.append(f"{number}: asked twice")
        asked.add(key)
    return found


def twin_faults(twins: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]]
                ) -> Iterator[str]:  # fmt: skip
    """Twins of no question, and twins that are answerable like their questions."""
    answerable = {(row["doc_id"], row["question"]): row["answerable"] for row in questions}
    for number, row in enumerate(twins, 1):
        known = answerable.get((row["doc_id"], row.get(TWIN_OF)))
        if known is None:
            yield f"twin {number}: twin of no question of {row['doc_id']}"
        elif known == row["answerable"]:
            yield f"twin {number}: both are {'' if known else 'not '}answerable"


def counts(rows: Sequence[Mapping[str, Any]], splits: Mapping[str, str]) -> list[str]:
    """Documents, questions and what is known of them, by split."""
    by_split: dict[str, Counter[str]] = defaultdict(Counter)
    documents: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        split = splits.get(row["doc_id"], "none")
        documents[split].add(row["doc_id"])
        by_split[split].update(
            {"questions": 1, "answerable": int(row["answerable"]), "spans": int(bool(row["span"]))}
        )
    return [
        f"{split}: {len(documents[split])} documents, {count['questions']} questions, "
        f"{count['answerable']} answerable, {count['spans']} with a span"
        for split, count in sorted(by_split.items())
    ]


def main() -> None:
    """Check the questions of the repository."""
    parser = argparse.ArgumentParser(description="Check the training questions.")
    parser.add_argument("--data", type=Path, help="folder of the shared data [RAG_SHARED_DIR]")
    options = parser.parse_args()
    questions, twins, splits = json_lines(QUESTIONS), json_lines(TWINS), read_splits()
    rows = [*questions, *twins]
    found = check(rows, article_lines(data_dir(options.data)), splits)
    found += twin_faults(twins, questions)
    print(*found, *counts(rows, splits), sep="\n")
    print(f"{len(questions)} questions, {len(twins)} twins, {len(found)} faults")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
