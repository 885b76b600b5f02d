"""Mistyped words that ask and misspelt names are spelt; everything else stays as it was typed."""

from collections.abc import Collection

import pytest
from conftest import WordEmbedder

from rag import Config
from rag.condensing import capitalise_names, is_common, mend_asking, mend_names
from rag.index import Index, build_index, open_index

KNOWN = frozenset("officers army police review story bbc ft".split())


def unknown_words(text: str) -> Collection[str]:
    return [word for word in text.split() if word not in KNOWN]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat happend?", "what happened?"),
        ("sumarize teh story", "summarize the story"),
        ("Waht did teh FT say", "What did the FT say"),
        ("wen did it start", "when did it start"),
        ("whihc officers", "which officers"),
        ("acording to the bbc", "according to the bbc"),
        ("the differnce betwen them", "the difference between them"),
        ("compre the BBC and the FT", "compare the BBC and the FT"),
        ("a breif sumary", "a brief summary"),
        ("thnaks", "thanks"),
        ("who is the comissioner", "who is the commissioner"),  # whom "he" may stand for
        ("which deparments", "which departments"),
    ],
)
def test_slips_are_mended(typed: str, meant: str) -> None:
    assert mend_asking(typed, unknown_words) == meant


@pytest.mark.parametrize(
    "question",
    [
        "Did Lisa go home?",  # one letter from "list"
        "who is Wen Li",  # a name, by its capital
        "tell me about tehran",
        "what did the swimers do",  # the search corrects words of the news
        "wot did he say",
        "who said what to whom, and when?",
        "whats up with the army",
        "",
    ],
)
def test_what_is_no_slip_stays(question: str) -> None:
    assert mend_asking(question, unknown_words) == question


def test_a_word_that_the_articles_have_stays() -> None:
    assert mend_asking("the wat of Angkor", lambda text: []) == "the wat of Angkor"


ARTICLES = {
    "one.txt": "Police on the ferry\n\nMark Rowley met Chris Kaba. Sir Peter Fahy, no officer,"
    " chartered a charter boat. Wayne Couzens came too, said Ms O’Neill of Streatham.\n",
    "two.txt": "More on the ferry\n\nMr Rowley said that the rock was hit. Beyoncé Carter sang."
    " A MACA was sent.\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("names")
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in ARTICLES.items():
        (corpus / name).write_text(text, encoding="utf-8")
    config = Config(corpus_dir=corpus, index_dir=folder / "index")
    build_index(config, embedder=WordEmbedder())
    return open_index(config, embedder=WordEmbedder())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("What happened to Chris Cabba?", "What happened to Chris Kaba?"),
        ("what happened to Cris Cabba?", "what happened to Chris Kaba?"),
        ("Cabba's boat, Cabba said", "Kaba's boat, Kaba said"),
        ("when was chris cabba there", "when was chris Kaba there"),
        ("What did Rowly say?", "What did Rowley say?"),
        ("what did rowly say", "what did Rowley say"),
        ("what did Sir Mark Rowly say", "what did Sir Mark Rowley say"),
        ("What did Commissioner Rowly say?", "What did Commissioner Rowley say?"),
        ("who is wayne cousins", "who is wayne Couzens"),
        ("Was Peter Fahey there?", "Was Peter Fahy there?"),
        ("Where is Streatam?", "Where is Streatham?"),
        ("Who is Beyonsé Carter?", "Who is Beyoncé Carter?"),
    ],
)
def test_a_misspelt_name_is_spelt_as_the_articles_do(typed: str, meant: str, index: Index) -> None:
    assert mend_names(typed, index) == meant


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What did Chris Cable say?", id="the same first name"),
        pytest.param("What did Chris Rowly say?", id="the first name of somebody else"),
        pytest.param("What did Gordon Rowly say?", id="a first name that nobody has"),
        pytest.param("What did Mark Powley say?", id="another first letter"),
        pytest.param("What did Rowlex say?", id="another letter"),
        pytest.param("who ate the sock", id="an ordinary word that the articles do not hold"),
        pytest.param("is the kabba there", id="no name after 'the'"),
        pytest.param("what did the polise do", id="no name"),
        pytest.param("Who is Mark Rowley?", id="spelt rightly"),
        pytest.param("", id="empty"),
    ],
)
def test_another_name_stays(question: str, index: Index) -> None:
    assert mend_names(question, index) == question


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("what did rowley say", "what did Rowley say"),
        ("where was chris kaba", "where was Chris Kaba"),  # a given name too
        ("what did wayne couzens' boss say", "what did Wayne Couzens' boss say"),
        ("was the rock hit", "was the rock hit"),
        ("who is Sir Peter Fahy", "who is Sir Peter Fahy"),
        ("did the police charter it", "did the police charter it"),  # "Police" opens a sentence
        ("what did nobody say", "what did nobody say"),
        ("what is a MACA", "what is a MACA"),
        ("", ""),
    ],
)
def test_a_name_in_small_letters_is_written_as_the_articles_do(
    typed: str, spelt: str, index: Index
) -> None:
    assert capitalise_names(typed, index) == spelt


def test_a_common_word_is_no_name(index: Index) -> None:
    assert is_common("Ferry", index)
    assert not is_common("Rowley", index)
