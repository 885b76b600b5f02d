"""The articles tab: what is shown of the corpus, and how files get into it and out of it."""

import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import index_articles
from served import served

from rag import Config, build_index, open_engine
from rag.errors import CorpusError, IndexBusyError
from rag.index import open_index
from rag.schema import Document
from rag.store import DocumentSummary
from rag.ui.corpus_view import (
    LINES,
    ROWS,
    Wanted,
    render_document,
    render_list,
    render_run,
    render_statistics,
    select,
)
from rag.ui.indexing import Indexing, Run
from rag.ui.uploads import FileResult, add_files, add_folder, remove_files, safe_name

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WHALES = "Seven whales were seen off Westport on Monday, the coast guard said.\n"
SEALS = "Eight seals were counted in Northport on Tuesday, a warden said.\n"


def nothing(done: int, total: int) -> None:
    """Shows no progress."""


def add(config: Config, files: dict[str, str | bytes], *, replace: bool = False,
        folder: Path) -> dict[str, FileResult]:  # fmt: skip
    """What became of files that were uploaded into `folder`."""
    folder.mkdir(exist_ok=True)
    sources = []
    for number, (name, content) in enumerate(files.items()):
        path = folder / f"upload{number}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        sources.append((path, name))
    found = add_files(config, sources, replace=replace, progress=nothing)
    return {result.name: result for result in found}


# names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        pytest.param("a.txt", "a.txt", id="plain"),
        pytest.param("A report, in full.PDF", "A report, in full.PDF", id="blanks and case"),
        pytest.param("../../etc/a.txt", "a.txt", id="folders"),
        pytest.param("C:\\files\\a.html", "a.html", id="folders of another system"),
        pytest.param("/a.md", "a.md", id="root"),
        pytest.param("cafe\u0301.txt", "caf\u00e9.txt", id="composed"),
    ],
)
def test_safe_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        pytest.param(".hidden.txt", "hidden", id="hidden"),
        pytest.param("../.txt", "hidden", id="suffix only"),
        pytest.param("a.exe", "not .txt", id="other"),
        pytest.param("a.txt/..", "hidden", id="folder"),
        pytest.param("", "not .txt", id="empty"),
        pytest.param("a\nb.txt", "control", id="line end"),
        pytest.param("a\0.txt", "control", id="nul"),
        pytest.param("\ud800.txt", "UTF-8", id="surrogate"),
        pytest.param("x" * 200 + ".txt", "longer than 200", id="long"),
    ],
)
def test_names_that_are_not_taken(name: str, problem: str) -> None:
    with pytest.raises(CorpusError, match=problem):
        safe_name(name)


# adding


def test_files_are_saved_or_skipped_with_the_reason(config: Config, tmp_path: Path) -> None:
    config.corpus_dir.joinpath("old.txt").write_text("An old article of some length.\n")
    found = add(config, {
        "whales.txt": WHALES, "../../up/up.md": SEALS, "old.txt": WHALES + "Changed.\n",
        "empty.txt": "", "blank.txt": " \n", "x.pdf": b"no pdf", "x.exe": b"MZ",
    }, folder=tmp_path / "in")  # fmt: skip
    states = {name: (result.state, result.path) for name, result in found.items()}
    assert states == {
        "whales.txt": ("saved", "whales.txt"), "../../up/up.md": ("skipped", ""),
        "old.txt": ("skipped", ""), "empty.txt": ("skipped", ""), "blank.txt": ("skipped", ""),
        "x.pdf": ("skipped", ""), "x.exe": ("skipped", ""),
    }  # fmt: skip
    assert "allow replacing it" in found["old.txt"].detail
    assert all(result.detail for result in found.values() if result.state == "skipped")
    assert (config.corpus_dir / "whales.txt").read_text() == WHALES
    assert (config.corpus_dir / "old.txt").read_text().startswith("An old article")
    assert not list(config.corpus_dir.glob(".*"))
    assert not (config.corpus_dir / "../../up").exists()


def test_equal_files_are_unchanged_and_others_replaced_when_allowed(
    config: Config, tmp_path: Path
) -> None:
    add(config, {"a.txt": WHALES}, folder=tmp_path / "in")
    again = add(config, {"a.txt": WHALES}, folder=tmp_path / "in")
    assert again["a.txt"].state == "unchanged"
    other = add(config, {"a.txt": SEALS}, folder=tmp_path / "in", replace=True)
    assert (other["a.txt"].state, other["a.txt"].detail) == ("saved", "replaced the one before")
    assert (config.corpus_dir / "a.txt").read_text() == SEALS


