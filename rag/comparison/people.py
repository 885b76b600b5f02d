"""Who holds which office and does what work, as sentences say, and how two of them compare.

1. "NAME, a ROLE", "NAME was a ROLE", "ROLE NAME", "NAME, who is ROLE of" give a person a role: its
   noun and the words before it.
2. One person with two occupations that are no words for the same is a contradiction, unless one of
   the documents gives both; offices may be held together and differ only by their words ("finance
   minister", "foreign minister").
3. One office that only one can hold, with two persons, is a contradiction.
4. "Who ...?": two sentences that tell what is asked, each of one person, name different ones.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rag.claims.vocabulary import keys_of, stem_of
from rag.comparison.asking import Asked
from rag.comparison.events import name_persons, people_of_document
from rag.comparison.findings import Difference
from rag.comparison.sayings import MAX_LEXICON_CHARS, Saying

_OFFICES = frozenset(
    """minister secretary chancellor president chief head boss leader commissioner director
    chairman chairwoman chair mayor governor captain manager coach ambassador ceo executive
    founder owner senator mp judge prosecutor editor principal treasurer superintendent
    commander headteacher master adviser advisor curator""".split()
)
# Any of these may be said of whoever leads a body.
_TOP = frozenset(
    "chief head boss leader commissioner ceo executive president director manager".split()
)
# A head may be said to chair.
_HEADS = frozenset("head boss leader".split())
_CHAIRS = frozenset("chair chairman chairwoman chairperson".split())
# A director of these is not the one who leads.
_BRANCHES = frozenset(
    """sport financ oper medic technic artist music commerci communic news manag public
    secur""".split()
)
# Bodies without a name: "the club's chairman", "the force's head".
_BODIES = frozenset("club force firm compani group team union bodi agenc board chief".split())
# Of these one person holds one at a time, and the word before tells which.
_PORTFOLIOS = frozenset("minister secretary".split())
# Many hold these at a time.
_SHARED = frozenset("executive founder owner senator mp judge prosecutor commander head".split())
_WORK = frozenset(
    """driver teacher worker farmer builder baker butcher carpenter plumber painter writer
    author singer dancer actor actress waiter waitress lawyer banker trader engineer doctor
    tutor professor lecturer researcher designer developer programmer photographer presenter
    broadcaster miner sailor tailor barber hairdresser cleaner porter courier decorator
    gardener labourer roofer welder fitter joiner firefighter soldier paramedic pilot
    steward stewardess clerk accountant consultant entrepreneur shopkeeper trucker barrister
    solicitor bricklayer docker nurse chef cook guard student pupil architect athlete
    footballer cricketer boxer golfer rapper priest vicar imam rabbi model poet surgeon
    mechanic vet midwife dentist pharmacist electrician musician physician politician
    technician librarian beautician optician mathematician magician comedian historian
    policeman policewoman fireman businessman businesswoman salesman saleswoman postman
    fisherman fishermen tradesman craftsman blacksmith goldsmith locksmith shoemaker
    watchmaker filmmaker bartender caretaker receptionist secretary typist""".split()
)
_ISTS = re.compile(
    r"[a-z]{3,}(?:ologist|nalist|onist|inist|llist|artist|dentist|chemist|economist)"
)
# What ends "head of the Ossel Water Board", and the most words of it.
_CLOSING = frozenset(
    ", . ; : ( ) who that which in at for from and or with on was is said says".split()
)
_MAX_OF = 7
# Characters of a sentence within which a noun may be of the person who is named.
_NEAR = 80
# "The construction worker, who ...": who was named in so many characters before.
_THE_ONE = re.compile(r"\W*The ((?:[a-z][\w-]+ ){0,2}[a-z][\w-]+), (?:who|whose|aged|\d)")
_BEFORE = 200
_TWO_NAMES = re.compile(r"\b[A-Z]\w*\.? ([A-Z][\w-]*\w)")  # "Mr Lund", "Bo Lund"
_LEADING = {"chairs": "chair", "heads": "head", "leads": "leader", "runs": "head",
            "manages": "manager", "owns": "owner", "founded": "founder"}  # fmt: skip
_ARTICLE = frozenset("a an the his her their its".split())
_STOPS = frozenset(
    """, . ; : ( ) who that which of in at for from and or with on was is were said says to as "
    by - –""".split()
)


@dataclass(frozen=True, eq=False)
class Role:
    """A person with a role: tokens `first` to `last` are the role.

    Attributes:
        head: Its noun, small.
        others: Stems of the words before the noun, without articles.
        name: The first and the last token of the person's name; of the role itself where the name
            stands in a sentence before.
        of: Stems of what it is the head or director "of".
    """

    saying: Saying
    person: str
    first: int
    last: int
    head: str
    others: frozenset[str]
    name: tuple[int, int]
    of: frozenset[str] = frozenset()

    @property
    def value(self) -> str:
        """Its exact piece of the sentence; an office with the name of its holder."""
        if not self.is_office:
            return self.saying.piece(self.first, self.last)
        return self.saying.piece(min(self.first, self.name[0]), max(self.last, self.name[1]))

    @property
    def is_office(self) -> bool:
        """Whether it is an office and no occupation."""
        return self.head in _OFFICES


def read_roles(saying: Saying) -> list[Role]:
    """The roles that a sentence gives to persons."""
    roles: list[Role] = []
    bases = saying.bases
    for name, person in name_persons(saying):
        first, last = saying.place_at(name.start), saying.place_at(name.end - 1)
        at = last + 1
        if bases[at : at + 1] == ("'s",):
            continue
        while at < len(bases) and bases[at] in (",", "who", "is", "was", "formerly", "then",
                                                "had", "been", "the", "a", "an", "("):  # fmt: skip
            at += 1
        if at > last + 1:
            roles += _role(saying, person, (first, last), at, forward=True)
        led = bases[at : at + 1]
        if led and led[0] in _LEADING and bases[at - 1] == "who":
            of = frozenset(_stems_of_body(("of", *bases[at + 1 :]), 0))
            roles.append(Role(saying, person, at, at, _LEADING[led[0]], frozenset(), (first, last),
                              of))  # fmt: skip
        inserted = bases[first - 1 : first] == (",",) and bases[last + 1 : last + 2] == (",",)
        roles += _role(saying, person, (first, last), first - 1 - inserted, forward=False)
    return roles or _described(saying)


def _described(saying: Saying) -> list[Role]:
    """The work of "The plumber, who was 24, ...": of the one person whom the text before names."""
    match = _THE_ONE.match(saying.text)
    if not match:
        return []
    before = saying.evidence.document.text[: saying.evidence.start_char][-_BEFORE:]
    named = {word.lower() for word in _TWO_NAMES.findall(before)} & people_of_document(saying)
    last = saying.place_at(match.end(1) - 1)
    if len(named) != 1 or not is_work(saying.bases[last]):
        return []
    first = saying.place_at(match.start(1))
    others = frozenset(stem_of(base) for base in saying.bases[first:last])
    return [Role(saying, named.pop(), first, last, saying.bases[last], others, (first, last))]


def _role(
    saying: Saying, person: str, name: tuple[int, int], at: int, *, forward: bool
) -> list[Role]:
    """The role whose noun phrase starts at `at`, or ends there."""
    bases = saying.bases
    places: list[int] = []
    while 0 <= at < len(bases) and len(places) < 5 and bases[at] not in _STOPS:
        if bases[at] in _ARTICLE:
            if not forward:
                break
            at += 1
            continue
        places.append(at)
        at += 1 if forward else -1
    places.sort()
    heads = [p for p in places if bases[p] in _OFFICES or is_work(bases[p])]
    if not heads or (not forward and heads[-1] != places[-1]):
        return []
    head = heads[-1]
    if any(bases[p] in ("former", "ex", "deputy", "acting") for p in places):
        return []
    others = frozenset(stem_of(bases[p]) for p in places if p < head)
    of = frozenset(_stems_of_body(bases, head + 1))
    last = head + sum(1 for _ in takewhile(lambda base: base not in _CLOSING, bases[head + 1 :]))
    last = last if of and last - head <= _MAX_OF else head
    return [Role(saying, person, places[0], last, bases[head], others, name, of)]


def _stems_of_body(bases: Sequence[str], at: int) -> Iterator[str]:
    """The stems of "of the Water Board" at `at`."""
    if bases[at : at + 1] == ("of",):
        for base in takewhile(lambda base: base not in _STOPS, bases[at + 1 : at + 7]):
            if base not in _ARTICLE and base[:1].isalpha():
                yield stem_of(base)


def is_work(base: str) -> bool:
    """Whether a word is an occupation: "plumber", "violinist"."""
    return base in _WORK or _ISTS.fullmatch(base) is not None


def comparable(one: Role, other: Role) -> bool:
    """Whether it is one person, or one office that only one can hold."""
    if one.person == other.person:
        return one.is_office == other.is_office
    return (
        one.head == other.head
        and one.is_office
        and one.head not in _SHARED
        and (bool(one.others) and one.others == other.others)
    )


def compare_roles(one: Role, other: Role) -> Difference | None:
    """How two roles of a person, or two holders of an office, differ."""
    if one.person != other.person:
        return "contradiction"
    if keys_of(one.head) & keys_of(other.head):
        named = one.head == other.head and one.head in _PORTFOLIOS
        apart = named and one.others and other.others and not one.others & other.others
        return "contradiction" if apart else None
    if one.is_office:
        return None
    for here, there in ((one, other), (other, one)):
        text = here.saying.evidence.document.text[:MAX_LEXICON_CHARS]
        if re.search(rf"\b{re.escape(there.head)}\b", text, re.IGNORECASE):
            return None
    return "contradiction"


def compare_asked_roles(one: Role, other: Role) -> Difference | None:
    """How two roles of the person whom a question asks about differ, offices too.

    They do not where one document gives both, or both may mean that the person leads something.
    """
    found = compare_roles(one, other)
    if found or one.person != other.person or not (one.is_office or other.is_office):
        return found
    if (_leads(one) and _leads(other)) or _one_office(one.head, other.head):
        here, there = (role.of | role.others - _BODIES for role in (one, other))
        if here & there or not (here or there):
            return None
        return "contradiction" if here and there else "precision"
    return "precision" if _tells_both(one, other) else "contradiction"


def _one_office(one: str, other: str) -> bool:
    """Whether two nouns are of one office: "chair", "chairwoman"."""
    here, there = (head.removesuffix("woman").removesuffix("man") for head in (one, other))
    heads = (one in _HEADS and other in _CHAIRS) or (other in _HEADS and one in _CHAIRS)
    return here == there or heads or bool(keys_of(one) & keys_of(other))


def _leads(role: Role) -> bool:
    return role.head in _TOP and not role.others & _BRANCHES


def _tells_both(one: Role, other: Role) -> bool:
    """Whether the document of one of two roles has the noun of the other one beside the name."""
    for here, there in ((one, other), (other, one)):
        name, noun = re.escape(here.person), re.escape(there.head)
        near = rf"\b{name}\b[^.!?]{{0,{_NEAR}}}\b{noun}|\b{noun}\b[^.!?]{{0,{_NEAR}}}\b{name}\b"
        text = here.saying.evidence.document.text[:MAX_LEXICON_CHARS]
        if re.search(near, text, re.IGNORECASE):
            return True
    return False


@dataclass(frozen=True, eq=False)
class Doer:
    """The only person of a sentence that tells what "who" asks for."""

    saying: Saying
    first: int
    last: int
    person: str

    @property
    def value(self) -> str:
        """Its exact piece of the sentence."""
        return self.saying.piece(self.first, self.last)


def read_doers(saying: Saying, asked: Asked) -> list[Doer]:
    """The person of a sentence, when it names just one beside those of the question."""
    known = {stem for stem, _ in asked.content}
    named = [(name, p) for name, p in name_persons(saying) if stem_of(p) not in known]
    if len({person for _, person in named}) != 1:
        return []
    name, person = named[0]
    return [Doer(saying, saying.place_at(name.start), saying.place_at(name.end - 1), person)]
