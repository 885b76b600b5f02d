"""The one way from a question to a checked Answer; every caller uses it.

    condense -> split -> retrieve -> read -> draft -> verify -> Answer

The engine holds the models and one published generation of the index, and no conversation:
history is an argument. It is safe to use from several threads.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.condensing import (
    agreed_on,
    clean_question,
    describe_corpus,
    mend_asking,
    mend_names,
    new_words,
    small_talk,
    without_preamble,
)
from rag.config import Config
from rag.embedding import Embedder, get_embedder
from rag.engine.answering import Answering, refuse_early
from rag.engine.comparing import (
    Compared,
    MeasuredContrast,
    compare_reading,
    measure_contrasts,
)
from rag.engine.conversation import check_history, condense
from rag.engine.filtering import filtered_out, with_known_by
from rag.engine.finding import find, find_in_thread
from rag.engine.searching import Searcher
from rag.engine.stopwatch import Stopwatch
from rag.engine.threads import all_known, thread_documents
from rag.engine.unindexed import changes_in_words
from rag.errors import IndexNotFoundError
from rag.index import CorpusWatch, Index, ProgressCallback, build_index, open_index
from rag.llm import LanguageModel, MeteredModel, get_language_model
from rag.reading import Reader, Reading
from rag.relevance import PairModel, ReaderModel, follow_up_calibration, shipped_calibration
from rag.retrieval import Retriever
from rag.schema import (
    Answer,
    AnswerEvent,
    Document,
    Filters,
    Message,
    RefusalReason,
    ScoredChunk,
    ScoredSentence,
)

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.base.base_retriever import BaseRetriever


class ChatEngine:
    """Answers questions from one index. Use `open_engine`; close it, or use it in a `with`.

    Attributes:
        config: The settings that the engine was opened with.
    """

    def __init__(
        self, config: Config, index: Index, embedder: Embedder, model: LanguageModel | None = None
    ) -> None:
        self.config = config
        self._embedder = embedder
        self._model = model
        self._reader_model = (
            None if "trained_reader" in config.without else ReaderModel.shipped(config)
        )
        self._follow_up_model = ReaderModel.for_follow_ups(config)
        self._pair_model = PairModel.shipped(config)
        self._retriever = Retriever(index, embedder, config.without)
        self._watch = CorpusWatch(config)
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
                    self._retriever = Retriever(
                        open_index(self.config), self._embedder, self.config.without
                    )
                    self._watch = CorpusWatch(self.config)
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

        Raises:
            TypeError, ValueError: When the question is no string, the history no list of messages,
                or `known_by` no date.
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

    def search_sentences(
        self, text: str, k: int = 10, *, filters: Filters | None = None
    ) -> list[ScoredSentence]:
        """The `k` sentences that answer `text` best, best first, whether any answers or not.

        Raises:
            ValueError: When `k` is below 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        cleaned = clean_question(text)[: self.config.max_question_chars]
        retriever = self._fresh_retriever()
        if not cleaned or not retriever.index.document_count:
            return []
        found = Searcher(retriever, self._embedder, filters).find([cleaned])
        reading = self._reader(retriever.index).read(found)
        return [
            ScoredSentence(
                item.document.document_id,
                item.document.path,
                item.first_line,
                item.last_line,
                item.start_char,
                item.end_char,
                item.text,
                item.score,
                rank,
                item.probability,
            )
            for rank, item in enumerate(reading.candidates[:k], 1)
        ]

    def contrasts(self, question: str) -> list[MeasuredContrast]:
        """Values that two likely answers to `question` give differently, with their features.

        Which of them are told as disagreements is weighed from these; `evals.conflicts.contrasts`
        fits how.
        """
        retriever = self._fresh_retriever()
        searcher = Searcher(retriever, self._embedder)
        reader = self._reader(retriever.index)
        found = find(searcher, reader, [clean_question(question)], "", Stopwatch())
        return measure_contrasts(question, found.reading, retriever.index, self._pair_model)

    def as_retriever(self, *, k: int = 10, filters: Filters | None = None) -> "BaseRetriever":
        """The engine's search as a LlamaIndex retriever; its nodes carry lines and publisher."""
        from rag.interop import OnRecordRetriever  # llama_index takes seconds to import

        return OnRecordRetriever(self, k=k, filters=filters)

    def as_query_engine(self, *, filters: Filters | None = None) -> "BaseQueryEngine":
        """The engine as a LlamaIndex query engine; its source nodes are the cited lines."""
        from rag.interop import OnRecordQueryEngine

        return OnRecordQueryEngine(self, filters=filters)

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
        watch = Stopwatch()
        if not isinstance(question, str):
            raise TypeError(f"the question is {type(question).__name__}; a string is expected")
        check_history(history)
        model = None if self._model is None else MeteredModel(self._model)
        retriever = self._fresh_retriever()
        index = retriever.index
        refusal = self._refuse_early(question, index)
        if refusal is not None:
            yield AnswerEvent("answer", replace(refusal, timings_ms=watch.timings()))
            return
        asked = mend_asking(clean_question(without_preamble(question)), index.unknown_words)
        talk = small_talk(asked)
        if talk is not None and not talk.question:
            reply = talk.reply or describe_corpus(_shelf(index))
            answer = Answer(question, asked, reply, answered=False, state="refused",
                            refusal_reason="small_talk", notice=self._notice(index))  # fmt: skip
            yield AnswerEvent("answer", replace(answer, timings_ms=watch.timings()))
            return
        with watch.measure("condense"):
            asked = self._with_names(talk.question if talk is not None else asked, index)
            earlier = [
                Message(role="user", content=without_preamble(turn["content"]))
                if turn["role"] == "user" else turn
                for turn in history
            ]  # fmt: skip
            whole = condense(asked, earlier, retriever, self.config, model)
            standalone = self._with_names(whole.standalone, index)  # those of earlier turns too
            parts = [self._with_names(part, index) for part in whole.parts]
            agreement = agreed_on(standalone) if len(parts) == 1 else ""
            if agreement:
                standalone, parts = agreement, [agreement]
        yield AnswerEvent("searching", standalone)
        filters = with_known_by(filters, known_by)
        added = new_words(asked) if standalone != asked else ""
        searcher = Searcher(retriever, self._embedder, filters)
        reader = self._reader(index)
        follow_up = None if agreement else whole.follow_up
        thread: Sequence[str] = ()
        if history and "threads" not in self.config.without:
            thread = thread_documents(history, index)
        found = find_in_thread(
            searcher, thread,
            lambda within: find(within, reader, parts, added, watch, follow_up),
            leans=standalone != asked and all_known(asked, thread, index),
        )  # fmt: skip
        with watch.measure("read"):
            reading, findings = self._compare(
                standalone, found.reading, index, wanted=bool(agreement)
            )
        yield AnswerEvent("evidence", [item for group in reading.groups for item in group])
        notices = [index.notice, filtered_out(filters, index), *found.notices]
        notice = "; ".join(filter(None, notices)) or None
        draft = Answer(question, standalone, "", answered=False, state="refused", notice=notice)
        allowed = index.document_ids(filters) if filters else None
        answering = Answering(
            self.config, index, draft, reading, findings, watch, allowed, self._unindexed(),
            asked_to_agree=bool(agreement),
        )  # fmt: skip
        if model is not None and reading.groups:
            yield from answering.write(model, found.search.questions)
        if reading.state == "answered" and not answering.statements and not answering.declined:
            yield from answering.extract()
        answer = answering.conclude()
        if model is not None:
            answer = replace(answer, tokens=model.tokens)
        yield AnswerEvent("answer", answer)

    def _with_names(self, question: str, index: Index) -> str:
        """`question` with its misspelt names as the articles spell them."""
        return question if "spelling" in self.config.without else mend_names(question, index)

    def _refuse_early(self, question: str, index: Index) -> Answer | None:
        """The refusal of a question that cannot be searched, or None."""
        limit = self.config.max_question_chars
        reason: RefusalReason
        if len(question) > limit:
            reason = "too_long"
        elif not any(map(str.isalnum, clean_question(question))):
            reason = "empty_question"
        elif not index.document_count:
            reason = "empty_corpus"
        else:
            return None
        text = refuse_early(reason, question, self.config)
        return Answer(question[:limit], clean_question(question[:limit]), text, answered=False,
                      state="refused", refusal_reason=reason,
                      notice=self._notice(index))  # fmt: skip

    def _notice(self, index: Index) -> str | None:
        """What the user should know of the index, whatever is asked."""
        return "; ".join(filter(None, [index.notice, self._unindexed()])) or None

    def _unindexed(self) -> str | None:
        """What changed in the folder of the articles since it was indexed."""
        return changes_in_words(self._watch.changes(), self.config.corpus_dir)

    def _reader(self, index: Index) -> Reader:
        """The reader over one generation of the index."""
        return Reader(
            index, self.config.max_statements, self.config.without, self._reader_model,
            None if self._reader_model is None else shipped_calibration(),
            (self._follow_up_model, follow_up_calibration()),
        )  # fmt: skip

    def _compare(self, question: str, reading: Reading, index: Index, *, wanted: bool) -> Compared:
        """What the sources disagree about, and a reading that states all of it."""
        if "comparison" in self.config.without:
            return Compared(reading, [])
        model = None if "pairs" in self.config.without else self._pair_model
        return compare_reading(question, reading, index, model, wanted=wanted)


def open_engine(
    config: Config | None = None, *, progress: ProgressCallback | None = None
) -> ChatEngine:
    """An engine over the index of `config`, which is built first when it is missing.

    Raises:
        RagError: When the corpus cannot be read, the index does not fit the settings, or another
            process is building it.
    """
    config = config or Config()
    embedder, model = get_embedder(config), get_language_model(config)
    try:
        index = open_index(config)
    except IndexNotFoundError:
        build_index(config, progress=progress, embedder=embedder)
        index = open_index(config)
    return ChatEngine(config, index, embedder, model)


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


def _shelf(index: Index) -> list[tuple[str, str | None, date | None]]:
    """Title, publisher and date of every document, for "what do you have?"."""
    return [
        (summary.title or summary.document_id, summary.publisher, summary.published)
        for summary in index.document_metadata()
    ]
