"""Retrieved chunks -> the sentences that answer the question, or none.

Every sentence of the best chunks is scored by what it says and where it stands:

    score = (sentence cosine + line cosine) / 2 + KEYWORD_WEIGHT x BM25 share

The line cosine is that of the question with the mean of the vectors of the line's sentences, so
that a pronoun is helped by the sentence before it. The BM25 share is the sentence's BM25 score
over the candidates, divided by the best one's (`python -m evals.reading` measures the parts).

The best sentence is taken, then others, as long as they are nearly as good, up to a limit; one
from a document that was not used yet is preferred. Sentences that say nearly the same are one
group, quoted once and cited together.

Whether anything answers is decided by a cautious rule, to be replaced by a trained reader: it
refuses only questions that share next to nothing with the corpus. Similarity cannot tell an
on-topic question without an answer from one that has one.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from rag.index import Index
from rag.schema import Evidence, ScoredChunk
from rag.words import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

# Chosen on the written training questions and MultiHop-RAG dev (`python -m evals.reading`).
KEYWORD_WEIGHT = 0.1
# A further sentence is quoted when its score is at most this far below the best one's.
SCORE_MARGIN = 0.15
# What a sentence loses for each one already taken from the same document.
SAME_DOCUMENT_PENALTY = 0.03
# BM25 with the usual constants (Robertson and Zaragoza, "The probabilistic relevance framework:
# BM25 and beyond", 2009).
BM25_K1, BM25_B = 1.5, 0.75
# Two sentences say the same when they share this part of all their stems, and all numbers.
SAME_STEMS = 0.6
# A sentence longer than this many words is a poor quote and loses LONG_PENALTY.
LONG_WORDS, LONG_PENALTY = 60, 0.05
# Refuse when the best sentence is this unlike the question and ...
MIN_COSINE = 0.30
# ... the corpus holds less than this part of the question's information (idf-weighted stems).
MIN_COVERAGE = 0.5


@dataclass(frozen=True)
class Question:
    """One thing that is asked, with what was retrieved for it.

    Attributes:
        text: The question.
        vector: Its embedding, float32, shape (dimension,), L2-normalised.
        chunks: What was retrieved for it, best first.
        passages: By document id, spans of offsets that the chunks cover, neighbours merged.
    """

    text: str
    vector: "NDArray[np.float32]"
    chunks: Sequence[ScoredChunk]
    passages: dict[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class Reading:
    """What the reader found.

    Attributes:
        groups: The evidence to quote, best first: each group is the sentence to quote, then the
            sentences of other documents that say nearly the same. Empty for a refusal.
        candidates: The nearest sentences, best first, whether they answer or not.
        confidence: 0..1, how sure the reader is that the first group answers.
    """

    groups: list[list[Evidence]]
    candidates: list[Evidence]
    confidence: float


@dataclass(frozen=True)
class Reader:
    """Chooses the sentences that answer, from one generation of the index."""

    index: Index
    max_statements: int

    def read(self, questions: Sequence[Question]) -> Reading:
        """The evidence for `questions`, the parts of what the user asked, in order."""
        readings = [self._read_one(question) for question in questions]
        candidates = _take_turns([reading.candidates for reading in readings])
        groups = _without_repeats(_take_turns([reading.groups for reading in readings]))
        answered = [reading.confidence for reading in readings if reading.groups]
        limit = max(self.max_statements, len(answered))
        return Reading(groups[:limit], candidates, min(answered, default=0.0))

    def _read_one(self, question: Question) -> Reading:
        candidates = self._score(question)
        if not candidates or not _is_supported(question, candidates):
            return Reading([], candidates, 0.0)
        chosen = _choose(candidates, self.max_statements)
        groups = [[item, *_repeats(item, candidates)] for item in chosen]
        return Reading(groups, candidates, _confidence(candidates[0].score))

    def _score(self, question: Question) -> list[Evidence]:
        """All sentences of the question's passages with their scores, best first."""
        evidence: list[Evidence] = []
        cosines: list[float] = []
        for document_id, spans in question.passages.items():
            for item, cosine in self._candidates(question, document_id, spans):
                evidence.append(item)
                cosines.append(cosine)
        shares = _bm25_shares(question.text, [item.text for item in evidence])
        scored = [
            replace(item, score=cosine + KEYWORD_WEIGHT * share - _long_penalty(item.text))
            for item, cosine, share in zip(evidence, cosines, shares, strict=True)
        ]
        return sorted(scored, key=lambda item: (-item.score, item.document.path, item.start_char))

    def _candidates(
        self, question: Question, document_id: str, spans: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[Evidence, float]]:
        """Sentences within `spans` with the mean of their sentence and line cosine, -1..1."""
        import numpy as np

        document = self.index.document(document_id)
        offsets, vectors = self.index.sentences(document_id)
        if not len(offsets):
            return
        lines = np.array([document.line_at(int(start)) for start, _ in offsets])
        sentence_cosines = vectors @ question.vector
        for position, (start, end) in enumerate(offsets.tolist()):
            if not any(first <= start and end <= last for first, last in spans):
                continue
            same_line = vectors[lines == lines[position]].mean(axis=0)
            norm = float(np.linalg.norm(same_line)) or 1.0
            cosine = (float(sentence_cosines[position])
                      + float(same_line @ question.vector) / norm) / 2  # fmt: skip
            yield Evidence(
                document=document,
                first_line=int(lines[position]),
                last_line=document.line_at(end - 1),
                start_char=start,
                end_char=end,
                text=document.text[start:end],
                score=0.0,
            ), cosine


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


def _is_supported(question: Question, candidates: Sequence[Evidence]) -> bool:
    """Whether anything found may answer; refuses only what shares next to nothing.

    Fitted on MultiHop-RAG dev so that at most 5 % of the answerable questions are refused
    (`python -m evals.multihop`).
    """
    asked = set(content_stems(question.text))
    held = {stem for item in candidates for stem in content_stems(item.text)}
    coverage = len(asked & held) / len(asked) if asked else 0.0
    return candidates[0].score >= MIN_COSINE or coverage >= MIN_COVERAGE


def _confidence(score: float) -> float:
    """The best sentence's score on 0..1; an order of plausibility, not yet a probability."""
    return round(min(max(score, 0.0), 1.0), 3)


def _long_penalty(text: str) -> float:
    return LONG_PENALTY if len(text.split()) > LONG_WORDS else 0.0


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
    """`groups` without those whose quote an earlier one gives already."""
    kept: list[list[Evidence]] = []
    for group in groups:
        if not any(group[0].text == known[0].text or says_same(group[0], known[0])
                   for known in kept):  # fmt: skip
            kept.append(group)
    return kept
