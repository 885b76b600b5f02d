"""Question + history -> the standalone question that is searched, and its parts.

Rules only, and few: a follow-up that names nothing of its own is searched together with the
user's question before it. An answer's text is never carried over, so that no earlier source can
become proof of a later statement.
"""

import re
import unicodedata
from collections.abc import Sequence

from rag.schema import Message

_REFERRING = re.compile(
    r"\b(it|its|he|him|his|she|her|hers|they|them|their|theirs|that|this|those|these|there|then|"
    r"same|one|ones|second|first|other|others|former|latter)\b",
    re.IGNORECASE,
)
_FOLLOW_UP_START = re.compile(
    r"^\s*(and|but|so|or|then|why|how come|what about|how about|who else|what else|where else|"
    r"when was that|since when|really|are you sure)\b",
    re.IGNORECASE,
)
_SHORT_WORDS = 4
_PART_START = (
    r"(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had|"
    r"can|could|will|would|should)"
)
# Two questions in one: after "?" or ";", or where ", and" is followed by a question word.
_PARTS = re.compile(
    rf"(?<=[?;])\s+(?=\S)|,?\s+(?:and|&|plus)\s+(?:also\s+)?(?={_PART_START}\b)", re.IGNORECASE
)
_MIN_PART_WORDS = 3
# Each part is a search of its own; what is asked beyond them is one part together.
MAX_PARTS = 4


def clean_question(question: str) -> str:
    r"""`question` in one line, without control and invisible characters.

    Example: "who\x00 is\n he? " -> "who is he?"
    """
    return " ".join("".join(map(_visible, question)).split())


def condense_question(question: str, history: Sequence[Message] = ()) -> str:
    """The question that is searched: `question`, with what the conversation must add to it.

    Args:
        question: Cleaned.
        history: Oldest first; only the user's turns are used.
    """
    earlier = [clean_question(turn["content"]) for turn in history if turn["role"] == "user"]
    if not earlier or not earlier[-1] or not is_follow_up(question):
        return question
    return f"{earlier[-1]} {question}"


def is_follow_up(question: str) -> bool:
    """Whether `question` leans on the one before it."""
    words = question.split()
    return bool(
        len(words) <= _SHORT_WORDS
        or _FOLLOW_UP_START.match(question)
        or _REFERRING.search(question)
    )


def split_question(question: str) -> list[str]:
    """The questions that `question` asks, 1 to MAX_PARTS, in order.

    Example: "Who was shot? When was the trial?" -> ["Who was shot?", "When was the trial?"]
    """
    parts = [part.strip() for part in _PARTS.split(question) if part and part.strip()]
    if len(parts) < 2 or any(len(part.split()) < _MIN_PART_WORDS for part in parts):
        return [question]
    if len(parts) > MAX_PARTS:
        parts[MAX_PARTS - 1 :] = [" ".join(parts[MAX_PARTS - 1 :])]
    return parts


def _visible(character: str) -> str:
    """`character`; nothing for a format character (soft hyphen), a space for other invisibles."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] == "C" else character
