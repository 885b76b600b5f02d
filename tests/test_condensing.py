"""Questions before they are searched: cleaned, made standalone, and taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.condensing import (
    MAX_PARTS,
    clean_question,
    condense_question,
    is_follow_up,
    split_question,
)
from rag.schema import Message


def user(text: str) -> Message:
    return Message(role="user", content=text)


def assistant(text: str) -> Message:
    return Message(role="assistant", content=text)


@pytest.mark.parametrize(
    ("question", "cleaned"),
    [
        pytest.param("  who\n\tis \r\n he? ", "who is he?", id="white space"),
        pytest.param("who\x00is\x1b[31m he?", "who is [31m he?", id="control characters"),
        pytest.param("Nord\u00adline", "Nordline", id="soft hyphen inside a word"),
        pytest.param("co\u200boperate\ufeff", "cooperate", id="zero width"),
        pytest.param("\u202eabc\u202c", "abc", id="direction override"),
        pytest.param("a\udcffb", "a b", id="half of a surrogate pair"),
        pytest.param("naïve “quote” – 5€", "naïve “quote” – 5€", id="visible ones stay"),
        pytest.param("\x00\u200b\n", "", id="nothing visible"),
        pytest.param("a\u2028b\x85c\u00a0d", "a b c d", id="other line breaks"),
    ],
)
def test_clean_question(question: str, cleaned: str) -> None:
    assert clean_question(question) == cleaned


@given(st.text(max_size=80))
def test_a_cleaned_question_is_one_line_that_can_be_printed(question: str) -> None:
    cleaned = clean_question(question)
    assert cleaned == clean_question(cleaned)
    assert cleaned.encode("utf-8").decode("utf-8") == " ".join(cleaned.split())


@pytest.mark.parametrize(
    ("question", "follows"),
    [
        pytest.param("Why?", True, id="short"),
        pytest.param("And who paid for the new cable in the end?", True, id="starts with and"),
        pytest.param("What about the shops in the old town centre?", True, id="what about"),
        pytest.param("How much did it cost the city council?", True, id="it"),
        pytest.param("What did the second report say about this?", True, id="second, this"),
        pytest.param("How many cars use the harbour bridge each day?", False, id="standalone"),
        pytest.param("Which items were in the whittled list of things?", False, id="no whole word"),
    ],
)
def test_is_follow_up(question: str, follows: bool) -> None:
    assert is_follow_up(question) is follows


FERRY = "How many boats did Nordline add?"


@pytest.mark.parametrize(
    ("question", "history", "standalone"),
    [
        pytest.param("And why?", [user(FERRY)], f"{FERRY} And why?", id="follow-up"),
        pytest.param("And why?", [], "And why?", id="no history"),
        pytest.param(
            "Who found a crack in the main cable?",
            [user(FERRY)],
            "Who found a crack in the main cable?",
            id="a question of its own",
        ),
        pytest.param(
            "And why?",
            [user(FERRY), assistant("Nordline hired 900 spies.")],
            f"{FERRY} And why?",
            id="an answer is never carried over",
        ),
        pytest.param(
            "And why?", [user("Who is Mia Holm?"), user(FERRY)], f"{FERRY} And why?", id="the last"
        ),
        pytest.param("And why?", [assistant("Hello.")], "And why?", id="only the assistant"),
        pytest.param("And why?", [user("\x00\n")], "And why?", id="an empty turn"),
        pytest.param(
            "And why?", [user("How\x00many\nboats?")], "How many boats? And why?", id="cleaned"
        ),
    ],
)
def test_condense_question(question: str, history: list[Message], standalone: str) -> None:
    assert condense_question(question, history) == standalone


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        pytest.param("Who was shot?", ["Who was shot?"], id="one"),
        pytest.param(
            "Who was shot? When was the trial?",
            ["Who was shot?", "When was the trial?"],
            id="two sentences",
        ),
        pytest.param(
            "What did Lund say; what did Reyes say?",
            ["What did Lund say;", "what did Reyes say?"],
            id="semicolon",
        ),
        pytest.param(
            "Who closed the bridge, and how much does it cost?",
            ["Who closed the bridge", "how much does it cost?"],
            id="and with a question word",
        ),
        pytest.param(
            "Who closed the bridge and also when was it opened?",
            ["Who closed the bridge", "when was it opened?"],
            id="and also",
        ),
        pytest.param(
            "Did Holm and Lund meet the engineers?",
            ["Did Holm and Lund meet the engineers?"],
            id="two names",
        ),
        pytest.param(
            "Who and when and why and how?", ["Who and when and why and how?"], id="too short"
        ),
        pytest.param("Is it 5 p.m.? Yes?", ["Is it 5 p.m.? Yes?"], id="a short second part"),
        pytest.param("", [""], id="empty"),
    ],
)
def test_split_question(question: str, parts: list[str]) -> None:
    assert split_question(question) == parts


def test_many_questions_are_few_searches() -> None:
    asked = [f"Who is person {number}?" for number in range(200)]
    parts = split_question(" ".join(asked))
    assert len(parts) == MAX_PARTS
    assert parts[: MAX_PARTS - 1] == asked[: MAX_PARTS - 1]
    assert parts[-1] == " ".join(asked[MAX_PARTS - 1 :])


@given(st.text(alphabet=st.sampled_from("who did andisb ?;,"), min_size=1, max_size=120))
def test_no_word_but_and_is_lost(question: str) -> None:
    parts = split_question(question)
    kept = [word for part in parts for word in part.split()]
    dropped = {",", "and", "also", "plus", "&"}
    words = [word.rstrip(",") for word in question.split() if word.rstrip(",") not in dropped]
    assert [w.rstrip(",") for w in kept if w.rstrip(",") not in dropped] == words
    assert 1 <= len(parts) <= MAX_PARTS
