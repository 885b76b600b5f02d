"""Parts of the way to an answer left out, one at a time: that part's work is not done."""

from typing import Any

import pytest
from conftest import index_articles

from rag import Answer, ChatEngine, Config, ConfigError, Message, ScoredChunk, open_engine

ARTICLES = {
    "storm.txt": (
        "---\npublisher: Coast Radio\n---\n"
        "A storm tore the roofs off 30 houses in Norham on Monday night.\n\n"
        "Jan Vos is the mayor of Norham. He said repairs will cost 2 million euros.\n"
    ),
    "bank.txt": (
        "---\npublisher: The Daily Gull\n---\n"
        "The savings bank of Eastby closed its last branch in May.\n\n"
        "Its director, Ole Dahl, resigned after 41 years.\n"
    ),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("without"), ARTICLES)


def opened(base: Config, *parts: str) -> ChatEngine:
    values: dict[str, Any] = {"corpus_dir": base.corpus_dir, "index_dir": base.index_dir}
    return open_engine(Config(**values, without=parts))


def search(base: Config, text: str, *parts: str) -> list[ScoredChunk]:
    with opened(base, *parts) as engine:
        return engine.search(text)


def ask(base: Config, text: str, *parts: str, before: str = "") -> Answer:
    history = [Message(role="user", content=before)] if before else []
    with opened(base, *parts) as engine:
        return engine.query(text, history=history)


def test_dense_search(base: Config) -> None:
    assert all(scored.dense_rank for scored in search(base, "gale damage"))
    assert search(base, "gale damage", "dense") == []
    assert all(not scored.dense_rank for scored in search(base, "storm", "dense"))


def test_keyword_search(base: Config) -> None:
    assert any(scored.keyword_rank for scored in search(base, "storm"))
    assert not any(scored.keyword_rank for scored in search(base, "storm", "keywords"))


def test_spelling(base: Config) -> None:
    assert any(scored.keyword_rank for scored in search(base, "direktor"))
    assert not any(scored.keyword_rank for scored in search(base, "direktor", "spelling"))


def test_sentence_vectors(base: Config) -> None:
    """The mean of the chunk's and the best sentence's cosine, or the chunk's alone."""
    with_best = {s.chunk.chunk_id: s.dense_score for s in search(base, "who is the mayor?")}
    alone = {
        s.chunk.chunk_id: s.dense_score
        for s in search(base, "who is the mayor?", "sentence_vectors")
    }
    assert with_best.keys() == alone.keys()
    assert with_best != alone


def test_publishers(base: Config) -> None:
    asked = "what did Coast Radio report about the bank in Eastby?"
    assert [s.chunk.path for s in search(base, asked)] != [
        s.chunk.path for s in search(base, asked, "publishers")
    ] or search(base, asked)[0].score > search(base, asked, "publishers")[0].score


def test_question_parts(base: Config) -> None:
    """Two searches read more than the one that both questions share."""
    asked = "How many houses lost their roofs? When did the savings bank close its branch?"
    both = ask(base, asked)
    assert {"30 houses" in both.text, "in May" in both.text} == {True}
    assert ask(base, asked, "question_parts") != both


def test_follow_ups(base: Config) -> None:
    before = "Who is the director of the savings bank?"
    assert ask(base, "why?", before=before).standalone_question == (
        "Who is the director of the savings bank, and why?"
    )
    assert ask(base, "why?", "follow_ups", before=before).standalone_question == "why?"


def test_antecedents(base: Config) -> None:
    asked = "what will the repairs cost?"
    assert "Jan Vos is the mayor of Norham. He said" in ask(base, asked).text
    assert "Jan Vos is" not in ask(base, asked, "antecedents").statements[0].text


def test_line_context(base: Config) -> None:
    asked = "what will the repairs cost?"
    with opened(base) as whole, opened(base, "line_context") as alone:
        best, *_ = whole.search_sentences(asked)
        same, *_ = alone.search_sentences(asked)
    assert best.text == same.text
    assert best.score != same.score


def test_refusal(base: Config) -> None:
    asked = "zqxj wvvk pllm"
    assert not ask(base, asked).answered
    assert ask(base, asked, "refusal").answered


def test_a_refusal_says_how_unsure_it_is(base: Config) -> None:
    assert 0 <= ask(base, "zqxj wvvk pllm").confidence < ask(base, "storm in Norham").confidence


def test_the_setting_is_read_from_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_WITHOUT", "dense, spelling,")
    assert Config().without == {"dense", "spelling"}


@pytest.mark.parametrize("value", ["dens", ["dense", "nothing"]], ids=["text", "list"])
def test_an_unknown_part_is_named(value: object) -> None:
    with pytest.raises(ConfigError, match=r"RAG_WITHOUT.*there is no part (dens|nothing);.*dense"):
        Config(without=value)


def test_settings_stay_hashable() -> None:
    assert hash(Config(without={"dense"})) == hash(Config(without=["dense"]))
