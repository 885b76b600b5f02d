"""Makers of false statements: each returns a statement that the cited line does not support.

A maker returns None where it is not certain that the result is false. The random generator is
seeded by the caller with the document, the line and the kind.
"""

import re
from datetime import date, timedelta
from random import Random

from evals.corruptions.articles import (
    Article,
    Sentence,
    content_words,
    iter_names,
    names_in,
    share_held,
)

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = """January February March April May June July August September October November
December""".split()
NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()

_DIGITS = re.compile(r"(?<![\w.,:/-])\d{1,3}(?:,\d{3})+(?![\w.:/-])|(?<![\w.,:/-])\d+(?![\w:/-])")
_DATE_WORD = re.compile(rf"\b(?:{'|'.join(WEEKDAYS + MONTHS)})\b|\b(?:19|20)\d\d\b(?![\w,%-])")
_NEGATION = re.compile(
    r"\b(?P<aux>is|are|was|were|will|would|has|have|had|can|could|should|do|does|did)"
    r"(?P<not> not|n['’]t)\b(?! (?:only|just|necessarily|all|yet|every|so|even))"
)
_NEVER = re.compile(r" (?:never|no longer) ")
_AUXILIARY = re.compile(r"\b(is|are|was|were|will|has|have|can|should|would) (?=[a-z]{3,})")
_ASYMMETRIC = """told asked beat defeated sued accused bought acquired hired criticised criticized
praised replaced charged signed warned urged thanked blamed attacked killed invited supported backed
endorsed fired sacked interviewed overtook founded owns owned banned fined advised appointed
convinced followed joined helped promised offered gave sold informed reminded paid trails led
surpassed contacted sent caught passed hit trailed chased scored signed drafted traded recruited
employs employed powers powered launched runs leads heads chairs represents represented manages
managed coaches coached defended prosecuted arrested sentenced questioned cited quoted described
called named dubbed rejected approved fought targeted copied mocked slammed encouraged ordered
forced allowed lets let beats sues accuses tells asks wants needs knows saw met's edged outscored
dominated stunned crushed shared pitched pushed pressed stopped""".split()
_VERBS = "|".join(_ASYMMETRIC)
_NAMED = r"(?:(?:Mr|Ms|Mrs|Sir) )?[A-Z][A-Za-zà-ÿ]{2,}(?: [A-Z][a-zà-ÿ]{2,})?"
_SWAP = re.compile(
    rf"(?<![\w’'-])(?<![A-Z][a-z] )(?P<a>{_NAMED})"
    r"(?P<mid>(?:,? who|,? which)? (?:has |had |have |also |later |then |recently |previously )?"
    rf"(?:(?:{_VERBS})|filed (?:a|its) [a-z]+ against|(?:was|were) (?:{_VERBS}) by|"
    r"won against|lost to|moved to [a-z]+ from|a lawsuit against|took over from) "
    r"(?:the |rival |former |his |her |their |its )?(?:[a-z]+ )?)"
    rf"(?P<b>{_NAMED})(?![\w’'-]| [A-Z])"
)
_QUOTED = re.compile(r"[“\"]([^“”\"]{12,120})[”\"]")


