"""Settings out of code, the environment and `.env`; bad ones name themselves; keys stay secret."""

import pickle
from pathlib import Path
from typing import Any

import pytest

from rag import Config, ConfigError
from rag.config import MAX_QUESTION_CHARS


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    config = Config()
    assert (config.corpus_dir, config.index_dir) == (Path("corpus"), Path("index"))
    assert config.embedding == "minilm"
    assert config.max_question_chars == MAX_QUESTION_CHARS == 4_000
    assert (config.host, config.port) == ("127.0.0.1", 7860)
    assert config.openai_api_key is None


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        pytest.param("RAG_CORPUS_DIR", "a/b", "corpus_dir", Path("a/b"), id="path"),
        pytest.param("RAG_CHUNK_WORDS", "120", "chunk_words", 120, id="number"),
        pytest.param("RAG_MAX_FILE_MB", "0.5", "max_file_mb", 0.5, id="fraction"),
        pytest.param("rag_port", "0", "port", 0, id="small letters"),
        pytest.param("RAG_CACHE_DIR", "c", "cache_dir", Path("c"), id="optional"),
        pytest.param("RAG_CORPUS_DIR", "", "corpus_dir", Path("corpus"), id="empty is not given"),
        pytest.param("OPENAI_API_KEY", "", "openai_api_key", None, id="empty key"),
        pytest.param("RAG_SOMETHING", "1", "port", 7860, id="unknown is ignored"),
    ],
)
def test_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, field: str, value: Any
) -> None:
    monkeypatch.setenv(name, text)
    assert getattr(Config(), field) == value


def test_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        "RAG_PORT=1234\nRAG_CORPUS_DIR='from file'\nOPENAI_API_KEY=sk-file\nOTHER=1\n"
    )
    monkeypatch.setenv("RAG_CORPUS_DIR", "from environment")
    config = Config(index_dir="from code")
    assert config.port == 1234
    assert config.corpus_dir == Path("from environment")  # nearer than the file
    assert config.index_dir == Path("from code")
    assert config.openai_api_key is not None
    assert config.openai_api_key.get_secret_value() == "sk-file"


def test_code_counts_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_PORT", "1")
    assert Config(port=2).port == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("RAG_PORT", "many", id="no number"),
        pytest.param("RAG_PORT", "65536", id="too large"),
        pytest.param("RAG_PORT", "-1", id="negative"),
        pytest.param("RAG_CHUNK_WORDS", "19", id="chunks too small"),
        pytest.param("RAG_MAX_FILE_MB", "0", id="no file is small enough"),
        pytest.param("RAG_MAX_FILE_MB", "nan", id="not a number"),
        pytest.param("RAG_MAX_STATEMENTS", "0", id="no statement"),
        pytest.param("RAG_MAX_QUESTION_CHARS", "5", id="no question fits"),
    ],
)
def test_a_bad_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ConfigError, match=f"^setting {name}: ") as caught:
        Config()
    assert "\n" not in str(caught.value)
    with pytest.raises(ConfigError, match=f"^setting {name}: "):
        Config(**{name.removeprefix("RAG_").lower(): text})


def test_an_overlap_as_large_as_the_chunk() -> None:
    with pytest.raises(
        ConfigError, match=r"RAG_CHUNK_OVERLAP_WORDS: 50 must be smaller than .* 50"
    ):
        Config(chunk_words=50, chunk_overlap_words=50)


def test_a_setting_that_there_is_not() -> None:
    with pytest.raises(ConfigError, match="no setting corpusdir"):
        Config(corpusdir="x")


def test_the_key_is_never_shown() -> None:
    config = Config(openai_api_key="sk-secret-123")
    assert config.openai_api_key is not None
    assert config.openai_api_key.get_secret_value() == "sk-secret-123"
    for shown in (repr(config), str(config), f"{config}", config.model_dump_json()):
        assert "sk-secret" not in shown
    with pytest.raises(ConfigError) as caught:
        Config(openai_api_key=["sk-secret-123"])
    assert "sk-secret" not in str(caught.value)
    assert str(caught.value).startswith("setting OPENAI_API_KEY: ")


def test_frozen_and_hashable() -> None:
    config = Config(port=1)
    with pytest.raises(Exception, match="frozen"):
        config.port = 2  # type: ignore[misc]
    assert config == Config(port=1)
    assert {config: "a"}[Config(port=1)] == "a"
    assert config != Config(port=2)
    assert pickle.loads(pickle.dumps(config)) == config


def test_relative_paths_are_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    config = Config(corpus_dir="articles")
    assert config.corpus_dir == Path("articles")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert config.corpus_dir.absolute() == tmp_path / "elsewhere" / "articles"
