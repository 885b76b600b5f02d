"""On Record: answers over news articles that cite the exact lines, checked by code.

    from rag import query
    print(query("How many officers handed in their permits?").text)

The names below are loaded when they are first used, so that importing the package is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.claims import CitedLines, ClaimCheck, check_claim, find_support
    from rag.condensing import in_context
    from rag.config import Config
    from rag.engine import ChatEngine, open_engine, query
    from rag.errors import (
        ConfigError,
        CorpusError,
        IndexBusyError,
        IndexMismatchError,
        IndexNotFoundError,
        ModelError,
        RagError,
    )
    from rag.index import build_index
    from rag.relevance import write_base_model
    from rag.schema import (
        Answer,
        AnswerEvent,
        Chunk,
        Citation,
        Claim,
        Disagreement,
        Document,
        Filters,
        IndexReport,
        Message,
        ScoredChunk,
        ScoredSentence,
        SkippedFile,
        StatedDate,
        Statement,
        Withheld,
    )

__all__ = [  # noqa: RUF022 - grouped for the reader, not sorted
    # ask
    "query",
    "open_engine",
    "ChatEngine",
    "Config",
    "Filters",
    "Message",
    "in_context",
    # answers
    "Answer",
    "AnswerEvent",
    "Citation",
    "Claim",
    "Disagreement",
    "StatedDate",
    "Statement",
    "Withheld",
    # corpus and index
    "build_index",
    "Chunk",
    "Document",
    "IndexReport",
    "ScoredChunk",
    "ScoredSentence",
    "SkippedFile",
    # check statements of your own
    "check_claim",
    "find_support",
    "CitedLines",
    "ClaimCheck",
    # train a model of your own
    "write_base_model",
    # errors
    "ConfigError",
    "CorpusError",
    "IndexBusyError",
    "IndexMismatchError",
    "IndexNotFoundError",
    "ModelError",
    "RagError",
]  # fmt: skip

_MODULES = {
    "rag.engine": ("query", "open_engine", "ChatEngine"),
    "rag.condensing": ("in_context",),
    "rag.config": ("Config",),
    "rag.index": ("build_index",),
    "rag.claims": ("check_claim", "find_support", "CitedLines", "ClaimCheck"),
    "rag.relevance": ("write_base_model",),
    "rag.errors": tuple(name for name in __all__ if name.endswith("Error")),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    value = getattr(import_module(_HOME.get(name, "rag.schema")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
