"""What changed in the folder since it was indexed: noticed, at little cost, and never wrongly."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WordEmbedder

from rag import Config
from rag.engine.unindexed import changes_in_words
from rag.index import CorpusChanges, CorpusWatch, build_index, watching

pytestmark = pytest.mark.usefixtures("check_in_this_process")

STORY = "The {} was built in 1897 by the city.\n"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    corpus = tmp_path / "corpus"
    (corpus / "old").mkdir(parents=True)
    for name in ("bridge.txt", "ferry.txt", "old/tram.txt"):
        (corpus / name).write_text(STORY.format(name))
    return Config(corpus_dir=corpus, index_dir=tmp_path / "index")


def index(config: Config) -> None:
    build_index(config, embedder=WordEmbedder())


def changes(config: Config) -> tuple[int, int, int] | None:
    """Added, changed and removed, as a process that has just started sees them."""
    found = CorpusWatch(config).changes()
    return None if found is None else (found.added, found.changed, found.removed)


def test_added_changed_and_removed_files_are_counted(config: Config) -> None:
    index(config)
    assert changes(config) == (0, 0, 0)
    (config.corpus_dir / "new.txt").write_text(STORY)
    (config.corpus_dir / "old" / "newer.md").write_text(STORY)
    (config.corpus_dir / "ferry.txt").write_text(STORY + STORY)
    (config.corpus_dir / "old" / "tram.txt").unlink()
    assert changes(config) == (2, 1, 1)
    index(config)
    assert changes(config) == (0, 0, 0)


def test_a_change_of_the_same_size_is_a_change_and_a_touch_is_none(config: Config) -> None:
    index(config)
    path = config.corpus_dir / "ferry.txt"
    os.utime(path, ns=(5, 5))
    assert changes(config) == (0, 0, 0)
    path.write_text(path.read_text().replace("1897", "1898"))
    assert changes(config) == (0, 1, 0)


def test_an_indexing_run_notes_the_times_of_touched_files(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(config)
    for path in config.corpus_dir.rglob("*.txt"):
        os.utime(path, ns=(5, 5))
    index(config)

    def read(path: Path) -> str:
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr(watching, "hash_file", read)
    assert changes(config) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("data.txt", b"\0\1\2" * 90, id="no text"),
        pytest.param("blank.txt", b" \n \n", id="blank"),
        pytest.param("empty.txt", b"", id="empty"),
        pytest.param("page.html", b"<html><body></body></html>", id="no article"),
        pytest.param("broken.pdf", b"%PDF-1.7 nothing", id="broken"),
        pytest.param("notes.docx", b"words", id="no article file"),
        pytest.param("large.txt", b"word " * 250_000, id="too large"),
        pytest.param("bad\nname.txt", b"words", id="name"),
    ],
)
def test_a_file_that_was_not_indexed_is_no_news(config: Config, name: str, data: bytes) -> None:
    config = config.model_copy(update={"max_file_mb": 1})
    (config.corpus_dir / name).write_bytes(data)
    index(config)
    assert changes(config) == (0, 0, 0)


def test_a_file_that_could_not_be_read_is_news_once_it_changed(config: Config) -> None:
    path = config.corpus_dir / "data.txt"
    path.write_bytes(b"\0\1\2" * 90)
    index(config)
    path.write_text(STORY)
    assert changes(config) == (1, 0, 0)


def test_the_version_that_stays_indexed_is_no_news(config: Config) -> None:
    config = config.model_copy(update={"max_file_mb": 1})
    index(config)
    (config.corpus_dir / "bridge.txt").write_bytes(b"\0\1\2" * 90)  # is no text any more
    (config.corpus_dir / "ferry.txt").write_bytes(b"word " * 250_000)  # is too large now
    index(config)
    assert changes(config) == (0, 0, 0)


def test_files_of_a_folder_that_cannot_be_read_are_not_removed(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(config)
    scan = os.scandir

    def scandir(folder: str) -> object:
        if str(folder).endswith("old"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    assert changes(config) == (0, 0, 0)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda c: c.corpus_dir.rename(c.corpus_dir.with_name("moved")), id="corpus"),
        pytest.param(lambda c: (c.index_dir / "store.sqlite3").unlink(), id="store"),
        pytest.param(lambda c: (c.index_dir / "store.sqlite3").write_text("x" * 9_000), id="torn"),
    ],
)
def test_what_cannot_be_compared_is_not_told(
    config: Config, spoil: Callable[[Config], object]
) -> None:
    index(config)
    (config.corpus_dir / "new.txt").write_text(STORY)
    spoil(config)
    assert changes(config) is None


def test_an_index_without_notes_is_compared_all_the_same(config: Config) -> None:
    from rag.store import STORE_FILE
    from rag.store.database import connect

    index(config)
    with connect(config.index_dir / STORE_FILE, mode="rw") as connection:
        connection.execute("DELETE FROM manifest WHERE key = 'unread'")
    connection.close()
    (config.corpus_dir / "new.txt").write_text(STORY)
    assert changes(config) == (1, 0, 0)


def test_the_folder_is_looked_at_once_in_a_while(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(watching.time, "monotonic", lambda: now)
    index(config)
    watch = CorpusWatch(config)
    assert watch.changes() == CorpusChanges(0, 0, 0, 3)
    (config.corpus_dir / "new.txt").write_text(STORY)
    now += watching.CHECK_EVERY_S - 1
    assert watch.changes() == CorpusChanges(0, 0, 0, 3)
    now += 2
    assert watch.changes() == CorpusChanges(1, 0, 0, 3)


@pytest.mark.slow
def test_ten_thousand_files_are_compared_at_once(tmp_path: Path) -> None:
    from rag.corpus import stat_files

    for number in range(10_000):
        folder = tmp_path / f"{number % 50}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_text("text")
    started = time.process_time()
    assert len(stat_files(tmp_path, max_file_mb=1).stamps) == 10_000
    assert time.process_time() - started < 0.5  # 0.05 on a quiet machine


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, None),
        (CorpusChanges(0, 0, 0, 5), None),
        (CorpusChanges(0, 0, 0, 0), None),
        (CorpusChanges(1, 0, 0, 5), "1 article was added since the index was built"),
        (
            CorpusChanges(3, 1, 0, 5),
            "3 articles were added and 1 changed since the index was built",
        ),
        (
            CorpusChanges(0, 1, 1_200, 5_000),
            "1 article was changed and 1,200 removed since the index was built",
        ),
    ],
)
def test_changes_are_told_in_words(found: CorpusChanges | None, told: str | None) -> None:
    expected = told and f"{told}; run `rag index`"
    assert changes_in_words(found, Path("articles")) == expected


def test_another_folder_is_told_as_such() -> None:
    told = changes_in_words(CorpusChanges(7, 0, 5, 5), Path("articles"))
    assert told == (
        "articles holds none of the indexed articles; give their folder with --corpus, "
        "or run `rag index`"
    )
