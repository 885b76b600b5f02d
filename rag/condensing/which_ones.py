"""Follow-ups that pick some of several: "which ones said no?".

1. "Which ones", "which of them" are some of whom or what an earlier question is about.
2. "Which of these" is so only before an auxiliary: "these rules" are named there.
3. Where no question has several of anything, the topic of the talk is added.
"""

import re
from collections.abc import Sequence

from rag.condensing.antecedents import THEY, are_several, find_antecedent
from rag.condensing.leaning import with_topic
from rag.condensing.parsing import parse
from rag.condensing.pronouns import resolve_pronouns
from rag.condensing.topics import pieces_of

_WHICH_ONES = re.compile(
    r"^(?P<one>which (?:ones?|of (?:them|these|those))) (?!exactly\b|then\b)(?P<rest>\w.+)$",
    re.IGNORECASE,
)
_IS_IT = re.compile(r"^(?:is|was|are|were) (?:it|that|this|they)$", re.IGNORECASE)


def which_ones(bare: str, talk: Sequence[str]) -> str | None:
    """Of "which ones said no?" the question with what they are; None for anything else."""
    asked = _WHICH_ONES.match(bare)
    if not asked or _IS_IT.match(asked["rest"]):
        return None
    rest = asked["rest"]
    pointing = asked["one"].lower().endswith(("these", "those"))
    if pointing and parse(rest).tags[0] != "x":
        return None  # "which of these rules did they break"
    pieces = [piece for one in talk for piece in pieces_of(one)]
    found = next(filter(are_several, map(_they, reversed(pieces))), "")
    if not THEY & set(parse(rest).lows):
        rest = resolve_pronouns(rest, pieces) or rest
    return f"which of {found} {rest}" if found else with_topic(f"{asked['one']} {rest}", talk)


def _they(question: str) -> str:
    """Whom or what "they" of a question are; not who does what is asked for ("what did X ask")."""
    found = find_antecedent("they", question, is_good=True)
    frame = parse(question)
    return "" if frame.wh == "what" and found == frame.subject else found
