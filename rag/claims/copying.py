"""A claim that copies a sentence of the cited lines but for a few words: what was changed.

1. The sentence of the lines that shares most words with the claim is laid beside it.
2. Where most of the claim is the sentence's, each place that differs is looked at: another name,
   number, weekday, month or year in the place of the sentence's own, or a denial that only one of
   the two has, changes what is said, even when the new word stands elsewhere in the lines.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rag.claims.lines import Source
from rag.claims.naming import PEOPLES, beside
from rag.claims.vocabulary import keys_of
from rag.sentences import split_sentences
from rag.values import (
    DENIALS,
    TITLES,
    Lexicon,
    Token,
    date_agrees,
    date_words,
    is_negation,
    long_form,
    read_dates,
    read_names,
    read_numbers,
    tokenize,
)

# Share of the claim's tokens that must stand in the sentence in the same order.
_COPIED = 0.7
_MAX_TOKENS = 400
_ROLES = frozenset(
    """prime minister home secretary president commissioner chief attorney general chancellor
    foreign mayor governor senator king queen pope ceo chairman speaker leader""".split()
)


def copying_problem(claim: str, source: Source) -> str | None:
    """What a near copy of a sentence changes; None when it is no near copy or changes nothing."""
    for start, end in split_sentences(claim):
        part = claim[start:end]
        sentence = _closest(part, source)
        ours, theirs = tokenize(part)[:_MAX_TOKENS], tokenize(sentence)[:_MAX_TOKENS]
        changes = _changes(ours, theirs)
        if changes is None:
            continue
        problem = _denial_changed(ours, theirs, changes) or _value_changed(
            part, sentence, changes, source
        )
        if problem is not None:
            return problem
    return None


_Change = tuple[Sequence[Token], Sequence[Token]]


def _closest(claim: str, source: Source) -> str:
    """The sentence of the lines that shares most words with the claim."""
    wanted = Counter(token.base for token in tokenize(claim))
    best, most = "", 0.0
    for text in source.sentences:
        tokens = tokenize(text)
        shared = sum((wanted & Counter(token.base for token in tokens)).values())
        score = shared - 0.01 * len(tokens)
        if score > most:
            best, most = text, score
    return best


def _changes(ours: Sequence[Token], theirs: Sequence[Token]) -> list[_Change] | None:
    """The places that differ, as (tokens of the claim, of the sentence); None of no near copy."""
    a, b = [token.base for token in ours], [token.base for token in theirs]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    blocks = matcher.get_matching_blocks()
    if sum(block.size for block in blocks) < _COPIED * len(a):
        return None
    return [
        (ours[i1:i2], theirs[j1:j2])
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def _denial_changed(
    ours: Sequence[Token], theirs: Sequence[Token], changes: Sequence[_Change]
) -> str | None:
    """A negation in the changed places of one of the two only."""
    denied = [token for change, _ in changes for token in _negations(change)]
    given = [token for _, change in changes for token in _negations(change)]
    swapped = [token.base for pair in changes for side in pair for token in side]
    if any(base in DENIALS for base in swapped):
        return None
    # A denial may be left out, or added, together with all that it denies.
    added = [token for token in denied if _goes_on(token, ours, theirs)]
    if len(added) > len(given):
        return f'the cited lines do not deny this ("{added[0].text}")'
    kept = [token for token in given if _goes_on(token, theirs, ours)]
    if len(kept) > len(denied):
        return f'the cited lines say "{kept[0].text}" here'
    return None


def _negations(tokens: Sequence[Token]) -> Iterator[Token]:
    for place, token in enumerate(tokens):
        if is_negation(tokens, place):
            yield token


def _goes_on(token: Token, tokens: Sequence[Token], others: Sequence[Token]) -> bool:
    """Whether the others too have the two words that follow a denial."""
    place = tokens.index(token)
    following = [other.base for other in tokens[place + 1 : place + 3]]
    bases = [other.base for other in others]
    return any(bases[k : k + len(following)] == following for k in range(len(bases)))


def _value_changed(
    claim: str,
    sentence: str,
    changes: Sequence[_Change],
    source: Source,
) -> str | None:
    """Another name, number or date in the place of the sentence's own."""
    lexicon = source.lexicons[0] if source.lexicons else None
    for kind in (
        _Values(_name_words(claim, lexicon), _name_words(sentence, lexicon)),
        _Values(_number_words(claim), _number_words(sentence)),
    ):
        held, said = Counter(kind.theirs.values()), Counter(kind.ours.values())
        for new, old in changes:
            added = [t for t in new if t.start in kind.ours and not held[kind.ours[t.start]]]
            lost = [t for t in old if t.start in kind.theirs
                    and said[kind.theirs[t.start]] < held[kind.theirs[t.start]]]  # fmt: skip
            if added and lost and not (_equivalent(added, lost, source) or _spells(new, old)):
                return f'the cited lines say "{lost[0].text}" here, not "{added[0].text}"'
    return _date_changed(claim, sentence, changes, source)


