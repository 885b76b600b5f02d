"""Our data sets on sources, times and conversations -> questions.

conversations        follow-ups, asked with the turns before them
conversations-full   the same questions, each asked in full
times                when, and what was known when
disagreements        what the digests differ about, and what only looks different
disagreements-more   the same by three other hands, in plainer questions
news-disagreements   the same over sets of MultiHop-RAG's articles on one story, one set a question
talks, talks-full    follow-ups as in `conversations`, over our corpus, `stories/town` and
                     `stories/wires-dev`; they tell the lines that answer, not the words of a right
                     answer
news-talks           the same over the articles of MultiHop-RAG: conversations over its dev and its
                     test documents (`evals/training/conversations.jsonl`), asked over all articles
stories              disagreements, look-alikes and plain questions over invented stories: 36 in the
                     dev half (`stories/dev`), 12 in the test half; lines, not words
originals            plain questions, what differs and talks over the five articles as found on the
                     web, by three hands; the test part is all of one
wires                the same over stories as agencies and the papers that copy from them tell
                     them, in nearly the same words: 54 in the dev part, 6 in the test part
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from evals.data import GoldLine, Question, Value, json_lines, multihop_line
from evals.training.check import CONVERSATIONS, read_splits

FOLDER = Path(__file__).parent / "datasets"


def conversations(split: str, *, in_full: bool) -> tuple[Question, ...]:
    """Every turn but the first ones; `in_full` as the standalone question without history.

    Small talk has no answer to find: right is to cite nothing.
    """
    questions = []
    for row in _rows("conversations.jsonl", split):
        asked: list[str] = []
        for number, turn in enumerate(row["turns"]):
            if number and not (in_full and turn.get("smalltalk")):
                questions.append(
                    Question(
                        f"{row['id']}-{number}",
                        "small_talk" if turn.get("smalltalk") else "follow_up",
                        turn["standalone"] if in_full else turn["question"],
                        bool(turn.get("answerable")),
                        history=() if in_full else tuple(asked),
                        **_facts(turn),
                    )
                )
            asked.append(turn["question"])
    return tuple(questions)


def talks(corpus: str, *, in_full: bool) -> tuple[Question, ...]:
    """Every turn but the first ones of the talks over one corpus: "shipped", "town" or "wires"."""
    return tuple(
        question
        for row in json_lines(FOLDER / "talks.jsonl")
        if row["corpus"] == corpus
        for question in _follow_ups(
            row["id"], row["turns"],
            [tuple(GoldLine(path, line) for path, line in turn["gold"]) for turn in row["turns"]],
            in_full=in_full,
        )
    )  # fmt: skip


def news_talks(split: str, *, in_full: bool) -> tuple[Question, ...]:
    """The same over articles of MultiHop-RAG, of one split of its documents."""
    splits = read_splits()
    questions: list[Question] = []
    seen: Counter[str] = Counter()
    for row in json_lines(CONVERSATIONS):
        doc_id = row["doc_id"]
        seen[doc_id] += 1
        if splits[doc_id] == split:
            gold = [tuple(multihop_line(doc_id, line) for line in turn["lines"])
                    for turn in row["turns"]]  # fmt: skip
            name = f"{doc_id}-{seen[doc_id]}"
            questions += _follow_ups(name, row["turns"], gold, in_full=in_full)
    return tuple(questions)


def originals(split: str) -> tuple[Question, ...]:
    """Plain questions over the five articles as found on the web."""
    return tuple(
        Question(
            row["id"], row["type"], row["question"], row["answerable"],
            facts=tuple(
                tuple(GoldLine(path, line) for path, line in fact["gold"]) for fact in row["facts"]
            ),
            includes=tuple(tuple(fact["includes"]) for fact in row["facts"]),
            lines_by_fact=True,
        )
        for row in _rows("originals/plain.jsonl", split)
    )  # fmt: skip


def originals_differ(split: str) -> tuple[Question, ...]:
    """What these articles differ about, and what only looks different."""
    return tuple(_differing(row, GoldLine, ()) for row in _rows("originals/differ.jsonl", split))


def originals_talks(split: str, *, in_full: bool) -> tuple[Question, ...]:
    """Every turn but the first ones of conversations over these articles."""
    return tuple(
        question
        for row in _rows("originals/talks.jsonl", split)
        for question in _follow_ups(
            row["id"], row["turns"],
            [tuple(GoldLine(path, line) for path, line in turn["gold"]) for turn in row["turns"]],
            in_full=in_full,
        )
    )  # fmt: skip


def _follow_ups(
    name: str,
    turns: Sequence[Mapping[str, Any]],
    gold: Sequence[tuple[GoldLine, ...]],
    *,
    in_full: bool,
) -> Iterator[Question]:
    """Every turn but the first one, with the lines that answer it."""
    for number, (turn, lines) in enumerate(zip(turns, gold, strict=True)):
        if number:
            yield Question(
                f"{name}-{number}",
                "follow_up",
                turn["standalone"] if in_full else turn["question"],
                bool(lines),
                facts=(lines,) if lines else (),
                history=() if in_full else tuple(one["question"] for one in turns[:number]),
            )


def times(split: str) -> tuple[Question, ...]:
    """Questions about time, with the days that a right answer resolves to."""
    return tuple(
        Question(
            row["id"], "time", row["question"], row["answerable"],
            known_by=date.fromisoformat(row["known_by"]) if row["known_by"] else None,
            days=tuple(
                (date.fromisoformat(first), date.fromisoformat(last))
                for first, last in row["dates"]
            ),
            **_facts(row),
        )
        for row in _rows("time_questions.jsonl", split)
    )  # fmt: skip


def disagreements(split: str) -> tuple[Question, ...]:
    """What the digests differ about, and pairs that only look different (kind "false_alarm")."""
    return tuple(_differing(row, GoldLine, ()) for row in _rows("disagreements.jsonl", split))


def more_disagreements(split: str) -> tuple[Question, ...]:
    """The same by three hands that knew nothing of the product; the test part is all of one."""
    return tuple(_differing(row, GoldLine, ()) for row in _rows("digest_questions.jsonl", split))


def news_disagreements(split: str) -> tuple[Question, ...]:
    """The same over sets of articles of MultiHop-RAG; a set is in one half as a whole."""
    return tuple(
        _differing(row, multihop_line, tuple(f"{name}.txt" for name in row["documents"]))
        for row in _rows("news_disagreements.jsonl", split)
    )


def stories(split: str) -> tuple[Question, ...]:
    """What articles on invented stories differ about, what only looks different, and the rest.

    A "plain" question is about something on which no two of the articles differ.
    """
    questions = []
    for row in _rows("story_questions.jsonl", split):
        question = _differing(row, GoldLine, ())
        lines = tuple(sorted(line for value in question.differing for line in value.lines))
        question = replace(question, facts=(lines,))
        if row["kind"] == "plain":
            question = replace(question, kind="plain", differing=())
        questions.append(question)
    return tuple(questions)


def wires(split: str) -> tuple[Question, ...]:
    """What agencies and those who copy from them differ about, and what they say alike.

    A "plain" question is one that all who answer it answer alike, often in nearly the same words.
    Values beside the question are no answer to it, and only look like one.
    """
    return _with_answers("wire_questions.jsonl", split)


def papers() -> tuple[Question, ...]:
    """The same over stories as papers with reporters of their own tell them; to train on."""
    return _with_answers("paper_questions.jsonl", "train")


def _with_answers(file: str, split: str) -> tuple[Question, ...]:
    questions = []
    for row in _rows(file, split):
        values = tuple(
            Value((), frozenset(GoldLine(a["path"], a["line"]) for a in value["answers"]))
            for value in row["values"]
        )
        right = [v for v, given in zip(values, row["values"], strict=True) if "beside" not in given]
        alone = len(values) == 1
        kind = row["kind"] if row["disagree"] else "plain" if alone else "false_alarm"
        questions.append(
            Question(
                row["id"], kind, row["question"], True,
                facts=(tuple(sorted(line for value in right for line in value.lines)),),
                differing=() if alone else values, differ=row["disagree"],
            )
        )  # fmt: skip
    return tuple(questions)


def _differing(row: dict[str, Any], line_of: Callable[[str, int], GoldLine],
               documents: tuple[str, ...]) -> Question:  # fmt: skip
    values = tuple(
        Value(
            tuple(value.get("alternatives", ())),
            frozenset(line_of(name, line) for name, line in value["lines"]),
        )
        for value in row["values"]
    )
    return Question(
        row["id"], row["kind"] if row["disagree"] else "false_alarm", row["question"], True,
        differing=values, differ=row["disagree"], documents=documents,
    )  # fmt: skip


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `Question` on what a right answer says and where that stands."""
    return {
        "facts": tuple(
            tuple(GoldLine(path, line) for path, line in fact) for fact in row.get("fact_gold", ())
        ),
        "includes": tuple(tuple(fact) for fact in row.get("answer_must_include", ())),
        "excludes": tuple(row.get("answer_must_not_include", ())),
        "lines_by_fact": True,
    }


def _rows(name: str, split: str) -> list[dict[str, Any]]:
    return [row for row in json_lines(FOLDER / name) if row["split"] == split]
