"""Numbers, dates, names and quoted phrases of a text, each with its offsets.

Every stage that compares what texts say reads them here, so that "2,595", "two million" and "last
September" mean the same everywhere.
"""

from rag.values.dates import DateMention, date_agrees, date_words, read_dates
from rag.values.names import TITLES, Lexicon, Name, long_form, read_lexicon, read_names
from rag.values.numbers import Number, read_numbers
from rag.values.tokens import Token, plain, plain_letters, tokenize
from rag.values.wording import (
    DENIALS,
    OPPOSITES,
    Quote,
    is_negation,
    iter_negations,
    read_quotes,
)

__all__ = [
    "DENIALS",
    "OPPOSITES",
    "TITLES",
    "DateMention",
    "Lexicon",
    "Name",
    "Number",
    "Quote",
    "Token",
    "date_agrees",
    "date_words",
    "is_negation",
    "iter_negations",
    "long_form",
    "plain",
    "plain_letters",
    "read_dates",
    "read_lexicon",
    "read_names",
    "read_numbers",
    "read_quotes",
    "tokenize",
]
