"""Follow-ups that are hardly more than a question word: "why?", "how many?", "who else?".

1. A yes-no question takes the word in front; one with another wh-word changes it.
2. "How many boats did X add?" + "when?" -> "When did X add boats?"
3. "Who shot X?" + "why?" -> "Why was X shot?"
4. "Who else?" goes into a question with "who"; "which ones?" for "how many".
5. All others are added: "Who resigned, and when?"; to a "why", "when" or "where" they are asked of
   what happened: "How many soldiers (guards leaving)?"
"""

import re

from rag.condensing import vocabulary as v
from rag.condensing.antecedents import find_antecedent, is_plural, kind_of
from rag.condensing.parsing import Frame, join, parse
from rag.condensing.question_words import ask_otherwise, asked_noun
from rag.condensing.substitution import substitute
from rag.condensing.topics import pieces_of, topic, whole_subject
from rag.words import content_stems

_PREPOSITION = r"(?:by|with|for|from|to|since|until|till|at|in|on|of|against|about)"
_BARE = re.compile(
    rf"^(?:{_PREPOSITION} )?(?:why|when|where|how|who|whom|what|which|what time|what for|how long|"
    rf"how often|how come|how far|how fast|how much|how many|how old|how so|why not|where to|"
    rf"where from|who with|who by|who for|who to|whereabouts|when exactly|where exactly|"
    rf"(?:what|which) (?:day|date|year|month|time|city|town|place|country|one|ones|reason))"
    rf"(?: (?:exactly|though|tho|then|was it|is it|are they|were they|of them|was that|is that|"
    rf"was this|is this|are those|were there|are there|"
    rf"(?:did|does|do) (?:that|this|it|they) (?:happen|take place|do (?:that|this|it|so))|"
    rf"(?:did|does|do|will|would) (?:they|he|she|it)|"
    rf"(?:is|was) (?:that|this|it) (?:so|the case)|(?:has|had) (?:that|this|it) happened))?$"
)
_TAIL = re.compile(
    r" (?:exactly|though|tho|then|was it|is it|are they|were they|of them|was that|is that|"
    r"was this|is this|are those|were there|are there|"
    r"(?:did|does|do|will|would) (?:that|this|it|they|he|she)"
    r"(?: (?:happen|take place|do (?:that|this|it|so)))?|"
    r"(?:is|was) (?:that|this|it) (?:so|the case)|(?:has|had) (?:that|this|it) happened)$"
)
_ELSE = re.compile(r"^(?:(who|what|where|when|why|how) else|(?:any|some)(one|body|thing|where) else"
                   r"|any (others?|more))$")  # fmt: skip
_ATTRIBUTE = {
    "age": "how old", "his age": "how old", "her age": "how old", "reason": "why",
    "the reason": "why", "reasons": "why", "date": "when", "the date": "when", "place": "where",
    "location": "where", "the location": "where", "whereabouts": "where", "how so": "how",
    "what reason": "why", "for what reason": "why", "what time": "at what time",
    "what for": "why", "how come": "why",
}  # fmt: skip
_WHO_IS_THAT = re.compile(r"^who (?:is|was) (?:that|this|it)$")
_SO = re.compile(r"^(?:why|how come) (so (?:many|much|few|little|long|late|early|soon|high|low|fast"
                 r"|slow|big|small|often))$")  # fmt: skip
_LOCATED = re.compile(  # "how many in Leeds", "why in May"
    r"^(how many|how much|how often|why|when) ((?:in|at|on|from|during|since|before|after) "
    r"(?!all\b|total\b)(?:\w+ ){0,2}\w+)$"
)
_STRANDED = re.compile(r"^(who|what|which|where) (of|with|for|from|to|by|against|about|in|at|on)$")
_ADDED = re.compile(r"(?:,? and (?:\w+ )?(?:why|when|where|how|who|whom|what|which)|, \w+ of)\b.*$")
_DID = re.compile(r"^(how many) (?:did|have|had|were|are|was|will|do)$")
_TRUE = re.compile(r"^is it (?:true|right|correct|so) that ", re.IGNORECASE)
_POINTING = re.compile(r"(?:is|was|are|were) (it|they)$")
_OF = re.compile(r"^(?:the |his |her |its |their )?(names?|price|cost|score|result|outcome|"
                 r"sentence|verdict|cause|title|salary|address|nationality|job)$")  # fmt: skip


