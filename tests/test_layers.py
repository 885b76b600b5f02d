"""Imports go one way: every import is parsed, and any arrow that is not allowed is named."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag

ROOT = Path(rag.__file__).parent.parent

# From left to right; a module may import those of any group left of its own. `terminal` and
# `doctor` are parts of the command line, so they are one component with `cli`.
LAYERS = [
    {"schema", "errors"},
    {"sentences", "words"},
    {"values"},
    {"config", "prompts", "claims"},
    {"corpus", "chunking", "embedding", "llm", "markers"},
    {"store", "relevance"},
    {"index"},
    {"retrieval", "reading", "synthesis", "verification", "comparison", "condensing"},
    {"engine"},
    {"feedback"},
    {"interop", "ui", "cli"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
PART_OF = {
    name: "cli" for name in ("terminal", "doctor", "cli_options", "cli_feedback", "cli_serve")
}
# Imported inside a function, for the reason given.
EXCEPTIONS = {
    ("engine", "interop"),  # `as_retriever` and `as_query_engine` are methods of the engine
    ("cli", "ui"),  # `rag serve` opens the page
}


def component(module: str) -> str:
    """The part of `rag` that a dotted name belongs to: "rag.index.reader" -> "index"."""
    name = module.split(".")[1]
    return PART_OF.get(name, name)


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names that a file imports, wherever it does, and their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} is a relative import"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) in {
                "import_module", "__import__",
            }
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):  # fmt: skip
            yield str(node.args[0].value), node.lineno


def files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def own_name(path: Path) -> str:
    """The dotted name of a file of `rag`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


MODULES = [path for path in files("rag") if path != ROOT / "rag" / "__init__.py"]


def test_every_module_has_its_place() -> None:
    assert {component(own_name(path)) for path in MODULES} <= set(LEVEL)


@pytest.mark.parametrize("path", MODULES, ids=own_name)
def test_arrows_go_left(path: Path) -> None:
    here = component(own_name(path))
    for name, line in imports(path):
        if not name.startswith("rag."):
            continue
        there = component(name)
        allowed = there == here or LEVEL[there] < LEVEL[here] or (here, there) in EXCEPTIONS
        assert allowed, f"{path}:{line}: {here} imports {there}"


@pytest.mark.parametrize("path", MODULES, ids=own_name)
def test_rag_imports_neither_its_own_root_nor_what_uses_it(path: Path) -> None:
    for name, line in imports(path):
        root = name.split(".")[0]
        assert root not in {"app", "evals", "tests"}, f"{path}:{line}: imports {name}"
        assert name.split(".")[1:] or root != "rag", f"{path}:{line}: imports {name}"
        assert not name.startswith("rag.") or name.split(".")[1] not in rag.__all__, (
            f"{path}:{line}: import {name} from the module where it is defined"
        )


@pytest.mark.parametrize("exception", sorted(EXCEPTIONS), ids=" -> ".join)
def test_exceptions_are_needed_and_lazy(exception: tuple[str, str]) -> None:
    here, there = exception
    found = []
    for path in MODULES:
        if component(own_name(path)) != here:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        at_import = {node.lineno for node in tree.body if hasattr(node, "lineno")}
        lines = [line for name, line in imports(path) if name.startswith(f"rag.{there}")]
        assert not at_import & set(lines), f"{path}: the import of {there} must be in a function"
        found += lines
    assert found, f"{here} does not import {there} any more: remove the exception"


USERS = [*files("evals"), ROOT / "app.py"]


@pytest.mark.parametrize("path", USERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_evals_and_app_use_public_names_only(path: Path) -> None:
    for name, line in imports(path):
        if name.split(".")[0] != "rag" or (path.name == "app.py" and name == "rag.cli.main"):
            continue
        assert name.removeprefix("rag.") in rag.__all__, f"{path}:{line}: {name} is not public"
