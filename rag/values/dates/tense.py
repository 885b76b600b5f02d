"""Whether a sentence looks back or ahead at a date in it: "appeared on Monday", "will appear".

Without a model, by the verbs that stand nearest:

1. backwards from the date to the start of its clause, 2. forwards to the end of its clause,
3. backwards through the rest of the sentence, or 4. forwards where the date opens it, past what is
set off by commas but not into a clause of its own. The first verb found decides, with its
auxiliaries.

What may be either ("was due to appear on Monday", "could", a plain present) is "unsure", and a
date that needs a direction is then not resolved. A text of a few words without a verb is "none".
"""

import re
from collections.abc import Sequence
from typing import Literal

from rag.values.irregular import PAST_FORMS
from rag.values.tokens import Token

Direction = Literal["past", "future", "unsure", "none"]

_MAX_WORDS = 60  # so far from the date a verb is looked for

_AHEAD = frozenset("will shall won't may might should must can cannot upcoming gonna".split())
_EITHER = frozenset("would could wouldn't couldn't".split())
_WAS = frozenset("was were wasn't weren't".split())
_DID = frozenset("had having did didn't hadn't".split())
_IS = frozenset("is are am isn't aren't".split())
_HAS = frozenset("has have hasn't haven't".split())
# What is planned lies ahead: "is due on Monday", "set to open on Monday".
_PLANNED = frozenset(
    """expected due set scheduled slated poised likely planned billed tipped booked ready going
    supposed""".split()
)
_PLANNING = frozenset("plans hopes aims wants intends needs looks prepares looking hoping".split())
# After these in the past an infinitive has come about: "was forced to resign on Monday".
_CAME_ABOUT = frozenset(
    """forced managed helped had continued began started went came travelled traveled failed used
    stopped returned compelled proceeded rallied got rose fell took led turned moved""".split()
)
# The plain present of timetables: "the show opens on Friday".
_TIMETABLE = frozenset(
    """airs premieres hosts begins opens starts kicks resumes launches debuts arrives expires
    faces""".split()
)
_BEFORE_DATE = frozenset(
    "on in earlier later late early last this since by at over the during from back just".split()
)
_PICTURED = frozenset("pictured seen shown photographed".split())
_IRREGULAR = PAST_FORMS | {"burst", "lay", "upset"}
_SAME_FORM = frozenset("beat cut hit hurt put quit read run set shut split spread come let".split())
_PLURAL = frozenset("i we you they people who that which and or , -".split())
_NOT_VERBS = frozenset(
    """need indeed speed feed seed breed greed red bed shed hundred kindred united fed embed weed
    reed deed exceed proceed succeed led sacred naked wicked rugged unprecedented""".split()
)
_DETERMINERS = frozenset(
    """a an the his her its their our my your this that these those of some many several
    any no each every more most""".split()
)
_BOUNDARIES = frozenset(
    """, ; : ( ) [ ] " -- | who which that when while as after before because but although though
    if whether where since until and or""".split()
)
# They begin a clause with a verb of its own.
_CLAUSES = frozenset(
    """who which that when while as after before because but although though if whether where since
    until ; : " """.split()
)
_ADVERB = re.compile(
    r"\w+ly$|not$|also$|now$|still$|already$|just$|been$|being$|be$|first$|get$|got$"
)


def direction_at(
    tokens: Sequence[Token],
    first: int,
    after: int,
    bounds: tuple[int, int],
    *,
    in_clause: bool = False,
) -> Direction:
    """Whether what is told of the date in `tokens[first:after]` was, or is to come.

    Args:
        tokens: Of the whole text.
        first: The first token of the date.
        after: The token after it.
        bounds: The first token of its sentence, and the one after the last.
        in_clause: Whether to leave out the third step.

    Example: "will appear on Monday", the token "Monday" -> "future"
    """
    low, high = max(bounds[0], first - _MAX_WORDS), min(bounds[1], after + _MAX_WORDS)
    if first - 1 >= low and tokens[first - 1].base == "come":
        return "future"
    if first - 2 >= low and (tokens[first - 2].base, tokens[first - 1].base) == ("back", "in"):
        return "past"
    if first > low and _is_attribute(tokens, first, after):
        return "unsure"
    found = _towards(tokens, range(first - 1, low - 1, -1), low, stop=True)
    if found is None:
        skip = after < high and tokens[after].base == "," and _opens_clause(tokens, first, low)
        found = _towards(tokens, range(after + skip, high), low, stop=True)
    if found is None and not in_clause:
        found = _towards(tokens, range(first - 1, low - 1, -1), low, stop=False)
        into = tokens[first - 1].base == "the" and first - 2 >= low
        if into and tokens[first - 2].base == "into":
            return "unsure"  # heading into the weekend
    if found is None and not in_clause and _opens_sentence(tokens, first, bounds[0]):
        found = _main_verb(tokens, range(after, high), low)
    if found is None:
        words = sum(token.is_word for token in tokens[low:high])
        return "none" if words <= 4 else "unsure"
    if tokens[after - 1].text.lower().endswith(("'s", "’s")):
        return _of_possessive(tokens, first, found)
    return found


def _opens_clause(tokens: Sequence[Token], first: int, low: int) -> bool:
    """Whether only such words as "on" stand between the start of the clause and the date."""
    place = first - 1
    while place >= low and tokens[place].base in _BEFORE_DATE:
        place -= 1
    return place < low or tokens[place].base in _BOUNDARIES - {'"'}


