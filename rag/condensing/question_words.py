"""A question with another question word: "how many boats left", why -> "why did boats leave".

What the old question word stood for stays in the question, as a thing or as "somebody".
"""

from rag.condensing import vocabulary as v
from rag.condensing.parsing import Frame, join

_ADVERBIAL = frozenset("when where why how".split())


def asked_noun(frame: Frame) -> str:
    """The noun that a question word picks or counts: "boats" of "how many boats"; or ""."""
    return frame.text(2 if frame.wh.startswith("how ") else 1, frame.wh_end)


def ask_otherwise(frame: Frame, word: str) -> str:
    """The question with `word` as its question word; "" when that cannot be made.

    Args:
        frame: Of a question with a question word.
        word: In small letters; "when", "where", "why" or "how".

    Example: "Who did Bo Lund meet in Varnes", "why" -> "why did Bo Lund meet somebody in Varnes"
    """
    if not frame.wh_end or word not in _ADVERBIAL:
        return ""
    asked = asked_noun(frame)
    asked = asked or {"who": "somebody", "whom": "somebody"}.get(frame.wh, "something")
    if frame.aux < 0:
        return _of_subject(frame, asked, word)
    rest = frame.words[frame.subject_end :]
    if not frame.subject:
        return join([word, frame.lows[frame.aux], asked, *rest]) if rest else ""
    end = frame.subject_end
    while end < len(frame.words) and frame.tags[end] in "vr":
        end += 1
    if end == frame.subject_end:  # "who is Bo Lund, and why?"
        return ""
    verb, rest = frame.words[frame.subject_end : end], frame.words[end:]
    return join([word, frame.lows[frame.aux], frame.subject, *verb, asked, *rest])


def _of_subject(frame: Frame, asked: str, word: str) -> str:
    """With another question word than the one that is the subject.

    Example: "how many boats left Varnes", "why" -> "why did boats leave Varnes"
    """
    verb, *rest = frame.words[frame.wh_end :] or ("",)
    base, form = v.VERB_FORMS.get(verb.lower(), ("", ""))
    return join([word, "did", asked, base, *rest]) if form == "past" else ""