def complete(question: str, earlier: str) -> str | None:
    """The whole question that a bare `question` asks after `earlier`; None when it is not bare.

    Args:
        question: In small letters, without marks at its end.
        earlier: A standalone question.

    Example: "why", "Did the army leave?" -> "Why did the army leave"
    """
    question = _DID.sub(r"\1", question)
    earlier = _TRUE.sub("", earlier)
    frame = parse(_ADDED.sub("", earlier))
    special = _special(question, frame, earlier)
    if special is not None:
        return special or None
    word = _TAIL.sub("", question)
    asked = parse(word)
    if asked.wh_end == len(asked.words) > 1 and asked.tags[-1] == "n" and not _BARE.match(question):
        adverbial = asked.tags[0] == "i" or _is_period(asked.lows[-1])
        return _adverb(frame, word) if adverbial else _added(frame, word)
    bare = _BARE.match(question) or _STRANDED.match(word) or _LOCATED.match(word)
    if question not in _ATTRIBUTE and not bare:
        return None
    word = _ATTRIBUTE.get(word, _ATTRIBUTE.get(question, word))
    aged = _aged(question, frame, earlier) if word == "how old" else None
    if aged:
        return aged
    if word in ("how many", "how much"):
        return _many(frame, word)
    if word in ("who", "what", "which", "which one", "which ones"):
        return _who(frame, word)
    return _adverb(frame, word)


def _aged(question: str, frame: Frame, earlier: str) -> str | None:
    """Whose age "how old", "how old is it", "how old are they" asks for; None when nobody's."""
    pointing = _POINTING.search(question)
    found = find_antecedent(pointing.group(1), earlier) if pointing else ""
    if found and pointing:
        return f"how old {pointing.group().split()[0]} {found}"
    found = _person_or_topic(frame, earlier)
    return f"how old {'are' if is_plural(found) else 'is'} {found}" if found else None


def _special(question: str, frame: Frame, earlier: str) -> str | None:
    """Of "who was that", "the price", "who else", "why so much"; "" for "who did it", else None."""
    if _WHO_IS_THAT.match(question):
        person = find_antecedent("he", earlier) or find_antecedent("she", earlier)
        if person and not person.startswith("the "):
            return f"who is {person}"
    of, other, so = (pattern.match(question) for pattern in (_OF, _ELSE, _SO))
    if of:
        owner = _person_or_topic(frame, earlier)
        return f"what is the {of.group(1)} of {owner}" if owner else ""
    if other:
        return _other(frame, other)
    if so:
        return _so_much(frame, so.group(1))
    new = parse(question)
    if new.wh == "whose" and set(new.tags[new.wh_end :]) <= set("xp"):
        told, _, about = earlier.rstrip("?. )").partition(" (")
        return f"{question} ({about or topic(told)})"
    elliptic = _which_not(new, frame) or _elliptic(new, frame)
    if elliptic:
        return elliptic
    return "" if re.match(r"(?:who|what) (?:did|does|do) ", question) else None


def _elliptic(new: Frame, frame: Frame) -> str:
    """For "was Holm?" after "is Lund guilty?" "was Holm guilty"; "" when nothing is left out."""
    whole = new.aux == 0 and new.subject_end == len(new.words)
    if not whole or set(new.tags[1:]) - set("dn") or frame.aux < 0 or not frame.subject:
        return ""
    kinds = [low in v.BE for low in (new.lows[0], frame.lows[frame.aux])]
    rest = frame.text(frame.subject_end)
    return f"{new.text(0)} {rest}" if rest and kinds[0] == kinds[1] else ""


def _which_not(new: Frame, frame: Frame) -> str:
    """For "which didn't?" after "which forces sent help?": "which forces didn't send help"."""
    alone = 0 <= new.aux == len(new.words) - 1
    if not alone or new.wh not in ("which", "who", "what") or frame.wh not in ("which", "who"):
        return ""
    rest = list(frame.words[frame.wh_end + (frame.aux >= 0) :])
    base = v.VERB_FORMS.get(rest[0].lower(), ("",))[0] if rest else ""
    if frame.subject or not rest or (frame.aux < 0 and not base):
        return ""
    if frame.aux < 0:
        rest[0] = base
    return f"{frame.text(0, frame.wh_end)} {new.words[new.aux]} {join(rest)}"


def _is_period(noun: str) -> bool:
    """Whether "how many ..." of it asks how long or how often."""
    return noun.removesuffix("s") in v.PERIODS | {"time", "hour", "minute"}


def _person_or_topic(frame: Frame, earlier: str) -> str:
    for pronoun in ("he", "she"):
        found = find_antecedent(pronoun, earlier)
        if found:
            return found
    return whole_subject(frame) or find_antecedent("it", earlier)


