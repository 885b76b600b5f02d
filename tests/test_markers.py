"""What a model writes -> statements and the lines that they cite, however it writes them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.markers import (
    MAX_CITATIONS,
    MAX_STATEMENT_CHARS,
    CitedLines,
    StatementParser,
    is_refusal,
    parse_statements,
    read_mark,
)
from rag.prompts import REFUSAL_PHRASE

L3 = ("S1", 3, 3)
L4 = ("S2", 4, 4)


def read(text: str) -> list[tuple[str, tuple[CitedLines, ...]]]:
    return [(statement.text, statement.citations) for statement in parse_statements(text)]


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("It rose [S1:L3].", (L3,)),
        ("It rose. [S1:L3]", (L3,)),
        ("It rose.[S1:L3]", (L3,)),
        ("It rose 【S1:L3】.", (L3,)),
        ("It rose ［Ｓ1:L3］.", ()),
        ("It rose ［S1：L3］.", (L3,)),
        ("It rose (S1:L3).", (L3,)),
        ("It rose （S1:L3）.", (L3,)),
        ("It rose ([S1:L3]).", (L3,)),
        ("It rose ([S1:L3], [S2:L4]).", (L3, L4)),
        ("It rose `[S1:L3]`.", (L3,)),
        ("It rose **[S1:L3]**.", (L3,)),
        ("It rose [S1:L3][S2:L4].", (L3, L4)),
        ("It rose [S1:L3], [S2:L4].", (L3, L4)),
        ("It rose [S1:L3] and [S2:L4].", (L3, L4)),
        ("It rose [S1:L3, S2:L4].", (L3, L4)),
        ("It rose [S1:L3; S2:L4].", (L3, L4)),
        ("It rose [S1:L3 and S2:L4].", (L3, L4)),
        ("It rose [S1:L3, L5].", (L3, ("S1", 5, 5))),
        ("It rose [S1, L3].", (L3,)),
        ("It rose [S1 L3].", (L3,)),
        ("It rose [S1:3].", (L3,)),
        ("It rose [s1:l3].", (L3,)),
        ("It rose [source 1, line 3].", (L3,)),
        ("It rose [Source: S1:L3].", (L3,)),
        ("It rose [see S1:L3].", (L3,)),
        ("It rose [S1:L3-L5].", (("S1", 3, 5),)),
        ("It rose [S1:L3–5].", (("S1", 3, 5),)),
        ("It rose [S1:L3 to L5].", (("S1", 3, 5),)),
        ("It rose [S1:L3-S1:L5].", (("S1", 3, 5),)),
        ("It rose [S1:L5-L3].", (("S1", 3, 5),)),
        ("It rose [S1:L3, S1:L3].", (L3,)),
        ("It rose S2:L4.", (L4,)),
        ("It rose S2 L14–16.", (("S2", 14, 16),)),
        ("[S1:L3] It rose.", (L3,)),
        ("It rose.\n[S1:L3]", (L3,)),
        ("It rose.\n\n[S1:L3]\n[S2:L4]\n", (L3, L4)),
        ("- It rose [S1:L3].", (L3,)),
        ("* It rose [S1:L3].", (L3,)),
        ("• It rose [S1:L3].", (L3,)),
        ("1. It rose [S1:L3].", (L3,)),
        ("2) It rose [S1:L3].", (L3,)),
        ("> It rose [S1:L3].", (L3,)),
        ("## It rose [S1:L3].", (L3,)),
        ("**It rose** [S1:L3].", (L3,)),
        ("It *rose* [S1:L3].", (L3,)),
        ("__It__ rose [S1:L3].", (L3,)),
        ("```\nIt rose [S1:L3].\n```", (L3,)),
        ("```markdown\r\nIt rose [S1:L3].\r\n```\r\n", (L3,)),
    ],
)
def test_one_sentence(text: str, citations: tuple[CitedLines, ...]) -> None:
    [statement] = parse_statements(text)
    assert statement.citations == citations
    if citations:
        assert statement.text.rstrip(".") == "It rose"
        assert not statement.unknown


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("It rose [1].", ("[1]",)),
        ("It rose [1, 2].", ("[1, 2]",)),
        ("It rose [S3].", ("[S3]",)),
        ("It rose (S3).", ("(S3)",)),
        ("It rose [L14].", ("[L14]",)),
        ("It rose 【1†L3】.", ("【1†L3】",)),
        ("It rose [S1:L", ("[S1:L",)),
        ("It rose [S1:L3", ("[S1:L3",)),
        ("It rose [", ("[",)),
    ],
)
def test_marks_that_cite_no_lines_are_recorded(text: str, unknown: tuple[str, ...]) -> None:
    [statement] = parse_statements(text)
    assert statement.text.rstrip(".") == "It rose"
    assert statement.citations == ()
    assert statement.unknown == unknown


@pytest.mark.parametrize(
    "text",
    [
        "It rose [sic].",
        "It rose (2023).",
        "It rose [2023].",
        "It rose (about 300 people) at 5 p.m.",
        "It rose (in Bath (Somerset)) then.",
        "It rose 5 * 3 times.",
        "It <b>rose</b> <script>alert(1)</script> <img src=x onerror=alert(1)>.",
        "The Galaxy S10 and the S2 Line rose.",
        "It rose, and a_b fell.",
    ],
)
def test_text_that_is_no_mark_stays(text: str) -> None:
    assert read(text) == [(text, ())]


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("It rose [S1:L3]. It fell [S2:L4].", [("It rose.", (L3,)), ("It fell.", (L4,))]),
        ("It rose. [S1:L3] It fell. [S2:L4]", [("It rose.", (L3,)), ("It fell.", (L4,))]),
        ("It rose.[S1:L3]It fell.[S2:L4]", [("It rose.", (L3,)), ("It fell.", (L4,))]),
        ("[S1:L3] It rose. [S2:L4] It fell.", [("It rose.", (L3,)), ("It fell.", (L4,))]),
        ("Rose [S1:L3]\nFell [S2:L4]", [("Rose", (L3,)), ("Fell", (L4,))]),
        ("No mark. It fell [S2:L4].", [("No mark.", ()), ("It fell.", (L4,))]),
        ("It rose.\nIt fell.\n[S2:L4]", [("It rose.", ()), ("It fell.", (L4,))]),
        ("1. Rose [S1:L3].\n2. Fell [S2:L4].", [("Rose.", (L3,)), ("Fell.", (L4,))]),
        ("# Title\n\nIt rose [S1:L3].", [("It rose.", (L3,))]),
        ("Mr. Li left the U.S. Capitol [S1:L3].", [("Mr. Li left the U.S. Capitol.", (L3,))]),
        (
            "It rose [S1:L3], he said, and fell [S2:L4].",
            [("It rose, he said, and fell.", (L3, L4))],
        ),
        ("It rose [S1:L3]; “so what” [S2:L4].", [("It rose; “so what”.", (L3, L4))]),
        ("---\n\n***\n", []),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text: str, statements: list[tuple[str, tuple[CitedLines, ...]]]) -> None:
    assert read(text) == statements


def test_raw_is_what_the_model_wrote() -> None:
    written = [s.raw for s in parse_statements("- **It** rose [S1:L3]. It fell `[S2:L4]`.\n")]
    assert written == ["- **It** rose [S1:L3].", "It fell `[S2:L4]`."]


def test_marks_after_no_statement_are_kept() -> None:
    parser = StatementParser()
    assert parser.feed("[S1:L3]\n\nIt rose [S2:L4].\n") + parser.close() != []
    assert parser.orphans == ["[S1:L3]"]


@pytest.mark.parametrize(
    ("text", "released"),
    [
        ("It rose [S1:L3].", 0),
        ("It rose [S1:L3]. I", 0),
        ("It rose [S1:L3]. It ", 1),
        ("It rose. [S2:", 0),
        ("It rose [S1:L3]\n", 1),
        ("It rose.\n", 0),  # its mark may follow in a line of its own
        ("It rose.\nIt", 1),
    ],
)
def test_statements_do_not_wait_for_the_whole_answer(text: str, released: int) -> None:
    assert len(StatementParser().feed(text)) == released


FRAGMENTS = st.sampled_from(
    r"""[S1:L3] [S2:L4-L6] 【S1:L3】 (S1:L3) ([S1:L3],·[S2:L4]) [1] S2·L14–16 S1:L [S1 [ ] ( ) It He
    rose fell. rose. said, p.m. Mr. U.S. 300 5.1 . .. ! ? “Yes” ** * __ ` ``` ```text - 1. # > : ;
    and & <b> ~ ~~ ~-· · ·· .· ·[S1:L3].· Smith J. [sic] 2023 12) é \x1f""".split()
).map(lambda word: word.replace("·", " ").replace("~", "\n").replace(r"\x1f", "\x1f"))


@given(st.lists(FRAGMENTS, max_size=40), st.data())
@settings(max_examples=400, deadline=None)
def test_how_the_text_is_cut_into_pieces_does_not_matter(
    fragments: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(["", " "])).join(fragments)
    whole = parse_statements(text)
    parser, pieces, start = StatementParser(), [], 0
    while start < len(text):
        size = data.draw(st.integers(1, 9))
        pieces += parser.feed(text[start : start + size])
        start += size
    assert pieces + parser.close() == whole


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text: str) -> None:
    for statement in parse_statements(text):
        assert statement.text == " ".join(statement.text.split())
        assert statement.text


@pytest.mark.parametrize(
    "unit",
    ["[", "S1:L", "[S1:L3]", "(a", "[S1:L1, ", "S1:L1-", "a. ", ".", "*", "`", " ", "x? A", "\n- "],
)
@pytest.mark.parametrize("piece_chars", [2_000_000, 50], ids=["at once", "in pieces"])
def test_time_grows_with_length_only(unit: str, piece_chars: int) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        parser = StatementParser()
        start = time.perf_counter()
        for begin in range(0, len(text), piece_chars):
            parser.feed(text[begin : begin + piece_chars])
        parser.close()
        return time.perf_counter() - start

    seconds(10_000)
    # 20 times the text; 400 times the time if it were quadratic.
    assert seconds(400_000) < 80 * max(seconds(20_000), 0.005)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["[", "S1:L"])
