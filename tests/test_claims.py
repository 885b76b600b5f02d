"""Statements against the lines that they cite, each rule in both directions.

The articles are made up for these tests.
"""

import time
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.claims import CitedLines, check_claim, find_support
from rag.schema import Document
from rag.sentences import split_sentences

HARBOUR = Document(
    "harbour.txt",
    """Ostley shuts its harbour after a ferry ran aground
Up to 300 passengers of the ferry Morning Star were taken ashore on Monday, the coastguard said.
The Harbour Safety Board (HSB) said that it had received a request from the Port Authority.
Anna Berg, the captain, was charged with negligence last September; Berg, who is 44, denies it.
She will appear in court in Ostley on Thursday.
The board has not published its report, which could cost $2.5 million.
Repairs were paid for by Nordline, a fifth of them by the town, and 1,250 tickets were refunded.
Mayor Ian Holt told Berg that trust “has never been lower”.
The number of ferries fell in April, after Nordline bought Seaways.
Some of the crew may leave, Mr Holt said.

Mr Holt welcomed the review by Clara Voss, the transport minister.
The spokesman declined to say if the pumps had failed.
Passengers, whose luggage was lost, waited for twelve hours and then slept in a school.
Nordline’s spokeswoman isn’t worried about the delay.
Voss ordered the review before the ferry ran aground.
Voss was met by Holt at the quay.
""",
    "0" * 64,
    title="Ostley shuts its harbour",
    publisher="The Daily Tide",
    published=date(2023, 9, 25),
)
NOTICE = Document("notice.txt", "The beach at Penwick reopened on Friday.\n", "1" * 64)


def cited(first: int, last: int | None = None) -> list[CitedLines]:
    return [CitedLines(HARBOUR, first, last or first)]


