"""The pair model: do two sentences answer the question alike, differently, or not both?

A cross-encoder (`rag.relevance.encoder`) of the embedding model's layers with a trained difference
of its own, `pairs.npz`; `python -m evals.conflicts.train` says how it is made.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rag.config import Config
from rag.relevance.bases import EMBEDDER
from rag.relevance.encoder import CrossEncoder, tokenize
from rag.relevance.inputs import Pair, as_printed, make_compared

DIFFERENCE = Path(__file__).parent / "pairs.npz"
# Of the difference that the constants of the contrasts belong to; a test compares.
DIFFERENCE_SHA256 = "b81cc66fd595e5ee3e973a6df71bd13de80ea851323ec996221dc5c5cd1a836c"
# The model's outputs: beside each other, the same, and four ways to differ (contradiction, time,
# rounding, precision).
BESIDE, SAME, CLASSES = 0, 1, 6


class SentencePair(NamedTuple):
    """Two sentences, whose order does not matter."""

    one: str
    other: str


class PairChances(NamedTuple):
    """What two sentences are to each other under a question; the three add up to 1.

    Attributes:
        beside: One of them, or both, does not answer.
        same: They give the same answer.
        differ: They give different ones.
    """

    beside: float
    same: float
    differ: float


class PairModel:
    """Compares sentences under a question. Safe for several threads; loaded at first use."""

    def __init__(self, encoder: CrossEncoder) -> None:
        self._encoder = encoder

    @classmethod
    def shipped(cls, config: Config) -> "PairModel":
        """The model that this package carries."""
        return cls(
            CrossEncoder.shipped(
                config, EMBEDDER, "pairs1", "the pair model", DIFFERENCE, DIFFERENCE_SHA256
            )
        )

    def compare(self, question: str, pairs: Sequence[SentencePair]) -> list[PairChances]:
        """What the sentences of each pair are to each other, in their order.

        Each pair is read in both orders, and has the mean of both.

        Raises:
            ModelError: When the model cannot be made or loaded.
        """
        turned = [text for one, other in pairs for text in ((one, other), (other, one))]
        sizes = [len(one) + len(other) for one, other in turned]
        found = self._encoder.map(
            lambda texts: self._chances(self.pair(question, *texts)), turned, sizes
        )
        return [_mean(*found[k : k + 2]) for k in range(0, len(found), 2)]

    def _chances(self, pair: Pair) -> PairChances:
        import numpy as np

        logits, _ = self._encoder.run(pair)
        likely = np.exp(logits - logits.max())
        likely /= likely.sum()
        return PairChances(
            float(likely[BESIDE]), float(likely[SAME]), float(likely[SAME + 1 :].sum())
        )

    def pair(self, question: str, one: str, other: str) -> Pair:
        """The tokens of one pair in one order."""
        texts = (as_printed(question), one, other)
        return make_compared(*(tokenize(text).ids for text in texts))


def _mean(one: PairChances, other: PairChances) -> PairChances:
    return PairChances(
        (one.beside + other.beside) / 2,
        (one.same + other.same) / 2,
        (one.differ + other.differ) / 2,
    )
