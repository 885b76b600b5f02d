"""A conversation as Markdown and as JSON: exact lines, hashes, and no markup of others'."""

import json
from datetime import date
from typing import Any

import pytest

from rag.schema import Answer, Citation, Claim, Disagreement, Statement, Withheld
from rag.ui.export import conversation_json, conversation_markdown, escape_markdown


def citation(number: int, quote: str, first: int = 3, **more: Any) -> Citation:
    values: dict[str, Any] = {
        "number": number, "document_id": "a/b.md", "path": "a/b.md", "title": "Bridge *shut*",
        "publisher": "The Courier", "published": date(2024, 3, 14), "first_line": first,
        "last_line": first + quote.count("\n"), "quote": quote, "start_char": 10,
        "end_char": 10 + len(quote), "document_hash": "c0ffee" * 10 + "abcd", **more,
    }  # fmt: skip
    return Citation(**values)


def answer(*cited: Citation, **more: Any) -> Answer:
    statements = tuple(Statement(" ".join(c.quote.split()), (c.number,)) for c in cited)
    values: dict[str, Any] = {
        "question": "what?", "standalone_question": "what?", "text": "It says so. [1]",
        "answered": bool(cited), "state": "answered" if cited else "refused",
        "statements": statements, "citations": cited, "independent_sources": 1,
        "as_of": date(2024, 3, 14), **more,
    }  # fmt: skip
    return Answer(**values)


def test_a_footnote_has_everything_that_proves_it() -> None:
    text = conversation_markdown([answer(citation(1, "The bridge is shut.\nSo it is."))])
    assert "## what?" in text
    assert "- The bridge is shut. So it is. [^1]" in text
    note = text[text.index("[^1]: ") :]
    assert note.startswith("[^1]: The Courier, Bridge \\*shut\\*, 14 March 2024, `a/b.md:3-4`")
    assert "c0ffee" * 10 + "abcd" in note
    assert "    ```text\n    The bridge is shut.\n    So it is.\n    ```\n" in note
    assert "1 of 1 statement checked against 1 independent source, as of 14 March 2024" in text


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("It said `code` and ```` four ticks.", id="backticks"),
        pytest.param("<script>alert(1)</script> ![x](http://e.com/x.png)", id="markup"),
        pytest.param("  indented \t and ends in blanks  ", id="blanks"),
        pytest.param("one\n\nthree", id="an empty line"),
        pytest.param("[^1]: not a footnote", id="a false footnote"),
    ],
)
def test_the_lines_are_exact_and_stay_inside_their_fence(quote: str) -> None:
    text = conversation_markdown([answer(citation(1, quote))])
    lines = text.split("\n")
    start = next(k for k, line in enumerate(lines) if line.startswith("    ```"))
    fence = lines[start].strip().removesuffix("text")
    end = lines.index(f"    {fence}", start + 1)
    assert "\n".join(line[4:] for line in lines[start + 1 : end]) == quote
    assert fence not in quote
    assert "<script>" not in "\n".join(lines[:start])


def test_numbers_run_through_the_conversation_and_equal_lines_share_one() -> None:
    first = answer(citation(1, "One."), citation(2, "Two.", 9))
    second = answer(citation(1, "Two.", 9), citation(2, "Three.", 12))
    text = conversation_markdown([first, second])
    assert "- One. [^1]\n- Two. [^2]" in text
    assert "- Two. [^2]\n- Three. [^3]" in text
    assert [text.count(f"[^{n}]: ") for n in (1, 2, 3, 4)] == [1, 1, 1, 0]


def test_a_refusal_its_nearest_lines_and_the_rest() -> None:
    refused = answer(
        text="The articles do not say.", closest=(citation(1, "Near."),), notice="being rebuilt",
        withheld=(Withheld("It cost $5.", "no such number"),), standalone_question="what of it?",
    )  # fmt: skip
    text = conversation_markdown([refused])
    for part in ("Searched: what of it?", "The articles do not say.",
                 "The nearest lines, which do not answer it: [^1]",
                 "Withheld: It cost \\$5. (no such number)", "Note: being rebuilt"):  # fmt: skip
        assert part in text


def test_a_disagreement_names_each_value_with_its_source() -> None:
    cited = (citation(1, "More than 100."), citation(2, "Some 300.", 9))
    found = Disagreement("officers", "contradiction", (
        Claim("100", (1,), ("BBC",)), Claim("300", (2,), ("FT",))))  # fmt: skip
    text = conversation_markdown([answer(*cited, disagreements=(found,))])
    about = "Sources differ about officers (they contradict each other):"
    assert f"{about}\n\n- 100, BBC [^1]\n- 300, FT [^2]" in text


def test_history_is_marked() -> None:
    told = Statement("Some 300.", (1,), earlier=True)
    text = conversation_markdown([answer(citation(1, "Some 300."), statements=(told,))])
    assert "- *Earlier:* Some 300. [^1]" in text


def test_json_holds_the_whole_answers() -> None:
    turns = [answer(citation(1, "One \u201cquoted\u201d.")), answer()]
    found = json.loads(conversation_json(turns))
    assert found["turns"] == [turn.to_dict() for turn in turns]
    json.loads(conversation_json([answer(question="broken \ud800")]))


def test_turns_may_be_dicts_as_json_gives_them() -> None:
    turn = answer(citation(1, "One."))
    kept = json.loads(json.dumps(turn.to_dict()))
    assert conversation_markdown([kept]) == conversation_markdown([turn])
    assert conversation_json([kept]) == conversation_json([turn])


def test_an_empty_conversation() -> None:
    assert conversation_markdown([]) == "# Conversation\n"
    assert json.loads(conversation_json([]))["turns"] == []


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("a *b* _c_ [d](e)", "a \\*b\\* \\_c\\_ \\[d\\](e)", id="inline"),
        pytest.param("<b>&amp;", "\\<b\\>\\&amp;", id="html"),
        pytest.param("# head", "\\# head", id="heading"),
        pytest.param("- item", "\\- item", id="list"),
        pytest.param("12. item", "12\\. item", id="numbered list"),
        pytest.param("cost 4.5 million - or more", "cost 4.5 million - or more", id="prose"),
        pytest.param("two\nlines", "two lines", id="lines"),
        pytest.param("http://x.org www.y.org", "http\\://x.org www\\.y.org", id="addresses"),
    ],
)
def test_escape_markdown(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped
