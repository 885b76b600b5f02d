"""The articles: which there are, their lines, adding and removing them.

`build_corpus_tab(engine)` is called inside a `gr.Tab` of the page. Lists and lines are paged on the
server; adding, removing and indexing run in threads of their own (`rag.ui.indexing`), and each is
allowed or not by the request that asks (`rag.ui.changes.may_change`), not by what the page shows.
"""

from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import Context
from starlette.types import Scope

from rag.config import is_loopback
from rag.corpus import find_files
from rag.engine import ChatEngine
from rag.errors import RagError
from rag.synthesis.wording import count_of
from rag.ui.changes import may_change, may_read_folders
from rag.ui.corpus_view import (
    SCRIPT,
    STYLE,
    Wanted,
    publishers,
    render_document,
    render_list,
    render_run,
    render_statistics,
    select,
)
from rag.ui.indexing import Indexing, Run
from rag.ui.uploads import FileResult, Progress, add_files, add_folder, remove_files

WATCH_S = 0.3
# Pages that watch a run at once; each holds a thread.
WATCHERS = 8
MAX_FILES = 200
FILE_TYPES = [".txt", ".md", ".markdown", ".html", ".htm", ".pdf"]


def build_corpus_tab(engine: ChatEngine) -> None:
    """The corpus tab, inside the caller's `gr.Tab`."""
    _CorpusTab(engine).build()


