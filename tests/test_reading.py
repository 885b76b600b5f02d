"""The sentences that are quoted: best first, exact, no repeats, and none for a wild question."""

import itertools
from collections.abc import Iterator

import pytest
from conftest import index_articles

from rag import Config
from rag.embedding import get_embedder
from rag.index import Index, open_index
from rag.reading import MIN_SCORE, Question, Reader, Reading, says_same
from rag.retrieval import Retriever, merge_neighbours
from rag.schema import Document, Evidence

ARTICLES = {
    "storm-a.txt": (
        "---\npublisher: Coast Radio\n---\n"
        "A storm tore the roofs off 30 houses in Norham on Monday night.\n"
        "\n"
        "The fire service took 12 people to the hospital. Nobody was killed.\n"
        "\n"
        "Share This Article\n"
        "\n"
        "Repairs will cost the town about 2 million euros, Mayor Jan Vos said.\n"
    ),
    "storm-b.txt": (
        "---\npublisher: The Daily Gull\n---\n"
        "A storm tore the roofs off 30 houses in Norham on Monday night.\n"
        "\n"
        "Schools in the town stayed closed on Tuesday.\n"
    ),
    "storm-c.txt": "A storm tore the roofs off 50 houses in Norham on Monday night.\n",
    "wrapped.txt": (
        "The lighthouse keeper of Norham, Ole Dahl, has retired after working on\n"
        "the rock for 41 years, the harbour office said.\n"
    ),
    "clutter.txt": "Subscribe to our newsletter\n\nShare This Article\n",
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("reading"), ARTICLES)


@pytest.fixture(scope="module")
def index(config: Config) -> Iterator[Index]:
    with open_index(config) as opened:
        yield opened


class Asking:
    """Reads as the engine does, but for what comes before and after."""

    def __init__(self, config: Config, index: Index) -> None:
        self._index = index
        self._retriever = Retriever(index, get_embedder(config))

    def __call__(self, *parts: str, max_statements: int = 4) -> Reading:
        questions = []
        for part in parts:
            vector = self._retriever.embedder.embed([part])[0]
            chunks = self._retriever.retrieve_vector(part, vector, k=20)
            passages = merge_neighbours([scored.chunk for scored in chunks])
            questions.append(Question(part, vector, chunks, passages))
        return Reader(self._index, max_statements).read(questions)


@pytest.fixture(scope="module")
def read(config: Config, index: Index) -> Asking:
    return Asking(config, index)


QUESTIONS = [
    "How many houses lost their roofs in the storm?",
    "How many people were taken to the hospital?",
    "What will the repairs cost?",
    "Who has retired?",
    "storm",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_evidence_is_exactly_what_stands_in_the_document(read: Asking, question: str) -> None:
    reading = read(question)
    for item in [*itertools.chain(*reading.groups), *reading.candidates]:
        document = item.document
        assert item.text == document.text[item.start_char : item.end_char]
        assert item.text.strip() == item.text != ""
        assert item.first_line == document.line_at(item.start_char)
        assert item.last_line == document.line_at(item.end_char - 1)
        lines = set(range(item.first_line, item.last_line + 1))
        assert not lines & document.boilerplate
        assert document.document_id != "clutter.txt"


@pytest.mark.parametrize("question", QUESTIONS)
def test_candidates_are_best_first_and_each_stands_there_once(read: Asking, question: str) -> None:
    candidates = read(question).candidates
    scores = [item.score for item in candidates]
    assert scores == sorted(scores, reverse=True)
    places = [(item.document.path, item.start_char) for item in candidates]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(
    ("question", "path", "lines", "words"),
    [
        pytest.param(QUESTIONS[1], "storm-a.txt", (6, 6), "12 people", id="one of two sentences"),
        pytest.param(QUESTIONS[2], "storm-a.txt", (10, 10), "2 million euros", id="below clutter"),
        pytest.param("How long did the keeper work on the rock?", "wrapped.txt", (1, 2), "41 years",
                     id="over two lines"),
    ],
)  # fmt: skip
def test_the_sentence_that_answers_comes_first(
    read: Asking, question: str, path: str, lines: tuple[int, int], words: str
) -> None:
    best = read(question).groups[0][0]
    assert (best.document.path, (best.first_line, best.last_line)) == (path, lines)
    assert words in best.text


def test_sentences_that_say_the_same_are_one_group(read: Asking) -> None:
    groups = read(QUESTIONS[0]).groups
    found = [sorted(item.document.path for item in group) for group in groups]
    assert ["storm-a.txt", "storm-b.txt"] in found
    assert ["storm-c.txt"] in found  # another number: another statement
    quotes = [group[0].text for group in groups]
    assert len(quotes) == len(set(quotes))


def test_a_two_part_question_gets_both_parts(read: Asking) -> None:
    reading = read("How many people were taken to the hospital?", "Who has retired?")
    assert [group[0].document.path for group in reading.groups[:2]] == [
        "storm-a.txt",
        "wrapped.txt",
    ]


def test_two_parts_get_both_answers_however_low_the_limit(read: Asking) -> None:
    reading = read("How many people went to the hospital?", "Who has retired?", max_statements=1)
    assert len(reading.groups) == 2


def test_a_question_that_is_asked_twice_is_answered_once(read: Asking) -> None:
    once, twice = read(QUESTIONS[2]), read(QUESTIONS[2], QUESTIONS[2])
    assert [g[0].text for g in twice.groups] == [g[0].text for g in once.groups]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_statements_than_the_limit(read: Asking, limit: int) -> None:
    assert 1 <= len(read("storm in Norham", max_statements=limit).groups) <= limit


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("zqxj wvvk pllm", id="no words"),
        pytest.param("asdf jkl qwertz uiop", id="keys"),
        pytest.param("🔥🔥🔥", id="emoji"),
        pytest.param("What is the chemical formula of caffeine?", id="another subject"),
    ],
)
def test_what_shares_nothing_with_the_corpus_is_refused(read: Asking, question: str) -> None:
    reading = read(question)
    assert reading.groups == []
    assert reading.confidence < MIN_SCORE


