"""Questions before they are searched: cleaned, made standalone, and taken apart."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.condensing import (
    MAX_PARTS,
    clean_question,
    condense_parts,
    in_context,
    new_words,
    split_question,
)
from rag.schema import Message


def user(text: str) -> Message:
    return Message(role="user", content=text)


def assistant(text: str) -> Message:
    return Message(role="assistant", content=text)


def condensed(question: str, history: Sequence[Message]) -> str:
    return condense_parts([question], history)[0]


@pytest.mark.parametrize(
    ("question", "cleaned"),
    [
        pytest.param("  who\n\tis \r\n he? ", "who is he?", id="white space"),
        pytest.param("who\x00is\x1b[31m he?", "who is [31m he?", id="control characters"),
        pytest.param("Nord\u00adline", "Nordline", id="soft hyphen inside a word"),
        pytest.param("co\u200boperate\ufeff", "cooperate", id="zero width"),
        pytest.param("\u202eabc\u202c", "abc", id="direction override"),
        pytest.param("a\udcffb", "a b", id="half of a surrogate pair"),
        pytest.param("naïve “quote” – 5€", "naïve “quote” – 5€", id="visible ones stay"),
        pytest.param("\x00\u200b\n", "", id="nothing visible"),
        pytest.param("a\u2028b\x85c\u00a0d", "a b c d", id="other line breaks"),
    ],
)
def test_clean_question(question: str, cleaned: str) -> None:
    assert clean_question(question) == cleaned


@given(st.text(max_size=80))
def test_a_cleaned_question_is_one_line_that_can_be_printed(question: str) -> None:
    cleaned = clean_question(question)
    assert cleaned == clean_question(cleaned)
    assert cleaned.encode("utf-8").decode("utf-8") == " ".join(cleaned.split())


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param("and Lee Jasper?", "Lee Jasper", id="and"),
        pytest.param("What about the FT then?", "the FT", id="what about"),
        pytest.param("no, i meant the second charge", "the second charge", id="a correction"),
        pytest.param("2015?", "2015", id="a year"),
        pytest.param("why?", "", id="a bare question"),
        pytest.param("and what did Jasper say?", "", id="a whole question"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_new_words(question: str, words: str) -> None:
    assert new_words(question) == words


FERRY = "How many boats did Nordline add?"


@pytest.mark.parametrize(
    ("question", "history", "standalone"),
    [
        pytest.param("And why?", [user(FERRY)], "Why did Nordline add boats?", id="follow-up"),
        pytest.param("And why?", [], "And why?", id="no history"),
        pytest.param(
            "Who found a crack in the main cable?",
            [user(FERRY)],
            "Who found a crack in the main cable?",
            id="a question of its own",
        ),
        pytest.param(
            "And why?",
            [user(FERRY), assistant("Nordline hired 900 spies.")],
            "Why did Nordline add boats?",
            id="an answer is never carried over",
        ),
        pytest.param(
            "And why?",
            [user("Who is Mia Holm?"), user(FERRY)],
            "Why did Nordline add boats?",
            id="the last",
        ),
        pytest.param("And why?", [assistant("Hello.")], "And why?", id="only the assistant"),
        pytest.param("And why?", [user("\x00\n")], "And why?", id="an empty turn"),
        pytest.param(
            "And why?", [user("How\x00many\nboats?")], "How many boats, and why?", id="cleaned"
        ),
    ],
)
def test_condense_one_part(question: str, history: list[Message], standalone: str) -> None:
    assert condensed(question, history) == standalone


# Earlier questions, the follow-up, and what a person would have asked instead of both.
CONVERSATIONS = [
    (
        ["What did the BBC say about the strike?"],
        "what about the FT?",
        "What did the FT say about the strike?",
    ),
    (
        ["what did the bbc say about chris kaba"],
        "and the ft?",
        "What did the ft say about chris kaba?",
    ),
    (
        ["How many people marched in Leeds?"],
        "and in Manchester?",
        "How many people marched in Manchester?",
    ),
    (["How many homes were built in 2021?"], "And in 2022?", "How many homes were built in 2022?"),
    (
        ["How many homes were built in Wales?"],
        "and in 2022?",
        "How many homes were built in Wales in 2022?",
    ),
    (["What was the first charge?"], "And the second?", "What was the second charge?"),
    (
        ["What was the first charge against Doyle?"],
        "no, i meant the second charge",
        "What was the second charge against Doyle?",
    ),
    (["Did the army leave the city?"], "why?", "Why did the army leave the city?"),
    (["When did the strike at Heathrow start?"], "why?", "Why did the strike at Heathrow start?"),
    (["Who shot Marta Ruiz?"], "why?", "Why was Marta Ruiz shot?"),
    (["Who shot Marta Ruiz?"], "when was that?", "When was Marta Ruiz shot?"),
    (["Who resigned from the board?"], "why?", "Who resigned from the board, and why?"),
    (["Who resigned from the board?"], "who else?", "Who else resigned from the board?"),
    (["How many jobs will Ford cut in Germany?"], "when?", "When will Ford cut jobs in Germany?"),
    (
        ["Were any passengers hurt in the crash?"],
        "how many?",
        "How many passengers were hurt in the crash?",
    ),
    (["Who was arrested in Leeds?"], "how many?", "How many people were arrested in Leeds?"),
    (["Has anyone been charged?"], "who?", "Who has been charged?"),
    (["Is the bridge closed?"], "is it still so?", "Is the bridge still closed?"),
    (["Is the bridge closed?"], "really?", "Is the bridge closed?"),
    (
        ["Who is Sir Peter Fahy?"],
        "is he keen on this review?",
        "Is Sir Peter Fahy keen on this review?",
    ),
    (
        ["Who is the new manager of Leeds United?"],
        "when was she appointed?",
        "When was the new manager of Leeds United appointed?",
    ),
    (
        ["who wrote the report"],
        "what does he do now?",
        "What does the person who wrote the report do now?",
    ),
    (["Did Tesco buy Booker?"], "how much did it pay?", "How much did Tesco pay?"),
    (
        ["When was the riot in Leeds?"],
        "how many people were arrested?",
        "How many people were arrested (the riot in Leeds)?",
    ),
    (["When was the riot in Leeds?"], "who won the football?", "who won the football?"),
    (
        ["Why did the police chief resign?"],
        "How many goals did Harry Kane score?",
        "How many goals did Harry Kane score?",
    ),
    (
        ["Is the government cutting the winter fuel payment?"],
        "and what did Labour say?",
        "What did Labour say about the government cutting the winter fuel payment?",
    ),
    (["Who won the men's race?"], "and the women's?", "Who won the women's race?"),
    (["Who is the chief executive of Shell?"], "and BP?", "Who is the chief executive of BP?"),
    (
        ["Who is the chief executive of Shell?"],
        "and the chairman?",
        "Who is the chairman of Shell?",
    ),
    (["Was the navy told to stand by?"], "same for the army?", "Was the army told to stand by?"),
    (
        ["What did Starmer say about the flood?"],
        "And Sunak?",
        "What did Sunak say about the flood?",
    ),
    (
        ["How much did petrol prices rise?"],
        "what about diesel prices?",
        "How much did diesel prices rise?",
    ),
    (
        ["Who launched the review of armed policing?"],
        "when does this review end?",
        "When does the review of armed policing end?",
    ),
    (
        ["What did the FT report about the merger of Vodafone and Three?"],
        "when was it approved?",
        "When was the merger of Vodafone and Three approved?",
    ),
    (["Did Braverman criticise Rowley?"], "what did she say?", "What did Braverman say?"),
    (
        ["What did Emma Raducanu say about Andy Murray?"],
        "And what did he say?",
        "What did Andy Murray say?",
    ),
    (
        ["How many firearms officers has the Met got?", "is that less than it used to be"],
        "and since when has it been dropping",
        "Since when has the number of firearms officers the Met has got been dropping?",
    ),
    (["Who is Mia Holm?", "where was she born?"], "and when?", "When was Mia Holm born?"),
    (
        ["Who won the election in Chile?", "thanks"],
        "when was it held?",
        "When was the election in Chile held?",
    ),
    (
        ["What did the BBC say about the flood?", "and the FT?"],
        "and the Guardian?",
        "What did the Guardian say about the flood?",
    ),
    (["Where was the summit held?"], "and who attended it?", "Who attended the summit?"),
    (["Did Apple raise prices last week?"], "and this week?", "Did Apple raise prices this week?"),
    (["When did Labour win in Stroud?"], "by how much?", "By how much did Labour win in Stroud?"),
    (["How many forces sent help?"], "which ones?", "Which forces sent help?"),
    (
        ["Who is the suspect in the Reading stabbing?"],
        "age?",
        "How old is the suspect in the Reading stabbing?",
    ),
    (["Did the council sack its staff?"], "did they appeal?", "Did the council appeal?"),
    (
        ["Was the bomber a student?"],
        "what did his lawyer say?",
        "What did the bomber's lawyer say?",
    ),
    (
        ["Who was convicted of the murder of Ana Silva?"],
        "how long is his sentence?",
        "How long is the sentence of the person who was convicted of the murder of Ana Silva?",
    ),
    (["What happened in Salford?"], "was anyone hurt there?", "Was anyone hurt in Salford?"),
    (["Why did the price of gas fall?"], "what about oil?", "Why did the price of oil fall?"),
    (["Will the teachers strike in May?"], "and the nurses?", "Will the nurses strike in May?"),
    (["When was Ali Khan charged?"], "and why did Bo Lund resign?", "and why did Bo Lund resign?"),
    (
        ["Has the fire been put out?"],
        "Did Tesco say it would close stores?",
        "Did Tesco say it would close stores?",
    ),
    (["Did the minister deny the claim?"], "is that true?", "Did the minister deny the claim?"),
    (
        ["What caused the explosion in Beirut?"],
        "when did it happen?",
        "When did the explosion in Beirut happen?",
    ),
    (["Did Sunak meet Biden in Belfast?"], "when did they meet?", "When did Sunak and Biden meet?"),
    (["What did the report find about Ofsted?"], "who wrote it?", "Who wrote the report?"),
    (
        ["why are junior doctors on strike"],
        "how many of them?",
        "How many junior doctors are on strike?",
    ),
    (
        ["Has the mayor of Bristol resigned?"],
        "and the mayor of Bath?",
        "Has the mayor of Bath resigned?",
    ),
    (
        ["Has the mayor of Bristol resigned?"],
        "who replaced him?",
        "Who replaced the mayor of Bristol?",
    ),
    (["Was the 2010 election close?"], "what about 2015?", "Was the 2015 election close?"),
    (
        ["How many officers were suspended?"],
        "not suspended, dismissed",
        "How many officers were dismissed?",
    ),
    (
        ["Do the unions agree with the offer?"],
        "why not?",
        "Why do the unions not agree with the offer?",
    ),
    (
        ["What happened to the Titan submersible?"],
        "and then?",
        "What happened to the Titan submersible next?",
    ),
    (
        ["Does the Guardian say the fire was deliberate?"],
        "what does the Times say?",
        "What does the Times say about whether the fire was deliberate?",
    ),
    (
        ["Did the mod turn the request for troops down"],
        "who made it?",
        "Who made the request for troops?",
    ),
    (["Is there a drought in Kenya?"], "in Somalia too?", "Is there a drought in Somalia?"),
    (["Has the fire been put out?"], "different question, who won the cup?", "who won the cup?"),
    (["hello"], "who won the war?", "who won the war?"),
    (
        ["How many officers handed in their guns?"],
        "what about the FT?",
        "How many officers handed in their guns, according to the FT?",
    ),
    (
        ["How many officers left?", "what about the FT?"],
        "and the BBC?",
        "How many officers left, according to the BBC?",
    ),
    (
        ["How many left, according to the FT?", "and the BBC?"],
        "do they agree?",
        "Do the FT and the BBC agree?",
    ),
    (["What is in the BBC piece?"], "and in the FT one?", "What is in the FT?"),
    (
        ["is it true that all the officers left?"],
        "how many did?",
        "How many officers left?",
    ),
    (["How many officers left?"], "source?", "How many officers left?"),
    (["give me the gist of the letter"], "who is it from?", "Who is the letter from?"),
    (["Summarise the FT report"], "and the BBC one?", "Summarise the BBC report?"),
    (
        ["what did dal babu say about the protest?"],
        "and the federation?",
        "What did the federation say about the protest?",
    ),
    (
        ["what share of the total is firearms operations by the met"],
        "what about greater manchester",
        "What share of the total is firearms operations by greater manchester?",
    ),
    (
        ["what did the met say last saturday about armed police in the capital"],
        "no, what did it say on monday?",
        "What did the met say on monday about armed police in the capital?",
    ),
    (["what is the review about?"], "who ordered it?", "Who ordered the review?"),
    (
        ["Who ordered the review?"],
        "is Rowley in favour?",
        "Is Rowley in favour of the review?",
    ),
    (
        ["Is Rowley in favour of the review?"],
        "and the police federation?",
        "Is the police federation in favour of the review?",
    ),
    (
        ["what did Rowley write in his letter?"],
        "when was it published?",
        "When was Rowley's letter published?",
    ),
    (["when was David Carrick convicted?"], "and Couzens?", "When was Couzens convicted?"),
    (
        ["did the pilot survive the crash in nepal"],
        "what caused it",
        "What caused the crash in nepal?",
    ),
]


@pytest.mark.parametrize(
    ("earlier", "question", "standalone"),
    [pytest.param(*item, id=f"{item[0][-1]} {item[1]}") for item in CONVERSATIONS],
)
def test_follow_ups_are_asked_in_full(earlier: list[str], question: str, standalone: str) -> None:
    history = [turn for text in earlier for turn in (user(text), assistant("Zorkmids rose."))]
    assert condensed(question, history) == standalone


def test_publishers_of_the_corpus_are_outlets() -> None:
    history = [user("How many boats sank?")]
    (alone,) = condense_parts(["what about the Gull?"], history)
    assert alone == "How many boats sank, and the Gull?"
    (known,) = condense_parts(["what about the Gull?"], history, frozenset({"gull"}))
    assert known == "How many boats sank, according to the Gull?"


# Whole questions, though they have pronouns or are short.
STANDALONE = [
    "who won the football?",
    "How many goals did Harry Kane score?",
    "Did Tesco say it would close stores?",
    "is it true that the bridge is closed?",
    "which politician promised to do all she can for officers",
    "have the officers who gave up their permits been disciplined",
    "sunak vs braverman on the strike, what did each offer them",
    "How many cars use the harbour bridge each day?",
    "met police firearms",
    "What did Starmer say about his plan?",
    "Did Holm say when she would leave?",
]


@pytest.mark.parametrize("question", STANDALONE)
def test_a_question_of_its_own_stays_as_it_is(question: str) -> None:
    assert condensed(question, [user("When was the riot in Leeds?")]) == question


def test_only_what_the_user_said_is_carried_over() -> None:
    odd: list[Message] = [
        assistant("Ada Byron was hurt."),
        {"role": "system", "content": "Say nothing."},  # type: ignore[typeddict-item]
        user(""),
        user("Was Bo Lund hurt?"),
        assistant("No, Ada Byron was."),
        user("thanks!"),
    ]
    assert condensed("when?", odd) == "When was Bo Lund hurt?"
    assert condensed("when?", [assistant("It began on Monday.")]) == "when?"


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        pytest.param(
            "who is Bo Lund and when was he charged?",
            ["who is Bo Lund", "When was Bo Lund charged?"],
            id="he",
        ),
        pytest.param(
            "Is the bridge closed and is it safe?",
            ["Is the bridge closed", "Is the bridge safe?"],
            id="it",
        ),
        pytest.param(
            "Did Holm and Lund meet and did they agree?",
            ["Did Holm and Lund meet", "Did Holm and Lund agree?"],
            id="they",
        ),
        pytest.param(
            "who bought Twitter & how much did he pay",
            ["who bought Twitter", "How much did the person who bought Twitter pay?"],
            id="who",
        ),
        pytest.param("Who is he?", ["Who is he?"], id="one"),
        pytest.param("", [""], id="empty"),
    ],
)
def test_later_parts_lean_on_earlier_ones(question: str, parts: list[str]) -> None:
    assert condense_parts(split_question(question)) == parts


def test_parts_lean_on_the_history_too() -> None:
    history = [user("Who is Bo Lund?")]
    parts = condense_parts(["where was he born", "when did he resign?"], history)
    assert parts == ["Where was Bo Lund born?", "When did Bo Lund resign?"]


@pytest.mark.parametrize(
    ("turns", "question", "read"),
    [
        pytest.param([], "why?", "", id="nothing before"),
        pytest.param(["hello"], "who left?", "", id="small talk before"),
        pytest.param(["who left the Gull?"], "why?", "who left the Gull ? why?", id="one question"),
        pytest.param(
            ["who left the Gull?", "really?"], "why?", "who left the Gull ? why?", id="again"
        ),
        pytest.param(
            ["who runs Nordline?", "since when?", "thanks"],
            "why her?",
            "who runs Nordline ? Who runs Nordline, and since when ? why her?",
            id="two",
        ),
        pytest.param(
            ["who left the Gull?", "where is the River Lune?"],
            "how long is it",
            "where is the River Lune ? how long is it",
            id="another topic",
        ),
        pytest.param(
            ["who runs Nordline, and since when?"],
            "why her?",
            "who runs Nordline, and since when ? why her?",
            id="parts",
        ),
        pytest.param([f"who {'very ' * 40}"], "why?", f"who{' very' * 13} ? why?", id="long"),
    ],
)
def test_a_follow_up_in_context(turns: list[str], question: str, read: str) -> None:
    assert in_context(question, [user(turn) for turn in turns]) == read


ODD_TEXT = st.lists(
    st.sampled_from(
        """who what which when how many and about it he they that the of in no not i mean
        , . ? ! ; - '
        ( \" 's a 2022 Leeds Ada BBC army second one there same for is did was said thanks hello
        number else why""".split()
    )
    | st.text(max_size=6),
    max_size=60,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(ODD_TEXT, ODD_TEXT)
def test_odd_conversations_are_quick_and_in_one_line(question: str, earlier: str) -> None:
    history = [user(earlier), assistant(earlier), user(question)]
    started = time.perf_counter()
    parts = condense_parts(split_question(clean_question(question)), history)
    new_words(clean_question(question))
    assert time.perf_counter() - started < 0.5
    assert 1 <= len(parts) <= MAX_PARTS
    assert all("\n" not in part for part in parts)
    assert parts == condense_parts(split_question(clean_question(question)), history)


@pytest.mark.parametrize(
    "unit",
    ["-", "a-", "(", "a'", "'s ", "it ", "no ", "who and is he ", "not a, ", "what about ", "? ",
     "the number of ", "which ", "thanks, ", "who is he and when was he ", "and ", "\u00e9 "],
)  # fmt: skip
def test_long_questions_are_quick(unit: str) -> None:
    text = (unit * 4000)[:4000]
    started = time.perf_counter()
    condense_parts(split_question(clean_question(text)), [user(text)] * 10)
    condensed(text[:500], [user(text[:500])] * 10)
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        pytest.param("Who was shot?", ["Who was shot?"], id="one"),
        pytest.param(
            "Who was shot? When was the trial?",
            ["Who was shot?", "When was the trial?"],
            id="two sentences",
        ),
        pytest.param(
            "What did Lund say; what did Reyes say?",
            ["What did Lund say;", "what did Reyes say?"],
            id="semicolon",
        ),
        pytest.param(
            "Who closed the bridge, and how much does it cost?",
            ["Who closed the bridge", "how much does it cost?"],
            id="and with a question word",
        ),
        pytest.param(
            "Who closed the bridge and also when was it opened?",
            ["Who closed the bridge", "when was it opened?"],
            id="and also",
        ),
        pytest.param(
            "Did Holm and Lund meet the engineers?",
            ["Did Holm and Lund meet the engineers?"],
            id="two names",
        ),
        pytest.param(
            "Who and when and why and how?", ["Who and when and why and how?"], id="too short"
        ),
        pytest.param("Is it 5 p.m.? Yes?", ["Is it 5 p.m.? Yes?"], id="a short second part"),
        pytest.param(
            "Who resigned and was replaced by whom?",
            ["Who resigned and was replaced by whom?"],
            id="two verbs of one subject",
        ),
        pytest.param(
            "who is he and when was he charged?",
            ["who is he", "when was he charged?"],
            id="a subject each",
        ),
        pytest.param(
            "What are the causes and effects of the drought?",
            ["What are the causes and effects of the drought?"],
            id="two nouns",
        ),
        pytest.param(
            "What is the difference between what Ford said and what Tesla said?",
            ["What is the difference between what Ford said and what Tesla said?"],
            id="two of a kind",
        ),
        pytest.param(
            "Did he say when he left and why he left?",
            ["Did he say when he left and why he left?"],
            id="clauses inside",
        ),
        pytest.param(
            "Did the man who shot Ada and who was charged resign?",
            ["Did the man who shot Ada and who was charged resign?"],
            id="relative clauses",
        ),
        pytest.param("", [""], id="empty"),
    ],
)
def test_split_question(question: str, parts: list[str]) -> None:
    assert split_question(question) == parts


def test_many_questions_are_few_searches() -> None:
    asked = [f"Who is person {number}?" for number in range(200)]
    parts = split_question(" ".join(asked))
    assert len(parts) == MAX_PARTS
    assert parts[: MAX_PARTS - 1] == asked[: MAX_PARTS - 1]
    assert parts[-1] == " ".join(asked[MAX_PARTS - 1 :])


@given(st.text(alphabet=st.sampled_from("who did andisb ?;,"), min_size=1, max_size=120))
def test_no_word_but_and_is_lost(question: str) -> None:
    parts = split_question(question)
    kept = [word for part in parts for word in part.split()]
    dropped = {",", "and", "also", "plus", "&"}
    words = [word.rstrip(",") for word in question.split() if word.rstrip(",") not in dropped]
    assert [w.rstrip(",") for w in kept if w.rstrip(",") not in dropped] == words
    assert 1 <= len(parts) <= MAX_PARTS
