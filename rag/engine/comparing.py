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
from rag.schema import Claim, Disagreement, Evidence
from rag.verification import CitationList, citation_problem, cite_lines

# Sentences that are compared, the reader's best; and how likely each must be to bear on the
# question. Values are only set against each other where the sentences answer the same question.
MAX_COMPARED = 40
MIN_PROBABILITY = 0.05
# Statements that may be added to an answer so that every value is stated.
MAX_ADDED = 4


_ASKS_A_VALUE = re.compile(r"\b(how (?:many|much|old)|who|whom|when|where|why)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:reject(?:s|ed|ing)?|den(?:y|ies|ied|ying)|dismiss(?:es|ed)?|false|untrue|not true)\b",
    re.IGNORECASE,
)
# What sort of value answers such a question.
_NUMBERS, _PEOPLE = {"number"}, {"person", "attribution"}
_ASKED = {
    "how many": _NUMBERS, "how much": _NUMBERS, "how old": _NUMBERS, "who": _PEOPLE,
    "whom": _PEOPLE, "when": {"date"}, "where": {"place"}, "why": {"cause"},
}  # fmt: skip

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
    documents = {item.document.document_id for item in evidence}
    families = {document_id: index.family(document_id) for document_id in documents}
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
        values = [(value.value, _showing(value.value, value.evidence)) for value in finding.values]
        values = [(value, evidence) for value, evidence in values if evidence]
        if len(values) > 1:
            claims = tuple(_claim(value, evidence, citations) for value, evidence in values)
            shown.append(Disagreement(finding.about, finding.difference, claims, finding.attribute))
    return tuple(shown)


def _is_asked(question: str, finding: Finding, reading: Reading) -> bool:
    """Whether a chosen sentence has a part in it; what none has is beside the question.

    When a count, a person, a time, a place or a reason is asked for, only a difference in that
    counts; and of a change it must be the sentence that tells the latest state: such an answer is
    not history because of something else.
    """
    asked = _ASKS_A_VALUE.search(question)
    if asked and finding.attribute not in _ASKED[asked.group(1).lower()]:
        return False
    strict = asked and finding.difference == "time"
    values = finding.values[:1] if strict else finding.values
    return any(_is_stated(value.evidence, reading.groups) for value in values)


def history_places(findings: Sequence[Finding]) -> set[Place]:
    """Where the sentences stand that tell a state which a later one has changed."""
    changed = [finding for finding in findings if finding.difference == "time"]
    latest = {place_of(item) for finding in changed for item in finding.values[0].evidence}
    earlier = {
        place_of(item)
        for finding in changed
        for value in finding.values[1:]
        for item in value.evidence
    }
    return earlier - latest


def place_of(item: Evidence) -> Place:
    """Document and end of a sentence; its start may have been moved to hold the one before."""
    return item.document.document_id, item.end_char


def _evidence(reading: Reading) -> list[Evidence]:
    """The sentences to compare: those that are quoted, then others that bear on the question.

    A sentence that calls something false gives no value of its own.
    """
    quoted = [item for group in reading.groups for item in group]
    places = {place_of(item) for item in quoted}
    others = [
        item
        for item in reading.candidates[:MAX_COMPARED]
        if (item.probability or 0.0) >= MIN_PROBABILITY and place_of(item) not in places
    ]
    return [item for item in [*quoted, *others] if not _DENIED.search(item.text)]


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


def _showing(value: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences whose lines, exactly as they would be cited, hold the value word by word."""
    words = re.escape(" ".join(value.split()))
    wanted = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    found = []
    for item in evidence:
        citation = cite_lines(item.document, item.first_line, item.last_line, number=0)
        exact = citation_problem(citation, item.document) is None
        if exact and wanted.search(" ".join(citation.quote.split())):
            found.append(item)
    return found


def _claim(value: str, evidence: Sequence[Evidence], citations: CitationList) -> Claim:
    """One value with the citations of the sentences that hold it."""
    cited = [citations.cite(item.document, item.first_line, item.last_line) for item in evidence]
    published = [citation.published for citation in cited if citation.published]
    return Claim(
        value,
        tuple(dict.fromkeys(citation.number for citation in cited)),
        tuple(dict.fromkeys(citation.publisher or citation.path for citation in cited)),
        max(published, default=None),
    )
