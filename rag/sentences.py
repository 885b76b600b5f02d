"""Sentences of a text, as spans of offsets: nothing is changed, moved or lost.

A sentence ends at ".", "!", "?" or an ellipsis, with the closing quotes and brackets after it,
when what follows can start a sentence. Abbreviations, initials, decimal points and the dots of
acronyms do not end one. The rules are for English news; a wrong split costs a shorter or longer
quote, never a wrong one, because a quote is always cut out of the text by its offsets.
"""

import re

_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)")
_OPENING = "\"'“‘([—–-"
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms mx dr prof sir rev hon gov sen rep pres gen col maj capt lt sgt cpl cmdr adm det insp
    supt st sts ave blvd rd mt ft no nos vol fig pp vs v etc al eg ie cf ca approx est inc ltd co
    corp plc llc bros jr sr dept univ assn jan feb mar apr jun jul aug sep sept oct nov dec mon tue
    tues wed thu thur thurs fri u.s u.k u.n e.u d.c a.m p.m i.e e.g
    """.split()
)
# After these a capital letter does start a sentence often enough: "at 5 p.m. The", "the U.S. But".
_MAY_END = frozenset("etc inc ltd co corp plc u.s u.k u.n e.u d.c a.m p.m jr sr".split())
_SENTENCE_STARTERS = frozenset(
    """
    a after although an and as at but by for from he her his however i if in it its meanwhile more
    most mr mrs ms no of on one our she since so some that the their then there these they this
    those we what when while who with you
    """.split()
)
_LAST_WORD = re.compile(r"(\w[\w.’'-]*)$")
_FIRST_WORD = re.compile(r"\w+")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences of `text[start:end]`, in order, without the white space around them.

    Every character that is not white space lies in exactly one span.

    Example: "It rose. Mr. Li left." -> [(0, 8), (9, 21)]
    """
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, stop):
        if _ends_sentence(text, match.start(), match.end(), stop):
            _add_stripped(spans, text, begin, match.end())
            begin = match.end()
    _add_stripped(spans, text, begin, stop)
    return spans


def _add_stripped(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add `start`..`end` without the white space at its ends, when anything is left."""
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + piece.index(stripped[0])
        spans.append((first, first + len(stripped)))


def _ends_sentence(text: str, mark: int, after: int, stop: int) -> bool:
    """Whether the punctuation at `mark`..`after` ends a sentence."""
    following = text[after : min(stop, after + 60)].lstrip()
    if not following:
        return False  # the end of the text: the last span is added anyway
    head = following.lstrip(_OPENING)
    if not head or not (head[0].isupper() or head[0].isdigit() or following[0] in '"“‘'):
        return False
    if text[mark] != ".":
        return True
    word_match = _LAST_WORD.search(text, max(0, mark - 24), mark)
    word = word_match.group(1).lower() if word_match else ""
    quoted = after > mark + 1
    if len(word) == 1 and word.isalpha() and not quoted:
        return False  # an initial: "J. Smith"
    if word not in _ABBREVIATIONS:
        return True
    first = _FIRST_WORD.match(head)
    starter = first is not None and first.group().lower() in _SENTENCE_STARTERS
    return word in _MAY_END and starter
