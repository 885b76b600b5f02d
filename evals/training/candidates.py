"""What the first stage finds for each question: the candidates of the reader.

    python -m evals.training.candidates [--data DIR] [--examples]

Over the benchmark's corpus, each question with its own document as the filter. Writes, below
.evals/training/, `sentences.jsonl` (the sentences of each document, in order: line, offsets in that
line, text, the sentence before) and `candidates.jsonl` (for each question the numbers of its
sentences with their scores, best first). Questions that are there already are not asked again.
--examples does the same for the 23 example questions over all five articles (`examples.jsonl`).
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.data import FRONT_MATTER_LINES, data_dir, json_lines, write_multihop_corpus
from evals.runs import arguments, benchmark_config
from evals.training.base import WORK
from evals.training.check import QUESTIONS, TWINS
from rag import Config, Filters, ScoredSentence, open_engine

ALL = 2000
# The first stage alone orders the candidates.
FIRST_STAGE = frozenset({"trained_reader"})


def line_starts(text: str) -> list[int]:
    """The offset of each line's start."""
    starts = [0]
    for part in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(part) + 1)
    return starts


def document_rows(found: Sequence[ScoredSentence], text: str, shift: int) -> list[dict[str, Any]]:
    """The sentences of one document in order, each once, with the one before it."""
    starts = line_starts(text)
    unique = {(item.start_char, item.end_char): item for item in found}
    rows: list[dict[str, Any]] = []
    for (start, _), item in sorted(unique.items()):
        offset = start - starts[item.first_line - 1]
        rows.append(
            {
                "line": item.first_line - shift, "last_line": item.last_line - shift,
                "start": offset, "char": start, "text": item.text,
                "before": rows[-1]["text"] if rows else "",
            }
        )  # fmt: skip
    return rows


def find(config: Config, questions: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """The sentences that the first stage finds for (document id, question)."""
    found = {}
    with open_engine(config) as engine:
        for number, (doc_id, text) in enumerate(questions, 1):
            filters = Filters(documents=(f"{doc_id}.txt",)) if doc_id else None
            found[doc_id, text] = engine.search_sentences(text, k=ALL, filters=filters)
            if number % 500 == 0:
                print(f"{number} of {len(questions)}", flush=True)
    return found


def write_lines(path: Path, rows: Sequence[Any]) -> None:
    """Write JSON Lines, whole or not at all."""
    unfinished = path.with_suffix(".part")
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def written(config: Config, titles: dict[str, dict[str, Any]], work: Path,
            questions: Sequence[Path]) -> None:  # fmt: skip
    """Add what is missing to `sentences.jsonl` and `candidates.jsonl`."""
    corpus = Path(config.corpus_dir)
    sentence_path, candidate_path = work / "sentences.jsonl", work / "candidates.jsonl"
    held = json_lines(candidate_path) if candidate_path.is_file() else []
    known = {(row["doc_id"], row["question"]) for row in held}
    documents = {row["doc_id"]: row for row in json_lines(sentence_path)} if known else {}
    asked = [(row["doc_id"], row["question"]) for path in questions for row in json_lines(path)]
    found = find(config, [key for key in asked if key not in known])
    of_document: dict[str, list[ScoredSentence]] = defaultdict(list)
    for (doc_id, _), sentences in found.items():
        of_document[doc_id] += sentences
    for doc_id, sentences in of_document.items():
        text = (corpus / f"{doc_id}.txt").read_text(encoding="utf-8")
        rows = document_rows(sentences, text, FRONT_MATTER_LINES)
        old = documents.get(doc_id, {"sentences": []})["sentences"]
        # numbers of sentences that are known stay; new ones are added at the end
        have = {row["char"] for row in old}
        new = [row for row in rows if row["char"] not in have]
        documents[doc_id] = {"doc_id": doc_id, **titles[doc_id], "sentences": old + new}
    for (doc_id, text), sentences in found.items():
        numbers = {row["char"]: k for k, row in enumerate(documents[doc_id]["sentences"])}
        scored = [[numbers[item.start_char], round(item.score, 5)] for item in sentences]
        held.append({"doc_id": doc_id, "question": text, "found": scored})
    write_lines(sentence_path, list(documents.values()))
    write_lines(candidate_path, held)


def examples(config: Config, data: Path, work: Path) -> None:
    """Write `examples.jsonl`: for each example question its candidates, with their text."""
    rows = []
    with open_engine(config) as engine:
        for given in json_lines(data / "examples" / "questions.jsonl"):
            sentences = engine.search_sentences(given["question"], k=ALL)
            before: dict[tuple[str, int], str] = {}
            last: dict[str, str] = {}
            for item in sorted(sentences, key=lambda item: (item.path, item.start_char)):
                before[item.path, item.start_char] = last.get(item.path, "")
                last[item.path] = item.text
            rows.append(
                {
                    "question": given["question"], "answerable": given["answerable"],
                    "kind": given["type"],
                    "gold": [[one["file"], line] for one in given["gold"] for line in one["lines"]],
                    "found": [
                        {"path": item.path, "line": item.first_line, "text": item.text,
                         "last_line": item.last_line, "score": round(item.score, 5),
                         "before": before[item.path, item.start_char]}
                        for item in sentences
                    ],
                }
            )  # fmt: skip
    write_lines(work / "examples.jsonl", rows)


def main() -> None:
    """Find the candidates."""
    parser = arguments("Find the reader's candidates with the first stage.")
    parser.add_argument("--out", type=Path, default=WORK)
    parser.add_argument("--questions", type=Path, nargs="+", default=[QUESTIONS, TWINS])
    parser.add_argument("--examples", action="store_true")
    options = parser.parse_args()
    data = data_dir(options.data)
    if options.examples:
        config = Config(
            corpus_dir=data / "articles", index_dir=options.work / "examples-index",
            without=FIRST_STAGE,
        )  # fmt: skip
        examples(config, data, options.out)
        return
    config = benchmark_config(options, "multihop", write_multihop_corpus)
    config = config.model_copy(update={"without": FIRST_STAGE})
    titles = {}
    for path in sorted(Path(config.corpus_dir).glob("*.txt")):
        front = path.read_text(encoding="utf-8").split("\n")[1:4]
        title, publisher, published = (line.partition(": ")[2] for line in front)
        titles[path.stem] = {
            "title": json.loads(title), "publisher": json.loads(publisher),
            "published": published,
        }  # fmt: skip
    written(config, titles, options.out, options.questions)


if __name__ == "__main__":
    main()
