"""Questions whether the sources agree are asked without that, and get a verdict."""

from pathlib import Path

import pytest

from rag import Config, open_engine
from rag.condensing import agreed_on

ARTICLES = {
    "one.md": ("Coast Radio", "Ida Berg will get the reward of 75,000 pounds for the lost cup."),
    "two.md": ("Norham Post", "The trustees offered a reward of 50,000 pounds for the cup."),
    "three.md": ("Coast Radio", "The ferry Aurora is operated by Nordline."),
    "four.md": ("Norham Post", "Nordline, which operates the ferry Aurora, has 14 ships."),
    "six.md": ("Coast Radio", "The old pier fell into the sea on 3 May 2024."),
    "seven.md": ("Norham Post", "The old pier fell in May 2024, at night."),
    "five.md": ("Coast Radio", "The lighthouse keeper owns a red dog."),
}


@pytest.mark.parametrize(
    ("question", "inner"),
    [
        ("Do the sources agree on how many died?", "how many died?"),
        ("do all papers agree how many died", "how many died"),
        ("and do the reports differ on the reward", "the reward"),
        ("is there any disagreement between the outlets about the cause?", "the cause?"),
        ("Are the accounts consistent about the time", "the time"),
        ("where do the reports disagree on the crash", "the crash"),
        ("do the sources agree on if it rang", "whether it rang"),
        # Of other questions nothing is taken away.
        ("Do the sources agree?", ""),
        ("Does the BBC agree with the FT about the army?", ""),
        ("Do the unions agree on a strike?", ""),
        ("How many sources agree on it?", ""),
    ],
)
def test_the_question_that_sources_are_to_agree_on(question: str, inner: str) -> None:
    assert agreed_on(question) == inner


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Do the sources agree on the reward for the cup?", "the sources differ here"),
        ("Do the sources agree on when the old pier fell?",
         "the sources give values that fit each other"),
        ("Do the sources agree on who operates the ferry Aurora?",
         "no difference was found between the sources that answer this"),
        ("Do the sources agree on who owns a red dog?",
         "only one independent source answers this"),
    ],
)  # fmt: skip
def test_the_answer_says_whether_they_do(question: str, verdict: str, tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for name, (publisher, text) in ARTICLES.items():
        (tmp_path / "corpus" / name).write_text(
            f"---\ntitle: {text.split()[-1]}\npublisher: {publisher}\n---\n\n{text}\n",
            encoding="utf-8",
        )
    config = Config(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    with open_engine(config) as engine:
        answer = engine.query(question)
    assert answer.notice is not None
    assert verdict in answer.notice
