"""Who is said to have said a thing, or to have asked for it, and how two of them compare.

1. The speaker of a sentence is the name, or the indefinite noun ("one former officer"), beside its
   reporting verb, or after "according to".
2. Two sentences with one quotation of three words or more must have one speaker. An unnamed one
   beside a named one is less precise; two named ones are a contradiction.
3. Who asked: the name before "asked", "requested", after "request from", "asked by".
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.claims.vocabulary import REPORTING
from rag.comparison.events import name_persons
from rag.comparison.findings import Difference
from rag.comparison.sayings import Saying
from rag.values import plain, read_quotes

_UNNAMED = re.compile(
    r"\b(?:an?|one|some|several|two|three) (?:\w+ ){0,3}?(?:officers?|officials?|sources?"
    r"|analysts?|insiders?|witness(?:es)?|experts?|aides?|spokes(?:man|woman|person)|persons?|players?"
    r"|workers?|executives?|employees?|residents?|lawyers?|ministers?|colleagues?|friends?|man|woman)\b",
    re.IGNORECASE,
)
_MIN_QUOTED = 3
_ARTICLES = (("a",), ("an",), ("the",))
_MAX_APPOSITION = 12
_BEFORE_OTHERS = frozenset("to with under by of for from against about on at in".split())
_WORD = re.compile(r"\w[\w'’]*")


@dataclass(frozen=True, eq=False)
class Speaker:
    """Who says what a sentence quotes.

    Attributes:
        names: Its words as they are compared; empty for an unnamed one.
    """

    saying: Saying
    first: int
    last: int
    names: frozenset[str]
    quotes: frozenset[str]

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


def quoted_phrases(text: str) -> list[tuple[str, ...]]:
    """The words of each quotation of three words or more, as they are compared."""
    phrases = [tuple(map(plain, _WORD.findall(quote.text))) for quote in read_quotes(text)]
    return [phrase for phrase in phrases if len(phrase) >= _MIN_QUOTED
            and not _UNNAMED.fullmatch(" ".join(phrase))]  # fmt: skip


def read_speakers(saying: Saying, asked: Sequence[tuple[str, ...]] = ()) -> list[Speaker]:
    """The speaker of a sentence that quotes three words or more in a row.

    Args:
        saying: The sentence.
        asked: Quotations of the question: a sentence that has nearly all of the words of one in a
            row counts as quoting it, and then an organisation may be the speaker.
    """
    quotes = frozenset(" ".join(phrase) for phrase in quoted_phrases(saying.text))
    held = [phrase for phrase in asked if _holds(saying, phrase)]
    quotes |= {" ".join(phrase) for phrase in held}
    verbs = [k for k, base in enumerate(saying.bases)
             if base in REPORTING or base in ("words", "according", "account")]  # fmt: skip
    if not quotes or not verbs:
        return []
    spans = [(q.start, q.end) for q in read_quotes(saying.text)]
    options = [
        (*_nearest(saying, start, end, verbs), names)
        for start, end, names in _candidates(saying, organisations=bool(held))
        if not any(first <= start < last for first, last in spans)
    ]
    if not options:
        return []
    distance, first, last, names = min(options, key=lambda option: option[0])
    return [Speaker(saying, first, last, names, quotes)] if distance <= 3 else []


def _holds(saying: Saying, phrase: Sequence[str]) -> bool:
    """Whether all but one of the words of `phrase` stand close together in the sentence."""
    size = len(phrase) + 1
    return any(
        len(set(phrase) & set(saying.bases[k : k + size]))
        >= len(set(phrase)) - (size > _MIN_QUOTED)
        for k in range(max(len(saying.bases) - size + 1, 1))
    )


def _candidates(
    saying: Saying, *, organisations: bool
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Who may be the speaker: start, end and words of names and of unnamed persons."""
    persons = name_persons(saying)
    for name, person in persons:
        yield name.start, name.end, frozenset({person})
    if organisations:
        for name in saying.names:
            if all(name is not known for known, _ in persons):
                initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", name.text))
                known_as = {initials.lower()} if len(initials) > 1 else set()
                yield name.start, name.end, frozenset({*name.words, *known_as})
    for match in _UNNAMED.finditer(saying.text):
        yield match.start(), match.end(), frozenset()


