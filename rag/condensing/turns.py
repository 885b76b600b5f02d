"""The turns of a conversation -> the parts of the newest question, each standalone.

The user's turns are resolved one after another, each against the questions before it
(`follow_ups`); small talk is skipped. Of an answer only the name is read of the person or thing
that its question asked for (`answered`). The reader model sees the newest question also as it was
typed, behind the questions that it follows (`in_context`).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from rag.condensing.answered import Asked, with_answered_name
from rag.condensing.cleaning import clean_question
from rag.condensing.follow_ups import LEAD, MAX_CHARS, resolve
from rag.condensing.parts import split_question
from rag.condensing.shorthand import spell_out
from rag.condensing.small_talk import small_talk
from rag.schema import Message

# Turns that are looked back.
_MAX_TURNS = 8
# First words of an earlier question that the reader model sees.
_WORDS_BEFORE = 14


class FollowUp(NamedTuple):
    """A follow-up of one part, in the forms that are read beside the standalone one.

    Attributes:
        typed: As it was typed; "" where that is the standalone form, or has no word to look for.
        in_context: Behind the questions that it follows; "" where it is not to be read so.
    """

    typed: str
    in_context: str


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


def condense_follow_up(
    question: str,
    parts: Sequence[str],
    history: Sequence[Message],
    outlets: Collection[str],
    is_common: Callable[[str], bool],
) -> tuple[list[str], str]:
    """`condense_parts` of its `parts` and `in_context` of `question`.

    Together, since both have to resolve the earlier turns.
    """
    known = _asked(history, outlets, is_common)
    return _resolve_parts(parts, known, outlets, is_common), _behind(known, question)


def in_context(
    question: str,
    history: Sequence[Message],
    outlets: Collection[str] = frozenset(),
    is_common: Callable[[str], bool] = lambda _: False,
) -> str:
    """`question` as it was typed, behind the questions that it follows; "" when there are none.

    So the reader model reads it. The questions before it are the newest one that was whole as it
    was typed, since it has the topic, and the newest one, standalone.

    Args:
        question: One question.
        history: Oldest first.
        outlets: As for `condense_parts`.
        is_common: As for `condense_parts`.

    Example: "why?" after "who left?" and "when was that?" -> "who left ? When did X leave ? why?"
    """
    return _behind(_asked(history, outlets, is_common), question)


def _behind(known: Sequence[Asked], question: str) -> str:
    """`question` behind those of the earlier ones that the reader model sees; "" behind none."""
    own = next((turn.question for turn in reversed(known) if turn.is_own), "")
    before = [own, *(turn.question for turn in known[-1:])]
    shown = [" ".join(one.rstrip("?!. ").split()[:_WORDS_BEFORE]) for one in before if one]
    if len(shown) > 1 and shown[0].casefold() == shown[1].casefold():
        shown.pop()
    return " ? ".join([*shown, question]) if shown else ""


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
            typed = split_question(talk.question if talk else turn.question)
            parts = _resolve_parts(typed, known, outlets, is_common)
            own = parts[:1] == typed[:1]
            known += [Asked(part, turn.answer, is_own=own) for part in parts]
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
    asked = [turn._replace(question=LEAD.sub("", turn.question, count=1)) for turn in earlier]
    found = []
    for part in parts:
        whole = part
        if asked and len(part) <= MAX_CHARS:
            spelt = spell_out(part)
            resolved = resolve(spelt, [turn.question for turn in asked], outlets)
            if resolved != spelt:  # one of its own stays as it was typed
                whole = with_answered_name(spelt, resolved, asked, is_common)
        found.append(whole)
        if any(map(str.isalnum, whole)):
            asked.append(Asked(whole[:MAX_CHARS], ""))
    return found
