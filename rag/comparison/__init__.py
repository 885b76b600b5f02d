"""What sources say differently about one thing, and what later lines change."""

from rag.comparison.changing import changed_over_time
from rag.comparison.comparing import compare_evidence
from rag.comparison.findings import Attribute, Change, Difference, Finding, GivenValue

__all__ = [
    "Attribute",
    "Change",
    "Difference",
    "Finding",
    "GivenValue",
    "changed_over_time",
    "compare_evidence",
]
