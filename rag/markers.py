r"""Text of a model as it arrives -> finished statements with the lines that they cite.

Models write citations in many ways: 【S1:L3】, (S1:L3), [S1:L3, S2:L4-L5], `[S1:L3][S2:L4]`,
S2 L14–16, before or after the full stop. This is how they are read:

1. Text is cut into marks and plain text as it arrives. What may be the beginning of a mark, at
   most 160 characters, waits for its end.
2. A mark stands in the plain text as one invisible character that counts as white space, so that
   sentences end where they would without it.
3. A sentence is finished when the first word of the next one is there or its line ends; its marks
   are those inside it and up to the next. Where a line opens with a mark, marks come first.
4. The last sentence of a line that has no mark waits for a line that has nothing but marks.

Every step looks at a bounded piece of text, and no expression can backtrack past it, so the time
grows with the length of the text only, whatever it holds.
"""

import re
from collections import deque
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.prompts import REFUSAL_PHRASE
from rag.sentences import split_sentences

CitedLines = tuple[str, int, int]

# A sentence without an end is cut here; no statement of a model is that long.
MAX_STATEMENT_CHARS = 4_000
MAX_CITATIONS = 64
_MAX_MARK_CHARS = 160
_FEED_CHARS = 512
# `split_sentences` looks at most 60 characters past a full stop.
_LOOK_AHEAD = 80

# Stands for a mark in the plain text. Python counts it as white space.
_MARK = "\x1f"
_OPEN, _CLOSE = r"\[【［〔(（", r"\]】］〕)）"
_DASH = "-–—‐‑‒−~"
_TOKEN = re.compile(
    rf"""
    (?P<brackets> [{_OPEN}] [^{_OPEN}{_CLOSE}\n]{{0,{_MAX_MARK_CHARS}}} [{_CLOSE}] )
  | (?P<bare> \bS\d{{1,3}} \s?[:,]?\s? L\d{{1,6}}
        (?: \s?[{_DASH}]\s? (?:S\d{{1,3}}:)? L?\d{{1,6}} )? )
  | (?P<markup> `{{3,}} [ \t]* [\w+-]{{0,20}} [ \t]* (?=\r?\n) | \*{{2,3}} | __+ | `+ )
  | (?P<newline> \r?\n )
    """,
    re.VERBOSE,
)
# The end of a text that may go on as one of the above.
_UNFINISHED = re.compile(
    rf"""
    (?: [{_OPEN}] [^{_OPEN}{_CLOSE}\n]{{0,{_MAX_MARK_CHARS}}}
      | \bS (?: \d{{1,3}} (?: \s?[:,]?\s? (?: L (?: \d{{1,6}}
            (?: \s?[{_DASH}]?\s? (?:S\d{{0,3}}:?)? (?: L?\d{{0,6}} ) )? )? )? )? )?
      | `{{3,}} [ \t]{{0,9}} [\w+-]{{0,20}} [ \t]{{0,9}} \r?
      | [*_`]+ | \r
    ) \Z
    """,
    re.VERBOSE,
)
_ITEM = re.compile(
    rf"(?:S|source\s?)(?P<source>\d{{1,3}})(?!\d)"
    rf"|(?P<line>L|lines?\s?)?(?P<number>\d{{1,6}})(?!\d)"
    rf"|(?P<range>\s?(?:[{_DASH}]|\bto\b))"
    r"|\s|[,;:，；：、&|/.†#^]|\b(?:and|see|cf|refs?|sources?|citations?)\b",
    re.IGNORECASE,
)
_CUT_MARK = re.compile(
    rf"[{_OPEN}]\s*(?:S?\Z|S\d|\d{{1,3}}\W*\Z)|S\d{{1,3}}\W{{0,3}}L", re.IGNORECASE
)
_LINE_START = re.compile(
    r"\s*(?:>\s*)*(?P<heading>#{1,6}\s+)?(?:(?:[-*+•–—▪◦·]|\d{1,2}[.)]|\(?[a-h]\))\s+)?"
)
_FIRST_WORD = re.compile(r"\W*\w+\W")
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")
_SPACE = re.compile(r"\s")
_JOINT = re.compile(r"[\s,;&]*(?:and\b)?[\s,;&]*")
_CLOSING, _OPENING = ".,;:!?…)]）］】”’", "([（［【"
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])")


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """One sentence of a model.

    Attributes:
        text: Without citations and markdown, with single spaces; HTML stays as text.
        citations: (source label, first line, last line) each, in the order of the text, e.g.
            ("S1", 14, 16). Nothing says that they exist.
        raw: The sentence as the model wrote it.
        unknown: Marks that cite something, but no lines of a source: "[1]", "[S3]", "[S1:L".
    """

    text: str
    citations: tuple[CitedLines, ...]
    raw: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    """A citation, and where it stands in the plain text."""

    offset: int
    citations: tuple[CitedLines, ...]
    unknown: str | None


