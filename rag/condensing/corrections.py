"""Corrections of the question before: "no, I meant the second charge", "not dismissed, suspended".

1. "Not A, B" and "B, not A" put B in the place of A, when A was said.
2. "No, I meant X", "sorry, X", "X, I mean" leave X, which is then read like any follow-up.
"""

import re

_NO = r"(?:no|nope|sorry|oops|wait|actually|not that)"
_CORRECTION = re.compile(
    rf"^(?:{_NO}\b[\s,.!:;–-]*){{0,3}}(?:(?:i|we) (?:meant?|was asking about|wanted)|"
    r"i'm asking about|make that|rather|not that one)\b[\s,:;–-]*(?=\w)|"
    rf"^(?:{_NO}\b[\s,.!:;–-]+){{0,2}}{_NO}\s*[,.!:;–-]+\s*(?=\w)",
    re.IGNORECASE,
)
_ENDING = re.compile(r",?\s(?:i meant?|(?:not|instead of) [^?]{1,60})$", re.IGNORECASE)
_SWAPS = (
    re.compile(r"^(?:no,? )?not (?P<old>[^,]{1,60}),\s?(?:but )?(?P<new>.{1,60})$", re.IGNORECASE),
    re.compile(
        r"^(?:no,? )?(?:i meant? )?(?P<new>[^,]{1,60}),\s?not (?P<old>.{1,60})$", re.IGNORECASE
    ),
)


def swap_words(question: str, last: str) -> str | None:
    """The `last` question with B for A, where `question` is "not A, B"; None when it is not.

    Example: "not London, Leeds", "Who won in London?" -> "Who won in Leeds?"
    """
    for pattern in _SWAPS:
        found = pattern.match(question.rstrip("?!. "))
        if found:
            place = re.search(rf"\b{re.escape(found['old'])}\b", last, re.IGNORECASE)
            if place:
                return f"{last[: place.start()]}{found['new']}{last[place.end() :]}"
    return None


def read_correction(question: str) -> str | None:
    """What is meant instead, where `question` is a correction; None when it is none.

    Example: "no, I meant the FT" -> "the FT"
    """
    bare = question.rstrip("?!. ")
    start = _CORRECTION.match(bare)
    text = bare[start.end() :] if start else bare
    end = _ENDING.search(text)
    if end and (start or text[end.start() :].lower().strip(" ,").startswith("i mean")):
        text = text[: end.start()]
    elif not start:
        return None
    return text if any(char.isalnum() for char in text) else None
