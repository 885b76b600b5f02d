"""The store: one SQLite file that holds everything that cannot be built again at no cost.

Documents, chunks, sentences, their vectors, and the manifest that says what made them. A document
enters whole, in one transaction, or not at all, so a process may be killed at any moment. Chroma
and the keyword index (`rag.index`) are built from it. Steps right of it in the flow read it
through `rag.index.Index` only.

The file is in WAL mode: a reader keeps the state of the moment it opened the store, however long
a writer works meanwhile. Deleted text is overwritten with zeros.
"""

from rag.store.database import STORE_FILE
from rag.store.reading import Store
from rag.store.records import (
    KEY_BYTES,
    DocumentSummary,
    Entry,
    Kind,
    Manifest,
    StoredFile,
    Vectors,
    get_manifest,
)
from rag.store.writing import StoreWriter

__all__ = [
    "KEY_BYTES",
    "STORE_FILE",
    "DocumentSummary",
    "Entry",
    "Kind",
    "Manifest",
    "Store",
    "StoreWriter",
    "StoredFile",
    "Vectors",
    "get_manifest",
]
