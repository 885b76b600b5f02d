"""Proves what can be proved of the comparison data sets without reading them.

    python -m evals.comparison_data_check

The sets are `datasets/disagreements.jsonl`, `conversations.jsonl` and `time_questions.jsonl`.
Every value has to be in the lines that are said to state it, every line has to be there, and the
halves, dates and counts have to be right. Whether two values really disagree, or a question can be
understood at all, only a reader can tell.
"""

import datetime
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from evals.comparison_fields import (
    CONVERSATION_FIELDS,
    DIFFERENCES,
    DISAGREEMENT_FIELDS,
    KINDS,
    TIME_FIELDS,
    TURN_FIELDS,
    VALUE_FIELDS,
    Fields,
    Row,
    field_faults,
)
from evals.data import json_lines
from evals.datasets_check import CORPUS, HALF_SHARES, Line, split_of
from evals.metrics import holds, holds_none

DATASETS = Path(__file__).parent / "datasets"
MIN_DISAGREEMENTS = 30
MIN_FALSE_ALARMS = 30
MIN_CONVERSATIONS = 32
MIN_TIME_QUESTIONS = 28
_NEAR = re.compile(r"([\w.-]+\.md):(\d+)")


class Document(NamedTuple):
    """What of a digest an answer may cite, and when it was published.

    Attributes:
        lines: By number from 1; neither blank lines nor front matter.
        published: None when the front matter gives no day.
    """

    lines: Mapping[int, str]
    published: datetime.date | None


Documents = Mapping[str, Document]


class DataSet(NamedTuple):
    """How the rows of one file are checked and counted."""

    fields: Fields
    optional: frozenset[str]
    in_row: Callable[[Documents, Row], Iterator[str]]
    in_all: Callable[[Sequence[Row]], Iterator[str]]
    summary: Callable[[Sequence[Row]], str]


def faults(name: str, corpus_dir: Path, rows: Sequence[dict[str, Any]]) -> list[str]:
    """What is wrong with `rows` as the data set `name` over the Markdown files of `corpus_dir`.

    Args:
        name: One of `DATA_SETS`.
        corpus_dir: The folder of the digests.
        rows: The rows of the file, in their order.

    Returns:
        One sentence a fault, in the order of the rows, then those of the rows together. A row
        whose fields are not of the right kind is not looked into any further.
    """
    data_set = DATA_SETS[name]
    documents = {path.name: _document(path) for path in sorted(corpus_dir.glob("*.md"))}
    found: list[str] = []
    sound: list[Row] = []
    for number, row in enumerate(rows, 1):
        label = str(row.get("id") or f"row {number}")
        in_row = list(field_faults(row, data_set.fields, data_set.optional))
        if not in_row:
            sound.append(row)
            in_row = [*_split_faults(row), *data_set.in_row(documents, row)]
        found.extend(f"{label}: {fault}" for fault in in_row)
    found.extend(f"all: {fault}" for fault in _common_faults(rows))
    found.extend(f"all: {fault}" for fault in data_set.in_all(sound))
    return found


def _document(path: Path) -> Document:
    lines = path.read_text(encoding="utf-8").split("\n")
    end = lines.index("---", 1)
    front = yaml.safe_load("\n".join(lines[1:end]))
    citable = {n: line for n, line in enumerate(lines, 1) if n > end + 1 and line.strip()}
    return Document(citable, front.get("published"))


# Faults of any row


def _split_faults(row: Row) -> Iterator[str]:
    if row["split"] != split_of(row["id"]):
        yield f"split is {row['split']}, but the hash of the id says {split_of(row['id'])}"


def _common_faults(rows: Sequence[Row]) -> Iterator[str]:
    yield from _repeated("id", (row.get("id") for row in rows))
    least, most = HALF_SHARES
    for half in ("dev", "test"):
        share = sum(row.get("split") == half for row in rows) / max(len(rows), 1)
        if not least <= share <= most:
            yield f"{half} holds {share:.0%} of the rows, not {least:.0%} to {most:.0%}"


def _repeated(name: str, values: Iterable[Any]) -> Iterator[str]:
    counts = Counter(" ".join(str(value).lower().split()) for value in values)
    for value, count in counts.items():
        if count > 1:
            yield f"{name} {value!r} is there {count} times"


def _too_few(what: str, count: int, least: int) -> Iterator[str]:
    if count < least:
        yield f"{count} {what}, fewer than {least}"


def _stated_faults(
    documents: Documents, alternatives: Sequence[str], lines: Sequence[Line]
) -> Iterator[str]:
    """Each of the lines is there and holds one of the alternatives."""
    if len(set(lines)) != len(lines):
        yield f"a line twice in {_shown(lines)}"
    missing = [line for line in lines if not _text(documents, line)]
    if missing:
        yield f"no line to cite at {_shown(missing)}"
    lacking = [
        line
        for line in lines
        if line not in missing and not any(holds(_text(documents, line), a) for a in alternatives)
    ]
    if lacking:
        yield f"no alternative of {list(alternatives)} is in {_shown(lacking)}"


