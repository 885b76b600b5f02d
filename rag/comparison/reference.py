"""What a figure is: two of different times, or of different sorts, do not contradict each other.

1. A date next to a figure in its clause is the figure's own.
2. "Had been apart for six years" counts up to a past moment, "have been apart for seven" up to now.
3. A target, an average, a peak and a plain figure are different things. So is a forecast, unless it
   was published on another day than what came of it: then the figure has changed with time.
"""

from collections.abc import Collection

from rag.comparison.sayings import Placed, Saying, published_apart

# How many words may stand between a figure and its date, and before it the word for its sort.
_NEAR, _BEFORE = 6, 10
_SORTS = {
    "forecast": """expect expects expected expecting forecast forecasts predict predicts predicted
    projected projects projection estimates""",
    "target": "target targets goal limit threshold",
    "average": "average averaged averages averaging median typical typically",
    "peak": "peak peaked peaks peaking",
}
_SORT_OF = {word: sort for sort, words in _SORTS.items() for word in words.split()}
# Units of time.
PERIODS = frozenset("second minute hour day week month year decade".split())


def told_apart(one: Placed, other: Placed, unit: str | None) -> bool:
    """Whether two figures, which count `unit`, are of different times or of different sorts."""
    here, there = _own_times(one), _own_times(other)
    if here and there and not here & there:
        return True
    if unit in PERIODS and {_tense(one), _tense(other)} == {"have", "had"}:
        return True
    sorts = {_sort(one), _sort(other)}
    if sorts == {"", "forecast"}:
        return not published_apart(one.saying, other.saying)
    return len(sorts) > 1


def is_forecast(fact: Placed) -> bool:
    """Whether a figure was expected and not yet so."""
    return _sort(fact) == "forecast"


def is_of_years(saying: Saying, years: Collection[int]) -> bool:
    """Whether a sentence tells of one of these years: by its dates, or else by its document's."""
    told = {mention.year for mention in saying.dates if mention.year}
    published = saying.evidence.document.published
    if not told and published:
        told = {published.year}
    return bool(told & set(years))


def _sort(fact: Placed) -> str:
    """What sort of figure it is, "" for a plain one: the nearest word before it in its clause."""
    bases, clauses = fact.saying.bases, fact.saying.clauses
    for place in range(fact.first - 1, max(fact.first - _BEFORE, 0) - 1, -1):
        if clauses[place] != clauses[fact.first]:
            return ""
        if bases[place] in _SORT_OF:
            return _SORT_OF[bases[place]]
    return ""


def _own_times(fact: Placed) -> set[tuple[int | None, int | None]]:
    """Year and month of the dates near a figure."""
    saying = fact.saying
    found = set()
    for mention in saying.dates:
        first, last = saying.place_at(mention.start), saying.place_at(mention.end - 1)
        near = last < fact.first <= last + _NEAR or first - _NEAR <= fact.last < first
        if near and (mention.year or mention.month):
            found.add((mention.year, mention.month))
    return found


def _tense(fact: Placed) -> str:
    """Whichever of "have" and "had" stands last before the figure; "" without any."""
    for base in reversed(fact.saying.bases[max(fact.first - _NEAR, 0) : fact.first]):
        if base in ("have", "has", "'ve"):
            return "have"
        if base in ("had", "'d"):
            return "had"
    return ""
