"""The one way from a question to a checked Answer; every caller uses it."""

from rag.engine.chat import ChatEngine, open_engine, query

__all__ = ["ChatEngine", "open_engine", "query"]
