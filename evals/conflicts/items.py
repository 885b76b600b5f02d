"""Written items -> pairs of sentences with what the second is to the first. Not a command.

An item is a question, a sentence of an article that answers it, and sentences as other outlets
would print them: with another answer (each with its difference), with the same one, and beside the
question. Every two of them give a pair, but two with another answer, which may be the same one, and
two of the article, which would only ever be beside the question: a model could go by the style.

A sentence of the article is kept as [line, start, end], since articles are no part of this
repository.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evals.data import data_dir, json_lines
from evals.training.check import article_lines, read_splits
from evals.training.inputs import CLS, SEP, Pair, Words
from evals.training.lists import Sampled

HERE = Path(__file__).parent
ITEMS = HERE / "items.jsonl"

# What a sentence is to another one, for a question, in the order of the model's outputs.
BESIDE, SAME = 0, 1
CLASSES = ("beside", "same", "contradiction", "time", "rounding", "precision")
DIFFERENCES = CLASSES[2:]
KINDS = ("number", "date", "place", "person", "role", "cause", "status", "polarity", "attribution",
         "object")  # fmt: skip

QUESTION_TOKENS, SENTENCE_TOKENS = 36, 60
# Answers of these kinds and of so many words may change places; so many pairs with such are shown.
SWAPPED_KINDS = frozenset({"number", "date", "place", "person", "role", "object"})
SWAPPED_WORDS, SWAPPED = 6, 4
# Of so many pairs that answer, one is also shown with another question of the same article.
OTHER_QUESTION = 2

Random = np.random.Generator
# Where a sentence begins and ends in a pair, and the first and last token that answers.
Place = tuple[int, int, int, int]


class Compared(NamedTuple):
    """Two sentences, and what they are to each other (a position in CLASSES)."""

    question: str
    one: str
    other: str
    label: int


class AnsweringPair(NamedTuple):
    """Two sentences, the classes that are right for them, and the words of each that answer."""

    compared: Compared
    allowed: tuple[int, ...]
    answers: tuple[str, str]


@dataclass(frozen=True)
class Step(Sampled):
    """Pairs as one step sees them.

    Attributes:
        allowed: The classes that are right for each.
        answers: For each, the places of the words that answer, of the sentences that have any.
    """

    allowed: list[tuple[int, ...]]
    answers: list[list[Place]]


def read_items(split: str, data: Path | None = None) -> list[dict[str, Any]]:
    """The items over the documents of a split, with the text of every sentence."""
    splits, articles = read_splits(), article_lines(data_dir(data))
    return [with_texts(row, articles[row["doc_id"]])
            for row in json_lines(ITEMS) if splits[row["doc_id"]] == split]  # fmt: skip


def with_texts(item: Mapping[str, Any], lines: Sequence[str]) -> dict[str, Any]:
    """An item with the text of each sentence, also of those that stand in the article."""
    beside = [one if "text" in one else {"text": piece(lines, one["at"]), "copied": True}
              for one in item["beside"]]  # fmt: skip
    return {**item, "sentence": piece(lines, item["at"]), "beside": beside}


def piece(lines: Sequence[str], at: Sequence[int]) -> str:
    """The text at [line, start, end]; lines count from 1."""
    line, start, end = at
    return lines[line - 1][start:end]


def compared(item: Mapping[str, Any]) -> list[Compared]:
    """Every pair of an item's sentences whose label is known."""
    answering = [item["sentence"], *(s["text"] for s in item["same"])]
    differing = [(s["text"], CLASSES.index(s["difference"])) for s in item["differs"]]
    beside = [s["text"] for s in item["beside"]]
    copied = {item["sentence"], *(s["text"] for s in item["beside"] if "copied" in s)}
    question = item["question"]
    found = [Compared(question, *both, SAME) for both in combinations(answering, 2)]
    found += [Compared(question, one, other, label)
              for one in answering for other, label in differing]  # fmt: skip
    found += [Compared(question, one, other, BESIDE)
              for one in [*answering, *(text for text, _ in differing)] for other in beside
              if not {one, other} <= copied]  # fmt: skip
    return found + [Compared(question, *both, BESIDE) for both in combinations(beside, 2)]


