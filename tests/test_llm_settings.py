"""Which model the settings name, and the small functions around it, without a server."""

import subprocess
import sys

import httpx
import pytest

from rag import Config
from rag.config import is_loopback
from rag.errors import ConfigError
from rag.llm import get_language_model
from rag.llm.chat import read_context
from rag.llm.faults import retry_after
from rag.llm.thinking import skip_thinking
from rag.llm.tokens import estimate_tokens

KEY = "sk-test-7f3a9c51e0d24b68"

# Settings


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"openai_api_key": KEY},
        {"llm": "extractive", "llm_model": "gpt-4o", "openai_api_key": KEY},
    ],
    ids=["nothing set", "a stray key", "switched off"],
)
def test_no_model_unless_one_is_named(settings: dict[str, str]) -> None:
    assert get_language_model(Config(**settings)) is None


def test_a_model_that_is_asked_for_must_be_named() -> None:
    with pytest.raises(ConfigError, match="RAG_LLM_MODEL"):
        Config(llm="openai")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "no key for the language model at api.openai.com"),
        ({"llm_base_url": "https://gate.example/v1"}, "no key .* at gate.example"),
        ({"llm_base_url": "localhost:8080"}, "RAG_LLM_BASE_URL"),
    ],
    ids=["openai", "gateway", "no address"],
)
def test_settings_that_cannot_work(settings: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        get_language_model(Config(llm_model="gpt-4o", **settings))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "a.localhost"])
def test_no_key_is_needed_on_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost.example", "example.com", "128.0.0.1"])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)


def test_the_address_comes_from_either_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert Config().llm_base_url == "http://127.0.0.1:1/v1"
    monkeypatch.setenv("RAG_LLM_BASE_URL", "http://127.0.0.1:2/v1")
    assert Config().llm_base_url == "http://127.0.0.1:2/v1"


def test_importing_loads_neither_library() -> None:
    program = (
        "import sys, rag.llm; from rag import Config;"
        "rag.llm.get_language_model(Config(llm_model='m', llm_base_url='http://localhost:1'));"
        "sys.exit(any(name in sys.modules for name in ('openai', 'llama_index', 'httpx')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# Context, tokens, waiting, thinking


@pytest.mark.parametrize(
    ("models", "tokens"),
    [
        ([{"id": "m", "meta": {"n_ctx": 2_048, "n_ctx_train": 8_192}}], 2_048),
        ([{"id": "m", "meta": {"n_ctx_train": 8_192}}], 8_192),
        ([{"id": "alias", "context_length": 32_000}], 32_000),
        ([{"id": "a", "context_length": 1}, {"id": "b", "context_length": 2}], None),
        ([{"id": "m", "context_length": "many"}], None),
        ([], None),
    ],
)
def test_read_context(models: list[dict[str, object]], tokens: int | None) -> None:
    assert read_context(models, "m") == tokens


@pytest.mark.parametrize(
    ("content", "tokens"),
    [
        ("", 0),
        ("rose", 1),
        ("roses", 2),
        ("It rose", 1 + 1),
        ("at 9:30.", 1 + 1 + 5),
        ("a  b\n", 1 + 1 + 1 + 1),
        ("“é”", 3 + 2 + 3),
    ],
)
def test_estimate_tokens(content: str, tokens: int) -> None:
    assert estimate_tokens(content) == tokens


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("3", 3.0), ("0.5", 0.5), ("-1", None), ("soon", None), ("nan", None), ("", None)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(httpx.Headers({"Retry-After": value})) == seconds


def test_retry_after_a_date() -> None:
    past = httpx.Headers({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert retry_after(past) == 0
    assert retry_after(httpx.Headers({"retry-after-ms": "250"})) == 0.25


@pytest.mark.parametrize(
    ("pieces", "answer"),
    [
        (["<thi", "nk>Hm.</thi", "nk>", "\n\n", "It", " rose."], "It rose."),
        (["<think>Hm.</think>It rose."], "It rose."),
        (["\n", "It <think> rose."], "It <think> rose."),
        (["<thi"], "<thi"),
        (["<think>", "Hm."], ""),
        ([], ""),
    ],
)
def test_thinking_is_left_out(pieces: list[str], answer: str) -> None:
    assert "".join(skip_thinking(pieces)) == answer
