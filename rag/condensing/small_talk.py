"""Greetings, thanks and questions about the assistant itself: told from questions about the news.

A text is small talk only when all of it is: each pattern must match from its first to its last
word. Where a real question follows ("thanks, and when did it end?"), that question is handed back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

SmallTalkKind = Literal[
    "greeting", "thanks", "goodbye", "praise", "complaint", "who_are_you", "what_can_you_do",
    "corpus", "chore",
]  # fmt: skip
# Articles that `describe_corpus` names.
MAX_LISTED = 12
_MAX_CHARS, _MAX_WORDS = 200, 4


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What was said beside questions.

    Attributes:
        kind: What sort of small talk.
        reply: One friendly line; "" for "corpus", which `describe_corpus` answers.
        question: The question that follows it in the same text, or "".
    """

    kind: SmallTalkKind
    reply: str
    question: str = ""


_REPLIES: dict[SmallTalkKind, str] = {
    "greeting": "Hello! Ask me anything about the articles, and I will show you the lines.",
    "thanks": "You're welcome. Ask away if there is more you would like to know.",
    "goodbye": "Goodbye, and thanks for your questions.",
    "praise": "Good to hear. What would you like to know next?",
    "complaint": "Sorry about that. Try asking in other words, and check the lines that I cite.",
    "who_are_you": "I am On Record: I answer questions from news articles and cite the exact "
    "lines that say so.",
    "what_can_you_do": "Ask me who, what, when, where or why about the articles; every answer "
    "cites its lines. Ask “what do you have?” to see the articles.",
    "corpus": "",
    "chore": "I only answer questions from the articles, with the lines that say so. Ask “what do "
    "you have?” to see them.",
}
_TO = r"(?: (?:you|there|all|again|mate|everyone|bot|assistant|on record))*"
_HOW = r"(?:how are you(?: doing)?(?: today)?|how's it going|how do you do|nice to meet you)"
_HELLO = rf"(?:hi|hiya|hello|hey|howdy|greetings|good (?:morning|afternoon|evening|day)){_TO}"
_THANKS = (
    r"(?:many thanks|thanks|thank you|thx|thankyou|cheers|ta|much appreciated|i appreciate it)"
    r"(?: (?:a lot|a million|so much|very much|again|mate|anyway|then))*"
    r"(?: for (?:that|this|it|everything|(?:your|the|all your) (?:help|answers?|info|information|"
    r"time|reply)|helping|answering))?"
    r"(?: (?:that|this) (?:helps|helped|is (?:helpful|great|perfect)))?"
)
_IS = r"(?:that|this|it|you)(?: (?:is|was|are|were)|'s|'re)"
_PRAISE = (
    rf"(?:(?:{_IS} )?(?:very |really |so |a )?(?:great|brilliant|excellent|perfect|good|lovely|"
    r"awesome|amazing|helpful|nice|fantastic|wonderful|cool|useful|impressive|clever)"
    r"(?: (?:answer|answers|job|work|one|stuff|bot))?|well done|(?:that|this) (?:helps|helped)"
    r"(?: a lot)?|i (?:like|love) (?:it|this|that|you)|got it|makes sense|i see|ok|okay|fine|"
    r"fair enough|understood|interesting|wow|ha(?:ha)*|lol)"
)
_COMPLAINT = (
    rf"(?:(?:no )?{_IS} (?:not (?:right|correct|true|helpful|good|very \w+|what i (?:asked|meant))|"
    r"(?:just |just plain |simply |totally |completely |a )?(?:wrong|incorrect|rubbish|nonsense|"
    r"useless|terrible|awful|bad|stupid|unhelpful|mistaken|pathetic|bad answer))|"
    r"(?:bad|wrong|useless|terrible|stupid) (?:answer|bot|thing)|wrong|rubbish|nonsense|useless|"
    r"(?:that|this|you) (?:didn't|doesn't|did not|does not) (?:help|answer|answer (?:it|me|that|my "
    r"question|the question)|work|make (?:any )?sense)|you (?:don't|do not) (?:understand|know "
    r"anything)|i (?:don't|do not) (?:believe|trust) you)"
)
_BYE = (
    r"(?:good ?bye|bye(?: bye)?|see (?:you|ya)(?: (?:later|soon|tomorrow|around))?|cya|"
    r"good ?night|take care|have a (?:nice|good|great) (?:day|evening|weekend|one)|"
    r"that's all(?: (?:for now|thanks))?|that is all|i'm done|no more questions|"
    r"(?:catch|talk to) you later)(?: (?:then|now|for now|mate))?"
)
_WHO = (
    r"(?:(?:so )?(?:who|what)(?: (?:exactly|actually))? (?:are|r) (?:you|u)(?: exactly)?|"
    r"what(?:'s| is) your name|(?:do you have|have you got) a name|"
    r"who (?:made|built|created|wrote|programmed|runs) you|(?:introduce|describe) yourself|"
    r"tell me about yourself|are you (?:an? )?(?:real|real person|bot|robot|chatbot|human|person|"
    r"ai|llm|language model|machine|computer|journalist|chatgpt|gpt|claude|siri))"
)
_CAN = (
    r"(?:(?:so )?what (?:can|do|could) (?:you|u) do(?: for me)?|what can i ask(?: you)?(?: about)?|"
    r"what (?:sort|kind|kinds|sorts) of (?:questions?|things?) can (?:i ask|you answer)(?: you)?|"
    r"how (?:can|could) you help(?: me)?|how (?:do|does) (?:you|this) work|help(?: me)?(?: "
    r"please)?|(?:can|could) you help(?: me)?|how (?:do|can|should) i use (?:you|this|it)|"
    r"what are you (?:for|able to do)|what are your (?:features|abilities|capabilities)|"
    r"why should i trust you|can i trust you)"
)
_THINGS = (
    r"(?:news ?papers?|papers?|articles?|documents?|docs?|files?|sources?|outlets?|publishers?|"
    r"publications?|stories|texts?|topics?|subjects?|news|media|corpus|archive|library|collection|"
    r"database|data|index|information|material)"
)
_HOLD = r"(?:know(?: about| of)?|have|hold|use|read|cover|contain|include|search|cite|quote|got)"
_CORPUS = (
    rf"(?:what (?:do you have|have you got)(?: (?:here|there|in (?:here|there)|for me))?|"
    rf"(?:what|which|how many) (?:(?:sort|kind)s? of )?(?:of )?{_THINGS} (?:do|can|have|did) "
    rf"(?:you|u) {_HOLD}(?: (?:here|there|from))?|"
    rf"(?:what|which|how many) {_THINGS} (?:are (?:there|here|available|included|in (?:here|there|"
    rf"(?:the|your) {_THINGS}))|is there)|"
    rf"what(?:'s| is) in (?:the|your|this|here)(?: {_THINGS})?|"
    rf"what(?: all)? (?:are|is) (?:all )?your {_THINGS}|"
    rf"(?:list|show|name|give|tell)(?: me)?(?: a list of)?(?: all| all of)?(?: of)?(?: your| the| "
    rf"available)? {_THINGS}(?: (?:you|that you) {_HOLD})?|what do you (?:know|know about|cover)|"
    rf"(?:list|show)(?: me)? (?:everything|what you have|what you've got|what's there)|"
    rf"where (?:do|did|does) (?:you|your {_THINGS}) (?:get|come|take)(?: (?:your|this|the|all "
    rf"your|all this) {_THINGS})?(?: from)?)"
)
# Work that other assistants do: jokes, texts, programs, sums, translations; and orders to break the
# rules.
_WORKS = r"(?:jokes?|poems?|songs?|riddles?|recipes?)"
_TEXTS = (
    r"(?:poem|song|joke|essay|email|letter|story|haiku|limerick|script|program|code|function|app|"
    r"website|regex|query)"
)
_SUM = r"[\d ]+(?:times|x|plus|minus|divided by|to the power of)[\d ]+"
_OLD = r"(?:(?:previous|prior|above|earlier|system|former) )?"
_RULES = r"(?:instructions?|prompts?|rules?|guidelines?)"
_TELL = rf"(?:tell|sing|give|make) me (?:a|another|some) {_WORKS}(?: about .*)?"
_WRITE = (
    r"(?:write|code|compose|draft|generate|make|create) (?:me )?(?:a|an|some|my) (?:\w+ )?"
    rf"{_TEXTS}\b.*"
)
_IGNORE = (
    r"(?:ignore|forget|disregard|override) (?:all |any |everything |your |the |my |of )*"
    rf"{_OLD}{_RULES}\b.*"
)
_SHOW = (
    r"(?:print|show|reveal|repeat|output|tell me)(?: me)? (?:your|the) "
    r"(?:system |hidden |initial )?(?:prompt|instructions)"
)
_CHORE = (
    rf"(?:(?:can|could|would) you )?(?:please )?(?:{_TELL}|{_WRITE}|translate .*|"
    rf"(?:what(?:'s| is)|calculate|compute|solve) {_SUM}|{_IGNORE}|{_SHOW})"
)
_POLITE = r"(?:,? ?(?:please|pls|then|thanks|thank you|though|tho|so|well|ok|okay))*"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:ok|okay|so|well|and|oh|ah|no|yes|great|please|right) )?{pattern}"
                      rf"{_POLITE}")  # fmt: skip