def test_a_replacement_that_is_no_article_leaves_the_old_one(
    config: Config, tmp_path: Path
) -> None:
    add(config, {"a.txt": WHALES}, folder=tmp_path / "in")
    found = add(config, {"a.txt": ""}, folder=tmp_path / "in", replace=True)
    assert found["a.txt"].state == "skipped"
    assert (config.corpus_dir / "a.txt").read_text() == WHALES


def test_large_files_are_skipped(config: Config, tmp_path: Path) -> None:
    small = Config(corpus_dir=config.corpus_dir, index_dir=config.index_dir, max_file_mb=0.001)
    found = add(small, {"a.txt": WHALES * 50}, folder=tmp_path / "in")
    assert "more than 0.001 MB" in found["a.txt"].detail


def test_a_folder_is_copied_with_its_folders(config: Config, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.txt").write_text(WHALES)
    (folder / "b.csv").write_text("1,2")
    (folder / ".secret.txt").write_text(SEALS)
    found = add_folder(config, folder, replace=False, progress=nothing)
    assert [(result.name, result.state) for result in found] == [
        ("desk/deep/a.txt", "saved"), ("b.csv", "skipped"),
    ]  # fmt: skip
    assert (config.corpus_dir / "desk" / "deep" / "a.txt").read_text() == WHALES


def test_folders_that_are_not_taken(config: Config, tmp_path: Path) -> None:
    for folder, problem in ((tmp_path / "none", "no folder"), (config.corpus_dir, "part of the"),
                            (tmp_path, "holds the corpus")):  # fmt: skip
        with pytest.raises(CorpusError, match=problem):
            add_folder(config, folder, replace=False, progress=nothing)


def test_a_link_in_the_corpus_leads_nowhere_else(config: Config, tmp_path: Path) -> None:
    outside, desk = tmp_path / "outside", tmp_path / "desk"
    outside.mkdir()
    desk.mkdir()
    (desk / "a.txt").write_text(WHALES)
    (config.corpus_dir / "desk").symlink_to(outside, target_is_directory=True)
    (found,) = add_folder(config, desk, replace=True, progress=nothing)
    assert (found.state, list(outside.iterdir())) == ("skipped", [])
    (outside / "b.txt").write_text(SEALS)
    (removed,) = remove_files(config, ["desk/b.txt"])
    assert removed.state == "skipped"
    assert (outside / "b.txt").exists()


def test_what_is_removed_is_kept_hidden(config: Config) -> None:
    text = (config.corpus_dir / "ferry.md").read_bytes()
    results = remove_files(config, ["ferry.md", "gone.txt", "../index/x"])
    assert [result.state for result in results] == ["removed", "removed", "skipped"]
    assert not (config.corpus_dir / "ferry.md").exists()
    (kept,) = config.corpus_dir.glob(".removed/*/ferry.md")
    assert kept.read_bytes() == text
    assert build_index(config).documents == 2


# runs


def finished(run: Run) -> Run:
    assert run.wait(120)
    return run


def test_a_run_says_what_became_of_each_file(config: Config, tmp_path: Path) -> None:
    build_index(config)
    source, copy = tmp_path / "new.txt", tmp_path / "copy.txt"
    source.write_text(WHALES)
    shutil.copy(config.corpus_dir / "ferry.md", copy)
    files = [(source, "new.txt"), (copy, "zz.txt"), (source, "bad.exe")]
    run = finished(Indexing(config).start(
        "Adding", lambda show: add_files(config, files, replace=False, progress=show)))  # fmt: skip
    assert run.error is None
    assert [(r.name, r.state, r.detail) for r in run.results] == [
        ("new.txt", "indexed", ""),
        ("zz.txt", "indexed", "a copy of ferry.md, indexed once"),
        ("bad.exe", "skipped", "not .txt, .md, .html or .pdf"),
    ]
    with open_index(config) as index:
        assert index.find_document("new.txt") is not None
    shown = render_run(run)
    assert shown.index("bad.exe") < shown.index("new.txt")
    assert "2 indexed, 1 skipped, the index holds 4 articles" in shown


def test_one_run_at_a_time_and_closing_the_page_stops_nothing(config: Config) -> None:
    build_index(config)
    going, go = threading.Event(), threading.Event()

    def wait(show: Any) -> Sequence[FileResult]:
        going.set()
        assert go.wait(60)
        (config.corpus_dir / "late.txt").write_text(WHALES)
        return [FileResult("late.txt", "saved", "late.txt")]

    indexing = Indexing(config)
    run = indexing.start("Adding 1 file", wait)
    assert going.wait(60)
    assert "<progress" in render_run(run)
    with pytest.raises(IndexBusyError, match=r"“Adding 1 file” has been under way since \d"):
        indexing.start("Another", None)
    go.set()
    assert finished(run).results[0].state == "indexed"
    finished(indexing.start("Another", None))


def test_another_process_is_named_and_the_files_are_kept(config: Config, tmp_path: Path) -> None:
    import fcntl

    build_index(config)
    source = tmp_path / "new.txt"
    source.write_text(WHALES)
    indexing = Indexing(config)
    with (config.index_dir / ".lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = finished(indexing.start("Adding", lambda show: add_files(
            config, [(source, "new.txt")], replace=False, progress=show)))  # fmt: skip
    assert run.error is not None
    assert "writing the index" in run.error
    assert "saved, not indexed yet" in render_run(run)
    report = finished(indexing.start("Updating", None)).report
    assert report is not None
    assert report.added == ("new.txt",)


