"""Quoted phrases, negation and words of direction in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.values.tokens import Token
from rag.words import STOP_WORDS

_QUOTED = re.compile(
    r"“(?P<curly>[^“”]{1,600})”"
    r'|(?<![\w])"(?P<straight>[^"]{1,600})"'
    r"|(?<![\w’])‘(?P<single>(?:[^‘’]|(?<=\w)’(?=\w)){1,600})’(?!\w)"
    r"|(?<![\w'])'(?P<plain>(?:[^']|(?<=\w)'(?=\w)){1,600})'(?!\w)"
    r"|«(?P<angle>[^«»]{1,600})»"
)
_NEGATIONS = frozenset(
    "not no never nor neither none nobody nothing nowhere without cannot hardly barely".split()
)
# Verbs that deny: they may stand for a "not" of the other text.
DENIALS = frozenset(
    """refuse refused refuses refusing decline declined declines declining deny denied denies
    denying fail failed fails failing reject rejected rejects rejecting lack lacks lacked lacking
    unable unlikely stop stopped stops prevent prevented prevents avoid avoided dismiss dismissed
    dismisses rule ruled rules cease ceased false untrue wrong absent impossible unclear unknown
    except only rather instead rarely seldom unarmed few little""".split()
)
_BREAKS = frozenset(".;:!?,") | {"but", "although", "though", "because", "while", "whereas"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted phrase; `text` is what stands between the marks, from `start` to `end`."""

    start: int
    end: int
    text: str


def read_quotes(text: str) -> list[Quote]:
    """The phrases of `text` between quotation marks, those inside others too, in order.

    Example: 'He felt “quite ‘safe’ now”.' -> "quite ‘safe’ now", "safe"
    """
    found: list[Quote] = []
    spans = [(0, len(text))]
    while spans:
        start, end = spans.pop()
        for match in _QUOTED.finditer(text, start, end):
            kind = match.lastgroup or 0
            inner = match.span(kind)
            if match.group(kind).strip() and inner != (start, end):
                found.append(Quote(*inner, match.group(kind)))
                spans.append(inner)
    return sorted(found, key=lambda quote: (quote.start, -quote.end))


def is_negation(tokens: Sequence[Token], place: int) -> bool:
    """Whether the token denies something: not "No 10", not "not only"."""
    token = tokens[place]
    if token.base.endswith("n't"):
        return True
    if token.base not in _NEGATIONS:
        return False
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if token.base == "no" and following is not None:
        abbreviation = following.text == "." and token.text == "No" and not token.opens
        return not following.is_digits and not abbreviation and following.base != "doubt"
    return not (token.base == "not" and following is not None and following.base == "only")


def iter_negations(tokens: Sequence[Token]) -> Iterator[tuple[int, list[int]]]:
    """Each negation with the places of up to three content words that it denies, nearest first."""
    for place in range(len(tokens)):
        if is_negation(tokens, place):
            yield place, list(_denied(tokens, place))


def _denied(tokens: Sequence[Token], place: int) -> Iterator[int]:
    given = 0
    for after in range(place + 1, min(place + 9, len(tokens))):
        token = tokens[after]
        if token.base in _BREAKS:
            return
        if token.base[:1].isalnum() and token.base not in STOP_WORDS and token.base not in _LIGHT:
            yield after
            given += 1
            if given == 3:
                return


_LIGHT = frozenset(
    """any yet immediately been being can could may might must should would shall there one much
    more most very really ever even quite just longer only all every""".split()
)

_OPPOSITES = """
rise rose risen rising rises increase increased increases increasing grow grew grown growing grows
growth climb climbed climbs gain gained gains jump jumped jumps surge surged surges soar soared
up higher rocketed improve improved
| fall fell fallen falling falls decrease decreased decreases decreasing decline declined declines
declining drop dropped drops dropping shrink shrank shrunk plunge plunged plunges tumble tumbled
down lower slump slumped dip dipped worsen worsened slid reduce reduced reduces cut
; more | less fewer
; many numerous | few
; most | least fewest
; highest largest biggest most | lowest smallest least
; accept accepted accepts accepting approve approved approves agree agreed agrees welcomed welcome
| reject rejected rejects rejecting refuse refused refuses refusing decline declined declines
declining dismiss dismissed disagree disagreed veto vetoed
; support supported supports backed backs back endorse endorsed | oppose opposed opposes opposing
; win won wins winning victory beat beats beating | lose lost loses losing defeat loss
; open opened opens opening start started starts begin began begun begins launch launched
| close closed closes closing end ended ends ending finish finished stop stopped stops
; arrive arrived arrives | leave left leaves depart departed
; buy bought buys acquire acquired | sell sold sells
; guilty convicted | innocent acquitted cleared
; deny denied denies denying reject rejected rejects dismiss dismissed
dismisses | admit admitted admits confirm confirmed confirms
acknowledge acknowledged
; likely | unlikely
; able | unable
; possible | impossible
; legal lawful | illegal unlawful
; always | never rarely
; allow allowed allows permit permitted permits | ban banned bans prohibit prohibited forbid
forbade prevent prevented block blocked
; include included includes including | exclude excluded excludes excluding
; succeed succeeded success successful | fail failed failure fails unsuccessful
; first | last
; early earlier | late later
; hire hired hires appoint appointed | fire fired fires sacked dismissed resign resigned
; north northern | south southern
; east eastern | west western
; left | right
; good better best | bad worse worst
; strong stronger strongest | weak weaker weakest
; new | old
; young younger youngest | old older oldest
; high | low
; large big larger bigger | small smaller
; fast faster quick quicker | slow slower
; public | private
; man men male boy | woman women female girl
; husband | wife
; father son brother | mother daughter sister
; morning | evening afternoon night
; day | night
; inside | outside
; above | below
; safe | dangerous unsafe
; positive | negative
; profit | loss
; cheap cheaper | expensive
; dead killed died | alive survived
; increase rise | cut
; remain stayed stay | leave left quit
; armed | unarmed
; hit | missed
; full | empty
; same | different
; easy easier | hard harder difficult
"""


def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for group in _OPPOSITES.split(";"):
        one, other = (set(side.split()) for side in group.split("|"))
        for words, against in ((one, other), (other, one)):
            for word in words:
                table.setdefault(word, set()).update(against)
    return {word: frozenset(words) for word, words in table.items()}


# Word -> the words that say the contrary.
OPPOSITES = _opposites()