def read_mark(text: str) -> tuple[CitedLines, ...] | None:
    """The lines that the inside of a mark cites; empty when it cites, but no lines; else None.

    Example: "S1:L3, S2:L4-L5" -> (("S1", 3, 3), ("S2", 4, 5)); "1" -> (); "sic" -> None
    """
    found: list[CitedLines] = []
    source = ""
    position = 0
    numbered = in_range = False
    while position < len(text):
        item = _ITEM.match(text, position)
        if item is None:
            return None
        position = item.end()
        if item["source"]:
            source = f"S{int(item['source'])}"
            numbered = True
        elif item["range"]:
            in_range = True
        elif item["number"]:
            line = int(item["number"])
            if not source and not item["line"] and line > 999:
                return None  # a year
            numbered = True
            if in_range and found and found[-1][0] == source:
                first = found[-1][1]
                found[-1] = (source, min(first, line), max(first, line))
            elif source:
                found.append((source, line, line))
            in_range = False
    return tuple(found) if numbered else None


def is_refusal(text: str) -> bool:
    """Whether `text` is the refusal phrase alone, in whatever case, quotes or with a citation.

    "... do not answer this question" is the same.

    Example: '"The sources do not answer this" [S1:L3].' -> True
    """
    if len(text) > _FEED_CHARS:
        return False
    parser = StatementParser()
    said = [word for item in [*parser.feed(text), *parser.close()] for word in _words(item.text)]
    return said in (_words(REFUSAL_PHRASE), _words(f"{REFUSAL_PHRASE} question"))


def parse_statements(text: str) -> list[ParsedStatement]:
    """The statements of a whole answer."""
    parser = StatementParser()
    return [*parser.feed(text), *parser.close()]


