"""Whether two articles tell one story: by the names that both have."""

from functools import lru_cache

from rag.comparison.sayings import MAX_LEXICON_CHARS
from rag.schema import Document
from rag.values import read_lexicon

# From this share on. Of the pairs in `evals/datasets/stories/wires-dev` that tell one story 99 in
# 100 share 0.45 or more, of those that tell two 99 in 100 share 0.12 or less.
SAME_STORY = 0.25


def shared_names(one: Document, other: Document) -> float:
    """The part of the names of one article that the other one has, of the article with fewer."""
    here, there = _name_words(one.text), _name_words(other.text)
    return len(here & there) / max(1, min(len(here), len(there)))


def tell_one_story(one: Document, other: Document) -> bool:
    """Whether two articles have enough names in common to be of one story."""
    return one.document_id == other.document_id or shared_names(one, other) >= SAME_STORY


@lru_cache(maxsize=1_024)
def _name_words(text: str) -> frozenset[str]:
    names = read_lexicon(text[:MAX_LEXICON_CHARS]).names
    return frozenset(word for name in names for word in name.words)
