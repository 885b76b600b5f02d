"""The 23 example questions over the five articles as found on the web.

    python -m evals.examples [--data DIR] [--show]

They are few, for trying things out and not for tuning.
"""

from evals.data import data_dir, example_questions
from evals.metrics import holds_facts, holds_none
from evals.runs import arguments, mean, print_table
from rag import Config, Message, build_index, open_engine


def main() -> None:
    """Print the table, and with --show every answer."""
    parser = arguments("example questions")
    parser.add_argument("--show", action="store_true", help="print every answer")
    options = parser.parse_args()
    data = data_dir(options.data)
    config = Config(corpus_dir=data / "articles", index_dir=options.work / "articles" / "index",
                    embedding=options.embedding)  # fmt: skip
    build_index(config)
    right, cited, both, refused_right, refused_wrong, words = [], [], [], [], [], []
    with open_engine(config) as engine:
        for question in example_questions(data)[: options.limit]:
            history = [Message(role="user", content=text) for text in question.history]
            answer = engine.query(question.text, history=history)
            if question.answerable:
                facts = holds_facts(answer.text, question.includes) and holds_none(
                    answer.text, question.excludes
                )
                gold = any(
                    citation.path == line.path
                    and citation.first_line <= line.line <= citation.last_line
                    for citation in answer.citations
                    for line in question.gold_lines
                )
                right.append(float(facts))
                cited.append(float(gold))
                both.append(float(facts and gold))
                refused_wrong.append(float(not answer.answered))
                words.append(float(len(answer.text.split())))
                verdict = "right" if facts and gold else "facts only" if facts else "WRONG"
            else:
                refused_right.append(float(not answer.answered))
                verdict = "refused" if not answer.answered else "ANSWERED, unanswerable"
            if options.show:
                print(f"\n{question.question_id} {question.kind}: {question.text}  -> {verdict}")
                print("   " + answer.text.replace("\n", "\n   "))
    print_table(
        "Example questions over the five articles",
        [
            ("all facts in 150 words", mean(right), len(right)),
            ("a gold line cited", mean(cited), len(cited)),
            ("all facts and a gold line", mean(both), len(both)),
            ("answerable questions refused", mean(refused_wrong), len(refused_wrong)),
            ("unanswerable questions refused", mean(refused_right), len(refused_right)),
            ("words of an answer", mean(words), len(words)),
        ],
    )


if __name__ == "__main__":
    main()
