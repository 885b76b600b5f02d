"""How fast: the first index, an unchanged one, warm and cold questions, beside LlamaIndex.

    python -m evals.speed [--data DIR] [--articles N] [--starter-python PATH] [--json FILE]

Each step runs in a process of its own, so that its peak memory is its own. The LlamaIndex starter
(`evals.starter`) is measured in the same run when PATH names a Python that has the dependency
group `bench`:

    python3 -m venv DIR
    DIR/bin/python -m pip install --upgrade pip
    DIR/bin/python -m pip install --group bench
    python -m evals.speed --starter-python DIR/bin/python

On Linux the second install brings torch with CUDA, gigabytes of it, unless a torch for the
processor is already there. Machines differ and are busy, so compare within one run only.
"""

import argparse
import importlib.metadata
import json
import math
import multiprocessing
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from evals.adapters import multihop_questions
from evals.data import data_dir, write_multihop_corpus
from evals.runs import arguments
from evals.starter import WARM_UP, peak_mb
from rag import Config, build_index, open_engine

QUESTIONS = 100
COLD_RUNS = 5
MIN_SPEEDUP = 20  # goal: with nothing new, `rag index` takes at most 1/20 of the first build
MAX_COLD_S = 3.0  # goal for a `rag query` process over the shipped corpus

SHIPPED_CORPUS = Path(__file__).parent.parent / "corpus"
SHIPPED_QUESTION = "How many Met officers have stepped back from firearms duties?"
PACKAGES = ("on-record", "chromadb", "onnxruntime", "tokenizers", "numpy", "bm25s")


@dataclass(frozen=True)
class Measured:
    """What a function returned in a process of its own.

    Attributes:
        seconds: Of the call alone, without starting the process and importing this module.
        peak_mb: Most memory held at once by the process or by one that it started, MB.
    """

    value: Any
    seconds: float
    peak_mb: float


