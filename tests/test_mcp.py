"""The MCP endpoint, driven by the official client, behind the same login as the page."""

import json
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from served import served

from rag import Config
from rag.ui.passwords import hash_password

DATA = Path(__file__).parent / "data" / "corpus"
LOGIN = ("ann", "correct horse")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("mcp")
    shutil.copytree(DATA, folder / "corpus")
    config = Config(
        corpus_dir=folder / "corpus", index_dir=folder / "index", api_per_minute=32,
        auth=f"{LOGIN[0]}:{hash_password(LOGIN[1])}",
    )  # fmt: skip
    with served(config) as url:
        yield f"{url}gradio_api/mcp/"


def in_session(endpoint: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    """What `work` returns for an initialised session."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def main() -> Any:
        async with (
            httpx.AsyncClient(auth=LOGIN, timeout=60) as http,
            streamable_http_client(endpoint, http_client=http) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            return await work(session)

    return anyio.run(main)


def call(endpoint: str, name: str, **arguments: Any) -> Any:
    return in_session(endpoint, lambda session: session.call_tool(name, arguments))


def test_exactly_three_tools_with_described_parameters(endpoint: str) -> None:
    tools = in_session(endpoint, lambda session: session.list_tools()).tools
    assert [tool.name for tool in tools] == ["query", "search", "show_lines"]
    for tool in tools:
        assert len(tool.description) > 40
        for parameter in tool.inputSchema["properties"].values():
            assert parameter["description"]
    by_name = {tool.name: tool.inputSchema for tool in tools}
    assert by_name["query"]["required"] == ["question"]
    assert by_name["search"]["properties"]["k"]["type"] == "integer"


def test_nothing_else_is_offered(endpoint: str) -> None:
    assert in_session(endpoint, lambda session: session.list_resources()).resources == []
    assert in_session(endpoint, lambda session: session.list_prompts()).prompts == []


def test_results_are_json(endpoint: str) -> None:
    found = call(endpoint, "query", question="How many sailors did Nordline hire?")
    assert not found.isError
    answer = json.loads(found.content[0].text)
    cited = (answer["citations"] + answer["closest"])[0]
    shown = call(endpoint, "show_lines", path=cited["document_id"],
                 first_line=cited["first_line"], last_line=cited["last_line"])  # fmt: skip
    lines = json.loads(shown.content[0].text)["lines"]
    assert "\n".join(line["text"] for line in lines) == cited["quote"]
    passages = json.loads(call(endpoint, "search", text="ferry", k=1).content[0].text)
    assert len(passages) == 1


@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        pytest.param("query", {"question": "x" * 4001}, "at most 4,000", id="too long"),
        pytest.param("query", {}, "required", id="no question"),
        pytest.param("search", {"text": "a", "k": 0}, "1 to 100", id="k"),
        pytest.param("nothing", {}, "Unknown tool", id="no such tool"),
    ],
)
def test_errors_say_what_is_wrong(
    endpoint: str, name: str, arguments: dict[str, Any], problem: str
) -> None:
    found = call(endpoint, name, **arguments)
    assert found.isError
    assert problem in found.content[0].text


def test_without_a_login_nothing_is_told(endpoint: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json, text/event-stream"}
    for path in ("", "schema", "sse"):
        found = httpx.request("GET" if path else "POST", f"{endpoint}{path}", json=message,
                              headers=headers, timeout=60)  # fmt: skip
        assert found.status_code == 401
        assert "query" not in found.text


def test_a_page_of_another_site_cannot_call(endpoint: str) -> None:
    origin = {"Origin": "http://evil.example"}
    found = httpx.post(endpoint, json={}, headers=origin, auth=LOGIN, timeout=60)
    assert found.status_code == 403


def test_too_many_calls_are_refused(endpoint: str) -> None:
    async def many(session: Any) -> list[Any]:
        return [await session.call_tool("show_lines", {"path": "none"}) for _ in range(10)]

    texts = [found.content[0].text for found in in_session(endpoint, many)]
    assert any("too many requests: try again in" in text for text in texts)