def swapped(item: Mapping[str, Any]) -> list[Compared]:
    """Pairs of an item with the answers of two sentences exchanged.

    A sentence with another one's answer says what that one says. So neither the style nor the rest
    of a sentence tells what it is: only the answer does. Where answers are short and stand once.
    """
    if item["kind"] not in SWAPPED_KINDS:
        return []
    own = {"text": item["sentence"], "answer": item["answer"]}
    same = [one for one in (own, *item["same"]) if _is_swappable(one)]
    found = []
    for one, other in product(same, filter(_is_swappable, item["differs"])):
        label = CLASSES.index(other["difference"])
        moved = one["text"].replace(one["answer"], other["answer"])
        back = other["text"].replace(other["answer"], one["answer"])
        pairs = ((moved, other["text"], SAME), (moved, item["sentence"], label),
                 (back, other["text"], label), (back, item["sentence"], SAME))  # fmt: skip
        found += [Compared(item["question"], first, second, kind) for first, second, kind in pairs]
        found += [Compared(item["question"], moved, third["text"], label)
                  for third in same if third is not one]  # fmt: skip
    return [pair for pair in found if pair.one != pair.other]


def _is_swappable(one: Mapping[str, Any]) -> bool:
    words = len(one["answer"].split())
    return words <= SWAPPED_WORDS and one["text"].count(one["answer"]) == 1


def sample(item: Mapping[str, Any], others: Sequence[str], random: Random) -> list[Compared]:
    """What one pass sees of an item: about as many that differ as others.

    `others` are questions of the same article about something else, which no pair answers.
    """
    pairs = compared(item)

    def take(labels: Sequence[int], count: int, with_sentence: int) -> list[Compared]:
        """Some pairs, of which some hold the article's own sentence."""
        held = [p for p in pairs if p.label in labels]
        own = [p for p in held if item["sentence"] in (p.one, p.other)]
        rest = [p for p in held if item["sentence"] not in (p.one, p.other)]
        first = [own[k] for k in random.permutation(len(own))[:with_sentence]]
        more = [rest[k] for k in random.permutation(len(rest))[: count - len(first)]]
        return [*first, *more]

    differing = take(range(2, len(CLASSES)), 3, 2)
    chosen = [*differing, *take([SAME], 2, 1), *take([BESIDE], 4, 2)]
    exchanged = swapped(item)
    chosen += [exchanged[k] for k in random.permutation(len(exchanged))[:SWAPPED]]
    if others and random.random() < 1 / OTHER_QUESTION:
        one = differing[int(random.integers(len(differing)))]
        asked = others[int(random.integers(len(others)))]
        chosen.append(Compared(asked, one.one, one.other, BESIDE))
    return [
        Compared(p.question, p.other, p.one, p.label) if random.random() < 0.5 else p
        for p in chosen
    ]


def other_questions(items: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """For each item the questions of the same article on other lines and of other kinds."""
    by_document: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        by_document.setdefault(item["doc_id"], []).append(item)
    for item in items:
        yield [one["question"] for one in by_document[item["doc_id"]]
               if one["at"][0] != item["at"][0] and one["kind"] != item["kind"]]  # fmt: skip


def item_pairs(item: Mapping[str, Any], pairs: Sequence[Compared]) -> list[AnsweringPair]:
    """Pairs of an item with the words that answer in each, where they stand in it."""
    sentences = [*item["same"], *item["differs"]]
    known = {item["sentence"]: item["answer"], **{s["text"]: s["answer"] for s in sentences}}
    return [
        AnsweringPair(pair, (pair.label,), (known.get(pair.one, ""), known.get(pair.other, "")))
        for pair in pairs
    ]


def tokens(words: Words, question: str, one: str, other: str) -> Pair:
    """[CLS] question [SEP] one sentence [SEP] the other [SEP], and where the other starts."""
    start = [CLS, *words.asked(question)[:QUESTION_TOKENS], SEP,
             *words.ids(one)[:SENTENCE_TOKENS], SEP]  # fmt: skip
    return [*start, *words.ids(other)[:SENTENCE_TOKENS], SEP], len(start)


def sampled(words: Words, pairs: Sequence[AnsweringPair]) -> Step:
    """Pairs as a step of training takes them."""
    read, answers = [], []
    for (question, one, other, _), _, (here, there) in pairs:
        ids, start = tokens(words, question, one, other)
        read.append((ids, start))
        first = min(len(words.asked(question)), QUESTION_TOKENS) + 2
        found = (answer_place(words, one, here, first, start - 1),
                 answer_place(words, other, there, start, len(ids) - 1))  # fmt: skip
        answers.append([place for place in found if place is not None])
    labels = [pair.compared.label for pair in pairs]
    return Step(read, labels, [None] * len(pairs), [pair.allowed for pair in pairs], answers)


def answer_place(words: Words, text: str, answer: str, begin: int, end: int) -> Place | None:
    """Where the tokens of `text` begin and end in a pair, and the first and last that answer."""
    at = text.find(answer) if answer else -1
    span = words.span(text, at, at + len(answer)) if at >= 0 else None
    if span is None or begin + span[1] >= end:
        return None
    return begin, end, begin + span[0], begin + span[1]
