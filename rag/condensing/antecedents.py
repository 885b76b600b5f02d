"""What "he", "they", "it", "there" of a follow-up stand for, found in an earlier question.

1. "Who is X?" is about X; "who shot X?" about "the person who shot X".
2. he, she: a person, by role noun, title, given name, or a name of two words; the subject first.
3. they: a plural, a body ("the army"), persons, in this order; the subject first.
4. it: what is neither a person nor a date; what is asked about ("about X", an object) before who
   is said to have said something, things and events before places.
5. there: a place.
"""

import re

from rag.condensing import vocabulary as v
from rag.condensing.parsing import Frame, Phrase, parse
from rag.condensing.topics import asked_for, counted, whole_subject

HE = frozenset("he him his".split())
SHE = frozenset("she her hers".split())
THEY = frozenset("they them their theirs".split())
# Scores of a plural or of any name for "they"; of a given name or a title for "he" and "she".
_LIKELY, _SURE = 2, 3.6
# Below this a phrase is taken only where no question has a better one: "they" of "the by-election".
_POOR = 0.9
# Below this it fits nothing: "it" of "the boats".
_UNFIT = 0.35
IT = frozenset("it its".split())
_ARTICLES = v.DETERMINERS | v.POSSESSIVES | v.DEMONSTRATIVES
# "The gist of the letter": the letter is what one goes on to ask about.
_NUMBER_TEN = re.compile(r"(?:no\.?|number) \d+")
_THAT_GUY = re.compile(
    r"^(?:that|this) (\w+(?: \w+)?) (?:guy|man|woman|bloke|lady|lad|chap|person)$", re.IGNORECASE
)
_ATTRIBUTE_OF = re.compile(r"(?:the|his|her|their) (\w+) of (.+)$", re.IGNORECASE)
_SUMMARY_OF = re.compile(r"^(?:the |a |an )?(?:gist|summary|overview|recap|main points?) of ", re.I)


def kind_of(text: str) -> str:
    """What a phrase names: person, group, outlet, place, date, number or "" (anything else).

    Example: "Sir Mark Rowley" -> "person"; "the army" -> "group"; "last week" -> "date"
    """
    plain = text.lower().replace("’", "'").removesuffix("'s")
    if _NUMBER_TEN.fullmatch(plain):
        return "group"
    words = [word for word in plain.split() if word not in v.DETERMINERS]
    if not words:
        return ""
    last = words[-1]
    bare = " ".join(words)
    last = last.rpartition("-")[2]  # "the ex-officer"
    inner = [place for place, word in enumerate(words) if place and word in v.PREPOSITIONS]
    head = words[inner[0] - 1].rpartition("-")[2] if inner else last
    if _dated(words):
        return "date"
    if bare in v.OUTLETS or last in v.OUTLETS or words[0] in ("bbc", "sky"):
        return "outlet"
    if head in v.PLACES:
        return "place"
    if head in v.GROUPS:
        return "group"
    if head in v.ROLES or _titled(words) or words[0] in v.HE_NAMES | v.SHE_NAMES:
        return "person"
    if all(word.replace(",", "").isdigit() for word in words):
        return "number"
    return ""


def _dated(words: list[str]) -> bool:
    last = words[-1]
    if last.isdigit():
        return (len(last) == 4 and last[:2] in ("18", "19", "20")) or words[0] in v.MONTHS
    if last in ("yesterday", "today", "tomorrow") or last in v.WEEKDAYS:
        return True
    if last in v.PERIODS:
        return len(words) == 1 or words[0] in ("last", "next", "this", "previous", "past", "that")
    return any(word in v.MONTHS and (word != "may" or len(words) > 1) for word in words)


def _titled(words: list[str]) -> bool:
    return len(words) > 1 and words[0] in v.HE_TITLES | v.SHE_TITLES | {"dr", "sir", "professor"}


