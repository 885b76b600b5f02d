"""Which words say the same in news: stems, a small table of synonyms, reporting verbs.

The table is for wording only. Numbers, dates, names, negation and words of direction are compared
by rules of their own, so that a generous table cannot make a false statement pass.
"""

from functools import lru_cache

from rag.words import STOP_WORDS, stems

# What stands before a reason, as patterns; the weak ones may tell only what came before.
REASON_WORDS = (
    r"because of|because|due to|owing to|as a result of|as a response to|in response to|in protest"
    r" (?:at|over|against)|in a protest (?:over|at|against)|protest(?:s|ing)? (?:over|at|against)"
    r"|(?:caused|triggered|sparked|prompted|provoked|started) by|blamed (?:it )?on|as a consequence"
    r" of|in anger (?:at|over)|angry (?:at|over)|on account of|thanks to|attributed to|stemmed from"
    r"|(?:the |a )?result of|down to|(?:has|have|had) to do with|(?:has|have|had) led to"
)
WEAK_REASON_WORDS = r"after|following|over|amid"
REPORTING = frozenset(
    """
    say says said saying tell tells told telling add adds added adding announce announces announced
    announcing state states stated stating report reports reported reportedly reporting claim claims
    claimed claiming insist insists insisted insisting note notes noted noting explain explains
    explained explaining argue argues argued arguing stress stresses stressed describe describes
    described describing suggest suggests suggested suggesting warn warns warned warning write
    writes wrote written writing remark remarked comment commented declare declares declared mention
    mentions mentioned reveal reveals revealed reply replied answered respond responded believe
    believes believed think thinks thought according statement tweeted posted emphasised emphasized
    underlined pointed acknowledged acknowledges conceded recalled observed maintained maintains
    asserted asserts called stated speaking disclosed
    """.split()
)

# Past forms without "ed" that are not nouns as well.
IRREGULAR_PASTS = frozenset(
    """
    became began broke brought bought came chose drew drove fell felt fled flew forgot found gave
    got grew held kept knew led left lost made met paid ran rose said sang sank sat saw sent shook
    shot slept sold spent spoke stood stole struck swam swore taught threw told took tore went won
    wore wrote
    """.split()
)

# Words that carry too little to be looked for: they may be there or not.
LIGHT = STOP_WORDS | frozenset(
    """
    about above after again all almost already also although am among another any around because
    became become becomes been before being below between both but can cannot could currently d
    during each either else even ever every few get gets getting given go goes going got had having
    here him himself however into itself just least less like ll made make makes making many may
    me might mine more most much must my myself near nearly neither never no nor not now off often
    once one only onto other others ought out over own per put quite rather re really s same shall
    should since some something still such sure t take taken takes taking themselves thing things
    though through thus too took toward towards two under until up upon us use used uses using ve
    very via want wants was way well went were whether while within without would yet mr mrs ms
    sir dr former someone anyone people person percent cent don doesn didn isn wasn aren
    """.split()
)

