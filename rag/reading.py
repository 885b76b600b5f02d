"""Retrieved chunks -> the sentences that answer the question, or none.

Every sentence of the best chunks is scored by what it says and where it stands:

    (cosine of sentence + line + line with the line before) / 3
    + KEYWORD_WEIGHT x (BM25 share of sentence + of line) + CHUNK_WEIGHT x fused score of its chunk
    + NAMED_PUBLISHER_BONUS for a publisher that the question names
    - FRAGMENT_PENALTY for what is no statement: a heading, a byline, a question

The vector of several sentences is the mean of theirs, so that a pronoun is helped by what stands
before it. A BM25 share is the BM25 score over the candidates, divided by the best one's.

The best sentence is taken, then others, as long as they are nearly as good, up to a limit; one
from a document that was not used yet is preferred. Sentences that say nearly the same are one
group, quoted once and cited together.

Whether anything answers is decided by a cautious rule, to be replaced by a trained reader: it
refuses only questions that share next to nothing with the corpus. Similarity cannot tell an
on-topic question without an answer from one that has one. And it refuses what is asked about a
person or thing, named by two words or more, whose name no article holds.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from rag.config import Part
from rag.index import Index
from rag.schema import Evidence, ScoredChunk
from rag.words import content_stems, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

# Chosen on one in ten of the written training questions and on MultiHop-RAG dev, whose results
# `python -m evals.reading` and `python -m evals.multihop` print.
KEYWORD_WEIGHT = 0.075
CHUNK_WEIGHT = 0.3
FRAGMENT_PENALTY = 0.05
NAMED_PUBLISHER_BONUS = 0.05
# A further sentence is quoted when its score is at most this far below the best one's.
SCORE_MARGIN = 0.15
# What a sentence loses for each one already taken from the same document.
SAME_DOCUMENT_PENALTY = 0.02
# BM25 with the usual constants (Robertson and Zaragoza, "The probabilistic relevance framework:
# BM25 and beyond", 2009).
BM25_K1, BM25_B = 1.5, 0.75
# Two sentences say the same when they share this part of all their stems, and all numbers.
SAME_STEMS = 0.8
# A sentence longer than this many words is a poor quote and loses LONG_PENALTY.
LONG_WORDS, LONG_PENALTY = 60, 0.05
# Refuse when the best sentence scores less. One written question in a hundred that has an answer
# does too, and no question of MultiHop-RAG dev.
MIN_SCORE = 0.25

_FIRST_WORD = re.compile(r"\W*(\w+)")
_PRONOUNS = frozenset("he she it they his her its their this that these those such both".split())
_CAPITALISED = r"[^\W\d_a-z][\w’'-]*\w"
_NAME = re.compile(rf"{_CAPITALISED}(?: {_CAPITALISED})+")


@dataclass(frozen=True)
class Question:
    """One thing that is asked, with what was retrieved for it.

    Attributes:
        text: The question.
        vector: Its embedding, float32, shape (dimension,), L2-normalised.
        chunks: What was retrieved for it, best first.
        passages: By document id, spans of offsets that the chunks cover, neighbours merged.
        publishers: Those that the question names.
    """

    text: str
    vector: "NDArray[np.float32]"
    chunks: Sequence[ScoredChunk]
    passages: dict[str, list[tuple[int, int]]]
    publishers: Sequence[str] = ()


@dataclass(frozen=True)
class Reading:
    """What the reader found.

    Attributes:
        groups: The evidence to quote, best first: each group is the sentence to quote, then the
            sentences of other documents that say nearly the same. Empty for a refusal.
        candidates: The nearest sentences, best first, whether they answer or not.
        confidence: 0..1, how sure the reader is that the corpus answers; also of a refusal.
        missing: Names in the question that no article holds.
    """

    groups: list[list[Evidence]]
    candidates: list[Evidence]
    confidence: float
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reader:
    """Chooses the sentences that answer, from one generation of the index.

    Attributes:
        without: Parts of the reading that are left out, to measure what they are worth.
    """

    index: Index
    max_statements: int
    without: Collection[Part] = frozenset()

    def read(self, questions: Sequence[Question]) -> Reading:
        """The evidence for `questions`, the parts of what the user asked, in order."""
        readings = [self._read_one(question) for question in questions]
        candidates = _take_turns([reading.candidates for reading in readings])
        groups = _without_repeats(_take_turns([reading.groups for reading in readings]))
        answered = [reading for reading in readings if reading.groups]
        limit = max(self.max_statements, len(answered))
        missing = tuple(dict.fromkeys(name for reading in readings for name in reading.missing))
        confidence = min((reading.confidence for reading in answered or readings), default=0.0)
        return Reading(groups[:limit], candidates, confidence, missing)

    def _read_one(self, question: Question) -> Reading:
        candidates = self._score(question)
        if not candidates:
            return Reading([], [], 0.0)
        confidence = _confidence(candidates[0].score)
        if "refusal" not in self.without:
            missing = self._missing_names(question.text)
            if missing:
                return Reading([], candidates, 0.0, missing)
            if not self._is_supported(question, candidates[0]):
                return Reading([], candidates, confidence)
        quoted = _choose(candidates, self.max_statements)
        if "antecedents" not in self.without:
            quoted = [self._with_antecedent(item) for item in quoted]
        groups = [[item, *_repeats(item, candidates)] for item in quoted]
        return Reading(groups, candidates, confidence)

    def _is_supported(self, question: Question, best: Evidence) -> bool:
        """Whether anything found may answer; refuses only what shares nothing with the corpus.

        `python -m evals.multihop` and `python -m evals.reading` print how many questions that
        have an answer are refused.
        """
        asked = words(question.text, join_compounds=False)
        unknown = set(self.index.unknown_words(question.text))
        unknown -= set(self.index.correct_spelling(question.text))
        return best.score >= MIN_SCORE and (not asked or not unknown.issuperset(asked))

    def _missing_names(self, text: str) -> tuple[str, ...]:
        """Names of two words or more in `text` with a word that no article holds.

        A word that may be a misspelt known one does not count, nor does the first of a sentence.
        """
        missing = []
        for match in _NAME.finditer(text):
            name = match.group()
            if not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!":
                name = name.partition(" ")[2]
            unknown = self.index.unknown_words(name)
            if " " in name and set(unknown) - set(self.index.correct_spelling(name)):
                missing.append(name)
        return tuple(missing)

    def _with_antecedent(self, item: Evidence) -> Evidence:
        """`item` with the sentence before it on its line, when it starts with a pronoun."""
        offsets, _ = self.index.sentences(item.document.document_id)
        starts = [int(start) for start, _ in offsets]
        position = starts.index(item.start_char)
        first_word = _FIRST_WORD.match(item.text)
        if not position or not first_word or first_word.group(1).lower() not in _PRONOUNS:
            return item
        start = starts[position - 1]
        text = item.document.text[start : item.end_char]
        if item.document.line_at(start) != item.first_line or len(text.split()) > LONG_WORDS:
            return item
        return replace(item, start_char=start, text=text)

    def _score(self, question: Question) -> list[Evidence]:
        """All sentences of the question's passages with their scores, best first."""
        found = [
            item
            for document_id, spans in question.passages.items()
            for item in self._candidates(question, document_id, spans)
        ]
        sentence_shares = _bm25_shares(question.text, [item.text for item, _, _ in found])
        line_shares = _bm25_shares(question.text, [line for _, line, _ in found])
        scored = [
            replace(
                item,
                score=score
                + KEYWORD_WEIGHT * (sentence_share + line_share)
                - (LONG_PENALTY if len(item.text.split()) > LONG_WORDS else 0.0)
                - (0.0 if _is_statement(item.text) else FRAGMENT_PENALTY),
            )
            for (item, _, score), sentence_share, line_share in zip(
                found, sentence_shares, line_shares, strict=True
            )
        ]
        return sorted(scored, key=lambda item: (-item.score, item.document.path, item.start_char))

    def _candidates(
        self, question: Question, document_id: str, spans: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[Evidence, str, float]]:
        """Sentences within `spans`, each with its lines' text and its score but for the words."""
        import numpy as np

        document = self.index.document(document_id)
        offsets, vectors = self.index.sentences(document_id)
        if not len(offsets):
            return
        lines = np.array([document.line_at(int(start)) for start, _ in offsets])
        if "line_context" in self.without:
            cosines = vectors @ question.vector
        else:
            cosines = _context_cosines(lines, vectors, question.vector)
        chunks = [s for s in question.chunks if s.chunk.document_id == document_id]
        bonus = NAMED_PUBLISHER_BONUS if document.publisher in question.publishers else 0.0
        for position, (start, end) in enumerate(offsets.tolist()):
            if not any(first <= start and end <= last for first, last in spans):
                continue
            within = [s.score for s in chunks if s.chunk.start_char <= start < s.chunk.end_char]
            first_line, last_line = int(lines[position]), document.line_at(end - 1)
            evidence = Evidence(
                document=document,
                first_line=first_line,
                last_line=last_line,
                start_char=start,
                end_char=end,
                text=document.text[start:end],
                score=0.0,
            )
            score = float(cosines[position]) + CHUNK_WEIGHT * max(within, default=0.0) + bonus
            yield evidence, document.lines(first_line, last_line), score


