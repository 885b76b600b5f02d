"""What readers said of answers: kept in a file beside the index, and turned into eval questions.

    store = open_feedback(config)
    number = store.record(answer, "down", "the figure is of last year")
    store.change(number, vote="up")

The file is no part of the index: rebuilding or deleting the index leaves it as it is.
"""

from rag.feedback.export import export_rows
from rag.feedback.store import Feedback, FeedbackStore, Vote, feedback_path, open_feedback

__all__ = [
    "Feedback",
    "FeedbackStore",
    "Vote",
    "export_rows",
    "feedback_path",
    "open_feedback",
]
