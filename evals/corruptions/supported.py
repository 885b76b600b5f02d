"""Makers of true statements: a sentence of the line word for word, or in lightly changed words.

A maker returns None where the rule does not apply for certain.
"""

import re
from collections.abc import Callable
from random import Random

from evals.corruptions.articles import Article, Sentence
from evals.corruptions.corrupted import MONTHS, NUMBER_WORDS, WEEKDAYS, past_weekday

_PARTICIPLES = {
    verb: verb
    for verb in """sued accused bought acquired hired criticised criticized praised replaced
    charged signed warned urged killed invited supported backed endorsed fired sacked interviewed
    founded banned fined appointed followed launched released announced developed created designed
    published produced introduced approved rejected completed ordered reported discovered
    attacked claimed described directed unveiled cancelled filed won lost made built held
    sold paid told led""".split()
} | {"beat": "beaten", "wrote": "written", "gave": "given", "took": "taken", "saw": "seen"}
_NAME = r"[A-Z][a-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ]{2,})?"
_PHRASE = r"(?:the|a|an|its|his|her|their) (?:[a-z-]+ ){0,3}?[a-z-]+"
_OPENING = rf"(?:{_NAME}|[A-Z]{{2,6}}|The [a-z]+(?: [a-z]+)?|He|She|They|It)"
_ACTIVE = re.compile(
    rf"^(?P<subject>{_OPENING}) (?P<verb>{'|'.join(_PARTICIPLES)}) (?P<object>{_NAME}|{_PHRASE})"
    r"(?P<rest>(?: (?:in|on|at|from|for|after|before|during|last|earlier|with|to|over|by|as|that"
    r"|which|who|after|while|despite|against|of|into|through|because) [^.]*|, [^.]*)?\.)$"
)
_PASSIVE = re.compile(
    rf"^(?P<subject>(?:The |A )?[A-Z]?[A-Za-z -]{{3,40}}) (?P<be>was|were) "
    rf"(?P<verb>{'|'.join(v for v in _PARTICIPLES.values() if v in _PARTICIPLES)}) by "
    rf"(?P<agent>(?:the )?{_NAME})(?P<rest>(?: (?:in|on|at|from|for|after|during|last) [^.]*)?\.)$"
)
_SAID = {
    "said": ["stated", "noted", "added", "explained"], "says": ["states", "notes", "adds"],
    "announced": ["said", "revealed", "stated"], "stated": ["said", "noted"],
    "added": ["said", "noted"], "explained": ["said", "stated"], "noted": ["said", "stated"],
    "reported": ["said", "stated"], "wrote": ["said", "stated"], "claimed": ["said", "insisted"],
}  # fmt: skip
_CONTRACTIONS = {
    "is not": "isn’t", "are not": "aren’t", "was not": "wasn’t", "were not": "weren’t",
    "do not": "don’t", "does not": "doesn’t", "did not": "didn’t", "has not": "hasn’t",
    "have not": "haven’t", "will not": "won’t", "would not": "wouldn’t", "cannot": "can’t",
    "could not": "couldn’t", "should not": "shouldn’t", "it is": "it’s", "they are": "they’re",
    "we are": "we’re", "that is": "that’s", "there is": "there’s", "they have": "they’ve",
}  # fmt: skip
_FULL = {short: long for long, short in _CONTRACTIONS.items() if not short.endswith("’s")}


