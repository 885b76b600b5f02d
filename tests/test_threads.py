"""A follow-up stays with the story that the conversation is about, and is read as it was typed."""

from collections.abc import Iterator
from typing import cast

import pytest
from conftest import index_articles

from rag import ChatEngine, Config, Filters, open_engine
from rag.comparison import tell_one_story
from rag.comparison.stories import shared_names
from rag.embedding import Embedder
from rag.engine.finding import Found, find_in_thread
from rag.engine.searching import Search, Searcher
from rag.engine.threads import all_known, thread_documents
from rag.index import Index
from rag.reading import Reading
from rag.reading.judging import Judged, mean_of
from rag.retrieval import Retriever
from rag.schema import Document, Evidence, Message, State

ARTICLES = {
    "hospital-wire.txt": (
        "---\npublisher: Wire\npublished: 2025-05-12\n---\n"
        "The computers at Harrowmere General went down on Sunday night, Colin Ashdown said.\n\n"
        "By evening the records could be read again on most wards of Harrowmere General.\n"
    ),
    "hospital-post.txt": (
        "---\npublisher: Post\npublished: 2025-05-14\n---\n"
        "Colin Ashdown, who runs Harrowmere General, stepped down on Friday.\n\n"
        "Nobody had asked for money, he told reporters in Harrowmere.\n"
    ),
    "reactor.txt": (
        "---\npublisher: Herald\npublished: 2025-05-13\n---\n"
        "The reactor at Torvald Point will work again on 20 November, Rosa Lindqvist said.\n\n"
        "Its boss, Rosa Lindqvist, is still in her job.\n"
    ),
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("threads"), ARTICLES)


@pytest.fixture(scope="module")
def engine(config: Config) -> Iterator[ChatEngine]:
    with open_engine(config) as opened:
        yield opened


@pytest.fixture(scope="module")
def index(engine: ChatEngine) -> Index:
    return engine.index


@pytest.fixture(scope="module")
def talk(engine: ChatEngine) -> list[Message]:
    question = "when did the computers at Harrowmere General go down"
    return [
        Message(role="user", content=question),
        Message(role="assistant", content=engine.query(question).text),
    ]


def test_the_thread_is_the_story_of_the_newest_answer(index: Index, talk: list[Message]) -> None:
    assert thread_documents(talk, index) == ("hospital-post.txt", "hospital-wire.txt")


@pytest.mark.parametrize(
    "answer",
    ["", "You are welcome.", "The moon landing was watched by many millions of people. [1]"],
    ids=["empty", "small talk", "not in any article"],
)
def test_no_thread_where_no_article_says_it(index: Index, answer: str) -> None:
    assert thread_documents([Message(role="assistant", content=answer)], index) == ()


def test_an_answer_that_quotes_nothing_is_passed_over(index: Index, talk: list[Message]) -> None:
    thanks: list[Message] = [
        {"role": "user", "content": "thanks"}, {"role": "assistant", "content": "You are welcome."}
    ]  # fmt: skip
    assert thread_documents([*talk, *thanks], index) == thread_documents(talk, index)


def test_long_talks_are_read_in_part(index: Index, talk: list[Message]) -> None:
    late = [*talk, *[Message(role="assistant", content="You are welcome.")] * 8]
    assert thread_documents(late, index) == ()
    blank = Message(role="assistant", content=" " * 4_000 + talk[1]["content"])
    assert thread_documents([blank], index) == ()


def test_a_source_outside_the_thread_is_searched_for_itself(
    engine: ChatEngine, talk: list[Message]
) -> None:
    answer = engine.query("and what does the Herald say about its boss?", history=talk)
    assert {citation.path for citation in answer.citations} <= {"reactor.txt"}
    assert "all articles were searched" not in (answer.notice or "")


def test_names_tell_one_story_from_another(index: Index) -> None:
    post, wire, reactor = (index.document(name) for name in sorted(ARTICLES))
    assert tell_one_story(wire, post)
    assert not tell_one_story(wire, reactor)
    assert shared_names(wire, reactor) == 0


@pytest.mark.parametrize("question", ["do they work again", "who had asked him for money"])
def test_a_follow_up_is_answered_from_the_thread(
    engine: ChatEngine, talk: list[Message], question: str
) -> None:
    answer = engine.query(question, history=talk)
    assert answer.citations
    assert {citation.path for citation in answer.citations} <= {
        "hospital-wire.txt", "hospital-post.txt"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "known"),
    [("and at Torvald Point?", False), ("and at Harrowmere?", True), ("why is that", True)],
)
def test_names_that_the_thread_has(
    index: Index, talk: list[Message], question: str, known: bool
) -> None:
    assert all_known(question, thread_documents(talk, index), index) is known


def test_a_new_topic_leaves_the_thread(engine: ChatEngine, talk: list[Message]) -> None:
    answer = engine.query("when will the reactor at Torvald Point work again", history=talk)
    assert answer.citations[0].path == "reactor.txt"


def test_a_filter_is_kept_in_the_thread(engine: ChatEngine, talk: list[Message]) -> None:
    only = Filters(publishers=("Herald",))
    answer = engine.query("do they work again", history=talk, filters=only)
    assert {citation.path for citation in answer.citations} <= {"reactor.txt"}


@pytest.mark.parametrize(
    ("there", "elsewhere", "confidence"),
    [
        (("answered", 0.5), ("answered", 0.9), 0.5),
        (("indirect", 0.3), ("answered", 0.9), 0.9),
        (("indirect", 0.3), ("answered", 0.5), 0.3),
        (("refused", 0.1), ("refused", 0.2), 0.1),
    ],
    ids=["its story answers", "another is sure", "another is not", "none does"],
)
def test_another_story_must_be_sure_to_answer_a_follow_up(
    there: tuple[State, float], elsewhere: tuple[State, float], confidence: float
) -> None:
    def find_with(searcher: Searcher) -> Found:
        state, chance = there if searcher.filters else elsewhere
        return Found(Search([], []), Reading([], [], chance, state=state), [])

    searcher = Searcher(cast(Retriever, None), cast(Embedder, None))
    found = find_in_thread(searcher, ["a.txt"], find_with, leans=True)
    assert found.reading.confidence == confidence


def test_a_source_named_in_small_letters_is_searched_for_itself(
    engine: ChatEngine, talk: list[Message]
) -> None:
    answer = engine.query("and what does the herald say about its boss?", history=talk)
    assert {citation.path for citation in answer.citations} == {"reactor.txt"}
    assert "no article of Herald" not in (answer.notice or "")


def evidence(text: str, probability: float | None, score: float) -> Evidence:
    document = Document("a.txt", "One. Two. Three.", "0" * 64)
    start = document.text.index(text)
    return Evidence(document, 1, 1, start, start + len(text), text, score, probability)


def test_two_forms_of_a_question_have_the_mean_chance() -> None:
    one = Judged([evidence("One.", 0.8, 3), evidence("Two.", 0.5, 1), evidence("Three.", None, 0)],
                 0.9)  # fmt: skip
    other = Judged([evidence("Two.", 0.7, 2), evidence("Three.", 0.3, 1)], 0.4)
    both = mean_of([one, other])
    assert [(item.text, item.probability) for item in both.candidates] == [
        ("Two.", pytest.approx(0.6)), ("One.", pytest.approx(0.4)), ("Three.", pytest.approx(0.15))
    ]  # fmt: skip
    assert both.chance == pytest.approx(0.65)
    assert [item.score for item in both.candidates] == [1.5, 2.0, 1.0]
