"""Names of a text, by rules: capitalised words, titles, acronyms, full names and short ones.

A name is a run of capitalised words, joined by "of", "de", "&" and the like. The first word of a
sentence belongs to one only when the document has it with a capital letter elsewhere too, or when
another capitalised word follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.values.dates import MONTHS, WEEKDAYS
from rag.values.tokens import Token, tokenize
from rag.words import STOP_WORDS

TITLES = frozenset(
    """mr mrs ms miss mx dr sir dame lord lady prof professor president pm king queen prince
    princess judge justice rev gen col capt sgt sen rep gov""".split()
)
# What stands before the names of persons only: "Captain Ines Morrow".
_OFFICES = frozenset(
    """captain inspector detective superintendent constable sergeant commander colonel major
    lieutenant governor bishop councillor senator ambassador""".split()
)
_JOINERS = frozenset("of de van von bin al la du der den di da & - . to the for on in".split())
# Words that open sentences and are no names, beside the stop words.
_OPENERS = (
    frozenset(
        """
    about according across after again against all almost along already also although always among
    another any anyone around asked at back based because before behind below besides best between
    beyond both can could despite did do does don't down during each earlier either elsewhere even
    eventually every everyone everything few finally first following former four further get given
    here however how i'm i've i'd i'll if indeed inside instead it's just last later least less let
    let's like long look made make many may maybe meanwhile might more moreover most much must
    near nearly never new next no nobody none nor not nothing now officers often on once one only
    other others otherwise our out outside over overall perhaps please police previously probably
    rather read recently right same second see several shall should similarly since so some someone
    something sometimes soon still such sure take that's then there's therefore they're third those
    though three through thus today together tomorrow tonight too two under unless unlike until up
    upon us use very via want we've well what's whether while whoever within without yes yesterday
    yet you'll you're zero people one's
    """.split()
    )
    | STOP_WORDS
)
_INNER = frozenset("of the to for and on in & -".split())
_MAX_WORDS = 12


@dataclass(frozen=True, slots=True)
class Name:
    """A personal, organisation or place name.

    Attributes:
        text: `text[start:end]`.
        words: Its words as they are compared, without titles.
        title: The title before it ("mr", "sir"), or None.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    title: str | None = None


@dataclass(frozen=True)
class Lexicon:
    """What a document tells about the names in it.

    Attributes:
        capitals: Words that stand with a capital letter inside a sentence.
        small: Words that stand in small letters.
        names: All names, in order.
        acronyms: Acronym -> the words of its long form.
        people: Last words of names that are those of persons: they carry a title or an office, or
            stand alone after the full name.
    """

    capitals: frozenset[str]
    small: frozenset[str]
    names: tuple[Name, ...]
    acronyms: dict[str, tuple[str, ...]]
    people: frozenset[str]

    def has_name(self, words: Sequence[str]) -> bool:
        """Whether a name of the document holds these words, in this order and side by side."""
        wanted = tuple(words)
        return any(
            wanted == name.words[place : place + len(wanted)]
            for name in self.names
            for place in range(len(name.words) - len(wanted) + 1)
        )


@lru_cache(maxsize=256)
def read_lexicon(text: str) -> Lexicon:
    """The names, acronyms and persons of a whole document."""
    tokens = tokenize(text)
    capitals = frozenset(t.base for t in tokens if t.is_word and t.is_capital and not t.opens)
    small = frozenset(t.base for t in tokens if t.is_word and not t.is_capital)
    names = tuple(_names(text, tokens, capitals, small))
    return Lexicon(capitals, small, names, _acronyms(tokens), _people(names))


def read_names(text: str, lexicon: Lexicon | None = None) -> list[Name]:
    """The names of `text`, in order; dates and sentence openers are none.

    Example: "On Monday Sir Mark met Ms Lee." -> names "Sir Mark", "Ms Lee"
    """
    tokens = tokenize(text)
    inside = frozenset(t.base for t in tokens if t.is_word and t.is_capital and not t.opens)
    capitals = inside | lexicon.capitals if lexicon else inside
    return _names(text, tokens, capitals, lexicon.small if lexicon else frozenset())


def _names(
    text: str, tokens: Sequence[Token], capitals: frozenset[str], small: frozenset[str]
) -> list[Name]:
    names: list[Name] = []
    place = 0
    while place < len(tokens):
        if not _starts(tokens, place, capitals, small):
            place += 1
            continue
        after = _end(tokens, place)
        name = _name(text, tokens[place:after])
        if name is not None:
            names.append(name)
        place = after
    return names


