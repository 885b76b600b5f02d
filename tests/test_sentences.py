"""Where sentences end."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("It rose. It fell.", ["It rose.", "It fell."], id="two"),
        pytest.param("Mr. Li met Dr. Wu.", ["Mr. Li met Dr. Wu."], id="titles"),
        pytest.param("J. K. Rowling spoke.", ["J. K. Rowling spoke."], id="initials"),
        pytest.param("It cost 4.5 million. Fine.", ["It cost 4.5 million.", "Fine."], id="decimal"),
        pytest.param(
            "“Trust is low,” he said. “Very low.” Then he left.",
            ["“Trust is low,” he said.", "“Very low.”", "Then he left."],
            id="quotes",
        ),
        pytest.param("The U.S. Army came.", ["The U.S. Army came."], id="acronym in a name"),
        pytest.param(
            "It began at 5 p.m. The crowd left.",
            ["It began at 5 p.m.", "The crowd left."],
            id="abbreviation at the end",
        ),
        pytest.param("Why? Because! No…", ["Why?", "Because!", "No…"], id="other marks"),
        pytest.param("He paused... and went on.", ["He paused... and went on."], id="ellipsis"),
        pytest.param("  \n ", [], id="blank"),
    ],
)
def test_split(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


@given(st.text(alphabet=st.sampled_from('aB .!?"”\n1'), max_size=60))
def test_nothing_is_lost_and_spans_are_in_order(text: str) -> None:
    spans = split_sentences(text)
    covered = {k for start, end in spans for k in range(start, end)}
    assert {k for k, c in enumerate(text) if not c.isspace()} <= covered
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