def test_one_part_without_an_answer_does_not_take_the_other_along(read: Asking) -> None:
    reading = read("zqxj wvvk pllm", QUESTIONS[2])
    assert "2 million euros" in reading.groups[0][0].text
    assert reading.confidence > 0


def test_no_chunks_is_a_refusal(index: Index, read: Asking) -> None:
    vector = read._retriever.embedder.embed(["storm"])[0]
    assert Reader(index, 4).read([Question("storm", vector, [], {})]) == Reading([], [], 0.0)


def test_confidence_is_a_share(read: Asking) -> None:
    for question in QUESTIONS:
        assert 0.0 < read(question).confidence <= 1.0


def sentence(text: str, document_id: str = "a.txt") -> Evidence:
    document = Document(document_id, text, "0" * 64)
    return Evidence(document, 1, 1, 0, len(text), text, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("It rose by 5% today.", "It rose by 5% today.", True, id="equal"),
        pytest.param("Prices rose 5%.", "Price rises: 5%.", False, id="an irregular verb"),
        pytest.param("Two boats were added.", "Two boats are added", True, id="small words"),
        pytest.param("The ship sank in May.", "THE SHIP SANK IN MAY", True, id="letter case"),
        pytest.param("It cost 2,000 euros.", "It cost 2000 euros.", True, id="separator"),
        pytest.param("It cost 2,000 euros.", "It cost 3,000 euros.", False, id="other number"),
        pytest.param("The old ship sank in May.", "The old ship sank in May 2024.", False,
                     id="a number more"),
        pytest.param("The ship sank.", "The mayor spoke.", False, id="nothing shared"),
        pytest.param("", "", False, id="empty"),
        pytest.param("It is what it is.", "It is what it is.", False, id="only stop words"),
    ],
)  # fmt: skip
def test_says_same(one: str, other: str, same: bool) -> None:
    assert says_same(sentence(one), sentence(other, "b.txt")) is same
    assert says_same(sentence(other), sentence(one, "b.txt")) is same


def test_a_part_that_a_quoted_sentence_touches_is_not_told_as_unanswered(
    config: Config, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoted, other = Asking(config, index)(QUESTIONS[1]).candidates[:2]
    answered = Reading([[quoted]], [quoted], 0.9, state="answered")
    found = {
        "touched": Reading([[quoted]], [quoted], 0.3, state="indirect"),
        "near": Reading([[other]], [other], 0.3, state="indirect"),
        "refused": Reading([], [quoted], 0.1),
        "answered": answered,
    }
    monkeypatch.setattr(Reader, "_read_one", lambda self, question: found[question.text])
    vector = get_embedder(config).embed(["a"])[0]
    reading = Reader(index, 4).read([Question(text, vector, [], {}) for text in found])
    assert reading.state == "answered"
    assert reading.unanswered == ("near", "refused")
