"""The comparison data sets have no fault that can be proved, and the checker finds each kind."""

import copy
import datetime
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals import comparison_data_check
from evals.comparison_data_check import DATA_SETS, DATASETS, DIFFERENCES, KINDS, faults
from evals.data import json_lines
from evals.datasets_check import CORPUS, split_of

FIRST = (
    "---\ntitle: Ferries\npublished: 2023-05-04\n---\n\nThe ferry sank on 3 May with 12 sheep.\n\n"
    "Nobody drowned.\n"
)
SECOND = (
    "---\ntitle: Ferry\npublished: null\n---\n\nTwelve sheep were aboard, the owner said.\n\n"
    "He blamed fog.\n"
)
COUNT = 80
RUN_WORDS = 8
# Read on import: a fixture that cleans the environment of RAG_* may run before the tests.
SHARED_DIR = os.environ.get("RAG_SHARED_DIR")
Rows = list[dict[str, Any]]
Change = Callable[[Rows], Any]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "first.md").write_text(FIRST, encoding="utf-8")
    (tmp_path / "second.md").write_text(SECOND, encoding="utf-8")
    return tmp_path


# Made-up rows, of which the first can be changed at will


def made_up_rows(name: str) -> Rows:
    return [MADE_UP[name](number) for number in range(COUNT)]


def disagreement(number: int) -> dict[str, Any]:
    row_id = f"m{number}"
    difference = DIFFERENCES[number % len(DIFFERENCES)] if number % 2 == 0 else "none"
    return {
        "id": row_id,
        "split": split_of(row_id),
        "about": "how many sheep",
        "question": f"how many sheep, {row_id}?",
        "disagree": difference != "none",
        "kind": KINDS[number % len(KINDS)],
        "difference": difference,
        "values": [
            {"value": "12", "alternatives": ["12 sheep"], "lines": [["first.md", 6]]},
            {"value": "twelve", "alternatives": ["twelve"], "lines": [["second.md", 6]]},
        ],
        "note": "",
    }


def conversation(number: int) -> dict[str, Any]:
    row_id = f"m{number}"
    return {
        "id": row_id,
        "split": split_of(row_id),
        "turns": [
            turn(f"how many sheep, {row_id}?", answerable=True),
            turn("ta", answerable=None),
            turn("and goats?", f"how many goats, {row_id}?", answerable=False),
            turn("what did he blame?", f"what did the owner blame, {row_id}?", answerable=True),
        ],
        "note": "near: first.md:6; sheep, not goats",
    }


def turn(question: str, standalone: str = "", *, answerable: bool | None) -> dict[str, Any]:
    return {
        "question": question,
        "standalone": standalone or question,
        **({"smalltalk": True} if answerable is None else {}),
        "answerable": answerable,
        **answer(facts=answerable is True),
    }


def answer(*, facts: bool) -> dict[str, Any]:
    return {
        "answer_must_include": [["12 sheep", "twelve sheep"], ["fog"]] if facts else [],
        "answer_must_not_include": ["13 sheep"],
        **gold(facts=facts),
    }


def gold(*, facts: bool) -> dict[str, Any]:
    return {
        "gold": [{"file": "first.md", "lines": [6]}, {"file": "second.md", "lines": [6, 8]}]
        if facts
        else [],
        "fact_gold": [[["first.md", 6], ["second.md", 6]], [["second.md", 8]]] if facts else [],
    }


def time_question(number: int) -> dict[str, Any]:
    """Three kinds in turn: with dates and known_by, with inferred dates, unanswerable."""
    row_id, kind = f"m{number}", number % 3
    facts: dict[str, Any] = {
        "answer_must_include": [["3 May"]] if kind == 0 else [["fog"]],
        "answer_must_not_include": [],
        "dates": [["2023-05-03", "2023-05-03"]] if kind == 0 else [],
        "gold": [
            {"file": "first.md", "lines": [6]} if kind == 0 else {"file": "second.md", "lines": [8]}
        ],
        "fact_gold": [[["first.md", 6]]] if kind == 0 else [[["second.md", 8]]],
    }
    if kind == 2:
        facts.update(answer_must_include=[], gold=[], fact_gold=[])
    return {
        "id": row_id,
        "split": split_of(row_id),
        "question": f"when was that, {row_id}?",
        "known_by": "2023-05-04" if kind == 0 else None,
        "answerable": kind != 2,
        **facts,
        "note": "near: second.md:8",
        **({"inferred": [["2023-05-01", "2023-05-31"]]} if kind == 1 else {}),
    }


