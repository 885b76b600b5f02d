"""A chat model behind an OpenAI-compatible API, through llama-index's OpenAILike.

There is one retry layer, this one, and one deadline across everything a call does:

1. A request is sent, streaming, with temperature 0.
2. When the model does not take a part of it (temperature, the name of the token limit, a system
   message), it is sent once more without that part, and so from then on.
3. When it fails before the first piece of text in a way that may pass (408, 409, 429, 5xx, no
   connection, silence), it is sent again, at most twice, after the wait that the server asks
   for, or else 0.5 and 1 second with some jitter.
4. An answer counts only when it says why it ended; all else is a ModelError. What a model thinks
   aloud before it answers is left out.
"""

import importlib
import random
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.llm import faults
from rag.llm.faults import Endpoint, Rejected, RequestError
from rag.llm.thinking import skip_thinking
from rag.llm.tokens import estimate_tokens
from rag.llm.transport import Deadline, Line

if TYPE_CHECKING:
    from openai import OpenAI

MAX_RETRIES = 2
BACKOFF_S = 0.5
# What Ollama gives a model unless told otherwise; most others have more.
DEFAULT_CONTEXT_TOKENS = 4_096
# Every chat model of OpenAI since 2024 that llama-index's table does not know yet.
OPENAI_CONTEXT_TOKENS = 128_000
# Longer answers than this are not what was asked for, whatever the tokenizer.
MAX_CHARS_PER_TOKEN = 32

_ASK_CONTEXT_S = 5.0
# How servers name a model's context in their list of models: vLLM, OpenRouter, Groq, LM Studio.
_CONTEXT_NAMES = ("max_model_len", "context_length", "context_window", "max_context_length")


@dataclass(frozen=True)
class _Options:
    """The parts of a request that some models do not take."""

    temperature: bool = True
    max_tokens: bool = True
    system_role: bool = True

    def without(self, rejected: Rejected | None) -> "_Options | None":
        """These options without `rejected`, or None when nothing is left to leave out."""
        if rejected is None or not getattr(self, rejected):
            return None
        return replace(self, **{rejected: False})


class ChatModel:
    """A `LanguageModel` over HTTP. Its repr and its errors never hold the key."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        context_tokens: int | None,
        timeout_s: float,
        total_timeout_s: float,
        max_output_tokens: int,
    ) -> None:
        self.name = endpoint.model
        self._endpoint = endpoint
        self._context_tokens = context_tokens
        self._timeout_s = timeout_s
        self._total_timeout_s = total_timeout_s
        self._max_output_tokens = max_output_tokens
        self._options = _Options()

    def __repr__(self) -> str:
        return f"ChatModel({self.name!r} at {self._endpoint.host})"

    @property
    def context_tokens(self) -> int:
        """The setting; or what is known of the model, what its server says, or a small number."""
        if self._context_tokens is None:
            self._context_tokens = self._find_context()
        return self._context_tokens or DEFAULT_CONTEXT_TOKENS

    def count_tokens(self, text: str) -> int:
        """An estimate on the safe side, see `estimate_tokens`."""
        return estimate_tokens(text)

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        """Pieces of the answer as they arrive; see `LanguageModel.stream`."""
        importlib.import_module("llama_index.llms.openai_like")  # seconds, not the server's
        deadline = Deadline(self._total_timeout_s)
        retries = 0
        while True:
            started = False
            failure: RequestError | None = None
            options = self._options
            with closing(self._request(system, user, options, deadline)) as pieces:
                try:
                    for piece in skip_thinking(pieces):
                        started = True
                        yield piece
                except RequestError as exc:
                    failure = exc
            if started and failure is None:
                return
            if started and failure is not None:
                raise failure
            # An answer without text has failed already, unless all of its text was thinking.
            failure = failure or faults.explain_used_up(self._endpoint)
            retries = self._prepare_retry(failure, options, retries, deadline)

    def complete(self, system: str, user: str) -> str:
        """The whole answer; see `LanguageModel.complete`."""
        return "".join(self.stream(system, user))

    def _prepare_retry(
        self, failure: RequestError, options: _Options, retries: int, deadline: Deadline
    ) -> int:
        """Wait until the request may be sent again; how many retries there are then.

        Raises:
            RequestError: When there is no point in sending it again.
        """
        adapted = options.without(failure.rejected)
        if adapted is not None:
            self._options = adapted
            return retries
        if not failure.retryable or retries == MAX_RETRIES:
            raise failure
        wait_s = failure.retry_after_s
        if wait_s is None:
            wait_s = BACKOFF_S * 2**retries * random.uniform(0.75, 1.25)
        if wait_s >= deadline.left_s:
            raise failure
        time.sleep(wait_s)
        return retries + 1

    def _request(
        self, system: str, user: str, options: _Options, deadline: Deadline
    ) -> Generator[str, None, None]:
        """The pieces of one request's answer; every failure is a RequestError."""
        with Line(timeout_s=self._timeout_s, deadline=deadline, local=self._endpoint.local) as line:
            answer = _Answer(self._max_output_tokens * MAX_CHARS_PER_TOKEN)
            responses: Iterator[Any] | None = None
            while True:
                failure: RequestError | None = None
                piece: str | None = None
                try:
                    if responses is None:
                        responses = self._send(line, system, user, options)
                    piece = answer.take(next(responses, None))
                except _caught() as exc:
                    failure = self._explain(exc, line, deadline)
                if failure is None and piece is None:
                    failure = answer.fault(self._endpoint, line.content_type)
                    if deadline.passed and not answer.finish_reason:
                        failure = faults.explain_deadline(self._endpoint, deadline.total_s)
                if failure is not None:
                    # Outside the `except`, so that the cause, which may hold the key, is not kept.
                    raise failure
                if piece is None:
                    return
                if piece:
                    yield piece

    def _send(self, line: Line, system: str, user: str, options: _Options) -> Iterator[Any]:
        """Start the request; llama-index's `ChatResponse`s, one for each event."""
        import openai
        from llama_index.core.llms import ChatMessage, MessageRole
        from llama_index.llms.openai_like import OpenAILike

        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=system),
            ChatMessage(role=MessageRole.USER, content=user),
        ]
        if not options.system_role:
            messages = [ChatMessage(role=MessageRole.USER, content=f"{system}\n\n{user}")]
        limit = "max_tokens" if options.max_tokens else "max_completion_tokens"
        arguments: dict[str, Any] = {limit: self._max_output_tokens}
        if not options.temperature:
            arguments["temperature"] = openai.omit
        model = OpenAILike(
            model=self.name,
            api_base=self._endpoint.base_url,
            api_key="unused",  # the client has the key: a repr of this object would show it
            openai_client=self._client(line),
            is_chat_model=True,
            is_function_calling_model=False,
            context_window=self._context_tokens or DEFAULT_CONTEXT_TOKENS,
            temperature=0.0,
            max_retries=0,
        )
        return iter(model.stream_chat(messages, **arguments))

    def _client(self, line: Line) -> "OpenAI":
        import openai

        return openai.OpenAI(
            api_key=self._endpoint.key or "none",
            base_url=self._endpoint.base_url,
            http_client=line.client,
            max_retries=0,
        )

    def _explain(self, exc: Exception, line: Line, deadline: Deadline) -> RequestError:
        import httpx
        import openai

        endpoint = self._endpoint
        if isinstance(exc, openai.APIStatusError):
            return faults.explain_status(endpoint, exc.status_code, exc.body, exc.response.headers)
        if deadline.passed:
            return faults.explain_deadline(endpoint, deadline.total_s)
        cause = exc.__cause__ if isinstance(exc, openai.APIConnectionError) else exc
        if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
            return faults.explain_unreachable(endpoint)
        if isinstance(exc, openai.APITimeoutError) or isinstance(cause, httpx.TimeoutException):
            return faults.explain_silence(endpoint, self._timeout_s)
        if isinstance(exc, openai.APIConnectionError) or isinstance(cause, httpx.TransportError):
            return faults.explain_cut(endpoint)
        if isinstance(exc, openai.APIError) and exc.body is not None:
            return faults.explain_event(endpoint, exc.body)
        return faults.explain_nonsense(endpoint, line.content_type)

    def _find_context(self) -> int | None:
        """The context of the model as far as it can be known; None when its server is silent."""
        from llama_index.llms.openai.utils import openai_modelname_to_contextsize

        if not self._endpoint.local:  # a local model may bear the name of another
            try:
                return openai_modelname_to_contextsize(self.name)
            except ValueError:
                if self._endpoint.host == "api.openai.com":
                    return OPENAI_CONTEXT_TOKENS
        deadline = Deadline(_ASK_CONTEXT_S)
        with Line(timeout_s=_ASK_CONTEXT_S, deadline=deadline, local=self._endpoint.local) as line:
            try:
                models = [model.model_dump() for model in self._client(line).models.list().data]
            except _caught():
                return None
        return read_context(models, self.name)


