"""All expressions of time of a document, resolved with what the document says before them.

1. The expressions are found (`joining`), and given their days (`meanings`).
2. "The following day" is counted from the date that was named last before it, when that is near
   and certain. After another such expression ("the day before" after "the following day") it may
   be counted from either, and the interval holds both.
3. Dates that are the document's own, such as "Last updated on ...", are left out.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rag.values.dates.days import Interval, precision_of
from rag.values.dates.joining import Phrase, find_phrases
from rag.values.dates.meanings import counted_from, meaning
from rag.values.dates.mentions import DateMention
from rag.values.dates.patterns import base_at
from rag.values.dates.reading import Tokens

# So many characters back a date is still the one that "the following day" is counted from, and a
# year the one that "in April" may be of.
_NEAR_CHARS = 600
# So far down from a heading like "Oct. 22:" the text is of that day, and "tonight" is too.
_UNDER_HEADING = 1500
# A day so near to publication is that one even where another year is told of.
_JUST_NOW_DAYS = 21
# "The coming months" so soon after another date are those after that date.
_JUST_BEFORE_CHARS = 150
_COUNTED = ("later ", "earlier ", "same ")
# Before these words' day the speaker of a quotation may have spoken earlier than the report.
_SPOKEN = frozenset({"today", "tonight", "yesterday", "tomorrow", "last night", "overnight"})
_DAYS = frozenset({"today", "yesterday", "tomorrow"})
_OWN_LINE = re.compile(
    r"\W{0,4}(?:(?:first|last|originally) )?(?:published|posted|updated?|modified)\b"
    r"(?:[\s\d:.,|()–-]|(?:on|at|am|pm|[ECMP][SD]?T|UTC|GMT|BST)\b){0,30}$",
    re.IGNORECASE,
)
_OWN_WORDS = re.compile(
    r"\b(?:last|first|originally) (?:updated|published|posted)\b[^.!?]{0,50}$", re.IGNORECASE
)
_OWN_SENTENCE = re.compile(r"[.\d] (?:Published|Posted|Updated)(?: on)?:? $")
_OWN_YEAR = re.compile(r"(?:copyright|©|\(c\))\s{0,3}$", re.IGNORECASE)
_ONLY_A_TIME = re.compile(
    r"(?:[\W\d_]|(?:at|am|pm|[ECMP][SD]?T|UTC|GMT|BST)\b){0,40}$", re.IGNORECASE
)
_AGENCY = re.compile(r"\s{0,2}\((?:Reuters|AP|AFP|UPI|Xinhua)\)")
_FRONT_MATTER = re.compile(r"---\n(?:[^\n]*\n){1,40}?---\n")


@dataclass(frozen=True)
class _Named:
    """A date that a later expression may be counted from."""

    end: int
    interval: Interval | None
    counted_from: Interval | None = None


@lru_cache(maxsize=64)
def read_expressions(text: str, published: date | None = None) -> tuple[DateMention, ...]:
    """The expressions of time of a document, in order, without the dates of the document itself.

    Args:
        text: The whole document.
        published: The day on which it was published, or None.

    Example: "from Friday until Sunday", 2023-09-25 -> 2023-09-22 to 2023-09-24
    """
    reading = Tokens(text)
    front = _FRONT_MATTER.match(text)
    mentions: list[DateMention] = []
    named: _Named | None = None
    year: tuple[int, int] | None = None
    heading: tuple[int, Interval] | None = None
    for phrase in find_phrases(reading.all):
        start, end = reading.all[phrase.first].start, reading.all[phrase.after - 1].end
        if front and start < front.end():
            continue
        relative = phrase.mention.relative or ""
        if relative.startswith(_COUNTED):
            interval, named = _counted(relative, named, start, end)
        else:
            interval = _meant(reading, phrase, published, year)
            if relative.startswith("next ") and _is_told_of(named, start, published):
                interval = None
            if _is_own(text, phrase, (start, end), interval, published):
                continue
            if heading and start - heading[0] <= _UNDER_HEADING and phrase.mention.month is None:
                interval = None if phrase.mention.year is None else interval
            if interval and phrase.mention.day is not None and _is_heading(text, start, end):
                heading = (end, interval) if interval != (published, published) else None
            named = _Named(end, interval)
        if phrase.mention.year is not None and not relative:
            year = end, phrase.mention.year
        mentions.append(_mention(phrase, text[start:end], start, end, interval))
    return tuple(mentions)


def _mention(
    phrase: Phrase, text: str, start: int, end: int, interval: Interval | None
) -> DateMention:
    """What is kept of a phrase and its days."""
    mention = replace(phrase.mention, start=start, end=end, text=text, bound=phrase.bound)
    if phrase.until is not None:
        mention = replace(mention, year=None, month=None, day=None, weekday=None, relative="range")
    if interval is None:
        return mention
    return replace(mention, first=interval[0], last=interval[1], precision=precision_of(interval))


def _meant(
    reading: Tokens, phrase: Phrase, published: date | None, year: tuple[int, int] | None
) -> Interval | None:
    """The days of a phrase, or None when the text around it makes them doubtful."""
    mention = phrase.mention
    token = reading.all[phrase.first]
    if mention.relative in _SPOKEN and _in_quotation(reading.text, token.start):
        return None
    if mention.year is not None or published is None:
        return meaning(phrase, published, "none")
    today = mention.relative == "today" and phrase.part is None
    direction = reading.direction(phrase.first, phrase.after, in_clause=today)
    if today and direction == "unsure":
        return None
    if mention.relative in _DAYS and _is_nowadays(reading, phrase):
        return None
    interval = meaning(phrase, published, direction)
    if interval is None or mention.month is None or mention.relative:
        return interval
    told_of = year[1] if year and token.start - year[0] <= _NEAR_CHARS else None
    if told_of in (None, interval[0].year) or phrase.until is not None:
        return interval
    just_now = mention.day is not None and abs((interval[0] - published).days) <= _JUST_NOW_DAYS
    return interval if just_now else None


def _is_told_of(named: _Named | None, start: int, published: date | None) -> bool:
    """Whether another day than that of publication was named just before."""
    if named is None or published is None or start - named.end > _JUST_BEFORE_CHARS:
        return False
    return named.interval is None or not named.interval[0] <= published <= named.interval[1]


def _is_nowadays(reading: Tokens, phrase: Phrase) -> bool:
    """Whether it is no day: "today's world", "known today as", "the stars of tomorrow"."""
    last = reading.all[phrase.after - 1]
    before, following = (base_at(reading.all, place) for place in (phrase.first - 1, phrase.after))
    if before == "of":
        return True
    return last.base == "today" and (last.text[-1] in "sS" or following == "as")


def _counted(
    relative: str, named: _Named | None, start: int, end: int
) -> tuple[Interval | None, _Named]:
    """The days of "the following day", and what the next such expression is counted from."""
    if named is None or named.interval is None or start - named.end > _NEAR_CHARS:
        return None, _Named(end, None)
    found = counted_from(relative, named.interval)
    if named.counted_from is not None and found is not None:
        other = counted_from(relative, named.counted_from)
        found = (min(found[0], other[0]), max(found[1], other[1])) if other else None
    return found, _Named(end, found, named.counted_from or named.interval)


def _in_quotation(text: str, place: int) -> bool:
    """Whether an opened quotation of the same paragraph is still open at `place`."""
    before = text[text.rfind("\n", 0, place) + 1 : place]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a date stands by itself at the head of a line: "Oct. 22:", "Date: Friday, Dec. 8"."""
    begin = text.rfind("\n", 0, start) + 1
    if start - begin > 20 or text[begin:start].strip() not in ("", "Date:"):
        return False
    return text[end : end + 1] in ("", "\n", ":")


def _is_own(
    text: str,
    phrase: Phrase,
    span: tuple[int, int],
    interval: Interval | None,
    published: date | None,
) -> bool:
    """Whether a date is the document's own: when it was published or changed."""
    start, end = span
    begin = max(text.rfind("\n", 0, start) + 1, start - 120)
    before = text[begin:start]
    if _OWN_YEAR.search(before) or _AGENCY.match(text, end):
        return True
    if phrase.mention.month is None or phrase.mention.day is None:
        return False
    line_start = begin == 0 or text[begin - 1] == "\n"
    if line_start and _OWN_LINE.match(before):
        return True
    if _OWN_SENTENCE.search(before):
        return True
    near = published is None or interval is None or abs((interval[0] - published).days) <= 7
    if near and _OWN_WORDS.search(before):
        return True
    stop = text.find("\n", end)
    rest = text[end : min(stop if stop >= 0 else len(text), end + 40)]
    alone = line_start and not before.strip() and _ONLY_A_TIME.match(rest) is not None
    return alone and interval is not None and interval[0] == published
