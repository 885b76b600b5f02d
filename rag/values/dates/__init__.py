"""Dates of a text: absolute, partial and relative ones, resolved against a document's date.

A mention keeps what it says in so many words (year, month, day, weekday, and the wording of a
relative one), and the interval of days that it means when that is certain. In order of use:

1. `patterns` finds what names a date in the tokens of a text.
2. `tense` says whether the sentence looks back or ahead, where the words of the date do not.
3. `resolving` turns a date and the day of publication into an interval of days, with the
   calendar arithmetic of `days`.
4. `reading` does the three for every date of a text: `read_dates`, what claims are compared by.
5. `phrases`, `joining` and `expressions` read more: ranges, "earlier this month", "in recent
   days", "the following day"; what `rag.values.event_dates` gives.
"""

from rag.values.dates.mentions import Bound, DateMention, Precision, date_agrees
from rag.values.dates.patterns import MONTHS, WEEKDAYS
from rag.values.dates.reading import date_words, read_dates

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "Bound",
    "DateMention",
    "Precision",
    "date_agrees",
    "date_words",
    "read_dates",
]
