"""Finding the files, and what a text file becomes: lines, rendering, errors."""

import os
import random
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import CorpusFile, find_files, load_document
from rag.corpus.decoding import decode
from rag.errors import CorpusError
from rag.schema import Document

# Read on import: a fixture cleans the environment of RAG_* before each test.
SHARED_DIR = os.environ.get("RAG_SHARED_DIR")

STORY = "The harbour bridge was closed on Tuesday, the port authority said.\n"


def load(folder: Path, name: str, data: bytes | str) -> Document:
    content = data.encode() if isinstance(data, str) else data
    (folder / name).write_bytes(content)
    return load_document(folder, CorpusFile(name, len(content), 0, ""))


def paths_and_reasons(folder: Path, *, max_file_mb: float = 20) -> tuple[list[str], dict[str, str]]:
    found, skipped = find_files(folder, max_file_mb=max_file_mb)
    return [file.path for file in found], {file.path: file.reason for file in skipped}


# finding


def test_finds_every_kind_in_any_case_sorted_and_nested(tmp_path: Path) -> None:
    names = [
        "z.txt",
        "a.md",
        "sub/b.MARKDOWN",
        "sub/deep/c.HTML",
        "sub/d.htm",
        "E.PDF",
        "README.md",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(STORY)
    assert paths_and_reasons(tmp_path) == (sorted(names), {})


def test_a_found_file_has_size_time_and_hash_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"abc")
    os.utime(tmp_path / "a.txt", ns=(5, 7_000))
    (file,), _ = find_files(tmp_path, max_file_mb=1)
    # the well-known SHA-256 of "abc"
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert file == CorpusFile("a.txt", 3, 7_000, digest)


def test_skips_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_text("x")
    (tmp_path / "no-suffix").write_text("x")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "big.txt").write_text("x" * 2_000)
    (tmp_path / "line\nbreak.txt").write_text(STORY)
    os.mkfifo(tmp_path / "pipe.txt")
    found, reasons = paths_and_reasons(tmp_path, max_file_mb=0.001)
    assert found == []
    assert reasons["a.docx"] == reasons["no-suffix"] == "not .txt, .md, .html or .pdf"
    assert reasons["empty.txt"] == "empty"
    assert "more than 0.001 MB" in reasons["big.txt"]
    assert "control characters" in reasons["line\nbreak.txt"]
    assert reasons["pipe.txt"] == "not a regular file"


def test_passes_over_hidden_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.txt").write_text(STORY)
    (tmp_path / ".hidden.txt").write_text(STORY)
    assert paths_and_reasons(tmp_path) == ([], {})


def test_skips_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text(STORY)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    found, reasons = paths_and_reasons(tmp_path)
    assert found == []
    assert reasons == {"caf\\xe9.txt": "the file name is not valid UTF-8: rename it"}


