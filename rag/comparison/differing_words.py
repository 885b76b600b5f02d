"""What sentences tell differently in words: what the question names, states, denials, rivals."""

import re
from itertools import combinations

from rag.claims.vocabulary import LIGHT, keys_of, stem_of
from rag.comparison import choices, objects, opposed, wordings
from rag.comparison.acts import read_stages
from rag.comparison.changing import StateChange, find_changes
from rag.comparison.events import different_people
from rag.comparison.findings import Attribute, Finding
from rag.comparison.grouping import make_finding
from rag.comparison.material import ALL, MIN_COVERED, Material
from rag.comparison.named import (
    Given,
    are_comparable,
    compare_given,
    counted,
    named_values,
    read_given,
)
from rag.comparison.sayings import other_day
from rag.values import tokenize

# "Are the officers back on duty?", "is he back?"
_BACK = re.compile(
    r"\b(?:is|are|was|were|get|gets|got|go|goes|went|gone|come|comes|came)\b[^?]*\bback"
    r"(?: (?:on|at|to|with|from|home)\b|\W*$)", re.IGNORECASE,
)  # fmt: skip
MIN_LIKENESS_POLAR, MIN_LIKENESS_DENIAL, MIN_LIKENESS_OPPOSITES = 0.15, 0.5, 0.5
MIN_LIKENESS_OBJECT = 0.25
MIN_LIKENESS_NAMED = 0.2


def named(material: Material) -> list[Finding]:
    """The values that the question names itself."""
    offered = named_values(material.asked.text)
    if offered is None:
        return _chosen(material)
    attribute, values = offered
    given = [given for s in [*material.all, *material.unlikely] for given in read_given(s, values)]
    if any(a.named != b.named and _explained(a, b) for a, b in combinations(given, 2)):
        return []

    def comparable(a: Given, b: Given) -> bool:
        alike = material.alike(a.saying, b.saying) >= MIN_LIKENESS_NAMED or counted(a) & counted(b)
        return a.named == b.named or bool(alike and are_comparable(a, b))

    return material.find(attribute, given, comparable, compare_given, ALL)


def _chosen(material: Material) -> list[Finding]:
    """The alternatives that the question offers in words."""
    choice, asked = material.choice, material.asked
    if choice is None or asked.kind in ("attribution", "role") or "date" in asked.hints:
        return []
    if not choice.rest and not material.is_asked("polarity"):
        return []
    votes = [choices.read_vote(s, choice, material.weights) for s in material.pool("object")]
    kind = asked.kind if asked.kind in ("cause", "person") else "object"
    return material.find(
        kind, [vote for vote in votes if vote], lambda a, b: True, choices.compare_votes
    )


def objects_told(material: Material) -> list[Finding]:
    """What was done to what, where the question offers two things."""
    if material.choice is None:
        return []
    offered = {*material.choice.left, *material.choice.right}
    found = material.find(
        "object",
        [t for s in material.near for t in objects.read_things(s, material.asked)],
        lambda a, b: (
            bool(a.verb & b.verb) and material.alike(a.saying, b.saying) >= MIN_LIKENESS_OBJECT
        ),
        objects.compare_things,
    )
    ends = [{stem_of(tokenize(v.value)[-1].base) for v in f.values} for f in found]
    return [f for f, stems in zip(found, ends, strict=True) if stems & offered]


def states(material: Material) -> list[Finding]:
    """States with what ended or fulfilled them, the latest first."""
    common = {key for stem in material.common for key in keys_of(stem) if key != stem}
    asked = material.asked_keys - common
    told = {name for name, _, _ in read_stages(material.asked.text)}
    if _BACK.search(material.asked.text):
        told.add("return")
    wanted = material.asked.is_open or material.asked.kind in ("status", "polarity")
    stories: dict[str, list[StateChange]] = {}
    for change in find_changes(material.pool("status"), material.weights):
        named = {change.earlier.name, change.later.name} & told
        if named or (wanted and (not asked or _is_about(material, change.shared & asked))):
            stories.setdefault(change.earlier.name, []).append(change)
    found = []
    for changes in stories.values():
        earlier = {id(c.earlier.saying): c.earlier for c in changes}
        later = {id(c.later.saying): c.later for c in changes if id(c.later.saying) not in earlier}
        if later:
            found.append(
                make_finding([list(later.values()), list(earlier.values())], "status", "time",
                             material.naming, ordered=True)
            )  # fmt: skip
    return found


def _is_about(material: Material, keys: frozenset[str]) -> bool:
    """Whether these are enough of the question's words for a yes or no to hang on them."""
    if not material.is_asked("polarity"):
        return bool(keys)
    weights = [material.weights.get(stem, 2.0) for stem, _ in material.content
               if stem in keys - material.common]  # fmt: skip
    whole = sum(material.weights.get(stem, 2.0) for stem, _ in material.content)
    return sum(weights) >= MIN_COVERED * whole


def denials(material: Material) -> list[Finding]:
    """Denials, opposites and rival acts."""
    polar = material.is_asked("polarity")
    verbs = {wordings.verb_stem(word) for word in material.asked.words} - LIGHT
    best: dict[int, tuple[float, tuple[wordings.Side, wordings.Side]]] = {}
    for one, other in combinations(material.pool("polarity"), 2):
        alike = material.alike(one, other)
        if alike < (MIN_LIKENESS_POLAR if polar else MIN_LIKENESS_DENIAL):
            continue
        if different_people(one, other) or (other_day(one, other) and not polar):
            continue
        sides = wordings.denial_between(
            one, other, material.weights, material.asked_keys, polar=polar
        )
        if sides is None and polar:
            sides = wordings.verb_denied(one, other, verbs)
        if sides is None and alike >= MIN_LIKENESS_OPPOSITES:
            sides = wordings.opposites_between(one, other)
        if sides is not None and alike > best.get(id(sides[0].saying), (0.0,))[0]:
            best[id(sides[0].saying)] = (alike, sides)
    found = [
        _sides(material, ([sides[0]], [sides[1]]), "polarity")
        for _, sides in sorted(best.values(), key=lambda pair: -pair[0])
    ]
    rivals = wordings.rival_sides(material.asked.text, material.sayings, material.unlikely)
    if rivals is not None:
        found.append(_sides(material, rivals, "status"))
    return found


def opposites(material: Material) -> list[Finding]:
    """States of which only one can be, where the question asks about them."""
    if material.asked.kind not in ("polarity", "status"):
        return []
    likely = [s for s in material.all if material.is_likely(s) and material.names_asked(s)]
    found = opposed.opposed_sides(material.asked.text, likely)
    if found is None:
        return []
    return [make_finding([found.yes, found.no], "status", found.difference, material.naming)]


def _sides(
    material: Material, sides: tuple[list[wordings.Side], list[wordings.Side]], kind: Attribute
) -> Finding:
    changed = kind == "polarity" and other_day(sides[0][0].saying, sides[1][0].saying)
    return make_finding(sides, kind, "time" if changed else "contradiction", material.naming)


def _explained(one: Given, other: Given) -> bool:
    """Whether one document gives both values, and as those of different times or sorts."""
    here, there = (given.saying.evidence.document for given in (one, other))
    return here.document_id == there.document_id and not are_comparable(one, other)
