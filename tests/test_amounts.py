"""Questions for an amount: only a sentence that gives any answers them."""

import pytest
from conftest import index_articles

from rag import ChatEngine, Config, open_engine
from rag.reading.amounts import amounts_first, asks_amount, gives_amount
from rag.relevance import shipped_calibration
from rag.schema import Document, Evidence


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many officers stepped back?", True),
        ("so how much did the repair cost", True),
        ("what percentage voted", True),
        ("what is the exact number of members", True),
        ("number of goals this season", True),
        ("how much of a risk is it", False),
        ("what does he think about how much people trust the council", False),
        ("how much people pay for water", True),
        ("how much people died", True),
        ("how many people came", True),
        ("how old is the bridge", False),
        ("what number did he wear", True),
        ("who counted the votes", False),
        ("", False),
    ],
)
def test_asks_amount(question: str, asked: bool) -> None:
    assert asks_amount(question) == asked


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("More than 100 officers stepped back.", True),
        ("Dozens of officers stepped back.", True),
        ("Most of them stepped back.", True),
        ("It is the third time this year.", True),
        ("Nobody was hurt.", True),
        ("Half the seats were empty.", True),
        ("It is run by the councils of Norham, West Bay and Lund.", True),
        ("The council met at 10:30.", False),
        ("Officers stepped back.", False),
        ("", False),
    ],
)
def test_gives_amount(text: str, given: bool) -> None:
    assert gives_amount(text) == given


def first(question: str, *texts: str, chance: float = 0.5) -> list[str]:
    document = Document("a.txt", "x\n", "0" * 64)
    evidence = [Evidence(document, 1, 1, 0, len(text), text, 1.0, chance) for text in texts]
    return [item.text for item in amounts_first(question, evidence, 0.1)]


REJECTED = "The force has rejected reports that all 2,595 officers stepped back."
SOME = "Up to 300 officers stepped back."


def test_a_rejected_figure_comes_last() -> None:
    assert first("how many stepped back", REJECTED, SOME) == [SOME, REJECTED]
    assert first("did all of them step back?", REJECTED, SOME) == [REJECTED, SOME]


def test_a_rejected_figure_leads_before_what_hardly_answers() -> None:
    assert first("how many stepped back", REJECTED, SOME, chance=0.05) == [REJECTED, SOME]


def test_money_is_no_length() -> None:
    cost, length = "The bridge cost £3.1m.", "The bridge is 200 metres long."
    asked = "The bridge is as long as before."
    assert first("how long is the bridge?", cost, length, asked) == [length, asked]
    assert first("how much did the bridge cost?", cost, asked) == [cost]


ARTICLE = """The firm repaired the old bridge over the river.

The workers of the firm repaired the bridge in the summer.

The mayor thanked the workers who had repaired the bridge.
"""


@pytest.fixture
def engine(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> ChatEngine:
    folder = tmp_path_factory.mktemp("amounts")
    config = index_articles(folder, {"bridge.txt": request.param})
    return open_engine(config)


@pytest.mark.parametrize("engine", [ARTICLE], indirect=True)
def test_without_an_amount_nothing_answers(engine: ChatEngine) -> None:
    with engine:
        assert engine.query("how many workers repaired the bridge?").state != "answered"
        assert engine.query("who repaired the bridge?").state == "answered"


@pytest.mark.parametrize(
    "engine", [ARTICLE + "\nForty of them worked on the repair.\n"], indirect=True
)
def test_what_is_quoted_gives_an_amount(engine: ChatEngine) -> None:
    with engine:
        answer = engine.query("how many workers repaired the bridge?")
    assert all(gives_amount(statement.text) for statement in answer.statements)


def test_without_the_part_it_is_as_before(tmp_path_factory: pytest.TempPathFactory) -> None:
    config = index_articles(tmp_path_factory.mktemp("amounts"), {"bridge.txt": ARTICLE})
    without: Config = config.model_copy(update={"without": frozenset({"amounts", "refusal"})})
    with open_engine(without) as engine:
        assert engine.query("how many workers repaired the bridge?").state == "answered"


PLACES = "Norham Lund Wick Ayr Perth Leeds York Bath Hull Ely Kent Fife Rye Deal Hove Ryde".split()


def test_what_was_not_read_never_leads(tmp_path_factory: pytest.TempPathFactory) -> None:
    sayings = [f"The {who} of {place} repaired the bridge."
               for who in ("workers", "crew") for place in PLACES]  # fmt: skip
    # With the one that is rejected as many as are read: the zoo's prices are not.
    near = "\n\n".join(sayings[: shipped_calibration().top - 1])
    far = "\n\n".join(f"Tickets for the zoo of {place} cost 5 pounds." for place in PLACES)
    rejected = "The firm rejected reports that forty workers repaired the bridge."
    text = f"{near}\n\n{rejected}\n\n{far}\n"
    with open_engine(
        index_articles(tmp_path_factory.mktemp("amounts"), {"bridge.txt": text})
    ) as engine:
        answer = engine.query("how many workers repaired the bridge?")
    assert answer.statements[0].text == rejected
