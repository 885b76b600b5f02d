"""The chat tab: what stands in the page, the answer as it streams, and what the script asks for.

The script (script.js) sends a question with `trigger("ask", …)`; `answer` streams the turn as HTML
back. The component's own functions answer at once and without the queue: they open articles,
render kept conversations, and the like.
"""

import hmac
import logging
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from functools import wraps
from html import escape
from typing import Any, cast

import gradio as gr

from rag.engine import ChatEngine
from rag.errors import RagError
from rag.feedback import open_feedback
from rag.schema import Answer, AnswerEvent, Citation, ScoredChunk, Statement
from rag.ui.article_panel import show_article, show_lines
from rag.ui.conversations import (
    ChatRequest,
    RequestError,
    describe_filters,
    example_questions,
    make_record,
    publishers,
    read_answer,
    read_answers,
    read_filters,
    read_history,
    read_request,
    restrict,
)
from rag.ui.export import conversation_json, conversation_markdown
from rag.ui.limits import Places, Rate
from rag.ui.rendering import render_answer_turn, render_error_turn, render_progress
from rag.ui.settings import describe_index

CONCURRENT_ANSWERS = 4
RETRIEVED = 10
WAITING_SEARCHES, SEARCH_WAIT_S = 16, 10.0
VOTES_PER_MINUTE = 60
_FAILED = "Something went wrong here; the log of the server says what. Try again."
_DAMAGED = "This turn could not be read from the browser's storage."
_STOPPED = "stopped before the end"

Frame = dict[str, Any]
_logger = logging.getLogger(__name__)

_PAGE = """
<div class="panes">
<section class="talk" aria-label="Conversation">
<div class="bar">
<button type="button" id="clear" data-action="new">New conversation</button>
<details class="menu" id="past"><summary>Conversations</summary><div class="box">
<ul id="conversations"></ul>
<p class="quiet">Kept in this browser only (its local storage), with the cited lines. The server
keeps none.</p>
<button type="button" data-action="delete-all">Delete all</button></div></details>
<details class="menu" id="export" hidden><summary>Export</summary><div class="box">
<button type="button" data-action="export" data-value="markdown">Markdown with footnotes</button>
<button type="button" data-action="export" data-value="json">JSON</button></div></details>
</div>
<p class="notice" id="index-status" role="status" hidden></p>
<div class="scroll"><div id="welcome"><h2>Ask about the articles</h2>
<p>Every statement of an answer cites the exact lines that say it, and code has checked that they
do. Click a number to see them in the article.</p>
<p id="size" class="quiet"></p><ul id="examples" aria-label="Example questions"></ul></div>
<div id="conversation"></div></div>
<form id="ask-form" aria-label="Ask a question">
<details class="filters"><summary>Filters</summary><div class="fields">
<label>Publisher <input type="text" list="publishers" data-filter="publisher"
autocomplete="off" placeholder="any"></label><datalist id="publishers"></datalist>
<label>Published from <input type="date" data-filter="from"></label>
<label>to <input type="date" data-filter="to"></label>
<label>Only what was known by <input type="date" data-filter="known_by"></label>
</div></details>
<ul id="active-filters" aria-label="Active filters"></ul>
<div class="row" id="question"><label class="unseen" for="question-box">Question</label>
<textarea id="question-box" rows="1" placeholder="Ask about the articles"
aria-describedby="hint"></textarea>
<button type="submit" id="ask" class="strong">Ask</button>
<button type="button" id="stop" data-action="stop" hidden>Stop</button></div>
<p id="hint" class="quiet">Enter asks, Shift+Enter starts a new line.</p>
</form>
<p class="unseen" id="announcer" role="status" aria-live="polite"></p>
</section>
<aside id="panel" aria-label="Sources">
<div class="bar"><span id="panel-place">Sources</span>
<button type="button" data-action="previous" hidden>Previous</button>
<button type="button" data-action="next" hidden>Next</button>
<button type="button" data-action="sources" hidden>All cited lines</button>
<button type="button" data-action="close" hidden aria-label="Close the article">Close</button></div>
<div id="panel-body" tabindex="0" role="region" aria-label="Lines">
<p class="quiet">The lines that an answer cites appear here.</p></div>
</aside>
</div>
"""


