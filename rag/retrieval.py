"""Standalone question -> chunks, best first: dense and keyword search, fused.

1. The keyword list: BM25 over stems; words that the corpus does not know are also searched in
   their closest known spelling.
2. The dense list: the chunks nearest to the question and those of the keyword list, ordered by
   the cosine of the chunk plus that of its best sentence. A chunk's vector blurs a sentence that
   answers among five that do not; this sees it.
3. The same two lists within each publisher that the question names ("what did the BBC say").
4. Reciprocal rank fusion: a chunk scores the sum of weight / (RRF_K + rank) over all lists.
"""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rag.config import Part
from rag.embedding import Embedder
from rag.index import Index
from rag.schema import Chunk, Filters, ScoredChunk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Ranked = list[tuple[str, float]]

# Reciprocal rank fusion as in Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms
# Condorcet and individual rank learning methods" (SIGIR 2009), ranks counted from 1. Their
# constant is 60; with it, being in both lists counts for more than being first in one. On 800
# written questions over 609 articles, 10 put the answering chunk first for 0.22 of them and 60
# for 0.21, into the first ten for 0.52 and 0.47; equal weights were best on MultiHop-RAG dev.
RRF_K = 10
DENSE_WEIGHT = 1.0
KEYWORD_WEIGHT = 1.0
NAMED_PUBLISHER_WEIGHT = 1.0
# Length of each list before fusion, and how many chunks the dense list is chosen from.
LIST_LENGTH = 100
# An acronym of a publisher counts in small letters from this length on.
MIN_SMALL_ACRONYM = 3
DENSE_CANDIDATES = 200
# "News Room (republished)" is named without its remark.
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


class PublisherMention(NamedTuple):
    """Where a question may name publishers.

    Attributes:
        publishers: All that are written so: "the BBC" is BBC News and BBC Sport.
        start, end: Offsets in the question.
        certain: Whether it is written as no ordinary word is: with its capital, as an acronym, or
            as a name of several words.
    """

    publishers: tuple[str, ...]
    start: int
    end: int
    certain: bool


