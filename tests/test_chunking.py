"""Chunks hold whole lines, every citable line, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import embedding_text, split_document, split_sentences_of
from rag.schema import Document


def document(text: str, boilerplate: frozenset[int] = frozenset()) -> Document:
    return Document("a.txt", text, "0" * 64, title="A title", boilerplate=boilerplate)


LINES = st.lists(st.text(alphabet=st.sampled_from("ab c. D"), max_size=80), min_size=1, max_size=30)


@given(LINES, st.sets(st.integers(1, 30)), st.integers(1, 12), st.integers(0, 11))
def test_every_citable_line_is_in_a_chunk_and_no_other(
    lines: list[str], marked: set[int], max_words: int, overlap: int
) -> None:
    boilerplate = frozenset(line for line in marked if line <= len(lines))
    found = document("\n".join(lines), boilerplate)
    chunks = split_document(found, max_words=max_words, overlap_words=min(overlap, max_words - 1))
    covered = {line for chunk in chunks for line in range(chunk.first_line, chunk.last_line + 1)}
    citable = {
        number for number, text in enumerate(lines, 1)
        if text.strip() and number not in boilerplate
    }  # fmt: skip
    assert citable <= covered
    assert not covered & boilerplate
    for chunk in chunks:
        assert chunk.text == found.text[chunk.start_char : chunk.end_char]
        assert len(chunk.text.split()) <= max_words
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)
    starts = [chunk.start_char for chunk in chunks]
    assert starts == sorted(starts)


def test_the_next_chunk_starts_with_the_last_lines_of_the_one_before() -> None:
    found = document("\n\n".join(f"w{k} x y z" for k in range(6)))
    chunks = split_document(found, max_words=12, overlap_words=4)
    assert [(c.first_line, c.last_line) for c in chunks] == [(1, 5), (5, 9), (9, 11)]


def test_an_over_long_line_is_cut_between_sentences() -> None:
    line = "One two three. Four five six. Seven eight nine ten eleven."
    chunks = split_document(document(f"Head.\n{line}"), max_words=5, overlap_words=0)
    assert [chunk.text for chunk in chunks] == [
        "Head.", "One two three.", "Four five six.", "Seven eight nine ten eleven.",
    ]  # fmt: skip
    assert [chunk.chunk_id for chunk in chunks[1:]] == [
        "a.txt:2-2.1", "a.txt:2-2.2", "a.txt:2-2.3",
    ]  # fmt: skip


def test_a_sentence_longer_than_a_chunk_is_cut_between_words() -> None:
    chunks = split_document(document("a b c d e f g"), max_words=3, overlap_words=0)
    assert [chunk.text for chunk in chunks] == ["a b c", "d e f", "g"]


def test_sentences_of_hard_wrapped_text_cross_its_line_ends() -> None:
    text = (
        "The council said on Tuesday that the bridge would stay\n"
        "closed for a month. Nobody was hurt.\n\nNext paragraph."
    )
    spans = split_sentences_of(document(text))
    assert [" ".join(text[a:b].split()) for a, b in spans] == [
        "The council said on Tuesday that the bridge would stay closed for a month.",
        "Nobody was hurt.",
        "Next paragraph.",
    ]


def test_headings_and_lists_are_not_joined() -> None:
    text = "Short heading\nThe text begins here.\n- first item of a list\n- second item of a list"
    assert len(split_sentences_of(document(text))) == 4


def test_no_sentence_of_boilerplate() -> None:
    spans = split_sentences_of(document("One.\nShare this.\nTwo.", frozenset({2})))
    assert spans == [(0, 4), (17, 21)]


def test_embedding_text_has_the_metadata_and_mends_mojibake() -> None:
    found = document("The Metâ€™s plan.")
    chunk = split_document(found, max_words=9, overlap_words=0)[0]
    assert chunk.text == "The Metâ€™s plan."
    assert embedding_text(found, chunk) == "A title\nThe Met’s plan."
