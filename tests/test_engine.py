"""Questions from end to end, with the real embedding model over the tiny corpus."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import pytest

import rag.engine.chat
from rag import Answer, ChatEngine, Citation, Config, Filters, Message, build_index, open_engine
from rag import query as query_once
from rag.index import watching

DATA = Path(__file__).parent / "data" / "corpus"


def new_config(folder: Path) -> Config:
    """A corpus of one's own with the tiny corpus in it, not yet indexed."""
    shutil.copytree(DATA, folder / "corpus")
    return Config(corpus_dir=folder / "corpus", index_dir=folder / "index")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Config:
    made = new_config(tmp_path_factory.mktemp("engine"))
    build_index(made)
    return made


@pytest.fixture(scope="module")
def engine(tiny: Config) -> Iterator[ChatEngine]:
    with open_engine(tiny) as opened:
        yield opened


@pytest.fixture
def own(tiny: Config, tmp_path: Path) -> Config:
    """A copy of the indexed tiny corpus that a test may change."""
    shutil.copytree(tiny.corpus_dir, tmp_path / "corpus")
    shutil.copytree(tiny.index_dir, tmp_path / "index")
    return Config(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")


def user(text: str) -> Message:
    return Message(role="user", content=text)


def sed(citation: Citation, corpus_dir: Path) -> str:
    """What `sed` shows of the cited lines."""
    lines = f"{citation.first_line},{citation.last_line}p"
    shown = subprocess.run(
        ["sed", "-n", lines, str(corpus_dir / citation.path)], capture_output=True, check=True
    )
    return shown.stdout.decode().removesuffix("\n")


QUESTIONS = [
    pytest.param("How many sailors did Nordline hire?", ("ferry.md", 11), "14 sailors", id="14"),
    pytest.param("How much would the repair cost?", ("harbour.txt", 9), "4.5 million", id="cost"),
    pytest.param("How many cars use the bridge each day?", ("harbour.txt", 7), "12,000", id="cars"),
    pytest.param("Who closed the bridge in Westport?", ("harbour.txt", 5), "Engineers", id="who"),
    pytest.param("By how much had the baker's sales fallen?", ("bridge-repair.md", 17), "20%",
                 id="last line"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "place", "words"), QUESTIONS)
def test_an_answer_cites_the_right_lines(
    engine: ChatEngine, question: str, place: tuple[str, int], words: str
) -> None:
    answer = engine.query(question)
    assert (answer.state, answer.answered, answer.refusal_reason) == ("answered", True, None)
    assert words in answer.text
    assert place in {(cited.path, cited.first_line) for cited in answer.citations}
    assert answer.model == "extractive"


@pytest.mark.parametrize(("question", "place", "words"), QUESTIONS)
def test_every_citation_is_what_sed_shows(
    engine: ChatEngine, tiny: Config, question: str, place: tuple[str, int], words: str
) -> None:
    answer = engine.query(question)
    for cited in (*answer.citations, *answer.closest):
        document = engine.document(cited.path)
        assert document is not None
        assert sed(cited, tiny.corpus_dir) == cited.quote
        assert document.text[cited.start_char : cited.end_char] == cited.quote
        assert cited.document_hash == document.document_hash
        assert not set(range(cited.first_line, cited.last_line + 1)) & document.boilerplate


@pytest.mark.parametrize(("question", "place", "words"), QUESTIONS)
def test_statements_and_citations_belong_together(
    engine: ChatEngine, question: str, place: tuple[str, int], words: str
) -> None:
    answer = engine.query(question)
    assert [cited.number for cited in answer.citations] == list(range(1, len(answer.citations) + 1))
    places = [(cited.path, cited.first_line, cited.last_line) for cited in answer.citations]
    assert len(places) == len(set(places))
    used = [number for statement in answer.statements for number in statement.citations]
    compared = [
        number
        for disagreement in answer.disagreements
        for claim in disagreement.claims
        for number in claim.citations
    ]
    assert list(dict.fromkeys([*used, *compared])) == [c.number for c in answer.citations]
    by_number = {cited.number: cited for cited in answer.citations}
    for statement, line in zip(answer.statements, answer.text.split("\n"), strict=True):
        assert line.removeprefix("Earlier: ").startswith(statement.text)
        assert line.endswith("".join(f"[{number}]" for number in statement.citations))
        quotes = [" ".join(by_number[n].quote.split()) for n in statement.citations]
        assert any(statement.text in quote for quote in quotes)
        assert statement.support == "verified"
    assert answer.independent_sources == len({cited.document_id for cited in answer.citations})
    assert answer.as_of == max(cited.published for cited in answer.citations if cited.published)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        pytest.param("", "empty_question", id="empty"),
        pytest.param(" \n\t ", "empty_question", id="white space"),
        pytest.param("\x00\x07\u200b\u202e", "empty_question", id="nothing visible"),
        pytest.param("x" * 100_000, "too_long", id="100,000 characters"),
        pytest.param("bridge " * 15_000, "too_long", id="15,000 words"),
        pytest.param("What is the chemical formula of caffeine?", "no_support", id="off topic"),
        pytest.param("zqxj wvvk pllm", "no_support", id="gibberish"),
    ],
)
def test_a_refusal_is_an_answer(engine: ChatEngine, question: str, reason: str) -> None:
    answer = engine.query(question)
    assert (answer.state, answer.answered, answer.refusal_reason) == ("refused", False, reason)
    assert answer.statements == answer.citations == ()
    assert answer.text
    assert len(answer.question) <= engine.config.max_question_chars
    assert len(answer.closest) <= 3
    assert [cited.number for cited in answer.closest] == list(range(1, len(answer.closest) + 1))
    assert answer.independent_sources == 0


