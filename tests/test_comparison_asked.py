"""Comparison of what a question names itself, or what the reader takes for its answer."""

from datetime import date

import pytest

from rag.comparison import asks_for, compare_evidence
from rag.comparison.asking import read_question
from rag.comparison.choices import read_choice
from rag.comparison.sayings import Saying
from rag.schema import Document, Evidence

# Question, one sentence, another one, and what differs: attribute and difference.
Pair = tuple[str, str, str, str]

CHOICES: dict[str, Pair] = {
    "figures": (
        "Were 14 or 15 goals let in by the keeper?",
        "The keeper has let in 14 goals in the group.",
        "The keeper let in 15 goals in the group.",
        "number contradiction",
    ),
    "rounded": (
        "Did the phone cost $229 or $229.99?",
        "The phone cost $229 in the sale at the shop.",
        "The phone cost $229.99 in the sale at the shop.",
        "number rounding",
    ),
    "scores or more than 100": (
        "Did scores of nurses or more than 100 walk out?",
        "Scores of nurses walked out of the hospital.",
        "More than 100 nurses walked out of the hospital.",
        "number rounding",
    ),
    "each counts another thing": (
        "18,395 or only 10, how can it be both?",
        "The force took part in 18,395 patrols in the north.",
        "The force took part in 10 shootings in the north.",
        "",
    ),
    "up to then and up to now": (
        "Have they been apart for six or seven years?",
        "When the prize was given they had been apart for six years.",
        "The two actors have been apart for seven years.",
        "",
    ),
    "average and peak": (
        "Did 27 or 29 million watch the match?",
        "The match drew an average of 27 million viewers.",
        "The match drew 29 million viewers at its peak, its peak being 29 million.",
        "",
    ),
    "causes in words": (
        "Was the tour off for logistics or bureaucracy?",
        "The tour was off because it proved too difficult logistically.",
        'The tour was called off for "bureaucratic" reasons.',
        "object contradiction",
    ),
    "one word for both": (
        "Did the tour end or finish early?",
        "The tour ended early.",
        "The tour finished early.",
        "",
    ),
    "nothing but the two": (
        "open letter or sealed letter?",
        "The mayor wrote an open letter to the king.",
        "The mayor wrote a sealed letter to the king.",
        "",
    ),
}
DENIED: dict[str, Pair] = {
    "irregular verb": (
        "Did the banker steal the money?",
        "The banker did not steal any money, his lawyer said.",
        "The banker stole billions, the prosecutor said.",
        "polarity contradiction",
    ),
    "not until": (
        "Did he learn of the debt?",
        "He did not learn of the debt until May.",
        "He learned of the debt by himself.",
        "",
    ),
    "only the name is shared": (
        "Did Vera Holm win?",
        "Not all of Vera Holm was shown.",
        "The film shows Vera Holm at home.",
        "",
    ),
}


def said(
    text: str,
    name: str = "Courier",
    published: date | None = None,
    probability: float | None = None,
    answer: str = "",
) -> Evidence:
    """`text` as the only line of an article, with its chance and its words that answer."""
    document = Document(f"{name}.txt", text, "0" * 64, publisher=name, published=published)
    start = text.index(answer)
    words = (start, start + len(answer)) if answer else None
    return Evidence(document, 1, 1, 0, len(text), text, 1.0, probability, words)


def found(question: str, one: str, other: str) -> list[str]:
    """What is found between two sentences of two articles: attribute and difference."""
    findings = compare_evidence(question, [said(one), said(other, "Herald")])
    return [f"{finding.attribute} {finding.difference}" for finding in findings]


@pytest.mark.parametrize("pair", [*CHOICES.values(), *DENIED.values()], ids=[*CHOICES, *DENIED])
def test_pairs(pair: Pair) -> None:
    question, one, other, expected = pair
    assert found(question, one, other) == ([expected] if expected else [])
    assert found(question, other, one) == ([expected] if expected else [])


def test_a_value_shows_its_bound() -> None:
    evidence = [
        said("More than 100 nurses walked out of the hospital."),
        said("Scores of nurses walked out of the hospital.", "Herald"),
    ]
    (finding,) = compare_evidence("Was it scores of nurses or more than 100?", evidence)
    assert {value.value for value in finding.values} == {"More than 100", "Scores"}


def test_who_gives_both_values_with_their_times_explains_them() -> None:
    evidence = [
        said("In 2018 there were 2,841 wardens. By April there were 2,595 wardens in the park."),
        said("There are 2,595 wardens in the park.", "Herald"),
        said("The park has 2,841 wardens, which is many.", "Post"),
    ]
    text = "Of the wardens 2,841 were there in 2018."
    explaining = Document("Both.txt", f"{text} In April 2020 there were 2,595 wardens.", "0" * 64)
    both = [
        Evidence(explaining, 1, 1, 0, len(text), text, 1.0),
        Evidence(explaining, 1, 1, len(text) + 1, len(explaining.text),
                 explaining.text[len(text) + 1 :], 1.0),
    ]  # fmt: skip
    question = "2,841 or 2,595 wardens in the park?"
    assert compare_evidence(question, evidence[1:])
    assert compare_evidence(question, [*evidence[1:], *both]) == []