def _added(frame: Frame, word: str) -> str:
    """What is counted or picked out, with another question word; else both questions together."""
    other = ask_otherwise(frame, word) if asked_noun(frame) else ""
    if not other and frame.wh in ("why", "when", "where", "how") and asked_noun(parse(word)):
        about = topic(pieces_of(frame.text(0))[-1])
        if set(content_stems(about)) - set(content_stems(word)):
            return f"{word} ({about})"  # of what happened there
    return other or f"{frame.text(0)}, and {word}"


def _so_much(frame: Frame, much: str) -> str:
    """With "why so much" and the like."""
    if frame.wh.startswith("how ") and frame.aux >= 0 and frame.subject:
        counted = frame.text(2, frame.wh_end)
        rest = frame.text(frame.subject_end)
        return join(f"why {frame.words[frame.aux]} {frame.subject} {rest} {much} {counted}".split())
    return _added(frame, f"why {much}")


def _adverb(frame: Frame, word: str) -> str:
    """With "why", "when", "by whom" and the like."""
    located = _LOCATED.match(word)
    if located:
        whole = complete(located.group(1), frame.text(0)) or ""
        return substitute(whole, located.group(2)) or whole
    stranded = _STRANDED.match(word)
    if stranded:
        words = [word for word in frame.words if word.lower() not in v.INDEFINITES]
        return f"{_adverb(parse(join(words)), stranded.group(1))} {stranded.group(2)}"
    subject = frame.subject
    if frame.aux < 0:
        base = v.VERB_FORMS.get(frame.lows[1], ("",))[0] if len(frame.lows) > 2 else ""
        if frame.wh == "what" and base in ("cause", "follow", "trigger", "start"):
            return f"{word} did {frame.text(2)} happen"
        return _turned(frame, word) or _added(frame, word)
    aux, rest = frame.words[frame.aux].lower(), frame.text(frame.subject_end)
    if not frame.wh_end:
        if word == "why not" and not aux.endswith("n't"):
            return f"why {aux} {subject} not {rest}".strip()
        left = [word for word in frame.words[1:] if word.lower() not in ("yet", "already", "long")]
        return f"{word} {aux} {join(left)}"
    if not subject:
        return _added(frame, word)
    return _adverb_for_wh(frame, word) or _added(frame, word)


def _adverb_for_wh(frame: Frame, word: str) -> str:
    """With another wh-word than the one of the question; "" when both are asked for."""
    subject, aux = frame.subject, frame.words[frame.aux].lower()
    rest = frame.text(frame.subject_end)
    counting = frame.wh in ("how many", "how much") and frame.wh_end > 2
    measured = counting and _is_period(frame.lows[frame.wh_end - 1])
    if frame.wh in ("why", "when", "where", "how") or frame.tags[0] == "i" or measured:
        return f"{word} {aux} {subject} {rest}".strip()
    if counting and subject != "there":
        verb_end = frame.subject_end
        while verb_end < len(frame.words) and frame.tags[verb_end] in "vrx":
            verb_end += 1
        if frame.tags[-1] == "i":  # "how many talks did it take part in"
            verb_end = len(frame.words)
        middle = frame.text(frame.subject_end, verb_end)
        noun = frame.text(2, frame.wh_end)
        return join(f"{word} {aux} {subject} {middle} {noun} {frame.text(verb_end)}".split())
    copular = aux in v.BE and "v" not in frame.tags and subject != "there"
    if copular and word.split()[0] in v.PREPOSITIONS:
        return f"{word} {aux} {subject}"  # "how much is the deal worth?", "for how many years?"
    known = whole_subject(frame)
    if known and word in ("where", "when") and frame.wh in ("what", "where", "who"):
        return f"{word} {aux} {known}"
    return ""


def _turned(frame: Frame, word: str) -> str | None:
    """Another way round: "why was X shot", of "who shot X"."""
    if frame.wh != "who" or len(frame.words) < 3 or frame.tags[1] != "v":
        return None
    base, form = v.VERB_FORMS.get(frame.lows[1], ("", "past"))
    if form != "past" or base in v.NEVER_PASSIVE or frame.tags[2] not in "dn":
        return None
    phrase = next((phrase for phrase in frame.phrases if phrase.start == 2), None)
    if phrase is None:
        return None
    thing = frame.text(2, phrase.base_end)
    aux = "were" if is_plural(thing) and kind_of(thing) != "group" else "was"
    done = v.participle(base) if base else frame.words[1]
    return f"{word} {aux} {thing} {done} {frame.text(phrase.base_end)}".strip()


