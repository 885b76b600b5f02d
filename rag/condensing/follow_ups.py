"""One follow-up and the questions before it -> the standalone question that is searched and shown.

The first rule that fits:

1. A correction ("no, I meant the second charge") changes the question before (`corrections`);
   "back to the fine, how big was it?" follows the question that was about it.
2. A bare question ("why?", "who else?") takes the question before it along (`ellipsis`).
3. "Really?" asks the question before it again; "is it still so?" asks how it is now.
4. "Which ones said no?" is asked of those that were asked about (`which_ones`).
5. A fragment ("what about the FT?", "and in 2022?", "same for the army?") goes into the question
   before it, in the place of what it replaces (`substitution`).
6. In a whole question, pronouns are replaced by what they stand for (`antecedents`), "this review"
   by "the review of armed policing".
7. One that names nothing of its own ("how many people died?"), and one that starts with "and", has
   the topic of the question before it added (`leaning`).
8. Anything else is a question of its own and stays as it is.
"""

import re
from collections.abc import Collection, Sequence

from rag.condensing import vocabulary as v
from rag.condensing.antecedents import HE, IT, SHE, THEY, kind_of
from rag.condensing.corrections import read_correction, swap_words
from rag.condensing.ellipsis import complete
from rag.condensing.leaning import (
    is_open,
    is_verbless,
    names_nothing,
    on_same_topic,
    with_topic,
)
from rag.condensing.parsing import parse
from rag.condensing.pronouns import resolve_pronouns
from rag.condensing.substitution import substitute
from rag.condensing.topics import pieces_of, told_of, topic, without_added
from rag.condensing.which_ones import which_ones
from rag.words import content_stems

# A longer question is no follow-up, and of a longer one no more is looked at.
MAX_CHARS = 600
# Questions that a pronoun may point into.
_LOOK_BACK = 3
_MAX_SHORT_CHARS = 60
# More words than these after a few words to search for are a search of their own.
_MAX_SEARCHED_WORDS = 2
# A longer fragment stands for itself.
_MAX_FRAGMENT_WORDS = 5

