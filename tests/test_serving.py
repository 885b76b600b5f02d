"""What stands before the page: the login, the limits, the headers, and where it may listen."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from served import served
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from typer.testing import CliRunner

from rag import Config
from rag.cli import app
from rag.errors import ConfigError
from rag.ui.authentication import (
    CLIENT_FAILURES,
    CONCURRENT_HASHES,
    COOKIE,
    Authentication,
)
from rag.ui.changes import may_change, may_read_folders
from rag.ui.passwords import Accounts, PasswordHash, check_address, hash_password, read_accounts
from rag.ui.protection import HEADERS, MAX_BODY_BYTES, Protection, Rules
from rag.ui.requests import client_network, is_local, route_path
from rag.ui.serving import protection_rules

DATA = Path(__file__).parent / "data" / "corpus"
HTTP = httpx.Client(timeout=60)
HTML = {"Accept": "text/html,*/*"}
PASSWORD = "correct horse"
HASH = hash_password(PASSWORD)


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.url.path} {len(await request.body())}")


def client(*middleware: Middleware, **more: Any) -> TestClient:
    """A client of an app that answers anything with its path and the length of the body."""
    routes = [Route("/{path:path}", echo, methods=["GET", "POST"])]
    more = {"base_url": "http://127.0.0.1:7860", "follow_redirects": False, **more}
    return TestClient(Starlette(routes=routes, middleware=middleware), **more)


# passwords


def test_a_hash_is_of_one_password_and_never_the_same_twice() -> None:
    assert HASH.startswith("scrypt.16384.8.5.")
    assert not set("$,: \"'\\") & set(HASH)
    accounts = read_accounts(f"ann:{HASH}")
    assert accounts.verify("ann", PASSWORD)
    assert not accounts.verify("ann", PASSWORD + " ")
    assert not accounts.verify("bob", PASSWORD)
    assert not accounts.verify("ann", "x" * 2000)
    assert hash_password(PASSWORD) != HASH


@pytest.mark.parametrize("password", ["", "x" * 1001], ids=["empty", "long"])
def test_no_password(password: str) -> None:
    with pytest.raises(ConfigError, match="1 to 1,000"):
        hash_password(password)


def test_accounts_may_be_pairs_or_a_file(tmp_path: Path) -> None:
    assert len(read_accounts(f"ann:{HASH},bob:{HASH} c@d:{HASH}")) == 3
    file = tmp_path / "accounts"
    file.write_text(f"# editors\nann:{HASH}\n\nbob:{HASH}\n", encoding="utf-8")
    assert len(read_accounts(str(file))) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("ann:hunter2", "neither NAME:HASH nor a file", id="a password"),
        pytest.param(f"ann:{HASH},bob:hunter2", "has for bob is not a hash", id="one password"),
        pytest.param(f"ann:{HASH},hunter2", "entry 2 of RAG_AUTH", id="no name"),
        pytest.param("ann:scrypt.16384.8.5.AA.BB", "is damaged", id="short key"),
        pytest.param(f"ann:{HASH.replace('16384', '16383')}", "is damaged", id="cost"),
        pytest.param(f"ann:{HASH.replace('16384', '4194304')}", "is damaged", id="memory"),
    ],
)
def test_what_is_no_account(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as raised:
        read_accounts(text)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("value", ["", "/news", "https://a.org/news/"])
def test_root_paths(value: str) -> None:
    assert Config(root_path=value).root_path == value.rstrip("/")


def test_settings_show_no_hash() -> None:
    assert HASH not in repr(Config(auth=f"ann:{HASH}"))
    with pytest.raises(ConfigError, match="RAG_ROOT_PATH"):
        Config(root_path="news")


# where it may listen


def test_only_this_machine_without_a_login() -> None:
    assert check_address(Config()) is None
    assert check_address(Config(host="0.0.0.0", insecure=True)) is None
    assert check_address(Config(host="0.0.0.0", auth=f"ann:{HASH}")) is not None
    with pytest.raises(ConfigError, match="--insecure"):
        check_address(Config(host="0.0.0.0"))


def scope(host: str = "127.0.0.1", **headers: str) -> dict[str, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": (host, 1), "headers": raw, "path": "/"}


@pytest.mark.parametrize(
    ("settings", "asked", "allowed"),
    [
        pytest.param({}, scope(), True, id="this machine"),
        pytest.param({}, scope("203.0.113.9"), False, id="another machine"),
        pytest.param({}, scope(x_forwarded_for="203.0.113.9"), False, id="through a proxy"),
        pytest.param({"uploads": "off"}, scope(), False, id="off"),
        pytest.param({"uploads": "on", "host": "0.0.0.0"}, scope("203.0.113.9"), True, id="on"),
        pytest.param({"host": "0.0.0.0", "insecure": True}, scope(), False, id="insecure"),
        pytest.param({"host": "0.0.0.0", "auth": f"ann:{HASH}"}, scope("203.0.113.9"), True,
                     id="after a login"),
    ],
)  # fmt: skip
def test_who_may_change_articles(
    settings: dict[str, Any], asked: dict[str, Any], allowed: bool
) -> None:
    assert may_change(Config(**settings))(asked) is allowed


def test_folders_are_named_on_this_machine_only() -> None:
    assert may_read_folders(Config(), scope())
    assert not may_read_folders(Config(), scope(forwarded="for=1.2.3.4"))
    assert not may_read_folders(Config(host="0.0.0.0", auth=f"ann:{HASH}"), scope())
    assert not may_read_folders(Config(uploads="off"), scope())


@pytest.mark.parametrize(
    ("path", "root", "found"),
    [
        ("/config", "", "/config"), ("/news/config", "/news", "/config"), ("/news", "/news", "/"),
        ("/config", "/news", "/config"), ("/newspaper", "/news", "/newspaper"),
        ("/config", "https://a.org/news", "/config"),
        ("/news/config", "https://a.org/news", "/config"),
    ],
)  # fmt: skip
def test_route_path(path: str, root: str, found: str) -> None:
    assert route_path({"path": path, "root_path": root}) == found


def test_addresses() -> None:
    assert client_network("203.0.113.9") == "203.0.113.9"
    assert client_network("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::"
    assert client_network("::ffff:203.0.113.9") == "203.0.113.9"
    assert client_network("nobody") == "nobody"
    assert is_local(scope("::1"))
    assert not is_local({"type": "http", "headers": []})


# protection


def local(**rules: Any) -> TestClient:
    return client(Middleware(Protection, rules=Rules(**rules)))


def test_headers_are_on_everything() -> None:
    for path in ("/", "/gradio_api/upload", "/monitoring"):
        headers = local().post(path).headers
        assert all(headers[name] == value for name, value in HEADERS.items())


def test_a_form_of_the_page_may_say_where_it_comes_from() -> None:
    """With "no-referrer" a browser sends "Origin: null" with the login, which is refused."""
    assert HEADERS["Referrer-Policy"] == "same-origin"


def test_uploads_are_refused_unless_they_are_on() -> None:
    for path in ("/gradio_api/upload", "/gradio_api/upload/", "/gradio_api/upload?upload_id=1"):
        assert local().post(path, content=b"x").status_code == 403
    allowed = local(may_upload=lambda asked: True, max_upload_bytes=1000)
    assert allowed.post("/gradio_api/upload", content=b"x" * 1000).text.endswith(" 1000")
    assert local().get("/gradio_api/upload_progress").status_code == 200


def test_large_bodies_are_refused_before_they_are_read() -> None:
    read = []

    def body() -> Iterator[bytes]:
        for _ in range(40):
            read.append(1)
            yield b"x" * 100_000

    allowed = local(may_upload=lambda asked: True, max_upload_bytes=1000)
    for given in (b"x" * 200_000, body()):  # with its length, and in pieces
        found = allowed.post("/gradio_api/upload", content=given)
        assert found.status_code == 413
        assert "more than 0.1 MB" in found.text
    announced = {"Content-Length": str(MAX_BODY_BYTES + 1)}
    assert local().post("/gradio_api/queue/join", headers=announced).status_code == 413
    assert local().post("/x", headers={"Content-Length": "many"}).status_code in (400, 413)


def test_routes_that_nothing_uses_are_closed() -> None:
    for path in ("process_recording", "vibe-code", "proxy=http://x", "deep_link", "runs"):
        assert local().get(f"/gradio_api/{path}").status_code == 404
    assert local().get("/gradio_api/queue/data").status_code == 200


@pytest.mark.parametrize(
    ("headers", "rules", "status"),
    [
        pytest.param({}, {}, 200, id="no browser"),
        pytest.param({"Origin": "http://127.0.0.1:7860"}, {}, 200, id="own page"),
        pytest.param({"Origin": "http://evil.example"}, {}, 403, id="another site"),
        pytest.param({"Origin": "http://127.0.0.1:9999"}, {}, 403, id="another port"),
        pytest.param({"Origin": "null"}, {}, 403, id="a file or a frame"),
        pytest.param({"Origin": "https://a.org"}, {"hosts": frozenset({"a.org"})}, 200,
                     id="behind a proxy"),
        pytest.param({"Host": "evil.example"}, {"only_this_machine": True}, 403, id="rebinding"),
        pytest.param({"Host": "localhost:7860"}, {"only_this_machine": True}, 200, id="localhost"),
        pytest.param({"Host": "a.org"}, {"only_this_machine": True, "hosts": frozenset({"a.org"})},
                     200, id="its name"),
        pytest.param({"Host": "evil.example"}, {}, 200, id="any name after a login"),
    ],
)  # fmt: skip
def test_other_sites_and_names(headers: dict[str, str], rules: dict[str, Any], status: int) -> None:
    assert local(**rules).post("/x", headers=headers).status_code == status


def test_rules_follow_from_the_settings() -> None:
    assert protection_rules(Config()).only_this_machine
    proxied = protection_rules(Config(root_path="https://A.org:8443/news", auth=f"ann:{HASH}"))
    assert (proxied.hosts, proxied.only_this_machine) == (frozenset({"a.org:8443"}), False)
    assert protection_rules(Config(max_upload_mb=2)).max_upload_bytes == 2_000_000


# the login


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Accounts:
    """Accounts whose passwords are compared at once, without a hash that takes time."""
    monkeypatch.setattr(PasswordHash, "matches", lambda self, given: given == PASSWORD)
    return read_accounts(f"ann:{HASH}")


def login(accounts: Accounts) -> TestClient:
    return client(Middleware(Authentication, accounts=accounts))


def fill_in(at: TestClient, password: str, *, where: str = "/login", **more: Any) -> Any:
    return at.post(where, data={"username": "ann", "password": password}, **more)


def test_nothing_is_told_before_the_login(quick: Accounts) -> None:
    at = login(quick)
    for path in ("/", "/config", "/gradio_api/info", "/gradio_api/mcp/", "/gradio_api/file=a"):
        found = at.get(path)
        assert found.status_code == 401
        assert "Basic" in found.headers["www-authenticate"]
        form = at.get(path, headers=HTML)
        assert form.status_code == 401
        assert '<label for="password">' in form.text
    in_page = at.get("/config", headers={"Sec-Fetch-Mode": "cors"})
    assert "www-authenticate" not in in_page.headers  # the browser would ask in its own way
    assert at.get("/gradio_api/startup-events").status_code == 200


def test_a_person_logs_in_and_out(quick: Accounts) -> None:
    at = login(quick)
    form = at.get("/?article=a.md", headers=HTML)
    assert 'action="/login?next=/%3Farticle%3Da.md"' in form.text
    found = fill_in(at, PASSWORD, where="/login?next=/%3Farticle%3Da.md", headers=HTML)
    assert (found.status_code, found.headers["location"]) == (303, "/?article=a.md")
    cookie = found.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert at.get("/config").text == "/config 0"
    assert at.get("/login", headers=HTML).status_code == 303
    token = at.cookies[COOKIE]
    assert at.get("/logout", headers=HTML).status_code == 303
    at.cookies.set(COOKIE, token)
    assert at.get("/config").status_code == 401


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil", "x"])
def test_the_login_leads_to_no_other_host(quick: Accounts, wanted: str) -> None:
    found = login(quick).post("/login", params={"next": wanted}, headers=HTML,
                              data={"username": "ann", "password": PASSWORD})  # fmt: skip
    assert found.headers["location"] == "/"


def test_a_program_logs_in(quick: Accounts) -> None:
    at = login(quick)
    assert at.get("/config", auth=("ann", PASSWORD)).status_code == 200
    assert at.get("/config", auth=("ann", "wrong")).status_code == 401
    assert at.get("/config", headers={"Authorization": "Basic ###"}).status_code == 401
    assert at.get("/config", headers={"Authorization": "Bearer x"}).status_code == 401
    assert fill_in(at, PASSWORD).json() == {"success": True}
    assert at.get("/config").status_code == 200


def test_failed_logins_are_few(quick: Accounts) -> None:
    at = login(quick)
    for _ in range(20):  # right ones count for nothing
        assert fill_in(at, PASSWORD).status_code == 200
    at.cookies.clear()
    for _ in range(CLIENT_FAILURES):
        assert fill_in(at, "wrong").status_code == 401
    assert at.get("/config", auth=("ann", "wrong")).status_code == 429
    refused = fill_in(at, PASSWORD)  # even the right one, now
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert "too many failed logins" in fill_in(at, PASSWORD, headers=HTML).text


def log_in_at_once(passwords: list[str]) -> list[int]:
    """The states of logins that are sent all at once by one client."""
    asked = Middleware(Authentication, accounts=read_accounts(f"ann:{HASH}"))
    app = Starlette(routes=[Route("/{path:path}", echo)], middleware=[asked])
    found: list[int] = []

    async def main() -> None:
        transport = httpx.ASGITransport(app=app, client=("203.0.113.9", 1))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://a.org") as at,
            anyio.create_task_group() as group,
        ):

            async def one(password: str) -> None:
                form = {"username": "ann", "password": password}
                found.append((await at.post("/login", data=form)).status_code)

            for password in passwords:
                group.start_soon(one, password)

    anyio.run(main)
    return found


def test_logins_at_once_cost_nothing_when_right_and_are_few_when_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def matches(self: PasswordHash, given: str) -> bool:
        time.sleep(0.02)
        return given == PASSWORD

    monkeypatch.setattr(PasswordHash, "matches", matches)
    assert set(log_in_at_once([PASSWORD] * 20)) == {200}
    wrong = log_in_at_once(["wrong"] * 20)
    # Those that are looked at while the last token is used up count as well, later.
    assert CLIENT_FAILURES <= wrong.count(401) < CLIENT_FAILURES + CONCURRENT_HASHES
    assert set(wrong) == {401, 429}


def test_a_cookie_is_for_the_root_path_and_https(quick: Accounts) -> None:
    asked = Middleware(Authentication, accounts=quick, root_path="https://a.org/news")
    at = client(asked, base_url="https://a.org")
    form = at.get("/", headers=HTML)
    assert 'action="/news/login?next=/"' in form.text
    found = fill_in(at, PASSWORD, headers=HTML)
    assert found.headers["location"] == "/news/"
    assert "Path=/news;" in found.headers["set-cookie"]
    assert "Secure" in found.headers["set-cookie"]


def test_markup_in_an_address_is_text(quick: Accounts) -> None:
    form = login(quick).get('/"><script>x</script>?y="><b>', headers=HTML).text
    assert "<script>x" not in form
    assert "<b>" not in form


# the command


def test_the_command_hashes_a_password() -> None:
    found = CliRunner().invoke(app, ["serve", "--hash-password"], input=f"{PASSWORD}\n")
    assert found.exit_code == 0
    assert read_accounts(f"ann:{found.stdout.strip()}").verify("ann", PASSWORD)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        pytest.param(["--host", "0.0.0.0"], "say --insecure", id="no login"),
        pytest.param(["--auth", "ann:hunter2"], "neither NAME:HASH nor a file", id="no hash"),
        pytest.param(["--root-path", "news"], "RAG_ROOT_PATH", id="no path"),
    ],
)
def test_the_command_refuses(tmp_path: Path, options: list[str], problem: str) -> None:
    folders = ["--corpus", str(tmp_path), "--index", str(tmp_path / "index")]
    found = CliRunner().invoke(app, ["serve", *folders, *options])
    assert (found.exit_code, found.stdout) == (1, "")
    assert problem in found.stderr
    assert "hunter2" not in found.stderr
    assert not (tmp_path / "index").exists()


# all of it, served


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("serving")
    shutil.copytree(DATA, folder / "corpus")
    config = Config(
        corpus_dir=folder / "corpus", index_dir=folder / "index", root_path="/news",
        auth=f"ann:{HASH}", max_upload_mb=1, max_file_mb=0.5,
    )  # fmt: skip
    with served(config) as url:
        yield url


def test_it_is_served_below_a_root_path_after_a_login(address: str) -> None:
    assert HTTP.get(f"{address}config").status_code == 401
    auth = ("ann", PASSWORD)
    for path in ("config", "news/config"):  # the proxy takes the root path off, or does not
        config = HTTP.get(f"{address}{path}", auth=auth).json()
        assert config["root"].endswith("/news")
    page = HTTP.get(address, auth=auth, headers=HTML)
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    form = HTTP.get(f"{address}news/", headers=HTML)
    assert form.status_code == 401
    assert 'action="/news/login?next=/"' in form.text


def test_gradios_own_client_logs_in(address: str) -> None:
    from gradio_client import Client

    client = Client(address, auth=("ann", PASSWORD), verbose=False, analytics_enabled=False)
    assert client.predict("ferry", 1, api_name="/search")
    client.close()


def test_uploads_are_limited(address: str) -> None:
    auth = ("ann", PASSWORD)
    upload = f"{address}gradio_api/upload"
    assert HTTP.post(upload, files={"files": ("a.txt", b"x")}).status_code == 401
    fits = HTTP.post(upload, files={"files": ("a.txt", b"x")}, auth=auth)
    assert fits.status_code == 200
    for size in (600_000, 1_500_000):  # more than a file, and more than all files, may have
        found = HTTP.post(upload, files={"files": ("a.txt", b"x" * size)}, auth=auth)
        assert found.status_code == 413
