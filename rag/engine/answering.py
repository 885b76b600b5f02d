"""Reading -> Answer: drafts are written or quoted, checked one by one, and put together.

With a language model its statements come first; what the lines that it was shown do not support
is withheld. When nothing of it survives, or it fails before anything does, the sentences that the
reader found are quoted instead, and the answer says so.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from rag.comparison import Finding
from rag.config import Config
from rag.engine.comparing import Place, history_places, show_disagreements
from rag.engine.dating import stated_dates
from rag.engine.sources import count_independent, with_copies
from rag.engine.stopwatch import Stopwatch
from rag.engine.unindexed import ADVICE
from rag.errors import ModelError
from rag.index import Index
from rag.llm import LanguageModel
from rag.markers import is_refusal
from rag.prompts import PROMPT_VERSION, Passage, Prompt
from rag.reading import Question, Reading, asks_when
from rag.schema import (
    Answer,
    AnswerEvent,
    Citation,
    Draft,
    RefusalReason,
    Statement,
    Withheld,
)
from rag.synthesis import (
    NO_SUPPORT,
    draft_extracts,
    prepare_prompt,
    render_answer,
    write_statements,
)
from rag.verification import (
    CitationList,
    cite_lines,
    file_shows_quote,
    resolve_citations,
    verify_draft,
    verify_written,
)

# Nearest lines that a refusal offers.
CLOSEST_LINES = 3
# Chunks of each part of the question that a language model is shown, beside the evidence.
CHUNKS_TO_SHOW = 8

INDIRECT = "The sources do not say this directly. The nearest lines are given below."
_REFUSALS: dict[RefusalReason, str] = {
    "no_support": NO_SUPPORT,
    "empty_question": "The question is empty. Type a question or a few words to look for.",
    "empty_corpus": "The corpus holds no articles yet. Put some into {corpus} and run `rag index`.",
    "too_long": "The question has {length:,} characters; at most {limit:,} are read. Shorten it.",
    "withheld": "Nothing that was found could be checked against its lines.",
}


@dataclass
class Answering:
    """One answer while it is made.

    Attributes:
        answer: What is known of it so far; finished by `conclude`.
        reading: What the reader found.
        findings: What the sources say differently.
        allowed: Ids of the documents that may be used; None means all.
        unindexed: What changed in the folder of the articles, to be told at the end.
        asked_to_agree: Whether the user asks if the sources agree.
    """

    config: Config
    index: Index
    answer: Answer
    reading: Reading
    findings: Sequence[Finding]
    watch: Stopwatch
    allowed: Collection[str] | None = None
    unindexed: str | None = None
    asked_to_agree: bool = False
    citations: CitationList = field(default_factory=CitationList)
    statements: list[Statement] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    declined: bool = False

    def write(self, model: LanguageModel, questions: Sequence[Question]) -> Iterator[AnswerEvent]:
        """Let the model answer; yields each statement once it is checked, or withheld."""
        with self.watch.measure("write"):
            passages = choose_passages(self.reading, questions, self.index)
            prompt = prepare_prompt(
                self.answer.standalone_question, passages, model,
                answer_tokens=self.config.llm_max_output_tokens,
            )  # fmt: skip
        self.answer = replace(self.answer, prompt_version=PROMPT_VERSION)
        failure: ModelError | None = None
        try:
            yield from self._checked(model, prompt)
        except ModelError as exc:
            failure = exc
        if self.statements:
            self.answer = replace(self.answer, model=model.name)
            if failure:
                self.notices.append(f"{model.name} stopped before the end: {failure}")
        elif failure:
            self.notices.append(f"{model.name} did not answer: {failure}{self._instead()}")
        elif not self.declined:
            self.notices.append(
                f"nothing that {model.name} wrote is in the lines that it cites{self._instead()}"
            )

    def _instead(self) -> str:
        """What is done in the model's place, as the end of a notice."""
        return "; the sources are quoted instead" if self.reading.state == "answered" else ""

    def _checked(self, model: LanguageModel, prompt: Prompt) -> Iterator[AnswerEvent]:
        """The model's statements, checked as they arrive; a refusal among them is noted."""
        with closing(write_statements(model, prompt)) as parsed_statements:
            while True:
                with self.watch.measure("write"):
                    parsed = next(parsed_statements, None)
                if parsed is None:
                    return
                if is_refusal(parsed.text):
                    self.declined = True
                    continue
                with self.watch.measure("verify"):
                    cited, unknown = resolve_citations(parsed, prompt.shown)
                    self.unknown.extend(unknown)
                    result = verify_written(
                        parsed.text, cited, prompt.shown, self.citations,
                        confidence=self.reading.confidence,
                    )  # fmt: skip
                yield self._note(result)

    def extract(self) -> Iterator[AnswerEvent]:
        """Quote the sentences that the reader found; yields each once it is checked."""
        with self.watch.measure("write"):
            drafts = draft_extracts(self.reading.groups)
        history = history_places(self.findings)
        for draft in drafts:
            with self.watch.measure("verify"):
                result = verify_draft(draft, self.citations, confidence=self._confidence(draft))
            if isinstance(result, Statement) and _is_told(draft, history):
                result = replace(result, earlier=True)
            yield self._note(result)

    def _confidence(self, draft: Draft) -> float:
        """How sure the reader is that this statement answers."""
        chances = [e.probability for e in draft.evidence if e.probability is not None]
        return round(max(chances), 3) if chances else self.reading.confidence

    def conclude(self) -> Answer:
        """The finished answer, or the refusal."""
        notices = [self.answer.notice, *self.notices]
        if self.statements and self.answer.model == "extractive" and self.reading.unanswered:
            parts = "; ".join(self.reading.unanswered)
            notices.append(f"the sources do not answer this part: {parts}")
        answer = replace(
            self.answer,
            withheld=tuple(self.withheld),
            unknown_citations=tuple(dict.fromkeys(self.unknown)),
            confidence=self.reading.confidence,
        )
        if self.statements:
            answer = self._answered(answer)
            if self.asked_to_agree:
                notices.append(_verdict(answer))
        else:
            reason: RefusalReason = (
                "withheld" if self.withheld and not self.declined else "no_support"
            )
            answer = _refused(answer, self.reading, reason)
        with self.watch.measure("verify"):
            changed = self._changed_files()  # of every citation, those of values too
        notices += [changed, self.unindexed or (ADVICE if changed else None)]
        notice = "; ".join(text for text in notices if text) or None
        return replace(answer, notice=notice, timings_ms=self.watch.timings())

    def _answered(self, draft: Answer) -> Answer:
        """The answer with its disagreements, days, sources and text."""
        with self.watch.measure("verify"):
            disagreements = show_disagreements(self.findings, self.citations)
            citations = tuple(
                with_copies(c, self.index, self.allowed) for c in self.citations.citations
            )
        statements = tuple(self.statements)
        with_days = asks_when(draft.standalone_question)
        return replace(
            draft,
            text=render_answer(statements, citations, with_days=with_days),
            answered=True,
            state="answered",
            statements=statements,
            citations=citations,
            disagreements=disagreements,
            independent_sources=count_independent(citations, self.index),
            as_of=max((c.published for c in citations if c.published), default=None),
        )

    def _dated(self, statement: Statement) -> Statement:
        """`statement` with the days that its times mean."""
        cited = [c for c in self.citations.citations if c.number in statement.citations]
        documents = [(c, self.index.document(c.document_id)) for c in cited]
        return replace(statement, dates=stated_dates(statement.text, documents))

    def _note(self, result: Statement | Withheld) -> AnswerEvent:
        if isinstance(result, Statement):
            result = self._dated(result)
            self.statements.append(result)
            return AnswerEvent("statement", result, tuple(self.citations.citations))
        self.withheld.append(result)
        return AnswerEvent("withheld", result)

    def _changed_files(self) -> str | None:
        """A notice when a cited file no longer shows the quoted lines, or None."""
        corpus_dir = self.config.corpus_dir
        changed = [c.path for c in self.citations.citations if not file_shows_quote(c, corpus_dir)]
        if not changed:
            return None
        names = ", ".join(dict.fromkeys(changed))
        return f"changed or removed since it was indexed: {names}"


