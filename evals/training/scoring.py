"""Scores of a trained reader over written questions, without torch. Not a command.

A model is a folder with `weights.npz` (a training run), such a file, or an exported `reader.npz`;
either is merged into the base's graph and run by onnxruntime, as float32 or as int8.
"""

import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from evals.data import json_lines
from evals.training.base import require_base
from evals.training.inputs import Pair, Words, by_length, padded, pair
from evals.training.lists import Asked, by_line, context_of, read_asked
from evals.training.measures import Floats, Scored
from evals.training.merging import (
    LOGITS,
    META,
    Tensors,
    quantise,
    read_difference,
    session,
    tensors,
    token_types,
    write_merged,
)

# As the product reads: the int8 logits of a pair depend on those that are read with it.
PAIRS_AT_ONCE = 1


@dataclass(frozen=True)
class Model:
    """A reader that scores pairs.

    Attributes:
        context: What is put before a sentence.
        types: How many token types it tells apart.
    """

    runner: Any
    words: Words
    context: str
    threads: int = 2
    types: int = 2

    def logits(self, pairs: Sequence[Pair]) -> Floats:
        """The logit of each pair, of a reader."""
        return self.outputs(pairs, 1)[:, 0]

    def outputs(self, pairs: Sequence[Pair], count: int) -> Floats:
        """The `count` logits of each pair, shape (n_pairs, count)."""
        found = np.zeros((len(pairs), count))

        def run(group: list[int]) -> None:
            ids, mask, types = padded([pairs[k] for k in group])
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types % self.types}
            found[group] = self.runner.run([LOGITS], given)[0]

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(run, by_length(pairs, PAIRS_AT_ONCE)))
        return found

    def pair(self, question: str, text: str, before: str, title: str) -> Pair:
        """The tokens of a question and a sentence, with what this model has before it."""
        row = {"text": text, "before": before}
        context = context_of(self.words, row, title, self.context)
        return pair(self.words.asked(question), self.words.ids(text), context)


def start_row(run: Path) -> dict[str, Any]:
    """What a run was started with, the last time when it was taken up again."""
    return [row for row in json_lines(run / "log.jsonl") if row.get("event") == "start"][-1]


def changes_of(path: Path, folded: Path) -> tuple[Tensors, str]:
    """What a model adds to the base's tensors, and its kind of context."""
    import onnx

    file = path / "weights.npz" if path.is_dir() else path
    with np.load(file) as held:
        if META in held.files:
            difference = read_difference(file)
            require_base(difference.meta, folded.parent)
            return difference.tensors, str(difference.meta["input"]["context"])
        trained = {name: held[name] for name in held.files}
    base = tensors(onnx.load(str(folded)))
    changes = {name: value - base[name] if name in base else value
               for name, value in trained.items()}  # fmt: skip
    return changes, str(start_row(file.parent)["options"]["context"])


def load_model(path: Path, work: Path, *, int8: bool = False, threads: int = 2) -> Model:
    """Merge a model into the base's graph and load it."""
    changes, context = changes_of(path, work / "folded.onnx")
    with tempfile.TemporaryDirectory(dir=work) as temporary:
        merged = Path(temporary) / "merged.onnx"
        write_merged(work / "folded.onnx", changes, merged)
        if int8:
            small = Path(temporary) / "int8.onnx"
            quantise(merged, small)
            merged = small
        runner = session(merged)
    types = token_types(work / "folded.onnx")
    return Model(runner, Words(work / "tokenizer.json"), context, threads, types)


def scored(asked: Asked, logits: Floats | None, top: int) -> Scored:
    """What a model (none: all logits 0) says of the first `top` candidates of a question."""
    rows = asked.rows[:top]
    return Scored(
        f"{asked.given['doc_id']}|{asked.given['question']}",
        bool(asked.given["answerable"]),
        [str(row["line"]) for row in rows],
        asked.gold[:top],
        asked.labels[:top],
        np.array(asked.scores[:top]),
        logits if logits is not None else np.zeros(len(rows)),
    )


def score_split(model: Model | None, data: Path, work: Path, split: str, *, top: int,
                limit: int | None = None, lines: bool = False) -> list[Scored]:  # fmt: skip
    """Every question of a split (or `limit` of them, spread evenly) as `model` scores it.

    `lines`: whole lines are read instead of sentences.
    """
    asked = [by_line(one) if lines else one for one in read_asked(data, work, split) if one.rows]
    if limit and limit < len(asked):
        asked = [asked[k] for k in np.linspace(0, len(asked) - 1, limit).astype(int)]
    if model is None:
        return [scored(one, None, top) for one in asked]
    pairs = [
        model.pair(one.given["question"], row["text"], row["before"], one.title)
        for one in asked
        for row in one.rows[:top]
    ]
    return _dealt(asked, model.logits(pairs), top)


def _dealt(asked: Sequence[Asked], logits: Floats, top: int) -> list[Scored]:
    """The logits given back to the questions that they belong to."""
    found = []
    place = 0
    for one in asked:
        count = min(top, len(one.rows))
        found.append(scored(one, logits[place : place + count], top))
        place += count
    return found


def score_examples(model: Model | None, work: Path, top: int) -> list[Scored]:
    """The example questions, candidates over all five articles; not for choosing anything."""
    found = []
    for row in json_lines(work / "examples.jsonl"):
        shown = row["found"][:top]
        gold_lines = {(path, line) for path, line in row["gold"]}
        gold = [
            any((one["path"], k) in gold_lines for k in range(one["line"], one["last_line"] + 1))
            for one in shown
        ]
        logits = np.zeros(len(shown))
        if model is not None and shown:
            logits = model.logits(
                [model.pair(row["question"], one["text"], one["before"], "") for one in shown]
            )
        lines = [f"{one['path']}:{one['line']}" for one in shown]
        first = np.array([one["score"] for one in shown])
        labels = [int(on) for on in gold]
        found.append(Scored(row["question"], row["answerable"], lines, gold, labels, first, logits))
    return [one for one in found if one.lines]


def pairs_a_second(model: Model, pairs: Sequence[Pair], seconds: float = 5.0) -> float:
    """How many pairs one thread scores a second."""
    one_thread = replace(model, threads=1)
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        take = [pairs[(done + k) % len(pairs)] for k in range(30)]
        one_thread.logits(take)
        done += len(take)
    return done / (time.perf_counter() - begun)
