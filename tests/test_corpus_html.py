"""What an HTML page becomes: the article's text, and what the page states about it."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.corpus import CorpusFile, load_document
from rag.corpus.html import extract_html
from rag.errors import CorpusError
from rag.schema import Document

DAY = date(2024, 3, 5)
PIECES = ["<", ">", "/", "&", "&#0;", "&#xD800;", "p", "div", "td", "li", "<!--", "-->", "]]>", "x"]
TITLE = "Harbour bridge shut after crack found"
FIRST = (
    "The harbour bridge was closed on Tuesday after engineers found a crack 40 centimetres long "
    "in the eastern span, the port authority said."
)
SECOND = "Traffic is sent over the tunnel &amp; the old ring road, which carries 12,000 cars a day."


def page(*, head: str = "", body: str = "", title: str = TITLE) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>"
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav>'
        f"<article><h1>{TITLE}</h1><p>{FIRST}</p><p>{SECOND}</p>"
        "<ul><li>Monday: the cable</li><li>Tuesday: the deck</li></ul>"
        f"{body}</article><footer><p>Copyright © 2024 Portview Times</p></footer>"
        '<script>var menu = "Subscribe";</script></body></html>'
    )


def load(folder: Path, html: str | bytes) -> Document:
    data = html.encode() if isinstance(html, str) else html
    (folder / "a.html").write_bytes(data)
    return load_document(folder, CorpusFile("a.html", len(data), 0, ""))


def test_text_is_the_article_one_paragraph_a_line(tmp_path: Path) -> None:
    document = load(tmp_path, page())
    assert document.rendering == "extracted"
    assert document.text.split("\n") == [
        TITLE,
        "",
        FIRST,
        "",
        SECOND.replace("&amp;", "&"),
        "",
        "- Monday: the cable",
        "- Tuesday: the deck",
        "",
    ]
    assert document.title == TITLE
    assert document.boilerplate == set()


def test_the_title_comes_first_when_the_body_lacks_it(tmp_path: Path) -> None:
    html = page(head=f'<meta property="og:title" content="{TITLE}">')
    document = load(tmp_path, html.replace(f"<h1>{TITLE}</h1>", ""))
    assert document.text.startswith(f"{TITLE}\n\n{FIRST}")


def test_metadata_of_the_page(tmp_path: Path) -> None:
    head = (
        '<meta property="og:site_name" content="Portview Times">'
        '<meta name="author" content="Ann Lee">'
        '<meta property="article:published_time" content="2024-03-05T23:30:00-05:00">'
    )
    document = load(tmp_path, page(head=head))
    assert (document.publisher, document.author) == ("Portview Times", "Ann Lee")
    assert document.published == DAY
    assert document.published_basis == "page: article:published_time"


@pytest.mark.parametrize(
    ("head", "body", "published", "basis"),
    [
        pytest.param(
            '<script type="application/ld+json">{"@type":"NewsArticle",'
            '"datePublished":"2024-03-05T08:00:00Z","dateModified":"2024-03-09"}</script>',
            "",
            DAY,
            "page: datePublished",
            id="JSON-LD",
        ),
        pytest.param(
            "", '<time datetime="2024-03-05">Tuesday</time>', DAY, "page: time element", id="time"
        ),
        pytest.param(
            '<meta property="article:modified_time" content="2024-03-05">',
            "",
            DAY,
            "page: article:modified_time",
            id="last change only",
        ),
        pytest.param(
            "", f"<p>Published 5 March 2024</p><p>{FIRST}</p>", None, None, id="amid the text"
        ),
        pytest.param(
            "",
            '<time datetime="2024-03-05">a</time><time datetime="2024-03-06">b</time>',
            None,
            None,
            id="two days",
        ),
        pytest.param(
            '<link rel="canonical" href="https://portview.example/2024/03/05/bridge">',
            "",
            None,
            None,
            id="address of the page",
        ),
        pytest.param('<meta name="date" content="2999-01-01">', "", None, None, id="in the future"),
        pytest.param("", "<p>The fair of 5 March 2024 was a success.</p>", None, None, id="text"),
    ],
)
def test_published_is_what_the_page_states(
    tmp_path: Path, head: str, body: str, published: date | None, basis: str | None
) -> None:
    document = load(tmp_path, page(head=head, body=body))
    assert (document.published, document.published_basis) == (published, basis)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            "<html><body><nav><ul>"
            + "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(40))
            + "</ul></nav></body></html>",
            id="menu",
        ),
        pytest.param("<html><body><script>var a = 1;</script></body></html>", id="script"),
        pytest.param("<html></html>", id="nothing"),
        pytest.param("<div>" * 20_000 + "deep", id="deep nesting"),
    ],
)
def test_a_page_without_an_article(tmp_path: Path, html: str) -> None:
    with pytest.raises(CorpusError, match=r"^no article text found$"):
        load(tmp_path, html)


def test_an_empty_page(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"^empty$"):
        load(tmp_path, " \n ")


def test_a_page_with_too_many_tags_is_refused_at_once(tmp_path: Path) -> None:
    started = time.perf_counter()
    with pytest.raises(CorpusError, match=r"100,\d\d\d tags, more than 60,000"):
        load(tmp_path, page(body="<h2>a</h2>" * 50_000))
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("windows-1250", "cp1250"),
        ("no-such-encoding", "cp1252"),
        ("utf-8", "utf-16"),
        ("iso-8859-1", "utf-8"),  # the bytes are right and the page is wrong
    ],
)
def test_encodings(tmp_path: Path, declared: str, encoding: str) -> None:
    words = "“Schön”, sagte der Bürgermeister über die alte Brücke am Hafen der großen Stadt."
    html = page(head=f'<meta charset="{declared}">', body=f"<p>{words}</p>").replace("©", "")
    assert words in load(tmp_path, html.encode(encoding)).text


def test_a_declaration_of_xml_is_no_obstacle(tmp_path: Path) -> None:
    html = '<?xml version="1.0" encoding="utf-8"?>\n' + page()
    assert FIRST in load(tmp_path, html).text


def test_broken_html_is_read(tmp_path: Path) -> None:
    html = page().replace("</p>", "").replace("</article>", "</b></table>")
    assert FIRST in load(tmp_path, html).text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES)))
def test_any_page_gives_text_that_can_be_stored_or_an_error(pieces: list[str]) -> None:
    try:
        text, _ = extract_html("".join(pieces).encode())
    except CorpusError:
        return
    assert "\r" not in text
    text.encode()


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CorpusError):
        load(tmp_path, "<html><body></body></html>")
    assert capfd.readouterr() == ("", "")
