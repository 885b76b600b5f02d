"""Why-questions: which sentences give a reason for what is asked, and which tell its undoing.

"Because" alone misleads: "support was no longer needed because officers had returned" gives no
reason for their leaving. A sentence gives one where it tells the asked act outside its reason; one
that only tells what undid the act is beside the question.
"""

import re
from collections.abc import Sequence

from rag.claims.vocabulary import keys_of
from rag.comparison.acts import SEQUELS, read_acts
from rag.comparison.asking import Asked, read_question
from rag.comparison.causes import read_reasons
from rag.comparison.sayings import Saying
from rag.schema import Evidence

# How likely a sentence must be to answer, which gives a reason for the very act.
MIN_NEAR = 0.03
# Words before an act that tell who does it.
_REACH = 8
_PRONOUN = re.compile(r"\b(?:they|he|she|it|this|that)\b", re.IGNORECASE)

Groups = Sequence[Sequence[Evidence]]


def reasons_first(
    question: str, groups: Groups, candidates: Sequence[Evidence]
) -> list[list[Evidence]]:
    """The quoted groups of a why-question, with what gives a reason for the act it names in front.

    Likely candidates that give one take the place of what tells only the undoing of the act. As
    many groups as before; the same ones where no sentence gives a reason for such an act.

    Args:
        question: As it was searched.
        groups: What is quoted, best first.
        candidates: All sentences that were read, best first.
    """
    kept = [list(group) for group in groups]
    asked = read_question(question)
    acts = _acts_of(asked)
    if asked.kind != "cause" or not acts or not kept:
        return kept
    near = [item for item in candidates if (item.probability or 0.0) >= MIN_NEAR]
    given = [item for item in near if gives_reason(Saying(item), acts, asked)]
    if not given:
        return kept
    places = [_place(item) for item in given]
    told = [group for group in kept if _place(group[0]) in places]
    known = {_place(item) for group in kept for item in group}
    told += [[item] for item in given if _place(item) not in known]
    rest = [g for g in kept if g not in told and not _tells_undoing(Saying(g[0]), acts)]
    return [*told, *rest][: len(kept)]


def of_the_act(sayings: Sequence[Saying], asked: Asked) -> list[Saying]:
    """Those of `sayings` that tell the act of a why-question, where one gives a reason for it.

    Else all of them.
    """
    acts = _acts_of(asked)
    if not any(gives_reason(saying, acts, asked) for saying in sayings):
        return list(sayings)
    return [s for s in sayings if any(name in acts for name, _, _ in read_acts(s.text))]


def _place(item: Evidence) -> tuple[str, int]:
    """Document and end of a sentence; its start may have been moved to hold the one before."""
    return item.document.document_id, item.end_char


def _acts_of(asked: Asked) -> set[str]:
    return {name for name, _, _ in read_acts(asked.text)}


def gives_reason(saying: Saying, acts: set[str], asked: Asked) -> bool:
    """Whether one of the acts, done by one whom the question names, stands beside a reason.

    Not inside it. Where the question has a pronoun, anybody may have done it.
    """
    doers: frozenset[str] = frozenset()
    if not _PRONOUN.search(asked.text):
        doers = frozenset(key for _, keys in asked.content for key in keys)
    places = [
        place for name, start, _ in read_acts(saying.text)
        if name in acts and _may_be_by(saying, place := saying.place_at(start), doers)
    ]  # fmt: skip
    reasons = read_reasons(saying, weak=True)
    return any(not r.first < place <= r.last for r in reasons for place in places)


def _may_be_by(saying: Saying, place: int, doers: frozenset[str]) -> bool:
    """Whether the words before the act at `place` name one of those of the question, or nobody."""
    before = [
        keys_of(saying.bases[at]) for at, _ in saying.content
        if place - _REACH <= at < place and saying.clauses[at] == saying.clauses[place]
    ]  # fmt: skip
    return not doers or not before or any(keys & doers for keys in before)


def _tells_undoing(saying: Saying, acts: set[str]) -> bool:
    """Whether a sentence tells what undoes one of the acts, and none of them."""
    told = {name for name, _, _ in read_acts(saying.text)}
    undoing = frozenset().union(*(SEQUELS.get(name, frozenset()) for name in acts))
    return bool(told & undoing) and not told & acts
