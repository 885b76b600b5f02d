"""The turns of a conversation -> the parts of the newest question, each standalone.

The user's turns are resolved one after another, each against the questions before it
(`follow_ups`); small talk is skipped. Of an answer only the name is read of the person or thing
that its question asked for (`answered`).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import zip_longest

from rag.condensing.answered import Asked, with_answered_name
from rag.condensing.cleaning import clean_question
from rag.condensing.follow_ups import LEAD, MAX_CHARS, resolve
from rag.condensing.parts import split_question
from rag.condensing.small_talk import small_talk
from rag.schema import Message

# Turns that are looked back.
_MAX_TURNS = 8


def condense_parts(
    parts: Sequence[str],
    history: Sequence[Message] = (),
    outlets: Collection[str] = frozenset(),
    is_common: Callable[[str], bool] = lambda _: False,
) -> list[str]:
    """The parts of one question as standalone questions, each with those before it in mind.

    Args:
        parts: As `split_question` gives them.
        history: Oldest first.
        outlets: Names of publishers, in small letters, beside those that are well known.
        is_common: Whether a word is no name in the articles, as "Water" of "Nordline Water".

    Example: ["who is Bo Lund", "when was he born?"] -> [..., "When was Bo Lund born?"]
    """
    return _resolve_parts(parts, _asked(history, outlets, is_common), outlets, is_common)


def _asked(
    history: Sequence[Message], outlets: Collection[str], is_common: Callable[[str], bool]
) -> list[Asked]:
    """The user's earlier questions, each standalone, with their answers, oldest first."""
    turns = [
        Asked(clean_question(turn["content"][: 2 * MAX_CHARS])[:MAX_CHARS], answer)
        for turn, answer in _with_answers(history)
    ]
    known: list[Asked] = []
    for turn in [turn for turn in turns if any(map(str.isalnum, turn.question))][-_MAX_TURNS:]:
        talk = small_talk(turn.question)
        if talk is None or talk.question:
            asked = talk.question if talk else turn.question
            parts = _resolve_parts(split_question(asked), known, outlets, is_common)
            known += [Asked(part, turn.answer) for part in parts]
    return known


def _with_answers(history: Sequence[Message]) -> Iterator[tuple[Message, str]]:
    """The user's turns, each with the text that answered it or ""."""
    turns = [turn for turn in history if isinstance(turn.get("content"), str)]
    for turn, after in zip_longest(turns, turns[1:]):
        if turn.get("role") == "user":
            answered = after is not None and after.get("role") == "assistant"
            yield turn, after["content"] if answered else ""


def _resolve_parts(
    parts: Sequence[str],
    earlier: Sequence[Asked],
    outlets: Collection[str],
    is_common: Callable[[str], bool],
) -> list[str]:
    asked = [Asked(LEAD.sub("", text, count=1), answer) for text, answer in earlier]
    found = []
    for part in parts:
        whole = part
        if asked and len(part) <= MAX_CHARS:
            whole = resolve(part, [question for question, _ in asked], outlets)
            whole = with_answered_name(part, whole, asked, is_common)
        found.append(whole)
        if any(map(str.isalnum, whole)):
            asked.append(Asked(whole[:MAX_CHARS], ""))
    return found
