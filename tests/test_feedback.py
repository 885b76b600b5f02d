"""Votes: kept beside the index, through a rebuild, and exported as eval questions."""

import json
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag import Config, build_index
from rag.cli import app
from rag.errors import RagError
from rag.feedback import FeedbackStore, export_rows, feedback_path, open_feedback
from rag.schema import Answer, Citation, Statement


def cite(number: int, path: str, first: int, last: int) -> Citation:
    return Citation(
        number, path, path, "Title", "Courier", date(2024, 3, 14), first, last, "quote", 0, 5,
        "abc" * 20,
    )  # fmt: skip


ANSWER = Answer(
    "how many?", "how many sailors?", "14 sailors. [1] On Monday. [2]", answered=True,
    state="answered",
    statements=(Statement("14 sailors.", (1,)), Statement("On Monday.", (1, 2))),
    citations=(cite(1, "ferry.md", 11, 11), cite(2, "a/harbour.txt", 3, 4)),
)  # fmt: skip
REFUSAL = Answer("who won?", "who won?", "They do not say.", answered=False, state="refused")


@pytest.fixture
def store(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(tmp_path / "index-feedback.sqlite3")


def test_a_vote_is_kept_with_what_it_was_about(store: FeedbackStore) -> None:
    number = store.record(ANSWER, "down", "  wrong figure ", history=["what of the ferry?"])
    (vote,) = store.all()
    assert (vote.number, vote.vote, vote.reason) == (number, "down", "wrong figure")
    assert (vote.question, vote.standalone_question) == ("how many?", "how many sailors?")
    assert vote.history == ("what of the ferry?",)
    assert vote.answer == ANSWER.to_dict()
    assert vote.answer["citations"][0]["document_hash"] == "abc" * 20
    assert vote.model == "extractive"
    assert vote.package_version
    assert vote.corpus_version
    assert vote.time.endswith("+00:00")


def test_a_vote_may_be_changed_and_taken_back(store: FeedbackStore) -> None:
    number = store.record(ANSWER.to_dict(), "up")
    store.change(number, reason="but late")
    store.change(number, vote="down")
    (vote,) = store.all()
    assert (vote.vote, vote.reason) == ("down", "but late")
    store.remove(number)
    store.remove(number)
    assert store.all() == []
    assert store.record(ANSWER, "up") > number
    with pytest.raises(RagError, match="no vote number 77"):
        store.change(77, vote="up")


def test_wrong_votes_long_reasons_and_broken_characters(store: FeedbackStore) -> None:
    with pytest.raises(RagError, match="up or down"):
        store.record(ANSWER, "sideways")  # type: ignore[arg-type]
    assert store.all() == []
    store.record(ANSWER, "up", "x" * 5000 + "\ud800")
    store.record(ANSWER.to_dict() | {"question": "broken \udcff"}, "up", "\ud800")
    assert [len(vote.reason) for vote in store.all()] == [2000, 1]


def test_it_is_private_and_in_wal_mode(store: FeedbackStore) -> None:
    store.record(ANSWER, "up")
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_many_threads_lose_nothing(store: FeedbackStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda _: store.record(ANSWER, "up"), range(24)))
    assert sorted(numbers) == [vote.number for vote in store.all()] == list(range(1, 25))


def test_a_damaged_file_is_one_clear_error(store: FeedbackStore) -> None:
    store.path.write_bytes(b"this is no database, however long it may be" * 50)
    with pytest.raises(RagError, match="cannot be used"):
        store.all()


def test_it_lies_beside_the_index_and_survives_a_rebuild(config: Config) -> None:
    build_index(config)
    store = open_feedback(config)
    assert store.path == config.index_dir.parent / "index-feedback.sqlite3"
    store.record(ANSWER, "up")
    build_index(config, rebuild=True)
    assert len(open_feedback(config).all()) == 1


def test_where_the_file_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert feedback_path(Config(index_dir=Path("i"))) == Path("i-feedback.sqlite3")
    dotted = feedback_path(Config(index_dir=Path()))
    assert dotted == tmp_path.parent / f"{tmp_path.name}-feedback.sqlite3"
    assert feedback_path(Config(feedback_file=Path("f.db"))) == Path("f.db")