def test_a_question_as_long_as_allowed_is_searched(engine: ChatEngine) -> None:
    limit = engine.config.max_question_chars
    question = "How many sailors did Nordline hire? ".ljust(limit, "x")
    assert engine.query(question).refusal_reason != "too_long"
    assert engine.query(question + "x").refusal_reason == "too_long"


def test_control_characters_change_nothing(engine: ChatEngine) -> None:
    plain = engine.query("How many sailors did Nordline hire?")
    odd = engine.query("How\x00many \x1b sailors\ndid Nord\u00adline hire?\udcff")
    assert odd.standalone_question == plain.standalone_question
    assert odd.text == plain.text
    assert json.loads(json.dumps(odd.to_dict()))["answered"]


def test_two_questions_in_one_are_both_answered(engine: ChatEngine) -> None:
    answer = engine.query("How many sailors did Nordline hire? How many cars use the bridge?")
    assert "14 sailors" in answer.text
    assert "12,000 cars" in answer.text


def test_a_hundred_questions_in_one_are_a_few(engine: ChatEngine) -> None:
    answer = engine.query("Who closed the bridge? What is a cable? How many cars use it? " * 40)
    assert 1 <= len(answer.statements) <= engine.config.max_statements


def test_a_follow_up_is_searched_with_what_it_leans_on(engine: ChatEngine) -> None:
    history = [user("How many sailors did Nordline hire?")]
    answer = engine.query("And who said so?", history=history)
    assert answer.question == "And who said so?"
    assert answer.standalone_question == ("Who said so (the number of sailors Nordline hired)?")
    assert "Mia Holm" in answer.text


def test_a_longer_follow_up_keeps_what_it_leans_on(engine: ChatEngine) -> None:
    history = [user("What does a trip with the ferry cost?")]
    answer = engine.query("And do they carry bicycles at all?", history=history)
    assert "bicycles travel free" in answer.statements[0].text