MADE_UP = {
    "disagreements": disagreement,
    "conversations": conversation,
    "time_questions": time_question,
}


# Changes that make a fault


def first(**values: Any) -> Change:
    return lambda rows: rows[0].update(values)


def at(number: int, **values: Any) -> Change:
    return lambda rows: rows[number].update(values)


def value(**values: Any) -> Change:
    return lambda rows: rows[0]["values"][0].update(values)


def in_turn(number: int, **values: Any) -> Change:
    return lambda rows: rows[0]["turns"][number - 1].update(values)


def all_rows(**values: Any) -> Change:
    return lambda rows: [row.update(values) for row in rows]


def only(count: int, condition: Callable[[dict[str, Any]], bool] = bool) -> Change:
    """Leaves the first `count` rows that meet the condition, and all that do not."""

    def change(rows: Rows) -> None:
        dropped = [row["id"] for row in rows if condition(row)][count:]
        rows[:] = [row for row in rows if row["id"] not in dropped]

    return change


def without(condition: Callable[[dict[str, Any]], bool]) -> Change:
    return only(0, condition)


def without_turns(condition: Callable[[dict[str, Any]], bool]) -> Change:
    def change(rows: Rows) -> None:
        for row in rows:
            row["turns"] = [turn for turn in row["turns"] if not condition(turn)]

    return change


def uneven_halves(rows: Rows) -> None:
    rows[:] = [row for row in rows if row["split"] == "dev"]


def test_made_up_rows_have_no_fault(corpus: Path) -> None:
    for name in DATA_SETS:
        assert faults(name, corpus, made_up_rows(name)) == []


@pytest.mark.parametrize("name", DATA_SETS)
def test_the_committed_rows(name: str) -> None:
    assert faults(name, CORPUS, json_lines(DATASETS / f"{name}.jsonl")) == []


@pytest.mark.parametrize(
    "name",
    [*DATA_SETS, "digest_questions", *(f"originals/{n}" for n in ("plain", "differ", "talks"))],
)
@pytest.mark.skipif(SHARED_DIR is None, reason="RAG_SHARED_DIR names no folder of the originals")
def test_no_run_of_words_is_shared_with_an_original(name: str) -> None:
    ours = runs_of(DATASETS / f"{name}.jsonl")
    originals = sorted(Path(str(SHARED_DIR), "articles").glob("*.txt"))
    assert originals
    assert not [
        sorted(ours & runs_of(original)) for original in originals if ours & runs_of(original)
    ]