def test_the_last_article_can_be_removed(tmp_path: Path) -> None:
    config = index_articles(tmp_path, {"a.txt": WHALES})
    run = finished(Indexing(config).start("Removing", lambda _: remove_files(config, ["a.txt"]),
                                          needs_rebuild=lambda: True))  # fmt: skip
    assert run.error is None
    with open_index(config) as index:
        assert index.document_count == 0
        assert "no articles yet" in render_list(index, [], 0, edit=True)


# what is shown

MANY = [
    DocumentSummary(
        f"desk/{number:05}.txt", f"Report {number}", f"Paper {number % 40}",
        date(2023, 1 + number % 12, 1 + number % 28), 20,
    )
    for number in range(10_000)
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        pytest.param(Wanted(), 10_000, id="all"),
        pytest.param(Wanted("REPORT 1234"), 1, id="title"),
        pytest.param(Wanted("paper 7 00047"), 1, id="publisher and path"),
        pytest.param(Wanted("nothing of the sort"), 0, id="nothing"),
        pytest.param(Wanted(publishers=("Paper 1", "PAPER 2")), 500, id="publishers"),
        pytest.param(Wanted(publishers=("per 3",)), 2_750, id="part of eleven publishers' names"),
        pytest.param(Wanted(publishers=("Nobody",)), 0, id="no publisher"),
        pytest.param(Wanted(first=date(2023, 12, 1)), 833, id="from"),
        pytest.param(Wanted(first=date(2023, 2, 1), last=date(2023, 1, 1)), 0, id="no time"),
    ],
)
def test_select(wanted: Wanted, count: int) -> None:
    started = time.process_time()
    found = select(MANY, wanted)
    assert time.process_time() - started < 0.5
    assert len(found) == count
    days = [item.published or date.min for item in found]
    assert days == sorted(days, reverse=True)


def test_undated_documents_come_last_and_pass_no_date_filter() -> None:
    undated = DocumentSummary("a.txt", None, None, None, 1)
    assert select([undated, MANY[0]], Wanted())[-1] is undated
    assert undated not in select([undated, MANY[0]], Wanted(first=date(1900, 1, 1)))


class TenThousand:
    """An index of ten thousand documents, as far as the list asks."""

    document_count = 10_000

    def document_metadata(self) -> list[DocumentSummary]:
        return MANY

    def document(self, document_id: str) -> Document:
        return Document(document_id, "a\nb\n", "0" * 64, boilerplate=frozenset({2}))


def test_a_page_of_the_list_is_all_that_is_sent() -> None:
    index: Any = TenThousand()
    shown = render_list(index, MANY, 399, edit=True)
    assert shown.count("<tr>") == ROWS + 1
    assert "9,976-10,000 of 10,000 articles" in shown
    assert 'data-value="398" >Previous' in shown
    assert 'data-value="400" disabled>Next' in shown
    assert render_list(index, MANY, 10**8, edit=True) == shown
    assert "checkbox" not in render_list(index, MANY, 0, edit=False)


def test_a_list_without_a_match_says_what_there_is() -> None:
    index: Any = TenThousand()
    shown = render_list(index, [], 0, edit=True)
    assert "No article matches. There are 10,000 articles of 40 publishers, from " in shown
    assert "from 1 January 2023 to 28 December 2023." in shown


