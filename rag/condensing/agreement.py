"""Questions whether the sources agree -> the question that they are to agree on.

"Do the sources agree on how many were hurt?" is answered by those who tell how many were hurt; that
they are asked to agree says nothing about the news, and only leads the search astray.
"""

import re

_SOURCES = (
    r"(?:(?:all|both|any|most) )?(?:of )?(?:(?:the|these|those|your|all|both|different) )*"
    r"(?:sources|reports|articles|papers|newspapers|outlets|accounts|stories|media|press|publications"
    r"|journalists|versions|documents)"
)
_ON = r"(?:on|about|over|regarding|as to|when it comes to|concerning)"
_AGREE = (
    r"(?:(?:all|really|actually) )?(?:agree|disagree|differ|conflict|contradict (?:each other"
    r"|one another)|say the same(?: thing)?|tell the same(?: story)?|match|give the same)"
)
_FRAMES = tuple(
    re.compile(rf"^\W*(?:(?:and|so|but|ok) )*{frame} (?P<inner>\S.+)$", re.IGNORECASE)
    for frame in (
        rf"(?:do|does|did) {_SOURCES} {_AGREE} {_ON}",
        rf"(?:do|does|did) {_SOURCES} {_AGREE}"
        r"(?= (?:who|what|when|where|why|how|which|whether|if)\b)",
        rf"(?:are|is) {_SOURCES} (?:agreed|in agreement|at odds|consistent|unanimous) {_ON}",
        rf"(?:is|was) there (?:any |a |much )?(?:agreement|disagreement|contradiction|difference"
        rf"|discrepancy|consensus|dispute|conflict)(?: (?:between|among|in) {_SOURCES})? {_ON}",
        rf"(?:how|where) do {_SOURCES} {_AGREE} {_ON}",
        rf"what do {_SOURCES} {_AGREE} {_ON}",
    )
)  # fmt: skip
_IF = re.compile(r"^if(?: or not)? ", re.IGNORECASE)


def agreed_on(question: str) -> str:
    """What the sources are to agree on, as a question; "" for a question of another kind.

    Example: "Do the reports agree on how many died?" -> "how many died?"
    """
    for frame in _FRAMES:
        match = frame.match(question)
        if match:
            return _IF.sub("whether ", match["inner"])
    return ""