def test_whom_the_sentence_before_named_is_described() -> None:
    text = "Mr Reyes was hit by a shot in Norham. The construction worker, who was 24, died later."
    document = Document("Herald.txt", f"{text} Reyes had two sons.", "0" * 64)
    start = text.index("The construction")
    later = Evidence(document, 1, 1, start, len(text), text[start:], 1.0)
    first = said("Tom Reyes, a musician, was shot in his car. Reyes was 24.")
    (finding,) = compare_evidence("What did Tom Reyes do for a living?", [first, later])
    assert finding.attribute == "role"
    assert [value.wordings[0] for value in finding.values] == ["musician", "construction worker"]
    alone = Evidence(Document("Herald.txt", later.text, "0" * 64), 1, 1, 0, len(later.text),
                     later.text, 1.0)  # fmt: skip
    assert compare_evidence("What did Tom Reyes do for a living?", [first, alone]) == []


def test_a_named_value_counts_in_a_sentence_that_hardly_bears_on_the_question() -> None:
    likely = [said("The clocks go back on Sunday 29 October.", probability=0.7)]
    unlikely = [said("The clocks go back on 30 October.", "Herald", probability=0.01)]
    question = "Do the clocks go back on 29 or 30 October?"
    (finding,) = compare_evidence(question, likely, unlikely=unlikely)
    assert finding.attribute == "date"
    assert compare_evidence("When do the clocks go back?", likely, unlikely=unlikely) == []


def test_what_was_forecast_has_changed_when_the_outcome_comes_later() -> None:
    def evidence(second: date) -> list[Evidence]:
        return [
            said("The striker's contract is predicted to be worth $500 million.", "One",
                 date(2023, 11, 18), 0.5, "$500 million"),
            said("The striker signed a contract worth $700 million.", "Two",
                 second, 0.5, "$700 million"),
        ]  # fmt: skip

    question = "How much is the striker's contract?"
    (finding,) = compare_evidence(question, evidence(date(2023, 12, 9)))
    assert (finding.difference, finding.values[0].value) == ("time", "$700 million")
    assert compare_evidence(question, evidence(date(2023, 11, 18))) == []


@pytest.mark.parametrize(("second", "expected"), [(0.5, 1), (0.2, 0)], ids=["sure", "unsure"])
def test_dates_that_both_answer_are_compared_whatever_their_verbs(
    second: float, expected: int
) -> None:
    evidence = [
        said("The court quashed the plan of the firm with a ruling in July.",
             probability=0.6, answer="ruling in July"),
        said("The findings of the court on the firm came on 4 July 2023.", "Herald",
             probability=second, answer="on 4 July 2023"),
    ]  # fmt: skip
    findings = compare_evidence("date of the court ruling on the firm", evidence)
    assert [finding.difference for finding in findings] == ["precision"] * expected


def test_ranges_of_dates_are_compared_as_a_whole() -> None:
    first = "The berry harvest lasts from mid-June to early August."
    second = "The harvest of berries lasts from late June to early July."
    evidence = [
        said(first, probability=0.6, answer=first),
        said(second, "Herald", probability=0.6, answer=second),
    ]
    (finding,) = compare_evidence("Berry harvest, mid June or late June on?", evidence)
    assert {value.value for value in finding.values} == {
        "from mid-June to early August", "from late June to early July"
    }  # fmt: skip


def test_figures_of_other_years_than_the_asked_one_do_not_count() -> None:
    evidence = [
        said("In 2022 the charity helped 3,100 families."),
        said("The charity helped 4,200 families in 2022.", "Herald"),
    ]
    assert compare_evidence("How many families did the charity help in 2022?", evidence)
    assert compare_evidence("How many families did the charity help in 2015?", evidence) == []


def test_no_table_for_a_question_that_asks_several_things() -> None:
    evidence = [
        said("The driver was drunk at the wheel."),
        said("The driver was not drunk at the wheel.", "Herald"),
    ]
    assert compare_evidence("Was the driver drunk?", evidence)
    several = (
        "Did the Courier report that the driver of the coach was drunk at the wheel while the "
        "Herald article blamed brakes, tyres, fog, ice and the owner of the bridge?"
    )
    assert compare_evidence(several, evidence) == []