def _many(frame: Frame, word: str) -> str:
    subject = frame.subject
    swaps = {"was": "were", "is": "are", "has": "have"}
    if word == "how many" and frame.wh == "who" and frame.wh_end == 1:
        first = frame.words[1] if len(frame.words) > 1 else ""
        return f"how many people {swaps.get(first.lower(), first)} {frame.text(2)}".strip()
    if frame.wh in ("which", "what") and frame.wh_end == 2 and is_plural(frame.words[1]):
        return f"how many {frame.text(1)}"
    adverbial = frame.wh in ("why", "when", "where", "how") and frame.wh_end == 1
    if (
        (frame.aux == 0 or (frame.aux > 0 and adverbial))
        and is_plural(subject)
        and (kind_of(subject) != "group")
    ):
        if frame.subject_end == len(frame.words) and frame.phrases:  # "doctors on strike"
            end = next((p.base_end for p in frame.phrases if p.is_subject), frame.subject_end)
            noun = frame.text(frame.aux + 1, end)
            return f"how many {noun} {frame.words[frame.aux].lower()} {frame.text(end)}"
        bare = re.sub(r"^(?:any|some|more) ", "", subject)
        what = f"how many of {bare}" if bare.lower().startswith("the ") else f"how many {bare}"
        if "," not in bare and (what.startswith("how many of") or not bare[:1].isupper()):
            return f"{what} {_verb_after(frame)}".strip()
    subject_phrase = next((p for p in frame.phrases if p.is_subject), None)
    if not frame.wh_end and frame.aux < 0 and subject_phrase is not None:  # "all pupils left"
        noun = re.sub(r"^(?:all|the|any|some|both)(?: of)?(?: the)? ", "", frame.text(
            0, subject_phrase.base_end), flags=re.IGNORECASE)  # fmt: skip
        if is_plural(noun):
            return f"{word} {noun} {frame.text(subject_phrase.base_end)}"
    return _added(frame, word)


def _verb_after(frame: Frame) -> str:
    """What follows the subject of a yes-no question, as a statement has it."""
    rest = list(frame.words[frame.subject_end :])
    aux = frame.lows[frame.aux]
    if aux == "did" and rest and rest[0].lower() in v.BASE_VERBS:
        rest[0] = v.past(rest[0].lower())
    elif aux not in ("did", "do"):
        rest.insert(0, frame.words[frame.aux].lower())
    return join(rest)


def _who(frame: Frame, word: str) -> str:
    subject = frame.subject.lower()
    if frame.aux == 0 and word in ("who", "what", "which", "which ones"):
        if subject in v.INDEFINITES:
            return f"{word} {_verb_after(frame)}"
        start = re.match(r"(?:any|some) (.+)", subject)
        if start and word != "who":
            return f"which {start.group(1)} {_verb_after(frame)}"
        for phrase in frame.phrases:
            text = frame.text(phrase.start, phrase.base_end)
            if text.lower() in v.INDEFINITES and frame.tags[phrase.start - 1] in "vi":
                left = frame.text(phrase.base_end)
                aux = frame.words[0].lower()
                return f"{word} {aux} {frame.text(1, phrase.start)} {left}".strip()
    if frame.wh == "how many" and word.startswith("which") and frame.wh_end > 2:
        return f"which {frame.text(2)}"
    return _added(frame, word)


def _other(frame: Frame, found: re.Match[str]) -> str:
    kind = {"one": "who", "body": "who", "thing": "what", "where": "where"}
    word = found.group(1) or kind.get(found.group(2) or "", "")
    wh = {"whom": "who", "which": "what"}.get(frame.wh, frame.wh)
    if not word or wh == word or (word == "who" and wh == "what" and frame.wh_end > 1):
        if frame.wh in ("who", "whom", "what", "where", "when", "why", "how"):
            return join([frame.words[0], "else", *frame.words[1:]])
        if frame.wh == "which":
            return join([frame.words[0], "other", *frame.words[1:]])
        if frame.wh in ("how many", "how much"):
            return join([*frame.words[:2], "other", *frame.words[2:]])
    if word == "who" and frame.aux >= 0 and frame.subject and kind_of(frame.subject) != "date":
        if frame.aux == 0:
            return f"who else {_verb_after(frame)}"
        if frame.wh == "what" and frame.wh_end == 1:
            end = frame.subject_end
            verb = v.VERB_FORMS.get(frame.lows[end] if end < len(frame.words) else "", ("",))[0]
            about = re.sub(r"^about ", "", frame.text(end + 1))
            if verb in v.SAYING and about:
                return f"who else {v.past(verb)} something about {about}"
    return _added(frame, f"{word or 'what'} else")
