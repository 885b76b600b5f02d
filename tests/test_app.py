"""The page in a real browser: ask, read the checked answer, follow a chip to its lines."""

import json
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from made_up_answers import changed, disputed

from rag import Config, open_engine
from rag.errors import IndexMismatchError
from rag.feedback import FeedbackStore, open_feedback
from rag.schema import Answer, AnswerEvent

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# Without these a headless Chromium asks hosts of its maker for updates.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
DATA = Path(__file__).parent / "data" / "corpus"
ANSWER_MS = 20_000
BRIDGE = "What did the bridge repair cost according to the mayor?"
HOSTILE = (
    "A lighthouse keeper wrote <script>document.title='owned'</script> in the visitors' book, "
    "and <img src=http://example.com/x.png> ![x](http://example.com/y.png) below it.\n"
)


class Script:
    """Answers some made-up questions in the engine's place; the others go to the engine.

    Attributes:
        closed: Set when a stream that was stopped is closed.
        calls: The arguments of each question.
    """

    def __init__(self, engine: Any) -> None:
        self.real = engine.stream
        self.feedback = open_feedback(engine.config)
        first, second = engine.document("harbour.txt"), engine.document("bridge-repair.md")
        self.answer = disputed(first, second, (7, 14))
        self.changed = changed(first, second, (7, 14))
        self.closed = threading.Event()
        self.calls: list[dict[str, Any]] = []

    def stream(self, question: str, **arguments: Any) -> Iterator[AnswerEvent]:
        self.calls.append({"question": question, **arguments})
        if question == "disagree":
            return self._whole(self.answer)
        if question == "changed":
            return self._whole(self.changed)
        if question == "slow":
            return self._slowly()
        if question == "old index":
            raise IndexMismatchError("the index was made with another model; run `rag index`")
        if question == "broken":
            raise ZeroDivisionError("sk-secret")
        return self.real(question, **arguments)

    def _whole(self, answer: Answer) -> Iterator[AnswerEvent]:
        for statement in answer.statements:
            yield AnswerEvent("statement", statement, answer.citations)
        yield AnswerEvent("answer", answer)

    def _slowly(self) -> Iterator[AnswerEvent]:
        try:
            yield AnswerEvent("statement", self.answer.statements[0], self.answer.citations)
            for _ in range(200):
                time.sleep(0.05)
                yield AnswerEvent("evidence", [])
            yield AnswerEvent("answer", self.answer)
        finally:
            self.closed.set()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Script]]:
    """A page on which the tests may ask as much as they like."""
    with serving(tmp_path_factory.mktemp("page"), api_per_minute=0) as page:
        yield page


@contextmanager
def serving(folder: Path, *, api_per_minute: int) -> Iterator[tuple[str, Script]]:
    """The address of a page over the tiny corpus, one hostile and one long article."""
    from rag.ui import launch

    corpus = folder / "corpus"
    shutil.copytree(DATA, corpus)
    (corpus / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    lines = [
        "" if number % 50 else f"Clerk {number} signed the book." for number in range(1, 1_501)
    ]
    (corpus / "long.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = Config(
        corpus_dir=corpus, index_dir=folder / "index", port=port, api_per_minute=api_per_minute
    )
    with open_engine(config) as engine:
        script = Script(engine)
        engine.stream = script.stream  # type: ignore[method-assign]
        page, url = launch(engine, block=False)
        yield url, script
        page.close()


@pytest.fixture
def address(served: tuple[str, Script]) -> str:
    return served[0]


@pytest.fixture
def feedback(served: tuple[str, Script]) -> FeedbackStore:
    return served[1].feedback


@pytest.fixture
def script(served: tuple[str, Script]) -> Script:
    served[1].calls.clear()
    return served[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium, or name one in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def open_page(browser: Any, address: str, *, path: str = "", **options: Any) -> Any:
    """The loaded page; `page.outside` lists what it asked of other hosts."""
    page = browser.new_page(**{"viewport": {"width": 1200, "height": 900}, **options})
    page.outside = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:"))
            else page.outside.append(request.url)
        ),
    )
    page.goto(address + path)
    page.wait_for_selector("#examples li", state="attached")
    return page


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    opened = open_page(browser, address)
    yield opened
    opened.close()