def test_lines_are_numbered_dimmed_paged_and_escaped() -> None:
    lines = ["<script>alert(1)</script>", *(f"line {n}" for n in range(2, 700))]
    document = Document('a"b.txt', "\n".join(lines), "f" * 64, title="<b>T</b>",
                        boilerplate=frozenset({2}))  # fmt: skip
    shown = render_document(document, 0, edit=True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>" not in shown
    assert 'data-value="a&quot;b.txt"' in shown
    assert '<tr class="clutter"><th scope="row">2<span class="unseen"> clutter</span>' in shown
    assert shown.count('scope="row"') == LINES
    assert '<th scope="row">601</th><td>line 601</td>' in render_document(document, 2, edit=False)


def test_statistics(config: Config) -> None:
    build_index(config)
    with open_index(config) as index:
        shown = render_statistics(index, config)
    assert "3 articles in " in shown
    assert "MB on disk; embedded with all-MiniLM-L6-v2" in shown
    assert "built never" not in shown


# in a real browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    config = index_articles(tmp_path_factory.mktemp("tab"), {
        "whales.txt": WHALES,
        "long.txt": "A long report of the harbour\n\n" + "\n".join(
            f"Sentence {n} of the ${{7*7}} report {{{{value}}}} <b>says</b> little."
            for n in range(400)
        ),
    })  # fmt: skip
    with served(config, corpus_tab=True) as url:
        yield url


@pytest.fixture
def page(address: str) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium, or name one in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        opened = chromium.new_page(viewport={"width": 1200, "height": 1000})
        opened.set_default_timeout(90_000)
        opened.goto(address)
        opened.wait_for_selector("#corpus-list table")
        yield opened
        chromium.close()


@pytest.mark.browser
def test_search_and_read_an_article(page: Any) -> None:
    page.locator("#corpus-search").get_by_role("textbox").fill("long")
    page.wait_for_function("document.querySelectorAll('#corpus-list tbody tr').length === 1")
    page.locator("#corpus-list button.link").press("Enter")
    page.wait_for_selector("#corpus-article .lines")
    page.wait_for_function("document.activeElement.matches('#corpus-article section')")
    line = page.locator("#corpus-article .lines td").nth(2).inner_text()
    assert line == "Sentence 0 of the ${7*7} report {{value}} <b>says</b> little."
    page.locator("#corpus-article").get_by_role("button", name="Next").click()
    page.wait_for_function("document.querySelector('#corpus-article th').innerText == '301'")


@pytest.mark.browser
def test_upload_and_remove_an_article(page: Any, tmp_path: Path) -> None:
    good, bad = tmp_path / "seals.txt", tmp_path / "broken.pdf"
    good.write_text(SEALS)
    bad.write_bytes(b"no pdf")
    page.locator("#corpus-add button").first.click()
    page.set_input_files("#corpus-files input[type=file]", [str(good), str(bad)])
    page.wait_for_selector("#corpus-files :text('broken')")
    page.click("#corpus-add-files")
    page.wait_for_selector("#corpus-run progress")
    page.wait_for_selector("#corpus-run table")
    result = page.locator("#corpus-run").inner_text()
    assert "1 indexed, 1 skipped" in result
    page.wait_for_selector("#corpus-list [data-path='seals.txt']")
    page.check("#corpus-list [data-path='seals.txt']")
    page.get_by_role("button", name="Remove the ticked articles").click()
    page.wait_for_selector("#corpus-confirm :text('Remove seals.txt?')")
    page.click("#corpus-no")
    page.wait_for_selector("#corpus-confirm", state="hidden")
    page.get_by_role("button", name="Remove the ticked articles").click()
    page.wait_for_selector("#corpus-confirm :text('Remove seals.txt?')")
    page.click("#corpus-yes")
    page.wait_for_selector("#corpus-run :text('1 removed')")
    page.wait_for_selector("#corpus-list [data-path='seals.txt']", state="detached")


def test_a_page_without_uploads_offers_no_changes(config: Config) -> None:
    import gradio as gr

    from rag.ui.corpus_tab import build_corpus_tab

    values = {"corpus_dir": config.corpus_dir, "index_dir": config.index_dir, "uploads": "off"}
    with open_engine(Config(**values)) as engine, gr.Blocks() as blocks, gr.Tab("Articles"):
        build_corpus_tab(engine)
    ids = {block.elem_id for block in blocks.blocks.values()}
    assert "corpus-list" in ids
    assert not ids & {"corpus-files", "corpus-update", "corpus-rebuild", "corpus-folder"}
