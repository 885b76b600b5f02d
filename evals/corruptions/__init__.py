"""Makes supported and corrupted statements from the lines of articles, always the same ones.

Half of the documents, by a hash of their id, are held out: nothing is tuned on them.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from evals.corruptions import corrupted, supported
from evals.corruptions.articles import Article, Sentence
from rag import Document

Maker = Callable[[Article, Sentence, Random], str | None]

SUPPORTED: dict[str, Maker] = {
    "verbatim": supported.verbatim,
    "other voice": supported.other_voice,
    "other reporting verb": supported.reporting_verb,
    "other form of a number": supported.number_form,
    "pronoun for a name": supported.pronoun_for_name,
    "name for a pronoun": supported.name_for_pronoun,
    "contraction": supported.contraction,
    "weekday first": supported.weekday_moved,
    "weekday as a date": supported.resolved_weekday,
    "named publisher": supported.attributed,
    "clause left out": supported.shortened,
    "two sentences joined": supported.joined,
}
CORRUPTED: dict[str, Maker] = {
    "another number": corrupted.another_number,
    "another name": corrupted.another_name,
    "another date": corrupted.another_date,
    "dropped negation": corrupted.dropped_negation,
    "added negation": corrupted.added_negation,
    "swapped who-did-what": corrupted.swapped_roles,
    "two facts glued": corrupted.glued_facts,
    "invented quote": corrupted.invented_quote,
}
WRONG_LINE = "wrong line cited"
# Applied to every second sentence before it is corrupted, so that not all are near copies.
REWORDED: tuple[Maker, ...] = (
    supported.shortened, supported.reporting_verb, supported.contraction, supported.number_form,
    supported.attributed,
)  # fmt: skip
# Few sentences allow these: more of them from one document are taken.
SCARCE = frozenset({"other voice", "name for a pronoun", "swapped who-did-what", "weekday first"})
KINDS = (*SUPPORTED, *CORRUPTED, WRONG_LINE)


@dataclass(frozen=True)
class Case:
    """A statement, the line that it cites, and whether that line supports it.

    Attributes:
        held_out: Whether the document belongs to the half that nothing is tuned on.
    """

    text: str
    supported: bool
    kind: str
    document: Document
    line: int
    held_out: bool


def is_held_out(document_id: str) -> bool:
    """Whether a document belongs to the held-out half."""
    return hashlib.sha256(document_id.encode()).digest()[0] % 2 == 1


def make_cases(documents: Iterable[Document], *, per_kind: int) -> list[Case]:
    """At most `per_kind` statements of each kind for each half, from as many documents as can be.

    Deterministic: documents and sentences are taken in the order of a hash of their names.
    """
    articles = [Article(document) for document in documents]
    articles.sort(key=lambda article: _order(article.document.document_id))
    counts: dict[tuple[str, bool], int] = {}
    cases: list[Case] = []
    for article in articles:
        held_out = is_held_out(article.document.document_id)
        for kind in KINDS:
            room = per_kind - counts.get((kind, held_out), 0)
            most = 6 if kind in SCARCE else 2
            made = _cases_of(article, kind, held_out=held_out, limit=min(room, most))
            counts[kind, held_out] = counts.get((kind, held_out), 0) + len(made)
            cases.extend(made)
    return cases


def _cases_of(article: Article, kind: str, *, held_out: bool, limit: int) -> list[Case]:
    made: list[Case] = []
    name = article.document.document_id
    for sentence in sorted(article.sentences, key=lambda s: _order(f"{name}{kind}{s.text}")):
        if len(made) >= limit:
            break
        rng = Random(f"{name}:{sentence.line}:{kind}:{sentence.text}")
        text, line = _make(article, sentence, kind, rng)
        if text is not None and (text != sentence.text or kind in ("verbatim", WRONG_LINE)):
            made.append(Case(text, kind in SUPPORTED, kind, article.document, line, held_out))
    return made


def _make(article: Article, sentence: Sentence, kind: str, rng: Random) -> tuple[str | None, int]:
    if kind == WRONG_LINE:
        made = corrupted.wrong_line(article, sentence, rng)
        return made if made is not None else (None, sentence.line)
    if kind in SUPPORTED:
        return SUPPORTED[kind](article, sentence, rng), sentence.line
    base = sentence
    if rng.random() < 0.5:
        made_new = (maker(article, sentence, rng) for maker in REWORDED)
        reworded = next((text for text in made_new if text is not None), None)
        base = Sentence(reworded or sentence.text, sentence.line)
    return CORRUPTED[kind](article, base, rng), sentence.line


def _order(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
