"""What the browser sends and keeps: a question with its history and filters, and finished turns.

The server keeps no conversation. The browser's local storage does, as records of question and
answer, and sends what is needed: the history with each question, and the records when a page is
loaded again. So everything here comes from outside, and is checked before it is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.engine import ChatEngine
from rag.schema import Answer, Filters, Message
from rag.store import DocumentSummary
from rag.synthesis import format_date

MAX_HISTORY = 20  # messages
MAX_HISTORY_CHARS = 4_000
MAX_TURNS = 200
MAX_PUBLISHERS = 50
EXAMPLES = 4
MAX_TITLE_CHARS = 110

_answers = TypeAdapter(Answer)


class RequestError(ValueError):
    """Something the browser sent that cannot be used; its text is fit to be shown."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question as the browser sends it.

    Attributes:
        ticket: The browser's own mark of this question, sent back with each step.
        turn: Its place in the conversation, from 0.
        only: The filters in words, or "".
    """

    question: str
    ticket: str
    turn: int
    history: tuple[Message, ...]
    filters: Filters
    known_by: date | None
    only: str = ""


def read_request(data: Mapping[str, Any], *, max_chars: int) -> ChatRequest:
    """The question, its history and filters, out of what the browser sent.

    Raises:
        RequestError: When a date is none, or the period is empty.
    """
    turn = data.get("turn")
    filters, known_by = read_filters(_mapping(data.get("filters")))
    return ChatRequest(
        question=str(data.get("question") or "")[: max_chars + 1],
        ticket=str(data.get("ticket") or "")[:64],
        turn=turn if isinstance(turn, int) and 0 <= turn < MAX_TURNS else 0,
        history=read_history(data.get("history")),
        filters=filters,
        known_by=known_by,
        only=describe_filters(data.get("filters")),
    )


def read_history(value: Any) -> tuple[Message, ...]:
    """The newest messages of a conversation; what is no message is left out."""
    if not isinstance(value, list):
        return ()
    messages = []
    for item in value[-MAX_HISTORY:]:
        content, role = _mapping(item).get("content"), _mapping(item).get("role")
        if isinstance(content, str):
            cut = content[:MAX_HISTORY_CHARS]
            messages.append(
                Message(role="assistant", content=cut)
                if role == "assistant"
                else Message(role="user", content=cut)
            )
    return tuple(messages)


def read_filters(data: Mapping[str, Any]) -> tuple[Filters, date | None]:
    """The filters, and the day by which something must have been known.

    Raises:
        RequestError: When a date is none, or the period is empty.

    Example: {"from": "2023-09-01"} -> (Filters(published_from=date(2023, 9, 1)), None)
    """
    first, last = _day(data.get("from")), _day(data.get("to"))
    if first and last and first > last:
        raise RequestError(f"No day is from {first} on and not after {last}: change the filters.")
    names = data.get("publishers")
    publishers = (
        [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    )
    filters = Filters(
        publishers=tuple(publishers[:MAX_PUBLISHERS]), published_from=first, published_to=last
    )
    return filters, _day(data.get("known_by"))


def restrict(filters: Filters, known_by: date | None) -> Filters:
    """`filters`, and nothing that was published after `known_by`."""
    if known_by is None:
        return filters
    return replace(filters, published_to=min(filters.published_to or known_by, known_by))


def describe_filters(data: Any) -> str:
    """The filters of a kept turn, for its reader; "" for none, or for some that cannot be read.

    Example: {"publishers": ["A"], "known_by": "2023-09-25"} -> "A; known by 25 September 2023"
    """
    try:
        filters, known_by = read_filters(_mapping(data))
    except RequestError:
        return ""
    days = {
        "published from": filters.published_from,
        "published to": filters.published_to,
        "known by": known_by,
    }
    parts = [" or ".join(filters.publishers)] if filters.publishers else []
    parts += [f"{words} {format_date(day)}" for words, day in days.items() if day]
    return "; ".join(parts)


def read_answer(data: Any) -> Answer | None:
    """The answer out of what `Answer.to_dict` made of it, or None when it is none."""
    try:
        return _answers.validate_python(data)
    except ValidationError:
        return None


def read_answers(records: Any) -> list[Answer | None]:
    """The answers of a conversation's records, in order; None for one that is damaged."""
    if not isinstance(records, list):
        return []
    return [read_answer(_mapping(record).get("answer")) for record in records[:MAX_TURNS]]


def make_record(answer: Answer, filters: Any = None) -> dict[str, Any]:
    """What the browser keeps of a turn; `filters` as it sent them."""
    kept = filters if describe_filters(filters) else {}
    return {"question": answer.question, "answer": answer.to_dict(), "filters": kept}


def example_questions(summaries: Sequence[DocumentSummary], *, count: int = EXAMPLES) -> list[str]:
    """Questions about the newest titled articles, of as many publishers as there are.

    Example: a document "Bridge to close" of "Courier" -> "What does Courier report about “Bridge
    to close”?"
    """
    titled = [summary for summary in summaries if summary.title]
    titled.sort(key=lambda summary: (summary.published or date.min, summary.document_id),
                reverse=True)  # fmt: skip
    first_of: dict[str | None, DocumentSummary] = {}
    for summary in titled:
        first_of.setdefault(summary.publisher, summary)
    chosen = list(first_of.values())[:count]
    taken = {summary.document_id for summary in chosen}
    others = (summary for summary in titled if summary.document_id not in taken)
    chosen += islice(others, count - len(chosen))
    return [_example(summary) for summary in chosen]


def publishers(engine: ChatEngine) -> list[str]:
    """The publishers of the corpus, sorted, each once."""
    names = {summary.publisher for summary in engine.index.document_metadata()}
    return sorted((name for name in names if name), key=str.casefold)


def _example(summary: DocumentSummary) -> str:
    title = " ".join((summary.title or "").split())
    if len(title) > MAX_TITLE_CHARS:
        title = title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0] + " …"
    if summary.publisher:
        return f"What does {summary.publisher} report about “{title}”?"
    return f"What is reported about “{title}”?"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _day(value: Any) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(str(value)[:32])
    except ValueError:
        raise RequestError(f"“{str(value)[:32]}” is not a date, such as 2023-09-25.") from None
