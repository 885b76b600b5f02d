"""The words of a question -> a letter each for what kind it is, and where its parts begin.

A word that may be a verb or a noun ("strike") is a noun after "the", before another verb, and when
the clause has its verb already. What no list knows is a noun, but for the verb that an auxiliary
asks for.
"""

import re
from collections.abc import Sequence

from rag.condensing import vocabulary as v

# Endings of adverbs, not those of names like "Reilly" and "Scully".
_ADVERB = re.compile(r"\w{2,}(?:al|ful|[rtsvcg]e|[^eioul])ly")
_ADJECTIVE = re.compile(r"(?:[^aeiou]ive|[^aeiou]ous|ful|[ai]ble|less|[^aeiou]ic|ical)$")
_IDIOM = re.compile(rf"(?<![^ ])(?:{'|'.join(sorted(v.IDIOMS))})(?![^ ])")
HOW = frozenset("many much old long often far big fast high come soon likely serious".split())
# "The fleet sails", "Lund sails", "she sails": what may be a subject, and a word after it.
_SUBJECT_AND_VERB = re.compile(r"d*n+n|pn")
# No verb's base form follows these: "was the first charge ..." has no verb.
_ASKS_BASE = frozenset("do does did will would can could shall should may might must".split())
_NO_BASE = (v.BE | frozenset(("has", "have", "had"))) - {"be"}


def tag_words(words: Sequence[str], lows: Sequence[str]) -> str:
    """One letter a word, as in `Frame.tags`.

    Args:
        words: As typed.
        lows: The same in small letters.
    """
    tags = [_first_tag(*word, place) for place, word in enumerate(zip(words, lows, strict=True))]
    for found in _IDIOM.finditer(" ".join(lows)):
        start = found.string.count(" ", 0, found.start())
        size = found.group().count(" ") + 1
        tags[start : start + size] = "r" * size
    main, governor = False, ""
    for place, low in enumerate(lows):
        tags[place] = _tag_in_place(tags, lows, place, main=main, governor=governor)
        if tags[place] == "x":
            governor = low
        elif tags[place] == "v":
            main, governor = True, ""
        elif tags[place] in ("c", "w") or low == "that":
            main, governor = False, ""
    return _with_verb(words, lows, "".join(tags))


def _with_verb(words: Sequence[str], lows: Sequence[str], tags: str) -> str:
    """`tags` with the verb that must follow an auxiliary and a subject, where no list knows it.

    Example: "will Bo Lund pitch?" has the verb "pitch"; "was Lund armed?" the verb "armed"
    """
    end = _last_tag(words, lows, tags)
    if end:
        return tags[:-1] + end
    if lows[:1] == ("who",) and tags[:2] == "wn" and re.fullmatch(r"[^\W\d_]{3,}ed", words[1]):
        return f"wv{tags[2:]}"  # "who granted it?"
    _, aux = opening(lows, tags)
    if aux < 0 or set(tags[aux + 1 :]) & set("vx"):
        return tags
    run = _SUBJECT_AND_VERB.match(tags, aux + 1)
    if not run:
        return tags
    place, low = run.end() - 1, lows[run.end() - 1]
    endings = {"has": ("ed",), "have": ("ed",), "had": ("ed",)}
    if lows[aux] in v.BE:
        fits = low.endswith("ed") or (low.endswith("ing") and run.group()[0] != "d")
    elif lows[aux] in endings:
        fits = low.endswith(endings[lows[aux]])
    else:
        fits = not low.endswith(("s", "ed", "ing"))
    if not fits or not words[place].islower() or low in v.INDEFINITES:
        return tags
    return f"{tags[:place]}v{tags[place + 1 :]}"


def _last_tag(words: Sequence[str], lows: Sequence[str], tags: str) -> str:
    """What the last word of a short question must be, where no list knows it; or ""."""
    if re.fullmatch("dn+v", tags) and lows[0] == "the" and lows[-1] in v.NOUN_VERBS | v.ING_NOUNS:
        return "n"  # "the army deal"
    newer = tags == "wxn" and lows[0] == "which" and lows[2].endswith("er")  # "which is newer?"
    is_so = tags[:1] == "x" and lows[0] in v.BE and _ADJECTIVE.search(lows[-1])
    expensive = re.fullmatch("xd?nn+", tags) and is_so  # "is the device expensive?"
    pronoun = re.fullmatch("w?xpr?n", tags) and not v.BE.isdisjoint(lows[:2])  # "is it voluntary?"
    return "a" if newer or expensive or (pronoun and words[-1].islower()) else ""


def _tag_in_place(
    tags: Sequence[str], lows: Sequence[str], place: int, *, main: bool, governor: str
) -> str:
    """The tag of a word among its neighbours.

    Args:
        tags: Final ones before `place`, those of the words by themselves after it.
        lows: The words in small letters.
        place: Of the word.
        main: Whether the clause has its verb.
        governor: The auxiliary that still waits for its verb, or "".
    """
    low, tag = lows[place], tags[place]
    before = tags[place - 1] if place else ""
    after = tags[place + 1] if place + 1 < len(tags) else ""
    if lows[place - 1 : place] == ("how",) and low in HOW:
        return "r"
    if tag == "V" and (before + after == "wx" or lows[place - 2 : place] == ("how", "many")):
        return "n"  # "what offer did", "how many runs did"
    if low in ("last", "next") and after and _is_time(lows[place + 1]):
        return "d"
    if low in v.DEMONSTRATIVES and tag == "d":
        ending = place + 2 == len(tags) and (after == "V" or (after == "n" and place == 1))
        alone = before == "x" and ending  # "is that normal?"
        return "p" if alone else _demonstrative(low, before, after)
    if low == "home" and before == "v":
        return "r"
    if low in ("her", "his"):
        return "d" if after and after in "nVav" else "p"
    if tag == "r" and low not in v.ADVERBS and after in ("n", "V") and before not in ("w", "p"):
        return "n"  # "has Simply Homes", "the elderly man"
    if tag == "a":
        return "n" if before in ("d", "i") or after == "n" else "a"
    if low == "met" and after in ("n", "V") and before != "w":
        return "n"  # "met officers", typed in small letters
    return _verb_or_noun(tags, lows, place, main=main, governor=governor) if tag in "vV" else tag


