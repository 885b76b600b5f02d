"""Document -> chunks of whole lines, and the sentences that can be quoted.

1. The lines that are neither blank nor boilerplate form blocks; boilerplate ends a block, so no
   chunk holds any of it.
2. A block is cut into chunks of about `max_words` words, always between lines. The next chunk
   starts with the last lines of the one before, up to `overlap_words` words.
3. One line that is longer than a chunk is cut between its sentences (or, where a sentence is
   longer still, between words); such parts keep the line's number and have offsets of their own.

Sentences never cross a blank line or boilerplate. They do cross line ends in hard-wrapped text.
"""

import re
from collections.abc import Iterator

from rag.schema import Chunk, Document
from rag.sentences import split_sentences

# Part of the index manifest: change it with anything that changes chunks, sentences or the
# text that is embedded.
CHUNKING_VERSION = "1"

_WORD = re.compile(r"\S+")
# A line this short that ends without a full stop is a heading or a list item, not a wrapped line.
_MIN_WRAPPED_CHARS = 50
_LINE_ENDERS = ".!?…:;\"'”’)"
_HEADING = re.compile(r"#{1,6}\s")
_LIST_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,3}[.)]|#+)\s")


def split_document(document: Document, *, max_words: int, overlap_words: int) -> list[Chunk]:
    """Chunks of `document` in order; together they hold every line that is citable.

    Args:
        document: The document.
        max_words: Target size of a chunk; only a single over-long word exceeds it.
        overlap_words: At most this many words are shared with the chunk before.
    """
    chunks: list[Chunk] = []
    for block in _blocks(document):
        chunks.extend(_split_block(document, block, max_words, overlap_words))
    return chunks


def split_sentences_of(document: Document) -> list[tuple[int, int]]:
    """Offsets (start, end) of every sentence that can be quoted, in order.

    A Markdown heading is found with its chunk, but says nothing that could be quoted.
    """
    spans: list[tuple[int, int]] = []
    for first, last in _paragraphs(document):
        start, end = document.span(first, last)
        if not _HEADING.match(document.text, start, end):
            spans.extend(split_sentences(document.text, start, end))
    return spans


def embedding_text(document: Document, chunk: Chunk) -> str:
    """What is embedded and indexed for keywords: the chunk's text after its document's metadata.

    Mojibake is mended here, and only here: for finding, never for quoting.
    """
    published = document.published.isoformat() if document.published else None
    prefix = " | ".join(part for part in (document.title, document.publisher, published) if part)
    return f"{prefix}\n{mend(chunk.text)}" if prefix else mend(chunk.text)


def mend(text: str) -> str:
    """`text` with mojibake ("â€™" for an apostrophe) mended, for finding only."""
    if text.isascii():
        return text
    import ftfy  # slow to import, and most texts need it only while indexing

    return ftfy.fix_encoding(text)


def _citable_lines(document: Document) -> Iterator[int]:
    for line in range(1, document.line_count + 1):
        if line not in document.boilerplate and document.lines(line, line).strip():
            yield line


def _blocks(document: Document) -> Iterator[list[int]]:
    """Runs of citable lines with nothing but blank lines between them."""
    block: list[int] = []
    for line in _citable_lines(document):
        if block and any(k in document.boilerplate for k in range(block[-1] + 1, line)):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _split_block(
    document: Document, block: list[int], max_words: int, overlap_words: int
) -> Iterator[Chunk]:
    counts = {line: len(document.lines(line, line).split()) for line in block}
    position = 0
    while position < len(block):
        line = block[position]
        if counts[line] > max_words:
            yield from _split_line(document, line, max_words)
            position += 1
            continue
        end, words = position, 0
        while end < len(block) and words + counts[block[end]] <= max_words:
            words += counts[block[end]]
            end += 1
        yield _chunk(document, line, block[end - 1])
        next_position = end
        if end < len(block) and counts[block[end]] <= max_words:
            # Step back while the repeated lines stay small and leave room for the next line.
            shared = counts[block[end - 1]]
            room = min(overlap_words, max_words - counts[block[end]])
            while next_position - 1 > position and shared <= room:
                next_position -= 1
                shared += counts[block[next_position - 1]]
        position = next_position


def _chunk(document: Document, first_line: int, last_line: int) -> Chunk:
    start, end = document.span(first_line, last_line)
    return Chunk(
        chunk_id=f"{document.document_id}:{first_line}-{last_line}",
        document_id=document.document_id,
        first_line=first_line,
        last_line=last_line,
        text=document.text[start:end],
        start_char=start,
        end_char=end,
    )


def _split_line(document: Document, line: int, max_words: int) -> Iterator[Chunk]:
    """Parts of one over-long line, each of whole sentences where they fit."""
    start, end = document.span(line, line)
    pieces: list[tuple[int, int]] = []
    for sentence in split_sentences(document.text, start, end):
        words = [match.span() for match in _WORD.finditer(document.text, *sentence)]
        pieces.extend(
            (words[k][0], words[min(k + max_words, len(words)) - 1][1])
            for k in range(0, len(words), max_words)
        )
    part = 0
    position = 0
    while position < len(pieces):
        first = position
        words_in_part = 0
        while position < len(pieces):
            count = len(document.text[slice(*pieces[position])].split())
            if words_in_part and words_in_part + count > max_words:
                break
            words_in_part += count
            position += 1
        part += 1
        part_start, part_end = pieces[first][0], pieces[position - 1][1]
        yield Chunk(
            chunk_id=f"{document.document_id}:{line}-{line}.{part}",
            document_id=document.document_id,
            first_line=line,
            last_line=line,
            text=document.text[part_start:part_end],
            start_char=part_start,
            end_char=part_end,
        )


def _paragraphs(document: Document) -> Iterator[tuple[int, int]]:
    """First and last line of each paragraph: one line, or the lines of hard-wrapped text."""
    first = last = 0
    for line in _citable_lines(document):
        if last and line == last + 1 and _wraps(document, last, line):
            last = line
            continue
        if last:
            yield first, last
        first = last = line
    if last:
        yield first, last


def _wraps(document: Document, line: int, next_line: int) -> bool:
    """Whether the sentence of `line` goes on in `next_line`."""
    text = document.lines(line, line).rstrip()
    following = document.lines(next_line, next_line)
    if len(text) < _MIN_WRAPPED_CHARS or _LIST_ITEM.match(following) or _LIST_ITEM.match(text):
        return False
    return text[-1] not in _LINE_ENDERS or following.lstrip()[:1].islower()
