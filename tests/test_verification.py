"""What does not stand in its lines is withheld; what does is cited exactly."""

from dataclasses import replace
from pathlib import Path

import pytest

from rag.markers import ParsedStatement
from rag.schema import Citation, Document, Draft, Evidence, Statement, Withheld
from rag.verification import (
    CitationList,
    citation_problem,
    cite_lines,
    file_shows_quote,
    resolve_citations,
    verify_draft,
)

# Line 1 is a title, 2 is blank, 3 to 5 say something, 5 is boilerplate, 6 is blank.
TEXT = (
    "Harbour bridge closed\n"
    "\n"
    "The repair costs 4.5 million euros. It takes\n"
    "three months.\n"
    "Share This Article\n"
    "   \n"
)
DOCUMENT = Document("news/a.txt", TEXT, "a" * 64, boilerplate=frozenset({5}))
COSTS = "The repair costs 4.5 million euros."


def evidence(
    text: str, first: int, last: int | None = None, document: Document = DOCUMENT
) -> Evidence:
    start = max(document.text.find(text), 0)
    return Evidence(document, first, last or first, start, start + len(text), text, 1.0)


def verify(text: str, *found: Evidence) -> Statement | Withheld:
    return verify_draft(Draft(text, found), CitationList(), confidence=0.5)


def test_a_citation_is_the_lines_and_nothing_but_the_lines() -> None:
    cited = cite_lines(DOCUMENT, 3, 4, number=7)
    assert cited.number == 7
    assert cited.quote == "The repair costs 4.5 million euros. It takes\nthree months."
    assert (cited.start_char, cited.end_char) == (23, 23 + 44 + 1 + 13)
    assert DOCUMENT.text[cited.start_char : cited.end_char] == cited.quote
    assert citation_problem(cited, DOCUMENT) is None


@pytest.mark.parametrize(("first", "last"), [(0, 1), (4, 3), (1, 7), (7, 7)])
def test_lines_that_do_not_exist_cannot_be_cited(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="has lines 1-6"):
        cite_lines(DOCUMENT, first, last, number=1)


GOOD = cite_lines(DOCUMENT, 3, 3, number=1)


@pytest.mark.parametrize(
    ("tampered", "problem"),
    [
        pytest.param(replace(GOOD, quote=GOOD.quote.replace("4.5", "5.4")), "text of", id="digit"),
        pytest.param(replace(GOOD, quote=GOOD.quote + " "), "text of the cited lines", id="space"),
        pytest.param(replace(GOOD, quote=GOOD.quote[:-1]), "text of the cited lines", id="cut"),
        pytest.param(replace(GOOD, quote=""), "text of the cited lines", id="no quote"),
        pytest.param(replace(GOOD, first_line=2), "text of the cited lines", id="a line too many"),
        pytest.param(replace(GOOD, first_line=1, last_line=1), "text of", id="another line"),
        pytest.param(replace(GOOD, start_char=24), "text at its offsets", id="start"),
        pytest.param(replace(GOOD, end_char=GOOD.end_char + 1), "at its offsets", id="end"),
        pytest.param(
            replace(GOOD, start_char=GOOD.start_char - len(TEXT)), "at its offsets", id="negative"
        ),
        pytest.param(replace(GOOD, first_line=0), "has no lines 0-3", id="line 0"),
        pytest.param(replace(GOOD, last_line=99), "has no lines 3-99", id="past the end"),
        pytest.param(replace(GOOD, first_line=4), "has no lines 4-3", id="reversed"),
        pytest.param(replace(GOOD, document_hash="b" * 64), "has changed", id="other version"),
        pytest.param(cite_lines(DOCUMENT, 2, 2, number=1), "blank", id="empty line"),
        pytest.param(cite_lines(DOCUMENT, 6, 6, number=1), "blank", id="only spaces"),
        pytest.param(cite_lines(DOCUMENT, 5, 5, number=1), "not part", id="boilerplate"),
        pytest.param(cite_lines(DOCUMENT, 4, 5, number=1), "not part", id="some boilerplate"),
    ],
)
def test_a_tampered_citation_has_a_problem(tampered: Citation, problem: str) -> None:
    assert problem in str(citation_problem(tampered, DOCUMENT))


