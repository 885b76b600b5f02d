"""The store: whole documents or none, one truth, nothing left of what was deleted."""

import hashlib
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Config
from rag.corpus import CorpusFile
from rag.errors import CorpusError, IndexMismatchError, IndexNotFoundError
from rag.schema import Chunk, Document
from rag.store import (
    STORE_FILE,
    DocumentSummary,
    Entry,
    Manifest,
    Store,
    StoreWriter,
    Vectors,
    get_manifest,
)

MANIFEST = Manifest("1", "words", "4", "20/0 words, v1")


def make_entry(path: str, text: str = "One line.\nTwo.\n", copies: tuple[str, ...] = ()) -> Entry:
    """A document with one chunk that holds all of it and two sentences."""
    document = Document(
        path,
        text,
        hashlib.sha256(text.encode()).hexdigest(),
        title="A title",
        publisher="The Paper",
        published=date(2023, 9, 25),
        published_basis="front matter",
        boilerplate=frozenset({2, 9}),
        page_starts=(1, 2),
    )
    vector = np.array([[0.6, 0.8, 0, 0]], dtype=np.float32)
    key = hashlib.sha256(text.encode()).digest()[:16]
    return Entry(
        document,
        frozenset({2}),
        tuple(CorpusFile(p, len(text), 17, "ab" * 32) for p in (path, *copies)),
        [Chunk(f"{path}:1-2", path, 1, 2, text[:9], 0, 9)],
        Vectors([key], np.array([[0, 9]], dtype=np.int32), vector),
        Vectors([key, key], np.array([[0, 9], [10, 14]], dtype=np.int32), np.tile(vector, (2, 1))),
    )


@pytest.fixture
def writer(tmp_path: Path) -> StoreWriter:
    return StoreWriter.open(tmp_path, MANIFEST)


def test_document_returns_as_it_was_written(writer: StoreWriter) -> None:
    entry = make_entry("a.txt", copies=("copy/z.txt", "b.txt"))
    writer.write_document(entry)
    expected = replace(entry.document, also_paths=("b.txt", "copy/z.txt"))
    assert writer.document("a.txt") == expected
    assert writer.own_document("a.txt") == replace(entry.document, boilerplate=frozenset({2}))
    assert writer.boilerplate() == {"a.txt": frozenset({2, 9})}
    assert writer.summaries() == [
        DocumentSummary("a.txt", "A title", "The Paper", date(2023, 9, 25), 2)
    ]
    assert set(writer.files()) == {"a.txt", "b.txt", "copy/z.txt"}
    assert writer.files()["b.txt"].document_id == "a.txt"
    assert writer.document_chunks("a.txt") == list(entry.chunks)
    assert writer.chunks(["a.txt:1-2", "no such chunk"]) == list(entry.chunks)
    assert writer.counts() == (1, 1)


def test_vectors_return_as_they_were_written(writer: StoreWriter) -> None:
    entry = make_entry("a.txt")
    writer.write_document(entry)
    chunk = writer.vectors("a.txt", "chunk")
    assert chunk.keys == entry.chunk_vectors.keys
    assert chunk.vectors.dtype == np.float32
    np.testing.assert_array_equal(chunk.vectors, entry.chunk_vectors.vectors)
    sentence = writer.vectors("a.txt", "sentence")
    assert sentence.vectors.dtype == np.float16
    np.testing.assert_allclose(sentence.vectors, entry.sentence_vectors.vectors, atol=5e-4)
    np.testing.assert_array_equal(sentence.spans, [[0, 9], [10, 14]])
    np.testing.assert_array_equal(writer.chunk_vectors(["a.txt:1-2"] * 2), chunk.vectors[[0, 0]])
    assert writer.chunk_vectors([]).shape == (0, 4)


