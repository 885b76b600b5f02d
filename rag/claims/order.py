"""Which came first: "A before B" is "B after A", and is not "A after B"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.claims.lines import Source
from rag.claims.vocabulary import LIGHT, stem_of
from rag.values import Token, tokenize

_EARLIER = frozenset("before until".split())
_LATER = frozenset("after following once".split())
_ENDS = frozenset(".;:!?")
_REACH = 6


@dataclass(frozen=True)
class _Order:
    """Stems of what came first and of what came then."""

    first: frozenset[str]
    then: frozenset[str]
    word: str


def order_problem(claim: str, source: Source) -> str | None:
    """Two events of the claim that the lines put the other way round."""
    given = list(_orders(source.tokens))
    for order in _orders(tokenize(claim)):
        best: tuple[int, int, str] | None = None
        for other in given:
            same = len(order.first & other.first) + len(order.then & other.then)
            crossed = len(order.first & other.then) + len(order.then & other.first)
            if same >= crossed and same >= 1:
                return None
            if best is None or crossed - same > best[0] - best[1]:
                best = (crossed, same, other.word)
        if best is not None and best[0] >= best[1] + 2:
            return f'the cited lines say "{best[2]}" here, in the other order'
    return None


def _orders(tokens: Sequence[Token]) -> Iterator[_Order]:
    """Each "before" and "after" with the words on both sides."""
    for place, token in enumerate(tokens[:-1]):
        if token.base not in _EARLIER | _LATER or not tokens[place + 1].base[:1].isalnum():
            continue
        left = _stems(tokens, range(place - 1, -1, -1))
        right = _stems(tokens, range(place + 1, len(tokens)))
        if token.opens:  # "After A, B": the other part follows the comma
            commas = [k for k in range(place, len(tokens)) if tokens[k].base == ","]
            if not commas:
                continue
            right = _stems(tokens, range(place + 1, commas[0]))
            left = _stems(tokens, range(commas[0] + 1, len(tokens)))
        if token.base in _EARLIER:
            yield _Order(left, right, token.text)
        else:
            yield _Order(right, left, token.text)


def _stems(tokens: Sequence[Token], places: range) -> frozenset[str]:
    """Stems of the nearest content words of the same sentence."""
    found: list[str] = []
    for place in places:
        token = tokens[place]
        if token.base in _ENDS or len(found) == _REACH:
            break
        if token.is_digits or (token.is_word and token.base not in LIGHT):
            found.append(stem_of(token.base))
    return frozenset(found)
