"""The HTTP API, driven by Gradio's own client with nothing but its defaults."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from served import free_port, served

from rag import Config, open_engine
from rag.ui.limits import LimitError, Places, Rate, TokenBucket

DATA = Path(__file__).parent / "data" / "corpus"
QUESTION = "How many sailors did Nordline hire?"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("api")
    shutil.copytree(DATA, folder / "corpus")
    return Config(corpus_dir=folder / "corpus", index_dir=folder / "index", api_per_minute=0)


@pytest.fixture(scope="module")
def address(config: Config) -> Iterator[str]:
    with served(config) as url:
        yield url


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[Any]:
    from gradio_client import Client

    connected = Client(address, verbose=False, analytics_enabled=False)
    yield connected
    connected.close()


def test_exactly_three_functions_are_listed_and_documented(client: Any) -> None:
    info = client.view_api(return_format="dict")
    assert set(info["named_endpoints"]) == {"/query", "/search", "/show_lines"}
    assert info["unnamed_endpoints"] == {}
    for endpoint in info["named_endpoints"].values():
        assert len(endpoint["description"]) > 40
        assert all(parameter["type"] for parameter in endpoint["parameters"])
    parameters = info["named_endpoints"]["/query"]["parameters"]
    assert [item["parameter_name"] for item in parameters] == [
        "question", "history", "publishers", "documents", "published_from", "known_by",
    ]  # fmt: skip


def test_the_whole_page_lists_no_more(config: Config) -> None:
    from rag.ui.page import build_page

    with open_engine(config) as engine:
        info = build_page(engine).get_api_info()
    assert set(info["named_endpoints"]) == {"/query", "/search", "/show_lines"}


def test_query_is_the_answer_as_json(client: Any, config: Config) -> None:
    found = client.predict(QUESTION, api_name="/query")
    with open_engine(config) as engine:
        expected = engine.query(QUESTION).to_dict()
    for citation in expected["citations"] + expected["closest"]:
        assert citation.pop("path") == citation["document_id"]
    for answer in (found, expected):
        answer.pop("timings_ms")
    assert found == json.loads(json.dumps(expected))
    assert found["citations"] or found["closest"]


def test_query_with_history_and_filters(client: Any) -> None:
    history = [{"role": "user", "content": "How many cars use the harbour bridge each day?"}]
    found = client.predict("and who said so?", history, api_name="/query")
    assert "cars" in found["standalone_question"]
    early = client.predict(QUESTION, known_by="2024-03-14", api_name="/query")
    shown = early["citations"] + early["closest"]
    assert all(citation["published"] <= "2024-03-14" for citation in shown)
    only = client.predict(QUESTION, publishers=["Coast Radio"], api_name="/query")
    shown = only["citations"] + only["closest"]
    assert {citation["publisher"] for citation in shown} == {"Coast Radio"}


def test_search_and_show_lines(client: Any) -> None:
    found = client.predict("sailors hired by Nordline", 2, api_name="/search")
    assert [item["rank"] for item in found] == [1, 2]
    assert found[0]["chunk"]["document_id"] == "ferry.md"
    shown = client.predict("harbour.txt", 11, 99, api_name="/show_lines")
    assert (shown["first_line"], shown["last_line"], shown["line_count"]) == (11, 15, 15)
    lines = (DATA / "harbour.txt").read_text(encoding="utf-8").split("\n")
    assert [line["text"] for line in shown["lines"]] == lines[10:15]
    assert [line["number"] for line in shown["lines"] if line["clutter"]][:1] == [11]


@pytest.mark.parametrize(
    ("name", "arguments", "problem"),
    [
        pytest.param("query", {"question": "x" * 4001}, "4,001 characters; at most", id="long"),
        pytest.param("query", {"question": 3}, "question must be text", id="no text"),
        pytest.param("query", {"question": "a", "known_by": "soon"}, "known_by must be a day",
                     id="no day"),
        pytest.param("query", {"question": "a", "history": [{"role": "system"}]}, '"role"',
                     id="role"),
        pytest.param("query", {"question": "a", "publishers": ["a"] * 101}, "at most 100",
                     id="names"),
        pytest.param("search", {"text": "a", "k": 101}, "it must be 1 to 100", id="k"),
        pytest.param("search", {"text": "a", "k": True}, "k must be a whole number", id="bool"),
        pytest.param("search", {"text": "a", "k": 1.5}, "k must be a whole number", id="part"),
        pytest.param("show_lines", {"path": "../ferry.md"}, "is not in the index", id="path"),
        pytest.param("show_lines", {"path": "ferry.md", "first_line": 0}, "it must be 1 or more",
                     id="line 0"),
        pytest.param("show_lines", {"path": "ferry.md", "first_line": 12}, "has lines 1-11",
                     id="past the end"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(
    client: Any, name: str, arguments: dict[str, Any], problem: str
) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match=problem.replace('"', ".")):
        client.predict(**arguments, api_name=f"/{name}")


def test_a_plain_http_call(address: str) -> None:
    values = ["sailors hired by Nordline", 1, None, None, None]
    found = httpx.post(f"{address}gradio_api/run/search", json={"data": values}, timeout=60)
    assert found.status_code == 200
    assert found.json()["data"][0][0]["chunk"]["document_id"] == "ferry.md"


def test_too_many_calls_are_refused_with_the_time_to_wait(config: Config) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    values = {"corpus_dir": config.corpus_dir, "index_dir": config.index_dir, "api_per_minute": 4}
    with served(Config(**values)) as url:
        client = Client(url, verbose=False, analytics_enabled=False)
        assert client.predict("ferry", 1, api_name="/search")
        with pytest.raises(AppError, match=r"too many requests: try again in \d+ s"):
            client.predict("ferry", 1, api_name="/search")
        client.close()


def test_the_page_and_the_api_have_one_limit(config: Config) -> None:
    from rag.ui import launch

    values = {"corpus_dir": config.corpus_dir, "index_dir": config.index_dir, "api_per_minute": 8}
    with open_engine(Config(**values, port=free_port())) as engine:
        page, url = launch(engine, block=False)
        (chat,) = [
            number for number, block in page.blocks.items()
            if getattr(block, "elem_id", None) == "on-record"
        ]  # fmt: skip
        asked = {"session_hash": "a", "component_id": chat, "fn_name": "open_conversation",
                 "data": {}}  # fmt: skip
        replies = [
            httpx.post(f"{url}gradio_api/component_server", json=asked, timeout=60).json()
            for _ in range(3)
        ]
        values = ["ferry", 1, None, None, None]
        called = httpx.post(f"{url}gradio_api/run/search", json={"data": values}, timeout=60)
        page.close(verbose=False)
    assert replies[:2] == [{"turns": []}] * 2
    assert replies[2]["error"].startswith("Too many requests came from your address at once")
    assert 0 < replies[2]["wait_s"] <= 8
    assert "too many requests" in called.text


# limits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_fills_and_gives_back() -> None:
    clock = Clock()
    bucket = TokenBucket(2, 0.5, clock=clock)
    assert [bucket.take("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert bucket.take("b") == 0.0
    clock.now = 2.0
    assert [bucket.take("a"), bucket.take("a")] == [0.0, 2.0]
    bucket.give_back("a")
    assert bucket.take("a") == 0.0
    clock.now = 1000.0
    assert [bucket.take("a") for _ in range(3)] == [0.0, 0.0, 2.0]


def test_a_bucket_is_charged_below_empty() -> None:
    clock = Clock()
    bucket = TokenBucket(2, 0.5, clock=clock)
    for _ in range(3):
        bucket.charge("a")
    assert bucket.wait_s("a") == 2 / 0.5
    assert bucket.wait_s("b") == 0.0
    clock.now = 4.0
    assert bucket.wait_s("a") == 0.0


def test_a_rate_limits_each_client_and_all_together() -> None:
    rate = Rate(4, clients=2)  # bursts of 1 and 2
    rate.check("a")
    with pytest.raises(LimitError, match="try again in"):
        rate.check("a")
    rate.check("b")
    with pytest.raises(LimitError):
        rate.check("c")
    for _ in range(100):
        Rate(0).check("a")


def test_places_are_limited_and_so_is_the_queue() -> None:
    places = Places(1, waiting=1, wait_s=0.05)
    with places.one(), pytest.raises(LimitError), places.one():  # waits for the place in vain
        pass
    with places.one():
        pass
    alone = Places(1, waiting=0, wait_s=60)
    with alone.one(), pytest.raises(LimitError), alone.one():
        pass