def ask(page: Any, question: str) -> Any:
    """Type `question`, press Enter, and return the finished turn."""
    turns = page.locator("#conversation .turn").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    return finished(page, turns)


def finished(page: Any, number: int) -> Any:
    """Turn `number`, from 0, once its answer is complete."""
    turn = page.locator("#conversation .turn").nth(number)
    turn.locator(".summary, .refusal, .error, .reply").first.wait_for(timeout=ANSWER_MS)
    page.wait_for_selector("#ask:visible")
    return turn


def marked(page: Any) -> dict[int, str]:
    """The marked lines of the panel, by number."""
    page.wait_for_selector("#panel-body .cited")
    rows = page.locator("#panel-body .cited").all()
    return {int(row.locator("th").inner_text()): row.locator("mark").inner_text() for row in rows}


def line_of(path: str, number: int) -> str:
    return (DATA / path).read_text(encoding="utf-8").split("\n")[number - 1]


# asking, and the lines behind an answer


@pytest.mark.browser
def test_a_chip_opens_its_lines_marked(page: Any) -> None:
    turn = ask(page, BRIDGE)
    assert "checked against" in turn.locator(".summary").inner_text()
    assert "4.5 million euros" in turn.locator(".statements").inner_text()
    chip = turn.locator(".statements .chip").first
    path, first = re.findall(r"document=(.+)&lines=(\d+)-", chip.get_attribute("href"))[0]
    chip.click()
    assert marked(page) == {int(first): line_of(path, int(first))}
    assert f"document={path}&lines={first}-{first}" in page.url
    numbers = page.locator("#panel-body .lines th").all_inner_texts()
    assert [int(n) for n in numbers] == list(range(int(first) - 2, int(first) + 3))
    page.click("[data-action=whole]")
    page.wait_for_selector("#panel-body .lines tr:first-child th:text-is('1')")
    assert marked(page) == {int(first): line_of(path, int(first))}
    assert page.outside == []


@pytest.mark.browser
def test_hover_and_focus_show_the_exact_lines(page: Any) -> None:
    turn = ask(page, BRIDGE)
    chip = turn.locator(".statements .chip").first
    card = page.locator("#" + chip.get_attribute("aria-describedby"))
    assert card.is_hidden()
    chip.hover()
    card.wait_for(state="visible")
    path, first = re.findall(r"document=(.+)&lines=(\d+)-", chip.get_attribute("href"))[0]
    assert line_of(path, int(first)) in card.inner_text()
    assert f"line {first}" in card.inner_text()
    page.keyboard.press("Escape")
    assert card.is_hidden()
    chip.focus()
    assert card.is_visible()


@pytest.mark.browser
def test_next_and_previous_citation(page: Any) -> None:
    ask(page, "disagree")
    page.click(".statements .chip >> nth=0")
    assert marked(page) == {7: line_of("harbour.txt", 7)}
    assert page.inner_text("#panel-place") == "Citation 1 of 2"
    page.click("#panel [data-action=next]")
    page.wait_for_selector("#panel-place:text-is('Citation 2 of 2')")
    page.wait_for_selector("#panel-body [data-document='bridge-repair.md']")
    assert marked(page) == {14: line_of("bridge-repair.md", 14)}
    page.click("#panel [data-action=previous]")
    page.wait_for_selector("#panel-body [data-document='harbour.txt']")
    assert marked(page) == {7: line_of("harbour.txt", 7)}


@pytest.mark.browser
def test_a_link_to_lines_opens_the_same_view(browser: Any, address: str) -> None:
    page = open_page(browser, address, path="?document=harbour.txt&lines=5-7")
    lines = {number: line_of("harbour.txt", number) for number in (5, 6, 7)}
    assert marked(page) == lines
    assert page.locator(".permalink").get_attribute("href") == "?document=harbour.txt&lines=5-7"
    page.goto(f"{address}?document=..%2F..%2Fetc%2Fpasswd&lines=1-1")
    page.wait_for_selector("#panel-body .error")
    assert "There is no article ../../etc/passwd" in page.inner_text("#panel-body")
    page.close()


