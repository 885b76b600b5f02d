"""Lists, comparisons and summaries: told from facts, and gathered from all articles."""

from collections.abc import Iterator

import pytest
from conftest import index_articles

from rag import ChatEngine, Config, open_engine
from rag.reading.shapes import shape_of, subject_of_summary


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("How many officers stepped back?", "fact"),
        ("who won the cup", "fact"),
        ("which of them won?", "fact"),
        ("what is the name of the ship", "fact"),
        ("when did it happen", "fact"),
        ("what happened to the driver", "fact"),
        ("list the forces that sent officers", "list"),
        ("which clubs were relegated?", "list"),
        ("name the ministers who resigned", "list"),
        ("who are the candidates", "list"),
        ("what are the ports on the new laptop", "list"),
        ("give me every player who scored", "list"),
        ("who else was hurt", "list"),
        ("compare the BBC with the FT on this", "comparison"),
        ("what's the difference between the two plans", "comparison"),
        ("do the papers disagree about the death toll", "comparison"),
        ("iphone vs pixel camera", "comparison"),
        ("summarise the story", "summary"),
        ("tl;dr", "summary"),
        ("what happened?", "summary"),
        ("so what's going on with the ferry", "summary"),
        ("give me the gist of the trial", "summary"),
        ("tell me about the strike", "summary"),
        ("", "fact"),
    ],
)
def test_shapes(question: str, shape: str) -> None:
    assert shape_of(question) == shape


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("summarise the story of the ferry", "ferry"),
        ("summarise the story", ""),
        ("give me a short overview of the strike at Nordline, please", "strike at Nordline,"),
        ("what happened?", ""),
    ],
)
def test_the_subject_of_a_summary(question: str, subject: str) -> None:
    assert subject_of_summary(question) == subject


ARTICLES = {
    "a.txt": (
        "---\npublisher: Coast Radio\n---\n"
        "The ferry between Westport and Eastby ran aground on Monday with 80 people aboard.\n\n"
        "All of them were taken off by the lifeboats of three harbours.\n\n"
        "The captain, who has worked for Nordline for ten years, was not hurt.\n"
    ),
    "b.txt": (
        "---\npublisher: The Daily Gull\n---\n"
        "The ferry between Westport and Eastby ran aground on Monday with 80 people aboard.\n\n"
        "Nordline has promised to pay back every ticket of that day to the passengers.\n"
    ),
    "c.txt": (
        "---\npublisher: Harbour News\n---\n"
        "The ferry's owner Nordline will be asked in court why its sonar was not repaired.\n\n"
        "Ferry tickets cost more from May on, the company said in its yearly report.\n"
    ),
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("shapes"), ARTICLES)


@pytest.fixture(scope="module")
def engine(config: Config) -> Iterator[ChatEngine]:
    with open_engine(config) as opened:
        yield opened


def test_a_summary_opens_with_what_each_article_opens_with(engine: ChatEngine) -> None:
    answer = engine.query("summarise the story of the ferry")
    assert answer.answered
    first_lines = {c.path for c in answer.citations if c.first_line == 4}
    assert first_lines == {"a.txt", "b.txt", "c.txt"}
    assert len(answer.statements) > 2


def test_a_summary_says_nothing_twice(engine: ChatEngine) -> None:
    texts = [statement.text for statement in engine.query("summarise the ferry story").statements]
    assert len(texts) == len(set(texts))
    ran_aground = [text for text in texts if "ran aground" in text]
    assert len(ran_aground) == 1


def test_a_summary_of_something_else_is_refused(engine: ChatEngine) -> None:
    assert not engine.query("summarise the zqxj wvvk").answered


def test_a_summary_without_a_subject_is_of_what_there_is(engine: ChatEngine) -> None:
    assert engine.query("summarise the story").answered
