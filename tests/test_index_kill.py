"""Processes that are killed, and processes that work at the same time.

The children are forked from a server that has imported everything, so each costs little.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import numpy as np
import pytest
from conftest import WordEmbedder
from numpy.typing import NDArray

from rag import Config
from rag.errors import IndexBusyError, IndexNotFoundError
from rag.index import build_index, checking, generations, open_index
from rag.store import Store

DOCUMENTS = 40
# Where a process kills itself: function, and at which of its calls, before doing anything.
STAGES = [
    ("rag.store.writing.StoreWriter.clear", 1),
    ("rag.store.writing.StoreWriter.write_document", 1),
    ("rag.store.writing.StoreWriter._write_vectors", 41),
    ("rag.store.writing.StoreWriter.write_document", 30),
    ("rag.store.writing.StoreWriter.remove_document", 2),
    ("rag.index.building.ensure_generation", 1),
    ("rag.index.generations.write_chroma", 1),
    ("rag.index.generations.check_in_child", 1),
    ("rag.index.generations._sync", 3),
    ("pathlib.Path.replace", 1),
    ("pathlib.Path.replace", 2),
    ("rag.index.generations._delete_old", 1),
    ("rag.index.generations.shutil.rmtree", 2),
    ("rag.store.writing.StoreWriter.tidy", 1),
]
FAST_STAGES = [
    ("rag.store.writing.StoreWriter.clear", 1),
    ("rag.store.writing.StoreWriter.write_document", 30),
    ("rag.index.building.ensure_generation", 1),
    ("pathlib.Path.replace", 1),
    ("pathlib.Path.replace", 2),
]


class SlowEmbedder(WordEmbedder):
    """Takes a moment a text, so that a kill meets it at work."""

    def embed(
        self, texts: object, *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        time.sleep(0.0005 * len(texts))  # type: ignore[arg-type]
        return super().embed(texts, progress=progress)  # type: ignore[arg-type]


def check_here(index_dir: Path, folder: Path) -> bool:
    return checking.find_problem(index_dir, folder) is None


def kill_at(name: str, call: int) -> None:
    """Makes this process kill itself at a certain call of a function."""
    module, _, attribute = name.rpartition(".")
    owner = _resolve(module)
    original = getattr(owner, attribute)
    calls = 0

    def counting(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **kwargs)

    setattr(owner, attribute, counting)


def _resolve(name: str) -> object:
    import importlib

    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            found = getattr(found, part)
        return found
    raise LookupError(name)


# what the children do


def run(corpus_dir: Path, index_dir: Path, stage: tuple[str, int] | None, rebuild: bool) -> None:
    os.setpgrp()
    generations.check_in_child = check_here
    config = Config(corpus_dir=corpus_dir, index_dir=index_dir)
    if stage is not None:
        kill_at(*stage)
    try:
        build_index(config, embedder=SlowEmbedder(), rebuild=rebuild)
    except IndexBusyError:
        os._exit(75)


def search_until_stopped(index_dir: Path, stop: Path) -> None:
    """Searches all the time, reopening when it must; fails on any answer that is not right."""
    config = Config(index_dir=index_dir)
    embedder = WordEmbedder()
    vector = embedder.embed(["report number 7"])[0]
    index = open_index(config, embedder=embedder)
    rounds = 0
    while rounds < 20 or not stop.exists():
        rounds += 1
        if not index.current():
            index = open_index(config, embedder=embedder)
        found = index.dense_search(vector, 5)
        assert len(found) == 5, found
        for chunk in index.chunks([chunk_id for chunk_id, _ in found]):
            assert chunk.text in index.document(chunk.document_id).text
        assert index.keyword_search("report", 5)


@pytest.fixture(scope="module")
def children() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chromadb", "bm25s", "conftest", "rag.index", __name__])
    return context


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number in range(DOCUMENTS):
        write(folder, number, "first")
    return folder


def write(folder: Path, number: int, version: str) -> None:
    text = f"Report number {number}\n\nThis is the {version} version. It has {number * 7} words.\n"
    (folder / f"{number:02}.txt").write_text(text)


def change(folder: Path) -> None:
    """Changes, removals, renamings and additions at once."""
    for number in range(10):
        write(folder, number, "second")
    for number in range(10, 15):
        (folder / f"{number}.txt").unlink()
    for number in range(15, 20):
        (folder / f"{number}.txt").rename(folder / f"renamed-{number}.txt")
    for number in range(50, 55):
        write(folder, number, "only")


def start(
    children: ForkServerContext,
    config: Config,
    stage: tuple[str, int] | None = None,
    *,
    rebuild: bool = False,
) -> ForkServerProcess:
    process = children.Process(
        target=run, args=(config.corpus_dir, config.index_dir, stage, rebuild)
    )
    process.start()
    return process


def everything(config: Config) -> tuple[object, ...]:
    """What the store holds and what searches find."""
    store = Store.open_reader(config.index_dir)
    ids = [summary.document_id for summary in store.summaries()]
    documents = [store.document(name) for name in ids]
    vectors = [store.vectors(name, "sentence").vectors.tolist() for name in ids]
    store.close()
    embedder = WordEmbedder()
    with open_index(config, embedder=embedder) as index:
        assert index.notice is None
        dense = index.dense_search(embedder.embed(["the second version"])[0], 99)
        keywords = index.keyword_search("second version", 99)
        return documents, vectors, dense, keywords, index.families()


def assert_opens_and_is_completed(config: Config, tmp_path: Path) -> None:
    """After a kill: what is there is whole and answers; the next run completes it."""
    embedder = WordEmbedder()
    with suppress(IndexNotFoundError), open_index(config, embedder=embedder) as index:
        vector = embedder.embed(["report number 7"])[0]
        assert len(index.dense_search(vector, 99)) == index.chunk_count
        for summary in index.document_metadata():
            document = index.document(summary.document_id)
            spans, vectors = index.sentences(document.document_id)
            texts = [document.text[first:last] for first, last in spans]
            np.testing.assert_allclose(vectors, embedder.embed(texts), atol=1e-3)
    build_index(config, embedder=WordEmbedder())
    fresh = config.model_copy(update={"index_dir": tmp_path / "fresh"})
    if not fresh.index_dir.exists():
        build_index(fresh, embedder=WordEmbedder())
    assert everything(config) == everything(fresh)
    assert len(list((config.index_dir / "generations").iterdir())) == 1


@pytest.fixture(autouse=True)
def _check_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "check_in_child", check_here)


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param(stage, id=f"{stage[0].removeprefix('rag.')}-{stage[1]}",
                     marks=[] if stage in FAST_STAGES else pytest.mark.slow)
        for stage in STAGES
    ],
)  # fmt: skip
def test_killed_at_each_stage(
    children: ForkServerContext, config: Config, tmp_path: Path, stage: tuple[str, int]
) -> None:
    first = stage[0].endswith("clear")
    if not first:
        build_index(config, embedder=WordEmbedder())
        change(config.corpus_dir)
        if stage[1] > 20:  # enough documents to get there
            for number in range(60, 100):
                write(config.corpus_dir, number, "late")
    process = start(children, config, stage)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert_opens_and_is_completed(config, tmp_path)


@pytest.mark.parametrize(
    "stage",
    [
        ("rag.store.writing.StoreWriter.clear", 1),
        ("rag.store.writing.StoreWriter.write_document", 20),
        ("rag.index.building.ensure_generation", 1),
    ],
    ids=["clear", "write", "publish"],
)
def test_killed_rebuild(
    children: ForkServerContext, config: Config, tmp_path: Path, stage: tuple[str, int]
) -> None:
    build_index(config, embedder=WordEmbedder())
    before = open_index(config, embedder=WordEmbedder())
    process = start(children, config, stage, rebuild=True)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    # A process that has the index open does not notice.
    vector = WordEmbedder().embed(["report number 7"])[0]
    ids = [chunk_id for chunk_id, _ in before.dense_search(vector, 99)]
    assert len(before.chunks(ids)) == DOCUMENTS
    before.close()
    assert_opens_and_is_completed(config, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_killed_at_random_moments(
    children: ForkServerContext, config: Config, tmp_path: Path, seed: int
) -> None:
    moments = random.Random(seed)
    for turn in range(5):
        for number in moments.sample(range(DOCUMENTS), 12):
            write(config.corpus_dir, number, f"{seed} {turn}")
        process = start(children, config)
        time.sleep(moments.uniform(0.01, 0.6))
        process.kill()
        process.join()
    assert_opens_and_is_completed(config, tmp_path)


def test_two_writers(children: ForkServerContext, config: Config, tmp_path: Path) -> None:
    processes = [start(children, config) for _ in range(3)]
    for process in processes:
        process.join()
    codes = sorted(process.exitcode or 0 for process in processes)
    assert codes[0] == 0
    assert set(codes) <= {0, 75}
    assert_opens_and_is_completed(config, tmp_path)


def test_busy_index_names_the_holder(children: ForkServerContext, config: Config) -> None:
    process = start(children, config)
    lock = config.index_dir / ".lock"
    while not (lock.exists() and lock.read_text()):
        time.sleep(0.005)
    with pytest.raises(IndexBusyError, match=rf"process {process.pid} \(.+\) has been writing"):
        build_index(config, embedder=WordEmbedder())
    process.kill()
    process.join()
    assert build_index(config, embedder=WordEmbedder()).documents == DOCUMENTS  # the lock is free


def test_readers_during_publications(
    children: ForkServerContext, config: Config, tmp_path: Path
) -> None:
    build_index(config, embedder=WordEmbedder())
    stop = tmp_path / "stop"
    readers = [
        children.Process(target=search_until_stopped, args=(config.index_dir, stop))
        for _ in range(2)
    ]
    for reader in readers:
        reader.start()
    for turn in range(4):
        write(config.corpus_dir, turn, f"version {turn}")
        build_index(config, embedder=WordEmbedder())
    stop.touch()
    for reader in readers:
        reader.join()
        assert reader.exitcode == 0
    build_index(config, embedder=WordEmbedder())
    assert [p.name for p in (config.index_dir / "generations").iterdir()] == ["5"]
