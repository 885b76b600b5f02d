"""Texts -> vectors of a model behind an OpenAI-compatible API: `RAG_EMBEDDING=openai:MODEL`.

Through llama-index's OpenAIEmbedding. Every chunk and sentence of the corpus, and every question,
is sent to the address of `RAG_LLM_BASE_URL`, or to OpenAI.
"""

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.config import Config, is_loopback
from rag.errors import ConfigError, ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OPENAI_BASE_URL = "https://api.openai.com/v1"
# Known without asking, so that an index opens without a request.
_DIMENSIONS = {
    "text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536,
}  # fmt: skip
_BATCH_TEXTS = 64
_ATTEMPTS = 3
_BACKOFF_S = 1.0
# One request more inside the client, which honours Retry-After.
_CLIENT_RETRIES = 1
_TIMEOUT_S = 60.0


class OpenAIEmbedder:
    """An embedding model over HTTP. Safe to use from several threads; never shows the key."""

    def __init__(self, model: str, *, base_url: str, key: str) -> None:
        self._model = model
        self._base_url = base_url
        self._key = key
        self._host = urlsplit(base_url).netloc.rpartition("@")[2]
        self.name = f"openai:{model} at {self._host}"

    def __repr__(self) -> str:
        return f"OpenAIEmbedder({self.name!r})"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector; asked for once where the model is not a known one."""
        return _DIMENSIONS.get(self._model) or len(self._request(["dimension"])[0])

    def embed(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> "NDArray[np.float32]":
        """Vectors of `texts`: float32, shape (n_texts, dimension), rows L2-normalised.

        Raises:
            ModelError: When the server does not answer, or not with one vector for each text.
        """
        import numpy as np

        rows: list[list[float]] = []
        for start in range(0, len(texts), _BATCH_TEXTS):
            batch = list(texts[start : start + _BATCH_TEXTS])
            rows += self._request(batch)
            if progress is not None:
                progress(len(batch))
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self.name} gave a vector that is not a number")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(norms == 0, 1, norms), dtype=np.float32)

    def _request(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text; tried again when the failure may pass."""
        import httpx
        from openai import OpenAIError

        for attempt in range(1, _ATTEMPTS + 1):
            try:
                rows = self._client.get_text_embedding_batch(texts)
            except (OpenAIError, httpx.HTTPError, ValueError, AttributeError, TypeError) as exc:
                failure = self._failure(exc)  # without the cause: it may hold the key
            else:
                if len(rows) == len(texts) and len({len(row) for row in rows}) == 1 and rows[0]:
                    return [list(row) for row in rows]
                failure = ModelError(f"{self.name} did not give one vector for each text")
            if not failure.retryable or attempt == _ATTEMPTS:
                raise failure
            time.sleep(_BACKOFF_S * attempt)
        raise AssertionError("the last attempt returns or raises")

    @cached_property
    def _client(self) -> Any:
        from llama_index.embeddings.openai import OpenAIEmbedding

        return OpenAIEmbedding(
            model_name=self._model,
            api_key=self._key,
            api_base=self._base_url,
            embed_batch_size=_BATCH_TEXTS,
            max_retries=_CLIENT_RETRIES,
            timeout=_TIMEOUT_S,
        )

    def _failure(self, exc: Exception) -> ModelError:
        """What to tell the user; no text of the exception, which may hold the key."""
        status = getattr(exc, "status_code", None)
        if status in (401, 403):
            return ModelError(f"{self._host} does not accept the key: check OPENAI_API_KEY")
        if status == 404:
            return ModelError(
                f"{self._host} knows no embedding model {self._model}: check RAG_EMBEDDING and "
                "RAG_LLM_BASE_URL, which often ends in /v1"
            )
        if getattr(exc, "code", None) == "insufficient_quota":
            return ModelError(f"the account at {self._host} has no quota left")
        if status is None or status in (408, 409, 429) or status >= 500:
            what = f"status {status}" if status else type(exc).__name__
            return ModelError(f"no embedding from {self._host} ({what})", retryable=True)
        return ModelError(f"{self._host} refused the embedding request (status {status})")


def get_openai_embedder(config: Config) -> OpenAIEmbedder:
    """The embedder that "openai:MODEL" in `config.embedding` names. Sends nothing.

    Raises:
        ConfigError: When the model has no name, or a key is missing for another machine.
    """
    model = config.embedding.removeprefix("openai:").strip()
    base_url = (config.llm_base_url or OPENAI_BASE_URL).strip().rstrip("/")
    host = urlsplit(base_url).hostname
    if not model or not host:
        raise ConfigError("setting RAG_EMBEDDING: openai:MODEL needs a model and an address")
    key = config.openai_api_key.get_secret_value().strip() if config.openai_api_key else ""
    if not key and not is_loopback(host):
        raise ConfigError(f"no key for the embedding model at {host}: set OPENAI_API_KEY")
    return OpenAIEmbedder(model, base_url=base_url, key=key or "none")
