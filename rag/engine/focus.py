"""Whom a question is about, and the sentences that have to do with him or her.

What is asked about somebody is answered only by sentences that name him or her, or that go on from
one that does: another person's words are no answer, however well they fit otherwise.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.condensing.antecedents import kind_of
from rag.condensing.parsing import parse
from rag.condensing.vocabulary import ROLES
from rag.index import Index
from rag.schema import Document
from rag.values import plain_letters, read_lexicon
from rag.words import STOP_WORDS

SAYS = (
    r"(?:say|tell|think|reckon|claim|report|describe|call|put|argue|warn|want|feel|make of|react"
    r"|respond|comment|mention|write|explain|suggest|recommend|promise|offer|demand|propose"
    r"|believe|announce|point|criticise|criticize|have to say|have in mind|push|see|view|ask"
    r"|request|wish|hope|fear)"
)
SAID = (
    r"(?:said|says|thinks|thought|reckons|claim(?:s|ed)|describe[sd]|calls|called|puts|argue[sd]"
    r"|warn(?:s|ed)|wants|wanted|feels|felt|react(?:s|ed)|respond(?:s|ed)|comment(?:s|ed)"
    r"|mention(?:s|ed)|writes|wrote|suggest(?:s|ed)|recommend(?:s|ed)|promise[sd]|offer(?:s|ed)"
    r"|demand(?:s|ed)|propose[sd]|believe[sd]|makes|made|point(?:s|ed)|told|raise[sd]"
    r"|ha[ds] to say|was (?:pushing|asking|calling)|push(?:es|ed) for|added|adds|ask(?:s|ed)"
    r"|request(?:s|ed)|hope[sd]|fear(?:s|ed))"
)
# Verbs of the news for what somebody says or makes known of his mind.
_SPEAKS = (
    r"(?:said|says|told|tells|added|adds|argue[sd]|insist(?:s|ed)|warn(?:s|ed)|wrote|writes|asked"
    r"|asks|call(?:s|ed)|describe[sd]|demand(?:s|ed)|welcome[sd]|suggest(?:s|ed)|claim(?:s|ed)"
    r"|recommend(?:s|ed)|believe[sd]|want(?:s|ed)|agree[sd]|denie[sd]|denies|reject(?:s|ed)"
    r"|criticise[sd]|criticize[sd]|praise[sd]|back(?:s|ed)|urge[sd]|announce[sd]|explain(?:s|ed)"
    r"|recall(?:s|ed)|point(?:s|ed)|promise[sd]|pledge[sd]|vow(?:s|ed)|think(?:s)?|thought|feels"
    r"|felt|respond(?:s|ed)|react(?:s|ed)|propose[sd]|admit(?:s|ted)|state[sd]|noted?|notes)"
)
WORDS = (
    r"(?:views?|opinions?|positions?|reactions?|responses?|takes?|stance|arguments?|points?"
    r"|comments?|words|statements?|verdict|criticisms?|remarks?|demands?|recommendations?|message"
    r"|claims?|thoughts|speech|quotes?|concerns?|side)"
)
_ADVERB = r"(?:\w+ly |also |each |then |else |even |ever )*"
_TITLES = r"(?:Sir|Dame|Lord|Lady|Mr|Mrs|Ms|Dr|Prof(?:essor)?)\.?"
_TITLED = re.compile(rf"\b{_TITLES} (?P<given>[^\W\d_]+)", re.IGNORECASE)
_TITLE_AT_END = re.compile(
    rf"(?:{_TITLES}|(?:prime |home |foreign )?(?:{'|'.join(sorted(ROLES))})) $", re.IGNORECASE
)
_ASKED = re.compile(r"\b(?:did|does|do|has|had|would|will|could|can)(?:n['’]?t)?(?: the)? $", re.I)
_AFTER_ASKED = re.compile(rf"^ {_ADVERB}{SAYS}\b", re.IGNORECASE)
_AFTER = re.compile(rf"^(?:['’]s? (?:\w+ )?{WORDS}\b|s? {_ADVERB}{SAID}\b)", re.IGNORECASE)
_BEFORE = re.compile(
    rf"\b(?:acc(?:ording)? to|(?<!['’]s ){WORDS}(?: \w+)? (?:of|by|from)"
    r"|(?:said|made|written|raised) by) (?:\w+ )?$",
    re.IGNORECASE,
)
_LISTED = re.compile(
    rf"^(?:['’]s)?,? (?:and|or|&|vs\.?|versus) (?:{_TITLES} )?(?:\w+ )?$", re.IGNORECASE
)
_COMPARED = re.compile(
    r"\b(?:compar\w*|differ\w*|versus|vs|disagree\w*|contradict\w*|unlike|each)\b", re.IGNORECASE
)
_MAY_ASK = re.compile(
    rf"\b(?:{SAYS}|{SAID}|{WORDS}|acc(?:ording)? to)\b|{_COMPARED.pattern}", re.IGNORECASE
)
# "He said"; of a body "the force added": the sentence goes on from the one before it.
_GOES_ON_OF_PERSON = re.compile(r"\W*(?:he|she|his|her)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    rf"\W*(?:(?:it|they|its|their)\b|the (?:\w+ ){{1,2}}(?:also )?{SAID}\b)", re.IGNORECASE
)
# Somebody named who speaks: "said Prime Minister Rishi Sunak", "Ms Lee, a baker, said".
_CAPITAL = r"(?!(?:He|She|It|They|We|I|You|The|This|That|These|Those|One|And|But|So)\b)[A-Z]\w+"
_NAMED_SPEAKER = re.compile(
    rf"\b{_SPEAKS} (?:\w+ ){{0,3}}?{_CAPITAL}|\b{_CAPITAL}(?:, [^,.;]{{1,80}},)? {_SPEAKS}\b"
)
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
# Small words inside a name that is written out.
_BETWEEN = r"\W+(?:\w{1,3}\W+){0,2}"
_YEAR = re.compile(r"\b(?:18|19|20)\d\d\b")

Spans = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True)
class Focus:
    """What a sentence must have to do with.

    Attributes:
        name: As it is shown.
        pattern: What names it in a sentence. Like the others it is of `plain_letters`.
    """

    name: str
    pattern: re.Pattern[str]

    def names(self, text: str) -> bool:
        """Whether `text` names it."""
        return bool(self.pattern.search(plain_letters(text)))


@dataclass(frozen=True)
class Person(Focus):
    """Somebody whom the articles know, and where the question has the name.

    Attributes:
        speaking: What shows in a sentence that it tells this person's words.
        office: What else names the person in an article that has the name: "the prime minister".
    """

    speaking: re.Pattern[str]
    office: re.Pattern[str] | None
    start: int
    end: int

    def names(self, text: str) -> bool:
        """Whether `text` names the person, or the office."""
        return super().names(text) or self.is_in_office(text)

    def is_in_office(self, text: str) -> bool:
        """Whether `text` names the office."""
        return bool(self.office and self.office.search(plain_letters(text)))

    def speaks(self, text: str) -> bool:
        """Whether `text` tells the person's words."""
        return bool(self.speaking.search(plain_letters(text)))


