"""The reranker's own head, as the linear one that training starts from; needs no torch.

    python -m evals.training.start [--work .evals/reranker] [--questions 400]

Its head is not linear in what the models here are judged by, the first token and the mean of the
sentence's tokens, but nearly so: a least-squares fit over pairs of train questions has R2 0.999.
Writes WORK/start.npz for `train --start`. SCALE and SHIFT bring its scores, which lie between -11
and 11, to where 0 is an even chance.
"""

import argparse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from evals.training.base import RERANKER_WORK, START, base_of, wheel_file
from evals.training.check import QUESTIONS
from evals.training.inputs import SENTENCE, Pair, Words, padded
from evals.training.lists import sample, written_lists
from evals.training.measures import Floats
from evals.training.merging import HEAD_BIAS, HEAD_WEIGHT, session

SCALE, SHIFT, RIDGE = 0.3, 1.5, 10.0
CANDIDATES = 5


def pooled(runner: Any, pair: Pair) -> Floats:
    """The first token's vector and the mean of the sentence's, shape (2 * width,)."""
    ids, mask, types = padded([pair])
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    hidden = runner.run(None, given)[0][0]
    return np.concatenate([hidden[0], hidden[types[0] == SENTENCE].mean(axis=0)])


def own_scores(rows: Floats, source: Path) -> Floats:
    """What the head of the reranker's file makes of `pooled` rows."""
    import onnx
    from onnx import numpy_helper

    held = {tensor.name: numpy_helper.to_array(tensor)
            for tensor in onnx.load(str(source)).graph.initializer}  # fmt: skip

    def layer(given: Floats, name: str) -> Floats:
        quantised, zero, scale = (
            held[f"{name}.weight_{part}"] for part in ("quantized", "zero_point", "scale")
        )
        whole = (quantised - zero.astype(float)) * scale
        return np.asarray(given @ whole + held[f"{name}.bias"])

    first = rows[:, : rows.shape[1] // 2]
    return layer(np.tanh(layer(first, "bert.pooler.dense")), "classifier")[:, 0]


def fit_linear(rows: Floats, scores: Floats) -> tuple[Floats, float]:
    """Weights and constant of the least-squares fit."""
    middle = rows.mean(axis=0)
    centred = rows - middle
    weights = np.linalg.solve(
        centred.T @ centred + RIDGE * np.eye(rows.shape[1]), centred.T @ (scores - scores.mean())
    )
    return weights, float(scores.mean() - middle @ weights)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="The head that training starts from.")
    parser.add_argument("--work", type=Path, default=RERANKER_WORK)
    parser.add_argument("--questions", type=int, default=400)
    options = parser.parse_args()
    words = Words(options.work / "tokenizer.json")
    lists = written_lists(QUESTIONS, options.work, words, "train", kind="both")
    random = np.random.default_rng(3)
    drawn = random.permutation(len(lists))[: options.questions]
    pairs = [pair for k in drawn for pair in sample(lists[k], CANDIDATES, random).pairs]
    runner = session(options.work / "folded.onnx")
    with ThreadPoolExecutor(2) as pool:
        rows = np.array(list(pool.map(lambda pair: pooled(runner, pair), pairs)))
    said = base_of(options.work)
    scores = own_scores(rows, wheel_file(*said["model"]))
    weights, constant = fit_linear(rows, SCALE * scores + SHIFT)
    left = SCALE * scores + SHIFT - rows @ weights - constant
    print(f"{len(pairs)} pairs, R2 {1 - left.var() / (SCALE * scores).var():.4f}")
    head: dict[str, Any] = {
        HEAD_WEIGHT: weights[:, None].astype(np.float32),
        HEAD_BIAS: np.array([constant], dtype=np.float32),
    }
    np.savez(options.work / START, **head)


if __name__ == "__main__":
    main()
