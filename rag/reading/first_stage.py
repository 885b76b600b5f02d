"""Sentences of the retrieved chunks -> scored by words and vectors, best first.

A sentence is scored by what it says and where it stands:

    (cosine of sentence + line + line with the line before) / 3
    + KEYWORD_WEIGHT x (BM25 share of sentence + of line) + CHUNK_WEIGHT x fused score of its chunk
    + NAMED_PUBLISHER_BONUS for a publisher that the question names
    - FRAGMENT_PENALTY for what is no statement: a heading, a byline, a question

The vector of several sentences is the mean of theirs, so that a pronoun is helped by what stands
before it. A BM25 share is the BM25 score over the candidates, divided by the best one's.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.config import Part
from rag.index import Index
from rag.reading.types import Question
from rag.schema import Evidence
from rag.words import content_stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Chosen on one in ten of the written training questions and on MultiHop-RAG dev.
KEYWORD_WEIGHT = 0.075
CHUNK_WEIGHT = 0.3
FRAGMENT_PENALTY = 0.05
NAMED_PUBLISHER_BONUS = 0.05
# BM25 with the usual constants (Robertson and Zaragoza, "The probabilistic relevance framework:
# BM25 and beyond", 2009).
BM25_K1, BM25_B = 1.5, 0.75
# A sentence longer than this many words is a poor quote and loses LONG_PENALTY.
LONG_WORDS, LONG_PENALTY = 60, 0.05


def score_sentences(
    question: Question, index: Index, without: Collection[Part] = ()
) -> list[Evidence]:
    """All sentences of the question's passages with their scores, best first."""
    found = [
        item
        for document_id, spans in question.passages.items()
        for item in _candidates(question, document_id, spans, index, without)
    ]
    sentence_shares = _bm25_shares(question.text, [item.text for item, _, _ in found])
    line_shares = _bm25_shares(question.text, [line for _, line, _ in found])
    scored = [
        replace(
            item,
            score=score
            + KEYWORD_WEIGHT * (sentence_share + line_share)
            - (LONG_PENALTY if len(item.text.split()) > LONG_WORDS else 0.0)
            - (0.0 if is_statement(item.text) else FRAGMENT_PENALTY),
        )
        for (item, _, score), sentence_share, line_share in zip(
            found, sentence_shares, line_shares, strict=True
        )
    ]
    return sorted(scored, key=lambda item: (-item.score, item.document.path, item.start_char))


def _candidates(
    question: Question,
    document_id: str,
    spans: Sequence[tuple[int, int]],
    index: Index,
    without: Collection[Part],
) -> Iterator[tuple[Evidence, str, float]]:
    """Sentences within `spans`, each with its lines' text and its score but for the words."""
    import numpy as np

    document = index.document(document_id)
    offsets, vectors = index.sentences(document_id)
    if not len(offsets):
        return
    lines = np.array([document.line_at(int(start)) for start, _ in offsets])
    if "line_context" in without:
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


def is_statement(text: str) -> bool:
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
