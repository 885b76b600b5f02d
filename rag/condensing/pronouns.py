"""Pronouns of a follow-up -> what they stand for in the questions before it.

1. A pronoun that has its own antecedent in the same question ("did Tesco say it would ...") stays;
   so does "it" in "is it true that" and "there" in "were there".
2. The newest question that has an antecedent gives it; only the first pronoun of a kind is
   replaced, the later ones go with it.
3. "His lawyer" -> "Holm's lawyer", or "the lawyer of the man who was ..." when that is long.
4. "This review", "the review" -> "the review of armed policing", when that was said before.
5. "That" and "this" alone stand for what the question before was about; so does "he" or "it" when
   that is a thing with a name and nothing else fits.
"""

import re
from collections.abc import Sequence

from rag.condensing import vocabulary as v
from rag.condensing.antecedents import (
    HE,
    IT,
    SHE,
    THEY,
    are_several,
    candidates,
    doer,
    find_antecedent,
    is_plural,
    kind_of,
)
from rag.condensing.parsing import Frame, Phrase, join, parse
from rag.condensing.topics import counted, newest_topic, topic, whole_subject

_SETS = {word: kind for kind, words in (("he", HE), ("she", SHE), ("they", THEY), ("it", IT))
         for word in words}  # fmt: skip
_JUDGED = (
    r"(?:(?:true|likely|possible|legal|illegal|safe|clear|known|worth)"
    r"(?= (?:\w+ )*(?:to|that|for|if))|raining|snowing|time"
)
_EXPLETIVE = re.compile(
    rf"\bit is (?:an?|the)\b|\bit (?:\w+ ){{0,2}}?{_JUDGED}|take|takes|took|that)\b|"
    r"\bwho (?:is|was) it(?=$| (?:before|after|now|then)\b)|"
    rf"\b(?:is|was) it {_JUDGED}|right|wrong|the|to|up to|"
    r"an? (?:(?:\w+ )?(?:holiday|crime|shame|pity|sin|\w+day)\b|"
    r"\w+(?: \w+)? (?:to|that|who|if|for))|"
    r"\w+ to (?:rain|snow|freeze)|"
    r"(?!going|due|able|set|about|meant|supposed|expected|likely|ready|made|used|built)\w+ "
    r"(?:to|that|who)(?= \w))\b"
)
_DIFFER = frozenset("agree disagree differ contradict".split())
_EVENTS = frozenset(("it", "that", "this"))
_WRITING = frozenset("wrote written write published publish released commissioned".split())
_APPEARING = re.compile(
    r"\bit (?:(?:be|was|been) )?(?:come out|came out|published|appear(?:ed)?|addressed)\b|"
    r"\bit (?:addressed )?to$"
)
_DOCUMENTS = frozenset(
    "report letter book review article bill survey study paper statement tweet post email".split()
)
_MAX_OWNER_WORDS = 3
_DOING = {form for form, (_, kind) in v.VERB_FORMS.items() if kind == "ing"} | {"being"}


def resolve_pronouns(question: str, known: Sequence[str]) -> str | None:
    """`question` with its pronouns replaced; None when it has none that points back.

    Args:
        question: One question.
        known: Earlier standalone questions, oldest first.

    Example: "When was he born?", ["Who is Bo Lund?"] -> "When was Bo Lund born?"
    """
    frame = parse(question)
    words = list(frame.words)
    done: dict[str, str] = {}
    pointing = [place for place in range(len(words)) if _points_back(frame, place)]
    # "Why can't they name him?": he who is known is "him"
    for place in sorted(pointing, key=lambda place: frame.lows[place] not in HE | SHE):
        low = frame.lows[place]
        kind = _SETS.get(low, "that" if low in v.DEMONSTRATIVES else low)
        if kind in done or (low in _EVENTS and _what_was_said(frame, place)):
            continue
        found = _meaning(frame, place, kind, known)
        if found and found.removeprefix("at ") not in done.values():
            done[kind] = found
            _replace(frame, words, place, found)
    changed = _definite(frame, words, known)
    if not pointing and not changed:
        return None
    text = join([word for word in words if word])
    if not changed and text == join(frame.words):
        about = newest_topic(known)
        tags = parse(about).tags
        named = "n" in tags and tags[0] != "i" and not set(tags) & set("wvx")
        low = frame.lows[pointing[0]] if pointing else ""
        if low in _SETS and named and find_antecedent(low, f"what is {about}"):
            _replace(frame, words, pointing[0], about)
            return join([word for word in words if word])
        return f"{text} ({about})" if about else None
    return text