def is_plural(text: str) -> bool:
    """Whether a phrase looks plural.

    Example: "two charges" -> True; "the press" -> False
    """
    head = re.split(rf" (?:{'|'.join(v.PREPOSITIONS)}) ", text.lower())[0]
    words = head.split()
    if not words:
        return False
    last = words[-1]
    return last in ("people", "men", "women", "children", "police", "staff") or (
        last.endswith("s") and not last.endswith(("ss", "us", "is", "'s", "’s", "news"))
        and (last not in v.OUTLETS | v.PLACES or last == "sources")
    ) or " and " in head  # fmt: skip


def are_several(text: str) -> bool:
    """Whether the noun of a phrase is plural, whatever hangs on it.

    Example: "the towns Nordline closed" -> True
    """
    frame = parse(text)
    first = next((phrase.base_end for phrase in frame.phrases), 0)
    return is_plural(frame.text(0, first)) or is_plural(frame.text(0, 2))


def find_antecedent(
    pronoun: str, question: str, *, is_object: bool = False, is_good: bool = False
) -> str:
    """What `pronoun` stands for in an earlier `question`, or "".

    Args:
        pronoun: In small letters.
        question: A standalone one.
        is_object: Whether the pronoun stands after a verb; it prefers an object then.
        is_good: Whether a poor fit is none.

    Example: "he", "Who is Sir Peter Fahy?" -> "Sir Peter Fahy"
    """
    frame = parse(question)
    if pronoun == "there":
        return _place(frame)
    if pronoun in IT and undergone(frame):
        return undergone(frame)
    best, best_score = "", 0.0
    people: list[str] = []
    for text, phrase in candidates(frame, whole_subject(frame)):
        short = frame.text(phrase.start, phrase.base_end)
        if kind_of(text) in ("person", "") and text.split()[0].istitle():
            people.append(short)
        said = _as_said(pronoun, text, short)
        score = 3.2 if said.startswith("the ") and said != text else 0.0
        score = score or _score(pronoun, said, phrase, frame)
        if is_object and score >= 1 and phrase.start >= frame.subject_end:
            score += 1
        if score > best_score:
            best, best_score = said, score
    if best_score < (_POOR if is_good and pronoun not in IT else _UNFIT):
        best = ""
    if pronoun in IT:
        return best
    if pronoun in THEY and best_score < _LIKELY and len(people) > 1:
        return f"{people[0]} and {people[1]}"
    enough = _LIKELY if pronoun in THEY else _SURE
    acting = doer(frame, plural=pronoun in THEY) if best_score < enough else ""
    return acting or best


def _as_said(pronoun: str, text: str, short: str) -> str:
    """A candidate as this pronoun means it: a person's name alone, "the boats" of their number."""
    if pronoun in THEY and text.startswith("the number of "):
        return f"the {text.removeprefix('the number of ')}"
    if pronoun not in HE | SHE:
        return text
    if text[:1].isupper() and " of " not in text:
        text = short  # without "in Leeds"
    owned = _ATTRIBUTE_OF.match(text)
    if owned and owned.group(1).lower() in v.GENERIC and not kind_of(owned.group(1)):
        return owned.group(2)  # "the job of Mia Holm"
    return text if kind_of(text.split()[-1]) == "person" else re.split(r"['’]s ", text)[0]