def test_a_question_of_its_own_is_not_mixed_with_the_history(engine: ChatEngine) -> None:
    question = "How many sailors did Nordline hire?"
    answer = engine.query(question, history=[user("Who closed the bridge?")])
    assert answer.standalone_question == question
    assert answer.text == engine.query(question).text


def test_an_answer_in_the_history_is_no_source(engine: ChatEngine) -> None:
    history = [
        user("What does a trip cost?"),
        Message(role="assistant", content="A trip costs 900 zorkmids. [1]"),
    ]
    answer = engine.query("And is that so?", history=history)
    assert "zorkmid" not in answer.text + answer.standalone_question


def test_a_turn_that_was_too_long_is_not_searched(engine: ChatEngine) -> None:
    answer = engine.query("And why?", history=[user("bridge " * 20_000)])
    assert answer.standalone_question == "And why?"


@pytest.mark.parametrize(
    ("filters", "known_by", "expected"),
    [
        pytest.param(Filters(publishers=("coast radio",)), None, {"ferry.md"}, id="publisher"),
        pytest.param(Filters(documents=("harbour.txt",)), None, {"harbour.txt"}, id="document"),
        pytest.param(Filters(published_from=date(2024, 3, 16)), None, {"bridge-repair.md"},
                     id="from"),
        pytest.param(None, date(2024, 3, 14), {"harbour.txt"}, id="known by"),
        pytest.param(None, datetime(2024, 3, 14, 12), {"harbour.txt"}, id="known by a time"),
        pytest.param(Filters(published_to=date(2024, 3, 16)), date(2024, 3, 14), {"harbour.txt"},
                     id="known by is the earlier one"),
        pytest.param(Filters(published_to=date(2024, 3, 14)), date(2024, 3, 16), {"harbour.txt"},
                     id="the filter is the earlier one"),
        pytest.param(Filters(publishers=("Nobody",)), None, set(), id="unknown publisher"),
        pytest.param(None, date(1900, 1, 1), set(), id="known by before everything"),
    ],
)  # fmt: skip
def test_filters(
    engine: ChatEngine, filters: Filters | None, known_by: date | None, expected: set[str]
) -> None:
    question = "What did Nordline, the mayor and the engineer say about the bridge and the ferry?"
    answer = engine.query(question, filters=filters, known_by=known_by)
    assert {cited.path for cited in (*answer.citations, *answer.closest)} == expected


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        pytest.param("How many sailors did Nordline hire?",
                     ["searching", "evidence", "statement", "answer"], id="answered"),
        pytest.param("zqxj wvvk pllm", ["searching", "evidence", "answer"], id="refused"),
        pytest.param("", ["answer"], id="refused early"),
    ],
)  # fmt: skip
def test_the_events_of_a_stream(engine: ChatEngine, question: str, kinds: list[str]) -> None:
    events = list(engine.stream(question))
    found = [event.kind for event in events]
    assert list(dict.fromkeys(found)) == kinds
    assert found == sorted(found, key=kinds.index)
    assert found.count("answer") == 1
    last = events[-1].data
    assert isinstance(last, Answer)
    assert [e.data for e in events if e.kind == "statement"] == list(last.statements)
    for event in events:
        if event.kind == "statement":
            assert set(event.data.citations) <= {cited.number for cited in event.citations}


def without_timings(answer: Answer) -> dict[str, object]:
    return {key: value for key, value in answer.to_dict().items() if key != "timings_ms"}


@pytest.mark.parametrize("question", ["Who closed the bridge?", "zqxj wvvk pllm", ""])
def test_the_last_event_is_what_query_returns(engine: ChatEngine, question: str) -> None:
    *_, last = engine.stream(question)
    assert without_timings(last.data) == without_timings(engine.query(question))