@pytest.mark.browser
def test_a_long_article_comes_in_windows(browser: Any, address: str) -> None:
    page = open_page(browser, address, path="?document=long.txt&lines=700-700")
    marked(page)
    page.click("[data-action=whole]")
    page.wait_for_function("document.querySelectorAll('#panel-body .lines tr').length === 601")
    visible = page.locator("#panel-body .cited").bounding_box()
    assert 0 < visible["y"] < 900
    page.click("[data-which=later]")
    page.wait_for_function("document.querySelectorAll('#panel-body .lines tr').length === 901")
    page.click("[data-which=earlier]")
    page.wait_for_function("document.querySelectorAll('#panel-body .lines tr').length === 1201")
    numbers = [int(n) for n in page.locator("#panel-body .lines th").all_inner_texts()]
    assert numbers == list(range(100, 1_301))
    page.close()


# what stands around an answer


@pytest.mark.browser
def test_disagreements_and_timeline_stand_below(page: Any) -> None:
    turn = ask(page, "disagree")
    table = turn.locator(".disagreements")
    assert "4.5 million euros\tWestport Post\t14 March 2024" in table.inner_text()
    table.locator(".chip").nth(1).click()
    assert marked(page) == {14: line_of("bridge-repair.md", 14)}
    days = turn.locator(".timeline time").all_inner_texts()
    assert days == ["September 2023", "12 March 2024"]
    withheld = turn.locator(".withheld")
    assert not withheld.locator("li").is_visible()
    withheld.locator("summary").click()
    assert "another number" in withheld.locator("li").inner_text()


@pytest.mark.browser
def test_history_is_told_from_what_is(page: Any) -> None:
    turn = ask(page, "changed")
    now, was = turn.locator(".statements > li").all()
    assert now.locator("strong").inner_text() == "about 5 million euros"
    assert "Earlier, 14 March 2024:" in was.inner_text()
    colours = [item.evaluate("element => getComputedStyle(element).color") for item in (now, was)]
    assert colours[0] != colours[1]
    rows = turn.locator(".disagreements tbody tr").all_inner_texts()
    assert "earlier" not in rows[1]
    assert rows[2].startswith("4.5 million euros earlier")
    page.reload()
    page.wait_for_selector(".statements .history")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("question", "shown"),
    [
        pytest.param("   ", "The question is empty", id="blank"),
        pytest.param("What did Boris Karloff say?", "No article mentions Boris Karloff", id="name"),
        pytest.param("x " * 3_000, "at most 4,000 are read", id="long"),
        pytest.param("old index", "made with another model; run `rag index`", id="index"),
        pytest.param("broken", "Something went wrong here", id="fault"),
    ],
)
def test_a_refusal_or_an_error_is_said(page: Any, question: str, shown: str) -> None:
    turn = ask(page, question)
    assert shown in turn.locator(".above").inner_text()
    assert "sk-secret" not in page.content()
    assert "Traceback" not in page.content()


@pytest.mark.browser
def test_a_refusal_shows_the_nearest_lines(page: Any) -> None:
    turn = ask(page, "What did Boris Karloff say about the bridge?")
    turn.locator(".closest .chip").first.click()
    assert marked(page)


@pytest.mark.browser
def test_a_follow_up_says_what_was_searched_which_can_be_changed(page: Any) -> None:
    ask(page, "How many cars use the harbour bridge each day?")
    turn = ask(page, "and who said so?")
    searched = turn.locator(".searched q").inner_text()
    assert "harbour bridge" in searched
    turn.locator("[data-action=edit-search]").click()
    assert page.input_value("#question textarea") == searched
    page.fill("#question textarea", BRIDGE)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".turn .question:text-is('{BRIDGE}')")
    finished(page, 1)
    assert page.locator("#conversation .turn").count() == 2


# the conversation


