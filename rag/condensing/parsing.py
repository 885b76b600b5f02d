"""A question -> its words, what kind each is, and its phrases.

1. Words and marks, one pattern, no nesting; "who's" becomes "who is".
2. A tag for each word (`tagging`): wh-word, auxiliary, determiner, preposition, verb, else noun.
3. Phrases are runs of nouns with their determiner; a longer form takes "of ..." and "in ..." along.
4. The frame: wh-phrase, auxiliary, subject, the rest.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.condensing import vocabulary as v
from rag.condensing.tagging import HOW, opening, tag_words

_TOKEN = re.compile(r"[£$€@#]?\w+(?:[&£$€%@#/+’'.,\-]{1,3}\w+)*[%’']?|[^\w\s]")
_CONTRACTED = re.compile(
    r"\b(who|what|where|when|how|why|that|it|he|she|there)(?:['’]s|s(?<=whos|hats))\b"
    r"(?= ?(?:(?:been|got)\b)?)", re.IGNORECASE,
)  # fmt: skip
_ITS = re.compile(
    r"\bits(?= (?:(?:an?|the|not|been|going|really)\b|"
    rf"(?:{'|'.join(sorted(v.ADJECTIVES | v.ADVERBS))}|enough)(?: (?:to|that|for)\b|[ ?.!]*$)))",
    re.IGNORECASE,
)
_MAX_WORDS, _MAX_CHARS = 120, 1000


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: words `start` to `base_end` (and on to `full_end` with what hangs on it)."""

    start: int
    base_end: int
    full_end: int
    preposition: str
    is_subject: bool


@dataclass(frozen=True)
class Frame:
    """A question, taken apart.

    Attributes:
        words: As typed, without the question mark.
        lows: In small letters.
        tags: One letter a word: w wh-word, x auxiliary, d determiner, p pronoun, i preposition,
            c conjunction, r adverb, a adjective, v verb, n noun or name, m mark.
        wh_end: The words before it are the wh-phrase ("how many boats"); 0 when it has none.
        aux: Where the auxiliary before the subject is, or -1.
        subject_end: The words from the auxiliary to here are the subject.
        phrases: Its noun phrases, in order.
    """

    words: tuple[str, ...]
    lows: tuple[str, ...]
    tags: str
    wh_end: int
    aux: int
    subject_end: int
    phrases: tuple[Phrase, ...]

    def text(self, start: int, end: int | None = None) -> str:
        """The words `start` to `end`, as one text."""
        return join(self.words[start:end])

    @property
    def wh(self) -> str:
        """The wh-word with "many" or the like: "how many", "who", or ""."""
        if not self.wh_end:
            return ""
        place = next((i for i in range(self.wh_end) if self.tags[i] == "w"), 0)
        following = self.lows[place + 1] if place + 1 < len(self.lows) else ""
        if self.lows[place] == "how" and following in HOW:
            return f"how {following}"
        return self.lows[place]

    @property
    def subject(self) -> str:
        """The subject after the auxiliary, or ""."""
        return self.text(self.aux + 1, self.subject_end) if self.aux >= 0 else ""


def join(words: Sequence[str]) -> str:
    """Words and marks as one text."""
    text = " ".join(words)
    return re.sub(r" ([,;:.!?)\]”])", r"\1", text).replace("( ", "(").strip()


@lru_cache(maxsize=512)
def parse(question: str) -> Frame:
    """The frame of one question; only its first 1,000 characters are looked at.

    Example: "How many boats did Nordline add?" -> wh "how many", subject "Nordline"
    """
    text = _ITS.sub("it is", question[:_MAX_CHARS])
    text = _CONTRACTED.sub(lambda found: f"{found.group(1)} is", text)
    words = tuple(_TOKEN.findall(text)[:_MAX_WORDS])
    while words and words[-1] in "?!.;:,-–":
        words = words[:-1]
    lows = tuple(word.lower().replace("’", "'") for word in words)
    tags = tag_words(words, lows)
    wh_end, aux = opening(lows, tags)
    subject_end = _subject_end(lows, tags, wh_end, aux)
    phrases = tuple(_phrases(words, lows, tags, aux, subject_end))
    return Frame(words, lows, tags, wh_end, aux, subject_end, phrases)