def _points_back(frame: Frame, place: int) -> bool:
    """Whether the word at `place` stands for something said before."""
    low = frame.lows[place]
    kind = _SETS.get(low)
    if kind:
        if (
            low in _EVENTS
            and frame.lows[place - 1 : place] == ("said",)
            and ("m" in frame.tags[:place])
        ):
            return False  # "'a wake-up call': who said it?"
        return _what_was_said(frame, place) or not _bound(frame, place, kind)
    if low == "there":
        return _is_place(frame, place)
    if low in v.DEMONSTRATIVES:
        told = set(frame.tags[:place]) & set("n") and "m" in frame.tags[:place]
        return frame.tags[place] == "p" and not told and frame.lows[place - 1 : place] != ("all",)
    left_out = place and frame.lows[place - 1] in v.ORDINALS | {"which"}
    asked = place and place == frame.aux + 1 and frame.tags[place + 1 : place + 2] in ("x", "v")
    return low in ("one", "ones") and bool(left_out or asked)


def _what_was_said(frame: Frame, place: int) -> bool:
    """Whether it is the "that" of "who said that?" or "more than that", which stays open."""
    before = frame.lows[place - 1] if place else ""
    if "m" in frame.tags[:place]:
        return False
    if frame.lows[place] not in _EVENTS or before not in ("said", "say", "says", "than"):
        return False
    return frame.tags[place + 1 : place + 2] not in ("x", "v", "r", "n")


def _meaning(frame: Frame, place: int, kind: str, known: Sequence[str]) -> str:
    """What the word at `place` stands for, or ""."""
    last = known[-1]
    if kind == "that":
        beside = frame.lows[place - 1 : place] in (("before",), ("after",), ("since",))
        return (_event(known) if beside else "") or _that(last)
    if kind in ("one", "ones"):
        return _noun(last) or find_antecedent("it", last)
    is_object = frame.tags[place - 1 : place] == "v" and frame.tags[place] == "p"
    written = is_object and frame.lows[place - 1] in _WRITING
    if kind == "it" and (written or _APPEARING.search(" ".join(frame.lows))) and _document(last):
        return _with_owner(_document(last), last)
    if frame.tags[place] == "d" and {"name", "identity"} & set(frame.lows):
        asked = doer(parse(last), plural=kind == "they")
        if asked:
            return asked
    if kind == "they" and _DIFFER & set(frame.lows):
        outlets = _outlets(known)
        if len(outlets) > 1:
            return " and ".join(outlets[-2:])
    return _named(frame.lows[place], known, is_object=is_object)


def _named(pronoun: str, known: Sequence[str], *, is_object: bool) -> str:
    """What a pronoun stands for in the newest question that has a good antecedent, or any."""
    newest = known
    if pronoun in IT and parse(known[-1]).aux == 0 and _event(known[-1:]):
        has_topic = known[1:] and not set(parse(known[-2]).tags) & set("wx")
        newest = known[-2:] if has_topic else known[-1:]
    for is_good in (True, False):
        for earlier in reversed(newest):
            found = find_antecedent(pronoun, earlier, is_object=is_object, is_good=is_good)
            if found:
                return _with_owner(found, earlier)
    if pronoun == "there":  # "how many work there?"
        body = find_antecedent("it", known[-1])
        return f"at {body}" if body and kind_of(body) in ("", "group") else ""
    return ""


def _outlets(known: Sequence[str]) -> list[str]:
    """The outlets that earlier questions name, in order, each once."""
    frames = [parse(earlier) for earlier in known]
    texts = [f.text(p.start, p.base_end) for f in frames for p in f.phrases]
    return list(dict.fromkeys(text for text in texts if kind_of(text) == "outlet"))


