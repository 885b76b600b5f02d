"""Hybrid search: fusion by hand arithmetic, named publishers, filters, and a tiny real index."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from conftest import index_articles

from rag import Config, Filters
from rag.embedding import get_embedder
from rag.index import open_index
from rag.retrieval import (
    RRF_K,
    Retriever,
    fuse_ranks,
    merge_neighbours,
    publisher_mentions,
    publishers_named,
)
from rag.schema import Chunk

ARTICLES = {
    "budget-guardian.txt": (
        '---\ntitle: "Budget vote"\npublisher: The Guardian\npublished: 2024-05-02\n---\n'
        "The city council passed the budget on Thursday after a long debate.\n"
        "\n"
        "The budget gives 40 million euros to schools and parks.\n"
    ),
    "budget-bbc.txt": (
        '---\ntitle: "Council votes"\npublisher: BBC News\npublished: 2024-05-03\n---\n'
        "The city council passed the budget, officials said on Friday.\n"
    ),
    "storm.txt": (
        '---\ntitle: "Storm"\npublisher: The Guardian\npublished: 2023-11-20\n---\n'
        "A storm tore roofs off 30 houses on the coast, the fire service said.\n"
    ),
    "recipe.txt": "Mix flour, butter and sugar, and bake the cake for an hour.\n",
    "clutter.txt": "Share This Article\n\nShare This Article\n",
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("retrieval"), ARTICLES)


@pytest.fixture(scope="module")
def retriever(tiny: Config) -> Iterator[Retriever]:
    with open_index(tiny) as index:
        yield Retriever(index, get_embedder(tiny))


def paths(retriever: Retriever, question: str, *, k: int = 10, **filters: object) -> list[str]:
    wanted = Filters(**filters) if filters else None  # type: ignore[arg-type]
    return [found.chunk.path for found in retriever.retrieve(question, k=k, filters=wanted)]


def test_fuse_ranks_by_hand() -> None:
    lists = [(1.0, [("a", 0.9), ("b", 0.8)]), (1.0, [("b", 7.0), ("c", 1.0)])]
    assert RRF_K == 10
    assert fuse_ranks(lists) == {
        "a": pytest.approx(1 / 11),
        "b": pytest.approx(1 / 12 + 1 / 11),
        "c": pytest.approx(1 / 12),
    }


@pytest.mark.parametrize(
    ("lists", "scores"),
    [
        pytest.param([], {}, id="no list"),
        pytest.param([(1.0, []), (1.0, [])], {}, id="empty lists"),
        pytest.param([(0.5, [("a", 1.0)])], {"a": 0.5 / 11}, id="weight"),
        pytest.param(
            [(1.0, [("a", 1.0)]), (2.0, [("b", 0.0), ("a", 0.0)])],
            {"a": 1 / 11 + 2 / 12, "b": 2 / 11},
            id="weights of two lists",
        ),
    ],
)
def test_fuse_ranks(
    lists: list[tuple[float, list[tuple[str, float]]]], scores: dict[str, float]
) -> None:
    assert fuse_ranks(lists) == pytest.approx(scores)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        pytest.param("What did The Guardian say?", ["The Guardian"], id="full name"),
        pytest.param("what did the guardian say?", ["The Guardian"], id="small letters"),
        pytest.param("What did the BBC say?", ["BBC News"], id="acronym of its own"),
        pytest.param("what did bbc news say", ["BBC News"], id="full name, small letters"),
        pytest.param("what did the bbc say", ["BBC News"], id="acronym in small letters"),
        pytest.param("What did the FT's editor say?", ["Financial Times"], id="initials"),
        pytest.param("The left and the ft", [], id="initials in small letters"),
        pytest.param("What did Fortune report?", ["Fortune"], id="one word"),
        pytest.param("Who made a fortune?", [], id="an ordinary word"),
        pytest.param("The BBC and Fortune", ["BBC News", "Fortune"], id="two"),
        pytest.param("What of Guardians and BBCX?", [], id="part of a word"),
        pytest.param("Is A.B+C (x) [ good?", ["A.B+C (x) ["], id="signs of an expression"),
        pytest.param("Is AxBBC (x) [ good?", [], id="signs stand for themselves"),
        pytest.param("what did the news room say", ["News Room (copied)"], id="without a remark"),
        pytest.param("the Guardians of", [], id="longer than the name"),
        pytest.param("", [], id="empty question"),
    ],
)
def test_publishers_named(question: str, named: list[str]) -> None:
    publishers = ["A.B+C (x) [", "BBC News", "Financial Times", "Fortune", "News Room (copied)",
                  "The Guardian"]  # fmt: skip
    assert publishers_named(question, publishers) == named


@pytest.mark.parametrize(
    ("question", "mentions"),
    [
        ("ft or the guardian", [("Financial Times", "ft", False),
                                ("The Guardian", "the guardian", True)]),
        ("BBC News, not Sky", [("BBC News", "BBC News", True), ("Sky News", "Sky", False)]),
        ("National Police", [("The National", "National", False)]),
        ("the BBC's", [("BBC News", "BBC", True)]),
        ("nobody", []),
    ],
)  # fmt: skip
def test_publisher_mentions(question: str, mentions: list[tuple[str, str, bool]]) -> None:
    publishers = ["BBC News", "Financial Times", "Sky News", "The Guardian", "The National"]
    found = publisher_mentions(question, publishers)
    assert [(m.publishers, question[m.start : m.end], m.certain) for m in found] == [
        ((name,), text, certain) for name, text, certain in mentions
    ]


def test_one_form_of_two_publishers() -> None:
    (mention,) = publisher_mentions("the BBC", ["BBC News", "BBC Sport"])
    assert mention.publishers == ("BBC News", "BBC Sport")


def test_publishers_that_are_not_named_cost_no_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def record(form: str) -> re.Pattern[str]:
        written.append(form)
        return re.compile(re.escape(form), re.IGNORECASE)

    monkeypatch.setattr("rag.retrieval._written", record)
    publishers = [f"The Evening Post {number}" for number in range(2_000)] + ["The Guardian"]
    (mention,) = publisher_mentions("what did the guardian say?", publishers)
    assert mention.publishers == ("The Guardian",)
    assert {form.lower() for form in written} == {"the guardian", "guardian"}


@pytest.mark.parametrize("publisher", ["", " ", "*", "(", "\\", "Ünï Çode"])
def test_odd_publishers_break_nothing(publisher: str) -> None:
    assert publishers_named("What did they say?", [publisher]) == []


def chunk(document_id: str, start: int, end: int) -> Chunk:
    return Chunk(f"{document_id}:{start}", document_id, 1, 1, "x" * (end - start), start, end)


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        pytest.param([(0, 10), (10, 20)], [(0, 20)], id="touching"),
        pytest.param([(0, 10), (12, 20)], [(0, 20)], id="a blank line between"),
        pytest.param([(0, 10), (13, 20)], [(0, 10), (13, 20)], id="apart"),
        pytest.param([(15, 20), (0, 10), (5, 16)], [(0, 20)], id="overlapping, out of order"),
        pytest.param([(0, 20), (5, 10)], [(0, 20)], id="one inside another"),
        pytest.param([(3, 4)], [(3, 4)], id="one"),
    ],
)
def test_merge_neighbours(spans: list[tuple[int, int]], merged: list[tuple[int, int]]) -> None:
    assert merge_neighbours([chunk("a", *span) for span in spans]) == {"a": merged}


def test_merge_neighbours_keeps_documents_apart_in_order_of_their_best() -> None:
    found = [chunk("b", 0, 10), chunk("a", 10, 20), chunk("b", 30, 40)]
    assert list(merge_neighbours(found).items()) == [
        ("b", [(0, 10), (30, 40)]),
        ("a", [(10, 20)]),
    ]


@pytest.mark.parametrize(
    ("question", "path"),
    [
        pytest.param("How many houses lost their roofs?", "storm.txt", id="words and meaning"),
        pytest.param("dessert to prepare in the oven", "recipe.txt", id="meaning alone"),
        pytest.param("40 million euros", "budget-guardian.txt", id="words alone"),
        pytest.param("the strom on the coast", "storm.txt", id="misspelt"),
    ],
)
def test_the_best_chunk_comes_first(retriever: Retriever, question: str, path: str) -> None:
    assert paths(retriever, question)[0] == path


def test_ranks_and_scores(retriever: Retriever) -> None:
    found = retriever.retrieve("Who passed the budget?", k=10)
    assert [scored.rank for scored in found] == list(range(1, len(found) + 1))
    assert [scored.score for scored in found] == sorted(
        (scored.score for scored in found), reverse=True
    )
    for scored in found:
        parts = [rank for rank in (scored.dense_rank, scored.keyword_rank) if rank is not None]
        assert scored.score == pytest.approx(sum(1 / (RRF_K + rank) for rank in parts))
        assert scored.dense_score is None or -1 <= scored.dense_score <= 1.001
        assert scored.keyword_score is None or scored.keyword_score > 0
    assert {"recipe.txt", "storm.txt"} & {s.chunk.path for s in found if s.keyword_rank is None}


def test_a_chunk_is_exactly_the_text_of_its_document(retriever: Retriever) -> None:
    found = retriever.retrieve("the city council", k=100)
    assert {scored.chunk.path for scored in found} == set(ARTICLES) - {"clutter.txt"}
    for scored in found:
        part = scored.chunk
        document = retriever.index.document(part.document_id)
        assert part.text == document.text[part.start_char : part.end_char]
        assert part.text == document.lines(part.first_line, part.last_line)
        lines = set(range(part.first_line, part.last_line + 1))
        assert not lines & document.boilerplate


@pytest.mark.parametrize("k", [1, 2, 3])
def test_k_is_how_many(retriever: Retriever, k: int) -> None:
    assert len(paths(retriever, "the city council passed the budget", k=k)) == k


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_an_error(retriever: Retriever, k: int) -> None:
    with pytest.raises(ValueError, match=f"k is {k}; it must be at least 1"):
        retriever.retrieve("budget", k=k)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"publishers": ("the guardian",)}, {"budget-guardian.txt", "storm.txt"},
                     id="publisher in any letter case"),
        pytest.param({"documents": ("recipe.txt",)}, {"recipe.txt"}, id="document"),
        pytest.param({"published_from": date(2024, 5, 3)}, {"budget-bbc.txt"}, id="from"),
        pytest.param({"published_to": date(2024, 5, 2)}, {"budget-guardian.txt", "storm.txt"},
                     id="to, that day included"),
        pytest.param(
            {"publishers": ("The Guardian",), "published_from": date(2024, 1, 1)},
            {"budget-guardian.txt"}, id="two at once",
        ),
        pytest.param({"publishers": ("Nobody",)}, set(), id="unknown publisher"),
        pytest.param({"documents": ("nowhere.txt",)}, set(), id="unknown document"),
        pytest.param({"documents": ("clutter.txt",)}, set(), id="nothing but boilerplate"),
        pytest.param({"published_to": date(1900, 1, 1)}, set(), id="before everything"),
    ],
)  # fmt: skip
def test_filters(retriever: Retriever, filters: dict[str, object], expected: set[str]) -> None:
    for question in ("What did the BBC say about the budget?", "the"):
        assert set(paths(retriever, question, **filters)) == expected


def test_a_named_publisher_lifts_its_documents(retriever: Retriever) -> None:
    plain = paths(retriever, "Who says that the council passed the budget?")
    guardian = paths(retriever, "Who at The Guardian says that the council passed the budget?")
    bbc = paths(retriever, "Who at the BBC says that the council passed the budget?")
    assert guardian[0] == "budget-guardian.txt"
    assert bbc[0] == "budget-bbc.txt"
    assert guardian.index("storm.txt") < plain.index("storm.txt") or plain[1] == "storm.txt"


def test_the_same_question_gets_the_same_list(retriever: Retriever) -> None:
    first = retriever.retrieve("Who passed the budget?", k=10)
    assert retriever.retrieve("Who passed the budget?", k=10) == first


@pytest.mark.parametrize(
    "question", ["?", "the of and", "zqxj", "🔥🔥", "a" * 4000, "a " * 2000, "\\ ( [ *"],
    ids=["mark", "stop words", "no word", "emoji", "long word", "many words", "expression"],
)  # fmt: skip
def test_odd_questions_find_something_or_nothing_but_do_not_fail(
    retriever: Retriever, question: str
) -> None:
    assert len(retriever.retrieve(question, k=2)) == 2


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("what does the Gazette say?", ["Norham Gazette"]),
        ("what does the gazette say?", []),
        ("what does the Times say?", []),
    ],
)
def test_a_paper_is_known_by_the_last_word_of_its_name(question: str, named: list[str]) -> None:
    assert publishers_named(question, ["Norham Gazette", "Financial Times"]) == named
