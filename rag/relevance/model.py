"""The reader models: how well does each sentence answer the question?

Cross-encoders (`rag.relevance.encoder`) with trained differences: `reader.npz` for questions,
`follow_ups.npz` for follow-ups behind the questions that they follow (`rag.condensing.in_context`).
`python -m evals.training.train` says how they are made.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rag.config import Config
from rag.relevance.bases import EMBEDDER, RERANKER
from rag.relevance.encoder import CrossEncoder, tokenize
from rag.relevance.inputs import Pair, ReadSentence, as_printed, make_pair

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIFFERENCE = Path(__file__).parent / "reader.npz"
FOLLOW_UP_DIFFERENCE = Path(__file__).parent / "follow_ups.npz"
# Of the differences that the thresholds belong to; a test compares.
DIFFERENCE_SHA256 = "0643163aa1784de7647601bb1aef632a7f938440f369013965f0f848a5fc28f4"
FOLLOW_UP_SHA256 = "84892ee9cae0f1836655f5efdcd400054427c6503e4aa6f07fece6a92655f200"
# The words that answer are at most so many tokens.
MAX_ANSWER_TOKENS = 24


class AnswerWords(NamedTuple):
    """The part of a sentence that answers: offsets in its text, and how sure the model is, 0..1."""

    start: int
    end: int
    probability: float


class Judgement(NamedTuple):
    """What the model says of a sentence.

    Attributes:
        logit: How well it answers; higher is better.
        words: The words of it that answer, taken that it does; None where it has no words.
    """

    logit: float
    words: AnswerWords | None = None


def answer_words(ends: "NDArray[np.float32]", offsets: Sequence[tuple[int, int]]) -> AnswerWords:
    """The likeliest words of at most MAX_ANSWER_TOKENS.

    Args:
        ends: The logits that they start and end at a token, shape (n_tokens, 2).
        offsets: Where each token starts and ends in the sentence.
    """
    import numpy as np

    likely = np.exp(ends - ends.max(axis=0))
    likely /= likely.sum(axis=0)
    spans = np.triu(np.outer(likely[:, 0], likely[:, 1]))
    spans -= np.triu(spans, MAX_ANSWER_TOKENS)
    first, last = divmod(int(spans.argmax()), len(spans))
    return AnswerWords(offsets[first][0], offsets[last][1], float(spans[first, last]))


class ReaderModel:
    """Scores sentences for a question. Safe to use from several threads; loaded at first use."""

    def __init__(self, encoder: CrossEncoder) -> None:
        self._encoder = encoder

    @classmethod
    def shipped(cls, config: Config) -> "ReaderModel":
        """The model for questions that this package carries."""
        return cls(
            CrossEncoder.shipped(
                config, RERANKER, "reader4", "the reader model", DIFFERENCE, DIFFERENCE_SHA256
            )
        )

    @classmethod
    def for_follow_ups(cls, config: Config) -> "ReaderModel":
        """The model for follow-ups in context that this package carries."""
        return cls(
            CrossEncoder.shipped(
                config, EMBEDDER, "follow_ups1", "the follow-up model", FOLLOW_UP_DIFFERENCE,
                FOLLOW_UP_SHA256,
            )
        )  # fmt: skip

    def read(self, question: str, sentences: Sequence[ReadSentence]) -> list[Judgement]:
        """What the model says of each sentence, in their order.

        Raises:
            ModelError: When the model cannot be made or loaded.
        """
        return self._encoder.map(
            lambda sentence: self._judge(question, sentence), sentences,
            [len(sentence.text) for sentence in sentences],
        )  # fmt: skip

    def _judge(self, question: str, sentence: ReadSentence) -> Judgement:
        pair = self.pair(question, sentence)
        logits, ends = self._encoder.run(pair)
        offsets = tokenize(sentence.text).offsets[: len(pair.ids) - 1 - pair.start]
        words = answer_words(ends[pair.start : -1], offsets) if offsets else None
        return Judgement(float(logits), words)

    def pair(self, question: str, sentence: ReadSentence) -> Pair:
        """The tokens of one pair."""
        texts = (as_printed(question), sentence.text, sentence.before, sentence.title)
        return make_pair(*(tokenize(text).ids for text in texts))
