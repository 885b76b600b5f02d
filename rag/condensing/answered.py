"""Whom or what the answer to an earlier question names -> the follow-up with that name.

"Who runs Nordline?" is about somebody whom only its answer names. "What did she say?" means the
person whom the user has read of there: the first one in the answer who may be a "she" and whom the
question did not name itself; after "what was stolen?", "it" means what is named there first. The
name goes into the question and proves nothing: what is then answered is found in the articles and
checked like any other answer.
"""

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from rag.condensing import vocabulary as v
from rag.condensing.antecedents import HE, IT, SHE, doer, kind_of, undergone
from rag.condensing.parsing import parse
from rag.condensing.topics import asked_for, whole_subject
from rag.values import Name, read_names

_POSSESSIVE = re.compile(r"['’]s?$")
# Publisher and day after a statement, and the citation.
_NOT_SAID = re.compile(r"\([^()]*\)|\[\d+\]")
_MAX_CHARS = 4_000
# Words that the names of persons do not have.
_OF_BODIES = (
    v.GROUPS | v.PLACES | v.BODIES | frozenset("of and & for news post times radio tv".split())
)


class Asked(NamedTuple):
    """An earlier question.

    Attributes:
        question: Standalone.
        answer: The text that answered it, or "".
        is_own: Whether it was standalone as it was typed.
    """

    question: str
    answer: str
    is_own: bool = False


def with_answered_name(
    part: str, whole: str, asked: Sequence[Asked], is_common: Callable[[str], bool]
) -> str:
    """`whole` with a name where it only describes: "the person who shot X".

    Args:
        part: The follow-up, its words spelt out.
        whole: The same, standalone.
        asked: What was asked before, oldest first.
        is_common: Whether a word is no name: "Water" of "Nordline Water".

    Example: "the person who runs Nordline" -> "Ida Berg"
    """
    pronouns = (HE | SHE | IT) & set(parse(part).lows)
    if not pronouns:
        return whole
    for question, answer, _ in reversed(asked):
        told = _described(question, is_person=not IT & pronouns)
        if told and told in whole:
            name = _named(answer, question, pronouns, is_common)
            return whole.replace(told, name) if name else whole
    return whole


def _described(question: str, *, is_person: bool) -> str:
    """The person or thing that a question asks for, as it describes it; or ""."""
    frame = parse(question)
    acting = doer(frame, plural=False) or undergone(frame)
    if not acting and is_person and kind_of(frame.text(1, frame.wh_end)) == "person":
        acting = asked_for(frame)  # "which player did Norham miss?"
    if acting:
        return acting
    subject = whole_subject(frame) if frame.wh in ("who", "whos") else ""
    head = re.split(r" (?:of|at|in|for|from) ", subject)[0]
    return subject if kind_of(subject) == "person" and head.islower() else ""


def _named(
    answer: str, question: str, pronouns: Collection[str], is_common: Callable[[str], bool]
) -> str:
    """The first name of an answer that is not in its question and that a pronoun fits; or "".

    For "it" it must be no person's; for "he" and "she" it must be one.
    """
    known = {word.strip(".,?!'’").removesuffix("'s") for word in question.lower().split()}
    statements = _NOT_SAID.sub(" ", answer[:_MAX_CHARS])
    for name in read_names(statements):
        words = name.words
        named = name.title is not None or len(words) > 1
        of_body = _OF_BODIES.intersection(words) or " ".join(words) in v.OUTLETS
        if words[-1] in known or not named:
            continue
        if IT.issuperset(pronouns):
            return f"the {name.text}" if name.title is None and not of_body else ""
        if not of_body and _fits(name, pronouns) and not is_common(words[-1]):
            return _POSSESSIVE.sub("", name.text)
    return ""


def _fits(name: Name, pronouns: Collection[str]) -> bool:
    """Whether a name may be a "he" or a "she", as far as its words tell."""
    words = [*filter(None, [name.title]), *name.words]
    is_he = not HE.isdisjoint(pronouns)
    unlike = v.SHE_NAMES | v.SHE_TITLES if is_he else v.HE_NAMES | v.HE_TITLES
    like = v.HE_NAMES | v.HE_TITLES if is_he else v.SHE_NAMES | v.SHE_TITLES
    return not any(word in unlike and word not in like for word in words[:-1])