def verbatim(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """The sentence itself."""
    return sentence.text


def other_voice(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Active made passive or the other way round, in a simple clause."""
    text = sentence.text
    match = _ACTIVE.match(text)
    if match:
        thing = match["object"]
        last = thing.split()[-1]
        if (
            match["verb"] in ("announced", "reported", "said", "told", "made")
            and thing[0].isupper()
        ):
            return None
        subject = {"He": "him", "She": "her", "They": "them", "It": "it"}.get(
            match["subject"], match["subject"]
        )
        subject = "t" + subject[1:] if subject.startswith("The ") else subject
        be = "were" if last.endswith("s") and not last[0].isupper() else "was"
        verb = _PARTICIPLES[match["verb"]]
        opening = thing[0].upper() + thing[1:]
        return f"{opening} {be} {verb} by {subject}{match['rest']}"
    match = _PASSIVE.match(text)
    if match and " " not in match["verb"]:
        subject = match["subject"]
        if subject.split()[0] in ("The", "A"):
            subject = subject[0].lower() + subject[1:]
        agent = match["agent"][0].upper() + match["agent"][1:]
        return f"{agent} {match['verb']} {subject}{match['rest']}"
    return None


def reporting_verb(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Another verb of saying."""
    pattern = r"\b(" + "|".join(_SAID) + r")\b(?! to\b| for\b| by\b)"
    matches = [m for m in re.finditer(pattern, sentence.text) if not _quoted(sentence.text, m)]
    if not matches:
        return None
    match = rng.choice(matches)
    if match.group() == "added" and not re.match(r"\.|,| that|$", sentence.text[match.end() :]):
        return None
    new = rng.choice(_SAID[match.group()])
    return sentence.text[: match.start()] + new + sentence.text[match.end() :]


def _quoted(text: str, match: re.Match[str]) -> bool:
    """Whether the match lies between quotation marks, where no word may be changed."""
    before = text[: match.start()]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


def number_form(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """A number in words for digits or the other way round; per cent, thousands, millions."""
    options: list[str] = []
    text = sentence.text
    rules: list[tuple[str, Callable[[re.Match[str]], str]]] = [
        (r"(?<![\w.,:-])(\d{1,3}),(\d{3})(?![\w,.-])", lambda m: m.group(1) + m.group(2)),
        (r"(?<=\d)%", lambda m: rng.choice([" per cent", " percent"])),
        (r"(?<=\d) (?:per cent|percent)\b", lambda m: "%"),
        (r"(?<=[$£€])(\d+(?:\.\d+)?) million\b", lambda m: m.group(1) + "m"),
        (r"(?<=[$£€])(\d+(?:\.\d+)?) billion\b", lambda m: m.group(1) + "bn"),
        (r"(?<=[$£€\d])(?<!\.)m\b", lambda m: " million"),
        (r"\b(" + "|".join(NUMBER_WORDS) + r")(?= [a-z]{3,}s\b)",
         lambda m: str(NUMBER_WORDS.index(m.group(1)) + 2)),
        (r"(?<![\w.,:$£€-])([2-9]|1[0-2])(?= [a-z]{3,}s\b)",
         lambda m: NUMBER_WORDS[int(m.group(1)) - 2]),
    ]  # fmt: skip
    for pattern, change in rules:
        for match in re.finditer(pattern, text):
            if not _quoted(text, match):
                options.append(text[: match.start()] + change(match) + text[match.end() :])
    return rng.choice(options) if options else None


def pronoun_for_name(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Such as "He" or "She" for the surname that opens the sentence."""
    match = re.match(rf"({_NAME}) (?=[a-z])", sentence.text)
    if match is None:
        return None
    surname = match.group(1).split()[-1]
    if surname not in article.people or match.group(1) not in (surname, article.people[surname]):
        return None
    lower = f" {article.document.text.lower()} "
    pronoun = "She" if lower.count(" she ") > lower.count(" he ") else "He"
    return f"{pronoun} {sentence.text[match.end() :]}"


def name_for_pronoun(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """The only person of the line before for the "He" or "She" that opens the line."""
    line = article.text_of(sentence.line)
    if not re.match(r"(?:He|She) [a-z]", sentence.text) or not line.startswith(sentence.text):
        return None
    before = [text for number, text in article.lines if number < sentence.line][-1:]
    if not before:
        return None
    named = [s for s in article.people if re.search(rf"\b{s}\b", before[0])]
    others = [n for n in re.findall(_NAME, before[0]) if n.split()[-1] not in named]
    if len(named) != 1 or any(len(name.split()) > 1 for name in others):
        return None
    if re.search(rf"\b{named[0]}\b", line):
        return None
    return rng.choice([named[0], article.people[named[0]]]) + sentence.text[
        len(sentence.text.split()[0]) :
    ]  # fmt: skip


def contraction(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Such as "is not" as "isn't" or the other way round."""
    options: list[str] = []
    for table in (_CONTRACTIONS, _FULL):
        for old, new in table.items():
            for match in re.finditer(rf"\b{old}\b", sentence.text.replace("'", "’")):
                if not _quoted(sentence.text, match):
                    options.append(
                        sentence.text[: match.start()] + new + sentence.text[match.end() :]
                    )
    return rng.choice(options) if options else None


def weekday_moved(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Such as "on Monday" at the start of the sentence instead of its end."""
    match = re.search(rf" on ({'|'.join(WEEKDAYS)})\.$", sentence.text)
    if match is None or "“" in sentence.text or '"' in sentence.text:
        return None
    first = sentence.text.split()[0]
    rest = sentence.text[: match.start()]
    if first in ("The", "A", "An", "It", "He", "She", "They", "This"):
        rest = rest[0].lower() + rest[1:]
    elif first not in article.names:
        return None
    return f"On {match.group(1)}, {rest}."


def resolved_weekday(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Such as "on Monday" as the date that it was, by the date of the article."""
    found = past_weekday(article, sentence)
    if found is None:
        return None
    match, day = found
    month = MONTHS[day.month - 1]
    shown = rng.choice(
        [f"{day.day} {month}", f"{month} {day.day}", f"{day.day} {month} {day.year}"]
    )
    return f"{sentence.text[: match.start()]} on {shown}{sentence.text[match.end() :]}"


def attributed(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """The sentence with the publisher of its article as the source."""
    publisher = article.document.publisher
    first = sentence.text.split()[0]
    if not publisher or "(" in publisher:
        return None
    if first in ("The", "A", "An", "It", "He", "She", "They", "This", "In", "On", "After"):
        text = sentence.text[0].lower() + sentence.text[1:]
    elif first in article.names:
        text = sentence.text
    else:
        return None
    opening = rng.choice(
        ["According to {}, ", "{} reported that ", "{} said that ", "{} reports: "]
    )
    return opening.format(publisher) + text


def shortened(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """The sentence without a clause between commas, or without the one at its end."""
    text = sentence.text
    if "“" in text or '"' in text:
        return None
    inner = re.search(r", (?:who|which|where) [^,]{10,90},(?= [a-z])", text)
    if inner:
        return text[: inner.start()] + text[inner.end() :]
    last = re.search(r", (?:which|who|while|as|after|with|where|although|though) [^,]+\.$", text)
    if last and len(text[: last.start()].split()) >= 7:
        return text[: last.start()] + "."
    return None


def joined(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """The sentence and the next one of its line, joined by "and"."""
    of_line = [other.text for other in article.sentences if other.line == sentence.line]
    place = of_line.index(sentence.text)
    if place + 1 >= len(of_line) or len((sentence.text + of_line[place + 1]).split()) > 45:
        return None
    following = of_line[place + 1]
    if sentence.text[-1] != "." or following.split()[0] not in ("The", "It", "He", "She", "They"):
        return None
    return f"{sentence.text[:-1]}, and {following[0].lower()}{following[1:]}"
