"""What a response adds to each metric, by hand; what does not apply is left out."""

from pathlib import Path

import pytest

from evals.data import GoldLine, Question, Value
from evals.scoring import METRICS, WHOLE_RUN, is_right, is_valid, score
from evals.statistics import Ratio
from evals.systems import Cited, Response
from rag import Chunk, ScoredChunk

A = "First line.\nAnn won 3 races.\n\nBob lost.\n"
B = "Bob won 4 races.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(A)
    (tmp_path / "b.txt").write_text(B)
    return tmp_path


def gold(path: str, line: int) -> GoldLine:
    return GoldLine(path, line)


QUESTION = Question(
    "q", "disagreement", "How many races?", True,
    facts=((gold("a.txt", 2),), (gold("b.txt", 1),)),
    includes=(("3 races", "three races"), ("4 races",)),
    excludes=("5 races",),
    lines_by_fact=True,
    values=(
        Value(("3 races",), frozenset({gold("a.txt", 2)})),
        Value(("4 races",), frozenset({gold("b.txt", 1)})),
    ),
)  # fmt: skip
A2 = Cited("a.txt", 2, 2, "Ann won 3 races.")
A4 = Cited("a.txt", 4, 4, "Bob lost.")
B1 = Cited("b.txt", 1, 1, "Bob won 4 races.")


def answer(*statements: tuple[str, tuple[int, ...]], cited: tuple[Cited, ...]) -> Response:
    text = "\n".join(text for text, _ in statements)
    return Response(text, answered=True, cited=cited, statements=statements)


def chunk(path: str, first: int, last: int, rank: int) -> ScoredChunk:
    made = Chunk(f"{path}:{first}-{last}", path, first, last, "", 0, 0)
    return ScoredChunk(made, 1 / rank, rank)


def test_a_full_answer(corpus: Path) -> None:
    full = answer(("Ann won 3 races.", (0,)), ("Bob won 4 races.", (1,)), cited=(A2, B1))
    scores = score(QUESTION, full, corpus)
    for name in ("fact_recall", "fact_accuracy", "cited_accuracy", "line_precision", "line_recall",
                 "line_f1", "document_precision", "document_recall", "document_f1",
                 "disagreement_surfaced"):  # fmt: skip
        assert scores[name] == Ratio(1.0), name
    assert scores["disagreement_recall"] == Ratio(2, 2)
    assert scores["citation_validity"] == Ratio(2, 2)
    assert scores["answerable_refused"] == Ratio(0.0)
    assert scores["one_value_only"] == Ratio(0.0)
    assert is_right(QUESTION, scores)


def test_half_an_answer(corpus: Path) -> None:
    """One of two facts; one of two cited lines supports; one of two supporting lines is cited."""
    scores = score(QUESTION, answer(("Ann won 3 races.", (0, 1)), cited=(A2, A4)), corpus)
    assert scores["fact_recall"] == Ratio(1 / 2)
    assert scores["fact_accuracy"] == scores["cited_accuracy"] == Ratio(0.0)
    assert scores["line_precision"] == Ratio(1 / 2)
    assert scores["line_recall"] == Ratio(1 / 2)
    assert scores["line_f1"] == Ratio(2 * 1 / (2 + 2))
    assert scores["document_precision"] == Ratio(1.0)
    assert scores["document_recall"] == Ratio(1 / 2)
    assert scores["disagreement_recall"] == Ratio(1, 2)
    assert scores["one_value_only"] == Ratio(1.0)
    assert not is_right(QUESTION, scores)


def test_right_facts_with_wrong_lines_are_not_cited_accuracy(corpus: Path) -> None:
    scores = score(QUESTION, answer(("3 races and 4 races", (0,)), cited=(A4,)), corpus)
    assert scores["fact_accuracy"] == Ratio(1.0)
    assert scores["cited_accuracy"] == Ratio(0.0)
    # a.txt gives the first value, and is cited, if with another line
    assert scores["disagreement_recall"] == Ratio(1, 2)


def test_a_forbidden_string_makes_it_wrong(corpus: Path) -> None:
    text = "Ann won 3 races, Bob 4 races, not 5 races"
    scores = score(QUESTION, answer((text, (0, 1)), cited=(A2, B1)), corpus)
    assert scores["fact_recall"] == Ratio(1.0)
    assert scores["fact_accuracy"] == Ratio(0.0)


