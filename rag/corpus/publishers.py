"""Finds the outlet that a page names: by a label, a credit, its copyright line or its dateline.

In this order: a line "Publisher: X" or "Source: X"; "first published in X"; then what the byline
and the title say (`metadata`); a copyright line at the foot; the agency of a dateline. A name is
taken only where it is known as an outlet or shaped like one, but after "Publisher:" as it stands.
"""

import re
from collections.abc import Iterable

from rag.corpus.dates import find_date
from rag.corpus.names import is_outlet, outlet_of

_MAX_LABEL_CHARS = 120
_PUBLISHER = re.compile(
    r"(?:publisher|outlet|news outlet|newspaper|publication):\s*(\S.{0,59})", re.IGNORECASE
)
_SOURCE = re.compile(
    r"(?:source|url|original(?: article)?|retrieved from):\s*(\S.*)", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/:?#]\S*)?", re.I)
_FIRST = re.compile(
    r"(?:this (?:article|story|report|piece) )?(?:(?:was|is) )?(?:(?:first|originally) )?"
    r"(?:published|appeared|printed)(?: (?:first|originally))? (?:by|in|on) (.+)",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:copyright|\u00a9|\(c\))(?:[\s:,-]|copyright\b|\u00a9|\(c\)|\d{4})*([^\d\u00a9|,.]+)", re.I
)
_COMPANY = re.compile(
    r"\s+(?:limited|ltd|inc|llc|plc|corporation|company|or its|and its|all rights|reserved)\b.*$",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"(?:[^\W\d_a-z][\w.' /\u2019-]{0,40}(?:, [\w.' ]{1,30}){0,2}(?: [\u2013\u2014-])? )?"
    r"\(([^()\d]{2,30})\)(?: [\u2013\u2014-]|[\u2013\u2014-]) "
)
_MAX_WORDS = 5


def labelled_outlet(lines: Iterable[str]) -> str | None:
    """The outlet on a line that says that it is the publisher or the source, or None."""
    for line in lines:
        if len(line) > _MAX_LABEL_CHARS:
            continue
        publisher = _PUBLISHER.fullmatch(line)
        if publisher and _is_title_case(publisher[1]):
            return _site(publisher[1]) or publisher[1]
        source = _SOURCE.fullmatch(line)
        if source:
            outlet = outlet_of(source[1].split(",")[0]) or _site(source[1])
            if outlet:
                return outlet
    return None


def first_outlet(lines: Iterable[str]) -> str | None:
    """The outlet of "This article was first published in X on ...", or None."""
    for line in lines:
        match = _FIRST.fullmatch(line) if len(line) <= _MAX_LABEL_CHARS else None
        words = match[1].split() if match else []
        for count in range(min(len(words), _MAX_WORDS), 0, -1):
            outlet = " ".join(words[:count]).rstrip(".,;")
            if is_outlet(outlet):
                return outlet
    return None


def copyright_outlet(lines: Iterable[str]) -> str | None:
    """The outlet that holds the rights: "Copyright The Portview Times Limited 2023", or None."""
    for line in lines:
        match = _COPYRIGHT.match(line)
        name = _COMPANY.sub("", match[1].strip()).strip() if match else ""
        if is_outlet(name):
            return name
    return None


def dateline_outlet(line: str) -> str | None:
    """The agency in the dateline of a first paragraph: "LONDON (Reuters) - ...", or None."""
    match = _DATELINE.match(line)
    return outlet_of(match[1]) if match else None


def _is_title_case(text: str) -> bool:
    """Whether a value can be a name: no day, no sentence, with a capital or an address."""
    if find_date(text) or text[-1] in ".!?":
        return False
    return bool(_site(text)) or (text[0].isupper() or text[0].isdigit())


def _site(text: str) -> str | None:
    """The site of a web address: "theguardian.com"; None when `text` is none."""
    match = _ADDRESS.fullmatch(text.strip())
    return match[1].lower() if match else None
