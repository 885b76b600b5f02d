"""Question and evidence -> findings: what the sentences say differently about one thing.

1. The sentences are read (`material`). Values that the question names itself come first.
2. Then the asked attribute, then the others: values (`differing_values`), then what is told in
   words: states that a later sentence ends, denials, opposites, rival acts, objects of one verb.
   Values that the pair model takes for no difference at all are left out. At last, values that two
   likely answers give, where they are likely of one thing (`contrasts`).
3. Where a value is asked for in so many words, only differences in such values are told; what two
   findings say of the same sentences is told once, by the one with more of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from rag.comparison import differing_values as values
from rag.comparison import differing_words as words
from rag.comparison.asking import asks_for, read_question
from rag.comparison.contrasts import Vectors, find_contrasts
from rag.comparison.findings import Attribute, Finding
from rag.comparison.material import GRAVE, Material
from rag.comparison.together import ComparePairs, Together
from rag.relevance import SentencePair
from rag.schema import Evidence

# Values of these sorts that rules set against each other, as contradictions or as of two times, are
# told where the pair model gives them at least this chance: in stories that it did not learn from,
# 47 of 51 right ones have it and 23 of 67 wrong ones. Other findings go by words that it knows no
# better. These sentences of each two values are read, the best of all values first, and so many
# pairs of a finding.
_VALUES: frozenset[Attribute] = frozenset(("number", "date", "place", "person", "role"))
MIN_DIFFER = 0.15
_READ_OF_VALUES = ((0, 0), (0, 1), (1, 0), (1, 1))
_MAX_READ = 4
# A question with more words than these asks more than one thing, and no table answers it.
MAX_ASKED = 12

_STEPS: tuple[tuple[Attribute, Callable[[Material], Iterable[Finding]]], ...] = (
    ("number", values.numbers), ("date", values.dates), ("place", values.spots),
    ("role", values.roles), ("person", values.persons), ("cause", values.causes_told),
    ("attribution", values.attributions), ("status", words.states), ("polarity", words.denials),
    ("status", words.opposites),
    ("object", words.objects_told),
)  # fmt: skip


def compare_evidence(
    question: str,
    evidence: Sequence[Evidence],
    *,
    unlikely: Sequence[Evidence] = (),
    families: Mapping[str, str] | None = None,
    wanted: bool = False,
    vectors: Vectors | None = None,
    compare: ComparePairs | None = None,
) -> list[Finding]:
    """What the evidence says differently about what is asked, the asked attribute first.

    Args:
        question: As it was searched, with what the conversation adds.
        evidence: Sentences that bear on it, best first.
        unlikely: Others, which count where they give a value that the question names.
        families: Document id -> the name of its family of near-copied documents, which count as
            one source; a document that is not in it is its own.
        wanted: Whether it is asked if the sources agree; then what kind of value it is of is open.
        vectors: Of sentences, by document and start.
        compare: The pair model under the question; without it only rules are used.

    Returns:
        Findings; none where the sentences agree, or where it is not certain that they do not.
    """
    asked = read_question(question)
    if len(asked.content) > MAX_ASKED:
        return []
    material = Material(asked, evidence, unlikely, families or {}, wanted=wanted)
    steps = sorted(_STEPS, key=lambda step: step[0] != asked.kind)
    kinds = asks_for(question)

    def of_asked_kind(findings: Iterable[Finding]) -> list[Finding]:
        return [
            f for f in findings if not kinds or f.attribute in kinds or f.attribute == asked.kind
        ]

    by_rules = of_asked_kind(
        [*words.named(material), *(f for _, step in steps for f in step(material))]
    )
    if compare is None:
        return told_once(by_rules)
    together = Together(compare)
    if not wanted:  # asked for differences, the reader wants to see the doubtful ones too
        by_rules = [finding for finding in by_rules if _is_borne_out(finding, together)]
    weighed = find_contrasts(material, vectors or {}, together)
    return told_once([*by_rules, *of_asked_kind(weighed)])


def _is_borne_out(finding: Finding, together: Together) -> bool:
    """Whether the pair model too takes sentences that give two of the values for different."""
    if finding.attribute not in _VALUES or finding.difference not in GRAVE:
        return True
    pairs = [
        SentencePair(here.evidence[k].text, there.evidence[m].text)
        for k, m in _READ_OF_VALUES
        for here, there in combinations(finding.values, 2)
        if k < len(here.evidence) and m < len(there.evidence)
    ]
    return any(chances.differ >= MIN_DIFFER for chances in together.read(pairs[:_MAX_READ]))


def told_once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without those that set the same sentences against each other as another one.

    One that stands for another one that was weighed counts as weighed.
    """
    kept: list[Finding] = []
    for new in findings:
        known = [_repeats(new, old) for old in kept]
        if any(known):
            kept = [replace(old, weighed=old.weighed or new.weighed) if same else old
                    for old, same in zip(kept, known, strict=True)]  # fmt: skip
        else:
            kept = [*(old for old in kept if not _repeats(old, new)), new]
    return kept


def _repeats(new: Finding, old: Finding) -> bool:
    """Whether a finding sets sentences against each other that another one does too.

    Of what is told in words, such as states, one sentence of each side is enough, whichever side
    of the other one it is on.
    """
    in_words = new.attribute == old.attribute and new.attribute in ("status", "polarity")

    def sides(finding: Finding) -> list[set[tuple[str, int]]]:
        return [{(e.document.document_id, e.start_char) for e in v.evidence}
                for v in finding.values]  # fmt: skip

    def same(mine: set[tuple[str, int]], theirs: set[tuple[str, int]]) -> bool:
        return bool(mine & theirs) if in_words else mine <= theirs

    held = [{k for k, theirs in enumerate(sides(old)) if same(mine, theirs)} for mine in sides(new)]
    return all(held) and (in_words or len(set.union(*held)) > 1)
