"""Keyword search: how words are compared, ranked and corrected."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Config
from rag.embedding import Embedder
from rag.index import Index, build_index, open_index
from rag.index.keywords import KeywordIndex
from rag.index.spelling import correct
from rag.store import Store
from rag.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Army stood down", ["army", "stood", "down"]),
        ("2,595 officers", ["2595", "officers"]),
        ("2595", ["2595"]),
        ("$1,234,567.89", ["1234567.89"]),
        ("3.5% in 2023.", ["3.5", "2023"]),
        ("the 24th, 5G", ["24th", "5g"]),
        ("Hunt's and Hunt\u2019s", ["hunt", "hunt"]),
        ("O\u2019Brien didn't", ["obrien", "didnt"]),
        ("cease-fire", ["ceasefire", "cease", "fire"]),
        ("24-hour", ["24", "hour"]),
        ("U.S. and U.K.", ["us", "uk"]),
        ("Zo\u00eb, Stra\u00dfe", ["zoe", "strasse"]),
        ("\u0434\u0435\u043d\u044c", ["\u0434\u0435\u043d\u044c"]),
        ("snake_case", ["snake", "case"]),
        ("'quoted'", ["quoted"]),
        ("?! --", []),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(text=st.text())
def test_words_of_any_text(text: str) -> None:
    found = words(text)
    assert all(found)
    assert not any(" " in word or "'" in word for word in found)


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("armmy", {"army": 1}, "army"),  # one letter too many
        ("recieve", {"receive": 3, "relieve": 5}, "receive"),  # two letters swapped
        ("bidan", {"biden": 9, "bidet": 1}, "biden"),
        ("governmant", {"government": 1}, "government"),
        ("govermnant", {"government": 1}, "government"),  # 8 letters or more: distance 2
        ("brigde", {"bridge": 1, "brigade": 7}, "bridge"),  # both at distance 1: the same letters
        ("bridgw", {"bridge": 1, "bridgt": 7}, "bridgt"),  # both at distance 1: more frequent
        ("tram", {"trap": 2, "tray": 2}, "trap"),
        ("tran", {"tram": 1}, "tram"),
        ("paris", {"harris": 9}, None),  # another first letter
        ("tax", {"tux": 1}, None),  # too short
        ("bxidgy", {"bridge": 1}, None),  # too far for 6 letters
        ("2594", {"2595": 1}, None),  # numbers are never guessed
        ("covid19", {"covid20": 1}, None),
        ("zzzz", {}, None),
    ],
)
def test_correct(word: str, known: dict[str, int], expected: str | None) -> None:
    assert correct([word], known) == ({word: expected} if expected else {})


@pytest.fixture
def index(
    corpus_dir: Path, config: Config, fake_embedder: Embedder, check_in_this_process: None
) -> Index:
    (corpus_dir / "a.txt").write_text("The ceasefire in Gaza held.\n\nSome 2,595 officers came.\n")
    (corpus_dir / "b.txt").write_text("Gaza officials spoke of officers, officers and officers.\n")
    build_index(config, embedder=fake_embedder)
    return open_index(config, embedder=fake_embedder)


def paths(found: list[tuple[str, float]]) -> list[str]:
    return [chunk_id.partition(":")[0] for chunk_id, _ in found]


def test_forms_of_a_word_are_one(index: Index) -> None:
    assert paths(index.keyword_search("cease-fire", 5)) == ["a.txt"]
    assert paths(index.keyword_search("2595", 5)) == ["a.txt"]
    assert paths(index.keyword_search("officer", 5)) == ["b.txt", "a.txt"]
    assert index.keyword_search("a?!", 5) == []


def test_correction_adds_and_never_replaces(index: Index) -> None:
    assert index.correct_spelling("Did the ceasfire in Gaza?") == {"ceasfire": "ceasefire"}
    assert paths(index.keyword_search("ceasfire", 5)) == ["a.txt"]
    ((_, exact),) = index.keyword_search("ceasefire", 5)
    ((_, guessed),) = index.keyword_search("ceasfire", 5)
    assert guessed == pytest.approx(exact / 2, abs=1e-5)
    assert index.correct_spelling("officers ceasefires holding 2596") == {}


def test_saved_index_is_the_built_one(index: Index, config: Config, tmp_path: Path) -> None:
    store = Store.open_reader(config.index_dir)
    built = KeywordIndex.build(store)
    built.save(tmp_path / "saved")
    loaded = KeywordIndex.load(tmp_path / "saved")
    for text in ("officers in Gaza", "ceasfire", "bridge"):
        assert loaded.search(text, 9, None) == built.search(text, 9, None)
        assert built.search(text, 9, None) == index.keyword_search(text, 9)


@pytest.mark.parametrize(
    ("word", "known", "corrected"),
    [
        ("cabba", "kaba", True),
        ("rowly", "rowley", True),
        ("philips", "filips", True),
        ("zelensky", "selenski", True),
        ("cobb", "kaba", False),
        ("khan", "can", False),  # too short to be known by its sound
        ("kite", "cute", False),
    ],
)
def test_a_word_may_be_spelt_otherwise_and_sound_the_same(
    word: str, known: str, corrected: bool
) -> None:
    assert correct([word], {known: 1, "other": 9}) == ({word: known} if corrected else {})
