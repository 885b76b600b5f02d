"""One typed question -> the questions in it.

1. A question ends at "?" or ";", and where "and", "&" or "plus" is followed by a question word or
   an auxiliary with a subject of its own.
2. "Where was he shot, and when?" and "where and when was he shot?" ask two whole questions.
3. Not where both sides hang on one verb ("who resigned and was replaced by whom?"), in a clause
   inside ("did he say when he left and why he left?"), or between two of a kind ("the difference
   between what X said and what Y said").
4. What is left of fewer than three words stays with its neighbour.
"""

import re
from itertools import islice, pairwise, zip_longest

from rag.condensing.ellipsis import complete
from rag.condensing.parsing import parse
from rag.condensing.question_words import ask_otherwise

_START = (
    r"(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had|"
    r"can|could|will|would|should)"
)
_SENTENCE = re.compile(r"[?;]\s+(?=\S)")
_AND = re.compile(rf"(?:,|(?<=\S))\s(?:and|&|plus)\s(?:also\s)?(?={_START}\b)", re.IGNORECASE)
_ADVERB = r"(?:when|where|why|how)"
_BARE_AT_END = re.compile(
    rf"^(?P<whole>.+?),? (?:and|&|plus) (?:also )?(?P<bare>{_ADVERB}|by whom|who by)"
    r"(?: exactly)?[ ?.!]*$",
    re.IGNORECASE,
)
_TWO_AT_START = re.compile(
    rf"^\W*(?P<first>{_ADVERB}) (?:and|&) (?P<second>{_ADVERB}) (?P<rest>\S.+)$", re.IGNORECASE
)
_MIN_WORDS = 3
# Each part is a search of its own; what is asked beyond them is one part together.
MAX_PARTS = 4
_MAX_CUTS = 12


def split_question(question: str) -> list[str]:
    """The questions that `question` asks, 1 to MAX_PARTS, in order.

    Example: "Who was shot? When was the trial?" -> ["Who was shot?", "When was the trial?"]
    """
    parts: list[str] = []
    for sentence in _sentences(question):
        for clause in _clauses(sentence):
            parts += _shared(clause)
    if len(parts) < 2:
        return [question]
    if len(parts) > MAX_PARTS:
        parts[MAX_PARTS - 1 :] = [" ".join(parts[MAX_PARTS - 1 :])]
    return parts


def _sentences(question: str) -> list[str]:
    """The text between question marks; a short one stays with the one before it."""
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(question)), len(question)]
    found: list[str] = []
    for start, end in pairwise(cuts):
        text = question[start:end].strip()
        if found and (_short(text) or _short(found[-1])):
            found[-1] = f"{found[-1]} {text}".strip()
        elif text:
            found.append(text)
    return found


def _short(text: str) -> bool:
    return len(text.split()) < _MIN_WORDS


def _clauses(sentence: str) -> list[str]:
    found: list[str] = []
    start = 0
    matches = list(islice(_AND.finditer(sentence), _MAX_CUTS))
    for match, following in zip_longest(matches, matches[1:]):
        left = sentence[start : match.start()].strip(" ,")
        right = sentence[match.end() : following.start() if following else len(sentence)]
        if _two_questions(left, right.strip()) and len(found) < MAX_PARTS:
            found.append(left)
            start = match.end()
    return [*found, sentence[start:].strip()]


def _two_questions(left: str, right: str) -> bool:
    """Whether both sides of an "and" are questions by themselves."""
    if _short(left) or _short(right):
        return False
    first, second = parse(left), parse(right)
    if not second.wh_end:
        return second.aux == 0 and second.tags[1:2] in ("n", "d", "p")
    inside = [
        low for place, low in enumerate(first.lows)
        if first.tags[place] == "w" and place >= max(first.wh_end, 1)
    ]  # fmt: skip
    if second.lows[0] in inside:
        return False
    return not inside or second.aux >= 0


def _shared(clause: str) -> list[str]:
    """The questions of two question words in one clause, each whole; else the clause."""
    two = _TWO_AT_START.match(clause)
    if two and parse(f"{two['second']} {two['rest']}").aux == 1:
        return [f"{two[word].capitalize()} {two['rest']}" for word in ("first", "second")]
    bare = _BARE_AT_END.match(clause)
    if not bare or _short(bare["whole"]):
        return [clause]
    other = _with_word(bare["whole"], bare["bare"].lower())
    return (
        [f"{bare['whole'].rstrip(' ,')}?", f"{other[0].upper()}{other[1:]}?"] if other else [clause]
    )


def _with_word(question: str, word: str) -> str:
    """`question` with another question word, as a whole question; "" when that cannot be made.

    Example: "Who shot Bo Lund", "why" -> "why was Bo Lund shot"
    """
    whole = complete(word, question)
    if whole and not whole.endswith(f", and {word}"):
        return whole
    return ask_otherwise(parse(question), word)
