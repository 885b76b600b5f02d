"""Systems asked and measured on a small corpus; results that can be kept and compared."""

import json
from pathlib import Path
from typing import Any

import pytest
import scripted_server as scripted
from rich.console import Console
from scripted_server import ScriptedServer, scripted_server

from evals.__main__ import main, parser, run_all
from evals.adapters import Dataset
from evals.comparison import changes, pairs, print_comparison
from evals.data import GoldLine, Question
from evals.report.terminal import print_runs
from evals.statistics import Ratio
from evals.suite import Run, as_json, by_kind, run
from evals.systems import System, read_systems
from rag import Config

__all__ = ["scripted_server"]

DATA = Path(__file__).parent / "data" / "corpus"
CONFIGURATIONS = Path(__file__).parent.parent / "evals" / "configurations"
QUESTIONS = (
    Question("1", "number", "How many sailors did Nordline hire?", True,
             facts=((GoldLine("ferry.md", 11),),), includes=(("14 sailors",),)),
    Question("2", "number", "How much would the repair cost?", True,
             facts=((GoldLine("harbour.txt", 9),),), includes=(("4.5 million",),)),
    Question("3", "unanswerable", "zqxj wvvk pllm", False),
)  # fmt: skip


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset("tiny", "a tiny corpus", QUESTIONS, DATA, ours=True)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def ours(dataset: Dataset, work: Path) -> Run:
    return run(System("On Record"), dataset, work)


def test_on_record(ours: Run) -> None:
    assert ours.metrics["fact_accuracy"].interval.value == 1.0
    assert ours.metrics["fact_accuracy"].applies == 2
    assert ours.metrics["citation_validity"].interval.value == 1.0
    assert ours.metrics["refusal_f1"].interval.value == 1.0
    assert ours.metrics["answerability_auc"].interval.value == 1.0
    assert ours.metrics["ms_p50"].interval.value > 0


def test_by_kind(ours: Run) -> None:
    found = by_kind(ours, "fact_accuracy")
    assert {kind: item.applies for kind, item in found.items()} == {"number": 2}


@pytest.mark.parametrize(
    ("system", "refusal_recall", "refused", "validity"),
    [
        pytest.param(System("b", "best-chunk"), 0.0, 0.0, 1.0, id="best chunk"),
        pytest.param(System("c", "constant"), 0.0, 0.0, 1.0, id="constant"),
        pytest.param(System("a", "always-refuse"), 1.0, 1.0, None, id="always refuse"),
        pytest.param(System("n", config={"without": ["refusal"]}), 0.0, 0.0, 1.0, id="never"),
    ],
)
def test_baselines(
    system: System, refusal_recall: float, refused: float, validity: float | None,
    dataset: Dataset, work: Path,
) -> None:  # fmt: skip
    found = run(system, dataset, work).metrics
    assert found["refusal_recall"].interval.value == refusal_recall
    assert found["answerable_refused"].interval.value == refused
    measured = found.get("citation_validity")
    assert (measured and measured.interval.value) == validity


def test_lists_are_only_searched_where_nothing_is_answered(dataset: Dataset, work: Path) -> None:
    only_search = Dataset("s", "searched", QUESTIONS[:1], DATA, answers=False)
    systems = [System("On Record"), System("c", "constant"), System("b", "best-chunk")]
    runs = run_all([only_search], systems, work)
    assert [found.system.name for found in runs] == ["On Record", "b"]
    for found in runs:
        assert "fact_accuracy" not in found.metrics
        assert found.metrics["any_hit@10"].interval.value == 1.0