def test_a_citation_of_another_version_has_a_problem() -> None:
    newer = replace(DOCUMENT, text=TEXT.replace("4.5", "5.4"), document_hash="b" * 64)
    assert "has changed" in str(citation_problem(GOOD, newer))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(COSTS, evidence(COSTS, 3), id="the sentence"),
        pytest.param("It takes three months.", evidence("It takes\nthree months.", 3, 4), id="two"),
        pytest.param("The repair costs 4.5 million", evidence(COSTS, 3), id="a part of it"),
    ],
)
def test_what_the_lines_say_is_a_statement(text: str, found: Evidence) -> None:
    assert verify(text, found) == Statement(text, (1,), confidence=0.5)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("The repair costs 5 million euros.", evidence(COSTS, 3), id="other number"),
        pytest.param("5 million euros.", evidence(COSTS, 3), id="half of a number"),
        pytest.param("The repair costs 4", evidence(COSTS, 3), id="first half of a number"),
        pytest.param("he repair costs", evidence(COSTS, 3), id="half of a word"),
        pytest.param("the repair costs 4.5 million", evidence(COSTS, 3), id="letter case"),
        pytest.param("It takes three months.", evidence(COSTS, 3), id="on the next line"),
        pytest.param(COSTS, evidence(COSTS, 4), id="line too low"),
        pytest.param(COSTS, evidence(COSTS, 1), id="another line"),
        pytest.param("", evidence(COSTS, 3), id="says nothing"),
        pytest.param(" \n ", evidence(COSTS, 3), id="says only spaces"),
        pytest.param(COSTS, evidence("", 3), id="evidence says nothing"),
        pytest.param(COSTS, evidence("The repair is free.", 3), id="evidence is made up"),
    ],
)
def test_what_the_lines_do_not_say_is_withheld(text: str, found: Evidence) -> None:
    assert verify(text, found) == Withheld(text, "the cited lines do not say this")


@pytest.mark.parametrize(
    ("text", "found", "reason"),
    [
        pytest.param(
            "Share This Article",
            evidence("Share This Article", 5),
            "a cited line is not part of the article",
            id="boilerplate",
        ),
        pytest.param("x", evidence("", 2), "the cited lines are blank", id="blank line"),
        pytest.param("x", evidence("x", 9), "news/a.txt has lines 1-6, not 9-9", id="no line"),
        pytest.param("x", evidence("x", 4, 3), "news/a.txt has lines 1-6, not 4-3", id="reversed"),
    ],
)
def test_lines_that_cannot_be_cited_are_no_support(text: str, found: Evidence, reason: str) -> None:
    assert verify(text, found) == Withheld(text, reason)


def test_a_draft_without_evidence_is_withheld() -> None:
    assert verify(COSTS) == Withheld(COSTS, "no lines are cited")


def test_what_is_withheld_leaves_no_citation() -> None:
    citations = CitationList()
    verify_draft(Draft("It is free.", (evidence(COSTS, 3),)), citations, confidence=1)
    assert citations.citations == []


def other(text: str) -> Evidence:
    document = Document("b.txt", text, "b" * 64)
    return evidence(text, 1, document=document)


@pytest.mark.parametrize(
    ("repeat", "numbers"),
    [
        pytest.param("The repair costs 4.5 million euros, Lund said.", (1, 2), id="more words"),
        pytest.param("It costs 4.5 million euros, the repair.", (1, 2), id="another order"),
        pytest.param("The repair does not cost 4.5 million euros.", (1,), id="denies it"),
        pytest.param("The repair can’t cost 4.5 million euros.", (1,), id="short form of not"),
        pytest.param("Lund denied the repair costs 4.5 million euros.", (1,), id="denied"),
        pytest.param("The repair saves 4.5 million euros.", (1,), id="another word"),
        pytest.param("The repair never costs 4.5 million euros.", (1,), id="never"),
        pytest.param("The repair costs 5.4 million euros.", (1,), id="another number"),
        pytest.param("The repair costs 4.5 million euros in 2024.", (1,), id="a number more"),
    ],
)
def test_a_repeat_is_cited_when_it_says_the_same(repeat: str, numbers: tuple[int, ...]) -> None:
    statement = verify(COSTS, evidence(COSTS, 3), other(repeat))
    assert isinstance(statement, Statement)
    assert statement.citations == numbers


def test_a_repeat_may_name_somebody_otherwise() -> None:
    text = "The Metropolitan Police hired 14 sailors."
    named = Document("c.txt", text, "c" * 64)
    statement = verify(
        text, evidence(text, 1, document=named), other("The Met hired 14 sailors, it said.")
    )
    assert isinstance(statement, Statement)
    assert statement.citations == (1, 2)


def test_one_bad_citation_does_not_take_a_good_one_along() -> None:
    statement = verify(COSTS, evidence(COSTS, 5), evidence(COSTS, 3))
    assert statement == Statement(COSTS, (1,), confidence=0.5)


