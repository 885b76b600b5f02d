"""What the page's script may call: each takes and returns JSON, at once and without the queue.

They open articles, render kept conversations, show how lines were found, keep votes, and the like.
What is asked too often is refused here, since no queue stands before them; a refusal or an error
comes back as {"error": text for the reader}, with "wait_s" when the same may be asked again then.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import gradio as gr

from rag.engine import ChatEngine
from rag.engine.filtering import filtered_out
from rag.errors import RagError
from rag.feedback import open_feedback
from rag.schema import Filters, ScoredChunk
from rag.synthesis.wording import count_of
from rag.ui.article_panel import show_article, show_lines
from rag.ui.conversations import (
    RequestError,
    describe_filters,
    example_questions,
    publishers,
    read_answer,
    read_answers,
    read_filters,
    read_history,
    restrict,
)
from rag.ui.export import conversation_json, conversation_markdown
from rag.ui.limits import LimitError, Limits
from rag.ui.rendering import render_answer_turn, render_error_turn
from rag.ui.requests import client_of
from rag.ui.settings import describe_index

RETRIEVED = 10
_DAMAGED = "This turn could not be read from the browser's storage."

Reply = dict[str, Any]
PageFunction = Callable[[Any, gr.Request], Reply]
Work = Callable[[Mapping[str, Any]], Reply]


def too_often(refusal: LimitError) -> str:
    """What a reader is told who asks more often than is allowed.

    Example: wait_s=3 -> "Too many requests came from your address at once: try again in 3 s."
    """
    return f"Too many requests came from your address at once: try again in {refusal.wait_s} s."


def page_functions(engine: ChatEngine, limits: Limits) -> list[PageFunction]:
    """The functions by their names; `limits` is the one of everything that asks this page."""
    vote = _votes(engine)

    def open_page(data: Mapping[str, Any]) -> Reply:
        """What a page that was just loaded needs: the state of the index, and kept turns."""
        status = describe_index(engine)
        if status.startswith("The index cannot"):
            return {"status": status, "turns": _restore(data)}
        index, names = engine.index, publishers(engine)
        size = f"{count_of(index.document_count, 'article')}, {count_of(len(names), 'publisher')}"
        return {
            "status": status,
            "size": size if index.document_count else "",
            "examples": example_questions(index.document_metadata()),
            "publishers": names,
            "max_chars": engine.config.max_question_chars,
            "turns": _restore(data),
        }

    def open_conversation(data: Mapping[str, Any]) -> Reply:
        """The turns of a kept conversation as HTML."""
        return {"turns": _restore(data)}

    def open_article(data: Mapping[str, Any]) -> Reply:
        """An article around cited lines."""
        return {"html": show_article(engine, data)}

    def more_lines(data: Mapping[str, Any]) -> Reply:
        """Further lines of an article."""
        return {"html": show_lines(engine, data)}

    def retrieval(data: Mapping[str, Any]) -> Reply:
        """How the chunks for a standalone question were ranked."""
        filters = _filters(data)
        question = str(data.get("question") or "")
        with limits.place():
            found = engine.search(question, RETRIEVED, filters=filters or None)
        return {"html": render_retrieval(found)}

    def count_articles(data: Mapping[str, Any]) -> Reply:
        """How many articles pass the filters; when none does, what there is instead."""
        filters = _filters(data)
        index = engine.index
        found, total = index.document_ids(filters), index.document_count
        if problem := filtered_out(filters, index):
            return {"text": f"{problem[0].upper()}{problem[1:]}.", "empty": True}
        passing = total if found is None else len(found)
        return {"text": f"{passing:,} of {count_of(total, 'article')}", "empty": False}

    return [
        _guarded(work, limits)
        for work in (
            open_page, open_conversation, open_article, more_lines, retrieval, count_articles,
            export_conversation, vote,
        )
    ]  # fmt: skip


def _guarded(work: Work, limits: Limits) -> PageFunction:
    """`work`, limited, and with what a reader should be told of an error as its answer."""

    # Gradio fills in a parameter of this type; by the annotation of the function that it calls.
    def function(data: Any, request: gr.Request) -> Reply:
        try:
            limits.check(client_of(request))
            return work(data if isinstance(data, dict) else {})
        except LimitError as exc:
            return {"error": too_often(exc), "wait_s": exc.wait_s}
        except (RagError, RequestError) as exc:
            return {"error": str(exc)}

    function.__name__ = work.__name__
    return function


def _votes(engine: ChatEngine) -> Work:
    """The function that keeps, changes and takes back votes on answers.

    A vote is changed by the receipt that its reader got, so that nobody changes another's.
    """
    key = secrets.token_bytes(32)
    store = open_feedback(engine.config)

    def receipt(number: int) -> str:
        return f"{number}-{hmac.digest(key, str(number).encode(), 'sha256').hex()[:32]}"

    def vote(data: Mapping[str, Any]) -> Reply:
        """Keep a vote on an answer; one with a receipt is changed, or taken back."""
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


def export_conversation(data: Mapping[str, Any]) -> Reply:
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


def _filters(data: Mapping[str, Any]) -> Filters:
    sent = data.get("filters")
    return restrict(*read_filters(sent if isinstance(sent, dict) else {}))


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