def _nearest(saying: Saying, start: int, end: int, verbs: list[int]) -> tuple[int, int, int]:
    first, last = saying.place_at(start), saying.place_at(end - 1)
    behind = _behind_apposition(saying, first, last)
    return min(min(abs(first - v), abs(behind - v)) for v in verbs), first, last


def _behind_apposition(saying: Saying, first: int, last: int) -> int:
    """The comma before the verb in "Dal Babu, a former commander, said"; else the end of the name.

    Not of "in a letter to Dal Babu, the mayor, ...".
    """
    bases = saying.bases
    alone = not first or bases[first - 1] not in _BEFORE_OTHERS
    if alone and bases[last + 1 : last + 2] == (",",) and bases[last + 2 : last + 3] in _ARTICLES:
        for at in range(last + 3, min(last + 3 + _MAX_APPOSITION, len(bases) - 1)):
            if bases[at] in REPORTING:
                return last
            if bases[at] == ",":
                return at if bases[at + 1] in REPORTING else last
    return last


def comparable(one: Speaker, other: Speaker) -> bool:
    """Whether both quote the same words."""
    return bool(one.quotes & other.quotes)


def compare_speakers(one: Speaker, other: Speaker) -> Difference | None:
    """How two speakers of one quotation differ."""
    if one.names & other.names or (not one.names and not other.names):
        return None
    return "contradiction" if one.names and other.names else "precision"


_ASK_BEFORE = re.compile(
    r"(?P<who>(?:the )?(?:[A-Z][\w’'-]+(?: (?:of |the |and )?[A-Z][\w’'-]+)*)) "
    r"(?:has |had |have |was prompted to |\w+ly )?(?:ask(?:ed|s)?|request(?:ed|s)?"
    r"|call(?:ed|s)? for|appeal(?:ed|s)? for|order(?:ed|s)|demand(?:ed|s)?)\b"
)
_PROMPTED = re.compile(
    r"(?P<who>(?:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)),? (?:was|were) (?:prompted|forced|moved) to "
    r"(?:ask|request|call)\b"
    r"|\b(?:prompt|forc|lead|push|mov)(?:ed|ing|es|e|s)? (?P<who2>(?:the )?[A-Z][\w’'-]+"
    r"(?: [A-Z][\w’'-]+)*) to (?:turn to (?:\w+ ){1,4}?for|ask|request|call|appeal)\b"
)
_ASK_AFTER = re.compile(
    r"\b(?:requests?|appeal|demand|call) (?:from|by|of) (?P<who>(?:the )?[A-Z][\w’'-]+"
    r"(?: (?:of |the )?[A-Z][\w’'-]+)*)|\b(?:asked|requested|ordered|commissioned) by "
    r"(?P<who2>(?:the )?[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*)"
    r"|\b(?P<who3>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*) (?:request|appeal) for\b"
)


def read_askers(saying: Saying) -> list[Speaker]:
    """Who asked for something, as the sentence says."""
    askers = []
    for rule in (_PROMPTED, _ASK_AFTER, _ASK_BEFORE):
        for match in rule.finditer(saying.text):
            group = next(name for name, text in match.groupdict().items() if text)
            start, end = match.span(group)
            words = frozenset(
                plain(w) for w in re.findall(r"\w+", match.group(group)) if w[0].isupper()
            ) - {"the", "a", "it", "he", "she", "they", "some"}
            if words:
                askers.append(Speaker(saying, saying.place_at(start), saying.place_at(end - 1),
                                      words, frozenset()))  # fmt: skip
        if askers:
            return askers
    return askers
