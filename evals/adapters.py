"""Data sets of many shapes -> `Dataset`: questions with their gold lines, and a corpus folder.

Our own questions are asked over `corpus/`; nothing else that is read here is in this repository.
"""

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.data import (
    FRONT_MATTER_LINES,
    BenchmarkDocument,
    GoldLine,
    Question,
    Value,
    data_dir,
    gzip_json_lines,
    json_lines,
    multihop_line,
    write_corpus,
    write_multihop_corpus,
)
from evals.metrics import holds
from evals.sources import (
    FOLDER,
    conversations,
    disagreements,
    more_disagreements,
    news_disagreements,
    news_talks,
    originals,
    originals_differ,
    originals_talks,
    papers,
    stories,
    talks,
    times,
    wires,
)

ROOT = Path(__file__).resolve().parent.parent
OWN_QUESTIONS = ROOT / "evals" / "datasets" / "questions.jsonl"


@dataclass(frozen=True)
class Dataset:
    """Questions over one corpus.

    Attributes:
        name: As the command line takes it.
        title: What the tables call it.
        corpus_dir: Folder of the articles that the questions are about.
        ours: Whether its texts may stand in committed results.
        answers: Whether questions are answered; else only the search is measured.
        results: How many chunks a search returns; enough to hold ten documents.
    """

    name: str
    title: str
    questions: tuple[Question, ...]
    corpus_dir: Path
    ours: bool = False
    answers: bool = True
    results: int = 10


@dataclass(frozen=True)
class Places:
    """Where data is: `data` given on the command line or None, and the folder for what is built."""

    data: Path | None
    work: Path

    @property
    def shared(self) -> Path:
        """The folder of the public data."""
        return data_dir(self.data)

    def benchmark(self, name: str) -> Path:
        """The folder of one public benchmark."""
        return self.shared / "benchmarks" / name

    def corpus(self, name: str) -> Path:
        """Where the corpus of a benchmark is written."""
        return self.work / name / "corpus"


def own(places: Places, *, split: str) -> Dataset:
    """Our questions over `corpus/`: the half named `split`, "dev" or "test"."""
    rows = [row for row in json_lines(OWN_QUESTIONS) if row["split"] == split]
    questions = tuple(_own_question(row) for row in rows)
    return Dataset(split, f"our questions, {split} half", questions, ROOT / "corpus", ours=True)


def examples(places: Places) -> Dataset:
    """The 23 example questions over the five articles as found on the web."""
    rows = json_lines(places.shared / "examples" / "questions.jsonl")
    questions = []
    for row in rows:
        gold = tuple(GoldLine(item["file"], line) for item in row["gold"] for line in item["lines"])
        questions.append(
            Question(
                row["id"], row["type"], row["question"], row["answerable"],
                facts=(gold,) if gold else (),
                includes=tuple(tuple(item) for item in row["answer_must_include"]),
                excludes=tuple(row.get("answer_must_not_include", ())),
                history=tuple(row.get("history", ())),
            )
        )  # fmt: skip
    title = "example questions over the five articles"
    return Dataset("examples", title, tuple(questions), places.shared / "articles")


def _originals(split: str) -> dict[str, Callable[[Places], Dataset]]:
    """Questions by three hands over the five articles as found on the web."""
    hands = f"the five articles as found, {split} part"

    def over_them(name: str, title: str, questions: Callable[[], tuple[Question, ...]]
                  ) -> Callable[[Places], Dataset]:  # fmt: skip
        return lambda places: Dataset(
            f"{name}-{split}", f"{title}, {hands}", questions(), places.shared / "articles"
        )

    return {
        f"originals-{split}": over_them("originals", "plain questions", lambda: originals(split)),
        f"originals-differ-{split}": over_them(
            "originals-differ", "disagreements", lambda: originals_differ(split)
        ),
        f"originals-talks-{split}": over_them(
            "originals-talks", "follow-ups", lambda: originals_talks(split, in_full=False)
        ),
        f"originals-talks-full-{split}": over_them(
            "originals-talks-full", "the same asked in full",
            lambda: originals_talks(split, in_full=True),
        ),
    }  # fmt: skip


def multihop(places: Places) -> Dataset:
    """MultiHop-RAG (Tang and Yang 2024), dev: several articles needed for each answer."""
    write_multihop_corpus(places.shared, places.corpus("multihop"))
    return Dataset("multihop", "MultiHop-RAG dev", multihop_questions(places.shared),
                   places.corpus("multihop"))  # fmt: skip


def _news_disagreements(places: Places, split: str) -> Dataset:
    """What MultiHop-RAG's articles on one story differ about."""
    write_multihop_corpus(places.shared, places.corpus("multihop"))
    return Dataset(
        f"news-disagreements-{split}", f"disagreements of other news, {split} half",
        news_disagreements(split), places.corpus("multihop"),
    )  # fmt: skip


def _news_talks(places: Places, split: str, *, in_full: bool) -> Dataset:
    """Conversations over MultiHop-RAG's articles."""
    write_multihop_corpus(places.shared, places.corpus("multihop"))
    return Dataset(
        f"news-talks-{'full-' if in_full else ''}{split}",
        f"{'the same asked in full' if in_full else 'follow-ups, other news'}, {split} documents",
        news_talks(split, in_full=in_full), places.corpus("multihop"),
    )  # fmt: skip