def _with_owner(found: str, earlier: str) -> str:
    """For "his letter" "Rowley's letter", where the question itself says whose it is."""
    first, _, rest = found.partition(" ")
    if first.lower() not in v.POSSESSIVES or not rest:
        return found
    owner = find_antecedent(first.lower(), earlier)
    if not owner or owner == found or len(owner.split()) > _MAX_OWNER_WORDS:
        return found
    return f"{owner}'s {rest}"


def _bound(frame: Frame, place: int, kind: str) -> bool:
    """Whether a pronoun has its antecedent in its own question."""
    if kind == "it" and _is_expletive(frame, place):
        return True
    if place and place == frame.aux + 1:
        return False  # the subject of the question itself
    if frame.tags[:1] in ("r", "c") and "m" in frame.tags[place:]:
        return True  # "even when they do, what are officers afraid of?"
    if kind == "they" and frame.wh == "who" and _apart(frame, frame.wh_end, place):
        return True
    owner = frame.tags[place] == "d"
    return any(
        _fits(frame, phrase, kind, alone=owner) and (owner or _apart(frame, phrase.base_end, place))
        for phrase in frame.phrases
        if phrase.base_end <= place
    )


def _apart(frame: Frame, start: int, place: int) -> bool:
    """Whether the pronoun at `place` is in another clause than what ends at `start`."""
    between = frame.tags[start:place]
    if set(between) & set("mc"):
        return True
    after = frame.tags[place + 1 :].lstrip("r")
    told = v.VERB_FORMS.get(frame.lows[place - 1], ("",))[0] not in v.SHAPING
    begins_clause = after[:1] == "x" or (after[:1] == "v" and told)
    return len(re.findall(r"[xv]+", between)) >= (1 if begins_clause else 2)


def _fits(frame: Frame, phrase: Phrase, kind: str, *, alone: bool) -> bool:
    """Whether a phrase of the same question may be what a pronoun stands for."""
    text = frame.text(phrase.start, phrase.base_end)
    what = kind_of(text)
    if what in ("date", "number") or text.lower() in v.DEMONSTRATIVES:
        return False
    if text.lower() in v.INDEFINITES:
        return kind != "it" and not alone
    marked = "m" in frame.tags[phrase.base_end :]
    if kind == "they":
        return marked or is_plural(text) or what in ("group", "outlet")
    if kind == "it":
        verb = v.VERB_FORMS.get(frame.lows[phrase.base_end], ("",))[0]
        thinks = verb in v.THINKING and what == ""  # a person, likely
        return what != "person" and not is_plural(text) and not thinks
    bare = not text.lower().startswith(("the ", "a ", "an "))
    return what == "person" or (what == "" and not is_plural(text) and (bare or marked))


def _is_expletive(frame: Frame, place: int) -> bool:
    """Whether it is the "it" of "is it true that" and "was it the army that"."""
    before, after = frame.lows[place - 1 : place], frame.tags[place + 1 : place + 2]
    clause = {"that", "who", "which"} & set(frame.lows[place + 2 :])
    cleft = bool(before) and before[0] in v.BE and after in ("n", "d") and bool(clause)
    return cleft or bool(_EXPLETIVE.search(" ".join(frame.lows))) or _is_own(frame)


def _is_own(frame: Frame) -> bool:
    """Whether it is the "it" of "was it his car?"."""
    owner = frame.lows[2:3] and (frame.lows[2] in v.POSSESSIVES or frame.lows[2].endswith("'s"))
    return frame.lows[1:2] == ("it",) and frame.aux == 0 and bool(owner) and frame.tags[3:] == "n"


def _is_place(frame: Frame, place: int) -> bool:
    """Whether "there" is a place, not "there is"."""
    before, after = frame.lows[place - 1 : place], frame.lows[place + 1 : place + 2]
    if any(phrase.preposition in ("in", "at", "outside") and phrase.base_end <= place
           for phrase in frame.phrases):  # fmt: skip
        return False  # it has its place
    if after and after[0] in v.BE | {"has", "have", "will"}:
        return False
    return not (before and before[0] in v.AUXILIARIES)  # "were there any", "how many are there"


