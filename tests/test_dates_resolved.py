"""Expressions of time resolved against a document's date; every expected day is by the calendar.

25 September 2023 was a Monday, 29 February 2024 a Thursday, 1 January 2024 a Monday.
"""

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.values import DateMention, read_dates
from rag.values.dates.expressions import read_expressions
from rag.values.event_dates import event_dates, show_date, sort_key, time_span

MONDAY = date(2023, 9, 25)
NEW_YEAR = date(2024, 1, 1)  # a Monday
LEAP = date(2024, 2, 29)  # a Thursday
WEEK = [MONDAY + timedelta(days=number) for number in range(7)]


def shown(text: str, anchor: date | None = MONDAY) -> list[str]:
    return [show_date(mention) for mention in event_dates(text, 0, len(text), anchor)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # weekdays
        ("He appeared in court on Monday.", "25 September 2023"),
        ("He will appear in court on Monday.", "25 September 2023"),
        ("He appeared in court on Thursday.", "21 September 2023"),
        ("He will appear in court on Thursday.", "28 September 2023"),
        ("He said he will appear on Friday.", "29 September 2023"),
        ("He said on Friday that he will appear.", "22 September 2023"),
        ("On Friday, the force said it would act.", "22 September 2023"),
        ("The show opens on Friday.", "29 September 2023"),
        ("A ruling is expected on Wednesday.", "27 September 2023"),
        ("It is set to be published on Tuesday.", "26 September 2023"),
        ("It has been closed since Tuesday.", "since 19 September 2023"),
        ("He was forced to resign on Friday.", "22 September 2023"),
        ("He was due to appear on Friday.", ""),
        ("He could return on Friday.", ""),
        ("They met on Monday night.", "25 September 2023"),
        ("They left on Saturday evening.", "23 September 2023"),
        ("They met last Monday.", "18 September 2023"),
        ("They met last Friday.", "22 September 2023"),
        ("Last saturday, the Met said so.", "23 September 2023"),
        ("They met this Monday.", "25 September 2023"),
        ("They will meet this Friday.", "29 September 2023"),
        ("They will meet next Monday.", "2 October 2023"),
        ("They will meet next Friday.", "29 September to 6 October 2023"),
        ("They met earlier on Monday.", "25 September 2023"),
        ("They worked from Friday until Sunday.", "22-24 September 2023"),
        ("It will be open from Friday to Sunday.", "29 September to 1 October 2023"),
        ("The match was moved from Friday to Sunday.", "22 September 2023"),
        # days
        ("It closed today.", "25 September 2023"),
        ("It closed earlier today.", "25 September 2023"),
        ("It closed this morning.", "25 September 2023"),
        ("It will close tomorrow.", "26 September 2023"),
        ("It closed yesterday.", "24 September 2023"),
        ("It closed the day before yesterday.", "23 September 2023"),
        ("It closed last night.", "24 September 2023"),
        ("Prices fell overnight.", "24-25 September 2023"),
        ("It closed two days ago.", "23 September 2023"),
        ("It closed two weeks ago.", "6-16 September 2023"),
        ("It closed a fortnight ago.", "6-16 September 2023"),
        ("It closed a month ago.", "10 August to 9 September 2023"),
        ("It closed a few days ago.", "18-23 September 2023"),
        ("Many left in recent days.", "18-25 September 2023"),
        ("It fell in the past three months.", "25 June to 25 September 2023"),
        # weeks and weekends
        ("They met over the weekend.", "23-24 September 2023"),
        ("They met at the weekend.", "23-24 September 2023"),
        ("They met last weekend.", "23-24 September 2023"),
        ("They will meet at the weekend.", "30 September to 1 October 2023"),
        ("They met last week.", "18-24 September 2023"),
        ("They will meet next week.", "2-8 October 2023"),
        # months
        ("He was shot last September.", "September 2022"),
        ("He was shot in September last year.", "September 2022"),
        ("They met in April.", "April 2023"),
        ("They met in December.", "December 2022"),
        ("They met in October.", ""),
        ("They will meet in October.", "October 2023"),
        ("They will meet in April.", "April 2024"),
        ("They met last month.", "August 2023"),
        ("It fell earlier this month.", "1-25 September 2023"),
        ("It will close later this month.", "25-30 September 2023"),
        ("It opened in mid-June.", "10-20 June 2023"),
        ("It opened in early June.", "1-10 June 2023"),
        ("It opened in late February.", "20-28 February 2023"),
        ("It opened at the end of June.", "20-30 June 2023"),
        # years
        ("He was convicted earlier this year.", "1 January to 25 September 2023"),
        ("It will open later this year.", "25 September to 31 December 2023"),
        ("It will end by the end of the year.", "by 31 December 2023"),
        ("It opened last year.", "2022"),
        ("It will open next year.", "2024"),
        ("It opened in 2021.", "2021"),
        ("It opened in early 2024.", "January to April 2024"),
        ("It opened in late 2021.", "September to December 2021"),
        ("It opened in the 1990s.", "1990s"),
        ("It opened in the late 1990s.", "September 1996 to December 1999"),
        ("The 2023-24 season is open.", "2023-2024"),
        # days of a month
        ("He took over on September 12, 2022.", "12 September 2022"),
        ("He took over on 12 September 2022.", "12 September 2022"),
        ("He took over on 2022-09-12.", "12 September 2022"),
        ("He took over on the 5th of September 2022.", "5 September 2022"),
        ("He took over on Sept. 5.", "5 September 2023"),
        ("He took over on December 5.", "5 December 2022"),
        ("He will take over on December 5.", "5 December 2023"),
        ("It closed on Friday, 6 October.", "6 October 2023"),
        ("It has grown since 12 September.", "since 12 September 2023"),
        ("It ran until 12 September.", "until 12 September 2023"),
        ("It was open before 2018.", "before 2018"),
        ("It ran between 5 and 9 May.", "5-9 May 2023"),
        ("It ran on 5-9 May.", "5-9 May 2023"),
        ("It ran on May 5-9.", "5-9 May 2023"),
        ("It ran from May 5 to 9, 2021.", "5-9 May 2021"),
        ("It will run from October 5 to November 19.", "5 October to 19 November 2023"),
        ("It ran between March 2022 and March 2023.", "March 2022 to March 2023"),
        ("Goods bought between Sept. 1 and Dec. 31 can be returned.",
         "September to December 2023"),
        ("It will be held on October 20 and 21.", "20-21 October 2023"),
        ("It ran from January to October 2021.", "January to October 2021"),
        ("It ran from 28 December 2021 to 3 January.", "28 December 2021 to 3 January 2022"),
    ],
)  # fmt: skip
def test_one_expression(text: str, expected: str) -> None:
    assert shown(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        # over the turn of a year
        ("They met on Friday.", NEW_YEAR, "29 December 2023"),
        ("They met yesterday.", NEW_YEAR, "31 December 2023"),
        ("They met over the weekend.", NEW_YEAR, "30-31 December 2023"),
        ("They met last month.", NEW_YEAR, "December 2023"),
        ("They met last week.", NEW_YEAR, "25-31 December 2023"),
        ("They met in December.", NEW_YEAR, "December 2023"),
        ("They met on December 20.", NEW_YEAR, "20 December 2023"),
        ("They will meet next month.", date(2023, 12, 31), "January 2024"),
        ("They will meet tomorrow.", date(2023, 12, 31), "1 January 2024"),
        ("They will meet on January 5.", date(2023, 12, 31), "5 January 2024"),
        ("They worked from Friday until Tuesday.", date(2024, 1, 2),
         "29 December 2023 to 2 January 2024"),
        # leap years
        ("They met today.", LEAP, "29 February 2024"),
        ("They met in February.", LEAP, "February 2024"),
        ("They met yesterday.", date(2024, 3, 1), "29 February 2024"),
        ("They met yesterday.", date(2023, 3, 1), "28 February 2023"),
        ("They met last month.", date(2024, 3, 31), "February 2024"),
        ("They will meet on February 29.", date(2024, 1, 5), "29 February 2024"),
        ("They met on 29 February 2023.", LEAP, ""),
        ("They met in late February.", date(2024, 3, 5), "20-29 February 2024"),
        ("They met in the past year.", LEAP, "28 February 2023 to 29 February 2024"),
        # what may be either
        ("They met last Tuesday.", date(2023, 9, 28), "19-26 September 2023"),
        ("They met last September.", date(2023, 11, 20), ""),
        ("They met last October.", date(2023, 10, 20), "October 2022"),
        ("They met last week.", date(2023, 10, 1), "18-30 September 2023"),
        ("It closed on Friday, 5 October.", MONDAY, ""),
        ("They met on Thursday last week.", date(2023, 10, 1), "21-28 September 2023"),
        ("They met on Thursday last week.", date(2023, 9, 29), "21 September 2023"),
        ("They met last Thursday.", date(2023, 9, 30), "21-28 September 2023"),
        ("They met last Thursday.", date(2023, 10, 2), "28 September 2023"),
        # no anchor
        ("They met a week ago.", None, ""),
        ("They met on Monday last week.", None, ""),
        ("They met on 13/09/2022.", None, "13 September 2022"),
        ("They met on Monday.", None, ""),
        ("They met on 5 September.", None, ""),
        ("They met last year.", None, ""),
        ("They met in recent days.", None, ""),
        ("They met in 2021.", None, "2021"),
        ("They met on 5 September 2022.", None, "5 September 2022"),
        ("It has grown since 2018.", None, "since 2018"),
        ("It ran between March 2022 and March 2023.", None, "March 2022 to March 2023"),
    ],
)  # fmt: skip
def test_boundaries(text: str, anchor: date | None, expected: str) -> None:
    assert shown(text, anchor) == [expected]


