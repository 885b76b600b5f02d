"""What is measured: On Record in any configuration, and baselines over the same corpus.

A configuration file (TOML) lists systems; the first one is the one under test:

    [[systems]]
    name = "extractive"
    kind = "on-record"
    config = { max_statements = 3 }   # fields of rag.Config; the rest is read from RAG_* variables

Kinds: "on-record"; "best-chunk" (quotes the best chunk of the search, as most systems would show
it); "constant" (always the same cited line); "always-refuse"; "citation-query-engine", which is
LlamaIndex's and needs a language model: RAG_LLM_MODEL, RAG_LLM_BASE_URL, OPENAI_API_KEY.
"""

import re
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.adapters import Dataset
from evals.data import Question
from evals.metrics import MAX_ANSWER_WORDS
from evals.runs import indexed
from rag import (
    Answer,
    ChatEngine,
    Config,
    Filters,
    Message,
    ScoredChunk,
)

# Chunks that LlamaIndex's CitationQueryEngine is given, as in its documentation.
CITED_CHUNKS = 3


@dataclass(frozen=True)
class Cited:
    """Lines that a response offers as proof, and the text that it says stands there."""

    path: str
    first_line: int
    last_line: int
    quote: str


@dataclass(frozen=True)
class ClaimedValue:
    """One side of a disagreement that a response shows."""

    value: str
    cited: tuple[Cited, ...]


@dataclass(frozen=True)
class Response:
    """What a system says to one question.

    Attributes:
        answered: Whether it answers or refuses; None when it was only asked to search.
        statements: Each with the places in `cited` that it rests on.
        confidence: How sure the system is that the corpus answers; None when it does not say.
        found: Its search results, best first; None of a system that does not search.
        disagreements: For each one shown, its sides.
        days: First and last day of each time that the response resolves.
        tokens: Prompt and completion of a language model, estimated; None without one.
    """

    text: str
    answered: bool | None
    cited: tuple[Cited, ...] = ()
    statements: tuple[tuple[str, tuple[int, ...]], ...] = ()
    state: str = ""
    searched: str = ""
    confidence: float | None = None
    found: tuple[ScoredChunk, ...] | None = None
    withheld: tuple[tuple[str, str], ...] = ()
    disagreements: tuple[tuple[ClaimedValue, ...], ...] = ()
    days: tuple[tuple[date, date], ...] = ()
    milliseconds: float = 0.0
    tokens: tuple[int, int] | None = None
    model: str = ""
    prompt_version: str | None = None


@dataclass(frozen=True)
class System:
    """A system to measure, as a configuration file describes it.

    Attributes:
        config: Fields of `rag.Config` that differ from the settings in force.
        note: What it is, for the reader of the report.
    """

    name: str
    kind: str = "on-record"
    config: dict[str, Any] = field(default_factory=dict)
    note: str = ""


