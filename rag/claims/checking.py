"""A claim and cited lines -> whether the lines support it, and if not, why.

In this order: (1) the claim is a sentence that can be checked; (2) whole sentences of the lines
support themselves; (3) quoted phrases, numbers, dates and names; (4) denial, direction and
certainty; (5) enough of the words, in every part; (6) what a near copy changes; (7) who did what.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.claims.attribution import without_attribution
from rag.claims.certainty import certainty_problem
from rag.claims.content import content_problem
from rag.claims.copying import copying_problem
from rag.claims.denials import direction_problem, negation_problem
from rag.claims.figures import date_problem, number_problem, quote_problem
from rag.claims.lines import CitedLines, Source
from rag.claims.naming import name_problem
from rag.claims.order import order_problem
from rag.claims.roles import role_problem
from rag.sentences import split_sentences
from rag.values import tokenize

# A statement is a sentence or two; a longer one is compared word for word only.
MAX_CLAIM_CHARS = 3_000
MAX_CANDIDATES = 12
_MAX_REASON = 160

_MARKUP = re.compile(r"</?[a-zA-Z!][^<>]{0,200}>|```|\{\{|\]\(|javascript:|\[/?INST\]|<\|")
_META = re.compile(
    r"\b(?:as an? (?:ai|(?:ai |large |ai large )?language model|(?:ai )?assistant|ai model),"
    r"|i(?: am|'m) an? (?:ai|language model|assistant)|as requested"
    r"|(?:ignore|disregard) (?:all |any |the |my |your )?(?:previous|prior|above)"
    r"|system prompt|the (?:provided|given) (?:sources|context|documents|text|passages)"
    r"|here (?:is|are) (?:the|a|your) (?:answer|summary|response)|let me know if|i hope this helps"
    r"|based on the (?:sources|context|documents|information|text|passages))\b",
    re.IGNORECASE,
)
_APOLOGY = re.compile(
    r"\W*(?:unfortunately,? |sorry,? )?i(?:'m| am)? "
    r"(?:cannot|can't|can not|unable to|sorry|apologi)",
    re.IGNORECASE,
)
_CHECKS: tuple[Callable[[str, Source], str | None], ...] = (
    quote_problem, number_problem, date_problem, name_problem, negation_problem,
    direction_problem, certainty_problem, order_problem, content_problem, copying_problem,
    role_problem,
)  # fmt: skip


@dataclass(frozen=True)
class ClaimCheck:
    """Whether cited lines support a claim; `reason` tells the reader why not."""

    supported: bool
    reason: str | None


def check_claim(claim: str, cited: Sequence[CitedLines]) -> ClaimCheck:
    """Whether the lines say what the claim says.

    Args:
        claim: A sentence or two, without citation marks.
        cited: The lines that it cites; together they must say all of it.

    Raises:
        ValueError: When a document has no such lines.

    Example: "Up to 400 left.", the line "Up to 300 left." -> no, 'the cited lines do not say "400"'
    """
    problem = _problem(claim, cited)
    return ClaimCheck(problem is None, problem)


def _problem(claim: str, cited: Sequence[CitedLines]) -> str | None:
    if not any(char.isalnum() for char in claim[:MAX_CLAIM_CHARS]):
        return "there is nothing to check"
    if not any(lines.text.strip() for lines in cited):
        return "no lines are cited"
    if _stands_in(claim, cited):
        return None
    unfit = _unfit(claim)
    if unfit is not None:
        return unfit
    source = Source(cited)
    shorter = without_attribution(claim, source.documents)
    if shorter != claim:
        claim = shorter
        if _stands_in(shorter[0].upper() + shorter[1:], cited):
            return None
    for check in _CHECKS:
        problem = check(claim, source)
        if problem is not None:
            return problem if len(problem) <= _MAX_REASON else f"{problem[: _MAX_REASON - 1]}…"
    return None


def _unfit(claim: str) -> str | None:
    """Why a text is no statement that could be compared with lines."""
    if len(claim) > MAX_CLAIM_CHARS:
        return "the statement is too long to be checked"
    if _MARKUP.search(claim):
        return "the statement holds markup"
    straight = claim.replace("’", "'")
    if _META.search(straight) or _APOLOGY.match(straight):
        return "the statement is not about the articles"
    return None


def _stands_in(claim: str, cited: Sequence[CitedLines]) -> bool:
    """Whether the claim is made of whole sentences, or whole lines, of the cited lines."""
    if len(claim) > 2 * sum(len(lines.text) for lines in cited) + 100:
        return False
    held: set[str] = set()
    for text in (line for lines in cited for line in lines.text.split("\n")):
        held.add(_folded(text))
        held.update(_folded(text[start:end]) for start, end in split_sentences(text))
    if _folded(claim) in held:
        return True
    return all(_folded(claim[start:end]) in held for start, end in split_sentences(claim))


def _folded(text: str) -> str:
    """`text` with single spaces and plain quotation marks, without a full stop at the end."""
    plain = unicodedata.normalize("NFC", text).translate(_QUOTES)
    return " ".join(plain.split()).rstrip(".")


_QUOTES = str.maketrans("‘’“”", "''\"\"")


def find_support(claim: str, shown: Sequence[CitedLines]) -> list[CitedLines]:
    """The smallest set of shown lines that supports the claim; [] when there is none.

    Tried in this order: one line; two neighbouring lines (blank ones between them do not count);
    a line of each of two documents. The most similar lines first.

    Args:
        claim: As for `check_claim`.
        shown: The lines that may be cited.
    """
    if len(claim) > 2 * MAX_CLAIM_CHARS:
        return []
    single = _by_similarity(claim, _single_lines(shown))
    for lines in single[:MAX_CANDIDATES]:
        if check_claim(claim, [lines]).supported:
            return [lines]
    pairs = _by_similarity(claim, _neighbours(shown))
    for lines in pairs[:MAX_CANDIDATES]:
        if check_claim(claim, [lines]).supported:
            return [lines]
    best: dict[str, CitedLines] = {}
    for lines in single:
        best.setdefault(lines.document.document_id, lines)
    leading = list(best.values())[:4]
    for place, one in enumerate(leading):
        for other in leading[place + 1 :]:
            if check_claim(claim, [one, other]).supported:
                return [one, other]
    return []


def _single_lines(shown: Sequence[CitedLines]) -> list[CitedLines]:
    """Each line that is shown and not blank, once, in the order shown."""
    found: dict[tuple[str, int], CitedLines] = {}
    for lines in shown:
        for line in range(lines.first_line, lines.last_line + 1):
            if lines.document.lines(line, line).strip():
                key = (lines.document.document_id, line)
                found.setdefault(key, CitedLines(lines.document, line, line))
    return list(found.values())


def _neighbours(shown: Sequence[CitedLines]) -> list[CitedLines]:
    """Spans of two shown lines of one document with nothing but blank lines between them."""
    lines = sorted(_single_lines(shown), key=lambda one: (one.document.document_id, one.first_line))
    found = []
    for one, two in pairwise(lines):
        if one.document.document_id == two.document.document_id:
            between = one.document.lines(one.last_line, two.first_line).split("\n")[1:-1]
            if not any(line.strip() for line in between):
                found.append(CitedLines(one.document, one.first_line, two.last_line))
    return found


def _by_similarity(claim: str, lines: Sequence[CitedLines]) -> list[CitedLines]:
    """`lines`, those first that share most words with the claim; in their order where equal."""
    wanted = {token.base for token in tokenize(claim)}
    return sorted(
        lines, key=lambda one: -len(wanted & {token.base for token in tokenize(one.text)})
    )
