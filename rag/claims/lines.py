"""Cited lines, and everything that is read out of them before a claim is compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.claims.vocabulary import keys_of, related, stem_of
from rag.schema import Document
from rag.sentences import split_sentences
from rag.values import (
    DateMention,
    Lexicon,
    Name,
    Number,
    Token,
    read_dates,
    read_lexicon,
    read_names,
    read_numbers,
    tokenize,
)

# Of longer cited text only the start is compared; whole sentences are found anywhere.
MAX_SOURCE_CHARS = 40_000


@dataclass(frozen=True)
class CitedLines:
    """Lines of a document, 1-based and inclusive."""

    document: Document
    first_line: int
    last_line: int

    @property
    def text(self) -> str:
        r"""The lines, joined by "\n".

        Raises:
            ValueError: When the document has no such lines.
        """
        return self.document.lines(self.first_line, self.last_line)


class Source:
    """The cited lines of one claim, read once.

    Attributes:
        cited: As given.
        text: Their text, one after the other.
    """

    def __init__(self, cited: Sequence[CitedLines]) -> None:
        self.cited = tuple(cited)
        self.text = "\n".join(lines.text for lines in cited)[:MAX_SOURCE_CHARS]

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens of the lines."""
        return tokenize(self.text)

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of the lines; each line ends one."""
        return [
            line[start:end]
            for line in self.text.split("\n")
            for start, end in split_sentences(line)
        ]

    @cached_property
    def sentence_words(self) -> list[tuple[frozenset[str], frozenset[str]]]:
        """Keys and stems of each sentence."""
        found = []
        for text in self.sentences:
            bases = {token.base for token in tokenize(text)}
            keys = frozenset(key for base in bases for key in keys_of(base))
            found.append((keys, frozenset(stem_of(b) for b in bases if b[:1].isalpha())))
        return found

    @cached_property
    def bases(self) -> frozenset[str]:
        """All words and numbers of the lines."""
        return frozenset(token.base for token in self.tokens)

    @cached_property
    def keys(self) -> frozenset[str]:
        """Stems of all words of the lines, and the groups of synonyms they belong to."""
        return frozenset(key for base in self.bases for key in keys_of(base))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of all words of the lines."""
        return frozenset(stem_of(base) for base in self.bases if base[:1].isalpha())

    @cached_property
    def numbers(self) -> list[Number]:
        """The numbers of the lines that are not part of a date."""
        spans = [(date.start, date.end) for lines in self._dates_by_lines for date in lines]
        return [n for n in read_numbers(self.text) if not _inside(n.start, n.end, spans)]

    @cached_property
    def dates(self) -> list[DateMention]:
        """The dates of the lines, each resolved against its own document's date."""
        return [
            date
            for lines in self.cited
            for date in read_dates(lines.text[:MAX_SOURCE_CHARS], lines.document.published)
        ]

    @cached_property
    def _dates_by_lines(self) -> list[list[DateMention]]:
        return [read_dates(self.text)]

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The cited documents, each once."""
        found: dict[str, Document] = {}
        for lines in self.cited:
            found.setdefault(lines.document.document_id, lines.document)
        return tuple(found.values())

    @cached_property
    def lexicons(self) -> list[Lexicon]:
        """What the cited documents tell about their names."""
        return [read_lexicon(document.text) for document in self.documents]

    @cached_property
    def names(self) -> list[Name]:
        """The names in the lines."""
        lexicon = self.lexicons[0] if self.lexicons else None
        return read_names(self.text, lexicon)

    def says(self, base: str) -> frozenset[int]:
        """The numbers of the sentences that have this word, a form of it or a synonym."""
        keys, stem = keys_of(base), stem_of(base)
        return frozenset(
            number
            for number, (held, stems) in enumerate(self.sentence_words)
            if keys & held or (len(stem) >= 4 and any(related(stem, known) for known in stems))
        )


def _inside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)
