"""A tiny corpus, an embedder that can be checked by hand, and a clean environment."""

import hashlib
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rag import Config, build_index
from rag.index import checking, generations

DATA = Path(__file__).parent / "data"


class WordEmbedder:
    """Vectors that count words: two texts are close when they share words.

    Each word has one of 64 places, by its hash; `calls` holds the texts that were embedded.
    """

    name = "words"
    dimension = 64

    def __init__(self) -> None:
        self.calls: list[str] = []

    def embed(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            self.calls.append(text)
            for word in text.lower().split():
                place = hashlib.sha256(word.strip('.,:"?!').encode()).digest()[0] % self.dimension
                vectors[row, place] += 1
            if progress is not None:
                progress(1)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(norms == 0, 1, norms)


def index_articles(folder: Path, articles: Mapping[str, str]) -> Config:
    """Writes `articles` (text by file name) below `folder`, and indexes them there."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in articles.items():
        (corpus / name).write_text(text, encoding="utf-8", newline="\n")
    config = Config(corpus_dir=corpus, index_dir=folder / "index")
    build_index(config)
    return config


@pytest.fixture
def check_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of a generation, without the second that starting a process takes."""

    def check(index_dir: Path, folder: Path) -> bool:
        return checking.find_problem(index_dir, folder) is None

    monkeypatch.setattr(generations, "check_in_child", check)


@pytest.fixture
def fake_embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    """A copy of the tiny corpus that a test may change."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for source in (DATA / "corpus").iterdir():
        (folder / source.name).write_bytes(source.read_bytes())
    return folder


@pytest.fixture
def config(corpus_dir: Path, tmp_path: Path) -> Config:
    return Config(corpus_dir=corpus_dir, index_dir=tmp_path / "index")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of the shared articles and benchmarks."""
    name = os.environ.get("RAG_SHARED_DIR")
    if not name:
        pytest.skip("RAG_SHARED_DIR is not set")
    return Path(name)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the developer's machine reach a test."""
    for name in list(os.environ):
        if name.startswith(("RAG_", "OPENAI_")) and name != "RAG_SHARED_DIR":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections leave this machine in no test; loopback is allowed."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in {
            "127.0.0.1", "localhost", "::1", "0.0.0.0",
        }:  # fmt: skip
            raise AssertionError(f"a test tried to connect to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
