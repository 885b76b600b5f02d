"""What form an answer has: one fact, a list, a comparison, or a summary.

Rules over the question's words, the first that fits: a summary is asked for in so many words or
by "what happened"; a comparison by "compare", "difference", "versus"; a list by "list", "name all",
"which ...s", "what are". Everything else asks for a fact, which may be a time.
"""

import re
from typing import Literal

Shape = Literal["fact", "list", "comparison", "summary"]

_SUMMARY = re.compile(
    r"\b(?:(?:summar(?:y|ise|ize)|sum (?:it |this |that )?up|overview|recap|gist|tl;?dr"
    r"|in a nutshell|main points|key points|bring me up to (?:speed|date)|catch me up|fill me in"
    r"|what(?:'s| is|s) (?:going on|the story|this (?:all )?about|it (?:all )?about|up)"
    r"|tell me (?:everything|all|the story|about)|the whole story)\b"
    r"|what (?:has |actually |exactly )*happened(?: so far| here| then)?\W*$)",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)|differ(?:s|ence|ences|ent|ently|ing)?|versus|vs|disagree"
    r"|contradict(?:s|ions?)?|conflicting|more than the other|side by side|who says what)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^\W*(?:(?:please |can you |could you )?(?:list|name|enumerate)\b|give me (?:a list|all|every)"
    r"|(?:what|who) (?:are|were) (?:all )?the\b|which (?:other )?\w+s\b)"
    r"|\b(?:all (?:of )?the \w+s|every \w+ (?:that|who|which)|everyone who|who else|what else"
    r"|which ones)\b",
    re.IGNORECASE,
)

_WHEN = re.compile(
    r"^\W*(?:(?:so|and|but|ok|exactly|since|until|till|by|from|up to) )*wh?ens?\b"
    r"|\bwhen(?: exactly)?\W*(?:$|,)|\b(?:since|until|till|from|by) when\b"
    r"|\b(?:what|which)(?: exact)?"
    r" (?:date|day|weekend|week|month|year|time|moment|decade|period)s?\b"
    r"|\bhow (?:long|soon|much time) (?:ago|after|before|since|has|have|had|between)\b"
    r"|\bhow (?:old|fresh|recent) (?:is|are) (?:the|this|that|those|these)\b"
    r"|\bbefore or after\b|\b(?:what|which)\b.{0,40}\b(?:came|happened|was|is) first\b"
    r"|\bbetween .+ how (?:long|much time)\b"
    r"|^\W*(?:exact )?(?:date|day|year)\b|\b(?:date|day|year) (?:of|when|that)\b",
    re.IGNORECASE,
)


def asks_when(question: str) -> bool:
    """Whether `question` asks for a time.

    Example: "when was he charged?" -> True
    """
    return bool(_WHEN.search(question))


# What a summary may be of without naming its subject.
_ANY_SUBJECT = re.compile(
    r"\b(?:a|an|the|this|that|it|me|us|of|for|please|can|could|you|give|short|brief|quick|whole|full"
    r"|story|stories|news|articles?|reports?|situation|events?|everything|all|so|far)\b",
    re.IGNORECASE,
)


def subject_of_summary(question: str) -> str:
    """What a question asks to be summarised; "" when it names nothing.

    Example: "summarise the story of the ferry" -> "ferry"
    """
    rest = _ANY_SUBJECT.sub(" ", _SUMMARY.sub(" ", question))
    return " ".join(rest.split())


def shape_of(question: str) -> Shape:
    """The form of the answer that `question` asks for.

    Example: "which forces sent officers?" -> "list"
    """
    if _SUMMARY.search(question):
        return "summary"
    if _COMPARISON.search(question):
        return "comparison"
    return "list" if _LIST.search(question) else "fact"
