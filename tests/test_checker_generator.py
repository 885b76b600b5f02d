"""The generator of statements for the measurement of the checker: always the same, and honest."""

import re

import pytest

from evals.checker import Score, is_right, scores_of
from evals.corruptions import CORRUPTED, KINDS, SUPPORTED, Case, is_held_out, make_cases
from rag import Document

_TEXT = """The harbour of Ostley was closed by the council for 12 days in April 2021, said Berg.
Anna Berg said on Monday that the town of Penwick would not pay for the {number} boats there.
The report on the ferry company Nordline was published on Friday, which surprised the crew of it.
Berg told Holt that the harbour is safe and that the old bridge at Ostley was never in danger.
Clara Voss and Ian Holt said that ten boats of Seaways were lost, “a sad day for the whole town”.
It is one of many plans that Holt and Voss have made for the quay, the school and the old market.
In March the minister asked Voss for a review of the pumps, which are older than the ferries are.
"""


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [
        Document(
            f"doc-{k}.txt", _TEXT.format(number=20 + k), f"{k:064}", publisher="The Daily Tide"
        )
        for k in range(24)
    ]


@pytest.fixture(scope="module")
def cases(documents: list[Document]) -> list[Case]:
    return make_cases(documents, per_kind=10)


def test_the_same_documents_give_the_same_statements(
    documents: list[Document], cases: list[Case]
) -> None:
    again = make_cases(list(reversed(documents)), per_kind=10)
    assert [(case.text, case.kind, case.line) for case in again] == [
        (case.text, case.kind, case.line) for case in cases
    ]


def test_a_document_is_in_one_half_only(cases: list[Case]) -> None:
    assert {case.held_out for case in cases} == {True, False}
    assert all(case.held_out == is_held_out(case.document.document_id) for case in cases)


def test_no_kind_exceeds_its_number(cases: list[Case]) -> None:
    for kind in KINDS:
        for held_out in (True, False):
            of_kind = [c for c in cases if c.kind == kind and c.held_out == held_out]
            assert len(of_kind) <= 10


def test_kinds_are_true_or_false(cases: list[Case]) -> None:
    assert all(case.supported == (case.kind in SUPPORTED) for case in cases)
    assert {case.kind for case in cases if not case.supported} >= set(CORRUPTED) - {
        "swapped who-did-what"
    }


def test_verbatim_statements_stand_in_their_line(cases: list[Case]) -> None:
    verbatim = [case for case in cases if case.kind == "verbatim"]
    assert verbatim
    assert all(c.text in c.document.lines(c.line, c.line) for c in verbatim)


def test_false_statements_are_not_in_their_line(cases: list[Case]) -> None:
    assert all(
        case.text not in case.document.lines(case.line, case.line)
        for case in cases
        if not case.supported
    )


def test_another_number_is_not_in_the_line(cases: list[Case]) -> None:
    for case in cases:
        if case.kind == "another number":
            line = case.document.lines(case.line, case.line)
            old = set(re.findall(r"\w+", line.lower()))
            assert set(re.findall(r"\w+", case.text.lower())) - old


def test_scores_count_what_is_judged_right(cases: list[Case]) -> None:
    scores = {score.kind: score for score in scores_of(cases, held_out=False)}
    for kind, score in scores.items():
        of_kind = [c for c in cases if c.kind == kind and not c.held_out]
        assert (score.count, score.right) == (len(of_kind), sum(map(is_right, of_kind)))


def test_share_wrong() -> None:
    assert Score("verbatim", supported=True, count=4, right=3).share_wrong == 1 / 4
    assert Score("verbatim", supported=True, count=0, right=0).share_wrong == 0
