"""The question in a long text is found; a short text, and one without a question, stays."""

import pytest

from rag.condensing import without_preamble
from rag.condensing.preamble import LONG_WORDS

STORY = (
    "My brother, who used to work as a locksmith in Leeds, says that the papers get everything "
    "wrong. We had a long argument about it at dinner on Sunday. Bo Lund was shot in Varnes. "
)
LONG = STORY * (LONG_WORDS // 30 + 1)


@pytest.mark.parametrize(
    ("end", "question"),
    [
        pytest.param("Who is Lee Jasper?", "Who is Lee Jasper?", id="at the end"),
        pytest.param("who is Lee Jasper", "who is Lee Jasper", id="without marks or capitals"),
        pytest.param("So my question is: when did the deal end?", "when did the deal end?",
                     id="announced"),
        pytest.param("Who is Lee Jasper? Thank you very much!", "Who is Lee Jasper?", id="thanks"),
        pytest.param("Who is Lee Jasper? When did the deal end? I am curious.",
                     "Who is Lee Jasper? When did the deal end?", id="two"),
        pytest.param("Please summarise the story of the ferry.",
                     "Please summarise the story of the ferry.", id="a request"),
        pytest.param("Did Rowley resign", "Did Rowley resign", id="yes or no"),
        pytest.param("When was he shot?", "Bo Lund was shot in Varnes. When was he shot?",
                     id="leans on the sentence before"),
        pytest.param("\nWho owned the boat?\n\nDo not make anything up.", "Who owned the boat?",
                     id="lines"),
    ],
)  # fmt: skip
def test_the_question_is_found(end: str, question: str) -> None:
    assert without_preamble(LONG + end) == question


def test_the_question_may_stand_first() -> None:
    assert without_preamble("Who owned the boat? " + LONG) == "Who owned the boat?"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("Who left?", id="a question"),
        pytest.param("The FT says 100, the BBC 300. Which is right?", id="a short text"),
        pytest.param(LONG, id="no question"),
        pytest.param(LONG + "Is this true?", id="about the text"),
        pytest.param("Does the article of 'Live: News' say " + "that it is so and " * 20 + "so?",
                     id="one long question"),
    ],
)  # fmt: skip
def test_other_texts_stay(text: str) -> None:
    assert without_preamble(text) == text
