"""Words for what the index does not hold yet, as a notice of an answer."""

from pathlib import Path

from rag.index import CorpusChanges
from rag.synthesis.wording import count_of, listed

ADVICE = "run `rag index`"


def changes_in_words(changes: CorpusChanges | None, corpus_dir: Path) -> str | None:
    """What changed in the folder since it was indexed, and what to do; None for nothing.

    Example: 3 added, 1 changed -> "3 articles were added and 1 changed since the index was built;
    run `rag index`"
    """
    if changes is None:
        return None
    if changes.indexed and changes.removed == changes.indexed:
        return (
            f"{corpus_dir} holds none of the indexed articles; give their folder with --corpus, "
            f"or {ADVICE}"
        )
    told = [("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)]
    (verb, number), *others = [pair for pair in told if pair[1]] or [("", 0)]
    if not number:
        return None
    first = f"{count_of(number, 'article')} {'was' if number == 1 else 'were'} {verb}"
    rest = [f"{number:,} {verb}" for verb, number in others]
    return f"{listed([first, *rest])} since the index was built; {ADVICE}"
