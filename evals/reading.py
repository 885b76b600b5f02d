"""Written questions, each over its own document: does the answer cite the line that answers?

    python -m evals.reading [--data DIR] [--limit N]

The search is limited to the document that the question was written for, so that the choice of
the sentences is measured, not the retrieval. Every tenth question is used unless --all is given.
"""

from pathlib import Path

from evals.data import (
    GoldLine,
    Question,
    data_dir,
    json_lines,
    multihop_line,
    write_multihop_corpus,
)
from evals.runs import arguments, benchmark_config, mean, print_table
from rag import Filters, open_engine


def main() -> None:
    """Print the table."""
    parser = arguments("written questions")
    parser.add_argument("--all", action="store_true", help="every question, not one in ten")
    options = parser.parse_args()
    config = benchmark_config(options, "multihop", write_multihop_corpus)
    questions = [q for q in written_questions(data_dir(options.data)) if q.answerable]
    questions = questions[: options.limit] if options.all else questions[::10][: options.limit]
    ranks: list[int | None] = []
    words, refused = [], []
    with open_engine(config) as engine:
        for question in questions:
            path = next(iter(question.gold_lines)).path
            answer = engine.query(question.text, filters=Filters(documents=(path,)))
            by_number = {citation.number: citation for citation in answer.citations}
            ranks.append(
                next(
                    (
                        place
                        for place, statement in enumerate(answer.statements, 1)
                        for number in statement.citations
                        for line in range(by_number[number].first_line,
                                          by_number[number].last_line + 1)
                        if GoldLine(by_number[number].path, line) in question.gold_lines
                    ),
                    None,
                )
            )  # fmt: skip
            words.append(float(len(answer.text.split())))
            refused.append(float(not answer.answered))
    print_table(
        "Written questions, each over its own document",
        [
            (f"an answering line in the first {k} statement{'s' if k > 1 else ''}",
             mean([float(rank is not None and rank <= k) for rank in ranks]), len(ranks))
            for k in (1, 2, 3, 4)
        ] + [("words of an answer", mean(words), len(words)),
             ("answerable questions refused", mean(refused), len(refused))],
    )  # fmt: skip


def written_questions(data: Path) -> list[Question]:
    """The questions written by hand over MultiHop-RAG documents."""
    return [
        Question(
            f"w{number:05d}", "written", row["question"], row["answerable"],
            facts=(tuple(multihop_line(row["doc_id"], line) for line in row["lines"]),)
            if row["lines"] else (),
        )
        for number, row in enumerate(json_lines(data / "training" / "questions.jsonl"))
    ]  # fmt: skip


if __name__ == "__main__":
    main()
