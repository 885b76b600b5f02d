"""First-stage sentences + reader model -> the same sentences in a better order, with chances."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from rag.index import Index
from rag.reading.reasons import with_reasons
from rag.relevance import AnswerWords, Calibration, Judgement, ReadSentence
from rag.schema import Evidence

# The largest part of a sentence that is marked as its answering words.
MAX_MARKED = 0.7


class SentenceScorer(Protocol):
    """What reads a question and sentences together; `ReaderModel` does."""

    def read(self, question: str, sentences: Sequence[ReadSentence]) -> Sequence[Judgement]:
        """How well each sentence answers, and with which words."""
        ...


class Judged(NamedTuple):
    """Sentences in the order of the reader, and the chance that any of them answers.

    `candidates` have their score and probability; those that were not read follow with neither.
    """

    candidates: list[Evidence]
    chance: float


def judge(
    question: str,
    candidates: Sequence[Evidence],
    index: Index,
    model: SentenceScorer,
    calibration: Calibration,
) -> Judged:
    """Let `model` read the best of `candidates`, which are in the first stage's order."""
    import numpy as np

    ordered = with_reasons(question, candidates, calibration.top)
    read, rest = ordered[: calibration.top], ordered[calibration.top :]
    sentences = [
        ReadSentence(item.text, sentence_before(item, index), item.document.title or "")
        for item in read
    ]
    said = model.read(question, sentences)
    logits = np.array([judgement.logit for judgement in said], dtype=np.float32)
    first = np.array([item.score for item in read], dtype=np.float32)
    mixed = calibration.mix(logits, first)
    chances = calibration.sentence_chances(logits, first)
    judged = [
        replace(
            item,
            score=float(score),
            probability=float(chance),
            answer_words=_in_document(item, judgement.words, calibration.words_at),
        )
        for item, score, chance, judgement in zip(read, mixed, chances, said, strict=True)
    ]
    judged.sort(key=lambda item: (-item.score, item.document.path, item.start_char))
    # What was not read stays behind what was, in its own order.
    lowest = min((item.score for item in judged), default=0.0)
    unread = [replace(item, score=lowest - 1 - k) for k, item in enumerate(rest)]
    return Judged([*judged, *unread], calibration.any_chance(logits, first))


def mean_of(forms: Sequence[Judged]) -> Judged:
    """What several forms of one question say of the sentences: the mean of all.

    A sentence that was not read with a form has no chance with it. Its answering words are those of
    the form with which it answers best. With one form nothing changes.
    """
    if len(forms) == 1:
        return forms[0]
    read = [item for one in forms for item in one.candidates if item.probability is not None]
    lowest = min((item.score for item in read), default=0.0)
    found: dict[tuple[str, int], list[Evidence]] = {}
    for item in read:
        found.setdefault((item.document.document_id, item.start_char), []).append(item)
    merged = [_merged(items, len(forms), lowest) for items in found.values()]
    merged.sort(key=lambda item: (-(item.probability or 0.0), item.document.path, item.start_char))
    unread = [
        item
        for item in forms[0].candidates
        if (item.document.document_id, item.start_char) not in found
    ]  # fmt: skip
    return Judged([*merged, *unread], sum(one.chance for one in forms) / len(forms))


def _merged(items: Sequence[Evidence], forms: int, lowest: float) -> Evidence:
    """A sentence as so many forms of a question have it."""
    best = max(items, key=lambda item: item.probability or 0.0)
    missing = forms - len(items)
    return replace(
        best,
        score=(sum(item.score for item in items) + missing * lowest) / forms,
        probability=sum(item.probability or 0.0 for item in items) / forms,
    )


def _in_document(item: Evidence, words: AnswerWords | None, least: float) -> tuple[int, int] | None:
    """Offsets in the document of words that are likely enough to be those that answer.

    None also where they are nearly the whole sentence: to mark it would tell nothing.
    """
    if words is None or words.probability < least:
        return None
    if words.end - words.start > MAX_MARKED * len(item.text):
        return None
    return item.start_char + words.start, item.start_char + words.end


def sentence_before(item: Evidence, index: Index) -> str:
    """The sentence before `item` in its document, or "" for the first one."""
    before = offsets_before(item, index)
    return "" if before is None else item.document.text[slice(*before)]


def offsets_before(item: Evidence, index: Index) -> tuple[int, int] | None:
    """Where the sentence before `item` starts and ends in its document; None for the first one."""
    offsets, _ = index.sentences(item.document.document_id)
    position = offsets[:, 0].tolist().index(item.start_char)
    if not position:
        return None
    start, end = offsets[position - 1].tolist()
    return start, end
