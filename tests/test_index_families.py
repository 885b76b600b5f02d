"""Who copied whom: near-copies of sentences, families of documents, and both in the index."""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag import Config
from rag.embedding import Embedder
from rag.errors import CorpusError
from rag.index import build_index, generations, open_index
from rag.index.copies import Article
from rag.index.families import Families
from rag.index.generations import generation_path, read_record
from rag.sentences import split_sentences

REPORT = """Storm closes the harbour bridge

The harbour bridge was closed to all traffic on Tuesday after a storm tore cables from its tower.
Engineers found that eleven of the forty main cables had come loose during the night.
Ferries will carry commuters across the bay until the repairs have been completed.
The city council approved four million dollars for emergency work at a meeting in the evening.
Inspectors had warned in a report last year that the northern anchors were badly rusted.
The mayor promised that an independent engineer would examine every cable before it reopens.
"""
# Another heading, two paragraphs cut, one of its own.
REPUBLISHED = """Bridge shut after night of gales | Our Bay News

The harbour bridge was closed to all traffic on Tuesday after a storm tore cables from its tower.
Ferries will carry commuters across the bay until the repairs have been completed.
Inspectors had warned in a report last year that the northern anchors were badly rusted.
The mayor promised that an independent engineer would examine every cable before it reopens.
Readers can send their own pictures of the damage to the newsdesk.
"""
REWRITTEN = """Commuters take to boats

Boats were crowded this morning, and tempers on the quay were short by eight.
The harbour bridge was shut to all traffic on Tuesday after storms tore cables from its north tower.
Engineers discovered that eleven of the forty main cables had come loose overnight.
Council members approved four million dollars for the emergency work at a late meeting.
A baker on the quay said she had sold twice as many rolls as usual.
"""
INDEPENDENT = """A city without its bridge

Wind of more than ninety miles an hour damaged the crossing that half of the city depends on.
Drivers queued for three hours on the ring road, and several schools stayed shut.
Nobody knows when the crossing can be used again, transport officials conceded.
"""
QUOTE = (
    "“We will not open this bridge until every single cable has been tested, and I do not care "
    "who complains about the delay,” {}\n"
    "“My own children cross it every day on their way to school in the old town.”\n"
)
OTHER_TOPICS = [
    "Farmers in the valley expect the best apple harvest for a decade after a mild spring.\n"
    "Growers have hired nearly two thousand pickers, many of them students from the coast.",
    "The orchestra will open its season with a symphony by a composer of twenty-two.\n"
    "She wrote most of it on night trains between two teaching posts, her publisher said.",
    "A court ordered the airline to pay back fares for flights that never left the ground.\n"
    "Passengers had waited more than a year, and some had given up hope of any money.",
    "Scientists counted more seals on the northern beaches than in any winter on record.\n"
    "Cleaner water and fewer nets are the likely reasons, the survey concludes.",
]
STANDING = (
    "Sign up for our morning newsletter and have the stories that matter in your inbox by seven.\n"
    "The Bay Courier has reported from the harbour since eighteen hundred and ninety-one.\n"
)