def _replace(frame: Frame, words: list[str], place: int, found: str) -> None:
    predicate = frame.lows[place] == "his" and frame.tags[place] == "p"
    if frame.tags[place] == "d" or frame.lows[place] in ("theirs", "hers") or predicate:
        if len(found.split()) <= _MAX_OWNER_WORDS:
            words[place] = found + ("'" if found.endswith("s") and is_plural(found) else "'s")
            return
        end = next((p.base_end for p in frame.phrases if p.start == place), place + 1)
        words[place] = "the"
        words[end - 1] = f"{words[end - 1]} of {found}"
        return
    if place and frame.lows[place - 1] in v.ORDINALS and found.startswith("the "):
        # "the first of the players", "the next ferry"
        found = f"of {found}" if are_several(found) else found.removeprefix("the ")
    words[place] = found
    if place and frame.lows[place - 1] in ("was", "is", "has", "were", "are", "have"):
        pairs = {"were": "was", "are": "is", "have": "has"}
        singular = not is_plural(found) and not found.startswith("the people")
        if frame.lows[place] == "they" and singular and kind_of(found) != "group":
            words[place - 1] = pairs.get(frame.lows[place - 1], words[place - 1])


def _that(last: str) -> str:
    """What "that" stands for: the thing or number that was asked about."""
    earlier = parse(last)
    number = counted(earlier)
    if number:
        return number
    whole = whole_subject(earlier)
    if whole:
        return whole
    if "about" in earlier.lows[1:-1]:
        return topic(last)
    found = find_antecedent("it", last)
    if earlier.wh == "who" and earlier.aux < 0:
        return ""  # what somebody did
    named = found == earlier.subject and parse(found).tags[:1] != "d"
    if earlier.wh in ("", "why", "when", "how") and found == earlier.subject:
        return ""  # what happened, not to whom
    if earlier.wh == "what" and named and earlier.subject_end < len(earlier.words):
        return ""  # what somebody did
    return found if kind_of(found) not in ("place", "outlet", "person") and found else topic(last)


def _event(known: Sequence[str]) -> str:
    """What happened in the newest question that tells of something that happens."""
    for earlier in reversed(known):
        about = topic(earlier)
        if any(low in _DOING for low in parse(about).lows):
            return about
    return ""


def _document(last: str) -> str:
    """The report, letter or the like of the question before."""
    for text, phrase in candidates(parse(last)):
        if parse(last).lows[phrase.base_end - 1] in _DOCUMENTS:
            return text
    return ""


def _noun(last: str) -> str:
    """The noun that "the second one" leaves out."""
    frame = parse(last)
    for phrase in frame.phrases:
        if any(low in v.ORDINALS for low in frame.lows[phrase.start : phrase.base_end]):
            return frame.words[phrase.base_end - 1]
    return ""


def _definite(frame: Frame, words: list[str], known: Sequence[str]) -> bool:
    """Whether "the review" became "the review of armed policing", which was said before."""
    changed = False
    for phrase in frame.phrases:
        size = phrase.base_end - phrase.start
        low = frame.lows[phrase.start]
        if size != 2 or low not in {"the"} | v.DEMONSTRATIVES or phrase.full_end > phrase.base_end:
            continue
        longer = _longer(frame.lows[phrase.start + 1], known)
        if longer and words[phrase.start : phrase.base_end] == list(
            frame.words[phrase.start : phrase.base_end]
        ):
            words[phrase.start : phrase.base_end] = [longer, *[""] * (size - 1)]
            changed = True
    return changed


def _longer(noun: str, known: Sequence[str]) -> str:
    for earlier in reversed(known):
        frame = parse(earlier)
        for text, phrase in candidates(frame, whole_subject(frame)):
            if frame.lows[phrase.base_end - 1] == noun and len(text.split()) > 2:
                starts = text.lower().startswith(("the ", "his ", "her ", "its ", "their "))
                if text[:1].isupper() or "'" in text.split()[0] or starts:
                    return text
                bare = re.sub(r"^(?:an?|this|that|these|those|any|some) ", "", text, flags=re.I)
                return f"the {bare}"
    return ""
