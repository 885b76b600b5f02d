"""How many independent sources stand behind an answer, and where else its lines stand."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from rag.claims import CitedLines, check_claim
from rag.index import Index
from rag.schema import Citation


def count_independent(citations: Sequence[Citation], index: Index) -> int:
    """How many families of documents are cited; a report and its copies are one source."""
    return len({index.family(citation.document_id) for citation in citations})


def with_copies(
    citation: Citation, index: Index, allowed: Collection[str] | None = None
) -> Citation:
    """`citation` with the paths of the other reports of its family that say the same.

    A near-copy with another number, or one that says the contrary, does not count: its sentence
    must support the cited one, as a citation of its own would have to. Only documents of `allowed`
    are looked at; None allows all.
    """
    family = index.family(citation.document_id)
    found = list(citation.also_in)
    offsets, _ = index.sentences(citation.document_id)
    for start, end in offsets.tolist():
        if not (citation.start_char <= start and end <= citation.end_char):
            continue
        sentence = citation.quote[start - citation.start_char : end - citation.start_char]
        for other_id, other_start in index.near_copies(citation.document_id, start):
            if index.family(other_id) != family or (
                allowed is not None and other_id not in allowed
            ):
                continue
            other = index.document(other_id)
            if other.path in found:
                continue
            line = other.line_at(other_start)
            if check_claim(sentence, [CitedLines(other, line, line)]).supported:
                found.append(other.path)
    return replace(citation, also_in=tuple(found))
