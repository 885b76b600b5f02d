"""What the browser sends and keeps, read with suspicion."""

import json
from datetime import date
from typing import Any

import pytest
from made_up_answers import disputed

from rag.schema import Document, Filters
from rag.store import DocumentSummary
from rag.ui.conversations import (
    MAX_HISTORY,
    RequestError,
    describe_filters,
    example_questions,
    make_record,
    read_answer,
    read_answers,
    read_filters,
    read_history,
    read_request,
    restrict,
)

DOCUMENT = Document("a.txt", "One.\nTwo.\n", "h", "Title", "Post", published=date(2024, 1, 2))


def summary(name: str, title: str | None, publisher: str | None = None, day: int = 1) -> Any:
    return DocumentSummary(name, title, publisher, date(2024, 1, day), 10)


def test_a_record_becomes_the_same_answer_again() -> None:
    answer = disputed(DOCUMENT, DOCUMENT, (1, 2))
    record = json.loads(json.dumps(make_record(answer)))
    assert read_answers([record]) == [answer]
    assert record["question"] == answer.question


@pytest.mark.parametrize("data", [None, 3, [], {}, {"question": 1}, "text", {"text": None}])
def test_what_is_no_answer_is_none(data: Any) -> None:
    assert read_answer(data) is None
    assert read_answers([{"answer": data}, data]) == [None, None]


def test_history_keeps_the_newest_messages() -> None:
    sent: list[Any] = [{"role": "user", "content": str(n)} for n in range(50)]
    sent += [{"role": "assistant", "content": "x" * 10_000}, {"content": 3}, "no message"]
    read = read_history(sent)
    assert len(read) == MAX_HISTORY - 2
    assert read[-1]["role"] == "assistant"
    assert len(read[-1]["content"]) == 4_000
    assert read_history("nothing") == ()


def test_filters() -> None:
    filters, known_by = read_filters(
        {"publishers": ["Post", 3], "from": "2024-01-01", "to": "2024-02-01",
         "known_by": "2024-03-01"}
    )  # fmt: skip
    assert filters == Filters(("Post",), (), date(2024, 1, 1), date(2024, 2, 1))
    assert known_by == date(2024, 3, 1)
    assert read_filters({}) == (Filters(), None)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"from": "2024-13-01"}, "“2024-13-01” is not a date"),
        ({"from": "2024-02-02", "to": "2024-02-01"}, "No day is from 2024-02-02"),
    ],
    ids=["no date", "empty period"],
)
def test_filters_that_cannot_be_used_are_said(sent: dict[str, str], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        read_filters(sent)


def test_filters_in_words_and_as_one() -> None:
    sent = {"publishers": ["Post", "Courier"], "from": "2024-01-01", "known_by": "2024-03-01"}
    assert describe_filters(sent) == (
        "Post or Courier; published from 1 January 2024; known by 1 March 2024"
    )
    assert describe_filters({"from": "soon"}) == describe_filters(None) == ""
    filters = restrict(*read_filters({**sent, "to": "2024-06-01"}))
    assert filters.published_to == date(2024, 3, 1)
    assert restrict(Filters(), None) == Filters()


def test_a_request_is_cut_to_what_the_engine_reads() -> None:
    request = read_request({"question": "x" * 9_000, "turn": "no", "ticket": 5}, max_chars=4_000)
    assert len(request.question) == 4_001  # one more than is read, so that the engine says so
    assert request.turn == 0
    assert request.ticket == "5"


def test_examples_are_of_different_publishers_and_the_newest_first() -> None:
    found = example_questions(
        [summary("a", "Old", "Post", 1), summary("b", "New", "Post", 3), summary("c", None, "Post"),
         summary("d", "Other", "Courier", 2), summary("e", "Nobody's", None, 2)],
        count=3,
    )  # fmt: skip
    assert found == [
        "What does Post report about “New”?",
        "What is reported about “Nobody's”?",
        "What does Courier report about “Other”?",
    ]
    assert example_questions([]) == []
    long = example_questions([summary("a", "word " * 60, "Post")])[0]
    assert len(long) < 160
    assert long.endswith(" …”?")
