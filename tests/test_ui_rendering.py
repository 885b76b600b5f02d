"""Answers as HTML: what stands where, and that nothing from outside becomes markup."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from made_up_answers import cite, disputed

from rag.schema import Answer, Document, StatedDate, Statement
from rag.ui.citing import line_link, lines_label
from rag.ui.rendering import (
    confidence_word,
    render_answer_turn,
    render_error_turn,
    render_progress,
)

FIRST = Document("a b/first.txt", "One.\nThe mayor said 4.5 million.\n", "h1", "First", "Post",
                 published=date(2024, 3, 14))  # fmt: skip
SECOND = Document("second.md", "Two.\nAbout 5 million.\nThree months.\n", "h2", None, None)
DISPUTED = disputed(FIRST, SECOND, (2, 2))
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'`${1}{{2}}"


class Markup(HTMLParser):
    """The names of all tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(1.0, "clearly"), (0.8, "clearly"), (0.79, "probably"), (0.5, "probably"), (0.49, "possibly"),
     (0.0, "possibly")],
)  # fmt: skip
def test_confidence_in_words(confidence: float, word: str) -> None:
    assert confidence_word(confidence) == word


def test_the_head_says_what_was_checked_and_what_was_searched() -> None:
    shown = text_of(render_answer_turn(DISPUTED, turn=0))
    assert "3 of 4 statements checked against 2 independent sources, as of 16 March 2024." in shown
    assert "Searched: What does the bridge repair cost? Change" in shown
    assert "Clearly: The mayor" in shown
    assert "Probably: The city engineer" in shown
    assert "Possibly: The bridge" in shown
    assert "1 statement withheld" in shown
    assert "the cited line gives another number" in shown
    assert "Note: a-model stopped before the end 1 statement withheld" in shown
    assert shown.index("the cited line gives another number") < shown.index("Clearly: The mayor")
    assert "Written by a-model" in shown
    assert "also in 1 other file" in shown


def test_one_word_for_all_stands_once() -> None:
    sure = replace(DISPUTED, statements=DISPUTED.statements[:1], withheld=())
    shown = text_of(render_answer_turn(sure, turn=0))
    assert "1 of 1 statement checked" in shown
    assert "These lines clearly answer the question." in shown
    assert "Clearly:" not in shown


def test_disagreements_are_a_table_with_chips() -> None:
    html = render_answer_turn(DISPUTED, turn=3)
    table = html[html.index('<table class="disagreements">') : html.index("</table>")]
    assert text_of(table).startswith(
        "Sources disagree Value Said by Published Lines the cost of the repair "
        "they contradict each other 4.5 million euros Westport Post 14 March 2024 1"
    )
    assert 'aria-describedby="turn3-card2"' in table


def test_history_is_labelled_with_its_day() -> None:
    told, *others = DISPUTED.statements
    answer = replace(DISPUTED, statements=(replace(told, earlier=True, confidence=0.6), *others))
    html = render_answer_turn(answer, turn=0)
    assert html.count('<li class="history">') == 1
    shown = text_of(html)
    assert "Earlier, 14 March 2024: Probably: The mayor put the repair at" in shown
    undated = replace(told, earlier=True, citations=(2,))
    assert "Earlier: The mayor" in text_of(render_answer_turn(
        replace(DISPUTED, statements=(undated,)), turn=0))  # fmt: skip


def test_a_change_is_a_table_of_what_is_and_what_was() -> None:
    (found,) = DISPUTED.disagreements
    html = render_answer_turn(replace(DISPUTED, disagreements=(replace(found, kind="time"),)),
                              turn=0)  # fmt: skip
    table = html[html.index('<table class="disagreements">') : html.index("</table>")]
    shown = text_of(table)
    assert shown.startswith("What changed between the reports Value Said by Published Lines")
    assert "4.5 million euros Westport Post" in shown
    assert "about 5 million euros earlier The Westport Courier" in shown
    assert "the cost of the repair 4.5 million" in shown  # the title says how they differ
    both = replace(DISPUTED, disagreements=(found, replace(found, kind="time")))
    assert "Sources disagree" in text_of(render_answer_turn(both, turn=0))


def test_words_that_answer_are_bold_and_escaped() -> None:
    statement = replace(DISPUTED.statements[0], text="Up to <300> & more.", answer_words=(6, 11))
    html = render_answer_turn(replace(DISPUTED, statements=(statement,)), turn=0)
    assert 'class="text">Up to <strong>&lt;300&gt;</strong> &amp; more.</span>' in html