def _guarded(function: Callable[[Mapping[str, Any]], Frame]) -> Callable[[Any], Frame]:
    """`function`, with what a reader should be told of an error as its answer."""

    @wraps(function)
    def answer(data: Any) -> Frame:
        try:
            return function(data if isinstance(data, dict) else {})
        except (RagError, RequestError) as exc:
            return {"error": str(exc)}

    return answer


def build_chat_tab(engine: ChatEngine) -> None:
    """The chat, inside the caller's tab."""
    chat = gr.HTML(
        # What is not in the template but a property of it is never compiled or run.
        html_template="${page}", page=_PAGE, apply_default_css=False, elem_id="on-record",
        js_on_load="window.onRecord.start(element, trigger, props, server, watch, ['ask','stop'])",
        server_functions=_functions(engine),
    )  # fmt: skip

    def answer(event: gr.EventData) -> Iterator[Frame]:
        """Stream one turn as it grows."""
        yield from stream_turn(engine, event._data)

    asked = chat.ask(
        answer, outputs=[chat], api_visibility="private", show_progress="hidden",
        concurrency_limit=CONCURRENT_ANSWERS, concurrency_id="answers", trigger_mode="multiple",
    )  # fmt: skip
    asked.failure(fn=None, js="() => window.onRecord.failed()", api_visibility="private")
    chat.stop(fn=None, cancels=[asked], api_visibility="private")


def stream_turn(engine: ChatEngine, data: Any) -> Iterator[Frame]:
    """The steps of one answer: its HTML so far, and the record of it for the browser to keep.

    Closing it closes the engine's stream as well, so a stopped answer costs nothing more.
    """
    sent = data if isinstance(data, dict) else {}
    ticket, question = str(sent.get("ticket") or "")[:64], str(sent.get("question") or "")
    shown = question[: engine.config.max_question_chars]
    turn = sent["turn"] if isinstance(sent.get("turn"), int) else 0
    frame: Frame = {"ticket": ticket, "turn": turn, "done": False, "record": None}
    try:
        request = read_request(sent, max_chars=engine.config.max_question_chars)
        with closing(_steps(engine, request)) as steps:
            for html, answer, done in steps:
                record = make_record(answer, sent.get("filters")) if answer else None
                yield {**frame, "html": html, "record": record, "done": done}
    except (RagError, RequestError) as exc:
        html = render_error_turn(shown, str(exc), turn=turn)
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


def _functions(engine: ChatEngine) -> list[Callable[[Any], Any]]:
    """What the script may call; each takes and returns JSON."""

    @_guarded
    def open_page(data: Mapping[str, Any]) -> Frame:
        """What a page that was just loaded needs: the state of the index, and kept turns."""
        status = describe_index(engine)
        if status.startswith("The index cannot"):
            return {"status": status, "turns": _restore(data)}
        index, names = engine.index, publishers(engine)
        return {
            "status": status,
            "size": f"{index.document_count:,} articles, {len(names):,} publishers",
            "examples": example_questions(index.document_metadata()),
            "publishers": names,
            "max_chars": engine.config.max_question_chars,
            "turns": _restore(data),
        }

    @_guarded
    def open_conversation(data: Mapping[str, Any]) -> Frame:
        """The turns of a kept conversation as HTML."""
        return {"turns": _restore(data)}

    @_guarded
    def open_article(data: Mapping[str, Any]) -> Frame:
        """An article around cited lines."""
        return {"html": show_article(engine, data)}

    @_guarded
    def more_lines(data: Mapping[str, Any]) -> Frame:
        """Further lines of an article."""
        return {"html": show_lines(engine, data)}

    places = Places(CONCURRENT_ANSWERS, waiting=WAITING_SEARCHES, wait_s=SEARCH_WAIT_S)

    @_guarded
    def retrieval(data: Mapping[str, Any]) -> Frame:
        """How the chunks for a standalone question were ranked."""
        filters = restrict(*read_filters(data.get("filters") or {}))
        question = str(data.get("question") or "")
        with places.one():
            found = engine.search(question, RETRIEVED, filters=filters or None)
        return {"html": render_retrieval(found)}

    return [
        open_page, open_conversation, open_article, more_lines, retrieval, export_conversation,
        _votes(engine),
    ]  # fmt: skip


