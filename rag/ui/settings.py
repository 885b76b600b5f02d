"""The settings tab, who answers, and what is to be said about the index.

Settings are the browser's: nothing of them reaches the server. No key is shown anywhere.
"""

from html import escape

import gradio as gr

from rag.config import Config
from rag.engine import ChatEngine
from rag.errors import RagError

_PAGE = """
<section class="settings" aria-label="Settings">
<p>These settings are kept in this browser only.</p>
<p><label for="setting-theme">Colours</label>
<select id="setting-theme" data-setting="theme"><option value="system">As the system</option>
<option value="light">Light</option><option value="dark">Dark</option></select></p>
<p><label for="setting-text">Text size</label>
<select id="setting-text" data-setting="text"><option value="small">Small</option>
<option value="normal">Normal</option><option value="large">Large</option>
<option value="larger">Larger</option></select></p>
<p><label><input type="checkbox" data-setting="retrieval"> Show under each answer how its lines were
found: ranks and scores of the search by meaning and by words</label></p>
<h3>Who answers</h3><p>{writer}</p>
</section>
"""


def build_settings_tab(engine: ChatEngine) -> None:
    """The settings, inside the caller's tab."""
    page = _PAGE.format(writer=escape(describe_writer(engine.config)))
    gr.HTML(
        html_template="${page}", page=page, apply_default_css=False, elem_id="settings",
        js_on_load="window.onRecord.settings(element)",
    )  # fmt: skip


def describe_writer(config: Config) -> str:
    """Who writes the answers, for the reader; never a key or an address."""
    if config.llm == "extractive" or not config.llm_model:
        return (
            "Answers are quoted from the articles; no language model is used. To have one write "
            "them, set RAG_LLM_MODEL and its address, and start again; every statement is still "
            "checked against the lines that it cites."
        )
    return (
        f"Answers are written by {config.llm_model}, and every statement is checked against the "
        "lines that it cites. What fails is withheld."
    )


def describe_index(engine: ChatEngine) -> str:
    """What a reader should know about the index before asking; "" when all is well."""
    try:
        index = engine.index
    except RagError as exc:
        return f"The index cannot be used: {exc}"
    if not index.document_count:
        return (
            "There are no articles yet. Add some in the Articles tab, or put them into "
            f"{engine.config.corpus_dir} and run `rag index`."
        )
    return f"About the index: {index.notice}." if index.notice else ""
