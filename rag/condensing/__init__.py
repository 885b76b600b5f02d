"""Question + history -> the standalone question that is searched, its parts, and small talk.

Rules only, no model: `preamble` finds the question in a long text, `cleaning` makes one line of it,
`mending` spells the words that ask and the names, `small_talk` tells what is no question, `parts`
takes several questions apart, `follow_ups` makes each whole. Under them `parsing` finds phrases
with the word lists of `vocabulary`; `pronouns`, `antecedents`, `substitution`, `ellipsis`
and `leaning` are the rules for one kind of follow-up.
"""

from rag.condensing.cleaning import clean_question
from rag.condensing.follow_ups import condense_parts, new_words
from rag.condensing.mending import mend_asking, mend_names
from rag.condensing.parts import MAX_PARTS, split_question
from rag.condensing.preamble import without_preamble
from rag.condensing.small_talk import SmallTalk, SmallTalkKind, describe_corpus, small_talk

__all__ = [
    "MAX_PARTS",
    "SmallTalk",
    "SmallTalkKind",
    "clean_question",
    "condense_parts",
    "describe_corpus",
    "mend_asking",
    "mend_names",
    "new_words",
    "small_talk",
    "split_question",
    "without_preamble",
]
