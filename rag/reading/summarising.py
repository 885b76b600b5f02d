"""The documents found for a question -> the sentences that open them, as a summary.

News puts first what matters most, so the first sentences of the articles that bear on a question
are a fair summary of it. One report of each family of copied texts is used before a second one.
"""

from collections.abc import Sequence

from rag.index import Index
from rag.reading.choosing import says_same, take_turns
from rag.reading.first_stage import LONG_WORDS, is_statement
from rag.reading.types import Question
from rag.schema import Evidence

# Sentences taken of each article, articles looked at, and words that a sentence must have.
LEADS, MAX_DOCUMENTS, MIN_WORDS = 2, 12, 8


def summarise(question: Question, index: Index, limit: int) -> list[Evidence]:
    """At most `limit` opening sentences of the documents found, best document first."""
    documents = list(question.passages)[:MAX_DOCUMENTS]
    families: dict[str, list[str]] = {}
    for document_id in documents:
        families.setdefault(index.family(document_id), []).append(document_id)
    ordered = take_turns(list(families.values()))
    chosen: list[Evidence] = []
    for item in take_turns([_leads(document_id, index) for document_id in ordered]):
        if len(chosen) == limit:
            break
        if not any(says_same(item, known) for known in chosen):
            chosen.append(item)
    return chosen


def _leads(document_id: str, index: Index) -> Sequence[Evidence]:
    """The first statements of a document, clutter left out."""
    document = index.document(document_id)
    offsets, _ = index.sentences(document_id)
    leads: list[Evidence] = []
    for start, end in offsets.tolist():
        text = document.text[start:end]
        first_line, last_line = document.line_at(start), document.line_at(end - 1)
        whole = MIN_WORDS <= len(text.split()) <= LONG_WORDS and is_statement(text)
        if whole and not document.boilerplate & set(range(first_line, last_line + 1)):
            leads.append(Evidence(document, first_line, last_line, start, end, text, score=0.0))
        if len(leads) == LEADS:
            break
    return leads
