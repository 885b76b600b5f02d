"""What an indexing run reports."""

from dataclasses import asdict, dataclass
from typing import Any

from rag.schema.plain import plain


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file of the corpus that was not indexed, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class IndexReport:
    """What one run of `build_index` did, or with a dry run would do.

    Attributes:
        added, changed, removed: Document ids.
        renamed: Pairs (old document id, new document id); the text is the same.
        skipped: Files that were not indexed, with the reason.
        duplicates: Pairs (path of the copy, document id under which it is indexed).
        unchanged: How many documents needed no work.
        documents, chunks: How many the index holds now.
        embedded_chunks: How many chunks were embedded in this run.
        generation: Number of the published generation; 0 when there is none.
        elapsed_s: Seconds.
        dry_run: Whether nothing was written.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    unchanged: int = 0
    documents: int = 0
    chunks: int = 0
    embedded_chunks: int = 0
    generation: int = 0
    elapsed_s: float = 0.0
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The report as plain dicts, lists, strings and numbers, ready for `json.dumps`."""
        as_json: dict[str, Any] = plain(asdict(self))
        return as_json
