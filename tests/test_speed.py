"""The measuring itself, on a tiny made-up folder; how long anything takes is not asserted."""

import json
from pathlib import Path

import pytest

from evals.embedding import iter_texts, overlap
from evals.speed import ask, in_child, percentile, print_result
from rag import Chunk, Config, ScoredChunk, build_index

ARTICLES = {
    "bridge.txt": "The bridge over the Alm was closed on Monday.\nIt reopened after nine days.\n",
    "market.txt": "The market of Orsa sells fish on Fridays.\nThe mayor opened it in 1998.\n",
    "school.txt": "The school in Lind has 212 pupils.\nA new hall is to be built in spring.\n",
}
MB_OF_ANY_PROCESS = 5


@pytest.fixture
def made_up(tmp_path: Path) -> Config:
    """Three articles, embedded in float32 so that no model file is made in the user's cache."""
    corpus = tmp_path / "articles"
    corpus.mkdir()
    for name, text in ARTICLES.items():
        (corpus / name).write_text(text, encoding="utf-8")
    return Config(corpus_dir=corpus, index_dir=tmp_path / "speed-index", embedding="minilm-float32")


def test_a_child_builds_and_asks(made_up: Config) -> None:
    built = in_child(build_index, made_up)
    assert (built.value.documents, built.value.embedded_chunks) == (3, 3)
    assert built.seconds > 0
    assert built.peak_mb > MB_OF_ANY_PROCESS

    again = in_child(build_index, made_up)
    assert (again.value.unchanged, again.value.embedded_chunks) == (3, 0)

    warm_up_and_two = ["How many pupils has the school in Lind?"] * 7
    assert len(in_child(ask, made_up, "search", warm_up_and_two).value) == 2


def test_a_child_does_not_report_the_memory_of_its_parent() -> None:
    held = bytearray(b"x") * 300_000_000
    assert in_child(len, "abc").peak_mb < len(held) / 2**20


def test_an_error_in_a_child_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        in_child(int, "three")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        pytest.param([4.0, 1.0, 3.0, 2.0], 0.5, 2.0, id="median"),
        pytest.param([float(n) for n in range(1, 101)], 0.95, 95.0, id="p95 of 100"),
        pytest.param([7.0], 0.95, 7.0, id="one value"),
    ],
)
def test_percentile_is_a_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_the_table_says_when_the_starter_was_not_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    times = {"p50": 8.0, "p95": 9.0}
    result = {
        "machine": {"cpu": "made up", "cores": 2, "python": "3.11", "date": "2026-01-01"},
        "articles": 3,
        "questions": 2,
        "ours": {
            "load": 0.5, "build_s": 100.0, "articles_per_s": 0.03, "chunks": 3,
            "chunks_per_s": 0.03, "build_peak_mb": 250.0, "again_s": 1.0, "again_peak_mb": 40.0,
            "again_process_s": 4.0, "search_ms": times, "query_ms": times,
            "cold_shipped_s": 3.5, "cold_articles_s": 2.0,
        },
    }  # fmt: skip
    print_result(json.loads(json.dumps(result)))
    printed = capsys.readouterr().out
    assert "LlamaIndex starter: not measured" in printed
    assert "1/25, met" in printed
    assert "3.50 s, MISSED" in printed


def test_texts_are_whole_stretches_of_160_words(tmp_path: Path) -> None:
    front_matter = "---\n" * 6
    words = " ".join(f"w{n}" for n in range(2 * 160 + 40))
    (tmp_path / "d.txt").write_text(front_matter + words, encoding="utf-8")
    texts = list(iter_texts(tmp_path))
    assert [len(text.split()) for text in texts] == [160, 160]
    assert " ".join(texts).split() == words.split()[: 2 * 160]


def test_overlap_is_the_share_of_common_chunks() -> None:
    a, b, c = (
        ScoredChunk(Chunk(f"d:{n}-{n}", "d", n, n, "", 0, 0), score=1.0, rank=n) for n in (1, 2, 3)
    )
    assert overlap([[a, b]], [[b, c]]) == 1 / 2
