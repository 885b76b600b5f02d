"""Texts -> vectors, behind one small protocol: the embedded model, or one behind an API."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rag.config import Config
from rag.embedding.graphs import sha256_of
from rag.embedding.onnx import (
    OnnxEmbedder,
    model_path,
    quantized_model_path,
    tokenizer_path,
)
from rag.embedding.openai import get_openai_embedder
from rag.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Embedder", "OnnxEmbedder", "get_embedder", "quantized_model_path"]


class Embedder(Protocol):
    """What turns texts into vectors.

    Attributes:
        name: Names model, weights and arithmetic; vectors of two names must not be mixed.
        dimension: Length of a vector.
    """

    @property
    def name(self) -> str:
        """Names model, weights and arithmetic."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> "NDArray[np.float32]":
        """Vectors of `texts`: float32, shape (n_texts, dimension), rows L2-normalised."""
        ...


def get_embedder(config: Config) -> Embedder:
    """The embedder that `config.embedding` names; nothing is loaded yet.

    Raises:
        ConfigError: When the setting names neither "minilm" nor a folder with a model.
    """
    if config.embedding.startswith("openai:"):
        return get_openai_embedder(config)
    if config.embedding == "minilm":
        return OnnxEmbedder(
            "all-MiniLM-L6-v2 int8",
            lambda: quantized_model_path(config),
            tokenizer_path,
            threads=config.embedding_threads,
        )
    if config.embedding == "minilm-float32":
        return OnnxEmbedder(
            "all-MiniLM-L6-v2 float32",
            model_path,
            tokenizer_path,
            threads=config.embedding_threads,
        )
    folder = Path(config.embedding)
    model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
    if not (model.is_file() and tokenizer.is_file()):
        raise ConfigError(
            f"setting RAG_EMBEDDING: {config.embedding!r} is neither minilm, minilm-float32, "
            "openai:MODEL nor a folder with model.onnx and tokenizer.json"
        )
    digest = sha256_of(model)[:12]
    return OnnxEmbedder(f"{folder.name} {digest}", lambda: model, lambda: tokenizer,
                        threads=config.embedding_threads)  # fmt: skip