def main() -> None:
    """Measure everything and print one table."""
    options = _options()
    data = data_dir(options.data)
    if options.starter_python:
        _run_starter(options.starter_python, "--check")  # fail now, not after the first build
    questions = [question.text for question in multihop_questions(data)]
    questions = questions[: WARM_UP + (options.limit or QUESTIONS)]
    corpus, folder = _corpus(options, data)
    result: dict[str, Any] = {"machine": machine(), "articles": len(list(corpus.iterdir())),
                              "questions": len(questions) - WARM_UP}  # fmt: skip
    shipped = _new_config(SHIPPED_CORPUS, folder / "shipped-index", options.embedding)
    in_child(build_index, shipped)  # this also makes the int8 model, once a machine
    config = _new_config(corpus, folder / "index", options.embedding)
    result["ours"] = _measure_build(config)
    if options.starter_python:
        result["starter"] = _measure_starter(options.starter_python, corpus, questions)
    result["ours"] |= _measure_again(config)
    for method in ("search", "query"):
        result["ours"][f"{method}_ms"] = _percentiles(
            in_child(ask, config, method, questions).value
        )
    result["ours"]["cold_shipped_s"] = process_seconds(shipped, "query", SHIPPED_QUESTION)
    result["ours"]["cold_articles_s"] = process_seconds(config, "query", questions[0])
    print_result(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def in_child(function: Callable[..., Any], *values: Any) -> Measured:
    """What `function(*values)` returns and takes in a new process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_measured, function, *values).result()


def ask(config: Config, method: str, questions: Sequence[str]) -> list[float]:
    """Milliseconds of `engine.query` or `engine.search` for each question after the warm-up."""
    times = []
    with open_engine(config) as engine:
        call: Callable[[str], Any] = getattr(engine, method)
        for question in questions:
            started = time.perf_counter()
            call(question)
            times.append((time.perf_counter() - started) * 1000)
    return times[WARM_UP:]


def process_seconds(config: Config, command: str, *values: str) -> float:
    """Median seconds of a whole `rag` process; the files are in the system's cache."""
    words = [
        str(Path(sys.executable).with_name("rag")), command, *values, "--json",
        "--corpus", str(config.corpus_dir), "--index", str(config.index_dir),
    ]  # fmt: skip
    environment = {**os.environ, "RAG_EMBEDDING": config.embedding}
    times = []
    for _ in range(COLD_RUNS):
        started = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=environment)
        times.append(time.perf_counter() - started)
    return median(times)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed (nearest rank).

    Example: [1, 2, 3, 4], 0.5 -> 2
    """
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": model,
        "cores": os.cpu_count(),
        "load": _load(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def print_result(result: dict[str, Any]) -> None:
    """The table, and below it the goals and what is being compared."""
    host, ours, starter = result["machine"], result["ours"], result.get("starter")
    print(f"\nSpeed over {result['articles']} articles of MultiHop-RAG, {result['questions']} "
          f"questions\n{host['cpu']}, {host['cores']} cores, Python {host['python']}, "
          f"{host['date']}\n")  # fmt: skip
    print(f"  {'':<44}{'On Record':>12}{'LlamaIndex':>12}{'ours/theirs':>13}")
    for name, mine, theirs in _rows(ours, starter or {}):
        ratio = f"{mine / theirs:13.2f}" if theirs else ""
        shown = f"{_number(theirs):>12}" if theirs is not None else f"{'-':>12}"
        print(f"  {name:<44}{_number(mine):>12}{shown}{ratio}".rstrip())
    speedup = ours["build_s"] / ours["again_process_s"]
    print(f"\n  goal: a whole `rag index` with nothing new in 1/{MIN_SPEEDUP} of the first build: "
          f"1/{speedup:.0f}, {'met' if speedup >= MIN_SPEEDUP else 'MISSED'}")  # fmt: skip
    cold = ours["cold_shipped_s"]
    print(f"  goal: a cold `rag query` over the shipped corpus in {MAX_COLD_S:g} s or less: "
          f"{cold:.2f} s, {'met' if cold <= MAX_COLD_S else 'MISSED'}")  # fmt: skip
    print(
        "  On Record embeds every chunk and every sentence, and checks the index that it wrote;\n"
        f"  load of the machine before its build: {ours['load']}"
    )
    if starter:
        print(
            "  the starter embeds its nodes only; its imports "
            f"({starter['imports_s']:.1f} s) are not counted, ours mostly are;\n"
            f"  load of the machine before its build: {starter['load']}"
        )
    else:
        print(
            "  LlamaIndex starter: not measured; name a Python that has the dependency group\n"
            "  bench with --starter-python PATH (the head of evals/speed.py says how)"
        )


def _rows(ours: dict[str, Any], starter: dict[str, Any]) -> list[tuple[str, float, float | None]]:
    """(what, ours, the starter's or None)."""
    retrieve = starter.get("retrieve_ms", {})
    return [
        ("first index, s", ours["build_s"], starter.get("build_s")),
        ("  articles/s", ours["articles_per_s"], starter.get("articles_per_s")),
        ("  chunks or nodes", ours["chunks"], starter.get("nodes")),
        ("  chunks or nodes/s", ours["chunks_per_s"], starter.get("nodes_per_s")),
        ("  peak memory, MB", ours["build_peak_mb"], starter.get("build_peak_mb")),
        ("unchanged index, s", ours["again_s"], None),
        ("  peak memory, MB", ours["again_peak_mb"], None),
        ("  a whole `rag index` process, s", ours["again_process_s"], None),
        ("retrieve 10, warm, p50 ms", ours["search_ms"]["p50"], retrieve.get("p50")),
        ("  p95 ms", ours["search_ms"]["p95"], retrieve.get("p95")),
        ("checked answer, warm, p50 ms", ours["query_ms"]["p50"], None),
        ("  p95 ms", ours["query_ms"]["p95"], None),
        ("cold `rag query`, shipped corpus, s", ours["cold_shipped_s"], None),
        ("cold `rag query`, these articles, s", ours["cold_articles_s"], None),
    ]


def _options() -> argparse.Namespace:
    parser = arguments("speed of indexing and answering")
    parser.add_argument("--articles", type=int, help="only the first N articles")
    parser.add_argument("--starter-python", type=Path, metavar="PATH",
                        help="a Python with the dependency group bench")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="save the figures")
    return parser.parse_args()


