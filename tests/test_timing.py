"""Questions that ask for a time: recognised, and given the sentence that tells it."""

from datetime import date

import pytest

from rag.reading import asks_when
from rag.reading.timing import TimeReading, events_of, read_times
from rag.schema import Document, Evidence

MONDAY = date(2023, 9, 25)


def said(
    text: str,
    score: float = 1.0,
    *,
    probability: float | None = 0.1,
    name: str = "Gull",
    published: date | None = MONDAY,
) -> Evidence:
    """`text` as the only line of an article."""
    document = Document(f"{name}.txt", text, "0" * 64, publisher=name, published=published)
    return Evidence(document, 1, 1, 0, len(text), text, score, probability)


def texts(reading: TimeReading) -> list[str]:
    return [item.text for item in reading.candidates]


@pytest.mark.parametrize(
    "question",
    [
        "When was he charged?", "wen did it close", "whens the trial", "so when did that happen",
        "he was charged when?", "charge announced when, incl the year", "since when is he chief",
        "until when does it run", "what day was it", "which weekend did it start", "on what date",
        "over what days did they meet", "how long ago was that", "how long after it did he die",
        "how long has he been chief", "was he hired before or after the strike",
        "which came first, the letter or the strike", "how old is this news", "date of the trial",
        "exact date of the trial", "between the crash and the trial, how much time",
        "from what moment is it",
    ],
)  # fmt: skip
def test_questions_for_a_time(question: str) -> None:
    assert asks_when(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who was charged?", "what did he say when he left", "how long is the bridge", "",
        "how many days did it take", "who was first to leave", "what does it cost a year",
    ],
)  # fmt: skip
def test_other_questions(question: str) -> None:
    assert not asks_when(question)


def test_a_time_with_the_words_of_the_question_goes_before_one_of_something_else() -> None:
    other = said("The bridge at Tay opened on 3 May 2021.", 2.5)
    right = said("Mr Sunak visited a school in Broxbourne on Monday.", 2.0)
    reading = read_times("when did sunak visit broxbourne", [other, right])
    assert texts(reading) == [right.text, other.text]
    assert reading.sure


def test_words_without_a_time_are_no_answer() -> None:
    reading = read_times(
        "when did sunak visit broxbourne", [said("Mr Sunak visited a school in Broxbourne.")]
    )
    assert not reading.sure


def test_forms_of_a_word_are_that_word() -> None:
    reading = read_times(
        "when was the photo of the shooting sold",
        [said("The photograph of the man who was shot was sold in May."), said("It rained.")],
    )
    assert reading.sure


def test_a_number_of_the_question_says_much() -> None:
    item = said("It falls each year since 2018, when 2,841 had a licence for it.")
    others = [said(f"People in the town were {mood}.") for mood in ("sad", "glad")]
    question = "in which year did 2,841 people in town have a licence"
    assert read_times(question, [item, *others]).sure
    assert not read_times(question.replace("2,841", "those"), [item, *others]).sure


def test_what_was_not_read_stays_behind_in_its_order() -> None:
    unread = [said(f"The ship left on {day} May 2021.", -9, probability=None) for day in (3, 4)]
    reading = read_times("when did the ship leave", [said("It rained."), *unread])
    assert texts(reading)[1:] == [item.text for item in unread]
    assert not reading.sure


@pytest.mark.parametrize("question", ["when did the ferry sink", "date of the ferry accident"])
def test_the_day_of_the_document_is_no_day_of_an_event(question: str) -> None:
    own = said("Updated: September 25, 2023, 1:53 PM", 5.0)
    event = said("The ferry sank near Eastby on Sunday.", 1.0)
    reading = read_times(question, [own, event])
    assert texts(reading) == [event.text, own.text]


@pytest.mark.parametrize(
    ("question", "sure", "untold"),
    [
        ("when was the gull's story updated", True, False),
        ("how old is this news", True, False),
        ("when was the courier's story published", False, True),
        ("exact date of the story about the strike", False, True),
        ("when did the ferry sink", True, False),
    ],
)
def test_a_document_tells_its_own_day_only(question: str, sure: bool, untold: bool) -> None:
    own = said("The Gull last updated this story on September 25, 2023.", 5.0)
    event = said("The ferry sank near Eastby on Sunday.", 1.0, name="Courier")
    reading = read_times(question, [own, event])
    assert (reading.sure, reading.untold) == (sure, untold)


@pytest.mark.parametrize(
    ("question", "events"),
    [
        ("was he hired before or after the strike", ("he hired", "the strike")),
        ("did the ferry sink after the storm", ("the ferry sink", "the storm")),
        ("which came first, the letter or the strike", ("the letter", "the strike")),
        ("how long after the crash did he die", ("the crash", "he die")),
        ("between the crash and the trial, how much time", ("the crash", "the trial")),
        ("when did the ferry sink", ()),
    ],
)
def test_two_events(question: str, events: tuple[str, ...]) -> None:
    assert events_of(question) == events


def test_each_of_two_events_is_given_its_time() -> None:
    strike = said("The strike at the port began on Friday.", 4.0)
    hired = said("Ann Lee was hired by the port in May 2021.", 1.0)
    others = [said(f"The port has {count} cranes.", 3.0) for count in (3, 4, 5)]
    reading = read_times("was lee hired before or after the strike", [strike, *others, hired])
    by_text = {item.text: item for item in reading.candidates}
    chosen = [by_text[strike.text], *(by_text[item.text] for item in others)]
    completed = reading.complete(chosen, limit=4)
    assert [item.text for item in completed] == [
        strike.text, others[0].text, others[1].text, hired.text
    ]  # fmt: skip


def test_of_two_events_a_time_with_known_days_is_preferred() -> None:
    undated = said("Ann Lee was hired by the port on Friday.", 4.0, published=None)
    dated = said("The port hired Ann Lee on 3 May 2021.", 1.0)
    strike = said("The strike at the port began on Friday.", 2.0)
    reading = read_times("was lee hired before or after the strike", [undated, strike, dated])
    completed = reading.complete(reading.candidates[:2], limit=3)
    assert dated.text in [item.text for item in completed]


def test_a_time_whose_days_are_not_known_is_joined_by_one_whose_days_are() -> None:
    undated = said("The review ends by the end of the year.", 4.0, published=None)
    dated = said("The review is to end by the end of the year.", 1.0)
    reading = read_times("when does the review end", [undated, dated])
    lead = reading.candidates[:1]
    assert lead[0].text == undated.text
    assert [item.text for item in reading.complete(lead, limit=4)] == [undated.text, dated.text]
    assert reading.complete(lead, limit=1) == lead
