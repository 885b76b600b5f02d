"""What sources say differently about one thing."""

from rag.comparison.asking import asks_for
from rag.comparison.comparing import compare_evidence
from rag.comparison.findings import Attribute, Difference, Finding, GivenValue
from rag.comparison.stories import tell_one_story
from rag.comparison.totals import without_totals
from rag.comparison.why import place_of, reasons_first

__all__ = [
    "Attribute",
    "Difference",
    "Finding",
    "GivenValue",
    "asks_for",
    "compare_evidence",
    "place_of",
    "reasons_first",
    "tell_one_story",
    "without_totals",
]
