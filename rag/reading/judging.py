"""First-stage sentences + reader model -> the same sentences in a better order, with chances."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from rag.index import Index
from rag.relevance import Calibration, ReadSentence
from rag.schema import Evidence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SentenceScorer(Protocol):
    """What reads a question and sentences together; `ReaderModel` does."""

    def logits(self, question: str, sentences: Sequence[ReadSentence]) -> "NDArray[np.float32]":
        """How well each sentence answers, shape (n_sentences,), higher is better."""
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

    read, rest = candidates[: calibration.top], candidates[calibration.top :]
    sentences = [ReadSentence(item.text, sentence_before(item, index)) for item in read]
    logits = model.logits(question, sentences)
    first = np.array([item.score for item in read], dtype=np.float32)
    lines = [(item.document.document_id, item.first_line) for item in read]
    mixed = calibration.mix(logits, first)
    chances = calibration.sentence_chances(logits, first)
    judged = [
        replace(item, score=float(score), probability=float(chance))
        for item, score, chance in zip(read, mixed, chances, strict=True)
    ]
    judged.sort(key=lambda item: (-item.score, item.document.path, item.start_char))
    # What was not read stays behind what was, in its own order.
    lowest = min((item.score for item in judged), default=0.0)
    unread = [replace(item, score=lowest - 1 - k) for k, item in enumerate(rest)]
    return Judged([*judged, *unread], calibration.any_chance(logits, first, lines))


def sentence_before(item: Evidence, index: Index) -> str:
    """The sentence before `item` in its document, or "" for the first one."""
    offsets, _ = index.sentences(item.document.document_id)
    starts = offsets[:, 0].tolist()
    position = starts.index(item.start_char)
    if not position:
        return ""
    start, end = offsets[position - 1].tolist()
    return item.document.text[start:end]
