"""int8 beside float32 arithmetic of the embedding model: how much faster, and what it loses.

    python -m evals.embedding [--data DIR] [--limit N]

Speed: 300 texts of 160 words from MultiHop-RAG are indexed with either, in turn, and the time
from the first to the last text embedded is taken, the better of two rounds. Each text is embedded
whole and once more sentence by sentence, as every article is.

Loss: all MultiHop-RAG articles are indexed with either, and the dev questions searched in both.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from evals.adapters import multihop_questions
from evals.data import FRONT_MATTER_LINES, Question, data_dir, write_multihop_corpus
from evals.metrics import any_hit, fact_recall, reciprocal_rank
from evals.runs import arguments, benchmark_config, mean
from evals.scoring import covered_ranks
from rag import Config, ScoredChunk, build_index, open_engine

INT8, FLOAT32 = "minilm", "minilm-float32"
TEXTS, TEXT_WORDS, TEXTS_OF_ONE_ARTICLE = 300, 160, 5
ROUNDS = 2
FOUND = 10


def main() -> None:
    """Print speed and retrieval of both side by side, and how much they agree."""
    options = arguments("int8 beside float32 embedding").parse_args()
    data = data_dir(options.data)
    corpus: Path = options.work / "multihop" / "corpus"
    write_multihop_corpus(data, corpus)
    speed = texts_per_second(corpus, options.work / "embedding")
    questions = multihop_questions(data)[: options.limit]
    found = {}
    for embedding in (INT8, FLOAT32):
        options.embedding = embedding
        config = benchmark_config(options, "multihop", write_multihop_corpus)
        with open_engine(config) as engine:
            found[embedding] = [engine.search(q.text, FOUND) for q in questions]
    int8, float32 = found[INT8], found[FLOAT32]
    rows = {f"texts/s, of {TEXT_WORDS} words and their sentences": (speed[INT8], speed[FLOAT32])}
    before, after = retrieval(questions, float32), retrieval(questions, int8)
    rows |= {name: (after[name], before[name]) for name in before}
    print(f"\nEmbedding in int8 and float32: {TEXTS} texts, {len(questions)} questions\n")
    print(f"  {'':<44}{'int8':>9}{'float32':>9}{'ratio':>8}")
    for name, (ours, theirs) in rows.items():
        print(f"  {name:<44}{ours:9.3f}{theirs:9.3f}{ours / theirs:8.3f}")
    print(f"\n  chunks that both find among the first {FOUND}, share: {overlap(int8, float32):.3f}")
    print(f"  cosine of question and chunk, mean difference: {cosine_change(int8, float32):.4f}")


def texts_per_second(corpus: Path, folder: Path) -> dict[str, float]:
    """Texts embedded a second by either arithmetic."""
    shutil.rmtree(folder, ignore_errors=True)
    texts = folder / "texts"
    texts.mkdir(parents=True)
    for number, text in enumerate(islice(iter_texts(corpus), TEXTS)):
        (texts / f"t{number:03}.txt").write_text(text + "\n", encoding="utf-8")
    best: dict[str, float] = {}
    for turn in range(ROUNDS):
        for embedding in (INT8, FLOAT32):
            index = folder / f"index-{embedding}-{turn}"
            rate = _embedding_rate(Config(corpus_dir=texts, index_dir=index, embedding=embedding))
            best[embedding] = max(rate, best.get(embedding, 0.0))
    return best


def iter_texts(corpus: Path) -> Iterator[str]:
    """Stretches of `TEXT_WORDS` words, on one line each, the first few of every article."""
    for path in sorted(corpus.iterdir()):
        lines = path.read_text(encoding="utf-8").split("\n")[FRONT_MATTER_LINES:]
        words = " ".join(lines).split()
        for start in range(0, TEXTS_OF_ONE_ARTICLE * TEXT_WORDS, TEXT_WORDS):
            if start + TEXT_WORDS <= len(words):
                yield " ".join(words[start : start + TEXT_WORDS])


def retrieval(
    questions: Sequence[Question], found: Sequence[Sequence[ScoredChunk]]
) -> dict[str, float]:
    """The means over the answerable questions."""
    covered = [
        covered_ranks(question, chunks)
        for question, chunks in zip(questions, found, strict=True)
        if question.answerable
    ]
    return {
        f"{name}@{FOUND}": mean([metric(ranks, FOUND) for ranks in covered]) or 0.0
        for name, metric in (
            ("any_hit", any_hit), ("fact_recall", fact_recall), ("mrr", reciprocal_rank),
        )
    }  # fmt: skip


def overlap(one: Sequence[Sequence[ScoredChunk]], other: Sequence[Sequence[ScoredChunk]]) -> float:
    """Mean over the questions of the share of the chunks of `one` that `other` has too."""
    shares = [len(_ids(a) & _ids(b)) / max(len(a), 1) for a, b in zip(one, other, strict=True)]
    return mean(shares) or 0.0


def cosine_change(
    one: Sequence[Sequence[ScoredChunk]], other: Sequence[Sequence[ScoredChunk]]
) -> float:
    """Mean absolute difference of the cosines of the question and a chunk that both found."""
    changes = []
    for a, b in zip(one, other, strict=True):
        cosines = {scored.chunk.chunk_id: scored.dense_score for scored in b}
        for scored in a:
            cosine = cosines.get(scored.chunk.chunk_id)
            if cosine is not None and scored.dense_score is not None:
                changes.append(abs(cosine - scored.dense_score))
    return mean(changes) or 0.0


def _ids(found: Sequence[ScoredChunk]) -> set[str]:
    return {scored.chunk.chunk_id for scored in found}


def _embedding_rate(config: Config) -> float:
    """Texts a second from the first to the last one embedded; loading the model is left out."""
    times: list[float] = []

    def note(stage: str, done: int, total: int) -> None:
        if stage == "embedding":
            times.append(time.perf_counter())

    report = build_index(config, progress=note)
    return report.embedded_chunks / (times[-1] - times[0])


if __name__ == "__main__":
    main()
