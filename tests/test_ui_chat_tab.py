"""The turn as it is streamed, and what the page's script may ask for, without a browser."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import index_articles
from made_up_answers import disputed

import rag.ui
from rag import Config, open_engine
from rag.errors import IndexBusyError
from rag.feedback import open_feedback
from rag.schema import Answer, AnswerEvent, Chunk, Document, ScoredChunk
from rag.ui.chat_tab import stream_turn
from rag.ui.conversations import make_record, read_answer
from rag.ui.limits import LimitError, Limits
from rag.ui.page import SCRIPT, read_script
from rag.ui.page_functions import page_functions, render_retrieval

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
            document_ids=lambda filters: set() if filters else None,
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


def functions(engine: Any, *, per_minute: int = 0) -> dict[str, Callable[..., Any]]:
    """The page's functions by name, as one unknown client calls them."""
    return {
        function.__name__: partial(function, request=None)
        for function in page_functions(engine, Limits(per_minute))
    }


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
    for name, function in functions(engine).items():
        if name != "retrieval":
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


def test_who_asks_too_often_is_told_when_to_come_back(engine: Any) -> None:
    opened = functions(engine, per_minute=4)["open_conversation"]
    assert opened({}) == {"turns": []}
    told = opened({})
    assert told["error"].startswith("Too many requests came from your address at once: try again")
    assert told["wait_s"] == 15

    def refuse() -> None:
        raise LimitError("too many requests: try again in 3 s", 2.4)

    (frame,) = stream_turn(engine, {"question": "Cost?"}, refuse)
    assert "at once: try again in 3 s." in frame["html"]
    assert (frame["done"], frame["record"]) == (True, None)


def test_what_passes_the_filters_is_counted(tmp_path: Path) -> None:
    config = index_articles(tmp_path, {
        "a.txt": "---\npublisher: Post\ndate: 2024-01-02\n---\nOne.\n",
        "b.txt": "---\npublisher: Gull\ndate: 2024-01-05\n---\nTwo.\n",
    })  # fmt: skip
    with open_engine(config) as opened:
        count = functions(opened)["count_articles"]
        assert count({"filters": {"publishers": ["post"]}})["text"] == "1 of 2 articles"
        assert count({"filters": {"known_by": "2024-01-05"}})["text"] == "2 of 2 articles"
        told = count({"filters": {"publishers": ["Pots"]}})
        assert told == {"text": "No article passes the filters; the publishers are Gull and Post.",
                        "empty": True}  # fmt: skip
        told = count({"filters": {"publishers": ["Post"], "from": "2024-01-04"}})
        assert told["text"].endswith("those that pass the other filters are of 2 January 2024.")
        told = count({"filters": {"from": "2025-01-01"}})
        assert told["text"].endswith("the articles are from 2 January 2024 to 5 January 2024.")
        assert "is not a date" in count({"filters": {"from": "soon"}})["error"]
        assert count({"filters": []})["text"] == "2 of 2 articles"


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


def test_the_script_is_all_its_files_in_a_scope_of_their_own() -> None:
    folder = Path(rag.ui.__file__).parent / "script"
    assert {path.stem for path in folder.iterdir()} == set(SCRIPT)
    script = read_script()
    assert script.startswith("(() => {")
    assert script.endswith("})();")
    assert "</script" not in script.lower()