_SYNONYMS = """
army military troops soldiers forces
police force officers officer met constabulary
charge charged prosecute prosecuted prosecution
killing killed death died dead fatal fatally shot shooting
murder murdered killing
gun guns firearm firearms weapon weapons armed
permit permits licence license tickets authorisation authorised authorized authorise permission
hand handed turn turned give gave given surrender surrendered
resign resigned resignation quit step stepped stand stood down left leave
return returned back resume resumed
help helped aid aided assist assisted assistance support supported backing
request requested ask asked asking requests
cancel cancelled canceled ended end scrap scrapped drop dropped over
deal arrangement agreement accord pact
protest protests demonstration action walkout
concern concerned concerns worry worried worries anxious fear fears feared
review reviews reviewed inquiry probe investigation investigate investigated investigating
order ordered orders instructed launched launch commission commissioned
job jobs role work post position
judge judged judgement judgment judging
trust confidence faith
chief head boss leader commissioner director
minister secretary
require required need needed needs necessary
sufficient enough adequate
begin began begun start started starting launch launched commence opened
finish finished conclude concluded conclusion complete completed end ended ending
back backed support supported endorse endorsed welcomed
weekend saturday sunday
buy bought purchase purchased acquire acquired acquisition takeover
sell sold sale sales
company firm business corporation group
plan plans planned intend intends intended aim aims
rise rose risen rising increase increased increasing grow grew grown growth climb climbed jump
jumped surge surged up higher gain gained
fall fell fallen falling decrease decreased decline declined drop dropped down lower reduce reduced
shrink shrank shrunk plunge plunged
show shows showed shown reveal revealed indicate indicates indicated
figures data statistics numbers
children kids child kid
film movie films movies
car vehicle cars vehicles
game match games matches
team side club squad
win won winning victory beat defeated
lose lost losing defeat loss
big large huge major significant
small little tiny
important crucial vital key essential significant
difficult hard tough challenging demanding
show display
home house
money funds cash funding
cost price costs prices priced
pay paid payment payments
employee employees staff worker workers
fire fired sack sacked dismissed
hire hired recruit recruited appointed appoint named
court trial
lawyer attorney lawyers attorneys counsel
jail prison imprisoned jailed
lawsuit suit sued sue suing case
allege alleged allegation allegations accuse accused accusation claim claims
injured hurt wounded injuries injury
attack attacked attacks assault assaulted
vote voted votes ballot election
president leader
country nation state
city town
build built building construct constructed
create created creates produce produced made
release released releases publish published launch launched unveil unveiled
meet met meeting met talks talked
visit visited visiting trip travelled
speak spoke speaking spoken talk talked said
letter wrote written write
allow allowed permit permitted let lets enable enabled
ban banned prohibit prohibited block blocked
stop stopped halt halted prevent prevented
continue continued continues remain remained remains stay stayed still
act acted acts acting action actions
conduct conducted conducting carried carry carrying undertaken perform performed
recall recalled remember remembered remembers recalls
calculate calculated worked estimate estimated
connect connected link linked links tied
event events incident incidents
earlier previous previously prior
become became made
change changed changes alter altered shift shifted
increase boost boosted raise raised
cut cuts reduce reduced
expect expected expects anticipated anticipate likely forecast
receive received receives get got obtained
use used uses using utilise
show featured feature features include includes included including
play played plays star starred
score scored scoring
player players footballer striker
fan fans supporter supporters
user users customer customers consumer consumers
phone smartphone phones handset
mass large
many numerous several number scores
almost nearly
approximately about around
recent recently latest newest
previous former earlier ex
suspect suspected
crime offence offences criminal offenses offense
race racing
doctor doctors physician
hospital clinic
study research studies report
scientist scientists researcher researchers
discover discovered found find finds
quickly swiftly rapidly fast swift quick
immediately instantly
situation circumstances conditions
public people citizens
capital london
uk britain british
us american america
bullet shot gunshot
decide decided decision decides chose choose
accept accepted agree agreed approved
reject rejected refuse refused turned
deny denied denies rejected
bring brought draft drafted
nearby neighbouring neighboring surrounding adjacent
deploy deployed deployment deploying used
protect protection protected safeguard
keep kept maintain maintained
responsible responsibility responsibilities
whole entire full
annual yearly
spend spent spending
bonus award rewards reward
debut debuted premiere premiered
happen happened happens occurred occur occurs took
live lived lives living resides
die died dies death killed
marry married wed wedding
born birth
name named called known
"""


# Words for what changes somebody's life or the outcome: a claim may not bring them in by itself.
GRAVE = frozenset(
    """
    convicted conviction acquitted guilty innocent arrested charged sentenced jailed imprisoned
    detained suspended expelled disqualified sacked fired dismissed resign resigned quit retired
    died dead killed murdered injured wounded raped assaulted kidnapped poisoned suicide stabbed
    shot bankrupt insolvent collapsed merged acquired bought sold divorced married pregnant
    engaged opposed opposes oppose supported backed endorsed banned approved rejected refused
    accepted denied confirmed admitted apologised apologized promised threatened extended
    cancelled canceled postponed delayed abolished repealed legalised outlawed deployed
    evacuated surrendered invaded won lost defeated drew doubled tripled halved rose fell
    increased decreased grew shrank soared plunged plummeted surged illegal unlawful fraud
    bribery corrupt corruption racist sexist drunk pleaded confessed testified sued settled
    fined vetoed
    """.split()
)


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    """Stem -> the numbers ("#12") of the lines of the table that hold it."""
    table: dict[str, set[str]] = {}
    for number, line in enumerate(_SYNONYMS.strip().splitlines()):
        for stem in stems(line.split()):
            table.setdefault(stem, set()).add(f"#{number}")
    return {stem: frozenset(numbers) for stem, numbers in table.items()}


@lru_cache(maxsize=50_000)
def stem_of(base: str) -> str:
    """The stem of one word in small letters."""
    return stems([base])[0]


@lru_cache(maxsize=50_000)
def keys_of(base: str) -> frozenset[str]:
    """The stem of a word and the groups of synonyms that it belongs to."""
    stem = stem_of(base)
    return _groups().get(stem, frozenset()) | {stem}


def synonyms_of(base: str) -> frozenset[str]:
    """The words that the table has on the lines of a word in small letters; empty without any.

    Example: "die" -> "death", "died", "fatal", ...
    """
    numbers = {int(number[1:]) for number in _groups().get(stem_of(base), ())}
    lines = _SYNONYMS.strip().splitlines()
    return frozenset(word for number in numbers for word in lines[number].split())


def related(one: str, other: str) -> bool:
    """Whether two stems are forms of one word: "decid" and "decis", "prosecut" and "prosecutor".

    They share at least four letters from the start, and all but three of each.
    """
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    longest = max(len(one), len(other))
    return shared >= 4 and longest - shared <= 3 and shared / longest >= 0.6
