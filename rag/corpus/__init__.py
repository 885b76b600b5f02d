"""Reads the articles: finds the files, and loads each as a Document with numbered lines."""

from rag.corpus.files import CorpusFile, Listing, Stamp, find_files, hash_file, stat_files
from rag.corpus.loading import load_document
from rag.corpus.repeated import mark_repeated_lines

# Part of the index manifest: change it with anything that changes what is read out of the same
# file, such as the text that is extracted or the lines that are boilerplate.
CORPUS_VERSION = "2"

__all__ = [
    "CORPUS_VERSION",
    "CorpusFile",
    "Listing",
    "Stamp",
    "find_files",
    "hash_file",
    "load_document",
    "mark_repeated_lines",
    "stat_files",
]
