"""What a sentence says that happens: acts in all their wordings, verbs, and who is named.

An act is a thing that news tells in many words ("handed in", "gave up", "stood down"). Two values
belong to one event when the words next to them name the same act or the same verb. Acts of which
one undoes the other are steps of one story, and so are plans and what came of them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.claims.vocabulary import LIGHT, REPORTING, keys_of
from rag.comparison.sayings import MAX_LEXICON_CHARS, Saying, clauses_of, content_of
from rag.values import Name, Token, is_negation, read_lexicon, tokenize

_THING = r"(?:(?:in|over|up|back) )?(?:the |their |his |her |its )?(?:\w+ )?"
_ACT_RULES = {
    "resign": r"resign\w*|quit(?:s|ting)?",
    "dismiss": r"sack(?:s|ed|ing)?|fired (?:by|from|as)|dismissed|lost (?:his|her|their) jobs?",
    "withdraw": r"step(?:s|ped|ping)? (?:back|aside|away)|st(?:and|ood|ands|anding) down"
    rf"|(?:hand|turn|give|gave|given|surrender)(?:s|ed|ing)? {_THING}"
    r"(?:permit|gun|weapon|licen[cs]e|ticket|badge|firearm)\w*"
    r"|(?:hand|turn|giv|gav)(?:e|s|ed|ing)? (?:in|up)"
    r"|down(?:ed|ing)? (?:\w+ )?(?:tools|guns|weapons|arms)"
    r"|laid down|lay(?:ing)? down|walk(?:ed|ing)? out|pull(?:ed|ing)? out",
    "return": r"return(?:s|ed|ing)?|(?:are|were|is|was|be|now|come|came|coming|go|gone|went"
    r"|had gone|going) back|reinstat\w+",
    "resume": r"resum\w+|restart\w*",
    "die": r"passe[sd] away|die[sd]?|dying|dead|deaths?|kill(?:s|ed|ing)?|fatal\w*|perish\w*"
    r"|drown(?:ed|ing)|lost their lives|lives (?:were )?lost|death toll|murder(?:ed)?",
    "hurt": r"injur\w+|wounded|hurt|hospitali[sz]ed",
    "arrest": r"arrest\w*|detain\w*|in custody|held (?:by|on|for|over)",
    "release": r"released|freed|let go|bailed",
    "missing": r"missing|unaccounted|disappear\w*",
    "found": r"(?:was|were|been|is) (?:\w+ )?(?:found|located|rescued|recovered)|turned up",
    "cut_jobs": r"(?:cut|cuts|cutting|shed|axe|axed|axing|lose|losing) (?:\S+ ){0,5}?jobs"
    r"|lay(?:ing)? off|laid off|redundan\w+|job (?:cuts|losses)|layoffs?",
    "evacuate": r"evacuat\w+|fled|flee(?:ing)?|displaced|forced (?:out|from)",
    "attend": r"attend\w*|crowd\w*|march(?:ed|ing|ers)?|took part|turn(?:ed)? out|gathered"
    r"|spectators|turnout|demonstrators|protesters",
    "pay": r"pa(?:y|id|ys|ying)|cost\w*|price\w*|worth|bought|buy\w*|acquir\w+|purchas\w+|deal\b"
    r"|takeover|valued|fee\b",
    "offer": r"offer(?:s|ed|ing)?|volunteer(?:s|ed|ing)?|came forward|come forward",
    "request": r"requests?|requested|requesting|(?:was|were|been|to) ask(?:ed)?|asked for",
    "shoot": r"shot(?!s)|shoot\w*|gunshot|opened fire|fired (?:a|at|the|into)",
    "charge": r"charg(?:ed|es|ing)|prosecut\w+|murder charge|bring a charge",
    "strike": r"strik(?:e|es|ing|ers)|walk-?outs?|industrial action|protest\w*",
    "close": r"clos(?:ed|ure|ing|es)|shut\w*|suspend\w*",
    "reopen": r"re-?open\w*",
    "standby": r"on standby|standing by|stand-?by|in reserve|mobili[sz]\w+|on alert"
    r"|wait(?:s|ing)? in",
    "end": r"ended|ends(?! up)|come to an end|came to an end|no longer|withdrawn|lifted|over by"
    r"|w(?:ind|ound|inds) down|fad(?:es|ed|ing)|extinguished|brought under control"
    r"|not? (?:longer )?needed(?: any)?|put out|stopped",
    "stand_down": r"st(?:ood|ands?|anding) down",
    "cancel": r"cancel\w*|call(?:ed|s|ing)? off|withdr[ae]w(?:s|n)?|scrap(?:ped|s)?|abandon\w*"
    r"|dropped|collapsed|shelved|axed|fell through|broke(?:n)? down|ditched|pulled out|halted"
    r"|postponed|blocked",
    "verdict": r"acquitted|cleared|convicted|found guilty|found not guilty|sentenced|jailed",
    "agree": r"agreed|agreement|struck a deal|accepted|approved|signed",
    "trapped": r"trapped|stranded|stuck",
    "rescued": r"rescued|freed|brought out|pulled (?:out|free|from)",
    "ill": r"critical(?:ly)?|intensive care|in hospital|life support",
    "discharged": r"discharged|recovered|left hospital|went home",
    "burning": r"burning|out of control|raging",
}  # fmt: skip
_ACTS = {name: re.compile(rf"\b(?:{rule})\b", re.IGNORECASE) for name, rule in _ACT_RULES.items()}
# Of two outcomes for one person only one can be: they left in one way.
RIVALS = (
    frozenset({"resign", "withdraw"}),
    frozenset({"resign", "dismiss"}),
    frozenset({"offer", "request"}),
)
# What was so -> what ended or fulfilled it.
SEQUELS: dict[str, frozenset[str]] = {
    "standby": frozenset({"end", "cancel", "stand_down"}),
    "agree": frozenset({"cancel"}),
    "withdraw": frozenset({"return", "resume"}),
    "strike": frozenset({"end", "cancel", "return", "resume"}),
    "arrest": frozenset({"release"}),
    "missing": frozenset({"found", "die"}),
    "close": frozenset({"reopen", "resume"}),
    "trapped": frozenset({"rescued", "die"}),
    "ill": frozenset({"discharged", "die"}),
    "burning": frozenset({"end"}),
    "evacuate": frozenset({"return"}),
    "charge": frozenset({"verdict", "cancel"}),
}
_IRREGULAR = frozenset(
    """shot hit met told wrote took left went came began won lost beat broke fell rose gave
    held made led sold bought paid sent said ran sank struck drew spoke chose drove flew
    grew knew saw sat stood swore swam threw woke wore built caught dealt fought found got
    heard kept laid lay sought slept spent stole taught thought understood cut put set quit
    shut read born died opens become became fired""".split()
)
_NO_VERBS = frozenset(
    """armed unarmed hundred united red bed need seed speed feed breed indeed weed shed wed
    hatred sacred unnamed named aged alleged limited detailed so-called planned related""".split()
)
_EVENT_NOUNS = frozenset(
    """shooting killing death murder arrest attack crash election launch opening announcement
    resignation appointment verdict explosion earthquake flood storm wedding birth""".split()
)


@lru_cache(maxsize=4096)
def read_acts(text: str) -> tuple[tuple[str, int, int], ...]:
    """The acts that `text` tells of, each with its offsets, in order.

    Example: "They stood down, then returned." -> withdraw 5-15, return 22-30
    """
    found = [
        (name, match.start(), match.end())
        for name, rule in _ACTS.items()
        for match in rule.finditer(text)
    ]
    return tuple(sorted(found, key=lambda act: act[1:]))


def acts_near(saying: Saying, place: int, reach: int = 14) -> frozenset[str]:
    """The acts of the clause around token `place`, at most `reach` tokens off."""
    return frozenset(
        name
        for name, start, _ in read_acts(saying.text)
        if abs((at := saying.place_at(start)) - place) <= reach
        and saying.clauses[at] == saying.clauses[place]
    )


def is_verb(base: str) -> bool:
    """Whether a word looks like a verb in the past, or like the noun of an event."""
    if base in _NO_VERBS:
        return False
    return (base.endswith("ed") and len(base) > 3) or base in _IRREGULAR or base in _EVENT_NOUNS


def verbs_near(saying: Saying, first: int, last: int, *, reach: int = 12, limit: int = 1
               ) -> frozenset[str]:  # fmt: skip
    """Keys of the verbs nearest to the tokens `first` to `last`, in their clause."""
    clause = saying.clauses[first]
    places = [
        place
        for place, base in enumerate(saying.bases)
        if saying.clauses[place] == clause
        and not first <= place <= last
        and (is_verb(base) or _is_infinitive(saying, place))
        and (saying.tokens[place].opens or not saying.tokens[place].is_capital)
        and base not in _SAYING
        and min(abs(place - first), abs(place - last)) <= reach
    ]
    places.sort(key=lambda place: min(abs(place - first), abs(place - last)))
    keys = {
        key for place in places[:limit] for key in keys_of(saying.bases[place])
        if key[0] != "#" or saying.bases[place] not in _LIGHT_VERBS
    }  # fmt: skip
    acts = {
        name
        for name, start, end in read_acts(saying.text)
        if any(start <= saying.tokens[place].start < end for place in places[:limit])
    }
    return frozenset(keys | acts)


def _is_infinitive(saying: Saying, place: int) -> bool:
    """Whether the word follows "to" or a modal: "to announce", "will open"."""
    before = saying.bases[max(place - 1, 0) : place]
    return (
        bool(before)
        and before[0] in _MODALS
        and saying.bases[place] not in LIGHT
        and (saying.tokens[place].is_word and not saying.tokens[place].is_capital)
    )


# Verbs that mean too many things to have synonyms.
_LIGHT_VERBS = frozenset(
    "took made gave went came got put set held left led found kept ran".split()
)
_MODALS = frozenset("to will would can could may might must shall should".split())
# When something was said tells nothing about when it happened.
_SAYING = (REPORTING | {"had", "been"}) - frozenset(
    """announce announces announced announcing declare declared reported revealed reveal
    disclosed published""".split()
)


@lru_cache(maxsize=512)
def _full_names(text: str) -> dict[str, str]:
    """First name -> last name, for each full name of a document."""
    table: dict[str, str] = {}
    for name in read_lexicon(text).names:
        if 2 <= len(name.words) <= 3:
            table.setdefault(name.words[0], name.words[-1])
    return table


def name_persons(saying: Saying) -> list[tuple[Name, str]]:
    """The names of persons in the sentence, each with the last name of its bearer, in order.

    A name with a title, one that the document uses alone after a full one, and what looks like a
    full name; "Sir Mark" is "rowley" where the document has "Mark Rowley".
    """
    whole = saying.evidence.document.text
    text = whole if len(whole) <= MAX_LEXICON_CHARS else saying.text
    people, full = read_lexicon(text).people, _full_names(text)
    found = []
    for name in saying.names:
        last = name.words[-1]
        if len(name.words) == 1 and name.title:
            last = full.get(last, last)
        known = last in people or name.title or len(name.words) == 2
        if known and not name.text.isupper() and not _NO_PERSON & set(name.words) and (
            " of " not in name.text
        ):  # fmt: skip
            found.append((name, last))
    return found


def subject_before(saying: Saying, place: int, reach: int = 8) -> frozenset[str]:
    """Stems of the content words that are no verbs, up to `reach` tokens before `place`.

    They stand in its clause: mostly the subject, of which something is said there.
    """
    return frozenset(
        stem
        for at, stem in saying.content
        if place - reach <= at < place
        and saying.clauses[at] == saying.clauses[place]
        and not is_verb(saying.bases[at])
    )


def people_in(saying: Saying) -> frozenset[str]:
    """Last names of the persons that the sentence names."""
    return frozenset(last for _, last in name_persons(saying))


def different_people(one: Saying, other: Saying) -> bool:
    """Whether both sentences name persons, and none of them is the same."""
    here, there = people_in(one), people_in(other)
    return bool(here and there and not here & there)


_NO_PERSON = frozenset(
    """police office ministry minister secretary court council force army service authority
    group company club party union bank university college school hospital street road park
    city county north south east west greater great new united scotland london federation
    constabulary kingdom states street airport station house league cup times news post bbc
    parliament island lake river airlines committee commission department agency board
    association foundation yard law radio tv television bbc cnn nhs royal national
    international central supreme high white""".split()
)


def read_denials(saying: Saying) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Each word that denies, with the places of the content words that it denies, in order.

    "not", "never": up to four words after it. "no X": X and the verb before it. "denied that",
    "rejected reports": the rest of the clause. "failed to X": X and what follows. "declined to say"
    denies nothing of what is told.

    Example: "It was not a co-ordinated protest." -> "not": "co", "ordinated", "protest"
    """
    return _denials_of(saying.text)


