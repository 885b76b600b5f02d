"""The reader on written questions, each over its own article: which line answers, does any?

    python -m evals.reading [--split dev|test] [--without trained_reader] [--limit N] [--errors N]

The search is limited to the document that a question was written for, so that the choice of the
sentences and the decision to answer are measured, not the retrieval. The documents are those of
MultiHop-RAG in `--data DIR` or RAG_SHARED_DIR; the questions are ours (`evals/training/`).
"""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from evals.adapters import Dataset, Places
from evals.data import GoldLine, Question, json_lines, multihop_line, write_multihop_corpus
from evals.report.terminal import metrics_table
from evals.runs import arguments, mean, print_table
from evals.suite import Run, Scored, run
from evals.systems import System, index_config
from rag import ChatEngine, Filters, ScoredSentence, open_engine

TRAINING = Path(__file__).parent / "training"
RANKS = (1, 3, 5)
READ = 30


def main() -> None:
    """Print the tables."""
    parser = arguments("written questions, each over its own article")
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--without", default="", help="parts to leave out, as RAG_WITHOUT")
    parser.add_argument("--errors", type=int, default=0, help="show so many wrong answers")
    options = parser.parse_args()
    dataset = written(Places(options.data, options.work), options.split, limit=options.limit)
    system = System("On Record", config={"without": options.without})
    with open_engine(index_config(system, dataset, options.work)) as engine:
        found = [ranked(engine, question) for question in dataset.questions]
    answerable = [lines for question, lines in zip(dataset.questions, found, strict=True)
                  if question.answerable]  # fmt: skip
    measured = run(system, dataset, options.work)
    Console(width=120).print(metrics_table([measured]))
    print_table(
        f"Written questions, {options.split}, each over its own article",
        [(f"an answering line at rank 1 to {k}",
          mean([float(rank is not None and rank <= k) for rank in answerable]), len(answerable))
         for k in RANKS],
    )  # fmt: skip
    for item in wrong(measured)[: options.errors]:
        print(f"\n{item.question.question_id} {item.question.text}\n   -> {item.response.text}")
        print(f"   should be: {[f'{line.path}:{line.line}' for line, _ in item.gold]}")


def written(places: Places, split: str, *, limit: int | None = None) -> Dataset:
    """The questions of one split; a known span must stand in the answer."""
    write_multihop_corpus(places.shared, places.corpus("multihop"))
    corpus = places.corpus("multihop")
    documents = set(json.loads((TRAINING / "splits.json").read_text())[split])
    rows = [row for row in json_lines(TRAINING / "questions.jsonl") if row["doc_id"] in documents]
    if limit:
        rows = rows[:: max(1, len(rows) // limit)][:limit]
    questions = []
    for number, row in enumerate(rows):
        path = f"{row['doc_id']}.txt"
        gold = tuple(multihop_line(row["doc_id"], line) for line in row["lines"])
        questions.append(
            Question(
                f"{row['doc_id']}-{number}", "answerable" if gold else "unanswerable",
                row["question"], row["answerable"],
                facts=(gold,) if gold else (), includes=_span(row.get("span"), path, corpus),
                documents=(path,),
            )
        )  # fmt: skip
    return Dataset(f"written-{split}", f"written questions, {split}", tuple(questions), corpus)


def _span(span: Sequence[int] | None, path: str, corpus: Path) -> tuple[tuple[str, ...], ...]:
    """The words that answer, when it is known which."""
    if not span:
        return ()
    line, start, end = span
    gold = multihop_line(path.removesuffix(".txt"), line)
    text = (corpus / path).read_text(encoding="utf-8").split("\n")[gold.line - 1]
    return ((text[start:end],),)


def ranked(engine: ChatEngine, question: Question) -> int | None:
    """The rank, among lines, of the first line that answers; None when none was read."""
    filters = Filters(documents=question.documents)
    return line_rank(
        engine.search_sentences(question.text, READ, filters=filters), question.gold_lines
    )


def line_rank(found: Sequence[ScoredSentence], gold: set[GoldLine]) -> int | None:
    """The rank of the first sentence on a gold line, counting each line once."""
    seen: set[tuple[str, int]] = set()
    for sentence in found:
        lines = range(sentence.first_line, sentence.last_line + 1)
        if any(GoldLine(sentence.path, line) in gold for line in lines):
            return len(seen - {(sentence.path, sentence.first_line)}) + 1
        seen.add((sentence.path, sentence.first_line))
    return None


def wrong(measured: Run) -> list[Scored]:
    """Answers without an answering line, and answers that nothing supports, the surest first."""
    found = [
        item for item in measured.scored
        if item.response.answered != item.question.answerable
        or (item.question.answerable and not item.scores["line_recall"].numerator)
    ]  # fmt: skip
    return sorted(found, key=lambda item: -(item.response.confidence or 0.0))


if __name__ == "__main__":
    main()
