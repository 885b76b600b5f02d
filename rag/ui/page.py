"""The page, put together: chat, articles, settings, and the functions for programs."""

import os

# Before gradio is imported: it reads this once, and otherwise calls its makers.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

from importlib.resources import files
from typing import Any

import gradio as gr

from rag.engine import ChatEngine
from rag.ui.api import register_api
from rag.ui.chat_tab import build_chat_tab
from rag.ui.corpus_tab import build_corpus_tab
from rag.ui.limits import Limits
from rag.ui.settings import build_settings_tab

TITLE = "On Record"
# Files of script/, in this order: what a file does when it is read needs those before it.
SCRIPT = (
    "state", "elements", "server", "conversations", "asking", "filters", "panel", "cards",
    "settings", "votes", "actions", "start",
)  # fmt: skip


def build_page(engine: ChatEngine) -> gr.Blocks:
    """The page as Gradio blocks, not yet served."""
    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        limits = Limits(engine.config.api_per_minute)
        register_api(engine, limits)
        gr.HTML(f'<h1 id="title">{TITLE}</h1>', apply_default_css=False, elem_id="header")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Chat"):
                build_chat_tab(engine, limits)
            with gr.Tab("Articles"):
                build_corpus_tab(engine)
            with gr.Tab("Settings"):
                build_settings_tab(engine)
    return page


def look() -> dict[str, Any]:
    """Theme, style and script of the page, as arguments of `gr.Blocks.launch`."""
    theme = gr.themes.Default(
        primary_hue="blue", font=["system-ui", "sans-serif"], font_mono=["monospace"]
    ).set(  # the usual ones are too bright for the white words on them
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_cancel_background_fill="#b91c1c",
        button_cancel_background_fill_hover="#991b1b",
    )
    return {
        "theme": theme,
        "css": files("rag.ui").joinpath("style.css").read_text(encoding="utf-8"),
        "head": f"<script>{read_script()}</script>",
    }


def read_script() -> str:
    """The page's script: its files, one after the other, in a scope of their own."""
    folder = files("rag.ui").joinpath("script")
    parts = [folder.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in SCRIPT]
    return "\n".join(['(() => {\n"use strict";', *parts, "})();"])