class StatementParser:
    """Finds statements in the pieces of one answer: `feed` each of them, then `close`.

    Attributes:
        orphans: Marks in lines of their own that follow no statement.
    """

    def __init__(self) -> None:
        self.orphans: list[str] = []
        self._waiting = ""  # may become a mark
        self._before = ""  # the character before it
        self._clean = ""  # plain text of the unfinished sentence, with _MARK for its marks
        self._marks: list[_Mark] = []
        self._segments: deque[tuple[int, str]] = deque()  # of _clean: (length, as it was written)
        self._searched = 0  # no sentence ends in _clean before this
        self._line_opens = True  # _clean is at the beginning of its line
        self._marks_first = False
        self._held: ParsedStatement | None = None
        self._done: list[ParsedStatement] = []

    def feed(self, piece: str) -> list[ParsedStatement]:
        """The statements that are finished by `piece`, in order."""
        for start in range(0, len(piece), _FEED_CHARS):
            self._scan(self._waiting + piece[start : start + _FEED_CHARS], final=False)
            self._release_sentences(final=False)
        return self._take()

    def close(self) -> list[ParsedStatement]:
        """The statements that the end of the answer finishes."""
        waiting, self._waiting = self._waiting, ""
        if _CUT_MARK.match(waiting) and not _TOKEN.fullmatch(waiting):
            self._add_mark(waiting, ())
        else:
            self._scan(waiting, final=True)
        self._end_line()
        self._release_held()
        return self._take()

    def _take(self) -> list[ParsedStatement]:
        done, self._done = self._done, []
        return done

    def _scan(self, text: str, *, final: bool) -> None:
        """Cut `text` into marks and plain text; keep what may go on as a mark."""
        begin = position = len(self._before)
        text = self._before + text
        end = len(text)
        if not final:
            unfinished = _UNFINISHED.search(text, max(begin, end - _MAX_MARK_CHARS))
            end = unfinished.start() if unfinished else end
        while (token := _TOKEN.search(text, position, end)) is not None:
            raw = token.group()
            position = token.end()
            cited: tuple[CitedLines, ...] | None = ()
            if token["brackets"]:
                cited = read_mark(raw[1:-1])
                if cited is None or (not cited and raw[0] in "(（" and "S" not in raw.upper()):
                    position = token.start() + 1  # no mark itself, but it may hold one
                    continue
            self._add_text(text[begin : token.start()])
            begin = position
            if token["newline"]:
                self._end_line()
                self._segments.append((0, raw))
            elif token["markup"]:
                self._segments.append((0, raw))
            else:
                self._add_mark(raw, (read_mark(raw) if token["bare"] else cited) or ())
        self._add_text(text[begin:end])
        self._before, self._waiting = text[:end][-1:], text[end:]

    def _add_text(self, text: str) -> None:
        if text:
            if not text.isspace():
                self._release_held()
            self._clean += text.replace(_MARK, " ")
            self._segments.append((len(text), text))

    def _add_mark(self, raw: str, cited: tuple[CitedLines, ...]) -> None:
        if len(self._marks) < MAX_CITATIONS:
            if self._line_opens and not self._clean.strip():
                self._marks_first = True
            self._marks.append(_Mark(len(self._clean), cited, None if cited else raw))
            self._clean += _MARK
            self._segments.append((1, raw))

    def _end_line(self) -> None:
        self._release_sentences(final=True)
        self._line_opens, self._marks_first = True, False

    def _release_sentences(self, *, final: bool) -> None:
        """Release the sentences that are finished; with `final`, all that there is."""
        begin = self._line_start().end() if self._line_opens else 0
        start = max(begin, self._searched)
        # A sentence ends before white space; without any, there is nothing to look for.
        seek = final or _SPACE.search(self._clean, start) is not None
        spans = split_sentences(self._clean, start) if seek else []
        dropped = 0
        for (_, end), (following, _) in pairwise(spans):
            if not final and not _FIRST_WORD.match(self._clean, following - dropped):
                break
            up_to = end if self._marks_first else following
            self._release(begin, end - dropped, up_to - dropped)
            begin, dropped = 0, up_to
        while len(self._clean) > MAX_STATEMENT_CHARS:
            space = self._clean.rfind(" ", begin + 1, MAX_STATEMENT_CHARS)
            end = space if space > 0 else MAX_STATEMENT_CHARS
            self._release(begin, end, end)
            begin = 0
        if final:
            if self._clean:
                self._release(begin, len(self._clean), len(self._clean), last=True)
        elif dropped or len(spans) < 2:
            self._searched = max(self._searched, len(self._clean) - _LOOK_AHEAD)

    def _line_start(self) -> re.Match[str]:
        """Bullets and the like at the beginning of _clean; it always matches."""
        found = _LINE_START.match(self._clean)
        assert found is not None
        return found

    def _release(self, begin: int, end: int, following: int, *, last: bool = False) -> None:
        """Make a statement of _clean from `begin` to `end`, and drop _clean up to `following`.

        Without a mark, the last one of a line is held back.
        """
        text = _tidy(self._clean[begin:end])
        heading = self._line_opens and self._line_start()["heading"]
        marks = [mark for mark in self._marks if mark.offset < following]
        self._marks = [
            replace(mark, offset=mark.offset - following) for mark in self._marks[len(marks) :]
        ]
        raw = self._take_raw(following)
        self._clean = self._clean[following:]
        self._searched, self._line_opens = 0, False
        citations = tuple(dict.fromkeys(lines for mark in marks for lines in mark.citations))
        unknown = tuple(mark.unknown for mark in marks if mark.unknown)
        statement = ParsedStatement(text, citations[:MAX_CITATIONS], raw, unknown)
        if not _WORD.search(text):
            if marks:
                self._attach(statement)
            return
        self._release_held()
        if marks or (not last and _LETTER.search(text)):
            self._done.append(statement)
        elif not heading and _LETTER.search(text):
            self._held = statement

    def _attach(self, marks: ParsedStatement) -> None:
        """Add the marks of a line of their own to the statement before it."""
        held, self._held = self._held, None
        if held is None:
            self.orphans.append(marks.raw[:_MAX_MARK_CHARS])
        else:
            citations = tuple(dict.fromkeys(held.citations + marks.citations))[:MAX_CITATIONS]
            unknown = held.unknown + marks.unknown
            raw = f"{held.raw}\n{marks.raw}"
            self._held = ParsedStatement(held.text, citations, raw, unknown[:MAX_CITATIONS])

    def _release_held(self) -> None:
        if self._held is not None:
            self._done.append(self._held)
            self._held = None

    def _take_raw(self, length: int) -> str:
        """What was written for the first `length` characters of _clean."""
        parts: list[str] = []
        while self._segments and (length or not self._segments[0][0]):
            size, raw = self._segments.popleft()
            if size > length:
                self._segments.appendleft((size - length, raw[length:]))
                size, raw = length, raw[:length]
            length -= size
            parts.append(raw)
        return "".join(parts).strip()


def _tidy(text: str) -> str:
    """`text` without its marks, what they leave behind, and emphasis, with single spaces.

    Example: "It *rose* ([mark], [mark]) ." -> "It rose."
    """
    first, *rest = text.split(_MARK)
    tidy = first.rstrip()
    for number, part in enumerate(rest):
        stripped = part.lstrip()
        if not stripped or (number < len(rest) - 1 and _JOINT.fullmatch(part)):
            continue
        if stripped[0] in _CLOSING:
            tidy = tidy.rstrip(" ,;:&")
            if tidy[-1:] in _OPENING and stripped[0] in ")]）］】":
                tidy, stripped = tidy[:-1].rstrip(), stripped[1:].lstrip()
                stripped = stripped if stripped[:1] in _CLOSING else f" {stripped}"
            tidy += stripped
        else:
            tidy += f" {stripped}"
        tidy = tidy.rstrip()
    return " ".join(_EMPHASIS.sub("", tidy).split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
