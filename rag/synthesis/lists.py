"""A sentence that ends with a colon, and what it leads to: items of a list, or what somebody said.

"These forces sent officers:" says nothing by itself. What follows is taken along line by line, up
to a limit, as it stands.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.schema import Document, Evidence
from rag.sentences import split_sentences

MAX_ITEMS, MAX_WORDS = 15, 90
# A line without a mark is an item when it has so many words at most and does not end a sentence.
MAX_PLAIN_WORDS = 12

_MARKED = re.compile(r"\s*(?:[-*+•‣▪◦·–—]|\(?(?:\d{1,2}|[a-z])[.)])\s+\S")
_QUOTES = "\"“'‘"
_HEADING = re.compile(r"\s*#{1,6}\s")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*$")
_GOES_ON = re.compile(r"(?:[,;]|[,;]? (?:and|or))$")


def with_list(item: Evidence) -> Evidence:
    """`item` with the lines that it leads to; as it is when it does not end with a colon.

    Example: "These came:" before "- Ann" and "- Bo" -> "These came:", "- Ann" and "- Bo"
    """
    document = item.document
    if not item.text.rstrip().endswith(":"):
        return item
    following = list(_following(document, document.line_at(item.end_char - 1)))
    if not following:
        return item
    if following[0].marked:
        end = _last_of(following, _is_marked)
    elif following[0].plain:
        end = _last_of(following, _is_like)
    else:
        end = _end_of_words(document, following[0].number)
    if end is None:
        return item
    text = document.text[item.start_char : end]
    return replace(item, last_line=document.line_at(end - 1), end_char=end, text=text)


@dataclass(frozen=True)
class _Line:
    """A line after a lead-in.

    Attributes:
        blank: How many blank lines are before it.
        words: How many words it has.
        end: Where its text ends in the document.
    """

    number: int
    text: str
    blank: int
    words: int
    end: int

    @property
    def marked(self) -> bool:
        """Whether it starts as an item of a list does."""
        return bool(_MARKED.match(self.text))

    @property
    def plain(self) -> bool:
        """Whether it can be an item without a mark."""
        text = self.text.strip()
        short = self.words <= MAX_PLAIN_WORDS
        return short and not _ENDS_SENTENCE.search(text) and text[0] not in _QUOTES


def _following(document: Document, last: int) -> Iterator[_Line]:
    """The lines after line `last`.

    They end at what is no part of the article, at a heading, and at a second blank line.
    """
    blank = 0
    for number in range(last + 1, document.line_count + 1):
        start, end = document.span(number, number)
        text = document.text[start:end].rstrip()
        if number in document.boilerplate or _HEADING.match(text) or blank > 1:
            return
        if text:
            yield _Line(number, text, blank, len(text.split()), start + len(text))
        blank = 0 if text else blank + 1


def _last_of(lines: Sequence[_Line], belongs: Callable[[_Line, _Line, _Line], bool]) -> int | None:
    """Where the list of `lines` ends; None when its first item is too long.

    Args:
        lines: Those after the lead-in.
        belongs: Whether a line is of the list, by the list's second line and the line before.
    """
    end = None
    words = 0
    for place, line in enumerate(lines[:MAX_ITEMS]):
        words += line.words
        if words > MAX_WORDS or (place and not belongs(line, lines[1], lines[place - 1])):
            break
        end = line.end
    return end


def _is_marked(line: _Line, second: _Line, before: _Line) -> bool:
    """Whether a line is a marked item, or one goes on in it."""
    return line.marked or (not line.blank and line.text[0].isspace())


def _is_like(line: _Line, second: _Line, before: _Line) -> bool:
    """Whether a line without a mark is an item: set as the others are, after an item.

    The last one may end the sentence: "Kent; and", "Essex."
    """
    item = line.plain or (_GOES_ON.search(before.text) and line.words <= MAX_PLAIN_WORDS)
    return bool(item) and before.plain and not line.marked and line.blank == second.blank


def _end_of_words(document: Document, number: int) -> int | None:
    """Where the first sentence of a line ends, or the whole quotation; None when it is too long."""
    start, stop = document.span(number, number)
    end = None
    for _, sentence_end in split_sentences(document.text, start, stop):
        text = document.text[start:sentence_end]
        if len(text.split()) > MAX_WORDS:
            break
        end = sentence_end
        if text.count("“") == text.count("”") and text.count('"') % 2 == 0:
            break
    return end
