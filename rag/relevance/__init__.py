"""How well a sentence answers a question or a follow-up, and whether two answer alike.

Three small models, each the embedding model's weights with a trained difference.
"""

from rag.relevance.calibration import Calibration, follow_up_calibration, shipped_calibration
from rag.relevance.inputs import ReadSentence
from rag.relevance.model import AnswerWords, Judgement, ReaderModel
from rag.relevance.pairs import PairChances, PairModel, SentencePair

__all__ = [
    "AnswerWords",
    "Calibration",
    "Judgement",
    "PairChances",
    "PairModel",
    "ReadSentence",
    "ReaderModel",
    "SentencePair",
    "follow_up_calibration",
    "shipped_calibration",
]
