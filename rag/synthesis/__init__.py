"""Evidence -> draft statements, quoted or written by a language model; and the answer's text."""

from rag.synthesis.extractive import (
    NO_SUPPORT,
    draft_extracts,
    format_date,
    render_answer,
    source_label,
)
from rag.synthesis.generative import prepare_prompt, write_statements

__all__ = [
    "NO_SUPPORT",
    "draft_extracts",
    "format_date",
    "prepare_prompt",
    "render_answer",
    "source_label",
    "write_statements",
]
