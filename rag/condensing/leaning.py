"""Questions that leave open of what they are, and the topic of the talk that they get.

1. One that names nothing of its own ("how many people died?", "how long is the ruling?", "were
   there protests?"), and one after "and", is about what the question before it was about.
2. "What did X say?" goes on with "about ..."; "is X in favour?", "does X agree?" with what or who.
"""

import re
from collections.abc import Sequence

from rag.condensing import vocabulary as v
from rag.condensing.antecedents import find_antecedent, is_plural, kind_of
from rag.condensing.parsing import Frame, parse
from rag.condensing.topics import newest_topic, pieces_of, topic, whole_subject
from rag.words import content_stems

_MAX_WORDS = 8
_POINTING = frozenset({"the", "this", "that", "these", "those"})
_COUNT_OF = re.compile(r"^the (?:number|amount) of ")
_ABOUT_WHAT = re.compile(r"\babout (?!it$|that$|this$).+$", re.IGNORECASE)
_OPEN_END = re.compile(
    r"\b(?:in favou?r|against|opposed|on board|in agreement|(?:dis)?agrees?)$", re.IGNORECASE
)
_JOINED_TO = {"in favour": " of", "in favor": " of", "opposed": " to", "on board": " with",
              "in agreement": " with"}  # fmt: skip


def names_nothing(text: str) -> bool:
    """Whether a question has no noun but "people", "the letter" and the like, and no name."""
    frame = parse(text)
    asks = set(frame.tags) & set("wx") or frame.lows[:1] in (("anyone",), ("anything",), ("any",))
    if frame.aux >= 0 and frame.subject == "there" and _is_bare(frame):
        return True
    if not asks or len(frame.words) > _MAX_WORDS:
        return False
    known = {  # "the letter": whose and which was said before
        phrase.start + 1 for phrase in frame.phrases
        if phrase.base_end == phrase.full_end == phrase.start + 2
        and frame.lows[phrase.start] == "the" and frame.lows[phrase.start + 1] in v.OPEN_NOUNS
    }  # fmt: skip
    nouns = [
        low for place, (low, tag) in enumerate(zip(frame.lows, frame.tags, strict=True))
        if tag in "n" and low not in v.INDEFINITES and place not in known
        and low not in v.NUMBERS and not low.isdigit()
        and " ".join(frame.lows[place - 1 : place + 1]) not in v.SET_PHRASES
    ]  # fmt: skip
    return all(noun in v.GENERIC or noun in v.ORDINALS for noun in nouns) and not any(
        word[:1].isupper() and place and low not in v.GENERIC
        for place, (word, low) in enumerate(zip(frame.words, frame.lows, strict=True))
    )


def is_verbless(text: str) -> bool:
    """Whether a question has a question word and no verb: "why the hurry?"."""
    frame = parse(text)
    return bool(frame.wh_end) and not set(frame.tags) & set("vx") and len(frame.words) > 1


def _is_bare(frame: Frame) -> bool:
    """Whether "was there a chase" is all that is asked, without a where, a who or an of what."""
    if len(frame.phrases) != 1 or "v" in frame.tags:
        return False
    phrase = frame.phrases[0]
    return phrase.base_end == len(frame.words) and not frame.words[phrase.start][:1].isupper()


def is_open(text: str, *, adding: bool) -> bool:
    """Whether a question after "and" may be of the same story: no name, or nothing after "say"."""
    frame = parse(text)
    if frame.wh == "what" and v.VERB_FORMS.get(frame.lows[-1], ("",))[0] in v.SAYING:
        return True
    identity = frame.wh == "who" and frame.aux >= 0 and bool(whole_subject(frame))
    return (
        adding
        and bool(frame.lows)
        and not identity
        and not any(
            word[:1].isupper() and tag == "n"
            for word, tag in zip(frame.words[1:], frame.tags[1:], strict=True)
        )
    )


def with_topic(bare: str, known: Sequence[str]) -> str:
    """A question with the newest topic of the `known` ones, oldest first.

    Where it names "the review", no question after the newest one that does counts.

    Example: "who voted", ["Is the bill law"] -> "who voted (the bill being law)"
    """
    frame = parse(bare)
    named = {
        stem for phrase in frame.phrases if frame.lows[phrase.start] in _POINTING
        for stem in content_stems(frame.text(phrase.start, phrase.base_end))
    }  # fmt: skip
    naming = [place for place, one in enumerate(known, 1) if named & set(content_stems(one))]
    talk = known[: max(naming, default=len(known))]
    about = newest_topic([piece for one in talk for piece in reversed(pieces_of(one))])
    if not _noun_stems(parse(about)) - _noun_stems(frame):
        return bare
    base = v.VERB_FORMS.get(frame.lows[-1], ("",))[0]
    if base in v.SAYING and frame.wh != "who" and not about.lower().startswith(("who ", "what ")):
        return f"{bare} about {_COUNT_OF.sub('the ', about)}"
    if about.startswith(("in ", "at ", "on ")):
        return f"{bare} {about}"
    if frame.wh.startswith("how "):  # not the number of them, again
        about = _COUNT_OF.sub("the ", about)
    return f"{bare} ({about})"


def _noun_stems(frame: Frame) -> set[str]:
    """The stems of the nouns and names of a question."""
    nouns = [low for low, tag in zip(frame.lows, frame.tags, strict=True) if tag == "n"]
    return set(content_stems(" ".join(nouns)))


def on_same_topic(text: str, last: str) -> str | None:
    """A question that leaves open what of, with what the one before it is about.

    "What did the Met say on Monday?" after "what did it say about X?" is about X; "is Rowley in
    favour?" is about what was asked before.
    """
    about = _ABOUT_WHAT.search(last.rstrip("?!. "))
    frame = parse(text)
    if about and " about " not in text and frame.wh == "what" and _ends_in_saying(frame):
        return f"{text} {about.group()}"
    open_end = _OPEN_END.search(text)
    if not open_end:
        return None
    end = open_end.group().lower()
    if "agree" not in end:
        thing = find_antecedent("it", last) or topic(last)
        return f"{text}{_JOINED_TO.get(end, '')} {thing}"
    speaker = parse(last).subject if _says(parse(last)) else ""
    return f"{text} with {speaker}" if speaker and not is_plural(frame.subject) else None


def _ends_in_saying(frame: Frame) -> bool:
    """Whether nothing but a date stands after a verb of saying."""
    end = len(frame.lows)
    for phrase in reversed(frame.phrases):
        dated = kind_of(frame.text(phrase.start, phrase.base_end)) == "date"
        if phrase.base_end == end and dated:
            end = phrase.start - bool(phrase.preposition)
    verb = v.VERB_FORMS.get(frame.lows[end - 1], ("",))[0]
    return 0 < end < len(frame.lows) and verb in v.SAYING


def _says(frame: Frame) -> bool:
    """Whether a question is what somebody says."""
    verb = frame.lows[frame.subject_end : frame.subject_end + 1]
    return bool(verb) and v.VERB_FORMS.get(verb[0], ("",))[0] in v.SAYING