def test_the_same_lines_keep_their_number() -> None:
    citations = CitationList()
    numbers = [
        verify_draft(Draft(text, (evidence(text, line),)), citations, confidence=1)
        for text, line in ((COSTS, 3), ("three months.", 4), ("It takes", 3))
    ]
    assert [s.citations for s in numbers if isinstance(s, Statement)] == [(1,), (2,), (1,)]
    assert [(c.number, c.first_line) for c in citations.citations] == [(1, 3), (2, 4)]


def test_lines_that_are_cited_twice_for_one_statement_are_named_once() -> None:
    statement = verify(COSTS, evidence(COSTS, 3), evidence(COSTS, 3))
    assert statement == Statement(COSTS, (1,), confidence=0.5)


def test_composed_and_decomposed_letters_are_the_same() -> None:
    document = Document("a.txt", "The cafe\u0301 closed.", "a" * 64)
    found = evidence("The cafe\u0301 closed.", 1, document=document)
    assert isinstance(verify("The caf\u00e9 closed.", found), Statement)


def cited_from(text: str, first: int, last: int, **more: object) -> Citation:
    return cite_lines(Document("a.txt", text, "a" * 64, **more), first, last, number=1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "text", "first", "last"),
    [
        pytest.param(b"one\ntwo\n", "one\ntwo\n", 1, 2, id="plain"),
        pytest.param(b"one\r\ntwo\r\n", "one\ntwo\n", 1, 2, id="CRLF"),
        pytest.param(b"one\ntwo", "one\ntwo", 2, 2, id="no final newline"),
        pytest.param(b"\xef\xbb\xbfone\ntwo\n", "one\ntwo\n", 1, 1, id="byte-order mark"),
        pytest.param(b"one\n\xef\xbb\xbftwo\n", "one\n\ufefftwo\n", 2, 2, id="a mark inside"),
        pytest.param("é\nà\n".encode(), "é\nà\n", 2, 2, id="UTF-8"),
        pytest.param("caf\xe9\nfa\xe7ade\n".encode("cp1252"), "café\nfaçade\n", 1, 2, id="cp1252"),
        pytest.param(b"a\x0cb\xe2\x80\xa8c\nd\n", "a\x0cb\u2028c\nd\n", 1, 1, id="form feed"),
    ],
)
def test_a_file_that_shows_the_quote(
    tmp_path: Path, raw: bytes, text: str, first: int, last: int
) -> None:
    (tmp_path / "a.txt").write_bytes(raw)
    assert file_shows_quote(cited_from(text, first, last), tmp_path)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"one\ntvo\n", id="a letter"),
        pytest.param(b"zero\none\ntwo\n", id="a line more"),
        pytest.param(b"one\n", id="a line less"),
        pytest.param(b"one\ntwo \n", id="a space"),
        pytest.param(b"", id="emptied"),
        pytest.param("one\ntw\xf6\n".encode("cp1252"), id="another encoding"),
        pytest.param(b"one\n\xff\x00\x01\x02\x80\x81\n\x00", id="no text any more"),
        pytest.param(None, id="deleted"),
    ],
)
def test_a_file_that_does_not_show_the_quote(tmp_path: Path, raw: bytes | None) -> None:
    if raw is not None:
        (tmp_path / "a.txt").write_bytes(raw)
    assert not file_shows_quote(cited_from("one\ntwo\n", 2, 2), tmp_path)


def test_a_change_in_an_older_encoding_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("caf\xe9 clos\xe9\n".encode("cp1252"))
    assert not file_shows_quote(cited_from("café ouvert é\n", 1, 1), tmp_path)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    assert not file_shows_quote(cited_from("one\n", 1, 1), tmp_path)


def test_extracted_text_is_not_compared_with_the_file(tmp_path: Path) -> None:
    assert file_shows_quote(cited_from("one\n", 1, 1, rendering="extracted"), tmp_path)


def test_a_range_over_lines_that_were_not_shown_counts_for_nothing() -> None:
    document = Document("a.txt", "One.\n\nTwo.\nThree.\n", "a" * 64)
    shown = {"S1": (document, frozenset({1, 3}))}

    def resolve(first: int, last: int) -> tuple[int, tuple[str, ...]]:
        parsed = ParsedStatement("It.", (("S1", first, last),), "It.")
        cited, unknown = resolve_citations(parsed, shown)
        return len(cited), tuple(unknown)

    assert resolve(1, 3) == (1, ())
    assert resolve(3, 4) == (0, ("[S1:L3-L4]",))
    shown["S1"] = (document, frozenset({1, 4}))
    assert resolve(1, 4) == (0, ("[S1:L1-L4]",))
