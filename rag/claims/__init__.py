"""Checks a statement against the lines that it cites, by rules over words and values."""

from rag.claims.checking import ClaimCheck, check_claim, find_support
from rag.claims.lines import CitedLines

__all__ = ["CitedLines", "ClaimCheck", "check_claim", "find_support"]
