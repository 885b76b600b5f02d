"""The parts of a question -> what was found for it, and what to tell about the search.

1. Where the question names its sources, only their articles are searched; when those do not answer,
   all are.
2. Where the sentences about what a follow-up names do not answer, all are read, as for a whole
   question; what then answers must have to do with it all the same.
3. Where nothing answers, a line that denies what the question takes for granted does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.condensing import FollowUp
from rag.engine.focus import Focus
from rag.engine.premises import CORRECTION, correct_premise
from rag.engine.searching import Search, Searcher
from rag.engine.stopwatch import Stopwatch
from rag.engine.telling import read_parts
from rag.reading import Reader, Reading
from rag.schema import Evidence, Filters
from rag.synthesis.wording import listed

# What is found in the story of a conversation may be so much less sure than what stands elsewhere.
AS_SURE = 0.15
# How sure an answer must be that stands elsewhere, to a follow-up that its own story leaves open:
# among thousands of articles some answer "how much was it?".
SURE_ELSEWHERE = 0.65


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
    searcher: Searcher,
    reader: Reader,
    parts: Sequence[str],
    new_words: str,
    watch: Stopwatch,
    follow_up: FollowUp | None = None,
) -> Found:
    """Search and read, and look further where nothing answers.

    Args:
        searcher: Over the articles that may be used.
        reader: Over the same index.
        parts: What is asked, each part standalone.
        new_words: What a follow-up put into the question before it, or "".
        watch: Takes the times.
        follow_up: The forms of a follow-up that are read as well, if it is one.
    """
    found = _find(searcher, reader, parts, new_words, watch, follow_up)
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


def find_in_thread(
    searcher: Searcher,
    thread: Sequence[str],
    find_with: Callable[[Searcher], Found],
    *,
    leans: bool,
) -> Found:
    """What is found for a follow-up, rather in the articles of the conversation than elsewhere.

    One that leans on what was said is looked for there first, and elsewhere where nothing there
    answers it, or not in the source that it names; what other stories answer must be surer. Any
    other one is looked for everywhere; what stands in other articles gives way to what answers it
    there nearly as surely.

    Args:
        searcher: Over the articles that may be used.
        thread: Ids of the articles that tell what was asked about before; may be empty.
        find_with: Finds the follow-up with a searcher.
        leans: Whether the question was made whole by what was said before it.
    """
    filters = searcher.filters or Filters()
    within = [one for one in thread if not filters.documents or one in filters.documents]
    if not within:
        return find_with(searcher)
    there = replace(searcher, filters=replace(filters, documents=tuple(within)))
    if leans:
        told = find_with(there)
        answered = told.reading.state == "answered"
        if answered and (told.search.sources or not told.notices):
            return told
        found = find_with(searcher)
        named = bool(found.search.sources)
        surely = named or found.reading.confidence >= SURE_ELSEWHERE
        return found if answered or surely else told
    found = find_with(searcher)
    lead = [group[0].document.document_id for group in found.reading.groups[:1]]
    if found.search.sources or (lead and lead[0] in within):
        return found
    told = find_with(there)
    sure = found.reading.confidence - AS_SURE if found.reading.state == "answered" else 0.0
    near = told.reading.state == "answered" and told.reading.confidence >= sure
    return told if near else found


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
    follow_up: FollowUp | None = None,
    *,
    everywhere: bool = False,
) -> Found:
    with watch.measure("retrieve"):
        search = searcher.search(parts, new_words, follow_up, everywhere=everywhere)
    with watch.measure("read"):
        reading = read_parts(search, reader)
    return Found(search, reading, [])
