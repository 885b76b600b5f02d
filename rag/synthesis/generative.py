"""Evidence -> statements written by a language model, as they arrive.

    passages -> prompt -> pieces of text -> parsed statements

Nothing here is checked: what the model says is a draft until `rag.verification` has found it in
the lines that it was shown.
"""

from collections.abc import Generator, Sequence
from contextlib import closing

from rag.llm import LanguageModel
from rag.markers import ParsedStatement, StatementParser
from rag.prompts import Passage, Prompt, build_prompt

# More evidence makes small models worse and large ones slower; the best is kept in any case.
MAX_PROMPT_TOKENS = 6_000


def prepare_prompt(
    question: str, passages: Sequence[Passage], model: LanguageModel, *, answer_tokens: int
) -> Prompt:
    """The prompt for `question` over `passages`; with the answer it fits the model's context."""
    budget = min(model.context_tokens - answer_tokens, MAX_PROMPT_TOKENS)
    return build_prompt(question, passages, budget_tokens=budget, count_tokens=model.count_tokens)


def write_statements(
    model: LanguageModel, prompt: Prompt
) -> Generator[ParsedStatement, None, None]:
    """The model's statements one by one; closing the generator ends the request.

    Raises:
        ModelError: When the model fails; the statements before stay valid as drafts.
    """
    parser = StatementParser()
    with closing(model.stream(prompt.system, prompt.user)) as pieces:
        for piece in pieces:
            yield from parser.feed(piece)
    yield from parser.close()
