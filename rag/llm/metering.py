"""How many tokens a language model reads and writes for one answer."""

from collections.abc import Generator
from contextlib import closing

from rag.llm.model import LanguageModel
from rag.schema import Tokens


class MeteredModel:
    """A `LanguageModel` that counts what passes through it; made for one answer.

    Attributes:
        tokens: Read and written so far, by the model's own `count_tokens`.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.name = model.name
        self.tokens = Tokens()
        self._model = model

    @property
    def context_tokens(self) -> int:
        """See `LanguageModel`."""
        return self._model.context_tokens

    def stream(self, system: str, user: str) -> Generator[str, None, None]:
        """See `LanguageModel`; what was written counts also when the caller leaves early."""
        prompt = self.count_tokens(system) + self.count_tokens(user)
        written: list[str] = []
        try:
            with closing(self._model.stream(system, user)) as pieces:
                for piece in pieces:
                    written.append(piece)
                    yield piece
        finally:
            completion = self.count_tokens("".join(written))
            known = self.tokens
            self.tokens = Tokens(known.prompt + prompt, known.completion + completion)

    def complete(self, system: str, user: str) -> str:
        """See `LanguageModel`."""
        return "".join(self.stream(system, user))

    def count_tokens(self, text: str) -> int:
        """See `LanguageModel`."""
        return self._model.count_tokens(text)
