"""What sentences are about, as a short phrase in their own words."""

from collections.abc import Sequence

from rag.claims.vocabulary import keys_of
from rag.comparison.sayings import Saying

_MAX_WORDS = 6


def shared_phrase(sayings: Sequence[Saying]) -> str:
    """The words that most of the sentences share, in the order of the first one.

    Example: "The army deal has ended.", "The deal with the army was agreed." -> "army deal"
    """
    first = sayings[0]
    need = max(2, (len({id(s) for s in sayings}) + 1) // 2)
    picked = [
        place
        for place, stem in first.content
        if sum(stem in s.stems or bool(keys_of(first.bases[place]) & s.groups) for s in sayings)
        >= need
    ][:_MAX_WORDS]
    words: list[str] = []
    for before, place in zip([None, *picked], picked, strict=False):
        if before is not None and 1 < place - before <= 3:
            words += [t.text for t in first.tokens[before + 1 : place] if t.is_word]
        words.append(first.tokens[place].text)
    return " ".join(words).removesuffix("'s").removesuffix("’s")
