"""Reading -> what the sources disagree about: the evidence to add, and the table to show.

Every value is shown with citations of its own: the lines that give it are cited as those of any
statement are, and a value whose citation fails its check is left out. What is left with fewer than
two values is no disagreement.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from rag.comparison import (
    Finding,
    GivenValue,
    asks_for,
    compare_evidence,
    place_of,
    reasons_first,
    without_totals,
)
from rag.comparison.asking import read_question
from rag.comparison.contrasts import FEATURES, MIN_LIKELY, Vectors, measured_contrasts
from rag.comparison.material import Material
from rag.comparison.together import Together
from rag.index import Index
from rag.reading import Reading, overlap
from rag.relevance import PairModel
from rag.schema import Claim, Disagreement, Evidence
from rag.verification import CitationList, citation_problem, cite_lines

# Sentences that are compared, the reader's best; and how likely each must be to bear on the
# question. Values are only set against each other where the sentences answer the same question.
MAX_COMPARED = 40
MIN_PROBABILITY = 0.03
# The part of the likeliest sentence's chance that sentences of two values must have to be answers
# where none of them is quoted.
MIN_SHARE = 0.4
# Statements that may be added to an answer so that every value is stated.
MAX_ADDED = 4

# Asks how things stand.
_NOW = re.compile(
    r"\b(?:yet|still|now(?!here)|nowadays|currently|at the moment|any ?more|any longer|latest)\b",
    re.IGNORECASE,
)

Place = tuple[str, int]


class Compared(NamedTuple):
    """A reading in which every value has its statement, and what was found."""

    reading: Reading
    findings: list[Finding]


class ComparedEvidence(NamedTuple):
    """The sentences to compare.

    Attributes:
        evidence: Those that bear on the question, best first.
        unlikely: Others, which hardly do.
        families: Document id -> the name of its family of near-copies.
        vectors: Of the likely sentences, by document and start.
    """

    evidence: list[Evidence]
    unlikely: list[Evidence]
    families: dict[str, str]
    vectors: Vectors


def compare_reading(
    question: str,
    reading: Reading,
    index: Index,
    model: PairModel | None = None,
    *,
    wanted: bool = False,
) -> Compared:
    """Find what differs in an answer's evidence, and let the answer state all of it.

    `wanted`: the user asks whether the sources agree, so that any sort of value is compared.
    Without `model`, which reads two sentences together, only rules are used.

    The latest state of a thing comes before the earlier ones, and reasons for what is asked, above
    all those that differ, before what gives none; what counts something else than the question
    does, or tells only the undoing of what it asks the reason for, is left out.
    """
    if reading.state != "answered":
        return Compared(reading, [])
    groups = without_totals(question, reading.groups)
    reading = replace(reading, groups=reasons_first(question, groups, reading.candidates))
    material = read_evidence(reading, index)
    found = compare_evidence(
        question, material.evidence, unlikely=material.unlikely, families=material.families,
        vectors=material.vectors, wanted=wanted,
        compare=partial(model.compare, question) if model else None,
    )  # fmt: skip
    findings = [finding for finding in found if _is_asked(question, finding, reading)]
    asks_why = read_question(question).kind == "cause"
    groups = list(reading.groups)
    added = 0
    for finding in findings:
        for value in finding.values:
            if added < MAX_ADDED and not _is_stated(value.evidence, groups):
                groups.append(list(value.evidence[:1]))
                added += 1
        if finding.difference == "time":
            groups = _latest_first(finding, groups)
        if asks_why and finding.attribute == "cause":
            groups = _differing_reasons_first(finding, groups)
    if _NOW.search(question):
        groups = _newest_first(groups, history_places(findings))
    return Compared(replace(reading, groups=groups), findings)


def show_disagreements(
    findings: Sequence[Finding], citations: CitationList
) -> tuple[Disagreement, ...]:
    """The findings whose values are cited; their citations are added to `citations`."""
    shown = []
    for finding in findings:
        values = [held for value in finding.values if (held := _showing(value))]
        if len(values) > 1:
            claims = tuple(_claim(held, citations) for held in values)
            shown.append(Disagreement(finding.about, finding.difference, claims, finding.attribute))
    return tuple(shown)


def _is_asked(question: str, finding: Finding, reading: Reading) -> bool:
    """Whether a chosen sentence has a part in it, or two values are nearly as sure as the best one.

    What is neither is beside the question.
    Days are told of so much that those found by rules count only where the first statement gives
    one of them. When a value is asked for, of a change it must be the sentence that tells the
    latest state: such an answer is not history because of something else.
    """
    strict = asks_for(question) and finding.difference == "time"
    values = finding.values[:1] if strict else finding.values
    by_rules = finding.attribute == "date" and not finding.weighed
    groups = reading.groups[:1] if by_rules else reading.groups
    if any(_is_stated(value.evidence, groups) for value in values):
        return True
    sure = MIN_SHARE * max(map(_sureness, reading.candidates), default=1.0)
    likely = [value for value in values if max(map(_sureness, value.evidence)) >= sure]
    return len(likely) > 1 and not strict and not by_rules


def _sureness(item: Evidence) -> float:
    return item.probability or 0.0


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


def _evidence(reading: Reading) -> tuple[list[Evidence], list[Evidence]]:
    """The sentences to compare: those that are quoted, then others that bear on the question.

    And those that hardly do: a value that the question names may stand there.
    """
    quoted = [item for group in reading.groups for item in group]
    places = {place_of(item) for item in quoted}
    others = [item for item in reading.candidates[:MAX_COMPARED] if place_of(item) not in places]
    likely = [item for item in others if (item.probability or 0.0) >= MIN_PROBABILITY]
    return [*quoted, *likely], [item for item in others if item not in likely]


def read_evidence(reading: Reading, index: Index) -> ComparedEvidence:
    """What of a reading is compared, with what the index knows of it."""
    evidence, unlikely = _evidence(reading)
    documents = {item.document.document_id for item in [*evidence, *unlikely]}
    families = {document_id: index.family(document_id) for document_id in documents}
    found: Vectors = {}
    likely = [item for item in evidence if (item.probability or 0.0) >= MIN_LIKELY]
    for item in likely:
        document_id = item.document.document_id
        offsets, vectors = index.sentences(document_id)
        starts = offsets[:, 0].tolist()
        if item.start_char in starts:  # not moved to hold the sentence before
            found[document_id, item.start_char] = vectors[starts.index(item.start_char)]
    return ComparedEvidence(evidence, unlikely, families, found)


class MeasuredContrast(NamedTuple):
    """Two values that likely answers give differently, before it is weighed whether they conflict.

    Attributes:
        attribute: What sort of values they are.
        features: By name; see `rag.comparison.contrasts`.
        places: Path, first and last line of each of the two sentences.
    """

    attribute: str
    features: dict[str, float]
    places: tuple[tuple[str, int, int], tuple[str, int, int]]


def measure_contrasts(
    question: str, reading: Reading, index: Index, model: PairModel
) -> list[MeasuredContrast]:
    """The contrasts between the likely answers of a reading; none of one that does not answer."""
    if reading.state != "answered":
        return []
    read = read_evidence(reading, index)
    material = Material(read_question(question), read.evidence, read.unlikely, read.families)
    found = []
    together = Together(partial(model.compare, question))
    for contrast, values in measured_contrasts(material, read.vectors, together):
        one, other = (
            (item.document.path, item.first_line, item.last_line)
            for item in (contrast.one.saying.evidence, contrast.other.saying.evidence)
        )
        features = dict(zip(FEATURES, values, strict=True))
        found.append(MeasuredContrast(contrast.attribute, features, (one, other)))
    return found


def _is_stated(evidence: Sequence[Evidence], groups: Sequence[Sequence[Evidence]]) -> bool:
    """Whether one of these sentences is quoted, alone or with the next one."""
    return any(overlap(item, quoted) for item in evidence for group in groups for quoted in group)


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


def _differing_reasons_first(
    finding: Finding, groups: Sequence[list[Evidence]]
) -> list[list[Evidence]]:
    """`groups` with those in front that give a reason for what is asked, not for something else."""
    given = [item for value in finding.values for item in value.evidence]
    return sorted(groups, key=lambda group: not _is_stated(given, [group]))


def _newest_first(groups: Sequence[list[Evidence]], history: set[Place]) -> list[list[Evidence]]:
    """`groups` with the first one of the newest article in front, where all have their days.

    What is told there of an earlier state (`history`) does not lead.
    """
    days = [group[0].document.published for group in groups]
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days) or days[0] == max(known):
        return list(groups)
    newest = days.index(max(known))
    if place_of(groups[newest][0]) in history:
        return list(groups)
    return [groups[newest], *groups[:newest], *groups[newest + 1 :]]


def _showing(value: GivenValue) -> dict[str, list[Evidence]]:
    """The wordings that the lines of their sentences, exactly as cited, hold word by word."""
    found: dict[str, list[Evidence]] = {}
    for item, wording in zip(value.evidence, value.wordings, strict=True):
        words = re.escape(" ".join(wording.split()))
        citation = cite_lines(item.document, item.first_line, item.last_line, number=0)
        exact = citation_problem(citation, item.document) is None
        quote = " ".join(citation.quote.split())
        if exact and re.search(rf"(?<!\w){words}(?!\w)", quote, re.IGNORECASE):
            found.setdefault(wording, []).append(item)
    return found


def _claim(held: dict[str, list[Evidence]], citations: CitationList) -> Claim:
    """One value in its first wording, with the citations of all sentences that give it."""
    cited = [
        citations.cite(item.document, item.first_line, item.last_line)
        for evidence in held.values()
        for item in evidence
    ]
    published = [citation.published for citation in cited if citation.published]
    return Claim(
        next(iter(held)),
        tuple(dict.fromkeys(citation.number for citation in cited)),
        tuple(dict.fromkeys(citation.publisher or citation.path for citation in cited)),
        max(published, default=None),
    )