class Retriever:
    """Hybrid search over one generation of the index. Safe to use from several threads.

    Attributes:
        without: Parts of the search that are left out, to measure what they are worth.
    """

    def __init__(
        self, index: Index, embedder: Embedder, without: Collection[Part] = frozenset()
    ) -> None:
        self.index = index
        self.embedder = embedder
        self.without = without
        names = {summary.publisher for summary in index.document_metadata()}
        self._publishers = sorted(name for name in names if name)

    def publishers_named(self, question: str) -> list[str]:
        """Publishers of the corpus that `question` names, sorted."""
        if "publishers" in self.without:
            return []
        return publishers_named(question, self._publishers)

    def publisher_forms(self) -> frozenset[str]:
        """Every way in which a question may name a publisher of the corpus, in small letters."""
        return frozenset(form.lower() for name in self._publishers for form, _ in _forms(name))

    def publisher_mentions(self, question: str) -> list[PublisherMention]:
        """Where `question` may name publishers of the corpus, in order."""
        return publisher_mentions(question, self._publishers)

    def retrieve(
        self, question: str, *, k: int, filters: Filters | None = None
    ) -> list[ScoredChunk]:
        """The `k` best chunks for `question`, best first; fewer when the corpus has no more.

        Args:
            question: What to search for, in any form: a question, or a few words.
            k: How many chunks, at least 1.
            filters: Which documents may be used; None means all.

        Raises:
            ValueError: When `k` is below 1.
        """
        return self.retrieve_vector(question, self.embedder.embed([question])[0], k=k,
                                    filters=filters)  # fmt: skip

    def retrieve_vector(
        self,
        question: str,
        vector: "NDArray[np.float32]",
        *,
        k: int,
        filters: Filters | None = None,
    ) -> list[ScoredChunk]:
        """As `retrieve`, for a question whose vector (shape (dimension,)) is known already."""
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        allowed = self.index.document_ids(filters) if filters else None
        lists = self._lists(question, vector, allowed, k)
        for publisher in self.publishers_named(question):
            within = self.index.document_ids(Filters(publishers=(publisher,))) or set()
            within = within if allowed is None else within & allowed
            lists += [
                (NAMED_PUBLISHER_WEIGHT * weight, ranked)
                for weight, ranked in self._lists(question, vector, within, k)
            ]
        return self._fuse(lists, k)

    def _lists(
        self,
        question: str,
        vector: "NDArray[np.float32]",
        document_ids: Collection[str] | None,
        k: int,
    ) -> list[tuple[float, Ranked]]:
        """The dense and the keyword list with their weights."""
        if document_ids is not None and not document_ids:
            return [(DENSE_WEIGHT, []), (KEYWORD_WEIGHT, [])]
        length = max(k, LIST_LENGTH)
        keyword, dense = [], []
        if "keywords" not in self.without:
            keyword = self.index.keyword_search(
                question, length, document_ids=document_ids, correct="spelling" not in self.without
            )
        if "dense" not in self.without:
            dense = self.index.dense_search(
                vector, max(k, DENSE_CANDIDATES), document_ids=document_ids
            )
            if "sentence_vectors" not in self.without:
                cosines = dict(dense)
                candidates = list(cosines) + [c for c, _ in keyword if c not in cosines]
                dense = self._by_best_sentence(candidates, cosines, vector)
        return [(DENSE_WEIGHT, dense[:length]), (KEYWORD_WEIGHT, keyword)]

    def _by_best_sentence(
        self, chunk_ids: Sequence[str], cosines: dict[str, float], vector: "NDArray[np.float32]"
    ) -> Ranked:
        """`chunk_ids` by the mean of their cosine and that of their best sentence, best first.

        A chunk that only the keyword list holds has no cosine of its own; its best sentence
        counts for both.
        """
        ranked: Ranked = []
        sentences: dict[str, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}
        for chunk in self.index.chunks(chunk_ids):
            if chunk.document_id not in sentences:
                spans, vectors = self.index.sentences(chunk.document_id)
                sentences[chunk.document_id] = spans, vectors @ vector
            spans, scores = sentences[chunk.document_id]
            inside = (spans[:, 0] < chunk.end_char) & (spans[:, 1] > chunk.start_char)
            best = float(scores[inside].max()) if inside.any() else 0.0
            cosine = cosines.get(chunk.chunk_id, best)
            ranked.append((chunk.chunk_id, (cosine + best) / 2))
        return sorted(ranked, key=lambda item: (-item[1], item[0]))

    def _fuse(self, lists: Sequence[tuple[float, Ranked]], k: int) -> list[ScoredChunk]:
        """The `k` best chunks of `lists`; the first two are shown as dense and keyword."""
        scores = fuse_ranks(lists)
        best = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))[:k]
        dense, keyword = (
            {chunk_id: (rank, score) for rank, (chunk_id, score) in enumerate(ranked, 1)}
            for _, ranked in lists[:2]
        )
        fused = []
        for rank, chunk in enumerate(self.index.chunks(best), 1):
            dense_rank, dense_score = dense.get(chunk.chunk_id, (None, None))
            keyword_rank, keyword_score = keyword.get(chunk.chunk_id, (None, None))
            fused.append(
                ScoredChunk(
                    chunk=chunk,
                    score=scores[chunk.chunk_id],
                    rank=rank,
                    dense_score=dense_score,
                    dense_rank=dense_rank,
                    keyword_score=keyword_score,
                    keyword_rank=keyword_rank,
                )
            )
        return fused


def fuse_ranks(lists: Sequence[tuple[float, Ranked]]) -> dict[str, float]:
    """Reciprocal rank fusion of lists of (weight, [(id, score), best first]).

    Example: [(1, [("a", .9), ("b", .1)]), (1, [("b", 7)])] -> {"a": 1/11, "b": 1/12 + 1/11}
    """
    scores: dict[str, float] = {}
    for weight, ranked in lists:
        for rank, (chunk_id, _) in enumerate(ranked, 1):
            scores[chunk_id] = scores.get(chunk_id, 0.0) + weight / (RRF_K + rank)
    return scores


