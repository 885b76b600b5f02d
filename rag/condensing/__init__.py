"""Question + history -> the standalone question that is searched, its parts, and small talk.

Rules only, no model: `preamble` finds the question in a long text, `cleaning` makes one line of it,
`mending` spells the words that ask and the names, `agreement` finds what sources are to agree on,
`small_talk` tells what is no question, `parts` takes several questions apart, `turns` makes each
whole with the turns before it: `shorthand` spells out what is typed as to a friend, `follow_ups`
resolves one after another, with names from their answers by `answered`. Under them `parsing` finds
phrases with the word lists of `vocabulary`; `pronouns`, `antecedents`, `substitution`, `ellipsis`,
`which_ones` and `leaning` are the rules for one kind of follow-up.
"""

from rag.condensing.agreement import agreed_on
from rag.condensing.cleaning import clean_question
from rag.condensing.follow_ups import new_words
from rag.condensing.mending import capitalise_names, is_common, mend_asking, mend_names
from rag.condensing.parts import MAX_PARTS, split_question
from rag.condensing.preamble import without_preamble
from rag.condensing.small_talk import SmallTalk, SmallTalkKind, describe_corpus, small_talk
from rag.condensing.turns import FollowUp, condense_follow_up, condense_parts, in_context

__all__ = [
    "MAX_PARTS",
    "FollowUp",
    "SmallTalk",
    "SmallTalkKind",
    "agreed_on",
    "capitalise_names",
    "clean_question",
    "condense_follow_up",
    "condense_parts",
    "describe_corpus",
    "in_context",
    "is_common",
    "mend_asking",
    "mend_names",
    "new_words",
    "small_talk",
    "split_question",
    "without_preamble",
]
