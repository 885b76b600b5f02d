"""Mistyped words that ask are spelt; everything else stays as it was typed."""

from collections.abc import Collection

import pytest

from rag.condensing import mend_asking

KNOWN = frozenset("officers army police review story bbc ft".split())


def unknown_words(text: str) -> Collection[str]:
    return [word for word in text.split() if word not in KNOWN]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat happend?", "what happened?"),
        ("sumarize teh story", "summarize the story"),
        ("Waht did teh FT say", "What did the FT say"),
        ("wen did it start", "when did it start"),
        ("whihc officers", "which officers"),
        ("acording to the bbc", "according to the bbc"),
        ("the differnce betwen them", "the difference between them"),
        ("compre the BBC and the FT", "compare the BBC and the FT"),
        ("a breif sumary", "a brief summary"),
        ("thnaks", "thanks"),
    ],
)
def test_slips_are_mended(typed: str, meant: str) -> None:
    assert mend_asking(typed, unknown_words) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Did Lisa go home?",  # one letter from "list"
        "who is Wen Li",  # a name, by its capital
        "tell me about tehran",
        "what did the offcers do",  # the search corrects words of the news
        "wot did he say",
        "who said what to whom, and when?",
        "whats up with the army",
        "",
    ],
)
def test_what_is_no_slip_stays(question: str) -> None:
    assert mend_asking(question, unknown_words) == question


def test_a_word_that_the_articles_have_stays() -> None:
    assert mend_asking("the wat of Angkor", lambda text: []) == "the wat of Angkor"
