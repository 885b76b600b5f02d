"""Checks of models, corpus, index and settings, each with what to do when it fails."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rag.config import Config
from rag.errors import IndexBusyError, IndexNotFoundError, RagError


@dataclass(frozen=True)
class Check:
    """One finding.

    Attributes:
        essential: Whether questions cannot be answered when this check fails.
        remedy: What to do, or None.
    """

    name: str
    ok: bool
    finding: str
    remedy: str | None = None
    essential: bool = True


def diagnose(config: Config) -> list[Check]:
    """Every check in the order of the flow; nothing in corpus or index is changed."""
    return [
        _guard("settings", lambda: _check_settings(config)),
        _guard("corpus", lambda: _check_corpus(config)),
        _guard("embedding model", lambda: _check_embedding(config)),
        _guard("reader models", lambda: _check_reader(config)),
        _guard("pair model", lambda: _check_pairs(config)),
        _guard("language model", lambda: _check_language_model(config), essential=False),
        _guard("index folder", lambda: _check_index_folder(config)),
        _guard("index", lambda: _check_index(config)),
    ]


def _guard(name: str, check: Callable[[], Check], *, essential: bool = True) -> Check:
    """The check's finding, or its error as one."""
    try:
        return check()
    except (RagError, OSError) as exc:
        return Check(name, ok=False, finding=str(exc), essential=essential)


def _check_settings(config: Config) -> Check:
    given = sorted(config.model_fields_set - {"openai_api_key"})
    shown = ", ".join(f"{name}={getattr(config, name)}" for name in given) or "all defaults"
    return Check("settings", ok=True, finding=shown)


def _check_corpus(config: Config) -> Check:
    from rag.corpus import find_files

    files, skipped = find_files(config.corpus_dir, max_file_mb=config.max_file_mb)
    finding = f"{len(files)} article files in {config.corpus_dir}"
    if skipped:
        finding += f", {len(skipped)} other files left out (`rag index --dry-run` lists them)"
    if files:
        return Check("corpus", ok=True, finding=finding)
    remedy = "put .txt, .md, .html or .pdf files there, or name another folder with --corpus"
    return Check("corpus", ok=False, finding=finding, remedy=remedy)


def _check_embedding(config: Config) -> Check:
    from rag.embedding import get_embedder

    embedder = get_embedder(config)
    police, army, recipe = embedder.embed(["police officers", "armed police", "a cake recipe"])
    if float(police @ army) <= float(police @ recipe):
        return Check(
            "embedding model", ok=False,
            finding=f"{embedder.name} finds cake nearer to the police than armed police",
            remedy="remove the on-record folder in the cache folder; it is made again",
        )  # fmt: skip
    return Check("embedding model", ok=True, finding=f"{embedder.name} loads and embeds")


def _check_reader(config: Config) -> Check:
    from rag.relevance import ReaderModel, ReadSentence

    sentences = [ReadSentence("Ann Lee won the race."), ReadSentence("A cake needs butter.")]
    asked = {
        "who won the race?": ReaderModel.shipped(config),
        "what was there on Monday ? a race ? who won": ReaderModel.for_follow_ups(config),
    }
    for question, model in asked.items():
        right, wrong = (said.logit for said in model.read(question, sentences))
        if right <= wrong:
            return Check(
                "reader models", ok=False, finding="one takes a cake for the winner of a race",
                remedy="remove the on-record folder in the cache folder; it is made again",
            )  # fmt: skip
    return Check("reader models", ok=True, finding="they load and read")


def _check_pairs(config: Config) -> Check:
    from rag.relevance import PairModel, SentencePair

    pairs = [SentencePair("Five people died.", "Nine people died."),
             SentencePair("Five people died.", "It killed five people.")]  # fmt: skip
    differing, alike = PairModel.shipped(config).compare("how many people died?", pairs)
    if differing.differ <= alike.differ:
        return Check(
            "pair model", ok=False, finding="it takes five for five less surely than for nine",
            remedy="remove the on-record folder in the cache folder; it is made again",
        )  # fmt: skip
    return Check("pair model", ok=True, finding="it loads and compares")


def _check_language_model(config: Config) -> Check:
    from rag.llm import get_language_model

    model = get_language_model(config)
    if model is None:
        return Check("language model", ok=True, finding="none: answers quote the articles")
    model.complete("You are being tested.", "Say: ready")  # nothing of the corpus is sent
    return Check("language model", ok=True,
                 finding=f"{model.name} answers, {model.context_tokens:,} tokens")  # fmt: skip


def _check_index_folder(config: Config) -> Check:
    folder = Path(config.index_dir)
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK):
        return Check("index folder", ok=True, finding=f"{folder} can be written")
    remedy = "give this user the right to write there, or name another folder with --index"
    return Check("index folder", ok=False, finding=f"{existing} cannot be written", remedy=remedy)


def _check_index(config: Config) -> Check:
    from rag.index import build_index, open_index

    try:
        with open_index(config) as index:
            finding = (f"{index.document_count:,} documents, {index.chunk_count:,} chunks, "
                       f"generation {index.generation}")  # fmt: skip
            notice = index.notice
    except IndexNotFoundError:
        return Check("index", ok=False, finding="not built yet", essential=False,
                     remedy="run `rag index` (the first question builds it, too)")  # fmt: skip
    if notice:
        return Check("index", ok=False, finding=f"{finding}; {notice}", essential=False,
                     remedy="run `rag index`")  # fmt: skip
    try:
        report = build_index(config, dry_run=True)
    except IndexBusyError as exc:
        return Check("index", ok=True, finding=f"{finding}; {exc}")
    pending = len(report.added) + len(report.changed) + len(report.removed) + len(report.renamed)
    if pending:
        return Check("index", ok=False, finding=f"{finding}; {pending} files have changed since",
                     remedy="run `rag index`", essential=False)  # fmt: skip
    return Check("index", ok=True, finding=f"{finding}, up to date")
