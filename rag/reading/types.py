"""What the reader is given, and what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.schema import Evidence, ScoredChunk, State

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Question:
    """One thing that is asked, with what was retrieved for it.

    Attributes:
        text: The question.
        vector: Its embedding, float32, shape (dimension,), L2-normalised.
        chunks: What was retrieved for it, best first.
        passages: By document id, spans of offsets that the chunks cover, neighbours merged.
        publishers: Those that the question names.
        missing: Names of whom it asks about that no article holds; it is refused with the lines
            that come nearest.
        typed: A follow-up as it was typed, with what was retrieved for that; each sentence is read
            with it too, since the words that it was given may be the wrong ones.
        in_context: The same behind the questions that it follows, for the follow-up model.
    """

    text: str
    vector: "NDArray[np.float32]"
    chunks: Sequence[ScoredChunk]
    passages: dict[str, list[tuple[int, int]]]
    publishers: Sequence[str] = ()
    missing: tuple[str, ...] = ()
    typed: "Question | None" = None
    in_context: "Question | None" = None


@dataclass(frozen=True)
class Reading:
    """What the reader found.

    Attributes:
        groups: The evidence to quote, best first: each group is the sentence to quote, then the
            sentences of other documents that say nearly the same. Empty for a refusal; of an
            "indirect" reading the nearest ones, which may be shown to a language model.
        candidates: The nearest sentences, best first, whether they answer or not.
        confidence: 0..1, how sure the reader is that the corpus answers; also of a refusal.
        missing: Names in the question that no article holds.
        state: Whether the evidence answers, only touches the question, or neither.
        unanswered: The parts of the question that nothing answers, when others are answered.
    """

    groups: list[list[Evidence]]
    candidates: list[Evidence]
    confidence: float
    missing: tuple[str, ...] = ()
    state: State = "refused"
    unanswered: tuple[str, ...] = ()
