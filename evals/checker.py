"""Measures the statement checker: what it catches, and what it wrongly withholds, per kind.

    python -m evals.checker [--data DIR] [--per-kind 120] [--json FILE] [--show KIND]

The statements are made from lines of the MultiHop-RAG documents and of `corpus/`, by the rules in
`evals.corruptions`; half of the documents are held out. Statements written by hand are scored too
when `evals/datasets/handwritten_statements.jsonl` exists.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.corruptions import KINDS, Case, make_cases
from evals.data import data_dir, gzip_json_lines, json_lines
from rag import CitedLines, Config, Document, check_claim, find_support, open_engine

CORPUS = Path(__file__).parent.parent / "corpus"
HANDWRITTEN = Path(__file__).parent / "datasets" / "handwritten_statements.jsonl"


@dataclass(frozen=True)
class Score:
    """How many statements of a kind were judged right.

    Attributes:
        supported: Whether the kind is of true statements; then a wrong judgement withholds one.
    """

    kind: str
    supported: bool
    count: int
    right: int

    @property
    def share_wrong(self) -> float:
        """Share that was judged wrong: true ones withheld, or false ones let through."""
        return 1 - self.right / self.count if self.count else 0.0


def multihop_documents(data: Path) -> list[Document]:
    """The articles of MultiHop-RAG, one line a paragraph."""
    return [
        _document(f"multihop/{row['doc_id']}", row)
        for row in gzip_json_lines(data / "benchmarks" / "multihop-rag" / "documents.jsonl.gz")
    ]


def _document(name: str, row: dict[str, Any]) -> Document:
    lines = row["lines"]
    text = "\n".join(str(line).replace("\r", " ").replace("\n", " ") for line in lines)
    day = str(row["published_at"] or "")[:10]
    return Document(
        name, text, hashlib.sha256(text.encode()).hexdigest(),
        title=str(row["title"]), publisher=str(row["source"]),
        published=date.fromisoformat(day) if day else None,
    )  # fmt: skip


def corpus_documents(folder: Path = CORPUS) -> dict[str, Document]:
    """Our own articles, by their path."""
    with TemporaryDirectory() as temporary:
        config = Config(corpus_dir=folder, index_dir=Path(temporary))
        with open_engine(config) as engine:
            found = ((path.name, engine.document(path.name)) for path in sorted(folder.iterdir()))
            return {name: document for name, document in found if document is not None}


def is_right(case: Case) -> bool:
    """Whether the checker judges a statement as it is."""
    cited = [CitedLines(case.document, case.line, case.line)]
    return check_claim(case.text, cited).supported == case.supported


def scores_of(cases: Sequence[Case], *, held_out: bool) -> list[Score]:
    """One score a kind, for one half of the documents."""
    scores = []
    for kind in KINDS:
        of_kind = [case for case in cases if case.kind == kind and case.held_out == held_out]
        if of_kind:
            right = sum(is_right(case) for case in of_kind)
            scores.append(Score(kind, of_kind[0].supported, len(of_kind), right))
    return scores


def handwritten_scores(documents: dict[str, Document]) -> list[Score]:
    """One score a kind, of the statements written by hand; none when there are none."""
    judged: dict[tuple[str, bool], list[bool]] = {}
    for row in json_lines(HANDWRITTEN) if HANDWRITTEN.is_file() else []:
        lines = sorted(row["lines"])
        document = documents[row["file"]]
        cited = [CitedLines(document, line, line) for line in lines]
        right = check_claim(row["statement"], cited).supported == row["supported"]
        judged.setdefault((row["kind"], row["supported"]), []).append(right)
    return [
        Score(kind, supported, len(right), sum(right))
        for (kind, supported), right in sorted(judged.items(), key=lambda item: item[0][::-1])
    ]


def repair_score(cases: Sequence[Case], *, held_out: bool) -> tuple[int, int]:
    """How many true statements `find_support` gives lines that hold them, of how many."""
    held = [case for case in cases if case.kind == "verbatim" and case.held_out == held_out]
    found = 0
    for case in held:
        shown = CitedLines(case.document, 1, case.document.line_count)
        support = find_support(case.text, [shown])
        found += bool(support) and check_claim(case.text, support).supported
    return found, len(held)


def print_scores(title: str, scores: Sequence[Score]) -> None:
    """The table of one half: true statements withheld, then false ones caught."""
    print(f"\n{title}")
    for supported, heading in ((True, "true, wrongly withheld"), (False, "false, caught")):
        group = [score for score in scores if score.supported == supported]
        total = Score(
            "all", supported, sum(s.count for s in group), sum(s.right for s in group)
        )  # fmt: skip
        for score in (*group, total):
            shown = score.count - score.right if supported else score.right
            share = shown / score.count if score.count else 0.0
            label = f"{heading}: {score.kind}"
            print(f"  {label:<48}{share:7.1%}  ({shown} of {score.count})")


def main() -> None:
    """Print the tables; with --json save them, with --show print what was judged wrong (dev)."""
    parser = argparse.ArgumentParser(description="statement checker")
    parser.add_argument("--data", type=Path, help="folder of the benchmark data [RAG_SHARED_DIR]")
    parser.add_argument("--per-kind", type=int, default=120, help="statements a kind and half")
    parser.add_argument("--json", type=Path, help="save the scores to this file")
    parser.add_argument("--dev", action="store_true", help="score the dev half only")
    parser.add_argument("--show", help="print the dev statements of KIND judged wrong, or 'all'")
    options = parser.parse_args()
    own = corpus_documents()
    cases = make_cases(
        [*multihop_documents(data_dir(options.data)), *own.values()], per_kind=options.per_kind
    )
    if options.show:
        show_wrong(cases, options.show)
        return
    started = time.perf_counter()
    tables = {"dev": scores_of(cases, held_out=False)}
    if not options.dev:
        tables["held out"] = scores_of(cases, held_out=True)
        tables["handwritten"] = handwritten_scores(own)
    elapsed = time.perf_counter() - started
    for title, scores in tables.items():
        if scores:
            print_scores(f"{title}: {sum(score.count for score in scores)} statements", scores)
    found, count = repair_score(cases, held_out=not options.dev)
    print(f"\nright lines found again for {found} of {count} true statements")
    print(f"{len(cases)} statements, {1000 * elapsed / len(cases):.1f} ms each")
    if options.json:
        plain = {title: [vars(score) for score in scores] for title, scores in tables.items()}
        options.json.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def show_wrong(cases: Sequence[Case], kind: str) -> None:
    """Print the dev statements of a kind that are judged wrong; never held-out ones."""
    for case in cases:
        if case.held_out or kind not in (case.kind, "all") or is_right(case):
            continue
        check = check_claim(case.text, [CitedLines(case.document, case.line, case.line)])
        print(f"\n[{case.kind}] {case.document.document_id}:{case.line} {check.reason}")
        print(f"  statement: {case.text}\n  line: {case.document.lines(case.line, case.line)}")


if __name__ == "__main__":
    main()
