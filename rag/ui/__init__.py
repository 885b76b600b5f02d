"""The browser page: it shows an Answer, and decides nothing about it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.engine import ChatEngine


def serve(engine: "ChatEngine") -> None:
    """Serve the chat page of `engine` until it is stopped.

    Raises:
        ConfigError: When the port is taken or the address is not allowed.
    """
    from rag.ui.page import launch  # gradio takes seconds to import

    launch(engine, block=True)
