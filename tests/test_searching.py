"""What is searched and read for a question: names in any spelling, limits, and what is told."""

from collections.abc import Iterator, Sequence

import pytest
from conftest import index_articles

from rag import ChatEngine, Config, open_engine
from rag.config import Part
from rag.embedding import get_embedder
from rag.engine import searching
from rag.engine.finding import find
from rag.engine.focus import find_bodies, find_people, focus_of, spans_about
from rag.engine.premises import CORRECTION, correct_premise
from rag.engine.searching import MAX_PARTS, Search, Searcher, asks_when_done
from rag.engine.stopwatch import Stopwatch
from rag.engine.telling import read_parts
from rag.index import Index, open_index
from rag.reading import Question, Reader, Reading
from rag.retrieval import Retriever
from rag.schema import Document, Evidence, Message

SPEAKERS = ["Adler", "Berg", "Clarke", "Dahl", "Evans", "Frost", "Gray"]
ARTICLES = {
    "norte.txt": (
        "---\npublisher: El Norte\npublished: 2024-03-14\n---\n"
        "Prime Minister Pedro Sánchez said on Thursday that the bridge must close.\n\n"
        "Captain Ryan O’Neil said the ferry was safe. O’Neil praised the crew.\n\n"
        "The town of Málaga opened a museum. The Orquesta Peña said it would play there.\n"
    ),
    "sur.txt": (
        "---\npublisher: Radio Sur\n---\n"
        "Mr Sánchez spoke of the bridge. The winning goal was credited to Mr O’Neil.\n\n"
        "The town hall rejected reports that all 40 ferries stood still on Friday.\n\n"
        "The photograph, credited to a passer-by, shows the ferry.\n"
    ),
    "talks.txt": "".join(f"Mr {name} said the tax was {name}'s worry.\n\n" for name in SPEAKERS),
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("searching"), ARTICLES)


@pytest.fixture(scope="module")
def index(config: Config) -> Iterator[Index]:
    with open_index(config) as opened:
        yield opened


@pytest.fixture(scope="module")
def engine(config: Config) -> Iterator[ChatEngine]:
    with open_engine(config) as opened:
        yield opened


@pytest.fixture(scope="module")
def documents(index: Index) -> list[Document]:
    return [index.document(summary.document_id) for summary in index.document_metadata()]


@pytest.fixture
def searcher(config: Config, index: Index) -> Searcher:
    return Searcher(Retriever(index, get_embedder(config)), get_embedder(config))


def read_texts(index: Index, passages: dict[str, list[tuple[int, int]]]) -> str:
    return " ".join(
        index.document(document_id).text[start:end]
        for document_id, spans in passages.items()
        for start, end in spans
    )


class Silent(Reader):
    """Finds one line that denies, and no answer."""

    def read(self, questions: Sequence[Question]) -> Reading:
        document = self.index.document("sur.txt")
        start = document.text.index("The town hall")
        end = document.text.index("Friday.") + len("Friday.")
        line = document.line_at(start)
        item = Evidence(document, line, line, start, end, document.text[start:end], 1.0)
        return Reading([], [item], 0.2, state="indirect")


# Names with accents and curly apostrophes


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what did Sanchez say about the bridge?", "that the bridge must close"),
        ("what did Sánchez say about the bridge?", "that the bridge must close"),
        ("what did O'Neil say about the ferry?", "the ferry was safe"),
        ("what did O’Neil say about the ferry?", "the ferry was safe"),
    ],
)
def test_a_persons_name_in_any_spelling(engine: ChatEngine, question: str, words: str) -> None:
    answer = engine.query(question)
    assert answer.state == "answered"
    assert words in answer.text


def test_the_question_keeps_its_own_spelling(documents: list[Document]) -> None:
    question = "what did Sánchez’s aide say?"
    (person,) = find_people(question, documents)
    assert question[person.start : person.end] == "Sánchez"


@pytest.mark.parametrize("name", ["orquesta peña", "orquesta pena"])
def test_a_bodys_name_in_any_spelling(documents: list[Document], name: str) -> None:
    (body,) = find_bodies(f"what did the {name} say?", documents)
    assert body.speaks("The Orquesta Peña said it would play there.")


@pytest.mark.parametrize("words", ["Málaga", "malaga"])
def test_a_new_name_in_any_spelling(documents: list[Document], index: Index, words: str) -> None:
    focus = focus_of(f"and {words}", documents)
    assert focus is not None
    assert "opened a museum" in read_texts(index, spans_about(focus, ["norte.txt"], index))


def test_a_long_number_is_no_year(documents: list[Document]) -> None:
    assert focus_of("and 18395 officers", documents) is None
    focus = focus_of("and in 1839", documents)
    assert focus is not None
    assert focus.name == "1839"


