r"""The types that flow through On Record, in the order in which they appear.

    Document -> Chunk -> ScoredChunk -> Evidence -> Statement, Citation -> Answer

Lines are numbered from 1 and ranges are inclusive. A line ends at "\\n", after CRLF and CR
have become "\\n"; no other character ends a line, so the numbers are those of an editor and
of `sed -n`. Offsets count code points of `Document.text`, from 0, end exclusive.
"""

import bisect
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, NotRequired, TypedDict

Rendering = Literal["source", "extracted"]
State = Literal["answered", "indirect", "refused"]
RefusalReason = Literal["no_support", "empty_question", "empty_corpus", "too_long", "withheld"]
EventKind = Literal["searching", "evidence", "statement", "withheld", "answer"]


class Message(TypedDict):
    """One turn of a conversation, as every chat interface writes it."""

    role: Literal["user", "assistant"]
    content: str
    name: NotRequired[str]


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

    def __bool__(self) -> bool:
        return bool(self.publishers or self.documents or self.published_from or self.published_to)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a document that bears on the question.

    Attributes:
        text: `Document.text[start_char:end_char]`, exactly.
        score: How well the sentence answers, higher is better; comparable within one question.
    """

    document: Document
    first_line: int
    last_line: int
    start_char: int
    end_char: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before it is checked, with the evidence that it rests on."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact lines of one version of one document, offered as proof.

    Attributes:
        number: The number in the answer's text, from 1, by first use.
        quote: The text of the lines `first_line` to `last_line`, as `sed -n` prints them.
        start_char, end_char: Offsets of `quote` in the stored text.
        document_hash: Which version of the document the quote is from.
        rendering: "extracted" when the lines are those of a text extracted from the file.
        page: The page of a PDF, from 1; None for other files.
        also_in: Paths of exact copies of the document.
    """

    number: int
    document_id: str
    path: str
    title: str | None
    publisher: str | None
    published: date | None
    first_line: int
    last_line: int
    quote: str
    start_char: int
    end_char: int
    document_hash: str
    rendering: Rendering = "source"
    page: int | None = None
    also_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One checked statement of an answer.

    Attributes:
        text: The statement, without citation marks. An extractive one is the quoted sentence
            itself, with single spaces.
        citations: Numbers of the citations that support it.
        support: Always "verified": what failed its check is in `Answer.withheld`.
        confidence: 0..1, how sure the reader is that the statement answers the question.
    """

    text: str
    citations: tuple[int, ...]
    support: Literal["verified"] = "verified"
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that its cited lines do not support, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One of the values that sources give for the same thing."""

    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something about which the sources give different values."""

    about: str
    kind: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent in each step of one answer."""

    condense: float = 0.0
    retrieve: float = 0.0
    read: float = 0.0
    write: float = 0.0
    verify: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What every caller receives: the browser, the terminal, Python, HTTP and MCP.

    Attributes:
        question: As the user typed it.
        standalone_question: What was searched, with what the conversation adds.
        text: The statements in order with their citation marks, or the refusal.
        answered: Whether the sources answer the question.
        state: "answered", "indirect" (the nearest lines do not say it directly) or "refused".
        closest: For a refusal, the nearest lines; they are not offered as proof.
        independent_sources: How many different documents are cited.
        as_of: The newest date of publication among the cited documents.
        unknown_citations: Marks of a language model that name no source, or lines that it was not
            shown; they count for nothing.
        notice: Something that the user should know about how the answer was made, such as an
            index that is being rebuilt.
        model: Who wrote the text: "extractive" or the name of a language model.
    """

    question: str
    standalone_question: str
    text: str
    answered: bool
    state: State
    refusal_reason: RefusalReason | None = None
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    independent_sources: int = 0
    as_of: date | None = None
    closest: tuple[Citation, ...] = ()
    unknown_citations: tuple[str, ...] = ()
    notice: str | None = None
    model: str = "extractive"
    prompt_version: str | None = None
    timings_ms: Timings = field(default_factory=Timings)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain dicts, lists, strings and numbers, ready for `json.dumps`."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One step of an answer while it is made; the last one carries the Answer.

    Attributes:
        kind: "searching" (data: the standalone question), "evidence" (data: the Evidence list),
            "statement" (data: the Statement), "withheld" (data: the Withheld), "answer" (data:
            the Answer).
        citations: For a "statement", the citations that its numbers refer to.
    """

    kind: EventKind
    data: Any
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file of the corpus that was not indexed, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class IndexReport:
    """What one run of `build_index` did, or with a dry run would do.

    Attributes:
        added, changed, removed: Document ids.
        renamed: Pairs (old document id, new document id); the text is the same.
        skipped: Files that were not indexed, with the reason.
        duplicates: Pairs (path of the copy, document id under which it is indexed).
        unchanged: How many documents needed no work.
        documents, chunks: How many the index holds now.
        embedded_chunks: How many chunks were embedded in this run.
        generation: Number of the published generation; 0 when there is none.
        elapsed_s: Seconds.
        dry_run: Whether nothing was written.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    documents: int = 0
    chunks: int = 0
    embedded_chunks: int = 0
    generation: int = 0
    elapsed_s: float = 0.0
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The report as plain dicts, lists, strings and numbers, ready for `json.dumps`."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def _plain(value: Any) -> Any:
    """`value` with dates as ISO strings and tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
