"""The turn as it is streamed, and what the page's script may ask for, without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_up_answers import disputed

from rag import Config
from rag.errors import IndexBusyError
from rag.feedback import open_feedback
from rag.schema import Answer, AnswerEvent, Chunk, Document, ScoredChunk
from rag.ui.chat_tab import _functions, render_retrieval, stream_turn
from rag.ui.conversations import make_record, read_answer

DOCUMENT = Document("a.txt", "One.\nTwo.\n", "h", "Title", "Post")
ANSWER = disputed(DOCUMENT, DOCUMENT, (1, 2))


class FakeEngine:
    """Streams the made-up answer; `closed` tells whether its stream was closed early."""

    def __init__(self, folder: Path, error: Exception | None = None) -> None:
        self.config = Config(corpus_dir=folder, index_dir=folder / "index")
        self.error = error
        self.closed = False
        self.index = SimpleNamespace(
            document_count=0,
            notice=None,
            document_metadata=lambda: [],
            find_document=lambda _: None,
        )

    def stream(self, question: str, **_: Any) -> Iterator[AnswerEvent]:
        if self.error:
            raise self.error
        try:
            yield AnswerEvent("searching", "What does the bridge repair cost?")
            for statement in ANSWER.statements:
                yield AnswerEvent("statement", statement, ANSWER.citations)
            yield AnswerEvent("answer", ANSWER)
        except GeneratorExit:
            self.closed = True
            raise

    def document(self, path: str) -> Document | None:
        return DOCUMENT if path == "a.txt" else None


def functions(engine: Any) -> dict[str, Callable[[Any], Any]]:
    return {function.__name__: function for function in _functions(engine)}


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    return FakeEngine(tmp_path)


def test_a_turn_grows_statement_by_statement(engine: Any) -> None:
    frames = list(stream_turn(engine, {"question": "Cost?", "ticket": "t", "turn": 2}))
    counts = [frame["html"].count('class="text"') for frame in frames]
    assert counts == [0, 1, 2, 3, 3]
    assert [frame["done"] for frame in frames] == [False] * 4 + [True]
    assert all(frame["ticket"] == "t" and 'id="turn2"' in frame["html"] for frame in frames)
    assert read_answer(frames[-1]["record"]["answer"]) == ANSWER


def test_a_stopped_turn_keeps_what_was_checked_and_closes_the_engine(engine: Any) -> None:
    frames = stream_turn(engine, {"question": "Cost?"})
    kept: Answer | None = None
    for _ in range(3):
        record = next(frames)["record"]
        kept = read_answer(record["answer"]) if record else None
    frames.close()  # type: ignore[attr-defined]
    assert engine.closed
    assert kept is not None
    assert kept.statements == ANSWER.statements[:2]
    assert kept.notice == "stopped before the end"


@pytest.mark.parametrize(
    ("error", "sent", "shown"),
    [
        (IndexBusyError("rag index is writing"), {}, "rag index is writing"),
        (KeyError("sk-secret"), {}, "Something went wrong"),
        (None, {"filters": {"from": "soon"}}, "“soon” is not a date"),
    ],
    ids=["index", "fault", "filter"],
)
def test_errors_are_turns(
    tmp_path: Path, error: Exception | None, sent: dict[str, Any], shown: str
) -> None:
    (frame,) = stream_turn(FakeEngine(tmp_path, error), {"question": "Q?", **sent})  # type: ignore[arg-type]
    assert shown in frame["html"]
    assert "sk-secret" not in frame["html"]
    assert (frame["done"], frame["record"]) == (True, None)


@pytest.mark.parametrize("sent", [None, [], "text", {"records": 3}, {"records": [{}, None]}])
def test_what_is_sent_is_not_trusted(engine: Any, sent: Any) -> None:
    for function in functions(engine).values():
        if function.__name__ != "retrieval":
            assert isinstance(function(sent), dict)
    assert list(stream_turn(engine, sent))[-1]["done"]


def test_a_page_over_an_empty_index_says_so(engine: Any) -> None:
    reply = functions(engine)["open_page"]({"records": [make_record(ANSWER), {}]})
    assert "There are no articles yet" in reply["status"]
    assert "4.5 million" in reply["turns"][0]
    assert "could not be read" in reply["turns"][1]


def test_votes_are_kept_changed_and_taken_back(engine: Any) -> None:
    vote, store = functions(engine)["vote"], open_feedback(engine.config)
    given = {"vote": "up", "answer": ANSWER.to_dict(), "history": [{"content": "Before?"}]}
    receipt = vote(given)["receipt"]
    assert [(item.vote, item.history) for item in store.all()] == [("up", ("Before?",))]
    vote({"vote": "down", "reason": "last year's", "receipt": receipt})
    assert [(item.vote, item.reason) for item in store.all()] == [("down", "last year's")]
    assert "error" in vote({"vote": "up", "receipt": "1-" + "0" * 32})  # somebody else's
    assert "error" in vote({"vote": "sideways", "answer": ANSWER.to_dict()})
    assert store.all()[0].vote == "down"
    vote({"vote": None, "receipt": receipt})
    assert store.all() == []


def test_export_in_both_formats(engine: Any) -> None:
    export = functions(engine)["export_conversation"]
    records = [make_record(ANSWER)]
    assert "[^1]" in export({"records": records, "format": "markdown"})["text"]
    assert '"on-record-conversation"' in export({"records": records, "format": "json"})["text"]


def test_retrieval_details_escape_and_say_what_was_not_found() -> None:
    chunk = Chunk("<i>:1-2", "<i>", 1, 2, "text", 0, 4)
    html = render_retrieval([ScoredChunk(chunk, 0.031, 1, dense_score=0.5, dense_rank=3)])
    assert "&lt;i&gt;:1-2" in html
    assert "<td>3, 0.500</td><td>not found</td>" in html
    assert render_retrieval([]) == "<p>Nothing was found.</p>"
