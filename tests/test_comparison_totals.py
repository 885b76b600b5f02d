"""What counts something else than the question asks to be counted."""

import pytest

from rag.comparison import without_totals
from rag.schema import Document, Evidence

DID = "More than 100 officers have handed in their permits."
RESIGNED = "Hundreds of officers have resigned in recent days."
ARE, HAD = (
    "Armed officers number more than 2,500.",
    "The force had 2,595 firearms officers in April.",
)
NONE = "The officers handed in their permits in protest."


def group(text: str) -> list[Evidence]:
    document = Document("a.txt", f"{text}\n", "0" * 64)
    return [Evidence(document, 1, 1, 0, len(text), text, 1.0)]


def kept(question: str, *texts: str) -> list[str]:
    return [one[0].text for one in without_totals(question, [group(text) for text in texts])]


@pytest.mark.parametrize(
    "question", ["How many handed in their permits?", "how many officers stepped back"]
)
def test_how_many_there_are_is_left_out(question: str) -> None:
    assert kept(question, ARE, DID, HAD, RESIGNED, NONE) == [DID, RESIGNED, NONE]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("How many armed officers are there?", id="no act is asked about"),
        pytest.param("Why did officers hand in their permits?", id="no number is asked for"),
        pytest.param("", id="nothing is asked"),
    ],
)
def test_other_questions_keep_all(question: str) -> None:
    assert kept(question, ARE, DID, HAD) == [ARE, DID, HAD]


def test_where_nothing_counts_the_act_all_is_kept() -> None:
    assert kept("How many handed in their permits?", ARE, HAD, NONE) == [ARE, HAD, NONE]
    assert kept("How many handed in their permits?") == []
