"""The training of the reader: pure functions, and the merged graph; what needs torch is skipped."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.data import json_lines
from evals.sources import news_talks
from evals.training import inputs, lists, measures, merging
from evals.training.calibrate import diagram
from evals.training.candidates import line_starts
from evals.training.check import CONVERSATIONS, RUN, check, faults, read_splits, runs, twin_faults
from evals.training.collect import tidy
from evals.training.evaluate import fit, results, same_questions, twin_pairs, twin_results
from evals.training.follow_ups import faults as talk_faults
from evals.training.follow_ups import rows_of

ARTICLE = [
    "The mayor opened the new bridge on Monday.", "", "It cost 4 million. He was proud of it."
]  # fmt: skip


def row(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "doc_id": "d1", "question": "price of the crossing", "answerable": True, "lines": [3],
        "answer": "4 million", "near": [], "span": [3, 8, 17],
    }  # fmt: skip
    return given | changes


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"question": "who opened the new bridge on"}, "five words"),
        ({"question": "the mayor opened the old bridge"}, None),
        ({"lines": [2], "span": None}, "empty"),
        ({"lines": [4], "span": None}, "does not exist"),
        ({"answer": ""}, "no answer"),
        ({"span": [1, 0, 3]}, "not inside"),
        ({"span": [3, 30, 90]}, "not inside"),
        ({"answerable": False, "lines": [], "answer": "", "span": None}, "no near"),
        ({"answerable": False, "lines": [], "answer": "", "span": None, "near": [1]}, None),
        ({"answerable": False, "near": [1], "span": None, "answer": ""}, "should be empty"),
        ({"note": ""}, "fields"),
    ],
)
def test_faults_of_a_question(changes: dict[str, object], fault: str | None) -> None:
    found = list(faults(row(**changes), ARTICLE, runs(ARTICLE)))
    assert [fault in one for one in found] == [True] if fault else not found


def test_check_finds_what_is_asked_twice_and_what_is_untouched() -> None:
    rows = [row(), row(question="Price of the crossing?"), row(doc_id="d2", question="who")]
    found = check(rows, {"d1": ARTICLE, "d2": ARTICLE}, {"d1": "train", "d2": "untouched"})
    assert len(found) == 2
    assert "asked twice" in found[0]
    assert "untouched" in found[1]


def test_a_twin_differs_from_its_question_in_being_answerable() -> None:
    unanswered = {"answerable": False, "lines": [], "answer": "", "span": None, "near": [3]}
    twin = row(**unanswered, question="price of the tunnel", twin_of="price of the crossing")
    assert list(faults(twin, ARTICLE, runs(ARTICLE))) == []
    assert list(twin_faults([twin], [row()])) == []
    alike, nobody = twin_faults([row(twin_of="price of the crossing"), row(twin_of="?")], [row()])
    assert "both are answerable" in alike
    assert "twin of no question" in nobody


def test_runs_cross_lines() -> None:
    assert ("on", "monday", "it", "cost", "4") in runs(ARTICLE)
    assert all(len(run) == RUN for run in runs(ARTICLE))


def test_a_document_in_two_splits_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    path.write_text('{"train": ["d1"], "dev": ["d1"]}')
    with pytest.raises(ValueError, match="d1 is in train and in dev"):
        read_splits(path)


def test_collect_keeps_offsets_instead_of_text() -> None:
    given = {
        "doc_id": "d1", "question": " price  of it", "answerable": True, "lines": [3, 1],
        "answer": "4 million", "span": "4 million",
    }  # fmt: skip
    assert tidy(given, ARTICLE) == row(question="price of it", lines=[1, 3])


TALK: dict[str, Any] = {
    "doc_id": "d1",
    "turns": [
        {"question": "what did the crossing cost?", "standalone": "What did the new bridge cost?",
         "lines": [3], "answer": "4 million", "near": []},
        {"question": "who opened it", "standalone": "Who opened the new bridge?",
         "lines": [1], "answer": "The mayor", "near": []},
        {"question": "why?", "standalone": "Why did the mayor open the new bridge?",
         "lines": [], "answer": "", "near": [1]},
    ],
}  # fmt: skip


def test_a_conversation_becomes_questions_as_the_reader_sees_them() -> None:
    rows = {(row["turn"], row["form"]): row for row in rows_of(TALK, ARTICLE)}
    assert {key: row["question"] for key, row in rows.items()} == {
        (0, "standalone"): "What did the new bridge cost?",
        (1, "standalone"): "Who opened the new bridge?",
        (1, "context"): "what did the crossing cost ? who opened it",
        (1, "written"): "What did the new bridge cost ? who opened it",
        (2, "standalone"): "Why did the mayor open the new bridge?",
        (2, "context"): "what did the crossing cost ? Who opened the crossing ? why?",
        (2, "written"): "Who opened the new bridge ? why?",
    }
    assert not rows[2, "context"]["answerable"]
    assert rows[1, "context"]["lines"] == [1]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"lines": [2]}, "empty"),
        ({"lines": [9]}, "does not exist"),
        ({"answer": ""}, "no answer"),
        ({"near": [1]}, "either"),
        ({"lines": []}, "either"),
        ({"standalone": " "}, "no question"),
        ({"note": ""}, "fields"),
    ],
)
def test_faults_of_a_conversation(changes: dict[str, object], fault: str | None) -> None:
    talk = {**TALK, "turns": [TALK["turns"][0], {**TALK["turns"][1], **changes}]}
    found = list(talk_faults(talk, ARTICLE))
    assert [fault in one for one in found] == [True] if fault else not found


def test_the_conversations_of_the_repository_have_no_faults() -> None:
    splits, talks = read_splits(), json_lines(CONVERSATIONS)
    assert {splits[talk["doc_id"]] for talk in talks} == {"train", "dev", "test"}
    longest = ["x"] * max(line for talk in talks for turn in talk["turns"] for line in
                          [*turn["lines"], *turn["near"]])  # fmt: skip
    assert not [fault for talk in talks for fault in talk_faults(talk, longest)]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_conversations_are_asked_with_their_history_or_in_full(split: str) -> None:
    typed, whole = news_talks(split, in_full=False), news_talks(split, in_full=True)
    assert len({question.question_id for question in typed}) == len(typed)
    assert {len(question.history) for question in typed} == {1, 2, 3, 4}
    assert not any(question.history for question in whole)
    assert [one.facts for one in typed] == [one.facts for one in whole]
    assert 0 < sum(not one.answerable for one in typed) < len(typed) / 3


def test_line_starts_are_those_of_an_editor() -> None:
    assert line_starts("ab\n\nc\x0cd\n") == [0, 3, 4, 8]


def sentences() -> list[dict[str, object]]:
    first, second, third = ARTICLE[0], ARTICLE[2][:18], ARTICLE[2][19:]
    return [
        {"line": 1, "last_line": 1, "start": 0, "text": first, "before": ""},
        {"line": 3, "last_line": 3, "start": 0, "text": second, "before": first},
        {"line": 3, "last_line": 3, "start": 19, "text": third, "before": second},
    ]


def test_where_the_span_is_known_other_sentences_of_its_line_are_masked() -> None:
    wrong, right, masked = lists.WRONG, lists.RIGHT, lists.MASKED
    assert lists.labels_of(row(), sentences()) == [wrong, right, masked]
    assert lists.labels_of(row(span=None), sentences()) == [wrong, right, right]


class Numbered(inputs.Words):
    """A number for each word, the same for the same one."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def ids(self, text: str) -> list[int]:
        return [self.numbers.setdefault(word, len(self.numbers)) for word in text.split()]


