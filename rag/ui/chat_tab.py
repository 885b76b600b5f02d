"""The chat tab: what stands in the page, and the answer as it streams.

The page (chat.html) is as it is served; its script (script/) sends a question with
`trigger("ask", …)`, and `answer` streams the turn as HTML back. What else the script asks for are
functions of `rag.ui.page_functions`.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from importlib.resources import files
from typing import Any, cast

import gradio as gr

from rag.engine import ChatEngine
from rag.errors import RagError
from rag.schema import Answer, AnswerEvent, Citation, Statement
from rag.ui.conversations import ChatRequest, RequestError, make_record, read_request
from rag.ui.limits import LimitError, Limits
from rag.ui.page_functions import page_functions, too_often
from rag.ui.rendering import render_answer_turn, render_error_turn, render_progress
from rag.ui.requests import client_of

CONCURRENT_ANSWERS = 4
_FAILED = "Something went wrong here; the log of the server says what. Try again."
_STOPPED = "stopped before the end"

Frame = dict[str, Any]
_logger = logging.getLogger(__name__)


def build_chat_tab(engine: ChatEngine, limits: Limits) -> None:
    """The chat, inside the caller's tab."""
    page = files("rag.ui").joinpath("chat.html").read_text(encoding="utf-8")
    chat = gr.HTML(
        # What is not in the template but a property of it is never compiled or run.
        html_template="${page}", page=page, apply_default_css=False, elem_id="on-record",
        js_on_load="window.onRecord.start(element, trigger, props, server, watch, ['ask','stop'])",
        server_functions=page_functions(engine, limits),
    )  # fmt: skip

    def answer(event: gr.EventData, request: gr.Request) -> Iterator[Frame]:
        """Stream one turn as it grows."""
        yield from stream_turn(engine, event._data, lambda: limits.check(client_of(request)))

    asked = chat.ask(
        answer, outputs=[chat], api_visibility="private", show_progress="hidden",
        concurrency_limit=CONCURRENT_ANSWERS, concurrency_id="answers", trigger_mode="multiple",
    )  # fmt: skip
    asked.failure(fn=None, js="() => window.onRecord.failed()", api_visibility="private")
    chat.stop(fn=None, cancels=[asked], api_visibility="private")


def stream_turn(
    engine: ChatEngine, data: Any, admit: Callable[[], None] = lambda: None
) -> Iterator[Frame]:
    """The steps of one answer: its HTML so far, and the record of it for the browser to keep.

    `admit` raises LimitError when whoever asks may not ask now.

    Closing it closes the engine's stream as well, so a stopped answer costs nothing more.
    """
    sent = data if isinstance(data, dict) else {}
    ticket, question = str(sent.get("ticket") or "")[:64], str(sent.get("question") or "")
    shown = question[: engine.config.max_question_chars]
    turn = sent["turn"] if isinstance(sent.get("turn"), int) else 0
    frame: Frame = {"ticket": ticket, "turn": turn, "done": False, "record": None}
    try:
        admit()
        request = read_request(sent, max_chars=engine.config.max_question_chars)
        with closing(_steps(engine, request)) as steps:
            for html, answer, done in steps:
                record = make_record(answer, sent.get("filters")) if answer else None
                yield {**frame, "html": html, "record": record, "done": done}
    except (RagError, RequestError) as exc:
        told = too_often(exc) if isinstance(exc, LimitError) else str(exc)
        html = render_error_turn(shown, told, turn=turn)
        yield {**frame, "html": html, "done": True}
    except Exception:  # the reader must be told, and never what is in a traceback
        _logger.exception("an answer failed")
        yield {**frame, "html": render_error_turn(shown, _FAILED, turn=turn), "done": True}


def _steps(
    engine: ChatEngine, request: ChatRequest
) -> Generator[tuple[str, Answer | None, bool], None, None]:
    """HTML of the turn so far, the answer so far, and whether that is all."""
    question, turn = request.question[: engine.config.max_question_chars], request.turn
    asked = " ".join(request.question.split())
    standalone = asked
    statements: list[Statement] = []
    citations: tuple[Citation, ...] = ()
    partial: Answer | None = None
    events = engine.stream(
        request.question, history=request.history, filters=request.filters or None,
        known_by=request.known_by,
    )  # fmt: skip
    with closing(cast(Generator[AnswerEvent, None, None], events)):
        for event in events:
            if event.kind == "answer":
                html = render_answer_turn(event.data, turn=turn, filters=request.only)
                yield html, event.data, True
                continue
            if event.kind == "searching":
                standalone = event.data
            elif event.kind == "statement":
                statements.append(event.data)
                citations = event.citations
                partial = _partial(question, standalone, statements, citations)
            changed = standalone if standalone != asked else None
            yield (
                render_progress(question, changed, statements, citations, turn=turn),
                partial,
                False,
            )


def _partial(
    question: str, standalone: str, statements: list[Statement], citations: tuple[Citation, ...]
) -> Answer:
    """The answer as it is kept when it is stopped here."""
    return Answer(
        question, standalone, " ".join(item.text for item in statements), answered=True,
        state="answered", statements=tuple(statements), citations=citations,
        independent_sources=len({citation.document_id for citation in citations}),
        as_of=max((c.published for c in citations if c.published), default=None), notice=_STOPPED,
    )  # fmt: skip
