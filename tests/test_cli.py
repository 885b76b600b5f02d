"""The command line: what goes to which stream, exit codes, and every form of every argument."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from rag import Config, build_index
from rag.cli import app
from rag.cli_options import parse_lines

DATA = Path(__file__).parent / "data" / "corpus"
RAG = [sys.executable, "-c", "from rag.cli import main; main()"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that name the tiny corpus and its index."""
    folder: Path = tmp_path_factory.mktemp("cli")
    (folder / "corpus").mkdir()
    for source in DATA.iterdir():
        (folder / "corpus" / source.name).write_bytes(source.read_bytes())
    config = Config(corpus_dir=folder / "corpus", index_dir=folder / "index")
    build_index(config)
    return ["--corpus", str(config.corpus_dir), "--index", str(config.index_dir)]


def run(*arguments: str, stdin: str | None = None) -> Result:
    """One command inside this process."""
    return CliRunner().invoke(app, list(arguments), input=stdin)


def run_process(
    *arguments: str, stdin: str = "", **environment: str
) -> "subprocess.CompletedProcess[str]":
    """One command in a process of its own."""
    return subprocess.run(
        [*RAG, *arguments], input=stdin, capture_output=True, encoding="utf-8", timeout=60,
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip


def one_line(text: str) -> str:
    """`text` without its line end, which must be its only one."""
    assert text.startswith("rag: ")
    assert text.count("\n") == 1
    return text.removeprefix("rag: ").strip()


QUESTION = "How many sailors did Nordline hire?"
COMMANDS = ["index", "query", "search", "show", "doctor", "serve"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    found = run(command, "--help")
    assert found.exit_code == 0
    assert "--corpus" in found.stdout
    assert "--index" in found.stdout


def test_help_names_every_command() -> None:
    for option in ("--help", "-h"):
        found = run(option)
        assert found.exit_code == 0
        assert all(command in found.stdout for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["ask"], id="unknown command"),
        pytest.param(["query"], id="no question"),
        pytest.param(["query", "a", "b"], id="question without quotes"),
        pytest.param(["query", "a", "--nope"], id="unknown option"),
        pytest.param(["query", "a", "--known-by", "yesterday"], id="no date"),
        pytest.param(["query", "a", "--known-by", "2024-02-30"], id="no such day"),
        pytest.param(["query", "a", "--from", "25/09/2023"], id="date in another form"),
        pytest.param(["search", "a", "-k", "0"], id="k below one"),
        pytest.param(["search", "a", "-k", "x"], id="k is no number"),
        pytest.param(["show"], id="no path"),
        pytest.param(["serve", "--port", "70000"], id="no such port"),
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    found = run(*arguments)
    assert found.exit_code == 2
    if arguments:
        assert found.stdout == ""
        assert found.stderr


@pytest.mark.parametrize("option", ["--from", "--known-by"])
@pytest.mark.parametrize("day", ["yesterday", "25/09/2023", "2024-02-30", ""])
def test_a_day_that_is_none_is_explained(option: str, day: str) -> None:
    found = run("query", "a", option, day)
    told = " ".join(found.stderr.replace("│", " ").split())
    assert f"Invalid value for '{option}': “{day}” is not a day" in told
    assert "such as 2023-09-25" in told


# query


def test_query(folders: list[str]) -> None:
    found = run("query", QUESTION, *folders)
    assert found.exit_code == 0
    assert found.stdout.startswith("Nordline hired 14 sailors for the extra boats")
    assert "(Coast Radio, 15 March 2024) [1]" in found.stdout
    assert "[1] ferry.md:11-11  (Coast Radio, Nordline adds boats, 15 March 2024)" in found.stdout
    assert "      11  Nordline hired 14 sailors" in found.stdout
    assert found.stderr == ""


def test_query_as_json(folders: list[str]) -> None:
    found = run("query", QUESTION, "--json", *folders)
    answer = json.loads(found.stdout)
    assert (found.exit_code, found.stderr) == (0, "")
    assert answer["answered"] is True
    assert answer["citations"][0]["path"] == "ferry.md"


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize(
    ("question", "reason"),
    [
        pytest.param("zqxj wvvk pllm", "no_support", id="gibberish"),
        pytest.param("", "empty_question", id="empty"),
        pytest.param("x" * 5000, "too_long", id="too long"),
    ],
)
def test_a_refusal_is_no_error(
    folders: list[str], question: str, reason: str, as_json: bool
) -> None:
    found = run("query", question, *folders, *(["--json"] if as_json else []))
    assert found.exit_code == 0
    if as_json:
        assert json.loads(found.stdout)["refusal_reason"] == reason
    else:
        assert "Sources" not in found.stdout


def test_the_question_may_come_from_standard_input(folders: list[str]) -> None:
    found = run("query", "-", *folders, "--json", stdin=f"{QUESTION}\n")
    assert json.loads(found.stdout)["standalone_question"] == QUESTION
    assert "14 sailors" in json.loads(found.stdout)["text"]


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        pytest.param(["--known-by", "2024-03-14"], {"harbour.txt"}, id="known by"),
        pytest.param(["--known-by", "1999-01-01"], set(), id="known by before everything"),
        pytest.param(["--from", "2024-03-16"], {"bridge-repair.md"}, id="from"),
        pytest.param(["--publisher", "coast radio"], {"ferry.md"}, id="publisher"),
        pytest.param(["--document", "harbour.txt"], {"harbour.txt"}, id="document"),
        pytest.param(["--document", "harbour.txt", "--document", "ferry.md"],
                     {"harbour.txt", "ferry.md"}, id="two documents"),
        pytest.param(["--document", "ferry.md", "--known-by", "2024-03-14"], set(), id="neither"),
    ],
)  # fmt: skip
def test_filters(folders: list[str], options: list[str], paths: set[str]) -> None:
    question = "How many sailors did Nordline hire? How many cars use the bridge each day?"
    answer = json.loads(run("query", question, *folders, *options, "--json").stdout)
    assert {cited["path"] for cited in answer["citations"] + answer["closest"]} == paths