def test_what_is_read_before_a_sentence() -> None:
    first, second, _ = sentences()
    words = Numbered()
    title, before = words.ids("The Title"), words.ids(ARTICLE[0])
    assert lists.context_of(words, first, "The Title", "pronoun") == []
    assert lists.context_of(words, second, "The Title", "pronoun") == before
    assert lists.context_of(words, first, "The Title", "both") == title
    assert lists.context_of(words, second, "The Title", "both") == [*title, inputs.SEP, *before]
    assert lists.context_of(words, second, "", "both") == before
    assert lists.context_of(words, second, "The Title", "none") == []
    long = inputs.context(range(50), range(100, 200))
    assert long[: inputs.TITLE_TOKENS] == [*range(inputs.TITLE_TOKENS)]
    assert long[-inputs.BEFORE_TOKENS :] == [*range(200 - inputs.BEFORE_TOKENS, 200)]


def test_a_sample_shows_right_near_and_other_sentences() -> None:
    candidates = [
        lists.Candidate([k], [], lists.RIGHT if k == 2 else lists.MASKED if k == 3 else lists.WRONG,
                        (0, 0) if k == 2 else None)
        for k in range(30)
    ]  # fmt: skip
    listed = lists.Listed([7], candidates, near=(20,))
    shown = lists.sample(listed, 6, np.random.default_rng(1))
    tokens = [ids[3] for ids, _ in shown.pairs]
    assert shown.labels == [1, 0, 0, 0, 0, 0]
    assert tokens[:2] == [2, 20]
    assert 3 not in tokens
    assert len(set(tokens)) == 6
    assert shown.spans == [(3, 3), None, None, None, None, None]


