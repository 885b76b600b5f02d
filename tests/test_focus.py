"""Whom a question asks about, and the sentences that are read for it."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from conftest import index_articles

from rag import Answer, ChatEngine, Config, Filters, open_engine
from rag.embedding import get_embedder
from rag.engine.finding import find
from rag.engine.focus import (
    find_bodies,
    find_people,
    focus_of,
    spans_about,
    speakers,
    unknown_speaker,
)
from rag.engine.premises import CORRECTION, correct_premise
from rag.engine.searching import Searcher
from rag.engine.stopwatch import Stopwatch
from rag.index import Index, open_index
from rag.reading import Question, Reader, Reading
from rag.retrieval import Retriever
from rag.schema import Document, Evidence, Message

ARTICLES = {
    "gull.txt": (
        "---\npublisher: The Daily Gull\npublished: 2024-03-14\n---\n"
        "Mayor Ada Lund said on Thursday that the repair of the bridge was a triumph. "
        "She thanked the workers. Painters, said foreman Dora Vale, were still missing.\n"
        "\n"
        "Bo Holm, who leads the Harbour Union, called the repair of the bridge a scandal.\n"
        "\n"
        "Twelve workers were hurt, Holm said. The union had warned of it in 2021.\n"
        "\n"
        "The Harbour Union said the bridge must close.\n"
        "\n"
        "The byline of the report names Cy Dahl.\n"
    ),
    "radio.txt": (
        "---\npublisher: Coast Radio\npublished: 2024-03-15\n---\n"
        "The town hall rejected reports that all 40 ferries stood still on Friday.\n"
        "\n"
        "The mayor thanked the crews of the ferries.\n"
        "\n"
        "Mayor Ada Lund opened the new ferry line to Norham. Lund did not speak of the bridge.\n"
    ),
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("focus"), ARTICLES)


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


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("what did Lund say about the bridge?", ["Ada Lund"]),
        ("what does ada lund think", ["Ada Lund"]),
        ("what was Holm's view of Lund?", ["Bo Holm"]),
        ("what did Mayor Lund say?", ["Ada Lund"]),
        ("what did Lund and Holm say?", ["Ada Lund", "Bo Holm"]),
        ("compare Lund with Holm", ["Ada Lund", "Bo Holm"]),
        ("how is holm's take different from lund's", ["Bo Holm", "Ada Lund"]),
        ("the points that Holm makes", ["Bo Holm"]),
        ("according to Holm, who was hurt?", ["Bo Holm"]),
        ("who said that Lund left?", []),
        ("when was Lund elected?", []),
        ("what did the union say?", []),
    ],
)
def test_whose_words_are_asked_for(
    documents: list[Document], question: str, asked: list[str]
) -> None:
    people = speakers(question, find_people(question, documents))
    assert [person.name.removeprefix("Mayor ") for person in people] == asked


def test_a_body_has_words_too(documents: list[Document]) -> None:
    question = "what did the harbour union say?"
    assert [body.name for body in speakers(question, find_bodies(question, documents))] == [
        "Harbour Union"
    ]


def told(index: Index, spans: dict[str, list[tuple[int, int]]]) -> list[str]:
    return [
        index.document(document_id).text[start:end]
        for document_id, found in spans.items()
        for start, end in found
    ]


def test_the_sentences_that_tell_somebodys_words(index: Index, documents: list[Document]) -> None:
    (person,) = find_people("what did Lund say?", documents)
    everywhere = [document.document_id for document in documents]
    spoken = told(index, spans_about(person, everywhere, index, spoken=True))
    assert len(spoken) == 3
    assert spoken[0].startswith("Mayor Ada Lund said on Thursday")
    assert spoken[1] == "She thanked the workers."  # goes on from the one before
    assert spoken[2] == "The mayor thanked the crews of the ferries."  # by the office
    named = told(index, spans_about(person, everywhere, index))
    assert "Lund did not speak of the bridge." in named
    assert not any("Vale" in text for text in named)  # goes on, but with another one's words
    assert not any("Holm" in text for text in named)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Holm", "Bo Holm"),
        ("in 2021", "2021"),
        ("norham", "norham"),
        ("the ferries", None),
        ("and the bridge", None),
        ("", None),
    ],
)
def test_focus_of_a_follow_up(documents: list[Document], words: str, name: str | None) -> None:
    focus = focus_of(words, documents)
    assert (focus and focus.name) == name


@pytest.mark.parametrize(
    ("question", "added", "unknown"),
    [
        ("What did Keir Starmer say?", "", "Keir Starmer"),
        ("What did keir starmer say?", "", "keir starmer"),
        ("What did Holm say?", "", ""),
        ("What did cyclists say?", "", ""),
        ("When was Zed Quux hurt?", "Zed Quux", "Zed Quux"),
        ("Who left?", "", ""),
    ],
)
def test_unknown_speaker(index: Index, question: str, added: str, unknown: str) -> None:
    assert unknown_speaker(question, added, index) == unknown


def user(text: str) -> Message:
    return Message(role="user", content=text)


def quoted(answer: Answer) -> str:
    return " ".join(statement.text for statement in answer.statements)


def test_a_follow_up_gets_no_other_persons_words(engine: ChatEngine) -> None:
    first = engine.query("What did Lund say about the repair of the bridge?")
    assert "triumph" in quoted(first)
    assert "scandal" not in quoted(first)
    history = [user("What did Lund say about the repair of the bridge?")]
    second = engine.query("and Holm?", history=history)
    assert second.standalone_question == "What did Holm say about the repair of the bridge?"
    assert "scandal" in quoted(second)
    assert "triumph" not in quoted(second)


def test_a_person_that_no_article_knows_is_refused(engine: ChatEngine) -> None:
    answer = engine.query("and Starmer?", history=[user("What did Lund say about the repair?")])
    assert answer.state == "refused"
    assert answer.text.endswith("No article mentions Starmer.")


def test_a_year_that_no_article_tells_of_is_refused(engine: ChatEngine) -> None:
    answer = engine.query("and in 1999?", history=[user("How many workers were hurt in 2021?")])
    assert answer.standalone_question == "How many workers were hurt in 1999?"
    assert not answer.answered


def test_only_the_source_that_is_asked_about_is_used(engine: ChatEngine) -> None:
    answer = engine.query("What did the Daily Gull report about the repair of the bridge?")
    assert {cited.publisher for cited in answer.citations} == {"The Daily Gull"}
    assert answer.notice == "only articles of The Daily Gull were searched"


def test_both_sources_of_a_comparison_have_their_say(engine: ChatEngine) -> None:
    answer = engine.query("How do the Daily Gull and Coast Radio differ on Lund?")
    assert {cited.publisher for cited in answer.citations} == {"The Daily Gull", "Coast Radio"}
    assert "The Daily Gull and Coast Radio" in (answer.notice or "")


def test_both_persons_of_a_comparison_have_their_say(engine: ChatEngine) -> None:
    text = quoted(engine.query("Compare what Lund and Holm said about the repair of the bridge"))
    assert "triumph" in text
    assert "scandal" in text


def test_a_filter_is_stronger_than_a_named_source(searcher: Searcher) -> None:
    limited = Searcher(searcher.retriever, searcher.embedder, Filters(publishers=("coast radio",)))
    search = limited.search(["What did the Daily Gull report?"])
    assert search.sources == []
    assert set(search.questions[0].passages) == {"radio.txt"}


def test_sentences_about_the_article_are_read_only_when_asked_for(
    searcher: Searcher, index: Index
) -> None:
    (who,) = searcher.search(["Who is named in the report?"]).questions
    (byline,) = searcher.search(["Who wrote the report of the Daily Gull?"]).questions
    assert not any("byline" in text for text in told(index, who.passages))
    assert any("byline" in text for text in told(index, byline.passages))


class FerryReader(Reader):
    """Answers from passages of one document alone."""

    def read(self, questions: Sequence[Question]) -> Reading:
        (question,) = questions
        document = self.index.document("radio.txt")
        text = document.text
        item = Evidence(document, 5, 5, text.index("The town"), text.index("Friday.") + 7,
                        "The town hall rejected reports.", 1.0)  # fmt: skip
        if "radio.txt" not in question.passages:
            return Reading([], [], 0.0)
        return Reading([[item]], [item], 1.0, state="answered")


def test_all_articles_are_searched_when_the_named_source_is_silent(
    searcher: Searcher, index: Index
) -> None:
    reader = FerryReader(index, 4)
    question = "According to the Daily Gull, when did the ferries stand still?"
    found = find(searcher, reader, [question], "", Stopwatch())
    assert found.reading.state == "answered"
    assert found.notices == [
        "no article of The Daily Gull answers this; all articles were searched"
    ]
    question = "According to Coast Radio, when did the ferries stand still?"
    found = find(searcher, reader, [question], "", Stopwatch())
    assert found.notices == ["only articles of Coast Radio were searched"]


class WholeReader(Reader):
    """Finds nothing in the few sentences about a name, and in all of them one of `gives`."""

    gives = ""

    def read(self, questions: Sequence[Question]) -> Reading:
        passages = [span for question in questions for span in question.passages.items()]
        whole = any(path == "radio.txt" for path, _ in passages)
        found = evidence(self.index, "gull.txt", self.gives)
        if not whole:
            return Reading(groups=[], candidates=[], confidence=0.0, missing=())
        return Reading(groups=[[found]], candidates=[found], confidence=0.9, missing=(),
                       state="answered")  # fmt: skip


@pytest.mark.parametrize(
    ("gives", "name", "state"),
    [
        ("Twelve workers were hurt, Holm said", "Holm", "answered"),
        ("The Harbour Union said", "Holm", "refused"),
        ("The Harbour Union said", "2024", "answered"),  # when it was printed
    ],
    ids=["about him", "not about him", "of that year"],
)
def test_where_the_lines_about_a_name_do_not_answer_all_are_read(
    index: Index, searcher: Searcher, gives: str, name: str, state: str
) -> None:
    reader = WholeReader(index, 4)
    reader.gives = gives
    found = find(searcher, reader, ["Who was hurt?"], name, Stopwatch())
    assert found.reading.state == state


def evidence(index: Index, path: str, words: str) -> Evidence:
    document = index.document(path)
    start = document.text.index(words)
    end = document.text.index(".", start) + 1
    line = document.line_at(start)
    return Evidence(document, line, line, start, end, document.text[start:end], 1.0)


@pytest.mark.parametrize(
    ("question", "denied"),
    [
        ("why did all 40 ferries stand still?", True),
        ("when did the 40 ferries stand still?", True),
        ("why did all 50 ferries stand still?", False),  # another number
        ("why did the ferries not stand still?", False),
        ("did all 40 ferries stand still?", False),  # takes nothing for granted
        ("why did the bakers strike?", False),
        ("when did the ferry lines of Norham begin?", False),
    ],
)
def test_correct_premise(index: Index, question: str, denied: bool) -> None:
    near = [evidence(index, "gull.txt", "Twelve"), evidence(index, "radio.txt", "The town hall")]
    reading = Reading([], near, 0.2, state="indirect")
    corrected = correct_premise(question, reading)
    assert (corrected is not None) is denied
    if corrected:
        assert corrected.state == "answered"
        assert [group[0].text for group in corrected.groups] == [near[1].text]


def test_the_correction_is_told(engine: ChatEngine) -> None:
    answer = engine.query("Why did all 40 ferries resign?")
    if answer.state == "answered":  # the reader may be sure without
        assert "rejected" in quoted(answer)
        assert CORRECTION in (answer.notice or CORRECTION)


@pytest.mark.parametrize(
    ("history", "error", "told"),
    [
        ({"role": "user", "content": "x"}, TypeError, "history is of type dict; give a list of"),
        ("x", TypeError, "history is of type str"),
        (None, TypeError, "history is None"),
        (["x"], TypeError, r"history\[0\] is of type str"),
        ([{"content": "x"}], ValueError, r"history\[0\] has no 'role'"),
        ([{"role": "user"}], ValueError, r"history\[0\] has no 'content'"),
        ([{"role": "user", "content": None}], TypeError, r"history\[0\]\['content'\] is None"),
        ([{"role": "system", "content": "x"}], ValueError, "'system'; it must be 'user' or"),
        ([{"role": 1, "content": "x"}], TypeError, r"history\[0\]\['role'\] is of type int"),
    ],
)
def test_what_is_no_history_is_named(
    engine: ChatEngine, history: object, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        engine.query("and why?", history=history)  # type: ignore[arg-type]


def test_known_by_holds_beside_a_named_source(engine: ChatEngine) -> None:
    answer = engine.query("What did Coast Radio report?", known_by=date(2024, 3, 14))
    assert not answer.citations
