"""Follow-ups with words that no list knows, and after follow-ups that added something."""

import pytest

from rag.condensing import condense_parts
from rag.schema import Message

# Verbs that no list knows, what a question asks for, and what earlier follow-ups added.
CONVERSATIONS = [
    (["will lund pitch next season"], "when will he be back", "When will lund be back?"),
    (["was lund armed"], "who charged him", "Who charged lund?"),
    (["is nordline obeying the order"], "why not", "Why is nordline not obeying the order?"),
    (["how many runs did leeds score"], "and york?", "How many runs did york score?"),
    (["what did holm plead guilty to"], "and lund?", "What did lund plead guilty to?"),
    (
        ["what review did the minister announce"],
        "when will it be done",
        "When will the review the minister announced be done?",
    ),
    (
        ["which ferry is third biggest"],
        "who owns it",
        "Who owns the ferry that is third biggest?",
    ),
    (
        ["what did the ministry say about sending troops"],
        "is that normal",
        "Is sending troops normal?",
    ),
    (
        ["did the officer go to court", "which day"],
        "which court was it",
        "Which day did the officer go to court, and which court?",
    ),
    (["cheapest season ticket 2024"], "and the year before?", "Cheapest season ticket 2023?"),
    (["How many ferries sank in 2021?"], "and a year later?", "How many ferries sank in 2022?"),
    (
        ["how many ferries does nordline have"],
        "and trucks?",
        "How many trucks does nordline have?",
    ),
    (["ferry ticket price"], "norham?", "Norham (ferry ticket price)?"),
    (["ferry ticket price", "norham?"], "gulls?", "Gulls (ferry ticket price)?"),
    (["dearest seat in the stand"], "really? not boxes?", "Boxes (dearest seat in the stand)?"),
    (
        ["who won the by-election in norham", "by how much"],
        "who did they beat",
        "Who did the people who won the by-election in norham beat?",
    ),
    (
        ["who founded nordline", "what was he doing before"],
        "why did he leave",
        "Why did the person who founded nordline leave?",
    ),
    (
        ["who hit the winning six", "how many did he get"],
        "what about lund?",
        "How many did lund get?",
    ),
    (["how many died in the norham flood"], "what caused it", "What caused the norham flood?"),
    (["what is ozempic"], "any side effects", "Any side effects (ozempic)?"),
    (["did lund win the vote"], "how close was it", "How close was the vote?"),
    (["Who wrote the report?"], "is it public", "Is the report public?"),
    (["who signed the letter"], "who was it sent to", "Who was the letter sent to?"),
    (["what are the new rules on vaping"], "who do they affect",
     "Who do the new rules on vaping affect?"),
    (["did the bank of norham close"], "and the fed?", "Did the fed close?"),
    (["is the bridge open yet"], "when will it", "When is the bridge open?"),
    (["did lund go to court"], "and?", "Did lund go to court?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "question", "standalone"),
    [pytest.param(*item, id=f"{item[0][-1]} {item[1]}") for item in CONVERSATIONS],
)
def test_follow_ups_are_asked_in_full(earlier: list[str], question: str, standalone: str) -> None:
    history = [Message(role="user", content=text) for text in earlier]
    assert condense_parts([question], history) == [standalone]
