"""The page of results: a small made-up run, plots checked by hand, and the filters in a browser."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from test_app import CHROMIUM, FLAGS

from evals.adapters import Dataset
from evals.data import GoldLine, Question
from evals.judge import Judged
from evals.report import plots
from evals.report.html import VERDICTS, in_order, verdict, write_page
from evals.report.plots import Curve, Scale
from evals.statistics import Interval, Ratio
from evals.suite import Run, Scored, measure
from evals.systems import Cited, Response, System
from rag import Chunk, ScoredChunk

HOSTILE = "<script>document.title='owned'</script>"
ESCAPED = "&lt;script&gt;document.title=&#x27;owned&#x27;&lt;/script&gt;"
MADE_WITH = {
    "date": "2026-11-26", "commit": "abc123", "changed_since": True,
    "packages": {"chromadb": "1.5.9"}, "machine": "Linux, 2 cores",
}  # fmt: skip
LINE = GoldLine("a.txt", 2)
FOUND = (ScoredChunk(Chunk("a.txt:1-3", "a.txt", 1, 3, "", 0, 0), 1.0, 1),)


def scored(
    name: str, text: str, *, answerable: bool = True, answered: bool = True,
    right: bool | None = False, confidence: float | None = None,
) -> Scored:  # fmt: skip
    """A question about Ann's races; a right answer cites line 2, a wrong one line 9."""
    kind = "number" if answerable else "unanswerable"
    question = Question(name, kind, text, answerable)
    scores = {"refusal_recall": Ratio(float(not answered))}
    if answerable:
        question = replace(question, facts=((LINE,),), includes=(("3 races", "three races"),))
        scores = {"fact_accuracy": Ratio(float(bool(right)))}
    number, said = (2, "Ann won 3 races.") if right else (9, "Bob lost.")
    cited = (Cited("a.txt", number, number, said),) if answered else ()
    response = Response(f"{said} [1]" if answered else "No.", answered, cited, found=FOUND,
                        confidence=confidence, milliseconds=10.0)  # fmt: skip
    gold = ((LINE, "Ann won 3 races."),) if answerable else ()
    return Scored(question, response, scores, right, (1,) if answerable else (), gold)


MADE_UP = [
    scored("a", "How many races?", confidence=0.4),
    scored("b", "Races of Ann?", confidence=0.9),
    scored("c", "Ann's races, how many?", right=True, confidence=0.8),
    scored("d", "And her wins?", answered=False, confidence=0.3),
    scored("e", "What did Ann eat?", answerable=False, confidence=0.7),
    scored("f", "Who is Carl?", answerable=False, answered=False),
]


def run_of(items: list[Scored], *, system: str = "ours", title: str = "made up") -> Run:
    dataset = Dataset("made-up", title, tuple(item.question for item in items), Path())
    return Run(dataset, System(system), tuple(items), measure(items))


def written(tmp_path: Path, *runs: Run, judged: tuple[Judged, ...] = ()) -> str:
    file = tmp_path / "report.html"
    write_page(file, runs, judged, MADE_WITH)
    return file.read_text(encoding="utf-8")


def test_verdicts_and_their_order() -> None:
    ordered = in_order(MADE_UP)
    assert [item.question.question_id for item in ordered] == ["b", "a", "e", "d", "c", "f"]
    assert list(map(verdict, ordered)) == [
        "wrong", "wrong", "in-vain", "refused", "right", "rightly-refused"
    ]  # fmt: skip
    assert verdict(scored("g", "?", right=None)) == "unjudged"


def test_the_page_holds_the_values(tmp_path: Path) -> None:
    better = run_of([scored("c", "Ann's races?", right=True)] * 6, system="theirs")
    judged = Judged("made-up", "ours", "faithfulness", Interval(0.9, 0.8, 0.95), 40, 0.81, 120,
                    labels_no_verdict=2)  # fmt: skip
    page = written(tmp_path, run_of(MADE_UP), better, judged=(judged,))
    row = re.search(r'<tr><th scope="row"><details><summary[^>]*>fact_<wbr>accuracy.*?</tr>', page)
    assert row is not None
    assert "all of its facts and nothing forbidden" in row[0]
    assert "<span>0.250</span> <small>[0.00, 0.75]</small>" in row[0]  # 1 of a, b, c, d
    assert "<strong>1.000</strong> <small>[1.00, 1.00]</small>" in row[0]
    assert "<td>4 of 6<small>2 left out</small></td>" in row[0]
    assert "<small>of 6</small>" in row[0]  # the other system's own number
    assert "abc123, with later changes" in page
    assert "chromadb 1.5.9" in page
    assert "<span>0.900</span> <small>[0.80, 0.95]</small>" in page
    assert "0.810 <small>on 120 labels, 2 more without a verdict</small>" in page
    assert page.count('<details class="question"') == len(MADE_UP)  # of the first system only
    assert page.count("<figure") == 4


