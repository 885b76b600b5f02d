"""Drafts out of evidence, and the text of an answer out of checked statements."""

from datetime import date

import pytest

from rag.schema import Citation, Document, Evidence, Statement
from rag.synthesis import draft_extracts, format_date, render_answer, source_label


def evidence(text: str, document_id: str = "a.txt") -> Evidence:
    document = Document(document_id, text, "0" * 64)
    return Evidence(document, 1, document.line_count, 0, len(text), text, 1.0)


def citation(
    number: int, *, publisher: str | None = None, published: date | None = None
) -> Citation:
    return Citation(
        number, "a/b.txt", "a/b.txt", "Title", publisher, published, 1, 1, "Quote.", 0, 6, "0" * 64
    )


@pytest.mark.parametrize(
    ("day", "text"),
    [
        pytest.param(date(2023, 9, 5), "5 September 2023", id="no leading zero"),
        pytest.param(date(2024, 12, 31), "31 December 2024", id="two digits"),
        pytest.param(None, "undated", id="none"),
    ],
)
def test_format_date(day: date | None, text: str) -> None:
    assert format_date(day) == text


@pytest.mark.parametrize(
    ("cited", "label"),
    [
        pytest.param(
            citation(1, publisher="BBC News", published=date(2023, 9, 25)),
            "BBC News, 25 September 2023",
            id="publisher and date",
        ),
        pytest.param(citation(1, publisher="BBC News"), "BBC News, undated", id="no date"),
        pytest.param(citation(1), "a/b.txt, undated", id="no publisher: the path"),
    ],
)
def test_source_label(cited: Citation, label: str) -> None:
    assert source_label(cited) == label


def test_a_draft_is_the_first_sentence_of_its_group_in_one_line() -> None:
    first, repeat = evidence("It  rose\nby 5%."), evidence("It rose by 5%.", "b.txt")
    other = evidence("It fell.")
    drafts = draft_extracts([[first, repeat], [other]])
    assert [draft.text for draft in drafts] == ["It rose by 5%.", "It fell."]
    assert [draft.evidence for draft in drafts] == [(first, repeat), (other,)]


def test_no_evidence_makes_no_draft() -> None:
    assert draft_extracts([]) == []


def test_render_answer() -> None:
    bbc = citation(1, publisher="BBC News", published=date(2023, 9, 25))
    guardian = citation(2, publisher="The Guardian", published=date(2023, 9, 26))
    text = render_answer(
        [Statement("It rose.", (1, 2)), Statement("It fell.", (2,))], [bbc, guardian]
    )
    assert text == (
        "It rose. (BBC News, 25 September 2023; The Guardian, 26 September 2023) [1][2]\n"
        "It fell. (The Guardian, 26 September 2023) [2]"
    )


def test_a_source_that_is_cited_twice_is_named_once() -> None:
    cited = [citation(1, publisher="BBC News"), citation(2, publisher="BBC News")]
    assert render_answer([Statement("It rose.", (1, 2))], cited) == (
        "It rose. (BBC News, undated) [1][2]"
    )


def test_a_number_without_a_citation_is_an_error() -> None:
    with pytest.raises(KeyError):
        render_answer([Statement("It rose.", (2,))], [citation(1)])
