"""The language model's client against a real server on loopback that fails in every known way."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator

import pytest
import scripted_server as scripted
from scripted_server import ScriptedServer, Step, status, text

from rag import Config
from rag.errors import ConfigError, ModelError
from rag.llm import LanguageModel, chat, get_language_model

KEY = "sk-test-7f3a9c51e0d24b68"
READ_S, TOTAL_S = 0.4, 1.5


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "BACKOFF_S", 0.01)


Model = Callable[..., LanguageModel]


@pytest.fixture
def model(server: ScriptedServer) -> Model:
    def make(**settings: object) -> LanguageModel:
        given: dict[str, object] = {
            "llm_model": "scripted", "llm_base_url": server.base_url, "llm_timeout_s": READ_S,
            "llm_total_timeout_s": TOTAL_S, "openai_api_key": KEY,
        }  # fmt: skip
        made = get_language_model(Config(**{**given, **settings}))
        assert made is not None
        return made

    return make


def ask(model: LanguageModel) -> tuple[str, ModelError | None]:
    """What arrived, and the error after it."""
    pieces: list[str] = []
    try:
        for piece in model.stream("the rules", "the question"):
            pieces.append(piece)
    except ModelError as exc:
        return "".join(pieces), exc
    return "".join(pieces), None


# What is sent, and good answers


def test_streams_the_answer_in_pieces(server: ScriptedServer, model: Model) -> None:
    server.script(text("It rose [S1:L3].", piece_chars=4))
    assert list(model().stream("the rules", "the question")) == ["It r", "ose ", "[S1:", "L3]."]
    sent = server.requests[0]
    assert sent.path == "/v1/chat/completions"
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.body == {
        "model": "scripted",
        "messages": [
            {"role": "system", "content": "the rules"},
            {"role": "user", "content": "the question"},
        ],
        "temperature": 0.0,
        "max_tokens": 700,
        "stream": True,
    }


def test_complete_returns_the_whole_answer(server: ScriptedServer, model: Model) -> None:
    server.script(text("It rose. It fell."))
    assert model().complete("s", "u") == "It rose. It fell."


@pytest.mark.parametrize(
    ("parameter", "message", "then"),
    [
        ("temperature", "Unsupported value: 'temperature' does not support 0.0", None),
        ("max_tokens", "Unsupported parameter: use 'max_completion_tokens'", 700),
    ],
    ids=["temperature", "max_tokens"],
)
def test_asks_once_more_without_what_the_model_rejects(
    server: ScriptedServer, model: Model, parameter: str, message: str, then: int | None
) -> None:
    server.script(scripted.rejecting(parameter, message, text("fine")))
    made = model()
    assert ask(made) == ("fine", None)
    assert len(server.requests) == 2
    assert parameter not in server.requests[1].body
    assert server.requests[1].body.get("max_completion_tokens") == then
    assert ask(made) == ("fine", None)
    assert len(server.requests) == 3  # remembered


def test_puts_the_rules_before_the_question_when_there_is_no_system_role(
    server: ScriptedServer, model: Model
) -> None:
    server.script(status(500, "System role not supported"), text("fine"))
    assert ask(model()) == ("fine", None)
    assert server.requests[1].body["messages"] == [
        {"role": "user", "content": "the rules\n\nthe question"}
    ]


def test_a_rejection_that_persists_is_an_error(server: ScriptedServer, model: Model) -> None:
    server.script(status(400, "temperature is not a word we know"))
    got, error = ask(model())
    assert got == ""
    assert error is not None
    assert len(server.requests) == 2


@pytest.mark.parametrize("then", ["end", "no_done"])
def test_an_answer_is_complete_when_it_says_why_it_ended(
    server: ScriptedServer, model: Model, then: str
) -> None:
    server.script(text("It rose.", then=then))
    assert ask(model()) == ("It rose.", None)


# Failures


@pytest.mark.parametrize(
    ("step", "requests", "message", "retryable"),
    [
        (status(400, "no such field"), 1, "rejected the request (HTTP 400): no such field", False),
        (status(401), 1, "refused OPENAI_API_KEY (HTTP 401)", False),
        (status(403), 1, "refused OPENAI_API_KEY (HTTP 403)", False),
        (status(404), 1, "knows no model 'scripted' at this address (HTTP 404)", False),
        (status(400, "maximum context length is 2048"), 1, "RAG_LLM_CONTEXT_TOKENS", False),
        (status(307, headers={"Location": "/elsewhere"}), 1, "points to another address", False),
        (scripted.insufficient_quota(), 1, "has no quota left (HTTP 429)", False),
        (status(408), 3, "failed to answer (HTTP 408)", True),
        (status(409), 3, "failed to answer (HTTP 409)", True),
        (status(429), 3, "limits how often it is asked (HTTP 429)", True),
        (status(500), 3, "failed to answer (HTTP 500)", True),
        (status(503), 3, "failed to answer (HTTP 503)", True),
        (scripted.limited("30"), 1, "limits how often", True),
        (scripted.garbage(), 1, "something that is not a chat completion", False),
        (scripted.web_page(), 1, "answered with a web page", False),
        (scripted.empty_choices(), 1, "something that is not a chat completion", False),
        (scripted.null_content(), 3, "gave an empty answer", True),
        (text("", then="stall"), 3, "sent nothing for 0.4 s", True),
        (text("", then="cut"), 3, "broke the answer off", True),
        (text("", finish_reason="length"), 1, "raise RAG_LLM_MAX_OUTPUT_TOKENS", False),
        (text("<think>Hm.", finish_reason="length"), 1, "raise RAG_LLM_MAX_OUTPUT_TOKENS", False),
        (text("", finish_reason="content_filter"), 1, "content filter", False),
    ],
    ids=lambda value: None if not isinstance(value, str) else value[:20],
)
def test_failure_before_the_first_piece(
    server: ScriptedServer, model: Model, step: Step, requests: int, message: str, retryable: bool
) -> None:
    server.script(step)
    got, error = ask(model(llm_total_timeout_s=6))
    assert got == ""
    assert error is not None
    assert message in str(error)
    assert "\n" not in str(error)
    assert error.retryable is retryable
    assert len(server.requests) == requests


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (text("It rose and", then="cut"), "broke the answer off"),
        (text("It rose and", then="stall"), "sent nothing for 0.4 s"),
        (text("It rose and", then="no_finish"), "broke the answer off"),
        (text("It rose and", then="drip"), "no complete answer within 1.5 s"),
        (text("It rose and", finish_reason="content_filter"), "content filter"),
    ],
    ids=["cut", "stall", "no finish_reason", "drip", "content filter"],
)
def test_failure_after_the_first_piece_is_not_retried(
    server: ScriptedServer, model: Model, step: Step, message: str
) -> None:
    server.script(step)
    got, error = ask(model())
    assert got == "It rose and"
    assert error is not None
    assert message in str(error)
    assert len(server.requests) == 1


def test_succeeds_after_two_failures(server: ScriptedServer, model: Model) -> None:
    server.script(status(500), status(503), text("It rose."))
    assert ask(model()) == ("It rose.", None)
    assert len(server.requests) == 3


def test_waits_as_long_as_the_server_asks(server: ScriptedServer, model: Model) -> None:
    server.script(scripted.limited("0.3"), text("It rose."))
    assert ask(model()) == ("It rose.", None)
    first, second = server.requests
    assert second.arrived - first.arrived >= 0.3


def test_an_error_inside_the_stream(server: ScriptedServer, model: Model) -> None:
    event = b'data: {"error": {"message": "out of memory", "code": 500}}\n\n'
    server.script(scripted.Reply(raw=event), text("It rose."))
    assert ask(model()) == ("It rose.", None)


def test_no_server(server: ScriptedServer, model: Model) -> None:
    got, error = ask(model(llm_base_url="http://127.0.0.1:9/v1"))
    assert got == ""
    assert str(error).startswith("cannot reach 127.0.0.1:9: start it")
    assert error is not None
    assert error.retryable


def test_an_answer_far_too_long_is_cut(server: ScriptedServer, model: Model) -> None:
    server.script(scripted.huge(2_000_000))
    got, error = ask(model(llm_max_output_tokens=100))
    assert len(got) == 100 * chat.MAX_CHARS_PER_TOKEN
    assert "RAG_LLM_MAX_OUTPUT_TOKENS" in str(error)


@pytest.mark.parametrize(
    "step",
    [
        text("", then="drip"),
        text("It rose " * 500, piece_pause_s=0.05),
        status(500, headers={"Retry-After": "0.3"}),
    ],
    ids=["comments only", "slow pieces", "endless errors"],
)
def test_the_deadline_holds_for_the_whole_call(
    server: ScriptedServer, model: Model, step: Step
) -> None:
    made = model(llm_total_timeout_s=1, llm_timeout_s=30)
    server.script(text("warm"))
    ask(made)  # loads the libraries
    server.script(step)
    start = time.monotonic()
    _, error = ask(made)
    assert error is not None
    assert time.monotonic() - start < 2 * 1


def test_closing_the_generator_closes_the_connection(server: ScriptedServer, model: Model) -> None:
    server.script(text("It rose and rose", piece_chars=4, then="stall"))
    answer = model(llm_timeout_s=30, llm_total_timeout_s=60).stream("s", "u")
    assert next(answer) == "It r"
    assert not server.requests[0].left.is_set()
    answer.close()  # type: ignore[attr-defined]
    assert server.requests[0].left.wait(2)


# The key


@pytest.mark.parametrize("code", [400, 401, 404, 422, 429, 500])
def test_the_key_is_shown_nowhere(
    server: ScriptedServer, model: Model, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script(scripted.echoing_key(code))
    made = model()
    _, error = ask(made)
    assert error is not None
    assert server.requests[0].headers["authorization"].endswith(KEY)  # it was sent
    chain: BaseException | None = error
    while chain is not None:
        assert KEY not in f"{chain} {chain!r} {chain.args}"
        chain = chain.__cause__ or chain.__context__
    shown = "".join(traceback.format_exception(error)) + caplog.text + repr(made)
    shown += repr(made._endpoint)  # type: ignore[attr-defined]
    assert KEY not in shown


def test_a_key_with_a_line_break_is_refused_without_showing_it(model: Model) -> None:
    with pytest.raises(ConfigError) as caught:
        model(openai_api_key="sk-abc\ndef")
    assert "abc" not in str(caught.value)


# Context


def test_context_is_what_the_settings_say(model: Model) -> None:
    assert model(llm_context_tokens=5_000).context_tokens == 5_000


def test_context_is_what_the_server_says(server: ScriptedServer, model: Model) -> None:
    server.models = [{"id": "other"}, {"id": "scripted", "max_model_len": 16_000}]
    assert model().context_tokens == 16_000


def test_context_is_small_when_nobody_knows(server: ScriptedServer, model: Model) -> None:
    assert model().context_tokens == chat.DEFAULT_CONTEXT_TOKENS
    assert model(llm_base_url="http://127.0.0.1:9/v1").context_tokens == 4_096


@pytest.mark.parametrize(("name", "tokens"), [("gpt-4o", 128_000), ("gpt-4", 8_192)])
def test_context_of_known_models(model: Model, name: str, tokens: int) -> None:
    made = model(llm_model=name, llm_base_url="https://api.openai.com/v1")
    assert made.context_tokens == tokens
