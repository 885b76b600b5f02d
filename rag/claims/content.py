"""Whether the words of a claim are those of the cited lines, in every part of it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from rag.claims.lines import Source
from rag.claims.naming import beside
from rag.claims.vocabulary import GRAVE, LIGHT, REPORTING
from rag.values import Token, read_dates, read_names, read_numbers, tokenize

# Shares of content words that the lines must have; tuned on the dev half of `evals.checker`.
MIN_SHARE = 0.6
MIN_SHARE_OF_PART = 0.5
_PART_WORDS = 3
_WINDOW = 5
_MIN_IN_WINDOW = 2
_BREAKS = frozenset(", ; : and but while as after because before when although though".split())


def content_problem(claim: str, source: Source) -> str | None:
    """Why the words of the claim are not those of the lines; None when enough of them are."""
    tokens = tokenize(claim)
    counted = _counted(claim, tokens, source)
    where = {place: source.says(tokens[place].base) for place in counted}
    held = [(place, bool(where[place])) for place in counted]
    if not held:  # "Berg is 44." has two values; "He did it." says nothing of its own
        return None if _values(claim, source) == 2 else "there is nothing in it to check"
    missing = [tokens[place].text for place, found in held if not found]
    grave = [tokens[k].text for k, found in held if not found and tokens[k].base in GRAVE]
    if grave:
        return f'the cited lines do not say "{grave[0]}"'
    shared, values = sum(found for _, found in held), _values(claim, source)
    if not shared or (shared + values) / (len(held) + values) < MIN_SHARE:
        return f'the cited lines do not say this ("{", ".join(missing[:4])}")'
    for part in _parts(tokens, held):
        foreign = len(part) >= 2 and not any(found for _, found in part)
        foreign = foreign and not _is_role(tokens, part, claim, source)
        little = len(part) >= _PART_WORDS and _best_share(part, where) < MIN_SHARE_OF_PART
        if foreign or little:
            shown = ", ".join(tokens[place].text for place, _ in part)
            return f'the cited lines do not say a part of this ("{shown}")'
    for start in range(len(held) - _WINDOW + 1):
        window = held[start : start + _WINDOW]
        if sum(found for _, found in window) < _MIN_IN_WINDOW:
            words = ", ".join(tokens[place].text for place, found in window if not found)
            return f'the cited lines do not say a part of this ("{words}")'
    return None


def _spans(claim: str, source: Source) -> list[tuple[int, int]]:
    """Where the names, numbers and dates of the claim stand; others check that they are right."""
    lexicon = source.lexicons[0] if source.lexicons else None
    spans = [(v.start, v.end) for v in read_names(claim, lexicon)]
    spans += [(v.start, v.end) for v in read_dates(claim)]
    return spans + [(v.start, v.end) for v in read_numbers(claim) if v.kind != "ordinal"]


def _values(claim: str, source: Source) -> int:
    """How many names, numbers and dates the claim has; at most two count as words."""
    return min(len(_spans(claim, source)), 2)


def _counted(claim: str, tokens: Sequence[Token], source: Source) -> list[int]:
    """The places of the words that count: not names, numbers, dates, small or reporting words."""
    spans = _spans(claim, source)
    return [
        place
        for place, token in enumerate(tokens)
        if token.is_word and len(token.base) > 1
        and token.base not in LIGHT and token.base not in REPORTING
        and not any(start <= token.start < end for start, end in spans)
    ]  # fmt: skip


def _share(held: Sequence[tuple[int, bool]]) -> float:
    return sum(found for _, found in held) / len(held)


def _is_role(
    tokens: Sequence[Token], part: Sequence[tuple[int, bool]], claim: str, source: Source
) -> bool:
    """Whether a few words before or after a name tell who that is, as the document does too."""
    lexicon = source.lexicons[0] if source.lexicons else None
    words = {tokens[place].base for place, _ in part}
    first, last = tokens[part[0][0]].start, tokens[part[-1][0]].end
    return len(words) <= 3 and any(
        words <= beside(document.text, name.words[-1])
        for name in read_names(claim, lexicon)
        if (claim[last : name.start] + claim[name.end : first]).strip(" ,") in ("", "the", "a")
        for document in source.documents
    )


def _best_share(part: Sequence[tuple[int, bool]], where: Mapping[int, frozenset[int]]) -> float:
    """The largest share of a part's words that two neighbouring sentences have."""
    sentences = {number for place, _ in part for number in where[place]}
    return max(
        (sum(bool({n, n + 1} & where[place]) for place, _ in part) / len(part) for n in sentences),
        default=0.0,
    )


def _parts(
    tokens: Sequence[Token], held: Sequence[tuple[int, bool]]
) -> list[list[tuple[int, bool]]]:
    """The counted words, cut where a comma or a conjunction stands between two of them."""
    parts: list[list[tuple[int, bool]]] = [[held[0]]]
    for (before, _), (place, found) in pairwise(held):
        if any(token.base in _BREAKS for token in tokens[before + 1 : place]):
            parts.append([])
        parts[-1].append((place, found))
    return parts
