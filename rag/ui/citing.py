"""Citations as HTML: the chips after a statement, their cards, and the cited lines.

Everything that comes from an article is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from rag.schema import Citation
from rag.synthesis import format_date, source_label
from rag.synthesis.wording import count_of

# Characters of the cited lines in a hover card; the panel shows them all.
MAX_CARD_CHARS = 1_200


@dataclass(frozen=True, slots=True)
class Cited:
    """The citations of one turn; those of two turns may have one number.

    Attributes:
        turn: Its place in the conversation, from 0.
        citations: By their numbers.
    """

    turn: int
    citations: dict[int, Citation]

    @classmethod
    def of(cls, turn: int, citations: Sequence[Citation]) -> "Cited":
        """Those of a turn."""
        return cls(turn, {citation.number: citation for citation in citations})

    def with_numbers(self, numbers: Sequence[int]) -> list[Citation]:
        """The citations of these numbers; a number without one is left out."""
        return [self.citations[number] for number in numbers if number in self.citations]

    def chips(self, numbers: Sequence[int]) -> str:
        """Links to the citations of these numbers."""
        return " ".join(self._chip(citation) for citation in self.with_numbers(numbers))

    def _chip(self, citation: Citation) -> str:
        label = f"Source {citation.number}: {source_label(citation)}, {lines_label(citation)}"
        return (
            f'<a class="chip" href="{escape(line_link(citation))}" data-turn="{self.turn}" '
            f'data-number="{citation.number}" aria-label="{escape(label)}" '
            f'aria-describedby="{self.card_id(citation)}">{citation.number}</a>'
        )

    def card_id(self, citation: Citation) -> str:
        """The id of the element that a chip is described by."""
        return f"turn{self.turn}-card{citation.number}"


def line_link(citation: Citation) -> str:
    """The address, relative to the page, that opens the cited lines."""
    lines = f"{citation.first_line}-{citation.last_line}"
    return f"?document={quote(citation.path, safe='')}&lines={lines}"


def lines_label(citation: Citation) -> str:
    """Where the quote stands in its document: "lines 4-6", "line 4 of the extracted text"."""
    page = f", page {citation.page}" if citation.page else ""
    first, last = citation.first_line, citation.last_line
    lines = f"line {first}" if first == last else f"lines {first}-{last}"
    extracted = " of the extracted text" if citation.rendering == "extracted" else ""
    return f"{lines}{extracted}{page}"


def render_source_lines(citation: Citation, *, max_chars: int | None = None) -> str:
    """The cited lines with their numbers, as table rows."""
    text = citation.quote
    cut = max_chars is not None and len(text) > max_chars
    rows = "".join(
        f'<tr><th scope="row">{number}</th><td>{escape(line)}</td></tr>'
        for number, line in enumerate((text[:max_chars] if cut else text).split("\n"),
                                      citation.first_line)
    )  # fmt: skip
    more = '<tr><th></th><td class="quiet">… goes on in the article</td></tr>' if cut else ""
    return f'<table class="lines">{rows}{more}</table>'


def published(citations: Sequence[Citation]) -> str:
    """The newest day on which one of them was published, as words; "" when none is known."""
    days = [citation.published for citation in citations if citation.published]
    return format_date(max(days)) if days else ""


def render_sources(cited: Cited) -> str:
    """The cited lines in full, folded; a wide page shows them beside the answer."""
    items = "".join(
        f'<li>{cited.chips([citation.number])} <span class="origin">'
        f"{escape(source_label(citation))}</span>"
        f'<p class="title">{escape(citation.title or citation.path)}</p>'
        f"{render_source_lines(citation)}{_also_in(citation)}</li>"
        for citation in cited.citations.values()
    )
    count = count_of(len(cited.citations), "citation")
    return (
        f'<details class="sources"><summary>The lines of {count}'
        f"</summary><ol>{items}</ol></details>"
    )


def _also_in(citation: Citation) -> str:
    if not citation.also_in:
        return ""
    return f'<p class="also">also in {escape(", ".join(citation.also_in))}</p>'


def render_cards(cited: Cited) -> str:
    """What hovering over a chip, or focusing it, shows."""
    cards = "".join(
        f'<div class="card" role="tooltip" id="{cited.card_id(citation)}" hidden '
        f'data-number="{citation.number}" data-document="{escape(citation.path)}" '
        f'data-first="{citation.first_line}" data-last="{citation.last_line}" '
        f'data-hash="{escape(citation.document_hash)}"><p class="origin">'
        f"{escape(source_label(citation))} · {escape(lines_label(citation))}</p>"
        f"{render_source_lines(citation, max_chars=MAX_CARD_CHARS)}{_also_in(citation)}</div>"
        for citation in cited.citations.values()
    )
    return f'<div class="cards">{cards}</div>'
