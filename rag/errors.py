"""The errors that On Record raises.

    RagError                      shown to the user as one line
    ├── ConfigError               a setting that cannot be used
    ├── CorpusError               an article or a corpus folder that cannot be used
    ├── IndexNotFoundError        there is no index where one was expected
    ├── IndexMismatchError        the index was made with another model, chunking or schema
    ├── IndexBusyError            another process is writing the index
    └── ModelError                a model that cannot be loaded or does not answer

Each message says what is wrong, with the numbers, and what to do next. A refusal to answer
is not an error: it is an `Answer`.
"""


class RagError(Exception):
    """Base of all errors of this package; its text is fit to be shown to the user."""


class ConfigError(RagError):
    """A setting that cannot be used."""


class CorpusError(RagError):
    """An article or a corpus folder that cannot be used."""


class IndexNotFoundError(RagError):
    """There is no index where one was expected."""


class IndexMismatchError(RagError):
    """The index was made with another embedding model, chunking or schema."""


class IndexBusyError(RagError):
    """Another process is writing the index; the message names it."""


class ModelError(RagError):
    """A model that cannot be loaded or does not answer.

    Attributes:
        retryable: Whether the same call may succeed when made again.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
