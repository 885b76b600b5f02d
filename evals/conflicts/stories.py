"""Questions over the invented stories -> pairs of sentences, with what the second is to the first.

    python -m evals.conflicts.stories .evals/conflicts/readings.jsonl

writes the nearest sentences that the product reads for each question of the dev parts, with the
values that each gives. Two of them that give different values of a disagreement differ, two that
give one value say the same, and any other two are beside each other. Where the lines do not tell
whether two values are one in other words or of two things, either is right.
"""

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from evals.adapters import Places, load
from evals.conflicts.items import BESIDE, CLASSES, SAME, AnsweringPair, Compared
from evals.data import json_lines
from evals.runs import indexed
from evals.sources import FOLDER
from rag import Config, ScoredSentence, open_engine

# What is read, and the file of its questions; no test part.
DATASETS = {
    "stories-dev": "story_questions.jsonl", "wires-dev": "wire_questions.jsonl",
    "wires-train": "wire_questions.jsonl", "papers-train": "paper_questions.jsonl",
}  # fmt: skip
# Sentences that are read for a question; of these, the pairs are of the first ones and of those
# that give a value.
READ, PAIRED = 22, 14
# Pairs of one question that a pass sees at most: that differ, that say the same, of which one
# gives a value, and others.
SHOWN = (5, 3, 6, 2)
SHOWN_NEWS = 5

DIFFER = tuple(range(SAME + 1, len(CLASSES)))
NOT_DIFFER = (BESIDE, SAME)

Random = np.random.Generator


def readings(name: str, file: str, work: Path) -> Iterator[dict[str, Any]]:
    """What is read for every question of a data set, with the values of each sentence."""
    (dataset,) = load([name], Places(None, work))
    rows = {row["id"]: row for row in json_lines(FOLDER / file)}
    with open_engine(indexed(Config(corpus_dir=dataset.corpus_dir), work)) as engine:
        for question in dataset.questions:
            row = rows[question.question_id]
            found = engine.search_sentences(question.text, READ)
            yield {
                "id": row["id"], "question": row["question"], "disagree": row["disagree"],
                "alike": not question.differing,
                "beside": [k for k, v in enumerate(row["values"]) if v.get("beside")],
                "marked": "answers" in row["values"][0],
                "sentences": [read_sentence(sentence, row["values"]) for sentence in found],
            }  # fmt: skip


def read_sentence(sentence: ScoredSentence, values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A sentence with the places of the values that it gives, and its words that answer.

    Of a line of several sentences only those that hold the words give the value, where the words
    are known.
    """
    given, answer = [], ""
    for place, value in enumerate(values):
        lines = value.get("lines") or [(a["path"], a["line"], a["answer"])
                                       for a in value["answers"]]  # fmt: skip
        for path, line, *words in lines:
            here = path == sentence.path and sentence.first_line <= line <= sentence.last_line
            if here and all(word in sentence.text for word in words):
                given.append(place)
                answer = words[0] if words else answer
    return {"text": sentence.text, "probability": sentence.probability or 0.0,
            "values": sorted(set(given)), "answer": answer}  # fmt: skip


def pairs_of(reading: Mapping[str, Any]) -> Iterator[tuple[int, AnsweringPair]]:
    """The pairs of a question's sentences, each with its place in SHOWN."""
    kept = [one for rank, one in enumerate(reading["sentences"])
            if rank < PAIRED or one["values"]]  # fmt: skip
    for one, other in combinations(kept, 2):
        here, there = set(one["values"]), set(other["values"])
        if here and there and not here & there:
            place, allowed = (0, DIFFER) if reading["disagree"] else (2, NOT_DIFFER)
            if reading["marked"] and not reading["disagree"]:
                allowed = (BESIDE,)  # the other value is of something else
        elif here and here == there:
            beside = here & set(reading["beside"])
            place, allowed = 1, NOT_DIFFER if beside else (SAME,)
        elif here & there:
            continue  # a sentence that gives two values
        else:
            place, allowed = (2, (BESIDE,)) if here or there else (3, NOT_DIFFER)
        compared = Compared(reading["question"], one["text"], other["text"], allowed[0])
        yield place, AnsweringPair(compared, allowed, (one["answer"], other["answer"]))


def sample_pairs(reading: Mapping[str, Any], random: Random) -> list[AnsweringPair]:
    """What one pass sees of a question, in any order of the two; nearer sentences more often."""
    pairs = list(pairs_of(reading))
    chosen: list[AnsweringPair] = []
    for place, most in enumerate(SHOWN):
        held = [pair for where, pair in pairs if where == place]
        if held:
            weights = 1 / (2 + np.arange(len(held)))
            taken = random.choice(len(held), min(most, len(held)), replace=False,
                                  p=weights / weights.sum())  # fmt: skip
            chosen += [held[k] for k in taken]
    return _in_any_order(chosen, random)


def sample_news(reading: Mapping[str, Any], random: Random) -> list[AnsweringPair]:
    """What one pass sees of a question over real news: pairs of likely answers more often."""
    both = list(combinations(reading["sentences"][:PAIRED], 2))
    if not both:
        return []
    weights = np.array([math.prod(0.02 + one["probability"] for one in pair) for pair in both])
    taken = random.choice(len(both), min(SHOWN_NEWS, len(both)), replace=False,
                          p=weights / weights.sum())  # fmt: skip
    pairs = [Compared(reading["question"], both[k][0]["text"], both[k][1]["text"], BESIDE)
             for k in taken]  # fmt: skip
    return _in_any_order([AnsweringPair(one, NOT_DIFFER, ("", "")) for one in pairs], random)


def _in_any_order(pairs: Sequence[AnsweringPair], random: Random) -> list[AnsweringPair]:
    return [turned(pair) if random.random() < 0.5 else pair for pair in pairs]


def turned(pair: AnsweringPair) -> AnsweringPair:
    """A pair with its sentences the other way round."""
    question, one, other, label = pair.compared
    first, second = pair.answers
    return AnsweringPair(Compared(question, other, one, label), pair.allowed, (second, first))


def write_readings(out: Path, found: Iterable[Mapping[str, Any]]) -> None:
    """Write readings, one JSON object a line, as they come."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        for reading in found:
            file.write(json.dumps(reading, ensure_ascii=False) + "\n")


def main() -> None:
    """Write the readings."""
    parser = argparse.ArgumentParser(description="What is read for the questions over stories.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--work", type=Path, default=Path(".evals"))
    options = parser.parse_args()
    write_readings(
        options.out,
        (reading for name, file in DATASETS.items()
         for reading in readings(name, file, options.work)),
    )  # fmt: skip


if __name__ == "__main__":
    main()