def test_links_are_followed_to_files_of_the_corpus_only(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(STORY)
    corpus = tmp_path / "corpus"
    (corpus / "sub").mkdir(parents=True)
    (corpus / "a.txt").write_text(STORY)
    targets: dict[str, str | Path] = {
        "copy.txt": "a.txt",
        "leaves.txt": outside,
        "gone.txt": "nothing.txt",
        "circle.txt": "circle.txt",
        "sub/up": "..",
    }
    for name, target in targets.items():
        (corpus / name).symlink_to(target)
    found, reasons = paths_and_reasons(corpus)
    assert found == ["a.txt", "copy.txt"]
    assert "leaves the corpus" in reasons["leaves.txt"]
    assert "does not exist" in reasons["gone.txt"]
    assert "circle" in reasons["circle.txt"]
    assert "folder of the corpus" in reasons["sub/up"]


def test_skips_an_unreadable_file_and_folder(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "sub").mkdir(mode=0)
    _, reasons = paths_and_reasons(tmp_path)
    assert reasons["a.txt"].startswith("cannot be read")
    assert reasons["sub"].startswith("the folder cannot be read")


def test_skips_a_file_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(STORY)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert paths_and_reasons(tmp_path) == ([], {"a.txt": "cannot be read (Permission denied)"})


@pytest.mark.parametrize("kind", ["missing", "a file"])
def test_a_corpus_that_is_no_folder_names_the_next_step(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "corpus"
    if kind == "a file":
        path.write_text("x")
    with pytest.raises(CorpusError, match="--corpus DIR"):
        find_files(path, max_file_mb=1)


def test_a_corpus_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text(STORY)
    (tmp_path / "link").symlink_to("real")
    assert paths_and_reasons(tmp_path / "link") == (["a.txt"], {})


# decoding

LATIN = "“It’s done” – she said. Café, naïve, £20 and €30.\n"


@pytest.mark.parametrize(
    ("text", "encoding", "rendering"),
    [
        pytest.param(LATIN, "utf-8", "source", id="utf-8"),
        pytest.param(LATIN, "utf-8-sig", "source", id="utf-8 with mark"),
        pytest.param(LATIN, "utf-16", "extracted", id="utf-16 with mark"),
        pytest.param(LATIN, "utf-16-le", "extracted", id="utf-16-le"),
        pytest.param(LATIN, "utf-16-be", "extracted", id="utf-16-be"),
        pytest.param(LATIN, "utf-32", "extracted", id="utf-32 with mark"),
        pytest.param(LATIN, "utf-32-be", "extracted", id="utf-32-be"),
        pytest.param("总理周一讲话。\n会议结束。\n", "utf-16-le", "extracted", id="chinese utf-16"),
        pytest.param(LATIN, "cp1252", "source", id="windows-1252"),
        pytest.param("It’s over.\n", "cp1252", "source", id="one byte of windows-1252"),
        pytest.param("He paid £20 for it.\n", "cp1252", "source", id="pound sign"),
        pytest.param("Le café fermé de Zürich\n", "latin-1", "source", id="latin-1"),
        pytest.param("“It’s done” she said. Café.\n", "mac_roman", "source", id="mac"),
        pytest.param(
            "Wałęsa powiedział, że gęś jest żółta, a źdźbło świeci. Prezydent spotkał ministra.\n",
            "cp1250",
            "source",
            id="polish",
        ),
        pytest.param("Президент заявил о переговорах.\n" * 3, "cp1251", "source", id="russian"),
        pytest.param(
            "首相は国会で経済について話しました。\n" * 3, "shift_jis", "source", id="japanese"
        ),
        pytest.param("总理在议会就经济发表讲话。\n" * 3, "gb18030", "source", id="chinese"),
    ],
)
def test_decodes(text: str, encoding: str, rendering: str) -> None:
    assert decode(text.encode(encoding)) == (text, rendering)


def test_a_damaged_byte_does_not_spoil_the_rest() -> None:
    data = "“Café” – naïve – “déjà vu”".encode() + b"\xff!"
    assert decode(data)[0] == "“Café” – naïve – “déjà vu”\ufffd!"


def test_mojibake_is_kept() -> None:
    assert decode("Home ยป Weâ€™ll see".encode())[0] == "Home ยป Weâ€™ll see"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", id="png"),
        pytest.param(b"text with a NUL\0 in it", id="NUL in utf-8"),
        pytest.param(bytes(range(1, 9)) * 20, id="control characters"),
        pytest.param(b"\xef\xbb\xbfmark\0and NUL", id="NUL after a mark"),
    ],
)
def test_binary_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"^binary$"):
        load(tmp_path, "a.txt", data)


def test_random_bytes_are_binary() -> None:
    with pytest.raises(CorpusError, match=r"^binary$"):
        decode(random.Random(1).randbytes(5_000))


@pytest.mark.parametrize(
    "data", [b" \n\t\r\n", b"\xef\xbb\xbf\n", "\u200b\n\u00a0".encode()], ids=repr
)
def test_white_space_is_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"^empty$"):
        load(tmp_path, "a.txt", data)


@given(st.text(st.characters(exclude_characters="\0\r\ufeff", exclude_categories=["Cs", "Cc"])))
def test_utf8_round_trip(text: str) -> None:
    assert decode(text.encode()) == (text, "source")


