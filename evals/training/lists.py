"""Questions with candidates, as training takes them. Not a command.

A candidate is right (1), wrong (0), or may not be shown (MASKED): other sentences of a line that
answers, where the sentence that does is known. Of a list, `sample` takes what one step sees.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evals.data import json_lines
from evals.training.check import read_splits
from evals.training.inputs import Pair, Words, context, pair

RIGHT, WRONG, MASKED = 1, 0, -1
# Of a list: how many right sentences are shown at most and how many wrong ones at least, and what
# part of the wrong ones is taken from the nearest (the others are any of the document).
SHOWN_RIGHT, SHOWN_WRONG, NEAREST, SHARE_NEAREST = 3, 3, 13, 0.75

# Lines that would tempt a careless reader: so many of their sentences are always shown.
NEAR = 3
# Words that may refer to what stands before, looked for among the first ones of a sentence.
REFERRING_WORDS = 4
# Of so many questions one is shown without the article's title, since some articles have none.
UNTITLED = 10

_REFERRING = frozenset(
    "he she it they him her them his hers its their theirs this these those".split()
)
_WORD = re.compile(r"[a-z]+")

Random = np.random.Generator
Span = tuple[int, int] | None


@dataclass(frozen=True)
class Candidate:
    """A sentence, in tokens.

    Attributes:
        span: First and last token of the words that answer, where known.
    """

    sentence: list[int]
    context: list[int]
    label: int
    span: Span = None


@dataclass(frozen=True)
class Listed:
    """A question and its candidates, nearest first.

    Attributes:
        near: Positions of candidates that would tempt a careless reader; always shown.
    """

    question: list[int]
    candidates: list[Candidate]
    near: tuple[int, ...] = ()

    @property
    def is_answerable(self) -> bool:
        """Whether a candidate answers."""
        return any(one.label == RIGHT for one in self.candidates)


@dataclass(frozen=True)
class Sampled:
    """What one step sees of a list."""

    pairs: list[Pair]
    labels: list[int]
    spans: list[Span]


def public_lists(path: Path, words: Words) -> list[Listed]:
    """The public lists."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            right = set(row["positives"])
            found.append(
                Listed(
                    words.asked(row["question"]),
                    [
                        Candidate(words.ids(text), [], RIGHT if k in right else WRONG)
                        for k, text in enumerate(row["candidates"])
                    ],
                )
            )
    return found


def without_right(listed: Listed) -> Listed:
    """The list without what answers, so that the same question has no answer.

    Else a model learns how questions sound that nothing answers, and reads no further.
    """
    kept = [one for one in listed.candidates if one.label == WRONG]
    near = (kept.index(listed.candidates[k]) for k in listed.near
            if listed.candidates[k].label == WRONG)  # fmt: skip
    return Listed(listed.question, kept, tuple(near))


def sample(listed: Listed, count: int, random: Random) -> Sampled:
    """About `count` candidates of a list: right ones, tempting ones, near ones and any."""
    right = [k for k, one in enumerate(listed.candidates) if one.label == RIGHT]
    wrong = [k for k, one in enumerate(listed.candidates) if one.label == WRONG]
    limit = min(SHOWN_RIGHT, count - 2)
    if len(right) > limit:
        right = sorted(random.choice(right, limit, replace=False).tolist())
    shown_wrong = max(count - len(right), min(SHOWN_WRONG, count - 2))
    chosen = [k for k in listed.near if listed.candidates[k].label == WRONG][:shown_wrong]
    left = [k for k in wrong if k not in chosen]
    needed = shown_wrong - len(chosen)
    hardest = left[:NEAREST]
    take = min(len(hardest), round(needed * SHARE_NEAREST + random.random() * 0.5))
    if take > 0:
        weights = np.linspace(2.0, 1.0, len(hardest))
        chosen += random.choice(hardest, take, replace=False, p=weights / weights.sum()).tolist()
    left = [k for k in left if k not in chosen]
    take = min(len(left), shown_wrong - len(chosen))
    if take > 0:
        chosen += random.choice(left, take, replace=False).tolist()
    shown = [listed.candidates[k] for k in [*right, *chosen]]
    pairs = [pair(listed.question, one.sentence, one.context) for one in shown]
    spans: list[Span] = []
    for one, (tokens, start) in zip(shown, pairs, strict=True):
        ends = (one.span[0] + start, one.span[1] + start) if one.span else None
        spans.append(ends if ends and ends[1] < len(tokens) - 1 else None)
    return Sampled(pairs, [one.label for one in shown], spans)


@dataclass(frozen=True)
class Asked:
    """A written question with the candidates that the first stage found, best first.

    Attributes:
        rows: Each candidate as `sentences.jsonl` has it.
        scores: Of the first stage.
        labels: RIGHT, WRONG or MASKED.
        gold: Whether each stands on a line that answers.
    """

    given: Mapping[str, Any]
    title: str
    rows: list[Mapping[str, Any]]
    scores: list[float]
    labels: list[int]
    gold: list[bool]


