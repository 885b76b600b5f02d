"""A fragment such as "what about the FT?": which phrase of the question before it replaces.

1. An outlet replaces an outlet; where there is none, it is asked what that outlet says.
2. A date replaces a date, with its preposition, or is added at the end; "the year before" is
   counted from the year of the question.
3. An ordinal ("the second one") replaces an ordinal.
4. "in Manchester" replaces what stands after the same preposition, or is added at the end.
5. A possessive ("the women's") replaces a possessive.
6. Else the phrase that is most like it: of the same noun, of the same kind (outlet, place, person,
   body), with or without "the" like it, a name for a name; the subject before the rest.
"""

import re
from collections.abc import Collection

from rag.condensing import vocabulary as v
from rag.condensing.antecedents import is_plural, kind_of
from rag.condensing.parsing import Frame, Phrase, join, parse

_YEAR_BESIDE = re.compile(
    r"(?:the |a )?(?:year|season) (?:before|after|earlier|later)(?: that| this)?$"
    r"|the (?:previous|following|next) (?:year|season)$",
    re.IGNORECASE,
)
# Of an outlet's own name.
_PARTS = frozenset("news radio one two online tv post times mail".split())
_EARLIER = re.compile(r"before|earlier|previous", re.IGNORECASE)


def substitute(question: str, fragment: str, outlets: Collection[str] = frozenset()) -> str | None:
    """`question` with `fragment` in the place of what it replaces; None when nothing fits.

    Args:
        question: A standalone one.
        fragment: A few words.
        outlets: Names of publishers, in small letters, beside those that are well known.

    Example: "What did the BBC say about it?", "the FT" -> "What did the FT say about it"
    """
    frame, new = parse(question), parse(fragment)
    if not new.words or new.lows[0] == "any" or (new.lows[0] == "no" and not _numbered(new)):
        return None
    if new.tags[0] == "i" and len(new.words) > 1:
        return _after_preposition(frame, new)
    text = new.text(0)
    if _is_outlet(text, outlets):
        return _outlet(frame, text, outlets)
    if new.tags == "v":
        return _verb(frame, new)
    if _YEAR_BESIDE.match(text):
        return _year_beside(frame, text)
    if kind_of(text) == "date":
        return _dated(frame, text, "")
    if _is_ordinal(new):
        return _ordinal(frame, new)
    if text.lower().replace("’", "'").endswith(("'s", "s'")):
        swapped = _possessive(frame, text)
        if swapped:
            return swapped
    return _alike(frame, text)


def _numbered(new: Frame) -> bool:
    """Whether it is a name such as "No 10"."""
    return new.lows[1:2] != () and new.lows[1].isdigit()


def _alike(frame: Frame, text: str) -> str | None:
    """With `text` in the place of the phrase that is most like it."""
    newest_first = reversed(frame.phrases)
    best = max(newest_first, key=lambda phrase: _likeness(frame, phrase, text), default=None)
    if best is None or _likeness(frame, best, text) < 0:
        return None
    kind = kind_of(frame.text(best.start, best.base_end))
    if not set(frame.tags) & set("wxv") and not (kind and kind == kind_of(text)):
        return None  # a few words to search for, which do not show what it replaces
    return _put(frame, best, text)


def _is_outlet(text: str, outlets: Collection[str]) -> bool:
    return kind_of(text) == "outlet" or text.lower().removeprefix("the ") in outlets


def _outlet(frame: Frame, text: str, outlets: Collection[str]) -> str:
    """With another outlet: in the place of one, or as the source of what is asked."""
    for place, low in enumerate(frame.lows[:-1]):  # "the BBC headline"
        following = frame.lows[place + 1]
        if low in v.OUTLETS and frame.tags[place + 1] == "n" and following not in _PARTS:
            bare = re.sub(r"^the ", "", text, flags=re.IGNORECASE)
            return join([*frame.words[:place], bare, *frame.words[place + 1 :]])
    for phrase in frame.phrases:
        if _is_outlet(frame.text(phrase.start, phrase.base_end), outlets):
            return _put(frame, phrase, text)
    return f"{frame.text(0)}, according to {text}"