def _subject_end(lows: Sequence[str], tags: str, wh_end: int, aux: int) -> int:
    start = place = aux + 1
    if aux < 0 or start >= len(tags) or tags[start] == "p":
        return start + (0 <= aux < len(tags) - 1)
    if lows[start + 1 : start + 3] in (("number", "of"), ("amount", "of")):
        place = start + 3  # with "the Met has got" and the like
        while place < len(tags) and tags[place] in "dnpxv" and lows[place] not in v.BE:
            place += 1
        return place
    copular = bool(wh_end) and lows[aux] in v.BE and "v" not in tags[start:]
    while place < len(tags) and not _ends_subject(lows, tags, place, aux, copular=copular):
        place += 1
    if place > start and lows[place : place + 1] == ("who",):
        return _clause_end(lows, tags, place)
    return place


def _clause_end(lows: Sequence[str], tags: str, who: int) -> int:
    """Where "who ..." after a subject ends: before the last verb, which is the question's own."""
    verbs = [
        place for place in range(who, len(tags))
        if tags[place] == "v" or lows[place] == "do"
        or (lows[place] in v.BASE_VERBS and tags[place - 1] not in "dia")
    ]  # fmt: skip
    return verbs[-1] if len(verbs) > 1 else len(tags)


def _ends_subject(lows: Sequence[str], tags: str, place: int, aux: int, *, copular: bool) -> bool:
    """Whether the subject after the auxiliary ends before the word at `place`."""
    tag = tags[place]
    if tag in "pxvrwm" or (tag == "a" and not copular):
        return True
    if tag == "a" and tags[place - 1] == "n" and lows[0] not in ("who", "whos"):
        return True  # "what was the deal worth?"
    if tag == "c":
        return lows[place] != "and" or tags[place + 1 : place + 2] not in ("n", "d")
    if tag == "i" and lows[place] != "of" and not copular:
        verb_follows = "v" in tags[place:]
        return lows[aux] in v.BE or not verb_follows or lows[place] == "to"
    return tag == "d" and place > aux + 1 and tags[place - 1] == "n"


def _phrases(
    words: Sequence[str], lows: Sequence[str], tags: str, aux: int, subject_end: int
) -> list[Phrase]:
    found: list[Phrase] = []
    place = 0
    while place < len(tags):
        if tags[place] not in "dn":
            place += 1
            continue
        start = place
        place += 1
        while place < len(tags) and tags[place] == "n" and lows[place] not in v.INDEFINITES:
            place += 1
        if _names_a_body(words, place):  # "the Bank of England"
            place += 2
        if tags[start:place].strip("d") == "" and lows[start] not in v.DEMONSTRATIVES:
            continue
        subject = start == aux + 1 if aux >= 0 else _before_verb(tags, start, place)
        before = lows[start - 1] if start and tags[start - 1] == "i" else ""
        full = max(_full_end(lows, tags, place), subject_end if subject and aux >= 0 else 0)
        found.append(Phrase(start, place, full, before, subject))
    return found


def _names_a_body(words: Sequence[str], of: int) -> bool:
    """Whether the words around "of" are one name."""
    if of < 2 or list(words[of : of + 1]) != ["of"] or of + 1 >= len(words):
        return False
    head, rest = words[of - 1], words[of + 1]
    if head in v.GROUPS and rest.islower() and rest not in v.DETERMINERS:
        return True  # "the ministry of defence"
    return (
        head[0].isupper() and rest[0].isupper() and not (head.isupper() or head.lower() in v.ROLES)
    )


def _before_verb(tags: str, start: int, end: int) -> bool:
    """Whether a phrase is the subject of a statement: nothing before it, a verb after it."""
    return set(tags[:start]) <= set("wdn") and tags[end : end + 1] in ("v", "x")


def _full_end(lows: Sequence[str], tags: str, end: int) -> int:
    """Where a phrase ends with the "of ...", "in ..." and names that hang on it."""
    while end + 1 < len(tags) and tags[end] == "i" and tags[end + 1] in "dn":
        if lows[end] in ("by", "before", "after", "during", "since", "until", "about", "as", "to"):
            break
        end += 2
        while end < len(tags) and tags[end] == "n":
            end += 1
        if tags[end : end + 2] == "cn" and lows[end] == "and" and not set(tags[end:]) & set("vx"):
            end += 2
            while end < len(tags) and tags[end] == "n":
                end += 1
    if lows[end : end + 1] == ("to",) and tags[end + 1 : end + 3] in ("vn", "vd"):
        end += 3  # "the plan to close schools"
        while end < len(tags) and tags[end] == "n":
            end += 1
    return end
