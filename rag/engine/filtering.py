"""Filters: with what was known by a day, and what to tell when no article passes them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from rag.index import Index
from rag.schema import Filters
from rag.store import DocumentSummary
from rag.synthesis import format_date
from rag.synthesis.wording import listed
from rag.words import words

# Publishers that are named when a filter fits none.
MAX_NAMED = 12


def filtered_out(filters: Filters | None, index: Index) -> str | None:
    """What to tell when the filters leave no article, or None when they leave some.

    Names what the index has of each thing that was filtered by: the publishers, those of similar
    names first; documents that are not there; the days of what passes the other filters.

    Example: Filters(publishers=("Gull",)) -> "no article passes the filters; the publishers are
    The Gull and Coast Radio"
    """
    if not filters or not index.document_count or index.document_ids(filters) != set():
        return None
    told = ["no article passes the filters"]
    shelf = index.document_metadata()
    if filters.publishers and not _ids(index, Filters(publishers=filters.publishers)):
        told.append(_publishers(shelf, filters.publishers))
    if missing := [path for path in filters.documents if index.find_document(path) is None]:
        told.append(f"{', '.join(missing[:MAX_NAMED])} is not in the index")
    if filters.published_from or filters.published_to:
        others = _ids(index, replace(filters, published_from=None, published_to=None))
        left = [summary for summary in shelf if summary.document_id in others]
        told.append(_days(left or shelf, all_of_them=not left or len(left) == len(shelf)))
    return "; ".join(told)


def with_known_by(filters: Filters | None, known_by: date | None) -> Filters | None:
    """`filters`, and nothing that was published after `known_by`."""
    if known_by is None:
        return filters
    if not isinstance(known_by, date):
        raise TypeError(f"known_by is a datetime.date, not {known_by!r}")
    if isinstance(known_by, datetime):  # which is a date, but is not compared with one
        known_by = known_by.date()
    filters = filters or Filters()
    last = min(filters.published_to or known_by, known_by)
    return replace(filters, published_to=last)


def _ids(index: Index, filters: Filters) -> set[str]:
    """Ids of the documents that pass `filters`; those of all when it is empty."""
    found = index.document_ids(filters)
    if found is None:
        return {summary.document_id for summary in index.document_metadata()}
    return found


def _publishers(shelf: Iterable[DocumentSummary], wanted: Sequence[str]) -> str:
    asked = {word for name in wanted for word in words(name)}
    names = {summary.publisher for summary in shelf if summary.publisher}
    if not names:
        return "no article names its publisher"
    ordered = sorted(names, key=lambda name: (asked.isdisjoint(words(name)), name.casefold()))
    shown, left = ordered[:MAX_NAMED], len(ordered) - MAX_NAMED
    if left > 0:
        return f"the publishers are {', '.join(shown)} and {left:,} more"
    verb = "publishers are" if len(shown) > 1 else "publisher is"
    return f"the {verb} {listed(shown)}"


def _days(found: Sequence[DocumentSummary], *, all_of_them: bool) -> str:
    """From when to when articles were published, and how many have no date."""
    days: list[date] = [summary.published for summary in found if summary.published]
    whose = "the articles" if all_of_them else "those that pass the other filters"
    if not days:
        return f"{whose} have no date"
    first, last = min(days), max(days)
    period = f"from {format_date(first)} to {format_date(last)}"
    told = f"{whose} are {period if first != last else f'of {format_date(first)}'}"
    undated = len(found) - len(days)
    return f"{told}, and {undated:,} without a date are left out" if undated else told