@given(st.binary(max_size=300))
def test_any_bytes_give_text_that_can_be_stored_or_an_error(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except CorpusError:
        return
    assert "\r" not in text
    text.encode()  # no lone surrogates


# lines


@pytest.mark.skipif(shutil.which("sed") is None, reason="sed is not installed")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"one\ntwo\n\nfour\n", id="LF"),
        pytest.param(b"one\ntwo", id="no final newline"),
        pytest.param(b"one\r\ntwo\r\n\r\nfour\r\n", id="CRLF"),
        pytest.param(b"one\r\ntwo\nthree", id="mixed"),
        pytest.param(b"one\x0ctwo\x0b\x1cthree\nfour\n", id="form feed"),
        pytest.param("one\u2028two\u2029\x85three\nfour\n".encode(), id="U+2028"),
        pytest.param("\ufeffone\ntwo\n".encode(), id="byte-order mark"),
        pytest.param("caf\xe9 one\ntwo\xa0\n".encode("cp1252"), id="windows-1252"),
        pytest.param(b"one\n" + b"x" * 100_000 + b"\nthree\n", id="long line"),
        pytest.param(b"\n\n\none\n\n", id="blank lines"),
    ],
)
def test_lines_are_those_of_sed(tmp_path: Path, data: bytes) -> None:
    document = load(tmp_path, "a.txt", data)
    assert document.rendering == "source"
    mark = b"\xef\xbb\xbf"
    for number in range(1, document.line_count + 2):
        command = ["sed", "-n", f"{number},{number}p", str(tmp_path / "a.txt")]
        shown = subprocess.run(command, capture_output=True, check=True).stdout
        if number > document.line_count:
            assert shown == b""
            continue
        encoding = "cp1252" if b"\xe9 " in data else "utf-8"
        plain = shown.removeprefix(mark).decode(encoding).removesuffix("\n").removesuffix("\r")
        assert plain == document.lines(number, number)


def test_lone_cr_ends_a_line_and_is_not_called_source(tmp_path: Path) -> None:
    document = load(tmp_path, "a.txt", b"one\rtwo\r\nthree\n")
    assert document.text == "one\ntwo\nthree\n"
    assert document.rendering == "extracted"  # sed sees "one\rtwo" as one line


def test_document_of_a_text_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    document = load(tmp_path, "sub/a.txt", b"abc")
    assert document.document_id == document.path == "sub/a.txt"
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert document.document_hash == digest
    assert document.page_starts == ()
    assert document.published is None


def test_a_file_that_vanished_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        load_document(tmp_path, CorpusFile("gone.txt", 1, 0, ""))


def test_same_bytes_same_document(tmp_path: Path) -> None:
    text = "A title of four words\n\nBy Ann Lee\n\n" + STORY
    assert load(tmp_path, "a.txt", text) == load(tmp_path, "a.txt", text)


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, rag.corpus; "
        "print(sorted({'trafilatura', 'pypdf', 'charset_normalizer', 'ftfy', 'lxml', 'yaml'}"
        " & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


# the five articles

ARTICLES = {
    # file: (clutter, lines that must stay, title begins, publisher, author, published)
    "000": ({1, 2}, {3, 19}, None, None, None, None),
    "001": (
        {3, 4, 6, 58, 60, 61, 63, 65},
        {1, 8, 56},
        "London’s Met Police ends",
        None,
        None,
        None,
    ),
    "002": (
        {1, 2, 6},
        {4, 8, 10, 12, 50, 80},
        "Hundreds Of Met Armed Officers",
        "BBC News",
        "Thomas Mackintosh & Tom Symonds",
        None,
    ),
    "003": ({6}, {1, 3, 5, 8, 84}, "Army on terror standby", None, None, date(2023, 9, 25)),
    "004": ({51, 54, 56, 58}, {1, 43, 49}, None, None, None, None),
}


@pytest.mark.parametrize("number", ARTICLES)
def test_the_five_articles(number: str) -> None:
    if not SHARED_DIR:
        pytest.skip("RAG_SHARED_DIR is not set: the articles are not in the repository")
    folder = Path(SHARED_DIR) / "articles"
    files, skipped = find_files(folder, max_file_mb=1)
    assert (len(files), skipped) == (5, [])
    document = load_document(folder, next(f for f in files if f.path.startswith(number)))
    clutter, stays, title, publisher, author, published = ARTICLES[number]
    assert document.boilerplate == clutter
    assert not document.boilerplate & stays
    assert title is None if document.title is None else document.title.startswith(title or "?")
    assert (document.publisher, document.author) == (publisher, author)
    assert document.published == published
    assert document.published_basis == ("dated line 84: Updated" if published else None)
    assert document.rendering == "source"
