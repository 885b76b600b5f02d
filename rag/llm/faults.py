"""What went wrong at the model's server -> one line for the user, and whether to try again.

No text of an exception reaches a message unless the server wrote it for the caller to read, and
then without the key: servers echo keys, and so do exceptions about header values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from rag.errors import ModelError

Rejected = Literal["temperature", "max_tokens", "system_role"]

RETRIED_STATUS = frozenset({408, 409, 425, 429})
_MAX_DETAIL_CHARS = 200
_KEY_LIKE = re.compile(r"(?:sk|pk|key|Bearer)[-_ ][\w.*-]{6,}", re.IGNORECASE)
_NOT_THE_API = "check RAG_LLM_BASE_URL, which often ends in /v1"


@dataclass(frozen=True)
class Endpoint:
    """Where the model is.

    Attributes:
        base_url: Without a slash at its end.
        key: Empty when none is set.
        local: Whether it is on this machine.
    """

    model: str
    base_url: str
    key: str = field(repr=False)
    local: bool

    @property
    def host(self) -> str:
        """Host and port, without user name and password."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]


class RequestError(ModelError):
    """A `ModelError` with what the retry layer needs to know.

    Attributes:
        retry_after_s: How long the server asks to wait, seconds; None when it does not say.
        rejected: The part of the request that this model does not take, when that is it.
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        retry_after_s: float | None = None,
        rejected: Rejected | None = None,
    ) -> None:
        super().__init__(message, retryable=retryable)
        self.retry_after_s = retry_after_s
        self.rejected = rejected


def explain_status(
    endpoint: Endpoint, status: int, body: object, headers: Mapping[str, str]
) -> RequestError:
    """The error for an answer with HTTP status `status`."""
    detail = _detail(body)
    lowered = detail.lower()
    host, code = endpoint.host, f"HTTP {status}"
    if status == 401 or status == 403:
        key = "refused OPENAI_API_KEY" if endpoint.key else "wants a key in OPENAI_API_KEY"
        return RequestError(f"{host} {key} ({code}): set one that may use {endpoint.model}")
    if "insufficient_quota" in lowered or status == 402:
        return RequestError(
            f"the account of OPENAI_API_KEY at {host} has no quota left ({code}): add credit, or "
            "set RAG_LLM=extractive"
        )
    if status == 404:
        return RequestError(
            f"{host} knows no model {endpoint.model!r} at this address ({code}): check "
            "RAG_LLM_MODEL and RAG_LLM_BASE_URL, which often ends in /v1"
        )
    if 300 <= status < 400:
        return RequestError(f"{host} points to another address ({code}): {_NOT_THE_API}")
    if status in RETRIED_STATUS or status >= 500:
        rejected = _rejected(lowered) if status == 500 else None
        what = "limits how often it is asked" if status == 429 else "failed to answer"
        return RequestError(
            f"{host} {what} ({code}): wait and ask again",
            retryable=True,
            retry_after_s=retry_after(headers),
            rejected=rejected if rejected == "system_role" else None,
        )
    if "context" in lowered and re.search(r"length|exceed|window|size|long", lowered):
        return RequestError(
            f"the prompt is longer than what {endpoint.model} reads ({code}): set "
            "RAG_LLM_CONTEXT_TOKENS to its real context"
        )
    said = f": {redact(detail, endpoint)}" if detail else ""
    return RequestError(f"{host} rejected the request ({code}){said}", rejected=_rejected(lowered))


def explain_unreachable(endpoint: Endpoint) -> RequestError:
    """The error for a server that takes no connection."""
    remedy = "start it" if endpoint.local else "check the network"
    return RequestError(
        f"cannot reach {endpoint.host}: {remedy}, or check RAG_LLM_BASE_URL", retryable=True
    )


def explain_silence(endpoint: Endpoint, timeout_s: float) -> RequestError:
    """The error for a server that sent nothing for too long."""
    return RequestError(
        f"{endpoint.host} sent nothing for {timeout_s:g} s: ask again, or raise RAG_LLM_TIMEOUT_S",
        retryable=True,
    )


def explain_deadline(endpoint: Endpoint, total_s: float) -> RequestError:
    """The error for a call that as a whole took too long."""
    return RequestError(
        f"{endpoint.host} gave no complete answer within {total_s:g} s: ask again, or raise "
        "RAG_LLM_TOTAL_TIMEOUT_S"
    )


def explain_cut(endpoint: Endpoint) -> RequestError:
    """The error for an answer that ends before its end."""
    return RequestError(f"{endpoint.host} broke the answer off: ask again", retryable=True)


def explain_nonsense(endpoint: Endpoint, content_type: str) -> RequestError:
    """The error for an answer that is not one of the chat completions API."""
    what = "a web page" if "html" in content_type else "something that is not a chat completion"
    return RequestError(f"{endpoint.host} answered with {what}: {_NOT_THE_API}")


def explain_used_up(endpoint: Endpoint) -> RequestError:
    """The error for a model that thought for so long that it never answered."""
    return RequestError(
        f"{endpoint.model} used up its tokens before it answered: raise RAG_LLM_MAX_OUTPUT_TOKENS"
    )


def explain_event(endpoint: Endpoint, body: object) -> RequestError:
    """The error for an error event inside a stream, which has no HTTP status of its own."""
    code = body.get("code") if isinstance(body, Mapping) else None
    if isinstance(code, str) and code.isdigit():
        code = int(code)
    if isinstance(code, int) and 400 <= code < 600:
        return explain_status(endpoint, code, body, {})
    detail = _detail(body)
    if "insufficient_quota" in detail:
        return explain_status(endpoint, 429, body, {})
    said = f": {redact(detail, endpoint)}" if detail else ""
    return RequestError(f"{endpoint.host} reported an error{said}", retryable=True)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, from `Retry-After-Ms` or `Retry-After`, or None."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        try:
            seconds = float(value) * unit
        except ValueError:
            continue
        return seconds if 0 <= seconds < float("inf") else None
    try:
        when = parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def redact(text: str, endpoint: Endpoint) -> str:
    """`text` in one line, shortened, without the key and what looks like one."""
    if endpoint.key:
        text = text.replace(endpoint.key, "***")
    text = _KEY_LIKE.sub("***", " ".join(text.split()))
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= _MAX_DETAIL_CHARS else text[: _MAX_DETAIL_CHARS - 1] + "…"


def _detail(body: object) -> str:
    """Message, code and type of an error body, as far as they are there."""
    if isinstance(body, Mapping):
        inner: Any = body.get("error", body)
        if isinstance(inner, Mapping):
            parts = [inner.get(name) for name in ("message", "code", "type", "param")]
            return " ".join(str(part) for part in parts if part)
        return str(inner)
    return ""


def _rejected(detail: str) -> Rejected | None:
    """Which part of our request the server's words are about, if it is one we can do without."""
    if "max_completion_tokens" in detail:
        return "max_tokens"
    if "temperature" in detail:
        return "temperature"
    if re.search(r"system (?:role|message|prompt)", detail) and re.search(
        r"not support|unsupported|only (?:user|support)", detail
    ):
        return "system_role"
    return None
