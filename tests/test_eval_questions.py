"""The eval questions have no fault that can be proved, and the checker finds each kind of fault."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals import datasets_check
from evals.data import json_lines
from evals.datasets_check import CORPUS, QUESTIONS, TYPES, faults, split_of

FIRST = "---\ntitle: Ferries\n---\n\nThe ferry sank on 3 May with 12 sheep.\n\nNobody drowned.\n"
SECOND = "---\ntitle: Ferry\n---\n\nTwelve sheep were aboard, the owner said.\n\nHe blamed fog.\n"
# Of the rows below: the first can be changed at will, the last is unanswerable.
COUNT = 180
Rows = list[dict[str, Any]]
Change = Callable[[Rows], Any]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "first.md").write_text(FIRST, encoding="utf-8")
    (tmp_path / "second.md").write_text(SECOND, encoding="utf-8")
    return tmp_path


def made_up_rows() -> Rows:
    kinds = [*TYPES[:-1], *["unanswerable"] * 4]
    return [made_up_row(f"m{number}", kinds[number % len(kinds)]) for number in range(COUNT)]


def made_up_row(row_id: str, kind: str) -> dict[str, Any]:
    answerable = kind != "unanswerable"
    row: dict[str, Any] = {
        "id": row_id,
        "type": kind,
        "split": split_of(row_id),
        "question": f"how many sheep, {row_id}?",
        "history": ["which ferry sank?"],
        "answerable": answerable,
        "answer_must_include": [["12 sheep", "twelve sheep"], ["fog"]] if answerable else [],
        "answer_must_not_include": ["13 sheep"],
        "gold": [{"file": "first.md", "lines": [5]}, {"file": "second.md", "lines": [5, 7]}]
        if answerable
        else [],
        "min_sources": 1 if answerable else 0,
        "fact_gold": [[["first.md", 5], ["second.md", 5]], [["second.md", 7]]]
        if answerable
        else [],
        "note": "a flock" if answerable else "near: first.md:5, second.md:7; sheep, not goats",
    }
    if kind != "follow_up":
        del row["history"]
    return row


def first(**values: Any) -> Change:
    return lambda rows: rows[0].update(values)


def last(**values: Any) -> Change:
    return lambda rows: rows[-1].update(values)


def all_of(kind: str, **values: Any) -> Change:
    return lambda rows: [row.update(values) for row in rows if row["type"] == kind]


def follow_up_without_history(rows: Rows) -> None:
    del next(row for row in rows if row["type"] == "follow_up")["history"]


def other_order(rows: Rows) -> None:
    rows[0]["type"] = rows[0].pop("type")


def without_a_fact(rows: Rows) -> None:
    rows[0]["answer_must_include"].pop()


def gold_too_much(rows: Rows) -> None:
    rows[0]["gold"][0]["lines"].append(7)


def gold_twice(rows: Rows) -> None:
    rows[0]["gold"][0]["lines"].append(5)


def gold_at(line: int) -> Change:
    def change(rows: Rows) -> None:
        rows[0]["gold"][0]["lines"].append(line)
        rows[0]["fact_gold"][0].append(["first.md", line])

    return change


def one_fact_a_file(rows: Rows) -> None:
    rows[0].update(
        answer_must_include=[["3 May"], ["fog"]],
        gold=[{"file": "first.md", "lines": [5]}, {"file": "second.md", "lines": [7]}],
        fact_gold=[[["first.md", 5]], [["second.md", 7]]],
    )


def too_few(rows: Rows) -> None:
    rows.pop(0)


def too_few_unanswerable(rows: Rows) -> None:
    unanswerable = [number for number, row in enumerate(rows) if row["type"] == "unanswerable"]
    for number in unanswerable[39:]:
        rows[number] = made_up_row(f"m{number}", "lookup")


def uneven_halves(rows: Rows) -> None:
    dev = (f"x{number}" for number in range(10 * COUNT) if split_of(f"x{number}") == "dev")
    rows[:] = [made_up_row(next(dev), row["type"]) for row in rows]


def test_the_committed_questions() -> None:
    assert faults(CORPUS, json_lines(QUESTIONS)) == []


def test_made_up_rows_have_no_fault(corpus: Path) -> None:
    assert faults(corpus, made_up_rows()) == []


FAULTS = [
    pytest.param(lambda rows: rows[0].pop("note"), "m0: fields are", id="field missing"),
    pytest.param(first(mood="glum"), "m0: fields are", id="field unknown"),
    pytest.param(other_order, "m0: fields are", id="fields in another order"),
    pytest.param(follow_up_without_history, "m8: fields are", id="follow-up without history"),
    pytest.param(first(min_sources="1"), "m0: min_sources is not of", id="text for a number"),
    pytest.param(first(min_sources=True), "m0: min_sources is not of", id="truth for a number"),
    pytest.param(first(answerable="yes"), "m0: answerable is not of", id="text for a truth"),
    pytest.param(first(question=" "), "m0: question is not of", id="blank question"),
    pytest.param(
        first(answer_must_include=[["12 sheep", ""], ["fog"]]),
        "m0: answer_must_include is not of", id="blank alternative",
    ),
    pytest.param(
        first(answer_must_include=[["12 sheep"], []]),
        "m0: answer_must_include is not of", id="fact without alternatives",
    ),
    pytest.param(first(gold=["first.md"]), "m0: gold is not of", id="gold without lines"),
    pytest.param(
        first(fact_gold=[[["first.md", "5"]], [["second.md", 7]]]),
        "m0: fact_gold is not of", id="line as text",
    ),
    pytest.param(
        first(fact_gold=[[["first.md", 5], ["second.md", 5]], []]),
        "m0: fact_gold is not of", id="fact without lines",
    ),
    pytest.param(first(split="train"), "m0: split is not of", id="unknown split"),
    pytest.param(
        lambda rows: rows[0].update(split="test" if rows[0]["split"] == "dev" else "dev"),
        "m0: split is", id="split against the hash",
    ),
    pytest.param(first(type="riddle"), "m0: unknown type riddle", id="unknown type"),
    pytest.param(first(type="unanswerable"), "m0: type unanswerable, but", id="type and answer"),
    pytest.param(
        lambda rows: rows[0].update(id="m1", split=split_of("m1")),
        "all: id 'm1' is there 2 times", id="id twice",
    ),
    pytest.param(
        first(question="How many  sheep, m1?"),
        "all: question 'how many sheep, m1?' is there 2 times", id="question twice",
    ),
    pytest.param(without_a_fact, "m0: 1 facts, but fact_gold for 2", id="fact_gold not parallel"),
    pytest.param(
        first(answer_must_include=[], fact_gold=[], gold=[]),
        "m0: 0 facts, but fact_gold for 0", id="answerable without facts",
    ),
    pytest.param(gold_too_much, "m0: gold is not the union of fact_gold: first.md:7", id="more"),
    pytest.param(first(gold=[]), "m0: gold is not the union of fact_gold: first.md:5", id="less"),
    pytest.param(gold_twice, "m0: gold is not the union of fact_gold", id="gold line twice"),
    pytest.param(gold_at(99), "m0: no line to cite at first.md:99", id="past the end"),
    pytest.param(gold_at(6), "m0: no line to cite at first.md:6", id="blank line"),
    pytest.param(gold_at(2), "m0: no line to cite at first.md:2", id="front matter"),
    pytest.param(
        lambda rows: (rows[0]["gold"][0].update(file="third.md"),
                      rows[0]["fact_gold"][0].__setitem__(0, ["third.md", 5])),
        "m0: no line to cite at third.md:5", id="no such file",
    ),
    pytest.param(
        first(answer_must_include=[["12 sheep"], ["fog"]]),
        "m0: no alternative of ['12 sheep'] is in second.md:5", id="fact not in a line",
    ),
    pytest.param(
        first(answer_must_include=[["2 sheep", "twelve sheep"], ["fog"]]),
        "m0: no alternative of ['2 sheep', 'twelve sheep'] is in first.md:5", id="part of a number",
    ),
    pytest.param(
        first(stated_otherwise=["second.md:5"]),
        "m0: stated_otherwise needlessly names second.md:5", id="needless stated_otherwise",
    ),
    pytest.param(
        first(answer_must_not_include=["The Owner"]),
        "m0: forbidden 'The Owner' is in gold second.md:5", id="forbidden in gold",
    ),
    pytest.param(first(min_sources=0), "m0: answerable, but min_sources is 0", id="no sources"),
    pytest.param(
        first(min_sources=3), "m0: min_sources is 3, but gold is in 2 files", id="too many sources"
    ),
    pytest.param(one_fact_a_file, "m0: no 1 files state every fact", id="too few sources"),
    pytest.param(
        last(answer_must_include=[["12 sheep"]]),
        "m179: unanswerable, but has answer_must_include", id="unanswerable with facts",
    ),
    pytest.param(
        last(gold=[{"file": "first.md", "lines": [5]}]),
        "m179: unanswerable, but has gold", id="unanswerable with gold",
    ),
    pytest.param(
        last(min_sources=1), "m179: unanswerable, but has min_sources", id="refusal with sources"
    ),
    pytest.param(last(note="sheep"), "m179: the note names no near line", id="no near line named"),
    pytest.param(
        last(note="near: first.md:6"), "m179: no near line at first.md:6", id="near line is blank"
    ),
    pytest.param(too_few, "all: 179 questions, fewer than 180", id="too few questions"),
    pytest.param(
        too_few_unanswerable, "all: 39 unanswerable, fewer than 40", id="too few unanswerable"
    ),
    pytest.param(all_of("list", type="lookup"), "all: no question of type list", id="type missing"),
    pytest.param(uneven_halves, "all: dev holds 100% of the questions", id="uneven halves"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), FAULTS)
def test_the_checker_finds(corpus: Path, change: Change, fault: str) -> None:
    rows = made_up_rows()
    change(rows)
    assert any(found.startswith(fault) for found in faults(corpus, rows))


def test_a_line_may_state_a_fact_in_other_words(corpus: Path) -> None:
    rows = made_up_rows()
    rows[0].update(answer_must_include=[["12 sheep"], ["fog"]], stated_otherwise=["second.md:5"])
    assert faults(corpus, rows) == []


def test_a_faulty_row_hides_no_other(corpus: Path) -> None:
    rows = made_up_rows()
    rows[0].pop("note")
    rows[1]["min_sources"] = 3
    assert [found.partition(":")[0] for found in faults(corpus, rows)] == ["m0", "m1"]


def test_rows_are_left_as_they_were(corpus: Path) -> None:
    rows = made_up_rows()
    before = copy.deepcopy(rows)
    faults(corpus, rows)
    assert rows == before


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    datasets_check.main()
    assert f"{len(json_lines(QUESTIONS))} questions: lookup " in capsys.readouterr().out
    monkeypatch.setattr(datasets_check, "json_lines", lambda _: [])
    with pytest.raises(SystemExit) as left:
        datasets_check.main()
    assert left.value.code == 1
    assert "all: 0 questions, fewer than 180\n" in capsys.readouterr().out
