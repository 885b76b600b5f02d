"""Replies of the configured language model, each asked for once and then kept in a SQLite file.

What is kept is found by a hash of the model's name, the version of the prompts and the messages,
so a second run sends nothing: it needs neither the network nor a key. A reply without text, which
a longer limit may mend, is not kept.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import openai
from rich.console import Console
from rich.progress import Progress

from rag import Config

OPENAI_BASE_URL = "https://api.openai.com/v1"
MAX_RETRIES = 2
CONNECT_TIMEOUT_S = 5.0
# Requests at a time; a model on this machine gains nothing from a second one.
WORKERS = 4
# Fewer requests than these are over before a progress bar could be read.
MUCH = 10

Messages = tuple[Mapping[str, str], ...]
# Parts of a request that some models do not take.
Part = Literal["temperature", "max_tokens", "system"]

_THOUGHT = re.compile(r"^\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_KEY_LIKE = re.compile(r"\b(?:sk|key|pk)-[\w-]{6,}|(?<=Bearer )\S+")
_MAX_DETAIL_CHARS = 200


class CachedModel:
    """The model that `RAG_LLM_MODEL` names, with everything it has ever said.

    Attributes:
        name: Of the model.
    """

    def __init__(self, config: Config, file: Path, prompt_version: str) -> None:
        if not config.llm_model:
            raise SystemExit(
                "the judge is a language model: set RAG_LLM_MODEL to its name, and "
                "RAG_LLM_BASE_URL and OPENAI_API_KEY as it needs them"
            )
        self.name = config.llm_model
        self._config = config
        self._file = file
        self._version = prompt_version

    @cached_property
    def _endpoint(self) -> "Endpoint":
        """Made for the first request that is sent: what is kept needs no address and no key."""
        return Endpoint(self._config)

    def replies(self, prompts: Sequence[Messages], title: str) -> list[str]:
        """The reply to each of `prompts`; progress is shown under `title`.

        Raises:
            SystemExit: When a reply is not kept and cannot be had. Earlier ones stay kept.
        """
        keys = [self._key(messages) for messages in prompts]
        known = self._kept()
        missing = {
            key: messages for key, messages in zip(keys, prompts, strict=True) if key not in known
        }
        if not missing:
            return [known[key] for key in keys]
        workers = 1 if self._endpoint.local else WORKERS
        with (
            Progress(
                console=Console(stderr=True), transient=True, disable=len(missing) < MUCH
            ) as progress,
            ThreadPoolExecutor(workers) as pool,
        ):
            task = progress.add_task(title, total=len(missing))
            asked = pool.map(self._endpoint.ask, missing.values())
            for key, reply in zip(missing, asked, strict=True):
                known[key] = reply
                self._keep(key, reply)
                progress.advance(task)
        return [known[key] for key in keys]

    def _key(self, messages: Messages) -> str:
        text = json.dumps([self.name, self._version, messages], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self._file)) as database, database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, model TEXT, "
                    "prompt_version TEXT, reply TEXT)"
                )
                yield database
        except sqlite3.Error as exc:
            raise SystemExit(f"the judge's replies in {self._file} cannot be used ({exc})") from exc

    def _kept(self) -> dict[str, str]:
        with self._database() as database:
            found = database.execute(
                "SELECT key, reply FROM replies WHERE model = ? AND prompt_version = ?",
                (self.name, self._version),
            )
            return dict(found.fetchall())

    def _keep(self, key: str, reply: str) -> None:
        if not reply:
            return
        with self._database() as database:
            database.execute(
                "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?)",
                (key, self.name, self._version, reply),
            )


class Endpoint:
    """The chat completions API that the settings name. Its errors never hold the key.

    Attributes:
        local: Whether it is on this machine; then no key is needed and no proxy is asked.
    """

    def __init__(self, config: Config) -> None:
        base_url = (config.llm_base_url or OPENAI_BASE_URL).strip().rstrip("/")
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SystemExit("RAG_LLM_BASE_URL is not an address like http://127.0.0.1:8080/v1")
        self.local = _is_local(parts.hostname)
        self._host = parts.hostname
        self._model = str(config.llm_model)
        self._config = config
        key = config.openai_api_key
        self._key = key.get_secret_value().strip() if key else ""
        if not self._key and not self.local:
            raise SystemExit(
                f"no key for the judge at {self._host}: set OPENAI_API_KEY (to any word when it "
                "needs none)"
            )
        if not (self._key.isascii() and self._key.isprintable()):
            raise SystemExit("OPENAI_API_KEY holds a character that no key has: copy it again")
        self._left_out: set[Part] = set()
        self._failure = ""
        self._client = openai.OpenAI(
            api_key=self._key or "none",
            base_url=base_url,
            max_retries=MAX_RETRIES,
            timeout=httpx.Timeout(config.llm_timeout_s, connect=CONNECT_TIMEOUT_S),
            http_client=openai.DefaultHttpxClient(
                trust_env=not self.local,
                # A connection that the server closed meanwhile would cost one of the retries.
                limits=httpx.Limits(max_keepalive_connections=0),
            ),
        )

    def ask(self, messages: Messages) -> str:
        """The model's reply without what it thinks aloud; "" when it has none.

        Raises:
            SystemExit: When the model cannot be asked; says what to set.
        """
        while not self._failure:  # of another thread
            left_out = frozenset(self._left_out)
            try:
                return self._reply(messages, left_out)
            except openai.APIStatusError as exc:
                detail = str(exc.body if exc.body is not None else "").lower()
                if exc.status_code in (400, 413) and _is_too_long(detail):
                    return ""
                rejected = _rejected(detail)
                again = rejected is not None and rejected not in left_out
                if rejected is not None:
                    self._left_out.add(rejected)
                failure = self._explain_status(exc.status_code, _message(exc.body))
            except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, ValueError) as exc:
                failure, again = self._explain(exc), False
            if not again:
                self._failure = failure
        # Outside of the `except`, so that the cause, which may hold the key, is not kept.
        raise SystemExit(self._failure)

    def _reply(self, messages: Messages, left_out: frozenset[Part]) -> str:
        limit = "max_completion_tokens" if "max_tokens" in left_out else "max_tokens"
        arguments: dict[str, Any] = {limit: self._config.llm_max_output_tokens}
        if "temperature" not in left_out:
            arguments["temperature"] = 0.0
        sent = [dict(message) for message in messages]
        if "system" in left_out:
            joined = "\n\n".join(message["content"] for message in messages)
            sent = [{"role": "user", "content": joined}]
        response: Any = self._client.chat.completions.create(
            model=self._model,
            messages=sent,  # type: ignore[arg-type]
            **arguments,
        )
        choices = getattr(response, "choices", None)
        if not isinstance(choices, list):
            raise ValueError("no chat completion")
        content = getattr(choices[0].message, "content", None) if choices else None
        return _THOUGHT.sub("", content or "", count=1).strip()

    def _explain_status(self, status: int, detail: str) -> str:
        code = f"HTTP {status}"
        if status in (401, 403):
            said = "refused OPENAI_API_KEY" if self._key else "wants a key in OPENAI_API_KEY"
            return f"{self._host} {said} ({code}): set one that may use {self._model}"
        if status == 404:
            return (
                f"{self._host} knows no model {self._model!r} at this address ({code}): check "
                "RAG_LLM_MODEL and RAG_LLM_BASE_URL, which often ends in /v1"
            )
        if self._key:
            detail = detail.replace(self._key, "***")
        detail = _KEY_LIKE.sub("***", " ".join(detail.split()))[:_MAX_DETAIL_CHARS]
        return f"the judge at {self._host} failed ({code}): {detail}; replies so far are kept"

    def _explain(self, exc: Exception) -> str:
        cause = exc.__cause__ if isinstance(exc, openai.APIConnectionError) else exc
        if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
            remedy = "start it" if self.local else "check the network"
            return f"cannot reach the judge at {self._host}: {remedy}, or check RAG_LLM_BASE_URL"
        if isinstance(exc, openai.APITimeoutError):
            return (
                f"the judge at {self._host} sent nothing for {self._config.llm_timeout_s:g} s: "
                "raise RAG_LLM_TIMEOUT_S; replies so far are kept"
            )
        if isinstance(exc, openai.APIConnectionError | httpx.HTTPError):
            return f"the judge at {self._host} broke its answer off; replies so far are kept"
        return (
            f"{self._host} answered with something that is not a chat completion: check "
            "RAG_LLM_BASE_URL, which often ends in /v1"
        )


def _message(body: object) -> str:
    """What an error body says, as far as it says it where others do."""
    return str(body.get("message") or body) if isinstance(body, Mapping) else str(body or "")


def _is_local(host: str) -> bool:
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_too_long(detail: str) -> bool:
    return "context" in detail and bool(re.search(r"length|exceed|window|size|long", detail))


def _rejected(detail: str) -> Part | None:
    """Which part of our request the server's words are about, if it is one we can do without."""
    if "max_completion_tokens" in detail:
        return "max_tokens"
    if "temperature" in detail:
        return "temperature"
    if re.search(r"system (?:role|message|prompt)", detail) and "support" in detail:
        return "system"
    return None
