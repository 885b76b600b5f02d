"""The written items about conflicts: their faults, their pairs, and what a pass sees of them."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.conflicts.check import check, faults, tidy
from evals.conflicts.items import (
    BESIDE,
    CLASSES,
    ITEMS,
    SAME,
    Compared,
    compared,
    item_pairs,
    other_questions,
    sample,
    sampled,
    swapped,
    with_texts,
)
from evals.conflicts.stories import DIFFER, NOT_DIFFER, pairs_of, sample_pairs
from evals.data import json_lines
from evals.training.check import article_lines
from evals.training.inputs import Words
from rag.embedding.onnx import tokenizer_path

ARTICLE = [
    "The mayor opened the bridge on Monday.",
    "",
    "It cost 4 million. The tolls start in May.",
]


def item(**changes: Any) -> dict[str, Any]:
    """An item as the repository has it."""
    given: dict[str, Any] = {
        "doc_id": "d1", "question": "price of the bridge", "kind": "number", "at": [3, 0, 18],
        "answer": "4 million",
        "differs": [
            {"text": "The bill was 5 million.", "answer": "5 million",
             "difference": "contradiction"},
            {"text": "Up to 6 million went into it.", "answer": "6 million", "difference": "time"},
        ],
        "same": [{"text": "Four million were spent.", "answer": "Four million"}],
        "beside": [{"text": "The ferry cost 2 million."}, {"at": [3, 19, 42]}],
    }  # fmt: skip
    return given | changes


def whole(**changes: Any) -> dict[str, Any]:
    return with_texts(item(**changes), ARTICLE)


def test_sentences_of_the_article_get_their_text() -> None:
    found = whole()
    assert found["sentence"] == "It cost 4 million."
    assert [one["text"] for one in found["beside"]] == [
        "The ferry cost 2 million.", "The tolls start in May."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"kind": "colour"}, "kind"),
        ({"question": " "}, "no question"),
        ({"same": []}, "nothing same"),
        ({"answer": "5 million"}, "not in the article's sentence"),
        ({"same": [{"text": "Four million were spent.", "answer": "four"}]}, "is not in"),
        ({"beside": [{"text": "It cost 4 million."}]}, "twice"),
        ({"beside": [{"text": "It cost 4 million, they say."}]}, "starts as the article's"),
        ({"differs": [{"text": "5 million.", "answer": "5", "difference": "odd"}]}, "difference"),
    ],
)
def test_faults_of_an_item(changes: dict[str, Any], fault: str | None) -> None:
    found = list(faults(whole(**changes)))
    assert any(fault in one for one in found) if fault else not found


def test_documents_that_are_measured_on_may_not_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.conflicts.check.read_splits", lambda: {"d1": "train"})
    rows = [item(), item(question="Price of the bridge?"), item(doc_id="d2")]
    found = dict(check(rows, {"d1": ARTICLE, "d2": ARTICLE}))
    assert "asked twice" in found[1]
    assert "may not be used" in found[2]
    assert 0 not in found


def test_a_new_row_keeps_no_text_of_the_article() -> None:
    beside = [{"text": "The ferry cost 2 million."}, {"text": "The tolls start in May."}]
    row = {**item(), "line": 3, "sentence": "It cost 4 million.", "beside": beside}
    assert tidy(row, ARTICLE) == item()
    assert tidy({**row, "sentence": "It cost 9 million."}, ARTICLE) is None


def test_every_two_sentences_whose_relation_is_known_are_a_pair() -> None:
    found = compared(whole())
    labels = Counter(CLASSES[pair.label] for pair in found)
    # 2 that answer alike; each with 2 that differ; 4 that answer and 2 beside, less the one pair
    # that stands in the article; and the 2 beside.
    assert labels == {"same": 1, "contradiction": 2, "time": 2, "beside": 8}
    texts = {frozenset((pair.one, pair.other)) for pair in found}
    assert len(texts) == len(found)
    assert frozenset(("The bill was 5 million.", "Up to 6 million went into it.")) not in texts
    assert frozenset(("It cost 4 million.", "The tolls start in May.")) not in texts


def test_a_pass_sees_about_as_many_that_differ_as_others() -> None:
    random = np.random.default_rng(1)
    seen = [pair for _ in range(50) for pair in sample(whole(kind="cause"), [], random)]
    labels = Counter("differs" if pair.label > SAME else CLASSES[pair.label] for pair in seen)
    assert labels == {"differs": 150, "same": 50, "beside": 200}
    first = {pair.one for pair in seen if pair.label > SAME}
    assert {"It cost 4 million.", "The bill was 5 million."} <= first  # both orders


def test_with_the_other_answer_a_sentence_says_the_other_thing() -> None:
    found = {(pair.one, pair.other): CLASSES[pair.label] for pair in swapped(whole())}
    moved, back = "It cost 5 million.", "The bill was 4 million."
    assert found[moved, "The bill was 5 million."] == "same"
    assert found[moved, "It cost 4 million."] == "contradiction"
    assert found[moved, "Four million were spent."] == "contradiction"
    assert found[back, "The bill was 5 million."] == "contradiction"
    assert found[back, "It cost 4 million."] == "same"
    assert not swapped(whole(kind="cause"))  # a clause does not fit into another sentence
    long = {"text": "It was a lot of money by far.", "answer": "a lot of money by far, they say",
            "difference": "precision"}  # fmt: skip
    assert not swapped(whole(differs=[long]))


def test_with_another_question_nothing_answers() -> None:
    random = np.random.default_rng(1)
    seen = [pair for _ in range(50) for pair in sample(whole(), ["who opened it"], random)]
    other = [pair for pair in seen if pair.question == "who opened it"]
    assert 10 < len(other) < 40
    assert {pair.label for pair in other} == {BESIDE}
    assert all(isinstance(pair, Compared) for pair in other)


def test_another_question_is_on_another_line_and_of_another_kind() -> None:
    items = [
        whole(), whole(question="who", kind="person", at=[1, 0, 38]),
        whole(question="tolls", kind="person"), whole(question="sum", at=[1, 0, 38]),
    ]  # fmt: skip
    assert next(iter(other_questions(items))) == ["who"]


def test_the_items_of_this_repository(shared_dir: Path) -> None:
    assert list(check(json_lines(ITEMS), article_lines(shared_dir))) == []


def test_a_step_knows_where_the_words_that_answer_stand() -> None:
    words = Words(tokenizer_path())
    pair = next(p for p in compared(whole()) if p.other == "The bill was 5 million.")
    ((answering,)) = item_pairs(whole(), [pair])
    assert answering.allowed == (CLASSES.index("contradiction"),)
    step = sampled(words, [answering])
    (ids, start), (places,) = step.pairs[0], step.answers
    found = [ids[first : last + 1] for _, _, first, last in places]
    assert found == [words.ids("4 million"), words.ids("5 million")]
    assert [place[0] for place in places] == [len(words.ids("price of the bridge")) + 2, start]
    assert places[1][1] == len(ids) - 1
    beside = item_pairs(whole(), [pair._replace(other="The ferry cost 2 million.")])
    assert len(sampled(words, beside).answers[0]) == 1


def reading(**changes: Any) -> dict[str, Any]:
    """What is read for a question over stories."""
    values = [[0], [0], [1], [], [0, 1]]
    given: dict[str, Any] = {
        "id": "i001", "question": "price of the bridge", "disagree": True, "beside": [],
        "marked": True,
        "sentences": [{"text": f"Sentence {k}.", "values": value, "answer": ""}
                      for k, value in enumerate(values)],
    }  # fmt: skip
    return given | changes


@pytest.mark.parametrize(
    ("changes", "differing", "same"),
    [
        ({}, DIFFER, (1,)),
        ({"disagree": False}, (BESIDE,), (1,)),
        ({"disagree": False, "marked": False}, NOT_DIFFER, (1,)),
        ({"disagree": False, "beside": [0]}, (BESIDE,), NOT_DIFFER),
    ],
    ids=["disagreement", "another thing", "not told which", "beside the question"],
)
def test_pairs_of_a_question_over_stories(
    changes: dict[str, Any], differing: tuple[int, ...], same: tuple[int, ...]
) -> None:
    found = {(pair.compared.one[9], pair.compared.other[9]): pair.allowed
             for _, pair in pairs_of(reading(**changes))}  # fmt: skip
    assert found == {
        ("0", "1"): same, ("0", "2"): differing, ("1", "2"): differing,
        ("0", "3"): (BESIDE,), ("1", "3"): (BESIDE,), ("2", "3"): (BESIDE,), ("3", "4"): (BESIDE,),
    }  # fmt: skip


def test_a_pass_sees_pairs_in_both_orders() -> None:
    random = np.random.default_rng(1)
    seen = [pair.compared for _ in range(20) for pair in sample_pairs(reading(), random)]
    assert {("Sentence 0.", "Sentence 2."), ("Sentence 2.", "Sentence 0.")} <= {
        (pair.one, pair.other) for pair in seen
    }
    assert len(seen) == 20 * 7
