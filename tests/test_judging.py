"""The reader with a model of its own making: order, states, and what is quoted."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import index_articles

from rag import Config
from rag.embedding import get_embedder
from rag.index import Index, open_index
from rag.reading import Question, Reader, Reading
from rag.relevance import AnswerWords, Calibration, Judgement, ReadSentence
from rag.retrieval import Retriever, merge_neighbours

ARTICLES = {
    "storm.txt": (
        "A storm tore the roofs off 30 houses in Norham on Monday night.\n\n"
        "Jan Vos is the mayor of Norham. He said repairs will cost 2 million euros.\n\n"
        "Schools stayed closed on Tuesday.\n"
    ),
    "copy.txt": "A storm tore the roofs off 30 houses in Norham on Monday night.\n",
}
STORM = "A storm tore the roofs off 30 houses in Norham on Monday night."
COST = "He said repairs will cost 2 million euros."
WORDS = "30 houses"
SCHOOLS = "Schools stayed closed on Tuesday."
CALIBRATION = Calibration(
    difference_sha256="", top=30, weight=0.0, line=(1.0, 0.0, 0.0),
    centre=(0.0, 0.0, 0.0), spread=(1.0, 1.0, 1.0), any=(1.0, 0.0, 0.0, 0.0),
    first_at=0.0, answer_at=0.5, indirect_at=0.2, further_at=0.4, further_share=0.5, words_at=0.2,
)  # fmt: skip


class Scripted:
    """Gives each sentence the logit that it is told, else -5; remembers what it was shown."""

    def __init__(self, logits: Mapping[str, float]) -> None:
        self._logits = logits
        self.shown: list[ReadSentence] = []

    def read(self, question: str, sentences: Sequence[ReadSentence]) -> list[Judgement]:
        self.shown += sentences
        return [Judgement(self.logit(question, s.text), self.words(s.text)) for s in sentences]

    def logit(self, question: str, text: str) -> float:
        return self._logits.get(text, -5.0)

    def words(self, text: str) -> AnswerWords | None:
        start = text.find(WORDS)
        return AnswerWords(start, start + len(WORDS), 0.5) if start >= 0 else None


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("judging"), ARTICLES)


@pytest.fixture(scope="module")
def index(config: Config) -> Iterator[Index]:
    with open_index(config) as opened:
        yield opened


def read(
    index: Index, config: Config, logits: Mapping[str, float], *asked: str, **reader: Any
) -> tuple[Reading, Scripted]:
    retriever = Retriever(index, get_embedder(config))
    questions = []
    for text in asked or ("What happened in the storm?",):
        vector = retriever.embedder.embed([text])[0]
        chunks = retriever.retrieve_vector(text, vector, k=20)
        passages = merge_neighbours([scored.chunk for scored in chunks])
        questions.append(Question(text, vector, chunks, passages))
    model = Scripted(logits)
    made = Reader(index, 4, model=model, calibration=CALIBRATION, **reader)
    return made.read(questions), model


def quotes(reading: Reading) -> list[str]:
    return [group[0].text for group in reading.groups]


def test_the_model_decides_the_order(index: Index, config: Config) -> None:
    reading, _ = read(index, config, {SCHOOLS: 3.0, STORM: 1.0})
    assert reading.state == "answered"
    assert quotes(reading) == [SCHOOLS, STORM]
    assert [item.text for item in reading.candidates[:2]] == [SCHOOLS, STORM]
    assert reading.candidates[0].probability == pytest.approx(1 / (1 + math.exp(-3)))


def test_copies_are_cited_together(index: Index, config: Config) -> None:
    reading, _ = read(index, config, {STORM: 3.0})
    (group,) = reading.groups
    assert {item.document.path for item in group} == {"storm.txt", "copy.txt"}


@pytest.mark.parametrize(
    ("logit", "state"),
    [
        pytest.param(2.0, "answered", id="likely"),
        pytest.param(0.0, "answered", id="at the threshold"),
        pytest.param(-1.0, "indirect", id="27 %"),
        pytest.param(-3.0, "refused", id="5 %"),
    ],
)
def test_the_three_states(index: Index, config: Config, logit: float, state: str) -> None:
    reading, _ = read(index, config, {STORM: logit})
    assert reading.state == state
    assert reading.confidence == pytest.approx(1 / (1 + math.exp(-logit)))
    assert bool(reading.groups) == (state != "refused")
    assert reading.candidates


def test_only_sentences_that_answer_too_are_added(index: Index, config: Config) -> None:
    """Chances 0.95, 0.5 and 0.27; the further ones must have 0.4 and half of the first's 0.95."""
    reading, _ = read(index, config, {SCHOOLS: 3.0, STORM: 0.0, COST: -1.0})
    assert quotes(reading) == [SCHOOLS, STORM]


def test_without_refusal_everything_is_answered(index: Index, config: Config) -> None:
    reading, _ = read(index, config, {STORM: -4.0}, without={"refusal"})
    assert reading.state == "answered"
    assert quotes(reading)[0] == STORM


def test_a_name_that_no_article_holds(index: Index, config: Config) -> None:
    reading, _ = read(index, config, {STORM: 5.0}, "Did Ada Lovelace see the storm?")
    assert reading.state == "refused"
    assert reading.missing == ("Ada Lovelace",)


