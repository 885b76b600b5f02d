"""What somebody says of a topic, where the reader is not sure that it answers.

"What did Babu say about trust?" is answered by every sentence that has to do with Babu and names
trust; that is plain from the words. Of a publisher likewise: every line of its articles that is
about the topic.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.claims.vocabulary import LIGHT, keys_of, stem_of
from rag.condensing.vocabulary import MONTHS, WEEKDAYS
from rag.engine.asked_sources import TELLS, TEXT, TOLD
from rag.engine.focus import SAID, SAYS, WORDS, Person
from rag.engine.searching import Part, Search
from rag.index import Index
from rag.reading import Question, Reader, Reading, says_same
from rag.reading.choosing import take_turns, without_repeats
from rag.reading.first_stage import is_statement
from rag.reading.summarising import summarise
from rag.schema import Evidence
from rag.values import read_numbers
from rag.words import words

_ASKS_WORDS = re.compile(
    r"^\W*(?:(?:and|so|but|then|ok|tell me|give me|list|summ?[ae]r\w+|sum up|main points|compare)"
    r"\b\W*)*"
    rf"(?:what|how|everything|all)(?: else)? (?:(?:did|does|do|has|have|would)\b.*"
    rf" (?:{TELLS}|{SAYS})\b|.* (?:{TOLD}|{SAID})\b|(?:is|are|was|were)\b"
    r"|many\b.* according to\b)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    rf"\b(?:{TELLS}|{TOLD}|{SAYS}|{SAID}|{WORDS}|{TEXT}|have|means?|else|how many|according to"
    r"|summ?[ae]r\w+|sum up|main|list|tell me|give me|compare)\b",
    re.IGNORECASE,
)
_ASKS_ALL = re.compile(
    r"\b(?:everything|bullet points|list|all (?:the|of|that|he|she)|every)\b", re.I
)
_YEAR = re.compile(r"(?:18|19|20)\d\d$")
_COUNTS = re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE)
# The share of a topic's words that a sentence must have: of a person's words, which are few, and of
# all that a publisher reports or that a follow-up names.
PERSON_SHARE, SHARE = 0.5, 0.67
# Statements that are given for each part.
MAX_TOLD = 3
# The share of the sentences that may have a word which tells one of them from another.
COMMON = 0.35
# A word's stem and one group of words like it.
MAX_KEYS = 2
MAX_SUMMED_UP, MAX_LISTED = 4, 8
_SUMMARY = "summary"


def read_parts(search: Search, reader: Reader) -> Reading:
    """What answers the parts of a search; of what is set side by side, as much of each.

    Of a part that asks for somebody's words, the sentences on the topic are given where the reader
    finds nothing, and those beside the topic are left out where it does.
    """
    if not search.apart:
        return _with_told(search, reader.read(search.questions), reader.index)
    sides = [
        _with_told(Search([part], [question]), reader.read([question]), reader.index)
        for part, question in zip(search.parts, search.questions, strict=True)
    ]
    answered = [side for side in sides if side.state == "answered"]
    best = answered or [side for side in sides if side.state == "indirect"] or sides
    return Reading(
        groups=without_repeats(take_turns([side.groups for side in best])),
        candidates=take_turns([side.candidates for side in sides]),
        confidence=min(side.confidence for side in best),
        missing=tuple(dict.fromkeys(name for side in sides for name in side.missing)),
        state=best[0].state,
        unanswered=tuple(
            part.text
            for part, side in zip(search.parts, sides, strict=True)
            if answered and side.state != "answered"
        ),
    )


def _with_told(search: Search, reading: Reading, index: Index) -> Reading:
    """`reading` with what is said of the topic, for the parts that ask for somebody's words."""
    answered = reading.state == "answered"
    groups = list(reading.groups) if answered else []
    told: dict[str, list[Evidence]] = {}
    for part, question in zip(search.parts, search.questions, strict=True):
        unanswered = not answered or part.text in reading.unanswered
        if unanswered:
            told[part.text] = []
        if question.missing or not _asks_for_words(part):
            continue
        own = [group for group in groups if _is_of(group[0], part, question)]
        near = [group for group in own if _shared(group[0], _topic(part))]
        if near and not _asks_for_all(part):
            groups = [group for group in groups if group in near or group not in own]
            continue
        found = _told(part, question, reading.candidates, index)
        if found and (unanswered or _topic(part)):
            groups = [group for group in groups if group not in own]
            told[part.text] = found
    if not groups and not any(told.values()):
        return reading
    return replace(
        reading,
        groups=[*groups, *([item] for item in take_turns(list(told.values())))],
        state="answered",
        unanswered=tuple(text for text, found in told.items() if not found),
    )


