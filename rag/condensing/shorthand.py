"""Follow-ups as people type them to each other -> in the words that the rules look for.

"whens it on", "how'd he get in", "y not", "u sure", "gap between em" become "when is it on", "how
did he get in", "why not", "you sure", "gap between them"; "he happy?" becomes "is he happy?".
Only what is left of them in the standalone question is seen; nothing else is respelt. A word with a
capital ("Guns N Roses"), or of an abbreviation ("U.S.", "U-turn"), is a name.
"""

import re

from rag.condensing.parsing import parse
from rag.condensing.vocabulary import BASE_VERBS

_WORDS = {
    "em": "them", "n": "and", "u": "you", "ur": "your", "b4": "before", "abt": "about",
    "cuz": "because", "coz": "because", "cos": "because", "ppl": "people", "yr": "year",
    "yrs": "years", "hrs": "hours", "mins": "minutes", "wks": "weeks", "govt": "government",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "whatre": "what are",
    "hes": "he is", "shes": "she is", "theyre": "they are", "theyve": "they have",
    "whens": "when is", "wheres": "where is", "whys": "why is", "hows": "how is",
    "whats": "what is", "whos": "who is", "thats": "that is",
    "whend": "when did", "whered": "where did", "whyd": "why did", "howd": "how did",
}  # fmt: skip
# Said in passing; they ask for nothing.
_IN_PASSING = re.compile(
    r"(?<![\w'’.&-])(?:btw|lol|omg|tbh|imo|pls|plz|innit|(?:ha){2,}h?)(?![\w'’-])[\s,]*"
    r"|^please\b[\s,]*|[\s,]*\bplease(?=\W*$)"
)
_REPLACED = (
    (re.compile(r"^y(?= (?:not|did|do|does|is|are|was|were|would|the|only|so|that)\b|\W*$)",
                re.IGNORECASE), "why"),
    (re.compile(r"\br(?= (?:they|you|u|we|there|the|these|those)\b)", re.IGNORECASE), "are"),
    (re.compile(r"\b(how|when|where|why|what)['’]d\b(?!.*\bbeen\b)", re.IGNORECASE), r"\1 did"),
    (re.compile(r"\bwho['’]d(?= (?:he|she|it|they|you|the)\b)", re.IGNORECASE), "who did"),
    (re.compile(r"\b(they|we|you|who|what|where|how|why)['’]re\b", re.IGNORECASE), r"\1 are"),
    (re.compile(r"\b(they|we|you|who)['’]ve\b", re.IGNORECASE), r"\1 have"),
    (re.compile(r"\b(he|she|it|they|we|you|who)['’]ll\b", re.IGNORECASE), r"\1 will"),
    (re.compile(r"\b(he|she|they|we|you)['’]d(?= (?:been|already|just|never|\w+ed)\b)",
                re.IGNORECASE), r"\1 had"),
    (re.compile(r"\b(he|she|they|we|you)['’]d\b", re.IGNORECASE), r"\1 would"),
    (re.compile(r"\b(he|she)s(?= (?:been|said|got|done|had)\b|$)"), r"\1 has"),
    (re.compile(r"\b((?:which|what) \w+)['’]s(?= (?:he|she|it|they|the)\b)", re.IGNORECASE),
     r"\1 is"),
)  # fmt: skip
_WORD = re.compile(r"(?<![\w'’.&/-])['’]?\w+(?![\w'’&/-]|\.\w)")
# "He hurt?" is asked with "is", "he pay?" with "did".
_DONE = frozenset("hurt found born".split())


def spell_out(question: str) -> str:
    """`question` in the words of the rules.

    Example: "how'd they get em?" -> "how did they get them?"
    """
    text = _IN_PASSING.sub("", question)
    for pattern, words in _REPLACED:
        text = pattern.sub(words, text)
    text = _WORD.sub(_spelt, text)
    return _with_auxiliary(text) if any(map(str.isalnum, text)) else question


def _spelt(match: re.Match[str]) -> str:
    word = match.group()
    meant = _WORDS.get(word.lower().lstrip("'’"))
    if meant is None or (word[:1].isupper() and (match.start() or word.isupper())):
        return word
    return meant.capitalize() if word[:1].isupper() else meant


def _with_auxiliary(text: str) -> str:
    """The text as a question: "is he happy" for "he happy", "did they win" for "they win"."""
    frame = parse(text)
    if frame.lows[:1] not in (("he",), ("she",), ("they",), ("it",)):
        return text
    if "x" in frame.tags or "m" in frame.tags:
        return text
    many = frame.lows[0] == "they"
    if frame.tags[1:2] == "v" and frame.lows[1] not in _DONE:
        return f"did {text}" if frame.lows[1] in BASE_VERBS else text
    if "v" in frame.tags[2:] or len(frame.words) < 2:
        return text
    return f"{'are' if many else 'is'} {text}"
