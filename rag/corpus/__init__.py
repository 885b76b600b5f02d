"""Reads the articles: finds the files, and loads each as a Document with numbered lines."""

from rag.corpus.files import CorpusFile, find_files
from rag.corpus.loading import load_document
from rag.corpus.repeated import mark_repeated_lines

__all__ = ["CorpusFile", "find_files", "load_document", "mark_repeated_lines"]
