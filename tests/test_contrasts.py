"""Values that two likely answers give are told as a disagreement where they are of one thing."""

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from evals.conflicts.contrasts import Pair, fit, left_out
from rag.comparison import compare_evidence
from rag.comparison.asking import read_question
from rag.comparison.contrasts import (
    FEATURES,
    Vectors,
    likely_sentences,
    measure,
    read_contrasts,
    shipped_weighing,
)
from rag.comparison.material import Material
from rag.comparison.together import Together
from rag.relevance import PairChances, SentencePair
from rag.schema import Document, Evidence

NEAR = np.array([1.0, 0.0], dtype=np.float32)
FAR = np.array([0.0, 1.0], dtype=np.float32)
# What the pair model may say.
DIFFERENT, ALIKE = PairChances(0.05, 0.05, 0.9), PairChances(0.1, 0.88, 0.02)
UNSURE = PairChances(0.6, 0.2, 0.2)


def said(text: str, answer: str, name: str, *, chance: float = 0.6, day: int = 1) -> Evidence:
    """`text` as an article of its own, read as an answer."""
    document = Document(f"{name}.txt", text, "0" * 64, publisher=name, published=date(2024, 5, day))
    start = text.index(answer)
    words = (start, start + len(answer))
    return Evidence(document, 1, 1, 0, len(text), text, 1.0, chance, words)


def vectors(*evidence: Evidence, alike: bool = True) -> Vectors:
    kinds = (NEAR, NEAR if alike else FAR)
    return {
        (item.document.document_id, item.start_char): kinds[k % 2]
        for k, item in enumerate(evidence)
    }


# A question, two sentences with the words that answer, and the sort of contrast between them.
CONTRASTS = {
    "figures": ("How many bolts failed in the Norham bridge?",
                ("Forty bolts failed in the Norham bridge.", "Forty bolts"),
                ("In Norham ninety bolts gave way.", "ninety bolts"), "number"),
    "rounded": ("How many bolts failed in the Norham bridge?",
                ("About 100 bolts failed in Norham.", "About 100 bolts"),
                ("In Norham 98 bolts gave way.", "98 bolts"), ""),
    "things of another sort": ("How many bolts failed in the Norham bridge?",
                               ("Forty bolts failed in Norham.", "Forty bolts"),
                               ("In Norham ninety cars turned back.", "ninety cars"), ""),
    "days": ("When did the Norham bridge fall?",
             ("The Norham bridge came down on 3 May.", "on 3 May"),
             ("In Norham the span was lost on 5 May.", "on 5 May"), "date"),
    "names": ("Who found the Norham leak?",
              ("Ida Berg found the leak in Norham.", "Ida Berg"),
              ("The Norham leak was spotted by Bo Lund.", "Bo Lund"), "person"),
    "one name": ("Who found the Norham leak?",
                 ("Ida Berg found the leak in Norham.", "Ida Berg"),
                 ("The Norham leak was spotted by Ms Berg.", "Ms Berg"), ""),
    "states": ("Is the Norham bridge open?",
               ("The Norham bridge reopened to cars.", "The"),
               ("The Norham bridge will stay closed.", "The"), "status"),
    "yes or no in words": ("Did the Norham bridge sway?",
                           ("A walker in Norham saw the deck swing.", "saw the deck swing"),
                           ("The mayor of Norham saw it hold still.", "hold still"), "polarity"),
    "reasons": ("Why did the Norham bridge fall?",
                ("The Norham bridge fell because of rust.", "rust"),
                ("In Norham a barge had struck it.", "a barge had struck it"), "cause"),
    "one reason": ("Why did the Norham bridge fall?",
                   ("The Norham bridge fell because of rust.", "rust"),
                   ("In Norham it was the rust that did it.", "the rust"), ""),
    "no reason": ("Why did the Norham bridge fall?",
                  ("The Norham bridge fell because of rust.", "rust"),
                  ("The Norham bridge fell again.", "The"), ""),
    "of no sort that is asked for": ("Norham ferry line operator",
                                     ("Aldis runs the Norham ferry.", "Aldis"),
                                     ("The Norham ferry belongs to Bray Line.", "Bray Line"),
                                     "object"),
    "offices": ("Who is Ida Berg?",
                ("Ida Berg, the port's finance director, spoke.", "finance director"),
                ("Ida Berg, the harbour master, spoke.", "harbour master"), "role"),
}  # fmt: skip


@pytest.mark.parametrize(("question", "one", "other", "kind"), CONTRASTS.values(), ids=CONTRASTS)
def test_contrasts_are_of_what_is_asked(
    question: str, one: tuple[str, str], other: tuple[str, str], kind: str
) -> None:
    evidence = [said(*one, "One"), said(*other, "Two")]
    material = Material(read_question(question), evidence, [], {})
    found = read_contrasts(material, material.all)
    assert [contrast.attribute for contrast in found] == ([kind] if kind else [])


def test_no_contrasts_within_an_article_or_between_two_stories() -> None:
    question, one, other, _ = CONTRASTS["names"]
    apart = said("The Aldis leak was spotted by Bo Lund.", "Bo Lund", "Two")
    for evidence in ([said(*one, "One"), said(*other, "One")], [said(*one, "One"), apart]):
        material = Material(read_question(question), evidence, [], {})
        assert list(read_contrasts(material, material.all)) == []


