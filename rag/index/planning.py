"""What an indexing run has to do: the corpus as it is now against the store.

1. Files that are as they were need no reading; the others are loaded.
2. Documents of equal text are one, under the first of their paths in sorted order.
3. When anything changed, the lines that a site repeats are looked for in the corpus as a whole,
   which may change the marks of documents that did not change themselves.
4. A document that is gone and a new one of equal text are a renaming.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.corpus import CorpusFile, load_document, mark_repeated_lines
from rag.errors import CorpusError
from rag.schema import Document, SkippedFile
from rag.store import Store, StoredFile

_EMPTY = "empty"  # the reason of the loader for a file whose text was deleted


@dataclass(frozen=True)
class PlannedDocument:
    """A document to be written.

    Attributes:
        own_boilerplate: Its marks before the corpus was looked at as a whole.
        files: Its file and exact copies, by path.
        replaces: The stored document that it takes the place of, when it was renamed.
    """

    document: Document
    own_boilerplate: frozenset[int]
    files: tuple[CorpusFile, ...]
    replaces: str | None = None


@dataclass
class Plan:
    """What an indexing run has to do, and what its report will say."""

    writes: list[PlannedDocument] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    documents: int = 0
    touched: list[CorpusFile] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """How many documents need no work."""
        return self.documents - len(self.writes)


@dataclass(frozen=True)
class _Source:
    """One file, with the text it stands for: loaded now, or still as in the store."""

    file: CorpusFile
    document_hash: str
    loaded: Document | None


def make_plan(
    corpus_dir: Path,
    found: list[CorpusFile],
    skipped: list[SkippedFile],
    store: Store | None,
    *,
    progress: Callable[[int, int], None],
) -> Plan:
    """Compares the corpus with the store; nothing is written.

    Args:
        corpus_dir: Folder of the articles.
        found: Its article files.
        skipped: Files that cannot be indexed.
        store: The store, or None when everything is new.
        progress: Called with the number of files looked at, and of all.
    """
    stored = store.files() if store else {}
    plan = Plan()
    sources = _read_sources(corpus_dir, found, stored, plan, progress)
    for item in skipped:
        kept = [] if item.reason == _EMPTY else _kept_paths(item.path, stored)
        plan.skipped.append(_with_note(item) if kept else item)
        sources.extend(_Source(stored[p].file, stored[p].document_hash, None) for p in kept)
    plan.skipped.sort(key=lambda item: item.path)

    groups = _group(sources)
    plan.documents = len(groups)
    plan.duplicates = sorted(
        (source.file.path, owner) for owner, group in groups.items() for source in group[1:]
    )
    before = _stored_groups(stored)
    now = {owner: {s.file.path: s.file.sha256 for s in group} for owner, group in groups.items()}
    if now != before or (store is not None and store.unfinished):
        _plan_writes(corpus_dir, groups, store, before, plan)
        _name_changes(plan, stored, groups)
    return plan


def _read_sources(
    corpus_dir: Path,
    found: list[CorpusFile],
    stored: dict[str, StoredFile],
    plan: Plan,
    progress: Callable[[int, int], None],
) -> list[_Source]:
    """Loads the files that are new or changed; what cannot be loaded is noted in the plan."""
    sources = []
    for count, file in enumerate(found, start=1):
        known = stored.get(file.path)
        if known is not None and known.file.sha256 == file.sha256:
            sources.append(_Source(file, known.document_hash, None))
            if known.file != file:
                plan.touched.append(file)
        else:
            try:
                document = load_document(corpus_dir, file)
                sources.append(_Source(file, document.document_hash, document))
            except CorpusError as exc:
                item = SkippedFile(file.path, str(exc))
                keep = known is not None and item.reason != _EMPTY
                if known is not None and keep:
                    sources.append(_Source(known.file, known.document_hash, None))
                plan.skipped.append(_with_note(item) if keep else item)
        progress(count, len(found))
    return sources


def _kept_paths(path: str, stored: dict[str, StoredFile]) -> list[str]:
    """Indexed files that a skipped path stands for: itself, or those of an unreadable folder."""
    return [p for p in stored if p == path or p.startswith(f"{path}/")]


def _with_note(item: SkippedFile) -> SkippedFile:
    return SkippedFile(item.path, f"{item.reason}; the version indexed before stays")


def _group(sources: Iterable[_Source]) -> dict[str, list[_Source]]:
    """Files of equal text, by the first of their paths."""
    by_hash: dict[str, list[_Source]] = {}
    for source in sorted(sources, key=lambda source: source.file.path):
        by_hash.setdefault(source.document_hash, []).append(source)
    return {group[0].file.path: group for group in by_hash.values()}


def _stored_groups(stored: dict[str, StoredFile]) -> dict[str, dict[str, str]]:
    """Raw hashes of the stored files by path, by document id."""
    groups: dict[str, dict[str, str]] = {}
    for path, item in stored.items():
        groups.setdefault(item.document_id, {})[path] = item.file.sha256
    return groups


def _plan_writes(
    corpus_dir: Path,
    groups: dict[str, list[_Source]],
    store: Store | None,
    before: dict[str, dict[str, str]],
    plan: Plan,
) -> None:
    """Finds the documents whose text, copies or marks are not those of the store."""
    own = [_own_document(corpus_dir, group[0], store, before) for group in groups.values()]
    marks = store.boilerplate() if store else {}
    for unmarked, document in zip(own, mark_repeated_lines(own), strict=True):
        group = groups[document.document_id]
        files = {source.file.path: source.file.sha256 for source in group}
        same_files = before.get(document.document_id) == files
        if same_files and marks.get(document.document_id) == document.boilerplate:
            continue
        plan.writes.append(
            PlannedDocument(document, unmarked.boilerplate, tuple(s.file for s in group))
        )


def _own_document(
    corpus_dir: Path, source: _Source, store: Store | None, before: dict[str, dict[str, str]]
) -> Document:
    """The document of a file, without the marks of the corpus as a whole."""
    path = source.file.path
    if source.loaded is not None:
        return source.loaded
    assert store is not None, "a file that was not loaded is in the store"
    if path in before:
        return store.own_document(path)
    # It was a copy of a document that is gone.
    owner = next(owner for owner, paths in before.items() if path in paths)
    try:
        return load_document(corpus_dir, source.file)
    except CorpusError:
        return replace(store.own_document(owner), document_id=path)


def _name_changes(
    plan: Plan, stored: dict[str, StoredFile], groups: dict[str, list[_Source]]
) -> None:
    """Sorts the writes into added, changed and renamed, and finds what is to be removed."""
    owners = {item.document_id: item.document_hash for item in stored.values()}
    gone: dict[str, list[str]] = {}
    for document_id, document_hash in sorted(owners.items()):
        if document_id not in groups:
            gone.setdefault(document_hash, []).append(document_id)
    for position, planned in enumerate(plan.writes):
        document = planned.document
        if document.document_id in owners:
            plan.changed.append(document.document_id)
        elif gone.get(document.document_hash):
            old = gone[document.document_hash].pop(0)
            plan.renamed.append((old, document.document_id))
            plan.writes[position] = replace(planned, replaces=old)
        else:
            plan.added.append(document.document_id)
    plan.removed = sorted(document_id for ids in gone.values() for document_id in ids)