def _put(frame: Frame, phrase: Phrase, text: str) -> str:
    """The question with `text` in the place of a phrase; the "'s" of a possessive stays."""
    old = frame.words[phrase.base_end - 1]
    if old.endswith(("'s", "’s")) and not text.endswith(("'s", "’s")):
        text += old[-2:]
    end = phrase.base_end
    following = frame.lows[end : end + 1]
    whole = " of " in text or frame.lows[end - 1] in v.GROUPS  # "the Bank of England"
    if following == ("who",) or (following == ("of",) and whole):
        end = phrase.full_end
    for relative in ("pv", "pxv"):  # "the man they charged"
        if frame.tags[end:].startswith(relative):
            end += len(relative)
            break
    words = [*frame.words[: phrase.start], text, *frame.words[end:]]
    if phrase.is_subject and frame.aux >= 0:
        words[frame.aux] = _agreeing(frame, phrase, text)
    return join(words)


def _agreeing(frame: Frame, phrase: Phrase, text: str) -> str:
    """The auxiliary before a new subject: "was" or "were" and the like."""
    was, now = is_plural(frame.text(phrase.start, phrase.base_end)), is_plural(text)
    if " " not in text and text.istitle():
        now = was  # a name may end in "s"
    aux = frame.words[frame.aux]
    pairs = {"was": "were", "is": "are", "has": "have", "does": "do"}
    if was != now:
        back = {many: one for one, many in pairs.items()}
        return (pairs if now else back).get(frame.lows[frame.aux], aux)
    return aux


def _after_preposition(frame: Frame, new: Frame) -> str | None:
    preposition, text = new.lows[0], new.text(1)
    kind = kind_of(text)
    if kind == "date":
        return _dated(frame, text, new.words[0])
    like = (
        {"in", "at", "on", "near"} if preposition in ("in", "at", "on", "near") else {preposition}
    )
    for same in (True, False):
        for phrase in reversed(frame.phrases):
            old = kind_of(frame.text(phrase.start, phrase.base_end))
            if phrase.preposition in like and old != "date" and (old == kind or not same):
                words = [*frame.words[: phrase.start - 1], *new.words,
                         *frame.words[phrase.base_end :]]  # fmt: skip
                return join(words)
    if kind == "place":
        for phrase in frame.phrases:
            if kind_of(frame.text(phrase.start, phrase.base_end)) == "place":
                return _put(frame, phrase, text)
    return f"{frame.text(0)} {new.text(0)}"


def _dated(frame: Frame, text: str, preposition: str) -> str:
    for phrase in frame.phrases:
        if kind_of(frame.text(phrase.start, phrase.base_end)) == "date":
            start = phrase.start - bool(phrase.preposition and preposition)
            new = f"{preposition} {text}".strip()
            return join([*frame.words[:start], new, *frame.words[phrase.base_end :]])
    for place, low in enumerate(frame.lows):
        if text.isdigit() and low.isdigit() and len(low) == 4 and kind_of(low) == "date":
            return join([*frame.words[:place], text, *frame.words[place + 1 :]])
        if low in ("yesterday", "today", "tomorrow", "now", "currently"):
            new = f"{preposition} {text}".strip()
            return join([*frame.words[:place], new, *frame.words[place + 1 :]])
    if not preposition:
        first = text.lower().split()[0]
        bare = first in ("last", "next", "this", "yesterday", "today", "tomorrow", "on", "in")
        day = first in v.WEEKDAYS or (first[:1].isdigit() and not text.isdigit())
        preposition = "" if bare else "on" if day else "in"
    return join([*frame.words, f"{preposition} {text}".strip()])


def _year_beside(frame: Frame, text: str) -> str | None:
    """With the year before or after the one that the question names."""
    step = -1 if _EARLIER.search(text) else 1
    for place, low in enumerate(frame.lows):
        if low.isdigit() and kind_of(low) == "date":
            year = str(int(low) + step)
            return join([*frame.words[:place], year, *frame.words[place + 1 :]])
    return f"{frame.text(0)} {text}" if set(frame.tags) & set("xv") else None


def _verb(frame: Frame, new: Frame) -> str | None:
    """With another verb of the same form: "suspended" for "dismissed"."""
    form = v.VERB_FORMS[new.lows[0]][1]
    for place in range(len(frame.lows) - 1, -1, -1):
        if frame.tags[place] == "v" and v.VERB_FORMS.get(frame.lows[place], ("", ""))[1] == form:
            return join([*frame.words[:place], new.words[0], *frame.words[place + 1 :]])
    return None


def _is_ordinal(new: Frame) -> bool:
    left = [low for low in new.lows if low not in ("the", "one", "ones", "that")]
    return len(left) == 1 and _ranks(left[0])