@pytest.mark.parametrize("anchor", WEEK, ids=[f"{day:%A}" for day in WEEK])
def test_every_day_of_publication_and_every_weekday(anchor: date) -> None:
    for day in WEEK:
        [past] = read_dates(f"They met on {day:%A}.", anchor)
        [future] = read_dates(f"They will meet on {day:%A}.", anchor)
        assert past.first == past.last == anchor - timedelta((anchor - day).days % 7)
        assert future.first == future.last == anchor + timedelta((day - anchor).days % 7)


@pytest.mark.parametrize(
    ("anchor", "first"),
    [(25, 23), (26, 23), (27, 23), (28, 23), (29, 23), (30, 30), (24, 23)],
)
def test_the_weekend_that_was(anchor: int, first: int) -> None:
    [mention] = read_dates("They met over the weekend.", date(2023, 9, anchor))
    assert mention.first == date(2023, 9, first)
    assert mention.last == mention.first + timedelta(days=1)


def test_a_date_far_before_is_not_counted_from() -> None:
    assert shown("It was 5 May 2022. " + "Much was said. " * 60 + "He died the next day.")[-1] == ""


def test_only_the_dates_of_the_sentence_are_given() -> None:
    text = "He was shot on 5 September 2022.\nHe died the following day.\nHe was 24."
    start = text.index("He died")
    [mention] = event_dates(text, start, text.index("\nHe was"), None)
    assert text[mention.start : mention.end] == mention.text == "following day"
    assert mention.first == date(2022, 9, 6)
    assert event_dates(text, text.index("He was 24"), len(text), None) == []