def test_a_list_without_what_answers_keeps_what_tempts() -> None:
    labels = (lists.WRONG, lists.RIGHT, lists.MASKED, lists.WRONG)
    candidates = [lists.Candidate([k], [], label) for k, label in enumerate(labels)]
    listed = lists.Listed([7], candidates, near=(3, 1))
    assert listed.is_answerable
    kept = lists.without_right(listed)
    assert not kept.is_answerable
    assert [one.sentence for one in kept.candidates] == [[0], [3]]
    assert kept.near == (1,)


def test_a_pair_never_exceeds_its_limits() -> None:
    ids, start = inputs.pair(range(90), range(300), range(50))
    assert len(ids) == inputs.MAX_TOKENS
    assert start == inputs.QUESTION_TOKENS + 2
    ids, start = inputs.pair([5], [6, 7], [1, 2, 3])
    assert (ids, start) == ([101, 5, 102, 1, 2, 3, 102, 6, 7, 102], 7)
    assert inputs.pair([5], [6]) == ([101, 5, 102, 6, 102], 3)


def test_padding_marks_what_is_there_and_the_parts_of_a_pair() -> None:
    pairs = [([101, 7, 102, 9, 102], 3), ([101, 7, 102, 5, 102, 9, 102], 5)]
    ids, mask, types = inputs.padded(pairs, multiple=8)
    assert ids.shape == (2, 8)
    assert mask.sum(axis=1).tolist() == [5, 7]
    assert types.tolist() == [[0, 0, 0, 1, 1, 0, 0, 0], [0, 0, 0, 2, 2, 1, 1, 0]]


