"""The one way from a question to a checked Answer; every caller uses it.

    condense -> split -> retrieve -> read -> draft -> verify -> Answer

The engine holds the models and one published generation of the index, and no conversation:
history is an argument. It is safe to use from several threads.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from types import TracebackType
from typing import Self

from rag.condensing import clean_question, condense_question, split_question
from rag.config import Config
from rag.embedding import Embedder, get_embedder
from rag.errors import IndexNotFoundError
from rag.index import Index, ProgressCallback, build_index, open_index
from rag.reading import Question, Reader, Reading
from rag.retrieval import Retriever, merge_neighbours
from rag.schema import (
    Answer,
    AnswerEvent,
    Citation,
    Document,
    Filters,
    Message,
    RefusalReason,
    ScoredChunk,
    Statement,
    Timings,
    Withheld,
)
from rag.synthesis import NO_SUPPORT, draft_extracts, render_answer
from rag.verification import CitationList, cite_lines, file_shows_quote, verify_draft

# Chunks that are read for one question. Sentences past them are not seen.
CHUNKS_TO_READ = 20
# Nearest lines that a refusal offers.
CLOSEST_LINES = 3

_REFUSALS: dict[RefusalReason, str] = {
    "no_support": NO_SUPPORT,
    "empty_question": "The question is empty. Type a question or a few words to look for.",
    "empty_corpus": "The corpus holds no articles yet. Put some into {corpus} and run `rag index`.",
    "too_long": "The question has {length:,} characters; at most {limit:,} are read. Shorten it.",
    "withheld": "Nothing that was found could be checked against its lines.",
}


@dataclass
class _Stopwatch:
    """Milliseconds spent in each step."""

    started: float = field(default_factory=time.perf_counter)
    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self.steps[step] = self.steps.get(step, 0.0) + spent

    def timings(self) -> Timings:
        total = (time.perf_counter() - self.started) * 1000
        return Timings(**{k: round(v, 2) for k, v in self.steps.items()}, total=round(total, 2))


class ChatEngine:
    """Answers questions from one index. Use `open_engine`; close it, or use it in a `with`.

    Attributes:
        config: The settings that the engine was opened with.
    """

    def __init__(self, config: Config, index: Index, embedder: Embedder) -> None:
        self.config = config
        self._embedder = embedder
        self._retriever = Retriever(index, embedder)
        self._reopening = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the generation of the index that the engine holds."""
        self._retriever.index.close()

    @property
    def index(self) -> Index:
        """The newest published generation of the index."""
        return self._fresh_retriever().index

    def _fresh_retriever(self) -> Retriever:
        """The retriever over the newest generation; made anew when another one is published."""
        if not self._retriever.index.current():
            with self._reopening:
                if not self._retriever.index.current():
                    # The old one is not closed here: another thread may be in the middle of a
                    # search. It is released with the last reference to it.
                    self._retriever = Retriever(open_index(self.config), self._embedder)
        return self._retriever

    def query(
        self,
        question: str,
        *,
        history: Sequence[Message] = (),
        filters: Filters | None = None,
        known_by: date | None = None,
    ) -> Answer:
        """The checked answer to `question`, or a refusal; never an unchecked claim.

        Args:
            question: As the user typed it.
            history: The conversation so far, oldest first.
            filters: Which documents may be used.
            known_by: Only documents that were published by this day are used.
        """
        answer: Answer | None = None
        for event in self.stream(question, history=history, filters=filters, known_by=known_by):
            if event.kind == "answer":
                answer = event.data
        assert answer is not None  # the last event of a stream
        return answer

    def search(
        self, text: str, k: int = 10, *, filters: Filters | None = None
    ) -> list[ScoredChunk]:
        """The `k` best chunks for `text`, best first, with the ranks and scores of each part.

        Raises:
            ValueError: When `k` is below 1.
        """
        cleaned = clean_question(text)[: self.config.max_question_chars]
        if not cleaned:
            return []
        return self._fresh_retriever().retrieve(cleaned, k=k, filters=filters)

    def document(self, path: str) -> Document | None:
        """The document that was indexed from `path` (below the corpus folder), or None."""
        return self.index.find_document(path)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Message] = (),
        filters: Filters | None = None,
        known_by: date | None = None,
    ) -> Iterator[AnswerEvent]:
        """The steps of the answer as they happen; arguments as for `query`.

        Yields:
            "searching", "evidence", then each "statement" once it is checked and each "withheld"
            one, and at last "answer".
        """
        watch = _Stopwatch()
        retriever = self._fresh_retriever()
        index = retriever.index
        refusal = self._refuse_early(question, index)
        if refusal is not None:
            yield AnswerEvent("answer", replace(refusal, timings_ms=watch.timings()))
            return
        with watch.measure("condense"):
            standalone = condense_question(clean_question(question), history)
            parts = split_question(standalone)
        yield AnswerEvent("searching", standalone)
        with watch.measure("retrieve"):
            found = self._retrieve(retriever, parts, _with_known_by(filters, known_by))
        with watch.measure("read"):
            reading = Reader(index, self.config.max_statements).read(found)
        yield AnswerEvent("evidence", [item for group in reading.groups for item in group])
        draft = Answer(question, standalone, "", answered=False, state="refused",
                       notice=index.notice)  # fmt: skip
        yield from self._conclude(draft, reading, watch)

    def _refuse_early(self, question: str, index: Index) -> Answer | None:
        """The refusal of a question that cannot be searched, or None."""
        limit = self.config.max_question_chars
        reason: RefusalReason
        if len(question) > limit:
            reason = "too_long"
        elif not clean_question(question):
            reason = "empty_question"
        elif not index.document_count:
            reason = "empty_corpus"
        else:
            return None
        text = _REFUSALS[reason].format(
            corpus=self.config.corpus_dir, length=len(question), limit=limit
        )
        return Answer(question[:limit], clean_question(question[:limit]), text, answered=False,
                      state="refused", refusal_reason=reason, notice=index.notice)  # fmt: skip

    def _retrieve(
        self, retriever: Retriever, parts: Sequence[str], filters: Filters | None
    ) -> list[Question]:
        """The parts of what was asked, each with its chunks."""
        questions = []
        for part, vector in zip(parts, self._embedder.embed(parts), strict=True):
            chunks = retriever.retrieve_vector(part, vector, k=CHUNKS_TO_READ, filters=filters)
            passages = merge_neighbours([scored.chunk for scored in chunks])
            named = retriever.publishers_named(part)
            questions.append(Question(part, vector, chunks, passages, named))
        return questions

    def _conclude(
        self, draft: Answer, reading: Reading, watch: _Stopwatch
    ) -> Iterator[AnswerEvent]:
        """Check the drafts one by one, then yield the answer or the refusal."""
        citations = CitationList()
        statements: list[Statement] = []
        withheld: list[Withheld] = []
        with watch.measure("write"):
            drafts = draft_extracts(reading.groups)
        for item in drafts:
            with watch.measure("verify"):
                result = verify_draft(item, citations, confidence=reading.confidence)
            if isinstance(result, Statement):
                statements.append(result)
                yield AnswerEvent("statement", result, tuple(citations.citations))
            else:
                withheld.append(result)
                yield AnswerEvent("withheld", result)
        with watch.measure("verify"):
            notice = self._changed_files(citations.citations) or draft.notice
        answer = replace(draft, withheld=tuple(withheld), notice=notice)
        if statements:
            answer = _answered(answer, statements, citations.citations)
        else:
            answer = _refused(answer, reading, "withheld" if withheld else "no_support")
        yield AnswerEvent("answer", replace(answer, timings_ms=watch.timings()))

    def _changed_files(self, citations: Sequence[Citation]) -> str | None:
        """A notice when a cited file no longer shows the quoted lines, or None."""
        corpus_dir = self.config.corpus_dir
        changed = [c.path for c in citations if not file_shows_quote(c, corpus_dir)]
        if not changed:
            return None
        names = ", ".join(dict.fromkeys(changed))
        return f"changed or removed since it was indexed: {names}; run `rag index`"


