"""A page that is served for a test: only its API, or with the articles tab."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rag import Config, open_engine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(config: Config, *, corpus_tab: bool = False) -> Iterator[str]:
    """The address of a page over `config`, whose port is replaced by a free one."""
    import gradio as gr

    from rag.ui.api import register_api
    from rag.ui.corpus_tab import build_corpus_tab
    from rag.ui.limits import Limits
    from rag.ui.serving import serve_page

    values: dict[str, Any] = {name: getattr(config, name) for name in config.model_fields_set}
    config = Config(**values | {"port": free_port()})
    with open_engine(config) as engine:
        with gr.Blocks(title="On Record", analytics_enabled=False) as page:
            register_api(engine, Limits(config.api_per_minute))
            with gr.Tabs(), gr.Tab("Articles"):
                button = gr.Button("nothing")
                button.click(lambda: None, api_visibility="private")
                if corpus_tab:
                    build_corpus_tab(engine)
        _, url = serve_page(page, config, block=False)
        try:
            yield url
        finally:
            page.close(verbose=False)
