"""Second pass over the corpus: lines that its documents share because a site adds them.

Articles share lines for good reasons: wire copy, quotes, background paragraphs that an outlet
repeats for weeks, bylines, headings. So a count alone proves nothing. A line counts as the
site's when it stands verbatim in at least `MIN_DOCUMENTS` documents that are not copies of each
other, holds no figure, quote or byline, and

    1. it speaks of the site's own services ("newsletter", "promo code"), or
    2. it is a row of links ("Teams | Scores | Tables"), or
    3. it stands at the head or foot of at least half of the corpus, has four words or more, and
       is no sentence.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rag.corpus.clutter import normalise
from rag.schema import Document

MIN_DOCUMENTS = 5  # two or three articles about one story share quotes
_MIN_CHARS = 12  # shorter lines are headings and names
_EDGE_LINES = 3  # that are not blank
_TEMPLATE_SHARE = 0.5  # of the documents: every page of a site
_COPY_SHARE = 0.5  # of a document's characters in shared lines: it is a copy, not a page

_SERVICE = re.compile(
    r"\b(?:newsletters?|sign(?:ing)? up (?:for|to|here)|subscri(?:be (?:to|here|now|for)|bers get)"
    r"|inbox|click here|promo code|cookie settings|all rights reserved|(?:like|follow) us on"
    r"|download our(?: \w+)? app|support our journalism|push notifications|sport notifications"
    r"|get in touch with us|unsubscribe)\b"
)
_LINK_ROW = re.compile(r"[^|.]{1,30}(?: \| [^|.]{1,30}){2,}")
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002][\])]*$")
_FACT_MARKS = re.compile(r"[\d\"\u00ab\u00bb:@]|\bby\b|\bsaid\b")


def mark_repeated_lines(documents: Sequence[Document]) -> list[Document]:
    """The documents, in order, with the lines that a site repeats added to their boilerplate.

    Exact copies must have been removed. A document in which nothing changes is returned as it is.
    """
    keys = [_keys(document) for document in documents]
    counts = _counts(keys)
    edges = Counter(key for lines in keys for key in _at_edge(lines))
    enough = max(MIN_DOCUMENTS, _TEMPLATE_SHARE * len(documents))
    site = {
        key
        for key, count in counts.items()
        if count >= MIN_DOCUMENTS
        and not _FACT_MARKS.search(key)
        and (
            _SERVICE.search(key)
            or _LINK_ROW.fullmatch(key)
            or (
                min(edges[key], count) >= enough
                and key.count(" ") >= 3
                and not _SENTENCE_END.search(key)
            )
        )
    }
    marked = []
    for document, lines in zip(documents, keys, strict=True):
        added = {number for number, key in lines.items() if key in site}
        boilerplate = document.boilerplate | added
        marked.append(replace(document, boilerplate=boilerplate) if added else document)
    return marked


def _keys(document: Document) -> dict[int, str]:
    """The normalised text of each line that is not yet boilerplate, by its number."""
    keys = {}
    for number, line in enumerate(document.text.split("\n"), start=1):
        if number not in document.boilerplate:
            key = normalise(line)
            if key:
                keys[number] = key
    return keys


def _counts(keys: Sequence[dict[int, str]]) -> Counter[str]:
    """In how many documents each line stands; documents that are mostly shared do not count."""
    counts = Counter(key for lines in keys for key in set(lines.values()) if len(key) >= _MIN_CHARS)
    shared = {key for key, count in counts.items() if count > 1}
    for lines in keys:
        chars = sum(map(len, lines.values()))
        if sum(len(key) for key in lines.values() if key in shared) > _COPY_SHARE * chars:
            counts.subtract(key for key in set(lines.values()) if key in shared)
    return counts


def _at_edge(lines: dict[int, str]) -> set[str]:
    """The first and the last lines of a document."""
    ordered = list(lines.values())
    return {*ordered[:_EDGE_LINES], *ordered[-_EDGE_LINES:]}
