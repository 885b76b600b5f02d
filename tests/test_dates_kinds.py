"""Expressions that need more than the day of publication: each kind in a table.

25 September 2023 was a Monday.
"""

from datetime import date

import pytest

from rag.values import DateMention
from rag.values.dates.expressions import read_expressions
from rag.values.event_dates import MAX_CONTEXT_CHARS, dates_near, event_dates, show_date

MONDAY = date(2023, 9, 25)


def shown(text: str) -> list[str]:
    return [show_date(mention) for mention in event_dates(text, 0, len(text), MONDAY)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a day of another week
        ("It opened on Monday last week.", "18 September 2023"),
        ("It opened on Friday of last week.", "22 September 2023"),
        ("It opened last week on Tuesday.", "19 September 2023"),
        ("It will open on Monday next week.", "2 October 2023"),
        ("It opened a week ago on Friday.", "15 September 2023"),
        ("It will open on Thursday this week.", "28 September 2023"),
        ("It opened on Thursday of this week.", ""),  # which is still to come
        ("It will open a week today.", "2 October 2023"),
        # a part of a day belongs to the day that is named
        ("It fell in the early hours of Sunday.", "24 September 2023"),
        ("It fell in the early hours of Sunday morning.", "24 September 2023"),
        ("They talked late into Sunday night.", "24 September 2023"),
        # what is counted in hours, or from today
        ("It closed 48 hours ago.", "23 September 2023"),
        ("It fell in the past 24 hours.", "24-25 September 2023"),
        ("It closed a year ago today.", "25 September 2022"),
        ("It closed a year ago this week.", "19-25 September 2022"),
        ("It closed two years ago this month.", "September 2021"),
        ("It will open in three days.", "28 September 2023"),
        ("It will open in two weeks' time.", "4-14 October 2023"),
        ("It will open within a week.", "25 September to 2 October 2023"),
        # a day that is given twice
        ("It was seen on Monday (September 18).", "18 September 2023"),
        # numerals
        ("It was on 13/09/2022.", "13 September 2022"),
        ("It was on 09/13/2022.", "13 September 2022"),
        ("It was on 5.9.2022.", "5 September 2022"),
        ("It was on 09/09/2022.", "9 September 2022"),
        ("It was on 05/09/2022.", "2022"),  # May in America
        # how long it lasted
        ("It fell in the week to 10 September.", "4-10 September 2023"),
        ("It fell in the week of 4 September.", "4-10 September 2023"),
        ("It fell in the 12 months to March 2023.", "April 2022 to March 2023"),
        ("It fell in six months ended June 30, 2022.", "January to June 2022"),
        ("It fell in the year to the end of August.", "September 2022 to August 2023"),
        # a piece of something else is no week of publication
        ("It was seen in the last week of May.", "May 2023"),
        ("It was seen on the last day of August.", "August 2023"),
        # a season says the year, as south of the equator it is another part of it
        ("It opened in the summer of 2020.", "2020"),
        ("It opened last summer.", ""),
        # the verb of the sentence, past what is set off by commas
        ("In April, Binance, its sister company, broke off the deal.", "April 2023"),
        ("On Tuesday, Ann-Marie Li and Bo Ek won the prize.", "19 September 2023"),
        ("On Tuesday, the firm, based in Ohio, will open.", "26 September 2023"),
        ("He has been out of work since he left back in March.", "March 2023"),
        ("On Tuesday, the man who will lead the firm, Bo Ek, may go.", ""),
    ],
)  # fmt: skip
def test_kinds_of_expressions(text: str, expected: str) -> None:
    assert shown(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He was shot on 5 September 2022. He died the following day.", "6 September 2022"),
        ("He was shot on 5 September 2022. He died the next day.", "6 September 2022"),
        ("He was shot on 5 September 2022. He died a day later.", "6 September 2022"),
        ("He was shot on 5 September 2022. It was seen the day before.", "4 September 2022"),
        ("He was shot on 5 September 2022. He was seen the previous day.", "4 September 2022"),
        ("He was shot on 31 December 2022. He died the following day.", "1 January 2023"),
        ("He was shot on 28 February 2024. He died the following day.", "29 February 2024"),
        ("He was shot on 5 September 2022. He died two weeks later.", "16-22 September 2022"),
        ("He was shot on 5 September 2022. He was seen three days earlier.", "2 September 2022"),
        ("He was shot on 5 September 2022. Later that day he died.", "5 September 2022"),
        ("He was shot in 2021. He died the following year.", "2022"),
        ("He was shot on Friday. He died the following day.", "23 September 2023"),
        ("He was shot. He died the following day.", ""),
        ("He was shot in September 2022. He died the following day.", ""),
        ("He was shot on 5 September 2022. It was seen the day before the vote.", ""),
        ("He was shot on 5 September 2022. He died the following day. It was linked to a gun "
         "incident the day before.", "4 September 2022"),
        ("He was shot on 5 September 2022. He died the following day. Two weeks later they met.",
         "16-23 September 2022"),
        ("He arrived on 5 May 2022. Two days later he left.", "7 May 2022"),
        ("He arrived on 5 May 2022. He left 24 hours later.", "6 May 2022"),
        ("She was ill in 2008. In February of that year she left.", "February 2008"),
        ("She was freed in November 2021. She had spoken that June.", "June 2021"),
        ("She was freed in November 2021. In June the following year she wed.", "June 2022"),
        ("She was ill for years. In February of that year she left.", ""),
        ("She was ill in 2007-08. In February of that year she left.", ""),
        ("Both pleaded guilty in December 2022. In January he did too.", "January 2023"),
        ("He was arrested in December 2022. This was ended in August.", "August 2023"),
        ("He was arrested in March 2022. He was freed in April.", ""),  # of that year or this
        ("On Monday the force met. Later it said so.", "25 September 2023"),
        ("On Sunday the force met. The force later said so.", "24-25 September 2023"),
    ],
)  # fmt: skip
def test_counted_from_the_date_before(text: str, expected: str) -> None:
    assert shown(text)[-1] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Last year the force met. Later it said so.",
        "Later it said so.",
        "On Monday the force met. It went later than it said.",
    ],
)
def test_a_bare_later_tells_a_time_only_just_before_publication(text: str) -> None:
    assert not any("later" in mention.text.lower() for mention in event_dates(text, 0, 99, MONDAY))


