"""The parts of a question -> what is searched and read for each, and where.

1. A part that asks what a publisher reports is searched in its articles only; of several, each
   gets a part of its own ("do the BBC and the FT give the same number?").
2. A part that asks what somebody says, or that puts a name or a year into the question before
   ("and Jasper?"), is read only in sentences that have to do with it.
3. Sentences about an article, not about the news (byline, credits, reading time), are read only
   when the question asks about such things.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.condensing import FollowUp
from rag.embedding import Embedder
from rag.engine.asked_sources import read_sources, what_it_says, with_only, without_owner
from rag.engine.focus import (
    Focus,
    Person,
    find_bodies,
    find_people,
    focus_of,
    may_ask_for_words,
    spans_about,
    speakers,
    unknown_speaker,
)
from rag.index import Index
from rag.reading import Question, asks_when
from rag.retrieval import Retriever, merge_neighbours
from rag.schema import Document, Filters

# Chunks that are read for one question. Sentences past them are not seen.
CHUNKS_TO_READ = 20
# Parts that one question may become, each read by itself; beyond, the sources that it names are
# searched together, and the persons read together.
MAX_PARTS = 6
# Chunks with a name that are looked through beside what was found.
CHUNKS_OF_NAME = 40

_ABOUT_ARTICLE = re.compile(
    r"\bbylines?\b|\bcredit in the (?:report|article|story|page)\b"
    r"|\b(?:images?|pictures?|photo(?:graph)?s?)\b(?: source|[^.!?]{0,40} credit(?:ed)?)\b"
    r"|\breading time\b|\b(?:minutes?|min) read\b|\blast updated\b",
    re.IGNORECASE,
)
_ASKS_ABOUT_ARTICLE = re.compile(
    r"\b(?:by-?lines?|credit\w*|photo\w*|pictures?|pics?|images?|captions?|authors?|wrote|writes?"
    r"|written|journalists?|reporters?|reading|to read|updated?|updates|fresh|recent|published"
    r"|publication|dated?|when|time|day|page|video|media|agency)\b",
    re.IGNORECASE,
)


_DONE_BY_WORDS = re.compile(
    r"\b(?:announc|propos|offer|promis|request|recommend|demand)\w*\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """One thing that is asked, and where its answer may stand.

    Attributes:
        text: The question.
        sources: Publishers whose articles are searched; empty for all.
        name: What the question calls that source, or the person whose words it asks for.
        focus: What every sentence must have to do with; None for anything.
        voice: The body whose words are asked for; it goes by other names too.
    """

    text: str
    sources: tuple[str, ...] = ()
    name: str = ""
    focus: Focus | None = None
    voice: Person | None = None


@dataclass(frozen=True)
class Search:
    """What is searched for one question: its parts, and what was found for each.

    Attributes:
        apart: Whether the parts are sides of one question, which are to have as much room each.
    """

    parts: list[Part]
    questions: list[Question]
    apart: bool = False

    @property
    def sources(self) -> list[str]:
        """The publishers that the search is limited to in some part, each once."""
        return list(dict.fromkeys(name for part in self.parts for name in part.sources))


@dataclass(frozen=True)
class Searcher:
    """Finds what is to be read, in one generation of the index."""

    retriever: Retriever
    embedder: Embedder
    filters: Filters | None = None

    @property
    def _index(self) -> Index:
        return self.retriever.index

    def find(self, texts: Sequence[str]) -> list[Question]:
        """Each text with its chunks, wherever they stand."""
        return self._found([Part(text) for text in texts])

    def search(
        self,
        texts: Sequence[str],
        new_words: str = "",
        follow_up: FollowUp | None = None,
        *,
        everywhere: bool = False,
    ) -> Search:
        """The parts of a question, with their chunks, and the places where answers may stand.

        Args:
            texts: What is asked, each part standalone.
            new_words: What a follow-up put into the question before it, or "".
            follow_up: The forms of a follow-up that are read as well, if it is one.
            everywhere: Search all articles, also where the question names its sources.
        """
        if everywhere:
            parts = [Part(text) for text in texts]
        else:
            parts = [part for text in texts for part in self._by_source(text)]
        if len(parts) > MAX_PARTS:
            parts = [Part(text, self._named(text)) for text in texts]
        found = self._found(parts)
        pairs = [
            pair
            for part, question in zip(parts, found, strict=True)
            for pair in self._by_focus(part, question, new_words)
        ]
        if len(pairs) > MAX_PARTS:
            pairs = [
                (part, self._without_clutter(question))
                for part, question in zip(parts, found, strict=True)
            ]
        if follow_up is not None and len(pairs) == 1:
            pairs = [(part, self._with_forms(part, question, follow_up))
                     for part, question in pairs]  # fmt: skip
        return Search(
            [part for part, _ in pairs],
            [question for _, question in pairs],
            apart=len(texts) == 1 < len(pairs),
        )

    def _named(self, text: str) -> tuple[str, ...]:
        """The publishers that `text` asks about and that may be searched."""
        if "sources" in self.retriever.without:
            return ()
        named = read_sources(text, self.retriever.publisher_mentions(text))
        wanted = self.filters.publishers if self.filters else ()
        allowed = {name.casefold() for name in wanted}
        return tuple(name for name in named if not allowed or name.casefold() in allowed)

    def _by_source(self, text: str) -> list[Part]:
        named = self._named(text)
        mentions = [
            mention for mention in self.retriever.publisher_mentions(text)
            if set(mention.publishers) & set(named)
        ]  # fmt: skip
        written = list(dict.fromkeys(mention.publishers for mention in mentions))
        if len(written) < 2:
            if not mentions:
                return [Part(text)]
            start, end = mentions[0].start, mentions[0].end
            return [Part(without_owner(text, start, end), named, text[start:end])]
        spans = [(mention.start, mention.end) for mention in mentions]
        parts = []
        for names in written:
            place = [mention.publishers for mention in mentions].index(names)
            name = text[slice(*spans[place])]
            side = what_it_says(text, with_only(text, spans, place), name)
            parts.append(Part(side, tuple(known for known in names if known in named), name))
        return parts

    def _found(self, parts: Sequence[Part]) -> list[Question]:
        questions = []
        vectors = self.embedder.embed([part.text for part in parts])
        for part, vector in zip(parts, vectors, strict=True):
            filters = self.filters
            if part.sources:
                filters = replace(filters or Filters(), publishers=part.sources)
            chunks = self.retriever.retrieve_vector(
                part.text, vector, k=CHUNKS_TO_READ, filters=filters
            )
            passages = merge_neighbours([scored.chunk for scored in chunks])
            named = self.retriever.publishers_named(part.text)
            questions.append(Question(part.text, vector, chunks, passages, named))
        return questions

    def _with_forms(self, part: Part, question: Question, follow_up: FollowUp) -> Question:
        """`question` with its other forms; none where only what is about a focus is read."""
        if part.focus is not None:
            return question
        forms = [self._found([replace(part, text=text)])[0] if text else None for text in follow_up]
        if not question.missing:
            forms = [form and self._without_clutter(form) for form in forms]
        return replace(question, typed=forms[0], in_context=forms[1])

    def _by_focus(
        self, part: Part, question: Question, new_words: str
    ) -> Iterator[tuple[Part, Question]]:
        """The part, or one for each of several persons, read only where its answer may stand."""
        fresh = "" if part.sources else new_words
        about_all = not fresh and not may_ask_for_words(part.text)
        if about_all or "focus" in self.retriever.without:
            yield part, self._without_clutter(question)
            return
        documents = [self._index.document(document_id) for document_id in question.passages]
        people = speakers(part.text, find_people(part.text, documents))
        if len(people) > 1:
            spans = [(person.start, person.end) for person in people]
            for place, person in enumerate(people):
                text = with_only(part.text, spans, place)
                name = part.text[slice(*spans[place])]
                text = what_it_says(part.text, text, name)
                one = replace(part, text=text, name=name, focus=person)
                yield one, self._about(one, replace(question, text=text), spoken=True)
            return
        focus = people[0] if people else focus_of(fresh, documents)
        known = bool(focus or part.sources)
        missing = "" if known else unknown_speaker(part.text, fresh, self._index)
        bodies = [] if focus or missing or part.sources else speakers(
            part.text, find_bodies(part.text, documents)
        )  # fmt: skip
        if missing:
            yield part, replace(question, missing=(missing,))
        elif focus:
            name = part.text[people[0].start : people[0].end] if people else part.name
            one = replace(part, name=name, focus=focus)
            spoken = bool(people) and not asks_when_done(part.text)
            yield one, self._about(one, question, spoken=spoken)
        elif len(bodies) == 1:
            name = part.text[bodies[0].start : bodies[0].end]
            yield replace(part, name=name, voice=bodies[0]), self._without_clutter(question)
        else:
            yield part, self._without_clutter(question)

    def _about(self, part: Part, question: Question, *, spoken: bool) -> Question:
        """`question`, to be read in the sentences that have to do with the part's focus."""
        assert part.focus is not None
        filters = self.filters
        if part.sources:
            filters = replace(filters or Filters(), publishers=part.sources)
        allowed = self._index.document_ids(filters) if filters else None
        named = self._index.keyword_search(part.focus.name, CHUNKS_OF_NAME, document_ids=allowed)
        chunks = self._index.chunks([chunk_id for chunk_id, _ in named])
        documents = dict.fromkeys([*question.passages, *(chunk.document_id for chunk in chunks)])
        spans = spans_about(part.focus, documents, self._index, spoken=spoken)
        return self._without_clutter(replace(question, passages=spans))

    def _without_clutter(self, question: Question) -> Question:
        """`question` without the sentences about an article, unless it asks about such things."""
        if _ASKS_ABOUT_ARTICLE.search(question.text):
            return question
        passages = {
            document_id: _cut(self._index.document(document_id), spans, self._index)
            for document_id, spans in question.passages.items()
        }
        return replace(question, passages={key: spans for key, spans in passages.items() if spans})


def _cut(
    document: Document, spans: Sequence[tuple[int, int]], index: Index
) -> list[tuple[int, int]]:
    """`spans` without the sentences that are about the article itself."""
    kept = list(spans)
    for start, end in index.sentences(document.document_id)[0].tolist():
        if _ABOUT_ARTICLE.search(document.text, start, end):
            kept = [
                piece
                for first, last in kept
                for piece in ((first, min(last, start)), (max(first, end), last))
                if piece[0] < piece[1]
            ]
    return kept


def asks_when_done(question: str) -> bool:
    """Whether it is asked when somebody did what is done by words: "when did X announce it?"."""
    return asks_when(question) and bool(_DONE_BY_WORDS.search(question))
