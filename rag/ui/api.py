"""The page's functions for programs: `query`, `search` and `show_lines`, over HTTP and MCP.

Gradio makes of each a route of its API and a tool of its MCP endpoint; their docstrings are what an
assistant reads to choose among the tools, and results are plain JSON. Text, `k`, rate and how many
run at once are limited in here, because not every way to a function leads through Gradio's queue.

A client of Gradio's takes every object with a "path" for a file to be downloaded, so citations and
chunks come without it: "document_id" is the same. Otherwise an answer is `Answer.to_dict()`.

`register_api` is called first of all inside the `gr.Blocks`: a page function named like one
of the three would otherwise take its name. Everything else has `api_visibility="private"`.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.events import api as add_endpoint

from rag.engine import ChatEngine
from rag.errors import RagError
from rag.schema import Filters, Message
from rag.schema.plain import plain
from rag.ui.limits import CONCURRENT_CALLS, Limits
from rag.ui.requests import client_of

MAX_K = 100
MAX_HISTORY = 50
MAX_NAMES = 100
MAX_NAME_CHARS = 1_000
MAX_LINES = 500
MAX_SHOWN_CHARS = 200_000

P = ParamSpec("P")
R = TypeVar("R")

_logger = logging.getLogger(__name__)


class CallError(gr.Error):
    """What was wrong with a call, or that it failed; its text is for the caller."""

    def __init__(self, message: str) -> None:
        super().__init__(message, print_exception=False)

    def __str__(self) -> str:
        return str(self.message)


def register_api(engine: ChatEngine, limits: Limits) -> None:
    """Adds the three functions to the `gr.Blocks` that is being built."""
    max_chars = engine.config.max_question_chars

    @answering
    def query(
        question: str,
        history: list[dict[str, str]] | None = None,
        publishers: list[str] | None = None,
        documents: list[str] | None = None,
        published_from: str | None = None,
        known_by: str | None = None,
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the indexed news articles, with the exact lines that say it.

        Every statement of the answer was checked against the lines it cites. Where the articles do
        not answer, "answered" is false, "text" says so, and "closest" has the nearest lines. Where
        sources differ, "disagreements" has each value with its source. Each of "citations" has
        document_id, first_line, last_line, quote, publisher, published and document_hash.

        Args:
            question: What to ask, in plain English; may refer to the conversation so far.
            history: The conversation so far, oldest first: objects with "role" and "content".
            publishers: Only use articles of these publishers, such as "BBC News".
            documents: Only use the documents at these paths.
            published_from: Only use articles published on this day or later, YYYY-MM-DD.
            known_by: Only use what was published by this day, YYYY-MM-DD.
            request: Filled in by Gradio.

        Returns:
            The answer as a JSON object.
        """
        _text("question", question, max_chars)
        turns = _history(history, max_chars)
        filters = _filters(publishers, documents, published_from)
        day = _day("known_by", known_by)
        with limits.one(client_of(request)):
            answer = engine.query(question, history=turns, filters=filters, known_by=day)
        found: dict[str, Any] = without_paths(answer.to_dict())
        return found

    @answering
    def search(
        text: str,
        k: int = 10,
        publishers: list[str] | None = None,
        documents: list[str] | None = None,
        published_from: str | None = None,
        request: gr.Request | None = None,
    ) -> list[dict[str, Any]]:
        """Find passages of the indexed news articles, best first, without composing an answer.

        Each has "rank", "score", its ranks and scores by meaning and by words, and "chunk" with
        document_id, first_line, last_line and text.

        Args:
            text: What to look for: a question, a sentence or keywords.
            k: How many passages, 1 to 100.
            publishers: Only search articles of these publishers.
            documents: Only search the documents at these paths.
            published_from: Only search articles published on this day or later, YYYY-MM-DD.
            request: Filled in by Gradio.

        Returns:
            The passages as a JSON list.
        """
        _text("text", text, max_chars)
        wanted = _whole("k", k, 1, MAX_K)
        filters = _filters(publishers, documents, published_from)
        with limits.one(client_of(request)):
            found = engine.search(text, wanted, filters=filters)
        return [asdict(scored) for scored in found]

    @answering
    def show_lines(
        path: str,
        first_line: int = 1,
        last_line: int | None = None,
        request: gr.Request | None = None,
    ) -> dict[str, Any]:
        """Show lines of one indexed news article, exactly as cited: to read around a citation.

        The result has title, publisher, published, document_hash and line_count of the article,
        and "lines" with number, text and clutter, which is true for lines that are no part of it.

        Args:
            path: The document, as "document_id" in a citation or a search result.
            first_line: Number of the first line, from 1.
            last_line: Number of the last line, inclusive; without it 500 lines at most.
            request: Filled in by Gradio.

        Returns:
            The lines as a JSON object.
        """
        _text("path", path, MAX_NAME_CHARS)
        first = _whole("first_line", first_line, 1, None)
        last = None if last_line is None else _whole("last_line", last_line, first, None)
        with limits.one(client_of(request)):
            return _lines(engine, path, first, last)

    for function in (query, search, show_lines):
        # Without the queue an MCP call reaches the function as the request that it is, with the
        # client's address; through it, it would come from this machine and without a login.
        add_endpoint(
            function, api_name=function.__name__, queue=False,
            concurrency_limit=CONCURRENT_CALLS, concurrency_id="api",
        )  # fmt: skip