_ASKING = "|".join(sorted(v.WH | v.PRONOUNS | {"the", "that", "so", "but", "and"}))
_STARTS = "|".join(sorted([_ASKING, *v.AUXILIARIES]))
LEAD = re.compile(
    r"^(?:(?:and|but|so|or|ok(?:ay)?|well|right|hm+|um|also|then|sorry|thanks|thank you|cheers|"
    r"great|i see|yes|yeah|yep|oh|ah|aha|alright|wow|huh|"
    r"(?:you |are you )?(?:really|sure)(?= ?[?!,])|"
    r"(?:damn|nice|cool|anyway|again|seriously|honestly|interesting|fair enough|got it|makes sense|"
    rf"good to know|no)(?=\s*[,.!:;–-]|\s+(?:{_ASKING})\b)|"
    rf"(?:wait|hang on|hold on|hold up)(?=\W+(?:{_STARTS})\b)|"
    r"(?:one|1) (?:more|last|other) (?:thing|question)|(?:last|another|quick) (?:thing|question)|"
    r"last one(?=[,:])|first thing again|not(?= \w+(?: \w+)?\W*$))\b"
    r"[\s,.?!:;–-]*){1,4}(?=\w)", re.IGNORECASE,
)  # fmt: skip
# "Back to the money, who pays?", "one more on Lund: is he free"
_RETURN = re.compile(
    r"^(?:(?:(?:coming|going|getting|go|went) )?back to(?! (?:normal|work|school|basics|square)\b)|"
    r"(?:(?:one|1) (?:more|last)(?: (?:thing|question))?|another(?: one| thing)?|(?:a )?question|"
    r"last one) (?:on|about)|as for|regarding)"
    r" (?P<thing>(?:(?!\band\b)[^,:?;–]){2,60}?)(?: (?:again|then|now|thing|bit|part))?"
    r"\s*[,:;?–-]\s+(?P<clause>\S.+)$",
    re.IGNORECASE,
)
_ADDING = re.compile(r"^(?:and|but|or|also|then)\b", re.IGNORECASE)
_ADDED_AFTER = re.compile(r"\band\W+$", re.IGNORECASE)  # "ok and the FT?"
_ABOUT = re.compile(
    r"^(?:(?:what|how) (?:about|abt|of)|same (?:question )?(?:for|with|about)|(?:is it |is that )?"
    r"the same (?:for|with)|(?:and )?(?:for|about|with)(?= the other\b))\s+(?=\S)", re.IGNORECASE,
)  # fmt: skip
_IS = re.compile(r"^(why|when|where|who|what|how)'?s\b")
_OF_THIS_KIND = re.compile(r"\b(?:this|that|these|those) (?:kind|sort|type)s? of \w", re.IGNORECASE)
_TOO = re.compile(r",? (?:too|as well|then|though|tho|also)$", re.IGNORECASE)
_THAT_ONE = re.compile(r"^(?:that|this|the \w+) one,\s*(?=\S)", re.IGNORECASE)
_ONE = re.compile(r"\b((?:the|that) [\w ]+?) ones?$", re.IGNORECASE)
_HAPPENED = re.compile(r"\b(?:happen(?:ed)?|take place|took place)$", re.IGNORECASE)
# "Floods in spain", "latest on gaza", "back to the fine".
_TOPIC = re.compile(
    rf"^back to\b|\w (?:and|{'|'.join(sorted(v.PREPOSITIONS - {'than'}))}) \w", re.IGNORECASE
)
_EVEN = re.compile(  # "not even at night?", "back in May?"
    rf"^(?:(?:not|even|only|just|back|also) )+(?=(?:{'|'.join(sorted(v.PREPOSITIONS))}) )",
    re.IGNORECASE,
)
_SOME_OF_THEM = re.compile(
    r"^(?:(?:is|was) (?:that|this|it) )?"
    r"(?:(?:all|most|some|many|none|both|half|any|each) of (?:them|those|these|it)|all)$",
    re.IGNORECASE,
)
# "The farmer, what does he say?", "Jasper, is he in favour?"
_NAMED_FIRST = re.compile(
    r"^(?P<thing>(?!.*\b(?:vs|versus|or)\b)[^,?]{2,60}), "
    rf"(?P<clause>(?:{'|'.join(sorted(v.WH | v.AUXILIARIES))})\b.+)$",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"^(?:more|less|fewer|(?!other|rather)\w+er)(?: or (?:more|less|fewer|\w+er))? than ",
    re.IGNORECASE,
)
_SWITCH = re.compile(
    r"^(?:(?:a |one )?(?:different|another|new|next|other) (?:question|topic|subject|thing)|"
    r"(?:on )?(?:another|a different) (?:note|matter)|changing (?:the )?subject|something else)"
    r"\b[\s,.!:;–-]*(?=\S)",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"^(?:really|(?:are you |you )?sure|are you (?:sure|certain) about (?:that|this)|seriously|"
    r"(?:is|was) (?:that|this|it) (?:really )?(?:true|right|correct|certain|confirmed)|"
    r"says who|(?:(?:any|your|the|what's the|what is (?:the|your)) )?sources?|"
    r"according to whom?|is it|"
    r"(?:please )?(?:tell me|say|know|explain) more(?: about (?:it|that|this))?|"
    r"more(?: (?:details|please))?|(?:any )?more (?:details|information|info)|go on|details|"
    r"elaborate|and|(?:please )?explain(?: (?:it|that|this))?)$"
)
_STILL = re.compile(
    r"^(?:(?:is|are) (?:it|that|this|they) still (?:so|true|the case|like that|valid|on|going on)|"
    r"still|what about now|and now|now|is (?:it|that) so now|how about now|"
    r"(?:is|has) (?:that|this|it) (?:still )?(?:current|up to date|changed))$"
)
_NEXT = re.compile(r"^(?:(?:what|then) )?(?:happened|happens|came) (?:next|then|after(?:wards)?|"
                   r"after (?:that|this))$|^then what$|^then$")  # fmt: skip