class _CorpusTab:
    """The parts of the tab and what happens when they are used."""

    def __init__(self, engine: ChatEngine) -> None:
        self.engine = engine
        self.config = engine.config
        self.indexing = Indexing(engine.config)
        self.edit = offers_changes(engine)

    def build(self) -> None:
        """Puts the parts into the tab and connects them."""
        tab = Context.block
        self.statistics = self._html("corpus-statistics")
        with gr.Row():
            self.text = gr.Textbox(
                label="Search title, publisher and path", elem_id="corpus-search", scale=3,
                max_length=200,
            )  # fmt: skip
            self.publisher = gr.Dropdown(
                [], label="Publishers", multiselect=True, elem_id="corpus-publishers", scale=2,
                allow_custom_value=True,
            )  # fmt: skip
            self.first = gr.Textbox(label="Published from", placeholder="YYYY-MM-DD",
                                    elem_id="corpus-from", min_width=120)  # fmt: skip
            self.last = gr.Textbox(label="Published to", placeholder="YYYY-MM-DD",
                                   elem_id="corpus-to", min_width=120)  # fmt: skip
        self.wanted: list[Any] = [self.text, self.publisher, self.first, self.last]
        self.list = self._html("corpus-list")
        self.opened = gr.State("")
        self.article = self._html("corpus-article")
        self.pending = gr.State(None)
        with gr.Column(visible=False, elem_id="corpus-confirm") as self.confirm:
            self.question = self._html("corpus-question")
            with gr.Row():
                self.yes = gr.Button("Yes, do it", variant="stop", elem_id="corpus-yes")
                self.no = gr.Button("No, leave it", elem_id="corpus-no")
        self.run = self._html("corpus-run")
        if self.edit:
            self._build_changes()
        self._connect(tab)

    def _build_changes(self) -> None:
        with gr.Accordion("Add articles", open=False, elem_id="corpus-add"):
            self.files = gr.File(
                label="Files: .txt, .md, .html, .pdf", file_count="multiple",
                file_types=FILE_TYPES, elem_id="corpus-files", height=160,
            )  # fmt: skip
            self.replacing = gr.Checkbox(
                label="Replace articles of the same file name", elem_id="corpus-replace"
            )
            self.add = gr.Button("Add the files", variant="primary", elem_id="corpus-add-files")
            with gr.Row(visible=is_loopback(self.config.host)):
                self.folder = gr.Textbox(
                    label="Or a folder of this machine, which is copied", scale=3,
                    elem_id="corpus-folder", max_length=4_000,
                )  # fmt: skip
                self.add_folder = gr.Button("Add the folder", elem_id="corpus-add-folder")
        with gr.Row():
            self.update = gr.Button("Update the index", elem_id="corpus-update")
            self.rebuild = gr.Button("Index everything anew", elem_id="corpus-rebuild")

    def _html(self, elem_id: str) -> gr.HTML:
        return gr.HTML(
            css_template=STYLE, js_on_load=SCRIPT, elem_id=elem_id, apply_default_css=False,
        )  # fmt: skip

    def _connect(self, tab: Any) -> None:
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        shown = [self.statistics, self.publisher, self.list, self.run]
        page = Context.root_block
        assert page is not None, "the tab is built inside a page"
        loads = [page.load, *([tab.select] if isinstance(tab, gr.Tab) else [])]
        gr.on(loads, self.show, self.wanted, shown, **private)
        gr.on([part.change for part in self.wanted], self.show_list, self.wanted, self.list,
              trigger_mode="always_last", **private)  # fmt: skip
        act = {
            "inputs": [self.opened, *self.wanted],
            "outputs": [self.list, self.opened, self.article, self.pending, self.confirm,
                        self.question],
            **private,
        }  # fmt: skip
        self.list.act(self.act, **act)
        self.article.act(self.act, **act)
        asked = [self.pending, self.confirm, self.question]
        self.no.click(_not_asked, None, asked, **private)
        if not self.edit:
            return
        watching = {**private, "concurrency_limit": WATCHERS, "concurrency_id": "corpus"}
        done = [self.run, self.statistics, self.publisher, self.list, self.opened, self.article]
        self.yes.click(self.confirmed, [self.pending, *self.wanted], [*asked, *done], **watching)
        self.rebuild.click(lambda: _ask({"rebuild": True}, "Read and embed every article anew? It "
                           "may take long; questions are answered meanwhile."), None, asked,
                           **private)  # fmt: skip
        self.update.click(lambda: _ask({"rebuild": False}, "Bring the index up to date with the "
                          "corpus folder?"), None, asked, **private)  # fmt: skip
        self.add.click(self.upload, [self.files, self.replacing, *self.wanted],
                       [self.files, *done], **watching)  # fmt: skip
        self.add_folder.click(self.copy_folder, [self.folder, self.replacing, *self.wanted], done,
                              **watching)  # fmt: skip

    # looking

    def show(self, *wanted: Any) -> tuple[Any, ...]:
        """Statistics, publishers, list and the last run: all that changes with the index."""
        index = self._index()
        choices = publishers(index.document_metadata())
        return (
            render_statistics(index, self.config), gr.update(choices=choices),
            self.show_list(*wanted), render_run(self.indexing.last),
        )  # fmt: skip

    def show_list(self, *wanted: Any, page: int = 0) -> str:
        """A page of the documents that are wanted."""
        index = self._index()
        found = select(index.document_metadata(), _read_wanted(*wanted))
        return render_list(index, found, page, edit=self.edit)

    def act(self, opened: str, event: gr.EventData, *wanted: Any) -> tuple[Any, ...]:
        """What a button inside the list or the article asks for."""
        data = event._data if isinstance(event._data, dict) else {}
        action, value = str(data.get("action", "")), str(data.get("value", ""))
        keep = gr.skip()
        same = (keep, keep, keep)
        if action == "page":
            return (self.show_list(*wanted, page=_number(value)), keep, keep, *same)
        if action == "open":
            return (keep, value, self._render(value, 0), *same)
        if action == "lines":
            return (keep, keep, self._render(opened, _number(value)), *same)
        if action == "close":
            return (keep, "", "", *same)
        paths = [value] if action == "ask-remove-one" else data.get("paths")
        paths = [str(path) for path in paths] if isinstance(paths, list) else []
        return (keep, keep, keep, *self._ask_removal(paths))

    def _render(self, path: str, page: int) -> str:
        document = self.engine.document(path)
        if document is None:
            return "<p>That article is not in the index any more.</p>"
        return render_document(document, page, edit=self.edit)

    def _ask_removal(self, paths: list[str]) -> tuple[Any, ...]:
        if not paths:
            return _ask(None, "Tick the articles that are to be removed.")
        named = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
        return _ask(
            {"remove": paths},
            f"Remove {named}? No answer will cite it any more. The file is moved into the hidden "
            "folder .removed of the corpus.",
        )

    # changing

    def upload(
        self, files: list[str] | None, replacing: bool, request: gr.Request, *wanted: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Saves and indexes uploaded files."""
        self._check(request)
        if not files:
            raise gr.Error("Choose files first.", print_exception=False)
        if len(files) > MAX_FILES:
            raise gr.Error(f"At most {MAX_FILES} files at once.", print_exception=False)
        sources = [(Path(file), Path(file).name) for file in files]

        def save(progress: Progress) -> list[FileResult]:
            saved = add_files(self.config, sources, replace=replacing, progress=progress)
            for source, _ in sources:  # Gradio's copies
                source.unlink(missing_ok=True)
            return saved

        run = self._start(f"Adding {count_of(len(files), 'file')}", save)
        for frame in self._watch(run, wanted):
            yield (None, *frame)

    def copy_folder(
        self, folder: str, replacing: bool, request: gr.Request, *wanted: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Copies and indexes the articles of a folder of this machine."""
        if not may_read_folders(self.config, _scope(request)):
            raise gr.Error("Folders can be named on this machine only.", print_exception=False)
        if not folder.strip():
            raise gr.Error("Name a folder first.", print_exception=False)
        path = Path(folder.strip())
        run = self._start(
            f"Adding {path}",
            lambda progress: add_folder(self.config, path, replace=replacing, progress=progress),
        )
        yield from self._watch(run, wanted)

    def confirmed(
        self, pending: dict[str, Any] | None, request: gr.Request, *wanted: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Does what was asked about."""
        self._check(request)
        if not pending:
            yield (*_not_asked(), *(gr.skip() for _ in range(6)))
            return
        if "remove" in pending:
            run = self._remove(pending["remove"])
        else:
            anew = bool(pending["rebuild"])
            title = "Indexing everything anew" if anew else "Updating the index"
            run = self._start(title, None, rebuild=anew)
        for frame in self._watch(run, wanted):
            yield (*_not_asked(), *frame)

    def _remove(self, paths: list[str]) -> Run:
        documents = [document for path in paths if (document := self.engine.document(path))]
        files = [path for found in documents for path in (found.path, *found.also_paths)]

        def is_empty() -> bool:
            """Whether no article is left, which an update takes for a mistake."""
            if len(documents) < self._index().document_count:
                return False
            return not find_files(self.config.corpus_dir, max_file_mb=self.config.max_file_mb)[0]

        title = f"Removing {count_of(len(documents), 'article')}"
        return self._start(
            title, lambda _: remove_files(self.config, files), needs_rebuild=is_empty
        )

    def _start(self, title: str, prepare: Any, **more: Any) -> Run:
        try:
            return self.indexing.start(title, prepare, **more)
        except RagError as exc:
            raise gr.Error(str(exc), print_exception=False) from exc

    def _watch(self, run: Run, wanted: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        """Shows a run until it has finished, then everything anew."""
        keep = gr.skip()
        waited = 0.0
        while not run.wait(waited):  # what was asked is seen to begin at once
            yield (render_run(run), keep, keep, keep, keep, keep)
            waited = WATCH_S
        statistics, choices, listed, shown = self.show(*wanted)
        yield (shown, statistics, choices, listed, "", "")

    def _check(self, request: gr.Request) -> None:
        if not may_change(self.config)(_scope(request)):
            raise gr.Error("Articles cannot be changed from here.", print_exception=False)

    def _index(self) -> Any:
        try:
            return self.engine.index
        except RagError as exc:
            raise gr.Error(str(exc), print_exception=False) from exc


def offers_changes(engine: ChatEngine) -> bool:
    """Whether the page shows what changes the corpus; who may use it is asked each time."""
    config = engine.config
    if config.uploads == "auto":
        return config.auth is not None or is_loopback(config.host)
    return config.uploads == "on"


def _scope(request: gr.Request) -> Scope:
    asked = request.request
    assert asked is not None, "events of the page come with their request"
    return asked.scope


def _ask(pending: dict[str, Any] | None, text: str) -> tuple[Any, ...]:
    shown = f'<p role="alert">{escape(text)}</p>'
    return pending, gr.update(visible=True), shown


def _not_asked() -> tuple[Any, ...]:
    return None, gr.update(visible=False), ""


def _read_wanted(text: Any, names: Any, first: Any, last: Any) -> Wanted:
    chosen = [str(name) for name in names] if isinstance(names, list) else []
    return Wanted(str(text or ""), tuple(chosen), _day(first), _day(last))


def _day(text: Any) -> date | None:
    """The day that was typed, or None as long as it is not a whole one."""
    try:
        return date.fromisoformat(str(text or "").strip())
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
