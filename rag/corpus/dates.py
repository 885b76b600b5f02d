"""Reads the days that articles state in words or figures; English month names.

A day is read only where it is complete and has one reading: "25/09/2023" is a day, "05/09/2023"
is one in Europe and another in America and is left alone.
"""

import re
from datetime import date, timedelta

EARLIEST = date(1900, 1, 1)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ISO = r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
_DAY_FIRST = (
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?{_MONTH.format('m2')},?[ -](?P<y2>\d{{4}})"
)
_MONTH_FIRST = rf"{_MONTH.format('m3')} (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>\d{{4}})"
_FIGURES = r"(?P<a4>\d{1,2})[-/.](?P<b4>\d{1,2})[-/.](?P<y4>\d{4})"
_DATE = re.compile(
    rf"(?<![\w/-])(?:{_ISO}|{_DAY_FIRST}|{_MONTH_FIRST}|{_FIGURES})(?![/-]?\d)", re.IGNORECASE
)


def find_date(text: str, *, today: date | None = None) -> tuple[date, tuple[int, int]] | None:
    """The one day that `text` states and where it stands, or None.

    None also when it states several days, an impossible or ambiguous one, one before 1900, or one
    after tomorrow (somewhere on earth it is tomorrow already). The calendar day of a time with a
    zone is the day as written.

    Args:
        text: A short text, such as a line.
        today: The current day; None: ask the clock.

    Example: "Updated: September 25, 2023, 1:53 PM" -> (date(2023, 9, 25), (9, 27))
    """
    matches = list(_DATE.finditer(text))
    days = {_day(match) for match in matches}
    if len(days) != 1:
        return None
    day = days.pop()
    latest = (today or date.today()) + timedelta(days=1)
    if day is None or not EARLIEST <= day <= latest:
        return None
    return day, matches[0].span()


def _day(match: re.Match[str]) -> date | None:
    """The day of a match of `_DATE`; None when there is no such day or there are two."""
    parts = {name: text for name, text in match.groupdict().items() if text is not None}
    values = {name[0]: text for name, text in parts.items()}
    year = int(values["y"])
    if "a" in values:
        first, second = int(values["a"]), int(values["b"])
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (second, first) if second > 12 else (first, second)
    else:
        day = int(values["d"])
        name = values["m"].lower()
        month = int(name) if name.isdigit() else _MONTHS.index(name[:3]) + 1
    try:
        return date(year, month, day)
    except ValueError:
        return None
