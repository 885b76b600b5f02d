"""Checks a Chroma folder against the store; run as a child process, because it may crash.

    python -m rag.index.checking INDEX_DIR CHROMA_DIR

Exit 0 when the ids and vectors are those of the store and a search reaches all of them.
`count()` alone proves nothing: it is right when every vector is lost.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rag.index.vectors import MIN_REACHED, ChromaVectors
from rag.store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_REACHED = 50_000  # neighbours asked for at once, to see that the graph is whole
_MAX_QUERIES = 500  # chunks that are searched for one by one
_TOLERANCE = 1e-4


def find_problem(index_dir: Path, folder: Path) -> str | None:
    """What is wrong with the Chroma folder, or None."""
    import numpy as np

    store = Store.open_reader(index_dir)
    expected = dict(_stored_vectors(store))
    store.close()
    with ChromaVectors(folder) as chroma:
        found: set[str] = set()
        for ids, vectors in chroma.vectors():
            if not expected.keys() >= set(ids):
                return "it holds chunks that the store does not"
            if np.abs(vectors - np.array([expected[k] for k in ids])).max() > _TOLERANCE:
                return "a vector differs from the store's"
            found.update(ids)
        if found != expected.keys():
            return f"{len(expected) - len(found)} of {len(expected)} chunks are missing"
        names = list(expected)
        wanted = min(len(names), _MAX_REACHED)
        reached = set(chroma.search(expected[names[0]], wanted))
        if len(reached) < MIN_REACHED * wanted:
            return f"a search reaches {len(reached)} of {wanted} chunks"
        asked = names[:: -(-len(names) // _MAX_QUERIES)]
        nearest = [expected[chroma.search(expected[name], 1)[0]] for name in asked]
        found_itself = sum(
            vector @ expected[name] > 1 - _TOLERANCE
            for name, vector in zip(asked, nearest, strict=True)
        )
        if found_itself < MIN_REACHED * len(asked):
            return f"{len(asked) - found_itself} of {len(asked)} chunks do not find themselves"
    return None


def _stored_vectors(store: Store) -> "Iterator[tuple[str, NDArray[np.float32]]]":
    for summary in store.summaries():
        vectors = store.vectors(summary.document_id, "chunk").vectors
        yield from zip(store.chunk_ids(summary.document_id), vectors, strict=True)


if __name__ == "__main__":
    sys.exit(find_problem(Path(sys.argv[1]), Path(sys.argv[2])))
