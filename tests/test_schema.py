"""Lines and offsets of documents, against an independent count."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.schema import Answer, Document, Filters


def document(text: str, **more: object) -> Document:
    return Document("a.txt", text, "0" * 64, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", [""], id="empty"),
        pytest.param("one", ["one"], id="no final newline"),
        pytest.param("one\n", ["one"], id="final newline"),
        pytest.param("one\n\n", ["one", ""], id="blank last line"),
        pytest.param("\n", [""], id="only a newline"),
        pytest.param("a\x0cb\u2028c\x85d\n", ["a\x0cb\u2028c\x85d"], id="no other line breaks"),
        pytest.param("é\n\nà\n", ["é", "", "à"], id="not ASCII"),
    ],
)
def test_lines(text: str, lines: list[str]) -> None:
    found = document(text)
    assert [found.lines(k, k) for k in range(1, found.line_count + 1)] == lines
    assert found.lines(1, found.line_count) == "\n".join(lines)


@given(st.text(alphabet=st.sampled_from("ab \n\t\x0c\u2028é"), min_size=1))
def test_every_character_is_on_the_line_that_the_line_table_says(text: str) -> None:
    found = document(text)
    for offset, character in enumerate(text):
        line = found.line_at(offset)
        assert line == text[:offset].count("\n") + 1 or character == "\n"
        start, end = found.span(line, line)
        assert start <= offset <= end


def test_lines_are_those_of_sed(tmp_path: Path) -> None:
    text = "first\n\nthird \x0c line\nfourth\u2028still fourth\n"
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8", newline="\n")
    for first, last in [(1, 1), (1, 3), (3, 4), (4, 4)]:
        shown = subprocess.run(
            ["sed", "-n", f"{first},{last}p", str(path)], capture_output=True, check=True
        ).stdout.decode()
        assert document(text).lines(first, last) + "\n" == shown


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 1), (1, 4), (4, 4)])
def test_lines_that_do_not_exist(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="has lines 1-3"):
        document("a\nb\nc").span(first, last)


def test_pages() -> None:
    found = document("a\nb\nc\nd", page_starts=(1, 3))
    assert [found.page_at(line) for line in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert document("a").page_at(1) is None


def test_answer_as_dict_is_json_ready() -> None:
    answer = Answer("q", "q", "t", answered=False, state="refused", as_of=date(2023, 9, 5))
    found = answer.to_dict()
    assert found["as_of"] == "2023-09-05"
    assert found["statements"] == []
    assert set(found["timings_ms"]) == {"condense", "retrieve", "read", "write", "verify", "total"}


def test_filters_are_false_when_empty() -> None:
    assert not Filters()
    assert Filters(publishers=("BBC",))


@pytest.mark.parametrize("name", ["publishers", "documents"])
def test_filters_take_tuples_and_no_string(name: str) -> None:
    with pytest.raises(TypeError, match=rf"Filters\.{name} is a string; give a tuple"):
        Filters(**{name: "The Gull"})  # type: ignore[arg-type]
