"""Proves what can be proved of the eval questions without reading them: `datasets/questions.jsonl`.

    python -m evals.datasets_check

Every fact has to be in the lines that are said to state it, every line has to be there, and the
halves and the counts have to be right. Whether a line was forgotten, or whether a question has an
answer after all, only a reader can tell.
"""

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from evals.data import json_lines
from evals.field_kinds import is_gold, is_line, is_list_of, is_number, is_text
from evals.metrics import holds_facts, holds_none

CORPUS = Path(__file__).parent.parent / "corpus"
QUESTIONS = Path(__file__).parent / "datasets" / "questions.jsonl"
TYPES = (
    "lookup", "number", "who_said", "date_time", "multi_source", "disagreement", "comparison",
    "list", "follow_up", "false_premise", "summary", "unanswerable",
)  # fmt: skip
MIN_QUESTIONS = 180
MIN_UNANSWERABLE = 40
# Least and greatest share of the rows that either half may hold.
HALF_SHARES = (0.4, 0.6)
_NEAR = re.compile(r"([\w.-]+\.md):(\d+)")

# A line of the corpus: name of the file, and number from 1.
Line = tuple[str, int]
# The lines of each file that an answer may cite, by number: neither blank nor front matter.
Corpus = Mapping[str, Mapping[int, str]]


# Every field in its order, and what its value has to be.
_FIELDS: dict[str, Callable[[Any], bool]] = {
    "id": is_text,
    "type": is_text,
    "split": lambda value: value in ("dev", "test"),
    "question": is_text,
    "history": is_list_of(is_text, least=1),
    "answerable": lambda value: isinstance(value, bool),
    "answer_must_include": is_list_of(is_list_of(is_text, least=1)),
    "answer_must_not_include": is_list_of(is_text),
    "gold": is_list_of(is_gold),
    "min_sources": is_number,
    "fact_gold": is_list_of(is_list_of(is_line, least=1)),
    "note": lambda value: isinstance(value, str),
    "stated_otherwise": is_list_of(is_text, least=1),
}


def split_of(question_id: str) -> str:
    """The half that a question belongs to, by a hash of its id: "dev" or "test"."""
    return "test" if int(hashlib.sha256(question_id.encode()).hexdigest(), 16) % 2 else "dev"


def faults(corpus_dir: Path, rows: Sequence[dict[str, Any]]) -> list[str]:
    """What is wrong with `rows` as questions over the Markdown files of `corpus_dir`.

    Returns:
        One sentence a fault, in the order of the rows, then those of the rows together. A row
        whose fields are not of the right kind is not looked into any further.
    """
    corpus = {path.name: _citable_lines(path) for path in sorted(corpus_dir.glob("*.md"))}
    found: list[str] = []
    for number, row in enumerate(rows, 1):
        label = str(row.get("id") or f"row {number}")
        in_row = list(_field_faults(row)) or [
            *_kind_faults(row),
            *(_fact_faults(corpus, row) if row["answerable"] else _refusal_faults(corpus, row)),
        ]
        found.extend(f"{label}: {fault}" for fault in in_row)
    found.extend(f"all: {fault}" for fault in _common_faults(rows))
    return found


def _citable_lines(path: Path) -> dict[int, str]:
    lines = path.read_text(encoding="utf-8").split("\n")
    start = lines.index("---", 1) + 1 if lines[0] == "---" else 0
    return {
        number: line for number, line in enumerate(lines, 1) if number > start and line.strip()
    }  # fmt: skip


def _field_faults(row: Mapping[str, Any]) -> Iterator[str]:
    optional = {"stated_otherwise"} - set(row)
    if row.get("type") != "follow_up":
        optional.add("history")
    wanted = [name for name in _FIELDS if name not in optional]
    if list(row) != wanted:
        yield f"fields are {list(row)}, not {wanted}"
    for name, value in row.items():
        if name in _FIELDS and not _FIELDS[name](value):
            yield f"{name} is not of the right kind: {value!r}"


def _kind_faults(row: Mapping[str, Any]) -> Iterator[str]:
    if row["type"] not in TYPES:
        yield f"unknown type {row['type']}"
    if row["answerable"] == (row["type"] == "unanswerable"):
        yield f"type {row['type']}, but answerable is {row['answerable']}"
    if row["split"] != split_of(row["id"]):
        yield f"split is {row['split']}, but the hash of the id says {split_of(row['id'])}"


