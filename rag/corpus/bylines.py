"""Reads a byline: who wrote an article, and for which outlet."""

import re
from typing import NamedTuple

from rag.corpus.dates import find_date
from rag.corpus.names import is_name, is_well_known, names_no_person, outlet_of

BYLINE = re.compile(
    r"(?:(?:(?:written|words|story|reported) )?by:?|(?:authors?|writers?|byline):)\s+(\S.*)",
    re.IGNORECASE,
)
_NAME_SEPARATOR = re.compile(r"\s*(?:,\s*and\s|,|&|\band\b)\s*")
# What stands between names, outlet, place and day.
_SEPARATOR = re.compile(r"\s*[,(/|\u2022\u00b7]\s*|\s+[\u2013\u2014-]\s+")
_FOR = re.compile(r"(.+?) (?:for|of|at|with) (.+)")
_BAR = re.compile(r"\s+[|\u2022\u00b7]\s+")
_PLACE = re.compile(r"\s+in [^\W\d_a-z][\w .'-]*$")
_ACRONYM = re.compile(r"(.+?) ([A-Z]{2,}(?: News| Sport)?)")


class Byline(NamedTuple):
    """Names as written, and the outlet; None where the line does not say."""

    author: str | None = None
    outlet: str | None = None


def read_byline(text: str) -> Byline:
    """Author and outlet in what follows "By"; neither when it is no byline.

    Example: "Ann Lee for The Portview Times" -> Byline("Ann Lee", "The Portview Times")
    """
    if _is_agency(text):
        return Byline(None, outlet_of(text))
    for match in [*_SEPARATOR.finditer(text), None]:
        start, end = match.span() if match else (len(text), len(text))
        segment = text[: start if match else None]
        outlet = _outlet_after(text, end) if match else None
        if outlet:
            return Byline(_names(_PLACE.sub("", segment)), outlet)
        told = _FOR.fullmatch(segment) or _ACRONYM.fullmatch(segment)
        if told and not _SEPARATOR.search(segment) and _may_follow(told):
            author = _names(_PLACE.sub("", told[1]))
            if author:
                return Byline(author, outlet_of(told[2]))
    return Byline(_names(text), None)


def _is_agency(text: str) -> bool:
    """Whether the whole text is an outlet, and not a person whose name looks like one."""
    outlet = outlet_of(text)
    return outlet is not None and (
        is_well_known(outlet) or outlet != text.strip(" .,;)") or outlet.lower().startswith("the ")
    )


def _outlet_after(text: str, start: int) -> str | None:
    """The outlet from `start` to the next separator."""
    following = _SEPARATOR.search(text, start)
    return outlet_of(text[start : following.start() if following else len(text)])


def _may_follow(told: re.Match[str]) -> bool:
    """Whether an outlet is told after a name: "Ann Lee for Reuters", "Ann Lee BBC News"."""
    outlet = outlet_of(told[2])
    by_acronym = told.re is _ACRONYM
    return outlet is not None and (
        not by_acronym or (is_well_known(outlet) and not told[1].isupper())
    )


def _names(text: str) -> str | None:
    """The names at the start of a byline, without the role or the date after them.

    Example: "Ann Lee & Bo Ek, Political Editor" -> "Ann Lee & Bo Ek"
    """
    text = _BAR.split(text)[0]
    end = start = 0
    for separator in [*_NAME_SEPARATOR.finditer(text), None]:
        stop = separator.start() if separator else len(text)
        if not is_name(text[start:stop]):
            break
        end = stop
        start = separator.end() if separator else stop
    rest = text[end:].strip(" ,")
    if not end or (rest and not names_no_person(rest) and not find_date(rest)):
        return None
    return text[:end].strip()
