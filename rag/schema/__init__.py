r"""The types that flow through On Record, in the order in which they appear.

    Document -> Chunk -> ScoredChunk -> Evidence -> Statement, Citation -> Answer

Lines are numbered from 1 and ranges are inclusive. A line ends at "\n", after CRLF and CR
have become "\n"; no other character ends a line, so the numbers are those of an editor and
of `sed -n`. Offsets count code points of `Document.text`, from 0, end exclusive.
"""

from rag.schema.answers import (
    Answer,
    AnswerEvent,
    Citation,
    Claim,
    Disagreement,
    Draft,
    EventKind,
    Message,
    RefusalReason,
    State,
    StatedDate,
    Statement,
    Timings,
    Tokens,
    Withheld,
)
from rag.schema.documents import (
    Chunk,
    Document,
    Evidence,
    Filters,
    Rendering,
    ScoredChunk,
    ScoredSentence,
)
from rag.schema.reports import (
    IndexReport,
    SkippedFile,
)

__all__ = [
    "Answer",
    "AnswerEvent",
    "Chunk",
    "Citation",
    "Claim",
    "Disagreement",
    "Document",
    "Draft",
    "EventKind",
    "Evidence",
    "Filters",
    "IndexReport",
    "Message",
    "RefusalReason",
    "Rendering",
    "ScoredChunk",
    "ScoredSentence",
    "SkippedFile",
    "State",
    "StatedDate",
    "Statement",
    "Timings",
    "Tokens",
    "Withheld",
]