@settings(max_examples=25, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_survives(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    writer = StoreWriter.open(tmp_path_factory.mktemp("store"), MANIFEST)
    entry = make_entry("a.txt", text)
    writer.write_document(entry)
    assert writer.document("a.txt").text == text
    assert writer.document_chunks("a.txt") == list(entry.chunks)  # also after a NUL
    writer.close()


def test_document_without_a_chunk(writer: StoreWriter) -> None:
    entry = make_entry("a.txt")
    none = Vectors([], np.zeros((0, 2), dtype=np.int32), np.zeros((0, 4), dtype=np.float32))
    writer.write_document(replace(entry, chunks=[], chunk_vectors=none, sentence_vectors=none))
    assert writer.vectors("a.txt", "sentence").vectors.shape == (0, 4)
    assert writer.counts() == (1, 0)


def test_unknown_document(writer: StoreWriter) -> None:
    with pytest.raises(CorpusError, match=r"no document 'x\.txt'"):
        writer.document("x.txt")
    with pytest.raises(CorpusError, match=r"no document 'x\.txt'"):
        writer.vectors("x.txt", "chunk")


def test_failed_write_leaves_the_old_version(writer: StoreWriter) -> None:
    writer.write_document(make_entry("a.txt"))
    before, state = writer.document("a.txt"), writer.state
    entry = make_entry("a.txt", "New.")
    twice = replace(entry, chunks=[*entry.chunks, *entry.chunks])
    with pytest.raises(sqlite3.IntegrityError):
        writer.write_document(twice)
    assert writer.document("a.txt") == before
    assert writer.state == state
    assert len(writer.document_chunks("a.txt")) == 1


def test_replacing_another_document(writer: StoreWriter) -> None:
    writer.write_document(make_entry("old.txt"))
    writer.write_document(make_entry("new.txt"), replaces="old.txt")
    assert writer.chunk_ids() == ["new.txt:1-2"]
    assert set(writer.files()) == {"new.txt"}


def test_removal_takes_everything(writer: StoreWriter) -> None:
    writer.write_document(make_entry("a.txt", copies=("b.txt",)))
    writer.remove_document("a.txt")
    assert writer.counts() == (0, 0)
    assert writer.files() == {}
    assert list(writer.keys("sentence")) == []


def test_state_changes_with_every_change(writer: StoreWriter, tmp_path: Path) -> None:
    states = [writer.state]
    writer.write_document(make_entry("a.txt"))
    states.append(writer.state)
    writer.remove_document("a.txt")
    states.append(writer.state)
    writer.clear(MANIFEST)
    states.append(writer.state)
    assert len(set(states)) == len(states)
    writer.close()
    assert StoreWriter.open(tmp_path, MANIFEST).state == states[-1]


def test_reader_keeps_its_moment(writer: StoreWriter, tmp_path: Path) -> None:
    writer.write_document(make_entry("a.txt"))
    reader = Store.open_reader(tmp_path)
    writer.write_document(make_entry("a.txt", "Another text."))
    writer.write_document(make_entry("b.txt"))
    writer.tidy()  # not even this waits for a reader
    assert reader.document("a.txt").text == "One line.\nTwo.\n"
    assert reader.counts() == (1, 1)
    reader.close()
    assert Store.open_reader(tmp_path).counts() == (2, 2)


def test_reader_cannot_write(writer: StoreWriter, tmp_path: Path) -> None:
    reader = Store.open_reader(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._execute("DELETE FROM manifest")


def test_deleted_text_leaves_no_trace(writer: StoreWriter, tmp_path: Path) -> None:
    secret = "The witness was called Ambrose Quillfeather. " * 40
    writer.write_document(make_entry("a.txt", secret))
    writer.write_document(make_entry("b.txt"))
    writer.remove_document("a.txt")
    writer.tidy()
    for path in tmp_path.iterdir():
        assert b"Quillfeather" not in path.read_bytes()


def test_waste_is_reclaimed(writer: StoreWriter, tmp_path: Path) -> None:
    for number in range(20):
        writer.write_document(make_entry(f"{number}.txt", f"{number} " * 60_000))
    writer.tidy()
    full = (tmp_path / STORE_FILE).stat().st_size
    for number in range(19):
        writer.remove_document(f"{number}.txt")
    writer.tidy()
    assert (tmp_path / STORE_FILE).stat().st_size < full / 10
    assert writer.counts() == (1, 1)


# opening


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="run `rag index`"):
        Store.open_reader(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_store_whose_maker_was_killed_at_once(tmp_path: Path) -> None:
    (tmp_path / STORE_FILE).touch()
    with pytest.raises(IndexNotFoundError, match="run `rag index`"):
        Store.open_reader(tmp_path)
    assert StoreWriter.open(tmp_path, MANIFEST).counts() == (0, 0)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("schema", "2", "schema: 1 -> 2"),
        ("embedding_model", "other", "embedding model: words -> other"),
        ("dimension", "8", "dimension: 4 -> 8"),
        ("chunking", "9/0 words, v1", "chunking: 20/0 words, v1 -> 9/0 words, v1"),
    ],
)
def test_other_manifest_is_named(
    writer: StoreWriter, tmp_path: Path, field: str, value: str, message: str
) -> None:
    writer.close()
    wanted = replace(MANIFEST, **{field: value})
    with pytest.raises(IndexMismatchError, match=message) as caught:
        StoreWriter.open(tmp_path, wanted)
    assert "rag index --rebuild" in str(caught.value)
    rebuilt = StoreWriter.open(tmp_path, wanted, rebuild=True)
    rebuilt.clear(wanted)
    rebuilt.check_manifest(wanted)


def test_manifest_of_a_configuration(config: Config, fake_embedder: object) -> None:
    manifest = get_manifest(config, fake_embedder)  # type: ignore[arg-type]
    assert manifest.embedding_model == "words"
    assert manifest.dimension == "64"
    assert manifest.chunking.startswith(f"{config.chunk_words}/{config.chunk_overlap_words} ")


def test_clear_forgets_tables_of_another_schema(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / STORE_FILE)
    connection.execute("CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT)")
    connection.execute("CREATE TABLE sentences (old TEXT)")
    connection.close()
    with pytest.raises(IndexMismatchError, match="schema: unknown -> 1"):
        StoreWriter.open(tmp_path, MANIFEST)
    writer = StoreWriter.open(tmp_path, MANIFEST, rebuild=True)
    writer.clear(MANIFEST)
    writer.write_document(make_entry("a.txt"))
    writer.remove_document("a.txt")
    assert writer.files() == {}  # foreign keys are on again


@pytest.mark.parametrize("damage", ["garbage", "torn"])
def test_damaged_store(writer: StoreWriter, tmp_path: Path, damage: str) -> None:
    for number in range(30):
        writer.write_document(make_entry(f"{number}.txt", f"{number} word. " * 500))
    writer.tidy()
    writer.close()
    path = tmp_path / STORE_FILE
    data = path.read_bytes()
    path.write_bytes(b"not a database " * 999 if damage == "garbage" else data[: len(data) // 2])
    if damage == "garbage":
        with pytest.raises(IndexNotFoundError, match="rag index --rebuild"):
            Store.open_reader(tmp_path)
    rebuilt = StoreWriter.open(tmp_path, MANIFEST, rebuild=True)
    assert rebuilt.counts() == (0, 0)
    rebuilt.write_document(make_entry("a.txt"))


def test_read_only_folder(
    writer: StoreWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.write_document(make_entry("a.txt"))
    writer.close()
    with monkeypatch.context() as patch:
        open_snapshot = Store._open_snapshot

        def refuse(path: Path, *, mode: str) -> Store:
            if mode == "rw":
                raise sqlite3.OperationalError("unable to open database file")
            return open_snapshot(path, mode=mode)

        patch.setattr(Store, "_open_snapshot", refuse)
        with pytest.raises(IndexNotFoundError, match="unable to open"):
            Store.open_reader(tmp_path)
        patch.setattr("os.access", lambda *_: False)
        assert Store.open_reader(tmp_path).counts() == (1, 1)


def test_path_with_characters_of_a_uri(tmp_path: Path) -> None:
    folder = tmp_path / "50% of #1?mode=ro"
    folder.mkdir()
    StoreWriter.open(folder, MANIFEST).write_document(make_entry("a.txt"))
    assert (folder / STORE_FILE).is_file()
    assert Store.open_reader(folder).counts() == (1, 1)
