"""The numbers that a reader is judged by; pure functions, no command."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
REFUSED_AT_MOST = 0.08


@dataclass(frozen=True)
class Scored:
    """One question with the candidates that were read, in the first stage's order.

    Attributes:
        lines: The line that each candidate starts on (with its document where there are several).
        gold: Whether each stands on a line that answers.
        labels: 1 right, 0 wrong, -1 not to be counted.
    """

    key: str
    answerable: bool
    lines: list[str]
    gold: list[bool]
    labels: list[int]
    first: Floats
    logits: Floats

    def mixed(self, weight: float, reader: float = 1.0) -> Floats:
        """The scores that the candidates are ordered by."""
        return reader * self.logits + weight * self.first


def line_rank(scored: Scored, scores: Floats) -> int | None:
    """The rank, among lines, of the first line that answers; None when none was read."""
    seen: set[str] = set()
    for k in np.argsort(-scores, kind="stable"):
        if scored.gold[k]:
            return len(seen - {scored.lines[k]}) + 1
        seen.add(scored.lines[k])
    return None


def rank_shares(ranks: Sequence[int | None], at: Sequence[int] = (1, 3, 5)) -> list[float]:
    """The shares of questions whose line is among the first 1, 3 and 5."""
    return [float(np.mean([rank is not None and rank <= k for rank in ranks])) for k in at]


def auc(values: Floats, positive: NDArray[np.bool_]) -> float:
    """How often a positive has the higher value; ties count half."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    _, inverse, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.bincount(inverse, weights=ranks) / count)[inverse]
    good = int(positive.sum())
    bad = len(values) - good
    return float((ranks[positive].sum() - good * (good + 1) / 2) / (good * bad))


def threshold_for(values: Floats, answerable: NDArray[np.bool_],
                  at_most: float = REFUSED_AT_MOST) -> float:  # fmt: skip
    """The threshold below which at most a share of the answerable ones lies, best by F1."""
    candidates = np.unique(values)
    best, chosen = -1.0, float(candidates[0])
    for value in candidates:
        f1, refused = refusal(values, answerable, float(value))
        if refused <= at_most and f1 > best:
            best, chosen = f1, float(value)
    return chosen


def refusal(values: Floats, answerable: NDArray[np.bool_], threshold: float
            ) -> tuple[float, float]:  # fmt: skip
    """F1 of refusing what no line answers, and the share of answerable ones refused."""
    refused = values < threshold
    right = float((refused & ~answerable).sum())
    total = float(refused.sum() + (~answerable).sum())
    return (2 * right / total if total else 0.0), float(refused[answerable].mean())


def features(scored: Scored, weight: float) -> list[float]:
    """What is known of a question for deciding whether anything answers it.

    The logit of the best by the mix, the best logit, and how far the best by the mix is from the
    first stage's best. None grows with the number of candidates, so that they mean the same in a
    small corpus. How near any sentence comes to the question's words is left out: the written
    questions that nothing answers copy the article's words more than the others do, so that a fit
    takes shared words for a sign that nothing answers.
    """
    best = int(np.argmax(scored.mixed(weight)))
    behind = scored.first[best] - scored.first.max()
    return [float(scored.logits[best]), float(scored.logits.max()), float(behind)]


def without_gold(scored: Scored) -> Scored | None:
    """The question with the candidates that answer taken away; None when no other is left."""
    kept = [k for k, gold in enumerate(scored.gold) if not gold]
    if not kept:
        return None
    return replace(
        scored, answerable=False, lines=[scored.lines[k] for k in kept], gold=[False] * len(kept),
        labels=[scored.labels[k] for k in kept], first=scored.first[kept],
        logits=scored.logits[kept],
    )  # fmt: skip


def fit_logistic(rows: Floats, labels: NDArray[np.bool_], ridge: float = 1e-2, steps: int = 50
                 ) -> Floats:  # fmt: skip
    """Weights of a logistic regression, the constant last, by Newton's method."""
    given = np.hstack([rows, np.ones((len(rows), 1))])
    weights = np.zeros(given.shape[1])
    penalty = np.full(given.shape[1], ridge)
    penalty[-1] = 0.0
    for _ in range(steps):
        chances = sigmoid(given @ weights)
        gradient = given.T @ (chances - labels) + penalty * weights
        curve = (given * (chances * (1 - chances))[:, None]).T @ given + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def logistic(rows: Floats, weights: Floats) -> Floats:
    """The probabilities that a regression of `fit_logistic` gives."""
    return sigmoid(rows @ weights[:-1] + weights[-1])


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-value))."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -60, 60))))


def reliability(chances: Floats, outcomes: NDArray[np.bool_], bins: int = 10
                ) -> tuple[list[tuple[float, float, int]], float]:  # fmt: skip
    """For each of ten bins the mean probability, the share that came true, n; and the ECE."""
    place = np.minimum((chances * bins).astype(int), bins - 1)
    rows = []
    error = 0.0
    for k in range(bins):
        here = place == k
        count = int(here.sum())
        if count:
            said, came = float(chances[here].mean()), float(outcomes[here].mean())
            rows.append((said, came, count))
            error += count / len(chances) * abs(said - came)
    return rows, error
