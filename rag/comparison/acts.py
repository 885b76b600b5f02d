"""Acts: what news tells in many words ("handed in", "stood down"), and what follows them.

Acts of which one undoes the other are steps of one story, and so are plans and what came of them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

_THING = r"(?:(?:in|over|up|back) )?(?:the |their |his |her |its )?(?:\w+ )?"
_ACT_RULES = {
    "resign": r"resign\w*|quit(?:s|ting)?",
    "dismiss": r"sack(?:s|ed|ing)?|fired (?:by|from|as)|dismissed|lost (?:his|her|their) jobs?",
    "withdraw": r"step(?:s|ped|ping)? (?:back|aside|away)|st(?:and|ood|ands|anding) down"
    rf"|(?:hand|turn|give|gave|given|surrender)(?:s|ed|ing)? {_THING}"
    r"(?:permit|gun|weapon|licen[cs]e|ticket|badge|firearm)\w*"
    r"|(?:hand|turn|giv|gav)(?:e|s|ed|ing)? (?:in|up)"
    r"|down(?:ed|ing)? (?:\w+ )?(?:tools|guns|weapons|arms)"
    r"|laid down|lay(?:ing)? down|walk(?:ed|ing)? out|pull(?:ed|ing)? out",
    "return": r"return(?:s|ed|ing)?|(?:are|were|is|was|be|now|come|came|coming|go|gone|went"
    r"|had gone|going) back|reinstat\w+",
    "resume": r"resum\w+|restart\w*",
    "die": r"pass(?:e[sd])? away|die[sd]?|dying|dead|deaths?|kill(?:s|ed|ing)?|fatal\w*|perish\w*"
    r"|drown(?:ed|ing)|lost their lives|lives (?:were )?lost|death toll|murder(?:ed)?"
    r"|(?:claim|cost|tak)(?:ed|ing|en|s|e)? (?:[\w,]+ ){0,4}lives|took (?:[\w,]+ ){0,4}lives",
    "hurt": r"injur\w+|wounded|hurt|hospitali[sz]ed",
    "arrest": r"arrest\w*|detain\w*|in custody|held (?:by|on|for|over)",
    "release": r"released|freed|let go|bailed",
    "missing": r"missing|unaccounted|disappear\w*",
    "found": r"(?:was|were|been|is) (?:\w+ )?(?:found|located|rescued|recovered)|turned up",
    "cut_jobs": r"(?:cut|cuts|cutting|shed|axe|axed|axing|lose|losing) (?:\S+ ){0,5}?jobs"
    r"|lay(?:ing)? off|laid off|redundan\w+|job (?:cuts|losses)|layoffs?",
    "evacuate": r"evacuat\w+|fled|flee(?:ing)?|displaced|forced (?:out|from)",
    "attend": r"attend\w*|crowd\w*|march(?:ed|ing|ers)?|took part|turn(?:ed)? out|gathered"
    r"|spectators|turnout|demonstrators|protesters",
    "pay": r"pa(?:y|id|ys|ying)|cost\w*|price\w*|worth|bought|buy\w*|acquir\w+|purchas\w+|deal\b"
    r"|takeover|valued|fee\b",
    "offer": r"offer(?:s|ed|ing)?|volunteer(?:s|ed|ing)?|came forward|come forward",
    "request": r"requests?|requested|requesting|asked for"
    r"|(?:was|were|been|to) (?:it |they |he |she )?ask(?:ed)?",
    "shoot": r"shot(?!s)|shoot\w*|gunshot|opened fire|fired (?:a|at|the|into)",
    "charge": r"charg(?:ed|es|ing)|prosecut\w+|murder charge|bring a charge",
    "strike": r"strik(?:e|es|ing|ers)|walk-?outs?|industrial action|protest\w*",
    "close": r"clos(?:ed|ure|ing|es)|shut\w*|suspend\w*",
    "reopen": r"re-?open\w*",
    "standby": r"on standby|standing by|stand-?by|in reserve|mobili[sz]\w+|on alert"
    r"|wait(?:s|ing)? in",
    "end": r"(?:was|were|been|being) stood down|ended|ends(?! up)|come to an end"
    r"|came to an end|no longer|withdrawn|lifted|over by"
    r"|w(?:ind|ound|inds) down|fad(?:es|ed|ing)|extinguished|brought under control"
    r"|not? (?:longer )?needed(?: any)?|put out|stopped",
    "stand_down": r"st(?:ood|ands?|anding) down",
    "cancel": r"cancel\w*|call(?:ed|s|ing)? off|withdr[ae]w(?:s|n)?|scrap(?:ped|s)?|abandon\w*"
    r"|dropped|collapsed|shelved|axed|fell through|broke(?:n)? down|ditched|pulled out|halted"
    r"|postponed|blocked",
    "verdict": r"acquitted|cleared|convicted|found guilty|found not guilty|sentenced|jailed",
    "agree": r"agreed|agreement|struck a deal|accepted|approved|signed",
    "trapped": r"trapped|stranded|stuck",
    "rescued": r"rescued|freed|brought out|pulled (?:out|free|from)",
    "ill": r"critical(?:ly)?|intensive care|in hospital|life support",
    "discharged": r"discharged|recovered|left hospital|went home",
    "burning": r"burning|out of control|raging",
}  # fmt: skip
# How matters stand, where no figure or date is told of it.
_STAGE_RULES = {
    "schedule": r"scheduled|pencilled in|lined up|in the diary",
    "unconfirmed": r"rumou?red|unconfirmed|(?:not|none|nothing|never|yet to) (?:\w+ ){0,3}"
    r"confirm\w*",
    "confirm": r"confirm(?:ed|s)",
    "trial": r"on trial|stands? trial|awaiting trial",
    "talks": r"in talks|in negotiations|negotiating",
    "at_large": r"at large|on the run|manhunt",
    "considered": r"under (?:review|consideration)|being (?:reviewed|considered)"
    r"|awaiting approval",
    "pending": r"(?:expected|yet|still) to (?:close|complete)|pending",
    "completed": r"completed|finali[sz]ed|closed",
    "refused": r"refus(?:ed|es)|rul(?:ed|es) out|den(?:ied|ies)",
    "held": r"(?:was|were|been|is) (?:played|held)|took place|w(?:ent|ill go) ahead|rescheduled",
}  # fmt: skip
_ACTS = {name: re.compile(rf"\b(?:{rule})\b", re.IGNORECASE) for name, rule in _ACT_RULES.items()}
_STAGES = {
    name: re.compile(rf"\b(?:{rule})\b", re.IGNORECASE) for name, rule in _STAGE_RULES.items()
}
# Of two outcomes for one person only one can be: they left in one way.
RIVALS = (
    frozenset({"resign", "withdraw"}),
    frozenset({"resign", "dismiss"}),
    frozenset({"offer", "request"}),
)
# What was so -> what ended or fulfilled it.
SEQUELS: dict[str, frozenset[str]] = {
    "standby": frozenset({"end", "cancel", "stand_down"}),
    "agree": frozenset({"cancel"}),
    "withdraw": frozenset({"return", "resume"}),
    "strike": frozenset({"end", "cancel", "return", "resume"}),
    "arrest": frozenset({"release"}),
    "missing": frozenset({"found", "die"}),
    "close": frozenset({"reopen", "resume"}),
    "trapped": frozenset({"rescued", "die"}),
    "ill": frozenset({"discharged", "die"}),
    "burning": frozenset({"end"}),
    "evacuate": frozenset({"return"}),
    "charge": frozenset({"verdict", "cancel"}),
    "schedule": frozenset({"cancel"}),
    "unconfirmed": frozenset({"confirm"}),
    "trial": frozenset({"verdict", "cancel"}),
    "talks": frozenset({"agree", "cancel"}),
    "at_large": frozenset({"arrest"}),
    "considered": frozenset({"agree", "cancel"}),
    "pending": frozenset({"completed", "cancel"}),
    "refused": frozenset({"agree", "confirm"}),
    "cancel": frozenset({"held"}),
}


@lru_cache(maxsize=4096)
def read_acts(text: str) -> tuple[tuple[str, int, int], ...]:
    """The acts that `text` tells of, each with its offsets, in order.

    Example: "They stood down, then returned." -> withdraw 5-15, return 22-30
    """
    return _read(_ACTS, text)


@lru_cache(maxsize=4096)
def read_stages(text: str) -> tuple[tuple[str, int, int], ...]:
    """The acts and stages ("in talks", "at large") that `text` tells of, in order."""
    return _read({**_ACTS, **_STAGES}, text)


def _read(rules: Mapping[str, re.Pattern[str]], text: str) -> tuple[tuple[str, int, int], ...]:
    found = [
        (name, match.start(), match.end())
        for name, rule in rules.items()
        for match in rule.finditer(text)
    ]
    return tuple(sorted(found, key=lambda act: act[1:]))