def read_systems(file: Path) -> list[System]:
    """The systems of a configuration file.

    Raises:
        SystemExit: When the file is missing or does not describe systems.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))["systems"]
        systems = [System(**table) for table in tables]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as exc:
        raise SystemExit(f"{file} does not list systems: {exc}") from exc
    names = [system.name for system in systems]
    if not systems or len(set(names)) < len(names):
        raise SystemExit(f"{file}: systems need names of their own")
    if unknown := {system.kind for system in systems} - set(_RESPONDERS):
        raise SystemExit(f"{file}: unknown kind {', '.join(sorted(unknown))}; "
                         f"the kinds are {', '.join(_RESPONDERS)}")  # fmt: skip
    return systems


def index_config(system: System, dataset: Dataset, work: Path) -> Config:
    """The settings of `system` over `dataset`, its index built or brought up to date."""
    return indexed(Config(corpus_dir=dataset.corpus_dir, **system.config), work)


def respond(system: System, engine: ChatEngine, question: Question, dataset: Dataset) -> Response:
    """What `system` says to `question`; for a data set without answers only what it finds."""
    if not dataset.answers:
        found = _search(engine, question.text, dataset, _filters(question))
        return Response("", answered=None, found=found)
    return _RESPONDERS[system.kind](engine, question, dataset)


def _on_record(engine: ChatEngine, question: Question, dataset: Dataset) -> Response:
    filters = _filters(question)
    history = _talk(engine, question.history, filters, question.known_by)
    start = time.perf_counter()
    answer = engine.query(
        question.text, history=history, filters=filters, known_by=question.known_by
    )
    milliseconds = (time.perf_counter() - start) * 1000
    places = {citation.number: k for k, citation in enumerate(answer.citations)}
    cited = tuple(
        Cited(citation.path, citation.first_line, citation.last_line, citation.quote)
        for citation in answer.citations
    )
    return Response(
        answer.text,
        answer.answered,
        cited=cited,
        statements=tuple(
            (statement.text, tuple(places[number] for number in statement.citations))
            for statement in answer.statements
        ),
        state=answer.state,
        searched=answer.standalone_question,
        confidence=answer.confidence,
        found=_search(engine, answer.standalone_question, dataset, filters),
        withheld=tuple((item.text, item.reason) for item in answer.withheld),
        disagreements=tuple(
            tuple(
                ClaimedValue(claim.value, tuple(cited[places[n]] for n in claim.citations))
                for claim in disagreement.claims
            )
            for disagreement in answer.disagreements
        ),
        days=tuple(
            (stated.first, stated.last)
            for statement in answer.statements
            for stated in statement.dates
        ),
        milliseconds=milliseconds,
        tokens=_tokens(answer),
        model=answer.model,
        prompt_version=answer.prompt_version,
    )


@lru_cache(maxsize=1_024)
def _talk(
    engine: ChatEngine, asked: tuple[str, ...], filters: Filters | None, known_by: date | None
) -> tuple[Message, ...]:
    """A conversation in which `asked` was asked one after another, with the answers."""
    if not asked:
        return ()
    before = _talk(engine, asked[:-1], filters, known_by)
    answer = engine.query(asked[-1], history=before, filters=filters, known_by=known_by)
    return (
        *before,
        Message(role="user", content=asked[-1]), Message(role="assistant", content=answer.text),
    )  # fmt: skip


def _best_chunk(engine: ChatEngine, question: Question, dataset: Dataset) -> Response:
    searched = " ".join([*question.history[-1:], question.text])
    start = time.perf_counter()
    found = _search(engine, searched, dataset, _filters(question))
    milliseconds = (time.perf_counter() - start) * 1000
    if not found:
        return Response("", answered=False, found=(), searched=searched, confidence=0.0,
                        milliseconds=milliseconds)  # fmt: skip
    chunk = found[0].chunk
    # Scores of the fusion are made of ranks and say nothing; those of one search do.
    score = found[0].keyword_score if found[0].dense_score is None else found[0].dense_score
    return _quoted(
        Cited(chunk.path, chunk.first_line, chunk.last_line, chunk.text),
        found=found, searched=searched, milliseconds=milliseconds, confidence=score,
    )  # fmt: skip


def _constant(engine: ChatEngine, question: Question, dataset: Dataset) -> Response:
    """The same cited line for every question: the first of the first document with 8 words."""
    path = min(path.name for path in dataset.corpus_dir.iterdir() if path.is_file())
    document = engine.document(path)
    if document is None:
        return Response("", answered=False)
    lines = document.text.split("\n")
    number = next(
        number for number, line in enumerate(lines, 1)
        if len(line.split()) >= 8 and number not in document.boilerplate
    )  # fmt: skip
    return _quoted(Cited(path, number, number, lines[number - 1]))


def _always_refuse(engine: ChatEngine, question: Question, dataset: Dataset) -> Response:
    return Response("The sources do not answer this.", answered=False)


def _citation_query_engine(engine: ChatEngine, question: Question, dataset: Dataset) -> Response:
    """LlamaIndex's own engine with our search below it; what it cites are whole chunks."""
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.llms.openai_like import OpenAILike

    config = engine.config
    if not config.llm_model:
        raise SystemExit("the kind citation-query-engine needs a language model: RAG_LLM_MODEL")
    key = config.openai_api_key
    model = OpenAILike(
        model=config.llm_model, api_base=config.llm_base_url or "https://api.openai.com/v1",
        api_key=key.get_secret_value() if key else "none", is_chat_model=True, temperature=0.0,
        context_window=config.llm_context_tokens or 8_192, timeout=config.llm_timeout_s,
    )  # fmt: skip
    retriever = engine.as_retriever(k=CITED_CHUNKS, filters=_filters(question))
    asked = CitationQueryEngine(retriever, llm=model, text_splitter=_whole_nodes())
    searched = " ".join([*question.history[-1:], question.text])
    start = time.perf_counter()
    response = asked.query(searched)
    milliseconds = (time.perf_counter() - start) * 1000
    text = str(response)
    used = [int(mark) for mark in re.findall(r"\[(\d+)\]", text)]
    nodes = response.source_nodes
    used = [mark for mark in dict.fromkeys(used) if 0 < mark <= len(nodes)]
    cited = tuple(
        Cited(
            node.metadata["path"], node.metadata["first_line"], node.metadata["last_line"],
            re.sub(r"^Source \d+:\n", "", node.get_content()).removesuffix("\n"),
        )
        for node in (nodes[mark - 1] for mark in used)
    )  # fmt: skip
    refused = not text.strip() or text.strip() == "Empty Response" or not cited
    return Response(
        text, answered=not refused, cited=cited,
        statements=((text, tuple(range(len(cited)))),), searched=searched,
        found=_search(engine, searched, dataset, _filters(question)),
        milliseconds=milliseconds, model=config.llm_model,
    )  # fmt: skip


def _whole_nodes() -> Any:
    """A splitter that splits nothing and needs no tokenizer: a chunk stays one source."""
    from llama_index.core.node_parser import SentenceSplitter

    return SentenceSplitter(
        chunk_size=100_000, chunk_overlap=0, tokenizer=str.split,
        chunking_tokenizer_fn=lambda text: [text],
    )  # fmt: skip


_RESPONDERS: dict[str, Callable[[ChatEngine, Question, Dataset], Response]] = {
    "on-record": _on_record,
    "best-chunk": _best_chunk,
    "constant": _constant,
    "always-refuse": _always_refuse,
    "citation-query-engine": _citation_query_engine,
}


def _quoted(cited: Cited, **more: Any) -> Response:
    """A response that is one cited text, as long as an answer may be."""
    text = " ".join(cited.quote.split()[:MAX_ANSWER_WORDS])
    return Response(text, answered=True, cited=(cited,), statements=((text, (0,)),), **more)


def _filters(question: Question) -> Filters | None:
    return Filters(documents=question.documents) if question.documents else None


def _search(
    engine: ChatEngine, text: str, dataset: Dataset, filters: Filters | None
) -> tuple[ScoredChunk, ...]:
    return tuple(engine.search(text, dataset.results, filters=filters)) if text else ()


def _tokens(answer: Answer) -> tuple[int, int] | None:
    return None if answer.tokens is None else (answer.tokens.prompt, answer.tokens.completion)