def candidates(frame: Frame, whole: str = "") -> list[tuple[str, Phrase]]:
    """The phrases of a question that a pronoun may stand for, in their longest forms."""
    found: list[tuple[str, Phrase]] = []
    covered = 0
    for phrase in frame.phrases:
        if phrase.start < covered and not whole:
            short = frame.text(phrase.start, phrase.base_end)
            named = " " in short and short.istitle()
            if kind_of(short) != "person" and not named:
                continue
        if phrase.start < frame.wh_end and frame.wh not in ("what", "which", "how many"):
            continue
        before = v.VERB_FORMS.get(frame.lows[phrase.start - 1] if phrase.start else "", ("",))
        short = frame.text(phrase.start, phrase.base_end)
        role = before[0] == "become" or (phrase.preposition == "as" and kind_of(short) == "person")
        if role or f"{phrase.preposition} {short.lower()}" in v.SET_PHRASES:
            continue  # what or how somebody is, not who
        text = _SUMMARY_OF.sub("", frame.text(phrase.start, phrase.full_end))
        text = re.sub(r"['’]s$", "", text)
        if phrase.is_subject and whole:
            text = whole
        if phrase.start < frame.wh_end:
            text = counted(frame) or asked_for(frame) or text
        text = _THAT_GUY.sub(r"\1", text)
        covered = max(covered, phrase.full_end)
        nothing = text.lower().startswith(("no ", "any ", "each ", "every "))
        if text.lower() not in v.INDEFINITES | v.DEMONSTRATIVES and not nothing:
            found.append((text, phrase))
    return found


def _score(pronoun: str, text: str, phrase: Phrase, frame: Frame) -> float:
    """How well a phrase fits; 0 when it does not."""
    if frame.wh in ("what", "which") and phrase.start < frame.wh_end and text.startswith("the "):
        return _asked_score(pronoun, frame.text(1, frame.wh_end))
    kind = kind_of(text)
    if kind in ("date", "number"):
        return 0
    subject = 0.5 if phrase.is_subject else 0.0
    if pronoun in HE | SHE:
        fit = _person_score(pronoun, text, text.lower().split(), kind, phrase)
        return fit and fit + subject
    if pronoun in THEY:
        if phrase.start < frame.wh_end and frame.wh == "how many" and text.startswith("the num"):
            return 0.2
        fit = 3 if is_plural(text) else _they_score(text.lower(), kind, phrase)
        about = phrase.start > 0 and frame.lows[phrase.start - 1] == "about"
        return fit and fit + (1 if about else subject)
    return _thing_score(text, kind, phrase, frame)


def _they_score(low: str, kind: str, phrase: Phrase) -> float:
    """How well a phrase that is no plural fits "they"."""
    first, last = low.split()[0], low.split()[-1]
    named = first in v.HE_NAMES | v.SHE_NAMES | v.HE_TITLES | v.SHE_TITLES
    if kind == "person":
        return 0 if named else 1
    no_body = phrase.preposition in ("in", "at", "on") or last in v.GENERIC
    one = low.startswith(("the ", "a ", "an ", "this ", "that "))
    thing = no_body or (one and last not in v.BODIES)
    return {"group": 3, "outlet": 1, "place": 0.4}.get(kind, 0 if thing else 1.2)


def _thing_score(text: str, kind: str, phrase: Phrase, frame: Frame) -> float:
    """How well a phrase fits "it"."""
    if kind == "person" or (is_plural(text) and not text.startswith("the number of")):
        words = text.lower().split()
        common = words[0] in v.DETERMINERS or {words[-1], words[-1].removesuffix("s")} & v.GENERIC
        return 0.3 if common or kind else 0.5  # "Simply Homes"
    score = {"place": 0.6, "outlet": 0.8, "group": 1}.get(kind, 2)
    if phrase.is_subject and text.split()[-1].lower() in v.OPEN_NOUNS:
        return 4  # "what did the letter say about X?"
    if phrase.start < frame.wh_end and not text.startswith("the "):
        score = 0.7  # "which body ...?": what is not known yet
    first = text.lower().split()[0]
    saying = any(v.VERB_FORMS.get(low, ("",))[0] in v.SAYING for low in frame.lows)
    speaker = saying and phrase.is_subject and first not in v.DETERMINERS
    if kind == "" and (_two_names(frame, phrase) or speaker):
        score = 0.9  # it may be a person
    if text.startswith(("the number of", "the amount of")):
        score = 1.9
    if phrase.start and frame.lows[phrase.start - 1] == "about":
        score += 1.5
    if not phrase.is_subject or saying:
        return score
    things = any(frame.tags[p.start] == "d" for p in frame.phrases if not p.is_subject)
    name = not kind and text[:1].islower() and first not in _ARTICLES
    return score + (-0.2 if name and things else 0.5)  # "did lund win the vote?"


