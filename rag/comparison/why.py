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

# How likely a sentence must be to answer that gives a reason for the very act, as a part of the
# likeliest one that is quoted: with "because of" and the like, and with "after" and the like.
MIN_SHARE, MIN_SHARE_WEAK = 0.15, 0.25
# Sentences that are added in front at most.
_MAX_ADDED = 3
# Words before an act that tell who does it.
_REACH = 8
_PRONOUN = re.compile(r"\b(?:they|he|she|it|this|that)\b", re.IGNORECASE)
# What undoes an act; an end or a deal may as well be the reason for it.
_UNDOING = frozenset({"return", "resume", "reopen", "release"})
# One act in several words: a walkout, a protest, officers who hand in their guns.
_LEAVING = frozenset({"withdraw", "strike", "resign"})

Groups = Sequence[Sequence[Evidence]]


def reasons_first(
    question: str, groups: Groups, candidates: Sequence[Evidence]
) -> list[list[Evidence]]:
    """The quoted groups of a why-question, with what gives a reason for the act it names in front.

    Likely candidates that give one are added, and what tells only the undoing of the act is left
    out. As many groups as before, or one beside the reasons. The same groups where no sentence
    gives a reason for such an act.

    Args:
        question: As it was searched.
        groups: What is quoted, best first.
        candidates: All sentences that were read, best first.
    """
    kept = [list(group) for group in groups]
    asked = read_question(question)
    acts = _acts_of(asked)
    if asked.kind != "cause" or not acts:
        return kept
    others = [group for group in kept if not _tells_undoing(Saying(group[0]), acts)]
    best = max((group[0].probability or 0.0 for group in others or kept), default=0.0)
    given = [
        item for item in candidates
        if (chance := item.probability or 0.0) >= MIN_SHARE * best
        and _gives_reason(Saying(item), acts, asked, weak=chance >= MIN_SHARE_WEAK * best)
    ]  # fmt: skip
    if not given:
        return kept
    places = [place_of(item) for item in given]
    told = [group for group in others if place_of(group[0]) in places]
    known = {place_of(item) for group in kept for item in group}
    added = [[item] for item in given if place_of(item) not in known][:_MAX_ADDED]
    rest = [group for group in others if group not in told]
    return [*told, *added, *rest][: max(len(kept), len(told) + len(added) + 1)]


def of_the_act(sayings: Sequence[Saying], asked: Asked) -> list[Saying]:
    """Those of `sayings` that tell the act of a why-question, or one of its like.

    All of them, where none gives a reason for the act.
    """
    acts = _acts_of(asked)
    if not any(_gives_reason(saying, acts, asked, weak=True) for saying in sayings):
        return list(sayings)
    alike = acts | (_LEAVING if acts & _LEAVING else frozenset())
    return [s for s in sayings if any(name in alike for name, _, _ in read_acts(s.text))]


def _tells_undoing(saying: Saying, acts: set[str]) -> bool:
    """Whether a sentence tells what undoes one of the acts, and none of them."""
    told = {name for name, _, _ in read_acts(saying.text)}
    undoing = frozenset().union(*(SEQUELS.get(name, frozenset()) for name in acts)) & _UNDOING
    return bool(told & undoing) and not told & acts


def place_of(item: Evidence) -> tuple[str, int]:
    """Document and end of a sentence; its start may have been moved to hold the one before."""
    return item.document.document_id, item.end_char


def _acts_of(asked: Asked) -> set[str]:
    return {name for name, _, _ in read_acts(asked.text)}


def _gives_reason(saying: Saying, acts: set[str], asked: Asked, *, weak: bool) -> bool:
    """Whether one of the acts, done by one whom the question names, stands beside a reason.

    Not inside it, but in its marker ("in protest over"). Where the question has a pronoun, anybody
    may have done it.
    """
    named: frozenset[str] = frozenset()
    if not _PRONOUN.search(asked.text):
        named = frozenset(key for _, keys in asked.content for key in keys)
    places = [
        place for name, start, _ in read_acts(saying.text)
        if name in acts and _may_be_by(saying, place := saying.place_at(start), named)
    ]  # fmt: skip
    reasons = read_reasons(saying, weak=weak)
    return any(
        not r.first < place <= r.last or (saying.bases[r.first] == "in" and place <= r.first + 2)
        for r in reasons for place in places
    )  # fmt: skip


def _may_be_by(saying: Saying, place: int, named: frozenset[str]) -> bool:
    """Whether the words before the act at `place` have one of the keys `named`, or are none."""
    before = [
        keys_of(saying.bases[at]) for at, _ in saying.content
        if place - _REACH <= at < place and saying.clauses[at] == saying.clauses[place]
    ]  # fmt: skip
    return not named or not before or any(keys & named for keys in before)
