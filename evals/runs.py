"""What every eval command shares: arguments, the index of a benchmark, and the printed table."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

from evals.data import Question, data_dir
from rag import Config, IndexMismatchError, ScoredChunk, build_index


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser with the options that all eval commands take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, help="folder of the benchmark data [RAG_SHARED_DIR]")
    parser.add_argument("--work", type=Path, default=Path(".evals"),
                        help="folder for the indexes that are built [.evals]")  # fmt: skip
    parser.add_argument("--limit", type=int, help="only the first N questions")
    parser.add_argument("--embedding", default="minilm", help="as RAG_EMBEDDING [minilm]")
    return parser


def benchmark_config(
    options: argparse.Namespace, name: str, write_corpus: Callable[[Path, Path], None]
) -> Config:
    """The settings for benchmark `name`, its corpus written and indexed."""
    work: Path = options.work
    write_corpus(data_dir(options.data), work / name / "corpus")
    config = Config(
        corpus_dir=work / name / "corpus",
        index_dir=work / name / f"index-{Path(options.embedding).name}",
        embedding=options.embedding,
    )
    try:
        build_index(config)
    except IndexMismatchError:  # of an earlier version of the code
        build_index(config, rebuild=True)
    return config


def covered_ranks(question: Question, found: Sequence[ScoredChunk]) -> list[int | None]:
    """For each fact of `question`, the rank of the first chunk that holds one of its lines."""
    return [
        next(
            (
                scored.rank
                for scored in found
                if any(
                    scored.chunk.path == gold.path
                    and scored.chunk.first_line <= gold.line <= scored.chunk.last_line
                    for gold in fact
                )
            ),
            None,
        )
        for fact in question.facts
    ]


def print_table(title: str, rows: Sequence[tuple[str, float | None, int]]) -> None:
    """Rows of (metric, value, number of questions it applies to)."""
    print(f"\n{title}")
    for name, value, count in rows:
        shown = "   n/a" if value is None else f"{value:6.3f}"
        print(f"  {name:<44}{shown}  (n={count})")


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return fmean(values) if values else None
