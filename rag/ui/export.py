"""A conversation as a file: Markdown with footnotes for people, JSON for programs.

Both hold the exact lines and the hash of the version of each document, so what was answered can be
checked long after the corpus has changed. Pure functions: an `Answer`, or its `to_dict()`, a turn.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from rag.schema import Answer
from rag.synthesis import format_date
from rag.synthesis.wording import difference_in_words, what_was_checked

Turn = Answer | Mapping[str, Any]

# Everything that Markdown, or HTML inside it, could take for more than itself.
_SPECIAL = re.compile(r"([\\`*_\[\]#|<>~&$^@]|:(?=//)|(?<=\bwww)\.)")
# At the start of a line only: marks of lists, headings underlined, and numbers of lists.
_AT_START = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_BACKTICKS = re.compile(r"`+")


def conversation_json(turns: Sequence[Turn]) -> str:
    """The turns as JSON: an object with "format", "turns" and in each turn the whole answer."""
    answers = [_as_dict(turn) for turn in turns]
    return json.dumps(
        {"format": "on-record-conversation", "version": 1, "turns": answers},
        ensure_ascii=False, indent=2,
    ).encode("utf-8", "backslashreplace").decode() + "\n"  # fmt: skip


def conversation_markdown(turns: Sequence[Turn]) -> str:
    """The turns as Markdown: question, checked statements, and a footnote for each citation.

    A footnote has publisher, date, path and lines, the hash of the document's version, and the
    exact lines as a code block. Citations of the same lines share one footnote.
    """
    notes = _Footnotes()
    parts = ["# Conversation"]
    for turn in turns:
        parts.extend(_turn(_as_dict(turn), notes))
    parts.extend(notes.texts)
    return "\n\n".join(parts) + "\n"


def escape_markdown(text: str) -> str:
    r"""`text` on one line, with nothing in it that Markdown would take for more than text.

    Example: "a *b* <c>" -> "a \\*b\\* \\<c\\>"
    """
    text = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _AT_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)


class _Footnotes:
    """The footnotes of a whole conversation, numbered by first use."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.texts: list[str] = []

    def mark(self, citation: Mapping[str, Any]) -> str:
        """The mark of a citation in the text."""
        key = tuple(
            citation[name] for name in ("document_id", "document_hash", "first_line", "last_line")
        )
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.texts.append(_footnote(self._numbers[key], citation))
        return f"[^{self._numbers[key]}]"


def _turn(answer: Mapping[str, Any], notes: _Footnotes) -> Iterable[str]:
    yield f"## {escape_markdown(answer['question']) or '(nothing)'}"
    if answer["standalone_question"] != " ".join(answer["question"].split()):
        yield f"Searched: {escape_markdown(answer['standalone_question'])}"
    citations = {citation["number"]: citation for citation in answer["citations"]}
    statements = answer["statements"]
    if statements:
        yield "\n".join(_statement(statement, citations, notes) for statement in statements)
        yield _summary(answer)
    else:
        yield escape_markdown(answer["text"])
    for found in answer.get("disagreements", ()):
        yield "\n".join(_disagreement(found, citations, notes))
    if answer.get("closest"):
        marks = " ".join(notes.mark(citation) for citation in answer["closest"])
        yield f"The nearest lines, which do not answer it: {marks}"
    for item in answer.get("withheld", ()):
        yield f"Withheld: {escape_markdown(item['text'])} ({escape_markdown(item['reason'])})"
    if answer.get("notice"):
        yield f"Note: {escape_markdown(answer['notice'])}"


def _statement(
    statement: Mapping[str, Any], citations: Mapping[int, Mapping[str, Any]], notes: _Footnotes
) -> str:
    marks = _marks(statement["citations"], citations, notes)
    earlier = "*Earlier:* " if statement.get("earlier") else ""
    return f"- {earlier}{escape_markdown(statement['text'])} {marks}"


def _marks(
    numbers: Iterable[int], citations: Mapping[int, Mapping[str, Any]], notes: _Footnotes
) -> str:
    return " ".join(notes.mark(citations[number]) for number in numbers if number in citations)


def _disagreement(
    found: Mapping[str, Any], citations: Mapping[int, Mapping[str, Any]], notes: _Footnotes
) -> Iterable[str]:
    how = escape_markdown(difference_in_words(found["kind"]))
    yield f"Sources differ about {escape_markdown(found['about'])} ({how}):\n"
    for claim in found["claims"]:
        names = ", ".join(escape_markdown(name) for name in claim.get("publishers", ()))
        said_by = f", {names}" if names else ""
        marks = _marks(claim["citations"], citations, notes)
        yield f"- {escape_markdown(claim['value'])}{said_by} {marks}"


def _summary(answer: Mapping[str, Any]) -> str:
    day = answer.get("as_of")
    checked = what_was_checked(
        len(answer["statements"]), len(answer.get("withheld", ())),
        answer.get("independent_sources", 0), date.fromisoformat(day) if day else None,
    )  # fmt: skip
    return f"*{checked}; written by {escape_markdown(answer.get('model', 'extractive'))}*"


def _footnote(number: int, citation: Mapping[str, Any]) -> str:
    """One footnote; what follows its first line is indented, so that it belongs to it."""
    first, last = citation["first_line"], citation["last_line"]
    origin = ", ".join(
        escape_markdown(part) for part in (citation.get("publisher"), citation.get("title")) if part
    )
    page = f", page {citation['page']}" if citation.get("page") else ""
    extracted = ", of the extracted text" if citation.get("rendering") == "extracted" else ""
    place = _code(f"{citation.get('path') or citation['document_id']}:{first}-{last}")
    shown = f"{origin}, " if origin else ""
    head = (
        f"[^{number}]: {shown}{_day(citation.get('published'))}, {place}{page}{extracted}, "
        f"document sha256 `{citation['document_hash']}`"
    )
    fence = "`" * max(3, _longest_backticks(citation["quote"]) + 1)
    block = [f"{fence}text", *citation["quote"].split("\n"), fence]
    indented = (f"    {line}" if line else "" for line in block)
    return "\n".join([head, "", *indented])


def _code(text: str) -> str:
    """`text` as code, whatever backticks it holds."""
    ticks = "`" * (_longest_backticks(text) + 1)
    space = " " if "`" in text else ""
    return f"{ticks}{space}{' '.join(text.splitlines())}{space}{ticks}"


def _longest_backticks(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)


def _day(value: Any) -> str:
    return format_date(date.fromisoformat(value) if isinstance(value, str) and value else None)


def _as_dict(turn: Turn) -> Mapping[str, Any]:
    return turn.to_dict() if isinstance(turn, Answer) else turn
