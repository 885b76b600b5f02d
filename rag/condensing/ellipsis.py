"""Follow-ups that are hardly more than a question word: "why?", "how many?", "who else?".

1. A yes-no question takes the word in front; one with another wh-word changes it.
2. "How many boats did X add?" + "when?" -> "When did X add boats?"
3. "Who shot X?" + "why?" -> "Why was X shot?", for verbs that can be turned.
4. "Who else?" goes into a question with "who"; "which ones?" for "how many".
5. All others are added: "Who resigned, and when?"
"""

import re

from rag.condensing import vocabulary as v
from rag.condensing.antecedents import find_antecedent, is_plural, kind_of
from rag.condensing.parsing import Frame, join, parse
from rag.condensing.topics import whole_subject

_PREPOSITION = r"(?:by|with|for|from|to|since|until|till|at|in|on|against|about)"
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
_DID = re.compile(r"^(how many) (?:did|have|had|were|are|was|will|do)$")
_TRUE = re.compile(r"^is it (?:true|right|correct|so) that ", re.IGNORECASE)
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
    frame = parse(re.sub(r",? and (?:why|when|where|how|who|what|which)\b.*$", "", earlier))
    of = _OF.match(question)
    if of:
        owner = _person_or_topic(frame, earlier)
        return f"what is the {of.group(1)} of {owner}" if owner else None
    other = _ELSE.match(question)
    if other:
        return _other(frame, other)
    if re.match(r"(?:who|what) (?:did|does|do) ", question):
        return None  # "who did it?"
    word = _TAIL.sub("", question)
    asked = parse(word)
    if asked.wh_end == len(asked.words) > 1 and asked.tags[-1] == "n" and not _BARE.match(question):
        return _added(frame, word)
    if question not in _ATTRIBUTE and not _BARE.match(question):
        return None
    word = _ATTRIBUTE.get(word, _ATTRIBUTE.get(question, word))
    if word == "how old":
        person = _person_or_topic(frame, earlier)
        if person:
            return f"how old {'are' if is_plural(person) else 'is'} {person}"
    if word in ("how many", "how much"):
        return _many(frame, word)
    if word in ("who", "what", "which", "which one", "which ones"):
        return _who(frame, word)
    return _adverb(frame, word)


def _person_or_topic(frame: Frame, earlier: str) -> str:
    for pronoun in ("he", "she"):
        found = find_antecedent(pronoun, earlier)
        if found:
            return found
    return whole_subject(frame) or find_antecedent("it", earlier)


def _added(frame: Frame, word: str) -> str:
    return f"{frame.text(0)}, and {word}"


def _adverb(frame: Frame, word: str) -> str:
    """With "why", "when", "by whom" and the like."""
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
        left = [word for word in frame.words[1:] if word.lower() not in ("yet", "already")]
        return f"{word} {aux} {join(left)}"
    if not subject:
        return _added(frame, word)
    if frame.wh in ("why", "when", "where", "how") or frame.tags[0] == "i":
        return f"{word} {aux} {subject} {rest}".strip()
    if frame.wh in ("how many", "how much") and frame.wh_end > 2 and subject != "there":
        verb_end = frame.subject_end
        while verb_end < len(frame.words) and frame.tags[verb_end] in "vrx":
            verb_end += 1
        middle = frame.text(frame.subject_end, verb_end)
        noun = frame.text(2, frame.wh_end)
        return join(f"{word} {aux} {subject} {middle} {noun} {frame.text(verb_end)}".split())
    known = whole_subject(frame)
    if known and word in ("where", "when") and frame.wh in ("what", "where", "who"):
        return f"{word} {aux} {known}"
    return _added(frame, word)


def _turned(frame: Frame, word: str) -> str | None:
    """Another way round: "why was X shot", of "who shot X"."""
    if frame.wh != "who" or len(frame.words) < 3 or frame.tags[1] != "v":
        return None
    base, form = v.VERB_FORMS[frame.lows[1]]
    if form != "past" or base not in v.TRANSITIVE or frame.tags[2] not in "dn":
        return None
    phrase = next((phrase for phrase in frame.phrases if phrase.start == 2), None)
    if phrase is None:
        return None
    thing = frame.text(2, phrase.base_end)
    done = {"beat": "beaten", "stole": "stolen", "shot": "shot"}.get(frame.lows[1], frame.words[1])
    aux = "were" if is_plural(thing) and kind_of(thing) != "group" else "was"
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
            topic = re.sub(r"^about ", "", frame.text(end + 1))
            if verb in v.SAYING and topic:
                return f"who else {v.past(verb)} something about {topic}"
    return _added(frame, f"{word or 'what'} else")
