"""Embeddings from an OpenAI-compatible server on loopback: right, slow to recover, and broken."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag import Config, ConfigError, IndexMismatchError, ModelError, build_index, open_engine
from rag.embedding import get_embedder

WORDS = ("bridge", "ferry", "euros", "cars")


class Handler(BaseHTTPRequestHandler):
    """Vectors that count four words, and a fifth number so that none is zero."""

    failures: list[int]
    requests: list[list[str]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.requests.append(body["input"])
        status = self.failures.pop(0) if self.failures else 200
        if status == 200:
            data = [
                {
                    "object": "embedding",
                    "index": k,
                    "embedding": [*(text.lower().count(word) for word in WORDS), 1.0],
                }
                for k, text in enumerate(body["input"])
            ]
            answer: dict[str, Any] = {
                "object": "list", "data": data, "model": body["model"],
                "usage": {"prompt_tokens": 1, "total_tokens": 1},
            }  # fmt: skip
        else:
            answer = {"error": {"message": f"bad key {self.headers['Authorization']}"}}
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    handler = type("Scripted", (Handler,), {"failures": [], "requests": []})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    http.script = handler  # type: ignore[attr-defined]
    yield http
    http.shutdown()
    http.server_close()


def settings(server: Any, **more: Any) -> Config:
    address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    return Config(embedding="openai:tiny", llm_base_url=address, **more)


def test_vectors_are_normalised_and_in_order(server: Any) -> None:
    embedder = get_embedder(settings(server))
    assert embedder.dimension == 5
    assert embedder.name.startswith("openai:tiny at 127.0.0.1:")
    done: list[int] = []
    vectors = embedder.embed(["bridge", "ferry ferry", "x"] * 30, progress=done.append)
    assert vectors.shape == (90, 5)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors[0], np.array([1, 0, 0, 0, 1]) / np.sqrt(2))
    assert np.allclose(vectors[1], np.array([0, 2, 0, 0, 1]) / np.sqrt(5))
    assert sum(done) == 90


def test_an_index_is_built_and_asked_and_does_not_fit_another_model(
    server: Any, corpus_dir: Path, tmp_path: Path
) -> None:
    config = settings(server, corpus_dir=corpus_dir, index_dir=tmp_path / "index")
    build_index(config)
    with open_engine(config) as engine:
        answer = engine.query("How many cars use the bridge?")
    assert answer.answered
    with pytest.raises(IndexMismatchError, match="--rebuild"):
        build_index(Config(corpus_dir=corpus_dir, index_dir=tmp_path / "index"))


def test_a_passing_failure_is_tried_again(server: Any) -> None:
    embedder = get_embedder(settings(server))
    server.script.failures[:] = [500, 500, 500]
    assert embedder.embed(["bridge"]).shape == (1, 5)


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "does not accept the key"), (404, "no embedding model"), (400, "400")],
)
def test_a_final_failure_is_one_line_without_the_key(server: Any, status: int, said: str) -> None:
    embedder = get_embedder(settings(server, openai_api_key="sk-secret-secret"))
    server.script.failures[:] = [status] * 9
    with pytest.raises(ModelError, match=said) as caught:
        embedder.embed(["bridge"])
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(embedder)
    assert len(server.script.requests) == 1


def test_another_machine_needs_a_key() -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        get_embedder(Config(embedding="openai:text-embedding-3-small"))
    keyed = Config(embedding="openai:text-embedding-3-small", openai_api_key="sk-1")
    assert get_embedder(keyed).dimension == 1536