def _asks_for_words(part: Part) -> bool:
    """Whether every sentence on the topic answers: of a speaker or source, or of a new name."""
    if part.focus is not None and not isinstance(part.focus, Person):
        return True
    return bool((part.sources or part.focus or part.voice) and _ASKS_WORDS.match(part.text))


def _asks_for_all(part: Part) -> bool:
    """Whether all that a person says is wanted, as a list."""
    return isinstance(part.focus, Person) and bool(_ASKS_ALL.search(part.text))


def _told(
    part: Part, question: Question, candidates: Sequence[Evidence], index: Index
) -> list[Evidence]:
    """The best sentences of one part on its topic, none twice; a summary when it has none."""
    topic = _rare(_topic(part), candidates)
    if _asks_for_all(part):
        return summarise(question, index, MAX_LISTED)
    if not topic:
        asked = question if part.focus or part.voice else replace(question, text=_SUMMARY)
        return summarise(asked, index, MAX_SUMMED_UP)
    counted = _COUNTS.search(part.text)
    dated = {word for word in words(part.text) if word in WEEKDAYS | MONTHS or _YEAR.match(word)}
    share = PERSON_SHARE if part.voice or isinstance(part.focus, Person) else SHARE
    told: list[Evidence] = []
    for item in candidates:
        if not _is_of(item, part, question) or not is_statement(item.text):
            continue
        enough = _shared(item, topic) >= share * len(topic) and dated <= set(words(item.text))
        fits = enough and not _leans(item, part) and bool(not counted or read_numbers(item.text))
        if fits and not any(says_same(item, known) for known in told):
            told.append(item)
        if len(told) == MAX_TOLD:
            break
    return told


def _rare(topic: Sequence[frozenset[str]], candidates: Sequence[Evidence]) -> list[frozenset[str]]:
    """A topic without what many of the sentences are about, as "police" in news of a force."""
    said = [_said(item) for item in candidates]
    most = COMMON * len(candidates)
    rare = [keys for keys in topic if sum(bool(keys & one) for one in said) <= most]
    return rare or list(topic)


def _shared(item: Evidence, topic: Sequence[frozenset[str]]) -> int:
    """How many words of a topic a sentence has, in any form or as one of its like."""
    said = _said(item)
    return sum(bool(keys & said) for keys in topic)


def _said(item: Evidence) -> set[str]:
    return {key for word in words(item.text) for key in _clear_keys(word)}


def _clear_keys(word: str) -> frozenset[str]:
    """A word's stem and those of its like; of one in several senses ("forces") the stem alone."""
    keys = keys_of(word)
    return keys if len(keys) <= MAX_KEYS else frozenset({stem_of(word)})


def _is_of(item: Evidence, part: Part, question: Question) -> bool:
    """Whether a sentence is of those that are read for one part."""
    if part.sources and item.document.publisher not in part.sources:
        return False
    spans = question.passages.get(item.document.document_id, ())
    return any(start < item.end_char and item.start_char < end for start, end in spans)


def _leans(item: Evidence, part: Part) -> bool:
    """Whether only the sentences around it tell who speaks in a sentence."""
    if part.voice is not None:
        return not part.voice.speaks(item.text)
    if isinstance(part.focus, Person) and _ASKS_WORDS.match(part.text):
        return not (part.focus.speaks(item.text) or part.focus.is_in_office(item.text))
    return part.focus is not None and not part.focus.names(item.text)


def _topic(part: Part) -> list[frozenset[str]]:
    """What the words are to be about: for each word of it, its stem and those of its like."""
    asked = part.text
    if part.name:
        asked = re.sub(re.escape(part.name), " ", asked, flags=re.IGNORECASE)
    return [keys_of(word) for word in words(_ASKING.sub(" ", asked)) if word not in LIGHT]
