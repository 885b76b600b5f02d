"""Which publishers a question asks about, and which it only names."""

import pytest

from rag.engine.asked_sources import read_sources, what_it_says, with_only, without_owner
from rag.retrieval import publisher_mentions

PUBLISHERS = [
    "BBC News", "Financial Times", "Fortune", "News Room (republished)", "TechCrunch",
    "The Guardian", "The National",
]  # fmt: skip


def sources(question: str) -> tuple[str, ...]:
    return read_sources(question, publisher_mentions(question, PUBLISHERS))


@pytest.mark.parametrize(
    ("question", "publisher"),
    [
        ("summarise the BBC article", "BBC News"),
        ("what did the FT report about the officers?", "Financial Times"),
        ("what did the ft report about the officers?", "Financial Times"),
        ("according to the national, how many officers left", "The National"),
        ("which experts does the News Room piece quote", "News Room (republished)"),
        ("how does the national date his death", "The National"),
        ("where did the photo on the national show police", "The National"),
        ("tell me what the National says about Sunak", "The National"),
        ("bbc: how many officers", "BBC News"),
        ("what's in the FT", "Financial Times"),
        ("what did fortune say about Tesla", "Fortune"),
        ("What did the BBC say about Fortune?", "BBC News"),
        ("number of permits given up, according to news room?", "News Room (republished)"),
        ("sum up the guardian's coverage", "The Guardian"),
    ],
)
def test_one_source(question: str, publisher: str) -> None:
    assert sources(question) == (publisher,)


@pytest.mark.parametrize(
    ("question", "publishers"),
    [
        ("how do the BBC and the FT differ on it", ("BBC News", "Financial Times")),
        ("compare the National with the News Room on the army",
         ("The National", "News Room (republished)")),
        ("who has the higher number, bbc or the national", ("BBC News", "The National")),
        ("does the FT tell the same story as the bbc", ("Financial Times", "BBC News")),
        ("the difference between the bbc and the ft", ("BBC News", "Financial Times")),
        ("Did the TechCrunch article say X while the Guardian article said Y?",
         ("TechCrunch", "The Guardian")),
    ],
)  # fmt: skip
def test_sources_side_by_side(question: str, publishers: tuple[str, ...]) -> None:
    assert sources(question) == publishers


@pytest.mark.parametrize(
    "question",
    [
        "who resigned from the BBC?",
        "what is the BBC accused of",
        "the BBC's chairman resigned, why",
        "was the presenter sacked by the BBC",
        "how much did the BBC pay its presenter",
        "what was the BBC told by the chiefs",
        "is the national debt rising",
        "what did the National Police Chiefs' Council say",
        "who made a fortune in the left",
        "who left?",
    ],
)
def test_a_publisher_may_be_what_the_news_is_about(question: str) -> None:
    assert sources(question) == ()


def spans(question: str, *names: str) -> list[tuple[int, int]]:
    return [(question.index(name), question.index(name) + len(name)) for name in names]


@pytest.mark.parametrize(
    ("question", "names", "kept", "left"),
    [
        ("how do the BBC and the FT differ on it", ("BBC", "FT"), 0, "how do the BBC differ on it"),
        ("how do the BBC and the FT differ on it", ("BBC", "FT"), 1, "how do the FT differ on it"),
        ("Lund vs Ms Holm on tax", ("Lund", "Holm"), 1, "Holm on tax"),
        ("does the FT say the same as the BBC about it", ("FT", "BBC"), 0,
         "does the FT say the same about it"),
    ],
)  # fmt: skip
def test_with_only(question: str, names: tuple[str, ...], kept: int, left: str) -> None:
    assert with_only(question, spans(question, *names), kept) == left


@pytest.mark.parametrize(
    ("whole", "side", "name", "asked"),
    [
        ("how do the BBC and the FT differ on the army?", "how do the BBC differ on the army?",
         "BBC", "what does BBC say about the army?"),
        ("how do they differ on the number of officers", "how do the BBC differ on the number of "
         "officers", "BBC", "how many officers according to BBC?"),
        ("compare the BBC with the FT", "compare the BBC", "BBC", "what does BBC say?"),
        ("compare what Lund and Holm said", "compare what Lund said", "Lund",
         "compare what Lund said"),
        ("what do the BBC and the FT report?", "what do the BBC report?", "BBC",
         "what do the BBC report?"),
    ],
)  # fmt: skip
def test_what_it_says(whole: str, side: str, name: str, asked: str) -> None:
    assert what_it_says(whole, side, name) == asked


def test_without_owner() -> None:
    question = "summarise the BBC's article on the army"
    assert without_owner(question, 14, 17) == "summarise the article on the army"
    assert without_owner("what did the BBC say", 13, 16) == "what did the BBC say"