@pytest.mark.browser
def test_stop_closes_the_engines_stream(page: Any, script: Script) -> None:
    script.closed.clear()
    page.fill("#question textarea", "slow")
    page.keyboard.press("Enter")
    page.wait_for_selector(".statements li")
    assert not script.closed.is_set()
    page.click("#stop")
    assert script.closed.wait(5)
    assert "Stopped." in page.inner_text("#conversation .turn")
    turn = ask(page, BRIDGE)  # goes on below the part that was there
    assert page.locator("#conversation .turn").count() == 2
    assert "4.5 million" in turn.inner_text()


@pytest.mark.browser
def test_stop_leaves_other_readers_alone(browser: Any, address: str, page: Any) -> None:
    other = open_page(browser, address)
    for reader in (other, page):
        reader.fill("#question textarea", "slow")
        reader.keyboard.press("Enter")
        reader.wait_for_selector(".statements li")
    page.click("#stop")
    assert "4.5 million" in ask(page, "disagree").inner_text()  # at once
    assert other.is_visible("#stop")
    assert other.locator(".error").count() == 0
    other.close()


@pytest.mark.browser
def test_closing_the_page_closes_the_stream(browser: Any, address: str, script: Script) -> None:
    script.closed.clear()
    page = open_page(browser, address)
    page.fill("#question textarea", "slow")
    page.keyboard.press("Enter")
    page.wait_for_selector(".statements li")
    page.close()
    assert script.closed.wait(5)


@pytest.mark.browser
def test_a_server_that_is_gone_is_said(page: Any) -> None:
    page.context.set_offline(True)
    page.fill("#question textarea", BRIDGE)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn .error")
    assert "the server is busy or has stopped" in page.inner_text(".turn .error")
    with page.expect_navigation():  # Gradio loads the page anew when the server is back
        page.context.set_offline(False)
    page.wait_for_selector("#examples li")
    assert page.input_value("#question textarea") == BRIDGE


@pytest.mark.browser
def test_reload_keeps_the_conversation_and_its_lines(page: Any) -> None:
    ask(page, BRIDGE)
    ask(page, "disagree")
    before = page.locator("#conversation .statements").all_inner_texts()
    page.reload()
    page.wait_for_selector(".turn >> nth=1")
    assert page.locator("#conversation .statements").all_inner_texts() == before
    page.click(".turn >> nth=1 >> .statements .chip >> nth=0")
    assert marked(page) == {7: line_of("harbour.txt", 7)}


@pytest.mark.browser
def test_conversations_are_listed_opened_and_deleted(page: Any) -> None:
    ask(page, BRIDGE)
    page.click("#clear")
    page.wait_for_function("!document.querySelector('#conversation .turn')")
    assert page.is_visible("#welcome")
    ask(page, "Who runs the ferries?")
    page.click("#past summary")
    assert page.locator("#conversations li").count() == 2
    page.click(f"#conversations button:text-is('{BRIDGE}')")
    page.wait_for_selector(f".turn .question:text-is('{BRIDGE}')")
    page.click(f"#conversations button[aria-label='Delete the conversation {BRIDGE}']")
    page.wait_for_function("!document.querySelector('#conversation .turn')")
    page.on("dialog", lambda dialog: dialog.accept())
    if not page.is_visible("[data-action=delete-all]"):
        page.click("#past summary")
    page.click("[data-action=delete-all]")
    page.wait_for_function("!document.querySelector('#conversations li')")
    kept = page.evaluate("Object.keys(localStorage).filter(key => key.includes('conversation:'))")
    assert kept == []