def test_two_megabytes(unit: str) -> None:
    start = time.perf_counter()
    parse_statements(unit * (2_000_000 // len(unit)))
    assert time.perf_counter() - start < 20


def test_statements_and_citations_have_a_largest_size() -> None:
    statements = parse_statements("a" * 10_000 + " [S1:L3]" * 1_000)
    assert all(len(statement.text) <= MAX_STATEMENT_CHARS for statement in statements)
    many = parse_statements("It rose " + "".join(f"[S1:L{n}]" for n in range(1, 1_000)))
    assert [len(statement.citations) for statement in many] == [MAX_CITATIONS]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("S1:L3", (L3,)),
        ("S01:L03", (L3,)),
        ("1", ()),
        ("S1", ()),
        ("sic", None),
        ("2023", None),
        ("Sept 5", None),
        ("", None),
        (", ;", None),
        ("S1:L9999999", None),
    ],
)
def test_read_mark(text: str, cited: tuple[CitedLines, ...] | None) -> None:
    assert read_mark(text) == cited


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (REFUSAL_PHRASE, True),
        (REFUSAL_PHRASE.upper(), True),
        (f"“{REFUSAL_PHRASE}”", True),
        (f"**{REFUSAL_PHRASE}**\n", True),
        (f"- {REFUSAL_PHRASE} [S1:L3]", True),
        (REFUSAL_PHRASE.rstrip("."), True),
        (f"{REFUSAL_PHRASE} It rose [S1:L3].", False),
        ("The sources answer this.", False),
        ("It rose.", False),
        ("", False),
        (REFUSAL_PHRASE * 100_000, False),
    ],
)
def test_is_refusal(text: str, refusal: bool) -> None:
    assert is_refusal(text) is refusal