def publishers_named(question: str, publishers: Sequence[str]) -> list[str]:
    """Those of `publishers` that `question` names, in their order.

    By their full name in any letter case, except that a name of one word, which may be an
    ordinary word too ("Fortune", "wired"), must be written with its capital; or by an acronym in
    capitals: its own ("BBC" for BBC News) or the initials of its words ("FT"); one of three
    letters or more in small ones too, when it has no vowel and so is no word ("bbc").

    Example: "what did the BBC say", ["BBC News", "The Guardian"] -> ["BBC News"]
    """
    found = publisher_mentions(question, publishers)
    named = {name for mention in found if mention.certain for name in mention.publishers}
    return [name for name in publishers if name in named]


def publisher_mentions(question: str, publishers: Sequence[str]) -> list[PublisherMention]:
    """All places of `question` that may name one of `publishers`, in order, the longest forms.

    Also in other letter cases, without "The" and "News", and without a remark in brackets; such a
    mention is not certain.

    Example: "what did the times say", ["The Times"] -> [(("The Times",), 9, 18, True)]
    """
    found: dict[tuple[int, int], tuple[list[str], bool]] = {}
    small = question.lower()
    for name in publishers:
        for form, exact in _forms(name):
            if form.lower() not in small:  # much quicker than a pattern for each of thousands
                continue
            for match in _written(form).finditer(question):
                certain = exact is None or match.group() == exact
                names, known = found.get(match.span(), ([], False))
                kept = names if name in names else [*names, name]
                found[match.span()] = kept, known or certain
    mentions: list[PublisherMention] = []
    for (start, end), (names, certain) in sorted(
        found.items(), key=lambda item: (item[0][0], -item[0][1])
    ):
        if not mentions or start >= mentions[-1].end:
            mentions.append(PublisherMention(tuple(names), start, end, certain))
    return mentions


def _forms(publisher: str) -> list[tuple[str, str | None]]:
    """How a question may name `publisher`: the form, and how it must be written to be certain.

    None: in any letter case; "": it is never certain.
    """
    bare = _REMARK.sub("", publisher)
    words = bare.split()
    if not words:
        return [(publisher, publisher)] if publisher.strip() else []
    forms = [(name, None if len(words) > 1 else name) for name in dict.fromkeys((publisher, bare))]
    if len(words) > 1 and words[0].isupper() and len(words[0]) > 1:
        forms.append((words[0], _certain_acronym(words[0])))
    initials = "".join(word[0] for word in words if word[0].isupper())
    if len(initials) > 1 and len(initials) == len(words):
        forms.append((initials, _certain_acronym(initials)))
    short = words[1:] if words[0].lower() == "the" else words
    short = short[:-1] if short[-1:] == ["News"] and len(short) > 1 else short
    if short and short != words:
        forms.append((" ".join(short), None if len(short) > 1 else ""))
    if len(words) > 1 and words[-1] in _TITLES:
        forms.append((words[-1], words[-1]))
    return forms


# A paper goes by the last word of its name, "the Gazette", if that is not the whole name of another
# one ("the Times" is not the Financial Times) and hardly an ordinary word.
_TITLES = frozenset(
    """Advertiser Argus Bulletin Chronicle Courier Dispatch Examiner Gazette Guardian Herald
    Inquirer Ledger Mercury Observer Sentinel Telegraph Tribune""".split()
)


def _certain_acronym(acronym: str) -> str | None:
    """An acronym in small letters is taken for one when it is too long to be a word by chance."""
    word_like = set("aeiou") & set(acronym.lower())
    return None if len(acronym) >= MIN_SMALL_ACRONYM and not word_like else acronym


@lru_cache(maxsize=4096)
def _written(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(form)}(?!\w)", re.IGNORECASE)


def merge_neighbours(chunks: Sequence[Chunk]) -> dict[str, list[tuple[int, int]]]:
    """Spans of offsets that `chunks` cover: by document id, overlapping and adjoining ones merged.

    Documents are in the order of their best chunk, spans in the order of the text.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for chunk in chunks:
        spans.setdefault(chunk.document_id, []).append((chunk.start_char, chunk.end_char))
    return {document_id: _merge(found) for document_id, found in spans.items()}


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + 2:  # 2: the line ends of one blank line
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
