"""Retrieved chunks -> the sentences that answer the question, or none."""

from rag.reading.choosing import overlap, says_same
from rag.reading.reader import MIN_SCORE, Reader
from rag.reading.shapes import asks_when
from rag.reading.types import Question, Reading

__all__ = ["MIN_SCORE", "Question", "Reader", "Reading", "asks_when", "overlap", "says_same"]
