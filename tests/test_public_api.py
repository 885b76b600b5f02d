"""The names and signatures that other programs call, exactly as documented."""

import inspect
import typing
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

import rag

NAMES = {
    "query", "open_engine", "ChatEngine", "Config", "Filters", "Message",
    "Answer", "AnswerEvent", "Citation", "Claim", "Disagreement", "Statement", "Withheld",
    "build_index", "Chunk", "Document", "IndexReport", "ScoredChunk", "ScoredSentence",
    "SkippedFile",
    "ConfigError", "CorpusError", "IndexBusyError", "IndexMismatchError", "IndexNotFoundError",
    "ModelError", "RagError", "write_base_model",
}  # fmt: skip


def test_nothing_is_missing_and_nothing_is_there_twice() -> None:
    assert set(rag.__all__) >= NAMES
    assert len(rag.__all__) == len(set(rag.__all__))
    assert set(dir(rag)) >= NAMES


@pytest.mark.parametrize("name", rag.__all__)
def test_every_name_resolves_and_says_what_it_is(name: str) -> None:
    value = getattr(rag, name)
    assert value.__name__ == name
    assert value.__doc__


def test_other_names_are_no_attributes() -> None:
    with pytest.raises(AttributeError, match="module 'rag' has no attribute 'nothing'"):
        _ = rag.nothing


@pytest.mark.parametrize(
    ("function", "positional", "keywords"),
    [
        pytest.param(rag.query, ["question"], ["history", "config", "filters", "known_by"],
                     id="query"),
        pytest.param(rag.open_engine, ["config"], ["progress"], id="open_engine"),
        pytest.param(rag.build_index, ["config"], ["progress", "dry_run", "rebuild"],
                     id="build_index"),
        pytest.param(rag.ChatEngine.query, ["self", "question"],
                     ["history", "filters", "known_by"], id="engine.query"),
        pytest.param(rag.ChatEngine.stream, ["self", "question"],
                     ["history", "filters", "known_by"], id="engine.stream"),
        pytest.param(rag.ChatEngine.search, ["self", "text", "k"], ["filters"],
                     id="engine.search"),
        pytest.param(rag.ChatEngine.search_sentences, ["self", "text", "k"], ["filters"],
                     id="engine.search_sentences"),
        pytest.param(rag.ChatEngine.as_retriever, ["self"], [], id="engine.as_retriever"),
        pytest.param(rag.ChatEngine.as_query_engine, ["self"], [], id="engine.as_query_engine"),
        pytest.param(rag.ChatEngine.close, ["self"], [], id="engine.close"),
        pytest.param(rag.Answer.to_dict, ["self"], [], id="answer.to_dict"),
    ],
)  # fmt: skip
def test_signatures(
    function: typing.Callable[..., object], positional: list[str], keywords: list[str]
) -> None:
    parameters = inspect.signature(function).parameters.values()
    assert [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD] == positional
    named = {p.name: p for p in parameters if p.kind is p.KEYWORD_ONLY}
    assert set(keywords) <= set(named)
    # A caller that knows the documented arguments only needs no other one.
    assert all(p.default is not p.empty for p in named.values())


@pytest.mark.parametrize(
    ("function", "name", "default"),
    [
        pytest.param(rag.query, "history", (), id="history"),
        pytest.param(rag.query, "config", None, id="config"),
        pytest.param(rag.query, "known_by", None, id="known_by"),
        pytest.param(rag.open_engine, "config", None, id="open_engine()"),
        pytest.param(rag.ChatEngine.search, "k", 10, id="k"),
    ],
)
def test_defaults(function: typing.Callable[..., object], name: str, default: object) -> None:
    assert inspect.signature(function).parameters[name].default == default


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        pytest.param(rag.ScoredChunk, {"chunk", "score", "rank"}, id="ScoredChunk"),
        pytest.param(rag.Chunk, {"chunk_id", "document_id", "first_line", "last_line", "text"},
                     id="Chunk"),
        pytest.param(rag.Filters, {"publishers", "documents", "published_from", "published_to"},
                     id="Filters"),
        pytest.param(rag.AnswerEvent, {"kind", "data"}, id="AnswerEvent"),
        pytest.param(rag.Statement, {"text", "citations", "support", "confidence"}, id="Statement"),
        pytest.param(rag.Withheld, {"text", "reason"}, id="Withheld"),
    ],
)  # fmt: skip
def test_fields(kind: type, names: set[str]) -> None:
    assert is_dataclass(kind)
    assert names <= {field.name for field in fields(kind)}


def test_a_chunk_names_its_path() -> None:
    assert rag.Chunk("a.txt:1-1", "a.txt", 1, 1, "x", 0, 1).path == "a.txt"


def test_a_message_is_a_plain_dict() -> None:
    assert rag.Message(role="user", content="Why?") == {"role": "user", "content": "Why?"}


def test_an_engine_is_a_context_manager() -> None:
    assert hasattr(rag.ChatEngine, "__enter__")
    assert hasattr(rag.ChatEngine, "__exit__")


@pytest.mark.parametrize("name", sorted(n for n in NAMES if n.endswith("Error")))
def test_errors_are_one_family(name: str) -> None:
    assert issubclass(getattr(rag, name), rag.RagError)


def test_the_types_say_what_the_states_and_reasons_are() -> None:
    hints = typing.get_type_hints(rag.Answer)
    assert set(typing.get_args(hints["state"])) == {"answered", "indirect", "refused"}
    reasons = set(typing.get_args(typing.get_args(hints["refusal_reason"])[0]))
    documented = {"no_support", "empty_question", "empty_corpus", "too_long", "withheld"}
    assert reasons == documented | {"small_talk"}
    kinds = typing.get_args(typing.get_type_hints(rag.AnswerEvent)["kind"])
    assert set(kinds) == {"searching", "evidence", "statement", "withheld", "answer"}


def test_config_takes_the_documented_names() -> None:
    config = rag.Config(corpus_dir="a", index_dir=Path("b"))
    assert (config.corpus_dir, config.index_dir) == (Path("a"), Path("b"))


def test_known_by_is_a_date() -> None:
    hints = typing.get_type_hints(rag.query)
    assert date in typing.get_args(hints["known_by"])