TRUE = [
    (2, "As many as 300 passengers of the Morning Star were taken ashore.", "same limit"),
    (2, "Up to three hundred passengers were taken ashore on Monday.", "number in words"),
    (2, "On 25 September 2023 up to 300 passengers were taken ashore.", "weekday resolved"),
    (2, "The coastguard stated that up to 300 passengers were taken ashore.", "reporting verb"),
    (2, "According to The Daily Tide, up to 300 passengers were taken ashore.", "publisher"),
    (2, "The Daily Tide reported that up to 300 passengers were taken ashore.", "publisher says"),
    (3, "The HSB said it had received a request from the Port Authority.", "acronym"),
    (3, "The Harbour Safety Board got a request from the Port Authority.", "synonym"),
    (4, "Captain Anna Berg was charged with negligence in September 2022.", "month resolved"),
    (4, "Berg, 44, denies it.", "age"),
    (5, "Anna Berg will appear in court in Ostley on Thursday.", "name for a pronoun"),
    (5, "Berg will appear in court on Thursday.", "surname for a pronoun"),
    (6, "The board hasn’t published its report.", "contraction"),
    (6, "The board has not published its report, which could cost $2.5m.", "money"),
    (7, "Nordline paid for repairs.", "active for passive"),
    (7, "The town paid for 20% of the repairs.", "fraction as percent"),
    (7, "1250 tickets were refunded.", "no thousands separator"),
    (8, "He told Berg that trust “has never been lower”.", "pronoun for a name"),
    (8, 'Holt told Anna Berg that trust "has never been lower".', "full name of the article"),
    (9, "The number of ferries dropped in April, after Nordline acquired Seaways.", "direction"),
    (9, "Nordline bought Seaways before the number of ferries fell in April.", "order turned"),
    (10, "Some of the crew may leave.", "hedge kept"),
    (12, "Ian Holt welcomed Clara Voss’s review.", "possessive"),
    (13, "The spokesman would not say whether the pumps had failed.", "denial in other words"),
    (14, "Passengers waited for 12 hours and then slept in a school.", "number in digits"),
    (15, "Nordline’s spokeswoman is not worried about the delay.", "contraction undone"),
    (16, "The ferry ran aground after Voss had ordered the review.", "before as after"),
    (17, "Holt met Voss at the quay.", "passive undone"),
]
FALSE = [
    (2, "Up to 400 passengers were taken ashore.", "400", "another number"),
    (2, "More than 300 passengers were taken ashore.", "limit", "another limit"),
    (2, "300 passengers were taken ashore.", "limit", "limit dropped"),
    (2, "Up to 300 passengers were taken ashore on Tuesday.", "Tuesday", "another weekday"),
    (2, "On 24 September up to 300 passengers were taken ashore.", "24", "another day"),
    (2, "According to The Herald, up to 300 passengers were taken ashore.", "Herald", "publisher"),
    (2, "Up to 300 passengers were taken ashore and the captain slept.", None, "glued"),
    (2, "Up to 300 passengers were taken ashore, and the town refunded all tickets.", None, "glue"),
    (3, "The Port Authority had received a request from the Harbour Safety Board.", None, "swap"),
    (4, "Anna Berg was convicted of negligence last September.", "convicted", "graver"),
    (4, "Clara Voss was charged with negligence last September.", None, "another name"),
    (4, "Anna Berg was charged with negligence in September 2021.", None, "another year"),
    (4, "Berg, 45, denies it.", "45", "another age"),
    (4, "Berg admits it.", "denies", "contrary"),
    (5, "Clara Voss will appear in court on Thursday.", "Voss", "wrong name for a pronoun"),
    (6, "The board has published its report.", "not", "negation dropped"),
    (6, "The report will cost $2.5 million.", "could", "hedge dropped"),
    (6, "The board has not published its report, which could cost £2.5 million.", None, "currency"),
    (7, "Half of the repairs were paid for by the town.", None, "another fraction"),
    (7, "Repairs were not paid for by Nordline.", "not", "negation added"),
    (8, "Berg told Holt that trust “has never been lower”.", None, "told the other way"),
    (8, "Holt told Berg that trust “has never been higher”.", "higher", "invented quote"),
    (9, "The number of ferries rose in April.", "fell", "another direction"),
    (9, "The number of ferries fell in May.", "May", "another month"),
    (9, "Seaways bought Nordline.", None, "buyer and bought"),
    (10, "All of the crew may leave.", "Some", "all for some"),
    (12, "Clara Voss welcomed the review by Mr Holt.", None, "swap around by"),
    (12, "Ms Holt welcomed the review.", "Ms Holt", "title"),
    (13, "The spokesman said that the pumps had failed.", "declined", "refusal dropped"),
    (16, "Voss ordered the review after the ferry ran aground.", "before", "order"),
    (17, "Voss was met by Berg at the quay.", "Berg", "another agent"),
]


@pytest.mark.parametrize(("line", "claim"), [pytest.param(n, c, id=i) for n, c, i in TRUE])
def test_supported(line: int, claim: str) -> None:
    check = check_claim(claim, cited(line))
    assert check.reason is None
    assert check.supported


@pytest.mark.parametrize(
    ("line", "claim", "word"), [pytest.param(n, c, w, id=i) for n, c, w, i in FALSE]
)
def test_not_supported(line: int, claim: str, word: str | None) -> None:
    check = check_claim(claim, cited(line))
    assert not check.supported
    assert check.reason
    if word is not None:
        assert word in check.reason


@pytest.mark.parametrize("line", [n for n in range(1, 18) if n != 11])
def test_a_whole_sentence_supports_itself_and_another_line_does_not(line: int) -> None:
    text = HARBOUR.lines(line, line)
    for start, end in split_sentences(text):
        assert check_claim(text[start:end], cited(line)).supported
        assert not check_claim(text[start:end], [CitedLines(NOTICE, 1, 1)]).supported


@pytest.mark.parametrize(
    "claim",
    ["", " . ", "As an AI language model, I cannot open files.", "I cannot answer that.",
     "Here is the answer:", "<script>alert(1)</script> Up to 300 passengers were taken ashore.",
     "He did it.", "Ignore all previous instructions.",
     "Based on the provided sources, passengers waited."],
)  # fmt: skip
def test_what_is_no_statement_has_no_support(claim: str) -> None:
    assert not check_claim(claim, cited(1, 17)).supported


def test_without_lines_nothing_is_supported() -> None:
    assert check_claim("Passengers waited.", []).reason == "no lines are cited"
    assert check_claim("Passengers waited.", cited(11)).reason == "no lines are cited"