def _corpus(options: argparse.Namespace, data: Path) -> tuple[Path, Path]:
    """The folder of the articles, and an empty one for the indexes."""
    corpus: Path = options.work / "multihop" / "corpus"
    write_multihop_corpus(data, corpus)
    folder: Path = options.work / "speed"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if options.articles is None:
        return corpus, folder
    few = folder / "corpus"
    few.mkdir()
    for path in sorted(corpus.iterdir())[: options.articles]:
        shutil.copy(path, few)
    return few, folder


def _new_config(corpus: Path, index: Path, embedding: str) -> Config:
    return Config(corpus_dir=corpus, index_dir=index, embedding=embedding)


def _measure_build(config: Config) -> dict[str, Any]:
    load = _load()
    built = in_child(build_index, config)
    return {
        "load": load,
        "build_s": built.seconds,
        "build_peak_mb": built.peak_mb,
        "chunks": built.value.chunks,
        "articles_per_s": built.value.documents / built.seconds,
        "chunks_per_s": built.value.chunks / built.seconds,
    }


def _measure_again(config: Config) -> dict[str, Any]:
    again = in_child(build_index, config)
    if again.value.embedded_chunks:
        raise SystemExit(
            f"{again.value.embedded_chunks} chunks of unchanged articles were embedded"
        )
    return {
        "again_s": again.seconds,
        "again_peak_mb": again.peak_mb,
        "again_process_s": process_seconds(config, "index"),
    }


def _measure_starter(python: Path, corpus: Path, questions: Sequence[str]) -> dict[str, Any]:
    load = _load()
    with tempfile.TemporaryDirectory() as temporary:
        asked = Path(temporary) / "questions.json"
        asked.write_text(json.dumps(questions), encoding="utf-8")
        found = _run_starter(python, str(corpus), str(Path(temporary) / "chroma"), str(asked))
    return {
        **found,
        "load": load,
        "retrieve_ms": _percentiles(found["retrieve_ms"]),
        "articles_per_s": len(list(corpus.iterdir())) / found["build_s"],
        "nodes_per_s": found["nodes"] / found["build_s"],
    }


def _run_starter(python: Path, *values: str) -> dict[str, Any]:
    script = Path(__file__).with_name("starter.py")
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    try:
        done = subprocess.run([str(python), "-P", str(script), *values], check=True, text=True,
                              capture_output=True, env=environment)  # fmt: skip
    except OSError as exc:
        raise SystemExit(f"--starter-python: cannot run {python}: {exc}") from exc
    except subprocess.CalledProcessError as exc:
        last = (exc.stderr.strip() or "no message").splitlines()[-1]
        raise SystemExit(
            f"--starter-python: the LlamaIndex starter failed ({last}); has {python} the "
            "dependency group bench?"
        ) from exc
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _measured(function: Callable[..., Any], *values: Any) -> Measured:
    """Runs in the child."""
    started = time.perf_counter()
    value = function(*values)
    seconds = time.perf_counter() - started
    # Not ru_maxrss for the process itself: on Linux it starts at what the parent held.
    started_by_it = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    started_by_it /= 1024 if sys.platform == "darwin" else 1
    return Measured(value, seconds, max(peak_mb(), started_by_it))


def _percentiles(times_ms: Sequence[float]) -> dict[str, float]:
    return {"p50": percentile(times_ms, 0.5), "p95": percentile(times_ms, 0.95)}


def _load() -> float | None:
    """How many processes wanted a core in the last minute; None where nobody counts them."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


if __name__ == "__main__":
    main()
