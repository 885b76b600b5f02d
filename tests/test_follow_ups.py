"""Follow-ups with words that no list knows, and after follow-ups that added something."""

import pytest

from rag.condensing import condense_parts, in_context
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
    # what words are
    (["who is lund"], "why cant they name him", "Why cant they name lund?"),
    (["who usually gets a grant"], "and when was it used before?", "When was a grant used before?"),
    (["how much has nordline raised in total"], "who started it", "Who started nordline?"),
    (["how much did simply homes raise"], "who led it", "Who led simply homes?"),
    (["did reilly resign"], "why", "Why did reilly resign?"),
    (["who granted the order"], "when was that", "When was the order granted?"),
    (["how many cases of flu are there in norham"], "did any of them die?",
     "Did any of the cases of flu in norham die?"),
    (["how many cases of flu are there in norham"], "and leeds?",
     "How many cases of flu are there in leeds?"),
    # what pronouns stand for
    (["what is the inquiry into school meals about"], "who ordered it",
     "Who ordered the inquiry into school meals?"),
    (["will the strike end"], "did holm think its enough", "Did holm think the strike is enough?"),
    (["did the court look into the bank"], "does lund want it changed",
     "Does lund want the bank changed?"),
    (["who founded nordline"], "how many people work there", "How many people work at nordline?"),
    (["who founded nordline", "how many people work there"], "what did lund do before that",
     "What did lund do before founding nordline?"),
    (["has lund been charged"], "what about his company", "Has lund's company been charged?"),
    # bare questions
    (["what did bo lund say"], "whos that?", "Who is bo lund?"),
    (["did the bridge close"], "who was that", "Did the bridge close, and who?"),
    (["who founded nordline"], "when was that", "When was nordline founded?"),
    (["who became mayor"], "when", "Who became mayor, and when?"),
    (["how much did nordline lose"], "why so much", "Why did nordline lose so much?"),
    (["has lund been fined"], "how many times", "How many times has lund been fined?"),
    (["has lund been fined", "how many times"], "where?", "Where has lund been fined?"),
    (["when did bo lund die"], "what of?", "What did bo lund die of?"),
    (["did the minister meet anyone"], "who with?", "Who did the minister meet with?"),
    (["how much is lunds contract worth"], "for how many years",
     "For how many years is lunds contract?"),
    (["has holm been in charge long?"], "since when", "Since when has holm been in charge?"),
    # fragments
    (["how much did nordline lose"], "and the year before?",
     "How much did nordline lose the year before?"),
    (["how much does lund earn"], "more than holm?", "How much does lund earn, more than holm?"),
    (["how much does lund earn", "more than holm?"], "and ruiz?",
     "How much does lund earn, more than ruiz?"),
    # what is left open, and what is not
    (["what did judge holm rule about lund"], "how long is the ruling",
     "How long is the ruling (lund)?"),
    (["what is lund asking for", "when was the letter published"], "what else does it say",
     "What else does the letter say about lund?"),
    (["what did lund say"], "does holm agree?", "Does holm agree with lund?"),
    (["who is running the inquiry"], "did the minister know beforehand",
     "Did the minister know beforehand (running the inquiry)?"),
    (["is lund in charge"], "and who was that holm guy", "and who was that holm guy"),
    (["who was that holm guy"], "what did he say", "What did holm say?"),
    (["what did lund say"], "ok different question, how many ships sank", "how many ships sank"),
    # what no pronoun stands for
    (["when did lund become mayor"], "how's he doing", "How is lund doing?"),
    (["when did lund become mayor"], "who was it before him", "Who was it before lund?"),
    (["who shot mia holm"], "did they find a gun",
     "Did the people who shot mia holm find a gun?"),
    (["were the nurses on strike"], "so what was it then",
     "What was it then (the nurses on strike)?"),
    (["were the nurses on strike", "how many took part"], "are they back",
     "Are the nurses on strike back?"),
    (["who helped the council"], "are they still there",
     "Are the council still there?"),
    (["what did the letter say about the bank"], "who got it", "Who got the letter?"),
    (["when will the army go home"], "is that official",
     "Is that official (the army going home)?"),
    (["what are nurses paid"], "is it voluntary", "Is it voluntary (nurses)?"),
    # quantities and places
    (["why did nurses hand in their badges"], "all of them?",
     "Why did nurses hand in their badges, all of them?"),
    (["why did nurses hand in their badges", "all of them?"], "how many then",
     "How many nurses handed in their badges?"),
    (["did nurses protest in norham"], "how many in leeds", "How many nurses protested in leeds?"),
    (["how many crashes were there last year"], "out of how many flights",
     "How many crashes were there last year, and out of how many flights?"),
    (["is there a photo"], "of what", "Of what is there a photo?"),
    # fragments and what is left out
    (["what is the highest price of beds"], "and the lowest", "What is the lowest price of beds?"),
    (["what did the ministry of health say"], "and no 10", "What did no 10 say?"),
    (["what was the bbc headline"], "and the ft one", "What was the ft headline?"),
    (["is lund guilty"], "was holm", "Was holm guilty?"),
    (["why did lund resign"], "did holm?", "Did holm resign?"),
    # the topic
    (["what happened on monday", "who said so"], "was anyone hurt", "Was anyone hurt on monday?"),
    (["tell me about the norham flood"], "was there a warning",
     "Was there a warning (the norham flood)?"),
    (["tell me about the norham flood"], "was there a flood in leeds",
     "was there a flood in leeds"),
    (["so is norham safe"], "who says", "Who says (norham safe)?"),
    (["how do the bbc and the ft differ on the cost"], "which is newer",
     "Which is newer (the bbc and the ft differ on the cost)?"),
    (["who runs the review"], "how long will it take",
     "How long will it take (running the review)?"),
    (["how many votes went against lund"], "what does holm think",
     "What does holm think about the votes that went against lund?"),
    (["is there a row between norham and leeds"], "who says that",
     "Who says that (a row between norham and leeds)?"),
    (["what did rising street say"], "when will we know", "When will we know (rising street)?"),
    (["what did bo lund do"], "any kids", "Any kids (bo lund)?"),
    (["which police forces were asked for help"], "which said no",
     "Which said no (the police forces asked for help)?"),
    (["why was an officer charged", "when's the trial"], "has he got a name",
     "Has an officer got a name?"),
    (["who is mark lund"], "did she reply", "Did she reply (mark lund)?"),
    (["what is a levy"], "has one been used lately", "Has a levy been used lately?"),
    (["what's the nurses federation", "what's their view"], "and the council's",
     "What is the council's view?"),
    (["what car was lund driving"], "was it his", "Was the car lund was driving lund's?"),
    (["what car was lund driving", "was it his"], "why did they stop him",
     "Why did they stop lund?"),
    (["what day did the army deal end", "how do we know"], "was it on twitter",
     "Was the army deal on twitter?"),
    (["which sources mention special units"], "are they sure", "Are sources sure?"),
    (["when's the inquiry due", "who's in charge of it"], "will it end soon",
     "Will the inquiry end soon?"),
    (["did mia holm's killer work for the bank"], "name?",
     "What is the name of mia holm's killer?"),
    (["did mia holm's killer work for the bank", "name?"], "when did it happen",
     "When did mia holm's killer work for the bank?"),
    (["who wants lund held to account"], "why is that important",
     "Why is that important (wanting lund held to account)?"),
    (["what do you know about lund", "his job"], "and age", "How old is lund?"),
    (["tell me what lund wants changed in law", "on self defence"], "and time limits?",
     "Tell me what lund wants changed on time limits?"),
    (["did the bank talk to a nurse"], "anonymously?", "Did the bank talk to a nurse anonymously?"),
    (["how many nurses left"], "and how many are there in total?",
     "How many are there in total (the nurses that left)?"),
    (["how many beds are there"], "and back in 2018?", "How many beds are there in 2018?"),
    (["can nurses strike"], "not even at night?", "Can nurses strike at night?"),
    (["what did bo lund do for a living"], "whose boat was it?", "Whose boat was it (bo lund)?"),
    (["which towns sent boats"], "and which didnt?", "Which towns didnt send boats?"),
    (["how many talks did lund take part in"], "over what period?",
     "Over what period did lund take part in talks?"),
    (["how many cooks left"], "is that all of them?", "How many cooks left, is that all of them?"),
    (["what did the ex-nurse tell radio 4"], "when did he leave?", "When did the ex-nurse leave?"),
    (["did the nurses protest"], "what did holm call it?",
     "What did holm call it (the nurses protesting)?"),
    (["what did the council say about the police"], "will they come",
     "Will the police come?"),
    (["what happened to mia holm", "by whom?"], "when", "What happened to mia holm, and when?"),
    (["is owning a boat free for nurses"], "who said so",
     "Who said so (owning a boat free for nurses)?"),
    (["how does nordlines new warning system work"], "what did lund say about it",
     "What did lund say about nordlines new warning system?"),
    (["how much did lund say the pier was worth"], "and the big wheel?",
     "How much did lund say the big wheel was worth?"),
    (["what does the bus federation think of the fare"], "no i meant the bus foundation",
     "What does the bus foundation think of the fare?"),
    (["what does the bus federation think of the fare", "and the bus foundation"], "who runs it?",
     "Who runs the bus foundation?"),
    (["what is causing the norham fever"], "what are the symptoms",
     "What are the symptoms (causing the norham fever)?"),
    (["is the norham device expensive"], "when did they sell it",
     "When did they sell the norham device?"),
    (["how many guards left the norham works"], "why", "Why did guards leave the norham works?"),
    (["what did lund ask for in his letter"], "when did it come out",
     "When did lund's letter come out?"),
    (["when did lund take over as commissioner"], "who did he take over from",
     "Who did lund take over from?"),
    (["did guards resign from the Norham Works"], "the farmer, what does he want",
     "What does the farmer want?"),
    (["how many people were hurt in norham"], "who says two",
     "Who says two (the number of people hurt in norham)?"),
    (["where does lund think the rules arent clear"], "why the hurry",
     "Why the hurry (lund thinking the rules arent clear)?"),
    (["are special forces on standby in norham"], "will they be armed",
     "Will special forces on standby in norham be armed?"),
    (["where is the public meeting about the norham works"], "when does it start",
     "When does the public meeting about the norham works start?"),
    (["is it safe to swim in norham"], "who says so", "Who says so (safe to swim in norham)?"),
    (["what state was the boat in"], "can they mend it",
     "Can they mend the state that was the boat in?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "question", "standalone"),
    [pytest.param(*item, id=f"{item[0][-1]} {item[1]}") for item in CONVERSATIONS],
)
def test_follow_ups_are_asked_in_full(earlier: list[str], question: str, standalone: str) -> None:
    history = [Message(role="user", content=text) for text in earlier]
    assert condense_parts([question], history) == [standalone]


