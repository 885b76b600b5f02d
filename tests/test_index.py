"""Indexing runs: what changed is found and done, and nothing else."""

import dataclasses
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import rag.index.reader
from rag import Config
from rag.embedding import Embedder
from rag.errors import CorpusError, IndexBusyError, IndexMismatchError, IndexNotFoundError
from rag.index import Index, build_index, open_index
from rag.index.locking import writer_lock
from rag.schema import Filters
from rag.store import Entry, Store, StoreWriter

pytestmark = pytest.mark.usefixtures("check_in_this_process")

SUBJECTS = ["bridge", "ferry", "harbour", "council", "museum", "tram", "market", "library"]


class NoEmbedder:
    """Stands for a model that must not be loaded."""

    name = "words"
    dimension = 64

    def embed(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        raise AssertionError(f"{len(texts)} texts were to be embedded: {texts[:3]}")


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    """Eight articles of three sentences."""
    folder = tmp_path / "corpus"
    for subject in SUBJECTS:
        write(folder, f"{subject}.txt", article(subject))
    return folder


def article(subject: str, detail: str = "It opens in spring.") -> str:
    return (
        f"The {subject} is old\n\nThe {subject} was built in 1897 by the city.\n\n"
        f"{detail} The {subject} costs 2,595 pounds a year.\n"
    )


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def contents(config: Config) -> dict[str, object]:
    """Everything that the store says of the documents, for comparing two indexes."""
    with_vectors: dict[str, object] = {}
    store = Store.open_reader(config.index_dir)
    for summary in store.summaries():
        name = summary.document_id
        parts = [store.vectors(name, "chunk"), store.vectors(name, "sentence")]
        with_vectors[name] = (
            store.document(name),
            store.own_document(name),
            store.document_chunks(name),
            [(part.keys, part.spans.tolist(), part.vectors.tolist()) for part in parts],
        )
    with_vectors["files"] = {p: (f.file.sha256, f.document_id) for p, f in store.files().items()}
    store.close()
    return with_vectors


def assert_like_a_fresh_build(config: Config, tmp_path: Path, embedder: Embedder) -> None:
    fresh = config.model_copy(update={"index_dir": tmp_path / "fresh"})
    build_index(fresh, embedder=embedder)
    assert contents(config) == contents(fresh)
    with open_index(config, embedder=embedder) as one, open_index(fresh, embedder=embedder) as two:
        assert one.notice is None
        vector = embedder.embed(["harbour 1897"])[0]
        assert one.dense_search(vector, 99) == two.dense_search(vector, 99)
        assert one.keyword_search("harbour 1897", 99) == two.keyword_search("harbour 1897", 99)


# first and later runs


def test_first_run(config: Config, fake_embedder: Embedder) -> None:
    stages: list[tuple[str, int, int]] = []
    report = build_index(
        config, embedder=fake_embedder, progress=lambda *stage: stages.append(stage)
    )
    assert report.added == tuple(f"{subject}.txt" for subject in sorted(SUBJECTS))
    assert report.documents == 8
    assert report.chunks == report.embedded_chunks == 8
    assert report.generation == 1
    assert ("reading", 8, 8) in stages
    assert ("embedding", 8, 8) in stages
    assert [s for s in stages if s[0] == "publishing"][-1] == ("publishing", 4, 4)


def test_unchanged_corpus_is_left_alone(config: Config, fake_embedder: Embedder) -> None:
    first = build_index(config, embedder=fake_embedder)
    again = build_index(config, embedder=NoEmbedder())
    assert again.unchanged == 8
    assert (again.added, again.changed, again.removed) == ((), (), ())
    assert (again.chunks, again.embedded_chunks) == (first.chunks, 0)
    assert again.generation == 1


def test_unchanged_run_loads_nothing_heavy(config: Config, fake_embedder: Embedder) -> None:
    build_index(config, embedder=fake_embedder)
    script = (
        "import sys; from pathlib import Path; from rag import Config\n"
        "from rag.index import build_index\n"
        "class E:\n    name, dimension = 'words', 64\n"
        "config = Config(corpus_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2]))\n"
        "assert build_index(config, embedder=E()).unchanged == 8\n"
        "heavy = {'chromadb', 'bm25s', 'onnxruntime', 'llama_index'} & sys.modules.keys()\n"
        "assert not heavy, heavy\n"
    )
    folders = [str(config.corpus_dir), str(config.index_dir)]
    subprocess.run([sys.executable, "-c", script, *folders], check=True)


def test_changes_are_found(
    config: Config, corpus_dir: Path, tmp_path: Path, fake_embedder: Embedder
) -> None:
    build_index(config, embedder=fake_embedder)
    write(corpus_dir, "bridge.txt", article("bridge", "It shuts in winter."))
    write(corpus_dir, "deep/er/zoo.txt", article("zoo"))
    (corpus_dir / "tram.txt").unlink()
    (corpus_dir / "ferry.txt").rename(corpus_dir / "boat.txt")
    report = build_index(config, embedder=fake_embedder)
    assert report.added == ("deep/er/zoo.txt",)
    assert report.changed == ("bridge.txt",)
    assert report.removed == ("tram.txt",)
    assert report.renamed == (("ferry.txt", "boat.txt"),)
    assert report.unchanged == 5
    assert report.embedded_chunks == 2
    assert report.generation == 2
    assert_like_a_fresh_build(config, tmp_path, fake_embedder)


def test_renaming_embeds_nothing(config: Config, corpus_dir: Path, fake_embedder: Embedder) -> None:
    build_index(config, embedder=fake_embedder)
    for path in list(corpus_dir.iterdir()):
        path.rename(corpus_dir / f"2023-{path.name}")
    report = build_index(config, embedder=NoEmbedder())
    assert len(report.renamed) == 8
    assert (report.added, report.removed) == ((), ())
    with open_index(config, embedder=fake_embedder) as index:
        assert index.keyword_search("tram", 1)[0][0].startswith("2023-tram.txt:")


def test_only_new_sentences_are_embedded(
    config: Config, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    build_index(config, embedder=fake_embedder)
    fake_embedder.calls.clear()  # type: ignore[attr-defined]
    write(corpus_dir, "bridge.txt", article("bridge", "It shuts in winter."))
    build_index(config, embedder=fake_embedder)
    calls = fake_embedder.calls  # type: ignore[attr-defined]
    assert len(calls) == 2
    assert "It shuts in winter." in calls


def test_text_that_moves_to_another_article_is_not_embedded_again(
    config: Config, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    write(corpus_dir, "a.txt", "Amber is red.\n\nBasalt is black.\n")
    write(corpus_dir, "z.txt", "Zinc is grey.\n")
    build_index(config, embedder=fake_embedder)
    fake_embedder.calls.clear()  # type: ignore[attr-defined]
    write(corpus_dir, "a.txt", "Amber is red.\n")
    write(corpus_dir, "z.txt", "Zinc is grey.\n\nBasalt is black.\n")
    build_index(config, embedder=fake_embedder)
    assert "Basalt is black." not in fake_embedder.calls  # type: ignore[attr-defined]


def test_line_ends_alone(
    config: Config, corpus_dir: Path, tmp_path: Path, fake_embedder: Embedder
) -> None:
    build_index(config, embedder=fake_embedder)
    data = (corpus_dir / "tram.txt").read_bytes()
    (corpus_dir / "tram.txt").write_bytes(data.replace(b"\n", b"\r\n"))
    assert build_index(config, embedder=NoEmbedder()).changed == ("tram.txt",)
    assert build_index(config, embedder=NoEmbedder()).unchanged == 8
    assert_like_a_fresh_build(config, tmp_path, fake_embedder)


def test_marks_of_other_articles_follow_the_corpus(
    config: Config, corpus_dir: Path, tmp_path: Path, fake_embedder: Embedder
) -> None:
    row = "Teams | Scores | Tables | Rumours\n"
    for subject in SUBJECTS[:4]:
        write(corpus_dir, f"{subject}.txt", article(subject) + row)
    build_index(config, embedder=fake_embedder)
    write(corpus_dir, "market.txt", article("market") + row)  # the fifth makes it the site's
    report = build_index(config, embedder=fake_embedder)
    assert set(report.changed) == {f"{s}.txt" for s in [*SUBJECTS[:4], "market"]}
    assert_like_a_fresh_build(config, tmp_path, fake_embedder)
    write(corpus_dir, "market.txt", article("market"))
    build_index(config, embedder=fake_embedder)
    with open_index(config, embedder=fake_embedder) as index:
        assert index.keyword_search("rumours", 9)


def test_marks_are_completed_after_a_run_that_was_cut_short(
    config: Config,
    corpus_dir: Path,
    tmp_path: Path,
    fake_embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = "Teams | Scores | Tables | Rumours\n"
    for subject in SUBJECTS[:4]:
        write(corpus_dir, f"{subject}.txt", article(subject) + row)
    build_index(config, embedder=fake_embedder)
    write(corpus_dir, "aa.txt", article("airport") + row)
    write_document = StoreWriter.write_document

    def stop_after_the_first(self: StoreWriter, entry: Entry, *, replaces: str | None) -> None:
        write_document(self, entry, replaces=replaces)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(StoreWriter, "write_document", stop_after_the_first)
        with pytest.raises(KeyboardInterrupt):
            build_index(config, embedder=fake_embedder)
    report = build_index(config, embedder=fake_embedder)  # all files are those of the store
    assert set(report.changed) == {f"{s}.txt" for s in SUBJECTS[:4]}
    assert_like_a_fresh_build(config, tmp_path, fake_embedder)
    assert build_index(config, embedder=NoEmbedder()).unchanged == 9


# exact copies


def test_copies_are_one_document(
    config: Config, corpus_dir: Path, tmp_path: Path, fake_embedder: Embedder
) -> None:
    write(corpus_dir, "copy/tram.txt", article("tram"))
    (corpus_dir / "zz.txt").write_bytes(article("tram").replace("\n", "\r\n").encode())
    report = build_index(config, embedder=fake_embedder)
    assert report.duplicates == (("tram.txt", "copy/tram.txt"), ("zz.txt", "copy/tram.txt"))
    assert report.documents == 8
    with open_index(config, embedder=fake_embedder) as index:
        document = index.document("copy/tram.txt")
        assert document.also_paths == ("tram.txt", "zz.txt")
        assert index.find_document("zz.txt") == document
        assert index.find_document("no.txt") is None
        assert index.document_ids(Filters(documents=("zz.txt",))) == {"copy/tram.txt"}
    # The first path goes: the next one takes its place, and nothing is embedded.
    (corpus_dir / "copy/tram.txt").unlink()
    report = build_index(config, embedder=NoEmbedder())
    assert report.renamed == (("copy/tram.txt", "tram.txt"),)
    assert_like_a_fresh_build(config, tmp_path, fake_embedder)


def test_copy_that_changes_becomes_a_document(
    config: Config, corpus_dir: Path, tmp_path: Path, fake_embedder: Embedder
) -> None:
    write(corpus_dir, "zz.txt", article("tram"))
    build_index(config, embedder=fake_embedder)
    write(corpus_dir, "zz.txt", article("zeppelin"))
    report = build_index(config, embedder=fake_embedder)
    assert report.added == ("zz.txt",)
    assert report.duplicates == ()
    assert_like_a_fresh_build(config, tmp_path, fake_embedder)


# what cannot be read


def test_bad_files_are_skipped(config: Config, corpus_dir: Path, fake_embedder: Embedder) -> None:
    (corpus_dir / "empty.txt").touch()
    (corpus_dir / "photo.jpg").write_bytes(b"\xff\xd8")
    report = build_index(config, embedder=fake_embedder)
    assert [item.path for item in report.skipped] == ["empty.txt", "photo.jpg"]
    assert report.documents == 8
    assert build_index(config, embedder=NoEmbedder()).skipped == report.skipped


def test_indexed_file_that_cannot_be_read_now(
    config: Config, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    small = config.model_copy(update={"max_file_mb": 0.001})
    build_index(small, embedder=fake_embedder)
    write(corpus_dir, "tram.txt", article("tram") * 50)
    report = build_index(small, embedder=NoEmbedder())
    assert report.unchanged == 8
    (item,) = report.skipped
    assert item.path == "tram.txt"
    assert item.reason.endswith("; the version indexed before stays")
    (corpus_dir / "tram.txt").unlink()
    assert build_index(small, embedder=NoEmbedder()).removed == ("tram.txt",)


def test_file_that_fails_to_load_now(
    config: Config, corpus_dir: Path, fake_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(config, embedder=fake_embedder)
    write(corpus_dir, "tram.txt", "changed")
    write(corpus_dir, "new.txt", "new")

    def fail(*_: object) -> None:
        raise CorpusError("no idea")

    monkeypatch.setattr("rag.index.planning.load_document", fail)
    report = build_index(config, embedder=NoEmbedder())
    assert [(i.path, i.reason) for i in report.skipped] == [
        ("new.txt", "no idea"),
        ("tram.txt", "no idea; the version indexed before stays"),
    ]
    assert report.unchanged == 8


def test_emptied_file_is_forgotten(
    config: Config, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    build_index(config, embedder=fake_embedder)
    write(corpus_dir, "tram.txt", "")
    write(corpus_dir, "ferry.txt", " \n\n")
    assert build_index(config, embedder=NoEmbedder()).removed == ("ferry.txt", "tram.txt")


def test_missing_corpus_deletes_nothing(
    config: Config, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    build_index(config, embedder=fake_embedder)
    before = contents(config)
    corpus_dir.rename(corpus_dir.with_name("elsewhere"))
    with pytest.raises(CorpusError, match="does not exist"):
        build_index(config, embedder=fake_embedder)
    corpus_dir.mkdir()
    with pytest.raises(CorpusError, match=r"no article, and the index holds 8.*--rebuild"):
        build_index(config, embedder=fake_embedder)
    assert contents(config) == before
    assert build_index(config, embedder=NoEmbedder(), rebuild=True).documents == 0
    with open_index(config, embedder=fake_embedder) as index:
        assert (index.document_count, index.chunk_count, index.notice) == (0, 0, None)
        assert index.dense_search(np.ones(64, dtype=np.float32), 5) == []
        assert index.keyword_search("tram", 5) == []
        assert index.correct_spelling("tramm") == {}


def test_missing_corpus_makes_no_folder(tmp_path: Path, fake_embedder: Embedder) -> None:
    config = Config(corpus_dir=tmp_path / "no", index_dir=tmp_path / "index")
    with pytest.raises(CorpusError, match="does not exist"):
        build_index(config, embedder=fake_embedder)
    assert list(tmp_path.iterdir()) == []


# dry run, rebuild, other settings


def test_dry_run_writes_nothing(config: Config, corpus_dir: Path, fake_embedder: Embedder) -> None:
    report = build_index(config, embedder=NoEmbedder(), dry_run=True)
    assert len(report.added) == 8
    assert (report.dry_run, report.generation) == (True, 0)
    assert not config.index_dir.exists()
    build_index(config, embedder=fake_embedder)
    (corpus_dir / "tram.txt").rename(corpus_dir / "train.txt")
    before = contents(config)
    files = sorted(config.index_dir.rglob("*"))
    report = build_index(config, embedder=NoEmbedder(), dry_run=True)
    assert report.renamed == (("tram.txt", "train.txt"),)
    assert contents(config) == before
    assert sorted(config.index_dir.rglob("*")) == files


def test_other_settings_are_refused_until_rebuilt(
    config: Config, tmp_path: Path, fake_embedder: Embedder
) -> None:
    build_index(config, embedder=fake_embedder)
    other = config.model_copy(update={"chunk_words": 33, "chunk_overlap_words": 3})
    for call in (build_index, open_index):
        with pytest.raises(
            IndexMismatchError, match=r"chunking: 180/40 words.* -> 33/3 words.*rag index --rebuild"
        ):
            call(other, embedder=fake_embedder)  # type: ignore[operator]
    report = build_index(other, embedder=fake_embedder, rebuild=True)
    assert len(report.added) == report.documents == 8
    assert_like_a_fresh_build(other, tmp_path, fake_embedder)


def test_rebuild_keeps_the_old_index_when_the_model_does_not_load(
    config: Config, fake_embedder: Embedder
) -> None:
    build_index(config, embedder=fake_embedder)
    before = contents(config)
    with pytest.raises(AssertionError, match="were to be embedded"):
        build_index(config, embedder=NoEmbedder(), rebuild=True)
    assert contents(config) == before


def test_no_index(config: Config, fake_embedder: Embedder) -> None:
    with pytest.raises(IndexNotFoundError, match="run `rag index`"):
        open_index(config, embedder=fake_embedder)


def test_second_writer_is_told_who_writes(config: Config, fake_embedder: Embedder) -> None:
    with writer_lock(config.index_dir), pytest.raises(IndexBusyError) as caught:
        build_index(config, embedder=fake_embedder)
    message = str(caught.value)
    assert "process " in message
    assert message.endswith(": wait, or stop it")
    assert build_index(config, embedder=fake_embedder).documents == 8


# searching


@pytest.fixture
def index(config: Config, fake_embedder: Embedder) -> Iterator[Index]:
    build_index(config, embedder=fake_embedder)
    with open_index(config, embedder=fake_embedder) as opened:
        yield opened


def test_dense_search_finds_each_chunk_by_its_vector(
    index: Index, config: Config, fake_embedder: Embedder
) -> None:
    store = Store.open_reader(config.index_dir)
    for chunk_id in store.chunk_ids():
        (vector,) = store.chunk_vectors([chunk_id])
        assert index.dense_search(vector, 1) == [(chunk_id, pytest.approx(1, abs=1e-5))]
    assert index.dense_search(vector, 0) == []
    assert len(index.dense_search(vector, 99)) == 8
    found = index.dense_search(vector, 99, document_ids={"tram.txt", "ferry.txt", "no.txt"})
    assert {chunk_id.partition(":")[0] for chunk_id, _ in found} == {"tram.txt", "ferry.txt"}
    assert index.dense_search(vector, 9, document_ids=()) == []


def test_equal_scores_are_in_the_order_of_the_ids(
    config: Config, corpus_dir: Path, fake_embedder: Embedder
) -> None:
    for number in range(40):  # other headings, the same long line: the same chunks after it
        write(corpus_dir, f"{number:02}.txt", f"## Page {number}\n\n" + "same words here\n" * 120)
    build_index(config, embedder=fake_embedder)
    with open_index(config, embedder=fake_embedder) as index:
        vector = fake_embedder.embed(["same words here"])[0]
        found = index.dense_search(vector, 12)
        assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))
        assert found == index.dense_search(vector, 99)[:12]
        words = index.keyword_search("same words", 30)
        assert words == sorted(words, key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize("documents", [None, ("tram.txt", "ferry.txt")])
def test_exact_search_agrees_with_chroma(
    index: Index,
    fake_embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    documents: tuple[str, ...] | None,
) -> None:
    monkeypatch.setattr(rag.index.reader, "_MAX_EXACT_CHUNKS", 0)
    vector = fake_embedder.embed(["when was the tram built"])[0]
    by_chroma = index.dense_search(vector, 5, document_ids=documents)
    assert index._chroma is not None
    assert index._exact is None
    index._use_chroma = False
    assert index.dense_search(vector, 5, document_ids=documents) == by_chroma


def test_keyword_search(index: Index) -> None:
    ((best, score), *_) = index.keyword_search("Who built the TRAMS?", 3)
    assert best.startswith("tram.txt:")
    assert score > 0
    assert index.keyword_search("zzz", 3) == []
    assert index.keyword_search("the of", 3) == []
    assert len(index.keyword_search("2595", 99)) == 8
    only = index.keyword_search("built", 99, document_ids={"ferry.txt"})
    assert [chunk_id.partition(":")[0] for chunk_id, _ in only] == ["ferry.txt"]
    assert index.correct_spelling("the musuem") == {"musuem": "museum"}
    assert index.keyword_search("musuem", 1)[0][0].startswith("museum.txt:")


def test_looking_up(index: Index, fake_embedder: Embedder) -> None:
    ids = [chunk_id for chunk_id, _ in index.keyword_search("built", 99)]
    assert [chunk.chunk_id for chunk in index.chunks(ids[::-1])] == ids[::-1]
    with pytest.raises(CorpusError, match="no chunk 'x:1-2'"):
        index.chunks(["x:1-2"])
    with pytest.raises(CorpusError, match=r"no document 'x\.txt'"):
        index.document("x.txt")
    document = index.document("tram.txt")
    assert document.text == article("tram")
    assert index.document("tram.txt") is document
    spans, vectors = index.sentences("tram.txt")
    texts = [document.text[start:end] for start, end in spans]
    assert "The tram was built in 1897 by the city." in texts
    np.testing.assert_allclose(vectors, fake_embedder.embed(texts), atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert index.sentences("tram.txt")[1] is vectors


def test_filters(config: Config, corpus_dir: Path, fake_embedder: Embedder) -> None:
    from datetime import date

    for number, publisher in enumerate(["The Paper", "Daily News", "THE PAPER"], start=1):
        head = f"---\npublisher: {publisher}\ndate: 2023-09-0{number}\n---\n"
        write(corpus_dir, f"{number}.md", head + article(f"thing{number}"))
    build_index(config, embedder=fake_embedder)
    with open_index(config, embedder=fake_embedder) as index:
        assert index.document_ids(Filters()) is None
        assert index.document_ids(Filters(publishers=("the paper",))) == {"1.md", "3.md"}
        since = Filters(published_from=date(2023, 9, 2))
        assert index.document_ids(since) == {"2.md", "3.md"}
        assert index.document_ids(dataclasses.replace(since, published_to=date(2023, 9, 2))) == {
            "2.md"
        }
        assert index.document_ids(Filters(documents=("tram.txt", "no"))) == {"tram.txt"}
        assert index.document_ids(Filters(publishers=("nobody",))) == set()
        (info,) = [d for d in index.document_metadata() if d.document_id == "2.md"]
        assert (info.publisher, info.published) == ("Daily News", date(2023, 9, 2))


def test_many_threads_at_once(index: Index, fake_embedder: Embedder) -> None:
    vector = fake_embedder.embed(["tram"])[0]
    expected = (index.dense_search(vector, 5), index.keyword_search("tram built", 5))
    problems: list[object] = []

    def search() -> None:
        for _ in range(20):
            got = (index.dense_search(vector, 5), index.keyword_search("tram built", 5))
            ids = [chunk_id for chunk_id, _ in got[0]]
            if got != expected or [c.chunk_id for c in index.chunks(ids)] != ids:
                problems.append(got)
            index.sentences("tram.txt")

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_importing_the_index_is_light() -> None:
    script = (
        "import sys, rag.index\n"
        "heavy = {'chromadb', 'bm25s', 'onnxruntime', 'numpy'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
