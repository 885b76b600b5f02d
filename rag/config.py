"""Settings: given in code, or read from RAG_* variables and a `.env` file.

Fields are grouped in the order of the flow. Relative paths are relative to the current folder.
"""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rag.errors import ConfigError

MAX_QUESTION_CHARS = 4_000

# The parts of the way to an answer that can be left out, to measure what each is worth.
Part = Literal[
    "dense",  # search by vectors
    "keywords",  # search by words
    "sentence_vectors",  # the best sentence's vector beside the chunk's
    "publishers",  # searches of their own for publishers that the question names
    "sources",  # a search in their articles alone when it asks what they report
    "spelling",  # misspelt words searched in their known form too
    "focus",  # what is asked about somebody read only in sentences that have to do with them
    "question_parts",  # two questions in one answered one by one
    "follow_ups",  # what a follow-up leaves out taken from the question before
    "typed",  # a follow-up read as it was typed too
    "in_context",  # and behind the questions that it follows, by a model for that
    "threads",  # a follow-up looked for in the story that the conversation is about
    "line_context",  # a sentence judged together with its line and the line before
    "antecedents",  # the sentence before one that starts with a pronoun
    "trained_reader",  # the small model that reads question and sentence together
    "times",  # questions for a time answered by the sentences that tell it
    "amounts",  # questions for an amount answered by sentences that give one
    "premises",  # a line that denies what the question takes for granted, where nothing answers
    "pairs",  # likely answers that give different values told, if a small model says they differ
    "comparison",  # what sources say differently found, stated and shown
    "refusal",  # questions that nothing answers refused before anything is written
]


class Config(BaseSettings):
    """All settings of On Record. Immutable and hashable.

    Raises:
        ConfigError: When a value cannot be used; the message names the setting.
    """

    model_config = SettingsConfigDict(
        env_prefix="RAG_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    # corpus
    corpus_dir: Path = Field(Path("corpus"), description="folder of the articles")
    max_file_mb: float = Field(20.0, gt=0, description="larger article files are skipped, MB")

    # index
    index_dir: Path = Field(Path("index"), description="folder of the index")
    chunk_words: int = Field(180, ge=20, le=400, description="target size of a chunk, words")
    chunk_overlap_words: int = Field(40, ge=0, le=200, description="shared with the next, words")
    embedding: str = Field("minilm", description="minilm, minilm-float32, openai:MODEL, a folder")
    embedding_threads: int = Field(0, ge=0, description="threads for embedding; 0: all cores")
    cache_dir: Path | None = Field(None, description="derived model files; none: the user's cache")

    # answers
    max_question_chars: int = Field(
        MAX_QUESTION_CHARS, ge=100, description="longer questions are refused, characters"
    )
    max_statements: int = Field(4, ge=1, le=12, description="statements in an extractive answer")

    without: Annotated[frozenset[Part], NoDecode] = Field(
        frozenset(), description="parts left out, to measure their worth; comma-separated"
    )

    # language model
    llm: Literal["auto", "extractive", "openai"] = Field(
        "auto", description="who writes the answers; auto: a model when llm_model is set"
    )
    llm_model: str | None = Field(None, description="name of the language model")
    llm_base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("RAG_LLM_BASE_URL", "OPENAI_BASE_URL"),
        description="address of an OpenAI-compatible API, often ending in /v1; none: OpenAI",
    )
    llm_context_tokens: int | None = Field(
        None, ge=1_024, description="context of the model, tokens; none: asked for or known"
    )
    llm_timeout_s: float = Field(
        60.0, gt=0, description="longest silence of the model's server, seconds"
    )
    llm_total_timeout_s: float = Field(
        120.0, gt=0, description="longest duration of one call with its retries, seconds"
    )
    llm_max_output_tokens: int = Field(
        700, ge=16, description="longest answer of the model, tokens"
    )

    # page
    host: str = Field("127.0.0.1", description="address that the page listens on")
    port: int = Field(7860, ge=0, le=65_535, description="port that the page listens on")
    root_path: str = Field(
        "", description="path, or full address, under which a proxy shows the page"
    )
    auth: SecretStr | None = Field(
        None, description="who may log in: NAME:HASH pairs, or a file with one a line"
    )
    insecure: bool = Field(
        False, description="listen on another address than this machine's without a login"
    )
    uploads: Literal["auto", "on", "off"] = Field(
        "auto", description="articles changed in the page; auto: on this machine or after a login"
    )
    max_upload_mb: float = Field(100.0, gt=0, description="largest upload, all its files, MB")
    api_per_minute: int = Field(
        120, ge=0, description="requests of the page, the API and MCP a minute and client; 0: any"
    )
    feedback_file: Path | None = Field(
        None, description="votes on answers; none: the index folder's name, -feedback.sqlite3"
    )

    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="key of the language model"
    )

    def __init__(self, **values: Any) -> None:
        unknown = [
            name for name in values if name[:1] != "_" and name not in type(self).model_fields
        ]
        if unknown:  # in the environment and in .env, other names are other programs'
            raise ConfigError(f"there is no setting {', '.join(unknown)}")
        try:
            super().__init__(**values)
        except ValidationError as exc:
            first = exc.errors(include_input=False)[0]
            name = "_".join(str(part) for part in first["loc"]).upper()
            name = name if name.startswith(("OPENAI_", "RAG_")) else f"RAG_{name}"
            raise ConfigError(f"setting {name}: {first['msg']}") from exc

    @field_validator("without", mode="before")
    @classmethod
    def _split_names(cls, value: Any) -> Any:
        """A comma-separated text, as variables hold it, as its names; unknown ones named."""
        names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
        names = [name for name in names if name]
        if unknown := [name for name in names if name not in get_args(Part)]:
            raise ValueError(
                f"there is no part {', '.join(map(str, unknown))}; "
                f"the parts are {', '.join(get_args(Part))}"
            )
        return names

    @field_validator("root_path")
    @classmethod
    def _is_path_or_address(cls, value: str) -> str:
        """Without its last slash; "" when the page is at the root."""
        value = value.strip().rstrip("/")
        if value and not value.startswith(("/", "http://", "https://")):
            raise ValueError(
                "must be a path such as /news or an address such as https://a.org/news"
            )
        return value

    @model_validator(mode="after")
    def _model_is_named(self) -> Self:
        if self.llm == "openai" and not self.llm_model:
            raise ConfigError(
                "setting RAG_LLM: openai needs the name of a model; set RAG_LLM_MODEL"
            )
        return self

    @model_validator(mode="after")
    def _overlap_below_chunk(self) -> Self:
        if self.chunk_overlap_words >= self.chunk_words:
            raise ConfigError(
                f"setting RAG_CHUNK_OVERLAP_WORDS: {self.chunk_overlap_words} must be smaller "
                f"than RAG_CHUNK_WORDS, {self.chunk_words}"
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by name or address.

    Example: "127.0.0.1" -> True
    """
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