def test_the_topic_of_a_follow_up_is_read_in_whole_words(
    searcher: Searcher, documents: list[Document], index: Index
) -> None:
    """Where the reader finds nothing, a sentence with the new name and the topic answers."""
    question = "How many ferries did the town hall speak of?"
    (found,) = searcher.find([question])
    part = searching.Part(question, focus=focus_of("Friday", documents))
    assert part.focus is not None
    reading = read_parts(Search([part], [found]), Silent(index, 4))
    assert [group[0].text for group in reading.groups] == [
        "The town hall rejected reports that all 40 ferries stood still on Friday."
    ]


# Limits


def test_many_persons_are_read_together(searcher: Searcher, index: Index) -> None:
    few = searcher.search([f"compare what {', '.join(SPEAKERS[:3])} said about the tax"])
    assert len(few.parts) == 3
    many = searcher.search([f"compare what {', '.join(SPEAKERS)} said about the tax"])
    assert len(SPEAKERS) > MAX_PARTS
    assert [part.focus for part in many.parts] == [None]
    assert all(name in read_texts(index, many.questions[0].passages) for name in SPEAKERS)


def test_credit_for_a_deed_is_news_and_that_for_a_picture_is_not(
    searcher: Searcher, index: Index
) -> None:
    (question,) = searcher.search(["Who scored the winning goal?"]).questions
    texts = read_texts(index, question.passages)
    assert "credited to Mr O’Neil" in texts
    assert "credited to a passer-by" not in texts


# What is told about the search


def test_nothing_is_said_of_a_limit_when_all_articles_were_searched(
    searcher: Searcher, index: Index
) -> None:
    found = find(searcher, Silent(index, 4), ["What did El Norte say about bees?"], "", Stopwatch())
    assert found.reading.state == "indirect"
    assert found.notices == ["no article of El Norte answers this; all articles were searched"]


def test_premises_can_be_left_out(searcher: Searcher, index: Index) -> None:
    asked = ["Why did all 40 ferries stand still?"]
    found = find(searcher, Silent(index, 4), asked, "", Stopwatch())
    assert (found.reading.state, found.notices) == ("answered", [CORRECTION])
    without = Silent(index, 4, frozenset({"premises"}))
    found = find(searcher, without, asked, "", Stopwatch())
    assert (found.reading.state, found.notices) == ("indirect", [])


def test_nothing_is_denied_of_a_name_that_no_article_has(index: Index) -> None:
    question = "Why did all 40 ferries of Zed Quux stand still?"
    reading = Silent(index, 4).read([])
    assert correct_premise(question, reading) is not None
    unknown = Reading([], reading.candidates, 0.0, missing=("Zed Quux",))
    assert correct_premise(question, unknown) is None


# Parts left out


def test_sources_can_be_left_out(config: Config, index: Index) -> None:
    asked = ["What did El Norte report about the bridge?"]
    embedder = get_embedder(config)
    left_out: list[tuple[list[Part], list[str]]] = [
        ([], ["El Norte"]), (["publishers"], ["El Norte"]), (["sources"], []),
    ]  # fmt: skip
    for without, sources in left_out:
        searcher = Searcher(Retriever(index, embedder, without), embedder)
        assert searcher.search(asked).sources == sources


def test_focus_can_be_left_out(config: Config, index: Index) -> None:
    asked = ["What did Sánchez say about the bridge?"]
    embedder = get_embedder(config)
    without: list[Part] = ["focus"]
    (about,) = Searcher(Retriever(index, embedder), embedder).search(asked).questions
    (whole,) = Searcher(Retriever(index, embedder, without), embedder).search(asked).questions
    assert "museum" not in read_texts(index, about.passages)
    assert "museum" in read_texts(index, whole.passages)


def test_a_year_of_a_follow_up_is_read_everywhere_without_focus(config: Config) -> None:
    before = [Message(role="user", content="When did the town of Málaga open a museum?")]
    values = {"corpus_dir": config.corpus_dir, "index_dir": config.index_dir}
    with open_engine(Config(**values, without={"focus"})) as engine:
        answer = engine.query("and in 1999?", history=before)
    assert answer.closest or answer.citations


def test_times_can_be_left_out(config: Config) -> None:
    asked = "when did Pedro Sánchez say that the bridge must close?"
    values = {"corpus_dir": config.corpus_dir, "index_dir": config.index_dir}
    with (
        open_engine(Config(**values)) as engine,
        open_engine(Config(**values, without={"times"})) as plain,
    ):
        best, *_ = engine.search_sentences(asked)
        same, *_ = plain.search_sentences(asked)
    assert best.text == same.text
    assert best.score > same.score


@pytest.mark.parametrize(
    ("question", "done"),
    [
        ("When did Rowley announce the review?", True),
        ("what day did the mayor promise help", True),
        ("When did Rowley say the review would end?", False),
        ("What did Rowley announce?", False),
    ],
)
def test_asks_when_something_was_done_by_words(question: str, done: bool) -> None:
    assert asks_when_done(question) == done
