"""Whether the cited lines give the numbers, dates and quoted phrases of a claim."""

import re
from collections.abc import Sequence
from datetime import date

from rag.claims.lines import Source
from rag.claims.vocabulary import REPORTING
from rag.values import (
    DateMention,
    Number,
    date_agrees,
    plain,
    read_dates,
    read_numbers,
    read_quotes,
    tokenize,
)

_WORD = re.compile(r"\w+")
# "about 300" and "300" may stand for each other; a limit ("more than", "up to") must be kept.
_LIMITS = ("over", "under")
_PUBLISHING = frozenset("published publication article report story dated edition".split())


def quote_problem(claim: str, source: Source) -> str | None:
    """A quoted phrase of the claim that the lines do not have word for word."""
    held = f" {_folded(source.text)} "
    titles = " ".join(f" {_folded(document.title or '')} " for document in source.documents)
    for quote in read_quotes(claim):
        # "…" and "[...]" leave something out: each part must be there.
        for part in re.split(r"…|\.\.\.|\[[^\[\]]{0,40}\]", quote.text):
            wanted = f" {_folded(part)} "
            if wanted.strip() and wanted not in held and wanted not in titles:
                return f"the cited lines do not hold the quoted words “{_shown(quote.text)}”"
    return None


def number_problem(claim: str, source: Source) -> str | None:
    """A number of the claim that the lines do not give, or give with another unit or limit."""
    dated = [(mention.start, mention.end) for mention in read_dates(claim)]
    for number in read_numbers(claim):
        if any(start <= number.start and number.end <= end for start, end in dated):
            continue
        same = [given for given in _given_numbers(source) if _same_value(number, given)]
        if not same:
            return f'the cited lines do not say "{number.text}"'
        if not any(_same_unit(number, given) for given in same):
            return f'the cited lines do not say "{number.text}" of the same kind'
        if not any(_same_unit(number, g) and _same_bound(number, g) for g in same):
            return f'the cited lines put another limit on "{number.text}"'
    return None


def _given_numbers(source: Source) -> list[Number]:
    years = [
        Number(mention.start, mention.end, mention.text, float(mention.year))
        for mention in source.dates
        if mention.year is not None
    ]
    return source.numbers + years


def _same_value(claimed: Number, given: Number) -> bool:
    if claimed.kind == "vague" and given.kind != "vague":
        return 2 * claimed.value <= given.value < 10 * claimed.value and given.kind == "count"
    if claimed.kind == "percent" and given.kind == "percent":
        # "a third" is 33 per cent and 33.3 per cent
        return abs(claimed.value - given.value) < (0.5 if claimed.value % 1 else 0.01)
    if (claimed.kind == "vague") != (given.kind == "vague"):
        return False
    return abs(claimed.value - given.value) <= 1e-9 * abs(given.value)


def _same_unit(claimed: Number, given: Number) -> bool:
    if claimed.kind in ("percent", "clock", "ordinal") or given.kind in ("percent", "ordinal"):
        return claimed.kind == given.kind
    if claimed.kind == "money":
        return given.kind == "money" and claimed.unit == given.unit
    ages = {claimed.unit, given.unit} <= {"year-old", "year", None}
    return ages or claimed.unit is None or given.unit is None or claimed.unit == given.unit


def _same_bound(claimed: Number, given: Number) -> bool:
    if claimed.bound in _LIMITS or given.bound in _LIMITS:
        return claimed.bound == given.bound
    return True


def date_problem(claim: str, source: Source) -> str | None:
    """A date of the claim that does not follow from the lines and the date of their document."""
    anchors = {document.published for document in source.documents}
    anchor = next(iter(anchors)) if len(anchors) == 1 else None
    bare = {f"{number.value:g}" for number in source.numbers}
    for mention in read_dates(claim, anchor):
        if any(date_agrees(mention, given) for given in source.dates):
            continue
        if mention.relative is None and f"{mention.year}" in bare and mention.month is None:
            continue  # a year that the lines write as a number
        if _is_publication(claim, mention, source, anchors):
            continue
        return f'the cited lines do not say "{mention.text}"'
    return None


def _is_publication(
    claim: str, mention: DateMention, source: Source, anchors: set[date | None]
) -> bool:
    """Whether the mention is the date of the article, given as that: "reported on 25 September"."""
    if mention.day is None or mention.month is None:
        return False
    if not any(
        anchor is not None
        and (mention.month, mention.day) == (anchor.month, anchor.day)
        and mention.year in (None, anchor.year)
        for anchor in anchors
    ):
        return False
    words = {token.base for token in tokenize(claim)}
    publishers = {
        plain(word)
        for document in source.documents
        for word in _WORD.findall(document.publisher or "")
    } - {"the", "news"}
    named = bool(words & publishers) and bool(words & REPORTING)
    as_of = re.search(r"\bas (?:of|at)\b", claim, re.IGNORECASE) is not None
    return bool(words & _PUBLISHING) or named or as_of


def _folded(text: str) -> str:
    """The words of `text` with single spaces, without marks, small letters."""
    return " ".join(plain(word) for word in _words_only(text))


def _words_only(text: str) -> Sequence[str]:
    return [token.text for token in tokenize(text) if token.text[0].isalnum()]


def _shown(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
