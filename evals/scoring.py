"""Question + response -> what it adds to each metric; a metric that does not apply is left out.

Every metric over questions is a ratio of sums, see `evals.statistics`. The names here are those of
the tables and of the JSON.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from evals.data import GoldLine, Question, Value
from evals.metrics import (
    all_facts,
    any_hit,
    f1,
    fact_recall,
    facts_held,
    holds,
    holds_facts,
    holds_none,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
)
from evals.statistics import Ratio
from evals.systems import Cited, ClaimedValue, Response
from rag import ScoredChunk

# What each metric says, in the order of the tables; all but the last five are better when higher.
METRICS: dict[str, str] = {
    "fact_recall": "facts of the reference answer that the answer holds (150 words)",
    "fact_accuracy": "all of its facts and nothing forbidden",
    "cited_accuracy": "all of its facts, and for each a line that states it is cited",
    "citation_validity": "citations whose lines exist and show the quote",
    "line_hit": "answerable questions for which a supporting line is cited",
    "line_precision": "cited lines that support the answer",
    "line_recall": "supporting lines that are cited",
    "line_f1": "harmonic mean of both",
    "document_precision": "cited documents that support the answer",
    "document_recall": "supporting documents that are cited",
    "document_f1": "harmonic mean of both",
    "disagreement_recall": "values that the sources differ in, stated and cited to a source of it",
    "disagreement_surfaced": "questions with all of these values shown",
    "refusal_precision": "refused questions that have no answer",
    "refusal_recall": "questions without an answer that are refused",
    "refusal_f1": "harmonic mean of both",
    "answerability_auc": "an answerable question has the higher confidence",
    "selective_accuracy": "accuracy averaged over coverage, surest questions first",
    "any_hit@4": "a supporting line among the first 4 chunks",
    "any_hit@10": "a supporting line among the first 10 chunks",
    "fact_recall@10": "facts with a line among the first 10 chunks",
    "all_facts@10": "all facts among the first 10 chunks",
    "mrr@10": "1 / rank of the first chunk that supports",
    "ndcg@10": "ranking of the supporting documents",
    "disagreement_found": "disagreements shown with at least two of the values",
    "date_accuracy": "an answer resolves to the right day or interval",
    "false_alarm": "what only looks different shown as a disagreement",
    "needless_table": "questions on which no sources differ, answered with a disagreement",
    "one_value_only": "only one of the values shown: it was picked in silence",
    "answerable_refused": "answerable questions refused",
    "words": "words of an answer",
}
LOWER_IS_BETTER = frozenset(
    ("false_alarm", "needless_table", "one_value_only", "answerable_refused", "words")
)
# Values that are no ratio of sums: computed from all questions of a run.
WHOLE_RUN = ("answerability_auc", "selective_accuracy")


def score(question: Question, response: Response, corpus_dir: Path) -> dict[str, Ratio]:
    """What `response` adds to the metrics that apply to it."""
    found: dict[str, Ratio] = {}
    if question.answerable and response.found is not None:
        found.update(retrieval_scores(question, response.found))
    if response.answered is None:
        return found
    found.update(refusal_scores(question.answerable, refused=not response.answered))
    if response.answered:
        found["words"] = Ratio(float(len(response.text.split())))
        if response.cited:
            valid = sum(is_valid(cited, corpus_dir) for cited in response.cited)
            found["citation_validity"] = Ratio(valid, len(response.cited))
    if question.answerable:
        found.update(answer_scores(question, response))
    found.update(sources_scores(question, response))
    return found


def answer_scores(question: Question, response: Response) -> dict[str, Ratio]:
    """Facts, citations and values of the answer to an answerable question.

    A refusal has no facts and cites nothing.
    """
    found: dict[str, Ratio] = {}
    text = response.text if response.answered else ""
    cited = cited_lines(response.cited)
    if question.includes:
        right = holds_facts(text, question.includes) and holds_none(text, question.excludes)
        found["fact_recall"] = Ratio(facts_held(text, question.includes))
        found["fact_accuracy"] = Ratio(float(right))
        if question.facts:
            found["cited_accuracy"] = Ratio(float(right and cites_facts(question, cited)))
    if question.facts:
        found.update(_citation_scores("line", cited, question.gold_lines))
        found["line_hit"] = Ratio(float(not cited.isdisjoint(question.gold_lines)))
        documents = {line.path for line in question.gold_lines}
        found.update(_citation_scores("document", {line.path for line in cited}, documents))
    if question.values:
        shown = values_shown(question, response)
        found["disagreement_recall"] = Ratio(sum(shown), len(shown))
        found["disagreement_surfaced"] = Ratio(float(all(shown)))
        found["one_value_only"] = Ratio(float(sum(shown) == 1))
    return found


def refusal_scores(answerable: bool, *, refused: bool) -> dict[str, Ratio]:
    """A refusal is right when the question has no answer."""
    right = float(refused and not answerable)
    found = {"refusal_f1": Ratio(2 * right, float(refused) + float(not answerable))}
    if refused:
        found["refusal_precision"] = Ratio(right)
    if answerable:
        found["answerable_refused"] = Ratio(float(refused))
    else:
        found["refusal_recall"] = Ratio(right)
    return found


def retrieval_scores(question: Question, found: Sequence[ScoredChunk]) -> dict[str, Ratio]:
    """Metrics of the search for an answerable question; none when its evidence is not known."""
    scores: dict[str, Ratio] = {}
    if question.facts:
        ranks = covered_ranks(question, found)
        scores["any_hit@4"] = Ratio(any_hit(ranks, 4))
        scores["any_hit@10"] = Ratio(any_hit(ranks, 10))
        scores["fact_recall@10"] = Ratio(fact_recall(ranks, 10))
        scores["all_facts@10"] = Ratio(all_facts(ranks, 10))
        scores["mrr@10"] = Ratio(reciprocal_rank(ranks, 10))
    if question.graded_documents:
        ranked = list(dict.fromkeys(scored.chunk.path for scored in found))
        scores["ndcg@10"] = Ratio(ndcg(ranked, question.graded_documents, 10))
    return scores


def covered_ranks(question: Question, found: Sequence[ScoredChunk]) -> list[int | None]:
    """For each fact of `question`, the rank of the first chunk that holds one of its lines."""
    return [
        next(
            (
                scored.rank
                for scored in found
                if any(
                    scored.chunk.path == gold.path
                    and scored.chunk.first_line <= gold.line <= scored.chunk.last_line
                    for gold in fact
                )
            ),
            None,
        )
        for fact in question.facts
    ]


def cites_facts(question: Question, cited: set[GoldLine]) -> bool:
    """Whether a line that states it is cited for each fact; for any, where they are not told."""
    facts = [bool(cited.intersection(fact)) for fact in question.facts]
    return all(facts) if question.lines_by_fact else any(facts)


def values_shown(question: Question, response: Response) -> list[bool]:
    """For each value, whether a statement gives it and cites a document that gives it."""
    if not response.answered:
        return [False] * len(question.values)
    return [
        any(
            any(holds(text, alternative) for alternative in value.alternatives)
            and {response.cited[k].path for k in places} & {line.path for line in value.lines}
            for text, places in response.statements
        )
        for value in question.values
    ]


def is_right(question: Question, scores: Mapping[str, Ratio]) -> bool | None:
    """Whether an answer would be right, or its evidence; None where nobody can say."""
    if not question.answerable:
        return False
    for name in ("fact_accuracy", "line_recall"):
        if name in scores:
            return scores[name].numerator > 0
    return None


def cited_lines(cited: Sequence[Cited]) -> set[GoldLine]:
    """Every line of these ranges."""
    return {
        GoldLine(item.path, line)
        for item in cited
        for line in range(item.first_line, item.last_line + 1)
    }


def is_valid(cited: Cited, corpus_dir: Path) -> bool:
    """Whether the file has these lines and they are the quote, as `sed -n` would print them."""
    try:
        lines = file_lines(corpus_dir / cited.path)
    except (OSError, ValueError):
        return False
    shown = lines[cited.first_line - 1 : cited.last_line]
    return (
        1 <= cited.first_line <= cited.last_line <= len(lines) and "\n".join(shown) == cited.quote
    )


def file_lines(file: Path) -> list[str]:
    r"""The lines of a text file as an editor numbers them: "\n", CRLF and CR end one."""
    text = file.read_bytes().decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def sources_scores(question: Question, response: Response) -> dict[str, Ratio]:
    """`disagreement_found` or `false_alarm`, and `date_accuracy`, where they apply."""
    found: dict[str, Ratio] = {}
    if question.differing:
        sides = max((_sides(question, claims) for claims in response.disagreements), default=0)
        name = "disagreement_found" if question.differ else "false_alarm"
        found[name] = Ratio(float(sides >= 2))
    if question.kind == "plain":
        found["needless_table"] = Ratio(float(bool(response.disagreements)))
    if question.days:
        right = any(
            first <= said_first and said_last <= last
            for said_first, said_last in response.days
            for first, last in question.days
        )
        found["date_accuracy"] = Ratio(float(right))
    return found


def _sides(question: Question, claims: Sequence[ClaimedValue]) -> int:
    """How many of the question's values the claims of one disagreement set against each other."""
    return sum(any(_gives(claim, value) for claim in claims) for value in question.differing)


def _gives(claim: ClaimedValue, value: Value) -> bool:
    """Whether a claim is this value: it cites a line that gives it, and words of it if known."""
    cited = {
        GoldLine(item.path, line)
        for item in claim.cited
        for line in range(item.first_line, item.last_line + 1)
    }
    quotes = [item.quote for item in claim.cited]
    return bool(cited & value.lines) and (
        not value.alternatives
        or any(
            holds(text, alternative)
            for text in (claim.value, *quotes)
            for alternative in value.alternatives
        )
    )


def _citation_scores(unit: str, cited: set, gold: set) -> dict[str, Ratio]:  # type: ignore[type-arg]
    """Precision (of what cites anything), recall and F1 of one unit, for one question."""
    share = precision(cited, gold)
    found = {f"{unit}_recall": Ratio(recall(cited, gold)), f"{unit}_f1": Ratio(f1(cited, gold))}
    if share is not None:
        found[f"{unit}_precision"] = Ratio(share)
    return found