def _is_time(low: str) -> bool:
    return low in v.PERIODS or low in v.WEEKDAYS or low in v.MONTHS


def _in_place(tags: Sequence[str], place: int) -> bool:
    """Whether a word ends a phrase such as "in the Reading stabbing"."""
    start = place
    while start and tags[start - 1] in "nd":
        start -= 1
    return 0 < start < place - 1 and tags[start - 1] == "i" and place == len(tags) - 1


def _first_tag(word: str, low: str, place: int) -> str:
    """The tag of a word by itself; "V" when it may be a verb or a noun."""
    kinds = (
        (v.WH, "w"), (v.AUXILIARIES, "x"), (v.DETERMINERS, "d"), (v.POSSESSIVES, "d"),
        (v.DEMONSTRATIVES, "d"), (v.PRONOUNS, "p"), (v.INDEFINITES, "n"), (v.PREPOSITIONS, "i"),
        (v.CONJUNCTIONS, "c"), (v.ADVERBS, "r"),
    )  # fmt: skip
    if not any(char.isalnum() for char in low):
        return "m"
    if place and word[:1].isupper() and low not in v.PREPOSITIONS | v.PRONOUNS:
        return "n"
    for kind, tag in kinds:
        if low in kind:
            return tag
    if low in v.ADJECTIVES:
        return "a"
    base, form = v.VERB_FORMS.get(low, ("", ""))
    if not base and _ADVERB.fullmatch(low) and low not in v.LY_NOUNS:
        return "r"
    if not base or word.isupper():
        return "n"
    if form in ("base", "s") and base in v.NOUN_VERBS:
        return "V"
    return "V" if low in v.ING_NOUNS else "v"


def _demonstrative(low: str, before: str, after: str) -> str:
    if low == "that" and (
        before in ("n", "p")
        or (after == "p" and before != "x")
        or (before == "v" and after in ("n", "d", "p"))
    ):
        return "c"
    if low == "that" and before == "a" and after in ("n", "d"):
        return "c"
    return "d" if after in ("n", "V") and before != "n" else "p"


def _verb_or_noun(
    tags: Sequence[str], lows: Sequence[str], place: int, *, main: bool, governor: str
) -> str:
    base, form = v.VERB_FORMS[lows[place]]
    form = "past" if lows[place] in v.UNCHANGED else form
    before = tags[place - 1] if place else ""
    after = tags[place + 1] if place + 1 < len(tags) else ""
    follows_to = place > 0 and lows[place - 1] == "to"
    bare = form in ("base", "s")
    if lows[place] in v.ING_NOUNS and (
        (before in ("n", "d", "a") and after == "n")
        or (before == "n" and after == "i" and lows[place - 1] in v.ADJECTIVES)
    ):
        return "n"  # "the new warning system", "the public meeting about"
    if lows[place] == "forces" and before in ("n", "a", "d"):
        return "n"  # "special forces on standby"
    if (governor and form == "s") or (form == "ing" and governor in _ASKS_BASE):
        return "n"
    if (governor in _NO_BASE and bare and before != "i") or (
        form == "ing" and _in_place(tags, place)
    ):
        return "n"
    if before == "d" or (before == "i" and not follows_to and bare):
        return "n"
    if base not in v.NOUN_VERBS or not bare:
        return "v"
    if main:
        return "v" if follows_to or before in ("c", "x", "p") else "n"
    if after == "x" and before not in ("", "c", "m") and base in v.NOUN_VERBS:
        return "n"  # "which police forces were ..."
    return "n" if after in ("v", "V") and before not in ("", "x", "p") else "v"


def opening(lows: Sequence[str], tags: str) -> tuple[int, int]:
    """Where the wh-phrase ends, and where the auxiliary before the subject is (or -1)."""
    place = 0
    if tags[:3] == "iiw":  # "out of how many"
        place = 2
    elif tags[:2] == "iw":
        place = 1
    if tags[place : place + 1] != "w":
        return 0, (0 if tags[:1] == "x" else -1)
    first = lows[place]
    place += 1
    if first == "how" and place < len(lows) and lows[place] in HOW:
        place += 1
    if first in ("what", "which", "whose", "how"):
        while place < len(tags) and (
            (tags[place] in "nad" and not (first == "what" and tags[place] == "d"))
            or (lows[place] == "of" and tags[place - 1] == "n")  # "how many cases of flu"
        ):
            place += 1
    if place < len(tags) and tags[place] == "r" and tags[place + 1 : place + 2] in ("x", "v"):
        place += 1
    return place, (place if place < len(tags) and tags[place] == "x" else -1)
