"""Reading -> what the sources disagree about: the evidence to add, and the table to show.

Every value is shown with citations of its own: the lines that give it are cited as those of any
statement are, and a value whose citation fails its check is left out. What is left with fewer than
two values is no disagreement.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rag.comparison import Finding, compare_evidence
from rag.index import Index
from rag.reading import Reading
from rag.schema import Citation, Claim, Disagreement, Evidence
from rag.verification import CitationList, citation_problem, cite_lines

# Sentences that are compared, the reader's best; and how likely each must be to bear on the
# question. Values are only set against each other where the sentences answer the same question.
MAX_COMPARED = 40
MIN_PROBABILITY = 0.05
# Statements that may be added to an answer so that every value is stated.
MAX_ADDED = 4


_ASKS_A_VALUE = re.compile(r"\b(?:how (?:many|much|old)|who|whom|when|where|why)\b", re.IGNORECASE)

Place = tuple[str, int]


class Compared(NamedTuple):
    """A reading in which every value has its statement, and what was found."""

    reading: Reading
    findings: list[Finding]


def compare_reading(question: str, reading: Reading, index: Index) -> Compared:
    """Find what differs in an answer's evidence, and let the answer state all of it.

    The latest state of a thing comes before the earlier ones.
    """
    if reading.state != "answered":
        return Compared(reading, [])
    evidence = _evidence(reading)
    families = {item.document.document_id: "" for item in evidence}
    families = {document_id: index.family(document_id) for document_id in families}
    found = compare_evidence(question, evidence, families=families)
    findings = [finding for finding in found if _is_asked(question, finding, reading)]
    groups = list(reading.groups)
    added = 0
    for finding in findings:
        for value in finding.values:
            if added < MAX_ADDED and not _is_stated(value.evidence, groups):
                groups.append(list(value.evidence[:1]))
                added += 1
        if finding.difference == "time":
            groups = _latest_first(finding, groups)
    return Compared(replace(reading, groups=groups), findings)


def show_disagreements(
    findings: Sequence[Finding], citations: CitationList
) -> tuple[Disagreement, ...]:
    """The findings whose values are cited; their citations are added to `citations`."""
    shown = []
    for finding in findings:
        claims = [
            claim
            for value in finding.values
            if (claim := _claim(value.value, value.evidence, citations)) is not None
        ]
        if len(claims) > 1:
            shown.append(
                Disagreement(finding.about, finding.difference, tuple(claims), finding.attribute)
            )
    return tuple(shown)


def _is_asked(question: str, finding: Finding, reading: Reading) -> bool:
    """Whether a chosen sentence has a part in it; what none has is beside the question.

    Of a change it must be the sentence that tells the latest state, when a count, a person, a time,
    a place or a reason is asked for: such an answer is not history because of something else.
    """
    strict = finding.difference == "time" and _ASKS_A_VALUE.search(question)
    values = finding.values[:1] if strict else finding.values
    return any(_is_stated(value.evidence, reading.groups) for value in values)


def history_places(findings: Sequence[Finding]) -> set[Place]:
    """Where the sentences stand that tell a state which a later one has changed."""
    return {
        place_of(item)
        for finding in findings
        if finding.difference == "time"
        for value in finding.values[1:]
        for item in value.evidence
    }


def place_of(item: Evidence) -> Place:
    """Document and end of a sentence; its start may have been moved to hold the one before."""
    return item.document.document_id, item.end_char


def _evidence(reading: Reading) -> list[Evidence]:
    """The sentences to compare: those that are quoted, then others that bear on the question."""
    quoted = [item for group in reading.groups for item in group]
    places = {place_of(item) for item in quoted}
    others = [
        item
        for item in reading.candidates[:MAX_COMPARED]
        if (item.probability or 0.0) >= MIN_PROBABILITY and place_of(item) not in places
    ]
    return [*quoted, *others]


def _is_stated(evidence: Sequence[Evidence], groups: Sequence[Sequence[Evidence]]) -> bool:
    """Whether one of these sentences is quoted."""
    places = {place_of(item) for item in evidence}
    return any(place_of(item) in places for group in groups for item in group)


def _latest_first(finding: Finding, groups: Sequence[list[Evidence]]) -> list[list[Evidence]]:
    """`groups` with the one that states the first value before those that state the others."""
    latest, *earlier = finding.values
    leading = [group for group in groups if _is_stated(latest.evidence, [group])]
    older = [
        group
        for group in groups
        if group not in leading and any(_is_stated(value.evidence, [group]) for value in earlier)
    ]
    if not leading or not older:
        return list(groups)
    first = min(groups.index(group) for group in older)
    if groups.index(leading[0]) < first:
        return list(groups)
    rest = [group for group in groups if group is not leading[0]]
    return [*rest[:first], leading[0], *rest[first:]]


def _claim(value: str, evidence: Sequence[Evidence], citations: CitationList) -> Claim | None:
    """One value with its citations; None when none of them shows it."""
    cited: list[Citation] = []
    for item in evidence:
        made = cite_lines(item.document, item.first_line, item.last_line, number=0)
        if citation_problem(made, item.document) is None:
            cited.append(citations.cite(item.document, item.first_line, item.last_line))
    if not any(_squeezed(value) in _squeezed(citation.quote) for citation in cited):
        return None
    publishers = dict.fromkeys(c.publisher for c in cited if c.publisher)
    published = [c.published for c in cited if c.published]
    return Claim(
        value,
        tuple(dict.fromkeys(citation.number for citation in cited)),
        tuple(publishers),
        max(published, default=None),
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())