def test_a_part_that_nothing_answers_is_named(index: Index, config: Config) -> None:
    class ByQuestion(Scripted):
        def logit(self, question: str, text: str) -> float:
            return 3.0 if text == COST and "cost" in question else -5.0

    retriever = Retriever(index, get_embedder(config))
    questions = []
    for text in ("What will it cost?", "Who pays for it?"):
        vector = retriever.embedder.embed([text])[0]
        chunks = retriever.retrieve_vector(text, vector, k=20)
        passages = merge_neighbours([scored.chunk for scored in chunks])
        questions.append(Question(text, vector, chunks, passages))
    reading = Reader(index, 4, model=ByQuestion({}), calibration=CALIBRATION).read(questions)
    assert reading.state == "answered"
    assert reading.unanswered == ("Who pays for it?",)
    assert COST in quotes(reading)[0]


def test_a_follow_up_is_read_in_every_form(index: Index, config: Config) -> None:
    """The mean of the three chances decides: the model for follow-ups may outvote the rules."""
    retriever = Retriever(index, get_embedder(config))
    forms = []
    for text in ("What will the mayor?", "what will it cost", "who is mayor ? what will it cost"):
        vector = retriever.embedder.embed([text])[0]
        chunks = retriever.retrieve_vector(text, vector, k=20)
        passages = merge_neighbours([scored.chunk for scored in chunks])
        forms.append(Question(text, vector, chunks, passages))
    asked = replace(forms[0], typed=forms[1], in_context=forms[2])
    model, other = Scripted({SCHOOLS: 1.0}), Scripted({COST: 3.0})
    reader = Reader(index, 4, model=model, calibration=CALIBRATION)
    assert quotes(reader.read([asked])) == [SCHOOLS]
    reading = replace(reader, follow_ups=(other, CALIBRATION)).read([asked])
    assert SCHOOLS in quotes(reading)[0]
    best = {item.text: item.probability for item in reading.candidates[:2]}
    assert best[SCHOOLS] == pytest.approx((2 * _chance(1.0) + _chance(-5.0)) / 3)
    assert best[COST] == pytest.approx((2 * _chance(-5.0) + _chance(3.0)) / 3)
    assert reading.confidence == pytest.approx((2 * _chance(1.0) + _chance(3.0)) / 3)


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def test_the_model_sees_the_sentence_before(index: Index, config: Config) -> None:
    _, model = read(index, config, {})
    before = {sentence.text: sentence.before for sentence in model.shown}
    assert before[COST] == "Jan Vos is the mayor of Norham."
    assert before["Jan Vos is the mayor of Norham."] == STORM
    assert before[STORM] == ""


def test_only_the_best_are_read(index: Index, config: Config) -> None:
    few = Calibration(**{**CALIBRATION.__dict__, "top": 2})
    retriever = Retriever(index, get_embedder(config))
    text = "What happened in the storm?"
    vector = retriever.embedder.embed([text])[0]
    chunks = retriever.retrieve_vector(text, vector, k=20)
    passages = merge_neighbours([scored.chunk for scored in chunks])
    model = Scripted({})
    reading = Reader(index, 4, model=model, calibration=few).read(
        [Question(text, vector, chunks, passages)]
    )
    assert len(model.shown) == 2
    assert len(reading.candidates) > 2
    assert [c.probability is None for c in reading.candidates] == [False, False] + [True] * (
        len(reading.candidates) - 2
    )
    scores = [item.score for item in reading.candidates]
    assert scores == sorted(scores, reverse=True)


def test_the_same_answer_is_quoted_from_two_sources_at_most(tmp_path: Path) -> None:
    texts = [
        "Roofs of 30 houses flew off in Norham.", "In Norham the storm left 30 houses bare.",
        "Some 30 houses lost their roofs, said the mayor.", "The storm hit 40 houses, says Lee.",
    ]  # fmt: skip
    config = index_articles(tmp_path, {f"{k}.txt": text + "\n" for k, text in enumerate(texts)})
    with open_index(config) as opened:
        logits = {text: 4.0 - 0.1 * k for k, text in enumerate(texts)}
        reading, _ = read(opened, config, logits, "How many houses did the storm hit?")
    assert quotes(reading) == [texts[0], texts[1], texts[3]]
    first = reading.groups[0][0]
    assert first.answer_words is not None
    assert first.document.text[slice(*first.answer_words)] == WORDS


@pytest.mark.parametrize(("text", "marked"), [("Some 30 houses.", True), ("All 30 houses.", True),
                                               ("30 houses.", False)])  # fmt: skip
def test_nearly_the_whole_sentence_is_not_marked(tmp_path: Path, text: str, marked: bool) -> None:
    config = index_articles(tmp_path, {"a.txt": text + "\n"})
    with open_index(config) as opened:
        reading, _ = read(opened, config, {text: 4.0}, "How many houses?")
    assert (reading.groups[0][0].answer_words is not None) is marked


def test_what_asks_is_no_answer(tmp_path: Path) -> None:
    text = "When will the storm end? The storm ends on Monday."
    config = index_articles(tmp_path, {"a.txt": text + "\n"})
    with open_index(config) as opened:
        logits = {"When will the storm end?": 5.0, "The storm ends on Monday.": 3.0}
        reading, _ = read(opened, config, logits, "When will the storm end?")
    assert [group[0].text for group in reading.groups] == ["The storm ends on Monday."]
