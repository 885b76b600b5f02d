"""The index: built from the corpus (`build_index`), read by every search (`open_index`)."""

from rag.index.building import ProgressCallback, build_index
from rag.index.reader import Index, open_index
from rag.index.watching import CorpusChanges, CorpusWatch

__all__ = [
    "CorpusChanges",
    "CorpusWatch",
    "Index",
    "ProgressCallback",
    "build_index",
    "open_index",
]