def test_a_timeline_needs_two_dates_and_is_in_order() -> None:
    html = render_answer_turn(DISPUTED, turn=0)
    timeline = text_of(html[html.index('<section class="timeline">') :])
    assert timeline.index("September 2023") < timeline.index("12 March 2024")
    day = StatedDate("then", date(2024, 1, 1), date(2024, 1, 1), "1 January 2024")
    same = tuple(Statement(text, (1,), dates=(day,)) for text in ("One.", "Two."))
    assert "timeline" not in render_answer_turn(replace(DISPUTED, statements=same), turn=0)


@pytest.mark.parametrize(
    ("reason", "shows"),
    [("no_support", 'class="refusal"'), ("small_talk", 'class="reply"')],
)
def test_a_refusal_shows_the_nearest_lines(reason: str, shows: str) -> None:
    refused = Answer("Why?", "Why?", "Not said.", answered=False, state="refused",
                     refusal_reason=reason, closest=(cite(SECOND, 1, 3),))  # type: ignore[arg-type]  # fmt: skip
    html = render_answer_turn(refused, turn=1)
    assert shows in html
    assert ("Three months." in html.split('class="cards"')[0]) == (reason == "no_support")
    assert "checked against" not in html
    told = text_of(render_answer_turn(replace(refused, notice="no article passes"), turn=1))
    assert "Not said. Note: no article passes" in told


def test_chips_are_links_to_the_lines_and_name_their_card() -> None:
    citation = cite(FIRST, 1, 2)
    assert line_link(citation) == "?document=a%20b%2Ffirst.txt&lines=2-2"
    html = render_answer_turn(DISPUTED, turn=2)
    assert 'href="?document=a%20b%2Ffirst.txt&amp;lines=2-2"' in html
    assert 'aria-label="Source 1: Post, 14 March 2024, line 2"' in html
    assert 'role="tooltip" id="turn2-card1"' in html


def test_where_lines_stand() -> None:
    citation = cite(FIRST, 1, 2)
    assert lines_label(citation) == "line 2"
    assert lines_label(replace(citation, last_line=4)) == "lines 2-4"
    extracted = replace(citation, rendering="extracted", page=7)
    assert lines_label(extracted) == "line 2 of the extracted text, page 7"


def test_nothing_from_outside_becomes_markup() -> None:
    document = Document(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, also_paths=(HOSTILE,))
    answer = disputed(document, document, (1, 1))
    answer = replace(
        answer, question=HOSTILE, standalone_question=HOSTILE + "?", notice=HOSTILE, model=HOSTILE,
        statements=tuple(replace(item, text=HOSTILE) for item in answer.statements),
        withheld=tuple(replace(item, text=HOSTILE, reason=HOSTILE) for item in answer.withheld),
        disagreements=tuple(
            replace(item, about=HOSTILE, kind=HOSTILE,
                    claims=tuple(replace(claim, value=HOSTILE, publishers=(HOSTILE,))
                                 for claim in item.claims))
            for item in answer.disagreements
        ),
    )  # fmt: skip
    refused = replace(answer, statements=(), citations=(), closest=answer.citations)
    for html in (
        render_answer_turn(answer, turn=0),
        render_answer_turn(refused, turn=0),
        render_progress(HOSTILE, HOSTILE, answer.statements, answer.citations, turn=0),
        render_error_turn(HOSTILE, HOSTILE, turn=0),
    ):
        found = Markup()
        found.feed(html)
        assert not found.tags & {"script", "img"}
        assert not [name for name in found.attributes if name.startswith("on")]
        assert html.count("<article") == html.count("</article>") == 1


def test_progress_keeps_the_order_of_parts() -> None:
    waiting = render_progress("Q?", None, (), (), turn=0)
    assert 'aria-busy="true"' in waiting
    assert "Searching the articles" in waiting
    begun = render_progress("Q?", None, DISPUTED.statements[:1], DISPUTED.citations, turn=0)
    assert "Searching the articles" not in begun
    assert "Checking what else there is" in begun.split('class="below"')[1]
    done = render_answer_turn(DISPUTED, turn=0)
    parts = r'class="(question|above|statements|below)"'
    assert re.findall(parts, waiting) == re.findall(parts, done)
