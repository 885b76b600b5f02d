"""Questions over real news -> what the product reads for them, of which hardly any two differ.

    python -m evals.conflicts.news .evals/conflicts/news.jsonl --questions 1500

The training questions of the reader are asked over all articles of its training split, but those of
the news disagreements. Two likely answers are as a rule of other things, or say the same: pairs of
them teach what sentences of real reports look like that are no disagreement. Rows have the form of
`evals.conflicts.stories`.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from evals.conflicts.stories import READ, read_sentence, write_readings
from evals.data import data_dir, json_lines
from evals.runs import indexed
from evals.sources import FOLDER
from evals.training.check import QUESTIONS, article_lines, read_splits
from rag import Config, open_engine

SEED = 6


def write_articles(folder: Path, data: Path) -> set[str]:
    """Write the articles that may be learned from, one text file each; their ids."""
    held_out = {name for row in json_lines(FOLDER / "news_disagreements.jsonl")
                for name in row["documents"]}  # fmt: skip
    splits, articles = read_splits(), article_lines(data)
    kept = {name for name, split in splits.items() if split == "train"} - held_out
    folder.mkdir(parents=True, exist_ok=True)
    for name in kept:
        (folder / f"{name}.txt").write_text("\n".join(articles[name]) + "\n", encoding="utf-8")
    return kept


def readings(work: Path, data: Path, count: int) -> Iterator[dict[str, Any]]:
    """What is read for `count` of the training questions."""
    corpus = work / "conflicts" / "news"
    kept = write_articles(corpus, data)
    rows = [row for row in json_lines(QUESTIONS) if row["doc_id"] in kept]
    chosen = np.random.default_rng(SEED).permutation(len(rows))[:count]
    with open_engine(indexed(Config(corpus_dir=corpus), work)) as engine:
        for row in (rows[k] for k in sorted(chosen)):
            found = engine.search_sentences(row["question"], READ)
            yield {
                "id": row["doc_id"], "question": row["question"], "disagree": False,
                "alike": True, "beside": [], "marked": False,
                "sentences": [read_sentence(sentence, ()) for sentence in found],
            }  # fmt: skip


def main() -> None:
    """Write the readings."""
    parser = argparse.ArgumentParser(description="What is read for questions over real news.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--questions", type=int, default=1500)
    parser.add_argument("--work", type=Path, default=Path(".evals"))
    parser.add_argument("--data", type=Path, help="folder of the shared data [RAG_SHARED_DIR]")
    options = parser.parse_args()
    data = data_dir(options.data)
    write_readings(options.out, readings(options.work, data, options.questions))


if __name__ == "__main__":
    main()