class _Answer:
    """What has arrived of one answer: only whether it is complete, not its text."""

    def __init__(self, max_chars: int) -> None:
        self.finish_reason: str | None = None
        self._chars = 0
        self._max_chars = max_chars
        self._text_seen = False
        self._choices_seen = False

    def take(self, response: Any) -> str | None:
        """The text of one response, without what is too much; None at the end."""
        if response is None or self._chars >= self._max_chars:
            return None
        choices = response.raw.choices
        if choices:
            self._choices_seen = True
            self.finish_reason = choices[0].finish_reason or self.finish_reason
        piece = str(response.delta or "")[: self._max_chars - self._chars]
        self._chars += len(piece)
        self._text_seen = self._text_seen or bool(piece.strip())
        return piece

    def fault(self, endpoint: Endpoint, content_type: str) -> RequestError | None:
        """Why this is not a complete answer, or None when it is one."""
        if not self._choices_seen:
            return faults.explain_nonsense(endpoint, content_type)
        if self._chars >= self._max_chars:
            return RequestError(
                f"{endpoint.host} sent more than {self._max_chars:,} characters: it does not heed "
                "RAG_LLM_MAX_OUTPUT_TOKENS"
            )
        if self.finish_reason is None:
            return faults.explain_cut(endpoint)
        if self.finish_reason == "content_filter":
            return RequestError(f"the content filter of {endpoint.host} stopped the answer")
        if self._text_seen:
            return None
        if self.finish_reason == "length":
            return faults.explain_used_up(endpoint)
        return RequestError(f"{endpoint.model} gave an empty answer: ask again", retryable=True)


def read_context(models: list[dict[str, Any]], name: str) -> int | None:
    """The context that a server's list of models gives for `name`, tokens, or None."""
    found = [model for model in models if model.get("id") == name] or models
    if len(found) != 1:
        return None
    meta = found[0].get("meta")
    values = [found[0].get(key) for key in _CONTEXT_NAMES]
    values += [meta.get(key) for key in ("n_ctx", "n_ctx_train")] if isinstance(meta, dict) else []
    return next((value for value in values if isinstance(value, int) and value > 0), None)


def _caught() -> tuple[type[Exception], ...]:
    """Errors of openai and of httpx, and what both let through when an answer is nonsense."""
    import httpx
    import openai

    nonsense = (ValueError, TypeError, KeyError, IndexError, AttributeError, OSError)
    return (openai.OpenAIError, httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, *nonsense)