def _asked_score(pronoun: str, noun: str) -> float:
    """How well what is asked for fits: "which officer", "what review"."""
    if pronoun in THEY:
        head = noun.split()[-1:]
        body = kind_of(noun) == "group" or (head and head[0].lower() in v.BODIES)
        return 3.5 if is_plural(noun) or body else 0.2
    return 3.5 if (kind_of(noun) == "person") == (pronoun in HE | SHE) else 0.3


def _two_names(frame: Frame, phrase: Phrase) -> bool:
    words = frame.words[phrase.start : phrase.base_end]
    return len(words) in (2, 3) and all(word[:1].isupper() for word in words)


def _person_score(pronoun: str, text: str, words: list[str], kind: str, phrase: Phrase) -> float:
    unlike, like = (v.SHE_NAMES | v.SHE_TITLES, v.HE_NAMES | v.HE_TITLES)
    if pronoun in SHE:
        unlike, like = like, unlike
    if is_plural(text) and kind != "person":
        return 0
    first = next((word for word in words if word not in v.DETERMINERS), "")
    if kind == "person":
        if first in unlike and first not in like:
            return 0
        return 4 if first in like else 3
    if not kind and words[0] == "the" and phrase.is_subject:
        return 0.3
    if kind or words[0] in v.DETERMINERS or phrase.preposition in ("in", "at", "on", "from"):
        return 0
    names = len(text.split()) <= 3 and not any(w in v.GENERIC or w.isdigit() for w in words)
    capital = text[:1].isupper()
    return (2 + capital if 1 < len(words) <= 3 else 0.5 + capital) if names else 0


def doer(frame: Frame, *, plural: bool) -> str:
    """Who did it, of a question that asks just that; or "".

    Example: "Who shot X?" -> "the person who shot X"
    """
    if frame.wh not in ("who", "whos") or frame.wh_end != 1 or len(frame.words) < 2:
        return ""
    if frame.lows[2:] in (("so",), ("that",)):
        return ""  # "who said so?"
    rest = frame.text(1)
    if frame.aux >= 0:
        following = frame.tags[frame.aux + 1 : frame.aux + 2]
        if following not in ("v", "x", "a", "i", "r"):
            return ""
        if plural:
            swaps = {"was": "were", "is": "are", "has": "have"}
            rest = join_first(swaps.get(frame.lows[1], frame.words[1]), rest)
    return f"the {'people' if plural else 'person'} who {rest}"


def undergone(frame: Frame) -> str:
    """To what it was done, of a question that asks just that; or "".

    Example: "What was stolen from the museum?" -> "the thing that was stolen from the museum"
    """
    done = frame.tags[frame.aux + 1 : frame.aux + 2] == "v" and frame.lows[frame.aux] in v.BE
    if frame.wh != "what" or frame.wh_end != 1 or frame.aux != 1 or not done or frame.subject:
        return ""
    form = v.VERB_FORMS.get(frame.lows[2], ("", ""))
    return f"the thing that {frame.text(1)}" if form[1] == "past" else ""


def join_first(word: str, text: str) -> str:
    """`text` with another first word."""
    return f"{word} {text.partition(' ')[2]}".strip()


def _place(frame: Frame) -> str:
    """The place of a question with its preposition, as in "in Leeds"; or ""."""
    for wanted in ("place", ""):
        for phrase in frame.phrases:
            text = frame.text(phrase.start, phrase.base_end)
            if kind_of(text) == wanted and phrase.preposition in ("in", "at", "near", "outside"):
                return f"{phrase.preposition} {text}"
    for phrase in frame.phrases:
        text = frame.text(phrase.start, phrase.base_end)
        if kind_of(text) == "place":
            return f"in {text}"
    return ""
