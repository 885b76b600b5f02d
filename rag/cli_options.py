"""Options that several commands share, and the settings that they make."""

from pathlib import Path
from typing import Annotated, Any

import typer

from rag.config import Config

Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus", metavar="DIR", help="Folder of the articles. [RAG_CORPUS_DIR, corpus]"
    ),
]
IndexDir = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="Folder of the index. [RAG_INDEX_DIR, index]"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")]


def read_config(corpus: Path | None, index: Path | None, **more: Any) -> Config:
    """The settings with what the command line gives; what is None is read elsewhere.

    Raises:
        ConfigError: When a value cannot be used.
    """
    given = {"corpus_dir": corpus, "index_dir": index, **more}
    return Config(**{name: value for name, value in given.items() if value is not None})
