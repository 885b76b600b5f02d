"""Words for what an answer holds, the same for whoever shows it."""

from collections.abc import Sequence
from datetime import date

from rag.synthesis.extractive import format_date

# The kinds of disagreement, see `rag.schema.Disagreement`.
DIFFERENCES = {
    "rounding": "rough figures, which may both be right",
    "precision": "one is more exact",
    "time": "it changed between the reports",
    "contradiction": "they contradict each other",
}


def difference_in_words(kind: str) -> str:
    """How the values of a disagreement differ; a kind that is not known stays as it is.

    Example: "time" -> "it changed between the reports"
    """
    return DIFFERENCES.get(kind, kind)


def what_was_checked(statements: int, withheld: int, sources: int, as_of: date | None) -> str:
    """How many of the statements were checked, against how many independent sources, until when.

    Example: 3, 1, 2, date(2024, 3, 16) -> "3 of 4 statements checked against 2 independent sources,
    as of 16 March 2024"
    """
    day = f", as of {format_date(as_of)}" if as_of else ""
    total = count_of(statements + withheld, "statement")
    checked_against = count_of(sources, "independent source")
    return f"{statements:,} of {total} checked against {checked_against}{day}"


def listed(names: Sequence[str]) -> str:
    """Names as one text; "" for none.

    Example: ["A", "B", "C"] -> "A, B and C"
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def count_of(number: int, noun: str) -> str:
    """A number of things.

    Example: 1, "file" -> "1 file"
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