def _named(token: Token) -> bool:
    """Whether a token can be a word of a name."""
    base = token.base.removesuffix("s")
    dated = token.base in MONTHS or base in WEEKDAYS
    return token.is_word and token.is_capital and token.text != "I" and not dated


def _starts(
    tokens: Sequence[Token], place: int, capitals: frozenset[str], small: frozenset[str]
) -> bool:
    """Whether a name starts at `place`."""
    token = tokens[place]
    if not _named(token) or (token.base in _OPENERS and not _acronym_like(token)):
        return False
    if not token.opens or token.base in TITLES or _acronym_like(token):
        return True
    if "'" in token.base or (token.base in small and token.base not in capitals):
        return False
    follows = place + 1 < len(tokens) and _named(tokens[place + 1])
    return token.base in capitals or follows


def _acronym_like(token: Token) -> bool:
    letters = token.text.replace(".", "")
    return len(letters) > 1 and letters[:2].isupper()


def _end(tokens: Sequence[Token], place: int) -> int:
    """The token after the name that starts at `place`."""
    after = place + 1
    while after < len(tokens) and after - place < _MAX_WORDS:
        if _named(tokens[after]):
            after += 1
            continue
        ahead = after
        while ahead < len(tokens) and ahead - after < 2 and tokens[ahead].base in _JOINERS:
            ahead += 1
        if ahead == after or ahead >= len(tokens) or not _named(tokens[ahead]):
            break
        if not _joined(tokens[after - 1], tokens[after:ahead], tokens[ahead]):
            break
        after = ahead + 1
    return after


def _joined(before: Token, joiners: Sequence[Token], following: Token) -> bool:
    """Whether a name goes on across these small words and marks."""
    words = [token.base for token in joiners]
    if words == ["."]:  # "Mr. Li", "J. Smith"; else a sentence ends
        return (before.base in TITLES or len(before.base) == 1) and not following.opens
    if words == ["-"]:
        return joiners[0].glued and following.glued
    if words[0] in (".", "-") or before.text.endswith(("'s", "’s")):
        return False
    return words in (["of"], ["&"], ["of", "the"]) or words[0] in ("de", "van", "von",
        "bin", "al", "la", "du", "der", "den", "di", "da")  # fmt: skip


def _name(text: str, tokens: Sequence[Token]) -> Name | None:
    """The name that these tokens are."""
    title = tokens[0].base if tokens[0].base in TITLES and len(tokens) > 1 else None
    plain_words = [t.base for t in tokens if t.is_word and t.base not in _INNER]
    # A title alone ("the Justice") is a name like any other.
    words = tuple(word for word in plain_words if word not in TITLES) or tuple(plain_words)
    if not words:
        return None
    start, end = tokens[0].start, tokens[-1].end
    return Name(start, end, text[start:end], words, title)


def _acronyms(tokens: Sequence[Token]) -> dict[str, tuple[str, ...]]:
    """Acronyms that the text introduces: "Military Aid (MA)", "Military Aid, or MA"."""
    found: dict[str, tuple[str, ...]] = {}
    for place, token in enumerate(tokens):
        if not _acronym_like(token) or not 2 <= len(token.base) <= 8 or place < 3:
            continue
        before = tokens[place - 1].base
        if before == "(":
            last = place - 2
        elif before == "or" and tokens[place - 2].base == ",":
            last = place - 3
        else:
            continue
        words = long_form([t.base for t in tokens[max(last - 11, 0) : last + 1]], token.base)
        if words:
            found.setdefault(token.base, words)
    return found


def long_form(words: Sequence[str], acronym: str) -> tuple[str, ...]:
    """The words at the end of `words` whose first letters spell `acronym`; () when none do.

    Small words such as "of" and "to the" may be skipped.

    Example: ["by", "military", "aid", "to", "the", "civil", "authorities"], "maca" -> the last six
    """
    letters = list(acronym)
    place = len(words) - 1
    while place >= 0 and letters:
        word = words[place]
        if word[:1] == letters[-1]:
            letters.pop()
        elif word not in _INNER and word != "'":
            return ()
        place -= 1
    return () if letters else tuple(w for w in words[place + 1 :] if w not in _INNER and w != "'")


def _people(names: Sequence[Name]) -> frozenset[str]:
    titled = {name.words[-1] for name in names if name.title and name.title not in ("pm",)}
    titled |= {n.words[-1] for n in names if len(n.words) > 1 and n.words[0] in _OFFICES}
    full = {name.words[-1] for name in names if 2 <= len(name.words) <= 4}
    alone = {name.words[0] for name in names if len(name.words) == 1}
    return frozenset(titled | (full & alone))