def _answer_faults(documents: Documents, part: Row) -> Iterator[str]:
    """Of an answerable question: what the answer has to say is in its gold."""
    facts: list[list[str]] = part["answer_must_include"]
    fact_lines = [_lines(of) for of in part["fact_gold"]]
    if not facts or len(facts) != len(fact_lines):
        yield f"{len(facts)} facts, but fact_gold for {len(fact_lines)}"
        return
    gold = [(item["file"], line) for item in part["gold"] for line in item["lines"]]
    union = {line for lines in fact_lines for line in lines}
    if len(set(gold)) != len(gold) or set(gold) != union:
        yield f"gold is not the union of fact_gold: {_shown(set(gold) ^ union)}"
    for fact, lines in zip(facts, fact_lines, strict=True):
        yield from _stated_faults(documents, fact, lines)
    for forbidden in part["answer_must_not_include"]:
        holding = [line for line in union if not holds_none(_text(documents, line), [forbidden])]
        if holding:
            yield f"forbidden {forbidden!r} is in gold {_shown(holding)}"


def _nothing_to_cite_faults(part: Row, what: str) -> Iterator[str]:
    for name in ("answer_must_include", "gold", "fact_gold"):
        if part[name]:
            yield f"{what}, but has {name}"


def _near_faults(documents: Documents, note: str) -> Iterator[str]:
    """The note of something unanswerable names the tempting lines."""
    near = [(file, int(number)) for file, number in _NEAR.findall(note)]
    if not near:
        yield "the note names no near line"
    missing = [line for line in near if not _text(documents, line)]
    if missing:
        yield f"no near line at {_shown(missing)}"


# Disagreements and false alarms


def _disagreement_faults(documents: Documents, row: Row) -> Iterator[str]:
    if row["disagree"] == (row["difference"] == "none"):
        yield f"disagree is {row['disagree']}, but difference is {row['difference']}"
    wrong = [fault for value in row["values"] for fault in field_faults(value, VALUE_FIELDS)]
    if wrong:
        yield from wrong
        return
    for value in row["values"]:
        yield from _stated_faults(documents, value["alternatives"], _lines(value["lines"]))
    for one, other in combinations(row["values"], 2):
        shared = {a.lower() for a in one["alternatives"]} & {
            a.lower() for a in other["alternatives"]
        }
        if shared:
            yield f"{one['value']!r} and {other['value']!r} share alternatives: {sorted(shared)}"
        if row["disagree"] and set(_lines(one["lines"])) == set(_lines(other["lines"])):
            yield f"{one['value']!r} and {other['value']!r} disagree in the same lines"


def _all_disagreements_faults(rows: Sequence[Row]) -> Iterator[str]:
    yield from _repeated("question", (row["question"] for row in rows))
    real = sum(row["disagree"] for row in rows)
    yield from _too_few("disagreements", real, MIN_DISAGREEMENTS)
    yield from _too_few("false alarms", len(rows) - real, MIN_FALSE_ALARMS)
    for name, values in (("kind", KINDS), ("difference", DIFFERENCES)):
        there = {row[name] for row in rows}
        for value in values:
            if value not in there:
                yield f"no row of {name} {value}"


def _disagreement_summary(rows: Sequence[Row]) -> str:
    real = [row for row in rows if row["disagree"]]
    alarms = [row for row in rows if not row["disagree"]]
    return (
        f"{len(real)} disagreements ({_counted(real, 'kind', KINDS)}; "
        f"{_counted(real, 'difference', DIFFERENCES[:-1])}), "
        f"{len(alarms)} false alarms ({_counted(alarms, 'kind', KINDS)})"
    )


def _counted(rows: Sequence[Row], name: str, values: Sequence[str]) -> str:
    counts = Counter(row[name] for row in rows)
    return ", ".join(f"{value} {counts[value]}" for value in values if counts[value])


# Conversations


def _conversation_faults(documents: Documents, row: Row) -> Iterator[str]:
    turns = row["turns"]
    for number, turn in enumerate(turns, 1):
        in_turn = list(field_faults(turn, TURN_FIELDS, {"smalltalk"})) or [
            *_turn_faults(documents, turn, first=number == 1)
        ]
        yield from (f"turn {number}: {fault}" for fault in in_turn)
    if any(turn.get("answerable") is False for turn in turns):
        yield from _near_faults(documents, row["note"])


def _turn_faults(documents: Documents, turn: Row, *, first: bool) -> Iterator[str]:
    small_talk = "smalltalk" in turn
    if small_talk != (turn["answerable"] is None):
        yield "answerable is null exactly in small talk"
    elif turn["answerable"]:
        yield from _answer_faults(documents, turn)
    else:
        what = "small talk" if small_talk else "unanswerable"
        yield from _nothing_to_cite_faults(turn, what)
    if (first or small_talk) and turn["standalone"] != turn["question"]:
        yield "standalone is not the question itself"


