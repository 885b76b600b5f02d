"""Inside a plain LlamaIndex program: a retriever and a query engine whose nodes carry lines."""

import asyncio
from collections.abc import Iterator

import pytest

from rag import ChatEngine, Config, open_engine


@pytest.fixture
def engine(config: Config) -> Iterator[ChatEngine]:
    with open_engine(config) as opened:
        yield opened


def test_a_llamaindex_program_retrieves_and_synthesizes(engine: ChatEngine) -> None:
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.response_synthesizers import get_response_synthesizer

    retriever = engine.as_retriever(k=2)
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve("What does the repair of the bridge cost?")
    assert len(nodes) == 2
    for scored in nodes:
        node = scored.node
        document = engine.document(node.metadata["path"])
        assert document is not None
        lines = document.lines(node.metadata["first_line"], node.metadata["last_line"])
        assert node.get_content() == lines
        assert document.text[node.start_char_idx : node.end_char_idx] == lines
    program = RetrieverQueryEngine(
        retriever=retriever,
        response_synthesizer=get_response_synthesizer(llm=MockLLM(max_tokens=5)),
    )
    assert len(program.query("What does the repair cost?").source_nodes) == 2


def test_the_query_engine_gives_checked_answers(engine: ChatEngine) -> None:
    from llama_index.core.base.base_query_engine import BaseQueryEngine

    query_engine = engine.as_query_engine()
    assert isinstance(query_engine, BaseQueryEngine)
    response = query_engine.query("How many ferries did Nordline put into service?")
    assert "three more ferries" in str(response)
    first = response.source_nodes[0].node
    assert first.metadata["publisher"] == "Coast Radio"
    assert first.metadata["published"] == "2024-03-15"
    assert (first.metadata["first_line"], first.metadata["last_line"]) == (7, 7)
    assert response.metadata["answer"]["answered"] is True
    later = asyncio.run(query_engine.aquery("How many ferries did Nordline put into service?"))
    assert str(later) == str(response)
