"""The metrics of the evals, by hand arithmetic."""

from math import log2

import pytest

from evals.metrics import (
    MAX_ANSWER_WORDS,
    all_facts,
    any_hit,
    f1,
    fact_recall,
    holds_facts,
    holds_none,
    ndcg,
    reciprocal_rank,
)


@pytest.mark.parametrize(
    ("covered", "k", "any_", "share", "all_", "reciprocal"),
    [
        pytest.param([1, 3], 4, 1.0, 2 / 2, 1.0, 1 / 1, id="both"),
        pytest.param([5, 3], 4, 1.0, 1 / 2, 0.0, 1 / 3, id="one too late"),
        pytest.param([4], 4, 1.0, 1.0, 1.0, 1 / 4, id="the last that counts"),
        pytest.param([5], 4, 0.0, 0.0, 0.0, 0.0, id="the first that does not"),
        pytest.param([None, 2, None], 4, 1.0, 1 / 3, 0.0, 1 / 2, id="two not found"),
        pytest.param([None], 4, 0.0, 0.0, 0.0, 0.0, id="none"),
    ],
)
def test_facts(
    covered: list[int | None], k: int, any_: float, share: float, all_: float, reciprocal: float
) -> None:
    assert any_hit(covered, k) == any_
    assert fact_recall(covered, k) == pytest.approx(share)
    assert all_facts(covered, k) == all_
    assert reciprocal_rank(covered, k) == pytest.approx(reciprocal)


@pytest.mark.parametrize(
    ("ranked", "relevance", "k", "value"),
    [
        pytest.param(["a", "x"], {"a": 1}, 10, 1.0, id="perfect"),
        pytest.param(["x", "a"], {"a": 1}, 10, (1 / log2(3)) / (1 / log2(2)), id="second"),
        pytest.param(
            ["x", "b", "a"],
            {"a": 2, "b": 1},
            10,
            (1 / log2(3) + 2 / log2(4)) / (2 / log2(2) + 1 / log2(3)),
            id="graded",
        ),
        pytest.param(["a"], {"a": 1, "b": 1}, 10, 1 / (1 + 1 / log2(3)), id="one of two found"),
        pytest.param(["x", "a"], {"a": 1}, 1, 0.0, id="cut before it"),
        pytest.param([], {"a": 1}, 10, 0.0, id="nothing retrieved"),
        pytest.param(["a"], {"a": 0}, 10, 0.0, id="nothing relevant"),
    ],
)
def test_ndcg(ranked: list[str], relevance: dict[str, int], k: int, value: float) -> None:
    assert ndcg(ranked, relevance, k) == pytest.approx(value)


@pytest.mark.parametrize(
    ("cited", "gold", "value"),
    [
        pytest.param({1, 2}, {1, 2}, 1.0, id="equal"),
        # precision 1/3, recall 1/2: 2 x 1/3 x 1/2 / (1/3 + 1/2) = 2/5
        pytest.param({1, 2, 3}, {1, 4}, 2 / 5, id="partly"),
        pytest.param({1}, {2}, 0.0, id="nothing shared"),
        pytest.param(set(), {1}, 0.0, id="nothing cited"),
        pytest.param(set(), set(), 0.0, id="nothing at all"),
    ],
)
def test_f1(cited: set[object], gold: set[object], value: float) -> None:
    assert f1(cited, gold) == pytest.approx(value)


@pytest.mark.parametrize(
    ("answer", "includes", "holds"),
    [
        pytest.param("It cost 4.5 million.", [["4.5 million"]], True, id="verbatim"),
        pytest.param("IT COST 4.5\u00a0Million.", [["4.5 million"]], True, id="case and spaces"),
        pytest.param("It cost 14.5 million.", [["4.5 million"]], False, id="digit before"),
        pytest.param("It was 300.", [["30"]], False, id="digit after"),
        pytest.param("It was “Met’s”.", [['"met\'s"']], True, id="typographic quotes"),
        pytest.param("It was 12 [300].", [["300"]], False, id="a citation mark is no fact"),
        pytest.param("a", [["b", "a"]], True, id="an alternative"),
        pytest.param("a", [["a"], ["b"]], False, id="one fact of two"),
        pytest.param("a", [], True, id="nothing asked for"),
        pytest.param("x " * (MAX_ANSWER_WORDS - 1) + "a", [["a"]], True, id="word 150"),
        pytest.param("x " * MAX_ANSWER_WORDS + "a", [["a"]], False, id="word 151"),
        pytest.param("[1] " * 20 + "x " * 149 + "a", [["a"]], True, id="marks are no words"),
    ],
)
def test_holds_facts(answer: str, includes: list[list[str]], holds: bool) -> None:
    assert holds_facts(answer, includes) is holds


@pytest.mark.parametrize(
    ("answer", "excludes", "holds"),
    [
        pytest.param("It was 300.", ["200"], True, id="not there"),
        pytest.param("It was 300.", ["300"], False, id="there"),
        pytest.param("It was 300.", ["30"], True, id="part of a number"),
        pytest.param("x " * 500 + "wrong", ["wrong"], False, id="anywhere"),
        pytest.param("anything", [], True, id="nothing forbidden"),
    ],
)
def test_holds_none(answer: str, excludes: list[str], holds: bool) -> None:
    assert holds_none(answer, excludes) is holds