def may_ask_for_words(question: str) -> bool:
    """Whether a question may ask what somebody says; spares the others the reading of names."""
    return bool(_MAY_ASK.search(question))


def find_people(question: str, documents: Iterable[Document]) -> list[Person]:
    """The persons of `documents` whom `question` names, in order.

    By the last name, or by a title with the given name: "Sir Mark".
    """
    question = plain_letters(question)
    asked = set(_asked_words(question))
    titled = {match["given"].lower() for match in _TITLED.finditer(question)}
    lexicons = [read_lexicon(document.text) for document in documents]
    names = {name.words: name.text for lexicon in lexicons for name in lexicon.names}
    known = {last for lexicon in lexicons for last in asked & lexicon.people}
    known -= {word for lexicon in lexicons for word in known & lexicon.small}
    by_title = {words[-1] for words in names if len(words) > 1 and words[-2] in titled}
    given_names = {words[-2] for words in names if len(words) > 1 and words[-1] in known | by_title}
    people = []
    for last in sorted((known | by_title) - given_names):
        own = [words for words in names if words[-1] == last]
        whole = max(own, key=lambda words: (len(words) == 2, len(words)))
        given = whole[-2] if len(whole) > 1 else ""
        forms = [rf"(?:{given} )?{last}(?=s?\b)", *([rf"{_TITLES} {given}\b"] if given else [])]
        match = re.search(rf"\b(?:{'|'.join(forms)})", question, re.IGNORECASE)
        if match:
            naming = _naming(last, given)
            people.append(Person(
                names[whole], re.compile(naming), _speaking(naming),
                _office({words: names[words] for words in own}, whole), *match.span(),
            ))  # fmt: skip
    return sorted(people, key=lambda person: person.start)