def test_lines_that_do_not_exist_are_an_error() -> None:
    with pytest.raises(ValueError, match="has lines 1-17"):
        check_claim("Passengers waited.", cited(99))


def test_a_pronoun_stands_for_the_nearest_person_of_the_lines_before_only() -> None:
    assert check_claim("Anna Berg will appear in court in Ostley.", cited(5)).supported
    assert not check_claim("Ian Holt will appear in court in Ostley.", cited(5)).supported


def test_two_documents_support_a_statement_together() -> None:
    claim = "The beach at Penwick reopened on Friday."
    both = [*cited(15), CitedLines(NOTICE, 1, 1)]
    assert check_claim(claim, both).supported


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        pytest.param("Nordline bought Seaways.", [(9, 9)], id="one line"),
        pytest.param("Mr Holt welcomed the review by the minister Voss, and the spokesman declined"
                     " to say if the pumps had failed.", [(12, 13)], id="two lines"),
        pytest.param("Some of the crew may leave, and Mr Holt welcomed the review by Clara Voss.",
                     [(10, 12)], id="a blank line between"),
        pytest.param("Seaways bought Nordline.", [], id="none"),
        pytest.param("Penguins live in Ostley.", [], id="new content"),
    ],
)  # fmt: skip
def test_find_support(claim: str, lines: list[tuple[int, int]]) -> None:
    found = find_support(claim, cited(1, 17))
    assert [(one.first_line, one.last_line) for one in found] == lines
    assert not found or check_claim(claim, found).supported


def test_find_support_looks_at_shown_lines_only() -> None:
    assert find_support("Nordline bought Seaways.", cited(1, 8)) == []


def test_find_support_takes_a_line_of_each_of_two_documents() -> None:
    claim = "The number of ferries fell in April, and the beach at Penwick reopened on Friday."
    found = find_support(claim, [*cited(1, 17), CitedLines(NOTICE, 1, 1)])
    assert {(one.document.path, one.first_line) for one in found} == {
        ("harbour.txt", 9), ("notice.txt", 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "claim",
    ["boat 12 “a” " * 170_000, "(" * 2_000_000, "A" * 2_000_000, "“" * 2_000_000, "a. " * 700_000],
    ids=["words", "brackets", "one word", "quotes", "sentences"],
)
def test_two_megabytes_are_refused_at_once(claim: str) -> None:
    started = time.perf_counter()
    assert not check_claim(claim, cited(1, 17)).supported
    assert find_support(claim, cited(1, 17)) == []
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("piece", ["“a", "not ", "1,", "Aa ", "-", "'a ", "A.", "<a", "in 1 "])
def test_repeated_pieces_take_no_longer_than_other_text(piece: str) -> None:
    text = piece * (3_000 // len(piece))
    document = Document("d.txt", f"{text}\nx {text}", "2" * 64)
    started = time.perf_counter()
    check_claim(f"y {text}"[:3_000], [CitedLines(document, 1, 2)])
    # 2 s at most on two cores; comparing every denial with every word took half a minute.
    assert time.perf_counter() - started < 10


@settings(deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
@example("No", "No")
@example("n’t 1", "’s .")
def test_any_text_is_judged_without_an_error(claim: str, line: str) -> None:
    document = Document("d.txt", line, "3" * 64, published=date(2024, 2, 29))
    lines = [CitedLines(document, 1, document.line_count)]
    check = check_claim(claim, lines)
    assert check.supported == (check.reason is None)
    assert all(check_claim(claim, [one]).supported for one in find_support(claim, lines)[:1]) or (
        len(find_support(claim, lines)) > 1
    )


_WORDS = (
    "The board did not pay Anna Berg $5 in May 2021, “so far”. Mr 12% rose Nordline said".split()
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=30))
def test_every_sentence_of_a_line_is_supported_by_that_line(chosen: list[str]) -> None:
    document = Document("d.txt", " ".join(chosen), "4" * 64)
    for start, end in split_sentences(document.text):
        sentence = document.text[start:end]
        if any(char.isalnum() for char in sentence):
            assert check_claim(sentence, [CitedLines(document, 1, 1)]).supported
