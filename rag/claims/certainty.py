"""Whether a claim is as sure and as general as the cited lines are."""

from rag.claims.lines import Source
from rag.claims.vocabulary import LIGHT, stem_of
from rag.values import is_negation, tokenize

_MODALS = frozenset("could may might".split())
# Any of these words in the claim keeps it from being surer than the lines.
_HEDGES = _MODALS | frozenset(
    """can would should possible possibly potential potentially perhaps maybe likely probably
    expected expect expects reportedly believed thought considering consider considers if whether
    risk risks threat threatened fear fears feared suggested suggests appears appear seems seem
    unclear plan plans planned hope hopes option eventually potentially ready able""".split()
)
_ALL = frozenset("all every each entire whole everyone everybody".split())
_UNIVERSAL = _ALL | frozenset("both any always throughout across anyone total full".split())
_SOME = frozenset(
    """some many most several few hundreds dozens scores thousands number half majority part partly
    quarter third minority handful numerous various""".split()
)


def certainty_problem(claim: str, source: Source) -> str | None:
    """A "could" of the lines that the claim leaves out, or "all" where they say "some"."""
    tokens = tokenize(claim)
    bases = {token.base for token in tokens}
    if bases & _ALL and source.bases & _SOME and not source.bases & _UNIVERSAL:
        some = next(token.text for token in source.tokens if token.base in _SOME)
        return f'the cited lines say "{some}", not all'
    if bases & _HEDGES or not source.bases & _MODALS:
        return None
    stems = {stem_of(base) for base in bases}
    held = source.tokens
    for place, token in enumerate(held[:-1]):
        if token.base not in _MODALS or token.is_capital or is_negation(held, place + 1):
            continue
        verb = next((t for t in held[place + 1 : place + 5] if t.base not in LIGHT), None)
        if verb is not None and verb.is_word and stem_of(verb.base) in stems:
            others = sum(stem_of(t.base) == stem_of(verb.base) for t in held)
            if others == 1:
                return f'the cited lines say only "{token.text} {verb.text}"'
    return None
