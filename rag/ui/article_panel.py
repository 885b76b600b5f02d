"""The article beside the conversation: the cited lines marked, the rest a click away.

The panel opens with two lines around the citation. "Earlier" and "later" buttons, and "whole
article", fetch further lines a few hundred at a time, so that a long article costs no more than
a short one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from rag.engine import ChatEngine
from rag.schema import Document
from rag.synthesis import format_date

CONTEXT_LINES = 2
# Lines that one request brings; an article of up to twice as many is shown whole at once.
WINDOW_LINES = 300
MAX_LINE_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a document that somebody wants to see.

    Attributes:
        path: The document.
        first, last: The marked lines; 1-based, inclusive.
        document_hash: The version that was cited, or "" when any will do.
    """

    path: str
    first: int
    last: int
    document_hash: str = ""


def read_place(data: Mapping[str, Any]) -> Place:
    """The place that the browser asks for; lines that are no numbers become line 1.

    Example: {"document": "a.txt", "first": "3", "last": 5} -> Place("a.txt", 3, 5)
    """
    first = max(_number(data.get("first")), 1)
    last = max(_number(data.get("last")), first)
    return Place(str(data.get("document") or ""), first, last, str(data.get("hash") or ""))


def show_article(engine: ChatEngine, data: Mapping[str, Any]) -> str:
    """The article around a place, or all of it when `data["whole"]`."""
    place = read_place(data)
    document = engine.document(place.path)
    if document is None:
        return _message(f"There is no article {place.path} in the index.", place.path)
    around = WINDOW_LINES if data.get("whole") else CONTEXT_LINES
    return render_article(document, place, around=around)


def show_lines(engine: ChatEngine, data: Mapping[str, Any]) -> str:
    """Rows of further lines of an article: up to a window from `data["from"]` to `data["to"]`."""
    place = read_place(data)
    document = engine.document(place.path)
    if document is None:
        return ""
    start = max(_number(data.get("from")), 1)
    end = min(_number(data.get("to")), document.line_count, start + WINDOW_LINES - 1)
    return render_rows(document, place, start, end) if start <= end else ""


def render_article(document: Document, place: Place, *, around: int) -> str:
    """An article, with `around` lines before and after the marked ones, which are in the middle."""
    count = document.line_count
    first, last = min(place.first, count), min(place.last, count)
    shown = Place(document.path, first, last, place.document_hash)
    start, end = max(first - around, 1), min(last + around, count)
    notices = _notices(document, place)
    link = f"?document={quote(document.path, safe='')}&lines={first}-{last}"
    whole = start == 1 and end == count
    return (
        f'<div class="article" data-document="{escape(document.path)}" data-first="{first}" '
        f'data-last="{last}" data-count="{count}">'
        f'<h2 id="panel-title" tabindex="-1">{escape(document.title or document.path)}</h2>'
        f'<p class="origin">{escape(_origin(document))}</p>{notices}'
        f'<p class="tools"><a class="permalink" href="{escape(link)}">Link to {_lines(first, last)}'
        '</a> <button type="button" class="quiet" data-action="copy-link">Copy link</button>'
        + ("" if whole else ' <button type="button" class="quiet" data-action="whole">'
                            "Whole article</button>")
        + f"</p>{_more('earlier', 1, start - 1)}"
        '<table class="lines" aria-label="Lines of the article"><tbody>'
        f"{render_rows(document, shown, start, end)}</tbody></table>"
        f"{_more('later', end + 1, count)}</div>"
    )  # fmt: skip


def render_rows(document: Document, place: Place, start: int, end: int) -> str:
    """Lines `start` to `end` as table rows; the lines of `place` marked, clutter dimmed."""
    return "".join(
        _row(document, number, line, cited=place.first <= number <= place.last)
        for number, line in enumerate(document.lines(start, end).split("\n"), start)
    )


def _row(document: Document, number: int, line: str, *, cited: bool) -> str:
    text = escape(line[:MAX_LINE_CHARS])
    if len(line) > MAX_LINE_CHARS:
        text += f" … ({len(line) - MAX_LINE_CHARS:,} more characters)"
    if cited:
        return f'<tr class="cited"><th scope="row">{number}</th><td><mark>{text}</mark></td></tr>'
    clutter = ' class="clutter" title="not part of the article"'
    dimmed = clutter if number in document.boilerplate else ""
    return f'<tr{dimmed}><th scope="row">{number}</th><td>{text}</td></tr>'


def _origin(document: Document) -> str:
    parts = [document.publisher or "publisher not stated", format_date(document.published)]
    if document.author:
        parts.append(f"by {document.author}")
    parts.append(f"{document.path}, {document.line_count:,} lines")
    if document.also_paths:
        parts.append(f"also in {', '.join(document.also_paths)}")
    return " · ".join(parts)


def _notices(document: Document, place: Place) -> str:
    notices = []
    if place.document_hash and place.document_hash != document.document_hash:
        notices.append(
            "This article has changed since it was cited. The lines below are those of today; the "
            "answer keeps the lines that it cited."
        )
    if place.last > document.line_count:
        notices.append(f"There is no line {place.last}: the article has {document.line_count}.")
    if document.rendering == "extracted":
        page = document.page_at(min(place.first, document.line_count))
        of_page = f", page {page}" if page else ""
        notices.append(f"These are the lines of the text extracted from the file{of_page}.")
    return "".join(f'<p class="notice">{escape(text)}</p>' for text in notices)


def _more(which: str, start: int, end: int) -> str:
    """The button that brings the lines before or after those that are shown."""
    if end < start:
        return ""
    words = "Earlier" if which == "earlier" else "Later"
    return (
        f'<p class="more"><button type="button" class="quiet" data-action="more" '
        f'data-which="{which}" data-from="{start}" data-to="{end}">{words} lines '
        f"({end - start + 1:,})</button></p>"
    )


def _lines(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _message(text: str, title: str) -> str:
    return (
        f'<div class="article"><h2 id="panel-title" tabindex="-1">{escape(title) or "No article"}'
        f'</h2><p class="error" role="alert">{escape(text)}</p></div>'
    )


def _number(value: Any) -> int:
    """A whole number out of what the browser sent; 0 when it is none."""
    try:
        return int(str(value)[:9])
    except ValueError:
        return 0
