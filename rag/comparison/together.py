"""Pairs of sentences as the pair model reads them, each once."""

from collections.abc import Callable, Sequence

from rag.relevance import PairChances, SentencePair

# What the sentences of each pair are to each other under the question; see `PairModel.compare`.
ComparePairs = Callable[[Sequence[SentencePair]], Sequence[PairChances]]


class Together:
    """Reads pairs of sentences for one question, and remembers what was read."""

    def __init__(self, compare: ComparePairs) -> None:
        self._compare = compare
        self._known: dict[frozenset[str], PairChances] = {}

    def read(self, pairs: Sequence[SentencePair]) -> list[PairChances]:
        """What the sentences of each pair are to each other, in their order."""
        new = {frozenset(pair): pair for pair in pairs if frozenset(pair) not in self._known}
        if new:
            found = self._compare(list(new.values()))
            self._known.update(zip(new, found, strict=True))
        return [self._known[frozenset(pair)] for pair in pairs]