def new_words(question: str) -> str:
    """What a follow-up puts into the question before it; "" when it is more than a fragment.

    Example: "and what about Lee Jasper?" -> "Lee Jasper"
    """
    bare = LEAD.sub("", question, count=1).rstrip("?!., ")
    meant = read_correction(question) or _ABOUT.sub("", _THAT_ONE.sub("", bare))
    text = _TOO.sub("", meant)
    return text if text and _is_fragment(text) else ""


def resolve(question: str, known: Sequence[str], outlets: Collection[str] = frozenset()) -> str:
    """`question` made standalone with earlier ones; unchanged when it is a whole one already.

    Args:
        question: Cleaned.
        known: Standalone questions, oldest first; one at least.
        outlets: Names of publishers, in small letters, beside those that are well known.

    Example: "why?", ["Did the army leave?"] -> "Why did the army leave?"
    """
    unled = LEAD.sub("", question, count=1)
    switched = _SWITCH.match(unled)
    if switched:
        return unled[switched.end() :]
    found = swap_words(question, known[-1])
    meant = read_correction(question)
    if found is None and meant is not None:
        found = _meant(_ABOUT.sub("", meant), known, outlets)
    if found is None:
        lead = question[: len(question) - len(unled)]
        adding = bool(_ADDING.match(question) or _ADDED_AFTER.search(lead))
        found = _resolved(unled, known, outlets, adding=adding)
    return question if found is None else _finished(found)


def _finished(text: str) -> str:
    """A question as it is shown: a capital at its start, a question mark at its end."""
    text = " ".join(text.split()).rstrip("?!.,;: ")
    return f"{text[:1].upper()}{text[1:]}?"


def _meant(text: str, known: Sequence[str], outlets: Collection[str]) -> str:
    """The question that a correction leads to."""
    last = known[-1]
    if not _is_fragment(text) and parse(text).tags != "v":
        return _resolved(text, known, outlets, adding=False) or text
    return complete(text.lower(), last) or _substituted(last, text, outlets)


def _substituted(last: str, text: str, outlets: Collection[str]) -> str:
    """The last question with a fragment in its place, or added to it."""
    text = _ONE.sub(r"\1", text)
    last = without_added(last)
    start, link, end = last.rstrip("? ").rpartition(", ")
    if set(parse(text).tags) == {"r"}:
        return f"{last.rstrip('? ')} {text}"
    than = _COMPARING.match(end)
    if than:  # "more than Lund?", "and Holm?"
        return f"{start}{link}{substitute(end, text, outlets) or than.group() + text}"
    return substitute(last, text, outlets) or _joined(last, text)


def _joined(last: str, text: str, link: str = ", and ") -> str:
    last = last.rstrip("? ")
    if set(parse(last).tags) & set("wxv"):
        return f"{last}{link}{text}"
    if len(text.split()) > _MAX_SEARCHED_WORDS:
        return text
    first = last.partition(" (")[2].removesuffix(")") or last
    return f"{text} ({first})"


