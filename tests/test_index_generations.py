"""Generations: published whole, kept while they are read, replaced when they are damaged."""

import gc
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag import Config
from rag.embedding import Embedder
from rag.errors import RagError
from rag.index import Index, build_index, building, checking, generations, open_index
from rag.index.generations import check_in_child, generation_path, read_current
from rag.index.vectors import ChromaVectors, write_chroma
from rag.store import Store

Damage = Callable[[Path], None]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def garble(path: Path) -> None:
    size = path.stat().st_size
    path.write_bytes(np.random.default_rng(7).bytes(size))


def delete(path: Path) -> None:
    path.unlink()


@pytest.fixture
def built(
    config: Config, corpus_dir: Path, fake_embedder: Embedder, check_in_this_process: None
) -> Config:
    for number in range(12):
        (corpus_dir / f"{number}.txt").write_text(
            f"Report {number} on the tram was number {number}."
        )
    build_index(config, embedder=fake_embedder)
    return config


class NoEmbedder:
    name = "words"
    dimension = 64

    def embed(self, texts: object, *, progress: object = None) -> object:
        raise AssertionError("nothing may be embedded")


def rebuild_without_embedding(config: Config) -> int:
    return build_index(config, embedder=NoEmbedder()).generation  # type: ignore[arg-type]


Answers = list[list[tuple[str, float]]]


def answers(index: Index, embedder: Embedder) -> Answers:
    vector = embedder.embed(["report on the tram"])[0]
    return [index.dense_search(vector, 9), index.keyword_search("tram report 7", 9)]


@pytest.fixture
def expected(built: Config, fake_embedder: Embedder) -> Answers:
    with open_index(built, embedder=fake_embedder) as index:
        assert index.notice is None
        return answers(index, fake_embedder)


# publication


def test_layout(built: Config) -> None:
    assert (built.index_dir / "CURRENT").read_text() == "1\n"
    assert {p.name for p in built.index_dir.iterdir()} == {
        ".lock", "CURRENT", "generations", "store.sqlite3",
    }  # fmt: skip
    names = {p.name.partition("-")[0] for p in generation_path(built.index_dir, 1).iterdir()}
    assert names == {"chroma", "keywords", "families.json", "lock", "generation.json"}


def test_chroma_holds_no_text(built: Config) -> None:
    for path in generation_path(built.index_dir, 1).glob("chroma-*/**/*"):
        assert path.is_dir() or b"on the tram" not in path.read_bytes()


def test_reader_keeps_its_generation_during_a_publication(
    built: Config, corpus_dir: Path, fake_embedder: Embedder, expected: Answers
) -> None:
    index = open_index(built, embedder=fake_embedder)  # has not loaded anything yet
    (corpus_dir / "7.txt").write_text("Something else.")
    assert build_index(built, embedder=fake_embedder).generation == 2
    assert not index.current()
    assert answers(index, fake_embedder) == expected
    assert index.document("7.txt").text.startswith("Report 7")
    assert generation_path(built.index_dir, 1).is_dir()
    with open_index(built, embedder=fake_embedder) as newer:
        assert newer.current()
        assert newer.generation == 2
        assert newer.document("7.txt").text == "Something else."
        assert answers(newer, fake_embedder) != expected
    index.close()
    index.close()
    rebuild_without_embedding(built)
    assert [p.name for p in (built.index_dir / "generations").iterdir()] == ["2"]


