"""The page in a real browser: ask, read the checked answer, follow a chip to its lines."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import Config, open_engine

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# Without these a headless Chromium asks hosts of its maker for updates.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
DATA = Path(__file__).parent / "data" / "corpus"
ANSWER_MS = 20_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over the tiny corpus and one hostile article."""
    from rag.ui.page import launch

    folder = tmp_path_factory.mktemp("page")
    corpus = folder / "corpus"
    shutil.copytree(DATA, corpus)
    (corpus / "hostile.txt").write_text(
        "A lighthouse keeper wrote <script>document.title='owned'</script> in the visitors' book, "
        "and <img src=http://example.com/x.png> below it.\n",
        encoding="utf-8",
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = Config(corpus_dir=corpus, index_dir=folder / "index", port=port)
    with open_engine(config) as engine:
        page, url = launch(engine, block=False)
        yield url
        page.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium, or name one in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The loaded page; `page.outside` lists what it asked of other hosts."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    opened.outside = []
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:"))
            else opened.outside.append(request.url)
        ),
    )
    opened.goto(address)
    opened.wait_for_selector("#question textarea")
    yield opened
    opened.close()


def ask(page: Any, question: str) -> Any:
    """Type `question`, press Enter, and return the finished turn."""
    turns = page.locator("#conversation .turn").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    turn = page.locator("#conversation .turn").nth(turns)
    turn.locator(".summary, .refusal").first.wait_for(timeout=ANSWER_MS)
    return turn


@pytest.mark.browser
def test_an_answer_shows_its_lines(page: Any) -> None:
    turn = ask(page, "What did the bridge repair cost according to the mayor?")
    assert "statements checked against" in turn.locator(".summary").inner_text()
    assert "4.5 million euros" in turn.locator(".statements").inner_text()
    chip = turn.locator(".chip").first
    chip.click()
    target = page.locator(chip.get_attribute("href"))
    number = int(target.locator("th").first.inner_text())
    path = target.locator("h3").inner_text().split(". ", 1)[1].split(",")[0]
    line = (DATA / path).read_text(encoding="utf-8").split("\n")[number - 1]
    assert target.locator("td").first.inner_text() == line
    assert page.outside == []


@pytest.mark.browser
def test_a_follow_up_stands_below_and_says_what_was_searched(page: Any) -> None:
    ask(page, "How many cars use the harbour bridge each day?")
    turn = ask(page, "and who said so?")
    assert page.locator("#conversation .turn").count() == 2
    assert "How many cars" in turn.locator(".searched").inner_text()
    page.click("#clear")
    page.wait_for_function("!document.querySelector('#conversation .turn')")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("question", "shown"),
    [
        pytest.param("   ", "The question is empty", id="blank"),
        pytest.param("What did Boris Karloff say?", "No article mentions Boris Karloff", id="name"),
    ],
)
def test_a_refusal_is_said(page: Any, question: str, shown: str) -> None:
    assert shown in ask(page, question).locator(".refusal").inner_text()


@pytest.mark.browser
def test_markup_of_articles_and_questions_is_text(page: Any) -> None:
    turn = ask(page, "What did the <b>lighthouse</b> keeper write <script>alert(1)</script>?")
    assert "<b>lighthouse</b>" in turn.locator(".question").inner_text()
    assert "<script>document.title='owned'</script>" in turn.locator(".statements").inner_text()
    assert page.locator("#conversation script, #conversation img").count() == 0
    assert page.title() == "On Record"
    assert page.outside == []


@pytest.mark.browser
def test_it_fits_a_phone(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(address)
    page.wait_for_selector("#question textarea")
    ask(page, "Who runs the ferries?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


def test_uploads_are_refused_and_headers_are_set(address: str) -> None:
    refused = httpx.post(f"{address}gradio_api/upload", files={"files": ("a.txt", b"text")})
    assert refused.status_code == 403
    headers = httpx.get(address).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
