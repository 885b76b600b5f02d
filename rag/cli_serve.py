"""`rag serve`: the page, its API and MCP endpoint, and the hashes of passwords for them."""

import getpass
import sys
from typing import Annotated

import typer

from rag.cli_options import Corpus, IndexDir, read_config
from rag.errors import ConfigError
from rag.terminal import show_progress


def serve_command(
    corpus: Corpus = None,
    index: IndexDir = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [RAG_HOST]")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port. [RAG_PORT]")] = None,
    root_path: Annotated[
        str | None,
        typer.Option(metavar="PATH", help="Where a proxy shows it: /news, or https://a.org/news."),
    ] = None,
    auth: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME:HASH", help="Who may log in. [RAG_AUTH]"),
    ] = None,
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Listen elsewhere than on 127.0.0.1 without a login.")
    ] = False,
    hash_password: Annotated[
        bool, typer.Option("--hash-password", help="Read a password, print its hash, and end.")
    ] = False,
) -> None:
    """Open the chat page, on http://127.0.0.1:7860 unless told otherwise."""
    if hash_password:
        _print_hash()
        return
    config = read_config(
        corpus, index, host=host, port=port, root_path=root_path, auth=auth,
        insecure=insecure or None,
    )  # fmt: skip
    from rag.ui import serve
    from rag.ui.passwords import check_address

    check_address(config)  # before the index is opened, which may take long
    from rag.engine import open_engine

    with show_progress(quiet=False) as progress:
        engine = open_engine(config, progress=progress)
    with engine:
        serve(engine)


def _print_hash() -> None:
    """Reads a password, twice when it is typed, and prints its hash."""
    from rag.ui.passwords import hash_password

    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise ConfigError("the passwords differ: try again")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    typer.echo(hash_password(password))