# search


def test_search(folders: list[str]) -> None:
    found = run("search", "ferry to the north shore", "-k", "2", *folders)
    assert found.exit_code == 0
    assert found.stdout.startswith("  1. ferry.md:7-11  score 0.")
    assert "dense #1 (cosine " in found.stdout
    assert "  2. " in found.stdout
    assert "  3. " not in found.stdout


def test_search_as_json(folders: list[str]) -> None:
    found = json.loads(
        run("search", "sailors hired by Nordline", "-k", "1", "--json", *folders).stdout
    )
    assert [(item["rank"], item["chunk"]["document_id"]) for item in found] == [(1, "ferry.md")]


def test_search_that_finds_nothing(folders: list[str]) -> None:
    for text, options in (("", []), ("ferry", ["--publisher", "Nobody"])):
        assert run("search", text, *options, *folders).stdout == "Nothing was found.\n"


def test_filters_that_nothing_passes_say_what_there_is(folders: list[str]) -> None:
    found = run("search", "ferry", "--publisher", "Nobody", "--json", *folders)
    assert found.stdout == "[]\n"
    assert "no article passes the filters; the publishers are " in found.stderr
    assert "Coast Radio" in found.stderr
    late = run("search", "ferry", "--publisher", "Coast Radio", "--from", "2030-01-01", *folders)
    assert "those that pass the other filters are of 15 March 2024" in late.stderr
    assert run("search", "ferry", "--publisher", "Coast Radio", *folders).stderr == ""


