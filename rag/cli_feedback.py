"""`rag feedback list | export`: what readers said of answers."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from rag.cli_options import AsJson, Corpus, IndexDir, read_config
from rag.feedback import Feedback, export_rows, open_feedback
from rag.terminal import print_json

MAX_SHOWN_CHARS = 100

feedback_app = typer.Typer(
    help="What readers said of answers, in the page: list it, or export it as eval questions.",
    no_args_is_help=True,
)


@feedback_app.command("list")
def list_command(corpus: Corpus = None, index: IndexDir = None, as_json: AsJson = False) -> None:
    """List every vote, oldest first, with its reason and question."""
    votes = _votes(corpus, index)
    if as_json:
        print_json([asdict(vote) for vote in votes])
        return
    for vote in votes:
        reason = f"\n      {_short(vote.reason)}" if vote.reason else ""
        typer.echo(f"{vote.number:>5} {vote.vote:<4} {vote.time[:16].replace('T', ' ')}  "
                   f"{_short(vote.question)}{reason}")  # fmt: skip


@feedback_app.command("export")
def export_command(
    corpus: Corpus = None,
    index: IndexDir = None,
    form: Annotated[
        Literal["jsonl"], typer.Option("--format", help="One JSON object a line.")
    ] = "jsonl",
) -> None:
    """Print the votes as eval questions, in the form of evals/datasets/questions.jsonl."""
    for row in export_rows(_votes(corpus, index)):
        typer.echo(json.dumps(row))


def _votes(corpus: Path | None, index: Path | None) -> list[Feedback]:
    """The votes; that there are none is said on standard error."""
    store = open_feedback(read_config(corpus, index))
    votes = store.all()
    if not votes:
        typer.echo(
            f"There is no feedback yet in {store.path}: readers give it below an answer.", err=True
        )
    return votes


def _short(text: str) -> str:
    text = " ".join(text.split())
    text = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]} ..."
