"""How sure a number is: bootstrap intervals, and paired tests between two runs.

A metric over questions is a ratio of sums: each question brings a numerator and a denominator. A
mean has the denominator 1 for every question, a precision the number of things claimed. What is
no such ratio (a quantile, an area) is a `Statistic`: a function of the chosen questions' rows.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 2_000
PERMUTATIONS = 10_000
SEED = 20_230_925
# Fewer resamples where each one is a loop of its own.
SLOW_RESAMPLES = 300

# Rows of chosen questions -> the value, or None when these rows have none.
Statistic = Callable[[Sequence[int]], float | None]


class Ratio(NamedTuple):
    """What one question adds to the two sums of a metric."""

    numerator: float
    denominator: float = 1.0


class Interval(NamedTuple):
    """A value with its 95 % percentile bootstrap interval, over questions."""

    value: float
    low: float
    high: float


def interval(ratios: Sequence[Ratio]) -> Interval | None:
    """The ratio of sums with its interval (Efron 1979); None when the denominators sum to 0."""
    pairs = np.array(ratios, dtype=np.float64).reshape(-1, 2)
    total = pairs.sum(axis=0)
    if not total[1]:
        return None
    rows = np.random.default_rng(SEED).integers(0, len(pairs), size=(RESAMPLES, len(pairs)))
    sums = pairs[rows].sum(axis=1)
    sums = sums[sums[:, 1] != 0]
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return Interval(float(total[0] / total[1]), float(low), float(high))


def statistic_interval(statistic: Statistic, count: int) -> Interval | None:
    """The value of `statistic` over `count` questions with its interval; None without a value."""
    value = statistic(range(count)) if count else None
    if value is None:
        return None
    generator = np.random.default_rng(SEED)
    samples = (generator.integers(0, count, size=count).tolist() for _ in range(SLOW_RESAMPLES))
    values = [found for found in map(statistic, samples) if found is not None]
    low, high = np.percentile(values, [2.5, 97.5])
    return Interval(value, float(low), float(high))


class Comparison(NamedTuple):
    """The difference of two runs on the same questions.

    Attributes:
        p: Chance of at least this difference, in either direction, if the runs did not differ.
    """

    difference: Interval
    p: float


def compare(old: Sequence[Ratio], new: Sequence[Ratio]) -> Comparison | None:
    """New minus old, for the same questions in the same order; None when either has no value.

    The interval is a paired bootstrap; p is of an approximate randomisation test, in which each
    question's two results change places at random (Noreen 1989; Yeh 2000).

    Raises:
        ValueError: When the numbers of questions differ.
    """
    if len(old) != len(new):
        raise ValueError(f"{len(old)} questions are compared with {len(new)}")
    a = np.array(old, dtype=np.float64).reshape(-1, 2)
    b = np.array(new, dtype=np.float64).reshape(-1, 2)
    if not len(a) or not a[:, 1].sum() or not b[:, 1].sum():
        return None
    observed = float(_ratio(b.sum(axis=0)) - _ratio(a.sum(axis=0)))
    generator = np.random.default_rng(SEED)
    rows = generator.integers(0, len(a), size=(RESAMPLES, len(a)))
    differences = _ratio(b[rows].sum(axis=1)) - _ratio(a[rows].sum(axis=1))
    low, high = np.nanpercentile(differences, [2.5, 97.5])
    swapped = generator.integers(0, 2, size=(PERMUTATIONS, len(a))).astype(np.float64)
    sums_a = swapped @ b + (1 - swapped) @ a
    sums_b = swapped @ a + (1 - swapped) @ b
    shuffled = np.abs(_ratio(sums_b) - _ratio(sums_a))
    as_far = np.count_nonzero(shuffled >= abs(observed) - 1e-12)
    return Comparison(Interval(observed, float(low), float(high)),
                      (as_far + 1) / (PERMUTATIONS + 1))  # fmt: skip


def _ratio(sums: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Numerator / denominator along the last axis, NaN where the denominator is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1])


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` (0..1) of `values` lies, interpolated; None of nothing."""
    return float(np.percentile(values, 100 * share)) if values else None