def _resolved(
    question: str, known: Sequence[str], outlets: Collection[str], *, adding: bool
) -> str | None:
    returned = _returned(question, known, outlets)
    if returned is not None:
        return returned
    bare = _EVEN.sub("", _THAT_ONE.sub("", question.rstrip("?!., ")))
    short = _short_form(bare, _event(known) if _HAPPENED.search(bare) else known[-1])
    if short is not None:
        return short
    talk = known[-_LOOK_BACK:]
    earlier = [piece for one in talk for piece in pieces_of(one)]
    built = _named_first(bare, talk) or which_ones(bare, talk)
    if built:
        return built
    about = _ABOUT.match(bare)
    text = _TOO.sub("", bare[about.end() :] if about else bare)
    if about and "," in text:
        return _clause_about(text, known, outlets)
    if text and (about or _is_fragment(text)) and (about or adding or _leans(question, text)):
        if v.POSSESSIVES & set(parse(text).lows):  # "what about his lawyer?"
            text = resolve_pronouns(text, earlier) or text
        return _substituted(known[-1], text, outlets)
    if _COMPARING.match(bare) or _SOME_OF_THEM.match(bare):
        return _joined(told_of(known[-1]), bare, ", ")
    if _is_fragment(bare) and parse(bare).lows[0] == "any":
        return with_topic(bare, talk)
    if _is_in_passing(bare, asking="?" in question):
        return with_topic(bare, talk)
    return _whole(bare, known, earlier, talk, adding=adding)


def _returned(question: str, known: Sequence[str], outlets: Collection[str]) -> str | None:
    """Of "back to the money, who pays?", the question about the money; None for anything else.

    Where an earlier question was about that, it is the one that is followed.
    """
    back = _RETURN.match(question.rstrip("?!., "))
    if not back:
        return None
    thing, clause = back["thing"], LEAD.sub("", back["clause"], count=1)
    thing = resolve_pronouns(thing, known) or thing
    named = set(content_stems(thing))
    told = [one for one in known if named & set(content_stems(one))]
    own = resolve_pronouns(clause, [f"what is {thing}?"]) if named else None
    if own is None and (told or not named):
        own = _resolved(clause, told[-1:] or known[-1:], outlets, adding=False)
    found = own or clause
    if named and not named & set(content_stems(found)):
        return f"{told_of(found)} ({thing})"
    return found


def _named_first(bare: str, talk: Sequence[str]) -> str | None:
    """Of "the farmer, what does he say?": "what does the farmer say"; None for anything else."""
    named = _NAMED_FIRST.match(bare)
    if not named or not _is_fragment(named["thing"]) or _is_fragment(named["clause"]):
        return None
    found = resolve_pronouns(named["clause"], [f"what is {named['thing']}?"])
    if not found or named["thing"].lower() not in found.lower():
        return None
    return with_topic(found, talk) if is_open(found, adding=False) else found


def _whole(
    bare: str, known: Sequence[str], earlier: list[str], talk: Sequence[str], *, adding: bool
) -> str | None:
    """A whole question with its pronouns replaced, or with the topic of the talk."""
    focus = _focus(known)
    pronouns = (HE | SHE | THEY | IT) & set(parse(bare).lows)
    if focus and pronouns and pronouns <= IT:
        earlier = [*earlier, f"what is {focus}"]
    found = resolve_pronouns(bare, earlier)
    open_ended = names_nothing(bare) or is_verbless(bare) or is_open(bare, adding=adding)
    open_ended = open_ended or bool(_OF_THIS_KIND.search(bare))
    if found is None and open_ended:
        return with_topic(bare, talk)
    if found is not None and len(pieces_of(known[-1])) > 1 and names_nothing(found):
        return with_topic(found, talk)  # "the letter" is still Rowley's
    return on_same_topic(found or bare, pieces_of(known[-1])[0]) or found


def _focus(known: Sequence[str]) -> str:
    """What the last question put into the one before it, as "and the FT?" does; or ""."""
    if len(known) < 2:
        return ""
    old, new = (question.rstrip("?. ").split() for question in known[-2:])
    alike = [one.lower() == other.lower() for one, other in zip(old, new, strict=False)]
    start = (*alike, False).index(False)
    back = [one.lower() == other.lower() for one, other in zip(old[::-1], new[::-1], strict=False)]
    end = min((*back, False).index(False), len(new) - start)
    while start and parse(" ".join(new[:start])).tags[-1:] in ("d", "n"):
        start -= 1
    middle = " ".join(new[start : len(new) - end])
    frame = parse(middle)
    named = {"n"} <= set(frame.tags) <= set("dn") and not v.ORDINALS & set(frame.lows)
    named = named and kind_of(middle) != "date"
    return middle if named and middle.count(" ") < start + end else ""


