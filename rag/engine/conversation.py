"""The conversation that a caller hands in: checked, and folded into a standalone question."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rag.condensing import (
    FollowUp,
    capitalise_names,
    clean_question,
    condense_follow_up,
    condense_parts,
    is_common,
    mend_asking,
    split_question,
)
from rag.config import Config
from rag.errors import ModelError
from rag.llm import LanguageModel
from rag.prompts import build_condense_prompt, read_standalone
from rag.retrieval import Retriever
from rag.schema import Message
from rag.words import content_stems

ROLES = ("user", "assistant")


def check_history(history: Sequence[Message]) -> Sequence[Message]:
    """`history` as it is, when it is a list of messages.

    Raises:
        TypeError: When it is no list, or something in it is no message.
        ValueError: When a role is unknown. Either names the place and what is expected there.
    """
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Sequence):
        raise TypeError(f"history is {_kind(history)}; {_EXPECTED}")
    for place, turn in enumerate(history):
        name = f"history[{place}]"
        if not isinstance(turn, Mapping):
            raise TypeError(f"{name} is {_kind(turn)}; {_EXPECTED}")
        for key in ("role", "content"):
            if key not in turn:
                raise ValueError(f"{name} has no {key!r}; {_EXPECTED}")
            if not isinstance(turn[key], str):
                raise TypeError(f"{name}[{key!r}] is {_kind(turn[key])}; it must be a string")
        if turn["role"] not in ROLES:
            raise ValueError(
                f"{name}['role'] is {turn['role']!r}; it must be 'user' or 'assistant'"
            )
    return history


_EXPECTED = "give a list of {'role': 'user' or 'assistant', 'content': text}, oldest first"


def _kind(value: object) -> str:
    return "None" if value is None else f"of type {type(value).__name__}"


class Condensed(NamedTuple):
    """A question made standalone.

    Attributes:
        standalone: The question, whole.
        parts: What it asks, each part standalone.
        follow_up: The other forms of a follow-up of one part; None for anything else.
    """

    standalone: str
    parts: list[str]
    follow_up: FollowUp | None = None


def condense(
    question: str,
    history: Sequence[Message],
    retriever: Retriever,
    config: Config,
    model: LanguageModel | None,
) -> Condensed:
    """The standalone question and its parts; written by the model where there is one.

    Args:
        question: Cleaned and mended.
        history: Oldest first; turns that were refused as too long are left out.
        retriever: Knows the words of the articles, and their publishers.
        config: The limits, and what is left out.
        model: None for rules alone.
    """
    earlier: list[Message] = []
    if "follow_ups" not in config.without:
        limit = config.max_question_chars
        earlier = [
            turn if turn["role"] != "user" else
            Message(role="user", content=_spelt(turn["content"], retriever))
            for turn in history
            if turn["role"] != "user" or len(turn["content"]) <= limit
        ]  # fmt: skip
    if earlier and model is not None:
        prompt = build_condense_prompt(question, earlier)
        try:
            reply = model.complete(prompt.system, prompt.user)
        except ModelError:
            pass  # the rules below do without it, and the answer itself will say what is wrong
        else:
            standalone = clean_question(read_standalone(reply, question))
            return Condensed(standalone, _split(standalone, config))
    outlets = retriever.publisher_forms()
    if not earlier:
        parts = condense_parts(_split(question, config), (), outlets)
        return Condensed(question, parts)
    index = retriever.index
    spelt = capitalise_names(question, index)
    parts, context = condense_follow_up(
        spelt, _split(spelt, config), earlier, outlets, lambda word: is_common(word, index)
    )
    standalone = " ".join(parts)
    follow_up = None
    if len(parts) == 1:
        to_look_for = standalone != spelt and content_stems(spelt)
        follow_up = FollowUp(
            spelt if to_look_for and "typed" not in config.without else "",
            "" if "in_context" in config.without else context,
        )
    return Condensed(question if standalone == spelt else standalone, parts, follow_up)


def _spelt(question: str, retriever: Retriever) -> str:
    """A question with the words that ask, and the names of the articles, as they are spelt."""
    mended = mend_asking(question, retriever.index.unknown_words)
    return capitalise_names(mended, retriever.index)


def _split(question: str, config: Config) -> list[str]:
    """The parts of `question` that are searched each by itself."""
    return [question] if "question_parts" in config.without else split_question(question)
