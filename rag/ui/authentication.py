"""A login before every route: the page, the API, the MCP endpoint and the files alike.

A person logs in with a form and gets a cookie; a program sends HTTP Basic credentials, or posts the
form as `gradio_client.Client(url, auth=(name, password))` does. Sessions are in memory and of one
process. Failed logins are counted for each client and for all together, before the password is
looked at, so guessing is slow however it is done.
"""

import base64
import binascii
import hashlib
import hmac
import math
import secrets
import time
from collections import OrderedDict
from html import escape
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.ui.limits import TokenBucket
from rag.ui.passwords import Accounts
from rag.ui.requests import client_host, client_network, root_of, route_path

COOKIE = "on-record-session"
SESSION_S = 12 * 3600
# A verified Basic header is taken as such for this long, since hashing takes tenths of a second.
VERIFIED_S = 600
MAX_SESSIONS = 10_000
# Failed logins: so many at once, then one every so many seconds.
CLIENT_FAILURES, CLIENT_FAILURE_S = 5, 30.0
ALL_FAILURES, ALL_FAILURE_S = 50, 1.0
CONCURRENT_HASHES = 2
# Gradio asks for it when it starts, before anybody can have logged in. It tells nothing.
OPEN_PATHS = frozenset({"/gradio_api/startup-events"})

_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Log in · On Record</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 15vh auto 0; max-width: 20rem;
  padding: 0 1rem; }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; font: inherit; }}
input {{ margin: .25rem 0 1rem; padding: .5rem; }}
button {{ padding: .5rem; }}
</style></head>
<body><main><h1>On Record</h1>{problem}
<form method="post" action="{action}">
<label for="username">Name</label>
<input id="username" name="username" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Log in</button></form></main>
<script>document.forms[0].action += location.hash</script></body></html>"""


class Sessions:
    """Who is logged in, by a token of which only the hash is kept."""

    def __init__(self, lifetime_s: float) -> None:
        self._lifetime_s = lifetime_s
        self._key = secrets.token_bytes(32)
        self._users: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    def add(self, token: str, user: str) -> None:
        """Notes that whoever has `token` is `user`."""
        self._users[self._name(token)] = (user, time.monotonic() + self._lifetime_s)
        while len(self._users) > MAX_SESSIONS:
            self._users.popitem(last=False)

    def user(self, token: str) -> str | None:
        """The user of `token`, or None when there is none any more."""
        user, until = self._users.get(self._name(token), (None, 0.0))
        if user is not None and until < time.monotonic():
            self.remove(token)
            return None
        return user

    def remove(self, token: str) -> None:
        """Forgets `token`."""
        self._users.pop(self._name(token), None)

    def _name(self, token: str) -> bytes:
        return hmac.digest(self._key, token.encode("utf-8", "replace"), hashlib.sha256)


class TooManyFailuresError(Exception):
    """Too many failed logins; `wait_s` says when another one is possible."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"too many failed logins: try again in {math.ceil(wait_s)} s")
        self.wait_s = wait_s


