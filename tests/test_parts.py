"""Two question words in one question are two questions, where each can be made whole."""

import pytest

from rag.condensing import split_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Where was Bo Lund shot, and when?", "Where was Bo Lund shot?|When was Bo Lund shot?"),
        ("Where and when was Bo Lund shot?", "Where was Bo Lund shot?|When was Bo Lund shot?"),
        ("who shot Bo Lund and why", "who shot Bo Lund?|Why was Bo Lund shot?"),
        ("How many men left Lom, and why?", "How many men left Lom?|Why did men leave Lom?"),
        ("Which forces sent men and when?", "Which forces sent men?|When did forces send men?"),
        ("Who was arrested, and why?", "Who was arrested?|Why was somebody arrested?"),
        ("What did Lund say of it and when?",
         "What did Lund say of it?|When did Lund say something of it?"),
        ("Did the army leave, and when exactly?", "Did the army leave?|When did the army leave?"),
        ("Who is Lund and where was he shot, and when?",
         "Who is Lund|where was he shot?|When was he shot?"),
    ],
)  # fmt: skip
def test_a_bare_question_word_takes_the_question_along(question: str, parts: str) -> None:
    assert split_question(question) == parts.split("|")


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Who is Bo Lund, and why?", id="nothing happens"),
        pytest.param("Did he say when and where he left?", id="inside"),
        pytest.param("When and where?", id="bare"),
        pytest.param("Rock and how", id="no question"),
        pytest.param("", id="empty"),
    ],
)
def test_others_stay_whole(question: str) -> None:
    assert split_question(question) == [question]
