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
# After NFKC, which makes a non-breaking hyphen a plain U+2010.
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2010": "-"})


# Retrieval


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


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(1 + rank) for rank, gain in enumerate(gains, 1))


# Citations


def precision(cited: Set[object], gold: Set[object]) -> float | None:
    """Share of `cited` that is gold; None when nothing is cited."""
    return len(cited & gold) / len(cited) if cited else None


def recall(cited: Set[object], gold: Set[object]) -> float:
    """Share of `gold`, which is not empty, that is cited."""
    return len(cited & gold) / len(gold)


def f1(cited: Set[object], gold: Set[object]) -> float:
    """Harmonic mean of the share of `cited` that is gold and the share of `gold` that is cited."""
    shared = len(cited & gold)
    return 2 * shared / (len(cited) + len(gold)) if shared else 0.0


# Answers


def facts_held(answer: str, includes: Sequence[Sequence[str]]) -> float:
    """Share of `includes`, not empty, of which the first 150 words hold an alternative."""
    text = _capped(answer)
    return sum(any(_holds(text, item) for item in fact) for fact in includes) / len(includes)


def holds_facts(answer: str, includes: Sequence[Sequence[str]]) -> bool:
    """Whether the first 150 words of `answer` hold an alternative of each of `includes`."""
    return not includes or facts_held(answer, includes) == 1.0


def holds_none(answer: str, excludes: Sequence[str]) -> bool:
    """Whether `answer` holds none of the forbidden strings."""
    return not any(holds(answer, forbidden) for forbidden in excludes)


def holds(text: str, alternative: str) -> bool:
    """Whether `text`, without citation marks, holds `alternative`.

    Letter case, kinds of space, quotation mark and dash do not matter. A digit at the edge of
    `alternative` must not touch another digit, so that 3 is not found in 130 or 3,000.
    """
    return _holds(_normalise(_CITATION_MARKS.sub(" ", text)), alternative)


def _capped(answer: str) -> str:
    return _normalise(" ".join(_CITATION_MARKS.sub(" ", answer).split()[:MAX_ANSWER_WORDS]))


def _holds(text: str, alternative: str) -> bool:
    wanted = _normalise(alternative)
    before = r"(?<!\d)(?<!\d[.,])" if wanted[:1].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, text) is not None


def _normalise(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().translate(_QUOTES)
    return " ".join(folded.split())


# Orders


def roc_auc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Chance that a positive item scores higher than a negative one, ties counting half.

    None when there are no items of one of the two kinds.
    """
    wanted = sum(positive)
    if not wanted or wanted == len(positive):
        return None
    order = sorted(range(len(scores)), key=lambda k: scores[k])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        for k in order[start:end]:
            ranks[k] = (start + 1 + end) / 2  # ranks from 1; tied items share their mean
        start = end
    total = sum(rank for rank, wanted_one in zip(ranks, positive, strict=True) if wanted_one)
    return (total - wanted * (wanted + 1) / 2) / (wanted * (len(positive) - wanted))


def risk_coverage(scores: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """What is risked when only the surest questions are answered.

    Returns:
        For each possible number of answered questions, surest first: (coverage, risk), the share
        that is answered and the share of wrong answers among those. Questions with equal scores
        are answered together.
    """
    order = sorted(range(len(scores)), key=lambda k: -scores[k])
    curve, wrong = [], 0
    for count, k in enumerate(order, 1):
        wrong += not right[k]
        if count == len(order) or scores[order[count]] != scores[k]:
            curve.append((count / len(order), wrong / count))
    return curve


def selective_accuracy(scores: Sequence[float], right: Sequence[bool]) -> float | None:
    """Area below the curve of accuracy over coverage: 1 minus that of `risk_coverage`.

    Each step's accuracy counts for the coverage that the step adds; None of nothing.
    """
    area, before = 0.0, 0.0
    for coverage, risk in risk_coverage(scores, right):
        area += (coverage - before) * (1 - risk)
        before = coverage
    return area if scores else None
