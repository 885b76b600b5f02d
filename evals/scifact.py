"""SciFact test: nDCG@10 of document retrieval, beside published figures.

python -m evals.scifact [--data DIR] [--limit N]
"""

from evals.data import data_dir, scifact_queries, write_scifact_corpus
from evals.metrics import ndcg
from evals.runs import arguments, benchmark_config, mean, print_table
from rag import open_engine

# An abstract is one to three chunks, so this many chunks hold ten documents.
CHUNKS = 50


def main() -> None:
    """Print the table."""
    options = arguments("SciFact test").parse_args()
    config = benchmark_config(options, "scifact", write_scifact_corpus)
    queries, qrels = scifact_queries(data_dir(options.data))
    scores = []
    with open_engine(config) as engine:
        for query_id in list(queries)[: options.limit]:
            found = engine.search(queries[query_id], CHUNKS)
            ranked = list(dict.fromkeys(scored.chunk.path for scored in found))
            scores.append(ndcg(ranked, qrels[query_id], 10))
    print_table("SciFact test (published: BM25 0.679, bge-small 0.713)",
                [("ndcg@10", mean(scores), len(scores))])  # fmt: skip


if __name__ == "__main__":
    main()
