"""How well a sentence answers a question, and whether two answer alike: two small models."""

from rag.relevance.calibration import Calibration, shipped_calibration
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
    "shipped_calibration",
]
