"""Why-questions: which sentences are read for them, and which lead."""

from pathlib import Path

import pytest

from rag import Config, open_engine
from rag.comparison import reasons_first
from rag.reading.reasons import KEPT, with_reasons
from rag.schema import Document, Evidence, Message

CORPUS = Path(__file__).parent.parent / "corpus"
LEFT = "Why did the guards walk out?"
BACK = "The port said help was no longer needed because some guards had returned to work."
REASON = "The guards walked out in response to a charge against one of them."
PLAIN = "The guards walked out on Friday."
OTHERS = "The cooks walked out because of the heat."


def said(text: str, chance: float = 0.5) -> Evidence:
    document = Document(f"{text[:12]}.txt", f"{text}\n", "0" * 64)
    return Evidence(document, 1, 1, 0, len(text), text, chance, chance)


def leading(question: str, quoted: list[str], *others: Evidence) -> list[str]:
    groups = [[said(text)] for text in quoted]
    candidates = [*(item for group in groups for item in group), *others]
    return [group[0].text for group in reasons_first(question, groups, candidates)]


def test_a_reason_for_the_act_leads_and_its_undoing_is_left_out() -> None:
    assert leading(LEFT, [BACK, PLAIN], said(REASON, 0.1)) == [REASON, PLAIN]
    assert leading(LEFT, [BACK, PLAIN, REASON]) == [REASON, PLAIN]


@pytest.mark.parametrize(
    ("question", "other"),
    [
        (LEFT, said(OTHERS, 0.4)),  # of somebody else
        (LEFT, said(REASON, 0.01)),  # hardly likely to answer
        ("When did the guards walk out?", said(REASON, 0.4)),
        ("Why is the port so large?", said(REASON, 0.4)),  # no act that is known
    ],
)
def test_nothing_changes_without_a_likely_reason_for_it(question: str, other: Evidence) -> None:
    assert leading(question, [BACK, PLAIN], other) == [BACK, PLAIN]


def test_whoever_a_pronoun_means_may_have_done_it() -> None:
    assert leading("Why did they walk out?", [PLAIN], said(OTHERS)) == [OTHERS, PLAIN]


def test_what_only_came_before_must_be_likelier() -> None:
    lunch = "The guards walked out after lunch."
    assert leading(LEFT, [PLAIN], said(lunch, 0.1)) == [PLAIN]
    assert leading(LEFT, [PLAIN], said(lunch, 0.2)) == [lunch, PLAIN]


def test_a_sure_answer_is_not_cut_off() -> None:
    angry = "They were angry at the new rules."
    assert leading(LEFT, [angry], said(REASON)) == [REASON, angry]
    strike = "Why are the nurses on strike?"
    talks = "Talks ended without a pay rise."
    assert leading(strike, [talks], said("Nurses are on strike over pay.")) == [
        "Nurses are on strike over pay.", talks,
    ]  # fmt: skip


def test_an_act_inside_the_reason_is_not_explained() -> None:
    explained = "The port hired soldiers because the guards walked out."
    assert leading(LEFT, [PLAIN], said(explained)) == [PLAIN]


def test_places_are_kept_for_sentences_with_a_reason() -> None:
    near = [said(f"The guards of port {number} walked out.") for number in range(12)]
    far = [said(PLAIN), said(REASON)]
    read = with_reasons(LEFT, [*near, *far], 10)
    assert [item.text for item in read[: 10 - KEPT]] == [item.text for item in near[: 10 - KEPT]]
    assert read[10 - KEPT].text == REASON
    assert sorted(map(id, read)) == sorted(map(id, [*near, *far]))
    assert with_reasons("Who walked out?", [*near, *far], 10) == [*near, *far]
    assert with_reasons(LEFT, near, 12) == near


def test_both_reasons_lead_in_the_shipped_talk(tmp_path: Path) -> None:
    asked = "How many officers stepped back from firearms duties?"
    with open_engine(Config(corpus_dir=CORPUS, index_dir=tmp_path / "index")) as engine:
        told = engine.query(asked)
        history = [
            Message(role="user", content=asked), Message(role="assistant", content=told.text)
        ]  # fmt: skip
        answer = engine.query("And why did they do it?", history=history)
    cited = [answer.citations[statement.citations[0] - 1] for statement in answer.statements[:2]]
    assert [(one.path, one.first_line) for one in cited] == [
        ("national-army-on-terror-standby.md", 14), ("ft-army-cover-ends.md", 22)
    ]  # fmt: skip
    (difference,) = answer.disagreements
    assert difference.attribute == "cause"
    assert not any("no longer needed" in statement.text for statement in answer.statements)
