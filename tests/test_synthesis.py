"""Drafts out of evidence, and the text of an answer out of checked statements."""

from dataclasses import replace
from datetime import date

import pytest

from rag.schema import Citation, Document, Evidence, Statement
from rag.synthesis import draft_extracts, format_date, render_answer, source_label
from rag.synthesis.lists import MAX_ITEMS
from rag.verification import CitationList, verify_draft


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


LISTS = {
    "marked": ("These forces sent officers:\n\n- Kent\n- Essex\n\nMore came later.\n", 4),
    "marked, blank lines between": ("They sent officers:\n\n• Kent\n\n• Essex\n\nMore came.\n", 5),
    "numbered": ("He gave reasons:\n1. It was late. It rained.\n2) It was cold.\nHe left.\n", 3),
    "an item goes on": ("It has two parts:\n- a boat that is\n  old\n- a mast\nEnd here.\n", 4),
    "plain": ("These forces sent officers:\n\nKent\n\nEssex\n\nThe Met thanked them all.\n", 5),
    "plain, the last ends": ("They sent officers:\nKent;\nEssex; and\nSussex.\nThe end.\n", 4),
    "a heading after": ("They sent officers:\nKent\nEssex\n\nWhat happens next\n\nIt ends.\n", 3),
    "words": ("The force said:\n\n“We thank you. We do.” It gave no date.\n", 3),
    "a sentence": ("Here is what is known:\n\nThe boat sank. It was old.\n", 3),
    "nothing": ("These forces sent officers:\n", 1),
    "a heading": ("These forces sent officers:\n\n## More\n\nKent\n", 1),
    "far away": ("These forces sent officers:\n\n\n\nKent\n", 1),
    "no colon": ("These forces sent officers\n- Kent\n", 1),
}  # fmt: skip


@pytest.mark.parametrize(("text", "last_line"), LISTS.values(), ids=LISTS.keys())
def test_a_lead_in_is_quoted_with_what_it_leads_to(text: str, last_line: int) -> None:
    document = Document("a.txt", text, "0" * 64)
    end = text.index("\n")
    item = Evidence(document, 1, 1, 0, end, text[:end], 1.0, answer_words=(0, 2))
    [draft] = draft_extracts([[item]])
    whole = draft.evidence[0]
    assert (whole.first_line, whole.last_line) == (1, last_line)
    assert whole.text == text[: whole.end_char]
    assert draft.text == " ".join(whole.text.split())
    assert draft.answer_words == (0, 2)
    statement = verify_draft(draft, CitationList(), confidence=1.0)
    assert isinstance(statement, Statement)


def test_what_is_quoted_of_somebody_ends_with_it() -> None:
    text = "The force said:\n\n“We thank you. We do.” It gave no date.\n"
    item = Evidence(Document("a.txt", text, "0" * 64), 1, 1, 0, 15, text[:15], 1.0)
    [draft] = draft_extracts([[item]])
    assert draft.text == "The force said: “We thank you. We do.”"


def test_a_list_stops_at_the_limit_and_at_what_is_no_part_of_the_article() -> None:
    text = "They came:\n" + "".join(f"- Number {number}\n" for number in range(40))
    item = Evidence(Document("a.txt", text, "0" * 64), 1, 1, 0, 10, text[:10], 1.0)
    assert draft_extracts([[item]])[0].evidence[0].last_line == 1 + MAX_ITEMS
    marked = replace(item, document=replace(item.document, boilerplate=frozenset({4})))
    assert draft_extracts([[marked]])[0].evidence[0].last_line == 3


def test_an_item_is_not_quoted_beside_its_list() -> None:
    text = "They came:\n- Ann Lee\n- Bo Ek\n"
    document = Document("a.txt", text, "0" * 64)
    lead = Evidence(document, 1, 1, 0, 10, text[:10], 1.0)
    start = text.index("- Bo")
    bo = Evidence(document, 3, 3, start, start + 7, text[start : start + 7], 2.0)
    assert [d.text for d in draft_extracts([[bo], [lead]])] == ["They came: - Ann Lee - Bo Ek"]


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