def article(name: str, text: str, publisher: str | None = None) -> Article:
    """Every line is a paragraph, as in most of the articles here."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans.extend(split_sentences(text, start, start + len(line)))
        start += len(line) + 1
    return Article(name, publisher, text, spans)


def members(*articles: Article) -> list[list[str]]:
    return list(Families.compare(articles).members().values())


def copied(articles: Sequence[Article]) -> list[list[str]]:
    """The first words of each place of each group of copies."""
    texts = {item.document_id: item.text for item in articles}
    return [
        [f"{name}: {texts[name][start : start + 12]}" for name, start in group]
        for group in Families.compare(articles).copies
    ]


# families


def test_republished_report() -> None:
    assert members(article("a", REPORT), article("b", REPUBLISHED)) == [["a", "b"]]


def test_rewritten_report() -> None:
    assert members(article("a", REPORT), article("b", REWRITTEN)) == [["a", "b"]]


def test_family_is_what_hangs_together() -> None:
    found = Families.compare(
        [article("c", REPORT), article("b", REPUBLISHED), article("a", REWRITTEN)]
    )
    assert found.members() == {"a": ["a", "b", "c"]}
    assert found.family_of == {"a": "a", "b": "a", "c": "a"}


def test_independent_report_stays_alone() -> None:
    assert members(article("a", REPORT), article("b", INDEPENDENT)) == []


@pytest.mark.parametrize("marks", ["“”", '""', "«»"])
def test_quotation_that_two_heard_makes_no_family(marks: str) -> None:
    quote = QUOTE.translate({ord("“"): marks[0], ord("”"): marks[1]})
    one = article("a", REPORT + quote.format("said the mayor."))
    other = article("b", INDEPENDENT + quote.format("Mayor Anna Lind told reporters."))
    assert members(one, other) == []
    assert len(copied([one, other])) == 2  # but it is known that both have it


def test_quotation_over_two_paragraphs_makes_no_family() -> None:
    """The first paragraph of a quotation that goes on is not closed."""
    quote = QUOTE.replace("about the delay,” {}", "about the delay.")
    one, other = article("a", REPORT + quote), article("b", INDEPENDENT + quote)
    assert members(one, other) == []
    assert members(
        article("a", REPORT + quote.replace("“", "").replace("”", "")),
        article("b", INDEPENDENT + quote.replace("“", "").replace("”", "")),
    ) == [["a", "b"]]


def test_one_sentence_in_common_makes_no_family() -> None:
    line = REPORT.split("\n")[4] + "\n"
    assert members(article("a", REPORT), article("b", INDEPENDENT + line)) == []


@pytest.mark.parametrize("publisher", ["Bay Courier", None])
def test_standing_text_of_a_publisher_makes_no_family(publisher: str | None) -> None:
    pages = [
        article(f"{number}", f"{text}\n{STANDING}", publisher)
        for number, text in enumerate(OTHER_TOPICS)
    ]
    assert members(*pages) == []
    assert [len(group) for group in copied(pages)] == [4, 4]


def test_report_that_many_republish_whole_is_one_family() -> None:
    """Every sentence stands in as many documents as standing text does."""
    copies = [article(f"{k}", f"{REPORT}\n{OTHER_TOPICS[k][:60]}", f"paper {k}") for k in range(4)]
    assert members(*copies) == [["0", "1", "2", "3"]]


def test_one_newsroom_may_repeat_its_background() -> None:
    background = "\n".join(REPORT.split("\n")[5:7]) + "\n"
    story = "\n".join(OTHER_TOPICS[:3]) + "\n"
    pair = [("a", REPORT), ("b", story + background)]
    assert members(*(article(n, t, "Bay Courier") for n, t in pair)) == []
    assert members(*(article(n, t, f"paper {n}") for n, t in pair)) == [["a", "b"]]


def test_publisher_in_other_letters_is_the_same() -> None:
    background = "\n".join(REPORT.split("\n")[5:7]) + "\n"
    story = "\n".join(OTHER_TOPICS[:3]) + "\n"
    one, other = article("a", REPORT, "BBC News"), article("b", story + background, "bbc NEWS")
    assert members(one, other) == []


@pytest.mark.parametrize("text", ["", "Short.", "“All of it is one long quotation of ten words.”"])
def test_documents_without_a_substantial_sentence(text: str) -> None:
    found = Families.compare([article("a", text), article("b", text)])
    assert found.members() == {}
    assert Families.compare([]).copies == []


# near-copies


def test_near_copies_are_found_both_ways() -> None:
    pair = [article("a", REPORT), article("b", REWRITTEN)]
    assert copied(pair) == [
        ["a: The harbour ", "b: The harbour "],
        ["a: Engineers fo", "b: Engineers di"],
        ["a: The city cou", "b: Council memb"],
    ]
    found = Families.compare(pair)
    (here, there), *_ = found.copies
    assert found.near_copies(*here) == [there]
    assert found.near_copies(*there) == [here]
    assert found.near_copies("a", 1) == []
    assert found.near_copies("nowhere", 0) == []


def test_repeats_within_one_document_are_no_copies() -> None:
    assert copied([article("a", REPORT + REPORT), article("b", INDEPENDENT)]) == []


def test_sentences_of_few_words_are_not_compared() -> None:
    line = "The storm closed the bridge on Tuesday.\n"
    assert copied([article("a", line), article("b", line)]) == []


def test_copies_do_not_drift() -> None:
    """All places of a group are near to its first."""
    words = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima".split()
    texts = [
        " ".join([*(f"new{k}" for k in range(step)), *words[step:]]) for step in range(0, 9, 2)
    ]
    groups = Families.compare([article(f"{k}", text) for k, text in enumerate(texts)]).copies
    assert [[name for name, _ in group] for group in groups] == [["0", "1"], ["2", "3"]]


# the same result in any order


def test_order_does_not_matter() -> None:
    texts = [REPORT, REPUBLISHED, REWRITTEN, INDEPENDENT, *OTHER_TOPICS]
    articles = [article(f"{k}", text + STANDING * (k > 4)) for k, text in enumerate(texts)]
    expected = Families.compare(articles)
    assert expected.members() == {"0": ["0", "1", "2"]}
    for seed in range(5):
        random.Random(seed).shuffle(articles)
        found = Families.compare(iter(articles))
        assert (found.family_of, found.copies) == (expected.family_of, expected.copies)


def test_parts_give_the_same_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [article(f"{k}", t) for k, t in enumerate([REPORT, REPUBLISHED, REWRITTEN])]
    expected = Families.compare(articles)
    monkeypatch.setattr("rag.index.copies._MAX_ROWS", 7)
    found = Families.compare(articles)
    assert (found.family_of, found.copies) == (expected.family_of, expected.copies)


def test_saved_and_loaded(tmp_path: Path) -> None:
    saved = Families.compare([article("a", REPORT), article("ü", REPUBLISHED)])
    saved.save(tmp_path / "families.json")
    loaded = Families.load(tmp_path / "families.json")
    assert (loaded.family_of, loaded.copies) == (saved.family_of, saved.copies)


# in the index


@pytest.fixture
def indexed(tmp_path: Path, fake_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setattr(generations, "check_in_child", lambda *_: True)
    corpus = tmp_path / "articles"
    corpus.mkdir()
    for name, text in {"a": REPORT, "b": REPUBLISHED, "c": REWRITTEN, "d": INDEPENDENT}.items():
        (corpus / f"{name}.txt").write_text(text)
    config = Config(corpus_dir=corpus, index_dir=tmp_path / "families-index")
    build_index(config, embedder=fake_embedder)
    return config


def answers(config: Config, embedder: Embedder) -> tuple[object, ...]:
    with open_index(config, embedder=embedder) as index:
        copies = [
            index.near_copies(summary.document_id, int(start))
            for summary in index.document_metadata()
            for start, _ in index.sentences(summary.document_id)[0]
        ]
        return index.families(), copies


def test_index_tells_families(indexed: Config, fake_embedder: Embedder) -> None:
    with open_index(indexed, embedder=fake_embedder) as index:
        assert index.families() == {"a.txt": ["a.txt", "b.txt", "c.txt"]}
        assert [index.family(f"{name}.txt") for name in "abcd"] == ["a.txt"] * 3 + ["d.txt"]
        start = REPORT.index("Engineers found")
        assert index.near_copies("a.txt", start) == [("c.txt", REWRITTEN.index("Engineers disc"))]
        assert index.near_copies("d.txt", INDEPENDENT.index("Drivers queued")) == []
        with pytest.raises(CorpusError, match=r"no document 'e.txt'"):
            index.family("e.txt")


def test_deleted_document_leaves_its_family(indexed: Config, fake_embedder: Embedder) -> None:
    """`c` shares enough with `a` alone."""
    (indexed.corpus_dir / "a.txt").unlink()
    build_index(indexed, embedder=fake_embedder)
    with open_index(indexed, embedder=fake_embedder) as index:
        assert index.families() == {}
        assert index.family("b.txt") == "b.txt"
        assert index.near_copies("b.txt", REPUBLISHED.index("The mayor")) == []


def test_families_file_is_recorded(indexed: Config) -> None:
    record = read_record(generation_path(indexed.index_dir, 1))
    assert record is not None
    assert "families.json" in record.files


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"family_of": {}, "copies": []}'])
def test_damaged_families_are_made_anew(
    indexed: Config, fake_embedder: Embedder, content: bytes | None
) -> None:
    expected = answers(indexed, fake_embedder)
    path = generation_path(indexed.index_dir, 1) / "families.json"
    path.unlink() if content is None else path.write_bytes(content)
    with open_index(indexed, embedder=fake_embedder) as index:
        assert index.notice is not None
    assert answers(indexed, fake_embedder) == expected
    report = build_index(indexed, embedder=fake_embedder)
    assert (report.generation, report.embedded_chunks) == (2, 0)
    assert answers(indexed, fake_embedder) == expected


def test_generation_without_families_opens_and_gets_them(
    indexed: Config, fake_embedder: Embedder
) -> None:
    """As version 0.1.0 made it."""
    expected = answers(indexed, fake_embedder)
    folder = generation_path(indexed.index_dir, 1)
    (folder / "families.json").unlink()
    record = json.loads((folder / "generation.json").read_text())
    record["format"] = 1
    del record["files"]["families.json"]
    (folder / "generation.json").write_text(json.dumps(record))
    with open_index(indexed, embedder=fake_embedder) as index:
        assert index.notice is None
    assert answers(indexed, fake_embedder) == expected
    report = build_index(indexed, embedder=fake_embedder)
    assert (report.generation, report.embedded_chunks) == (2, 0)
    assert (generation_path(indexed.index_dir, 2) / "families.json").is_file()
