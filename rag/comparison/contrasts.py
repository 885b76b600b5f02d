"""Pairs of likely answers that give different values, and how likely these are of one thing.

1. A contrast is between two articles on one story, and of one sort: two figures of one unit, two
   days, two offices of the person asked about, two names that answer "who" or "where", two states
   of which only one can be; and for a reason, a state, yes or no, and anything else the words that
   answer, where they differ. Both sentences are likely answers, and the values stand where the
   reader takes the answer to be.
2. The sentences are read together by the pair model, the likeliest pairs first.
3. Whether the two values are of one thing is weighed: a logistic function of what the pair model
   says, how sure the reader is of both, how alike the sentences and their articles are, and whether
   they are of one source. Its constants (`contrasts.json`) are fitted by `python -m
   evals.conflicts.contrasts` on questions over invented stories, where the lines of every value are
   known.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rag.comparison import amounts, differing_amounts, opposed, people, times
from rag.comparison.acts import read_acts
from rag.comparison.findings import Attribute, Difference, Finding
from rag.comparison.grouping import Fact
from rag.comparison.material import Material
from rag.comparison.sayings import Saying
from rag.comparison.stories import shared_names, tell_one_story
from rag.comparison.together import Together
from rag.comparison.wordings import Side
from rag.relevance import PairChances, SentencePair
from rag.schema import Document

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "contrasts.json"
# Sentences that are paired, and how likely each must be to answer.
MAX_LIKELY, MIN_LIKELY = 14, 0.04
# Pairs of sentences that the pair model reads: the disagreements that it finds among twelve are all
# among the first six.
MAX_READ = 6
# Days between two articles; more are as many.
_MAX_DAYS, _UNKNOWN_DAYS = 10, 5
_LEAST_CHANCE = 1e-4
FEATURES = (
    "surer", "less_sure", "cosine", "same_family", "days_apart", "shared_names",
    "likely_sentences", "likeness", "shared_question_words", "differ", "same", "differ_not_same",
    "in_words",
)  # fmt: skip

# The last words of names that say where nothing is, and "NX121", not "M25".
_NO_PLACES = frozenset("police army navy government ministry party".split())
_CODE = re.compile(r"[a-z]{2,}\d{2,}")

Place = tuple[str, int]
Vectors = dict[Place, "NDArray[np.float32]"]


class Contrast(NamedTuple):
    """Two values of one sort, and what the difference amounts to."""

    attribute: Attribute
    one: Fact
    other: Fact
    difference: Difference


@dataclass(frozen=True, eq=False)
class Named:
    """A name that answers: tokens `first` to `last`."""

    saying: Saying
    first: int
    last: int
    words: frozenset[str]

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


@dataclass(frozen=True, eq=False)
class Wording:
    """The words that answer: tokens `first` to `last`, and the stems of their content words."""

    saying: Saying
    first: int
    last: int
    stems: frozenset[str]

    @property
    def value(self) -> str:
        """Their clause, an exact piece of the sentence."""
        return self.saying.clause(self.first, self.last)


@dataclass(frozen=True)
class Weighing:
    """The constants of the logistic function.

    Attributes:
        centre, spread: Of the features, which are standardised; in the order of FEATURES.
        factors: Theirs.
        constant: What is added.
        least: From this chance on two values are told as a disagreement.
    """

    centre: tuple[float, ...]
    spread: tuple[float, ...]
    factors: tuple[float, ...]
    constant: float
    least: float

    def chance(self, features: Sequence[float]) -> float:
        """P(the two values are of one thing), 0..1."""
        rows = zip(features, self.centre, self.spread, self.factors, strict=True)
        total = sum((value - mid) / wide * factor for value, mid, wide, factor in rows)
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, total + self.constant))))


@cache
def shipped_weighing() -> Weighing:
    """The constants that this package carries."""
    held = json.loads(FILE.read_text(encoding="utf-8"))
    centre, spread, factors = (tuple(held[name]) for name in ("centre", "spread", "factors"))
    return Weighing(centre, spread, factors, constant=held["constant"], least=held["least"])


def find_contrasts(material: Material, vectors: Vectors, together: Together) -> list[Finding]:
    """What two likely answers say differently, where it is likely of one thing.

    Args:
        material: The sentences of the question.
        vectors: Of sentences by document and start, L2-normalised, shape (dimension,). A sentence
            without one is not paired.
        together: What reads two sentences together.
    """
    weighing = shipped_weighing()
    told: dict[Attribute, list[Contrast]] = {}
    for contrast, features in measured_contrasts(material, vectors, together):
        if weighing.chance(features) >= weighing.least:
            told.setdefault(contrast.attribute, []).append(contrast)
    findings = [f for kind, found in told.items() for f in _findings(kind, found, material)]
    return [replace(finding, weighed=True) for finding in findings]


def measured_contrasts(
    material: Material, vectors: Vectors, together: Together
) -> list[tuple[Contrast, list[float]]]:
    """The contrasts of the likeliest pairs of sentences, with their features (see FEATURES)."""
    likely = likely_sentences(material, vectors)
    by_pair = groupby(read_contrasts(material, likely), key=_sentences)
    groups = [list(group) for _, group in islice(by_pair, MAX_READ)]
    order = {place_of(saying): rank for rank, saying in enumerate(likely)}
    groups.sort(key=lambda group: [order[place] for place in _sentences(group[0])])
    read = together.read([SentencePair(g[0].one.saying.text, g[0].other.saying.text)
                          for g in groups])  # fmt: skip
    return [
        (contrast, measure(contrast, likely, material, vectors, chances))
        for group, chances in zip(groups, read, strict=True) for contrast in group
    ]  # fmt: skip


def _sentences(contrast: Contrast) -> tuple[Place, Place]:
    return place_of(contrast.one.saying), place_of(contrast.other.saying)


def _findings(
    attribute: Attribute, contrasts: Sequence[Contrast], material: Material
) -> list[Finding]:
    facts = {_key(fact): fact for c in contrasts for fact in (c.one, c.other)}
    differences = {frozenset((_key(c.one), _key(c.other))): c.difference for c in contrasts}
    return material.find(
        attribute,
        list(facts.values()),
        lambda a, b: frozenset((_key(a), _key(b))) in differences or _is_same(a, b),
        lambda a, b: differences.get(frozenset((_key(a), _key(b)))),
    )


def _is_same(one: Fact, other: Fact) -> bool:
    """Whether two values of one sort are the same one."""
    if isinstance(one, amounts.Amount) and isinstance(other, amounts.Amount):
        return differing_amounts.compare_amounts(one, other) is None
    if isinstance(one, times.Moment) and isinstance(other, times.Moment):
        return times.compare_moments(one, other) is None
    if isinstance(one, people.Role) and isinstance(other, people.Role):
        return people.compare_asked_roles(one, other) is None
    if isinstance(one, Named) and isinstance(other, Named):
        return bool(one.words & other.words)
    if isinstance(one, Wording) and isinstance(other, Wording):
        return one.stems == other.stems
    return isinstance(one, Side) and isinstance(other, Side) and one.yes == other.yes


def _key(fact: Fact) -> tuple[Place, int, int]:
    return place_of(fact.saying), fact.first, fact.last


def place_of(saying: Saying) -> Place:
    """Document and start of a sentence."""
    return saying.evidence.document.document_id, saying.evidence.start_char


def likely_sentences(material: Material, vectors: Vectors) -> list[Saying]:
    """The sentences that are paired: the likely answers whose vectors are known."""
    found = [
        s for s in material.all
        if (s.evidence.probability or 0.0) >= MIN_LIKELY and place_of(s) in vectors
    ]  # fmt: skip
    return found[:MAX_LIKELY]


def read_contrasts(material: Material, likely: Sequence[Saying]) -> Iterator[Contrast]:
    """The contrasts between likely sentences of two articles on one story in what is asked for.

    The likeliest pairs of sentences come first.
    """
    kind = material.asked.kind
    for one, other in sorted(combinations(likely, 2), key=_doubt):
        here, there = one.evidence.document, other.evidence.document
        if here.document_id == there.document_id or not tell_one_story(here, there):
            continue
        yield from _in_values(material, kind, one, other)
        if kind in (None, "cause", "status", "polarity"):
            yield from _in_words(material, kind, one, other)


def _doubt(pair: tuple[Saying, Saying]) -> float:
    """How far two sentences are from both being answers."""
    return -math.prod(saying.evidence.probability or 0.0 for saying in pair)


def _in_values(
    material: Material, kind: Attribute | None, one: Saying, other: Saying
) -> Iterator[Contrast]:
    """The contrasts in values of the sort asked for, or of any where none is."""
    if kind in (None, "number"):
        yield from _figures(material, one, other)
    if kind in (None, "date"):
        yield from _days(material, one, other)
    if kind in (None, "role"):
        yield from _offices(material, one, other)
    if kind in ("person", "place", "attribution"):
        yield from _names(material, kind, one, other)
    if kind in ("polarity", "status"):
        yield from _states(material, one, other)


def measure(
    contrast: Contrast,
    likely: Sequence[Saying],
    material: Material,
    vectors: Vectors,
    chances: PairChances,
) -> list[float]:
    """The features of a contrast, in the order of FEATURES."""
    one, other = contrast.one.saying, contrast.other.saying
    here, there = one.evidence.document, other.evidence.document
    sure = [item.evidence.probability or 0.0 for item in (one, other)]
    families = [material.naming.families.get(d.document_id, d.document_id) for d in (here, there)]
    asked = material.asked_keys
    return [
        _logit(max(sure)),
        _logit(min(sure)),
        float(vectors[place_of(one)] @ vectors[place_of(other)]),
        float(families[0] == families[1]),
        _days_apart(here, there),
        shared_names(here, there),
        float(len(likely)),
        material.alike(one, other),
        float(len(asked & (one.stems | one.groups) & (other.stems | other.groups))),
        _logit(chances.differ),
        _logit(chances.same),
        _logit(chances.differ / max(chances.differ + chances.same, _LEAST_CHANCE)),
        float(isinstance(contrast.one, Wording)),
    ]


def _logit(chance: float) -> float:
    chance = min(max(chance, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
    return math.log(chance / (1 - chance))


def _days_apart(one: Document, other: Document) -> float:
    if one.published is None or other.published is None:
        return float(_UNKNOWN_DAYS)
    return float(min(abs((one.published - other.published).days), _MAX_DAYS))


def _figures(material: Material, one: Saying, other: Saying) -> Iterator[Contrast]:
    pairs = [
        (a, b, differing_amounts.compare_amounts(a, b))
        for a in _answering_figures(material, one) for b in _answering_figures(material, other)
        if differing_amounts.count_alike(a, b)
    ]  # fmt: skip
    marked = material.is_marked
    if any(d != "contradiction" and marked(a) and marked(b) for a, b, d in pairs):
        return
    for a, b, difference in pairs:
        if difference == "contradiction" and not differing_amounts.out_of_scale(a, b):
            yield Contrast("number", a, b, difference)


def _answering_figures(material: Material, saying: Saying) -> list[amounts.Amount]:
    """The figures that did what is asked, else those in the words that answer, else all."""
    figures = amounts.read_amounts(saying)
    told = {name for name, _, _ in read_acts(material.asked.text)}
    marked = [a for a in figures if material.is_marked(a)]
    return (
        [a for a in figures if a.acts & told] or marked or (figures if material.asked.kind else [])
    )


def _days(material: Material, one: Saying, other: Saying) -> Iterator[Contrast]:
    pairs = [
        (a, b, times.compare_moments(a, b))
        for a in times.read_moments(one) for b in times.read_moments(other)
        if (a.mention is None) == (b.mention is None)
        and material.is_marked(a) and material.is_marked(b)
    ]  # fmt: skip
    if all(difference == "contradiction" for _, _, difference in pairs):
        yield from (Contrast("date", a, b, "contradiction") for a, b, _ in pairs)


def _offices(material: Material, one: Saying, other: Saying) -> Iterator[Contrast]:
    for a in people.read_roles(one):
        for b in people.read_roles(other):
            of_asked = a.person == b.person and a.person in material.asked.words
            if of_asked and people.compare_asked_roles(a, b) == "contradiction":
                yield Contrast("role", a, b, "contradiction")


def _names(material: Material, kind: Attribute, one: Saying, other: Saying) -> Iterator[Contrast]:
    here, there = (_answering_names(material, kind, saying) for saying in (one, other))
    if here and there and not any(a.words & b.words for a in here for b in there):
        yield Contrast(kind, here[0], there[0], "contradiction")


def _answering_names(material: Material, kind: Attribute, saying: Saying) -> list[Named]:
    """The names in the words that answer, without those of the question; of places only such."""
    named = [
        Named(saying, saying.place_at(n.start), saying.place_at(n.end - 1), frozenset(n.words))
        for n in saying.names
    ]
    return [
        n for n in named
        if material.is_marked(n) and not n.words & material.asked.words
        and not (kind == "place" and _is_no_place(saying.bases[n.last]))
    ]  # fmt: skip


def _is_no_place(base: str) -> bool:
    return base in _NO_PLACES or bool(_CODE.fullmatch(base))


def _in_words(
    material: Material, kind: Attribute | None, one: Saying, other: Saying
) -> Iterator[Contrast]:
    """The words that answer, where they are not the same ones."""
    here, there = _answering_words(material, one), _answering_words(material, other)
    if here and there and here.stems != there.stems:
        yield Contrast(kind or "object", here, there, "contradiction")


def _answering_words(material: Material, saying: Saying) -> Wording | None:
    """The words that answer; None without a content word that the question has not."""
    if saying.answer is None:
        return None
    begin, end = saying.answer
    if begin < 0 or end > len(saying.text):
        return None  # they stand in the sentence before, which is quoted with it
    first, last = saying.place_at(begin), saying.place_at(end - 1)
    stems = frozenset(
        stem for place, stem in saying.content
        if first <= place <= last and stem not in material.asked_keys
    )  # fmt: skip
    return Wording(saying, first, last, stems) if stems else None


def _states(material: Material, one: Saying, other: Saying) -> Iterator[Contrast]:
    found = opposed.opposed_sides(material.asked.text, [one, other])
    if found is not None:
        yield Contrast("status", found.yes[0], found.no[0], found.difference)
