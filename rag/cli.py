"""The command line: `rag index | query | search | show | doctor | serve | feedback`.

Standard output carries results, standard error everything else. Exit 0 also for a refusal, 1 for
an error (one line that says what to do), 2 for wrong usage, 75 when another process is indexing.
"""

import io
import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from rag.cli_feedback import feedback_app
from rag.cli_options import (
    AsJson,
    Corpus,
    DocumentPath,
    From,
    IndexDir,
    KnownBy,
    Publisher,
    find_document,
    lines_within,
    parse_lines,
    read_config,
    read_filters,
)
from rag.cli_serve import serve_command
from rag.errors import CorpusError, IndexBusyError, RagError
from rag.terminal import (
    print_answer,
    print_checks,
    print_json,
    print_lines,
    print_note,
    print_report,
    print_search,
    show_progress,
)

if TYPE_CHECKING:
    from rag.config import Config
    from rag.engine import ChatEngine

EXIT_ERROR, EXIT_BUSY, EXIT_INTERRUPTED = 1, 75, 130


class _Commands(TyperGroup):
    """The commands; an error of this package becomes one line and an exit code.

    Caught here and not in `main`, because typer handles interrupts and broken pipes itself, with
    other codes.
    """

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run the command that the arguments name."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except IndexBusyError as exc:
            _fail(str(exc), EXIT_BUSY)
        except RagError as exc:
            _fail(str(exc), EXIT_ERROR)
        except KeyboardInterrupt:
            _fail("stopped; what was finished is kept, and the next run goes on from there",
                  EXIT_INTERRUPTED)  # fmt: skip
        except BrokenPipeError:
            # The reader of a pipe has left, which is not an error; nothing is flushed at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except OSError as exc:  # such as an index folder that is a file, or may not be read
            _fail(str(exc), EXIT_ERROR)


app = typer.Typer(
    name="rag",
    cls=_Commands,
    help="Ask a corpus of news articles; every statement cites the exact lines, checked by code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # articles hold what a terminal may not have
            stream.reconfigure(errors="backslashreplace")
    app()


@app.command("index")
def index_command(
    corpus: Corpus = None,
    index: IndexDir = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Index everything anew, whatever the index holds.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Index the corpus: only what was added, changed, renamed or removed since the last run."""
    from rag.index import build_index

    config = read_config(corpus, index)
    with show_progress(quiet=as_json) as progress:
        report = build_index(config, progress=progress, dry_run=dry_run, rebuild=rebuild)
    if as_json:
        print_json(report.to_dict())
    else:
        print_report(report, config)
    if not dry_run:
        _prepare_models(config, quiet=as_json)


@app.command("query")
def query_command(
    question: Annotated[str, typer.Argument(help="What to ask, in quotes; - reads it from stdin.")],
    corpus: Corpus = None,
    index: IndexDir = None,
    as_json: AsJson = False,
    publisher: Publisher = None,
    document: DocumentPath = None,
    published_from: From = None,
    known_by: KnownBy = None,
) -> None:
    """Answer a question with the exact lines that say it; builds the index when it is missing."""
    if question == "-":
        question = sys.stdin.read()
    config = read_config(corpus, index)
    with _open_engine(config, quiet=as_json) as engine:
        filters = read_filters(engine.index, config, publisher, document, published_from)
        answer = engine.query(question, filters=filters, known_by=known_by)
    if as_json:
        print_json(answer.to_dict())
    else:
        print_answer(answer)


@app.command("search")
def search_command(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    corpus: Corpus = None,
    index: IndexDir = None,
    as_json: AsJson = False,
    publisher: Publisher = None,
    document: DocumentPath = None,
    published_from: From = None,
) -> None:
    """Show the best passages with their ranks and scores, dense and keyword."""
    from rag.engine.filtering import filtered_out

    config = read_config(corpus, index)
    with _open_engine(config, quiet=as_json) as engine:
        filters = read_filters(engine.index, config, publisher, document, published_from)
        found = engine.search(text, k, filters=filters)
        problem = filtered_out(filters, engine.index)
    if as_json:
        print_json([asdict(scored) for scored in found])
    else:
        print_search(found)
    print_note(problem)


@app.command("show")
def show_command(
    lines: Annotated[
        str, typer.Argument(metavar="PATH[:FIRST[-LAST]]", help="Lines of an indexed document.")
    ],
    corpus: Corpus = None,
    index: IndexDir = None,
    as_json: AsJson = False,
) -> None:
    """Print lines of a document as it was indexed, with their numbers."""
    from rag.index import open_index

    config = read_config(corpus, index)
    path, asked_first, asked_last = parse_lines(lines)
    with open_index(config) as opened:
        document = find_document(opened, config, path)
        if document is None:
            raise CorpusError(f"{path} is not in the index; `rag index` adds new articles")
    first, last = lines_within(document, asked_first, asked_last)
    if as_json:
        print_json(
            {
                "path": document.path, "title": document.title, "publisher": document.publisher,
                "published": document.published and document.published.isoformat(),
                "document_hash": document.document_hash, "rendering": document.rendering,
                "first_line": first, "last_line": last, "page": document.page_at(first),
                "text": document.lines(first, last),
            }
        )  # fmt: skip
    else:
        print_lines(document, first, last)


@app.command("doctor")
def doctor_command(corpus: Corpus = None, index: IndexDir = None, as_json: AsJson = False) -> None:
    """Check models, corpus, index and settings; say what is wrong and how to mend it."""
    from rag.doctor import diagnose

    checks = diagnose(read_config(corpus, index))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        print_checks(checks)
    if not all(check.ok for check in checks if check.essential):
        raise typer.Exit(EXIT_ERROR)


app.command("serve")(serve_command)
app.add_typer(feedback_app, name="feedback")


def _fail(message: str, code: int) -> None:
    """Print one line to standard error and exit."""
    print(f"rag: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(code)


def _open_engine(config: "Config", *, quiet: bool) -> "ChatEngine":
    from rag.engine import open_engine

    with show_progress(quiet=quiet) as progress:
        return open_engine(config, progress=progress)


def _prepare_models(config: "Config", *, quiet: bool) -> None:
    """Make the small models ready, which takes seconds once, and would otherwise at a question.

    Raises:
        ModelError: When one cannot be made.
    """
    from rag.relevance import PairModel, ReaderModel

    with show_progress(quiet=quiet) as progress:
        if "trained_reader" not in config.without:
            if progress is not None:
                progress("preparing the reader models", 0, 1)
            ReaderModel.shipped(config).read("", [])
            if "in_context" not in config.without:
                ReaderModel.for_follow_ups(config).read("", [])
        if "pairs" not in config.without:
            if progress is not None:
                progress("preparing the pair model", 0, 1)
            PairModel.shipped(config).compare("", [])