def _context_cosines(
    lines: "NDArray[np.int64]", vectors: "NDArray[np.float32]", question: "NDArray[np.float32]"
) -> "NDArray[np.float32]":
    """For each sentence the mean cosine of itself, its line, and its line with the one before.

    Args:
        lines: The line that each sentence starts on, ascending, shape (n,).
        vectors: Of the sentences, shape (n, dimension), L2-normalised.
        question: The question's vector, shape (dimension,), L2-normalised.
    """
    import numpy as np

    _, line_of = np.unique(lines, return_inverse=True)
    sums = np.zeros((int(line_of[-1]) + 1, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, line_of, vectors)
    with_previous = sums.copy()
    with_previous[1:] += sums[:-1]

    def cosine(rows: "NDArray[np.float32]") -> "NDArray[np.float32]":
        norms = np.linalg.norm(rows, axis=1)
        return np.asarray((rows @ question) / np.where(norms == 0, 1, norms), dtype=np.float32)

    return np.asarray(
        (vectors @ question + cosine(sums)[line_of] + cosine(with_previous)[line_of]) / 3,
        dtype=np.float32,
    )


def _choose(candidates: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The best candidates within SCORE_MARGIN of the first, new documents preferred."""
    chosen: list[Evidence] = []
    used: Counter[str] = Counter()
    rest = list(candidates)
    floor = candidates[0].score - SCORE_MARGIN
    while rest and len(chosen) < limit:
        best = max(rest, key=lambda item: item.score
                   - SAME_DOCUMENT_PENALTY * used[item.document.document_id])  # fmt: skip
        if best.score - SAME_DOCUMENT_PENALTY * used[best.document.document_id] < floor:
            break
        chosen.append(best)
        used[best.document.document_id] += 1
        rest = [item for item in rest if item is not best and not says_same(item, best)]
    return chosen


def _repeats(item: Evidence, candidates: Sequence[Evidence]) -> list[Evidence]:
    """The sentence of each other document that says nearly the same as `item`."""
    repeats: dict[str, Evidence] = {}
    for other in candidates:
        if other.document.document_id != item.document.document_id and says_same(item, other):
            repeats.setdefault(other.document.document_id, other)
    return list(repeats.values())


def says_same(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences say nearly the same: most stems shared, and every number."""
    stems, other_stems = set(content_stems(one.text)), set(content_stems(other.text))
    if not stems or not other_stems:
        return False
    numbers = {stem for stem in stems if stem[0].isdigit()}
    if numbers != {stem for stem in other_stems if stem[0].isdigit()}:
        return False
    return len(stems & other_stems) / len(stems | other_stems) >= SAME_STEMS


def _confidence(score: float) -> float:
    """The best sentence's score on 0..1; an order of plausibility, not yet a probability."""
    return round(min(max(score, 0.0), 1.0), 3)


def _is_statement(text: str) -> bool:
    """Whether `text` ends as a statement does, and not as a heading, a byline or a question."""
    return text.rstrip("\"'”’)]")[-1:] in {".", "!", "…"}


def _bm25_shares(question: str, texts: Sequence[str]) -> list[float]:
    """BM25 of `question` over `texts` as one collection, divided by the best: 0..1 each."""
    counts = [Counter(content_stems(text)) for text in texts]
    lengths = [sum(count.values()) for count in counts]
    mean_length = sum(lengths) / len(lengths) if lengths else 1.0
    scores = [0.0] * len(texts)
    for stem in dict.fromkeys(content_stems(question)):
        holders = sum(stem in count for count in counts)
        idf = math.log(1 + (len(texts) - holders + 0.5) / (holders + 0.5))
        for k, count in enumerate(counts):
            if frequency := count[stem]:
                norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths[k] / (mean_length or 1.0))
                scores[k] += idf * frequency * (BM25_K1 + 1) / (frequency + norm)
    best = max(scores, default=0.0)
    return [score / best for score in scores] if best else scores


def _take_turns(lists: Sequence[Sequence[T]]) -> list[T]:
    """The first of each list, then the second of each, and so on."""
    longest = max((len(items) for items in lists), default=0)
    return [items[k] for k in range(longest) for items in lists if k < len(items)]


def _without_repeats(groups: Sequence[list[Evidence]]) -> list[list[Evidence]]:
    """`groups` without those whose quote an earlier one gives; the longer quote takes its place."""
    kept: list[list[Evidence]] = []
    for group in groups:
        place = next((k for k, known in enumerate(kept) if _repeats_quote(group, known)), None)
        if place is None:
            kept.append(group)
        elif kept[place][0].text in group[0].text:
            kept[place] = group
    return kept


def _repeats_quote(group: Sequence[Evidence], known: Sequence[Evidence]) -> bool:
    """Whether one of the two quotes holds the other, or they say nearly the same."""
    text, known_text = group[0].text, known[0].text
    return text in known_text or known_text in text or says_same(group[0], known[0])