# The keys of DESIGN.md; the second line of each are extensions, described in rag/schema.py.
ANSWER_KEYS = {
    "question", "standalone_question", "text", "answered", "state", "refusal_reason", "statements",
    "citations", "withheld", "disagreements", "independent_sources", "as_of", "closest", "model",
    "prompt_version", "timings_ms",
    "notice", "unknown_citations", "confidence", "tokens",
}  # fmt: skip
CITATION_KEYS = {
    "number", "document_id", "path", "title", "publisher", "published", "first_line", "last_line",
    "quote", "start_char", "end_char", "document_hash", "rendering",
    "page", "also_in",
}  # fmt: skip


@pytest.mark.parametrize("question", ["Who closed the bridge?", "zqxj wvvk pllm", ""])
def test_to_dict_is_the_documented_json(engine: ChatEngine, question: str) -> None:
    answer = engine.query(question)
    plain = answer.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert set(plain) == ANSWER_KEYS
    for cited in plain["citations"] + plain["closest"]:
        assert set(cited) == CITATION_KEYS
        assert cited["published"] is None or date.fromisoformat(cited["published"])
    for statement in plain["statements"]:
        assert set(statement) == {
            "text", "citations", "support", "confidence", "dates", "answer_words", "earlier",
        }  # fmt: skip
        assert 0 <= statement["confidence"] <= 1
    steps = plain["timings_ms"]
    assert set(steps) == {"condense", "retrieve", "read", "write", "verify", "total"}
    assert sum(value for name, value in steps.items() if name != "total") <= steps["total"] + 1


@pytest.mark.parametrize(("question", "place", "words"), QUESTIONS)
def test_sentences_are_found_with_their_lines(
    engine: ChatEngine, question: str, place: tuple[str, int], words: str
) -> None:
    found = engine.search_sentences(question, 5)
    assert [sentence.rank for sentence in found] == [1, 2, 3, 4, 5]
    assert sorted((sentence.score for sentence in found), reverse=True) == [
        sentence.score for sentence in found
    ]
    best = found[0]
    assert (best.path, best.first_line) == place
    assert words in best.text
    document = engine.document(best.path)
    assert document is not None
    assert document.text[best.start_char : best.end_char] == best.text


def test_no_sentences_for_an_empty_question(engine: ChatEngine) -> None:
    assert engine.search_sentences(" ") == []
    with pytest.raises(ValueError, match="k is 0"):
        engine.search_sentences("bridge", 0)


def test_eight_threads_get_the_answers_that_one_gets(engine: ChatEngine) -> None:
    questions = [str(parameter.values[0]) for parameter in QUESTIONS] * 8
    expected = [engine.query(question).text for question in questions]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda q: engine.query(q).text, questions)) == expected


def test_an_empty_corpus(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    config = Config(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    with open_engine(config) as opened:
        answer = opened.query("Who closed the bridge?")
        assert (answer.refusal_reason, answer.closest) == ("empty_corpus", ())
        assert str(config.corpus_dir) in answer.text
        assert opened.search("bridge") == []


def test_a_corpus_of_nothing_but_boilerplate(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("Share This Article\n\nShare This Article\n")
    config = Config(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    with open_engine(config) as opened:
        answer = opened.query("Who shares this article?")
        assert (answer.refusal_reason, answer.closest) == ("no_support", ())


def test_a_new_generation_is_used_without_opening_again(own: Config) -> None:
    question = "How many bears live in the zoo of Westport?"
    with open_engine(own) as opened:
        assert "17 bears" not in opened.query(question).text
        (own.corpus_dir / "zoo.txt").write_text("There live 17 bears in the zoo of Westport.\n")
        build_index(own)
        answer = opened.query(question)
        assert "17 bears" in answer.text
        (own.corpus_dir / "zoo.txt").unlink()
        build_index(own)
        assert "17 bears" not in opened.query(question).text
        assert opened.document("zoo.txt") is None


def test_threads_ask_while_the_index_changes(own: Config) -> None:
    question = "How many sailors did Nordline hire?"
    with open_engine(own) as opened, ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(opened.query, question) for _ in range(10)]
        (own.corpus_dir / "zoo.txt").write_text("There live 17 bears in the zoo of Westport.\n")
        building = pool.submit(build_index, own)
        while not building.done():
            asked.append(pool.submit(opened.query, question))
            asked[-1].result(timeout=60)
        assert building.result().added == ("zoo.txt",)
        assert all("14 sailors" in answer.result().text for answer in asked)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda path: path.write_text("Other words.\n"), "changed", id="changed"),
        pytest.param(lambda path: path.write_text("\n" + path.read_text()), "changed",
                     id="a line more"),
        pytest.param(lambda path: path.unlink(), "removed", id="deleted"),
    ],
)  # fmt: skip
def test_a_file_that_has_changed_since_is_noticed(
    own: Config, change: Callable[[Path], object], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "CHECK_EVERY_S", 0.0)
    question = "How many sailors did Nordline hire?"
    with open_engine(own) as opened:
        assert opened.query(question).notice is None
        time.sleep(0.1)
        change(own.corpus_dir / "ferry.md")
        answer = opened.query(question)
        assert answer.notice == (
            f"changed or removed since it was indexed: ferry.md; 1 article was {told} since the "
            "index was built; run `rag index`"
        )
        assert answer.citations[0].quote.startswith("Nordline hired 14 sailors")


