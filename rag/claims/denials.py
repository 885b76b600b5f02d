"""Whether a claim and the cited lines deny the same, and point in the same direction."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rag.claims.lines import Source
from rag.claims.vocabulary import LIGHT, REPORTING, keys_of, stem_of
from rag.values import DENIALS, OPPOSITES, Token, is_negation, iter_negations, tokenize

_NEAR = 6
# A claim with any of these words does not say that the question was answered.
_SILENT = frozenset(
    """decline declined declines declining refuse refused refuses refusing if whether asked question
    silent silence comment unclear""".split()
)
# Of more denials than these the first are compared: each is looked for in the whole of the lines.
_MAX_DENIALS = 60


def negation_problem(claim: str, source: Source) -> str | None:
    """A denial that only one of the two makes of the same words."""
    claimed, given = tokenize(claim), source.tokens
    for place, scope in islice(iter_negations(claimed), _MAX_DENIALS):
        if not _denied_too(claimed, place, scope, given):
            return f'the cited lines do not deny this ("{claimed[place].text}")'
    said = {stem for token in claimed for stem in keys_of(token.base)}
    shared = (
        (place, scope)
        for place, scope in (*iter_negations(given), *_refusals(given))
        if any(keys_of(given[word].base) & said for word in scope[:1])
    )
    for place, scope in islice(shared, _MAX_DENIALS):
        if _affirmed(given, place, scope, claimed):
            return f'the cited lines say "{given[place].text}" here'
    return _silence_broken(claimed, given)


def _silence_broken(claimed: Sequence[Token], given: Sequence[Token]) -> str | None:
    """What somebody "declined to say" in the lines, told by the claim as said."""
    bases = {token.base for token in claimed}
    if not bases & REPORTING or bases & _SILENT:
        return None
    if any(is_negation(claimed, place) for place in range(len(claimed))):
        return None
    stems = {stem_of(base) for base in bases}
    for place, (verb,) in _refusals(given):
        if given[verb].base not in REPORTING:
            continue
        after = [t for t in given[verb + 1 : verb + 12] if t.is_word and t.base not in LIGHT]
        told = sum(stem_of(token.base) in stems for token in after)
        if told >= 2 and told >= 0.6 * len(after):
            return f'the cited lines say "{given[place].text} to {given[verb].text}" here'
    return None


def _refusals(tokens: Sequence[Token]) -> Iterator[tuple[int, list[int]]]:
    """Each "declined to say", "failed to stop" with the place of the verb that it denies."""
    for place in range(len(tokens) - 2):
        verb = tokens[place + 2].base
        if (
            tokens[place].base in DENIALS
            and tokens[place + 1].base == "to"
            and (verb not in LIGHT or verb in REPORTING)
        ):
            yield place, [place + 2]


def _denied_too(
    claimed: Sequence[Token], place: int, scope: Sequence[int], given: Sequence[Token]
) -> bool:
    """Whether `given` denies what the negation at `place` of the claim denies."""
    asserted = False
    for word in scope[:2] or []:
        for match in _best(claimed, word, given):
            if _under_negation(given, match):
                return True
            asserted = True
    if asserted:
        return False
    # None of its words is in the lines: then any denial of theirs will do, in a negative word too.
    return any(is_negation(given, k) or given[k].base in DENIALS for k in range(len(given)))


def _affirmed(
    given: Sequence[Token], place: int, scope: Sequence[int], claimed: Sequence[Token]
) -> bool:
    """Whether the claim says, without denial, the first words that the lines deny."""
    for word in scope[:1]:
        matches = _best(given, word, claimed)
        if not matches:
            continue
        if any(_under_negation(claimed, match) for match in matches):
            return False
        # The claim may tell of another place where the lines say the word without "not".
        return word in _best(claimed, matches[0], given)
    return False


def _best(tokens: Sequence[Token], place: int, others: Sequence[Token]) -> list[int]:
    """Where `others` has the word at `place`, in the most similar surroundings."""
    stem, wanted = stem_of(tokens[place].base), keys_of(tokens[place].base)
    found = [k for k, other in enumerate(others) if stem == stem_of(other.base)]
    found = found or [k for k, other in enumerate(others) if wanted & keys_of(other.base)]
    if len(found) < 2:
        return found
    here = _around(tokens, place)
    scores = [len(here & _around(others, k)) for k in found]
    return [k for k, score in zip(found, scores, strict=True) if score == max(scores)]


def _around(tokens: Sequence[Token], place: int) -> frozenset[str]:
    near = [*tokens[max(place - _NEAR, 0) : place], *tokens[place + 1 : place + 1 + _NEAR]]
    return frozenset(
        key for token in near if token.is_digits or (token.is_word and token.base not in LIGHT)
        for key in keys_of(token.base)
    )  # fmt: skip


def _under_negation(tokens: Sequence[Token], place: int) -> bool:
    """Whether a negation or a verb that denies stands close before (or "no" right after)."""
    for before in range(place - 1, max(place - 8, -1), -1):
        if tokens[before].base in (".", ";", "but"):
            break
        if is_negation(tokens, before) or tokens[before].base in DENIALS:
            return True
    return any(is_negation(tokens, k) for k in range(place + 1, min(place + 3, len(tokens))))


def direction_problem(claim: str, source: Source) -> str | None:
    """A word of the claim whose contrary the lines have, and not the word itself."""
    claimed = tokenize(claim)
    for place, token in enumerate(claimed):
        against = OPPOSITES.get(token.base)
        if not against or token.base in source.bases:
            continue
        if token.base not in LIGHT and _has_same_side(token, against, source):
            continue
        found = [k for k, other in enumerate(source.tokens) if other.base in against]
        if found and not _explained(claimed, place, source.tokens, found):
            return f'the cited lines say "{source.tokens[found[0]].text}", not "{token.text}"'
    return None


def _has_same_side(token: Token, against: frozenset[str], source: Source) -> bool:
    """Whether the lines have another word for the same direction."""
    return any(
        base not in against and OPPOSITES.get(base, frozenset()) & against for base in source.bases
    ) or bool(keys_of(token.base) & source.keys - _keys(against))


def _keys(words: frozenset[str]) -> frozenset[str]:
    return frozenset(key for word in words for key in keys_of(word))


def _explained(
    claimed: Sequence[Token], place: int, given: Sequence[Token], found: Sequence[int]
) -> bool:
    """Whether a "not" on one side only turns the contrary into the same."""
    denied = any(is_negation(claimed, k) for k in range(max(place - 4, 0), place))
    return any(
        any(is_negation(given, k) for k in range(max(match - 4, 0), match)) != denied
        for match in found
    )
