"""All expressions of time of a document, resolved with what the document says before them.

1. The expressions are found (`joining`), and given their days (`meanings`).
2. "The following day" is counted from the date that was named last before it, when that is near
   and certain. After another such expression ("the day before" after "the following day") it may
   be counted from either, and the interval holds both.
3. Dates that are the document's own, such as "Last updated on ...", are marked; nothing is counted
   from them. Those of the front matter are left out.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rag.values.dates.days import Interval, precision_of
from rag.values.dates.joining import Phrase, find_phrases
from rag.values.dates.meanings import counted_from, in_year_told, meaning
from rag.values.dates.mentions import DateMention
from rag.values.dates.patterns import YEAR_TOLD, base_at
from rag.values.dates.reading import Tokens

# So many characters back a date is still the one that "the following day" is counted from, and a
# year the one that "in April" may be of.
_NEAR_CHARS = 600
# So far down from a heading like "Oct. 22:" the text is of that day, and "tonight" is too.
_UNDER_HEADING = 1500
# A day so near to publication is that one even where another year is told of.
_JUST_NOW_DAYS = 21
# The next such month after one that is told of lies so many days off at most; and what is told of
# lasts so many at most, and no whole year.
_NEXT_WITHIN_DAYS, _TOLD_DAYS = 365, 183
# "The coming months" so soon after another date are those after that date.
_JUST_BEFORE_CHARS = 150
# A bare "later" is resolved when the date before it is so near to publication.
_LATER_DAYS = 1
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
    """The expressions of time of a document, in order.

    Args:
        text: The whole document.
        published: The day on which it was published, or None.

    Example: "from Friday until Sunday", 2023-09-25 -> 2023-09-22 to 2023-09-24
    """
    front = _FRONT_MATTER.match(text)
    story = _Story(Tokens(text), published)
    tokens = story.reading.all
    mentions: list[DateMention] = []
    for phrase in find_phrases(tokens):
        start, end = tokens[phrase.first].start, tokens[phrase.after - 1].end
        if front is None or start >= front.end():
            mentions.append(story.read(phrase, start, end))
    return tuple(m for m in mentions if m.relative != "later" or m.first is not None)


@dataclass
class _Story:
    """A document while it is read, with what later expressions may be counted from.

    Attributes:
        named: The date named last.
        year: The last one that was given with its year.
        heading: The date over this part of the text, where it is not that of publication.
    """

    reading: Tokens
    published: date | None
    named: _Named | None = None
    year: _Named | None = None
    heading: _Named | None = None

    def read(self, phrase: Phrase, start: int, end: int) -> DateMention:
        """The next expression with its days."""
        relative, text = phrase.mention.relative or "", self.reading.text
        if relative == "later":
            interval = _later(self.named, self.published)
        elif relative.startswith(_COUNTED):
            interval, self.named = _counted(relative, self.named, start, end)
        elif relative.removesuffix(" year") in YEAR_TOLD:
            near = _interval_near(self.named, start, _NEAR_CHARS)
            interval = in_year_told(phrase, near) if near else None
            self.named = _Named(end, interval)
        else:
            interval = _meant(self.reading, phrase, self.published, self.year)
            if relative.startswith("next ") and _is_told_of(self.named, start, self.published):
                interval = None
            if _is_own(text, phrase, (start, end), interval, self.published):
                return replace(_mention(phrase, text, start, end, interval), own=True)
            interval = self._under_heading(phrase, start, end, interval)
            self.named = _Named(end, interval)
        if phrase.mention.year is not None and not relative:
            self.year = _Named(end, interval)
        return _mention(phrase, text, start, end, interval)

    def _under_heading(
        self, phrase: Phrase, start: int, end: int, interval: Interval | None
    ) -> Interval | None:
        """The days where no heading says that the text is of another day; notes a new heading."""
        mention = phrase.mention
        under = _interval_near(self.heading, start, _UNDER_HEADING) is not None
        if under and mention.month is None and mention.year is None:
            return None
        if interval and mention.day is not None and _is_heading(self.reading.text, start, end):
            other = interval != (self.published, self.published)
            self.heading = _Named(end, interval) if other else None
        return interval


def _interval_near(named: _Named | None, start: int, chars: int) -> Interval | None:
    """The days of a date that ends at most `chars` before `start`."""
    return named.interval if named is not None and start - named.end <= chars else None


def _mention(
    phrase: Phrase, text: str, start: int, end: int, interval: Interval | None
) -> DateMention:
    """What is kept of a phrase and its days."""
    mention = replace(
        phrase.mention, start=start, end=end, text=text[start:end], bound=phrase.bound
    )
    if phrase.until is not None:
        mention = replace(mention, year=None, month=None, day=None, weekday=None, relative="range")
    if interval is None:
        return mention
    return replace(mention, first=interval[0], last=interval[1], precision=precision_of(interval))


def _meant(
    reading: Tokens, phrase: Phrase, published: date | None, year: _Named | None
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
    told_of = _interval_near(year, token.start, _NEAR_CHARS)
    if told_of is None or interval[0].year in (told_of[0].year, told_of[1].year):
        return interval
    if phrase.until is not None or _comes_next(interval, told_of):
        return interval
    just_now = mention.day is not None and abs((interval[0] - published).days) <= _JUST_NOW_DAYS
    return interval if just_now else None


def _comes_next(interval: Interval, told_of: Interval) -> bool:
    """Whether it is the first such month or day after the one told of, in the year that follows.

    Example: after "in December 2022", "in January" of 2023
    """
    within_months = (told_of[1] - told_of[0]).days <= _TOLD_DAYS
    return within_months and 0 < (interval[0] - told_of[1]).days <= _NEXT_WITHIN_DAYS


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
        if found == named.counted_from:  # that day has a name already, and is not meant
            found = other
        else:
            found = (min(found[0], other[0]), max(found[1], other[1])) if other else None
    return found, _Named(end, found, named.counted_from or named.interval)


def _later(named: _Named | None, published: date | None) -> Interval | None:
    """The days of a bare "later": from the date before it to publication, where that is near."""
    if named is None or named.interval is None or published is None:
        return None
    begin = named.interval[0]
    return (begin, published) if 0 <= (published - begin).days <= _LATER_DAYS else None


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
