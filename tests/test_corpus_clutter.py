"""Which lines are the page and not the article, and, more important, which are not."""

import hashlib
import time
from collections.abc import Sequence

import pytest

from rag.corpus import mark_repeated_lines
from rag.corpus.clutter import find_clutter
from rag.schema import Document

PROSE = "The harbour bridge was closed on Tuesday after a crack was found, the authority said."


def article(*lines: str) -> list[str]:
    """The lines amid an article, where words of menus are no clutter."""
    return [PROSE, "", *lines, "", PROSE]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Receive free Harbour Authority updates", "newsletter"),
        ("We’ll send you a Daily Digest email rounding up the latest port news.", "newsletter"),
        ("Sign up to our daily newsletter", "newsletter"),
        ("Subscribe to our newsletter for more stories like this!", "newsletter"),
        ("[Sign up here](https://a.example) to get the briefing in your inbox", "newsletter"),
        ("Share This Article", "share box"),
        ("Share on Facebook", "share box"),
        ("Facebook Twitter WhatsApp Email", "share box"),
        ("Leave a comment", "comment box"),
        ("## Leave a Reply", "comment box"),
        (
            "Your email address will not be published.",
            "comment box",
        ),
        ("12 Comments", "comment box"),
        ("By Evening Desk 4 Min Read", "reading time"),
        ("4 min read", "reading time"),
        ("Image source, AFP", "image credit"),
        ("Image credit: Jo Hart", "image credit"),
        ("BBC/Jo Hart", "image credit"),
        ("Photo by Jo Hart/Getty Images", "image credit"),
        ("Jo Hart via Getty Images", "image credit"),
        ("(Photo: Jo Hart / Reuters)", "image credit"),
        ("Getty Images", "image credit"),
        ("Skip to content", "skip link"),
        ("Read the full article here", "full article link"),
        ("CLICK HERE TO READ MORE", "full article link"),
        ("Powered by automated translation", "translation notice"),
        ("We use cookies to give you the best experience.", "cookie notice"),
        ("Accept all cookies", "cookie notice"),
        ("Advertisement", "advertisement"),
        ("ADVERTISEMENT Article continues below this ad", "advertisement"),
        ("Follow us on Twitter", "follow us"),
        ("Copyright © 2023 Portview Times", "copyright"),
        ("© 2023 Portview Times. All rights reserved.", "copyright"),
        ("Related Posts", "link list"),
        ("MOST READ", "link list"),
        ("Email {{ #errors }} {{ message }} {{ /errors }}", "page widget"),
    ],
)
def test_clutter(line: str, rule: str) -> None:
    assert find_clutter(article(line)) == {3: rule}


@pytest.mark.parametrize(
    "line",
    [
        "Updated: September 25, 2023, 1:53 PM",
        "By Ann Lee & Bo Ek",
        "BBC News",
        "Media caption, A former officer says the plan is a mistake",
        "Image caption, The bridge was closed on Tuesday",
        "Officers stand guard outside the town hall on Monday. AP",
        "The bridge on Tuesday. Photograph: Jo Hart/Reuters",
        "(Photo: protesters burn tyres outside parliament)",
        "“We’ll send you a text when the bridge opens,” the chief said.",
        "“Follow us,” the captain called.",
        "Photo by drone shows damage at the plant",
        "Media source confirms strike on harbour",
        "Israel/Palestine",
        "Row erupts in chamber/AP",
        "Powered by wind",
        "Sign up to the register by email before 26 October.",
        "Sign up for flood alerts at the council's office",
        "Download the NHS app to book a test.",
        "By using tracking cookies, the firm built profiles of its users.",
        "The firm said that by signing up users agree to its privacy policy and terms of use.",
        "Subscribe now or pay later: how shops lure customers",
        "Home – where the heart is",
        "Related party transactions rose to 4 million",
        "Share prices fell on Monday",
        "Comments by the minister caused anger",
        "Copyright law was changed in 2023",
        "Advertisement spending fell by a tenth",
        "Home",
        "Help",
        "Contact",
        "“Never again.”",
        "What happens next?",
        "- 12 people were hurt",
        "2,595",
    ],
)
def test_not_clutter(line: str) -> None:
    assert find_clutter(article(line)) == {}


def test_words_of_menus_are_clutter_outside_the_article_only() -> None:
    lines = ["Menu", "Sign in", "", PROSE, "", "Help", "", PROSE, "", "Privacy policy"]
    assert find_clutter(lines) == {1: "menu", 2: "menu", 10: "menu"}


def test_no_prose_no_menu_words() -> None:
    assert find_clutter(["Name", "Email", "Ann"]) == {}


