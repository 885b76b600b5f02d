"""Statements, the citations that prove them, and the answer that everybody receives."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, NotRequired, TypedDict

from rag.schema.documents import Evidence, Rendering
from rag.schema.plain import plain

State = Literal["answered", "indirect", "refused"]
# "small_talk" is no refusal in earnest: a greeting, thanks, or a question about the assistant.
RefusalReason = Literal[
    "no_support", "empty_question", "empty_corpus", "too_long", "withheld", "small_talk"
]
EventKind = Literal["searching", "evidence", "statement", "withheld", "answer"]


class Message(TypedDict):
    """One turn of a conversation, as every chat interface writes it."""

    role: Literal["user", "assistant"]
    content: str
    name: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before it is checked, with the evidence that it rests on.

    Attributes:
        answer_words: Offsets in `text` of the words that answer, where they are known.
    """

    text: str
    evidence: tuple[Evidence, ...]
    answer_words: tuple[int, int] | None = None


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
        also_in: Paths of exact copies of the document, and of reports of the same family that say
            the same.
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
class StatedDate:
    """A time that a statement names, resolved to days.

    Attributes:
        text: The wording of the source: "on Monday", "last September".
        first, last: The first and the last day that it may mean, inclusive.
        shown: As a reader of news writes it: "25 September 2023", "September 2022".
    """

    text: str
    first: date
    last: date
    shown: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One checked statement of an answer.

    Attributes:
        text: The statement, without citation marks. An extractive one is the quoted sentence
            itself, with single spaces.
        citations: Numbers of the citations that support it.
        support: Always "verified": what failed its check is in `Answer.withheld`.
        confidence: 0..1, how sure the reader is that the statement answers the question.
        dates: Times that it names, as far as they can be known.
        answer_words: Offsets in `text` of the words that answer, to be marked; None where they are
            not certain, and for what a language model wrote.
        earlier: Whether it tells a state that a later statement of the answer has changed.
    """

    text: str
    citations: tuple[int, ...]
    support: Literal["verified"] = "verified"
    confidence: float = 1.0
    dates: tuple[StatedDate, ...] = ()
    answer_words: tuple[int, int] | None = None
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that its cited lines do not support, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One of the values that sources give for the same thing.

    Attributes:
        value: As it stands in the cited lines.
        citations: Every citation that gives it.
        publishers: Of the cited documents, in the order of the citations, each once; the path where
            the publisher is not known.
        published: The newest date of publication among them.
    """

    value: str
    citations: tuple[int, ...]
    publishers: tuple[str, ...] = ()
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something about which the sources give different values.

    Attributes:
        about: What the values are of, in a few words.
        kind: "rounding", "precision" (one value is within the other), "time" (it changed
            meanwhile) or "contradiction".
        attribute: What sort of value: "number", "date", "place", "person", "role", "polarity",
            "cause", "attribution", "object" or "status".
    """

    about: str
    kind: str
    claims: tuple[Claim, ...]
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent in each step of one answer."""

    condense: float = 0.0
    retrieve: float = 0.0
    read: float = 0.0
    write: float = 0.0
    verify: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """About how many tokens a language model read and wrote for one answer, retries left out.

    Estimated on the safe side, since not every server says it.
    """

    prompt: int = 0
    completion: int = 0


@dataclass(frozen=True)
class Answer:
    """What every caller receives: the browser, the terminal, Python, HTTP and MCP.

    Attributes:
        question: As the user typed it.
        standalone_question: What was searched, with what the conversation adds.
        text: The statements in order with their citation marks, or the refusal.
        answered: Whether the sources answer the question.
        state: "answered", "indirect" (the nearest lines do not say it directly) or "refused".
        confidence: 0..1, how sure the reader is that the corpus answers the question; of a refusal
            too. Higher is surer; questions can be ranked by it.
        closest: For a refusal, the nearest lines; they are not offered as proof.
        independent_sources: How many families of documents are cited; a report and what was
            copied from it are one.
        as_of: The newest date of publication among the cited documents.
        unknown_citations: Marks of a language model that name no source, or lines that it was not
            shown; they count for nothing.
        notice: Something that the user should know about how the answer was made, such as an
            index that is being rebuilt.
        model: Who wrote the text: "extractive" or the name of a language model.
        tokens: What the language model read and wrote; None when none was configured.
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
    confidence: float = 0.0
    closest: tuple[Citation, ...] = ()
    unknown_citations: tuple[str, ...] = ()
    notice: str | None = None
    model: str = "extractive"
    prompt_version: str | None = None
    tokens: Tokens | None = None
    timings_ms: Timings = field(default_factory=Timings)

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain dicts, lists, strings and numbers, ready for `json.dumps`."""
        as_json: dict[str, Any] = plain(asdict(self))
        return as_json


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
