"""What an earlier question is about, as a phrase.

1. "What is X?" is about X; "how many X did Y add?" about the number of X; "which X did Y add?"
   about the X.
2. What somebody says is about what is said; "about X" about X.
3. Else its objects, its subject, or all that happens in it: "the army leaving the city".
"""

import re
from collections.abc import Sequence

from rag.condensing import vocabulary as v
from rag.condensing.agreement import agreed_on
from rag.condensing.parsing import Frame, join, parse

_ADDED = re.compile(
    r", and (?:\w+ )?(?:why|when|where|how|who|whom|what|which)\b(?: [^ ]+){0,3}$", re.IGNORECASE
)
_NOT_POINTING = re.compile(r"^(?:it|i|you|we|one) (?=\w)", re.IGNORECASE)
_ANYONE = re.compile(r"^(?:any|some)(?:one|body|thing)(?: else)? (?=\w)", re.IGNORECASE)
# Nouns of what was said before; not of somebody.
_UNSAID = v.GENERIC - v.ROLES - v.GROUPS
_JOINING = frozenset("so and but or".split())
_PLAIN_VERBS = (["start"], ["begin"], ["end"], ["happen"], ["finish"], ["held"])
# Nouns of "what day", "which place": what is asked of something else.
_MEASURES = v.PERIODS | frozenset(
    """period date time place reason age job role name kind type sort way share part percentage
    proportion number amount size price cost""".split()
)


def whole_subject(frame: Frame) -> str:
    """X of "who is X?", with all that hangs on it; or ""."""
    if not frame.wh_end and frame.aux < 0:  # "firearms operations by the Met, how many"
        mark = frame.tags.find("m") if "m" in frame.tags else len(frame.words)
        if frame.tags[:1] in ("n", "d") and not set(frame.tags[:mark]) & set("vx"):
            return frame.text(0, mark)
    if frame.wh in ("who", "what", "where", "whos") and frame.aux >= 0:
        rest = frame.tags[frame.aux + 1 :]
        if frame.lows[frame.aux] in v.BE and (rest[:1] in ("d", "n")):
            end = frame.subject_end
            joined = frame.tags[end : end + 1] == "c" and frame.lows[end] not in _JOINING
            relative = joined or frame.lows[end : end + 1] == ("who",)
            if end == len(frame.words) or relative:
                last = len(frame.words) - (frame.tags[-1] == "i")  # "what is the review about"
                return frame.text(frame.aux + 1, last)
    return ""


def counted(frame: Frame) -> str:
    """What "how many ...?" asks for, as a phrase.

    Example: "How many boats did Nordline add?" -> "the number of boats Nordline added"
    """
    noun = frame.text(frame.tags.find("w") + 2, frame.wh_end)
    if frame.wh not in ("how many", "how much") or not noun:
        return ""
    kind = "number" if frame.wh == "how many" else "amount"
    return f"the {kind} of {_relative(frame, noun)}"


def asked_for(frame: Frame) -> str:
    """What "which ship ...?" asks for, as a phrase; "" for "which day" and for who did something.

    Example: "Which ship did Nordline add?" -> "the ship Nordline added"
    """
    noun = frame.text(frame.tags.find("w") + 1, frame.wh_end)
    if frame.wh not in ("what", "which") or frame.aux < 0 or "n" not in frame.tags[: frame.wh_end]:
        return ""
    if noun.split()[-1].lower() in _MEASURES:
        return ""
    return f"the {_relative(frame, noun)}"


def _relative(frame: Frame, noun: str) -> str:
    """The noun of the wh-phrase with all that the question says of it."""
    copula = frame.aux >= 0 and frame.lows[frame.aux] in v.BE and "v" not in frame.tags
    if frame.aux < 0 or (copula and frame.subject != "there"):
        return f"{noun} that {frame.text(frame.wh_end)}"
    aux = frame.lows[frame.aux]
    rest = list(frame.words[frame.subject_end :])
    if aux == "did" and rest and rest[0].lower() in v.BASE_VERBS:
        rest[0] = v.past(rest[0].lower())
    elif aux not in ("did", "do", "does"):
        rest.insert(0, frame.words[frame.aux])
    tail = " ".join([frame.subject, *rest]).strip()
    if not frame.subject or frame.subject == "there":
        tail = " ".join(rest[1:])
    return f"{noun} {tail}".strip()