def _ranks(low: str) -> bool:
    """Whether a word says which of several: "second", "lowest", "maximum"."""
    return low in v.ORDINALS or (
        low.endswith("est") and low not in v.VERB_FORMS and low not in v.EST_NOUNS
    )


def _ordinal(frame: Frame, new: Frame) -> str | None:
    wanted = next(word for word, low in zip(new.words, new.lows, strict=True) if _ranks(low))
    for place, low in enumerate(frame.lows):
        if _ranks(low) and low not in ("next",):
            return join([*frame.words[:place], wanted, *frame.words[place + 1 :]])
    return None


def _possessive(frame: Frame, text: str) -> str | None:
    bare = parse(text)
    for place, low in enumerate(frame.lows):
        if low.endswith(("'s", "s'")):
            start = next(p.start for p in frame.phrases if p.start <= place < p.base_end)
            start += frame.lows[start] == "the" != bare.lows[0]
            return join([*frame.words[:start], text, *frame.words[place + 1 :]])
    return None


def _likeness(frame: Frame, phrase: Phrase, text: str) -> float:
    """How well `text` can stand where a phrase stands; below 0 when it cannot."""
    old = frame.text(phrase.start, phrase.base_end)
    new = parse(text)
    base = new.text(0, new.phrases[0].base_end) if new.phrases else text
    old_kind, kind = kind_of(old), kind_of(base)
    last, old_last = base.lower().split()[-1], old.lower().split()[-1]
    if old_kind in ("date", "number") or old.lower() in v.INDEFINITES:
        return -1
    score = _kinship(kind, old_kind) + (is_plural(base) and is_plural(old))
    score += len(set(base.lower().split()) & set(old.lower().split()) - v.DETERMINERS)
    if last.rstrip("s") == old_last.rstrip("s"):
        score += 10
    if _has_article(text) == _has_article(old):
        score += 2
    if kind in ("person", "group") and _is_name(old) and not _has_article(old):
        score += 2  # a name that stands alone is somebody's
    named = _is_name(text) and text.split()[-1][:1].isupper()  # not "Lund's lawyer"
    if named and any(word[:1].isupper() for word in old.split()[-2:]):
        score += 2 if phrase.start else 1
    if phrase.start < frame.wh_end:
        score += 1 if frame.wh not in ("how many", "how much") or is_plural(text) else -0.5
        if frame.wh == "how many" and is_plural(text) and text.islower() and " " not in text:
            score += 2  # "how many boats has Nordline?", "and trucks?"
    elif phrase.is_subject:
        score += 1.6
        if _says(frame) and old_kind != "outlet":  # whoever may say something is a speaker
            score += (
                4 if kind in ("person", "group") else -2 * (_has_article(text) > _has_article(old))
            )
    return score - _emptiness(frame, phrase, related=bool(kind) and kind == old_kind)


def _says(frame: Frame) -> bool:
    """Whether the verb after the subject is one of saying."""
    following = frame.lows[frame.subject_end : frame.subject_end + 1]
    return bool(following) and v.VERB_FORMS.get(following[0], ("",))[0] in v.SAYING


def _kinship(kind: str, old_kind: str) -> float:
    """How alike two kinds are."""
    kinds = {kind, old_kind}
    if kind == old_kind:
        return 6 if kind else 0
    if kinds == {"place", "group"}:
        return 4  # "Merseyside": its police
    if kinds in ({"person", "group"}, {"group", "outlet"}):
        return 2
    if kinds == {"", "person"}:
        return 1
    return -2 if kind and old_kind else 0


def _emptiness(frame: Frame, phrase: Phrase, *, related: bool) -> float:
    """How little a phrase is what a question is about: "people", "the age" of somebody."""
    head, of = frame.lows[phrase.base_end - 1], frame.lows[phrase.base_end : phrase.base_end + 1]
    if related or head not in v.GENERIC or (head in v.GROUPS and of == ("of",)):
        return 0
    return 4 if frame.lows[phrase.base_end : phrase.base_end + 1] == ("of",) else 1


def _has_article(text: str) -> bool:
    return text.lower().startswith(("the ", "a "))


def _is_name(text: str) -> bool:
    """Whether a text has a capital letter and is not shouted, or is an acronym."""
    capital = any(word[:1].isupper() for word in text.split())
    return (capital and not text.isupper()) or text.removeprefix("the ").isupper()