def _opens_sentence(tokens: Sequence[Token], first: int, begin: int) -> bool:
    """Whether only such words as "on" stand between the start of the sentence and the date."""
    return all(token.base in _BEFORE_DATE for token in tokens[begin:first])


def _main_verb(tokens: Sequence[Token], places: Sequence[int], low: int) -> Direction | None:
    """What the verb of the sentence says; None where a clause may stand before it."""
    for place in places:
        if tokens[place].base in _CLAUSES:
            return None
        set_off = tokens[place - 1].base in (",", "(") and tokens[place - 2].is_word
        if set_off and tokens[place].base.endswith(("ed", "wn", "ing")):
            continue  # the company, known as X
        found = _verb(tokens, place, low)
        if found is not None:
            return found
    return None


def _is_attribute(tokens: Sequence[Token], first: int, after: int) -> bool:
    """Whether the date is part of a name: of "the January 6 riots" the verb does not tell."""
    before, last = tokens[first - 1], tokens[after - 1]
    led = before.base in ("the", "this", "that") or before.text.endswith(("'s", "’s"))
    if not led or not last.is_digits or after >= len(tokens):
        return False
    following = tokens[after]
    return following.is_word and not following.is_capital and len(following.base) > 3


def _of_possessive(tokens: Sequence[Token], first: int, found: Direction) -> Direction:
    """Of "Sunday's game": the verb tells of the sentence, and only with "after" of the game."""
    before = {token.base for token in tokens[max(first - 2, 0) : first]}
    if found == "past" and before & {"after", "following", "since", "in", "during", "on", "from"}:
        return "past"
    if found == "future" and before & {"for", "ahead", "before"}:
        return "future"
    return "unsure"


def _towards(
    tokens: Sequence[Token], places: Sequence[int], low: int, *, stop: bool
) -> Direction | None:
    """What the first verb on the way says; None when there is none before the clause ends."""
    for place in places:
        if stop and tokens[place].base in _BOUNDARIES:
            return None
        found = _verb(tokens, place, low)
        if found is not None:
            return found
    return None


def _verb(tokens: Sequence[Token], place: int, low: int) -> Direction | None:
    """What the word at `place` says of time, with the words around it."""
    token = tokens[place]
    word = token.base
    if token.is_capital and not token.opens and place > low:
        return None
    if word == "to":
        return _infinitive(tokens, place, low)
    found = _auxiliary(word, frozenset(other.base for other in tokens[place + 1 : place + 4]))
    if found is None and _is_past(tokens, place, low):
        return _participle(tokens, place, low)
    return found


def _auxiliary(word: str, following: frozenset[str]) -> Direction | None:
    """What a word says that is of one time by itself, with the three words that follow it."""
    if word in ("will", "shall", "won't") or word.endswith("'ll") or word in _TIMETABLE:
        return "future"
    if word in _AHEAD:
        return "unsure" if "have" in following else "future"
    if word in _WAS:
        return "unsure" if following & _PLANNED else "past"
    if word in _DID:
        return "past"
    if word in _IS or word.endswith(("'re", "'m")):
        if following & _PLANNED:
            return "future"
        return "past" if following & _PICTURED else "unsure"
    either = word in _EITHER | _HAS | _PLANNING or word.endswith(("'d", "'ve"))
    return "unsure" if either else None


def _is_past(tokens: Sequence[Token], place: int, low: int) -> bool:
    """Whether the word looks like a past form, and not like an adjective ("the injured man")."""
    word = tokens[place].base
    regular = word.endswith("ed") and len(word) > 3 and word not in _NOT_VERBS
    if not (regular or word in _IRREGULAR or word in _SAME_FORM):
        return False
    hyphens = {tokens[near].base for near in (place - 1, place + 1) if low <= near < len(tokens)}
    if "-" in hyphens:  # left-back, London-based
        return False
    return place == low or tokens[place - 1].base not in _DETERMINERS


def _participle(tokens: Sequence[Token], place: int, low: int) -> Direction | None:
    """What a past form says, after its auxiliaries."""
    word = tokens[place].base
    before = place - 1
    while before >= low and place - before <= 4 and _ADVERB.match(tokens[before].base):
        before -= 1
    lead = tokens[before].base if before >= low else ""
    if lead in _AHEAD or lead.endswith("'ll"):
        return "future"
    if lead in _EITHER:
        return "unsure"
    if lead == "to":
        return _infinitive(tokens, before, low)
    if lead in _IS or lead.endswith("'re"):
        if word in _PLANNED:
            return "future"
        return "past" if word in _PICTURED else "unsure"
    if word in _PLANNED:
        return "unsure" if lead in _WAS | _HAS | _DID or word in ("set", "booked") else "future"
    if word in _SAME_FORM and lead not in _HAS | _WAS | _DID:
        # "The bank cut" has no "s", so it is past; "the banks cut" may be either.
        return "unsure" if not lead or lead.endswith("s") or lead in _PLURAL else "past"
    return "past"


def _infinitive(tokens: Sequence[Token], place: int, low: int) -> Direction | None:
    """What "to open" says, by the word that governs it; None of "to" before a noun."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None or not following.is_word or following.is_capital:
        return None
    if following.base in _DETERMINERS or following.base.endswith(("ing", "s")):
        return None
    before = place - 1
    governor = tokens[before].base if before >= low else ""
    around = {token.base for token in tokens[max(low, place - 4) : place]}
    if governor in _CAME_ABOUT:
        return "past" if not around & _IS else "unsure"
    looks_back = around & (_WAS | _DID)
    if governor in _PLANNED or governor in _PLANNING:
        return "unsure" if looks_back else "future"
    if governor in _IS:
        return "future"
    return "unsure"
