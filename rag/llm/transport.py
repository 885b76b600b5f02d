"""One HTTP client for one request: nothing of it outlives the request or its deadline.

A read timeout starts anew with every byte that arrives, so a server that sends a comment now and
then can hold a caller for ever. A watchdog therefore shuts the socket down when the deadline
passes, whatever the caller's thread is waiting for.
"""

import functools
import socket
import ssl
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import httpx

CONNECT_TIMEOUT_S = 5.0
# Never zero: zero means "do not wait" to some and "wait for ever" to others.
_SHORTEST_TIMEOUT_S = 0.001


class Deadline:
    """A point in time, `total_s` seconds after it was made."""

    def __init__(self, total_s: float) -> None:
        self.total_s = total_s
        self._end = time.monotonic() + total_s

    @property
    def left_s(self) -> float:
        """Seconds until then, 0 when it has passed."""
        return max(0.0, self._end - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether it has passed."""
        return self.left_s == 0


class Line:
    """A connection to the model's server, closed at the end of the `with` and at the deadline.

    Attributes:
        client: To be used for one request, within the `with`.
        content_type: What the server says its answer is; empty before there is one.
    """

    client: "httpx.Client"

    def __init__(self, *, timeout_s: float, deadline: Deadline, local: bool) -> None:
        self.content_type = ""
        self._timeout_s = timeout_s
        self._deadline = deadline
        self._local = local
        self._streams: list[Any] = []
        self._watchdog = threading.Timer(deadline.left_s, self._shut_down)
        self._watchdog.daemon = True

    def __enter__(self) -> Self:
        import httpx

        self.client = httpx.Client(
            verify=_ssl_context(),
            trust_env=not self._local,  # no proxy between this machine and itself
            event_hooks={"request": [self._before], "response": [self._after]},
        )
        self._watchdog.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._watchdog.cancel()
        self.client.close()

    def _before(self, request: "httpx.Request") -> None:
        left = max(_SHORTEST_TIMEOUT_S, self._deadline.left_s)
        wait, connect = min(self._timeout_s, left), min(CONNECT_TIMEOUT_S, left)
        request.extensions["timeout"] = {
            "connect": connect, "pool": connect, "read": wait, "write": wait,
        }  # fmt: skip
        request.extensions["trace"] = self._trace

    def _after(self, response: "httpx.Response") -> None:
        self.content_type = response.headers.get("content-type", "").lower()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._streams.append(info["return_value"])
            if self._deadline.passed:
                self._shut_down()

    def _shut_down(self) -> None:
        for stream in list(self._streams):
            connection = stream.get_extra_info("socket")
            with suppress(OSError):  # it may have been closed meanwhile
                connection.shutdown(socket.SHUT_RDWR)


@functools.cache
def _ssl_context() -> ssl.SSLContext:
    """Shared, because reading the certificates takes longer than a local model's first word."""
    import httpx

    return httpx.create_ssl_context()
