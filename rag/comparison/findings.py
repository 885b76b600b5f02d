"""What a comparison of evidence finds: values that differ, and what later lines change."""

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
        value: An exact piece of the first sentence of `evidence`: "Up to 300 officers".
        evidence: All sentences that give this value or another wording of it, best first.
        sources: How many independent sources they are: near-copies and families count once.
    """

    value: str
    evidence: tuple[Evidence, ...]
    sources: int = 1


@dataclass(frozen=True)
class Finding:
    """Values of one attribute of one thing, as different sentences give them.

    Attributes:
        about: A short phrase in words of the question or of the sentences.
        attribute: What kind of value it is.
        difference: What the difference amounts to; the gravest where there are more than two.
        values: At least two. The one with the most independent sources first, then the newest;
            where the difference is "time", the latest state first.
    """

    about: str
    attribute: Attribute
    difference: Difference
    values: tuple[GivenValue, ...]


@dataclass(frozen=True)
class Change:
    """A state that a later sentence ends or fulfils.

    Attributes:
        about: What has changed, in words that both sentences share.
        earlier: The sentence with the state that held before, now history.
        later: The sentence with the state that leads.
        basis: How the order is known: by the "dates" of the documents, or by the "wording" ("no
            longer", "stood down") of the later sentence.
    """

    about: str
    earlier: Evidence
    later: Evidence
    basis: Literal["dates", "wording"]
