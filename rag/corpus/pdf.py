"""Takes the text out of a PDF with pypdf, page after page, and joins what line breaks cut.

    1. Each page gives one line for each line that is printed.
    2. Running heads, running feet and page numbers are noted as clutter.
    3. A printed line is joined with the next one where it is nearly as long as the longest of its
       page and does not end a sentence. Where that is not certain it stays: a paragraph in two
       lines does no harm, two paragraphs in one do.
    4. A hyphen at the end of a line goes when the rest of the text writes the word without it.

Nothing is joined across pages, so every line has one page.
"""

import logging
import re
import struct
import time
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.corpus.metadata import Metadata
from rag.corpus.names import is_name
from rag.errors import CorpusError

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 1_000
_MAX_SECONDS = 60.0
_SILENT = logging.NullHandler()

# What pypdf raises on files that are not as the standard wants them, beside its own errors.
_DAMAGE = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, OSError,
    RuntimeError, MemoryError, struct.error, zlib.error,
)  # fmt: skip

_FULL_SHARE = 0.8  # of the page's longest lines: such a line was broken by the margin
_MIN_FULL_CHARS = 25  # a narrow column of a newspaper; shorter lines are tables and headings
_LONG_SHARE = 0.6  # enough when the next line goes on with a small letter
_SENTENCE_END = re.compile(r"[.!?:;\u2026][\"'\u201d\u2019)\]]*$")
_ITEM = re.compile(r"(?:[\u2022\u25aa\u25cf\u2023\u00b7*\u2013-]|\(?\d{1,2}[.)])\s")
_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_PREFIXES = frozenset(
    {
        "anti", "co", "counter", "cross", "ex", "full", "half", "high", "inter", "long", "low",
        "mid", "multi", "neo", "non", "off", "on", "out", "over", "part", "post", "pre", "pro",
        "quasi", "re", "self", "semi", "short", "sub", "super", "un", "under", "up", "well",
    }
)  # fmt: skip
_EDGE_LINES = 2  # at the head and at the foot of a page
_PAGE_NUMBER = re.compile(r"(?:page )?-? ?\d{1,4} ?-?(?: (?:of|/) \d{1,4})?", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"microsoft|untitled|^(?:document|slide|presentation|layout|page)\b"
    r"|\.(?:docx?|odt|rtf|indd|qxd|pdf|tmp|tex|html?|pptx?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF holds.

    Attributes:
        text: All pages, one after another; a paragraph is one line where that is well-founded.
        page_starts: Number of the first line of each page; that of the next page with text, for a
            page without any.
        clutter: Numbers of the lines that are running heads, running feet or page numbers.
        metadata: Title and author, where they are plausible; never a date, since a PDF states
            when the file was made and not when the article was published.
    """

    text: str
    page_starts: tuple[int, ...]
    clutter: frozenset[int]
    metadata: Metadata


def extract_pdf(data: bytes) -> PdfText:
    """The text of a PDF.

    Raises:
        CorpusError: When it is encrypted, damaged, scanned or too long.
    """
    pages, metadata = _read(data)
    printed = [
        [line for raw in page.split("\n") if (line := " ".join(raw.split()))] for page in pages
    ]
    if not any(printed):
        raise CorpusError("no text: a scanned PDF needs OCR first")
    words = Counter(
        word.lower() for page in printed for line in page for word in _WORD.findall(line)
    )
    lines: list[str] = []
    page_starts = []
    clutter = set()
    for page, (first, last) in zip(printed, _running_lines(printed), strict=True):
        page_starts.append(len(lines) + 1)
        body = page[first : len(page) - last]
        for part, is_running in (
            (page[:first], True),
            (_joined(body, words), False),
            (page[len(page) - last :], True),
        ):
            if is_running:
                clutter |= set(range(len(lines) + 1, len(lines) + len(part) + 1))
            lines += part
    return PdfText("\n".join(lines) + "\n", tuple(page_starts), frozenset(clutter), metadata)


def _read(data: bytes) -> tuple[list[str], Metadata]:
    """The text of each page, and the plausible metadata."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").addHandler(_SILENT)  # else every oddity of a file is printed
    deadline = time.monotonic() + _MAX_SECONDS
    place = "damaged"
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CorpusError("encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise CorpusError(f"{len(reader.pages)} pages, more than {MAX_PAGES}: split it")
        pages = []
        for number, page in enumerate(reader.pages, start=1):
            place = f"damaged: page {number} cannot be read"
            if time.monotonic() > deadline:
                raise CorpusError(f"takes more than {_MAX_SECONDS:.0f} s: split it")
            pages.append(_clean(page.extract_text()))
        return pages, _metadata(reader)
    except (DependencyError, FileNotDecryptedError) as exc:
        raise CorpusError("encrypted") from exc
    except (PyPdfError, *_DAMAGE) as exc:
        raise CorpusError(place) from exc


def _clean(text: str) -> str:
    r"""`text` with "\n" line ends and without NUL and the lone surrogates of broken fonts."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _metadata(reader: "PdfReader") -> Metadata:
    """Title and author as the file states them, unless a program filled them in."""
    try:
        info = reader.metadata
        title, author = (info.title, info.author) if info else (None, None)
    except _DAMAGE:
        return Metadata()
    title = " ".join(_clean(str(title or "")).split())
    author = " ".join(_clean(str(author or "")).split())
    plausible = " " in title and len(title) <= 200 and not _NO_TITLE.search(title)
    return Metadata(title=title if plausible else None, author=author if is_name(author) else None)


def _running_lines(pages: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """How many lines at the head and at the foot of each page are not of the article.

    Those are page numbers, and lines that stand, but for their figures, at the edge of at least
    three pages and of half of all. The first page keeps its head: it may be the title.
    """
    if len(pages) < 2:
        return [(0, 0)] * len(pages)
    edges = Counter(
        line
        for page in pages
        for line in {_figureless(line) for line in (*page[:_EDGE_LINES], *page[-_EDGE_LINES:])}
    )
    enough = max(3, len(pages) / 2)
    found = []
    for number, page in enumerate(pages):
        running = [
            bool(_PAGE_NUMBER.fullmatch(line))
            or (edges[_figureless(line)] >= enough and (number > 0 or place >= _EDGE_LINES))
            for place, line in enumerate(page)
        ]
        head = next((n for n in range(_EDGE_LINES) if not all(running[: n + 1])), _EDGE_LINES)
        foot = next((n for n in range(_EDGE_LINES) if not all(running[-n - 1 :])), _EDGE_LINES)
        found.append((head, foot) if head + foot < len(page) else (0, 0))
    return found


def _figureless(line: str) -> str:
    """`line` with its figures made alike.

    Example: "Page 12" -> "Page #"
    """
    return re.sub(r"\d+", "#", line)


def _joined(lines: Sequence[str], words: Counter[str]) -> list[str]:
    """The printed lines of one page, put together to paragraphs where that is well-founded."""
    if not lines:
        return []
    widths = sorted(map(len, lines))
    width = widths[-1 - len(widths) // 10]  # a few lines may stick out
    joined = [lines[0]]
    for above, line in pairwise(lines):
        hyphen = _HYPHEN.search(above) if line[:1].islower() else None
        share = _LONG_SHARE if line[:1].islower() else _FULL_SHARE
        goes_on = len(above) >= max(share * width, _MIN_FULL_CHARS) and not _SENTENCE_END.search(
            above
        )
        if hyphen:
            joined[-1] = _dehyphenated(joined[-1], line, words) + line
        elif goes_on and not _ITEM.match(line):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


def _dehyphenated(above: str, line: str, words: Counter[str]) -> str:
    """`above` without its final hyphen, or with it where the word is written with one.

    "counter-" and "terrorism" may be "counter-terrorism", "infor-" and "mation" is one word: what
    the rest of the text writes decides; else a hyphen stays after a prefix and beside a word that
    the text knows by itself.
    """
    match = _HYPHEN.search(above)
    follows = _FIRST_WORD.match(line)
    if match is None or follows is None or above.endswith("\u00ad"):
        return above.rstrip("\u00ad")
    first, second = match[1].lower(), follows[0].lower()
    if words[first + second]:
        return above[:-1]
    if words[f"{first}-{second}"] or first in _PREFIXES or words[first] > 1 or words[second] > 1:
        return above
    return above[:-1]
