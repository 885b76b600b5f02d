"""The index: built from the corpus (`build_index`), read by every search (`open_index`)."""

from rag.index.building import ProgressCallback, build_index
from rag.index.reader import Index, open_index

__all__ = ["Index", "ProgressCallback", "build_index", "open_index"]
