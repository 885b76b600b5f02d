"""Training of the reader: data, network, measuring and delivery.

In this order, with RAG_SHARED_DIR set (T is a Python with torch, the others the project's):

    python -m evals.training.check               # the questions are sound
    python -m evals.training.base                # the embedding model's weights, as files
    python -m evals.training.candidates          # what the first stage finds for each question
    python -m evals.training.base --reranker     # the reranker's weights, as files
    python -m evals.training.start               # its head, as training starts from it
    T -m evals.training.train .evals/reranker/one ...       # written questions
    python -m evals.training.export .evals/reranker/one --out READER ...    # the small difference
    python -m evals.training.calibrate READER --int8 ...
    python -m evals.training.evaluate READER --int8 --split test --settings ...

Commands that take --work work on the embedding model by default, on the reranker with `--work
.evals/reranker`, which needs candidates.jsonl and sentences.jsonl of the other folder too.
`RESULTS.md` has the whole commands.
"""
