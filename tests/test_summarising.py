"""Summaries: the openings of the articles, or the sentences nearest to what is asked about."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import index_articles

from rag import Config
from rag.embedding import get_embedder
from rag.index import Index, open_index
from rag.reading import Question
from rag.reading.summarising import summarise
from rag.retrieval import Retriever, merge_neighbours

ARTICLES = {
    "gull.txt": (
        "The town of Norham closed its old bridge on Monday for repairs.\n"
        "\n"
        "The repair of the bridge will take two years, the town hall said.\n"
        "\n"
        "Traders fear that their sales will fall by half in the meantime.\n"
        "\n"
        "Is that the end?\n"
        "\n"
        "The baker Mia Holm wants help for the traders from the town.\n"
    ),
    "radio.txt": (
        "A new ferry line to Norham opened on Tuesday with two boats.\n"
        "\n"
        "The tickets for the ferry cost two euros for grown-up people.\n"
    ),
}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return index_articles(tmp_path_factory.mktemp("summaries"), ARTICLES)


@pytest.fixture(scope="module")
def index(config: Config) -> Iterator[Index]:
    with open_index(config) as opened:
        yield opened


def summary(config: Config, index: Index, text: str, limit: int) -> list[str]:
    retriever = Retriever(index, get_embedder(config))
    vector = retriever.embedder.embed([text])[0]
    chunks = retriever.retrieve_vector(text, vector, k=20)
    passages = merge_neighbours([scored.chunk for scored in chunks])
    return [item.text for item in summarise(Question(text, vector, chunks, passages), index, limit)]


def test_a_whole_story_is_told_by_its_openings(config: Config, index: Index) -> None:
    found = summary(config, index, "summarise the story", 2)
    assert sorted(text.split()[0] for text in found) == ["A", "The"]
    assert "closed its old bridge" in " ".join(found)


def test_a_part_is_told_by_what_is_near_to_it(config: Config, index: Index) -> None:
    found = summary(config, index, "summarise what the traders fear", 3)
    assert any("Traders fear" in text for text in found)
    assert not any("ferry" in text for text in found)


def test_the_order_is_that_of_the_text(config: Config, index: Index) -> None:
    found = summary(config, index, "summary of the repair of the bridge", 8)
    places = [ARTICLES["gull.txt"].find(text) for text in found if text in ARTICLES["gull.txt"]]
    assert places == sorted(places)


@pytest.mark.parametrize("text", ["summarise the story", "summary of the traders"])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_no_more_than_the_limit_and_no_questions(
    config: Config, index: Index, text: str, limit: int
) -> None:
    found = summary(config, index, text, limit)
    assert 1 <= len(found) <= limit
    assert "Is that the end?" not in found


def test_a_part_is_told_oldest_first_by_what_opens_the_articles(tmp_path: Path) -> None:
    articles = {
        "a.md": "---\npublished: 2024-05-09\n---\n\n"
        "The bridge at Norham opened again to all cars.\n",
        "b.md": "---\npublished: 2024-05-02\n---\n\nThe bridge at Norham fell into the river.\n\n"
        "A cup was lost.\n\nThe mayor of Norham denied this.\n\nHe blamed the bridge of Norham.\n",
    }
    config = index_articles(tmp_path, articles)
    with open_index(config) as index:
        found = summary(config, index, "summarise the Norham bridge", 3)
    assert [text.split()[-2] for text in found[:1]] == ["the"]  # "into the river"
    assert found[-1] == "The bridge at Norham opened again to all cars."
    assert not [text for text in found if text.startswith("He") or text.endswith("this.")]