def _verdict(answer: Answer) -> str:
    """Whether the sources of an answer agree, as far as they were compared."""
    kinds = {disagreement.kind for disagreement in answer.disagreements}
    if "contradiction" in kinds:
        return "the sources differ here"
    if "time" in kinds:
        return "the sources tell of different times"
    if kinds:
        return "the sources give values that fit each other"
    if answer.independent_sources > 1:
        return "no difference was found between the sources that answer this"
    return "only one independent source answers this"


def _is_told(draft: Draft, places: Collection[Place]) -> bool:
    """Whether one of the sentences that end at `places` is in what a draft quotes."""
    quoted = draft.evidence[0]
    return any(
        document_id == quoted.document.document_id and quoted.start_char < end <= quoted.end_char
        for document_id, end in places
    )


def refuse_early(reason: RefusalReason, question: str, config: Config) -> str:
    """The text of the refusal of a question that cannot be searched."""
    return _REFUSALS[reason].format(
        corpus=config.corpus_dir, length=len(question), limit=config.max_question_chars
    )


def choose_passages(reading: Reading, questions: Sequence[Question], index: Index) -> list[Passage]:
    """What a language model is shown: the evidence first, then the best chunks around it."""
    passages = [
        Passage(item.document, item.first_line, item.last_line, 2.0 + item.score)
        for group in reading.groups
        for item in group
    ]
    for question in questions:
        for scored in question.chunks[:CHUNKS_TO_SHOW]:
            chunk = scored.chunk
            document = index.document(chunk.document_id)
            passages.append(Passage(document, chunk.first_line, chunk.last_line, scored.score))
    return passages


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
    if reading.state == "indirect" and closest:
        return replace(draft, text=INDIRECT, state="indirect", refusal_reason=reason,
                       closest=tuple(closest))  # fmt: skip
    if reading.missing:
        text += f" No article mentions {' or '.join(reading.missing)}."
    return replace(draft, text=text, refusal_reason=reason, closest=tuple(closest))
