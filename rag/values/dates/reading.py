"""Every date of a text with what it means: what claims and the lines they cite are compared by."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from rag.sentences import split_sentences
from rag.values.dates.days import precision_of
from rag.values.dates.mentions import DateMention
from rag.values.dates.patterns import (
    MONTHS_AND_SHORT,
    WEEKDAYS,
    date_at,
    is_recurring,
    is_title,
)
from rag.values.dates.resolving import resolve
from rag.values.dates.tense import Direction, direction_at
from rag.values.tokens import Token, tokenize

# Where one of these stands, a weekday of unsure direction is not taken as past.
_AHEAD = frozenset(
    "will would could may next due expected upcoming set plan plans going if".split()
)


@dataclass(frozen=True)
class Tokens:
    """A text, its tokens, and which of them are a sentence."""

    text: str

    @cached_property
    def all(self) -> tuple[Token, ...]:
        """The tokens, in order."""
        return tokenize(self.text)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        """Offsets at which a sentence starts; a line break ends one."""
        starts, offset = [0], 0
        for line in self.text.split("\n"):
            starts += [offset + start for start, _ in split_sentences(line)]
            offset += len(line) + 1
            starts.append(offset)
        return starts

    @cached_property
    def _firsts(self) -> list[int]:
        """For each of those offsets the first token at or after it."""
        offsets = [token.start for token in self.all]
        return [bisect_right(offsets, start - 1) for start in self._sentence_starts]

    def sentence_around(self, place: int) -> tuple[int, int]:
        """The first token of the sentence of token `place`, and the one after its last."""
        number = bisect_right(self._firsts, place)
        high = self._firsts[number] if number < len(self._firsts) else len(self.all)
        return (self._firsts[number - 1] if number else 0), high

    def direction(self, first: int, after: int, *, in_clause: bool = False) -> Direction:
        """Whether the sentence, or only the clause, looks back or ahead at these tokens."""
        bounds = self.sentence_around(first)
        return direction_at(self.all, first, after, bounds, in_clause=in_clause)


def read_dates(text: str, anchor: date | None = None) -> list[DateMention]:
    """The dates of `text`, in order, each by itself: of "from May to June" there are two.

    Args:
        text: Any text.
        anchor: The day on which it was published; None leaves relative and partial dates
            unresolved.

    Example: "on Monday", 2023-09-25 -> weekday 0, 2023-09-25 to 2023-09-25
    """
    reading = Tokens(text)
    mentions: list[DateMention] = []
    place = 0
    while place < len(reading.all):
        found = date_at(reading.all, place)
        if found is None:
            place += 1
            continue
        mentions.append(_resolved(reading, found[0], place, found[1], anchor))
        place = max(found[1], place + 1)
    return mentions


def _resolved(
    reading: Tokens, mention: DateMention, first: int, after: int, anchor: date | None
) -> DateMention:
    """A mention with its place in the text and the days that it means."""
    tokens = reading.all
    start, end = tokens[first].start, tokens[after - 1].end
    mention = replace(mention, start=start, end=end, text=reading.text[start:end])
    if is_recurring(tokens, first, after) or is_title(tokens, first, after):
        return mention
    certain = mention.year is not None or anchor is None  # no direction needed
    direction: Direction = "none" if certain else reading.direction(first, after)
    if direction == "unsure" and mention.weekday is not None:
        low, high = reading.sentence_around(first)
        if not any(
            token.base in _AHEAD for token in tokens[max(low, first - 60) : min(high, after + 60)]
        ):
            direction = "past"  # as most weekdays of news; a timeline asks for more
    interval = resolve(mention, anchor, direction)
    if interval is None:
        return mention
    return replace(mention, first=interval[0], last=interval[1], precision=precision_of(interval))


def date_words(text: str) -> dict[int, str]:
    """Offset -> weekday, month or year, of the tokens of the dates in `text`.

    Example: "on Monday" -> {3: "monday"}
    """
    spans = [(mention.start, mention.end) for mention in read_dates(text)]
    return {
        token.start: token.base
        for token in tokenize(text)
        if any(start <= token.start < end for start, end in spans)
        and (token.base in MONTHS_AND_SHORT or token.base in WEEKDAYS or token.is_digits)
    }