def _all_conversations_faults(rows: Sequence[Row]) -> Iterator[str]:
    turns = _turns(rows)
    asked = (turn.get("standalone") for turn in turns if "smalltalk" not in turn)
    yield from _repeated("standalone", asked)
    yield from _too_few("conversations", len(rows), MIN_CONVERSATIONS)
    for what, count in _turn_counts(rows).items():
        if not count:
            yield f"no turn is {what}"


def _turns(rows: Sequence[Row]) -> list[Row]:
    return [turn for row in rows for turn in row["turns"]]


def _turn_counts(rows: Sequence[Row]) -> dict[str, int]:
    later = [turn for row in rows for turn in row["turns"][1:] if "smalltalk" not in turn]
    unanswerable = sum(turn.get("answerable") is False for turn in later)
    return {
        "small talk": sum("smalltalk" in turn for turn in _turns(rows)),
        "an answerable follow-up": len(later) - unanswerable,
        "an unanswerable follow-up": unanswerable,
    }


def _conversation_summary(rows: Sequence[Row]) -> str:
    counts = ", ".join(f"{what} {count}" for what, count in _turn_counts(rows).items())
    return f"{len(rows)} conversations of {len(_turns(rows))} turns ({counts})"


# Questions about time


def _time_faults(documents: Documents, row: Row) -> Iterator[str]:
    for name in ("dates", "inferred"):
        for first, last in row.get(name, ()):
            if first > last:
                yield f"{name} has {first} before {last}"
    if row["dates"] and "inferred" in row:
        yield "has both dates and inferred"
    if row["answerable"]:
        yield from _answer_faults(documents, row)
        yield from _known_by_faults(documents, row)
    else:
        yield from _nothing_to_cite_faults(row, "unanswerable")
        yield from _near_faults(documents, row["note"])
        if row["dates"] or "inferred" in row:
            yield "unanswerable, but has a date"


def _known_by_faults(documents: Documents, row: Row) -> Iterator[str]:
    if row["known_by"] is None:
        return
    known_by = datetime.date.fromisoformat(row["known_by"])
    for file in (item["file"] for item in row["gold"]):
        published = documents[file].published if file in documents else None
        if published is None or published > known_by:
            yield f"{file} is not known by {known_by}"


def _all_time_faults(rows: Sequence[Row]) -> Iterator[str]:
    yield from _repeated("question", (row["question"] for row in rows))
    yield from _too_few("time questions", len(rows), MIN_TIME_QUESTIONS)
    for what, count in _time_counts(rows).items():
        if not count:
            yield f"no question is {what}"


def _time_counts(rows: Sequence[Row]) -> dict[str, int]:
    return {
        "with dates": sum(bool(row["dates"]) for row in rows),
        "answerable without": sum(row["answerable"] and not row["dates"] for row in rows),
        "unanswerable": sum(not row["answerable"] for row in rows),
        "with known_by": sum(row["known_by"] is not None for row in rows),
    }


def _time_summary(rows: Sequence[Row]) -> str:
    counts = ", ".join(f"{what} {count}" for what, count in _time_counts(rows).items())
    return f"{len(rows)} time questions ({counts})"


# Lines


def _lines(pairs: Iterable[Sequence[Any]]) -> list[Line]:
    return [(file, number) for file, number in pairs]


def _text(documents: Documents, line: Line) -> str:
    """The text of a line; empty when there is no such line to cite."""
    file, number = line
    return documents[file].lines.get(number, "") if file in documents else ""


def _shown(lines: Iterable[Line]) -> str:
    return ", ".join(f"{file}:{number}" for file, number in sorted(lines))


# By the name of the file.
DATA_SETS = {
    "disagreements": DataSet(
        DISAGREEMENT_FIELDS, frozenset(), _disagreement_faults, _all_disagreements_faults,
        _disagreement_summary,
    ),
    "conversations": DataSet(
        CONVERSATION_FIELDS, frozenset(), _conversation_faults, _all_conversations_faults,
        _conversation_summary,
    ),
    "time_questions": DataSet(
        TIME_FIELDS, frozenset({"inferred"}), _time_faults, _all_time_faults, _time_summary
    ),
}  # fmt: skip


def main() -> None:
    """Print the counts of each file, or its faults, one a line; exit 1 when there are any."""
    failed = False
    for name, data_set in DATA_SETS.items():
        rows = json_lines(DATASETS / f"{name}.jsonl")
        found = faults(name, CORPUS, rows)
        if found:
            failed = True
            print("\n".join(f"{name}: {fault}" for fault in found))
            continue
        halves = Counter(row["split"] for row in rows)
        print(f"{data_set.summary(rows)}; dev {halves['dev']}, test {halves['test']}")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
