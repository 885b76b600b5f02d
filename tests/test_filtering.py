"""Filters that nothing passes: what is told, with what there is instead."""

from datetime import date
from pathlib import Path

import pytest
from conftest import index_articles

from rag.engine.filtering import MAX_NAMED, filtered_out
from rag.index import Index, open_index
from rag.schema import Filters


def article(publisher: str | None, day: str | None) -> str:
    head = [f"publisher: {publisher}"] if publisher else []
    head += [f"date: {day}"] if day else []
    return "\n".join(["---", *head, "---", "The harbour office counted forty seals.", ""])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    articles = {f"{k:02}.txt": article(f"Paper {k:02}", f"2024-03-{k + 1:02}") for k in range(14)}
    articles["gull.txt"] = article("The Gull", "2023-01-05")
    articles["undated.txt"] = article("The Gull", None)
    return open_index(index_articles(tmp_path_factory.mktemp("filtering"), articles))


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        pytest.param(None, None, id="none"),
        pytest.param(Filters(), None, id="empty"),
        pytest.param(Filters(publishers=("the gull",)), None, id="some pass"),
        pytest.param(
            Filters(documents=("no.txt", "gull.txt"), published_to=date(2020, 1, 1)),
            "no article passes the filters; no.txt is not in the index; those that pass the other "
            "filters are of 5 January 2023",
            id="document and day",
        ),
        pytest.param(
            Filters(publishers=("The Gull",), published_from=date(2024, 1, 1)),
            "no article passes the filters; those that pass the other filters are of 5 January "
            "2023, and 1 without a date are left out",
            id="days of a publisher",
        ),
        pytest.param(
            Filters(published_from=date(2025, 1, 1)),
            "no article passes the filters; the articles are from 5 January 2023 to 14 March 2024, "
            "and 1 without a date are left out",
            id="days of all",
        ),
    ],
)
def test_what_is_told(index: Index, filters: Filters | None, told: str | None) -> None:
    assert filtered_out(filters, index) == told


def test_similar_publishers_come_first_and_the_rest_is_counted(index: Index) -> None:
    told = filtered_out(Filters(publishers=("Gulls", "Gull")), index) or ""
    shown = told.removeprefix("no article passes the filters; the publishers are ")
    assert shown.startswith("The Gull, Paper 00, Paper 01")
    assert shown.endswith(f"and {15 - MAX_NAMED} more")


def test_a_corpus_without_publishers(tmp_path: Path) -> None:
    with open_index(index_articles(tmp_path, {"a.txt": article(None, None)})) as index:
        told = filtered_out(Filters(("Gull",), published_from=date(2024, 1, 1)), index)
        assert told == (
            "no article passes the filters; no article names its publisher; the articles have no "
            "date"
        )