def multihop_questions(data: Path) -> tuple[Question, ...]:
    """The dev questions of MultiHop-RAG over the corpus that `write_multihop_corpus` writes."""
    return tuple(
        Question(
            row["qid"], row["type"], row["query"], row["answerable"],
            facts=tuple(
                tuple(multihop_line(item["doc_id"], line) for line in item["lines"])
                for item in row["evidence"]
            ),
        )
        for row in json_lines(data / "benchmarks" / "multihop-rag" / "queries_dev.jsonl")
    )  # fmt: skip


def newspolluted(places: Places) -> Dataset:
    """NewsPolluted (Pan et al., CAG), dev: one true report among three invented ones.

    Each question is asked over its own four documents. The values are the true answer and any of
    the wrong choices that a document names; a question whose true answer or whose wrong choices
    stand in no document in so many words has none, and counts for the citations only.
    """
    rows = json_lines(places.benchmark("newspolluted") / "questions_dev.jsonl")
    questions, documents = [], []
    for row in rows:
        names = [f"{row['id']}-{number}.txt" for number in range(len(row["docs"]))]
        bodies = [document["text"].replace("\r", "") for document in row["docs"]]
        true = _stated((row["answer"],), names, bodies)
        rivals = tuple(choice for choice in row["choices"] if choice != row["answer"])
        rival = _stated(rivals, names, bodies)
        both = bool(true.lines and rival.lines)
        questions.append(
            Question(
                row["id"], "conflict", row["question"], True,
                facts=(tuple(sorted(true.lines)),) if true.lines else (),
                includes=((row["answer"],),) if true.lines else (),
                values=(true, rival) if both else (),
                documents=tuple(names),
            )
        )  # fmt: skip
        documents += [
            BenchmarkDocument(name, "", "", "", body)
            for name, body in zip(names, bodies, strict=True)
        ]
    write_corpus(places.corpus("newspolluted"), iter(documents))
    return Dataset(
        "newspolluted", "NewsPolluted dev", tuple(questions), places.corpus("newspolluted")
    )


def _stated(alternatives: tuple[str, ...], names: list[str], bodies: list[str]) -> Value:
    """The alternatives as one value, with every line that holds one of them."""
    lines = frozenset(
        GoldLine(name, number + FRONT_MATTER_LINES)
        for name, body in zip(names, bodies, strict=True)
        for number, line in enumerate(body.split("\n"), 1)
        if any(holds(line, alternative) for alternative in alternatives)
    )
    return Value(alternatives, lines)


