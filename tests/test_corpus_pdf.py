"""What a PDF becomes: pages, lines, joined paragraphs, and the errors."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from rag.corpus import CorpusFile, load_document
from rag.corpus.pdf import extract_pdf
from rag.errors import CorpusError
from rag.schema import Document

PARAGRAPH = (
    "The harbour bridge was closed on Tuesday after engineers found a crack",
    "in the eastern span, the port authority said in a statement to reporters",
    "who had come to the pier.",
)
JOINED = " ".join(PARAGRAPH)


def pdf(pages: Sequence[Sequence[str]], *, title: str = "", author: str = "") -> bytes:
    """A PDF with one printed line for each string."""
    stream = BytesIO()
    canvas = Canvas(stream)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for page in pages:
        for place, line in enumerate(page):
            canvas.drawString(60, 800 - 14 * place, line)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def load(folder: Path, data: bytes) -> Document:
    (folder / "a.pdf").write_bytes(data)
    return load_document(folder, CorpusFile("a.pdf", len(data), 0, ""))


def lines(data: bytes) -> list[str]:
    return extract_pdf(data).text.removesuffix("\n").split("\n")


def test_pages_and_lines(tmp_path: Path) -> None:
    document = load(tmp_path, pdf([["One.", "Two."], [], ["Three."], []]))
    assert document.rendering == "extracted"
    assert document.text == "One.\nTwo.\nThree.\n"
    assert document.page_starts == (1, 3, 3, 4)  # pages 2 and 4 have no text
    assert [document.page_at(line) for line in (1, 2, 3)] == [1, 1, 3]


def test_a_paragraph_becomes_one_line() -> None:
    assert lines(pdf([[*PARAGRAPH, *PARAGRAPH]])) == [JOINED, JOINED]


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param(["A short heading", PARAGRAPH[0] + " it."], id="heading"),
        pytest.param([PARAGRAPH[0] + ".", "In short: no."], id="end of a sentence"),
        pytest.param([PARAGRAPH[0], "- first item"], id="item"),
        pytest.param([PARAGRAPH[0], "1. first item"], id="numbered item"),
        pytest.param(["Ships 12", "Cars 34", PARAGRAPH[0]], id="table"),
    ],
)
def test_lines_that_are_kept_apart(printed: list[str]) -> None:
    assert lines(pdf([printed])) == printed


def test_nothing_is_joined_across_pages() -> None:
    assert lines(pdf([[PARAGRAPH[0]], [PARAGRAPH[1]]])) == [PARAGRAPH[0], PARAGRAPH[1]]


@pytest.mark.parametrize(
    ("first", "second", "others", "word"),
    [
        ("infor", "mation", "", "information"),
        ("infor", "mation", "The information is old.", "information"),
        ("counter", "terrorism", "", "counter-terrorism"),
        ("counter", "terrorism", "No counterterrorism here.", "counterterrorism"),
        ("ship", "owner", "A ship-owner came.", "ship-owner"),
        ("ship", "owner", "The ship, a fine ship.", "ship-owner"),
    ],
)
def test_hyphens(first: str, second: str, others: str, word: str) -> None:
    start = "Nobody at the harbour that day had any"
    printed = [f"{start} {first}-", f"{second} to give.", *filter(None, [others])]
    assert lines(pdf([printed]))[0] == f"{start} {word} to give."


def test_a_dash_before_a_capital_is_no_hyphenation() -> None:
    assert lines(pdf([["North-", "South"]])) == ["North-", "South"]


def test_running_heads_and_page_numbers_are_clutter(tmp_path: Path) -> None:
    texts = [f"Ship number {word} came in on time." for word in ("one", "two", "three")]
    pages = [
        ["Portview Times", text, "x" * n + ".", f"Page {n}"]
        for n, text in enumerate(texts, start=1)
    ]
    document = load(tmp_path, pdf(pages))
    marked = [document.lines(line, line) for line in sorted(document.boilerplate)]
    # the first page keeps its head, which may be the title
    assert marked == ["Page 1", "Portview Times", "Page 2", "Portview Times", "Page 3"]


def test_two_pages_share_their_first_line_and_keep_it(tmp_path: Path) -> None:
    assert load(tmp_path, pdf([["Same.", "One."], ["Same.", "Two."]])).boilerplate == set()


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        ("Harbour bridge shut", "Ann Lee", ("Harbour bridge shut", "Ann Lee")),
        ("Microsoft Word - bridge.doc", "alee", (None, None)),
        ("bridge final v2.docx", "Admin", (None, None)),
        ("untitled", "", (None, None)),
        ("(anonymous)", "anonymous", (None, None)),
    ],
)
def test_metadata_only_when_plausible(
    tmp_path: Path, title: str, author: str, expected: tuple[str | None, str | None]
) -> None:
    document = load(tmp_path, pdf([PARAGRAPH], title=title, author=author))
    assert (document.title, document.author) == expected
    assert document.published is None  # the day on which the file was made is no such day


def test_the_day_is_read_from_the_text(tmp_path: Path) -> None:
    document = load(tmp_path, pdf([["Published 5 March 2024", *PARAGRAPH]]))
    assert document.published is not None
    assert document.published.isoformat() == "2024-03-05"


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf([["One."]]))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-128")
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_encrypted_without_password_is_opened() -> None:
    assert lines(encrypted("")) == ["One."]


DAMAGED = pdf([PARAGRAPH])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(encrypted("secret"), "^encrypted$", id="encrypted"),
        pytest.param(pdf([[], []]), "^no text: a scanned PDF needs OCR first$", id="scanned"),
        pytest.param(b"", "^damaged", id="no bytes"),
        pytest.param(b"%PDF-1.4\nnothing", "^damaged", id="head only"),
        pytest.param(b"This is no PDF.", "^damaged", id="text"),
        pytest.param(DAMAGED[: len(DAMAGED) // 3], "^damaged", id="cut"),
    ],
)
def test_errors(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        load(tmp_path, data)


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.corpus.pdf.MAX_PAGES", 2)
    with pytest.raises(CorpusError, match="3 pages, more than 2"):
        extract_pdf(pdf([["a"]] * 3))


@given(st.integers(0, len(DAMAGED) - 1), st.binary(min_size=1, max_size=20))
def test_a_damaged_file_gives_text_that_can_be_stored_or_an_error(at: int, data: bytes) -> None:
    try:
        text = extract_pdf(DAMAGED[:at] + data + DAMAGED[at + len(data) :]).text
    except CorpusError:
        return
    text.encode()


@given(st.lists(st.lists(st.sampled_from(["One.", "Two words", "x" * 60]), max_size=4), max_size=5))
def test_every_page_has_its_start_and_starts_are_in_order(pages: list[list[str]]) -> None:
    if not any(pages):
        return
    found = extract_pdf(pdf(pages))
    assert len(found.page_starts) == len(pages)
    assert list(found.page_starts) == sorted(found.page_starts)
    assert found.page_starts[0] == 1