def _date_changed(
    claim: str, sentence: str, changes: Sequence[_Change], source: Source
) -> str | None:
    """A date in the place of another one from which it does not follow."""
    for document in source.documents:
        ours, theirs = (read_dates(text, document.published) for text in (claim, sentence))
        for new, old in changes:
            added = [m for m in ours if any(m.start <= t.start < m.end for t in new)]
            lost = [m for m in theirs if any(m.start <= t.start < m.end for t in old)]
            if added and lost and not any(date_agrees(a, b) for a in added for b in lost):
                return f'the cited lines say "{lost[0].text}" here, not "{added[0].text}"'
    return None


class _Values:
    """Offset -> value of the words of one kind, in the claim and in the sentence."""

    def __init__(self, ours: dict[int, str], theirs: dict[int, str]) -> None:
        self.ours = ours
        self.theirs = theirs


def _name_words(text: str, lexicon: Lexicon | None) -> dict[int, str]:
    spans = [(name.start, name.end) for name in read_names(text, lexicon)]
    return {
        token.start: token.base
        for token in tokenize(text)
        if token.is_capital
        and token.base not in TITLES
        and any(start <= token.start < end for start, end in spans)
    }


def _number_words(text: str) -> dict[int, str]:
    dated = date_words(text)
    return {
        token.start: f"{number.value:g}"
        for number in read_numbers(text)
        for token in tokenize(text)
        if number.start <= token.start < number.end and token.start not in dated
    }


def _equivalent(added: Sequence[Token], lost: Sequence[Token], source: Source) -> bool:
    """Whether the new words can name the same: parts of one name, an acronym, a short form."""
    new, old = {token.base for token in added}, {token.base for token in lost}
    return all(any(_may_be(a, b, source) for b in old) for a in new) or any(
        one <= _ROLES and one & beside(document.text, word)
        for one, other in ((new, old), (old, new))
        for document in source.documents
        for word in other
    )


def _may_be(new: str, old: str, source: Source) -> bool:
    """Whether one word of a name can stand for another."""
    if keys_of(new) & keys_of(old) or any({new, old} <= people for people in PEOPLES):
        return True
    if new[0] == old[0] and (new.startswith(old[:3]) or old.startswith(new[:3])):
        return True
    return any(
        any({new, old} <= set(name.words) for name in lexicon.names)
        or new in lexicon.acronyms.get(old, ())
        or old in lexicon.acronyms.get(new, ())
        for lexicon in source.lexicons
    )


def _spells(added: Sequence[Token], lost: Sequence[Token]) -> bool:
    """Whether one side is an acronym of the other: "MoD" and "Ministry of Defence"."""
    return any(
        token.text[-1:].isupper()
        and token.is_word
        and _holds_long_form([other.base for other in long if other.is_word], token.base)
        for short, long in ((added, lost), (lost, added))
        for token in short
    )


def _holds_long_form(words: Sequence[str], acronym: str) -> bool:
    """Whether words that follow each other have these initials, small words counted or not."""
    ends = range(1, len(words) + 1)
    return acronym in "".join(word[0] for word in words) or any(
        long_form(words[:end], acronym) for end in ends
    )