# The earlier question and its answer, the follow-up, and the follow-up in full.
ANSWERED = [
    ("who runs Nordline", '"It sank," said Ida Berg, its head. (Coast Radio, undated) [1]',
     "what did she say", "What did Ida Berg say?"),
    ("who runs Nordline", "Nordline Water fined Simon Berg. Ida Berg paid. [1]",
     "when was she hired", "When was Ida Berg hired?"),
    ("who found the wreck", "Bo Lund told the Norham Trust of it. [1]",
     "how did he know", "How did Bo Lund know?"),
    ("who is the bus driver", "The driver, Bo Lund, was hurt. [1]",
     "is his daughter safe", "Is Bo Lund's daughter safe?"),
    ("what was stolen from the museum", "The Norham Cup was taken at night. [1]",
     "how old is it", "How old is the Norham Cup?"),
    # No name that fits: what the question tells stays.
    ("who runs Nordline", "Nordline Water is run by nobody. [1]",
     "what did she say", "What did the person who runs Nordline say?"),
    ("who shot Bo Lund", "Bo Lund was shot. [1]",
     "where is he now", "Where is the person who shot Bo Lund now?"),
    ("who is that Bo guy", "Simon Berg was hurt. [1]", "where is he", "Where is that Bo guy?"),
    ("who runs Nordline", "(Simon Berg, 2 May 2024) [1]",
     "what did he say", "What did the person who runs Nordline say?"),
    ("what was stolen from the museum", "Dr Ida Berg wept. [1]",
     "how old is it", "How old is the thing that was stolen from the museum?"),
]  # fmt: skip


@pytest.mark.parametrize(("earlier", "answer", "question", "standalone"), ANSWERED)
def test_a_name_that_only_the_answer_gives_is_taken_from_it(
    earlier: str, answer: str, question: str, standalone: str
) -> None:
    history = [
        Message(role="user", content=earlier), Message(role="assistant", content=answer)
    ]  # fmt: skip
    common = frozenset(["water", "cup"])
    assert condense_parts([question], history, is_common=common.__contains__) == [standalone]


def test_a_follow_up_in_its_context_leaves_open_what_its_pronoun_means() -> None:
    history = [Message(role="user", content="why did Bo Lund lose the mill")]
    assert in_context("and how much did he owe?", "How much did Bo Lund owe?", history) == (
        "How much did he owe (Bo Lund losing the mill)?"
    )
    assert in_context("how much did she owe", "How much did Ida Berg owe?", history) == (
        "How much did she owe (Bo Lund losing the mill, Ida Berg)?"
    )
    assert in_context("how much did he owe", "How much did he owe?", []) == ""
