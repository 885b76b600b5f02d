"""The parts of a question -> what was found for it, and what to tell about the search.

1. Where the question names its sources, only their articles are searched; when those do not answer,
   all are.
2. Where nothing answers, a line that denies what the question takes for granted does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.engine.premises import CORRECTION, correct_premise
from rag.engine.searching import Search, Searcher
from rag.engine.stopwatch import Stopwatch
from rag.engine.telling import read_parts
from rag.reading import Reader, Reading


@dataclass(frozen=True)
class Found:
    """What was found for a question.

    Attributes:
        search: What was searched.
        reading: What the reader made of it.
        notices: What the user should know about where was searched.
    """

    search: Search
    reading: Reading
    notices: list[str]


def find(
    searcher: Searcher, reader: Reader, parts: Sequence[str], new_words: str, watch: Stopwatch
) -> Found:
    """Search and read, and look further where nothing answers.

    Args:
        searcher: Over the articles that may be used.
        reader: Over the same index.
        parts: What is asked, each part standalone.
        new_words: What a follow-up put into the question before it, or "".
        watch: Takes the times.
    """
    found = _find(searcher, reader, parts, new_words, watch)
    sources = _listed(found.search.sources)
    told = [f"only articles of {sources} were searched"] if sources else []
    if sources and found.reading.state != "answered":
        wider = _find(searcher, reader, parts, new_words, watch, everywhere=True)
        if wider.reading.state == "answered":
            told = [f"no article of {sources} answers this; all articles were searched"]
            found = wider
    if found.reading.state != "answered" and len(parts) == 1:
        corrected = correct_premise(parts[0], found.reading)
        if corrected is not None:
            return replace(found, reading=corrected, notices=[*told, CORRECTION])
    return replace(found, notices=told)


def _find(
    searcher: Searcher,
    reader: Reader,
    parts: Sequence[str],
    new_words: str,
    watch: Stopwatch,
    *,
    everywhere: bool = False,
) -> Found:
    with watch.measure("retrieve"):
        search = searcher.search(parts, new_words, everywhere=everywhere)
    with watch.measure("read"):
        reading = read_parts(search, reader)
    return Found(search, reading, [])


def _listed(names: Sequence[str]) -> str:
    """Example: ["A", "B", "C"] -> "A, B and C"; "" for none."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