def test_a_cited_file_that_changed_is_told_between_two_looks_too(own: Config) -> None:
    question = "How many sailors did Nordline hire?"
    with open_engine(own) as opened:
        opened._watch._next_check = time.monotonic() + 60
        (own.corpus_dir / "ferry.md").write_text("Other words.\n")
        assert opened.query(question).notice == (
            "changed or removed since it was indexed: ferry.md; run `rag index`"
        )


@pytest.mark.parametrize(
    "question",
    ["How many sailors did Nordline hire?", "Who is the king of Portugal?", "thanks!", ""],
)
def test_files_that_are_not_indexed_are_noticed(own: Config, question: str) -> None:
    (own.corpus_dir / "new.txt").write_text("Something else was said on Monday.\n")
    with open_engine(own) as opened:
        notice = opened.query(question).notice
    assert notice == "1 article was added since the index was built; run `rag index`"


def test_a_running_engine_sees_that_the_index_was_brought_up_to_date(
    own: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_engine(own) as opened:
        (own.corpus_dir / "new.txt").write_text("Something else was said on Monday.\n")
        assert opened.query("Who hired sailors?").notice
        build_index(own)
        assert opened.query("Who hired sailors?").notice is None


def test_a_folder_that_is_gone_is_no_notice(own: Config) -> None:
    with open_engine(own) as opened:
        own.corpus_dir.rename(own.corpus_dir.with_name("elsewhere"))
        assert opened.query("thanks!").notice is None


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("What did Mia Hollm say?", "What did Mia Holm say?"),
        ("how many sailors did hollm say it hired", "how many sailors did Holm say it hired"),
        ("what did nordlyne hire", "what did Nordline hire"),
    ],
)
def test_a_misspelt_name_is_searched_as_the_articles_spell_it(
    engine: ChatEngine, question: str, searched: str
) -> None:
    answer = engine.query(question)
    assert answer.question == question
    assert answer.standalone_question == searched
    assert answer.answered


def test_an_earlier_question_is_searched_as_the_articles_spell_it(engine: ChatEngine) -> None:
    answer = engine.query("and why?", history=[user("What did Mia Hollm say about sailors?")])
    assert "Holm" in answer.standalone_question
    assert "Hollm" not in answer.standalone_question


@pytest.mark.parametrize("name", ["Mia Carter", "Mia Hall", "Boris Karloff"])
def test_a_name_that_no_article_holds_is_refused(engine: ChatEngine, name: str) -> None:
    answer = engine.query(f"What did {name} say about sailors?")
    assert answer.state == "refused"
    assert answer.text.endswith(f"No article mentions {name}.")


