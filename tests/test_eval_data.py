"""Benchmarks written as corpus folders: the gold lines are where the questions say."""

import gzip
import json
from pathlib import Path

import pytest

from evals.adapters import (
    DATASETS,
    Places,
    load,
    multihop_questions,
    newspolluted,
    own,
    scifact,
    squad2,
)
from evals.data import FRONT_MATTER_LINES, GoldLine, data_dir, write_multihop_corpus
from evals.metrics import holds
from evals.scoring import file_lines
from rag.corpus import find_files, load_document


def write_gzip(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


ROWS: list[dict[str, object]] = [
    {
        "doc_id": "d1",
        "title": 'Fire: "all clear" 🔥',
        "source": "Coast Radio",
        "published_at": "2024-03-15T08:00:00",
        "lines": ["The fire is out.", "", "Nobody was hurt\r\nin it."],
    },
    {"doc_id": "d2", "title": "No date", "source": "", "published_at": None, "lines": ["One."]},
]


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A benchmark folder of two documents and one question."""
    folder = tmp_path / "data" / "benchmarks" / "multihop-rag"
    write_gzip(folder / "documents.jsonl.gz", ROWS)
    question = {
        "qid": "q1",
        "type": "inference",
        "query": "Was anybody hurt?",
        "answerable": True,
        "evidence": [{"doc_id": "d1", "lines": [1, 3]}, {"doc_id": "d2", "lines": [1]}],
    }
    (folder / "queries_dev.jsonl").write_text(json.dumps(question) + "\n\n")
    return tmp_path / "data"


def line_of(folder: Path, gold: GoldLine) -> str:
    return (folder / gold.path).read_text(encoding="utf-8").split("\n")[gold.line - 1]


def test_lines_follow_the_front_matter(made_up: Path, tmp_path: Path) -> None:
    write_multihop_corpus(made_up, tmp_path / "corpus")
    lines = (tmp_path / "corpus" / "d1.txt").read_text(encoding="utf-8").split("\n")
    assert lines[0] == lines[FRONT_MATTER_LINES - 1] == "---"
    assert lines[FRONT_MATTER_LINES:] == ["The fire is out.", "", "Nobody was hurt  in it.", ""]


def test_gold_lines_are_those_of_the_written_files(made_up: Path, tmp_path: Path) -> None:
    write_multihop_corpus(made_up, tmp_path / "corpus")
    (question,) = multihop_questions(made_up)
    assert [[line_of(tmp_path / "corpus", gold) for gold in fact] for fact in question.facts] == [
        ["The fire is out.", "Nobody was hurt  in it."],
        ["One."],
    ]
    assert question.gold_lines == {GoldLine("d1.txt", 7), GoldLine("d1.txt", 9),
                                   GoldLine("d2.txt", 7)}  # fmt: skip


def test_the_written_files_are_read_as_they_were_meant(made_up: Path, tmp_path: Path) -> None:
    write_multihop_corpus(made_up, tmp_path / "corpus")
    found, skipped = find_files(tmp_path / "corpus", max_file_mb=1)
    assert skipped == []
    first, second = (load_document(tmp_path / "corpus", file) for file in found)
    assert (first.title, first.publisher) == ('Fire: "all clear" 🔥', "Coast Radio")
    assert str(first.published) == "2024-03-15"
    assert first.boilerplate >= set(range(1, FRONT_MATTER_LINES + 1))
    assert (second.publisher, second.published) == (None, None)


def test_a_corpus_is_written_once_and_whole(made_up: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    leftover = tmp_path / "corpus.unfinished"
    leftover.mkdir()
    (leftover / "half.txt").write_text("half")
    write_multihop_corpus(made_up, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["d1.txt", "d2.txt"]
    (folder / "d1.txt").write_text("mine")
    write_multihop_corpus(made_up, folder)
    assert (folder / "d1.txt").read_text() == "mine"
    assert not leftover.exists()


def test_scifact(tmp_path: Path) -> None:
    folder = tmp_path / "benchmarks" / "scifact"
    write_gzip(folder / "corpus.jsonl.gz", [{"_id": 7, "title": "T", "text": "Cells grow."}])
    (folder / "queries.jsonl").write_text(
        '{"_id": "1", "text": "Do cells grow?"}\n{"_id": "2", "text": "unused"}\n'
    )
    (folder / "qrels_test.tsv").write_text("query-id\tcorpus-id\tscore\n1\t7\t1\n1\t8\t0\n")
    dataset = scifact(Places(tmp_path, tmp_path / "work"))
    gold = GoldLine("7.txt", FRONT_MATTER_LINES + 1)
    assert line_of(dataset.corpus_dir, gold) == "Cells grow."
    (question,) = dataset.questions
    assert (question.question_id, question.text) == ("1", "Do cells grow?")
    assert question.graded_documents == {"7.txt": 1, "8.txt": 0}
    assert not dataset.answers


def test_squad2(tmp_path: Path) -> None:
    folder = tmp_path / "benchmarks" / "squad2"
    folder.mkdir(parents=True)
    asked = [
        {"id": name, "context": "The tower\nis 30 m high.", "question": f"{name}?"} for name in "ab"
    ]
    truth = {
        "a": {"answers": ["30 m", "30", "30 m"], "is_impossible": False},
        "b": {"answers": [], "is_impossible": True},
    }
    (folder / "queries.json").write_text(json.dumps({"queries": asked}))
    (folder / "ground_truth.json").write_text(json.dumps(truth))
    dataset = squad2(Places(tmp_path, tmp_path / "work"))
    high, impossible = dataset.questions
    assert high.includes == (("30 m", "30"),)
    assert high.documents == impossible.documents == ("p000.txt",)
    (gold,) = high.gold_lines
    assert line_of(dataset.corpus_dir, gold) == "The tower is 30 m high."
    assert (high.answerable, impossible.answerable) == (True, False)


def test_newspolluted(tmp_path: Path) -> None:
    """The values are the true choice and the wrong ones that some document names."""
    folder = tmp_path / "benchmarks" / "newspolluted"
    folder.mkdir(parents=True)
    row = {
        "id": "n1", "question": "Who won?", "answer": "Ann", "choices": ["Ann", "Bob", "Cy", "Di"],
        "docs": [
            {"id": 0, "text": "Nothing here.\nBob won.", "cred": "low"},
            {"id": 1, "text": "Ann won, not Cy.", "cred": "high"},
        ],
    }  # fmt: skip
    no_rival = row | {"id": "n2", "choices": ["Ann", "Di"]}
    (folder / "questions_dev.jsonl").write_text(json.dumps(row) + "\n" + json.dumps(no_rival))
    dataset = newspolluted(Places(tmp_path, tmp_path / "work"))
    first, second = dataset.questions
    true, rival = first.values
    assert true.lines == {GoldLine("n1-1.txt", FRONT_MATTER_LINES + 1)}
    assert rival.alternatives == ("Bob", "Cy", "Di")
    assert rival.lines == {GoldLine("n1-0.txt", FRONT_MATTER_LINES + 2),
                           GoldLine("n1-1.txt", FRONT_MATTER_LINES + 1)}  # fmt: skip
    assert first.includes == (("Ann",),)
    assert first.documents == ("n1-0.txt", "n1-1.txt")
    assert second.values == ()


def test_our_own_halves_share_nothing(tmp_path: Path) -> None:
    places = Places(None, tmp_path)
    dev, test = (
        {question.question_id for question in own(places, split=split).questions}
        for split in ("dev", "test")
    )
    assert min(len(dev), len(test)) > 80
    assert not dev & test


def test_no_data_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAG_SHARED_DIR", raising=False)
    for given in (None, tmp_path / "missing"):
        with pytest.raises(SystemExit, match="--data DIR or RAG_SHARED_DIR"):
            data_dir(given)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def test_every_gold_fact_of_multihop_stands_in_its_line(shared_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    write_multihop_corpus(shared_dir, folder)
    source = shared_dir / "benchmarks" / "multihop-rag" / "queries_dev.jsonl"
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line]
    questions = multihop_questions(shared_dir)
    assert len(questions) == len(rows)
    checked = 0
    for row, question in zip(rows, questions, strict=True):
        assert len(row["evidence"]) == len(question.facts)
        for evidence, fact in zip(row["evidence"], question.facts, strict=True):
            shown = _squeezed(" ".join(line_of(folder, gold) for gold in fact))
            assert _squeezed(evidence["fact"]) in shown, (question.question_id, fact)
            checked += 1
    assert checked > 100


@pytest.mark.parametrize("name", ["originals-dev", "originals-test"])
def test_facts_over_the_originals_stand_in_a_gold_line(
    name: str, shared_dir: Path, tmp_path: Path
) -> None:
    (dataset,) = load([name], Places(shared_dir, tmp_path))
    lacking = [
        (question.question_id, alternatives)
        for question in dataset.questions
        for alternatives, fact in zip(question.includes, question.facts, strict=True)
        if not any(
            holds(line_of(dataset.corpus_dir, gold), one) for gold in fact for one in alternatives
        )
    ]
    assert lacking == []


@pytest.mark.parametrize("name", DATASETS)
def test_answerable_questions_have_gold_lines(name: str, shared_dir: Path, tmp_path: Path) -> None:
    """Those whose evidence is known; and each gold line is a line of the corpus with a text."""
    (dataset,) = load([name], Places(shared_dir, tmp_path))
    assert len(dataset.questions) > 20
    lines: dict[str, list[str]] = {}
    for question in dataset.questions:
        if not name.startswith(
            ("newspolluted", "scifact", "disagreements", "news-dis", "originals-differ")
        ):
            assert bool(question.gold_lines) == question.answerable, question
        for gold in question.gold_lines:
            if gold.path not in lines:
                lines[gold.path] = file_lines(dataset.corpus_dir / gold.path)
            assert lines[gold.path][gold.line - 1].strip(), (question, gold)