def find_bodies(question: str, documents: Iterable[Document]) -> list[Person]:
    """The organisations and the like of `documents` that `question` names, in order.

    A body has words of its own as a person has, but goes by other names too ("the force").
    """
    question = plain_letters(question)
    asked = _asked_words(question)
    lexicons = [read_lexicon(document.text) for document in documents]
    sizes = {len(name.words) for lexicon in lexicons for name in lexicon.names}
    runs = {tuple(asked[k : k + size]) for size in sizes for k in range(len(asked))}
    found: dict[tuple[str, ...], str] = {}
    for lexicon in lexicons:
        for name in lexicon.names:
            words = name.words
            ordinary = len(words) == 1 and any(words[0] in known.small for known in lexicons)
            if words in runs and not ordinary:
                found.setdefault(words, name.text)
    bodies = []
    for names, shown in found.items():
        written = r"\W+".join(map(re.escape, names))
        match = re.search(written, question, re.IGNORECASE)
        longer = any(set(names) < set(other) for other in found)
        if match and not longer:
            naming = rf"\b(?=[^\W\d_a-z])(?i:{written})\b"
            pattern = re.compile(naming)
            bodies.append(Person(shown, pattern, _speaking(naming), None, *match.span()))
    return sorted(bodies, key=lambda body: body.start)


def _asked_words(question: str) -> list[str]:
    """The words of a question in small letters, without "'s"."""
    return [word.lower().removesuffix("'s") for word in _WORD.findall(question)]


def _naming(last: str, given: str) -> str:
    """What names a person: the last name with a capital, or a title with the given name."""
    by_last = rf"\b(?=[^\W\d_a-z])(?i:{re.escape(last)})\b"
    by_given = rf"|\b{_TITLES} (?i:{re.escape(given)})\b" if given else ""
    return rf"(?:{by_last}{by_given})"


def _speaking(naming: str) -> re.Pattern[str]:
    return re.compile(
        rf"{naming}(?:,|, [^,.;]{{1,80}},)? (?:\w+ ){{0,2}}{_SPEAKS}\b"
        rf"|\b{_SPEAKS} (?:\w+ ){{0,2}}{naming}"
        rf"|\b(?:according to|words of|(?:said|told|written|letter) (?:by|from))"
        rf" (?:\w+ ){{0,3}}{naming}"
        rf"|{naming}['’]s? (?:\w+ )?{WORDS}\b|{naming}.*\b(?:he|she) {_SPEAKS}\b"
    )


def _office(names: Mapping[tuple[str, ...], str], whole: tuple[str, ...]) -> re.Pattern[str] | None:
    """The office that stands before the whole name somewhere: "Prime Minister Rishi Sunak"."""
    for words in names:
        before = words[: -len(whole)]
        if len(whole) > 1 and words[-len(whole) :] == whole and before and before[-1] in ROLES:
            office = re.escape(" ".join(before))
            return re.compile(rf"\b[Tt]he {office}\b(?!['’])", re.IGNORECASE)
    return None


def speakers(question: str, people: Sequence[Person]) -> list[Person]:
    """Those of `people` whose words `question` asks for, or whom it sets side by side.

    Example: "what did Babu say about Rowley?" -> Babu
    """
    if len(people) > 1 and _COMPARED.search(question):
        return list(people)
    lists: list[list[Person]] = []
    for person in people:
        between = question[lists[-1][-1].end : person.start] if lists else ""
        if lists and _LISTED.match(between):
            lists[-1].append(person)
        else:
            lists.append([person])
    return [person for listed in lists if _speak(question, listed) for person in listed]


def _speak(question: str, listed: Sequence[Person]) -> bool:
    """Whether the words around a list of persons make them speakers."""
    before, after = question[: listed[0].start], question[listed[-1].end :]
    asked = _ASKED.search(_TITLE_AT_END.sub("", before)) and _AFTER_ASKED.match(after)
    return bool(asked or _AFTER.match(after) or _BEFORE.search(before))