@pytest.mark.parametrize(
    "text",
    [
        "Updated: September 25, 2023, 1:53 PM",
        "First published on Mon 25 Sep 2023 10.02 BST",
        "The National last updated its report at 1:53 PM on September 25, 2023.",
        "---\npublished: 2023-09-25\n---\n",
        "September 25, 2023",
        "See https://a.org/5. Published on 25 September 2023.",
        "© 2023",
        "LONDON, Sept 25 (Reuters) - It rained.",
    ],
)
def test_dates_of_the_document_are_not_of_events(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Black Friday deals were good.", "They met every Monday.", "He works on Mondays.",
        "Monday Night Football was on.", "He told the Today programme.", "It was Cyberpunk 2077.",
        "An overnight success.", "A crowd of 2000 people came.", "It is one of 1989's songs.", "http://a.org/2023/b",
        "It is up 20 per cent since Oct-21.", "The first Monday of the month.",
    ],
)  # fmt: skip
def test_what_is_no_date_of_an_event(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“We are open today,” he said.", "In today's world it was easy.", "It is used today.",
        "In 2019 he was hurt. In May he left.", "The hearing was to be on Thursday.",
        "He did well this season.", "The January 6 riots were told of.",
        "It stayed so for the next few weeks.", "Many left in recent years.",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_resolved(text: str) -> None:
    assert shown(text)[-1] == ""


def test_tonight_under_the_heading_of_another_day_is_not_resolved() -> None:
    text = "Sept. 20: The storm\n\nThe storm arrived last night.\n"
    assert shown(text) == ["20 September 2023", ""]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("It has rained since 12 September.", (date(2023, 9, 12), MONDAY)),
        ("It will end by Friday.", (MONDAY, date(2023, 9, 29))),
        ("It rained until Friday.", (None, date(2023, 9, 22))),
        ("It rained before 2018.", (None, date(2018, 12, 31))),
        ("It rained on Friday.", (date(2023, 9, 22), date(2023, 9, 22))),
        ("It was due on Friday.", (None, None)),
    ],
)
def test_time_span(text: str, span: tuple[date | None, date | None]) -> None:
    [mention] = event_dates(text, 0, len(text), MONDAY)
    assert time_span(mention, MONDAY) == span