def scored(key: str, answerable: bool, logits: list[float], gold: list[bool]) -> measures.Scored:
    lines = [str(k // 2) for k in range(len(logits))]
    first = np.linspace(0.9, 0.1, len(logits))
    labels = [int(on) for on in gold]
    return measures.Scored(key, answerable, lines, gold, labels, first, np.array(logits))


def test_ranks_are_those_of_lines() -> None:
    one = scored("d|q", True, [3.0, 2.0, 1.0, 0.0], [False, False, False, True])
    assert measures.line_rank(one, one.logits) == 2
    assert measures.line_rank(one, -one.logits) == 1
    assert measures.line_rank(scored("d|q", True, [1.0], [False]), np.array([1.0])) is None
    assert measures.rank_shares([1, 2, None, 4]) == [0.25, 0.5, 0.75]


def test_auc_counts_ties_half() -> None:
    positive = np.array([True, False, True, False])
    assert measures.auc(np.array([3.0, 1.0, 2.0, 0.0]), positive) == 1.0
    assert measures.auc(np.ones(4), positive) == 0.5


def test_the_threshold_refuses_few_of_the_answerable() -> None:
    random = np.random.default_rng(3)
    answerable = np.arange(600) % 3 > 0
    values = random.normal(size=600) + 2.0 * answerable
    cut = measures.threshold_for(values, answerable)
    f1, refused = measures.refusal(values, answerable, cut)
    assert refused <= measures.REFUSED_AT_MOST
    assert 0.6 < f1 < 0.95


def test_the_same_questions_with_and_without_what_answers() -> None:
    clear = scored("a|q", True, [5.0, -3.0, -4.0], [True, False, False])
    blind = scored("b|q", True, [-4.0, 2.0, -4.0], [True, False, False])
    assert same_questions([clear]) == 1.0
    assert same_questions([blind]) == 0.5  # the best is another one, with or without it
    assert measures.without_gold(scored("c|q", True, [1.0], [True])) is None


def test_twins_are_told_apart_by_what_answers() -> None:
    asked = scored("d|who", True, [4.0, -3.0], [True, False])
    unanswered = scored("d|which", False, [-2.0, -3.0], [False, False])
    pairs = twin_pairs([asked], [unanswered, unanswered], ["d|who", "d|unknown"])
    assert pairs == [(asked, unanswered)]
    settings = {"weight": 0.0, "centre": [0, 0, 0], "spread": [1, 1, 1],
                "any": [1, 1, 0, 0]}  # fmt: skip
    assert twin_results(pairs, settings)["AUC, twins"] == 1.0
    (swapped,) = twin_pairs([unanswered], [asked], ["d|which"])
    assert swapped == (asked, unanswered)


def test_the_regression_finds_what_decides_and_is_calibrated() -> None:
    random = np.random.default_rng(4)
    rows = random.normal(size=(4000, 2))
    came = random.random(4000) < measures.sigmoid(2.0 * rows[:, 0] - 1.0)
    weights = measures.fit_logistic(rows, came)
    assert weights == pytest.approx([2.0, 0.0, -1.0], abs=0.2)
    bins, error = measures.reliability(measures.logistic(rows, weights), came)
    assert sum(count for _, _, count in bins) == 4000
    assert error < 0.03
    assert "ECE" in diagram("Any", measures.logistic(rows, weights), came)


def test_a_perfect_reader_gets_perfect_numbers() -> None:
    questions = [
        scored(f"d{k}|q", k % 3 > 0, [0.0, 0.0, 6.0 if k % 3 else -6.0, 0.0],
               [False, False, k % 3 > 0, False])
        for k in range(60)
    ]  # fmt: skip
    found = results(questions, fit(questions), fitted_here=True)
    assert found["rank 1"] == 1.0
    assert found["AUC of the regression"] == 1.0
    assert found["refusal F1, best score"] == 1.0


def test_the_difference_survives_its_file(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    base = {name: random.normal(size=shape).astype(np.float32)
            for name, shape in {"a.weight": (40, 30), "a.bias": (30,)}.items()}  # fmt: skip
    low = (random.normal(size=(40, 4)) @ random.normal(size=(4, 30))).astype(np.float32) / 50
    trained = {
        "a.weight": base["a.weight"] + low, "a.bias": base["a.bias"] + 0.5,
        "head.weight": np.ones((60, 1), dtype=np.float32),
    }  # fmt: skip
    merging.write_difference(tmp_path / "r.npz", merging.cut(base, trained, 8), {"rank": 8})
    found = merging.read_difference(tmp_path / "r.npz")
    assert found.meta == {"rank": 8}
    assert set(found.tensors) == set(trained)
    assert found.tensors["a.weight"] == pytest.approx(low, abs=1e-3)
    assert found.tensors["a.bias"] == pytest.approx(np.full(30, 0.5), abs=1e-3)


@pytest.mark.slow
def test_the_merged_graph_scores_pairs(tmp_path: Path) -> None:
    import onnx

    from rag import write_base_model

    folded, merged, small = (tmp_path / name for name in ("f.onnx", "m.onnx", "q.onnx"))
    write_base_model("embedder", folded)
    base = merging.tensors(onnx.load(str(folded)))
    assert len(base) == 5 + 6 * 16
    random = np.random.default_rng(6)
    weight = random.normal(size=(768, 1)).astype(np.float32)
    name = "inner.encoder.layer.5.output.dense.weight"
    changes = {
        "head.weight": weight, "head.bias": np.ones(1, dtype=np.float32),
        name: np.zeros_like(base[name]),
    }  # fmt: skip
    merging.write_merged(folded, changes, merged)
    merging.quantise(merged, small)
    pairs = [inputs.pair([2054, 2003], [2023, 2003, 1037, 6251]), inputs.pair([2040], [2002])]
    ids, mask, types = inputs.padded(pairs)
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    hidden = merging.session(folded).run(None, given)[0]
    mean = (hidden * types[:, :, None]).sum(axis=1) / types.sum(axis=1, keepdims=True)
    expected = np.concatenate([hidden[:, 0], mean], axis=1) @ weight + 1
    assert merging.session(merged).run(["logits"], given)[0] == pytest.approx(expected, abs=1e-3)
    quantised = merging.session(small).run(["logits"], given)[0]
    assert quantised == pytest.approx(expected, abs=0.15 * np.abs(expected).max() + 0.5)


def test_the_head_that_training_starts_from_is_a_least_squares_fit() -> None:
    from evals.training.start import fit_linear

    random = np.random.default_rng(5)
    rows, weights = random.normal(size=(4000, 6)), random.normal(size=6)
    found, constant = fit_linear(rows, rows @ weights + 3)
    assert found == pytest.approx(weights, abs=0.02)
    assert constant == pytest.approx(3, abs=0.02)


def test_a_run_that_was_taken_up_again_has_the_options_of_the_last_time(tmp_path: Path) -> None:
    from evals.training.export import history
    from evals.training.scoring import start_row

    rows: list[dict[str, object]] = [
        {"event": "start", "written": 9, "public": 0, "steps": 400, "options": {"start": "None"}},
        {"step": 20, "seconds": 5.0},
        {"event": "start", "written": 9, "public": 0, "steps": 400,
         "options": {"start": "start.npz", "stop": "320"}},
        {"event": "end", "seconds": 7.5},
    ]  # fmt: skip
    text = "".join(json.dumps(one) + "\n" for one in rows)
    (tmp_path / "log.jsonl").write_text(text, encoding="utf-8")
    assert start_row(tmp_path)["options"]["stop"] == "320"
    (run,) = history(tmp_path)
    assert run["seconds"] == 7.5


def test_frozen_layers_and_what_is_below_them_stay() -> None:
    pytest.importorskip("torch")
    from evals.training.network import Network

    network = Network(layers=4, types=3)
    network.freeze(2)
    trained = {name.partition(".weight")[0] for name, value in network.named_parameters()
               if value.requires_grad}  # fmt: skip
    assert not any(name.startswith(("types", "norm", "layers.0.", "layers.1.")) for name in trained)
    assert any(name.startswith("layers.2.") for name in trained)
    network = Network()
    network.freeze(0)
    assert network.types.weight.requires_grad
    assert not network.words.weight.requires_grad


def test_the_loss_prefers_null_where_nothing_answers() -> None:
    torch = pytest.importorskip("torch")
    from evals.training.learning import losses, parts_of

    labels = torch.tensor([[1, 0, 1], [0, 0, -1]])
    good = torch.tensor([[4.0, -4.0, -4.0], [-4.0, -4.0, -1e4]])
    bad = -good.clamp(min=-5)
    assert losses(good, labels)[0] < 0.1 < losses(bad, labels)[0]
    listed = lists.Sampled([([1] * k, 1) for k in (3, 4)], [1, 0], [None, None])
    assert [len(part) for part in parts_of([listed] * 5, 2)] == [3, 2]


def test_a_plan_is_the_same_for_the_same_seed() -> None:
    pytest.importorskip("torch")
    from evals.training.train import plan

    candidates = [lists.Candidate([k], [], int(k == 0)) for k in range(9)]
    written = [lists.Listed([q], candidates) for q in range(20)]
    options = argparse.Namespace(
        seed=3,
        passes=2,
        written_candidates=4,
        public=10,
        candidates=3,
        lists=5,
        steps=None,
        without_right=0.0,
    )
    assert plan(options, written, written) == plan(options, written, written)
    assert len(plan(options, written, written)) == 2 * 30 // 5


def test_whole_lines_for_sentences() -> None:
    rows = [
        {"line": 3, "last_line": 3, "start": 19, "text": "He was proud.", "before": "It cost."},
        {"line": 1, "last_line": 1, "start": 0, "text": "The mayor came.", "before": ""},
        {"line": 3, "last_line": 3, "start": 0, "text": "It cost 4 million.", "before": "Came."},
    ]
    asked = lists.Asked(row(), "", rows, [0.9, 0.5, 0.4], [lists.MASKED, 0, 1], [True, False, True])
    found = lists.by_line(asked)
    assert [one["text"] for one in found.rows] == [
        "It cost 4 million. He was proud.", "The mayor came."
    ]  # fmt: skip
    assert found.rows[0]["before"] == "Came."
    assert (found.scores, found.labels, found.gold) == ([0.9, 0.5], [1, 0], [True, False])
