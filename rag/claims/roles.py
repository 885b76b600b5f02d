"""Who did what: whether the names and numbers of a claim stand with the same words as in the lines.

1. Each name and number is linked to the nearest content words before and after it: it is the
   "subject" of those after it and the "object" of those before it.
   A number is linked to what it counts.
2. In the passive ("was charged by"), and after "said", the two change places.
3. When the links of A in the claim are those of B in the lines, and the other way round, more
   than each has its own, somebody has swapped them.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.claims.lines import Source
from rag.claims.vocabulary import LIGHT, REPORTING, stem_of
from rag.values import Lexicon, Token, read_names, read_numbers, tokenize

_BE = frozenset("is are was were be been being am get got gets".split())
_STOPS = frozenset(".;:!?,")
_SAID = frozenset("said says added adds explained argued wrote stated noted insisted".split())
_PARTICIPLES = frozenset(
    """lost won made built held sold paid told led bought caught taught sent met cut hit put shot
    known shown grown thrown drawn seen done gone begun sung struck found kept left set said read
    fought brought thought sought understood heard spent lent bound hurt shut spread withdrawn
    overthrown laid fed bred""".split()
)
_PAST = frozenset("beat gave took saw wrote knew chose drove hid spoke struck threw".split())
_AUXILIARIES = frozenset("has have had also then later who which not never".split())
_ARTICLES = frozenset("the a an his her its their mr ms mrs sir dr".split())
_ACTORS = frozenset(
    """minister secretary president commissioner chancellor mayor governor senator judge court jury
    government ministry parliament union federation company firm army police council committee
    league club owner manager coach chairman regulator agency bank spokesman spokeswoman victim
    suspect prosecutor lawyer driver teacher student doctor patient husband wife father mother son
    daughter brother sister""".split()
)
_REACH = 10
_LINKS = 3


@dataclass
class _Entity:
    """A name or number: where it stands, and the (role, stem) pairs that it is linked to."""

    key: str
    number: bool
    places: list[tuple[int, int]] = field(default_factory=list)
    links: set[tuple[str, str]] = field(default_factory=set)
    direct: set[tuple[str, str]] = field(default_factory=set)


def role_problem(claim: str, source: Source) -> str | None:
    """Two names or numbers of the claim that have changed places."""
    lexicon = source.lexicons[0] if source.lexicons else None
    claimed = _entities(claim, lexicon)
    given = _entities(source.text, lexicon)
    shared = [key for key in claimed if key in given]
    for key in shared:
        problem = _taken_place(key, claimed, given)
        if problem is not None:
            return problem
    for one, other in itertools.combinations(shared, 2):
        a, b, x, y = claimed[one].links, claimed[other].links, given[one].links, given[other].links
        own = len(a & x) + len(b & y)
        cross = len(a & y) + len(b & x)
        if claimed[one].number == claimed[other].number and cross > own and a & y and b & x:
            return f'the cited lines have "{one}" and "{other}" the other way round'
    return None


def _taken_place(key: str, claimed: dict[str, _Entity], given: dict[str, _Entity]) -> str | None:
    """Somebody in the role that the lines give to somebody else, or in the contrary role."""
    own, known = claimed[key].direct, given[key].direct
    for role, verb in own - known:
        contrary = ("object" if role == "subject" else "subject", verb)
        if contrary in known and contrary not in own:
            return f'the cited lines have the other role for "{key}" ("{verb}")'
        for other, entity in given.items():
            if (role, verb) in entity.direct and other not in claimed and other != key:
                return f'the cited lines say this of "{other}", not of "{key}"'
            mine = claimed.get(other)
            if (role, verb) in entity.direct and mine and contrary in mine.direct:
                return f'the cited lines have "{key}" and "{other}" the other way round'
    return None


def _entities(text: str, lexicon: Lexicon | None) -> dict[str, _Entity]:
    """The names (by their last word) and numbers of `text`, with their links."""
    tokens = tokenize(text)
    bearers = _bearers(lexicon) if lexicon else {}
    spans = [
        (name.start, name.end, bearers.get(name.words[-1], name.words[-1]), False)
        for name in read_names(text, lexicon)
    ]
    taken = [(start, end) for start, end, *_ in spans]
    spans += [
        (number.start, number.end, f"{number.value:g}", True)
        for number in read_numbers(text)
        if number.kind != "ordinal" and not any(start <= number.start < end for start, end in taken)
    ]
    taken = [(start, end) for start, end, *_ in spans]
    spans += [
        (token.start, token.end, token.base, False)
        for token in tokens
        if token.base in _ACTORS and not any(start <= token.start < end for start, end in taken)
    ]
    found: dict[str, _Entity] = {}
    inside: set[int] = set()
    for start, end, key, number in spans:
        places = [k for k, token in enumerate(tokens) if start <= token.start < end]
        inside.update(places)
        entity = found.setdefault(key, _Entity(key, number))
        entity.places.append((places[0], places[-1]))
    for entity in found.values():
        for first, last in entity.places:
            read = _counted if entity.number else _links
            entity.links.update(read(tokens, first, last, inside))
            if not entity.number:
                entity.direct.update(_direct(tokens, first, last))
    return found


def _bearers(lexicon: Lexicon) -> dict[str, str]:
    """First name -> surname, of those who are called "Sir Mark" as well as "Mark Rowley"."""
    called = {name.words[0] for name in lexicon.names if name.title and len(name.words) == 1}
    return {
        name.words[-2]: name.words[-1]
        for name in lexicon.names
        if len(name.words) >= 2 and name.words[-2] in called
    }


def _links(
    tokens: Sequence[Token], first: int, last: int, inside: set[int]
) -> Iterator[tuple[str, str]]:
    """(role, stem) of the nearest content words around the tokens `first`..`last`."""
    by = tokens[first - 1].base == "by" if first else False
    for place in _content(tokens, range(last + 1, min(last + 1 + _REACH, len(tokens))), inside):
        passive = _passive(tokens, place)
        yield ("object" if passive else "subject", stem_of(tokens[place].base))
    for place in _content(tokens, range(first - 1, max(first - 1 - _REACH, -1), -1), inside):
        word = tokens[place].base
        turned = (by and _passive(tokens, place)) or (word in _SAID and place >= first - 1)
        yield ("subject" if turned else "object", stem_of(word))


def _direct(tokens: Sequence[Token], first: int, last: int) -> Iterator[tuple[str, str]]:
    """(role, stem) of the verb that touches a name, but for an auxiliary or an adverb."""
    after = last + 1
    while after < len(tokens) and _passed_over(tokens[after]):
        after += 1
    if after < len(tokens) and _is_verb(tokens[after].base):
        role = "object" if _passive(tokens, after) else "subject"
        yield role, stem_of(tokens[after].base)
    before = first - 1
    by = before >= 0 and tokens[before].base == "by"
    before -= by
    while before >= 0 and (tokens[before].base in _ARTICLES):
        before -= 1
    if before >= 0 and _is_verb(tokens[before].base) and by == _passive(tokens, before):
        yield "subject" if by else "object", stem_of(tokens[before].base)


def _passed_over(token: Token) -> bool:
    return token.base in _BE | _AUXILIARIES or token.base.endswith("ly")


def _is_verb(base: str) -> bool:
    """Whether a word looks like a verb with an object; "said Smith" is "Smith said"."""
    if base in REPORTING and base not in ("told", "warned"):
        return False
    return base.endswith("ed") or base in _PARTICIPLES or base in _PAST


def _counted(
    tokens: Sequence[Token], first: int, last: int, inside: set[int]
) -> Iterator[tuple[str, str]]:
    """What a number counts: the next content word, when it is near."""
    near = range(last + 1, min(last + 5, len(tokens)))
    for place in _content(tokens, near, inside)[:1]:
        yield ("counted", stem_of(tokens[place].base))


def _content(tokens: Sequence[Token], places: range, inside: set[int]) -> list[int]:
    found: list[int] = []
    for place in places:
        token = tokens[place]
        if token.base in _STOPS or len(found) == _LINKS or (found and place in inside):
            break
        counts = token.base not in LIGHT or token.base in REPORTING
        if token.is_word and place not in inside and counts and not token.base.endswith("ly"):
            found.append(place)
    return found


def _passive(tokens: Sequence[Token], place: int) -> bool:
    """Whether the word is a participle after a form of "be"."""
    base = tokens[place].base
    if not base.endswith(("ed", "en")) and base not in _PARTICIPLES:
        return False
    return any(tokens[k].base in _BE for k in range(max(place - 2, 0), place))
