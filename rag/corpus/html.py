"""Takes the article out of an HTML page: text by trafilatura, one paragraph a line.

`favor_precision` is on: without it trafilatura returns the menu of a page that has no article.
Captions of pictures are not extracted. The day of publication is read here and not by
trafilatura, which also takes days from the page's address; see `_published`.

A page can be made to take trafilatura minutes (its time grows with the square of the number of
tags), so pages with more than `_MAX_TAGS` are refused; deep nesting is cut by the parser.
"""

import logging
import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.corpus.clutter import normalise
from rag.corpus.dates import find_date
from rag.corpus.decoding import decode
from rag.corpus.metadata import Metadata
from rag.errors import CorpusError

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]  # lxml has no types

_MAX_TAGS = 60_000  # an article page has 1,000 to 20,000; at the limit a page takes about 6 s
_MAX_FIELD_CHARS = 300
_SILENT = logging.NullHandler()

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii"})

# Names of <meta> elements that hold the day of publication, then of the last change.
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "dcterms.issued", "dc.date.issued", "citation_publication_date",
    "publish-date", "publishdate", "publication_date", "pubdate", "dcterms.date", "dc.date", "date",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,60})"')


def extract_html(data: bytes) -> tuple[str, Metadata]:
    """The text of the article, its title first, and what the page states about it.

    Raises:
        CorpusError: When the page holds no article, or too many tags.
    """
    html = _decode_html(data)
    if not html.strip():
        raise CorpusError("empty")
    if html.count("<") > _MAX_TAGS:
        raise CorpusError(
            f"{html.count('<'):,} tags, more than {_MAX_TAGS:,}: save the article alone"
        )
    from trafilatura import extract, extract_metadata, load_html

    for name in ("trafilatura", "htmldate"):  # else what they reject is printed
        logging.getLogger(name).addHandler(_SILENT)
    if "<html" not in html[:5_000].lower():
        html = f"<html><body>{html}</body></html>"  # trafilatura refuses fragments
    tree = load_html(html)
    body = None
    if tree is not None:
        body = extract(tree, include_comments=False, favor_precision=True)
    if tree is None or not body or not body.strip():
        raise CorpusError("no article text found")
    stated = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    published, basis = _published(tree, html)
    metadata = Metadata(
        title=_field(stated.title),
        publisher=_field(stated.sitename),
        author=_field(stated.author),
        published=published,
        published_basis=basis,
    )
    return _laid_out(body, metadata.title), metadata


def _decode_html(data: bytes) -> str:
    """The page as text: by mark or as UTF-8, else by the encoding that it names."""
    match = _CHARSET.search(data[:10_000])
    name = match[1].decode("ascii").lower() if match else ""
    if name and not name.startswith("utf") and b"\0" not in data:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
        try:
            return data.decode("cp1252" if name in _LATIN else name)  # as browsers do
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)[0]


def _laid_out(body: str, title: str | None) -> str:
    """The text with a blank line between paragraphs, not within a list or a table."""
    lines = [line.rstrip() for line in body.replace("\r\n", "\n").split("\n") if line.strip()]
    if title and normalise(title) not in [normalise(line) for line in lines[:5]]:
        lines.insert(0, title)
    text = lines[0]
    for above, line in pairwise(lines):
        together = above[:2] == line[:2] == "- " or above[:1] == line[:1] == "|"
        text += ("\n" if together else "\n\n") + line
    return text + "\n"


def _published(tree: "HtmlElement", html: str) -> tuple[date | None, str | None]:
    """The day of publication and the place that states it.

    In this order: <meta> elements, JSON-LD, <time> elements, <meta> elements with the day of the
    last change. JSON-LD and <time> may speak of other articles on the page too, so they count
    only when all of them state one and the same day.
    """
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        metas.setdefault(name.strip().lower(), element.get("content") or "")
    times = [t for t in tree.iter("time") if t.get("datetime")]
    marked = [t for t in times if t.get("pubdate") is not None or t.get("itemprop")]
    candidates = [(f"page: {name}", [metas[name]]) for name in _PUBLISHED if name in metas]
    candidates.append(("page: datePublished", _JSON_DATE.findall(html)))
    candidates.append(("page: time element", [t.get("datetime") or "" for t in marked or times]))
    candidates += [(f"page: {name}", [metas[name]]) for name in _MODIFIED if name in metas]
    for basis, texts in candidates:
        days = {found[0] if found else None for found in map(find_date, texts)}
        day = days.pop() if len(days) == 1 else None
        if day:
            return day, basis
    return None, None


def _field(text: str | None) -> str | None:
    """`text` on one line; None when it is no name or title."""
    text = " ".join((text or "").split())
    return text if text and len(text) <= _MAX_FIELD_CHARS and "://" not in text else None
