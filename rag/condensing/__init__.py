"""Question + history -> the standalone question that is searched, its parts, and small talk.

Rules only, no model: `cleaning` makes one line of what was typed, `mending` spells the words that
ask, `small_talk` tells what is no question, `parts` takes several questions apart, `follow_ups`
makes each whole. Under them `parsing` finds phrases with the word lists of `vocabulary`;
`pronouns`, `antecedents`, `substitution` and `ellipsis` are the rules for one kind of follow-up.
"""

from rag.condensing.cleaning import clean_question
from rag.condensing.follow_ups import condense_parts, new_words
from rag.condensing.mending import mend_asking
from rag.condensing.parts import MAX_PARTS, split_question
from rag.condensing.small_talk import SmallTalk, SmallTalkKind, describe_corpus, small_talk

__all__ = [
    "MAX_PARTS",
    "SmallTalk",
    "SmallTalkKind",
    "clean_question",
    "condense_parts",
    "describe_corpus",
    "mend_asking",
    "new_words",
    "small_talk",
    "split_question",
]