def test_a_document_says_its_own_day() -> None:
    text = "It rained on Sunday.\n\nUpdated: September 25, 2023, 1:53 PM"
    start = text.index("Updated")
    [mention] = dates_near(text, start, len(text), MONDAY)
    assert mention.own
    assert text[mention.start : mention.end] == mention.text == "September 25, 2023"
    assert (mention.first, mention.last) == (MONDAY, MONDAY)


def test_a_part_is_read_with_what_stands_shortly_before_it() -> None:
    before = "He was shot on 5 September 2022. "
    text = before + "He died the following day."
    [mention] = dates_near(text, len(before), len(text), None)
    assert (mention.text, mention.first) == ("following day", date(2022, 9, 6))
    far = before + "\n" + "Much was said. " * 200 + "\nHe died the following day."
    assert [m.first for m in dates_near(far, far.rindex("He died"), len(far), None)] == [None]


def test_of_a_line_without_end_only_the_last_part_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def record(text: str, published: date | None) -> tuple[DateMention, ...]:
        read.append(text)
        return read_expressions(text, published)

    monkeypatch.setattr("rag.values.event_dates.read_expressions", record)
    for gap in (" ", "_"):
        text = "So it was said. ".replace(" ", gap) * 2_000 + " It rained on 5 May 2021."
        start = text.index("It rained")
        [mention] = dates_near(text, start, len(text), None)
        assert (mention.first, text[mention.start : mention.end]) == (
            date(2021, 5, 5),
            "5 May 2021",
        )
    assert max(map(len, read)) <= MAX_CONTEXT_CHARS + 100