def test_votes_up_give_gold_lines_and_facts(store: FeedbackStore) -> None:
    store.record(ANSWER, "up", history=["what of the ferry?"])
    (row,) = export_rows(store.all())
    assert list(row) == [
        "id", "type", "split", "question", "history", "answerable", "answer_must_include",
        "answer_must_not_include", "gold", "min_sources", "fact_gold", "note",
    ]  # fmt: skip
    assert (row["type"], row["answerable"], row["min_sources"]) == ("follow_up", True, 1)
    assert row["answer_must_include"] == [["14 sailors."], ["On Monday."]]
    assert row["gold"] == [
        {"file": "a/harbour.txt", "lines": [3, 4]}, {"file": "ferry.md", "lines": [11]},
    ]  # fmt: skip
    assert row["fact_gold"] == [
        [["ferry.md", 11]], [["a/harbour.txt", 3], ["a/harbour.txt", 4], ["ferry.md", 11]],
    ]  # fmt: skip
    assert row["note"].startswith("to be confirmed: voted up")


def test_a_refusal_voted_up_is_unanswerable(store: FeedbackStore) -> None:
    store.record(REFUSAL, "up")
    (row,) = export_rows(store.all())
    assert (row["type"], row["answerable"], row["gold"]) == ("unanswerable", False, [])


def test_votes_down_give_the_question_and_what_was_wrong(store: FeedbackStore) -> None:
    store.record(ANSWER, "down", "that was in May")
    (row,) = export_rows(store.all())
    assert list(row) == ["id", "split", "question", "note"]
    assert "voted down: that was in May" in row["note"]
    assert "ferry.md:11" in row["note"]
    assert "14 sailors." in row["note"]


def test_of_equal_votes_the_last_counts(store: FeedbackStore) -> None:
    for reason in ("first", "second"):
        store.record(ANSWER, "down", reason)
    store.record(ANSWER, "up")
    rows = export_rows(store.all())
    assert len(rows) == 2
    assert "second" in rows[0]["note"]
    assert len({row["id"] for row in rows}) == 2


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    return ["--corpus", str(tmp_path), "--index", str(tmp_path / "index")]


@pytest.mark.parametrize("command", ["list", "export"])
def test_an_empty_store_is_said(folders: list[str], tmp_path: Path, command: str) -> None:
    found = CliRunner().invoke(app, ["feedback", command, *folders])
    assert (found.exit_code, found.stdout) == (0, "")
    assert found.stderr.startswith("There is no feedback yet in ")
    assert list(tmp_path.iterdir()) == []


def test_the_commands(folders: list[str], store: FeedbackStore) -> None:
    store.record(ANSWER, "up")
    store.record(REFUSAL, "down", "two\nlines \x1b[31m")
    listed = CliRunner().invoke(app, ["feedback", "list", *folders])
    assert listed.exit_code == 0
    assert "up " in listed.stdout
    assert "two lines" in listed.stdout
    assert "\x1b" not in listed.stdout
    as_json = json.loads(CliRunner().invoke(app, ["feedback", "list", "--json", *folders]).stdout)
    assert [vote["vote"] for vote in as_json] == ["up", "down"]
    exported = CliRunner().invoke(app, ["feedback", "export", "--format", "jsonl", *folders])
    rows = [json.loads(line) for line in exported.stdout.splitlines()]
    assert [row["question"] for row in rows] == ["how many?", "who won?"]
    assert CliRunner().invoke(app, ["feedback", "export", "--format", "csv"]).exit_code == 2


def test_a_question_id_falls_into_the_half_that_the_evals_say(store: FeedbackStore) -> None:
    from evals.datasets_check import split_of

    for number in range(6):
        store.record(ANSWER.to_dict() | {"question": f"q{number}"}, "up")
    rows = export_rows(store.all())
    assert all(row["split"] == split_of(row["id"]) for row in rows)