def test_index_that_is_dropped_lets_go(
    built: Config, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    index = open_index(built, embedder=fake_embedder)
    answers(index, fake_embedder)
    del index
    gc.collect()
    (corpus_dir / "7.txt").unlink()
    build_index(built, embedder=fake_embedder)
    assert not generation_path(built.index_dir, 1).exists()


def test_old_generations_go(built: Config, corpus_dir: Path, fake_embedder: Embedder) -> None:
    for number in range(3):
        (corpus_dir / f"{number}.txt").unlink()
        build_index(built, embedder=fake_embedder)
    assert [p.name for p in (built.index_dir / "generations").iterdir()] == ["4"]


def test_leftovers_of_killed_runs_go(built: Config) -> None:
    parent = built.index_dir / "generations"
    (parent / "9.tmp" / "chroma").mkdir(parents=True)
    (parent / "5").mkdir()
    (parent / "note.txt").touch()
    rebuild_without_embedding(built)
    assert {p.name for p in parent.iterdir()} == {"1", "note.txt"}


def test_settings_of_another_chroma_are_ignored(
    built: Config,
    fake_embedder: Embedder,
    expected: Answers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Chroma reads `.env` of the current folder, as this project does."""
    (tmp_path / ".env").write_text("chroma_api_impl=chromadb.api.fastapi.FastAPI\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IS_PERSISTENT", "false")
    with open_index(built, embedder=fake_embedder) as index:
        assert answers(index, fake_embedder) == expected
        assert index.notice is None


def test_index_deleted_and_made_again_under_its_reader(
    built: Config, corpus_dir: Path, fake_embedder: Embedder, expected: Answers
) -> None:
    index = open_index(built, embedder=fake_embedder)
    assert answers(index, fake_embedder) == expected
    shutil.rmtree(built.index_dir)
    assert not index.current()
    (corpus_dir / "new.txt").write_text("Report 99 on the tram.")
    assert build_index(built, embedder=fake_embedder).generation == index.generation
    assert not index.current()
    with open_index(built, embedder=fake_embedder) as newer:
        assert newer.current()
        vector = fake_embedder.embed(["Report 99 on the tram."])[0]
        assert newer.dense_search(vector, 1)[0][0] == "new.txt:1-1"
        assert newer.notice is None
    assert answers(index, fake_embedder) == expected


# damage


@pytest.mark.parametrize("damage", [truncate, empty, flip, garble, delete])
def test_damaged_file_is_noticed_and_answered_without(
    built: Config, fake_embedder: Embedder, expected: Answers, damage: Damage, tmp_path: Path
) -> None:
    folder = generation_path(built.index_dir, 1)
    shutil.copytree(folder, tmp_path / "intact")
    names = [p.relative_to(folder) for p in sorted(folder.rglob("*")) if p.stat().st_size > 0]
    files = [name for name in names if (folder / name).is_file()]
    assert len(files) >= 12
    for name in files:
        damage(folder / name)
        with open_index(built, embedder=fake_embedder) as index:
            assert answers(index, fake_embedder) == expected, name
            if index.notice is None:  # scratch, or a byte of the database that no search reads
                assert name.suffix == ".bin" or (damage, name.name) == (flip, "chroma.sqlite3")
            else:
                assert "meanwhile" in index.notice
        shutil.copy2(tmp_path / "intact" / name, folder / name)


def test_damaged_generation_is_rebuilt_without_embedding(
    built: Config, fake_embedder: Embedder, expected: Answers
) -> None:
    for part in ("chroma-*", "keywords", "families.json", "lock", "generation.json"):
        number = read_current(built.index_dir)
        (path,) = generation_path(built.index_dir, number).glob(part)
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        with open_index(built, embedder=fake_embedder) as index:
            assert index.notice is not None
            assert answers(index, fake_embedder) == expected
        assert rebuild_without_embedding(built) == number + 1
        with open_index(built, embedder=fake_embedder) as index:
            assert index.notice is None
            assert answers(index, fake_embedder) == expected


@pytest.mark.parametrize("content", [None, "", "many", "77", "-1"])
def test_damaged_current(
    built: Config, fake_embedder: Embedder, expected: Answers, content: str | None
) -> None:
    current = built.index_dir / "CURRENT"
    current.unlink() if content is None else current.write_text(content)
    with open_index(built, embedder=fake_embedder) as index:
        assert index.notice == "the index is being rebuilt; exact search answers meanwhile"
        assert answers(index, fake_embedder) == expected
    assert rebuild_without_embedding(built) > 1
    with open_index(built, embedder=fake_embedder) as index:
        assert index.notice is None


def test_damage_that_only_a_search_reveals(
    built: Config, fake_embedder: Embedder, expected: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.reader.is_intact", lambda *_: True)
    (pickle,) = generation_path(built.index_dir, 1).rglob("chroma.sqlite3")
    truncate(pickle)
    with open_index(built, embedder=fake_embedder) as index:
        assert index.notice is None
        assert answers(index, fake_embedder) == expected
        assert index.notice is not None
        assert answers(index, fake_embedder) == expected


def test_run_that_ends_before_publishing(
    built: Config,
    corpus_dir: Path,
    fake_embedder: Embedder,
    expected: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise OSError("No space left on device")

    (corpus_dir / "7.txt").write_text("Something else.")
    with monkeypatch.context() as patch:
        patch.setattr(building, "ensure_generation", fail)
        with pytest.raises(RagError, match=r"cannot write the index in .*No space left"):
            build_index(built, embedder=fake_embedder)
    with open_index(built, embedder=fake_embedder) as index:
        assert index.notice is not None
        assert index.document("7.txt").text == "Something else."
        during = answers(index, fake_embedder)
        assert during != expected
    assert rebuild_without_embedding(built) == 2
    with open_index(built, embedder=fake_embedder) as index:
        assert index.notice is None
        assert answers(index, fake_embedder) == during


def test_chroma_that_fails_its_check_is_done_without(
    config: Config, fake_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "check_in_child", lambda *_: False)
    assert build_index(config, embedder=fake_embedder).generation == 1
    assert not list(generation_path(config.index_dir, 1).glob("chroma*"))
    with open_index(config, embedder=fake_embedder) as index:
        assert len(index.dense_search(fake_embedder.embed(["bridge"])[0], 3)) == 3
        assert index.notice is None
    assert rebuild_without_embedding(config) == 1


# the check


@pytest.fixture
def chroma_dir(built: Config, tmp_path: Path) -> Path:
    """A Chroma folder of the index that a test may damage."""
    store = Store.open_reader(built.index_dir)
    write_chroma(tmp_path / "chroma", store)
    store.close()
    return tmp_path / "chroma"


def test_check_in_a_child_process(built: Config, chroma_dir: Path) -> None:
    assert check_in_child(built.index_dir, chroma_dir)
    truncate(chroma_dir / "chroma.sqlite3")
    assert not check_in_child(built.index_dir, chroma_dir)


def test_check_finds_other_chunks_than_the_stores(
    built: Config, chroma_dir: Path, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    assert checking.find_problem(built.index_dir, chroma_dir) is None
    (corpus_dir / "0.txt").write_text("Another tram.")
    build_index(built, embedder=fake_embedder)
    problem = checking.find_problem(built.index_dir, chroma_dir)
    assert problem == "a vector differs from the store's"
    (corpus_dir / "0.txt").unlink()
    build_index(built, embedder=fake_embedder)
    problem = checking.find_problem(built.index_dir, chroma_dir)
    assert problem == "it holds chunks that the store does not"
    (corpus_dir / "0.txt").write_text("Report 0 on the tram was number 0.")
    (corpus_dir / "new.txt").write_text("New.")
    build_index(built, embedder=fake_embedder)
    problem = checking.find_problem(built.index_dir, chroma_dir)
    assert problem is not None
    assert problem.startswith("1 of ")


def test_check_sees_what_a_search_does_not_reach(
    built: Config, chroma_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when thousands of vectors are equal: HNSW then links them to each other only."""
    search = ChromaVectors.search

    def short(self: ChromaVectors, vector: NDArray[np.float32], n: int) -> list[str]:
        return search(self, vector, n)[: max(1, n - 2)]

    monkeypatch.setattr(ChromaVectors, "search", short)
    problem = checking.find_problem(built.index_dir, chroma_dir)
    assert problem == "a search reaches 14 of 16 chunks"


@pytest.mark.slow
@pytest.mark.parametrize("damage", [truncate, empty, flip, garble, delete])
def test_damaged_graph(
    config: Config, corpus_dir: Path, fake_embedder: Embedder, damage: Damage
) -> None:
    """Above Chroma's `sync_threshold` of 1,000 rows the vectors are in the HNSW files."""
    for number in range(1_100):
        text = f"report {number} {number * 7} {number * 13} {number * 19} {number % 9}"
        (corpus_dir / f"{number}.txt").write_text(text)
    build_index(config, embedder=fake_embedder)
    with open_index(config, embedder=fake_embedder) as index:
        assert index.notice is None
        expected = answers(index, fake_embedder)
    rebuild_without_embedding(config)
    folder = generation_path(config.index_dir, 1)
    names = {path.name for path in folder.rglob("*")}
    assert {"index_metadata.pickle", "data_level0.bin", "header.bin"} <= names
    for path in (
        path for path in folder.rglob("*.*") if path.parent.parent.name.startswith("chroma-")
    ):
        intact = path.read_bytes()
        if not intact:
            continue
        damage(path)
        with open_index(config, embedder=fake_embedder) as index:
            assert index.notice is not None, path.name
            assert answers(index, fake_embedder) == expected
        path.write_bytes(intact)
    with open_index(config, embedder=fake_embedder) as index:
        assert index.notice is None
