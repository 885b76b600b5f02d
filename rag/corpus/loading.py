"""Loads one article file as a Document: text, line numbers, metadata, clutter."""

import hashlib
from pathlib import Path

from rag.corpus.clutter import find_clutter
from rag.corpus.decoding import decode
from rag.corpus.files import HTML_SUFFIXES, PDF_SUFFIXES, CorpusFile
from rag.corpus.frontmatter import read_front_matter
from rag.corpus.metadata import Metadata, read_metadata
from rag.errors import CorpusError
from rag.schema import Document, Rendering

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"


def load_document(corpus_dir: Path, file: CorpusFile) -> Document:
    """The article that `file` holds.

    Raises:
        CorpusError: With the reason when the file cannot be read as an article.
    """
    try:
        data = (corpus_dir / file.path).read_bytes()
    except OSError as exc:
        raise CorpusError(f"cannot be read ({exc.strerror})") from exc
    suffix = Path(file.path).suffix.lower()
    if suffix in PDF_SUFFIXES:
        return _load_pdf(file.path, data)
    if suffix in HTML_SUFFIXES:
        return _load_html(file.path, data)
    text, rendering = decode(data)
    return _document(file.path, text, rendering, front_matter=True)


def _load_pdf(path: str, data: bytes) -> Document:
    from rag.corpus.pdf import extract_pdf

    pdf = extract_pdf(data)
    return _document(
        path, pdf.text, "extracted", stated=pdf.metadata, clutter=pdf.clutter, pages=pdf.page_starts
    )


def _load_html(path: str, data: bytes) -> Document:
    from rag.corpus.html import extract_html

    text, stated = extract_html(data)
    return _document(path, text, "extracted", stated=stated)


def _document(
    path: str,
    text: str,
    rendering: Rendering,
    *,
    stated: Metadata | None = None,
    clutter: frozenset[int] = frozenset(),
    pages: tuple[int, ...] = (),
    front_matter: bool = False,
) -> Document:
    """The document with that text; what is stated outside the text counts before its head."""
    if not text.strip().strip(_INVISIBLE).strip():
        raise CorpusError("empty")
    lines = text.split("\n")
    last_line = 0
    if front_matter:
        stated, last_line = read_front_matter(lines)
        if last_line and not "".join(lines[last_line:]).strip():
            raise CorpusError("no text after the front matter")
    passed_over = clutter | frozenset(range(1, last_line + 1))
    body = ["" if number in passed_over else line for number, line in enumerate(lines, start=1)]
    clutter = passed_over | find_clutter(body).keys()
    metadata = read_metadata(lines, clutter=clutter)
    if stated is not None:
        metadata = stated.or_else(metadata)
    return Document(
        document_id=path,
        text=text,
        document_hash=hashlib.sha256(text.encode()).hexdigest(),
        title=metadata.title,
        publisher=metadata.publisher,
        author=metadata.author,
        published=metadata.published,
        published_basis=metadata.published_basis,
        rendering=rendering,
        boilerplate=clutter,
        page_starts=pages,
    )
