"""Draft statements -> statements whose cited lines have been checked, or withheld ones.

A statement passes only when each of its citations shows exactly the lines that the store has at
that place, and the words of the statement stand in the lines of one of them. The lines of the
others, in which the reader found nearly the same, must have its plain words and numbers and deny
as much. What does not pass is withheld, with the reason; it never reaches the text of an answer.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from rag.corpus.decoding import decode
from rag.errors import CorpusError
from rag.schema import Citation, Document, Draft, Evidence, Statement, Withheld
from rag.words import content_stems

_NEGATION = re.compile(
    r"\b(?:not?|never|nor|neither|none|nobody|nothing|without|cannot"
    r"|den(?:y|ies|ied|ying))\b|n['’]t\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# A place (NUL) inside a word or a number: "m|illion", "4.|5", "4|.5".
_CUT = re.compile(r"\w\0\w|\d[.,:]\0\d|\d\0[.,:]\d")


@dataclass
class CitationList:
    """Numbers citations by first use; the same lines of the same document keep their number."""

    citations: list[Citation] = field(default_factory=list)

    def cite(self, document: Document, first_line: int, last_line: int) -> Citation:
        """The citation of these lines; made when they were not cited yet."""
        place = (document.document_id, first_line, last_line)
        for known in self.citations:
            if (known.document_id, known.first_line, known.last_line) == place:
                return known
        citation = cite_lines(document, first_line, last_line, number=len(self.citations) + 1)
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
        try:
            citation = cite_lines(
                evidence.document, evidence.first_line, evidence.last_line, number=0
            )
        except ValueError as exc:
            problem = str(exc)
            continue
        found = citation_problem(citation, evidence.document)
        if found is None and not (
            _says(citation.quote, evidence.text)
            and (_says(citation.quote, draft.text) or _repeats(evidence.text, draft.text))
        ):
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
    numbers = tuple(
        dict.fromkeys(
            citations.cite(item.document, item.first_line, item.last_line).number
            for item in supporting
        )
    )
    return Statement(draft.text, numbers, confidence=confidence, answer_words=draft.answer_words)


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
    offsets = citation.start_char, citation.end_char
    if offsets != document.span(citation.first_line, citation.last_line):
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
    if citation.first_line == 1:
        shown = shown.removeprefix(b"\xef\xbb\xbf")
    try:
        return shown.decode("utf-8") == citation.quote
    except UnicodeDecodeError:
        return _decoded_lines(raw, citation) == citation.quote


def _decoded_lines(raw: bytes, citation: Citation) -> str | None:
    """The cited lines of a file in an older encoding, read as they were for the index."""
    try:
        text, _ = decode(raw)
    except CorpusError:  # it is no text any more
        return None
    return "\n".join(text.split("\n")[citation.first_line - 1 : citation.last_line])


def _says(text: str, words: str) -> bool:
    """Whether `words` stand in `text` as whole words and numbers, white space aside.

    Example: "It costs 4.5 million.", "5 million." -> False
    """
    held, wanted = _folded(text), _folded(words)
    start = held.find(wanted) if wanted else -1
    while start != -1:
        if not any(_cuts(held, place) for place in (start, start + len(wanted))):
            return True
        start = held.find(wanted, start + 1)
    return False


def _repeats(sentence: str, statement: str) -> bool:
    """Whether a sentence in other words has the statement's words and numbers, and denies as much.

    Names may differ ("the Met", "the Metropolitan Police"); that they mean the same is the
    reader's work.
    """
    plain = " ".join(word for word in statement.split() if word.islower())
    if not set(content_stems(plain)) <= set(content_stems(sentence)):
        return False
    if len(_NEGATION.findall(sentence)) != len(_NEGATION.findall(statement)):
        return False
    return _numbers(sentence) == _numbers(statement)


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


def _cuts(text: str, place: int) -> bool:
    """Whether a word or a number of `text` goes on across `place`."""
    return bool(_CUT.search(f"{text[max(place - 2, 0) : place]}\0{text[place : place + 2]}"))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