def find(*evidence: Evidence, alike: bool = True, together: PairChances = DIFFERENT) -> list[str]:
    question = CONTRASTS["names"][0]

    def compare(pairs: Sequence[SentencePair]) -> list[PairChances]:
        return [together] * len(pairs)

    known = vectors(*evidence, alike=alike)
    found = compare_evidence(question, evidence, vectors=known, compare=compare)
    return [finding.attribute for finding in found]


def test_sure_and_alike_answers_of_two_sources_disagree() -> None:
    _, one, other, _ = CONTRASTS["names"]
    assert find(said(*one, "One"), said(*other, "Two")) == ["person"]
    assert compare_evidence(CONTRASTS["names"][0], [said(*one, "One"), said(*other, "Two")]) == []


def test_unsure_or_unlike_answers_do_not() -> None:
    _, one, other, _ = CONTRASTS["names"]
    unsure = said(*other, "Two", chance=0.05)
    assert find(said(*one, "One"), unsure, alike=False, together=UNSURE) == []
    assert find(said(*one, "One"), said(*other, "Two", chance=0.01)) == []  # no answer at all


def test_answers_that_the_pair_model_takes_for_one_do_not() -> None:
    _, one, other, _ = CONTRASTS["names"]
    assert find(said(*one, "One"), said(*other, "Two"), together=ALIKE) == []


def test_what_rules_find_is_left_out_where_the_pair_model_sees_no_difference() -> None:
    question = "How many people died in Norham?"
    evidence = [said("Five people died in Norham.", "Five people", "One"),
                said("Nine people died in Norham.", "Nine people", "Two")]  # fmt: skip
    assert len(compare_evidence(question, evidence)) == 1
    assert len(compare_evidence(question, evidence, compare=lambda _: [DIFFERENT])) == 1
    assert compare_evidence(question, evidence, compare=lambda _: [ALIKE]) == []
    assert len(compare_evidence(question, evidence, compare=lambda _: [ALIKE], wanted=True)) == 1


def test_every_value_of_a_finding_is_read() -> None:
    question = "How many people died in Norham?"
    evidence = [
        said(f"{count} people died in Norham.", count, f"{count}-{k}")
        for count in ("Five", "Nine", "Forty") for k in range(2)
    ]  # fmt: skip

    def compare(pairs: Sequence[SentencePair]) -> list[PairChances]:
        return [DIFFERENT if "Forty" in "".join(pair) else ALIKE for pair in pairs]

    assert len(compare_evidence(question, evidence, compare=compare)) == 1


def test_a_pair_is_read_once_whatever_its_order() -> None:
    asked: list[SentencePair] = []

    def compare(pairs: Sequence[SentencePair]) -> list[PairChances]:
        asked.extend(pairs)
        return [DIFFERENT if pair.one == "a" else ALIKE for pair in pairs]

    together = Together(compare)
    assert together.read([SentencePair("a", "b"), SentencePair("b", "c")]) == [DIFFERENT, ALIKE]
    assert together.read([SentencePair("c", "b"), SentencePair("b", "a")]) == [ALIKE, DIFFERENT]
    assert together.read([]) == []
    assert asked == [("a", "b"), ("b", "c")]


def test_features_have_their_order() -> None:
    question, one, other, _ = CONTRASTS["names"]
    evidence = [said(*one, "One"), said(*other, "Two", chance=0.2, day=4)]
    known = vectors(*evidence, alike=False)
    material = Material(read_question(question), evidence, [], {})
    likely = likely_sentences(material, known)
    (contrast,) = read_contrasts(material, likely)
    values = dict(zip(FEATURES, measure(contrast, likely, material, known, DIFFERENT), strict=True))
    assert values["surer"] == pytest.approx(math.log(0.6 / 0.4))
    assert values["less_sure"] == pytest.approx(math.log(0.2 / 0.8))
    assert values["cosine"] == 0.0
    assert values["days_apart"] == 3.0
    assert values["likely_sentences"] == 2.0
    assert values["same_family"] == 0.0
    assert values["shared_question_words"] >= 2.0  # Norham, leak
    assert values["differ"] == pytest.approx(math.log(0.9 / 0.1))
    assert values["same"] == pytest.approx(math.log(0.05 / 0.95))
    assert values["differ_not_same"] == pytest.approx(math.log(0.9 / 0.05))
    assert values["in_words"] == 0.0


def test_the_shipped_constants_are_of_these_features() -> None:
    weighing = shipped_weighing()
    sizes = {len(weighing.centre), len(weighing.spread), len(weighing.factors)}
    assert sizes == {len(FEATURES)}
    assert 0 < weighing.least < 1
    middle = weighing.chance(weighing.centre)
    assert middle == pytest.approx(1 / (1 + math.exp(-weighing.constant)))


def test_fitting_finds_what_tells_right_from_wrong() -> None:
    rng = np.random.default_rng(0)
    pairs = []
    for k in range(400):
        features = dict(zip(FEATURES, rng.normal(size=len(FEATURES)).tolist(), strict=True))
        right = features["cosine"] + 0.2 * rng.normal() > 0.5
        pairs.append(Pair(features, bool(right), "egnxyz"[k % 6]))
    fitted = fit(pairs)
    assert fitted.names[int(np.argmax(np.abs(fitted.factors)))] == "cosine"
    right, wrong = left_out(pairs)[0.5]
    assert right > 10 * wrong