def test_documents_are_found_by_any_path_that_leads_to_them(
    folders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = Path(folders[1])
    inside = json.loads(run("search", "ferry", "--document", str(corpus / "ferry.md"), "--json",
                            *folders).stdout)  # fmt: skip
    assert {item["chunk"]["document_id"] for item in inside} == {"ferry.md"}
    monkeypatch.chdir(corpus.parent)
    for path in ("harbour.txt", "corpus/harbour.txt", "./corpus/../corpus/harbour.txt",
                 str(corpus / "harbour.txt")):  # fmt: skip
        assert run("show", f"{path}:7", *folders).stdout.startswith("     7  About 12,000 cars")
    monkeypatch.chdir(corpus)
    assert run("show", "./harbour.txt:7", *folders).exit_code == 0
    monkeypatch.chdir("/")
    assert run("show", "corpus/harbour.txt:7", *folders).exit_code == 1


# show


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        pytest.param("a/b.txt", ("a/b.txt", None, None), id="path"),
        pytest.param("a/b.txt:7", ("a/b.txt", 7, 7), id="line"),
        pytest.param("a/b.txt:7-9", ("a/b.txt", 7, 9), id="lines"),
        pytest.param("a:1/b.txt", ("a:1/b.txt", None, None), id="colon in a folder"),
        pytest.param("a:1:2-3", ("a:1", 2, 3), id="colon in a name"),
        pytest.param("a.txt:7-", ("a.txt:7-", None, None), id="no last line"),
        pytest.param("a.txt:x", ("a.txt:x", None, None), id="no number"),
    ],
)
def test_parse_lines(text: str, parsed: tuple[str, int | None, int | None]) -> None:
    assert parse_lines(text) == parsed


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        pytest.param(":7", ["     7  About 12,000 cars use the bridge each day, the city council"
                            " said."], id="one"),
        pytest.param(":1-3", ["     1  Harbour bridge closed after crack is found", "     2  ",
                              "     3~ By Jane Miller"], id="some"),
        pytest.param(":15-99", ["    15~ Updated: March 14, 2024, 9:20 AM"], id="past the end"),
    ],
)  # fmt: skip
def test_show(folders: list[str], lines: str, shown: list[str]) -> None:
    found = run("show", f"harbour.txt{lines}", *folders)
    assert found.exit_code == 0
    assert [line.replace("~", " ") for line in found.stdout.split("\n")[:-1]] == [
        line.replace("~", " ") for line in shown
    ]


def test_show_marks_what_is_no_part_of_the_article(folders: list[str]) -> None:
    lines = run("show", "harbour.txt", *folders).stdout.split("\n")
    assert len(lines) - 1 == 15
    assert lines[10] == "    11~ Share This Article"
    assert lines[6].startswith("     7  About")


def test_show_as_json(folders: list[str]) -> None:
    found = json.loads(run("show", "ferry.md:11", "--json", *folders).stdout)
    assert found["text"] == (
        "Nordline hired 14 sailors for the extra boats, its director Mia Holm said."
    )
    assert (found["first_line"], found["last_line"]) == (11, 11)
    assert (found["publisher"], found["published"]) == ("Coast Radio", "2024-03-15")
    assert found["rendering"] == "source"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        pytest.param("harbour.txt:0", "harbour.txt has lines 1-15, not 0", id="zero"),
        pytest.param("harbour.txt:0-3", "harbour.txt has lines 1-15, not 0-3", id="from zero"),
        pytest.param("harbour.txt:5-2", "5-2 has the last line first: write harbour.txt:2-5",
                     id="reversed"),
        pytest.param("harbour.txt:99", "harbour.txt has lines 1-15, not 99", id="no such line"),
        pytest.param("nowhere.txt:1", "nowhere.txt is not in the index", id="no such document"),
        pytest.param("../harbour.txt", "../harbour.txt is not in the index", id="outside"),
    ],
)  # fmt: skip
def test_show_of_what_there_is_not(folders: list[str], lines: str, problem: str) -> None:
    found = run("show", lines, *folders)
    assert (found.exit_code, found.stdout) == (1, "")
    assert one_line(found.stderr).startswith(problem)


@pytest.mark.parametrize("command", [["index"], ["query", "a"], ["show", "a"]], ids=" ".join)
def test_an_index_folder_that_is_a_file(folders: list[str], command: list[str]) -> None:
    found = run(*command, "--corpus", folders[1], "--index", __file__)
    assert (found.exit_code, found.stdout) == (1, "")
    assert Path(__file__).name in one_line(found.stderr)