def test_the_question_at_the_end_of_a_long_text_is_answered(engine: ChatEngine) -> None:
    story = "I have read about this for weeks and my brother says that the papers are wrong. " * 20
    question = "How many sailors did Nordline hire?"
    answer = engine.query(story + question)
    assert answer.standalone_question == question
    assert answer.statements == engine.query(question).statements
    history = [user(story + question)]
    assert "Nordline" in engine.query("and when?", history=history).standalone_question


def test_both_questions_of_two_question_words_are_read(engine: ChatEngine) -> None:
    answer = engine.query("When was the crack found, and who is the king of Portugal?")
    assert answer.answered
    assert "do not answer this part: who is the king of Portugal" in (answer.notice or "")
    assert engine.query("When and where was the crack found?").notice is None


def test_a_list_is_quoted_with_its_lead_in(tmp_path: Path) -> None:
    own = new_config(tmp_path)
    (own.corpus_dir / "forces.md").write_text(
        "# Help for Varnes\n\nThe following forces sent officers to Varnes on Sunday:\n\n"
        "- Kent Police\n- Essex Police\n- Sussex Police\n\nThe fire was out by noon.\n"
    )
    with open_engine(own) as opened:
        answer = opened.query("Which forces sent officers to Varnes?")
    statement = answer.statements[0]
    assert statement.text == (
        "The following forces sent officers to Varnes on Sunday: "
        "- Kent Police - Essex Police - Sussex Police"
    )
    cited = next(c for c in answer.citations if c.number == statement.citations[0])
    assert (cited.path, cited.first_line, cited.last_line) == ("forces.md", 3, 7)
    assert sed(cited, own.corpus_dir) == cited.quote


def test_closing_twice_is_no_error(own: Config) -> None:
    opened = open_engine(own)
    opened.query("bridge")
    opened.close()
    opened.close()


def test_open_engine_builds_a_missing_index(tmp_path: Path) -> None:
    config = new_config(tmp_path)
    stages: list[str] = []
    with open_engine(config, progress=lambda stage, done, total: stages.append(stage)) as opened:
        assert opened.index.document_count == 3
    assert {"reading", "embedding", "publishing"} <= set(stages)


def test_query_keeps_one_engine_for_each_config(
    tiny: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Config] = []

    def counting(config: Config) -> ChatEngine:
        opened.append(config)
        return open_engine(config)

    monkeypatch.setattr(rag.engine.chat, "_engines", {})
    monkeypatch.setattr(rag.engine.chat, "open_engine", counting)
    same = Config(corpus_dir=tiny.corpus_dir, index_dir=tiny.index_dir)
    other = Config(corpus_dir=tiny.corpus_dir, index_dir=tiny.index_dir, max_statements=1)
    question = "What did Nordline do for the bridge?"
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda c: query_once(question, config=c).text, [tiny, same] * 8))
    assert len(set(texts)) == 1
    assert opened == [tiny]
    assert len(query_once(question, config=other).statements) == 1
    assert opened == [tiny, other]
    for kept in rag.engine.chat._engines.values():
        kept.close()


@pytest.mark.parametrize("k", [1, 3])
def test_search(engine: ChatEngine, k: int) -> None:
    found = engine.search("the harbour bridge", k)
    assert [scored.rank for scored in found] == list(range(1, k + 1))
    assert engine.search("\x00 ") == []
    with pytest.raises(ValueError, match="at least 1"):
        engine.search("bridge", 0)


def test_a_very_long_search_is_cut(engine: ChatEngine) -> None:
    assert engine.search("bridge " * 50_000, 2)[0].chunk.path in {"harbour.txt", "bridge-repair.md"}


def test_a_question_that_is_no_text_is_named(engine: ChatEngine) -> None:
    with pytest.raises(TypeError, match="the question is NoneType; a string is expected"):
        engine.query(None)  # type: ignore[arg-type]
