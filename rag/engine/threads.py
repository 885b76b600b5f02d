"""What a conversation has been about so far: the articles of the story that it asks for.

1. The sentences of the newest answer that quotes any article are looked up by their words.
2. Articles that have many names in common with theirs tell the same story.

A follow-up ("do they work again?") is understood within that story: in a corpus of many stories its
words alone fit any of them.
"""

import re
from collections.abc import Sequence

from rag.comparison import tell_one_story
from rag.index import Index
from rag.schema import Document, Message
from rag.words import content_stems

# Answers that are looked back, and the characters of each that are read.
MAX_ANSWERS, MAX_CHARS = 8, 4_000
# Sentences of an answer that are looked up, and chunks that are looked at for each.
MAX_SENTENCES, CHUNKS_OF_SENTENCE = 3, 3
# The part of a sentence's words that a chunk must have to be where it stands.
MIN_QUOTED = 0.8
# A sentence with fewer different words is found in too many places.
MIN_WORDS = 4
# Chunks that are looked through for other articles of the story.
CHUNKS_OF_STORY = 60

# The marks of citations, and publisher and date, after a sentence; "Earlier: " before one.
_MARKS = re.compile(r"(?:\s*\([^()]*\))?(?:\s*\[\d+\])+|^Earlier: ", re.MULTILINE)
_NAME = re.compile(r"\b[^\W\d_a-z]\w*")


def thread_documents(history: Sequence[Message], index: Index) -> tuple[str, ...]:
    """The ids of the articles that tell what the newest answer told; none where it is not found.

    Args:
        history: Oldest first.
        index: Of the articles.
    """
    answers = [turn["content"] for turn in history if turn["role"] == "assistant"]
    for answer in reversed(answers[-MAX_ANSWERS:]):
        told = _MARKS.sub("", answer[:MAX_CHARS])
        quoted = _quoted(told, index)
        if quoted:
            return _same_story(quoted, told, index)
    return ()


def all_known(question: str, thread: Sequence[str], index: Index) -> bool:
    """Whether the articles of a conversation have every name that a follow-up brings into it.

    Args:
        question: With the names as the articles write them.
        thread: Ids of the articles.
        index: Of them.
    """
    names = {word for name in _NAME.findall(question[1:]) for word in content_stems(name)}
    known = {stem for one in thread if names for stem in content_stems(index.document(one).text)}
    return names <= known


def _quoted(answer: str, index: Index) -> list[Document]:
    """The articles in which the first sentences of an answer stand."""
    found: dict[str, None] = {}
    lines = [line for line in answer.splitlines() if line.strip()]
    for line in lines[:MAX_SENTENCES]:
        told = set(content_stems(line))
        if len(told) < MIN_WORDS:
            continue
        hits = index.keyword_search(line, CHUNKS_OF_SENTENCE, correct=False)
        for chunk in index.chunks([chunk_id for chunk_id, _ in hits]):
            if len(told & set(content_stems(chunk.text))) >= MIN_QUOTED * len(told):
                found.setdefault(chunk.document_id)
                break
    return [index.document(document_id) for document_id in found]


def _same_story(quoted: Sequence[Document], answer: str, index: Index) -> tuple[str, ...]:
    hits = index.keyword_search(answer, CHUNKS_OF_STORY, correct=False)
    near = {chunk.document_id for chunk in index.chunks([chunk_id for chunk_id, _ in hits])}
    own = {document.document_id for document in quoted}
    told = {
        document_id
        for document_id in near - own
        if any(tell_one_story(index.document(document_id), document) for document in quoted)
    }
    return tuple(sorted(own | told))
