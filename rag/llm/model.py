"""What a language model must do, and which one the settings name."""

from collections.abc import Generator
from typing import Protocol
from urllib.parse import urlsplit

from rag.config import Config, is_loopback
from rag.errors import ConfigError
from rag.llm.faults import Endpoint

OPENAI_BASE_URL = "https://api.openai.com/v1"


class LanguageModel(Protocol):
    """A model that answers one prompt with text. Safe to use from several threads.

    Attributes:
        name: As the settings give it; shown to the user.
    """

    name: str

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and answer may have together."""
        ...

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        """Pieces of the answer as they arrive; closing the generator ends the request at once.

        Raises:
            ModelError: When there is no complete answer; pieces that were yielded stay valid as
                text. `retryable` says whether the same call may succeed later; the retries that
                make sense have been made.
        """
        ...

    def complete(self, system: str, user: str) -> str:
        """The whole answer.

        Raises:
            ModelError: As for `stream`.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """About how many tokens `text` has, on the safe side."""
        ...


def get_language_model(config: Config) -> LanguageModel | None:
    """The model that the settings name, or None when answers are extractive. Sends nothing.

    Raises:
        ConfigError: When the address is not one, or no key is set for a model that is not on
            this machine.
    """
    if config.llm == "extractive" or not config.llm_model:
        return None
    from rag.llm.chat import ChatModel  # here: it needs the name of a model to be of use

    base_url = (config.llm_base_url or OPENAI_BASE_URL).strip().rstrip("/")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            "setting RAG_LLM_BASE_URL: not an address like http://127.0.0.1:8080/v1; "
            "without it, OPENAI_BASE_URL is used"
        )
    local = is_loopback(parts.hostname)
    key = config.openai_api_key.get_secret_value().strip() if config.openai_api_key else ""
    if not key and not local:
        raise ConfigError(
            f"no key for the language model at {parts.hostname}: set OPENAI_API_KEY (to any word "
            "when it needs none), or RAG_LLM=extractive to answer without a model"
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigError("OPENAI_API_KEY holds a character that no key has: copy it again")
    endpoint = Endpoint(config.llm_model, base_url, key, local)
    return ChatModel(
        endpoint,
        context_tokens=config.llm_context_tokens,
        timeout_s=config.llm_timeout_s,
        total_timeout_s=config.llm_total_timeout_s,
        max_output_tokens=config.llm_max_output_tokens,
    )