def focus_of(new_words: str, documents: Sequence[Document]) -> Focus | None:
    """What a follow-up of a few words must be answered with: a person, a name, or a year.

    None when its words may stand in another form: "the army" may be "troops".

    Example: "and in 2015?" -> the year 2015; "what about Greater Manchester" -> Manchester
    """
    people = find_people(new_words, documents)
    if people:
        return people[0]
    new_words = plain_letters(new_words)
    years = _YEAR.findall(new_words)
    if years:
        return Focus(years[0], re.compile(rf"\b{years[0]}\b"))
    lexicons = [read_lexicon(document.text) for document in documents]
    words = [word.lower() for word in _WORD.findall(new_words)]
    names = [
        word for word in words
        if word not in STOP_WORDS and any(word in known.capitals for known in lexicons)
        and not any(word in known.small for known in lexicons)
    ]  # fmt: skip
    if not names:
        return None
    forms = "".join(rf"(?=.*\b{re.escape(name)}\b)" for name in names)
    acronyms = [
        long for known in lexicons for short, long in known.acronyms.items() if short in names
    ]
    written_out = "".join(rf"|.*\b{_BETWEEN.join(map(re.escape, long))}\b" for long in acronyms)
    return Focus(" ".join(names), re.compile(rf"^(?:{forms}{written_out})", re.I | re.S))


def spans_about(
    focus: Focus, document_ids: Collection[str], index: Index, *, spoken: bool = False
) -> Spans:
    """The sentences of these documents that have to do with `focus`, as spans of offsets.

    Args:
        focus: What they must have to do with.
        document_ids: Where to look.
        index: Where the documents are.
        spoken: Only those that tell a person's words, where there are any.
    """
    if spoken and isinstance(focus, Person):
        found = _spans(focus, focus.speaking, document_ids, index)
        if found:
            return found
    return _spans(focus, focus.pattern, document_ids, index)


def _spans(
    focus: Focus, pattern: re.Pattern[str], document_ids: Collection[str], index: Index
) -> Spans:
    spans: Spans = {}
    for document_id in document_ids:
        document = index.document(document_id)
        plain = plain_letters(document.text)
        office = focus.office if isinstance(focus, Person) else None
        if office is not None and not focus.pattern.search(plain):
            office = None  # it may be another one's there
        found: list[tuple[int, int]] = []
        of_person = isinstance(focus, Person)
        goes_on = _GOES_ON_OF_PERSON if of_person else _GOES_ON
        for start, end in index.sentences(document_id)[0].tolist():
            text = plain[start:end]
            named = pattern.search(text) or (office is not None and office.search(text))
            if named or (
                found
                and _goes_on(document, found[-1], (start, end), goes_on)
                and not (of_person and _NAMED_SPEAKER.search(text))
            ):
                found.append((start, end))
        if found:
            spans[document_id] = found
    return spans


def _goes_on(
    document: Document, before: tuple[int, int], span: tuple[int, int], words: re.Pattern[str]
) -> bool:
    """Whether a sentence goes on from the one right before it: on its line, or with "he"."""
    if document.text[before[1] : span[0]].strip():
        return False
    same_line = document.line_at(before[1] - 1) == document.line_at(span[0])
    return same_line or bool(words.match(document.text[slice(*span)]))


def unknown_speaker(question: str, new_words: str, index: Index) -> str:
    """The name whose words `question` asks for, or that `new_words` is, if no article has it.

    Example: "what did Keir Starmer say?" -> "Keir Starmer", when nothing is told of him
    """
    frame = parse(question)
    asked = frame.subject if _AFTER_ASKED.match(f" {frame.text(frame.subject_end)}") else new_words
    words = _WORD.findall(asked)
    if words[:1] and words[0].lower() == "the":  # an office, which goes by many names
        return ""
    unknown = set(index.unknown_words(asked)) - set(index.correct_spelling(asked))
    capital = all(word[:1].isupper() for word in words if word.lower() not in ("the", "of", "and"))
    named = capital or (len(words) > 1 and kind_of(asked) == "person")
    return asked if words and named and words[-1].lower() in unknown else ""