def by_line(asked: Asked) -> Asked:
    """The same with whole lines for sentences, in the order of each one's best sentence.

    A line counts as right where any sentence of it does, and has no span.
    """
    places: dict[int, list[int]] = {}
    for k, row in enumerate(asked.rows):
        places.setdefault(row["line"], []).append(k)
    rows: list[Mapping[str, Any]] = []
    labels: list[int] = []
    for members in places.values():
        ordered = sorted((asked.rows[k] for k in members), key=lambda row: row["start"])
        text = " ".join(row["text"] for row in ordered)
        rows.append({**ordered[0], "text": text, "last_line": ordered[-1]["last_line"]})
        labels.append(max(asked.labels[k] for k in members))
    first = [members[0] for members in places.values()]
    return Asked({**asked.given, "span": None}, asked.title, rows, [asked.scores[k] for k in first],
                 labels, [any(asked.gold[k] for k in members) for members in places.values()]
                 )  # fmt: skip


def read_asked(data: Path, work: Path, split: str | None = None) -> Iterator[Asked]:
    """The questions of a split (of all, where None) with their candidates."""
    splits = read_splits()
    documents = {row["doc_id"]: row for row in json_lines(work / "sentences.jsonl")}
    found = {
        (row["doc_id"], row["question"]): row["found"]
        for row in json_lines(work / "candidates.jsonl")
    }
    for given in json_lines(data):
        if split is None or splits[given["doc_id"]] == split:
            document = documents[given["doc_id"]]
            scored = found[given["doc_id"], given["question"]]
            rows = [document["sentences"][number] for number, _ in scored]
            labels = labels_of(given, rows)
            gold = [_stands_on(row, given["lines"]) for row in rows]
            yield Asked(given, document["title"], rows, [s for _, s in scored], labels, gold)


def labels_of(given: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The label of each sentence: where the span is known, only the one that holds it is right."""
    gold = [_stands_on(row, given["lines"]) for row in rows]
    holds = [_span_in(given["span"], row) is not None for row in rows]
    if any(holds):
        return [RIGHT if held else MASKED if on else WRONG
                for held, on in zip(holds, gold, strict=True)]  # fmt: skip
    return [RIGHT if on else WRONG for on in gold]


def context_of(words: Words, row: Mapping[str, Any], title: str, kind: str) -> list[int]:
    """The tokens that are put before a sentence.

    "none": nothing. "pronoun": the sentence before, when one of the sentence's first words may
    refer to it. "both": the title, and the sentence before.
    """
    if kind == "none" or (kind == "pronoun" and not needs_context(row["text"])):
        return []
    return context(words.ids(title if kind == "both" else ""), words.ids(row["before"]))


def needs_context(text: str) -> bool:
    """Whether one of the first words of a sentence may refer to what stands before."""
    return any(word in _REFERRING for word in _WORD.findall(text.lower())[:REFERRING_WORDS])


def referring_words() -> frozenset[str]:
    """The words that make a sentence need the one before it."""
    return _REFERRING


def written_lists(data: Path, work: Path, words: Words, split: str, *, kind: str = "none",
                  hard: Path | None = None, lines: bool = False) -> list[Listed]:  # fmt: skip
    """The written questions of a split, as training takes them.

    `hard` is what `evals.training.mine` wrote: only its questions are taken, and the sentences that
    misled the model come first among those that tempt. `lines`: whole lines are the candidates.
    """
    misled = {(row["doc_id"], row["question"]): row["wrong"] for row in json_lines(hard)
              } if hard else None  # fmt: skip
    lists = []
    for read in read_asked(data, work, split):
        asked = by_line(read) if lines else read
        given = asked.given
        if given["answerable"] and RIGHT not in asked.labels:
            continue  # the first stage did not find it: nothing can be learned here
        key = (given["doc_id"], given["question"])
        if misled is not None and key not in misled:
            continue
        untitled = zlib.crc32(given["question"].encode()) % UNTITLED == 0
        title = "" if untitled else asked.title
        near = tuple(k for k, row in enumerate(asked.rows) if _stands_on(row, given["near"]))
        if misled is not None:
            near = tuple(dict.fromkeys([*misled[key], *near]))
        candidates = []
        for row, label in zip(asked.rows, asked.labels, strict=True):
            ends = _span_in(given["span"], row) if label == RIGHT else None
            candidates.append(
                Candidate(
                    words.ids(row["text"]), context_of(words, row, title, kind),
                    label, words.span(row["text"], *ends) if ends else None,
                )
            )  # fmt: skip
        lists.append(Listed(words.asked(given["question"]), candidates, near[:NEAR]))
    return lists


def _stands_on(row: Mapping[str, Any], lines: Sequence[int]) -> bool:
    return any(row["line"] <= line <= row["last_line"] for line in lines)


def _span_in(span: Sequence[int] | None, row: Mapping[str, Any]) -> tuple[int, int] | None:
    """The part of [line, start, end] that lies in a sentence, as offsets in it."""
    if not span or span[0] != row["line"]:
        return None
    start, end = max(span[1] - row["start"], 0), min(span[2] - row["start"], len(row["text"]))
    if span[1] < row["start"] or start >= end:
        return None
    return start, end
