"""Articles as the generator of statements sees them, read with simple expressions of its own.

It shares no code with the checker that it measures: what counts as a name, a number or a content
word here is decided by a few lines below, and a case that they are not sure of is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rag import Document

# A capitalised word, or several; "of" and "the" inside are left out on purpose.
NAME = re.compile(r"[A-Z][a-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ]{2,})*")
_SENTENCE = re.compile(r"[^.!?]+[.!?]+[\"”’]?(?=\s|$)")
_WORD = re.compile(r"[a-zà-ÿ0-9]+")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Inc|Co|vs|No|Gen|Rep|Sen|[A-Z])\.")
_NOT_NAMES = frozenset(
    """the this that these those there then they when where while what which who why how his her
    its our their your and but for not with from into over under after before during since until
    although though because however meanwhile also just now today monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october
    november december one two three four five six seven eight nine ten first second third last next
    new many most some several each every both all any other another such still even only more less
    you she him here yes""".split()
)
_SMALL = frozenset(
    """the a an and or but of in on at to for from by with as is are was were be been being has have
    had do does did will would can could should may might must it its he she they them his her their
    we our us you your i my me this that these those there who whom whose which what when where why
    how not no than then so if into over under after before about up down out off more most some any
    all said say says also just""".split()
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of an article and the line it stands on."""

    text: str
    line: int


@dataclass(frozen=True)
class Article:
    """A document with its usable sentences, and the names that it uses inside sentences."""

    document: Document

    @cached_property
    def lines(self) -> list[tuple[int, str]]:
        """Number and text of each line of prose."""
        return [
            (number, text)
            for number, text in enumerate(self.document.text.split("\n"), 1)
            if number not in self.document.boilerplate and _is_prose(text)
        ]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Sentences of 8 to 45 words that are whole, unquoted over their ends and not titles."""
        return [
            Sentence(sentence, line)
            for line, text in self.lines
            for sentence in _sentences(text)
            if 8 <= len(sentence.split()) <= 45
        ]

    @cached_property
    def names(self) -> Counter[str]:
        """Names inside sentences, with how often they stand in the article."""
        return Counter(name for _, text in self.lines for name in names_in(text))

    @cached_property
    def people(self) -> dict[str, str]:
        """Surname -> full name, of those that the article gives in full and by surname alone."""
        return {
            full.split()[1]: full
            for full in self.names
            if len(full.split()) == 2 and self.names[full.split()[1]] >= 2
        }

    def text_of(self, line: int) -> str:
        """The text of a line."""
        return self.document.lines(line, line)


def _is_prose(text: str) -> bool:
    words = text.split()
    capitals = sum(word[:1].isupper() for word in words)
    return len(words) >= 8 and text.rstrip()[-1:] in '.!?"”’' and capitals < 0.45 * len(words)


def _sentences(text: str) -> Iterator[str]:
    """Whole sentences; those near an abbreviation or with an odd quotation mark are left out."""
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if _ABBREVIATION.search(sentence) or not sentence[:1].isupper():
            continue
        before = text[: match.start()].rstrip()
        if before and before[-1] not in '.!?"”’':
            continue
        if _ABBREVIATION.search(before[-6:]) or re.search(r"\d$", before[:-1][-1:]):
            continue
        marks = sum(sentence.count(mark) for mark in '“”"')
        capitals = sum(word[:1].isupper() for word in sentence.split())
        if marks % 2 == 0 and sentence.endswith((".", ".”", '."')) and (
            capitals < 0.45 * len(sentence.split())
        ):  # fmt: skip
            yield sentence


def names_in(text: str) -> list[str]:
    """Names that do not open a sentence."""
    return [match.group() for match in iter_names(text)]


def iter_names(text: str) -> Iterator[re.Match[str]]:
    """Matches of names that follow a small word or a comma, and hold no common word."""
    for match in NAME.finditer(text):
        before = text[: match.start()]
        whole = not re.match(r"[\w-]|['’](?!s)", text[match.end() :][:2])
        inside = re.search(r"[a-z0-9,] $", before) is not None
        common = any(word.lower() in _NOT_NAMES for word in match.group().split())
        if inside and whole and not common:
            yield match


def content_words(text: str) -> set[str]:
    """Words of a text that are not small ones, cut to their first five letters."""
    return {word[:5] for word in _WORD.findall(text.lower()) if word not in _SMALL}


def share_held(statement: str, line: str) -> float:
    """Share of the content words of a statement that a line has."""
    wanted = content_words(statement)
    return len(wanted & content_words(line)) / len(wanted) if wanted else 1.0
