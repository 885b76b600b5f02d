"""What the front matter, the head and the foot of a text say about it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import CorpusFile, load_document
from rag.corpus.dates import find_date
from rag.corpus.frontmatter import read_front_matter
from rag.errors import CorpusError
from rag.schema import Document

BODY = "The harbour bridge was closed on Tuesday after a crack was found, the authority said."
TITLE = "Harbour bridge shut after crack found"
DAY = date(2023, 9, 25)


def load(folder: Path, text: str, name: str = "a.txt") -> Document:
    (folder / name).write_bytes(text.encode())
    return load_document(folder, CorpusFile(name, len(text), 0, ""))


# dates


@pytest.mark.parametrize(
    "text",
    [
        "2023-09-25",
        "2023-09-25T13:53:00Z",
        "2023-09-25 23:59:59-05:00",
        "2023/9/25",
        "25 September 2023",
        "Monday 25th September 2023",
        "25 Sept. 2023",
        "25-Sep-2023",
        "September 25, 2023, 1:53 PM",
        "Sep 25 2023",
        "SEPTEMBER 25th, 2023",
        "Mon, 25 Sep 2023 13:53:00 +0000",
        "25/09/2023",
        "9/25/2023",
        "25.9.2023",
    ],
)
def test_reads_a_day(text: str) -> None:
    found = find_date(text)
    assert found is not None
    assert found[0] == DAY


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("05/09/2023", id="day or month first"),
        pytest.param("31 February 2023", id="no such day"),
        pytest.param("2023-13-01", id="no such month"),
        pytest.param("25 September", id="no year"),
        pytest.param("September 2023", id="no day"),
        pytest.param("25 September 1899", id="before 1900"),
        pytest.param("1 September 2023 and 2 September 2023", id="two days"),
        pytest.param("12023-09-25", id="part of a number"),
        pytest.param("", id="nothing"),
    ],
)
def test_reads_no_day(text: str) -> None:
    assert find_date(text) is None


def test_a_day_after_tomorrow_is_ignored() -> None:
    today = date(2024, 1, 10)
    assert find_date("2024-01-11", today=today) is not None
    assert find_date("2024-01-12", today=today) is None


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    written = f"{day.day} {day:%B} {day.year:04}"
    assert find_date(written) == (day, (0, len(written)))


# front matter


def test_front_matter(tmp_path: Path) -> None:
    text = (
        "---\nTitle: 1984\nsource: Portview Times\nauthors: [Ann Lee, Bo Ek]\n"
        f"date: 2023-09-25T23:30:00-05:00\n---\n\n{BODY}\n"
    )
    document = load(tmp_path, text, "a.md")
    assert document.title == "1984"
    assert document.publisher == "Portview Times"
    assert document.author == "Ann Lee, Bo Ek"
    assert document.published == DAY
    assert document.published_basis == "front matter: date"
    assert document.boilerplate == set(range(1, 6 + 1))
    assert document.lines(8, 8) == BODY


def test_front_matter_counts_before_the_text_and_the_text_fills_its_gaps(tmp_path: Path) -> None:
    text = f"---\ntitle: Other words here\n---\n# {TITLE}\n\nBy Ann Lee\n\n{BODY}\n"
    document = load(tmp_path, text, "a.md")
    assert document.title == "Other words here"
    assert document.author == "Ann Lee"


def test_front_matter_may_say_how_the_day_is_known(tmp_path: Path) -> None:
    text = f"---\npublished: 2023-09-25\npublished_basis: the archive's list\n---\n{BODY}\n"
    assert load(tmp_path, text).published_basis == "the archive's list"


def test_front_matter_without_values(tmp_path: Path) -> None:
    text = f"---\ntitle: null\nauthor: ~\nsource:\ndate:\n---\n{BODY}\n"
    document = load(tmp_path, text)
    assert (document.title, document.author, document.publisher) == (None, None, None)
    assert (document.published, document.published_basis) == (None, None)


def test_front_matter_may_say_that_the_day_is_not_known(tmp_path: Path) -> None:
    head = "---\npublished: null\npublished_basis: not known\n---\n"
    document = load(tmp_path, f"{head}{BODY}\n\nUpdated: 25 September 2023\n")
    assert (document.published, document.published_basis) == (None, "not known")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("---\ntitle: a: b: c\n---\n", id="not YAML"),
        pytest.param("---\ntitle: [open\n---\n", id="open list"),
        pytest.param("---\nJust some words.\n---\n", id="no mapping"),
        pytest.param("---\nNote: a remark\n---\n", id="no key that is known"),
        pytest.param("---\ntitle: never closed\n", id="not closed"),
        pytest.param("---\n" + "[" * 5_000 + "\n---\n", id="deeply nested"),
        pytest.param("\n---\ntitle: not at the top\n---\n", id="not at the top"),
    ],
)
def test_what_is_no_front_matter_stays_text(tmp_path: Path, head: str) -> None:
    document = load(tmp_path, head + BODY + "\n")
    assert document.boilerplate == set()
    assert document.text == head + BODY + "\n"


def test_nothing_but_front_matter(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no text after the front matter"):
        load(tmp_path, "---\ntitle: T\n---\n\n")


# the head of the text


@pytest.mark.parametrize(
    ("head", "title"),
    [
        pytest.param(f"{TITLE}\n\n", TITLE, id="first line, then a blank one"),
        pytest.param(f"# {TITLE}\n", TITLE, id="heading"),
        pytest.param(f"Title: {TITLE}\n", TITLE, id="label"),
        pytest.param(f"{TITLE}\n=====\n", TITLE, id="underlined"),
        pytest.param(f"{TITLE}\nBy Ann Lee\n\n", TITLE, id="byline below"),
        pytest.param(f"Skip to content\n\n{TITLE}\n\n", TITLE, id="clutter above"),
        pytest.param("What will the bridge cost?\n\n", "What will the bridge cost?", id="question"),
        pytest.param(f"{TITLE}.\n\n", None, id="a sentence"),
        pytest.param(f"{TITLE}\n", None, id="nothing between it and the text"),
        pytest.param("Background\n\n", None, id="one word"),
        pytest.param("By Ann Lee and Bo Ek\n\n", None, id="byline"),
        pytest.param("Monday 25 September 2023\n\n", None, id="day"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_title(tmp_path: Path, head: str, title: str | None) -> None:
    assert load(tmp_path, f"{head}{BODY}\n\n{BODY}\n").title == title


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("by Ann Lee & Bo Ek", "Ann Lee & Bo Ek"),
        ("By Ann Lee, Bo Ek and Cy O'Hara", "Ann Lee, Bo Ek and Cy O'Hara"),
        ("By Ann van der Lee, Political Editor", "Ann van der Lee"),
        ("Written by Ann Lee", "Ann Lee"),
        ("By Ann Lee | 25 September 2023", "Ann Lee"),
        ("By ANN LEE", "ANN LEE"),
        ("By News Room", None),
        ("By BBC News Staff", None),
        ("By Agencies", None),
        ("By the end of the week", None),
        ("By Land And Sea", None),
        ("Ann Lee", None),
    ],
)
def test_author(tmp_path: Path, line: str, author: str | None) -> None:
    document = load(tmp_path, f"{TITLE}\n\n{line}\n\n{BODY}\n")
    assert document.author == author
    assert document.boilerplate == set()  # who wrote it is no clutter


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        pytest.param(f"{TITLE}\n\nBy Ann Lee\n\nBBC News\n\n", "BBC News", id="after the byline"),
        pytest.param(
            f"{TITLE}\n\nBy Ann Lee\nHome affairs correspondent\nPortview Times\n\n",
            "Portview Times",
            id="after the role",
        ),
        pytest.param(f"{TITLE}\n\nBy Ann Lee, Sky News\n\n", "Sky News", id="in the byline"),
        pytest.param(f"{TITLE}\n\nSource: Reuters\n\n", "Reuters", id="label"),
        pytest.param(f"{TITLE} | Portview Times\n\n", "Portview Times", id="end of the title"),
        pytest.param(f"{TITLE} - Portview Times\n\n", "Portview Times", id="dash"),
        pytest.param(f"{TITLE} - Mayor Speaks\n\n", None, id="no outlet"),
        pytest.param(f"{TITLE}\n\nBy Ann Lee\n\nNew York\n\n", None, id="a place"),
        pytest.param(f"{TITLE}\n\nSource: Office for Statistics\n\n", None, id="a source of data"),
        pytest.param(f"{TITLE}\n\nBBC News\n\n", None, id="no byline before it"),
    ],
)
def test_publisher(tmp_path: Path, head: str, publisher: str | None) -> None:
    document = load(tmp_path, f"{head}{BODY}\n")
    assert document.publisher == publisher
    if publisher and head.startswith(f"{TITLE} "):
        assert document.title == TITLE


@pytest.mark.parametrize(
    ("line", "author", "publisher"),
    [
        ("By Ann Lee for The Portview Times", "Ann Lee", "The Portview Times"),
        ("By Ann Lee of the Associated Press", "Ann Lee", "the Associated Press"),
        ("By Ann Lee (Reuters)", "Ann Lee", "Reuters"),
        ("By Ann Lee in London for BBC News", "Ann Lee", "BBC News"),
        ("By ANN LEE, Associated Press", "ANN LEE", "Associated Press"),
        ("By Ann Lee and Bo Ek / Associated Press", "Ann Lee and Bo Ek", "Associated Press"),
        ("By Ann Lee - BBC News", "Ann Lee", "BBC News"),
        ("By Ann Lee BBC News", "Ann Lee", "BBC News"),
        ("By Ann Lee, Gull Herald", "Ann Lee", "Gull Herald"),
        ("By Ann Lee, BBC home affairs correspondent", "Ann Lee", "BBC"),
        ("By Ann Lee\nBBC home affairs correspondent", "Ann Lee", "BBC"),
        ("**By Ann Lee**\n_BBC News_", "Ann Lee", "BBC News"),
        ("By [Ann Lee](https://example.org/ann), *Sky News*", "Ann Lee", "Sky News"),
        ("By Reuters Staff", None, "Reuters"),
        ("By The Associated Press", None, "The Associated Press"),
        ("By Portview Times Staff", None, "Portview Times"),
        ("Author: Ann Lee", "Ann Lee", None),
        ("Ann Lee | Portview Times | 25 September 2023", "Ann Lee", "Portview Times"),
        ("Ann Lee, The Gull Express, 25 September 2023", "Ann Lee", "The Gull Express"),
        ("BBC News, 25 September 2023", None, "BBC News"),
        ("By Emily Post", "Emily Post", None),
        ("By Jo Press", None, None),
        ("By Staff Reporter", None, None),
        ("Ann Lee/Reuters", None, None),
        ("Photograph: Ann Lee/AP", None, None),
        ("Sir Mark Lee\nPA Media", None, None),
        ("The bridge, 25 September 2023, The Gull Express", None, None),
    ],
)
def test_a_byline_tells_author_and_outlet_apart(
    tmp_path: Path, line: str, author: str | None, publisher: str | None
) -> None:
    document = load(tmp_path, f"{TITLE}\n\n{line}\n\n{BODY}\n")
    assert (document.author, document.publisher) == (author, publisher)
    assert document.title == TITLE


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        pytest.param(f"Portview Times\n\n{TITLE}\n\n{BODY}", "Portview Times", id="above"),
        pytest.param(f"{TITLE} | UK | The Guardian\n\n{BODY}", "The Guardian", id="after section"),
        pytest.param(f"{TITLE}\n\nPublisher: Gull Online\n\n{BODY}", "Gull Online", id="label"),
        pytest.param(f"{TITLE}\n\nOutlet: The Gull\nDate: 2023-09-25\n\n{BODY}", "The Gull",
                     id="label, other lines"),
        pytest.param(f"{TITLE}\n\nSource: BBC News, 25 September 2023\n\n{BODY}", "BBC News",
                     id="source and day"),
        pytest.param(f"{TITLE}\n\nSource: https://www.example.org/a/b?c=1\n\n{BODY}",
                     "example.org", id="address"),
        pytest.param(f"{TITLE}\n\nPublished by The Guardian on 25 September 2023\n\n{BODY}",
                     "The Guardian", id="published by"),
        pytest.param(f"{TITLE}\n\n{BODY}\n\n*This story first appeared in The Portview Times.*",
                     "The Portview Times", id="first appeared in"),
        pytest.param(f"{TITLE}\n\nLONDON (Reuters) - {BODY}", "Reuters", id="dateline"),
        pytest.param(f"{TITLE}\n\nWASHINGTON, Sept 25 (AFP) – {BODY}", "AFP", id="dated dateline"),
        pytest.param(f"{TITLE}\n\n(CNN) — {BODY}", "CNN", id="dateline without a place"),
        pytest.param(f"{TITLE}\n\n{BODY}\n\n© 2023 The Portview Times. All rights reserved.",
                     "The Portview Times", id="copyright"),
        pytest.param(f"{TITLE}\n\n{BODY}\n\nCopyright The Portview Times Limited 2023. All rights"
                     " reserved.", "The Portview Times", id="copyright of a company"),
        pytest.param(f"{TITLE}\n\n{BODY}\n\n© Getty Images", None, id="a picture"),
        pytest.param(f"{TITLE}\n\n{BODY}\n\n© 2023 All rights reserved", None, id="of nobody"),
        pytest.param(f"{TITLE}\n\nImage source, Reuters\n\n{BODY}", None, id="of the picture"),
        pytest.param(f"{TITLE}\n\nPublication: 25 September 2023\n\n{BODY}", None, id="a day"),
        pytest.param(f"{TITLE}\n\n{BODY} He told The Portview Times.", None, id="told to"),
        pytest.param(f"{TITLE}\n\nThe bridge (AP) stands.\n\n{BODY}", None, id="no dateline"),
        pytest.param(f"{TITLE}\n\nThe report was published by The Lancet Press.\n\n{BODY}", None,
                     id="of something else"),
    ],
)  # fmt: skip
def test_the_outlet_that_a_page_names(tmp_path: Path, text: str, publisher: str | None) -> None:
    document = load(tmp_path, text + "\n")
    assert (document.title, document.publisher) == (TITLE, publisher)


# dated lines


@pytest.mark.parametrize(
    ("text", "published", "basis"),
    [
        pytest.param(
            f"{BODY}\n\nUpdated: September 25, 2023, 1:53 PM",
            DAY,
            "dated line 3: Updated",
            id="updated, at the foot",
        ),
        pytest.param(
            f"{TITLE}\n\nPublished 25 September 2023\n\n{BODY}",
            DAY,
            "dated line 3: Published",
            id="published, at the head",
        ),
        pytest.param(
            f"{TITLE}\n\nPublished on: 2023-09-25T08:00:00+01:00\n\n{BODY}",
            DAY,
            "dated line 3: Published on",
            id="ISO with a zone",
        ),
        pytest.param(
            f"{TITLE}\n\nPublished 25 September 2023 | Updated 27 September 2023\n\n{BODY}",
            DAY,
            "dated line 3: Published",
            id="both on one line",
        ),
        pytest.param(
            f"{TITLE}\n\nUpdated 27 September 2023\n\n{BODY}\n\nPublished 25 September 2023",
            DAY,
            "dated line 7: Published",
            id="published counts before updated",
        ),
        pytest.param(
            f"{TITLE}\n\nMonday, 25 September 2023 at 08:15 BST\n\n{BODY}",
            DAY,
            "dated line 3",
            id="a day alone",
        ),
        pytest.param(
            f"{TITLE}\n\nBy Ann Lee | 25 September 2023 | BBC News\n\n{BODY}",
            DAY,
            "dated line 3",
            id="beside the byline",
        ),
        pytest.param(
            f"{TITLE}\n\nThe plan was published on 25 September 2023\n\n{BODY}",
            None,
            None,
            id="a statement",
        ),
        pytest.param(f"{BODY}\n\n25 September 2023", None, None, id="a day alone at the foot"),
        pytest.param(
            f"{BODY}\n\nPublished 25 September 2023\n\n" + f"{BODY}\n\n" * 8,
            None,
            None,
            id="amid the text",
        ),
        pytest.param(
            f"{TITLE}\n\nPublished {date.today() + timedelta(days=400):%d %B %Y}\n\n{BODY}",
            None,
            None,
            id="in the future",
        ),
    ],
)
def test_published(tmp_path: Path, text: str, published: date | None, basis: str | None) -> None:
    document = load(tmp_path, text)
    assert (document.published, document.published_basis) == (published, basis)
    assert document.boilerplate == set()  # a user may ask for the day


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param(r"Fire \ud83d\udd25", "Fire \U0001f525", id="a pair"),
        pytest.param(r"Fire \ud83d", "Fire \ufffd", id="half a pair"),
    ],
)
def test_surrogates_in_front_matter_become_characters(written: str, title: str) -> None:
    metadata, last_line = read_front_matter(["---", f'title: "{written}"', "---", "Text."])
    assert (metadata.title, last_line) == (title, 3)
