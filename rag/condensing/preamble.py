"""A long text that was typed or pasted -> the question in it.

A few sentences around a question help to search for it; a page of them drowns it. Of more than
`LONG_WORDS` words only the last sentences that ask are kept, one after another, with the sentence
before them where they lean on it ("he", "this").
"""

import re
from collections.abc import Iterator

from rag.condensing import vocabulary as v
from rag.condensing.parsing import parse
from rag.sentences import split_sentences

LONG_WORDS = 60

_REQUEST = (
    r"(?:(?:please|kindly|now|so|then|and|can you|could you|i want you to|i would like you to) )*"
    r"(?:summari[sz]e|compare|list|explain|describe|outline|name|tell me|give me|show me|sum up)\b"
)
_ASKING = rf"(?:{'|'.join(sorted(v.WH | v.AUXILIARIES))})\b|{_REQUEST}"
_REQUESTS = re.compile(_REQUEST, re.IGNORECASE)
# Where a question starts in small letters after the end of a sentence.
_STARTS = re.compile(rf"(?<=[.!?])\s+(?={_ASKING})", re.IGNORECASE)
# "So my question is: who left?"
_LEAD_IN = re.compile(rf"^[^:?]{{1,60}}:\s+(?={_ASKING})", re.IGNORECASE)
_YES_NO = frozenset("did does was were is are has had".split())
_PERSONS = frozenset("he him his she her they them their".split())
_LEANS = _PERSONS | v.POSSESSIVES | v.DEMONSTRATIVES | {"it"}


def without_preamble(text: str) -> str:
    """The question in a long `text`; a short one, and one that asks nothing, stays as it is.

    Example: "(sixty words of a story.) Who left first? Thanks!" -> "Who left first?"
    """
    if len(text.split()) <= LONG_WORDS:
        return text
    sentences = list(_sentences(text))
    asking = [_asks(sentence) for sentence in sentences]
    if len(sentences) < 2 or not any(asking):
        return text
    last = len(asking) - 1 - asking[::-1].index(True)
    first = last
    while first and asking[first - 1]:
        first -= 1
    chosen = [_LEAD_IN.sub("", sentence) for sentence in sentences[first : last + 1]]
    question = " ".join(chosen)
    if not _names_something(question):
        return text
    if first and _leans(question) and len(sentences[first - 1].split()) <= LONG_WORDS:
        return f"{sentences[first - 1]} {question}"
    return question


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for piece in _STARTS.split(line):
            for start, end in split_sentences(piece):
                yield piece[start:end]


def _asks(sentence: str) -> bool:
    """Whether a sentence asks for something, with a question mark or without."""
    sentence = _LEAD_IN.sub("", sentence)
    if sentence.rstrip("\"'”’)!. ").endswith("?") or _REQUESTS.match(sentence):
        return True
    frame = parse(sentence)
    if frame.wh_end:
        return frame.tags[frame.wh_end : frame.wh_end + 1] in ("x", "v")
    return frame.lows[:1] != () and frame.lows[0] in _YES_NO and frame.tags[1:2] in ("d", "n", "p")


def _names_something(question: str) -> bool:
    """Whether a question says what it is about: "is this true?" does not, "was he shot?" does."""
    frame = parse(question)
    own = any(
        tag == "n" and low not in v.INDEFINITES and low not in v.GENERIC
        for tag, low in zip(frame.tags, frame.lows, strict=True)
    )
    return own or ("v" in frame.tags and any(low in _PERSONS for low in frame.lows))


def _leans(question: str) -> bool:
    return any(low in _LEANS for low in parse(question).lows)
