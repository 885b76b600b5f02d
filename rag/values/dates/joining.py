"""What stands around a date: "early", "since", "Monday night", and the second date of a range."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.values.dates.mentions import Bound, DateMention
from rag.values.dates.patterns import NOWHERE, base_at, is_recurring, is_title, number_at
from rag.values.dates.phrases import UNITS, count_at, phrase_at
from rag.values.tokens import Token

_PARTS = {"early": "early", "late": "late", "mid": "mid", "earlier": "earlier", "later": "later"}
_EDGES = {"end": "end", "start": "start", "beginning": "start", "middle": "mid"}
_BOUNDS: dict[str, Bound] = {
    "since": "since", "until": "until", "till": "until", "through": "until", "by": "by",
    "before": "before", "after": "after", "from": "from",
}  # fmt: skip
# "the 12 months to March", "the year ended 30 June"; "the week of 4 September"
_ENDING = ("to", "ended", "ending", "through")
_BEGINNING = ("of", "beginning", "commencing", "starting")
_LEADING = ("the", "in", "for", "over")
_LINKS = ("-", "--", "to", "until", "till", "through")
# "moved from Friday to Saturday" is no range.
_MOVED = frozenset(
    "moved postponed rescheduled pushed delayed brought switched shifted changed extended".split()
)
_PARTS_OF_DAY = ("morning", "afternoon", "evening", "night", "lunchtime", "nights")


@dataclass(frozen=True)
class Phrase:
    """An expression of time, not yet resolved.

    Attributes:
        mention: What it says.
        first, after: Its first token, and the one after its last.
        part: "early", "mid", "late", "start", "end", "earlier", "later", or None.
        bound: As in `DateMention`.
        until: The second date of a range, or None.
        length: How long what ends with the date has lasted ("the 12 months to March"), as a count
            and a unit; what begins with it ("the week of 4 September") has a count below zero.
    """

    mention: DateMention
    first: int
    after: int
    part: str | None = None
    bound: Bound | None = None
    until: "Phrase | None" = None
    length: tuple[int, str] | None = None


def find_phrases(tokens: Sequence[Token]) -> list[Phrase]:
    """The expressions of time of a text, in order, ranges joined."""
    found: list[Phrase] = []
    place = 0
    while place < len(tokens):
        read = phrase_at(tokens, place)
        if read is None:
            place += 1
            continue
        mention, after = read
        if not is_title(tokens, place, after) and not _is_no_date(tokens, mention, place, after):
            found.append(_with_part(tokens, Phrase(mention, place, after)))
        place = max(after, place + 1)
    return [
        _with_length(tokens, phrase) or _with_bound(tokens, phrase)
        for phrase in _joined(tokens, found)
    ]


def _is_no_date(tokens: Sequence[Token], mention: DateMention, first: int, after: int) -> bool:
    """Whether it only looks like a date: every Monday, "Cyberpunk 2077", "of 2000 people"."""
    if is_recurring(tokens, first, after):
        return True
    if (mention.relative or "").endswith(" ago") and base_at(tokens, first - 1) in ("than", "over"):
        return True  # more than a decade ago
    if mention.relative == "weekend" and base_at(tokens, first - 1) != "the":
        return True
    if mention.relative == "weekend" and base_at(tokens, after) in ("before", "after"):
        return True
    month_alone = mention.month is not None and mention.day is None and mention.year is None
    if month_alone and base_at(tokens, after) == "-" and number_at(tokens, after + 1, 10, 99):
        return True  # Oct-21: a day or a year
    if mention.year is None or mention.month is not None:
        return False
    return _is_only_a_number(tokens, first, after)


def _is_only_a_number(tokens: Sequence[Token], first: int, after: int) -> bool:
    """Whether what looks like a year is a name's or a count: "Cyberpunk 2077", "1989's songs"."""
    if base_at(tokens, after) in ("'", "’") and base_at(tokens, after + 1) == "s":
        named = tokens[after + 2] if after + 2 < len(tokens) else None
        if named is not None and not named.is_capital:
            return True  # of the record
    if first == 0:
        return False
    before = tokens[first - 1]
    if before.base == ":" and first > 1 and tokens[first - 2].is_capital:
        return base_at(tokens, first - 2) not in ("year", "date", "released")  # Twilight: 2000
    if before.base == "/" or (before.is_capital and not before.opens):
        return True
    following = tokens[after] if after < len(tokens) else None
    if following is None or not following.is_word or following.is_capital:
        return False
    counted = following.base.endswith(("s", "people"))
    return counted and before.base in ("of", "to", "around", "about", "or", "and", "through")