def runs_of(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8").replace("\u2019", "'").lower()
    words = re.findall(r"[a-z0-9']+", text)
    return {" ".join(words[k : k + RUN_WORDS]) for k in range(len(words) - RUN_WORDS + 1)}


ANY_SET = [
    pytest.param(lambda rows: rows[0].pop("note"), "m0: fields are", id="field missing"),
    pytest.param(first(mood="glum"), "m0: fields are", id="field unknown"),
    pytest.param(
        lambda rows: rows[0].update(split=rows[0].pop("split")),
        "m0: fields are", id="fields in another order",
    ),
    pytest.param(first(split="train"), "m0: split is not of", id="unknown split"),
    pytest.param(
        lambda rows: rows[0].update(split="test" if rows[0]["split"] == "dev" else "dev"),
        "m0: split is", id="split against the hash",
    ),
    pytest.param(
        lambda rows: rows[0].update(id="m1", split=split_of("m1")),
        "all: id 'm1' is there 2 times", id="id twice",
    ),
    pytest.param(uneven_halves, "all: dev holds 100% of the rows", id="uneven halves"),
]  # fmt: skip


@pytest.mark.parametrize("name", DATA_SETS)
@pytest.mark.parametrize(("change", "fault"), ANY_SET)
def test_the_checker_finds_in_any_set(corpus: Path, name: str, change: Change, fault: str) -> None:
    check(corpus, name, change, fault)


DISAGREEMENTS = [
    pytest.param(first(disagree="yes"), "m0: disagree is not of", id="text for a truth"),
    pytest.param(first(about=" "), "m0: about is not of", id="blank text"),
    pytest.param(first(kind="riddle"), "m0: kind is not of", id="unknown kind"),
    pytest.param(first(difference="luck"), "m0: difference is not of", id="unknown difference"),
    pytest.param(
        first(difference="none"), "m0: disagree is True, but difference is none", id="no difference"
    ),
    pytest.param(
        first(disagree=False),
        "m0: disagree is False, but difference is rounding", id="alarm with a difference",
    ),
    pytest.param(
        lambda rows: rows[0]["values"].pop(), "m0: values is not of", id="a single value"
    ),
    pytest.param(value(mood="glum"), "m0: fields are", id="field of a value unknown"),
    pytest.param(value(value=""), "m0: value is not of", id="blank value"),
    pytest.param(value(alternatives=[]), "m0: alternatives is not of", id="no alternatives"),
    pytest.param(value(lines=[]), "m0: lines is not of", id="no lines"),
    pytest.param(value(lines=[["first.md", "6"]]), "m0: lines is not of", id="line as text"),
    pytest.param(
        value(lines=[["first.md", True]]), "m0: lines is not of", id="truth for a line"
    ),
    pytest.param(
        value(lines=[["first.md", 6], ["first.md", 6]]),
        "m0: a line twice in first.md:6, first.md:6", id="line twice",
    ),
    pytest.param(
        value(lines=[["first.md", 99]]), "m0: no line to cite at first.md:99", id="past the end"
    ),
    pytest.param(
        value(lines=[["first.md", 7]]), "m0: no line to cite at first.md:7", id="blank line"
    ),
    pytest.param(
        value(lines=[["first.md", 2]]), "m0: no line to cite at first.md:2", id="front matter"
    ),
    pytest.param(
        value(lines=[["third.md", 6]]), "m0: no line to cite at third.md:6", id="no such file"
    ),
    pytest.param(
        value(alternatives=["2 sheep"]),
        "m0: no alternative of ['2 sheep'] is in first.md:6", id="part of a number",
    ),
    pytest.param(
        value(alternatives=["12 sheep", "Twelve"]),
        "m0: '12' and 'twelve' share alternatives: ['twelve']", id="shared alternative",
    ),
    pytest.param(
        value(alternatives=["sheep"], lines=[["second.md", 6]]),
        "m0: '12' and 'twelve' disagree in the same lines", id="same lines",
    ),
    pytest.param(
        first(question="How many  sheep, m1?"),
        "all: question 'how many sheep, m1?' is there 2 times", id="question twice",
    ),
    pytest.param(
        only(29, lambda row: row["disagree"]),
        "all: 29 disagreements, fewer than 30", id="too few disagreements",
    ),
    pytest.param(
        only(29, lambda row: not row["disagree"]),
        "all: 29 false alarms, fewer than 30", id="too few false alarms",
    ),
    pytest.param(
        without(lambda row: row["kind"] == "role"), "all: no row of kind role", id="kind missing"
    ),
    pytest.param(
        without(lambda row: row["difference"] == "time"),
        "all: no row of difference time", id="difference missing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), DISAGREEMENTS)
def test_the_checker_finds_in_disagreements(corpus: Path, change: Change, fault: str) -> None:
    check(corpus, "disagreements", change, fault)


def test_a_false_alarm_may_have_both_wordings_in_one_line(corpus: Path) -> None:
    rows = made_up_rows("disagreements")
    rows[1]["values"][0].update(alternatives=["sheep"], lines=[["second.md", 6]])
    assert faults("disagreements", corpus, rows) == []


CONVERSATIONS = [
    pytest.param(
        lambda rows: rows[0].update(turns=rows[0]["turns"][:1]),
        "m0: turns is not of", id="a single turn",
    ),
    pytest.param(
        lambda rows: rows[0]["turns"].append(turn("bye", answerable=None)),
        "m0: turns is not of", id="five turns",
    ),
    pytest.param(in_turn(3, mood="glum"), "m0: turn 3: fields are", id="field of a turn unknown"),
    pytest.param(in_turn(3, standalone=""), "m0: turn 3: standalone is not of", id="no standalone"),
    pytest.param(
        in_turn(2, smalltalk=False), "m0: turn 2: smalltalk is not of", id="small talk that is not"
    ),
    pytest.param(
        in_turn(1, answerable="no"), "m0: turn 1: answerable is not of", id="text for a truth"
    ),
    pytest.param(
        in_turn(3, answerable=None),
        "m0: turn 3: answerable is null exactly in small talk", id="null without small talk",
    ),
    pytest.param(
        in_turn(2, answerable=True),
        "m0: turn 2: answerable is null exactly in small talk", id="answerable small talk",
    ),
    pytest.param(
        in_turn(1, standalone="how many?"),
        "m0: turn 1: standalone is not the question itself", id="first turn not in full",
    ),
    pytest.param(
        in_turn(2, standalone="thanks"),
        "m0: turn 2: standalone is not the question itself", id="small talk put in full",
    ),
    pytest.param(
        in_turn(2, **gold(facts=True)),
        "m0: turn 2: small talk, but has gold", id="small talk with gold",
    ),
    pytest.param(
        in_turn(3, answer_must_include=[["12 sheep"]]),
        "m0: turn 3: unanswerable, but has answer_must_include", id="unanswerable with facts",
    ),
    pytest.param(first(note="goats"), "m0: the note names no near line", id="no near line named"),
    pytest.param(
        first(note="near: first.md:7"), "m0: no near line at first.md:7", id="near line is blank"
    ),
    pytest.param(
        in_turn(4, answer_must_include=[["12 sheep"]]),
        "m0: turn 4: 1 facts, but fact_gold for 2", id="fact_gold not parallel",
    ),
    pytest.param(
        in_turn(4, answer_must_include=[], fact_gold=[], gold=[]),
        "m0: turn 4: 0 facts, but fact_gold for 0", id="answerable without facts",
    ),
    pytest.param(
        in_turn(4, gold=[]), "m0: turn 4: gold is not the union of fact_gold: first.md:6", id="less"
    ),
    pytest.param(
        lambda rows: rows[0]["turns"][3]["gold"][0]["lines"].append(6),
        "m0: turn 4: gold is not the union of fact_gold", id="gold line twice",
    ),
    pytest.param(
        in_turn(4, answer_must_include=[["12 sheep"], ["fog"]]),
        "m0: turn 4: no alternative of ['12 sheep'] is in second.md:6", id="fact not in a line",
    ),
    pytest.param(
        in_turn(4, answer_must_not_include=["The Owner"]),
        "m0: turn 4: forbidden 'The Owner' is in gold second.md:6", id="forbidden in gold",
    ),
    pytest.param(
        in_turn(4, standalone="How many sheep, m1?"),
        "all: standalone 'how many sheep, m1?' is there 2 times", id="standalone twice",
    ),
    pytest.param(only(31), "all: 31 conversations, fewer than 32", id="too few conversations"),
    pytest.param(
        without_turns(lambda turn: "smalltalk" in turn),
        "all: no turn is small talk", id="no small talk",
    ),
    pytest.param(
        without_turns(lambda turn: turn["answerable"] is False),
        "all: no turn is an unanswerable follow-up", id="no unanswerable follow-up",
    ),
    pytest.param(
        without_turns(lambda turn: turn["question"] == "what did he blame?"),
        "all: no turn is an answerable follow-up", id="no answerable follow-up",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), CONVERSATIONS)
def test_the_checker_finds_in_conversations(corpus: Path, change: Change, fault: str) -> None:
    check(corpus, "conversations", change, fault)


TIME_QUESTIONS = [
    pytest.param(first(question=""), "m0: question is not of", id="blank question"),
    pytest.param(first(known_by="4 May 2023"), "m0: known_by is not of", id="no ISO day"),
    pytest.param(first(known_by="20230504"), "m0: known_by is not of", id="ISO day without dashes"),
    pytest.param(first(dates=[["2023-05-03"]]), "m0: dates is not of", id="half an interval"),
    pytest.param(
        first(dates=[["2023-05-03", "2023-05-32"]]), "m0: dates is not of", id="no such day"
    ),
    pytest.param(
        first(dates=[["2023-05-03", datetime.date(2023, 5, 3)]]),
        "m0: dates is not of", id="day not as text",
    ),
    pytest.param(
        first(dates=[["2023-05-04", "2023-05-03"]]),
        "m0: dates has 2023-05-04 before 2023-05-03", id="days in the wrong order",
    ),
    pytest.param(
        at(1, inferred=[["2023-05-04", "2023-05-03"]]),
        "m1: inferred has 2023-05-04 before 2023-05-03", id="inferred in the wrong order",
    ),
    pytest.param(
        first(inferred=[["2023-05-03", "2023-05-03"]]),
        "m0: has both dates and inferred", id="dates and inferred",
    ),
    pytest.param(
        first(known_by="2023-05-03"), "m0: first.md is not known by 2023-05-03", id="later document"
    ),
    pytest.param(
        at(1, known_by="2023-05-04"),
        "m1: second.md is not known by 2023-05-04", id="document without a date",
    ),
    pytest.param(
        first(answer_must_include=[["4 May"]]),
        "m0: no alternative of ['4 May'] is in first.md:6", id="fact not in a line",
    ),
    pytest.param(
        at(2, fact_gold=[[["first.md", 6]]]),
        "m2: unanswerable, but has fact_gold", id="unanswerable with gold",
    ),
    pytest.param(
        at(2, dates=[["2023-05-03", "2023-05-03"]]),
        "m2: unanswerable, but has a date", id="unanswerable with a date",
    ),
    pytest.param(at(2, note=""), "m2: the note names no near line", id="no near line named"),
    pytest.param(
        first(question="When was  that, m1?"),
        "all: question 'when was that, m1?' is there 2 times", id="question twice",
    ),
    pytest.param(only(27), "all: 27 time questions, fewer than 28", id="too few questions"),
    pytest.param(all_rows(known_by=None), "all: no question is with known_by", id="no known_by"),
    pytest.param(
        without(lambda row: not row["answerable"]),
        "all: no question is unanswerable", id="none unanswerable",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), TIME_QUESTIONS)
def test_the_checker_finds_in_time_questions(corpus: Path, change: Change, fault: str) -> None:
    check(corpus, "time_questions", change, fault)


def check(corpus: Path, name: str, change: Change, fault: str) -> None:
    rows = made_up_rows(name)
    change(rows)
    found = faults(name, corpus, rows)
    assert any(each.startswith(fault) for each in found), found


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_faulty_row_hides_no_other_and_rows_are_left_as_they_were(
    corpus: Path, name: str
) -> None:
    rows = made_up_rows(name)
    rows[0].pop("note")
    rows[1]["split"] = "test" if rows[1]["split"] == "dev" else "dev"
    before = copy.deepcopy(rows)
    assert [fault.partition(":")[0] for fault in faults(name, corpus, rows)] == ["m0", "m1"]
    assert rows == before


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    comparison_data_check.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(DATA_SETS)
    for name, line in zip(("disagreements", "conversations", "time questions"), lines, strict=True):
        assert re.match(rf"\d+ {name} ", line)
    monkeypatch.setattr(comparison_data_check, "json_lines", lambda _: [])
    with pytest.raises(SystemExit) as left:
        comparison_data_check.main()
    assert left.value.code == 1
    assert "disagreements: all: 0 disagreements, fewer than 30\n" in capsys.readouterr().out
