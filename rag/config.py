"""Settings: given in code, or read from RAG_* variables and a `.env` file.

Fields are grouped in the order of the flow. Relative paths are relative to the current folder.
"""

from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import ConfigError

MAX_QUESTION_CHARS = 4_000


class Config(BaseSettings):
    """All settings of On Record. Immutable and hashable.

    Raises:
        ConfigError: When a value cannot be used; the message names the setting.
    """

    model_config = SettingsConfigDict(
        env_prefix="RAG_", env_file=".env", extra="ignore", frozen=True
    )

    # corpus
    corpus_dir: Path = Field(Path("corpus"), description="folder of the articles")
    max_file_mb: float = Field(20.0, gt=0, description="larger article files are skipped, MB")

    # index
    index_dir: Path = Field(Path("index"), description="folder of the index")
    chunk_words: int = Field(180, ge=20, le=400, description="target size of a chunk, words")
    chunk_overlap_words: int = Field(40, ge=0, le=200, description="shared with the next, words")
    embedding: str = Field("minilm", description="minilm, or a folder with model and tokenizer")
    embedding_threads: int = Field(0, ge=0, description="threads for embedding; 0: all cores")
    cache_dir: Path | None = Field(None, description="derived model files; none: the user's cache")

    # answers
    max_question_chars: int = Field(
        MAX_QUESTION_CHARS, ge=100, description="longer questions are refused, characters"
    )
    max_statements: int = Field(4, ge=1, le=12, description="statements in an extractive answer")

    # page
    host: str = Field("127.0.0.1", description="address that the page listens on")
    port: int = Field(7860, ge=0, le=65_535, description="port that the page listens on")

    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="key of the language model"
    )

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as exc:
            first = exc.errors(include_input=False)[0]
            name = "RAG_" + "_".join(str(part) for part in first["loc"]).upper()
            raise ConfigError(f"setting {name}: {first['msg']}") from exc

    @model_validator(mode="after")
    def _overlap_below_chunk(self) -> Self:
        if self.chunk_overlap_words >= self.chunk_words:
            raise ConfigError(
                f"setting RAG_CHUNK_OVERLAP_WORDS: {self.chunk_overlap_words} must be smaller "
                f"than RAG_CHUNK_WORDS, {self.chunk_words}"
            )
        return self