class Authentication:
    """ASGI middleware that lets nothing but the login through to those who have not logged in."""

    def __init__(self, app: ASGIApp, accounts: Accounts, root_path: str = "") -> None:
        self.app = app
        self._accounts = accounts
        self._root = root_of(root_path)
        self._sessions = Sessions(SESSION_S)
        self._verified = Sessions(VERIFIED_S)
        self._of_client = TokenBucket(CLIENT_FAILURES, 1 / CLIENT_FAILURE_S)
        self._of_all = TokenBucket(ALL_FAILURES, 1 / ALL_FAILURE_S)
        self._hashing: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one request."""
        if scope["type"] == "http" and route_path(scope) not in OPEN_PATHS:
            response = await self._respond(Request(scope, receive))
            if response is not None:
                await response(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _respond(self, request: Request) -> Response | None:
        """What to answer instead of the app; None for somebody who is logged in."""
        path = route_path(request.scope).rstrip("/")
        try:
            if path == "/login" and request.method == "POST":
                return await self._log_in(request)
            user = self._sessions.user(request.cookies.get(COOKIE, ""))
            user = user or await self._basic_user(request)
        except TooManyFailuresError as exc:
            headers = {"Retry-After": str(math.ceil(exc.wait_s))}
            return self._refuse(request, 429, str(exc), headers)
        if path == "/logout":
            return self._log_out(request)
        if path == "/login":
            return self._to_page(request) if user else self._refuse(request, 200)
        return None if user else self._refuse(request, 401)

    async def _log_in(self, request: Request) -> Response:
        try:
            async with request.form(max_files=0, max_fields=10) as form:
                name, password = (str(form.get(field, "")) for field in ("username", "password"))
        except (HTTPException, MultiPartException):
            return self._refuse(request, 400, "The form cannot be read.")
        if not await self._verify(request, name.strip(), password):
            return self._refuse(request, 401, "Name or password is not right.")
        token = secrets.token_urlsafe(32)
        self._sessions.add(token, name)
        is_form = _takes_html(request)
        response = self._to_page(request) if is_form else JSONResponse({"success": True})
        response.set_cookie(
            COOKIE, token, max_age=SESSION_S, path=self._root or "/", httponly=True,
            samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    def _log_out(self, request: Request) -> Response:
        self._sessions.remove(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(f"{self._root}/login", status_code=303)
        response.delete_cookie(COOKIE, path=self._root or "/")
        return response

    async def _basic_user(self, request: Request) -> str | None:
        header = request.headers.get("authorization", "")
        kind, _, credentials = header.partition(" ")
        if kind.lower() != "basic":
            return None
        known = self._verified.user(header)
        if known is not None:
            return known
        try:
            decoded = base64.b64decode(credentials, validate=True).decode()
        except (binascii.Error, ValueError):
            return None
        name, _, password = decoded.partition(":")
        if not await self._verify(request, name, password):
            return None
        self._verified.add(header, name)
        return name

    async def _verify(self, request: Request, name: str, password: str) -> bool:
        """Whether they are right; only a login that fails costs a token.

        Raises:
            TooManyFailuresError: When too many have failed; nothing is looked at then.
        """
        if self._hashing is None:
            self._hashing = CapacityLimiter(CONCURRENT_HASHES)
        client = client_network(client_host(request.scope))
        return await to_thread.run_sync(
            self._attempt, client, name, password, limiter=self._hashing
        )

    def _attempt(self, client: str, name: str, password: str) -> bool:
        """One login, in a thread; as few at once as there may be, so tokens are counted then."""
        wait = max(self._of_client.wait_s(client), self._of_all.wait_s())
        if wait:
            raise TooManyFailuresError(wait)
        found = self._accounts.verify(name, password)
        if not found:
            self._of_client.charge(client)
            self._of_all.charge()
        return found

    def _to_page(self, request: Request) -> Response:
        """To where the user wanted to go; never to another host."""
        wanted = request.query_params.get("next", "")
        is_below = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
        wanted = wanted if is_below and wanted.isprintable() else "/"
        return RedirectResponse(f"{self._root}{wanted}", status_code=303)

    def _refuse(
        self,
        request: Request,
        status: int,
        problem: str = "",
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The login form for a person; for a program the problem as JSON."""
        headers = {"Cache-Control": "no-store", **(headers or {})}
        if _takes_html(request):
            path = route_path(request.scope)
            wanted = request.query_params.get("next", "/") if path == "/login" else path
            if path != "/login" and request.url.query:
                wanted += f"?{request.url.query}"
            shown = f'<p role="alert">{escape(problem)}</p>' if problem else ""
            action = f"{self._root}/login?next={quote(wanted, safe='/')}"
            return HTMLResponse(
                _PAGE.format(problem=shown, action=escape(action)), status, headers=headers
            )
        if status == 401 and "sec-fetch-mode" not in request.headers:
            headers["WWW-Authenticate"] = 'Basic realm="On Record", charset="UTF-8"'
        detail = problem or "log in first: HTTP Basic, or the form at /login"
        return JSONResponse({"detail": detail}, status, headers=headers)


def _takes_html(request: Request) -> bool:
    """Whether a person looks at the answer: a page of a browser asks for HTML by name."""
    return "text/html" in request.headers.get("accept", "")
