"""The language model that may write the answers, behind one small protocol.

config -> get_language_model -> LanguageModel, or None when answers are quoted instead. Importing
this package loads neither llama_index nor openai; the first call does.
"""

from rag.llm.metering import MeteredModel
from rag.llm.model import LanguageModel, get_language_model
from rag.llm.tokens import estimate_tokens

__all__ = ["LanguageModel", "MeteredModel", "estimate_tokens", "get_language_model"]
