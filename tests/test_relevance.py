"""The reader model: what it sees of a question and a sentence, how it is made, what it means."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag import Config, ModelError
from rag.embedding.graphs import sha256_of
from rag.relevance import (
    Calibration,
    ReaderModel,
    ReadSentence,
    follow_up_calibration,
    shipped_calibration,
)
from rag.relevance import model as module
from rag.relevance.inputs import (
    BEFORE_TOKENS,
    CLS,
    MAX_TOKENS,
    QUESTION_TOKENS,
    SEP,
    TITLE_TOKENS,
    as_printed,
    make_pair,
)

QUESTION = "Who paid for the repair of the bridge?"
SENTENCES = [
    ReadSentence("The city council paid for the repair of the bridge."),
    ReadSentence("A cake recipe with butter and sugar."),
    ReadSentence("The bridge was built in 1931."),
    ReadSentence("It paid for the repair.", "The city council met on Monday."),
]


# The input


def test_a_pair_without_context() -> None:
    pair = make_pair([7, 8], [9])
    assert pair.ids == [CLS, 7, 8, SEP, 9, SEP]
    assert pair.start == 4


@pytest.mark.parametrize(
    ("before", "title", "context"),
    [
        ([5, 6], [], [5, 6, SEP]),
        ([], [3, 4], [3, 4, SEP]),
        ([5, 6], [3, 4], [3, 4, SEP, 5, 6, SEP]),
    ],
)
def test_a_pair_with_context(before: list[int], title: list[int], context: list[int]) -> None:
    pair = make_pair([7], [9, 9], before, title)
    assert pair.ids == [CLS, 7, SEP, *context, 9, 9, SEP]
    assert pair.start == 3 + len(context)


def test_long_texts_are_cut_and_the_sentence_goes_before_its_context() -> None:
    pair = make_pair([1] * 500, [2] * 500, [3] * 500, [6] * 500)
    assert len(pair.ids) == MAX_TOKENS
    assert pair.ids.count(1) == QUESTION_TOKENS
    assert pair.ids.count(3) == pair.ids.count(6) == 0
    short = make_pair([1], [2], [*[4] * 100, 3], [6, *[7] * 100])
    assert short.ids.count(4) + short.ids.count(3) == BEFORE_TOKENS
    assert short.ids[short.start - 2] == 3  # of the sentence before, the last tokens are kept
    assert short.ids.count(6) == 1  # of the title the first ones
    assert short.ids.count(7) == TITLE_TOKENS - 1


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        ("18395??? what is that", "18,395??? what is that"),
        ("is it 2595 or 2,595 in 2018", "is it 2,595 or 2,595 in 2018"),
        ("1999 2023 1600", "1999 2023 1600"),
        ("12:3000 a12345 0071234 1.12345 12345.6", "12:3000 a12345 0071234 1.12345 12345.6"),
        ("is it $1000000?", "is it $1,000,000"),
        ("who paid ?!", "who paid"),
    ],
)
def test_figures_are_read_as_news_prints_them(question: str, printed: str) -> None:
    assert as_printed(question) == printed


# The model


def test_a_question_is_the_same_with_and_without_its_mark(model: ReaderModel) -> None:
    with_mark, without = (logits(model, text, SENTENCES) for text in (QUESTION, QUESTION[:-1]))
    assert with_mark.tolist() == without.tolist()


@pytest.fixture(scope="module")
def model() -> ReaderModel:
    return ReaderModel.shipped(Config())


def logits(reader: ReaderModel, question: str, sentences: Sequence[ReadSentence]) -> Any:
    return np.array([judged.logit for judged in reader.read(question, sentences)])


def test_the_answering_sentence_is_first(model: ReaderModel) -> None:
    found = logits(model, QUESTION, SENTENCES)
    assert found.shape == (len(SENTENCES),)
    assert int(np.argmax(found)) == 0
    assert found[0] > found[3] > max(found[1], found[2])


def test_a_sentence_does_not_depend_on_its_neighbours(model: ReaderModel) -> None:
    together = logits(model, QUESTION, SENTENCES)
    alone = [float(logits(model, QUESTION, [sentence])[0]) for sentence in SENTENCES]
    assert together.tolist() == alone


def test_the_questions_before_a_follow_up_tell_what_it_asks() -> None:
    follow_ups = ReaderModel.for_follow_ups(Config())
    sentences = [
        ReadSentence("The bridge was built in 1931 by the Holm brothers."),
        ReadSentence("The library was built in 1954 by the Lund brothers."),
    ]
    bridge = logits(follow_ups, "where is the old bridge ? when was it built", sentences)
    library = logits(follow_ups, "where is the library ? when was it built", sentences)
    assert bridge[0] > bridge[1]
    assert library[1] > library[0]


def test_what_stands_before_a_pronoun_and_the_title_tell_what_a_sentence_is_about(
    model: ReaderModel,
) -> None:
    text, other = SENTENCES[3].text, "A cake recipe with butter."
    found = logits(
        model, QUESTION,
        [ReadSentence(text, "The council met about the bridge."), ReadSentence(text, other),
         ReadSentence(text, "", "Repair of the bridge ends"), ReadSentence(text, "", other)],
    )  # fmt: skip
    assert found[0] > found[1]
    assert found[2] > found[3]


def test_the_words_that_answer(model: ReaderModel) -> None:
    sentence = ReadSentence("The ferry sank off the cape on 3 May, and 12 people died.")
    for question, words in (("how many people died?", "12"), ("when did it sink", "3 May")):
        found = model.read(question, [sentence])[0].words
        assert found is not None
        assert words in sentence.text[found.start : found.end]
        assert found.end - found.start < len(sentence.text) / 2
        assert 0 < found.probability <= 1


@pytest.mark.parametrize("text", ["", "\n "])
def test_no_words_answer_where_there_are_none(model: ReaderModel, text: str) -> None:
    assert model.read(QUESTION, [ReadSentence(text)])[0].words is None


def test_the_words_that_answer_in_a_long_sentence(model: ReaderModel) -> None:
    text = "word " * 4000
    found = model.read("which word?", [ReadSentence(text)])[0].words
    assert found is not None
    assert 0 <= found.start < found.end <= len(text)


def test_nothing_to_read(model: ReaderModel) -> None:
    assert model.read(QUESTION, []) == []


@pytest.mark.parametrize("text", ["", "🔥" * 400, "a\x00b", "word " * 4000], ids=range(4))
def test_odd_texts(model: ReaderModel, text: str) -> None:
    assert np.isfinite(logits(model, text, [ReadSentence(text, text)])).all()


def test_the_merged_model_is_made_once(tmp_path: Path) -> None:
    config = Config(cache_dir=tmp_path)
    first = logits(ReaderModel.shipped(config), QUESTION, SENTENCES)
    (file,) = (tmp_path / "on-record").iterdir()
    made = file.stat().st_mtime_ns
    again = logits(ReaderModel.shipped(config), QUESTION, SENTENCES)
    assert file.stat().st_mtime_ns == made
    assert first.tolist() == again.tolist()


def test_a_missing_or_damaged_difference_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DIFFERENCE", tmp_path / "reader.npz")
    with pytest.raises(ModelError, match=r"is missing; run `make setup`"):
        ReaderModel.shipped(Config()).read(QUESTION, SENTENCES)
    (tmp_path / "reader.npz").write_bytes(b"damaged")
    with pytest.raises(ModelError, match="has SHA-256"):
        ReaderModel.shipped(Config()).read(QUESTION, SENTENCES)


def test_the_differences_are_small_and_known() -> None:
    for path, sha256 in (
        (module.DIFFERENCE, module.DIFFERENCE_SHA256),
        (module.FOLLOW_UP_DIFFERENCE, module.FOLLOW_UP_SHA256),
    ):
        assert path.stat().st_size < 5_000_000
        assert sha256_of(path) == sha256


# What the logits mean

CALIBRATION = Calibration(
    difference_sha256="", top=30, weight=2.0, line=(1.0, 0.0, 0.0),
    centre=(0.0, 0.0, 0.0), spread=(1.0, 1.0, 1.0), any=(1.0, 0.0, 0.0, 0.0),
    first_at=0.0, answer_at=0.5, indirect_at=0.3, further_at=0.4, further_share=0.5, words_at=0.2,
)  # fmt: skip


def floats(*values: float) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    return np.array(values, dtype=np.float32)


def test_the_mix() -> None:
    assert CALIBRATION.mix(floats(1, 2), floats(0.5, 0.25)).tolist() == [2.0, 2.5]


def test_a_sentence_chance_is_logistic() -> None:
    chances = CALIBRATION.sentence_chances(floats(0, 1), floats(9, 9))
    assert chances.tolist() == pytest.approx([0.5, 1 / (1 + math.exp(-1))])


@pytest.mark.parametrize(
    ("factor", "value"),
    [
        # The best by the mix is the second: 1 + 2 x 0.5 = 2, before 1.5 + 2 x 0.1 = 1.7.
        pytest.param(0, 1.0, id="its logit"),
        pytest.param(1, 1.5, id="best logit"),
        pytest.param(2, 0.5 - 0.6, id="behind the nearest one"),
    ],
)
def test_the_features_of_a_question(factor: int, value: float) -> None:
    weights = [0.0] * 4
    weights[factor] = 1.0
    one = Calibration(**{**CALIBRATION.__dict__, "any": tuple(weights)})
    chance = one.any_chance(floats(1.5, 1, -1), floats(0.1, 0.5, 0.6))
    assert chance == pytest.approx(1 / (1 + math.exp(-value)), rel=1e-5)


def test_no_chance_where_nothing_is_near() -> None:
    one = Calibration(**{**CALIBRATION.__dict__, "first_at": 0.3})
    assert one.any_chance(floats(9, 9), floats(0.2, 0.29)) == 0.0
    assert one.any_chance(floats(9, 9), floats(0.2, 0.31)) > 0.9


def test_no_chance_without_sentences() -> None:
    assert CALIBRATION.any_chance(floats(), floats()) == 0.0


@pytest.mark.parametrize(
    ("shipped", "sha256"),
    [
        (shipped_calibration(), module.DIFFERENCE_SHA256),
        (follow_up_calibration(), module.FOLLOW_UP_SHA256),
    ],
    ids=["questions", "follow-ups"],
)
def test_the_constants_belong_to_the_shipped_difference(shipped: Calibration, sha256: str) -> None:
    assert shipped.difference_sha256 == sha256
    assert 0 < shipped.indirect_at <= shipped.answer_at < 1
    assert len(shipped.centre) == len(shipped.spread) == len(shipped.any) - 1 == 3
    json.dumps(shipped.__dict__)