def json_results(data: Any, root_url: str) -> list[Any]:
    """Results of an MCP call as JSON text; Gradio's own are the `str` of Python objects."""
    from mcp import types

    return [
        types.TextContent(type="text", text=json.dumps(item, ensure_ascii=False)) for item in data
    ]


def without_paths(value: Any) -> Any:
    """`value` without what a client of Gradio's would take for files; see the module.

    Example: {"document_id": "a.md", "path": "a.md"} -> {"document_id": "a.md"}
    """
    if isinstance(value, dict):
        kept = {key: item for key, item in value.items() if key != "path"}
        return {key: without_paths(item) for key, item in kept.items()}
    return [without_paths(item) for item in value] if isinstance(value, list) else value


def answering(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, whose errors reach the caller as a message, and never as a traceback."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (RagError, ValueError) as exc:
            raise CallError(str(exc)) from exc
        except Exception as exc:  # its text is for the log: MCP would send it on
            _logger.exception("%s failed", function.__name__)
            raise CallError("something went wrong; the log of the server says what") from exc

    return call


def _lines(engine: ChatEngine, path: str, first: int, last: int | None) -> dict[str, Any]:
    document = engine.document(path)
    if document is None:
        raise ValueError(f"{path} is not in the index")
    wanted = document.line_count if last is None else min(last, document.line_count)
    if first > document.line_count:
        raise ValueError(f"{path} has lines 1-{document.line_count}, not {first}")
    shown: list[dict[str, Any]] = []
    chars = 0
    for number in range(first, min(wanted, first + MAX_LINES - 1) + 1):
        text = document.lines(number, number)
        chars += len(text)
        if shown and chars > MAX_SHOWN_CHARS:
            break
        is_clutter = number in document.boilerplate
        shown.append({"number": number, "text": text, "clutter": is_clutter})
    found: dict[str, Any] = plain(
        {
            "document_id": document.document_id, "title": document.title,
            "publisher": document.publisher, "published": document.published,
            "document_hash": document.document_hash, "rendering": document.rendering,
            "line_count": document.line_count,
            "first_line": first, "last_line": shown[-1]["number"], "lines": shown,
        }
    )  # fmt: skip
    return found


# What callers give: their programs may be wrong, so each problem is named.


def _text(name: str, value: Any, max_chars: int) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text")
    if len(value) > max_chars:
        raise ValueError(f"{name} has {len(value):,} characters; at most {max_chars:,} are allowed")
    return value


def _whole(name: str, value: Any, least: int, most: int | None) -> int:
    if isinstance(value, float) and value.is_integer():  # JSON knows one kind of number
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number")
    if value < least or (most is not None and value > most):
        allowed = f"{least} to {most}" if most is not None else f"{least} or more"
        raise ValueError(f"{name} is {value}; it must be {allowed}")
    return value


def _names(name: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError(f"{name} must be a list of texts")
    if len(value) > MAX_NAMES:
        raise ValueError(f"{name} has {len(value)} entries; at most {MAX_NAMES} are allowed")
    return tuple(_text(name, item, MAX_NAME_CHARS) for item in value)


def _day(name: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(_text(name, value, MAX_NAME_CHARS))
    except ValueError as exc:
        raise ValueError(f"{name} must be a day such as 2023-09-25") from exc


def _filters(publishers: Any, documents: Any, published_from: Any) -> Filters:
    return Filters(
        publishers=_names("publishers", publishers),
        documents=_names("documents", documents),
        published_from=_day("published_from", published_from),
    )


def _history(value: Any, max_chars: int) -> list[Message]:
    """The conversation; content may be text or Gradio's list of blocks."""
    if value is None:
        return []
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError("history must be a list")
    turns = []
    for item in value[-MAX_HISTORY:]:
        role = item.get("role") if isinstance(item, dict) else None
        if role not in ("user", "assistant"):
            raise ValueError('each turn of history has a "role", "user" or "assistant"')
        content = item.get("content")
        if isinstance(content, list):
            content = "\n".join(
                str(block.get("text", "")) for block in content if isinstance(block, dict)
            )
        limit = max_chars if role == "user" else MAX_SHOWN_CHARS
        turns.append(Message(role=role, content=_text("content", content, limit)))
    return turns
