"""What a sentence says that happens: the acts and verbs next to a value, denials, who is named.

Two values belong to one event when the words next to them name the same act or the same verb.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.claims.vocabulary import LIGHT, REPORTING, keys_of
from rag.comparison.acts import read_acts
from rag.comparison.sayings import MAX_LEXICON_CHARS, Saying, clauses_of, content_of
from rag.values import Name, Token, is_negation, read_lexicon, tokenize

_IRREGULAR = frozenset(
    """shot hit met told wrote took left went came began won lost beat broke fell rose gave
    held made led sold bought paid sent said ran sank struck drew spoke chose drove flew
    grew knew saw sat stood swore swam threw woke wore built caught dealt fought found got
    heard kept laid lay sought slept spent stole taught thought understood cut put set quit
    shut read born died opens become became fired
    stolen taken given driven shaken broken spoken chosen frozen fallen risen seen known grown
    thrown shown drawn worn torn beaten written hidden sunk flown""".split()
)
_NO_VERBS = frozenset(
    """armed unarmed hundred united red bed need seed speed feed breed indeed weed shed wed
    hatred sacred unnamed named aged alleged limited detailed so-called planned related""".split()
)
_EVENT_NOUNS = frozenset(
    """shooting killing death murder arrest attack crash election launch opening announcement
    resignation appointment verdict explosion earthquake flood storm wedding birth""".split()
)


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
        and (is_verb(base) or _is_infinitive(saying, place) or _opens_doing(saying, place))
        and (saying.tokens[place].opens or not saying.tokens[place].is_capital)
        and (base not in _SAYING or _opens_doing(saying, place))
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


def _opens_doing(saying: Saying, place: int) -> bool:
    """Whether the sentence begins with the word, and it is a participle: "Speaking in Leeds"."""
    return saying.tokens[place].opens and saying.bases[place].endswith("ing")


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


def people_of_document(saying: Saying) -> frozenset[str]:
    """Last names of the persons whom the document of the sentence tells of, near its beginning."""
    return read_lexicon(saying.evidence.document.text[:MAX_LEXICON_CHARS]).people


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
        heading = name.text.isupper() or "\n" in name.text
        if known and not heading and not _NO_PERSON & set(name.words) and " of " not in name.text:
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
    if "until" in {token.base for token in tokens[place : place + _UNTIL]}:
        return False
    after = [token.base for token in tokens[place + 1 : place + 3]]
    if base in _TO_DENIERS and after[:1] != ["to"]:
        return False
    if _SIGNS & set(after) or "not" in before or tokens[max(place - 1, 0)].base == "to":
        return False
    return after[:1] != ["to"] or not set(after[1:]) & (REPORTING | {"comment"})


def denied_places(saying: Saying) -> frozenset[int]:
    """The places of all content words that are denied."""
    return frozenset(place for _, scope in read_denials(saying) for place in scope)


# "Did not open until May": so many words may stand between.
_UNTIL = 16
# "no sign that" leaves open whether it is so.
_SIGNS = frozenset("sign signs evidence indication indications suggestion word doubt".split())
# "without X" and "nobody" say something else than that a thing is not so.
_LACKING = frozenset("without nobody none neither nor hardly barely".split())
_TO_DENIERS = frozenset("refused refuses failed fails unable".split())
_DENIERS = frozenset(
    """deny denies denied denying reject rejects rejected dismissed dismisses untrue false
    refuted refutes disputed disputes refused refuses failed fails unable""".split()
)

_REJECTED = re.compile(
    r"\b(?:reject(?:s|ed|ing)?|den(?:y|ies|ied|ying)|dismiss(?:es|ed)?|false|untrue|not true)\b",
    re.IGNORECASE,
)


def denies_all(saying: Saying) -> bool:
    """Whether the sentence calls something false: it gives no value of its own."""
    return _REJECTED.search(saying.text) is not None