_PATTERNS: tuple[tuple[SmallTalkKind, re.Pattern[str]], ...] = (
    ("who_are_you", _whole(_WHO)),
    ("what_can_you_do", _whole(_CAN)),
    ("corpus", _whole(_CORPUS)),
    ("chore", _whole(_CHORE)),
    ("thanks", _whole(_THANKS)),
    ("goodbye", _whole(_BYE)),
    ("complaint", _whole(_COMPLAINT)),
    ("praise", _whole(_PRAISE)),
    ("greeting", _whole(rf"(?:{_HELLO}|{_HOW}|{_HELLO} {_HOW})")),
)
_CHAT = ("greeting", "thanks", "praise", "complaint", "goodbye")
_MARKS = re.compile(r"[^\w\s'’&-]+")
_CUT = re.compile(r"[,.!;:?–—-]+\s*(?:(?:and|but|so|now|ok|okay)\b[\s,]*)?|\s+(?:and|but)\s+|\s+(?="
                  r"(?:who|what|when|where|why|how|which|did|does|is|are|was|were|has|have)\b)",
                  re.IGNORECASE)  # fmt: skip
_MAX_CUTS = 4


def small_talk(question: str) -> SmallTalk | None:
    """What `question` says beside asking about the news; None when it is a question.

    Example: "thanks, and when did it end?" -> kind "thanks", question "when did it end?"
    """
    kind = _kind(question)
    if kind is not None:
        return SmallTalk(kind, _REPLIES[kind])
    first: SmallTalkKind | None = None
    start = 0
    for number, cut in enumerate(_CUT.finditer(question[:_MAX_CHARS])):
        if number >= _MAX_CUTS:
            break
        said = _kind(question[start : cut.start()])
        if said not in _CHAT:
            break
        first, start = first or said, cut.end()
        kind = _kind(question[start:])
        if kind is not None:
            return SmallTalk(kind, _REPLIES[kind])
    rest = question[start:].strip()
    if first is None or not rest:
        return None
    if first == "complaint":  # "no, that's wrong, I meant the FT": a correction
        return None
    return SmallTalk(first, _REPLIES[first], rest)


