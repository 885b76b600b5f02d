"""What a comparison of evidence finds: values that differ."""

from dataclasses import dataclass
from typing import Literal

from rag.schema import Evidence

Attribute = Literal[
    "number",
    "date",
    "place",
    "person",
    "role",
    "polarity",
    "cause",
    "attribution",
    "status",
    "object",
]
Difference = Literal["rounding", "precision", "time", "contradiction"]


@dataclass(frozen=True)
class GivenValue:
    """One value, with everything that gives it.

    Attributes:
        evidence: All sentences that give this value or another wording of it, best first.
        wordings: How each of these sentences gives it, an exact piece: "Up to 300 officers".
        sources: How many independent sources they are: near-copies and families count once.
    """

    evidence: tuple[Evidence, ...]
    wordings: tuple[str, ...]
    sources: int = 1

    @property
    def value(self) -> str:
        """The wording of the best sentence."""
        return self.wordings[0]


@dataclass(frozen=True)
class Finding:
    """Values of one attribute of one thing, as different sentences give them.

    Attributes:
        about: What was asked.
        attribute: What kind of value it is.
        difference: What the difference amounts to; the gravest where there are more than two.
        values: At least two. The one with the most independent sources first, then the newest;
            where the difference is "time", the latest state first.
        weighed: Whether it was weighed that both answer, and are of one thing (`contrasts`).
    """

    about: str
    attribute: Attribute
    difference: Difference
    values: tuple[GivenValue, ...]
    weighed: bool = False