def test_a_refusal_holds_nothing_and_cites_nothing(corpus: Path) -> None:
    scores = score(QUESTION, Response("Nothing about 3 races.", answered=False), corpus)
    assert scores["fact_recall"] == scores["line_recall"] == scores["line_f1"] == Ratio(0.0)
    assert scores["refusal_precision"] == Ratio(0.0)
    assert scores["answerable_refused"] == Ratio(1.0)
    assert scores["refusal_f1"] == Ratio(0.0, 1.0)
    left_out = {"line_precision", "citation_validity", "words", "refusal_recall"}
    assert not left_out & set(scores)


def test_a_question_without_an_answer(corpus: Path) -> None:
    question = Question("u", "unanswerable", "Who is Cy?", False)
    refused = score(question, Response("no", answered=False), corpus)
    assert refused == {
        "refusal_f1": Ratio(2.0, 2.0), "refusal_precision": Ratio(1.0),
        "refusal_recall": Ratio(1.0),
    }  # fmt: skip
    answered = score(question, answer(("Ann won 3 races.", (0,)), cited=(A2,)), corpus)
    assert answered["refusal_recall"] == Ratio(0.0)
    assert answered["refusal_f1"] == Ratio(0.0, 1.0)
    assert "fact_recall" not in answered
    assert is_right(question, answered) is False


def test_without_facts_or_gold_only_what_is_known_is_scored(corpus: Path) -> None:
    bare = Question("b", "span", "What?", True)
    scores = score(bare, answer(("Ann won 3 races.", (0,)), cited=(A2,)), corpus)
    assert set(scores) == {"refusal_f1", "answerable_refused", "words", "citation_validity"}
    assert is_right(bare, scores) is None


def test_where_facts_are_not_matched_to_lines_one_gold_line_will_do(corpus: Path) -> None:
    loose = Question("l", "lookup", "?", True, facts=((gold("a.txt", 2), gold("b.txt", 1)),),
                     includes=(("won",),))  # fmt: skip
    scores = score(loose, answer(("Bob won 4 races.", (0,)), cited=(B1,)), corpus)
    assert scores["cited_accuracy"] == Ratio(1.0)


def test_the_search(corpus: Path) -> None:
    """The first fact in the second chunk, the second fact not found."""
    found = (chunk("b.txt", 5, 9, 1), chunk("a.txt", 1, 4, 2))
    scores = score(QUESTION, Response("", answered=None, found=found), corpus)
    assert scores["any_hit@4"] == scores["any_hit@10"] == Ratio(1.0)
    assert scores["fact_recall@10"] == Ratio(1 / 2)
    assert scores["all_facts@10"] == Ratio(0.0)
    assert scores["mrr@10"] == Ratio(1 / 2)
    assert scores["ndcg@10"] == Ratio(1.0)  # both documents first
    assert "refusal_f1" not in scores


def test_a_system_without_a_search_has_no_retrieval_metrics(corpus: Path) -> None:
    scores = score(QUESTION, answer(("Ann won 3 races.", (0,)), cited=(A2,)), corpus)
    assert not [name for name in scores if "@" in name]


@pytest.mark.parametrize(
    ("cited", "valid"),
    [
        pytest.param(A2, True, id="right"),
        pytest.param(Cited("a.txt", 1, 2, "First line.\nAnn won 3 races."), True, id="two lines"),
        pytest.param(Cited("a.txt", 2, 2, "Ann won 3"), False, id="half a line"),
        pytest.param(Cited("a.txt", 4, 4, "Ann won 3 races."), False, id="another line"),
        pytest.param(Cited("a.txt", 0, 0, ""), False, id="line 0"),
        pytest.param(Cited("a.txt", 6, 6, ""), False, id="past the end"),
        pytest.param(Cited("c.txt", 1, 1, "First line."), False, id="no such file"),
    ],
)
def test_is_valid(corpus: Path, cited: Cited, valid: bool) -> None:
    assert is_valid(cited, corpus) is valid


def test_every_metric_has_a_meaning(corpus: Path) -> None:
    full = answer(("Ann won 3 races.", (0,)), cited=(A2,))
    found = {**score(QUESTION, full, corpus), **score(QUESTION, Response("x", False), corpus)}
    assert set(found) <= set(METRICS)
    assert set(WHOLE_RUN) <= set(METRICS)
