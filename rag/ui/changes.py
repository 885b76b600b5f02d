"""Who may change the corpus from the page; decided by settings and each single request."""

from collections.abc import Callable

from starlette.types import Scope

from rag.config import Config, is_loopback
from rag.ui.requests import is_local


def may_change(config: Config) -> Callable[[Scope], bool]:
    """Whether a request may change the corpus: add, remove and index articles."""
    if config.uploads != "auto":
        return lambda scope: config.uploads == "on"
    if config.auth is not None:
        return lambda scope: True
    return is_local if is_loopback(config.host) else lambda scope: False


def may_read_folders(config: Config, scope: Scope) -> bool:
    """Whether a request may name folders of this machine: only its own user, sitting at it."""
    return is_loopback(config.host) and is_local(scope) and may_change(config)(scope)