def test_llamaindex_cites_whole_chunks(
    dataset: Dataset, work: Path, scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_LLM_MODEL", "scripted")
    monkeypatch.setenv("RAG_LLM_BASE_URL", scripted_server.base_url)
    scripted_server.script(scripted.text("It hired 14 sailors [1]. Nothing is known [9]."))
    found = run(System("cqe", "citation-query-engine"), dataset, work)
    response = found.scored[0].response
    assert response.answered
    assert len(response.cited) == 1
    assert found.metrics["citation_validity"].interval.value == 1.0
    assert "Source 1" in json.dumps(scripted_server.requests[0].body)


def test_llamaindex_without_a_model_is_an_error_that_says_so(dataset: Dataset, work: Path) -> None:
    with pytest.raises(SystemExit, match="RAG_LLM_MODEL"):
        run(System("cqe", "citation-query-engine"), dataset, work)


# Configuration files


@pytest.mark.parametrize("file", sorted(CONFIGURATIONS.glob("*.toml")), ids=lambda file: file.stem)
def test_shipped_configurations(file: Path) -> None:
    for system in read_systems(file):
        Config(**system.config)


def test_every_part_is_left_out_once() -> None:
    from typing import get_args

    systems = read_systems(CONFIGURATIONS / "ablations.toml")
    left_out = [part for system in systems for part in system.config.get("without", ())]
    part_names = get_args(get_args(Config.model_fields["without"].annotation)[0])
    assert sorted(left_out) == sorted(part_names)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "does not list systems", id="empty"),
        pytest.param("systems = [", "does not list systems", id="not TOML"),
        pytest.param('[[systems]]\nname = "a"\nkid = "b"', "does not list systems", id="unknown"),
        pytest.param('[[systems]]\nname = "a"\nkind = "b"', "unknown kind b", id="kind"),
        pytest.param('[[systems]]\nname = "a"\n[[systems]]\nname = "a"', "own", id="twice"),
    ],
)
def test_a_bad_configuration_is_named(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(SystemExit, match=message):
        read_systems(file)


# Results


def result(*runs: Run) -> dict[str, Any]:
    return {"runs": [as_json(found, texts=True) for found in runs]}


def test_json_goes_and_comes_back(ours: Run) -> None:
    plain = json.loads(json.dumps(result(ours)))
    (pair,) = pairs(plain, plain)
    assert [new["id"] for _, new in pair.shared()] == ["1", "2", "3"]
    assert plain["runs"][0]["questions"][0]["cited"] == ["ferry.md:11-11"]
    assert all(change.comparison.difference.value == 0 for change in changes(pair))


def test_texts_of_others_are_left_out(ours: Run) -> None:
    plain = json.dumps(as_json(ours, texts=False))
    assert "sailors" not in plain


def test_a_comparison_shows_what_changed(ours: Run, dataset: Dataset, work: Path) -> None:
    refusing = run(System("On Record", "always-refuse"), dataset, work)
    console = Console(record=True, width=140)
    print_comparison(pairs(result(ours), result(refusing)), console)
    shown = console.export_text()
    assert "2 of 3 questions changed their outcome" in shown
    assert "1 (number): right -> refused  How many sailors did Nordline hire?" in shown
    assert "-1.000" in shown


def test_what_is_significantly_worse_is_returned(dataset: Dataset) -> None:
    def made(values: list[float]) -> dict[str, Any]:
        rows = [
            {"id": str(k), "kind": "x", "answerable": True, "answered": True, "right": True,
             "scores": {"fact_accuracy": Ratio(value), "words": Ratio(10 - value)}}
            for k, value in enumerate(values)
        ]  # fmt: skip
        head = {"dataset": {"name": "d", "title": "D"}, "system": {"name": "s"}}
        return {"runs": [{**head, "questions": rows}]}

    console = Console(record=True)
    worse = print_comparison(pairs(made([1.0] * 12), made([0.0] * 12)), console)
    assert [change.metric for change in worse] == ["fact_accuracy", "words"]
    assert print_comparison(pairs(made([0.0] * 12), made([1.0] * 12)), console) == []
    assert print_comparison(pairs(made([1.0] * 4), made([0.0, 1.0, 1.0, 1.0])), console) == []
    assert print_comparison([], console) == []
    assert "share no data set" in console.export_text()


def test_the_tables_show_every_metric(ours: Run) -> None:
    console = Console(record=True, width=200)
    print_runs([ours], console)
    shown = console.export_text()
    for name in ours.metrics:
        assert name in shown
    assert "1.000 [1.00, 1.00]" in shown


# The command


def test_the_command_on_our_own_questions(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "result.json"
    arguments = ["dev", "--limit", "3", "--only-first", "--work", str(work), "--json", str(file)]
    assert main(arguments) == 0
    plain = json.loads(file.read_text())
    assert plain["made_with"]["packages"]["on-record"]
    assert [run["dataset"]["name"] for run in plain["runs"]] == ["dev"]
    assert main(["--results", str(file), "--compare", str(file)]) == 0
    assert "0 of 3 questions changed" in capsys.readouterr().out


@pytest.mark.parametrize("text", [None, "{", "{}", '{"runs": [1]}'])
def test_a_file_that_is_no_result_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "old.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SystemExit, match=r"old\.json is no result"):
        main(["--results", str(file), "--compare", str(file)])


def test_an_unknown_data_set_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        parser().parse_args(["nothing"])
    assert exit_info.value.code == 2
    assert "multihop" in capsys.readouterr().err
