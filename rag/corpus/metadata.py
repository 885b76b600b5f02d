"""Reads title, publisher, author and day of publication from the head and foot of a text.

The head is what stands before the first paragraph of prose, the foot what stands after the last.
A field is read only from a line that says nothing else; where no line does, it stays None: a
field that is missing does no harm, an invented one does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from rag.corpus.bylines import BYLINE, Byline, read_byline
from rag.corpus.dates import find_date
from rag.corpus.names import is_name, is_outlet, is_well_known, outlet_of
from rag.corpus.publishers import (
    copyright_outlet,
    dateline_outlet,
    first_outlet,
    labelled_outlet,
)

_MAX_HEAD_LINES = 12
_MAX_FOOT_LINES = 6
_MAX_TITLE_CHARS = 140
_MIN_TITLE_WORDS = 4  # of a first line; fewer are a label or a subheading
_MAX_LABEL_CHARS = 120


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file states about its article; None where it states nothing."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    published_basis: str | None = None

    def or_else(self, other: "Metadata") -> "Metadata":
        """This metadata, with the fields that are None taken from `other`."""
        values = {f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)}
        if self.published or self.published_basis:
            values["published"] = self.published
            values["published_basis"] = self.published_basis
        return Metadata(**values)


_HEADING = re.compile(r"#{1,2}\s+(.+?)\s*#*")
_LABELLED_TITLE = re.compile(r"(?:title|headline):\s*(\S.*)", re.IGNORECASE)
# Emphasis and links.
_MARKUP = re.compile(r"(?<![\w*_])[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?![\w*_])")
_LINK = re.compile(r"\[([^\]\n]{1,100})\]\([^)\n]{0,300}\)")
_SUFFIX = re.compile(r"(.{10,}?)\s+[|\u2013\u2014-]\s+([^|]{2,40})")

_LABEL = re.compile(
    r"\b((?:first|originally|last)?\s*(?:published|posted|released|updated|modified|date)"
    r"(?: (?:on|at))?)\b\s*:?",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
_NOISE = re.compile(
    r"(?i:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\bt?\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d+)?)?(?:z\b|\s*[ap]\.?m\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?"
    r"|\b(?:gmt|utc|bst|cet|cest|[ecmp][sd]?t|ist)\b|[+-]\d\d:?\d\d|\b(?:on|at)\b)"
    r"|[\s,.:;()|\u2022\u00b7\u2013\u2014-]+"
)


def read_metadata(lines: Sequence[str], *, clutter: frozenset[int]) -> Metadata:
    """What the head and the foot of the text state.

    Args:
        lines: All lines of a document, without line ends.
        clutter: Numbers of the lines to pass over; a copyright line is read all the same.
    """
    numbers = [n for n, line in enumerate(lines, 1) if line.strip() and n not in clutter]
    head = _until_prose(lines, numbers[:_MAX_HEAD_LINES])
    foot = _until_prose(lines, numbers[: -_MAX_FOOT_LINES - 1 : -1])
    masthead = _masthead(lines, head)
    title, outlet = _title(lines, head[1:] if masthead else head)
    byline, place = _byline(lines, head)
    published, basis = _published(lines, head, [n for n in foot if n not in head])
    ends = [_plain(lines[n - 1]) for n in [*numbers[:_MAX_HEAD_LINES], *numbers[-_MAX_FOOT_LINES:]]]
    last = [_plain(line) for line in lines if line.strip()][: -2 * _MAX_FOOT_LINES - 1 : -1]
    prose = next((lines[n - 1].strip() for n in numbers if n not in head), "")
    publisher = (
        labelled_outlet(_plain(lines[n - 1]) for n in head + foot)
        or first_outlet(ends)
        or byline.outlet
        or _outlet_below(lines, head, place)
        or outlet
        or masthead
        or copyright_outlet(last)
        or dateline_outlet(prose)
    )
    return Metadata(title, publisher, byline.author, published, basis)


def _plain(line: str) -> str:
    """`line` without the marks of Markdown."""
    return _MARKUP.sub("", _LINK.sub(r"\1", line.strip()))


def _until_prose(lines: Sequence[str], numbers: list[int]) -> list[int]:
    """Those of `numbers` before the first paragraph: a line that is long and ends as a sentence."""
    for place, number in enumerate(numbers):
        line = lines[number - 1].strip()
        if len(line) > 2 * _MAX_TITLE_CHARS or (len(line) > 60 and line[-1] in '.\u201d"'):
            return numbers[:place]
    return numbers


def _title(lines: Sequence[str], head: list[int]) -> tuple[str | None, str | None]:
    """The title, and the outlet that it ends in: "Army stands by | BBC News".

    A title is the first heading of the head, or its first line when that is short, does not end
    as a sentence does and stands apart.
    """
    title = None
    for number in head:
        line = lines[number - 1].strip()
        match = _HEADING.fullmatch(line) or _LABELLED_TITLE.fullmatch(line)
        if match:
            title = match[1]
            break
    if title is None and head and _stands_apart(lines, head[0]):
        title = lines[head[0] - 1].strip()
        if len(title.split()) < _MIN_TITLE_WORDS or _ends_in_date(title):
            return None, None
    if title is None or len(title) > _MAX_TITLE_CHARS or title[-1] in ".,;:":
        return None, None
    if BYLINE.fullmatch(title) or is_outlet(title) or find_date(title):
        return None, None
    match = _SUFFIX.fullmatch(title)
    if match and is_outlet(match[2]):
        return match[1].split(" | ")[0].rstrip(), match[2].strip()  # "Title | Section | Outlet"
    return title, None


def _ends_in_date(title: str) -> bool:
    """Whether the extraction ran a dated line into the title: "... Published 14 October"."""
    return bool(re.search(rf"{_LABEL.pattern}.*\d", title, re.IGNORECASE))


def _stands_apart(lines: Sequence[str], number: int) -> bool:
    """Whether a blank line, an underline or a byline follows line `number`, and text after it."""
    if number >= len(lines):
        return False
    following = lines[number].strip()
    return (
        not following
        or bool(re.fullmatch(r"=+|-{3,}", following))
        or bool(BYLINE.fullmatch(following))
    ) and any(line.strip() for line in lines[number + 1 :])


def _masthead(lines: Sequence[str], head: list[int]) -> str | None:
    """The name of the outlet above the title, or None."""
    if len(head) < 2:
        return None
    name = _plain(lines[head[0] - 1]).lstrip("# ")
    is_name_of_outlet = is_well_known(name) or (is_outlet(name) and len(name.split()) <= 3)
    return name if is_name_of_outlet and _title(lines, head[1:])[0] else None


def _byline(lines: Sequence[str], head: list[int]) -> tuple[Byline, int]:
    """Who wrote the article and for whom, and the number of the line; 0 without any."""
    for number in head:
        line = _plain(lines[number - 1])
        if len(line) > _MAX_LABEL_CHARS:
            continue
        match = BYLINE.fullmatch(line)
        byline = read_byline(match[1]) if match else _unlabelled(line)
        if byline.author or byline.outlet:
            return byline, number
    return Byline(), 0


def _unlabelled(line: str) -> Byline:
    """The byline of a line that holds a name, an outlet and perhaps a day, and says so by bars.

    Example: "Ann Lee | Portview Times" -> Byline("Ann Lee", "Portview Times")
    """
    day = find_date(line)
    separator = r"\s*[|\u2022\u00b7]\s*" + (r"|,\s+|\s+[\u2013\u2014-]\s+" if day else "")
    parts = [part.strip() for part in re.split(separator, line) if part.strip()]
    outlets = [part for part in parts if is_outlet(part)]
    names = [part for part in parts if is_name(part) and part not in outlets]
    told = all(
        part in outlets or part in names or _is_time(part, day is not None) for part in parts
    )
    if len(parts) < 2 or not told or len(outlets) != 1 or len(names) > 1:
        return Byline()
    return Byline(names[0] if names else None, outlets[0])


def _is_time(text: str, dated: bool) -> bool:
    """Whether a part of a dated line tells the time, or a piece of it."""
    if not dated:
        return False
    found = find_date(text)
    return bool(found) or _says_nothing(text) or bool(re.fullmatch(r"[\w:. ]*\d[\w:. ]*", text))


def _outlet_below(lines: Sequence[str], head: list[int], byline: int) -> str | None:
    """The outlet on one of the two lines after the byline: "Home affairs editor", "BBC News"."""
    if not byline:
        return None
    place = head.index(byline)
    for number in head[place + 1 : place + 3]:
        for part in re.split(r",\s+", ", ".join(_parts(_plain(lines[number - 1])))):
            outlet = outlet_of(part)
            if outlet:
                return outlet
    return None


def _parts(line: str) -> list[str]:
    """The parts of a line such as "By Ann Lee | 25 September 2023 | BBC News"."""
    return re.split(r"\s+[|\u2022\u00b7]\s+", line.strip())


def _published(
    lines: Sequence[str], head: list[int], foot: list[int]
) -> tuple[date | None, str | None]:
    """The day on a dated line and how it is known; "published" counts before "updated"."""
    found: list[tuple[int, int, date, str]] = []
    for number in head + foot:
        line = lines[number - 1].strip()
        if len(line) > _MAX_LABEL_CHARS:
            continue
        for label, day in _dated(line):
            if not label and number not in head:
                continue
            changed = "updated" in label.lower() or "modified" in label.lower()
            basis = f"dated line {number}" + (f": {label}" if label else "")
            found.append((2 if changed else 0 if label else 1, len(found), day, basis))
    if not found:
        return None, None
    _, _, day, basis = min(found)
    return day, basis


def _dated(line: str) -> list[tuple[str, date]]:
    """Pairs of label and day on a line that holds nothing else but a time, a byline, an outlet."""
    pairs = []
    for part in _parts(line):
        before, *pieces = _LABEL.split(part)
        if pieces and not _says_nothing(before):
            continue
        for label, text in zip(["", *pieces[::2]], [before, *pieces[1::2]], strict=True):
            found = find_date(text)
            if found is None:
                continue
            day, (start, end) = found
            if _says_nothing(text[:start] + " " + text[end:]):
                pairs.append((_SPACES.sub(" ", label.strip()), day))
    return pairs


def _says_nothing(text: str) -> bool:
    """Whether `text` holds nothing but a time, a byline or the name of an outlet."""
    rest = _NOISE.sub(" ", text).strip()
    byline = BYLINE.fullmatch(rest)
    return not rest or is_outlet(rest) or bool(byline and is_name(byline[1]))
