"""Takes out of a claim what only says which article it is from: the citation itself shows that.

"According to BBC News, ...", "... , The National reported", "The article says that ..." are
supported by the document's metadata; what remains is compared with the lines. A publisher that is
not that of a cited document stays in the claim, and so must stand in the lines.
"""

import re
from collections.abc import Iterator, Sequence

from rag.schema import Document

_VERB = (
    r"(?:has |have |had )?(?:reports?|reported|says?|said|writes?|wrote|notes?|noted|states?|stated"
    r"|adds?|added)"
)
_GENERIC = ("the article", "the report", "this article", "this report", "the story", "the piece")
_MAX_CHARS = 3_000


def without_attribution(claim: str, documents: Sequence[Document]) -> str:
    """The claim without the name of a cited publisher, or "the article", as its source.

    Example: "According to BBC News, it fell." -> "it fell."
    """
    if len(claim) > _MAX_CHARS:
        return claim
    names = sorted({*_GENERIC, *(n for d in documents for n in _names(d))}, key=len, reverse=True)
    name = "(?:" + "|".join(re.escape(name) for name in names) + ")"
    opening = rf"^\W*(?:(?:according to|as reported by|in) {name}(?: {_VERB})?,|{name} {_VERB}"
    for pattern in (
        rf"{opening}(?: that|:|,)?) ",
        rf",? (?:according to {name}|(?:as )?{name} {_VERB}|(?:as )?reported by {name})(?=\W*$)",
        rf",? (?:according to|as reported by) {name}(?=,)",
    ):
        shorter = re.sub(pattern, "", claim, count=1, flags=re.IGNORECASE)
        if shorter != claim and any(char.isalnum() for char in shorter):
            return shorter
    return claim


def _names(document: Document) -> Iterator[str]:
    """The ways to write a publisher: with and without "The", its section, a remark in brackets."""
    if not document.publisher:
        return
    whole = " ".join(document.publisher.split())
    for name in (whole, *(re.split(r" [-|–] |: | \(", whole)[:1])):
        bare = name.removeprefix("The ")
        if len(bare) > 1:
            yield from (bare, f"the {bare}")
            yield from (f"{bare.removesuffix(' News')}", f"the {bare.removesuffix(' News')}")
