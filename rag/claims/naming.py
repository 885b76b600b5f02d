"""Whether the names of a claim stand in the cited lines, or in the document for what they refer to.

A name that is not in the lines word for word is accepted only when one of these rules holds:

1. acronym: the lines have its long form, or the other way round ("MACA", "MoD");
2. full name: the lines have the surname (or "Sir Mark"), the document has the full name;
3. short form: "Met" and "Metropolitan", when both are words of the document;
4. country: "UK" and "British";
5. role: "Prime Minister" before "Rishi Sunak" when the document has these words beside his name;
6. pronoun: the lines have more pronouns ("he", "the force") than the claim, and the name is the
   first or the last one in the nearest line before that names anybody, or is in the title;
7. publisher or author of the document, beside a reporting word or "according to".
"""

from collections.abc import Sequence
from functools import lru_cache

from rag.claims.lines import CitedLines, Source
from rag.claims.vocabulary import REPORTING
from rag.schema import Document
from rag.values import Lexicon, Name, long_form, read_lexicon, read_names, tokenize

_COUNTRIES = """
uk britain british briton britons kingdom united gb
us usa america american americans states united
eu european europe union
france french
germany german germans
china chinese
russia russian russians
israel israeli israelis
india indian indians
japan japanese
spain spanish
italy italian italians
ireland irish
scotland scottish scots
wales welsh
england english
canada canadian canadians
australia australian australians
ukraine ukrainian ukrainians
london londoners londoner
"""
PEOPLES = [frozenset(line.split()) for line in _COUNTRIES.strip().splitlines()]
_HE = frozenset("he him his himself".split())
_SHE = frozenset("she her hers herself".split())
_OTHER = frozenset("it its itself they them their theirs we our us".split())
_GENERIC = frozenset(
    """force company firm club team ministry government group organisation organization department
    agency party band league court bank charity union federation commission committee council
    body association police service app platform brand studio broadcaster retailer""".split()
)
_GENERIC_PERSON = frozenset(
    """minister president secretary chief commissioner officer spokesman spokeswoman singer actor
    actress director player striker manager coach captain quarterback star founder chairman author
    lawyer prosecutor judge leader suspect defendant boss mayor senator""".split()
)
_HE_TITLES = frozenset("mr sir lord king prince".split())
_SHE_TITLES = frozenset("mrs ms miss dame lady queen princess".split())


def name_problem(claim: str, source: Source) -> str | None:
    """A name of the claim that the lines do not hold and that no rule accepts."""
    known = _joined_lexicon(source)
    for name in read_names(claim, known):
        missing = [word for word in name.words if not _present(word, source)]
        if missing and not _accepted(name, missing, claim, source):
            return f'the cited lines do not name "{name.text}"'
        if not missing and _mixed(name, source):
            return f'the article does not know "{name.text}"'
        if _wrong_title(name, source):
            return f'the article does not call anybody "{name.text}"'
    return None


def _joined_lexicon(source: Source) -> Lexicon:
    """What all cited documents and their titles tell about names."""
    lexicons = source.lexicons
    if len(lexicons) == 1:
        return lexicons[0]
    return Lexicon(
        frozenset().union(*(lexicon.capitals for lexicon in lexicons)),
        frozenset().union(*(lexicon.small for lexicon in lexicons)),
        tuple(name for lexicon in lexicons for name in lexicon.names),
        {key: value for lexicon in lexicons for key, value in lexicon.acronyms.items()},
        frozenset().union(*(lexicon.people for lexicon in lexicons)),
    )


def _present(word: str, source: Source) -> bool:
    """Whether a word of a name is in the lines, by itself or by rules 3 and 4."""
    if word in source.bases or f"{word}s" in source.bases or word.removesuffix("s") in source.bases:
        return True
    if any(word in people and people & source.bases - {"united"} for people in PEOPLES):
        return True
    return len(word) >= 3 and any(_short_form(word, name, source) for name in source.names)


def _short_form(word: str, name: Name, source: Source) -> bool:
    """Rule 3: one is the start of the other, and the document has both with a capital letter."""
    return any(
        len(other) >= 3
        and other[0] == word[0]
        and (other.startswith(word) or word.startswith(other))
        and abs(len(other) - len(word)) >= 3
        and any({word, other} <= lexicon.capitals for lexicon in source.lexicons)
        for other in name.words
    )


def _accepted(name: Name, missing: Sequence[str], claim: str, source: Source) -> bool:
    return (
        _by_acronym(name, source)
        or _by_full_name(name, source)
        or _by_role(name, missing, source)
        or _by_metadata(name, claim, source)
        or any(_by_pronoun(name, claim, lines) for lines in source.cited)
    )


def _by_acronym(name: Name, source: Source) -> bool:
    """Rule 1."""
    bases = [token.base for token in source.tokens]
    if len(name.words) == 1:
        acronym = name.words[0]
        for lexicon in source.lexicons:
            words = lexicon.acronyms.get(acronym)
            if words and set(words) <= source.bases:
                return True
        return _spelled_out(acronym, bases)
    wanted = [token.base for token in tokenize(name.text) if token.is_word]
    return any(
        token.text[:1].isupper() and len(token.base) >= 2 and token.text[-1:].isupper()
        and (set(name.words) <= set(known.get(token.base, ())) or long_form(wanted, token.base))
        for token in source.tokens
        for known in [_acronyms_of(source)]
    )  # fmt: skip


def _acronyms_of(source: Source) -> dict[str, tuple[str, ...]]:
    return {key: value for lexicon in source.lexicons for key, value in lexicon.acronyms.items()}


