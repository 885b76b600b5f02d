"""Drafts -> statements whose cited lines have been checked, or withheld ones."""

from rag.verification.citations import (
    CitationList,
    citation_problem,
    cite_lines,
    file_shows_quote,
    verify_draft,
)
from rag.verification.written import resolve_citations, verify_written

__all__ = [
    "CitationList",
    "citation_problem",
    "cite_lines",
    "file_shows_quote",
    "resolve_citations",
    "verify_draft",
    "verify_written",
]