@lru_cache(maxsize=4096)
def _denials_of(text: str) -> tuple[tuple[int, tuple[int, ...]], ...]:
    tokens, clauses = tokenize(text), clauses_of(text)
    bases, content = [token.base for token in tokens], [place for place, _ in content_of(text)]
    found = []
    for place, base in enumerate(bases):
        if not _denies(tokens, place):
            continue
        reach, most = (16, 8) if base in _DENIERS else (6, 4)
        scope = [
            at for at in content
            if place < at <= place + reach and clauses[at] == clauses[place]
        ][:most]  # fmt: skip
        if base == "no":
            scope = [*[at for at in content if place - 4 <= at < place][-1:], *scope]
        if scope:
            found.append((place, tuple(scope)))
    return tuple(found)


def _denies(tokens: Sequence[Token], place: int) -> bool:
    """Whether the word at `place` says that what follows is not so."""
    base = tokens[place].base
    negation = is_negation(tokens, place) and base not in _LACKING
    if not negation and base not in _DENIERS:
        return False
    before = {token.base for token in tokens[max(place - 2, 0) : place]}
    after = [token.base for token in tokens[place + 1 : place + 3]]
    if base in _TO_DENIERS and after[:1] != ["to"]:
        return False
    if _SIGNS & set(after) or "not" in before or tokens[max(place - 1, 0)].base == "to":
        return False
    return after[:1] != ["to"] or not set(after[1:]) & (REPORTING | {"comment"})


def denied_places(saying: Saying) -> frozenset[int]:
    """The places of all content words that are denied."""
    return frozenset(place for _, scope in read_denials(saying) for place in scope)


# "no sign that" leaves open whether it is so.
_SIGNS = frozenset("sign signs evidence indication indications suggestion word doubt".split())
# "without X" and "nobody" say something else than that a thing is not so.
_LACKING = frozenset("without nobody none neither nor hardly barely".split())
_TO_DENIERS = frozenset("refused refuses failed fails unable".split())
_DENIERS = frozenset(
    """deny denies denied denying reject rejects rejected dismissed dismisses untrue false
    refuted refutes disputed disputes refused refuses failed fails unable""".split()
)