def test_a_state_and_a_denial_are_shown_with_their_clause() -> None:
    evidence = [
        said("“He built a firm,” he said. “The banker did not steal money.”"),
        said("Pointing at him, he said, “The banker stole billions from many.”", "B"),
    ]
    (finding,) = compare_evidence("Did the banker steal money?", evidence)
    assert {value.value for value in finding.values} == {
        "The banker did not steal money", "The banker stole billions from many"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Later, the army was no longer needed, because it rained.", "longer",
         "the army was no longer needed"),
        ("The mayor said that when she came, the bridge was shut to all, and left.", "said",
         "The mayor said that when she came, the bridge was shut to all"),
        ("He gave them his “blessing”, adding nothing.", "gave", "He gave them his “blessing”"),
    ],
    ids=["between commas", "past an insertion", "quotation"],
)  # fmt: skip
def test_clauses(text: str, word: str, expected: str) -> None:
    saying = Saying(said(text))
    place = saying.bases.index(word)
    assert saying.clause(place, place) == expected


def test_every_wording_of_a_value_is_kept_with_its_sentence() -> None:
    evidence = [
        said("The navy is on standby to help the coastguard.", "One"),
        said("The help of the navy for the coastguard is no longer needed.", "Two"),
        said("The navy cover for the coastguard has ended.", "Three"),
    ]
    (finding,) = compare_evidence("Is the navy still on standby for the coastguard?", evidence)
    latest = finding.values[0]
    assert len(latest.evidence) == len(latest.wordings) == 2
    for item, wording in zip(latest.evidence, latest.wordings, strict=True):
        assert wording in item.text


def test_alternatives_and_the_rest_of_a_question() -> None:
    choice = read_choice("was it the crypto crash or taking customers money that sank ftx")
    assert choice is not None
    assert set(choice.left) == {"crypto", "crash"}
    assert set(choice.right) == {"custom", "money"}
    assert {"sank", "ftx"} <= choice.rest


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When and where was he shot?", {"date", "place"}),
        ("How many were hurt?", {"number"}),
        ("Was he shot?", set()),
    ],
)
def test_what_a_question_asks_for(question: str, expected: set[str]) -> None:
    assert asks_for(question) == expected


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("who called 999?", "person"),
        ("who called the police", "person"),
        ("who called it a scandal?", "attribution"),
    ],
)
def test_who_called_for_help_is_no_question_for_a_speaker(question: str, kind: str) -> None:
    assert read_question(question).kind == kind


def test_a_past_verb_is_not_what_is_counted() -> None:
    evidence = [said("About 250 people came to the meeting.", "Gazette"),
                said("More than 400 people came to the meeting.", "Radio")]  # fmt: skip
    (finding,) = compare_evidence("How many people came to the meeting?", evidence)
    assert {value.value for value in finding.values} == {
        "About 250 people", "More than 400 people"
    }  # fmt: skip
    assert read_question("How many people came to the meeting?").heads == ("peopl",)


def test_days_of_two_other_acts_are_not_set_against_each_other() -> None:
    built = said("The bridge was built in 1931.", "Gazette", probability=0.5, answer="1931")
    seen = said("It was inspected in March 2022.", "Radio", probability=0.5, answer="March 2022")
    fell = said("The bridge fell on 11 May 2024.", "Herald", probability=0.5, answer="11 May 2024")
    gave = said(
        "The bridge gave way on 12 May 2024.", "Live", probability=0.5, answer="12 May 2024"
    )
    assert compare_evidence("When did the bridge collapse?", [built, seen]) == []
    assert len(compare_evidence("When did the bridge fall?", [fell, gave])) == 1


def test_sums_of_another_scale_are_of_other_things() -> None:
    repair = said("The repair costs 4.5 million euros.", "Gazette")
    trip = said("A trip costs 2 euros until the repair is done.", "Radio")
    more = said("The repair costs 5 million euros.", "Herald")
    question = "How much does the repair cost?"
    assert compare_evidence(question, [repair, trip]) == []
    (finding,) = compare_evidence(question, [repair, trip, more])
    assert len(finding.values) == 2


def test_places_that_both_answer_are_compared_whatever_their_verbs() -> None:
    def evidence(second: float) -> list[Evidence]:
        visited = said("The minister visited a school in Lund, Scania.", "Gazette",
                       probability=0.6, answer="Lund, Scania")  # fmt: skip
        spoke = said("Speaking in Scania, the minister called the job of the minister hard.",
                     "Radio", probability=second, answer="Scania")  # fmt: skip
        return [visited, spoke]

    question = "Where was the minister when the minister spoke of the job?"
    (finding,) = compare_evidence(question, evidence(0.5))
    assert (finding.attribute, finding.difference) == ("place", "precision")
    assert compare_evidence(question, evidence(0.1)) == []


