"""Pairs of sentences from many kinds of news: half differ, half only look different.

Most were written before the rules. The last part, `UNSEEN`, was written after them; on its first
run 27 of its 30 pairs came out right (17 of 19 differences found, 1 of 11 false alarms). Of the
three that failed, two were then mended and one is in `BEYOND`.
"""

from datetime import date

import pytest

from rag.comparison import compare_evidence
from rag.schema import Document, Evidence

GENERAL = "What happened?"
# Question, one sentence, another one, and what differs: attribute and difference.
Pair = tuple[str, str, str, str]

NUMBERS: dict[str, Pair] = {
    "death toll": (
        "How many people died in the fire?",
        "At least 12 people died in the fire at a block of flats.",
        "Nine people were killed in the fire, the mayor said.",
        "number contradiction",
    ),
    "toll, exact": (
        GENERAL,
        "The earthquake killed 41 people in the province.",
        "The earthquake killed 63 people in the province.",
        "number contradiction",
    ),
    "crowd": (
        "How many people marched?",
        "Police said that 20,000 people marched through the city.",
        "Organisers said that more than 100,000 people marched through the city.",
        "number contradiction",
    ),
    "job cuts": (
        "How many jobs will the bank cut?",
        "The bank will cut 3,000 jobs by next year.",
        "The bank plans to cut up to 2,000 jobs by next year.",
        "number contradiction",
    ),
    "rounded jobs": (
        "How many jobs did the carmaker cut?",
        "The carmaker cut 2,600 jobs in May.",
        "The carmaker cut 2,583 jobs in May, its report shows.",
        "number rounding",
    ),
    "bound and figure": (
        "How many homes were evacuated?",
        "More than 500 homes were evacuated as the river rose.",
        "A total of 540 homes were evacuated as the river rose.",
        "number rounding",
    ),
    "about a figure": (
        "How many homes were evacuated?",
        "About 540 homes were evacuated as the river rose.",
        "A total of 540 homes were evacuated as the river rose.",
        "",
    ),
    "price": (
        "How much did the club pay for the striker?",
        "The club paid £45m for the striker.",
        "The club paid £60m for the striker.",
        "number contradiction",
    ),
    "dozens and hundreds": (
        "How many protesters were arrested?",
        "Dozens of protesters were arrested outside the court.",
        "Hundreds of protesters were arrested outside the court.",
        "number contradiction",
    ),
    "percent": (
        "By how much did profits fall?",
        "Profits at the retailer fell by 12% last year.",
        "Profits at the retailer fell by 21% last year.",
        "number contradiction",
    ),
    "few and hundreds": (
        "How many passengers were hurt?",
        "A few passengers were hurt in the crash.",
        "Some 150 passengers were hurt in the crash.",
        "number contradiction",
    ),
    "all and some": (
        "How many workers walked out?",
        "All of the workers walked out on Friday.",
        "Some of the workers walked out on Friday.",
        "number contradiction",
    ),
    "ages": (
        "How old was the victim?",
        "The victim, a 34-year-old teacher, died at the scene.",
        "The victim, a 43-year-old teacher, died at the scene.",
        "number contradiction",
    ),
    "same in words": (
        "How many people died?",
        "Twelve people died in the fire.",
        "The fire killed 12 people.",
        "",
    ),
    "different things": (
        "How many people died in the flood?",
        "The flood killed 14 people.",
        "The flood damaged 300 houses.",
        "",
    ),
    "killed and injured": (
        "How many people were killed in the blast?",
        "The blast killed eight people.",
        "The blast injured 50 people.",
        "",
    ),
    "share and count": (
        GENERAL,
        "The firm will lay off 400 employees, it said.",
        "The firm will lay off 5% of its employees, it said.",
        "",
    ),
    "each its year": (
        GENERAL,
        "In 2019 the charity helped 3,100 families.",
        "In 2022 the charity helped 4,200 families.",
        "",
    ),
    "whole and part": (
        "How many employees were sacked?",
        "Of the company's 1,200 employees, dozens were sacked.",
        "Dozens of employees were sacked on Monday.",
        "",
    ),
    "money and people": (
        GENERAL,
        "The festival drew 30,000 visitors.",
        "The festival cost $2m to stage.",
        "",
    ),
    "two clubs": (
        GENERAL,
        "Mary Holt scored 12 goals for Rovers this season.",
        "Anna Berg scored 19 goals for United this season.",
        "",
    ),
    "same bound": (
        "How many people attended?",
        "Over 5,000 people attended the vigil.",
        "More than 5,000 people attended the vigil in the square.",
        "",
    ),
    "percent in words": (
        "What share of voters backed the plan?",
        "A quarter of voters backed the plan.",
        "25% of voters backed the plan.",
        "",
    ),
}
DATES: dict[str, Pair] = {
    "two days": (
        "When was the bridge opened?",
        "The bridge was opened on 4 May 2021.",
        "The bridge was opened on 6 May 2021.",
        "date contradiction",
    ),
    "weekdays": (
        "When did the chief executive resign?",
        "The chief executive resigned on Tuesday.",
        "The chief executive resigned on Thursday.",
        "date contradiction",
    ),
    "years": (
        GENERAL,
        "The singer was born in Leeds in 1961.",
        "The singer was born in Leeds in 1963.",
        "date contradiction",
    ),
    "day in month": (
        "When was the contract signed?",
        "The contract was signed on 12 March 2020.",
        "The contract was signed in March 2020.",
        "date precision",
    ),
    "weekend": (
        "When was the boy found?",
        "The boy was found on Saturday.",
        "The boy was found over the weekend.",
        "date precision",
    ),
    "clock": (
        "When did the explosion happen?",
        "The explosion happened at 9.15am.",
        "The explosion happened at 10.40am.",
        "date contradiction",
    ),
    "same day": (
        "When did the trial begin?",
        "The trial began on 3 June 2022.",
        "The trial began on June 3, 2022.",
        "",
    ),
    "two events": (
        "When was the museum opened?",
        "The museum was opened in 1998.",
        "The museum was renovated in 2015.",
        "",
    ),
    "arrest and charge": (
        GENERAL,
        "The suspect was arrested on Monday.",
        "The suspect was charged on Wednesday.",
        "",
    ),
    "said on two days": (
        GENERAL,
        "The minister said on Monday that taxes would not rise.",
        "The minister said on Friday that taxes would not rise.",
        "",
    ),
    "two people born": (
        GENERAL,
        "Jane Moore was born in 1950.",
        "Peter Hall was born in 1962.",
        "",
    ),
    "same weekday": (
        "When did the strike start?",
        "The strike started on Monday.",
        "On Monday the strike started at all ports.",
        "",
    ),
}
PLACES: dict[str, Pair] = {
    "two cities": (
        "Where was the suspect arrested?",
        "The suspect was arrested in Manchester.",
        "The suspect was arrested in Liverpool.",
        "place contradiction",
    ),
    "two parts of one": (
        "Where did the tram crash?",
        "The tram crashed in Ealing, west London.",
        "The tram crashed in Acton, west London.",
        "place contradiction",
    ),
    "two countries": (
        GENERAL,
        "The summit will be held in Norway, officials said.",
        "The summit will be held in Sweden, officials said.",
        "place contradiction",
    ),
    "inside": (
        "Where was the woman found?",
        "The woman was found in Didsbury, south Manchester.",
        "The woman was found in Manchester.",
        "place precision",
    ),
    "shared word": (
        "Where did the plane land?",
        "The plane landed in north Wales.",
        "The plane landed in Wales.",
        "place precision",
    ),
    "unknown": (
        "Where was the match played?",
        "The match was played in Headingley.",
        "The match was played in Leeds.",
        "",
    ),
    "two events in two places": (
        GENERAL,
        "A man was stabbed in Leeds.",
        "A woman was arrested in Glasgow.",
        "",
    ),
    "same": (
        "Where was the meeting?",
        "The leaders met in Geneva.",
        "The leaders met at a hotel in Geneva.",
        "",
    ),
}
PEOPLE: dict[str, Pair] = {
    "head and chair": (
        "Who is Petra Holt?",
        "Petra Holt, the leader of the guards' union, spoke.",
        "Petra Holt, who chairs the guards' union, spoke.",
        "",
    ),
    "who scored": (
        "Who scored the winning goal?",
        "Tom Baker scored the winning goal in Bristol.",
        "The winning goal was scored by Luis Ortega.",
        "person contradiction",
    ),
    "two ministers": (
        GENERAL,
        "The finance minister, Ana Costa, resigned.",
        "The finance minister, Rui Lopes, resigned.",
        "role contradiction",
    ),
    "two jobs": (
        "What did Mr Brandt do for a living?",
        "Mr Brandt, a bus driver, was found dead on Monday.",
        "Mr Brandt, a retired teacher, was found dead on Monday.",
        "role contradiction",
    ),
    "job in passing": (
        GENERAL,
        "Erik Brandt, a plumber, won the lottery.",
        "Erik Brandt, an electrician, won the lottery.",
        "role contradiction",
    ),
    "synonyms of an office": (
        GENERAL,
        "The company's boss, Ida Lund, apologised.",
        "Ida Lund, the company's chief, apologised.",
        "",
    ),
    "short name": (
        "Who won the race?",
        "Sarah Kent won the race.",
        "Kent won the race in the rain.",
        "",
    ),
    "two people, two jobs": (
        GENERAL,
        "John Reed, a doctor, was injured.",
        "Paul West, a nurse, was injured.",
        "",
    ),
    "office and fatherhood": (
        GENERAL,
        "Mr Novak, a father of two, was rescued.",
        "Mr Novak, a miner, was rescued.",
        "",
    ),
    "many spokesmen": (
        GENERAL,
        "The ministry spokesman, Jan Vos, denied it.",
        "The ministry spokesman, Piet Mulder, denied it.",
        "",
    ),
}
WORDINGS: dict[str, Pair] = {
    "was not": (
        "Was the driver drunk?",
        "The driver was drunk at the time of the crash.",
        "The driver was not drunk at the time of the crash.",
        "polarity contradiction",
    ),
    "denied": (
        "Did the senator take bribes?",
        "The senator took bribes from a builder.",
        "The senator denied that he took bribes from a builder.",
        "polarity contradiction",
    ),
    "never": (
        GENERAL,
        "The company tested the drug on children.",
        "The company never tested the drug on children.",
        "polarity contradiction",
    ),
    "rose and fell": (
        GENERAL,
        "Shares in the airline rose sharply on Friday.",
        "Shares in the airline fell sharply on Friday.",
        "polarity contradiction",
    ),
    "accepted and rejected": (
        "Did the union accept the offer?",
        "The union accepted the pay offer from the railway.",
        "The union rejected the pay offer from the railway.",
        "polarity contradiction",
    ),
    "guilty": (
        GENERAL,
        "The jury found the banker guilty of fraud.",
        "The jury found the banker innocent of fraud.",
        "polarity contradiction",
    ),
    "resigned or sacked": (
        "Was the coach sacked?",
        "The coach was sacked after the defeat.",
        "The coach resigned after the defeat.",
        "status contradiction",
    ),
    "double negation": (
        GENERAL,
        "The minister opposed the bill in parliament.",
        "The minister did not support the bill in parliament.",
        "",
    ),
    "other object": (
        GENERAL,
        "The court accepted the first appeal of the farmers.",
        "The council rejected the plan for a new road.",
        "",
    ),
    "denied by another": (
        "Did the mayor resign?",
        "The mayor did not comment on the report.",
        "The mayor resigned on Monday.",
        "",
    ),
    "no of another thing": (
        GENERAL,
        "No passengers were hurt when the bus crashed.",
        "The driver was hurt when the bus crashed.",
        "",
    ),
    "declined to say": (
        GENERAL,
        "The firm declined to say if the plant would close.",
        "The firm said that the plant would close in May.",
        "",
    ),
    "if": (
        GENERAL,
        "If the deal is not approved, the firm will fold.",
        "The deal was approved by the regulator.",
        "",
    ),
    "not only": (
        GENERAL,
        "The storm not only flooded roads but cut power.",
        "The storm flooded roads in the north.",
        "",
    ),
    "paraphrase": (
        GENERAL,
        "The goalkeeper saved a late penalty to secure the win.",
        "A penalty saved by the goalkeeper near the end secured victory.",
        "",
    ),
}
CAUSES: dict[str, Pair] = {
    "fire": (
        "What caused the fire?",
        "The fire at the warehouse was caused by a faulty heater.",
        "The fire at the warehouse was caused by arson.",
        "cause contradiction",
    ),
    "strike": (
        "Why are the nurses on strike?",
        "The nurses are on strike over pay.",
        "The nurses are on strike in protest at staff shortages.",
        "cause contradiction",
    ),
    "why sacked": (
        "Why was the manager sacked?",
        "The manager was sacked because of poor results.",
        "The manager was sacked after a row with the owner.",
        "cause contradiction",
    ),
    "same cause": (
        "Why did the plant close?",
        "The plant closed because of rising energy costs.",
        "The plant closed due to the high price of energy.",
        "",
    ),
    "aim": (
        "Why is there a review of the ferries?",
        "The review of the ferries was to ensure that captains are heard.",
        "The review of the ferries was ordered in response to the wreck.",
        "cause contradiction",
    ),
    "aim, as somebody said": (
        "Why is there a review of the ferries?",
        "The review of the ferries was to ensure, she said, that captains are heard.",
        "The review of the ferries was to prevent another wreck.",
        "cause contradiction",
    ),
    "what somebody said ends a reason": (
        "Why did the pilots leave?",
        "The pilots left because of their low pay, the minister said, and went home.",
        "The pilots left because of the heat, the minister said, and went home.",
        "cause contradiction",
    ),
    "a gun is no aim": (
        "Why was the man shot?",
        "The man was shot when a gun was aimed at the police.",
        "The man was shot because of the dark.",
        "",
    ),
    "one aim": (
        "Why did Norham hire divers?",
        "Norham hired divers in order to raise the wreck.",
        "Norham hired divers so that they raise the wreck.",
        "",
    ),
    "a reason that is told of something else": (
        "Why did the pilots leave?",
        "The pilots left in protest at their pay.",
        "The pilots, whose pay is low, left because of the heat.",
        "",
    ),
    "two effects": (
        "Why was the road closed?",
        "The road was closed because of a landslide.",
        "The school was closed because of flu.",
        "",
    ),
}
SPEAKERS: dict[str, Pair] = {
    "two speakers": (
        "Who called it a dark day for the town?",
        "“It is a dark day for the town,” said Alan Price.",
        "“It is a dark day for the town,” said Helen Moss.",
        "attribution contradiction",
    ),
    "unnamed": (
        "Who said that the deal was dead?",
        "“The deal is dead as a doornail,” said one official.",
        "“The deal is dead as a doornail,” said Maria Silva.",
        "attribution precision",
    ),
    "same speaker": (
        "Who said that?",
        "“We will not give in now,” said Maria Silva.",
        "Silva said: “We will not give in now.”",
        "",
    ),
    "other quotes": (
        GENERAL,
        "“We are ready to talk,” said Omar Khan.",
        "“Nobody wants this war to last,” said Lena Fox.",
        "",
    ),
}
STATES: dict[str, Pair] = {
    "standby": (
        "Is the navy still on standby?",
        "The navy is on standby to help the coastguard.",
        "The navy is no longer needed to help the coastguard.",
        "status time",
    ),
    "road": (
        "Is the tunnel still closed?",
        "The tunnel was closed to traffic after the accident.",
        "The tunnel has reopened to traffic after the accident.",
        "status time",
    ),
    "deal": (
        GENERAL,
        "The two airlines agreed a merger.",
        "The merger of the airlines was called off.",
        "status time",
    ),
    "missing": (
        GENERAL,
        "A hiker is missing in the mountains.",
        "The missing hiker was found in the mountains.",
        "status time",
    ),
    "strike over": (
        "Is the bus strike still on?",
        "Bus drivers are on strike in the capital.",
        "The strike of the bus drivers has ended.",
        "status time",
    ),
    "pledge": (
        "Is the hospital still being built?",
        "The government will build a hospital in Kano.",
        "The government has built a hospital in Kano.",
        "status time",
    ),
    "two roads": (
        GENERAL,
        "The coast road was closed after a landslide.",
        "The city museum reopened after repairs.",
        "",
    ),
    "still": (
        "Is the factory still closed?",
        "The factory remains closed.",
        "The factory was closed on Monday.",
        "",
    ),
    "charged and cleared": (
        "Is the banker still charged with fraud?",
        "The banker was charged with fraud over the loans.",
        "The banker was cleared of fraud over the loans.",
        "status time",
    ),
    "charge dropped": (
        GENERAL,
        "The pilot was charged with theft from the airline.",
        "The case of theft against the pilot of the airline has been dropped.",
        "status time",
    ),
    "takeover closed": (
        GENERAL,
        "The takeover of the brewery is expected to close in May.",
        "The takeover of the brewery was completed on Friday.",
        "status time",
    ),
    "talks and deal": (
        GENERAL,
        "The miners are in talks with the owner of the quarry.",
        "The miners struck a deal with the owner of the quarry.",
        "status time",
    ),
    "denied, then confirmed": (
        "Is the singer leaving the band?",
        "The singer denied that she would leave the band in spring.",
        "The singer confirmed that she would leave the band in spring.",
        "status time",
    ),
    "rumour": (
        "Are the actors dating?",
        "Nothing in the note confirms that the actors are dating.",
        "One of the actors confirmed that they were dating since May.",
        "status time",
    ),
    "at large": (
        "Has the escaped robber been arrested?",
        "The escaped robber is still at large in the hills.",
        "The escaped robber was arrested in the hills on Sunday.",
        "status time",
    ),
    "postponed and played": (
        GENERAL,
        "The cup final in Riga was postponed because of snow.",
        "The cup final in Riga took place after the snow had gone.",
        "status time",
    ),
    "under review": (
        GENERAL,
        "The licence of the nuclear plant is under review.",
        "The licence of the nuclear plant was approved on Monday.",
        "status time",
    ),
    "were stood down": (
        "Are the reservists still on standby?",
        "The reservists are on standby for the flood.",
        "The reservists were stood down as the flood fell.",
        "status time",
    ),
    "tour off": (
        "Is the orchestra touring Peru?",
        "The orchestra scheduled four concerts in Peru for June.",
        "The concerts of the orchestra in Peru have been cancelled.",
        "status time",
    ),
    "on trial": (
        "Is the mayor still on trial?",
        "The mayor is on trial for taking bribes.",
        "The mayor was convicted of taking bribes.",
        "status time",
    ),
    "others on trial": (
        "Is the mayor still on trial?",
        "The mayor is on trial for taking bribes.",
        "A baker was convicted of theft.",
        "",
    ),
    "other talks": (
        GENERAL,
        "The miners are in talks with the owner of the quarry.",
        "The dockers struck a deal with the port.",
        "",
    ),
    "two plans": (
        GENERAL,
        "The council will build a school in Ashby.",
        "The council plans to build a school in Ashby.",
        "",
    ),
}
UNSEEN: dict[str, Pair] = {
    "trapped miners": (
        "How many miners are trapped?",
        "Seventeen miners are trapped below ground after the blast.",
        "At least 30 miners are trapped below ground after the blast.",
        "number contradiction",
    ),
    "fine": (
        "How much was the company fined?",
        "The company was fined $1.2bn by the regulator.",
        "The company was fined $800m by the regulator.",
        "number contradiction",
    ),
    "ticket sales": (
        "How many tickets were sold?",
        "Nearly 50,000 tickets were sold for the concert.",
        "Some 48,700 tickets were sold for the concert.",
        "number rounding",
    ),
    "dead and missing": (
        "How many are dead?",
        "The landslide left 22 people dead.",
        "The landslide left 40 people missing.",
        "",
    ),
    "goals and games": (
        GENERAL,
        "The striker scored 20 goals last season.",
        "The striker played 31 games last season.",
        "",
    ),
    "record and price": (
        "How much did the painting sell for?",
        "The painting sold for £3m.",
        "The painting sold for three million pounds.",
        "",
    ),
    "launch date": (
        "When was the satellite launched?",
        "The satellite was launched on 9 July 2019.",
        "The satellite was launched on 19 July 2019.",
        "date contradiction",
    ),
    "founding year": (
        "When was the charity founded?",
        "The charity was founded in 1987.",
        "The charity was founded in May 1987.",
        "date precision",
    ),
    "verdict day": (
        GENERAL,
        "The jury reached its verdict on Friday.",
        "The judge will pass sentence on Tuesday.",
        "",
    ),
    "ship sank": (
        "Where did the ferry sink?",
        "The ferry sank in Greece with 60 on board.",
        "The ferry sank in Turkey with 60 on board.",
        "place contradiction",
    ),
    "held in": (
        "Where is the suspect being held?",
        "The suspect is being held in Camden, north London.",
        "The suspect is being held in London.",
        "place precision",
    ),
    "village and county": (
        "Where was the wedding?",
        "The couple married in Burford.",
        "The couple married in Oxfordshire.",
        "",
    ),
    "winner": (
        "Who won the marathon?",
        "Abel Tesfaye won the marathon in two hours.",
        "Joseph Kiprop won the marathon in two hours.",
        "person contradiction",
    ),
    "victim's work": (
        "What was the job of the victim?",
        "The victim, Carl Voss, was a baker.",
        "The victim, Carl Voss, was a carpenter.",
        "role contradiction",
    ),
    "head coach": (
        GENERAL,
        "The club's head coach, Ben Ash, praised the team.",
        "Head coach Ben Ash praised the team.",
        "",
    ),
    "insured": (
        "Was the ship insured?",
        "The ship was insured against fire.",
        "The ship was not insured against fire.",
        "polarity contradiction",
    ),
    "met or not": (
        "Did the president meet the rebels?",
        "The president met the rebels in secret.",
        "The president denied that he met the rebels in secret.",
        "polarity contradiction",
    ),
    "sales up": (
        GENERAL,
        "Sales of electric cars increased in April.",
        "Sales of electric cars decreased in April.",
        "polarity contradiction",
    ),
    "approved": (
        GENERAL,
        "Councillors approved the plans for a stadium.",
        "Councillors rejected the plans for a stadium.",
        "polarity contradiction",
    ),
    "not the same men": (
        GENERAL,
        "Mr Hill did not attend the hearing.",
        "Mr Stone attended the hearing.",
        "",
    ),
    "no comment": (
        GENERAL,
        "The airline did not respond to a request for comment.",
        "The airline responded to the fall in demand with lower fares.",
        "",
    ),
    "opposite words, other things": (
        GENERAL,
        "Rents rose in the north.",
        "Wages fell in the steel industry.",
        "",
    ),
    "crash cause": (
        "Why did the helicopter crash?",
        "The helicopter crashed because of bad weather.",
        "The helicopter crashed because of an engine failure.",
        "cause contradiction",
    ),
    "cause in other words": (
        "Why was the match abandoned?",
        "The match was abandoned because of heavy rain.",
        "The match was abandoned due to the rain.",
        "",
    ),
    "same words, two men": (
        "Who said it was the worst day of the war?",
        "“It was the worst day of the war,” said Pavel Hora.",
        "“It was the worst day of the war,” said Igor Malin.",
        "attribution contradiction",
    ),
    "ceasefire": (
        GENERAL,
        "The two armies agreed a ceasefire.",
        "The ceasefire between the armies collapsed.",
        "status time",
    ),
    "released": (
        "Is the journalist still detained?",
        "The journalist was detained at the airport.",
        "The journalist has been released from detention at the airport.",
        "status time",
    ),
    "evacuees": (
        GENERAL,
        "Residents of the valley were evacuated as the fire spread.",
        "Residents of the valley have returned after the fire.",
        "status time",
    ),
    "two deals": (
        GENERAL,
        "The port agreed a deal with dockers.",
        "The film studio scrapped a sequel.",
        "",
    ),
}
# What the rules do not see: two verbs that no table joins.
BEYOND: dict[str, Pair] = {
    "votes": (
        "How many senators voted for the bill?",
        "In all, 54 senators voted for the bill.",
        "The bill was backed by 51 senators.",
        "number contradiction",
    ),
}
# As reports on the web put it.
AS_FOUND: dict[str, Pair] = {
    "how many there are": (
        "How many armed guards does the city have in total?",
        "More than 100 guards have handed in permits, there are more than 2,500 armed guards in"
        " the city.",
        "Figures of the council show that there were 2,595 armed guards in the city.",
        "number rounding",
    ),
    "speaker with what he was": (
        "Who called it the biggest crisis of the force?",
        "The walkout was what one retired officer called the “biggest operational crisis” of the"
        " force.",
        "Omar Hadi, a former senior commander of the force, said it was the “biggest operational"
        " crisis” it had faced.",
        "attribution precision",
    ),
    "turned to": (
        "Who asked the army for help?",
        "The army said that it had accepted a request from the Home Office for help.",
        "The walkout prompted Norham Yard to turn to the army for help.",
        "attribution contradiction",
    ),
    "speaking there": (
        "Where did the mayor speak?",
        "Speaking in Hertfordshire, Mara Silva said: “The officers do a hard job.”",
        "Speaking at a centre in Broxbourne, Hertfordshire, Mara Silva said: “The officers do a"
        " hard job.”",
        "place precision",
    ),
    "guards of two places": (
        "How many guards are there?",
        "There are 40 guards at the gate.",
        "There are 300 guards at the port.",
        "",
    ),
    "killed there": (
        "How many people were killed in the fire?",
        "There were 14 people killed in the fire.",
        "Nine people were killed in the fire.",
        "number contradiction",
    ),
    "speaker of a letter to somebody": (
        "Who called it the biggest crisis of the force?",
        "In a letter to Bo Lund, the mayor, the union said it was the “biggest operational crisis”"
        " of the force.",
        "Omar Hadi said it was the “biggest operational crisis” of the force.",
        "",
    ),
    "urged to ask": (
        "Who asked the army for help?",
        "Critics urged the Home Office to ask the army for help.",
        "Norham Yard asked the army for help.",
        "",
    ),
    "walked out, walk-out": (
        "Why did the guards walk out?",
        "The guards walked out because of a row over pay.",
        "The walk-out of the guards was caused by a murder charge.",
        "cause contradiction",
    ),
}
ALL = {
    f"{group}: {name}": pair
    for group, pairs in (
        ("number", NUMBERS),
        ("date", DATES),
        ("place", PLACES),
        ("person", PEOPLE),
        ("wording", WORDINGS),
        ("cause", CAUSES),
        ("speaker", SPEAKERS),
        ("state", STATES),
        ("unseen", UNSEEN),
        ("as found", AS_FOUND),
    )
    for name, pair in pairs.items()
}


def said(text: str, name: str, published: date | None = None, score: float = 1.0) -> Evidence:
    """`text` as the only line of an article."""
    document = Document(f"{name}.txt", text, "0" * 64, publisher=name, published=published)
    return Evidence(document, 1, 1, 0, len(text), text, score)


def found(question: str, one: str, other: str) -> list[str]:
    """What is found between two sentences of two articles: attribute and difference."""
    evidence = [said(one, "Courier"), said(other, "Herald")]
    return [f"{f.attribute} {f.difference}" for f in compare_evidence(question, evidence)]


@pytest.mark.parametrize("pair", ALL.values(), ids=list(ALL))
def test_pairs(pair: Pair) -> None:
    question, one, other, expected = pair
    assert found(question, one, other) == ([expected] if expected else [])
    assert found(question, other, one) == ([expected] if expected else [])


@pytest.mark.xfail(reason="no rule joins the two wordings", strict=True)
@pytest.mark.parametrize("pair", BEYOND.values(), ids=list(BEYOND))
def test_pairs_beyond_the_rules(pair: Pair) -> None:
    question, one, other, expected = pair
    assert found(question, one, other) == [expected]
