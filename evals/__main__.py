"""The evals: how good are the answers, their citations, and the refusals?

    python -m evals                                  our own questions, test half, all baselines
    python -m evals all --json FILE --html FILE      every data set
    python -m evals dev --config evals/configurations/ablations.toml
    python -m evals dev --compare OLD.json           what changed since

Offline and deterministic unless a language model is configured. The public data sets need
--data DIR or RAG_SHARED_DIR; the first run builds their indexes (a few minutes), later ones use
them again.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from evals import comparison
from evals.adapters import DATASETS, Dataset, Places, load
from evals.judge import Judge, Judged, judge_runs
from evals.provenance import describe
from evals.report.html import write_page
from evals.report.terminal import print_judged, print_runs
from evals.suite import Run, as_json, run
from evals.systems import System, read_systems
from rag import Config, RagError

DEFAULT_SYSTEMS = Path(__file__).parent / "configurations" / "default.toml"
# Every data set but the half that is for developing, and the few examples.
ALL = ("test", "multihop", "newspolluted", "scifact", "squad2")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, write; returns 1 when `--compare` finds something significantly worse."""
    options = parser().parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160)
    if options.results:
        result = comparison.read_result(options.results)
    else:
        names = dict.fromkeys(
            name for given in options.datasets for name in (ALL if given == "all" else [given])
        )
        datasets = load(names, Places(options.data, options.work), limit=options.limit)
        systems = read_systems(options.config)[: 1 if options.only_first else None]
        # Before the runs, so that a missing model is told at once.
        judge = Judge(Config(), options.work / "judge.sqlite3") if options.judge else None
        runs = run_all(datasets, systems, options.work)
        print_runs(runs, console)
        judged = judge_first_system(runs, judge) if judge else []
        if judged:
            print_judged(judged, console)
        result = result_json(runs, judged)
        if options.json:
            text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
            options.json.write_text(text.replace('{"id"', '\n{"id"') + "\n", encoding="utf-8")
            console.print(f"written: {options.json}")
        if options.html:
            write_page(options.html, runs, judged, result["made_with"])
            console.print(f"written: {options.html}")
    if options.compare:
        found = comparison.pairs(comparison.read_result(options.compare), result)
        return int(bool(comparison.print_comparison(found, console)))
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(
        prog="python -m evals", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.add_argument("datasets", nargs="*", default=["test"], metavar="DATASET",
                      type=_dataset_name,
                      help=f"{', '.join(DATASETS)}, or all ({', '.join(ALL)}) [test]")  # fmt: skip
    made.add_argument("--config", type=Path, default=DEFAULT_SYSTEMS, metavar="FILE",
                      help="systems to measure, TOML; see evals/configurations/")  # fmt: skip
    made.add_argument("--only-first", action="store_true",
                      help="only the first system of the file, no baselines")  # fmt: skip
    made.add_argument("--limit", type=int, metavar="N", help="only the first N questions of each")
    made.add_argument("--data", type=Path, metavar="DIR",
                      help="folder of the public data [RAG_SHARED_DIR]")  # fmt: skip
    made.add_argument("--work", type=Path, default=Path(".evals"), metavar="DIR",
                      help="folder for what is built [.evals]")  # fmt: skip
    made.add_argument("--json", type=Path, metavar="FILE", help="write the results here")
    made.add_argument("--html", type=Path, metavar="FILE", help="write a page for reading here")
    made.add_argument("--compare", type=Path, metavar="OLD.json",
                      help="show what changed since; exit 1 when significantly worse")  # fmt: skip
    made.add_argument("--results", type=Path, metavar="NEW.json",
                      help="with --compare: read these results instead of running")  # fmt: skip
    made.add_argument("--judge", action="store_true",
                      help="let the language model judge the first system's answers")  # fmt: skip
    return made


def _dataset_name(text: str) -> str:
    if text not in DATASETS and text != "all":
        raise argparse.ArgumentTypeError(f"no data set {text!r}; there are {', '.join(DATASETS)}")
    return text


def run_all(datasets: Sequence[Dataset], systems: Sequence[System], work: Path) -> list[Run]:
    """Every system over every data set, with progress on standard error.

    A data set that is only searched is measured for systems that search.
    """
    runs = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for dataset in datasets:
            for system in systems:
                if not dataset.answers and system.kind not in ("on-record", "best-chunk"):
                    continue
                title = f"{dataset.name}: {system.name}"
                task = progress.add_task(title, total=len(dataset.questions))
                runs.append(run(system, dataset, work, progress=partial(progress.advance, task)))
                progress.remove_task(task)
    return runs


def judge_first_system(runs: Sequence[Run], judge: Judge) -> list[Judged]:
    """The judge's scores of the first system over each data set."""
    names = dict.fromkeys(found.dataset.name for found in runs)
    return judge_runs([next(f for f in runs if f.dataset.name == name) for name in names], judge)


def result_json(runs: Sequence[Run], judged: Sequence[Judged]) -> dict[str, Any]:
    """All results as JSON.

    Texts are only those of our own questions, and of the first system: what this repository keeps
    of a result holds nothing of other people's data.
    """
    first = runs[0].system.name if runs else ""
    return {
        "made_with": describe(),
        "runs": [
            as_json(found, texts=found.dataset.ours and found.system.name == first)
            for found in runs
        ],
        "judged": [item.as_json() for item in judged],
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RagError as exc:
        sys.exit(f"error: {exc}")