def test_show_without_an_index(tmp_path: Path) -> None:
    found = run("show", "a.txt", "--index", str(tmp_path / "none"))
    assert found.exit_code == 1
    assert one_line(found.stderr).endswith("run `rag index`")
    assert not (tmp_path / "none").exists()


# index


@pytest.fixture
def own(tmp_path: Path) -> list[str]:
    """Options that name a corpus of one article, not indexed."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Seventeen bears live in the zoo of Westport.\n")
    return ["--corpus", str(tmp_path / "corpus"), "--index", str(tmp_path / "index")]


def test_a_dry_run_writes_nothing(own: list[str], tmp_path: Path) -> None:
    found = run("index", "--dry-run", *own)
    assert found.exit_code == 0
    assert found.stdout == "1 would be added\n    a.txt\n"
    assert not (tmp_path / "index").exists()


def test_index_does_only_what_changed(own: list[str], tmp_path: Path) -> None:
    first = json.loads(run("index", "--json", *own).stdout)
    assert (first["added"], first["documents"], first["generation"]) == (["a.txt"], 1, 1)
    again = run("index", *own)
    assert again.exit_code == 0
    assert again.stdout.startswith("1 unchanged\n")
    (tmp_path / "corpus" / "a.txt").rename(tmp_path / "corpus" / "b.txt")
    dry = json.loads(run("index", "--dry-run", "--json", *own).stdout)
    assert (dry["renamed"], dry["dry_run"]) == ([["a.txt", "b.txt"]], True)
    rebuilt = json.loads(run("index", "--rebuild", "--json", *own).stdout)
    assert (rebuilt["added"], rebuilt["embedded_chunks"]) == (["b.txt"], 1)


@pytest.mark.parametrize(
    ("arguments", "without", "made"),
    [
        pytest.param([], "", {"reader4", "follow_ups1", "pairs1"}, id="index"),
        pytest.param(["--dry-run"], "", set(), id="dry run"),
        pytest.param([], "trained_reader", {"pairs1"}, id="without the reader"),
        pytest.param([], "pairs", {"reader4", "follow_ups1"}, id="without the pair model"),
        pytest.param([], "in_context", {"reader4", "pairs1"}, id="without the follow-ups"),
    ],
)
def test_index_makes_the_models_ready(
    own: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str],
    without: str, made: set[str],
) -> None:  # fmt: skip
    cache = tmp_path / "cache"
    monkeypatch.setenv("RAG_EMBEDDING", "minilm-float32")  # which needs no file there
    monkeypatch.setenv("RAG_CACHE_DIR", str(cache))
    monkeypatch.setenv("RAG_WITHOUT", without)
    assert run("index", *arguments, *own).exit_code == 0
    assert {file.name.partition("-")[0] for file in cache.rglob("*.onnx")} == made


def test_a_reader_that_cannot_be_made_costs_no_index(
    own: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_EMBEDDING", "minilm-float32")  # which needs no folder
    monkeypatch.setenv("RAG_CACHE_DIR", __file__)
    found = run("index", *own)
    assert found.exit_code == 1
    assert found.stdout.startswith("1 added\n")
    assert "set RAG_CACHE_DIR to a folder that can be written" in found.stderr


def test_query_builds_a_missing_index(own: list[str]) -> None:
    found = run("query", "How many bears live in the zoo?", "--json", *own)
    assert (found.exit_code, found.stderr) == (0, "")
    assert json.loads(found.stdout)["statements"][0]["text"].startswith("Seventeen bears")


@pytest.mark.parametrize("command", [["index"], ["query", "a"], ["search", "a"]], ids=" ".join)
def test_a_missing_corpus(command: list[str], tmp_path: Path) -> None:
    options = ["--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "index")]
    found = run(*command, *options)
    assert (found.exit_code, found.stdout) == (1, "")
    assert "does not exist: give the folder of the articles" in one_line(found.stderr)


def test_a_bad_setting(folders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_CHUNK_WORDS", "many")
    found = run("query", "a", *folders)
    assert (found.exit_code, found.stdout) == (1, "")
    assert one_line(found.stderr).startswith("setting RAG_CHUNK_WORDS: ")


def test_an_index_of_other_settings(folders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_CHUNK_WORDS", "60")
    found = run("query", "a", *folders)
    assert found.exit_code == 1
    assert one_line(found.stderr).endswith("run `rag index --rebuild`")


@contextmanager
def held_lock(index_dir: Path) -> Iterator[None]:
    """The index folder while another process writes it."""
    index_dir.mkdir(exist_ok=True)
    with (index_dir / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize(
    "command", [["index"], ["query", "How many bears?"]], ids=["index", "query"]
)
def test_another_process_is_indexing(own: list[str], tmp_path: Path, command: list[str]) -> None:
    with held_lock(tmp_path / "index"):
        found = run(*command, *own)
    assert (found.exit_code, found.stdout) == (75, "")
    assert one_line(found.stderr) == "another process is writing the index: wait, or stop it"


def test_questions_are_answered_while_another_process_is_indexing(folders: list[str]) -> None:
    with held_lock(Path(folders[-1])):
        found = run("query", QUESTION, *folders)
    assert found.exit_code == 0
    assert "14 sailors" in found.stdout


# doctor


def test_doctor_is_content(folders: list[str]) -> None:
    found = run("doctor", *folders)
    assert (found.exit_code, found.stderr) == (0, "")
    assert "FAIL" not in found.stdout
    assert "ok    corpus: 3 article files" in found.stdout
    assert "ok    index: 3 documents" in found.stdout


def test_doctor_before_the_first_index(own: list[str], tmp_path: Path) -> None:
    found = run("doctor", *own)
    assert found.exit_code == 0
    assert "note  index: not built yet\n      -> run `rag index`" in found.stdout
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("name", "value", "failed"),
    [
        pytest.param("RAG_EMBEDDING", "/no/such/model", {"embedding model", "index"}, id="model"),
        pytest.param("RAG_CORPUS_DIR", "/no/such/corpus", {"corpus"}, id="corpus"),
        pytest.param("RAG_INDEX_DIR", __file__, {"index folder"}, id="index folder is a file"),
    ],
)
def test_doctor_finds_what_is_broken(
    folders: list[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, failed: set[str]
) -> None:
    monkeypatch.setenv("RAG_CORPUS_DIR", folders[1])
    monkeypatch.setenv("RAG_INDEX_DIR", folders[3])
    monkeypatch.setenv(name, value)
    found = run("doctor", "--json")
    checks = json.loads(found.stdout)
    assert found.exit_code == 1
    assert failed <= {check["name"] for check in checks if not check["ok"]}
    assert all(check["finding"] for check in checks)


# the process


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_json_is_the_only_thing_on_standard_output(folders: list[str], encoding: str) -> None:
    question = os.fsdecode(b"How many sailors did Nordlin\xc3\xa9 hire, broken byte \xff?")
    found = subprocess.run(
        [*RAG, "query", question, "--json", *folders], capture_output=True, timeout=60, check=False,
        env={**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"},
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, b"")
    shown = found.stdout.decode(encoding)
    assert json.loads(shown)["standalone_question"] == (
        "How many sailors did Nordliné hire, broken byte ?"
    )
    assert (shown[:2], shown[-3:]) == ("{\n", "\n}\n")


def test_an_error_is_one_line(tmp_path: Path) -> None:
    options = ["--corpus", str(tmp_path / "none"), "--index", str(tmp_path / "index")]
    found = run_process("query", "a", *options)
    assert (found.returncode, found.stdout) == (1, "")
    assert "does not exist" in one_line(found.stderr)


def test_a_reader_that_leaves_is_no_error(folders: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    found = subprocess.run(
        [*RAG, "show", "harbour.txt", *folders], stdout=writing, stderr=subprocess.PIPE,
        timeout=60, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (found.returncode, found.stderr) == (0, b"")


def test_an_interrupt_is_one_line(folders: list[str]) -> None:
    code = (  # a test that runs in the background may have been told to ignore the signal
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from rag.cli import main; print('ready', flush=True); main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "query", "-", *folders], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)  # it waits for its standard input now
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert one_line(errors).startswith("stopped;")