@pytest.mark.parametrize(
    ("lines", "clutter"),
    [
        pytest.param(
            ["Home ยป Harbour Bridge Shut", "", "Harbour Bridge Shut", PROSE], {1}, id="mojibake"
        ),
        pytest.param(["Home > News > Harbour bridge shut", PROSE], {1}, id="two separators"),
        pytest.param(["Home » Harbour bridge…", "Harbour bridge shut", PROSE], {1}, id="cut title"),
        pytest.param(["Home > Away", "", PROSE], set(), id="not the title"),
        pytest.param([PROSE, "Home » A » B", PROSE], set(), id="amid the text"),
    ],
)
def test_breadcrumb(lines: list[str], clutter: set[int]) -> None:
    assert set(find_clutter(lines)) == clutter


def test_section_label_is_the_name_of_the_author_box_below_it() -> None:
    lines = ["A title of four words", "", "Evening Desk", "By Evening Desk 4 Min Read", "", PROSE]
    assert find_clutter(lines) == {3: "section label", 4: "reading time"}
    assert find_clutter(["Evening Desk", "", PROSE]) == {}


def test_after_related_posts_links_are_clutter_and_statements_are_not() -> None:
    lines = [
        PROSE,
        "Related Posts",
        "Mayor opens new school",
        "Rail fares to rise in June",
        "Updated: September 25, 2023",
        "Media caption, The bridge on Tuesday",
        "Reporting by Ann Lee",
    ]
    assert set(find_clutter(lines)) == {2, 3, 4}
    assert set(find_clutter([*lines, PROSE])) == {2}  # the article goes on: only the heading


def test_form_that_was_run_together() -> None:
    form = (
        "Sign up to Harbour Weekly Free newsletter Please enter a valid email address "
        "By signing up you agree to our privacy policy Thanks for signing up!"
    )
    assert find_clutter(article(form)) == {3: "newsletter"}


@pytest.mark.parametrize("piece", ["a ", "A ", "[", "share ", "AFP / ", "Photo by A ", "© ", " "])
def test_long_lines_take_no_time(piece: str) -> None:
    started = time.perf_counter()
    find_clutter([piece * (990 // len(piece)) + "!", piece * 1_000_000 + "!"] * 5)
    assert time.perf_counter() - started < 2


# lines that a site repeats


def documents(texts: Sequence[Sequence[str]]) -> list[Document]:
    made = []
    for number, lines in enumerate(texts):
        text = "\n".join(lines)
        digest = hashlib.sha256(text.encode()).hexdigest()
        made.append(Document(f"{number}.txt", text, digest))
    return made


def site(line: str, *, count: int, others: int = 0) -> list[Document]:
    """Different articles of one site that share one line at their foot, and others without it."""
    own = [[f"{PROSE} {n}", f"{n} people waited for {n} hours.", line] for n in range(count)]
    rest = [[f"{PROSE} {n}", f"{n} ships came in."] for n in range(100, 100 + others)]
    return documents(own + rest)


def marked(pages: Sequence[Document]) -> list[set[int]]:
    return [set(document.boilerplate) for document in mark_repeated_lines(pages)]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Be first and subscribe to the Harbour Weekly today", id="service"),
        pytest.param("Teams | Scores | Tables | Fixtures", id="row of links"),
    ],
)
def test_what_a_site_repeats(line: str) -> None:
    assert marked(site(line, count=5, others=95)) == [{3}] * 5 + [set()] * 95
    assert marked(site(line, count=4, others=95)) == [set()] * 99


def test_a_footer_of_every_page_is_marked() -> None:
    line = "An independent paper for the whole coast since the war"
    assert marked(site(line, count=8, others=8)) == [{3}] * 8 + [set()] * 8
    assert marked(site(line, count=8, others=9)) == [set()] * 17


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("“We had no choice but to close the bridge”", id="quote"),
        pytest.param("The bridge was built in 1961 and carries 12,000 cars", id="figures"),
        pytest.param("By Ann Lee of the Harbour desk", id="byline"),
        pytest.param("What happens next", id="heading"),
        pytest.param("Updated: 25 September 2023", id="day"),
    ],
)
def test_what_articles_may_share(line: str) -> None:
    assert marked(site(line, count=8)) == [set()] * 8


def test_a_background_paragraph_is_not_marked() -> None:
    line = "The ferry sank in the strait two years ago and all of its crew were lost."
    assert marked(site(line, count=10, others=30)) == [set()] * 40


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("An inquest will be held in the town.", id="sentence at every foot"),
        pytest.param("The firm changed its privacy policy after the breach.", id="policy"),
    ],
)
def test_a_sentence_is_not_marked_even_when_all_share_it(line: str) -> None:
    assert marked(site(line, count=9)) == [set()] * 9


def test_wire_copy_is_not_marked() -> None:
    lines = [PROSE, "Subscribe to the plan or lose it, the minister told them.", f"{PROSE} Twice."]
    copies = documents([[*lines, str(n)] for n in range(6)])
    assert marked(copies) == [set()] * 6


def test_unchanged_documents_are_returned_as_they_are() -> None:
    pages = site("What happens next", count=3)
    assert all(a is b for a, b in zip(pages, mark_repeated_lines(pages), strict=True))
    assert mark_repeated_lines([]) == []
