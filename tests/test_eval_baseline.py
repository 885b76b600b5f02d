"""The dev half of our own questions, against the result that is kept: nothing may get worse."""

from pathlib import Path

import pytest
from rich.console import Console

from evals.__main__ import result_json
from evals.adapters import Places, own
from evals.comparison import pairs, print_comparison, read_result
from evals.suite import Run, run
from evals.systems import System

BASELINE = Path(__file__).parent.parent / "evals" / "results" / "baseline.json"
# Longer answers are no fault by themselves.
NOT_HELD_AGAINST_IT = {"words"}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Run:
    work = tmp_path_factory.mktemp("baseline")
    return run(System("On Record"), own(Places(None, work), split="dev"), work)


def test_nothing_is_significantly_worse_than_the_baseline(measured: Run) -> None:
    """To accept a change: python -m evals dev --only-first --json evals/results/baseline.json."""
    found = pairs(read_result(BASELINE), result_json([measured], []))
    assert len(found) == 1
    assert len(found[0].shared()) == len(measured.scored) > 100
    console = Console(record=True, width=120)
    worse = {change.metric for change in print_comparison(found, console)}
    assert worse <= NOT_HELD_AGAINST_IT, console.export_text()


def test_every_citation_is_valid(measured: Run) -> None:
    validity = measured.metrics["citation_validity"]
    assert validity.interval.value == 1.0
    assert validity.applies > 50


def test_confidence_is_a_probability(measured: Run) -> None:
    assert all(0 <= (item.response.confidence or 0) <= 1 for item in measured.scored)