# A question, two likely answers, and what differs; each answers with the whole of it.
ANSWERED: dict[str, Pair] = {
    "sums told in other words": (
        "How big was the manager's payoff?",
        "The club must pay the manager £2.4m.",
        "The manager leaves with a settlement of £900,000.",
        "number contradiction",
    ),
    "what each gets": (
        "How much will they get per share?",
        "Holders would get 428p for each share they own.",
        "The firm would pay 1.3 billion pounds, or 412 pence a share.",
        "number contradiction",
    ),
    "no sum tells a weight": (
        "How heavy is the collar?",
        "The collar is worth £2m.",
        "The collar was insured for £3m.",
        "",
    ),
    "lives claimed": (
        "How many died in the flood?",
        "The flood claimed 11 lives in the town.",
        "Fourteen people died in the flood.",
        "number contradiction",
    ),
    "two jobs of one person": (
        "Who is Rosa Eke?",
        "Rosa Eke, the museum's head of security, was asked.",
        "Rosa Eke, the museum's curator of antiquities, wept.",
        "role contradiction",
    ),
    "leads two bodies": (
        "Who is Jan Abel?",
        "Jan Abel, head of the Ossel Water Board, blamed rats.",
        "Jan Abel, the town's fire chief, came at once.",
        "role contradiction",
    ),
    "leads one body, in two words": (
        "Who is Jan Abel?",
        "Jan Abel, head of the board, blamed rats.",
        "Jan Abel, the board's chief, came at once.",
        "",
    ),
    "chairs it": (
        "What is Petra Lund's position at Nordline?",
        "Petra Lund, who chairs Nordline, spoke.",
        "Petra Lund, finance director of Nordline, spoke.",
        "role contradiction",
    ),
    "custody and bail": (
        "Is Luke Berg locked up?",
        "Luke Berg has been in custody since the verdict.",
        "He was given bail until then, said the lawyer of Luke Berg.",
        "status contradiction",
    ),
    "what might be is no state": (
        "Is Luke Berg locked up?",
        "Luke Berg has been in custody since the verdict.",
        "Luke Berg might be given bail.",
        "",
    ),
    "sacked or resigned": (
        "Was Bo Lund fired?",
        "Bo Lund was sacked last night.",
        "Bo Lund says he walked out and was not pushed.",
        "status contradiction",
    ),
    "siren and no alarm": (
        "Did the sirens sound in Norham?",
        "The sirens in Norham were sounded twice.",
        "Residents of Norham said there had been no alarm of any kind.",
        "status contradiction",
    ),
    "reasons with their words": (
        "Why did the alarm fail?",
        "The alarm failed because its battery had been flat.",
        "The museum puts that down to a power cut which hit the alarm.",
        "cause contradiction",
    ),
    "a theft told as a loss": (
        "What date was the collar stolen?",
        "The collar was stolen on 11 February 2024 by a gang.",
        "The collar, made of gold, vanished in the night of 18 February 2024.",
        "date contradiction",
    ),
}


@pytest.mark.parametrize("pair", ANSWERED.values(), ids=ANSWERED)
def test_likely_answers_are_compared_in_what_is_asked(pair: Pair) -> None:
    question, one, other, expected = pair

    def find(second: float) -> list[str]:
        evidence = [
            said(one, probability=0.6, answer=one),
            said(other, "Herald", probability=second, answer=other),
        ]
        findings = compare_evidence(question, evidence)
        return [f"{finding.attribute} {finding.difference}" for finding in findings]

    assert find(0.4) == ([expected] if expected else [])


def test_a_state_that_follows_another_one_has_changed() -> None:
    held, bailed = "Luke Berg has been in custody.", "Luke Berg was given bail."
    for first, second, expected in ((1, 3, "time"), (3, 3, "contradiction")):
        evidence = [
            said(held, "One", date(2024, 5, first), 0.6, held),
            said(bailed, "Two", date(2024, 5, second), 0.6, bailed),
        ]
        (finding,) = compare_evidence("Is Luke Berg locked up?", evidence)
        assert finding.difference == expected


def test_whether_the_sources_agree_leaves_open_what_is_compared() -> None:
    evidence = [
        said("Ida Berg will get the reward of 75,000 pounds.", probability=0.6),
        said("They offered a reward of 50,000 pounds for it.", "Herald", probability=0.4),
    ]
    assert compare_evidence("the reward", evidence) == []
    (finding,) = compare_evidence("the reward", evidence, wanted=True)
    assert finding.attribute == "number"


def test_a_figure_belongs_to_the_act_right_before_it() -> None:
    evidence = [
        said("A ferry carrying 212 people struck the wall, injuring 14 in the crash."),
        said("The crash injured 19 people on the ferry.", "Herald"),
    ]
    (finding,) = compare_evidence("How many people were injured in the crash?", evidence)
    assert {value.value for value in finding.values} == {"14", "19 people"}
