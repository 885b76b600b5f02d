"""Question -> what it asks for, and the words that an answer shares with it.

The first rule that fits decides: how many, when, where, why; who said it; who; what somebody's
work is; whether; else it is a general question, and sentences are compared with each other only.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rag.claims.vocabulary import IRREGULAR_PASTS, LIGHT, REPORTING, keys_of, stem_of
from rag.comparison.acts import read_acts
from rag.comparison.events import is_verb
from rag.comparison.findings import Attribute
from rag.values import tokenize

_START = r"^(?:\W*(?:and|so|but|then|exactly|in|at|on|by|from|since|until|to|for|with|of|about) )*"
_WORK = (
    r"(?:job|occupation|profession|trade|role|title|work|position|post|office|line of work"
    r"|career|living)"
)
_SAYING = (
    r"(?:said|says|say|ask(?:s|ed)?|request(?:s|ed)?|announce[sd]?|claim(?:s|ed)?|told|tells"
    r"|order(?:s|ed)?|call(?:s|ed)? for|demand(?:s|ed)?|report(?:s|ed)?|blame[sd]?|warn(?:s|ed)?"
    r"|describe[sd]?"
    r"|call(?:s|ed)(?! (?:the |an? |for )*(?:\d|police|ambulance|emergency|fire|help))"
    r"|made (?:the|a|that)|put|agreed|accept(?:s|ed)?"
    r"|reveal(?:s|ed)?|confirm(?:s|ed)?|initiated|invited)"
)  # fmt: skip
# "Who is ...": asks for a person, not for what somebody is.
_DOING = (
    r"first to|last to|the (?:first|last|next|new|current|old|former|one)\b|in charge|in command"
    r"|behind|responsible|to blame|at fault|captain|(?:head|chief|chair|owner) of|on (?:board|duty)"
)
_COUNT = r"(?:number|count|headcount|tally|total|figure) (?:of|for)\b"
_RULES: tuple[tuple[Attribute, str], ...] = (
    ("date", r"\bhow long (?:has|have)\b.{1,40}\bbeen \w|\bhow long since\b"),
    ("number", r"\bhow (?:many|much|old|long|far|large|big|high|tall|heavy|fast|often)\b"),
    ("number", rf"\b{_COUNT}"),
    ("number", r"\b(?:what|which|whats|what's)\b.{0,30}\b(?:number|figure|percentage|proportion"
               r"|share|total|toll|score|price|cost|amount|size|age|salary|fee|sum|count|strength"
               r"|majority|margin|rate)\b"),
    ("number", r"^\W*(?:the )?(?:death toll|toll|size|price|cost|length|age|population|value|weight"
               r"|height|capacity|speed|salary|turnout|crowd)\b"),
    ("date", _START + r"when\b|\bsince when\b"),
    ("date", r"^\W*(?:the )?(?:(?:exact|first|last|opening|closing) )?"
             r"(?:date|day|year|month|time)\b"),
    ("date", r"\b(?:what|which) (?:day|date|year|month|time|week|weekday)\b"),
    ("place", _START + r"(?:where|whereabouts)\b"),
    ("place", r"\b(?:what|which) (?:city|town|country|place|street|area|part|village|venue"
              r"|district|state|county|location)\b"),
    ("cause", _START + r"(?:why|how come)\b"),
    ("cause", r"\b(?:what|which) (?:\w+ ){0,2}?(?:caus|led|lead|prompt|trigger|spark|made|drove"
              r"|reason|provok|set off|start)"),
    ("cause", r"^\W*(?:reason|cause|motive)s?\b"),
    ("cause", r"\b(?:the|what) (?:reason|cause|motive|grounds?)\b|\bover what\b|\bfor what reason"),
    ("attribution", rf"\b(?:who|whom|which \w+|according to whom)\b.{{0,20}}\b{_SAYING}\b"),
    ("role", rf"\b(?:what|wot|whats)\b.{{0,40}}\b{_WORK}\b|\bwhat (?:did|does) .* do\b\W*$"
             r"|\bwhat does .* do (?:at|for)\b"),
    ("person", rf"^\W*who(?: (?:is|was)|'?s) (?:\w+ing|{_DOING})\b"),
    ("role", r"^\W*(?:who(?: (?:is|was)|'?s) [A-Z]|(?:who|what) (?:is|was|'s) (?:(?-i:[A-Z])|an? "
             r"|the (?:man|woman|victim|dead)))"),
    ("role", rf"^\W*(?:[\w'-]+ ){{1,3}}(?:{_WORK}|rank)(?: (?:at|in|with)\b.*)?\W*$"),
    ("role", r"\bhow (?:is|was) .* described\b"),
    ("person", r"\b(?:who|whom|whose|whos)\b"),
    ("status", r"\bhow(?: (?:is|are)|'?s) .* (?:doing|now|going)\W*$"
               r"|\b(?:will|going to) happen (?:to|with)\b"),
    ("status", r"\b(?:latest|right now|at the moment|still|any longer|any more|status"
               r"|current(?:ly)? state|what became|what happened to|where .{0,30} stand)\b"),
    ("polarity", r"^\W*(?:so |and |but )*(?:did|was|is|are|were|has|have|had|do|does|can|could"
                 r"|will|would|should)(?:n't)?\b|\bwhether\b|\byes or no\b|\bor not\b"
                 r"|\bis it true\b"),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(rule, re.IGNORECASE)) for kind, rule in _RULES)
_MONTH = r"\b(?:january|february|april|june|july|august|september|october|november|december)\b"
_HINTS: tuple[tuple[Attribute, re.Pattern[str]], ...] = (
    ("number", re.compile(r"\d|\b(?:hundred|thousand|million|dozen|score|number|figure)s?\b"
                          r"|\b(?:lot|few|many|some|enough|majority|most|half|all)\b.* or "
                          r"|\bor .*\b(?:lot|few|many|some|enough|majority|most|half|all)\b",
                          re.IGNORECASE)),
    ("date", re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|\bdated?s?\b|\bday\b"
                        rf"|\bwhen\b|{_MONTH}.*\bor\b|\bor\b.*{_MONTH}", re.IGNORECASE)),
    ("place", re.compile(r"\bwhere\b|\bplace\b|\blocation\b", re.IGNORECASE)),
    ("attribution", re.compile(r"\b(?:said|says|who|whose|words|from a|by a|named|quote[ds]?"
                               r"|according|talking)\b", re.IGNORECASE)),
)  # fmt: skip
_NAMES = frozenset("fred alfred jared ahmed mohammed mohamed muhammed syed sayed reed".split())
# "Who was charged with it?", not "who was Fred Lund?"
_WHO_WAS = re.compile(
    r"^\W*who(?: (?:is|was|were|are|has been|had been)|'?s) (?P<done>(?-i:[a-z]+)) "
    r"(?:with|for|by|in|at|over|to|after|from)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    rf"\b(?:how (?:many|much)\b(?: of\b)?|{_COUNT})"
    r"(?: (?:the|its|their|more)\b)?",
    re.IGNORECASE,
)
_ASKING = frozenset(
    """many much old far date day year month time reason cause caused whether exactly happened
    happen number figure total job occupation profession kind sort does tell say said says
    actually still articles article sources source reports report""".split()
)
# Words of conversation that news does not use.
_INFORMAL = {
    "cop": "officer", "cops": "officers", "coppers": "officers", "bobbies": "officers",
    "bloke": "man", "guy": "man", "blokes": "men", "guys": "men", "kids": "children",
    "squaddies": "soldiers", "beeb": "bbc", "telly": "television", "nicked": "arrested",
    "sacked": "dismissed", "quid": "pounds", "footie": "football", "pics": "pictures",
}  # fmt: skip
_AUXILIARIES = frozenset(
    """did does do is are was were has have had will would can could should been be in at by
    for of from that who with on to""".split()
)
_VERBS = frozenset("went came gave left got took died quit stood stepped handed returned".split())
_HAVING = re.compile(
    r"\b(?:have|has|had|in total|altogether|in all|are there|employs?|authorised|in the force"
    r"|total|strength|number of|were there|size)\b",
    re.IGNORECASE,
)
# "The number of officers who left" is a part of them.
_PART = re.compile(r"\bwho\b", re.IGNORECASE)
_OPEN = re.compile(
    r"^\W*(?:what (?:happened|has happened|is going on|is happening|do you know|about"
    r"|is the (?:story|news|latest))|tell me|summar|describe|explain|overview|news|latest|give me"
    r"|(?:who|what) (?:was|is))\b",
    re.IGNORECASE,
)
# A question with at most so many content words, that opens in such a way, is about all there is.
OPEN_WORDS = 3


@dataclass(frozen=True)
class Asked:
    """What a question asks for.

    Attributes:
        kind: The attribute; None for a general question.
        content: Its content words: each one's stem and all its keys.
        heads: Stems of the noun that "how many" asks to count, the last one first.
        whole: Whether it asks how many there are, and not how many did something.
        events: Keys and acts of all its words, those that report included: "announced".
        is_open: Whether it asks for all there is: "What happened to the army?".
        hints: Attributes that its words point to without asking in so many words: "scores or more
            than a hundred", "Sunday or Monday".
        about: The question, without its mark.
    """

    text: str
    kind: Attribute | None
    content: tuple[tuple[str, frozenset[str]], ...]
    heads: tuple[str, ...]
    whole: bool
    about: str
    events: frozenset[str]
    is_open: bool
    hints: frozenset[Attribute]

    @cached_property
    def words(self) -> frozenset[str]:
        """The `Token.base` of all its words, numbers and marks."""
        return frozenset(token.base for token in tokenize(self.text))


@lru_cache(maxsize=64)
def read_question(question: str) -> Asked:
    """What `question` asks for.

    Example: "How many officers handed in permits?" -> kind "number", heads ("offic",)
    """
    kind = next((kind for kind, rule in _COMPILED if rule.search(question)), None)
    done = _WHO_WAS.match(question)
    if kind == "role" and done and done["done"] not in _NAMES and is_verb(done["done"]):
        kind = "person"
    bases = [everyday(token.base) for token in tokenize(question)]
    content = {
        stem_of(base): keys_of(base)
        for base in bases
        if base[:1].isalpha()
        and base not in LIGHT
        and base not in _ASKING
        and base not in REPORTING
    }
    about = " ".join(question.split()).strip(" ?!.")
    whole = kind == "number" and bool(_HAVING.search(question)) and not _PART.search(question)
    hints = frozenset(kind for kind, rule in _HINTS if rule.search(question))
    events = frozenset(
        key for base in bases if base[:1].isalpha() and base not in LIGHT for key in keys_of(base)
    ) | {name for name, _, _ in read_acts(question)}
    is_open = (
        kind in (None, "role", "status")
        and len(content) <= OPEN_WORDS
        and (
            _OPEN.search(question) is not None
            or (len(content) < OPEN_WORDS and not question.strip().endswith("?"))
        )
    )
    return Asked(
        question,
        kind,
        tuple(content.items()),
        _heads(question),
        whole,
        about,
        events,
        is_open,
        hints,
    )


_VALUES: tuple[tuple[str, frozenset[Attribute]], ...] = (
    (rf"\b(?:how (?:many|much|old)\b|{_COUNT})", frozenset({"number"})),
    (r"\bwho(?:m|se)?\b", frozenset({"person"})),
    (rf"\bwho(?:m|se)?\b.{{0,20}}\b{_SAYING}\b", frozenset({"attribution"})),
    (r"\bwhen\b", frozenset({"date"})),
    (r"\bwhere\b", frozenset({"place"})),
    (r"\bwhy\b", frozenset({"cause"})),
    (r"^\W*which\b", frozenset({"person", "place", "role", "object"})),
)


def asks_for(question: str) -> frozenset[Attribute]:
    """What sorts of value answer a question; empty when it asks for none in so many words.

    Example: "When and where was he shot?" -> "date", "place"
    """
    found = [kinds for rule, kinds in _VALUES if re.search(rule, question, re.IGNORECASE)]
    return frozenset().union(*found)


def everyday(base: str) -> str:
    """What news would say for a word of conversation: "cops" -> "officers"."""
    return _INFORMAL.get(base, base)


def offers_choice(question: str) -> bool:
    """Whether it asks for one of two things: "guns or badges?"."""
    return re.search(r"\bor\b", question, re.IGNORECASE) is not None


def _heads(question: str) -> tuple[str, ...]:
    """The noun phrase after "how many", its last word first."""
    match = _HOW_MANY.search(question)
    if not match:
        return ()
    heads: list[str] = []
    for token in tokenize(question[match.end() :]):
        if not token.is_word or token.base in _AUXILIARIES or len(heads) == 4:
            break
        if not heads and token.base in _VERBS:
            break
        if heads and token.base.endswith("ed") and token.base not in ("armed", "injured"):
            break
        if heads and token.base in IRREGULAR_PASTS:
            break
        heads.insert(0, stem_of(_INFORMAL.get(token.base, token.base)))
    return tuple(heads)
