"""How a thing stands, by pairs of states of which only one can be: "in custody", "on bail".

1. A question about such a pair names one of its states or its matter ("is he locked up?", "can you
   drive over the bridge?").
2. Each likely answer that tells one state and not the other speaks for it; what is denied speaks
   for the other one. What hangs on an "if" or "may" speaks for none.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.comparison.findings import Difference
from rag.comparison.sayings import Saying
from rag.comparison.wordings import Side


class Pair(NamedTuple):
    """Two states that exclude each other.

    Attributes:
        asked: What a question about them holds.
        yes, no: What a sentence holds that tells one or the other.
        last: Which of them may have come after the other: "yes", "no", "either" or "neither".
    """

    asked: re.Pattern[str]
    yes: re.Pattern[str]
    no: re.Pattern[str]
    last: str


def _pair(asked: str, yes: str, no: str, last: str) -> Pair:
    rules = [re.compile(rf"\b(?:{rule})\b", re.IGNORECASE) for rule in (asked, yes, no)]
    return Pair(rules[0], rules[1], rules[2], last)


_NOT = r"(?:not|never|n't|nothing|no|nobody|none|neither|yet to|without)"
_PAIRS = (
    _pair(
        r"alive|dead|dies?|died|surviv\w+|condition|pull through|ok(?:ay)?|living",
        r"died|dies|dead|was killed|were killed|succumbed|passed away|pronounced dead|fatal\w*",
        r"alive|surviv\w+|critical(?:ly)?|stable|in hospital|intensive care|recovering|unhurt"
        r"|unharmed|in good health",
        "yes",
    ),
    _pair(
        r"custody|bail|jail|prison|locked up|behind bars|free|freed|released?|held|detained"
        r"|let go|inside|at large|out",
        r"in custody|remanded|behind bars|being held|was held|still held|detained|in a cell"
        r"|in jail|in prison|kept in",
        r"on bail|bailed|given bail|granted bail|released|freed|set free|at liberty"
        r"|walked free|let go",
        "either",
    ),
    _pair(
        r"find|finds|found|missing|trace|located?|turned up|recovered?|lost|located",
        r"(?:was|were|been|is|are|had) (?:\w+ )?(?:found|located|recovered|rescued)|turned up"
        r"|found (?:safe|alive|dead|in|on|at|near)|police found|recovered (?:from|in|on)",
        rf"no trace|(?:{_NOT}) (?:\w+ )?(?:been )?(?:found|located|recovered)|still missing"
        r"|remains? (?:missing|unaccounted)|without (?:result|success|a trace)|looking for"
        r"|searching for|in search of|search for .{1,60} called off",
        "yes",
    ),
    _pair(
        r"open|opened|reopen\w*|clos\w+|shut|use|using|cross|drive|access|get (?:in|into|over)"
        r"|visit|passable",
        r"re-?open(?:ed|s)?|(?:has|have|had) been open|(?:is|are|was|were) (?:now "
        r"|again )?open|open (?:to|again|for)|back in use",
        r"(?:is|are|was|were|been|remains?|stays?|stay|still) (?:\w+ )?(?:closed|shut)|(?:will"
        r"|to) (?:stay|remain) (?:closed|shut)|sealed off|not carried|closed (?:to|since|until"
        r"|for)|out of use",
        "either",
    ),
    _pair(
        r"sign(?:ed|s|ing|ature)?|done deal|agreed|contract|finali[sz]ed",
        r"(?<!not )(?:was|were|been|is|has|have|had) (?:\w+ )?signed|signed(?: (?:on|late|at"
        r"|and|in|by)|,)|put (?:his|her|their) names?",
        rf"{_NOT} (?:\w+ ){{0,3}}sign(?:ed|ing)?|signatures? (?:were|was|are|is) not|unsigned"
        r"|not (?:yet )?(?:final|binding)|nothing binding",
        "yes",
    ),
    _pair(
        r"minister|secretary|post|job|office|manager|coach|leader|chief|chair\w*|resign\w*"
        r"|quit|sacked|fired|still|in charge|stay\w*|leav\w+|left|gone|going",
        r"resign(?:ed|s)|quit|stepped down|steps down|stood down|was sacked|was fired"
        r"|was dismissed|left (?:the |her |his )?(?:post|job|office|government)|has gone"
        r"|out of a job",
        r"remains? (?:\w+ ){0,2}(?:minister|secretary|manager|chief|leader|coach|chair\w*"
        r"|director|in (?:post|office|charge|place))|still in (?:post|office|charge)"
        r"|stays? (?:on|in)|stayed on|kept (?:his|her) job|at (?:his|her) desk|(?:will|would"
        r"|did) not (?:resign|step down|quit)|never left|staying|refused to (?:resign|quit|go)",
        "yes",
    ),
    _pair(
        r"sacked|fired|dismiss\w+|resign\w*|quit|walk(?:ed|s)?(?: out)?|pushed|jump\w*|leave"
        r"|left|go|went|part(?:ed|ing)|forced out",
        r"was sacked|were sacked|sacked|was fired|was dismissed|dismissing|dismissed|axed"
        r"|was pushed|forced out|told (?:him|her) (?:he|she) was (?:out|fired)",
        r"resigned|resigns|walked out|quit|stepped down|letter of resignation|of (?:his"
        r"|her) own accord|not pushed|handed in (?:his|her) notice",
        "neither",
    ),
    _pair(
        r"guilty|convicted|acquitted|cleared|verdict|found",
        r"convicted|found guilty|pleaded guilty|was guilty|jailed|sentenced",
        r"acquitted|cleared|not guilty|found innocent|case .{0,30}(?:dropped|dismissed"
        r"|collapsed)",
        "neither",
    ),
    _pair(
        r"approv\w+|pass(?:ed)?|back(?:ed)?|reject\w+|block\w+|cleared|go-?ahead|allow\w+"
        r"|vote\w*|permi\w+",
        r"approved|passed|given the go-?ahead|waved through|green light|(?:was|were"
        r"|been) cleared|granted|voted (?:for|in favour)",
        r"rejected|blocked|turned down|voted (?:down|against)|refused|thrown out|vetoed"
        r"|defeated",
        "either",
    ),
    _pair(
        r"cancel\w*|call(?:ed)? off|go(?:ing|es)? ahead|take place|happen\w*|scrap\w+"
        r"|postpon\w+|on|still on|off",
        r"go(?:es|ing)? ahead|will take place|will be held|went ahead|as planned|press(?:ed"
        r"|ing)? ahead",
        r"cancel(?:led|s|ling)|called off|scrapped|postponed|abandoned|shelved"
        r"|will not (?:take place|go ahead)",
        "no",
    ),
    _pair(
        r"run|running|operat\w+|sail\w*|fly\w*|working|service|back|resum\w+|suspend\w+"
        r"|restored",
        r"resum(?:ed|es|ing)|back in (?:service|operation)|running (?:again|normally)|restored"
        r"|operating (?:again|normally)|sailing again",
        r"suspended|out of (?:service|action)|laid up|halted|not (?:running|sailing|operating"
        r"|working)|no (?:trains|ferries|flights|buses|service)|cut off|grounded",
        "either",
    ),
    _pair(
        r"kn[eo]w\w*|told|aware|inform\w+",
        r"(?:was|were|been|had been) (?:\w+ )?(?:told|informed|warned|briefed|made aware)"
        r"|knew (?:about|of|that)|was aware|were aware",
        r"known nothing|knew nothing|nobody had told|no one had told|(?:not"
        r"|never) (?:been )?(?:told|informed|aware|known?|briefed)|unaware|no knowledge"
        r"|no idea|first (?:heard|learn\w+)",
        "neither",
    ),
    _pair(
        r"warn\w*|sirens?|alarms?|alert\w*|announce\w*|notice",
        r"(?:was|were|been) (?:\w+ )?(?:warned|alerted|sounded)|sounded|went off|rang"
        r"|told (?:over|by)|had been told|gave (?:a |the )?warning|warned (?:people|residents"
        r"|passengers)",
        rf"{_NOT} (?:\w+ ){{0,2}}(?:sirens?|alarms?|warnings?|alerts?|announcements?|notice)"
        r"|did not (?:sound|go off|ring)|stayed silent|failed to (?:sound|go off)|contain no"
        r"|unannounced",
        "neither",
    ),
    _pair(
        r"talk\w*|contact\w*|approach\w*|spoke\w*|met|meet\w*|sounded out|negotiat\w+|offer\w*"
        r"|bid\w*",
        r"terms were discussed|had (?:already )?(?:dined|met|spoken|talked)|(?:was|were"
        r"|been) (?:\w+ )?(?:approached|contacted)|talks (?:were|had been|have been)"
        r"|made an? (?:offer|bid|approach)",
        r"spoken to nobody|(?:not|never) (?:\w+ )?(?:approached|contacted|spoken|met|talked)"
        r"|brushed aside|rejected claims|no (?:talks|contact|approach|offer|bid)|never made",
        "neither",
    ),
    _pair(
        r"appeal\w*",
        r"(?:has |have )?(?:applied for leave|lodged an appeal|appealed|launched an appeal)"
        r"|will appeal|to appeal against",
        r"(?:not|never) (?:be )?appeal\w*|no appeal|respected the verdict"
        r"|accept\w* the verdict",
        "neither",
    ),
)
_HEDGED = re.compile(r"\b(?:if|could|might|unless|whether|would have|until)\b", re.IGNORECASE)
# A hedge so many characters before a state makes it no state.
_REACH = 40


class Opposed(NamedTuple):
    """The sentences for each of two states, and how they differ: "time" if one may follow."""

    yes: list[Side]
    no: list[Side]
    difference: Difference


def opposed_sides(question: str, sayings: Sequence[Saying]) -> Opposed | None:
    """The sentences for one and the other of two states that the question asks about, or None."""
    for pair in _PAIRS:
        if not pair.asked.search(question):
            continue
        told = [side for saying in sayings if (side := _side(pair, saying)) is not None]
        yes, no = [s for s in told if s.yes], [s for s in told if not s.yes]
        if yes and no:
            follows = _may_follow(pair.last, yes, no)
            return Opposed(yes, no, "time" if follows else "contradiction")
    return None


def _may_follow(last: str, yes: Sequence[Side], no: Sequence[Side]) -> bool:
    """Whether the days of the documents allow that the state changed from one to the other."""
    days = [[side.saying.evidence.document.published for side in sides] for sides in (yes, no)]
    if any(day is None for sides in days for day in sides):
        return False
    first, second = ([day for day in sides if day] for sides in days)
    yes_last, no_last = min(first) > max(second), min(second) > max(first)
    return (last in ("yes", "either") and yes_last) or (last in ("no", "either") and no_last)


def _side(pair: Pair, saying: Saying) -> Side | None:
    """The state that a sentence tells, when it tells one of the two alone."""
    no = _told(pair.no, saying.text)
    yes = _told(pair.yes, saying.text)
    if no is not None and (yes is None or no.start() <= yes.start() < no.end()):
        found, positive = no, False
    elif yes is not None and no is None:
        found, positive = yes, True
    else:
        return None
    first, last = saying.place_at(found.start()), saying.place_at(found.end() - 1)
    return Side(saying, first, last, positive)


def _told(rule: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first place of a text that tells a state as a fact."""
    for match in rule.finditer(text):
        if not _HEDGED.search(text, max(0, match.start() - _REACH), match.start()):
            return match
    return None