def topic(question: str) -> str:
    """What an earlier question is about, without its question word.

    Example: "When was the riot in Leeds?" -> "the riot in Leeds"
    """
    frame = parse(_ANYONE.sub("", agreed_on(question) or question))
    place = next((i for i, low in enumerate(frame.lows[:-1]) if low == "about" and i), -1)
    found = _told(frame) or (frame.text(place + 1) if place > 0 else "")
    found = found or whole_subject(frame) or counted(frame) or asked_for(frame)
    if found:
        return found
    if frame.lows[:2] == ("what", "happened") and len(frame.lows) > 2 and frame.lows[2] != "to":
        return frame.text(2)
    if frame.subject == "there" and not frame.wh_end:
        return frame.text(frame.subject_end)
    doing = frame.lows[frame.subject_end : frame.subject_end + 1] == ("do",)
    if frame.wh == "what" and frame.subject and doing:
        return frame.subject
    objects = [p for p in frame.phrases if not p.is_subject and p.start >= frame.wh_end]
    if frame.wh == "what" and objects and frame.aux < 0:
        return frame.text(objects[0].start, objects[0].full_end)
    if frame.wh in ("what", "which", "who") and frame.aux >= 0 and not objects:
        return frame.subject
    return _clause(frame) or frame.text(max(frame.wh_end, frame.aux + 1)) or frame.text(0)


def pieces_of(question: str) -> list[str]:
    """The topic that was added to a question, if any, and the question without what was added.

    A question without any noun but "kind" and the like is left out beside its topic.

    Example: "Who voted (the bill)?" -> ["the bill", "Who voted"]; "Who won, and how?" -> "Who won"
    """
    told, _, about = question.rstrip("?. ").partition(" (")
    pieces = [without_added(piece) for piece in (about.removesuffix(")"), told) if piece]
    frame = parse(told)
    nouns = {low for low, tag in zip(frame.lows, frame.tags, strict=True) if tag == "n"}
    return pieces if nouns - _UNSAID or frame.wh == "who" else pieces[:1]


def told_of(question: str) -> str:
    """A question without what was added to it.

    Example: "How many died (the flood)?" -> "How many died"
    """
    return without_added(question.partition(" (")[0])


def without_added(question: str) -> str:
    """Of "Who won, and how?" the question that came first."""
    return _ADDED.sub("", question.rstrip("?. "))


def newest_topic(earlier: Sequence[str]) -> str:
    """What the newest of the questions that names something is about; or "".

    Example: ["Is Bo Lund free", "who said so"] -> "Bo Lund free"
    """
    for told in map(topic, reversed(earlier)):
        about = _NOT_POINTING.sub("", told)  # "it safe to swim", "I get a ticket"
        frame = parse(about)
        if "n" in frame.tags and "p" not in frame.tags and "so" not in frame.lows:
            return about
    return ""


def _told(frame: Frame) -> str:
    """What was said, of "does X say that it burnt?": "whether it burnt"; or ""."""
    end = frame.subject_end
    if frame.aux != 0 or end >= len(frame.lows) - 2:
        return ""
    after = end + 1 + (frame.lows[end + 1] == "that")
    saying = v.VERB_FORMS.get(frame.lows[end], ("",))[0] in v.SAYING
    whole = frame.tags[after] in "ndp" and set(frame.tags[after:]) & set("vx")
    return f"whether {frame.text(after)}" if saying and whole else ""


def _clause(frame: Frame) -> str:
    """Subject and verb as one phrase, as in "the army leaving the city"; or ""."""
    if frame.wh == "who" and not frame.subject:  # "who shot X": "shooting X"
        verb = frame.wh_end + (frame.aux >= 0 and frame.lows[frame.aux + 1 :] != ())
        first = frame.lows[verb] if verb < len(frame.lows) else ""
        base, form = v.VERB_FORMS.get(first, ("", ""))
        passive = form == "past" and frame.aux >= 0 and frame.lows[frame.aux] in v.BE
        if passive:
            return f"being {frame.text(verb)}"
        return join([v.ing(base) if base else first, *frame.words[verb + 1 :]])
    if frame.aux < 0 or not frame.subject:
        return ""
    rest = list(frame.words[frame.subject_end :])
    rest = [word for word in rest if word.lower() not in ("still", "yet", "already")]
    if [word.lower() for word in rest] in _PLAIN_VERBS:
        return frame.subject
    if frame.lows[frame.aux] in ("has", "have", "had") and rest:
        base = v.VERB_FORMS.get(rest[0].lower(), ("",))[0]
        rest[0] = "being" if rest[0].lower() == "been" else v.ing(base) if base else rest[0]
        return join([frame.subject, *rest])
    past = bool(rest) and v.VERB_FORMS.get(rest[0].lower(), ("", ""))[1] == "past"
    if past and frame.lows[frame.aux] in ("was", "were", "is", "are"):
        rest.insert(0, "being")
    verb = 1 if rest[1:] and rest[0].lower() == "not" else 0
    if not past and rest and rest[verb].lower() in v.BASE_VERBS | {"do"}:
        rest[verb] = v.ing(rest[verb].lower())
    return join([frame.subject, *rest])
