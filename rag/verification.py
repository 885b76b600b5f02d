"""Draft statements -> statements whose cited lines have been checked, or withheld ones.

A statement passes only when each of its citations shows exactly the lines that the store has at
that place, and the words of the statement stand in the lines of one of them. What does not pass
is withheld, with the reason; it never reaches the text of an answer.
"""

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from rag.schema import Citation, Document, Draft, Evidence, Statement, Withheld


@dataclass
class CitationList:
    """Numbers citations by first use; the same lines of the same document keep their number."""

    citations: list[Citation] = field(default_factory=list)

    def cite(self, evidence: Evidence) -> Citation:
        """The citation of the lines that `evidence` stands on."""
        document = evidence.document
        for known in self.citations:
            if (known.document_id, known.first_line, known.last_line) == (
                document.document_id, evidence.first_line, evidence.last_line,
            ):  # fmt: skip
                return known
        citation = cite_lines(
            document, evidence.first_line, evidence.last_line, number=len(self.citations) + 1
        )
        self.citations.append(citation)
        return citation


def cite_lines(document: Document, first_line: int, last_line: int, *, number: int) -> Citation:
    """A citation of lines `first_line` to `last_line` of `document`.

    Raises:
        ValueError: When the document has no such lines.
    """
    start, end = document.span(first_line, last_line)
    return Citation(
        number=number,
        document_id=document.document_id,
        path=document.path,
        title=document.title,
        publisher=document.publisher,
        published=document.published,
        first_line=first_line,
        last_line=last_line,
        quote=document.text[start:end],
        start_char=start,
        end_char=end,
        document_hash=document.document_hash,
        rendering=document.rendering,
        page=document.page_at(first_line),
        also_in=document.also_paths,
    )


def verify_draft(
    draft: Draft, citations: CitationList, *, confidence: float
) -> Statement | Withheld:
    """`draft` as a checked statement, its citations added to `citations`; or why it is withheld."""
    supporting: list[Evidence] = []
    problem = "no lines are cited"
    said = False
    for evidence in draft.evidence:
        citation = cite_lines(evidence.document, evidence.first_line, evidence.last_line, number=0)
        found = citation_problem(citation, evidence.document)
        if found is None and not _says(citation.quote, evidence.text):
            found = "the cited lines do not say this"
        if found is None:
            supporting.append(evidence)
            said = said or _says(citation.quote, draft.text)
        else:
            problem = found
    if not supporting:
        return Withheld(draft.text, problem)
    if not said:
        return Withheld(draft.text, "the cited lines do not say this")
    numbers = tuple(dict.fromkeys(citations.cite(evidence).number for evidence in supporting))
    return Statement(draft.text, numbers, confidence=confidence)


def citation_problem(citation: Citation, document: Document) -> str | None:
    """What is wrong with `citation` as lines of `document`; None when it is exact.

    Checked: the version, that the lines exist and are part of the article, that quote, offsets
    and line numbers name the same text.
    """
    if citation.document_hash != document.document_hash:
        return f"{citation.path} has changed since the quote was taken"
    if not 1 <= citation.first_line <= citation.last_line <= document.line_count:
        return f"{citation.path} has no lines {citation.first_line}-{citation.last_line}"
    if citation.quote != document.lines(citation.first_line, citation.last_line):
        return "the quote is not the text of the cited lines"
    if citation.quote != document.text[citation.start_char : citation.end_char]:
        return "the quote is not the text at its offsets"
    if not citation.quote.strip():
        return "the cited lines are blank"
    lines = range(citation.first_line, citation.last_line + 1)
    if any(line in document.boilerplate for line in lines):
        return "a cited line is not part of the article"
    return None


def file_shows_quote(citation: Citation, corpus_dir: Path) -> bool:
    """Whether the file on disk still shows the quote at the cited lines, as `sed -n` would.

    True for extracted text, whose lines are not those of the file.
    """
    if citation.rendering == "extracted":
        return True
    path = corpus_dir / citation.path
    try:
        raw = path.read_bytes()
    except OSError:
        return False
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    shown = b"\n".join(lines[citation.first_line - 1 : citation.last_line])
    try:
        return shown.removeprefix(b"\xef\xbb\xbf").decode("utf-8") == citation.quote
    except UnicodeDecodeError:
        # An older encoding: the numbers of the lines can be compared, the characters cannot.
        return len(lines) >= citation.last_line


def _says(text: str, words: str) -> bool:
    """Whether `words` stand in `text`, white space aside, in the same Unicode form."""
    return _folded(words) in _folded(text)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
