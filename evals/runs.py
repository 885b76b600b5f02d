"""What every eval command shares: arguments, the index of a benchmark, and the printed table."""

import argparse
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

from evals.data import data_dir
from rag import Config, IndexMismatchError, build_index


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
    return indexed(Config(corpus_dir=work / name / "corpus", embedding=options.embedding), work)


def indexed(config: Config, work: Path) -> Config:
    """`config` with an index folder below `work`, its index built or brought up to date.

    Settings whose indexes would be the same share one.
    """
    parts = (
        str(config.corpus_dir.resolve()), config.embedding, config.chunk_words,
        config.chunk_overlap_words, config.max_file_mb,
    )  # fmt: skip
    key = hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
    config = config.model_copy(update={"index_dir": work / "indexes" / key})
    try:
        build_index(config)
    except IndexMismatchError:  # of an earlier version of the code
        build_index(config, rebuild=True)
    return config


def print_table(title: str, rows: Sequence[tuple[str, float | None, int]]) -> None:
    """Rows of (metric, value, number of questions it applies to)."""
    print(f"\n{title}")
    for name, value, count in rows:
        shown = "   n/a" if value is None else f"{value:6.3f}"
        print(f"  {name:<44}{shown}  (n={count})")


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return fmean(values) if values else None