def _with_part(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """A phrase with "early", "end of", "earlier" before it and "night" behind it."""
    first, after, part = phrase.first, phrase.after, None
    before = base_at(tokens, first - 1)
    dash = before == "-" and base_at(tokens, first - 2) == "mid"
    if dash or before in _PARTS:
        part = "mid" if dash else _PARTS[before]
        first -= 2 if dash else 1
    elif before in ("in", "on") and base_at(tokens, first - 2) in ("earlier", "later"):
        part, first = base_at(tokens, first - 2), first - 2
    elif before == "of" and base_at(tokens, first - 2) in _EDGES:
        part, first = _EDGES[base_at(tokens, first - 2)], first - 2
    if base_at(tokens, after) in _PARTS_OF_DAY and not tokens[after].is_capital:
        after += 1
    return replace(phrase, first=first, after=after, part=part)


def _with_length(tokens: Sequence[Token], phrase: Phrase) -> Phrase | None:
    """A phrase with "the year to", "six months ended", "the week of" before it; None of others."""
    if phrase.until is not None or phrase.mention.relative or phrase.mention.month is None:
        return None
    place = phrase.first - 1 - (base_at(tokens, phrase.first - 1) == "the")
    link, unit = base_at(tokens, place), base_at(tokens, place - 1).removesuffix("s")
    if unit not in UNITS:
        return None
    if link in _BEGINNING:
        week = unit == "week" and phrase.mention.day is not None
        return replace(phrase, first=place - 1, length=(-1, unit)) if week else None
    if link not in _ENDING:
        return None
    for begin in (place - 3, place - 2):  # "a few months", "12 months"
        counted = count_at(tokens, begin) if begin >= 0 else None
        if counted and counted[1] == place - 1 and counted[0].isdigit():
            led = link != "to" or base_at(tokens, begin - 1) in _LEADING
            long = replace(phrase, first=begin, length=(int(counted[0]), unit))
            return long if led else None  # "two weeks to 10 October" may be left
    if base_at(tokens, place - 2) not in ("the", "a"):
        return None
    return replace(phrase, first=place - 1, length=(1, unit))


def _with_bound(tokens: Sequence[Token], phrase: Phrase) -> Phrase:
    """A phrase with "since", "by" and so on before it."""
    first = phrase.first - (base_at(tokens, phrase.first - 1) in ("the", "around", "about"))
    bound = _BOUNDS.get(base_at(tokens, first - 1))
    if bound is None or phrase.until is not None or first < 1:
        return phrase
    last = tokens[phrase.after - 1].text.lower()
    if bound != "since" and last.endswith(("'s", "’s")):
        return phrase  # after Monday's defeat
    if bound == "from":
        if base_at(tokens, phrase.after) not in ("on", "onwards", "onward", "forward"):
            return phrase  # figures from 2021, highlights from Sunday night
        return replace(phrase, first=first - 1, after=phrase.after + 1, bound=bound)
    return replace(phrase, first=first - 1, bound=bound)


def _joined(tokens: Sequence[Token], phrases: Sequence[Phrase]) -> list[Phrase]:
    """The phrases, with those that are the two ends of a range made one."""
    joined: list[Phrase] = []
    for alone in phrases:
        last = joined[-1] if joined else None
        phrase = _with_numbers(tokens, alone, last.after if last else 0)
        if last is not None and last.until is None and _is_range(tokens, last, phrase):
            first = last.first
            first -= base_at(tokens, first - 1) in ("from", "between")
            joined[-1] = replace(last, first=first, after=phrase.after, until=phrase)
        else:
            joined.append(phrase)
    return joined


def _is_range(tokens: Sequence[Token], one: Phrase, other: Phrase) -> bool:
    """Whether the second phrase ends what the first begins."""
    if other.until is not None or other.first != one.after + 1:
        return False
    link, before = base_at(tokens, one.after), base_at(tokens, one.first - 1)
    if link == "and":
        return before == "between"
    if link not in _LINKS:
        return False
    lead = {token.base for token in tokens[max(one.first - 6, 0) : one.first]}
    return not lead & _MOVED


def _with_numbers(tokens: Sequence[Token], phrase: Phrase, low: int) -> Phrase:
    """A phrase with a lone day of the month at its side, from token `low` on: "5-9 May"."""
    mention = phrase.mention
    if mention.day is None or mention.month is None or phrase.part is not None:
        return phrase
    link = base_at(tokens, phrase.first - 1)
    day = number_at(tokens, phrase.first - 2, 1, 31)
    between = base_at(tokens, phrase.first - 3) == "between" or day == mention.day - 1
    if day and phrase.first - 2 < low:
        day = None
    if day and day < mention.day and (link in _LINKS or (link == "and" and between)):
        first = phrase.first - 2
        first -= base_at(tokens, first - 1) in ("from", "between")
        begin = replace(mention, day=day, weekday=None)
        return replace(phrase, mention=begin, first=first, until=phrase)
    link, day = base_at(tokens, phrase.after), number_at(tokens, phrase.after + 1, 1, 31)
    two_days = link == "and" and day == mention.day + 1
    if day and day > mention.day and (link in _LINKS or two_days) and mention.year is None:
        after = phrase.after + 2
        skip = after + (base_at(tokens, after) == ",")
        year = number_at(tokens, skip, 1900, 2099)
        if (
            year is None
            and (tokens[after].is_word if after < len(tokens) else False)
            and link != "-"
        ):
            return phrase
        after = skip + 1 if year else after
        end = replace(NOWHERE, year=year, month=mention.month, day=day)
        begin = replace(mention, year=year)
        return replace(
            phrase, mention=begin, after=after, until=Phrase(end, phrase.after + 1, after)
        )
    return phrase
