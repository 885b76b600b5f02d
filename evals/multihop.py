"""MultiHop-RAG dev: retrieval of the evidence, and the lines that the answers cite.

python -m evals.multihop [--data DIR] [--limit N]
"""

from collections import Counter

from evals.data import GoldLine, data_dir, multihop_questions, write_multihop_corpus
from evals.metrics import all_facts, any_hit, f1, fact_recall, reciprocal_rank
from evals.runs import arguments, benchmark_config, covered_ranks, mean, print_table
from rag import open_engine


def main() -> None:
    """Print the tables of retrieval, citations and refusals."""
    options = arguments("MultiHop-RAG dev").parse_args()
    config = benchmark_config(options, "multihop", write_multihop_corpus)
    questions = multihop_questions(data_dir(options.data))[: options.limit]
    covered, line_f1, refused = [], [], Counter[bool]()
    with open_engine(config) as engine:
        for question in questions:
            answer = engine.query(question.text)
            refused[question.answerable] += not answer.answered
            if question.answerable:
                covered.append(covered_ranks(question, engine.search(question.text, 10)))
                cited = {
                    GoldLine(citation.path, line)
                    for citation in answer.citations
                    for line in range(citation.first_line, citation.last_line + 1)
                }
                line_f1.append(f1(cited, question.gold_lines))
    count = len(covered)
    print_table(
        "MultiHop-RAG dev, retrieval (plain BM25 over the same chunk size: "
        "0.769 / 0.905 / 0.596 / 0.304 / 0.623)",
        [
            ("any_hit@4", mean([any_hit(ranks, 4) for ranks in covered]), count),
            ("any_hit@10", mean([any_hit(ranks, 10) for ranks in covered]), count),
            ("fact_recall@10", mean([fact_recall(ranks, 10) for ranks in covered]), count),
            ("all_facts@10", mean([all_facts(ranks, 10) for ranks in covered]), count),
            ("mrr@10", mean([reciprocal_rank(ranks, 10) for ranks in covered]), count),
        ],
    )
    unanswerable = len(questions) - count
    print_table(
        "MultiHop-RAG dev, answers (top 3 lines of BM25: line F1 0.313)",
        [
            ("line F1 of the citations", mean(line_f1), count),
            ("answerable questions refused", refused[True] / count if count else None, count),
            ("unanswerable questions refused",
             refused[False] / unanswerable if unanswerable else None, unanswerable),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
