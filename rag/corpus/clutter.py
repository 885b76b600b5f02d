r"""Finds the lines of a text file that are not part of the article: the page around it.

Each rule has a name and says why its lines cannot carry a fact of the article. A rule matches a
whole line, never a part of one, and precision comes first: a line that is left in costs a little
noise, a line that is taken out can never be cited. So titles, standfirsts, bylines, dated lines,
captions that say something and quotes match no rule.

    1. Rules that hold wherever the line stands (`RULES`).
    2. Words of menus and buttons, only before the first or after the last line of prose, where
       they cannot be subheadings (`EDGE_RULES`).
    3. Rules that look at neighbours: breadcrumbs, section labels, lists of links.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rag.corpus.clutter_rules import (
    CASE_RULES,
    EDGE_RULES,
    FORM_PARTS,
    LINK_LIST,
    MAX_FORM_CHARS,
    MIN_FORM_PARTS,
    RULES,
    SURE_FORM_PARTS,
)

_PROSE_WORDS = 9
_SENTENCE_END = re.compile(r"[.!?\u2026][\"')\]*_\u00bb]*$")
_WIDE_SENTENCE_ENDS = frozenset("\u3002\uff01\uff1f")  # of scripts without spaces
_SPACE = re.compile(r"\s+")
_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,2000}\)")
_MAX_CHARS = 1_000  # no rule matches a longer line; keeps the patterns from slowing down
_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u00b4\u0060", "''\"\"''")

_SEPARATOR = re.compile(r"[^\x00-\x7f]{1,4}|[>/|]{1,2}")
_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_MIN_READ = re.compile(r"by (.{1,40}?) \d{1,3} min(?:ute)?s? read")
_MAX_LINK_CHARS = 140
_STATES = re.compile(
    r"^(?:by|(?:\w+ )?reporting by|editing by|source:|(?:image|media|video) caption\b)"
    r"|\b(?:published|updated|posted|modified|date)\b.*\d{4}"
)


def find_clutter(lines: Sequence[str]) -> dict[int, str]:
    """Numbers of the lines that are not part of the article, with the name of the rule.

    Args:
        lines: All lines of a document, in order, without line ends.

    Example: ["A b", "", "Skip to content"] -> {3: "skip link"}
    """
    plain = [normalise(line) for line in lines]
    prose = [number for number, line in enumerate(plain, start=1) if is_prose(line)]
    first, last = (prose[0], prose[-1]) if prose else (1, len(lines))
    clutter: dict[int, str] = {}
    for number, line in enumerate(plain, start=1):
        if not line or len(line) > _MAX_CHARS:
            continue
        rules = RULES if first <= number <= last else RULES + EDGE_RULES
        name = _matching(rules, line) or _matching(CASE_RULES, _plain(lines[number - 1]))
        if name is None and _is_form(line):
            name = "newsletter"
        if name is not None:
            clutter[number] = name
    clutter |= _breadcrumbs(plain, before=prose[0] if prose else len(lines) + 1)
    clutter |= _section_labels(plain)
    clutter |= _link_lists(plain, after=last)
    return clutter


def _matching(rules: Iterable[tuple[str, re.Pattern[str]]], line: str) -> str | None:
    """The name of the first rule that matches the whole line."""
    return next((name for name, pattern in rules if pattern.fullmatch(line)), None)


def normalise(line: str) -> str:
    """`line` as the rules compare it: small letters, plain quotes, single spaces, no markup."""
    return _plain(line).casefold()


def _plain(line: str) -> str:
    """`line` with plain quotes, single spaces and no Markdown."""
    if len(line) > _MAX_CHARS:
        return line.strip()
    line = _LINK.sub(r"\1", unicodedata.normalize("NFC", line)).translate(_QUOTES)
    return _SPACE.sub(" ", line).lstrip(" #>*_+|-").rstrip(" #*_|")


def is_prose(line: str) -> bool:
    """Whether a normalised line is a sentence or more of running text, not a label or a link."""
    if len(line) > _MAX_LINK_CHARS or line[-1:] in _WIDE_SENTENCE_ENDS:
        return True
    return line.count(" ") + 1 >= _PROSE_WORDS and bool(_SENTENCE_END.search(line))


def _is_form(line: str) -> bool:
    """Whether a normalised line is a form that asks for an e-mail address."""
    if len(line) > MAX_FORM_CHARS:
        return False
    sure = any(part.search(line) for part in SURE_FORM_PARTS)
    return sure and sum(bool(part.search(line)) for part in FORM_PARTS) >= MIN_FORM_PARTS


def _breadcrumbs(lines: Sequence[str], *, before: int) -> dict[int, str]:
    """A path of links such as "Home > News > Title", above the text.

    The separator is an arrow, a bar or what a wrong decoding made of one, never a dash; the title
    stands again on a line of its own, or there are two separators.
    """
    found = {}
    for number, line in enumerate(lines[: before - 1], start=1):
        words = line.split(" ")
        if words[0] != "home" or len(words) < 3 or len(line) > 2 * _MAX_LINK_CHARS:
            continue
        separator = words[1]
        if not _SEPARATOR.fullmatch(separator) or _DASHES & set(separator):
            continue
        rest = line.rpartition(f" {separator} ")[2].rstrip(".\u2026")
        repeated = any(other.startswith(rest) for other in lines[number:before])
        if repeated or words.count(separator) > 1:
            found[number] = "breadcrumb"
    return found


def _section_labels(lines: Sequence[str]) -> dict[int, str]:
    """The author box of a blog theme: a name, and below it "By NAME 6 Min Read"."""
    found = {}
    for number, line in enumerate(lines[1:], start=2):
        match = _MIN_READ.fullmatch(line)
        if match and lines[number - 2] == match[1]:
            found[number - 1] = "section label"
    return found


def _link_lists(lines: Sequence[str], *, after: int) -> dict[int, str]:
    """A heading such as "Related Posts", and below the article everything that follows it.

    Within the article only the heading is marked: where its list ends cannot be known. Below it,
    dated lines, bylines, captions and sentences stay: they are no links.
    """
    found = {}
    heading = 0
    for number, line in enumerate(lines, start=1):
        if LINK_LIST.fullmatch(line):
            found[number] = "link list"
            heading = heading or (number if number > after else 0)
        elif heading and line and not is_prose(line) and not _STATES.search(line):
            found[number] = "link list"
    return found