def test_a_question_shows_what_is_missing_and_what_is_in_both(tmp_path: Path) -> None:
    page = written(tmp_path, run_of([MADE_UP[0], MADE_UP[2]]))
    wrong, right = page.split('<details class="question"')[1:]
    assert "✗ missing: " in wrong
    assert "3 races / three races" in wrong
    assert "in both" not in wrong
    assert "a.txt:9" in wrong
    assert "✓ in the answer: " in right
    assert right.count("✓ in both") == 2  # once on each side
    assert right.count("a.txt:2") == 2
    assert '<span class="cite">[1]</span>' in right


def test_everything_is_escaped(tmp_path: Path) -> None:
    item = scored("x", HOSTILE, right=True)
    response = replace(item.response, text=HOSTILE, cited=(Cited("a.txt", 2, 2, HOSTILE),),
                       searched=HOSTILE + "?", withheld=((HOSTILE, HOSTILE),))  # fmt: skip
    question = replace(item.question, kind=HOSTILE, history=(HOSTILE,), includes=((HOSTILE,),))
    item = replace(item, question=question, response=response, gold=((LINE, HOSTILE),))
    page = written(tmp_path, run_of([item, *MADE_UP], system=HOSTILE, title=HOSTILE))
    assert HOSTILE not in page
    assert page.count("<script>") == 1  # our own
    assert f"<h2>{ESCAPED}</h2>" in page
    assert f'<p class="answer t">{ESCAPED}</p>' in page
    assert f'<span class="asked t">{ESCAPED}</span>' in page


def test_the_page_is_one_file(tmp_path: Path) -> None:
    page = written(tmp_path, run_of(MADE_UP))
    assert not re.search(r"https?:|//[a-z]|@import|url\(|\ssrc=|<link", _without_comments(page))
    assert re.findall(r'href="([^#])', page) == []
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_data_set_that_is_only_searched_has_a_table_and_no_questions(tmp_path: Path) -> None:
    found = run_of(MADE_UP)
    found = replace(found, dataset=replace(found.dataset, answers=False))
    page = written(tmp_path, found)
    assert "of which only the search is measured" in page
    assert "<table>" in page
    assert 'class="question"' not in page
    assert 'id="filters"' not in page


def test_a_long_text_stands_behind_its_beginning(tmp_path: Path) -> None:
    line = "A very long line. " * 100
    item = replace(MADE_UP[0], gold=((LINE, line),))
    page = written(tmp_path, run_of([item]))
    assert f"<summary>{line[:240]} …</summary>" in page
    assert f'<span class="t">{line}</span>' in page


def test_scales() -> None:
    assert Scale(0, 1, 54, 444)(0.5) == 249
    assert Scale(0, 1, 258, 10)(0.25) == 196  # upwards
    assert Scale(10, 1000, 0, 100, log=True)(100) == 50


def test_a_whisker() -> None:
    drawn = plots.whisker(Interval(0.5, 0.25, 1.0), 1.0)  # 78 pixels from 3 on
    assert 'd="M22.5 5H81.0"' in drawn
    assert 'cx="42.0"' in drawn


def test_risk_and_coverage() -> None:
    surest_right = [scored("r", "?", right=True, confidence=0.9),
                    scored("w", "?", confidence=0.2)]  # fmt: skip
    svg = plots.risk_plot([run_of(surest_right)], "key")
    # (1/2, 0) and (1, 1/2) on 390 pixels from 54 on and on 248 pixels up from 258
    assert 'points="249.0,258.0 444.0,134.0"' in svg
    assert 'class="ring" cx="444.0" cy="134.0"' in svg
    assert "ours: 0.00 at 0.5, 0.50 at 1" in svg
    assert plots.risk_plot([run_of([MADE_UP[5]])], "key") == ""  # no confidence