def scifact(places: Places) -> Dataset:
    """SciFact (Wadden et al. 2020) in BEIR's form, test: abstracts that bear on a claim."""
    folder = places.benchmark("scifact")
    texts = {row["_id"]: row["text"] for row in json_lines(folder / "queries.jsonl")}
    relevance: dict[str, dict[str, int]] = {}
    with (folder / "qrels_test.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            graded = relevance.setdefault(row["query-id"], {})
            graded[f"{row['corpus-id']}.txt"] = int(row["score"])
    questions = tuple(
        Question(key, "claim", texts[key], True, relevance=graded)
        for key, graded in relevance.items()
    )
    rows = gzip_json_lines(folder / "corpus.jsonl.gz")
    write_corpus(places.corpus("scifact"), (
        BenchmarkDocument(f"{row['_id']}.txt", row["title"], "", "", row["text"]) for row in rows
    ))  # fmt: skip
    # An abstract is one to three chunks, so 50 chunks hold ten documents.
    return Dataset("scifact", "SciFact test", questions, places.corpus("scifact"),
                   answers=False, results=50)  # fmt: skip


def squad2(places: Places) -> Dataset:
    """SQuAD 2.0 (Rajpurkar et al. 2018), 500 of dev: each question over its own paragraph."""
    folder = places.benchmark("squad2")
    rows = _json(folder / "queries.json")["queries"]
    truth = _json(folder / "ground_truth.json")
    paragraphs: dict[str, str] = {}
    questions = []
    for row in rows:
        body = " ".join(row["context"].split())
        name = paragraphs.setdefault(body, f"p{len(paragraphs):03d}.txt")
        answers = tuple(dict.fromkeys(truth[row["id"]]["answers"]))
        answerable = not truth[row["id"]]["is_impossible"]
        questions.append(
            Question(
                row["id"], "span", row["question"], answerable,
                facts=((GoldLine(name, 1 + FRONT_MATTER_LINES),),) if answerable else (),
                includes=(answers,) if answerable else (),
                documents=(name,),
            )
        )  # fmt: skip
    write_corpus(places.corpus("squad2"), (
        BenchmarkDocument(name, "", "", "", body) for body, name in paragraphs.items()
    ))  # fmt: skip
    return Dataset("squad2", "SQuAD 2.0 dev (500)", tuple(questions), places.corpus("squad2"))


def _ours(name: str, title: str, questions: tuple[Question, ...]) -> Dataset:
    return Dataset(name, title, questions, ROOT / "corpus", ours=True)


def _stories(name: str, title: str, folder: str, questions: tuple[Question, ...]) -> Dataset:
    return Dataset(name, title, questions, FOLDER / "stories" / folder)


DATASETS: dict[str, Callable[[Places], Dataset]] = {
    "dev": lambda places: own(places, split="dev"),
    "test": lambda places: own(places, split="test"),
    "conversations-dev": lambda places: _ours(
        "conversations-dev", "follow-ups, dev half", conversations("dev", in_full=False)
    ),
    "conversations-test": lambda places: _ours(
        "conversations-test", "follow-ups, test half", conversations("test", in_full=False)
    ),
    "conversations-full-dev": lambda places: _ours(
        "conversations-full-dev",
        "the same asked in full, dev half",
        conversations("dev", in_full=True),
    ),
    "conversations-full-test": lambda places: _ours(
        "conversations-full-test",
        "the same asked in full, test half",
        conversations("test", in_full=True),
    ),
    "talks": lambda places: _ours(
        "talks", "more follow-ups, shipped corpus", talks("shipped", in_full=False)
    ),
    "talks-full": lambda places: _ours(
        "talks-full", "the same asked in full", talks("shipped", in_full=True)
    ),
    "talks-town": lambda places: _stories(
        "talks-town", "follow-ups, invented news of a town", "town", talks("town", in_full=False)
    ),
    "talks-town-full": lambda places: _stories(
        "talks-town-full", "the same asked in full", "town", talks("town", in_full=True)
    ),
    "talks-wires": lambda places: _stories(
        "talks-wires", "follow-ups, agency stories", "wires-dev", talks("wires", in_full=False)
    ),
    "talks-wires-full": lambda places: _stories(
        "talks-wires-full", "the same asked in full", "wires-dev", talks("wires", in_full=True)
    ),
    "news-talks-dev": lambda places: _news_talks(places, "dev", in_full=False),
    "news-talks-full-dev": lambda places: _news_talks(places, "dev", in_full=True),
    "news-talks-test": lambda places: _news_talks(places, "test", in_full=False),
    "news-talks-full-test": lambda places: _news_talks(places, "test", in_full=True),
    "wires-dev": lambda places: _stories(
        "wires-dev", "agency stories, dev part", "wires-dev", wires("dev")
    ),
    "wires-train": lambda places: _stories(
        "wires-train", "agency stories, to train on", "wires-train", wires("train")
    ),
    "papers-train": lambda places: _stories(
        "papers-train", "stories of several papers, to train on", "papers", papers()
    ),
    "wires-test": lambda places: _stories(
        "wires-test", "agency stories, test part", "wires-test", wires("test")
    ),
    "stories-dev": lambda places: _stories(
        "stories-dev", "invented stories, dev half", "dev", stories("dev")
    ),
    "stories-test": lambda places: _stories(
        "stories-test", "invented stories, test half", "test", stories("test")
    ),
    "times-dev": lambda places: _ours("times-dev", "time questions, dev half", times("dev")),
    "times-test": lambda places: _ours("times-test", "time questions, test half", times("test")),
    "disagreements-dev": lambda places: _ours(
        "disagreements-dev", "disagreements, dev half", disagreements("dev")
    ),
    "disagreements-test": lambda places: _ours(
        "disagreements-test", "disagreements, test half", disagreements("test")
    ),
    "disagreements-more-dev": lambda places: _ours(
        "disagreements-more-dev", "disagreements, two other hands", more_disagreements("dev")
    ),
    "disagreements-more-test": lambda places: _ours(
        "disagreements-more-test", "disagreements, a third hand", more_disagreements("test")
    ),
    "news-disagreements-dev": lambda places: _news_disagreements(places, "dev"),
    "news-disagreements-test": lambda places: _news_disagreements(places, "test"),
    **_originals("dev"),
    **_originals("test"),
    "examples": examples,
    "multihop": multihop,
    "newspolluted": newspolluted,
    "scifact": scifact,
    "squad2": squad2,
}


def load(names: Iterable[str], places: Places, *, limit: int | None = None) -> list[Dataset]:
    """The named data sets, each cut to its first `limit` questions."""
    found = [DATASETS[name](places) for name in names]
    return [replace(dataset, questions=dataset.questions[:limit]) for dataset in found]


def _own_question(row: dict[str, Any]) -> Question:
    facts = tuple(tuple(GoldLine(file, line) for file, line in fact) for fact in row["fact_gold"])
    includes = tuple(tuple(fact) for fact in row["answer_must_include"])
    differ = row["type"] == "disagreement" and len(facts) > 1
    return Question(
        row["id"], row["type"], row["question"], row["answerable"],
        facts=facts, includes=includes, excludes=tuple(row["answer_must_not_include"]),
        lines_by_fact=True,
        values=tuple(map(_value, includes, facts)) if differ else (),
        history=tuple(row.get("history", ())),
    )  # fmt: skip


def _value(alternatives: tuple[str, ...], lines: tuple[GoldLine, ...]) -> Value:
    return Value(alternatives, frozenset(lines))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
