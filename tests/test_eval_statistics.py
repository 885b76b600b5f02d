"""Intervals and paired tests, against hand arithmetic and known distributions."""

import random

import pytest

from evals.metrics import (
    facts_held,
    holds,
    precision,
    recall,
    risk_coverage,
    roc_auc,
    selective_accuracy,
)
from evals.statistics import Ratio, compare, interval, percentile, statistic_interval


@pytest.mark.parametrize(
    ("scores", "positive", "value"),
    [
        pytest.param([3, 2, 1], [True, False, False], 1.0, id="perfect"),
        pytest.param([1, 2, 3], [True, False, False], 0.0, id="upside down"),
        pytest.param([1, 1, 1, 1], [True, False, True, False], 0.5, id="all tied"),
        # pairs (positive, negative): (3,2) won, (3,2) won, (2,2) tied, (2,2) tied -> 3 of 4
        pytest.param([3, 2, 2, 2], [True, True, False, False], 3 / 4, id="some tied"),
        pytest.param([1, 2], [True, True], None, id="no negatives"),
        pytest.param([], [], None, id="nothing"),
    ],
)
def test_roc_auc(scores: list[float], positive: list[bool], value: float | None) -> None:
    assert roc_auc(scores, positive) == (None if value is None else pytest.approx(value))


def test_risk_coverage() -> None:
    """Surest first: right, wrong, right."""
    curve = risk_coverage([0.9, 0.5, 0.7], [True, True, False])
    assert curve == [(1 / 3, 0.0), (2 / 3, 1 / 2), (1.0, pytest.approx(1 / 3))]


def test_equal_scores_are_answered_together() -> None:
    assert risk_coverage([0.5, 0.5], [True, False]) == [(1.0, 0.5)]


@pytest.mark.parametrize(
    ("scores", "right", "area"),
    [
        pytest.param([0.9, 0.5, 0.7], [True, True, False],
                     (1 + 1 / 2 + 2 / 3) / 3, id="three steps"),
        pytest.param([1, 1, 0, 0], [True, True, False, False],
                     (1 / 2) * 1 + (1 / 2) * (1 / 2), id="two steps"),
        pytest.param([0.3], [False], 0.0, id="one, wrong"),
        pytest.param([], [], None, id="nothing"),
    ],
)  # fmt: skip
def test_selective_accuracy(scores: list[float], right: list[bool], area: float | None) -> None:
    found = selective_accuracy(scores, right)
    assert found == (None if area is None else pytest.approx(area))


def test_precision_and_recall() -> None:
    assert precision({1, 2, 3, 4}, {1}) == 1 / 4
    assert precision(set(), {1}) is None
    assert recall({1, 2}, {1, 5, 6}) == 1 / 3


@pytest.mark.parametrize(
    ("text", "alternative", "found"),
    [
        ("It took 300 officers.", "300", True),
        ("It took 1300 officers.", "300", False),
        ("It took 1,300 officers.", "300", False),
        ("It took 3,000 officers.", "3", False),
        ("It cost 2.5 million.", "5 million", False),
        ("It took 300, they said.", "300", True),
        ("It took 300.", "300", True),
        ("“Dozens” left [2] at once", "dozens", True),
        ("Forty‑two", "forty-two", True),
    ],
)
def test_digits_are_not_found_inside_longer_numbers(
    text: str, alternative: str, found: bool
) -> None:
    assert holds(text, alternative) is found


def test_facts_held() -> None:
    assert facts_held("Ann won by 3 goals [1]", [["ann", "anna"], ["3"], ["on Friday"]]) == 2 / 3
    assert facts_held("word " * 150 + "Ann", [["Ann"]]) == 0.0
    assert facts_held("word " * 149 + "Ann", [["Ann"]]) == 1.0


# Intervals


def test_a_mean_and_its_interval() -> None:
    found = interval([Ratio(1.0)] * 80 + [Ratio(0.0)] * 20)
    assert found is not None
    # The standard error of a share of 0.8 among 100 is 0.04: the interval is about 0.8 +- 0.078.
    assert found.value == pytest.approx(0.8)
    assert found.low == pytest.approx(0.72, abs=0.015)
    assert found.high == pytest.approx(0.88, abs=0.015)


def test_a_ratio_weighs_questions_by_their_denominator() -> None:
    found = interval([Ratio(1, 1), Ratio(0, 3)])
    assert found is not None
    assert found.value == 1 / 4


def test_no_value_without_a_denominator() -> None:
    assert interval([Ratio(0, 0)]) is None
    assert interval([]) is None


def test_the_same_numbers_each_time() -> None:
    ratios = [Ratio(float(k % 3 == 0)) for k in range(50)]
    assert interval(ratios) == interval(ratios)


def test_a_statistic_and_its_interval() -> None:
    values = [float(value) for value in range(1, 102)]

    def median(rows: object) -> float | None:
        return percentile([values[k] for k in rows], 0.5)  # type: ignore[attr-defined]

    found = statistic_interval(median, len(values))
    assert found is not None
    assert found.value == 51
    assert 35 < found.low < 51 < found.high < 67
    assert statistic_interval(median, 0) is None


def test_percentile() -> None:
    assert percentile([1, 2, 3], 0.5) == 2
    assert percentile([0, 10], 0.95) == pytest.approx(9.5)
    assert percentile([], 0.5) is None


# Paired comparison


def test_a_clear_difference_is_significant() -> None:
    old = [Ratio(0.0)] * 20 + [Ratio(1.0)] * 20
    found = compare(old, [Ratio(1.0)] * 40)
    assert found is not None
    assert found.difference.value == pytest.approx(0.5)
    assert found.difference.low > 0.3
    assert found.p < 0.001


def test_no_difference_is_not() -> None:
    same = [Ratio(float(k % 2)) for k in range(40)]
    found = compare(same, same)
    assert found is not None
    assert found.difference == (0.0, 0.0, 0.0)
    assert found.p == 1.0


def test_one_question_of_three_proves_nothing() -> None:
    """Swapping two unlike results of one question in eight ways: the sign test gives p = 1."""
    found = compare([Ratio(0.0), Ratio(1.0), Ratio(1.0)], [Ratio(1.0), Ratio(1.0), Ratio(1.0)])
    assert found is not None
    assert found.p == 1.0


def test_p_is_the_sign_test_for_single_changes() -> None:
    """Five questions better, none worse: 2 of 2**5 sign patterns are as far from 0."""
    old, new = [Ratio(0.0)] * 5 + [Ratio(1.0)] * 9, [Ratio(1.0)] * 14
    found = compare(old, new)
    assert found is not None
    assert found.p == pytest.approx(2 / 32, abs=0.01)


def test_false_alarms_are_as_rare_as_they_should_be() -> None:
    """Of 60 comparisons of equal systems about 3 look significant."""
    generator = random.Random(7)

    def system() -> list[Ratio]:
        return [Ratio(float(generator.random() < 0.6)) for _ in range(60)]

    found = [compare(system(), system()) for _ in range(60)]
    alarms = sum(item is not None and item.p < 0.05 for item in found)
    assert alarms <= 8


def test_different_numbers_of_questions_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="1 questions are compared with 2"):
        compare([Ratio(1.0)], [Ratio(1.0), Ratio(0.0)])


def test_nothing_to_compare() -> None:
    assert compare([], []) is None
    assert compare([Ratio(0, 0)], [Ratio(1, 1)]) is None