def another_number(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """One number replaced by one that the line does not have, in digits or words."""
    line = article.text_of(sentence.line)
    found = [m for m in _DIGITS.finditer(sentence.text) if not _is_year(m.group())]
    words = [m for m in re.finditer(r"\b(?:" + "|".join(NUMBER_WORDS) + r")\b", sentence.text)]
    if not found + words:
        return None
    match = rng.choice(found + words)
    old = match.group()
    for _ in range(20):
        if old in NUMBER_WORDS:
            new = rng.choice(NUMBER_WORDS)
        else:
            elsewhere: list[str] = _DIGITS.findall(article.document.text)
            if rng.random() < 0.5 and elsewhere:  # a number of another line
                new = rng.choice(elsewhere)
                if new != old and not _is_year(new) and not _has_number(line, new):
                    return sentence.text[: match.start()] + new + sentence.text[match.end() :]
                continue
            value = int(old.replace(",", ""))
            changed = max(value + rng.choice([-3, -2, -1, 1, 2, 3, 10, value, 9 * value]), 2)
            new = f"{changed:,}" if "," in old else str(changed)
        if new != old and not _has_number(line, new):
            return sentence.text[: match.start()] + new + sentence.text[match.end() :]
    return None


def _is_year(text: str) -> bool:
    return len(text) == 4 and text[:2] in ("19", "20")


def _has_number(line: str, new: str) -> bool:
    """Whether a line has a number in any of its forms."""
    forms = {new, new.replace(",", "")}
    if new in NUMBER_WORDS:
        forms.add(str(NUMBER_WORDS.index(new) + 2))
    elif new.isdecimal() and 2 <= int(new) <= 12:
        forms.add(NUMBER_WORDS[int(new) - 2])
    held = set(re.findall(r"\d+(?:,\d{3})*|[a-z]+", line.lower()))
    return bool(forms & (held | {word.replace(",", "") for word in held}))


def another_name(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """One name replaced by another of the same article that the line does not hold."""
    line = article.text_of(sentence.line)
    matches = [m for m in iter_names(sentence.text) if article.names[m.group()] >= 1]
    opening = re.match(r"[A-Z][a-zà-ÿ]{2,} [A-Z][a-zà-ÿ]{2,}(?= [a-z])", sentence.text)
    if opening and article.names[opening.group()]:
        matches.append(opening)
    if not matches:
        return None
    match = rng.choice(matches)
    old = match.group()
    others = sorted(
        name
        for name in article.names
        if len(name.split()) == len(old.split())
        and (len(old.split()) > 1 or (name in article.people) == (old in article.people))
        and not _may_be_same(name, old)
        and not any(word in line for word in name.split())
        and not any(_may_be_same(name, held) for held in names_in(line))
    )
    if not others:
        return None
    return sentence.text[: match.start()] + rng.choice(others) + sentence.text[match.end() :]


def _may_be_same(one: str, other: str) -> bool:
    """Whether two names share a word, or the start of one ("Brit", "British")."""
    return any(a[:4] == b[:4] for a in one.split() for b in other.split())


def another_date(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """A weekday, month or year replaced by one that the line does not have."""
    line = article.text_of(sentence.line)
    wrong = _wrong_day(article, sentence, rng)
    if wrong is not None:
        return wrong
    matches = [m for m in _DATE_WORD.finditer(sentence.text) if _is_date(sentence.text, m)]
    if not matches:
        return None
    match = rng.choice(matches)
    old = match.group()
    if old in WEEKDAYS:
        choices = WEEKDAYS
    elif old in MONTHS:
        choices = MONTHS
    else:
        choices = [str(int(old) + step) for step in (-4, -3, -2, -1, 1, 2, 3)]
    choices = [new for new in choices if new != old and new not in line]
    if not choices:
        return None
    return sentence.text[: match.start()] + rng.choice(choices) + sentence.text[match.end() :]


def _wrong_day(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Such as "on Monday" as a date that is not that Monday; half of the time where it can be."""
    found = past_weekday(article, sentence)
    if found is None or rng.random() < 0.5:
        return None
    match, day = found
    day += timedelta(days=rng.choice([-3, -2, -1, 1, 2]))
    if str(day.day) in article.text_of(sentence.line):
        return None
    shown = f" on {day.day} {MONTHS[day.month - 1]}"
    return sentence.text[: match.start()] + shown + sentence.text[match.end() :]


def past_weekday(article: Article, sentence: Sentence) -> tuple[re.Match[str], date] | None:
    """The one " on Monday" of a sentence that tells of the past, and the day that it was."""
    published = article.document.published
    pattern = rf" on ({'|'.join(WEEKDAYS)})(?=[ ,.](?! ?\d| ?[A-Z]|night| night| evening))"
    matches = list(re.finditer(pattern, sentence.text))
    past = re.search(r"\b(?:said|told|was|were|announced|reported|wrote)\b", sentence.text)
    ahead = re.search(
        r"\b(?:will|next|would|due|to be|set|expected|if|plans?|take)\b", sentence.text
    )
    if published is None or len(matches) != 1 or not past or ahead:
        return None
    back = (published.weekday() - WEEKDAYS.index(matches[0].group(1))) % 7
    return matches[0], published - timedelta(days=back)


def _is_date(text: str, match: re.Match[str]) -> bool:
    """Whether a month name that is also a word, or a number, is a date here."""
    before = text[: match.start()].rsplit(" ", 2)[-2:]
    if match.group() in WEEKDAYS:
        return not text[match.end() :].startswith((" Night", " Times"))
    return bool(before) and before[0].lower() in (
        "in", "on", "since", "of", "by", "until", "from", "last", "between", "during", *(
            month.lower() for month in MONTHS)
    )  # fmt: skip


def dropped_negation(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """A "not", "n't", "never" or "no longer" left out."""
    text = sentence.text
    if len(re.findall(r"\b(?:not|no|never|nor|neither|without)\b|n['’]t\b", text)) != 1:
        return None
    match = _NEGATION.search(text)
    if match and match.group() not in ("can’t", "can't", "won’t", "won't"):
        return text[: match.start("not")] + text[match.end("not") :]
    match = _NEVER.search(text)
    return text[: match.start()] + " " + text[match.end() :] if match else None


def added_negation(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """A "not" after the first auxiliary of a sentence that denies nothing."""
    text = sentence.text
    if re.search(r"\b(?:not|no|never|nor|neither|without|hardly)\b|n['’]t\b|\?", text):
        return None
    matches = list(_AUXILIARY.finditer(text))
    if not matches:
        return None
    match = rng.choice(matches)
    return text[: match.end()] + "not " + text[match.end() :]


def swapped_roles(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Subject and object of a verb that is not symmetric, exchanged."""
    match = _SWAP.search(sentence.text)
    if match is None or set(match["a"].split()) & set(match["b"].split()):
        return None
    before = sentence.text[: match.start()].rstrip()
    if before.endswith((" and", " or", ",")) or match["a"] in WEEKDAYS or match["b"] in WEEKDAYS:
        return None
    known = {word for name in article.names for word in name.split()}
    if not all(match[side].split()[-1] in known for side in ("a", "b")):
        return None
    swapped = match["b"] + match["mid"] + match["a"]
    return sentence.text[: match.start()] + swapped + sentence.text[match.end() :]


def wrong_line(article: Article, sentence: Sentence, rng: Random) -> tuple[str, int] | None:
    """A true statement with another line of its article, half of them the most similar one."""
    shares = sorted(
        ((share_held(sentence.text, text), line)
         for line, text in article.lines if line != sentence.line), reverse=True
    )  # fmt: skip
    usable = [(share, line) for share, line in shares if share < 0.5]
    if not usable:
        return None
    return sentence.text, (usable[0] if rng.random() < 0.5 else rng.choice(usable))[1]


def glued_facts(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """The statement and, joined by "and", another one that the line does not hold."""
    line = article.text_of(sentence.line)
    others = [
        other.text
        for other in article.sentences
        if other.line != sentence.line
        and share_held(other.text, line) < 0.4
        and len(content_words(other.text)) >= 6
        and len(other.text.split()) <= 25
        and "“" not in other.text and '"' not in other.text
    ]  # fmt: skip
    if not others or len(sentence.text.split()) > 25 or "”" in sentence.text[-3:]:
        return None
    other = rng.choice(others)
    if other.split()[0].lower() in ("the", "a", "an", "it", "he", "she", "they", "this", "in"):
        other = other[0].lower() + other[1:]
    return sentence.text.rstrip(".") + rng.choice([" and ", ", and ", ", while "]) + other


def invented_quote(article: Article, sentence: Sentence, rng: Random) -> str | None:
    """Quoted words that the line does not have: a changed quote, or one from elsewhere."""
    line = article.text_of(sentence.line)
    match = _QUOTED.search(sentence.text)
    if match and rng.random() < 0.7:
        words = match.group(1).split()
        donors = [word for name, text in article.lines if name != sentence.line
                  for word in text.split() if word.isalpha() and word.islower() and len(word) > 4
                  and word not in line]  # fmt: skip
        places = [k for k, word in enumerate(words) if word.isalpha() and len(word) > 3]
        if not donors or not places:
            return None
        words[rng.choice(places)] = rng.choice(donors)
        return sentence.text[: match.start(1)] + " ".join(words) + sentence.text[match.end(1) :]
    others = [other.text for other in article.sentences if share_held(other.text, line) < 0.4]
    if not others or sentence.text[-1] != ".":
        return None
    words = rng.choice(others).rstrip(".").replace("“", "").replace("”", "").split()
    start = rng.randrange(max(len(words) - 5, 1))
    phrase = " ".join(words[start : start + rng.choice([4, 5, 6])]).strip(",;:\"'")
    if not phrase or phrase in line or len(phrase.split()) < 3:
        return None
    return f"{sentence.text[:-1]}, describing it as “{phrase}”."
