"""Votes as questions for the evals, in the form of `evals/datasets/questions.jsonl`.

An answer that was voted up gives its cited lines as gold and its statements as facts; a person
confirms them, shortening each fact to the words that matter. One that was voted down gives the
question and what was wrong; what is right is for a person to find.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rag.feedback.store import Feedback

TO_CONFIRM = "to be confirmed"


def export_rows(votes: Iterable[Feedback]) -> list[dict[str, Any]]:
    """A row for each vote, oldest first; of equal questions with equal votes, only the last.

    Rows of votes down have no "answerable", no facts and no gold lines.
    """
    last = {(vote.question, vote.history, vote.vote): vote for vote in votes}
    return [_row(vote) for vote in sorted(last.values(), key=lambda vote: vote.number)]


def _row(vote: Feedback) -> dict[str, Any]:
    question_id = _question_id(vote)
    row: dict[str, Any] = {"id": question_id}
    if vote.vote == "up":
        row["type"] = _type(vote)
    row |= {"split": _split(question_id), "question": vote.question}
    if vote.history:
        row["history"] = list(vote.history)
    if vote.vote == "up":
        row |= _gold(vote.answer)
    return row | {"note": _note(vote)}


def _question_id(vote: Feedback) -> str:
    """An id that no other vote has, in this file or another."""
    name = f"{vote.time}\n{vote.number}\n{vote.question}"
    return f"f{hashlib.sha256(name.encode()).hexdigest()[:10]}"


def _split(question_id: str) -> str:
    """The half of a question, by the hash of its id, as the evals tell it."""
    return "test" if int(hashlib.sha256(question_id.encode()).hexdigest(), 16) % 2 else "dev"


def _type(vote: Feedback) -> str:
    if not vote.answer.get("answered"):
        return "unanswerable"
    if vote.answer.get("disagreements"):
        return "disagreement"
    return "follow_up" if vote.history else "lookup"


def _gold(answer: Mapping[str, Any]) -> dict[str, Any]:
    citations = {citation["number"]: citation for citation in answer.get("citations", ())}
    statements = answer.get("statements", ()) if answer.get("answered") else ()
    facts = [
        _lines([citations[number] for number in statement["citations"] if number in citations])
        for statement in statements
    ]
    by_file: dict[str, set[int]] = {}
    for path, line in (place for fact in facts for place in fact):
        by_file.setdefault(path, set()).add(line)
    return {
        "answerable": bool(answer.get("answered")),
        "answer_must_include": [[statement["text"]] for statement in statements],
        "answer_must_not_include": [],
        "gold": [{"file": path, "lines": sorted(lines)} for path, lines in sorted(by_file.items())],
        "min_sources": 1 if by_file else 0,
        "fact_gold": [[list(place) for place in fact] for fact in facts],
    }


def _lines(citations: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Every cited line, each once, in order."""
    places = {
        (str(citation.get("path") or citation["document_id"]), line)
        for citation in citations
        for line in range(citation["first_line"], citation["last_line"] + 1)
    }
    return sorted(places)


def _note(vote: Feedback) -> str:
    """What a person has to know who confirms the row."""
    reason = f": {vote.reason}" if vote.reason else ""
    made = f"{vote.model}, version {vote.package_version}, {vote.time}"
    if vote.vote == "up":
        return f"{TO_CONFIRM}: voted up{reason} ({made}); shorten each fact to what matters"
    shown = " ".join(str(vote.answer.get("text", "")).split())
    near = "; ".join(f"{path}:{line}" for path, line in _lines(vote.answer.get("citations", ())))
    cited = f", citing {near}" if near else ""
    return f"{TO_CONFIRM}: voted down{reason} ({made}); it answered “{shown}”{cited}"
