"""How well a sentence answers a question: a small model that reads both together."""

from rag.relevance.calibration import Calibration, shipped_calibration
from rag.relevance.inputs import ReadSentence
from rag.relevance.model import AnswerWords, Judgement, ReaderModel

__all__ = [
    "AnswerWords",
    "Calibration",
    "Judgement",
    "ReadSentence",
    "ReaderModel",
    "shipped_calibration",
]
