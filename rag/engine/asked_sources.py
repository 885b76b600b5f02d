"""Whose report a question asks about: "what did the FT say", "summarise the BBC article".

A publisher may also be what the news is about ("who resigned from the BBC?"), so its name counts
as a source only beside words that make it one: before "says", "reports", "article"; after
"according to", "summarise", "in"; on either side of a comparison.
"""

import re
from collections.abc import Sequence

from rag.retrieval import PublisherMention

TEXT = (
    r"(?:articles?|reports?|reporting|stor(?:y|ies)|pieces?|coverage|accounts?|versions?|texts?"
    r"|headlines?|write-?ups?|pages?|websites?|line|take)"
)
TELLS = (
    r"(?:say|report|write|tell|claim|call|describe|mention|state|give|put|quote|cite|explain|note"
    r"|reveal|publish|name|list|date|count|estimate|cover|add|suggest|show|refer|headline|run|carry"
    r"|print|think|make of|treat|present|portray|frame|open|lead with|agree|disagree|differ"
    r"|contradict|have|identify|speak|spell|interview)"
)
TOLD = (
    r"(?:says?|said|reports?|reported|writes?|wrote|puts?|gives?|gave|claims?|claimed|states?"
    r"|stated|notes?|noted|quotes?|quoted|names|named|describes|described|has|tells|told us"
    r"|mentions?|mentioned|calls|called)"
)
_SUMMARY = r"(?:summ?[ae]r\w+|sum up|overview|recap|gist|digest|main points|key points|tl;?dr)"
_ADVERB = r"(?:\w+ly |also |both |each |all |itself |themselves |even |ever |then )*"
# What stands before the first name of a source, and after the last.
_BEFORE = re.compile(
    r"(?:\b(?:according to|as per|per|acc(?:ording)? to|as told by|going by|say|says)"
    rf"|\b(?:reported|published|written|covered|quoted|carried|printed|told|said|named|{TEXT})"
    r"(?: on)? (?:by|in|from|of|at)"
    rf"|\b{_SUMMARY}(?: (?:up|of|from|in|by|me|for me))*"
    r"|\b(?:read|hear|know|learn|quoted?) (?:in|from)"
    rf"|\bcompare(?: {TEXT} (?:of|from|by|in))?)"
    r" (?:both |all )?(?:the )?$",
    re.IGNORECASE,
)
_IN = re.compile(r"(?:^|\s)(?:in|on) (?:both )?(?:the )?$", re.IGNORECASE)
_ASKED = re.compile(
    r"\b(?:did|do|does|has|have|had|would|will|could|can|is|are|was|were) (?:both )?(?:the )?$",
    re.IGNORECASE,
)
_AFTER_TEXT = re.compile(rf"^(?:['’]s?)?(?: (?!of\b|and\b|or\b)[\w-]+)? {TEXT}\b", re.IGNORECASE)
_AFTER_ASKED = re.compile(rf"^ {_ADVERB}{TELLS}\b", re.IGNORECASE)
_AFTER_TOLD = re.compile(rf"^,? {_ADVERB}{TOLD}\b", re.IGNORECASE)
# After "in NAME": the name is complete.
_AFTER_IN = re.compile(
    r"^\s*(?:$|[,.?!;:]|(?:and|or|but|about|on|is|are|was|were|did|does|do|has|have|how|who|what"
    r"|when|where|why|which|say|says|said|show|shows|as)\b)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"^\W*$")
_OPENS = re.compile(r"^\W*(?:the )?$", re.IGNORECASE)
_JOINER = r"(?:and|or|&|vs\.?|versus|with|to|than|from|as|against|but not)"
_TITLE = r"(?:sir|dame|lord|lady|mr|mrs|ms|dr)"
_JOINED_BEFORE = re.compile(
    rf"(?:\s*[,/]|,?\s{_JOINER})\s*(?:also |both |that of |those of |in |by |from |what )*"
    rf"(?:the |{_TITLE} )?$",
    re.IGNORECASE,
)
_JOINED_AFTER = re.compile(
    rf"^(?:['’]s?)?(?: {TEXT})?(?:\s*[,/]|,? {_JOINER}\b)\s*(?:the |{_TITLE} )?", re.IGNORECASE
)
_LISTED = re.compile(
    rf"^(?:['’]s?)?(?: {TEXT})?\s*(?:,|/|,? {_JOINER})\s*"
    r"(?:also |both |that of |those of |in |by |from |what )*(?:the )?$",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:compar\w*|differ\w*|versus|vs|disagree\w*|contradict\w*|same|agree|unlike|than|higher"
    r"|lower|more|less|fewer|which of|each|both)\b",
    re.IGNORECASE,
)


def read_sources(question: str, mentions: Sequence[PublisherMention]) -> tuple[str, ...]:
    """The publishers that `question` names as those who report, not as what they report on.

    Args:
        question: A standalone one.
        mentions: Where it may name publishers, in order.

    Returns:
        In the order in which they are named; empty when it asks about none.

    Example: "do the BBC and the FT give the same number?" -> ("BBC News", "Financial Times")
    """
    groups = _listed_together(question, mentions)
    chosen = [group for group in groups if _is_source(question, group)]
    certain = [group for group in groups if any(mention.certain for mention in group)]
    if len(certain) > 1 and _COMPARED.search(question):
        chosen = [group for group in groups if group in chosen or group in certain]
    named = [mention for group in chosen for mention in group]
    return tuple(dict.fromkeys(name for mention in named for name in mention.publishers))


def _listed_together(
    question: str, mentions: Sequence[PublisherMention]
) -> list[list[PublisherMention]]:
    """The mentions, those of one list ("the BBC and the FT") together."""
    groups: list[list[PublisherMention]] = []
    for mention in mentions:
        between = question[groups[-1][-1].end : mention.start] if groups else ""
        if groups and _LISTED.match(between):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _is_source(question: str, group: Sequence[PublisherMention]) -> bool:
    """Whether the words around one list of names make them sources."""
    before, after = question[: group[0].start], question[group[-1].end :]
    certain = any(mention.certain for mention in group)
    if _AFTER_TEXT.match(after) or (_ASKED.search(before) and _AFTER_ASKED.match(after)):
        return True
    if certain and len(group) > 1 and _COMPARED.search(question):
        return True
    if _BEFORE.search(before):
        return True
    if _AFTER_TOLD.match(after):
        return certain
    if _IN.search(before) and _AFTER_IN.match(after):
        return certain or before[-4:].lower() == "the "
    alone = _OPENS.match(before) and after[:1] in (":", ",", "-")
    return certain and bool(alone or (before.rstrip()[-1:] in (",", ":") and _ENDS.match(after)))


def without_owner(question: str, start: int, end: int) -> str:
    """`question` without a source's name before "article" and the like; else as it is.

    Example: "summarise the BBC article" -> "summarise the article"
    """
    owned = re.match(rf"(?:['’]s?)? (?={TEXT}\b)", question[end:], re.IGNORECASE)
    return question[:start] + question[end + owned.end() :] if owned else question


def with_only(question: str, spans: Sequence[tuple[int, int]], kept: int) -> str:
    """`question` about one of several that it sets side by side, the others left out.

    Args:
        question: It names each of them.
        spans: Where, in order.
        kept: Place in `spans` of the one that stays.

    Example: "how do the BBC and the FT differ on it" -> "how do the BBC differ on it"
    """
    text = question
    for place in reversed(range(len(spans))):
        if place == kept:
            continue
        before, after = text[: spans[place][0]], text[spans[place][1] :]
        joined = _JOINED_BEFORE.search(before)
        if joined:
            text = before[: joined.start()] + after
        elif following := _JOINED_AFTER.match(after):
            text = before + after[following.end() :]
    return " ".join(text.split())


_SETS_APART = re.compile(
    r"\b(?:compar\w*|contrast\w*|differ\w*|(?:dis)?agree\w*|contradict\w*|versus|vs|same)\b",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"\b(?:about|on|over|regarding)\b (?P<topic>.+)$", re.IGNORECASE)
_COUNT = re.compile(r"(?:the )?(?:number|total|figure|count)s? (?:of|for) (?:the )?", re.IGNORECASE)
_ASKS_MORE = re.compile(
    rf"\bwhat\b.* (?:{TOLD}|{TELLS})\b|.\b(?:how (?:many|much)|who|when|where|why|what did)\b",
    re.IGNORECASE,
)


def what_it_says(whole: str, text: str, name: str) -> str:
    """One side of a comparison, as the question what that side says.

    Args:
        whole: The comparison.
        text: `whole` with one side left out.
        name: The side that is left.

    Example: text "how do the BBC differ on the army", name "BBC" -> "what does BBC say about the
        army?"
    """
    bare = text.rstrip("?!. ")
    if not _SETS_APART.search(whole) or _ASKS_MORE.search(bare):
        return text
    topic = _TOPIC.search(bare)
    count = topic and _COUNT.match(topic["topic"])
    if topic and count:
        return f"how many {topic['topic'][count.end() :]} according to {name}?"
    return f"what does {name} say about {topic['topic']}?" if topic else f"what does {name} say?"
