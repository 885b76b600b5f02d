"""Metrics as pure functions; every one is higher-is-better, 0..1, and tested by hand.

`covered` everywhere is, for each fact of a question, the rank (from 1) of the first result that
holds one of the fact's lines, or None.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence, Set

MAX_ANSWER_WORDS = 150
_CITATION_MARKS = re.compile(r"\[\d+\]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"})


def any_hit(covered: Sequence[int | None], k: int) -> float:
    """1 when any fact is among the first `k` results."""
    return float(any(rank is not None and rank <= k for rank in covered))


def fact_recall(covered: Sequence[int | None], k: int) -> float:
    """Share of the facts that are among the first `k` results."""
    return sum(rank is not None and rank <= k for rank in covered) / len(covered)


def all_facts(covered: Sequence[int | None], k: int) -> float:
    """1 when every fact is among the first `k` results."""
    return float(all(rank is not None and rank <= k for rank in covered))


def reciprocal_rank(covered: Sequence[int | None], k: int) -> float:
    """1 / rank of the first result that holds any fact; 0 when none of the first `k` does."""
    ranks = [rank for rank in covered if rank is not None and rank <= k]
    return 1 / min(ranks) if ranks else 0.0


def ndcg(ranked: Sequence[str], relevance: Mapping[str, int], k: int) -> float:
    """Normalised discounted cumulative gain of the first `k` of `ranked`.

    Linear gain over log2(1 + rank), the ideal over all relevant items, as in trec_eval
    (Järvelin and Kekäläinen 2002).
    """
    gains = [relevance.get(item, 0) for item in ranked[:k]]
    ideal = sorted(relevance.values(), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def f1(cited: Set[object], gold: Set[object]) -> float:
    """Harmonic mean of the share of `cited` that is gold and the share of `gold` that is cited."""
    shared = len(cited & gold)
    return 2 * shared / (len(cited) + len(gold)) if shared else 0.0


def holds_facts(answer: str, includes: Sequence[Sequence[str]]) -> bool:
    """Whether the first 150 words of `answer` hold an alternative of each of `includes`.

    A digit at an alternative's edge must not touch another digit.
    """
    text = _normalise(" ".join(_CITATION_MARKS.sub(" ", answer).split()[:MAX_ANSWER_WORDS]))
    return all(any(_holds(text, alternative) for alternative in fact) for fact in includes)


def holds_none(answer: str, excludes: Sequence[str]) -> bool:
    """Whether `answer` holds none of the forbidden strings."""
    text = _normalise(_CITATION_MARKS.sub(" ", answer))
    return not any(_holds(text, forbidden) for forbidden in excludes)


def _holds(text: str, alternative: str) -> bool:
    wanted = _normalise(alternative)
    before = r"(?<!\d)" if wanted[:1].isdigit() else ""
    after = r"(?!\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


def _normalise(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().translate(_QUOTES)
    return " ".join(folded.split())


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(1 + rank) for rank, gain in enumerate(gains, 1))