def test_retrieval() -> None:
    item = replace(MADE_UP[0], ranks=(1, 4))  # one fact of two from rank 1 on, both from 4 on
    svg = plots.retrieval_plot([run_of([item]), run_of([item], system="same")], "key")
    assert 'points="54.0,134.0 97.33,134.0 140.67,134.0 184.0,10.0 ' in svg
    assert svg.count("<polyline") == 1
    assert "ours = same" in svg
    nothing_found = replace(item, response=replace(item.response, found=()))
    assert plots.retrieval_plot([run_of([nothing_found])], "key") == ""


def test_kinds() -> None:
    drawn, height, words = plots.interval_rows([("a", [(0, "m", Interval(0.5, 0.25, 1.0))])])
    assert 'd="M122.0 21H416.0"' in drawn  # 392 pixels from 24 on
    assert 'cx="220" cy="21"' in drawn
    assert height == 10 + 22 + 42
    assert words == "a: m 0.50, 0.25 to 1.00"


def test_times() -> None:
    drawn, _, words = plots.time_rows({"ours": [10.0, 90.0]})
    # 10 to 100 on 400 pixels from 44 on; 50 stands at log10(5) of them
    assert 'cx="323.59"' in drawn
    assert 'd="M44 29v14M425.5 29v14"' in drawn
    assert words == "ours: p50 50 ms, p95 86 ms"


def test_curves_may_be_points() -> None:
    drawn, _, _ = plots.line_plot([Curve("one", ((1.0, 0.5),))], "x", "y", x=(0, 1), y=(0, 1),
                                  x_ticks=(0, 1), y_ticks=(0, 1))  # fmt: skip
    assert '<circle class="mark" cx="444.0" cy="134.0" r="3"/>' in drawn


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Any]:
    """The page of 30 questions, five times the made-up six, in a browser."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: apt-get install chromium, or name one in CHROMIUM")
    from playwright.sync_api import sync_playwright

    written(tmp_path, run_of(MADE_UP * 5, title=HOSTILE))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page(viewport={"width": 400, "height": 800})
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto((tmp_path / "report.html").as_uri())
        yield page
        chromium.close()


@pytest.mark.browser
def test_the_filters(opened: Any) -> None:
    from playwright.sync_api import expect

    shown = opened.locator("details.question:visible")
    said = opened.locator("#shown")
    assert shown.count() == 30
    assert opened.evaluate("document.documentElement.scrollWidth") == 400
    assert "On Record" in opened.title()

    opened.locator("[name=verdict][value=wrong]").check()
    expect(said).to_have_text("10 of 30 questions")
    assert shown.count() == 10
    assert opened.url.endswith("#verdict=wrong")

    opened.locator("[name=text]").fill("ANN races of")  # question b
    expect(said).to_have_text("5 of 30 questions")
    assert shown.count() == 5

    address = opened.url
    opened.goto("about:blank")
    opened.goto(address)
    assert shown.count() == 5
    assert opened.locator("[name=text]").input_value() == "ANN races of"

    opened.locator("button[type=reset]").press("Enter")
    expect(said).to_have_text("30 of 30 questions")
    assert opened.url.endswith("report.html#")

    opened.locator("a.badge.in-vain").click()  # a count above the table
    expect(said).to_have_text("5 of 30 questions")
    assert shown.first.get_attribute("data-verdict") == "in-vain"

    opened.locator("[name=kind]").select_option("number")
    expect(said).to_have_text("0 of 30 questions")
    assert shown.count() == 0
    assert opened.complaints == []


@pytest.mark.browser
def test_what_a_metric_means_is_shown_on_request(opened: Any) -> None:
    meaning = opened.get_by_text("all of its facts and nothing forbidden")
    assert not meaning.is_visible()
    opened.locator("#explain").press("Enter")
    assert meaning.is_visible()
    shown = opened.locator("details.question").first
    shown.locator("> summary").press("Enter")
    assert shown.locator(".sides").is_visible()


def test_each_verdict_has_a_colour() -> None:
    style = (Path(plots.__file__).parent / "page.css").read_text(encoding="utf-8")
    assert all(f".badge.{name}" in style for name in VERDICTS)


def _without_comments(page: str) -> str:
    return re.sub(r"^\s*//.*$", "", page, flags=re.MULTILINE)
