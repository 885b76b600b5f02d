"""Conversations over articles -> written questions, as the reader sees them in a conversation.

    python -m evals.training.follow_ups [--data DIR] [--split train] [--forms FORM ...] [--out FILE]
    python -m evals.training.follow_ups --add FILE ...

Every turn becomes its standalone question; every follow-up also what the product makes the reader
read (`rag.in_context`), with the earlier questions as its rules make them whole, and
with the written ones. The rows are like those of `questions.jsonl`; `candidates` and `train` take
them with --questions and --data. --add checks newly written conversations and adds those without a
fault to `conversations.jsonl`.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.data import data_dir, json_lines
from evals.training.base import WORK
from evals.training.candidates import write_lines
from evals.training.check import CONVERSATIONS, article_lines, read_splits
from rag import Message, in_context

FIELDS = {"question", "standalone", "lines", "answer", "near"}
FORMS = ("standalone", "context", "written")
NO_ANSWER = "The sources do not answer this."

Conversation = Mapping[str, Any]


def faults(conversation: Conversation, lines: Sequence[str]) -> Iterator[str]:
    """What is wrong with one conversation, given its article."""
    if len(conversation["turns"]) < 2:
        yield "no follow-up"
    for place, turn in enumerate(conversation["turns"], 1):
        if set(turn) != FIELDS:
            yield f"turn {place}: fields {sorted(set(turn) ^ FIELDS)}"
            continue
        if not turn["question"].strip() or not turn["standalone"].strip():
            yield f"turn {place}: no question"
        for line in [*turn["lines"], *turn["near"]]:
            if not 1 <= line <= len(lines) or not lines[line - 1].strip():
                yield f"turn {place}: line {line} does not exist or is empty"
        if turn["lines"] and not turn["answer"]:
            yield f"turn {place}: no answer"
        if bool(turn["lines"]) == bool(turn["near"]):
            yield f"turn {place}: either lines that answer or lines that tempt"


def rows_of(conversation: Conversation, lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The questions of one conversation, with `form` and `turn`.

    Forms: "standalone"; "context" behind the earlier questions as the product makes them whole;
    "written" behind the standalone ones.
    """
    typed: list[Message] = []
    written: list[Message] = []
    for place, turn in enumerate(conversation["turns"]):
        question = " ".join(turn["question"].split())
        forms = {"standalone": turn["standalone"]}
        if typed:
            forms |= {"context": in_context(question, typed),
                      "written": in_context(question, written)}  # fmt: skip
        for form, text in forms.items():
            yield {
                "doc_id": conversation["doc_id"], "question": text,
                "answerable": bool(turn["lines"]), "lines": turn["lines"],
                "answer": turn["answer"], "near": turn["near"], "span": None,
                "form": form, "turn": place,
            }  # fmt: skip
        answer = lines[turn["lines"][0] - 1] if turn["lines"] else NO_ANSWER
        told = Message(role="assistant", content=answer)
        typed += [Message(role="user", content=turn["question"]), told]
        written += [Message(role="user", content=turn["standalone"]), told]


def rows(conversations: Sequence[Conversation], articles: Mapping[str, Sequence[str]],
         forms: Sequence[str] = FORMS) -> list[dict[str, Any]]:  # fmt: skip
    """The questions of all conversations in these forms, each once."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for conversation in conversations:
        for row in rows_of(conversation, articles[conversation["doc_id"]]):
            if row["form"] in forms:
                found.setdefault((row["doc_id"], row["question"]), row)
    return list(found.values())


def add(paths: Sequence[Path], articles: Mapping[str, Sequence[str]]) -> None:
    """Add the conversations of `paths` to those of the repository; faults are printed."""
    splits = read_splits()
    kept = json_lines(CONVERSATIONS) if CONVERSATIONS.is_file() else []
    for path in paths:
        for number, given in enumerate(json_lines(path), 1):
            tidy = {"doc_id": given["doc_id"], "turns": [
                {**turn, "lines": sorted(set(turn["lines"])),
                 "near": [] if turn["lines"] else sorted(set(turn["near"]))}
                for turn in given["turns"]
            ]}  # fmt: skip
            wrong = list(faults(tidy, articles[tidy["doc_id"]]))
            if splits.get(tidy["doc_id"], "untouched") == "untouched":
                wrong.append(f"{tidy['doc_id']} is untouched, or in no split")
            if wrong:
                print(f"left out {path.name}:{number}: {'; '.join(wrong)}")
            elif tidy not in kept:
                kept.append(tidy)
    kept.sort(key=lambda row: str(row["doc_id"]))
    write_lines(CONVERSATIONS, kept)
    print(f"{len(kept)} conversations")


def main() -> None:
    """Write the questions of a split, or add conversations."""
    parser = argparse.ArgumentParser(description="Conversations as the reader sees them.")
    parser.add_argument("--data", type=Path, help="folder of the shared data [RAG_SHARED_DIR]")
    parser.add_argument("--split", default="train")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS)
    parser.add_argument("--out", type=Path, default=WORK / "follow_ups.jsonl")
    parser.add_argument("--add", type=Path, nargs="+", metavar="FILE")
    options = parser.parse_args()
    articles, splits = article_lines(data_dir(options.data)), read_splits()
    if options.add:
        add(options.add, articles)
        return
    conversations = [
        row for row in json_lines(CONVERSATIONS) if splits[row["doc_id"]] == options.split
    ]
    found = rows(conversations, articles, options.forms)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_lines(options.out, found)
    print(json.dumps({"conversations": len(conversations), "questions": len(found)}))


if __name__ == "__main__":
    main()
