"""Articles and what retrieval finds in them."""

import bisect
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

Rendering = Literal["source", "extracted"]


@dataclass(frozen=True)
class Document:
    r"""One article as the store keeps it.

    Attributes:
        document_id: The path of the file below the corpus folder, with "/" between its parts.
            Exact copies are one document, under the first of their paths in sorted order.
        text: The decoded text of a plain text file, without byte-order mark and with "\\n" line
            ends; or the text extracted from a file that is not plain text.
        document_hash: SHA-256 of `text` in UTF-8, as hexadecimal; names this version.
        title, publisher, author: As the file states them; None where it does not.
        published: The day of publication as the file states it; None where it does not.
        published_basis: How `published` is known, in a few words.
        rendering: "source" when the lines are those of the file, "extracted" when they are
            those of the text that was extracted from it.
        boilerplate: Numbers of the lines that are not part of the article (front matter,
            navigation, newsletter and comment boxes). They keep their numbers and are never
            retrieved or cited.
        page_starts: For a PDF, the first line of each page; else empty.
        also_paths: The other paths of exact copies.
    """

    document_id: str
    text: str
    document_hash: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    published_basis: str | None = None
    rendering: Rendering = "source"
    boilerplate: frozenset[int] = frozenset()
    page_starts: tuple[int, ...] = ()
    also_paths: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path below the corpus folder, with "/" between its parts."""
        return self.document_id

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        r"""Offset of the first character of each line; `line_starts[0]` is line 1.

        A final "\n" ends the last line and does not start another one, as in `wc -l`.

        Example: "a\n\nbc\n" -> (0, 2, 3)
        """
        starts = [0]
        position = self.text.find("\n")
        while position != -1 and position + 1 < len(self.text):
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return tuple(starts)

    @property
    def line_count(self) -> int:
        """How many lines the text has; an empty text has one, empty, line."""
        return len(self.line_starts)

    def span(self, first_line: int, last_line: int) -> tuple[int, int]:
        """Offsets of lines `first_line` to `last_line`, without the last line's end.

        Raises:
            ValueError: When the document has no such lines.
        """
        if not 1 <= first_line <= last_line <= self.line_count:
            raise ValueError(
                f"{self.path} has lines 1-{self.line_count}, not {first_line}-{last_line}"
            )
        start = self.line_starts[first_line - 1]
        if last_line < self.line_count:
            return start, self.line_starts[last_line] - 1
        end = len(self.text)
        return start, end - 1 if end > start and self.text.endswith("\n") else end

    def lines(self, first_line: int, last_line: int) -> str:
        r"""The lines `first_line` to `last_line`, joined by "\n", as `sed -n` prints them."""
        start, end = self.span(first_line, last_line)
        return self.text[start:end]

    def line_at(self, offset: int) -> int:
        """The number of the line that holds the character at `offset`."""
        return bisect.bisect_right(self.line_starts, offset)

    def page_at(self, line: int) -> int | None:
        """The page of a PDF that `line` stands on, from 1; None for other files."""
        return bisect.bisect_right(self.page_starts, line) or None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines of one document: the unit that is embedded and retrieved.

    Attributes:
        chunk_id: "document_id:first-last"; a part of one over-long line has a further ".part".
        text: `Document.text[start_char:end_char]`: the lines, and nothing but the lines.
        start_char, end_char: Offsets in the document.
    """

    chunk_id: str
    document_id: str
    first_line: int
    last_line: int
    text: str
    start_char: int
    end_char: int

    @property
    def path(self) -> str:
        """The path of the document below the corpus folder."""
        return self.document_id


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A retrieved chunk with its place in the fused list and in each part of it.

    Attributes:
        score: Reciprocal rank fusion score, higher is better; comparable within one search only.
        rank: Place in the fused list, from 1.
        dense_score: Cosine similarity of question and chunk, -1..1; None when the dense list does
            not hold the chunk.
        dense_rank: Place in the dense list, from 1, or None.
        keyword_score: BM25 score, 0 or more; None when the keyword list does not hold the chunk.
        keyword_rank: Place in the keyword list, from 1, or None.
    """

    chunk: Chunk
    score: float
    rank: int
    dense_score: float | None = None
    dense_rank: int | None = None
    keyword_score: float | None = None
    keyword_rank: int | None = None


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with its place among those that were read for a question.

    Attributes:
        text: `Document.text[start_char:end_char]`, exactly.
        score: How well it answers, higher is better; comparable within one search only.
        rank: Place, from 1.
        probability: 0..1, that it answers; None when the reader model did not read it.
    """

    document_id: str
    path: str
    first_line: int
    last_line: int
    start_char: int
    end_char: int
    text: str
    score: float
    rank: int
    probability: float | None = None


@dataclass(frozen=True)
class Filters:
    """Which documents a search may use; None or an empty tuple means "any".

    Attributes:
        publishers: Names of publishers; letter case does not matter.
        documents: Document ids.
        published_from, published_to: First and last day of publication, inclusive. A document
            without a date is left out as soon as either is given.
    """

    publishers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None

    def __post_init__(self) -> None:
        for name in ("publishers", "documents"):
            if isinstance(getattr(self, name), str):
                raise TypeError(f"Filters.{name} is a string; give a tuple: ({name[:-1]!r},)")

    def __bool__(self) -> bool:
        return bool(self.publishers or self.documents or self.published_from or self.published_to)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a document that bears on the question.

    Attributes:
        text: `Document.text[start_char:end_char]`, exactly.
        score: How well the sentence answers, higher is better; comparable within one question.
        probability: 0..1, that it answers; None when the reader model did not read it.
        answer_words: Offsets in the document's text of the words that answer, where it is certain
            enough which they are.
    """

    document: Document
    first_line: int
    last_line: int
    start_char: int
    end_char: int
    text: str
    score: float
    probability: float | None = None
    answer_words: tuple[int, int] | None = None
