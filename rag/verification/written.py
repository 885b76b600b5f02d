"""A language model's statement -> a statement that its cited lines support, or a withheld one.

1. Marks that name no source, or lines that the model was not shown, count for nothing.
2. The lines that are left must support the statement; of several citations those are kept that
   support it on their own, or all of them where only together they do.
3. Else the shown lines that do support it are cited instead.
4. Else it is withheld, with the reason of step 2.
"""

from collections.abc import Mapping, Sequence

from rag.claims import CitedLines, check_claim, find_support
from rag.markers import ParsedStatement
from rag.schema import Document, Statement, Withheld
from rag.verification.citations import CitationList, citation_problem, cite_lines

# By source label ("S1"): the document and the numbers of its lines that the model was shown.
Shown = Mapping[str, tuple[Document, frozenset[int]]]


def resolve_citations(parsed: ParsedStatement, shown: Shown) -> tuple[list[CitedLines], list[str]]:
    """The cited lines that were shown, and the marks that name anything else.

    A range may hold blank lines, but no other line that was not shown: the model cannot know that.
    """
    cited: list[CitedLines] = []
    unknown = list(parsed.unknown)
    for source, first, last in parsed.citations:
        document, lines = shown.get(source, (None, frozenset[int]()))
        if document is not None and _were_shown(document, first, last, lines):
            citation = cite_lines(document, first, last, number=0)
            if citation_problem(citation, document) is None:
                cited.append(CitedLines(document, first, last))
                continue
        unknown.append(f"[{source}:L{first}]" if first == last else f"[{source}:L{first}-L{last}]")
    return cited, unknown


def verify_written(
    text: str,
    cited: Sequence[CitedLines],
    shown: Shown,
    citations: CitationList,
    *,
    confidence: float,
) -> Statement | Withheld:
    """`text` as a checked statement, its citations added to `citations`; or why it is withheld.

    Args:
        text: The statement, without marks.
        cited: The lines that it cites, all of them shown.
        shown: All lines that the model was shown; another citation is looked for in them.
        citations: Of the answer so far.
        confidence: 0..1, passed on to the statement.
    """
    check = check_claim(text, cited) if cited else None
    supporting: Sequence[CitedLines]
    if check is not None and check.supported:
        supporting = cited
        if len(cited) > 1:
            alone = [lines for lines in cited if check_claim(text, [lines]).supported]
            supporting = alone or cited
    else:
        supporting = find_support(text, _shown_lines(shown))
    if not supporting:
        reason = check.reason if check is not None else "it cites no lines that were shown"
        return Withheld(text, reason or "the cited lines do not say this")
    numbers = [
        citations.cite(lines.document, lines.first_line, lines.last_line).number
        for lines in supporting
    ]
    return Statement(text, tuple(dict.fromkeys(numbers)), confidence=confidence)


def _were_shown(document: Document, first: int, last: int, shown: frozenset[int]) -> bool:
    """Whether both ends of a range were shown, and every line between them that is not blank."""
    return (first in shown and last in shown) and all(
        line in shown or not document.lines(line, line).strip() for line in range(first, last)
    )


def _shown_lines(shown: Shown) -> list[CitedLines]:
    return [
        CitedLines(document, line, line)
        for document, lines in shown.values()
        for line in sorted(lines)
    ]