def _votes(engine: ChatEngine) -> Callable[[Any], Frame]:
    """The function that keeps, changes and takes back votes on answers.

    A vote is changed by the receipt that its reader got, so that nobody changes another's.
    """
    rate, key = Rate(VOTES_PER_MINUTE), secrets.token_bytes(32)
    store = open_feedback(engine.config)

    def receipt(number: int) -> str:
        return f"{number}-{hmac.digest(key, str(number).encode(), 'sha256').hex()[:32]}"

    @_guarded
    def vote(data: Mapping[str, Any]) -> Frame:
        """Keep a vote on an answer; one with a receipt is changed, or taken back."""
        rate.check("")
        given, reason = data.get("vote"), str(data.get("reason") or "")
        sent = str(data.get("receipt") or "")
        number = sent.split("-")[0]
        if number.isdecimal() and hmac.compare_digest(sent, receipt(int(number))):
            if given is None:
                store.remove(int(number))
                return {"receipt": None}
            store.change(int(number), vote=given, reason=reason)
            return {"receipt": sent}
        answer = read_answer(data.get("answer"))
        if answer is None or given is None:
            raise RequestError("This answer cannot be voted on any more: ask again.")
        earlier = [turn["content"] for turn in read_history(data.get("history"))]
        return {"receipt": receipt(store.record(answer, given, reason, history=earlier))}

    return vote


@_guarded
def export_conversation(data: Mapping[str, Any]) -> Frame:
    """The conversation as a file: its text, type and name."""
    answers = [answer for answer in read_answers(data.get("records")) if answer is not None]
    if data.get("format") == "json":
        return {"text": conversation_json(answers), "type": "application/json",
                "name": "conversation.json"}  # fmt: skip
    return {"text": conversation_markdown(answers), "type": "text/markdown",
            "name": "conversation.md"}  # fmt: skip


def render_retrieval(found: list[ScoredChunk]) -> str:
    """A table of the retrieved chunks with the rank and score of each part of the search."""
    if not found:
        return "<p>Nothing was found.</p>"
    rows = "".join(
        f'<tr><td>{item.rank}</td><th scope="row">{escape(item.chunk.path)}:'
        f"{item.chunk.first_line}-{item.chunk.last_line}</th><td>{item.score:.4f}</td>"
        f"<td>{_part(item.dense_rank, item.dense_score)}</td>"
        f"<td>{_part(item.keyword_rank, item.keyword_score)}</td></tr>"
        for item in found
    )
    return (
        '<div class="wide"><table><thead><tr><th scope="col">Rank</th><th scope="col">Lines</th>'
        '<th scope="col">Fused score</th><th scope="col">By meaning: rank, score</th>'
        f'<th scope="col">By words: rank, score</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _part(rank: int | None, score: float | None) -> str:
    return "not found" if rank is None or score is None else f"{rank}, {score:.3f}"


def _restore(data: Mapping[str, Any]) -> list[str]:
    """Kept turns as HTML, in order."""
    records = data.get("records")
    turns = []
    for turn, answer in enumerate(read_answers(records)):
        if answer is None:
            turns.append(render_error_turn("A kept question", _DAMAGED, turn=turn))
        else:
            only = describe_filters(records[turn].get("filters")) if records else ""
            turns.append(render_answer_turn(answer, turn=turn, filters=only))
    return turns