@pytest.mark.parametrize(
    ("text", "precision"),
    [("They met on Monday.", "day"), ("They met in April.", "month"), ("They met in 2021.", "year"),
     ("They met last week.", "interval"), ("They met in recent years.", None)],
)  # fmt: skip
def test_precision(text: str, precision: str | None) -> None:
    [mention] = event_dates(text, 0, len(text), MONDAY)
    assert mention.precision == precision


def test_a_timeline_is_sorted_by_first_day_and_the_unknown_comes_last() -> None:
    text = "It was so in recent years, in 2023, on 1 January 2023, and on 5 May 2022."
    mentions = event_dates(text, 0, len(text), MONDAY)
    assert [show_date(mention) for mention in sorted(mentions, key=sort_key)] == [
        "5 May 2022", "1 January 2023", "2023", "",
    ]  # fmt: skip


_WORDS = st.sampled_from(
    """on in the last next this past May June Sept . , - 5 9 31 2022 2023-09-25 Monday Friday days
    two weeks ago later earlier since until by from to between and end of year month weekend early
    mid late following day before after same that night overnight today yesterday will met was
    29 February 1990 s decade few fortnight recent “ ” : \n""".split(" ")
)
_ANCHORS = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max, LEAP]))


@given(st.one_of(st.text(max_size=120), st.lists(_WORDS, max_size=25).map(" ".join)), _ANCHORS)
def test_any_text_can_be_read(text: str, anchor: date | None) -> None:
    found: list[DateMention] = event_dates(text, 0, len(text), anchor)
    again = list(read_expressions.__wrapped__(text, anchor))
    assert found == again
    for mention in (*found, *read_dates(text, anchor)):
        assert mention.text == text[mention.start : mention.end]
        assert (mention.first is None) == (mention.last is None) == (mention.precision is None)
        if mention.first is not None and mention.last is not None:
            assert mention.first <= mention.last
            assert (mention.precision == "day") == (mention.first == mention.last)
        assert isinstance(show_date(mention), str)
        time_span(mention, anchor)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert sorted(found, key=sort_key) == sorted(reversed(found), key=sort_key)


@pytest.mark.parametrize(
    "piece", ["5-", "today “", "updated: ", "the end of ", "Monday until ", "1 ", "2023-"]
)
def test_long_texts_take_little_time(piece: str) -> None:
    text = piece * 3000
    begin = time.process_time()
    event_dates(text, 0, len(text), MONDAY)
    assert time.process_time() - begin < 10
