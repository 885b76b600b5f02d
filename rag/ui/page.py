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
from rag.ui.settings import build_settings_tab

TITLE = "On Record"


def build_page(engine: ChatEngine) -> gr.Blocks:
    """The page as Gradio blocks, not yet served."""
    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        register_api(engine)
        gr.HTML(f'<h1 id="title">{TITLE}</h1>', apply_default_css=False, elem_id="header")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Chat"):
                build_chat_tab(engine)
            with gr.Tab("Articles"):
                build_corpus_tab(engine)
            with gr.Tab("Settings"):
                build_settings_tab(engine)
    return page


def look() -> dict[str, Any]:
    """Theme, style and script of the page, as arguments of `gr.Blocks.launch`."""
    folder = files("rag.ui")
    script = folder.joinpath("script.js").read_text(encoding="utf-8")
    return {
        "theme": gr.themes.Default(
            primary_hue="blue", font=["system-ui", "sans-serif"], font_mono=["monospace"]
        ),
        "css": folder.joinpath("style.css").read_text(encoding="utf-8"),
        "head": f"<script>{script}</script>",
    }
