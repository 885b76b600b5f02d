"""The browser page: it shows an Answer, and decides nothing about it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

    from rag.engine import ChatEngine


def serve(engine: "ChatEngine") -> None:
    """Serve the page of `engine` until it is stopped.

    Raises:
        ConfigError: When the port is taken or the address is not allowed.
    """
    launch(engine, block=True)


def launch(engine: "ChatEngine", *, block: bool) -> "tuple[gr.Blocks, str]":
    """Serve the page of `engine`; with `block`, until it is stopped.

    Returns:
        The page and its address.

    Raises:
        ConfigError: When the port is taken or the address is not allowed.
    """
    from rag.ui import serving  # gradio takes seconds to import

    return serving.launch(engine, block=block)
