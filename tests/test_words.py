"""How words are compared: small letters, no accents, stems; and from several threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.words import content_stems, stems, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("The Met's 2,595 officers", ["met", "2595", "officers"], id="numbers"),
        pytest.param("a cease-fire", ["ceasefire", "cease", "fire"], id="hyphen"),
        pytest.param("U.S. troops", ["us", "troops"], id="acronym"),
        pytest.param("Café MÜLLER", ["cafe", "muller"], id="accents and capitals"),
        pytest.param("don\u2019t won't", ["dont", "wont"], id="apostrophes"),
        pytest.param("3.5 million, 5g", ["3.5", "million", "5g"], id="decimal point"),
        pytest.param("the of and", [], id="stop words"),
        pytest.param("… — !?", [], id="no word"),
        pytest.param("", [], id="empty"),
        pytest.param("not now", ["not", "now"], id="not is a word"),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_words_without_joined_compounds() -> None:
    assert words("a cease-fire", join_compounds=False) == ["cease", "fire"]


def test_stems() -> None:
    assert stems(["officers", "officer", "closing", "2595"]) == ["offic", "offic", "close", "2595"]
    assert content_stems("The officers closed the roads") == ("offic", "close", "road")


def test_threads_get_the_stems_that_one_thread_gets() -> None:
    texts = [f"closing {word}ings of the {word}ers" for word in ("walk", "build", "paint")] * 50
    expected = [stems(words(text)) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: stems(words(text)), texts)) == expected
