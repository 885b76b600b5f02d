"""On Record as parts of a LlamaIndex program: a retriever and a query engine.

Nodes carry where their lines stand: `path`, `first_line`, `last_line`, `publisher`, `title`,
`published` (ISO date) and `document_hash`, for those that the document has; `start_char_idx` and
`end_char_idx` are offsets in the document's stored text.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.schema import Citation, Document, Filters

if TYPE_CHECKING:
    from rag.engine import ChatEngine


class OnRecordRetriever(BaseRetriever):
    """The engine's hybrid search as a LlamaIndex retriever.

    Args:
        engine: An open engine.
        k: How many chunks a retrieval returns at most.
        filters: Which documents may be used.
    """

    def __init__(self, engine: "ChatEngine", *, k: int, filters: Filters | None) -> None:
        super().__init__()
        self._engine = engine
        self._k = k
        self._filters = filters

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._engine.search(query_bundle.query_str, self._k, filters=self._filters)
        nodes = []
        for scored in found:
            chunk = scored.chunk
            document = self._engine.document(chunk.path)
            if document is None:  # the index was replaced between the two calls
                continue
            lines = range(chunk.first_line, chunk.last_line + 1)
            node = _node(chunk.text, document, lines, (chunk.start_char, chunk.end_char))
            nodes.append(NodeWithScore(node=node, score=scored.score))
        return nodes


class OnRecordQueryEngine(BaseQueryEngine):
    """The engine's checked answers as a LlamaIndex query engine.

    `Response.source_nodes` are the cited lines in the order of their numbers, and
    `Response.metadata["answer"]` is the whole Answer as a dict.
    """

    def __init__(self, engine: "ChatEngine", *, filters: Filters | None) -> None:
        super().__init__(callback_manager=None)
        self._engine = engine
        self._filters = filters

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._engine.query(query_bundle.query_str, filters=self._filters)
        nodes = [
            NodeWithScore(
                node=_node(
                    citation.quote,
                    citation,
                    range(citation.first_line, citation.last_line + 1),
                    (citation.start_char, citation.end_char),
                ),
                score=1.0,
            )
            for citation in answer.citations
        ]
        return Response(
            response=answer.text, source_nodes=nodes, metadata={"answer": answer.to_dict()}
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def _node(text: str, origin: Document | Citation, lines: range, span: tuple[int, int]) -> TextNode:
    """A node of the lines of `origin`, whose offsets are `span`."""
    first_line, last_line = lines[0], lines[-1]
    metadata = {
        "path": origin.path,
        "first_line": first_line,
        "last_line": last_line,
        "title": origin.title,
        "publisher": origin.publisher,
        "published": origin.published.isoformat() if origin.published else None,
        "document_hash": origin.document_hash,
    }
    return TextNode(
        id_=f"{origin.path}:{first_line}-{last_line}",
        text=text,
        start_char_idx=span[0],
        end_char_idx=span[1],
        metadata={name: value for name, value in metadata.items() if value is not None},
    )
