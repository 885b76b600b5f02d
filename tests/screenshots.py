"""Screenshots of the page's main states: `python tests/screenshots.py FOLDER [--corpus DIR]`.

The README shows wide-2-answer.png and wide-7-changed.png, kept in tests/pictures. Needs Chromium,
as the browser tests do. Look at them after every change to the page's looks. Prints
how long a reader waits: from a click to the first statement, and to the marked lines.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from test_app import CHROMIUM, DATA, FLAGS, Script, ask, finished, marked, open_page

from rag import Config, open_engine
from rag.ui import launch

ROOT = Path(__file__).parent.parent
QUESTION = "How many officers stepped back from firearms duties?"
FOLLOW_UP = "And why did they do it?"
CHANGED = "Is the army still on standby?"


@contextmanager
def serving(corpus: Path, port: int, *, scripted: bool = False) -> Iterator[str]:
    """The address of a page over `corpus`, with the made-up answers when `scripted`."""
    with tempfile.TemporaryDirectory() as index:
        config = Config(corpus_dir=corpus, index_dir=Path(index), port=port)
        with open_engine(config) as engine:
            if scripted:
                engine.stream = Script(engine).stream  # type: ignore[method-assign]
            page, url = launch(engine, block=False)
            yield url
            page.close()


# Milliseconds from the next click to the first element of a selector; a promise in `window.waited`.
WAIT_FOR = """selector => {
  const old = new Set(document.querySelectorAll(selector));
  window.waited = new Promise((done) => document.addEventListener("click", () => {
    const clicked = performance.now();
    new MutationObserver((_, observer) => {
      if ([...document.querySelectorAll(selector)].every((found) => old.has(found))) return;
      observer.disconnect();
      done(performance.now() - clicked);
    }).observe(document.body, { childList: true, subtree: true });
  }, { capture: true, once: true }));
}"""


def print_waits(browser: Any, address: str) -> None:
    """Ask twice and open a chip, and print the milliseconds until something is seen."""
    page = open_page(browser, address)
    for turn, question in enumerate((QUESTION, FOLLOW_UP)):
        page.fill("#question-box", question)
        for what, click, seen in (
            ("first statement", "#ask", "#conversation .statements li"),
            ("marked lines", ".turn:last-child .statements .chip >> nth=0", "#panel-body .cited"),
        ):
            page.evaluate(WAIT_FOR, seen)
            page.click(click)
            print(f"{question} {what}: {page.evaluate('window.waited'):.0f} ms")  # noqa: T201
            finished(page, turn)
    page.close()


def take_articles(browser: Any, address: str, folder: Path) -> None:
    """A conversation over real articles, on a wide and on a narrow screen."""
    for name, options in {
        "wide": {"viewport": {"width": 1_400, "height": 900}},
        "dark": {"viewport": {"width": 1_400, "height": 900}, "color_scheme": "dark"},
        "phone": {"viewport": {"width": 360, "height": 740}},
        "huge": {"viewport": {"width": 1_920, "height": 1_080}},
    }.items():
        page = open_page(browser, address, **options)

        def shoot(state: str, page: Any = page, name: str = name) -> None:
            page.wait_for_timeout(300)
            page.screenshot(path=folder / f"{name}-{state}.png")

        shoot("1-welcome")
        ask(page, QUESTION)
        shoot("2-answer")
        page.hover(".turn .statements .chip >> nth=0")
        page.wait_for_selector(".card:visible")
        shoot("3-card")
        page.click(".turn .statements .chip >> nth=0")
        marked(page)
        shoot("4-lines")
        page.click("[data-action=whole]")
        page.wait_for_selector("#panel-body .lines tr:first-child th:text-is('1')")
        shoot("5-article")
        page.keyboard.press("Escape")
        ask(page, FOLLOW_UP)
        shoot("6-follow-up")
        ask(page, CHANGED)
        shoot("7-changed")
        ask(page, "What did Boris Karloff say?")
        shoot("8-refusal")
        page.click(".filters summary")
        page.fill("[data-filter=known_by]", "2023-09-25")
        page.click("#past summary")
        shoot("9-filters-and-conversations")
        page.keyboard.press("Escape")
        for tab in ("Articles", "Settings"):
            page.click(f"button[role=tab]:has-text('{tab}')")
            shoot(f"10-{tab.lower()}")
        page.close()


def take_disagreement(browser: Any, address: str, folder: Path) -> None:
    """Made-up answers with a disagreement and a timeline, and with a change."""
    for name, width in (("wide", 1_400), ("phone", 360)):
        page = open_page(browser, address, viewport={"width": width, "height": 900})
        for question in ("disagree", "changed"):
            ask(page, question)
            page.wait_for_timeout(300)
            page.screenshot(path=folder / f"{name}-{question}.png")
        page.close()


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with serving(DATA, 7_873, scripted=True) as address:
            take_disagreement(browser, address, arguments.folder)
        with serving(arguments.corpus, 7_874) as address:
            print_waits(browser, address)
            take_articles(browser, address, arguments.folder)
        browser.close()


if __name__ == "__main__":
    main()
