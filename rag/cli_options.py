"""Options and arguments that several commands share, and what they make of them."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.config import Config
from rag.errors import CorpusError

if TYPE_CHECKING:
    from rag.index import Index
    from rag.schema import Document, Filters

_LINES = re.compile(r"(.+):(\d{1,9})(?:-(\d{1,9}))?", re.DOTALL)


def parse_day(text: str) -> date:
    """The day of an option; typer says what is wrong with it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"“{text}” is not a day: write year, month and day, such as 2023-09-25"
        ) from None


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

Publisher = Annotated[
    list[str] | None,
    typer.Option("--publisher", help="Only documents of this publisher; may be repeated."),
]
DocumentPath = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="PATH", help="Only this document; may be repeated."),
]
From = Annotated[
    date | None,
    typer.Option("--from", metavar="YYYY-MM-DD", parser=parse_day,
                 help="Only published on this day or later."),
]  # fmt: skip
KnownBy = Annotated[
    date | None,
    typer.Option("--known-by", metavar="YYYY-MM-DD", parser=parse_day,
                 help="Only what was published by this day."),
]  # fmt: skip


def read_config(corpus: Path | None, index: Path | None, **more: Any) -> Config:
    """The settings with what the command line gives; what is None is read elsewhere.

    Raises:
        ConfigError: When a value cannot be used.
    """
    given = {"corpus_dir": corpus, "index_dir": index, **more}
    return Config(**{name: value for name, value in given.items() if value is not None})


def read_filters(
    index: "Index",
    config: Config,
    publishers: list[str] | None,
    documents: list[str] | None,
    published_from: date | None,
) -> "Filters":
    """The filters of a command; documents may be named as `find_document` takes them."""
    from rag.schema import Filters

    found = [(path, find_document(index, config, path)) for path in documents or ()]
    return Filters(
        publishers=tuple(publishers or ()),
        documents=tuple(document.path if document else path for path, document in found),
        published_from=published_from,
    )


def find_document(index: "Index", config: Config, path: str) -> "Document | None":
    """The document of a path below the corpus folder, or of any path that leads to it from here.

    Example: with the corpus in "news", "a/b.txt", "news/a/b.txt" and "/home/ann/news/a/b.txt" are
    one document
    """
    document = index.find_document(path)
    if document is not None:
        return document
    here = Path(path)
    try:
        below = (here.parent.resolve() / here.name).relative_to(config.corpus_dir.resolve())
    except (OSError, RuntimeError, ValueError):  # elsewhere, or no path at all
        return None
    return index.find_document(below.as_posix())


def parse_lines(text: str) -> tuple[str, int | None, int | None]:
    """Path, first and last line of "PATH", "PATH:7" or "PATH:7-9".

    Example: "a/b.txt:3-5" -> ("a/b.txt", 3, 5)
    """
    match = _LINES.fullmatch(text)
    if match is None:
        return text, None, None
    path, first, last = match.groups()
    return path, int(first), int(last or first)


def lines_within(document: "Document", first: int | None, last: int | None) -> tuple[int, int]:
    """The lines that are asked for, cut at the end of the document; all without a first one.

    Raises:
        CorpusError: When there are no such lines.
    """
    count = document.line_count
    first, last = 1 if first is None else first, count if last is None else last
    if last < first:
        right = f"{document.path}:{last}-{first}"
        raise CorpusError(f"{first}-{last} has the last line first: write {right}")
    if not 1 <= first <= count:
        asked = first if first == last else f"{first}-{last}"
        raise CorpusError(f"{document.path} has lines 1-{count}, not {asked}")
    return first, min(last, count)
