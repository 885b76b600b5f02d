"""The README cannot rot: its commands, settings and example are those of the program."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from rag import Config
from rag.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def test_every_command_has_help_and_a_row() -> None:
    rows = set(re.findall(r"^\| `rag (\w+)", README, re.MULTILINE))
    assert rows == set(COMMANDS)
    assert all(command.help for command in COMMANDS.values())


def test_every_option_named_in_the_commands_table_exists() -> None:
    for name, row in re.findall(r"^\| `rag (\w+)[^|]*\| (.*) \|$", README, re.MULTILINE):
        options = {option for p in COMMANDS[name].params for option in p.opts}
        assert set(re.findall(r"`(--?\w[\w-]*)", row)) <= options


def test_every_setting_has_a_row_and_every_row_a_setting() -> None:
    table = README.partition("## Configuration")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(RAG_\w+|OPENAI_API_KEY)`", table))
    settings = {
        "OPENAI_API_KEY" if name == "openai_api_key" else f"RAG_{name.upper()}"
        for name in Config.model_fields
    }
    assert named == settings


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([\w-]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.slow
def test_the_python_example_prints_lines_that_sed_shows(tmp_path: Path) -> None:
    example = README.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "corpus").symlink_to(ROOT / "corpus", target_is_directory=True)
    shown = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    cited = re.findall(r"^\d+ (\S+) (\d+) (\d+) (.+)$", shown, re.MULTILINE)
    assert cited
    for path, first, last, quote in cited:
        sed = subprocess.run(
            ["sed", "-n", f"{first},{last}p", str(ROOT / "corpus" / path)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert sed.stdout.rstrip("\n") == quote


def test_the_terminal_picture_is_true() -> None:
    picture = README.partition("```console\n")[2].partition("```")[0]
    match = re.search(r"^\$ sed -n (\d+),\d+p (\S+)\n(.+)$", picture, re.MULTILINE)
    assert match is not None
    line, path, shown = match.groups()
    assert (ROOT / path).read_text(encoding="utf-8").split("\n")[int(line) - 1] == shown
