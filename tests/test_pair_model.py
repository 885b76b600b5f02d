"""The pair model: what it sees of two sentences, how it is made, what it says."""

from pathlib import Path

import pytest

from rag import Config, ModelError
from rag.embedding.graphs import sha256_of
from rag.relevance import PairModel, SentencePair
from rag.relevance import pairs as module
from rag.relevance.inputs import (
    CLS,
    COMPARED_QUESTION_TOKENS,
    COMPARED_TOKENS,
    SEP,
    make_compared,
)

QUESTION = "how many people died in the ferry crash?"
SAME = SentencePair("Five people died in the ferry crash.", "The ferry crash killed five people.")
DIFFERENT = SentencePair("Five people died in the ferry crash.", "Nine died in the ferry crash.")
BESIDE = SentencePair("Five people died in the ferry crash.", "A cake recipe with butter.")


@pytest.fixture(scope="module")
def model() -> PairModel:
    return PairModel.shipped(Config())


def test_the_tokens_of_two_sentences() -> None:
    pair = make_compared([7, 8], [9], [3, 4])
    assert pair.ids == [CLS, 7, 8, SEP, 9, SEP, 3, 4, SEP]
    assert pair.start == 6


def test_long_texts_keep_their_first_tokens() -> None:
    pair = make_compared([1] * 500, [2] * 500, [3] * 500)
    assert pair.ids.count(1) == COMPARED_QUESTION_TOKENS
    assert pair.ids.count(2) == pair.ids.count(3) == COMPARED_TOKENS


def test_what_differs_is_told_from_what_agrees(model: PairModel) -> None:
    same, different, beside = model.compare(QUESTION, [SAME, DIFFERENT, BESIDE])
    assert different.differ > max(same.differ, beside.differ)
    assert same.same > max(different.same, beside.same)
    assert beside.beside > max(same.beside, different.beside)
    assert sum(same) == pytest.approx(1.0, abs=1e-5)


def test_order_and_neighbours_do_not_matter(model: PairModel) -> None:
    together = model.compare(QUESTION, [SAME, DIFFERENT])
    turned = model.compare(QUESTION, [SentencePair(DIFFERENT.other, DIFFERENT.one)])
    assert turned[0] == pytest.approx(together[1])
    assert model.compare(QUESTION, [SAME]) == together[:1]


def test_nothing_to_compare(model: PairModel) -> None:
    assert model.compare(QUESTION, []) == []


@pytest.mark.parametrize("text", ["", "🔥" * 400, "a\x00b", "word " * 4000], ids=range(4))
def test_odd_texts(model: PairModel, text: str) -> None:
    assert sum(model.compare(text, [SentencePair(text, text)])[0]) == pytest.approx(1.0, abs=1e-5)


def test_a_missing_or_damaged_difference_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DIFFERENCE", tmp_path / "pairs.npz")
    with pytest.raises(ModelError, match=r"is missing; run `make setup`"):
        PairModel.shipped(Config()).compare(QUESTION, [SAME])
    (tmp_path / "pairs.npz").write_bytes(b"damaged")
    with pytest.raises(ModelError, match="has SHA-256"):
        PairModel.shipped(Config()).compare(QUESTION, [SAME])


def test_the_difference_is_small_and_known() -> None:
    assert module.DIFFERENCE.stat().st_size < 5_000_000
    assert sha256_of(module.DIFFERENCE) == module.DIFFERENCE_SHA256