def open_engine(
    config: Config | None = None, *, progress: ProgressCallback | None = None
) -> ChatEngine:
    """An engine over the index of `config`, which is built first when it is missing.

    Raises:
        RagError: When the corpus cannot be read, the index does not fit the settings, or another
            process is building it.
    """
    config = config or Config()
    embedder = get_embedder(config)
    try:
        index = open_index(config)
    except IndexNotFoundError:
        build_index(config, progress=progress, embedder=embedder)
        index = open_index(config)
    return ChatEngine(config, index, embedder)


_engines: dict[Config, ChatEngine] = {}
_engines_lock = threading.Lock()


def query(
    question: str,
    *,
    history: Sequence[Message] = (),
    config: Config | None = None,
    filters: Filters | None = None,
    known_by: date | None = None,
) -> Answer:
    """The checked answer to `question`; one engine is kept for each `config`.

    Args and Raises: as for `ChatEngine.query` and `open_engine`.
    """
    config = config or Config()
    with _engines_lock:
        engine = _engines.get(config)
        if engine is None:
            engine = _engines[config] = open_engine(config)
    return engine.query(question, history=history, filters=filters, known_by=known_by)


def _with_known_by(filters: Filters | None, known_by: date | None) -> Filters | None:
    """`filters`, and nothing that was published after `known_by`."""
    if known_by is None:
        return filters
    filters = filters or Filters()
    last = min(filters.published_to or known_by, known_by)
    return replace(filters, published_to=last)


def _answered(
    draft: Answer, statements: Sequence[Statement], citations: Sequence[Citation]
) -> Answer:
    return replace(
        draft,
        text=render_answer(statements, citations),
        answered=True,
        state="answered",
        statements=tuple(statements),
        citations=tuple(citations),
        independent_sources=len({citation.document_id for citation in citations}),
        as_of=max((c.published for c in citations if c.published), default=None),
    )


def _refused(draft: Answer, reading: Reading, reason: RefusalReason) -> Answer:
    """A refusal with the nearest lines, which are not offered as proof."""
    closest: list[Citation] = []
    for evidence in reading.candidates:
        citation = cite_lines(evidence.document, evidence.first_line, evidence.last_line,
                              number=len(closest) + 1)  # fmt: skip
        if all(citation.quote != known.quote for known in closest):
            closest.append(citation)
        if len(closest) == CLOSEST_LINES:
            break
    text = _REFUSALS[reason]
    if reading.missing:
        text += f" No article mentions {' or '.join(reading.missing)}."
    return replace(draft, text=text, refusal_reason=reason, closest=tuple(closest))
