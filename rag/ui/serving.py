"""Serving the page: where it listens, who may come in, and what stands before it.

`serve_page` takes a `gr.Blocks` that is built and its looks. It adds the login, the protection, the
API and MCP settings, and refuses an address that is not this machine's without a login.
"""

import os

# Before gradio is imported: it reads this once, and otherwise calls its makers.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import io
import logging
import threading
from contextlib import redirect_stdout
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from starlette.middleware import Middleware

from rag.config import Config, is_loopback
from rag.engine import ChatEngine
from rag.errors import ConfigError, RagError
from rag.ui.api import json_results
from rag.ui.authentication import Authentication
from rag.ui.changes import may_change
from rag.ui.passwords import check_address
from rag.ui.protection import Protection, Rules

# Questions that wait for a free place before the page says that it is busy.
MAX_WAITING = 64
# Chat, page and API functions that run at once, each in a thread.
MAX_THREADS = 40
# Seconds between two looks for uploads that nobody added to the corpus, and their greatest age.
DELETE_CACHE = (3600, 24 * 3600)
_BYTES_PER_MB = 1_000_000

_logger = logging.getLogger(__name__)


def launch(engine: ChatEngine, *, block: bool) -> tuple[gr.Blocks, str]:
    """Serves the page of `engine`; with `block`, until it is stopped.

    Returns:
        The page and its address.

    Raises:
        ConfigError: When the port is taken, or the address is not allowed without a login.
    """
    from rag.ui import page

    check_address(engine.config)  # before the page is built, which takes a moment
    loading = threading.Thread(target=_load_models, args=(engine,), daemon=True, name="loading")
    loading.start()
    served = serve_page(page.build_page(engine), engine.config, block=block, **page.look())
    loading.join()
    return served


def _load_models(engine: ChatEngine) -> None:
    """Searches for something, so that the first reader does not wait for the models."""
    try:
        engine.search_sentences("Is everything ready?", 1)
    except RagError as exc:  # whoever asks is told as well
        _logger.warning("the models cannot be loaded: %s", exc)


def serve_page(
    page: gr.Blocks, config: Config, *, block: bool, **look: Any
) -> tuple[gr.Blocks, str]:
    """Serves a page that is built.

    Args:
        page: The blocks.
        config: Where to listen, who may log in and what may be uploaded.
        block: Return when it is stopped, not when it has started.
        look: Arguments of `gr.Blocks.launch` for its looks: theme, css, css_paths, js, head.

    Returns:
        The page and its address on this machine.

    Raises:
        ConfigError: When the port is taken, or the address is not allowed without a login.
    """
    accounts = check_address(config)
    page.queue(max_size=MAX_WAITING, api_open=False)
    page.delete_cache = DELETE_CACHE
    middleware = [Middleware(Protection, rules=protection_rules(config))]
    if accounts is not None:
        middleware.append(Middleware(Authentication, accounts=accounts, root_path=config.root_path))
    arguments: dict[str, Any] = {
        "server_name": f"[{config.host}]" if ":" in config.host else config.host,
        "server_port": config.port or None, "root_path": config.root_path or None,
        "share": False, "quiet": True, "prevent_thread_lock": True, "show_error": False,
        "footer_links": [], "run_history": False, "enable_monitoring": False, "ssr_mode": False,
        "pwa": False, "mcp_server": True, "max_threads": MAX_THREADS,
        "max_file_size": int(config.max_file_mb * _BYTES_PER_MB),
        "app_kwargs": {"middleware": middleware}, **look,
    }  # fmt: skip
    try:
        with redirect_stdout(io.StringIO()):  # it announces the MCP endpoint, quiet or not
            _, url, _ = page.launch(**arguments)
    except OSError as exc:
        raise ConfigError(
            f"cannot listen on {config.host}:{config.port}: {exc}; name another port with --port"
        ) from exc
    if page.mcp_server_obj is None:
        raise ConfigError(f"the MCP endpoint does not start: {page.mcp_error}")
    setattr(page.mcp_server_obj, "postprocess_output_data", json_results)  # noqa: B010 - a method
    print(_announcement(config, url), flush=True)  # noqa: T201 - the address
    if block:
        page.block_thread()
    return page, url


def protection_rules(config: Config) -> Rules:
    """What the middleware allows with these settings."""
    address = urlsplit(config.root_path)
    return Rules(
        may_upload=may_change(config),
        max_upload_bytes=int(config.max_upload_mb * _BYTES_PER_MB),
        hosts=frozenset({address.netloc.lower()} if address.netloc else ()),
        only_this_machine=config.auth is None and is_loopback(config.host),
    )


def _announcement(config: Config, url: str) -> str:
    shown = f"{config.root_path}/" if urlsplit(config.root_path).netloc else url
    warning = ""
    if config.auth is None and not is_loopback(config.host):
        warning = "; everybody who reaches it may read the articles"
    return (
        f"On Record is at {shown}  (stop it with Ctrl-C){warning}\n"
        f"Its MCP endpoint is at {shown}gradio_api/mcp/"
    )
