"""The article beside the answer: which lines stand there, and which are marked."""

import re
from datetime import date

import pytest

from rag.schema import Document
from rag.ui.article_panel import (
    MAX_LINE_CHARS,
    WINDOW_LINES,
    Place,
    read_place,
    render_article,
    show_article,
    show_lines,
)

LONG = Document(
    "long.txt", "".join(f"Line {n} <b>.\n" for n in range(1, 1_001)), "hash", "A title", "Post",
    published=date(2024, 3, 1), boilerplate=frozenset({4}),
)  # fmt: skip


class OneDocument:
    """An engine that knows one document."""

    def document(self, path: str) -> Document | None:
        return LONG if path == LONG.path else None


ENGINE: object = OneDocument()


def numbers(html: str, name: str = "") -> list[int]:
    """Line numbers of the rows of class `name`, or of all."""
    row = rf'<tr class="{name}"[^>]*>' if name else r"<tr[^>]*>"
    return [int(number) for number in re.findall(row + r'<th scope="row">(\d+)', html)]


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(500, 501, range(498, 504)), (1, 1, range(1, 4)), (1_000, 1_000, range(998, 1_001))],
    ids=["middle", "start", "end"],
)
def test_two_lines_around_the_citation(first: int, last: int, shown: range) -> None:
    html = render_article(LONG, Place("long.txt", first, last), around=2)
    assert numbers(html) == list(shown)
    assert numbers(html, "cited") == list(range(first, last + 1))
    assert "<b>" not in html
    assert ("Earlier lines" in html) == (shown.start > 1)
    assert ("Later lines" in html) == (shown.stop <= 1_000)


def test_a_long_article_is_not_sent_whole() -> None:
    html = show_article(ENGINE, {"document": "long.txt", "first": "500", "last": "500",
                                 "whole": True})  # type: ignore[arg-type]  # fmt: skip
    assert len(numbers(html)) == 2 * WINDOW_LINES + 1
    assert 'data-which="earlier" data-from="1" data-to="199">Earlier lines (199)' in html


def test_further_lines_come_a_window_at_a_time() -> None:
    asked = {"document": "long.txt", "first": 500, "last": 500, "from": 1, "to": 10_000}
    html = show_lines(ENGINE, asked)  # type: ignore[arg-type]
    assert numbers(html) == list(range(1, WINDOW_LINES + 1))
    assert numbers(html, "clutter") == [4]
    assert show_lines(ENGINE, {**asked, "from": 2_000}) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"document": "a", "first": "3", "last": 5}, Place("a", 3, 5)),
        ({"document": "a", "first": "x", "last": None}, Place("a", 1, 1)),
        ({"document": "a", "first": 9, "last": 2, "hash": "h"}, Place("a", 9, 9, "h")),
        ({"first": -4, "last": 10**30}, Place("", 1, 1)),
    ],
    ids=["text", "no numbers", "reversed", "absurd"],
)
def test_places_come_from_outside(sent: dict[str, object], place: Place) -> None:
    read = read_place(sent)
    assert (read.path, read.first, read.document_hash) == (
        place.path, place.first, place.document_hash,
    )  # fmt: skip
    assert read.first <= read.last <= 10**9


def test_lines_past_the_end_and_another_version_are_said() -> None:
    html = render_article(LONG, Place("long.txt", 2_000, 2_001, "older"), around=2)
    assert "There is no line 2001: the article has 1000." in html
    assert "has changed since it was cited" in html
    assert numbers(html, "cited") == [1_000]


def test_an_article_that_is_not_there_is_said() -> None:
    html = show_article(ENGINE, {"document": "<i>.txt"})  # type: ignore[arg-type]
    assert "There is no article &lt;i&gt;.txt in the index." in html


def test_what_was_extracted_says_so() -> None:
    pages = Document("a.pdf", "One\nTwo\nThree\n", "h", rendering="extracted", page_starts=(1, 3))
    html = render_article(pages, Place("a.pdf", 3, 3), around=2)
    assert "the text extracted from the file, page 2" in html


def test_an_endless_line_is_cut_with_its_length() -> None:
    html = render_article(
        Document("a", "x" * (MAX_LINE_CHARS + 7), "h"), Place("a", 1, 1), around=2
    )
    assert "… (7 more characters)" in html
