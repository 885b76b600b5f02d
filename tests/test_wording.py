"""Words that the page, the export and the command line share."""

from datetime import date

import pytest

from rag.synthesis.wording import count_of, difference_in_words, listed, what_was_checked


@pytest.mark.parametrize(
    ("numbers", "as_of", "told"),
    [
        ((3, 1, 2), date(2024, 3, 16), "3 of 4 statements checked against 2 independent sources, "
                                       "as of 16 March 2024"),
        ((1, 0, 1), None, "1 of 1 statement checked against 1 independent source"),
    ],
)  # fmt: skip
def test_what_was_checked(numbers: tuple[int, int, int], as_of: date | None, told: str) -> None:
    assert what_was_checked(*numbers, as_of) == told


def test_differences() -> None:
    assert difference_in_words("time") == "it changed between the reports"
    assert difference_in_words("a new kind") == "a new kind"


def test_counts() -> None:
    assert [count_of(n, "file") for n in (0, 1, 2_000)] == ["0 files", "1 file", "2,000 files"]


def test_lists() -> None:
    assert [listed(["A", "B", "C"][:n]) for n in range(4)] == ["", "A", "A and B", "A, B and C"]