def _kind(text: str) -> SmallTalkKind | None:
    """The kind of a text that is small talk from end to end; of the last of several."""
    if len(text) > _MAX_CHARS:
        return None
    plain = " ".join(_MARKS.sub(" ", text.lower().replace("’", "'")).split())
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(plain):
            return kind
    said = plain.split()
    for cut in range(1, len(said) if len(said) <= _MAX_WORDS else 0):  # "ok thanks bye"
        last = _kind(" ".join(said[cut:]))
        if last in _CHAT and _kind(" ".join(said[:cut])) in _CHAT:
            return last
    return None


def describe_corpus(documents: Sequence[tuple[str, str | None, date | None]]) -> str:
    """What the corpus holds, newest first, undated articles last; at most 12 are named.

    Args:
        documents: Title, publisher and day of publication of each article.

    Example: [("Army stands down", "BBC News", date(2023, 9, 26))] ->
        "I have 1 article: Army stands down (BBC News, 26 September 2023)."
    """
    if not documents:
        return "I have no articles yet. Put some into the corpus folder and run `rag index`."
    ordered = sorted(documents, key=lambda item: (
        -(item[2].toordinal() if item[2] else 0), (item[1] or "").casefold(), item[0].casefold()
    ))  # fmt: skip
    publishers = sorted({item[1] for item in ordered if item[1]}, key=str.casefold)
    count = f"{len(ordered):,} article{'' if len(ordered) == 1 else 's'}"
    if len(ordered) == 1:
        return f"I have {count}: {_entry(ordered[0])}."
    origin = (
        f", from {len(publishers):,} publishers"
        if len(publishers) > 1
        else (
            f", all from {publishers[0]}" if publishers and all(item[1] for item in ordered) else ""
        )
    )
    more = len(ordered) - MAX_LISTED
    lines = [f"- {_entry(item)}" for item in ordered[:MAX_LISTED]]
    if more > 0:
        lines.append(f"and {more:,} more")
    return "\n".join([f"I have {count}{origin}:", *lines])


def _entry(document: tuple[str, str | None, date | None]) -> str:
    title, publisher, published = document
    day = f"{published.day} {published:%B %Y}" if published else "no date"
    return f"{title or 'Untitled'} ({publisher}, {day})" if publisher else f"{title} ({day})"
