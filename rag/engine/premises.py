"""A question that takes for granted what a source denies: "why did all the officers resign?".

"Why", "when" and "how" of something ask no whether; where nothing answers, a line that denies the
thing is the answer that is wanted: "The force has rejected reports that every officer resigned."
"""

import re
from dataclasses import replace

from rag.claims.vocabulary import LIGHT, keys_of
from rag.reading import Reading
from rag.reading.first_stage import LONG_WORDS, is_statement
from rag.schema import Evidence
from rag.values import is_negation, tokenize
from rag.words import words

_TAKES_FOR_GRANTED = re.compile(
    r"^\W*(?:(?:and|but|so|then|ok|exactly) )*(?:why|when|how|since when|how come)"
    r" (?:did|was|were|is|are|has|have|had|does|do)\b",
    re.IGNORECASE,
)
_REJECTS = frozenset(
    "reject rejects rejected deny denies denied dismiss dismisses dismissed false untrue".split()
)
# Nearest sentences that are looked through, and words of the question that must be denied there:
# so many, and such a share.
MAX_LOOKED_AT, MIN_WORDS, MIN_SHARE = 40, 2, 0.6
CORRECTION = "the question takes for granted what the sources deny"


def correct_premise(question: str, reading: Reading) -> Reading | None:
    """`reading` with the line that denies what `question` takes for granted; None without one.

    Args:
        question: A standalone one.
        reading: What was found for it, and does not answer it. Nothing is denied of whom no article
            knows.
    """
    if reading.missing or not _TAKES_FOR_GRANTED.match(question) or _denies(question):
        return None
    asked = {word: keys_of(word) for word in words(question) if word not in LIGHT}
    figures = [word for word in asked if word[0].isdigit()]
    best: tuple[float, Evidence] | None = None
    for item in reading.candidates[:MAX_LOOKED_AT]:
        said = words(_with_line(item))
        keys = {key for word in said for key in keys_of(word)}
        shared = sum(bool(known & keys) for known in asked.values())
        enough = shared >= max(MIN_WORDS, MIN_SHARE * len(asked)) and set(figures) <= set(said)
        if enough and is_statement(item.text) and _rejects(item.text):
            best = max(best or (0.0, item), (shared / len(asked), item), key=lambda pair: pair[0])
    if best is None:
        return None
    return replace(reading, groups=[[_whole_line(best[1])]], state="answered", unanswered=())


def _rejects(text: str) -> bool:
    """Whether a text tells that something was denied. A "not" alone may deny anything."""
    return any(token.base in _REJECTS for token in tokenize(text))


def _denies(text: str) -> bool:
    """Whether a text denies something."""
    tokens = tokenize(text)
    return _rejects(text) or any(is_negation(tokens, place) for place in range(len(tokens)))


def _with_line(item: Evidence) -> str:
    return item.document.lines(item.first_line, item.last_line)


def _whole_line(item: Evidence) -> Evidence:
    """A sentence with those that follow it on its line, when that is short enough to quote."""
    document = item.document
    line_end = document.text.find("\n", item.end_char)
    end = line_end if line_end >= 0 else len(document.text)
    text = document.text[item.start_char : end].rstrip()
    if len(text.split()) > LONG_WORDS:
        return item
    return replace(item, end_char=item.start_char + len(text), text=text)
