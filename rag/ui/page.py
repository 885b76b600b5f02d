"""The chat page, on Gradio: a question box, the conversation, and the cited lines."""

import os
from collections.abc import Iterator
from typing import Any

# Before gradio is imported: it reads this once, and otherwise calls its makers.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr
from starlette.middleware import Middleware

from rag.engine import ChatEngine
from rag.errors import ConfigError, RagError
from rag.schema import Message
from rag.ui.protection import Protection
from rag.ui.rendering import render_answer_html, render_progress, render_turn

# Questions that wait for a free place before the page says that it is busy.
MAX_WAITING = 64
CONCURRENT_ANSWERS = 4

STYLE = """
.gradio-container { max-width: 62rem !important; margin: 0 auto; }
.turn { border-top: 1px solid var(--border-color-primary); padding: .75rem 0; }
.turn .question { font-size: 1.1rem; font-weight: 600; margin: .25rem 0 .5rem; }
.turn .summary, .turn .searched, .turn .origin, .turn .source p, .turn .source th {
  color: var(--body-text-color); opacity: .75; }
.turn .summary, .turn .searched, .turn .origin, .turn .source p {
  font-size: .875rem; margin: .25rem 0; }
.turn .statements { padding-left: 1.25rem; list-style: decimal; }
.turn .statements li { margin: .5rem 0; line-height: 1.5; }
.turn .chip { display: inline-block; min-width: 1.6em; padding: 0 .4em; border-radius: 1em;
  text-align: center; text-decoration: none; font-size: .8rem; font-weight: 600;
  color: var(--body-text-color); border: 1px solid var(--body-text-color); }
.turn .chip:hover, .turn .chip:focus { background: var(--body-text-color);
  color: var(--body-background-fill); }
.turn .sources > summary { cursor: pointer; font-weight: 600; margin: .5rem 0; }
.turn .source { padding: .4rem .6rem; border-left: 3px solid var(--border-color-primary);
  margin: .5rem 0; scroll-margin-top: 1rem; }
.turn .source:target { border-left-color: var(--color-accent);
  background: var(--background-fill-secondary); }
.turn .source h3 { font-size: .9rem; font-weight: 600; margin: 0; }
.turn .source table, .turn .source tr, .turn .source th, .turn .source td { border: 0;
  background: none; }
.turn .source th { font-weight: 400; text-align: right; vertical-align: top; width: 3.5rem;
  padding: .1rem .75rem .1rem 0; user-select: none; font-family: monospace; }
.turn .source td { padding: .1rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.turn .refusal, .turn .notice, .turn .withheld { font-style: italic; }
#ask, #clear { align-self: end; }
"""

Turn = dict[str, str]


def build_page(engine: ChatEngine) -> gr.Blocks:
    """The page as Gradio blocks, not yet served."""
    documents = engine.index.document_count

    def answer(question: str, turns: list[Turn]) -> Iterator[tuple[Any, ...]]:
        """Stream the conversation as HTML; the last yield holds the finished turn."""
        earlier = "".join(render_turn(turn["question"], turn["body"]) for turn in turns)
        history = [Message(role="user", content=turn["question"]) for turn in turns]
        body = ""
        shown = question[: engine.config.max_question_chars]
        try:
            for body in _stream_body(engine, question, history, turn=len(turns)):
                yield earlier + render_turn(shown, body), turns, gr.update(value="")
        except RagError as exc:
            raise gr.Error(str(exc)) from exc
        turns = [*turns, {"question": shown, "body": body}]
        yield earlier + render_turn(shown, body), turns, gr.update(value="")

    page: gr.Blocks = gr.Blocks(title="On Record", analytics_enabled=False)
    with page:
        gr.Markdown(
            f"# On Record\nAsk about the {documents:,} articles. Every statement cites the exact "
            "lines that say it, checked by code."
        )
        turns = gr.State([])
        conversation = gr.HTML(elem_id="conversation")
        with gr.Row():
            box = gr.Textbox(
                label="Question", placeholder="Ask about the articles", lines=1, max_lines=4,
                scale=5, autofocus=True, elem_id="question", submit_btn=False,
            )  # fmt: skip
            ask = gr.Button("Ask", variant="primary", scale=1, elem_id="ask")
            clear = gr.Button("New conversation", scale=1, elem_id="clear")
        arguments: dict[str, Any] = {
            "fn": answer, "inputs": [box, turns], "outputs": [conversation, turns, box],
            "api_visibility": "private", "show_progress": "hidden",
            "concurrency_limit": CONCURRENT_ANSWERS, "concurrency_id": "answers",
        }  # fmt: skip
        ask.click(**arguments)
        box.submit(**arguments)
        clear.click(lambda: ("", [], ""), outputs=[conversation, turns, box],
                    api_visibility="private")  # fmt: skip
    return page


def launch(engine: ChatEngine, *, block: bool) -> tuple[gr.Blocks, str]:
    """Serve the page; with `block`, until it is stopped. Returns the page and its address.

    Raises:
        ConfigError: When the port is taken.
    """
    config = engine.config
    page = build_page(engine)
    page.queue(max_size=MAX_WAITING, api_open=False)
    try:
        _, url, _ = page.launch(
            server_name=config.host, server_port=config.port or None, share=False, quiet=True,
            prevent_thread_lock=True, show_error=False, footer_links=[], run_history=False,
            enable_monitoring=False, ssr_mode=False, mcp_server=False, max_file_size=1,
            theme=gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
            css=STYLE, app_kwargs={"middleware": [Middleware(Protection)]},
        )  # fmt: skip
    except OSError as exc:
        raise ConfigError(
            f"cannot listen on {config.host}:{config.port}: {exc}; name another port with --port"
        ) from exc
    print(f"On Record is at {url}  (stop it with Ctrl-C)", flush=True)  # noqa: T201 - the address
    if block:
        page.block_thread()
    return page, url


def _stream_body(
    engine: ChatEngine, question: str, history: list[Message], *, turn: int
) -> Iterator[str]:
    """The answer's HTML as it grows."""
    standalone: str | None = None
    statements: list[Any] = []
    citations: tuple[Any, ...] = ()
    for event in engine.stream(question, history=history):
        if event.kind == "searching":
            standalone = event.data if event.data != " ".join(question.split()) else None
        elif event.kind == "statement":
            statements.append(event.data)
            citations = event.citations
        if event.kind == "answer":
            yield render_answer_html(event.data, turn=turn)
        else:
            yield render_progress(standalone, statements, citations, turn=turn)