@pytest.mark.browser
def test_retry_and_edit_replace_the_last_question(page: Any, script: Script) -> None:
    ask(page, BRIDGE)
    ask(page, "Who runs the ferries?")
    page.click(".turn:last-child [data-action=retry]")
    finished(page, 1)
    assert [call["question"] for call in script.calls][-2:] == ["Who runs the ferries?"] * 2
    page.click(".turn:last-child [data-action=edit]")
    assert page.input_value("#question textarea") == "Who runs the ferries?"
    page.fill("#question textarea", "What does a single trip cost?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".question:text-is('What does a single trip cost?')")
    finished(page, 1)
    assert page.locator("#conversation .turn").count() == 2
    asked = [turn["content"] for turn in script.calls[-1]["history"] if turn["role"] == "user"]
    assert asked == [BRIDGE]


@pytest.mark.browser
def test_example_questions_can_be_asked(page: Any) -> None:
    example = page.locator("#examples button").first
    question = example.inner_text()
    example.click()
    assert finished(page, 0).locator(".question").inner_text() == question


@pytest.mark.browser
def test_votes_are_kept_with_a_reason(page: Any, feedback: FeedbackStore) -> None:
    turn = ask(page, "disagree")
    turn.locator("[data-action=vote][data-value=down]").click()
    turn.locator(".reason input").fill("the figure is old")
    page.keyboard.press("Enter")
    turn.locator("text=it is kept on this server").wait_for()
    page.reload()
    page.wait_for_selector("[data-value=down][aria-pressed=true]")
    assert [(item.vote, item.reason) for item in feedback.all()] == [("down", "the figure is old")]
    page.click("[data-value=down]")
    page.wait_for_selector("[data-value=down][aria-pressed=false]")
    assert feedback.all() == []


@pytest.mark.browser
@pytest.mark.parametrize(("label", "name"), [("Markdown", "md"), ("JSON", "json")])
def test_a_conversation_is_exported(page: Any, label: str, name: str) -> None:
    ask(page, "disagree")
    page.click("#export summary")
    with page.expect_download() as download:
        page.click(f"#export button:has-text('{label}')")
    assert download.value.suggested_filename == f"conversation.{name}"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert line_of("harbour.txt", 7) in text


# filters and settings


@pytest.mark.browser
def test_filters_are_shown_used_and_removed(page: Any, script: Script) -> None:
    page.click(".filters summary")
    page.fill("[data-filter=publisher]", "Coast Radio")
    page.keyboard.press("Enter")
    page.fill("[data-filter=known_by]", "2024-03-15")
    page.wait_for_selector("#active-filters li >> nth=1")
    shown = page.locator("#active-filters").inner_text()
    assert "Coast Radio" in shown
    assert "known by 15 March 2024" in shown
    turn = ask(page, "Who runs the ferries?")
    assert script.calls[-1]["filters"].publishers == ("Coast Radio",)
    assert script.calls[-1]["known_by"].isoformat() == "2024-03-15"
    assert "Only: Coast Radio; known by 15 March 2024" in turn.inner_text()
    page.wait_for_selector("#passing:text-is('1 of 5 articles')")
    assert not page.is_visible("[data-filter=known_by]")  # the answer needs the room
    page.click(".filters summary")
    page.fill("[data-filter=known_by]", "1999-01-01")
    page.wait_for_selector("#passing.error:has-text('those that pass the other filters are of')")
    page.click("#active-filters button >> nth=0")
    page.click("#active-filters button >> nth=0")
    page.wait_for_function("!document.querySelector('#passing').textContent")
    assert page.locator("#active-filters li").count() == 0
    ask(page, "Who runs the ferries?")
    assert script.calls[-1]["filters"] is None
    assert script.calls[-1]["known_by"] is None


@pytest.mark.browser
def test_settings_are_kept(page: Any) -> None:
    page.click("button[role=tab]:has-text('Settings')")
    page.select_option("#setting-theme", "dark")
    page.select_option("#setting-text", "large")
    page.check("[data-setting=retrieval]")
    assert "no language model is used" in page.inner_text(".settings")
    page.reload()
    page.wait_for_selector("#examples li")
    page.wait_for_selector("body.dark", state="attached")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"
    turn = ask(page, BRIDGE)
    turn.locator(".retrieval summary").click()
    turn.locator(".retrieval td").first.wait_for()
    assert "harbour.txt:" in turn.locator(".retrieval").inner_text()


# safety, keyboard, screens


@pytest.mark.browser
def test_markup_of_articles_and_questions_is_text(page: Any) -> None:
    turn = ask(page, "What did the <b>lighthouse</b> keeper write <script>alert(1)</script>?")
    assert "<b>lighthouse</b>" in turn.locator(".question").inner_text()
    assert "<script>document.title='owned'</script>" in turn.locator(".statements").inner_text()
    turn.locator(".statements .chip").first.click()
    assert "![x](http://example.com/y.png)" in marked(page)[1]
    page.reload()
    page.wait_for_selector("#conversation .turn")
    assert page.locator("#on-record script, #on-record img").count() == 0
    assert page.title() == "On Record"
    assert page.outside == []


@pytest.mark.browser
def test_the_keyboard_is_enough(page: Any) -> None:
    page.keyboard.type("disagree")  # the box has the focus
    page.keyboard.press("Shift+Enter")
    assert page.input_value("#question textarea") == "disagree\n"
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    finished(page, 0)
    for _ in range(30):  # backwards from the box to the last chip
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('.statements .chip')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    assert page.locator(".card:visible").count() == 1
    page.keyboard.press("Enter")
    marked(page)
    assert page.evaluate("document.activeElement.id") == "panel-title"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.statements .chip')")
    assert page.locator("#panel-body .cited").count() == 0


@pytest.mark.browser
def test_what_is_new_is_announced(page: Any) -> None:
    ask(page, "disagree")
    said = page.locator("#announcer[aria-live=polite]").text_content()
    assert "The mayor put the repair at 4.5 million euros." in said
    assert "3 of 4 statements checked" in said
    assert "Note: a-model stopped before the end" in said


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1_600])
def test_it_fits_every_screen(browser: Any, address: str, width: int, scheme: str) -> None:
    page = open_page(
        browser, address, viewport={"width": width, "height": 740}, color_scheme=scheme
    )
    ask(page, "disagree")
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click(".statements .chip >> nth=0")
    marked(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("#panel").bounding_box()
    assert (box["width"] == width) == (width == 360)
    page.click("#panel [data-action=close]")
    page.wait_for_function("!document.querySelector('#panel-body .cited')")
    assert page.locator("#panel").is_visible() == (width == 1_600)
    page.close()


def ask_to_remove(page: Any) -> None:
    """The articles tab with everything open that there is."""
    page.click("button[role=tab]:has-text('Articles')")
    page.click("#corpus-add button >> nth=0")
    page.click("#corpus-list button.link:has-text('Harbour bridge')")
    page.wait_for_selector("#corpus-article .clutter")
    page.click("#corpus-article [data-action=ask-remove-one]")
    page.wait_for_selector("#corpus-yes:visible")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Any, address: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not here")
    page = open_page(browser, address, color_scheme=scheme)
    found = []
    for prepare in (
        lambda: None,
        lambda: ask(page, "disagree"),
        lambda: (page.click(".statements .chip >> nth=0"), marked(page)),
        lambda: page.click("button[role=tab]:has-text('Settings')"),
        lambda: ask_to_remove(page),
    ):
        prepare()
        results = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response
        found += [
            (fault["id"], node["html"][:200])
            for fault in results["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]
    assert found == []
    page.close()


def test_uploads_of_others_are_refused_and_headers_are_set(address: str) -> None:
    headers = httpx.get(address).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_page_lists_no_document(address: str) -> None:
    config = json.dumps(httpx.get(f"{address}config").json())
    assert "harbour.txt" not in config


# what one client may ask


@pytest.mark.browser
def test_who_is_too_quick_is_told_and_waits(browser: Any, tmp_path: Path) -> None:
    with serving(tmp_path, api_per_minute=120) as (address, _):
        page = open_page(browser, address)
        ask(page, "disagree")
        page.click(".statements .chip >> nth=0")
        marked(page)
        page.evaluate(
            "for (let n = 0; n < 160; n++)"
            " document.querySelectorAll('.statements .chip')[n % 2].click()"
        )
        page.wait_for_selector("#index-status:has-text('Too many requests came from your address')")
        page.wait_for_timeout(5_000)  # the others have given up
        page.click(".statements .chip >> nth=0")
        page.wait_for_selector("#panel-body [data-document='harbour.txt']")
        page.wait_for_selector("#index-status", state="hidden")
        assert marked(page) == {7: line_of("harbour.txt", 7)}
        page.close()
