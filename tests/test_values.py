"""Numbers, dates, names, quoted phrases and denials as they are read out of a text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.values import (
    date_agrees,
    iter_negations,
    long_form,
    plain_letters,
    read_dates,
    read_lexicon,
    read_names,
    read_numbers,
    read_quotes,
    tokenize,
)

MONDAY = date(2023, 9, 25)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2,595 boats", [("count", 2595.0)], id="thousands separator"),
        pytest.param("3.5 metres", [("count", 3.5)], id="decimal"),
        pytest.param("twenty-five boats", [("count", 25.0)], id="words"),
        pytest.param("two hundred and five", [("count", 205.0)], id="words with and"),
        pytest.param("three and four", [("count", 3.0), ("count", 4.0)], id="and between two"),
        pytest.param("a dozen eggs", [("count", 12.0)], id="dozen"),
        pytest.param("half a million", [("count", 5e5)], id="half a million"),
        pytest.param("hundreds of boats", [("vague", 100.0)], id="vague"),
        pytest.param("tens of thousands", [("vague", 1e4)], id="vague product"),
        pytest.param("20%", [("percent", 20.0)], id="percent sign"),
        pytest.param("20 per cent", [("percent", 20.0)], id="per cent"),
        pytest.param("a fifth of them", [("percent", 20.0)], id="fraction"),
        pytest.param("two-thirds", [("percent", 66.6667)], id="two-thirds"),
        pytest.param("one in four", [("percent", 25.0)], id="one in four"),
        pytest.param("$5m", [("money", 5e6)], id="money"),
        pytest.param("3.5bn dollars", [("money", 3.5e9)], id="currency after"),
        pytest.param("the 24th boat", [("ordinal", 24.0)], id="ordinal in digits"),
        pytest.param("the third boat", [("ordinal", 3.0)], id="ordinal in words"),
        pytest.param("in a split second", [], id="a second of time is no ordinal"),
        pytest.param("at 7.30pm", [("clock", 19 * 60 + 30.0)], id="clock"),
        pytest.param("at 19:30", [("clock", 19 * 60 + 30.0)], id="clock of 24 hours"),
        pytest.param("no one", [], id="one is a pronoun"),
        pytest.param("version 1.2.3", [], id="not a number"),
        pytest.param("NX121", [], id="a code is a word"),
    ],
)
def test_numbers(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(number.kind, number.value) for number in read_numbers(text)] == expected


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 100 boats", "over"), ("at least 100 boats", "over"), ("100 or more", "over"),
        ("up to 100 boats", "under"), ("as many as 100 boats", "under"), ("100 boats", "exact"),
        ("nearly 100 boats", "about"), ("about 100 boats", "about"),
        ("fewer than 100 boats", "under"),
    ],
)  # fmt: skip
def test_bounds(text: str, bound: str) -> None:
    assert [number.bound for number in read_numbers(text)] == [bound]


@pytest.mark.parametrize(
    ("text", "unit"),
    [("24-year-old", "year-old"), ("24 years old", "year-old"), ("24 km", "km"), ("£24", "£"),
     ("24 boats", None), ("24 days", "day")],
)  # fmt: skip
def test_units(text: str, unit: str | None) -> None:
    assert [number.unit for number in read_numbers(text)] == [unit]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("12 September 2022", date(2022, 9, 12), date(2022, 9, 12), id="day first"),
        pytest.param("September 12, 2022", date(2022, 9, 12), date(2022, 9, 12), id="month first"),
        pytest.param("2022-09-12", date(2022, 9, 12), date(2022, 9, 12), id="iso"),
        pytest.param("Sept. 12", date(2023, 9, 12), date(2023, 9, 12), id="short, no year"),
        pytest.param("in April", date(2023, 4, 1), date(2023, 4, 30), id="month alone"),
        pytest.param(
            "They met in December", date(2022, 12, 1), date(2022, 12, 31), id="month to come"
        ),
        pytest.param("last September", date(2022, 9, 1), date(2022, 9, 30), id="last September"),
        pytest.param("September last year", date(2022, 9, 1), date(2022, 9, 30), id="last year's"),
        pytest.param("on Monday", MONDAY, MONDAY, id="weekday of the same day"),
        pytest.param("on Thursday", date(2023, 9, 21), date(2023, 9, 21), id="weekday before"),
        pytest.param("yesterday", date(2023, 9, 24), date(2023, 9, 24), id="yesterday"),
        pytest.param("in 2021", date(2021, 1, 1), date(2021, 12, 31), id="year"),
        pytest.param("last year", date(2022, 1, 1), date(2022, 12, 31), id="last year"),
        pytest.param("the 1990s", date(1990, 1, 1), date(1999, 12, 31), id="decade"),
    ],
)
def test_dates_are_resolved(text: str, first: date, last: date) -> None:
    [mention] = read_dates(text, MONDAY)
    assert (mention.first, mention.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["It may rain.", "They march on.", "Price of $2022", "2,022 boats", "He will come. March on."],
)
def test_words_that_are_no_dates(text: str) -> None:
    assert read_dates(text, MONDAY) == []


@pytest.mark.parametrize(
    ("claimed", "given", "agrees"),
    [
        pytest.param("in September 2022", "on 12 September 2022", True, id="less exact"),
        pytest.param("on 12 September 2022", "in September 2022", False, id="more exact"),
        pytest.param("on 25 September 2023", "on Monday", True, id="resolved weekday"),
        pytest.param("on 24 September 2023", "on Monday", False, id="another day"),
        pytest.param("on Monday", "25 September 2023", True, id="weekday of a date"),
        pytest.param("in September 2022", "last September", True, id="resolved month"),
        pytest.param("last year", "in 2022", True, id="resolved year"),
        pytest.param("next Monday", "last Monday", False, id="contrary wording"),
    ],
)
def test_dates_agree(claimed: str, given: str, agrees: bool) -> None:
    [one], [other] = read_dates(claimed, MONDAY), read_dates(given, MONDAY)
    assert date_agrees(one, other) == agrees


def test_dates_without_an_anchor_are_compared_by_wording() -> None:
    [one], [same], [other] = (read_dates(f"on {day}") for day in ("Monday", "Monday", "Friday"))
    assert one.first is None
    assert date_agrees(one, same)
    assert not date_agrees(one, other)


def test_a_weekday_to_come_is_after_the_document() -> None:
    [mention] = read_dates("The court will meet on Thursday.", MONDAY)
    assert mention.first == date(2023, 9, 28)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("The harbour of Ostley is closed.", ["Ostley"], id="inside a sentence"),
        pytest.param("On Monday Sir Ian met Ms Lee.", ["Sir Ian", "Ms Lee"], id="titles"),
        pytest.param("It was the Ministry of Defence.", ["Ministry of Defence"], id="of"),
        pytest.param("Boats left. However, they sank.", [], id="openers"),
        pytest.param("Anna Berg left.", ["Anna Berg"], id="two capitals open a sentence"),
        pytest.param("the NX121 case", ["NX121"], id="code"),
        pytest.param("when I saw Berg", ["Berg"], id="I"),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [name.text for name in read_names(text)] == names


def test_a_lexicon_knows_acronyms_and_people() -> None:
    lexicon = read_lexicon(
        "The Harbour Safety Board (HSB) met. Anna Berg left. Later Berg said no. "
        "It cited Aid to the Coast, or AC, twice."
    )
    assert lexicon.acronyms["hsb"] == ("harbour", "safety", "board")
    assert "berg" in lexicon.people
    assert lexicon.has_name(["anna", "berg"])
    assert not lexicon.has_name(["berg", "anna"])


@pytest.mark.parametrize(
    ("words", "acronym", "found"),
    [
        ("by military aid to the civil authorities", "maca",
         ("military", "aid", "civil", "authorities")),
        ("the city council", "cc", ("city", "council")),
        ("the town council", "cc", ()),
    ],
)  # fmt: skip
def test_long_form(words: str, acronym: str, found: tuple[str, ...]) -> None:
    assert long_form(words.split(), acronym) == found


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        pytest.param('He said "never again".', ["never again"], id="straight"),
        pytest.param("He said “never again”.", ["never again"], id="curly"),
        pytest.param("He said ‘it’s over’.", ["it’s over"], id="single with apostrophe"),
        pytest.param("“quite ‘safe’ now”", ["quite ‘safe’ now", "safe"], id="nested"),
        pytest.param("the boats' crews' pay", [], id="apostrophes"),
        pytest.param("an open “quote", [], id="open"),
    ],
)
def test_quotes(text: str, quotes: list[str]) -> None:
    assert [quote.text for quote in read_quotes(text)] == quotes


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It did not sink.", [["sink"]]), ("It isn’t safe.", [["safe"]]),
        ("No boat sank.", [["boat", "sank"]]), ("No 10 spoke.", []), ("not only boats", []),
        ("It sank.", []),
    ],
)  # fmt: skip
def test_negations(text: str, denied: list[list[str]]) -> None:
    tokens = tokenize(text)
    assert [[tokens[k].base for k in scope] for _, scope in iter_negations(tokens)] == denied


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_offsets_fit(text: str) -> None:
    for value in (*read_numbers(text), *read_dates(text, MONDAY), *read_names(text)):
        assert value.text == text[value.start : value.end]
    assert all(quote.text == text[quote.start : quote.end] for quote in read_quotes(text))


@given(st.text(alphabet=st.sampled_from("19 .,-:%$aMayptwo\n"), max_size=60))
def test_number_like_text_can_be_read(text: str) -> None:
    for value in (*read_numbers(text), *read_dates(text, MONDAY)):
        assert value.text == text[value.start : value.end]


def test_plain_letters() -> None:
    assert plain_letters("Zoë Sánchez’s “no”") == 'Zoe Sanchez\'s "no"'


@given(st.text())
def test_plain_letters_keep_every_character_in_its_place(text: str) -> None:
    assert len(plain_letters(text)) == len(text)
