"""The documents found for a question -> the sentences that sum them up.

1. Of a whole story: news puts first what matters most, so the first sentences of the articles are
   a fair summary. One report of each family of copied texts is used before a second one.
2. Of something in it ("the gist of what the minister said"): the sentences nearest to that, oldest
   article first. What opens an article is preferred, and what leans on the sentence before is not
   quoted.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from rag.claims.vocabulary import LIGHT, keys_of
from rag.index import Index
from rag.reading.choosing import says_same, take_turns
from rag.reading.first_stage import LONG_WORDS, is_statement
from rag.reading.shapes import subject_of_summary
from rag.reading.types import Question
from rag.schema import Document, Evidence
from rag.words import words

# Sentences taken of each article, at least, and articles looked at.
LEADS, MAX_DOCUMENTS = 2, 12
# Words that a sentence must have: to open an article, and at all.
MIN_LEAD_WORDS, MIN_WORDS = 8, 4
# What a sentence gains that has all words of the subject, and how far below the best one may be.
# Chosen by reading the summaries of the shipped articles.
WORDS_WEIGHT, MARGIN = 0.2, 0.3
# What one of the first statements of an article gains.
LEAD_WEIGHT = 0.15
_LEANING = re.compile(
    r"\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|but|and|so)\b|.*\bth(?:is|at)\W*$",
    re.IGNORECASE | re.DOTALL,
)


def summarise(question: Question, index: Index, limit: int) -> list[Evidence]:
    """At most `limit` sentences that sum up what the question asks about."""
    subject = [word for word in words(subject_of_summary(question.text)) if word not in LIGHT]
    documents = list(question.passages)[:MAX_DOCUMENTS]
    if subject:
        return _nearest(question, documents, [keys_of(word) for word in subject], index, limit)
    families: dict[str, list[str]] = {}
    for document_id in documents:
        families.setdefault(index.family(document_id), []).append(document_id)
    ordered = take_turns(list(families.values()))
    leads = max(LEADS, limit // len(ordered)) if ordered else 0
    return _distinct(take_turns([_leads(known, index, leads) for known in ordered]), limit)


def _distinct(items: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The first `limit` of which none says the same as an earlier one."""
    chosen: list[Evidence] = []
    for item in items:
        if len(chosen) == limit:
            break
        if not any(says_same(item, known) for known in chosen):
            chosen.append(item)
    return chosen


def _nearest(
    question: Question,
    documents: Sequence[str],
    subject: Sequence[frozenset[str]],
    index: Index,
    limit: int,
) -> list[Evidence]:
    """The sentences of the passages that are nearest to the subject, in the order of the text."""
    scored: list[tuple[float, Evidence]] = []
    for document_id in documents:
        vectors = index.sentences(document_id)[1]
        for rank, (place, item) in enumerate(_sentences(document_id, index, MIN_WORDS)):
            if not _LEANING.match(item.text) and any(
                start < item.end_char and item.start_char < end
                for start, end in question.passages[document_id]
            ):
                said = {key for word in words(item.text) for key in keys_of(word)}
                share = sum(bool(keys & said) for keys in subject) / len(subject)
                cosine = float(vectors[place] @ question.vector)
                lead = LEAD_WEIGHT * (rank < LEADS)
                scored.append((cosine + WORDS_WEIGHT * share + lead, item))
    scored.sort(key=lambda pair: -pair[0])
    near = [item for score, item in scored if score >= scored[0][0] - MARGIN]
    chosen = _distinct(near, limit)
    return sorted(
        chosen,
        key=lambda item: (
            item.document.published or date.max,
            documents.index(item.document.document_id),
            item.start_char,
        ),
    )


def _leads(document_id: str, index: Index, count: int) -> list[Evidence]:
    """The first statements of a document."""
    return [item for _, item in _sentences(document_id, index, MIN_LEAD_WORDS)][:count]


def _sentences(document_id: str, index: Index, min_words: int) -> Iterator[tuple[int, Evidence]]:
    """The statements of a document with their places among its sentences, clutter left out."""
    document: Document = index.document(document_id)
    for place, (start, end) in enumerate(index.sentences(document_id)[0].tolist()):
        text = document.text[start:end]
        first_line, last_line = document.line_at(start), document.line_at(end - 1)
        whole = min_words <= len(text.split()) <= LONG_WORDS and is_statement(text)
        if whole and not document.boilerplate & set(range(first_line, last_line + 1)):
            yield place, Evidence(document, first_line, last_line, start, end, text, score=0.0)
