"""What stands before the page's routes, whoever asks.

- Requests of other sites' pages are refused, and names that are not this machine's when only this
  machine may ask: a page that somebody visits cannot use the browser to get at the articles.
- Bodies are limited before they are read, and uploads refused where they are not allowed.
- Routes of Gradio's that nothing here uses are closed.
- Headers keep content inside: what an article could smuggle into the page leads nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.config import is_loopback
from rag.ui.requests import route_path

# Gradio needs inline scripts and styles. What an article could smuggle in still goes nowhere: no
# image, form, frame or request to another host.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'self'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": with it a browser hides the origin of the login form from us, too.
    "Referrer-Policy": "same-origin",
}

# Bodies of everything but uploads: a question with its conversation is far smaller.
MAX_BODY_BYTES = 4_000_000
# What a form adds around the files of an upload.
UPLOAD_OVERHEAD_BYTES = 100_000
UPLOAD_PATH = "/gradio_api/upload"
CLOSED_PATHS = (
    "/gradio_api/process_recording", "/gradio_api/vibe-", "/gradio_api/undo-vibe-edit",
    "/gradio_api/proxy=", "/gradio_api/deep_link", "/gradio_api/run-history", "/gradio_api/runs",
    "/gradio_api/dev/", "/gradio_api/profiling", "/monitoring",
)  # fmt: skip


def no_uploads(scope: Scope) -> bool:
    """Allows no upload, wherever it comes from."""
    return False


@dataclass(frozen=True)
class Rules:
    """What `Protection` allows.

    Attributes:
        may_upload: Whether a request may upload files.
        max_upload_bytes: The largest upload, all its files together.
        hosts: Names and addresses, with their ports if any, under which the page is known besides
            the one that the request names.
        only_this_machine: Refuse requests to other names than this machine's and `hosts`.
    """

    may_upload: Callable[[Scope], bool] = no_uploads
    max_upload_bytes: int = 0
    hosts: frozenset[str] = frozenset()
    only_this_machine: bool = False


class Protection:
    """ASGI middleware that applies `Rules` and adds `HEADERS` to every response."""

    def __init__(self, app: ASGIApp, rules: Rules | None = None) -> None:
        self.app = app
        self.rules = rules or Rules()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one request."""
        if scope["type"] == "websocket":  # Gradio has none any more
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = _Body(receive, _with_headers(send), self._limit(scope))
        refusal = self._refusal(scope, guarded.limit)
        if refusal is not None:
            await refusal(scope, receive, guarded.send)
            return
        await guarded.pass_on(self.app, scope)

    def _limit(self, scope: Scope) -> int:
        """How many bytes the body may have."""
        if _is_upload(route_path(scope)):
            return self.rules.max_upload_bytes + UPLOAD_OVERHEAD_BYTES
        return MAX_BODY_BYTES

    def _refusal(self, scope: Scope, limit: int) -> Response | None:
        """Why the request is not passed on, or None. Nothing of its body has been read."""
        headers, path = Headers(scope=scope), route_path(scope)
        problem = self._foreign(headers)
        if problem:
            return PlainTextResponse(problem, status_code=403)
        if path.startswith(CLOSED_PATHS):
            return PlainTextResponse("there is nothing here", status_code=404)
        if _is_upload(path) and not self.rules.may_upload(scope):
            return PlainTextResponse("uploads are not accepted", status_code=403)
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            return PlainTextResponse("the length of the body is no number", status_code=400)
        return _too_large(limit) if int(length) > limit else None

    def _foreign(self, headers: Headers) -> str | None:
        """What is wrong with the host that is asked, or the site that asks."""
        host = headers.get("host", "").lower()
        name = urlsplit(f"//{host}").hostname or ""
        own = host in self.rules.hosts
        if self.rules.only_this_machine and not own and not is_loopback(name):
            return (
                f"this page is not known as {name!r}: name its address in RAG_ROOT_PATH, such as "
                "https://example.org/news, or set RAG_AUTH"
            )
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin.lower()).netloc not in {host, *self.rules.hosts}:
            return (
                f"a page of another site ({origin[:200]}) asks; behind a proxy, name the address "
                "of this one in RAG_ROOT_PATH, such as https://example.org/news"
            )
        return None


class _Body:
    """Passes a body on up to its limit; past it, the app sees a client that has left."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self.limit = limit
        self._receive = receive
        self._send = send
        self._read = 0
        self._started = False

    async def pass_on(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self.receive, self.send)
        except ClientDisconnect:
            if self._read <= self.limit:
                raise
        if self._read > self.limit and not self._started:
            await _too_large(self.limit)(scope, self._receive, self._send)

    async def receive(self) -> Message:
        if self._read > self.limit:
            return {"type": "http.disconnect"}
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self.limit:
                return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if self._read > self.limit and not self._started:
            return  # what the app makes of a body that was cut is not what went wrong
        self._started = True
        await self._send(message)


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return send_with_headers


def _is_upload(path: str) -> bool:
    return path.rstrip("/") == UPLOAD_PATH


def _too_large(limit: int) -> Response:
    megabytes = f"{limit / 1_000_000:.1f}"
    return PlainTextResponse(
        f"more than {megabytes} MB", status_code=413, headers={"Connection": "close"}
    )