def _spelled_out(acronym: str, bases: Sequence[str]) -> bool:
    """Whether words that follow each other spell the acronym: "ministry of defence", "mod"."""
    if not 3 <= len(acronym) <= 8:
        return False
    with_of = [b for b in bases if b.isalpha()]
    for skipped in (frozenset(), frozenset({"of", "the", "for", "and", "to"})):
        letters = "".join(base[0] for base in with_of if base not in skipped)
        if acronym in letters and skipped == frozenset():
            return True
        if acronym in letters:
            return True
    return False


def _by_full_name(name: Name, source: Source) -> bool:
    """Rule 2; of an organisation the lines must have a shorter name of its own ("Delta")."""
    if not any(lexicon.has_name(name.words) for lexicon in source.lexicons):
        return False
    people = frozenset().union(*(lexicon.people for lexicon in source.lexicons))
    if name.words[-1] in people:
        if name.words[-1] in source.bases:
            return True
        firsts = {
            whole.words[-2]
            for lexicon in source.lexicons
            for whole in lexicon.names
            if len(whole.words) > 1 and whole.words[-1] == name.words[-1]
        }
        return any(given.title and given.words[-1] in firsts for given in source.names)
    return any(
        given.words[0] == name.words[0] and len(given.words) < len(name.words)
        for given in source.names
    )


def _by_role(name: Name, missing: Sequence[str], source: Source) -> bool:
    """Rule 5: the missing words are common words that stand beside the name in the document."""
    present = [word for word in name.words if word not in missing]
    if not present:
        return False
    if len(present) > 1 and not any(lex.has_name(present[-2:]) for lex in source.lexicons):
        return False
    for document, lexicon in zip(source.documents, source.lexicons, strict=True):
        rest = [word for word in missing if word not in beside(document.text, present[-1])]
        full = [word for word in missing if word not in lexicon.small]
        if not rest and (not full or lexicon.has_name([*full, present[-1]])):
            return True
    return False


@lru_cache(maxsize=2048)
def beside(text: str, word: str) -> frozenset[str]:
    """The words of `text` at most eight words away from `word`."""
    bases = [token.base for token in tokenize(text)]
    found: set[str] = set()
    for place, base in enumerate(bases):
        if base == word:
            found.update(bases[max(place - 8, 0) : place + 9])
    return frozenset(found)


def _by_metadata(name: Name, claim: str, source: Source) -> bool:
    """Rule 7."""
    tokens = tokenize(claim)
    places = [k for k, token in enumerate(tokens) if name.start <= token.start < name.end]
    around = {t.base for t in tokens[max(places[0] - 4, 0) : places[-1] + 5]}
    if not around & (REPORTING | {"article", "reports", "newspaper", "byline", "from"}):
        return False
    for document in source.documents:
        metadata = f"{document.publisher or ''} {document.author or ''}"
        if set(name.words) <= {token.base for token in tokenize(metadata)}:
            return True
    return False


def _by_pronoun(name: Name, claim: str, lines: CitedLines) -> bool:
    """Rule 6."""
    document = lines.document
    said = [token.base for token in tokenize(lines.text)]
    repeated = [token.base for token in tokenize(claim)]
    title = next((n.title for n in _document_names(document) if _same(n, name) and n.title), None)
    kinds = [_HE] * (title not in _SHE_TITLES) + [_SHE] * (title not in _HE_TITLES)
    person = any(name.words[-1] in lexicon.people for lexicon in [read_lexicon(document.text)])
    kinds += [_GENERIC_PERSON] if person else [_OTHER, _GENERIC]
    if not any(
        sum(base in kind for base in said) > sum(base in kind for base in repeated)
        for kind in kinds
    ):
        return False
    return any(_same(before, name) for before in _antecedents(lines, person=person))


def _same(one: Name, other: Name) -> bool:
    """Whether two names can be of one bearer: the same last word, or one part of the other."""
    return one.words[-1] == other.words[-1] or set(other.words) <= set(one.words)


def _document_names(document: Document) -> tuple[Name, ...]:
    return read_lexicon(document.text).names


def _antecedents(lines: CitedLines, *, person: bool) -> list[Name]:
    """First and last name of the nearest line before that has one, and the names of the title."""
    document = lines.document
    lexicon = read_lexicon(document.text)
    found: list[Name] = []
    line = lines.first_line - 1
    while line >= 1 and not found and lines.first_line - line <= 6:
        if line not in document.boilerplate:
            names = read_names(document.lines(line, line), lexicon)
            wanted = [n for n in names if (n.words[-1] in lexicon.people) == person]
            found = [wanted[0], wanted[-1]] if wanted else []
        line -= 1
    return found + read_names(document.title or "", lexicon)


def _mixed(name: Name, source: Source) -> bool:
    """Whether it is one person's first name with another one's surname."""
    if len(name.words) != 2:
        return False
    first, last = name.words
    for lexicon in source.lexicons:
        if lexicon.has_name(name.words):
            return False
    firsts = {n.words[0] for lex in source.lexicons for n in lex.names if len(n.words) == 2}
    lasts = {n.words[1] for lex in source.lexicons for n in lex.names if len(n.words) == 2}
    small = frozenset().union(*(lexicon.small for lexicon in source.lexicons))
    return first in firsts and last in lasts and not {first, last} & small


def _wrong_title(name: Name, source: Source) -> bool:
    """Whether "Mr" stands before somebody whom the documents call "Ms", or the other way round."""
    for ours, theirs in ((_HE_TITLES, _SHE_TITLES), (_SHE_TITLES, _HE_TITLES)):
        if name.title in ours:
            titles = {n.title for lex in source.lexicons for n in lex.names if _same(n, name)}
            return bool(titles & theirs) and not titles & ours
    return False
