"""Engine: what a comparison adds to an answer, and what its table cites."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import numpy as np
import pytest

from rag.comparison import Finding, GivenValue
from rag.engine.comparing import compare_reading, show_disagreements
from rag.index import Index
from rag.reading import Reading
from rag.relevance import PairChances, PairModel, SentencePair
from rag.schema import Document, Evidence
from rag.verification import CitationList

ON, OFF = "The navy is on standby to help the coastguard.", "The navy is not needed any longer."


class _NoFamilies:
    """An index in which no document copies another, and no sentence has a vector."""

    def family(self, document_id: str) -> str:
        return document_id

    def sentences(self, document_id: str) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros((0, 2), dtype=np.int64), np.zeros((0, 4), dtype=np.float32)


def line(text: str, name: str, probability: float = 0.5) -> Evidence:
    """`text` as the only line of an article."""
    document = Document(f"{name}.txt", f"{text}\n", "0" * 64, publisher=name)
    return Evidence(document, 1, 1, 0, len(text), text, probability, probability)


def read(groups: Sequence[Evidence], candidates: Sequence[Evidence]) -> Reading:
    return Reading([[item] for item in groups], list(candidates), 0.9, state="answered")


def test_every_wording_of_a_value_is_cited_and_the_first_one_shown() -> None:
    evidence = (line("The deal has ended.", "One"), line("It is over, says the club.", "Two"))
    ended = GivenValue(evidence, ("The deal has ended", "It is over"))
    begun = GivenValue((line("The deal was signed.", "Three"),), ("The deal was signed",))
    citations = CitationList()
    (shown,) = show_disagreements([Finding("deal", "status", "time", (ended, begun))], citations)
    assert [claim.value for claim in shown.claims] == ["The deal has ended", "The deal was signed"]
    assert [len(claim.citations) for claim in shown.claims] == [2, 1]


def test_a_wording_that_its_line_does_not_hold_is_left_out() -> None:
    evidence = (line("The deal has ended.", "One"), line("Nobody knows.", "Two"))
    ended = GivenValue(evidence, ("The deal has ended", "It is over"))
    begun = GivenValue((line("The deal was signed.", "Three"),), ("The deal was signed",))
    (shown,) = show_disagreements(
        [Finding("deal", "status", "time", (ended, begun))], CitationList()
    )
    assert [len(claim.citations) for claim in shown.claims] == [1, 1]


def test_a_sentence_counts_as_quoted_when_it_is_quoted_with_the_next_one() -> None:
    text = "The ferry sank off Crete. Nobody was hurt."
    document = Document("One.txt", f"{text}\n", "0" * 64)
    sentence = Evidence(document, 1, 1, 0, 25, text[:25], 0.8, 0.8)
    quoted = Evidence(document, 1, 1, 0, len(text), text, 0.7, 0.7)
    other = line("The ferry did not sink off Crete.", "Two", 0.4)
    reading = read([quoted], [sentence, other])
    compared = compare_reading("Did the ferry sink?", reading, cast(Index, _NoFamilies()))
    assert [finding.attribute for finding in compared.findings] == ["polarity"]
    assert len(compared.reading.groups) == 2  # the other side is stated as well


def test_an_unlikely_sentence_gives_only_what_the_question_names() -> None:
    likely = line("The mine employs 300 workers.", "One", 0.8)
    unlikely = line("The mine employs 400 workers.", "Two", 0.01)
    reading = read([likely], [likely, unlikely])
    index = cast(Index, _NoFamilies())
    named = compare_reading("Does the mine employ 300 or 400 workers?", reading, index)
    assert len(named.findings) == 1
    assert not compare_reading("How many workers has the mine?", reading, index).findings


def dated(text: str, name: str, day: int | None, probability: float) -> Evidence:
    published = None if day is None else date(2024, 6, day)
    document = Document(f"{name}.txt", f"{text}\n", "0" * 64, publisher=name, published=published)
    return Evidence(document, 1, 1, 0, len(text), text, probability, probability)


@pytest.mark.parametrize(
    ("question", "days", "first"),
    [
        ("is the ferry running yet?", (1, 18), "The ferry carried its first passengers."),
        ("is the ferry running yet?", (1, None), "The boat failed a test."),
        ("did the boat pass the test?", (1, 18), "The boat failed a test."),
        ("is the ferry running yet?", (18, 1), "The boat failed a test."),
    ],
    ids=["newest leads", "a day is missing", "not how things stand", "it leads already"],
)
def test_how_things_stand_is_told_by_the_newest_article(
    question: str, days: tuple[int, int | None], first: str
) -> None:
    failed = dated("The boat failed a test.", "One", days[0], 0.6)
    ran = dated("The ferry carried its first passengers.", "Two", days[1], 0.3)
    reading = read([failed, ran], [failed, ran])
    compared = compare_reading(question, reading, cast(Index, _NoFamilies()))
    assert compared.reading.groups[0][0].text == first


@pytest.mark.parametrize("differ", [0.9, 0.05], ids=["weighed", "taken for one"])
def test_days_of_a_later_statement_count_where_they_are_weighed(differ: float) -> None:
    class Embedded(_NoFamilies):
        def sentences(self, document_id: str) -> tuple[np.ndarray, np.ndarray]:
            return np.array([[0, 9]]), np.eye(1, 4, dtype=np.float32)

    class Model:
        def compare(self, question: str, pairs: Sequence[SentencePair]) -> list[PairChances]:
            return [PairChances(0.05, 0.95 - differ, differ)] * len(pairs)

    question = "When did the Norham ferry sink?"
    first = line("The Norham ferry is lost, its owner said.", "One", 0.7)
    days = [line(f"The Norham ferry sank on {day} May.", str(day), 0.6) for day in (3, 5)]
    days = [replace(item, answer_words=(item.text.index("on "), len(item.text) - 1))
            for item in days]  # fmt: skip
    reading = read([first, days[0]], [first, *days])
    found = compare_reading(question, reading, cast(Index, Embedded()), cast(PairModel, Model()))
    assert bool(found.findings) == (differ > 0.5)


@pytest.mark.parametrize(
    ("chance", "found"),
    [(0.4, ["attribution"]), (0.1, [])],
    ids=["nearly as sure", "much less sure"],
)
def test_values_that_are_nearly_as_sure_as_what_is_quoted_are_told(
    chance: float, found: list[str]
) -> None:
    quoted = line("The boats were welcome in Norham.", "One", 0.6)
    asked = [line(f"{who} asked for the boats to come.", who, chance)
             for who in ("Norham Port", "Lund Shipping")]  # fmt: skip
    reading = read([quoted], [quoted, *asked])
    compared = compare_reading("who asked for the boats", reading, cast(Index, _NoFamilies()))
    assert [finding.attribute for finding in compared.findings] == found


def test_who_is_back_has_been_away_before() -> None:
    away = line("Dozens of pilots stepped back from flying duty over pay.", "One", 0.7)
    back = line("Enough of the pilots have returned to flying duty.", "Two", 0.6)
    reading = read([away, back], [away, back])
    compared = compare_reading("are the pilots back on duty", reading, cast(Index, _NoFamilies()))
    assert [finding.difference for finding in compared.findings] == ["time"]
    assert compared.reading.groups[0][0].text == back.text


def test_reasons_lead_before_reasons_of_something_else() -> None:
    other = line("The navy was not needed, because the boats had gone back.", "One", 0.7)
    reasons = [line("The pilots left in protest at their pay.", "Two", 0.6),
               line("The pilots left because of the heat.", "Three", 0.5)]  # fmt: skip
    reading = read([other, reasons[0]], [other, *reasons])
    compared = compare_reading("why did the pilots leave", reading, cast(Index, _NoFamilies()))
    assert [finding.attribute for finding in compared.findings] == ["cause"]
    assert [group[0] for group in compared.reading.groups] == [*reasons, other]
