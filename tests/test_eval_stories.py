"""Invented stories and digests: every line that a question names is there."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from evals.sources import FOLDER, papers, wires

STORIES = FOLDER / "stories"


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a data set."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@cache
def text_lines(path: Path) -> dict[int, str]:
    """Line number -> line, of the title and below the front matter."""
    lines = path.read_text(encoding="utf-8").split("\n")
    end = lines.index("---", 1) + 1
    numbered = enumerate(lines, 1)
    return {n: line for n, line in numbered if line.startswith("title:") or (n > end and line)}


def missing(folder: str, lines: Iterator[tuple[str, int]]) -> list[tuple[str, int]]:
    """The lines that the articles of a folder do not have."""
    return [(path, line) for path, line in lines if line not in text_lines(STORIES / folder / path)]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_lines_of_stories_are_there(split: str) -> None:
    chosen = [row for row in rows("story_questions.jsonl") if row["split"] == split]
    lines = ((path, line) for row in chosen for v in row["values"] for path, line in v["lines"])
    assert chosen
    assert missing(split, lines) == []


@pytest.mark.parametrize(
    ("file", "folder"),
    [("wire_questions.jsonl", f"wires-{split}") for split in ("dev", "train", "test")]
    + [("paper_questions.jsonl", "papers")],
)
def test_answers_stand_in_their_lines(file: str, folder: str) -> None:
    split = "train" if folder == "papers" else folder.removeprefix("wires-")
    chosen = [row for row in rows(file) if row["split"] == split]
    answers = [(row["id"], a) for row in chosen for v in row["values"] for a in v["answers"]]
    lacking = [
        (name, answer)
        for name, answer in answers
        if answer["answer"] not in text_lines(STORIES / folder / answer["path"]).get(
            answer["line"], "")
    ]  # fmt: skip
    assert answers
    assert lacking == []


def test_kinds_of_questions_with_answers() -> None:
    assert [q.kind for q in wires("test")].count("false_alarm") == 18
    for question in [*wires("dev"), *wires("train"), *wires("test"), *papers()]:
        assert question.differ == (question.kind not in ("plain", "false_alarm"))
        assert (len(question.differing) > 1) == (question.kind != "plain")


def test_lines_of_talks_over_stories_are_there() -> None:
    folders = {"town": "town", "wires": "wires-dev"}
    for corpus, folder in folders.items():
        talks = [row for row in rows("talks.jsonl") if row["corpus"] == corpus]
        lines = ((path, line) for row in talks for turn in row["turns"]
                 for path, line in turn["gold"])  # fmt: skip
        assert talks
        assert missing(folder, lines) == []


def test_lines_of_digest_questions_are_there() -> None:
    corpus = FOLDER.parent.parent / "corpus"
    chosen = rows("digest_questions.jsonl")
    lines = [(row["id"], path, line) for row in chosen for v in row["values"]
             for path, line in v["lines"]]  # fmt: skip
    text = {path: (corpus / path).read_text(encoding="utf-8").split("\n") for _, path, _ in lines}
    assert [place for place in lines if not text[place[1]][place[2] - 1].strip()] == []
    asked = [row["question"].casefold().strip(" ?") for row in chosen]
    old = {row["question"].casefold().strip(" ?") for row in rows("disagreements.jsonl")}
    assert len(set(asked)) == len(asked)
    assert not old & set(asked)
    assert {row["split"] + row["id"][0] for row in chosen} == {"deva", "devb", "testc"}
    assert all(len(row["values"]) > 1 for row in chosen)
