"""Questions for an amount, and whether a sentence gives any.

"how many", "how much", "what percentage": only a sentence with a number, an ordinal ("the third
time"), a word of quantity ("most", "a few", "none") or a list of names, which can be counted,
answers. "how long", "how old": none whose numbers are all money or shares. Of 1,122 written
questions of the first kind that have an answer, 7 have one without a number or such a word. A
figure that a source rejects is told after those that are not rejected.
"""

import re
from collections.abc import Sequence

from rag.schema import Evidence
from rag.values import read_numbers

_ASKS = re.compile(
    r"\bhow (?:many|much(?! people (?:trust|like|love|hate|care|know|fear|value|want|need)))"
    r"\b(?! of an?\b)"
    r"|\b(?:what|which)(?:'s|s| is| was| were| are)?(?: the| exact)* "
    r"(?:number|percentage|per ?cent|proportion|share|total|price|cost|amount|sum|fee)\b"
    r"|^\W*(?:the )?(?:exact )?(?:number|percentage|proportion) of\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\b(?:all|none|no|nobody|no one|nothing|few|fewer|several|most|many|both|half|halved|every"
    r"|each|couple|handful|pair|lots?|majority|minority|free|once|twice|thrice|double[ds]?"
    r"|tripled?|dozens?|scores?|record|nil|single|sole|only|another|one)\b",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*"
_NAMES = re.compile(rf"\b{_NAME}(?:, {_NAME})+,? (?:and|or) {_NAME}")
_ASKS_MEASURE = re.compile(
    r"\bhow (?:long|old|tall|high|deep|wide|far|heavy|fast|big|large)\b", re.IGNORECASE
)
_REJECTS = re.compile(
    r"\b(?:reject(?:s|ed)?|den(?:y|ies|ied)|dismiss(?:es|ed)?) (?:\w+ ){0,3}?"
    r"(?:reports?|claims?|suggestions?|rumou?rs?)\b",
    re.IGNORECASE,
)


def amounts_first(question: str, candidates: Sequence[Evidence], least: float) -> list[Evidence]:
    """Those of `candidates` that may answer a question for an amount; all for another question.

    What rejects the figure that it tells stands behind the others, where another one is as likely
    as `least` to answer.
    """
    if asks_amount(question):
        giving = [item for item in candidates if gives_amount(item.text)]
        if any((item.probability or 0.0) >= least and not _rejects(item) for item in giving):
            giving.sort(key=_rejects)
        return giving
    if _ASKS_MEASURE.search(question):
        return [item for item in candidates if not _only_money(item.text)]
    return list(candidates)


def _rejects(item: Evidence) -> bool:
    return bool(_REJECTS.search(item.text))


def _only_money(text: str) -> bool:
    """Whether a sentence has numbers, and all of them are money, shares or times of day."""
    kinds = {number.kind for number in read_numbers(text)}
    return bool(kinds) and kinds <= {"money", "percent", "clock"}


def asks_amount(question: str) -> bool:
    """Whether `question` asks for a number or a quantity.

    Example: "how many officers handed in their permits?" -> True
    """
    return bool(_ASKS.search(question))


def gives_amount(text: str) -> bool:
    """Whether a sentence holds a number, a word of quantity or a list; a time of day is none.

    Example: "Dozens of officers stepped back." -> True
    """
    numbers = read_numbers(text)
    counted = any(number.kind != "clock" for number in numbers)
    return counted or bool(_QUANTITY.search(text) or _NAMES.search(text))
