"""The parts of a question -> what was found for it, and what to tell about the search.

1. Where the question names its sources, only their articles are searched; when those do not answer,
   all are.
2. Where the sentences about what a follow-up names do not answer, all are read, as for a whole
   question; what then answers must have to do with it all the same.
3. Where nothing answers, a line that denies what the question takes for granted does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.engine.focus import Focus
from rag.engine.premises import CORRECTION, correct_premise
from rag.engine.searching import Search, Searcher
from rag.engine.stopwatch import Stopwatch
from rag.engine.telling import read_parts
from rag.reading import Reader, Reading
from rag.schema import Evidence
from rag.synthesis.wording import listed

# A follow-up that is answered with less is read in another way as well. Chosen on 231 follow-ups
# written for it: a gold line is quoted for .691 of them with the first way alone, .742 with this
# rule, .830 asked in full (`python -m evals talks talks-town`, and their `-full`).
SURE = 0.8


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
    if new_words and found.reading.state != "answered":
        named = [part.focus for part in found.search.parts if part.focus is not None]
        whole = _find(searcher, reader, parts, "", watch) if named else found
        evidence = [item for group in whole.reading.groups for item in group]
        if whole.reading.state == "answered" and any(
            _is_about(item, focus) for item in evidence for focus in named
        ):
            found = whole
    names = listed(found.search.sources)
    limited = [f"only articles of {names} were searched"] if names else []
    if found.reading.state == "answered":
        return replace(found, notices=limited)
    silent = [f"no article of {names} answers this; all articles were searched"] if names else []
    if names:
        wider = _find(searcher, reader, parts, new_words, watch, everywhere=True)
        if wider.reading.state == "answered":
            return replace(wider, notices=silent)
    if "premises" not in reader.without and len(parts) == 1:
        corrected = correct_premise(parts[0], found.reading)
        if corrected is not None:
            return replace(found, reading=corrected, notices=[*limited, CORRECTION])
    return replace(found, notices=silent)


def find_surer(
    found: Found, other: str, searcher: Searcher, reader: Reader, watch: Stopwatch
) -> Found | None:
    """What is found for a follow-up that is read another way, where that is surer.

    None where the first way is sure enough, names somebody whom no article knows, or is tied to the
    person or the year that the follow-up names.

    Args:
        found: With the first way to read it.
        other: The other way, a whole question.
        searcher: Over the articles that may be used.
        reader: Over the same index.
        watch: Takes the times.
    """
    tied = found.reading.missing or any(part.focus for part in found.search.parts)
    if tied or found.reading.confidence >= SURE:
        return None
    second = find(searcher, reader, [other], "", watch)
    return second if second.reading.confidence > found.reading.confidence else None


def _is_about(item: Evidence, focus: Focus) -> bool:
    """Whether a sentence names the focus; news seldom name the year in which they are printed."""
    printed = item.document.published
    return focus.names(item.text) or (printed is not None and str(printed.year) == focus.name)


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