def _event(known: Sequence[str]) -> str:
    """The newest question of something that happens, not of what something is; or the newest."""
    for question in reversed(known):
        frame = parse(question)
        if "v" in frame.tags or frame.aux < 0:
            return question
    return known[-1]


def _short_form(bare: str, last: str) -> str | None:
    """The question behind "why", "really", "is it still so", "what happened next"."""
    low = _IS.sub(r"\1 is", bare.lower().replace("’", "'"))
    if len(low) > _MAX_SHORT_CHARS:
        return None
    if _AGAIN.match(low):
        return last
    if _STILL.match(low):
        return _still(last)
    if _NEXT.match(low):
        going_on = last.lower().startswith("what happened to ")
        return f"{last.rstrip('? ')} next" if going_on else f"what happened after {topic(last)}"
    return complete(low, last)


def _clause_about(text: str, known: Sequence[str], outlets: Collection[str]) -> str:
    """The question behind "what about X, was he freed?": "was X freed"."""
    thing, _, clause = text.partition(",")
    clause = clause.strip()
    if _is_fragment(clause):
        return _substituted(known[-1], text, outlets)
    found = resolve_pronouns(clause, [*list(known)[-1:], f"what is {thing}?"])
    return found or f"{clause.rstrip('? ')}, {thing}"


def _is_fragment(text: str) -> bool:
    """Whether a text is no whole question: no verb, no auxiliary, no question word."""
    frame = parse(text)
    inner = text.lower().startswith(("the ", "that ", "those "))
    tags = frame.tags[:-1] if frame.lows[-1:] and _may_be_noun(frame.lows[-1]) else frame.tags
    verbs = set(tags) & set("wx" if inner or frame.tags[:1] == "i" else "wxv")
    return bool(frame.words) and not verbs and len(frame.words) <= 8


def _is_in_passing(text: str, *, asking: bool) -> bool:
    """Whether it is "home or away", "not per month": no question, no name and no topic of its own.

    A topic is a few nouns to search for, and without a question mark "the war", "floods in spain".
    """
    frame = parse(text)
    if not 1 < len(frame.words) <= _MAX_FRAGMENT_WORDS or not _is_fragment(text):
        return False
    own = frame.tags[:1] == "d" or _TOPIC.search(text) or set(frame.tags) <= {"n", "r"}
    named = any(word[:1].isupper() for word in frame.words)
    return not named and set(frame.tags) != {"n"} and (asking or not own)


def _may_be_noun(low: str) -> bool:
    """Whether a verb is as well a noun: "time limits"."""
    base, form = v.VERB_FORMS.get(low, ("", ""))
    return base in v.NOUN_VERBS and form in ("base", "s")


def _leans(question: str, text: str) -> bool:
    """Whether a fragment without "and" is a follow-up, not a few words to search for."""
    frame = parse(text)
    low = frame.lows[0]
    if "?" in question and (frame.tags[0] == "i" or len(frame.words) <= 2):
        return True
    short = len(frame.words) <= 3
    dated = kind_of(text) == "date"
    ordinal = any(word in v.ORDINALS for word in frame.lows) and low in ("the", "that")
    return short and (dated or ordinal or (frame.tags[0] in "i" and low in ("in", "at", "on")))


def _still(last: str) -> str:
    frame = parse(last)
    if frame.aux == 0 and frame.subject and "still" not in frame.lows:
        return f"{frame.text(0, frame.subject_end)} still {frame.text(frame.subject_end)}"
    return last if "now" in frame.lows else f"{last.rstrip('? ')} now"
