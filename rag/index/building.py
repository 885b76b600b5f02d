"""The indexing run: corpus -> store -> published generation, doing only what changed.

1. One writer at a time.
2. Compare the files of the corpus with the store (`planning`).
3. Split, embed and write what is new, a document a transaction (`writing`).
4. Build and publish a generation when the store changed or the last one is damaged.

It may be killed at any moment: the next run finds what is missing by comparing again. A rebuild
empties the store first (once it is known that the model loads), so a rebuild that is killed
leaves an index of the articles done so far, and the next `rag index` completes it; processes that
had the index open keep the old one until the new one is published.
"""

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rag.config import Config
from rag.corpus import find_files, stat_files
from rag.embedding import Embedder, get_embedder
from rag.errors import CorpusError, IndexNotFoundError, RagError
from rag.index.generations import ensure_generation, read_current
from rag.index.locking import writer_lock
from rag.index.planning import Plan, make_plan
from rag.index.writing import write_documents
from rag.schema import IndexReport
from rag.store import Manifest, Store, StoreWriter, get_manifest

ProgressCallback = Callable[[str, int, int], None]


def build_index(
    config: Config,
    *,
    progress: ProgressCallback | None = None,
    dry_run: bool = False,
    rebuild: bool = False,
    embedder: Embedder | None = None,
) -> IndexReport:
    """Brings the index up to date with the corpus.

    Args:
        config: Where both are, and the chunking and embedding.
        progress: Called with the stage ("reading", "embedding" or "publishing"), how much of it
            is done, and how much there is.
        dry_run: Only report what would be done; nothing is written and no model loaded.
        rebuild: Make everything anew, whatever made the present index.
        embedder: What to embed with; by default that of `config`.

    Raises:
        CorpusError: When the corpus is missing, or has no article any more while the index has.
        IndexMismatchError: When the index was made with other settings and `rebuild` is not set.
        IndexBusyError: When another process is writing the index.
        ModelError: When the embedding model cannot be loaded.
        RagError: When the index cannot be written.
    """
    started = time.monotonic()
    show = progress or (lambda stage, done, total: None)
    embedder = embedder or get_embedder(config)
    manifest = get_manifest(config, embedder)
    if not config.corpus_dir.is_dir():
        find_files(config.corpus_dir, max_file_mb=config.max_file_mb)  # raises, and says why
    try:
        if dry_run:
            return _dry_run(config, manifest, rebuild, show, started)
        with writer_lock(config.index_dir):
            return _run(config, embedder, manifest, rebuild, show, started)
    except (OSError, sqlite3.Error) as exc:
        raise RagError(f"cannot write the index in {config.index_dir}: {exc}") from exc


def _run(
    config: Config,
    embedder: Embedder,
    manifest: Manifest,
    rebuild: bool,
    show: ProgressCallback,
    started: float,
) -> IndexReport:
    """A run that writes; the caller holds the writer's lock."""
    store = StoreWriter.open(config.index_dir, manifest, rebuild=rebuild)
    try:
        # Taken first: what changes meanwhile has another stamp then, and is noticed later.
        stamps = stat_files(config.corpus_dir, max_file_mb=config.max_file_mb).stamps
        plan = _plan(config, None if rebuild else store, show)
        if rebuild:
            if plan.writes:
                embedder.embed(["ready"])  # a model that does not load must cost nothing
            store.clear(manifest)
        embedded = 0
        if plan.writes or plan.removed or store.unfinished:
            embedded = write_documents(store, plan, config, embedder,
                                       progress=partial(show, "embedding"))  # fmt: skip
        unread = {item.path for item in plan.skipped}
        store.note_files(plan.touched, {path: s for path, s in stamps.items() if path in unread})
        generation = ensure_generation(
            config.index_dir, store, progress=partial(show, "publishing")
        )
        store.tidy()
        return _report(plan, store.counts()[1], embedded, generation, started)
    finally:
        store.close()


def _dry_run(
    config: Config, manifest: Manifest, rebuild: bool, show: ProgressCallback, started: float
) -> IndexReport:
    store = None
    if not rebuild:
        try:
            store = Store.open_reader(config.index_dir)
        except IndexNotFoundError:
            store = None
    try:
        if store is not None:
            store.check_manifest(manifest)
        plan = _plan(config, store, show)
        chunks = store.counts()[1] if store else 0
    finally:
        if store is not None:
            store.close()
    return _report(plan, chunks, 0, read_current(config.index_dir), started, dry_run=True)


def _plan(config: Config, store: Store | None, show: ProgressCallback) -> Plan:
    found, skipped = find_files(config.corpus_dir, max_file_mb=config.max_file_mb)
    plan = make_plan(config.corpus_dir, found, skipped, store, progress=partial(show, "reading"))
    if not plan.documents and plan.removed:
        raise CorpusError(_no_article(config.corpus_dir, len(plan.removed)))
    return plan


def _no_article(corpus_dir: Path, indexed: int) -> str:
    return (
        f"{corpus_dir} holds no article, and the index holds {indexed}: give the folder of the "
        "articles with --corpus DIR, or empty the index with `rag index --rebuild`"
    )


def _report(
    plan: Plan,
    chunks: int,
    embedded: int,
    generation: int,
    started: float,
    *,
    dry_run: bool = False,
) -> IndexReport:
    return IndexReport(
        added=tuple(plan.added),
        changed=tuple(plan.changed),
        removed=tuple(plan.removed),
        renamed=tuple(plan.renamed),
        skipped=tuple(plan.skipped),
        duplicates=tuple(plan.duplicates),
        unchanged=plan.unchanged,
        documents=plan.documents,
        chunks=chunks,
        embedded_chunks=embedded,
        generation=generation,
        elapsed_s=time.monotonic() - started,
        dry_run=dry_run,
    )
