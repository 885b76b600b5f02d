"""Questions for an amount, and whether a sentence gives any.

"how many", "how much", "what percentage": only a sentence with a number, an ordinal ("the third
time") or a word of quantity ("most", "a few", "none") answers. Of 1,212 written questions of this
kind that have an answer, 10 have one without any.
"""

import re

from rag.values import read_numbers

_ASKS = re.compile(
    r"\bhow (?:many|much)\b(?! of an?\b)"
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


def asks_amount(question: str) -> bool:
    """Whether `question` asks for a number or a quantity.

    Example: "how many officers handed in their permits?" -> True
    """
    return bool(_ASKS.search(question))


def gives_amount(text: str) -> bool:
    """Whether a sentence holds a number or a word of quantity; a time of day is none.

    Example: "Dozens of officers stepped back." -> True
    """
    numbers = read_numbers(text)
    return any(number.kind != "clock" for number in numbers) or bool(_QUANTITY.search(text))