def _fact_faults(corpus: Corpus, row: Mapping[str, Any]) -> Iterator[str]:
    facts: list[list[str]] = row["answer_must_include"]
    fact_lines: list[list[Line]] = [[(file, line) for file, line in of] for of in row["fact_gold"]]
    gold = [(item["file"], line) for item in row["gold"] for line in item["lines"]]
    union = {line for lines in fact_lines for line in lines}
    if not facts or len(facts) != len(fact_lines):
        yield f"{len(facts)} facts, but fact_gold for {len(fact_lines)}"
        return
    if len(set(gold)) != len(gold) or set(gold) != union:
        yield f"gold is not the union of fact_gold: {_shown(set(gold) ^ union)}"
    missing = {line for line in union | set(gold) if not _text(corpus, line)}
    if missing:
        yield f"no line to cite at {_shown(missing)}"
        return
    yield from _wording_faults(corpus, row, fact_lines)
    for forbidden in row["answer_must_not_include"]:
        holding = {line for line in union if not holds_none(_text(corpus, line), [forbidden])}
        if holding:
            yield f"forbidden {forbidden!r} is in gold {_shown(holding)}"
    yield from _source_faults(row["min_sources"], fact_lines)


def _wording_faults(
    corpus: Corpus, row: Mapping[str, Any], fact_lines: Sequence[Sequence[Line]]
) -> Iterator[str]:
    """Each line holds its fact, but for those in `stated_otherwise`, which must need to be."""
    otherwise = set(row.get("stated_otherwise", ()))
    without = set()
    for fact, lines in zip(row["answer_must_include"], fact_lines, strict=True):
        lacking = {line for line in lines if not holds_facts(_text(corpus, line), [fact])}
        without |= {_name(line) for line in lacking}
        unexcused = {line for line in lacking if _name(line) not in otherwise}
        if unexcused:
            yield f"no alternative of {fact} is in {_shown(unexcused)}"
    if otherwise - without:
        yield f"stated_otherwise needlessly names {', '.join(sorted(otherwise - without))}"


def _source_faults(min_sources: int, fact_lines: Sequence[Sequence[Line]]) -> Iterator[str]:
    files_of = [{file for file, _ in lines} for lines in fact_lines]
    files = sorted(set().union(*files_of))
    if min_sources < 1:
        yield f"answerable, but min_sources is {min_sources}"
    elif min_sources > len(files):
        yield f"min_sources is {min_sources}, but gold is in {len(files)} files"
    elif not any(
        all(of & set(chosen) for of in files_of) for chosen in combinations(files, min_sources)
    ):
        yield f"no {min_sources} files state every fact"


def _refusal_faults(corpus: Corpus, row: Mapping[str, Any]) -> Iterator[str]:
    for name in ("answer_must_include", "gold", "fact_gold", "min_sources"):
        if row[name]:
            yield f"unanswerable, but has {name}"
    near = {(file, int(number)) for file, number in _NEAR.findall(row["note"])}
    if not near:
        yield "the note names no near line"
    missing = {line for line in near if not _text(corpus, line)}
    if missing:
        yield f"no near line at {_shown(missing)}"


def _common_faults(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for name in ("id", "question"):
        counts = Counter(" ".join(str(row.get(name)).lower().split()) for row in rows)
        for value, count in counts.items():
            if count > 1:
                yield f"{name} {value!r} is there {count} times"
    types = Counter(row.get("type") for row in rows)
    if len(rows) < MIN_QUESTIONS:
        yield f"{len(rows)} questions, fewer than {MIN_QUESTIONS}"
    if types["unanswerable"] < MIN_UNANSWERABLE:
        yield f"{types['unanswerable']} unanswerable, fewer than {MIN_UNANSWERABLE}"
    for kind in TYPES:
        if not types[kind]:
            yield f"no question of type {kind}"
    least, most = HALF_SHARES
    for half in ("dev", "test"):
        share = sum(row.get("split") == half for row in rows) / max(len(rows), 1)
        if not least <= share <= most:
            yield f"{half} holds {share:.0%} of the questions, not {least:.0%} to {most:.0%}"


def _text(corpus: Corpus, line: Line) -> str:
    """The text of a line; empty when there is no such line to cite."""
    file, number = line
    return corpus.get(file, {}).get(number, "")


def _name(line: Line) -> str:
    return f"{line[0]}:{line[1]}"


def _shown(lines: set[Line]) -> str:
    return ", ".join(_name(line) for line in sorted(lines))


def main() -> None:
    """Print the faults, one a line, and exit 1; or else the counts, in one line."""
    rows = json_lines(QUESTIONS)
    found = faults(CORPUS, rows)
    if found:
        print("\n".join(found))
        sys.exit(1)
    types = Counter(row["type"] for row in rows)
    halves = Counter(row["split"] for row in rows)
    by_type = ", ".join(f"{kind} {types[kind]}" for kind in TYPES)
    print(f"{len(rows)} questions: {by_type}; dev {halves['dev']}, test {halves['test']}")


if __name__ == "__main__":
    main()
