"""Write what training changed as one small file, and prove that it works merged and quantised.

    python -m evals.training.export RUN [--rank 16] [--calibration FILE] [--out FILE]
    python -m evals.training.export RUN --check [--limit 300]

RUN is the folder of a training run. The difference to the base's weights is cut to `--rank`; the
file holds it as float16 with its meta data, and `calibration` is put in again after
`evals.training.calibrate` ran on the exported file. --check compares the run itself, and the file
as float32 and as int8, on dev, and prints how many pairs a second one thread scores.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from evals.data import json_lines
from evals.training.base import START, WORK, base_of, sha256_of
from evals.training.check import HERE, QUESTIONS, SPLITS, TWINS
from evals.training.evaluate import fit, results
from evals.training.inputs import BEFORE_TOKENS, MAX_TOKENS, QUESTION_TOKENS, TITLE_TOKENS
from evals.training.lists import REFERRING_WORDS, referring_words
from evals.training.merging import (
    META,
    SPAN_BIAS,
    SPAN_WEIGHT,
    Tensors,
    cut,
    initialiser_names,
    read_difference,
    tensors,
    write_difference,
)
from evals.training.scoring import (
    changes_of,
    load_model,
    pairs_a_second,
    score_split,
    start_row,
)

LIMIT_BYTES = 5_000_000


def history(run: Path) -> list[dict[str, Any]]:
    """The runs that led to this one, the first one first."""
    row = start_row(run)
    last = json_lines(run / "log.jsonl")[-1]
    here = {
        "options": row["options"], "steps": row["steps"], "seconds": last.get("seconds"),
        "written": row["written"], "public": row["public"],
    }  # fmt: skip
    return [*_before(Path(row["options"]["start"])), here]


def _before(start: Path) -> list[dict[str, Any]]:
    """The runs that led to what a run started from.

    It is a folder, weights of one, an exported file, or what `evals.training.start` wrote.
    """
    if str(start) == "None" or start.name == START:
        return []
    if start.suffix != ".npz":
        return history(start)
    with np.load(start) as held:
        exported = META in held.files
    if exported:
        runs: list[dict[str, Any]] = read_difference(start).meta["runs"]
        return runs
    return history(start.parent)


def meta_of(run: Path, work: Path, rank: int, names: dict[str, str],
            calibration: dict[str, Any] | None) -> dict[str, Any]:  # fmt: skip
    """The meta data of an exported file."""
    runs = history(run)
    public = next((Path(one["options"]["public_file"]) for one in runs
                   if one["options"]["public_file"] != "None"), None)  # fmt: skip
    return {
        "format": 1, "rank": rank, "runs": runs, "calibration": calibration,
        "base": base_of(work),
        "data": {
            "questions_sha256": sha256_of(QUESTIONS), "twins_sha256": sha256_of(TWINS),
            "splits_sha256": sha256_of(SPLITS),
            "public_lists_sha256": sha256_of(public) if public and public.is_file() else None,
        },
        "code": {path.name: sha256_of(path) for path in sorted(HERE.glob("*.py"))},
        "input": {
            "layout": "[CLS] question [SEP] title [SEP] before [SEP] sentence [SEP]",
            "types": "0 question, 2 (or 0, of two types) context, 1 sentence and the last [SEP]",
            "context": runs[-1]["options"]["context"],
            "referring_words": sorted(referring_words()), "referring_within": REFERRING_WORDS,
            "max_tokens": MAX_TOKENS, "question_tokens": QUESTION_TOKENS,
            "title_tokens": TITLE_TOKENS, "before_tokens": BEFORE_TOKENS,
        },
        "initialisers": names,
    }  # fmt: skip


def export(run: Path, work: Path, rank: int, calibration: Path | None, target: Path, *,
           weights: str = "weights.npz") -> None:  # fmt: skip
    """Write the exported file."""
    import onnx

    model = onnx.load(str(work / "folded.onnx"))
    changes, _ = changes_of(run / weights, work / "folded.onnx")
    if float(start_row(run)["options"]["spans"]) == 0:
        changes = {k: v for k, v in changes.items() if k not in (SPAN_WEIGHT, SPAN_BIAS)}
    settings = json.loads(calibration.read_text(encoding="utf-8")) if calibration else None
    meta = meta_of(run, work, rank, initialiser_names(model), settings)
    meta["weights"] = weights
    write_small(target, tensors(model), changes, rank, meta)


def write_small(
    target: Path, base: Tensors, changes: Tensors, rank: int, meta: dict[str, Any]
) -> None:
    """Write changes of the base's tensors, `base`, with the matrices cut to `rank`.

    Raises:
        SystemExit: When the file is larger than LIMIT_BYTES.
    """
    trained = {name: base[name] + value if name in base else value
               for name, value in changes.items()}  # fmt: skip
    write_difference(target, cut(base, trained, rank), meta)
    size = target.stat().st_size
    print(f"{target}: rank {rank}, {size:,} bytes, sha256 {sha256_of(target)}")
    if size > LIMIT_BYTES:
        raise SystemExit(f"larger than {LIMIT_BYTES:,} bytes")


def check(run: Path, work: Path, target: Path, top: int, limit: int | None) -> None:
    """Compare the run, the exported file and its int8 form on dev."""
    for title, path, int8 in (
        ("the run, float32", run, False),
        ("exported, float32", target, False),
        ("exported, int8", target, True),
    ):
        model = load_model(path, work, int8=int8)
        questions = score_split(model, QUESTIONS, work, "dev", top=top, limit=limit)
        found = results(questions, fit(questions), fitted_here=True)
        shown = ", ".join(f"{key} {value:.3f}" for key, value in found.items())
        print(f"{title} ({len(questions)} questions): {shown}")
        if int8:
            pairs = sample_pairs(model, work)
            print(f"one thread, int8: {pairs_a_second(model, pairs):.0f} pairs a second")


def sample_pairs(model: Any, work: Path) -> list[Any]:
    """Pairs as they are read at run time: the first 30 candidates of some dev questions."""
    from evals.training.lists import read_asked

    found = []
    for number, asked in enumerate(read_asked(QUESTIONS, work, "dev")):
        if number % 40 == 0:
            found += [
                model.pair(asked.given["question"], row["text"], row["before"], asked.title)
                for row in asked.rows[:30]
            ]
    return found


def main() -> None:
    """Export or check."""
    parser = argparse.ArgumentParser(description="Export a trained reader.")
    parser.add_argument("run", type=Path)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--calibration", type=Path)
    parser.add_argument("--weights", default="weights.npz", help="or averaged.npz")
    parser.add_argument("--out", type=Path, default=WORK / "reader.npz")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--top", type=int, default=30)
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    if options.check:
        run = options.run / options.weights
        check(run, options.work, options.out, options.top, options.limit)
    else:
        export(options.run, options.work, options.rank, options.calibration, options.out,
               weights=options.weights)  # fmt: skip


if __name__ == "__main__":
    main()
