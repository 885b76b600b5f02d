"""Mistyped words -> the words that are meant: "wat happend", "sumarize teh story", "Chris Cabba".

Words that say what is wanted are mended, since other rules look for them. Such a word is neither
known to the articles nor one of ours, is not written with a capital, and differs from one of ours
by letters that changed places, are missing or are doubled; from seven letters on, by two letters in
any way.

Names are mended after the articles: a name of two words or more only to one that stands there as a
whole, so that another person of the same first name stays who he is. Other words of the news are
left to the search.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from itertools import pairwise

from rag.condensing import vocabulary as v
from rag.embedding.onnx import tokenizer_path
from rag.index import Index
from rag.index.spelling import slips, sound
from rag.schema import Chunk
from rag.values import Lexicon, plain_letters, read_lexicon
from rag.words import STOP_WORDS

_ASKING = """
what whats when where which who why how whose did does the and about happened happening happen
summarise summarize summarised summarized summary overview compare compared comparison contrast
difference differences between different list according article articles report reports reported
story stories explain describe tell everything people please thanks hello because latest reason
reasons publisher publishers sources source documents main points brief versus against
""".split()
_WORD = re.compile(r"[^\W\d_]+")
_MIN_LETTERS, _LONG = 3, 7
# By which "he" and "they" are told what they stand for.
_NAMING = [
    form
    for word in sorted(v.ROLES | v.GROUPS)
    for form in (word, f"{word}s")
    if len(word) >= _LONG and not word.endswith(("s", "y"))
]

_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{2,})*")
_POSSESSIVE = re.compile(r"['’]s?$")
_TITLES = v.ROLES | frozenset("sir dame lord lady mr mrs ms miss dr prof professor judge".split())
# Chunks that are looked through for a name, and letters of a name in which one may be wrong.
_CHUNKS_OF_NAME, _LETTERS_A_SLIP, _MIN_NAME_LETTERS, _LONG_NAME = 40, 3, 4, 8
# Articles in which a word is looked up, to tell whether it is always a name.
_DOCUMENTS = 5


def mend_asking(question: str, unknown_words: Callable[[str], Collection[str]]) -> str:
    """`question` with its mistyped words of asking as they are spelt.

    Args:
        question: Cleaned.
        unknown_words: Gives the words of a text, in small letters, that no article holds.

    Example: "wat happend?" -> "what happened?"
    """
    words = {word.lower() for word in _WORD.findall(question)}
    doubtful = {word for word in words if len(word) >= _MIN_LETTERS and not _is_ours(word)}
    if not doubtful:
        return question
    unknown = doubtful & set(unknown_words(" ".join(sorted(doubtful))))
    mended = {word: meant for word in unknown for meant in _meant(word)}
    if not mended:
        return question
    return _WORD.sub(
        lambda found: (
            found.group()
            if found.start() and found.group()[0].isupper()
            else _like(found.group(), mended.get(found.group().lower(), found.group()))
        ),
        question,
    )


def _is_ours(word: str) -> bool:
    return (
        word in _KNOWN or word in v.VERB_FORMS or word in v.GENERIC or word in v.PLACES
        or word in v.HE_NAMES or word in v.SHE_NAMES
    )  # fmt: skip


_KNOWN = (
    frozenset(_ASKING) | v.WH | v.AUXILIARIES | v.DETERMINERS | v.PRONOUNS | v.PREPOSITIONS
    | v.CONJUNCTIONS | v.ADVERBS | v.ADJECTIVES | v.DEMONSTRATIVES | v.INDEFINITES | v.POSSESSIVES
    | v.MONTHS | v.WEEKDAYS | v.PERIODS | v.ORDINALS | v.OUTLETS | {"wot", "acc", "thx", "pls"}
)  # fmt: skip


def _meant(word: str) -> Iterator[str]:
    """The word that is meant; nothing when none is, or a short one may be either of two."""
    near: dict[int, list[str]] = {}
    for known in (*_ASKING, *_NAMING):
        distance = _slip(word, known)
        if distance:
            near.setdefault(distance, []).append(known)
    if near:
        nearest = near[min(near)]
        if len(nearest) == 1 or len(word) > _MIN_LETTERS:
            yield nearest[0]


def _slip(word: str, known: str) -> int:
    """How many slips of the fingers make `word` of `known`; 0 when they are not alike enough."""
    from rapidfuzz.distance import DamerauLevenshtein

    if abs(len(word) - len(known)) > 2 or word[0] not in known[:2]:
        return 0
    distance = DamerauLevenshtein.distance(word, known, score_cutoff=2)
    is_long = min(len(word), len(known)) >= _LONG
    swapped = sorted(word) == sorted(known)
    missing = len(word) < len(known) and len(known) > _MIN_LETTERS
    doubled = len(word) > len(known) and re.sub(r"(.)\1", r"\1", word) == known
    alike = distance == 1 and (is_long or swapped or missing or doubled)
    return distance if alike or (distance == 2 and is_long) else 0


def _like(typed: str, meant: str) -> str:
    return meant.capitalize() if typed[:1].isupper() else meant


def mend_names(question: str, index: Index) -> str:
    """`question` with its misspelt names as the articles spell them.

    Example: "What did Mark Rowly say?" -> "What did Mark Rowley say?"
    """
    unknown = set(index.unknown_words(question))
    found = list(_NAME_WORD.finditer(question))
    meant: dict[str, str] = {}
    for place, match in enumerate(found):
        word = match.group()
        if _folded(word) not in unknown or not _may_be_name(question, match):
            continue
        before, after = (_beside(question, found, place, step) for step in (-1, 1))
        whole = _whole_name(word, before, after, index)
        if whole or _keeps_apart(before) or _keeps_apart(after):
            meant[_folded(word)] = whole
        elif _folded(word) not in meant:
            meant[_folded(word)] = _known_name(word, index)
    return _NAME_WORD.sub(
        lambda match: meant.get(_folded(match.group()), "") or match.group(), question
    )


def _may_be_name(question: str, match: re.Match[str]) -> bool:
    """Whether an unknown word may be a name: with a capital, or in small letters and not of ours.

    In small letters it is none after "the".
    """
    word = match.group()
    if len(word) < _MIN_NAME_LETTERS or _is_ours(word.lower()):
        return False
    before = question[: match.start()].split()[-1:]
    return word[0].isupper() or not before or before[0].lower() not in v.DETERMINERS


def _beside(question: str, found: list[re.Match[str]], place: int, step: int) -> str:
    """The word right before or after the one at `place` that may belong to its name, or ""."""
    other = place + step
    if not 0 <= other < len(found):
        return ""
    first, second = sorted((place, other))
    word = found[other].group()
    capital = found[place].group()[0].isupper()
    if question[found[first].end() : found[second].start()] != " " or word[0].isupper() != capital:
        return ""
    low = word.lower()
    return "" if low in STOP_WORDS or low in _KNOWN or low in v.VERB_FORMS else word


def _keeps_apart(beside: str) -> bool:
    """Whether a word beside it makes an unknown one the name of somebody else: a given name."""
    return beside[:1].isupper() and beside.lower() not in _TITLES


def _whole_name(word: str, before: str, after: str, index: Index) -> str:
    """The word that stands in the articles beside `before` or `after` and is like `word`, or ""."""
    limit = max(1, len(word) // _LETTERS_A_SLIP)
    for beside, pattern in (
        (before, r"\b(?i:{})\W{{1,2}}([^\W\d_a-z][\w’'-]*)"),
        (after, r"([^\W\d_a-z][\w’'-]*)\W{{1,2}}(?i:{})\b"),
    ):
        if not beside:
            continue
        known = index.correct_spelling(beside).get(beside.lower(), beside)
        pattern = pattern.format(re.escape(plain_letters(known)))
        for chunk in _chunks_with(known, index):
            for match in re.finditer(pattern, plain_letters(chunk.text)):
                other = _POSSESSIVE.sub("", chunk.text[match.start(1) : match.end(1)])
                if _is_alike(_folded(word), _folded(other), limit):
                    return other
    return ""


def _is_alike(word: str, known: str, limit: int) -> bool:
    return sound(word)[0] == sound(known)[0] and slips(word, known, limit) is not None


def _known_name(word: str, index: Index) -> str:
    """The name of the articles, never written in small letters, that `word` is like, or "".

    A word that English knows is no misspelling, nor need the articles hold it.
    """
    low = _folded(word)
    known = index.correct_spelling(word).get(low)
    if known is None or low in _english():
        return ""
    spelt: dict[str, None] = {}
    documents = set()
    for chunk in _chunks_with(known, index):
        documents.add(chunk.document_id)
        for match in re.finditer(rf"\b{re.escape(known)}\b", plain_letters(chunk.text), re.I):
            spelt[chunk.text[match.start() : match.end()]] = None
    if any(name[0].islower() for name in spelt) or not _may_slip(low, known, len(documents)):
        return ""
    return next(iter(spelt), "")


def _may_slip(word: str, known: str, documents: int) -> bool:
    """Whether a word is rather a misspelt name than another name, which the articles do not hold.

    Over the 609 articles of MultiHop-RAG, of 600 capitalised words that they do not hold 21 pass,
    without this rule 82. Of 139 names with one slip, each in several articles, 61 become the right
    name and 1 a wrong one, without the rule 74 and 2: one other letter makes many names alike.
    """
    if sound(word) == sound(known) or sorted(word) == sorted(known):
        return True
    if slips(word, known, 1) is None:
        return False
    return len(word) >= _LONG_NAME or (len(word) != len(known) and documents > 1)


@cache
def _english() -> frozenset[str]:
    """Some 20,000 common words and names, in small letters: the model has a token for each."""
    tokens = json.loads(tokenizer_path().read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(token for token in tokens if token.isalpha())


def _folded(word: str) -> str:
    """A word as the index compares it."""
    return plain_letters(word).lower().replace("'", "")


def _chunks_with(word: str, index: Index) -> list[Chunk]:
    found = index.keyword_search(word, _CHUNKS_OF_NAME, correct=False)
    return index.chunks([chunk_id for chunk_id, _ in found])


def capitalise_names(question: str, index: Index) -> str:
    """`question` with the names in it that were typed in small letters as the articles have them.

    A word is a name when articles have it with a capital inside a sentence, and none that was
    looked at has it in small letters; beside one, when it stands so there ("Lee Jasper").

    Example: "where does lee jasper live" -> "where does Lee Jasper live"
    """
    found = list(_NAME_WORD.finditer(question))
    spelt = [_as_name(match.group(), index) for match in found]
    for place, (one, other) in enumerate(pairwise(spelt)):
        side_by_side = question[found[place].end() : found[place + 1].start()] == " "
        articles = {one, other} & v.DETERMINERS  # "a MACA", though a sentence begins with it
        if side_by_side and not articles and one.islower() != other.islower():
            spelt[place], spelt[place + 1] = _as_pair(one, other, index)
    words = iter(spelt)
    return _NAME_WORD.sub(lambda _: next(words), question)


def _as_name(word: str, index: Index) -> str:
    """A word in small letters as the articles have it, where it is always a name."""
    low = _POSSESSIVE.sub("", word)
    ours = _is_ours(low) and low not in v.HE_NAMES | v.SHE_NAMES
    if not word.islower() or len(low) < _MIN_LETTERS or low in STOP_WORDS or ours:
        return word
    lexicons = _lexicons(low, index)
    if not any(low in lexicon.capitals for lexicon in lexicons) or _is_small(low, lexicons):
        return word
    return _most_written(rf"\b{re.escape(low)}\b", low, index) + word[len(low) :]


def _as_pair(one: str, other: str, index: Index) -> list[str]:
    """Two words of which one is a name, as the articles have both side by side, if they do."""
    last = _POSSESSIVE.sub("", other)
    low = f"{one} {last}".lower()
    name = last if one.islower() else one
    found = _most_written(rf"\b{re.escape(low)}\b", name.lower(), index)
    if found.count(" ") != 1 or _POSSESSIVE.search(one):
        return [one, other]
    first, second = found.split()
    return [first, second + other[len(last) :]]


def _most_written(pattern: str, word: str, index: Index) -> str:
    """What matches `pattern` in the chunks with `word`, as most of them have it; or `word`."""
    chunks = _chunks_with(word, index)
    forms = Counter(form for chunk in chunks for form in re.findall(pattern, chunk.text, re.I))
    return forms.most_common(1)[0][0] if forms else word


def is_common(word: str, index: Index) -> bool:
    """Whether articles have a word in small letters too: "Water", but not "Jasper"."""
    low = word.lower()
    return _is_small(low, _lexicons(low, index))


def _is_small(low: str, lexicons: Iterable[Lexicon]) -> bool:
    return any(low in lexicon.small for lexicon in lexicons)


def _lexicons(word: str, index: Index) -> list[Lexicon]:
    """What the articles that hold a word most prominently tell about names."""
    documents = dict.fromkeys(chunk.document_id for chunk in _chunks_with(word, index))
    return [read_lexicon(index.document(name).text) for name in [*documents][:_DOCUMENTS]]
