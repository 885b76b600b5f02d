"""The small words, verbs and kinds of nouns by which questions are taken apart.

The lists are of English at large, not of one story: what a list does not know counts as a noun,
which is right for names, however they are typed.
"""

WH = frozenset("who whom whose what which when where why how whos wot".split())
BE = frozenset("is are was were be been being am 's isn't aren't wasn't weren't".split())
AUXILIARIES = BE | frozenset(
    """has have had having do does did will would can could shall should may might must hasn't
    haven't hadn't don't doesn't didn't won't wouldn't can't couldn't shouldn't mustn't
    cannot didnt doesnt dont isnt arent wasnt werent hasnt havent hadnt wont wouldnt cant couldnt
    shouldnt""".split()
)
DEMONSTRATIVES = frozenset("this that these those".split())
POSSESSIVES = frozenset("his her its their".split())
INDEFINITES = frozenset(
    "anyone someone anybody somebody everyone everybody noone nobody anything something".split()
)
DETERMINERS = frozenset(
    "the a an any some no every each all both many more several most my your our few".split()
)
PRONOUNS = frozenset(
    """i you we us me he she it him they them there himself herself itself themselves hers
    theirs one ones""".split()
)
PREPOSITIONS = frozenset(
    """in on at of for from to with by about against after before during since until till under
    over between among into onto through within without near outside inside across behind than as
    like off out up down per via around towards toward despite regarding""".split()
)
CONJUNCTIONS = frozenset("and or but nor because if whether while although so".split())
ADVERBS = frozenset(
    """not still now already ever never yet again also too just only really currently then today
    yesterday tomorrow exactly originally initially actually finally eventually else much
    tho though later earlier ago soon away back even please instead next here beforehand
    afterwards sometimes often always perhaps maybe elsewhere abroad rid anyway""".split()
)
# Words in "-ly" that are nouns; all others that are long enough are adverbs.
LY_NOUNS = frozenset(
    """anomaly assembly beverly butterfly carly family italy kimberly monopoly sicily""".split()
)
# What they name is nothing that one goes on to speak of.
SET_PHRASES = frozenset(
    """in charge|in court|in prison|in jail|in custody|in hospital|in force|in power|in favour|
    in doubt|in danger|on strike|on duty|on standby|on trial|on bail|on board|on fire|on sale|
    at work|at home|at school|at risk|at war|to account|to court|to prison|to jail|under arrest|
    under fire|under pressure|under investigation|under review|by law|by name""".replace(
        "\n    ", ""
    ).split("|")
)
# Words in "-est" that are no superlatives.
EST_NOUNS = frozenset(
    """west guest forest interest conquest priest harvest contest digest chest unrest budapest
    bucharest midwest honest modest""".split()
)
# They say how, not of what.
IDIOMS = frozenset(
    """in total|in all|in full|in general|in particular|in fact|in public|in advance|in return|
    in person|in the end|at all|at first|at last|at least|so far|for now|right now|by now|
    at the moment|on time|of course|these days|in those days""".replace("\n    ", "").split("|")
)
ADJECTIVES = frozenset(
    """keen happy sure guilty dead alive ready able likely true safe legal illegal angry sorry
    responsible right wrong available possible unhappy pleased worried afraid aware involved due
    open closed over better worse higher lower less worth ill free serious important famous
    satisfied innocent public""".split()
)

# Verbs that are hardly ever nouns in the same form, and those that often are.
_VERBS = """
say tell think know believe agree happen become begin win lose write speak resign arrest injure
kill suspend convict sentence_ accuse acquit sue prosecute investigate criticise criticize
announce launch publish reveal explain admit deny confirm reject refuse accept approve ask tell
give take make get go come see find keep send bring buy sell pay_ build hold stand leave meet
lead sack hire appoint replace elect beat defeat qualify retire join scrap cancel postpone delay_
reduce raise expand merge acquire open close start_ end_ stop_ continue remain stay_ die survive
rescue evacuate destroy spread hit_ steal rob flee escape surrender hand step reckon insist
suggest apologise apologize praise defend oppose react respond comment_ mention describe declare
decide choose need want try let allow prevent ban_ fine_ jail release extend include involve cause
affect belong receive earn spend owe drop increase_ decrease fall_ grow shrink rise_ cut_ cost_
score_ sign_ play_ train_ fight_ strike_ attack_ protest_ charge_ shoot vote_ plan_ report_ review_
support_ help call_ visit_ work_ live move_ return_ fire_ crash_ claim_ promise_ pledge_ offer_
demand_ threaten warn order_ request_ back_ block_ break_ change_ check_ deal_ file_ fund_ face_
gain_ guard_ question_ record_ result_ sail sink sit run_ use_ walk_ watch_ wear turn_ trade_ test_
target_ tackle_ study_ stage_ sponsor_ show_ share_ search_ rule_ rescue_ race_ race_ produce_ own
miss_ look_ limit_ lift_ host_ gather fail expect drive_ down design_ damage_ cover_ control_
complain compete collapse_ close campaign_ bid_ award_ answer_ appeal_ aim_ act_ abandon add
consider carry catch deliver develop discover draw_ enter feel follow form_ hear identify intend
introduce learn lie_ marry name_ obtain perform prepare process_ provide pull push_ put reach
recall recover refer relate remove require seek seem serve set settle speak suffer supply_ swear
talk_ teach tend treat understand throw vow withdraw worry_ stab murder_ rape_ kidnap rescue own
read discipline_ dismiss quit born found hurt rely stand quote_ finish compare conclude occur
arrive depart discuss debate_ negotiate invest hide evict hunt_ deploy endorse urge invite warn
assess examine inspect condemn pass_ post_ tweet_ qualify relegate knock save wound
drown burn explode erupt recover boost_ slash borrow lend invade occupy bomb_ bombard fly
land_ derail collide diagnose vaccinate infect nominate swap_ transfer_ loan_
apply argue assume attend avoid blame_ brief_ challenge_ chase_ cheat cite clear collect combat_
command_ commission_ commit compensate connect contact_ contain contribute convince cope count_
create cross cry dare depend deserve detain direct divide donate eat emerge
employ enable encourage ensure estimate_ exist expel explore export_ express favour_
fear_ feature_ fit flow_ focus_ force_ free guarantee_ guide_ halt_ handle_ hope_ ignore implement
import_ improve influence_ inform install interview_ invent jump_ kick_ last_ laugh_ listen lobby_
love_ maintain manage measure_ mind monitor_ notify object_ operate organise organize overturn
overtake place_ point_ praise_ pray predict prefer pretend prevail print_ prove punish
reform_ register regret remember remind rename repair_ repeal_ repeat represent resume
retain reveal ring_ shut smoke_ smuggle state_ stick succeed surge_ suspect_
swim switch_ thank tour_ track_ trap_ upset value_ verify view_ voice_ volunteer_ wait
warn wash welcome witness_ yield
""".split()
BASE_VERBS = frozenset(verb.removesuffix("_") for verb in _VERBS)
NOUN_VERBS = frozenset(verb[:-1] for verb in _VERBS if verb.endswith("_"))
_IRREGULAR = """
say said said|tell told told|think thought thought|know knew known|become became become|
begin began begun|win won won|lose lost lost|write wrote written|speak spoke spoken|
give gave given|take took taken|make made made|get got got|go went gone|come came come|
see saw seen|find found found|keep kept kept|send sent sent|bring brought brought|
buy bought bought|sell sold sold|pay paid paid|build built built|hold held held|
stand stood stood|leave left left|meet met met|lead led led|beat beat beaten|spread spread spread|
hit hit hit|steal stole stolen|flee fled fled|choose chose chosen|let let let|
spend spent spent|fall fell fallen|grow grew grown|shrink shrank shrunk|rise rose risen|
cut cut cut|cost cost cost|fight fought fought|strike struck struck|shoot shot shot|
break broke broken|deal dealt dealt|sink sank sunk|sit sat sat|run ran run|wear wore worn|
show showed shown|bid bid bid|catch caught caught|draw drew drawn|feel felt felt|
hear heard heard|learn learnt learnt|put put put|seek sought sought|set set set|
swear swore sworn|teach taught taught|understand understood understood|throw threw thrown|
withdraw withdrew withdrawn|quit quit quit|fly flew flown|burn burnt burnt|eat ate eaten|
lend lent lent|hide hid hidden|shut shut shut|swim swam swum|
ring rang rung|stick stuck stuck|hurt hurt hurt|read read read|born born born|
drive drove driven
""".replace("\n", "")
_PASTS = {base: (past, done) for base, past, done in (i.split() for i in _IRREGULAR.split("|"))}

# "hurt": base and past alike.
UNCHANGED = frozenset(base for base, (past, _) in _PASTS.items() if past == base)


_DOUBLED = frozenset("cut hit run win put set get sit begin shut let swim bid quit".split())


_DOUBLING = frozenset(
    """stop plan ban drop stab rob sit refer cancel scrap kidnap step admit commit occur prefer
    regret control transfer trap swap fit""".split()
)


def _past_of(base: str) -> str:
    """The regular past of a verb."""
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base[:-1] + "ied"
    if base in _DOUBLING:
        return base + base[-1] + "ed"
    return base + "ed"


def _forms() -> dict[str, tuple[str, str]]:
    """Form -> its base, and "base", "s", "past" or "ing"."""
    found: dict[str, tuple[str, str]] = {}
    for base in sorted(BASE_VERBS):
        regular = _past_of(base)
        for past in (regular, *_PASTS.get(base, ())):
            found.setdefault(past, (base, "past"))
        stem = regular[:-2] if not base.endswith(("e", "y")) else base.removesuffix("e")
        if base in _DOUBLED:
            stem = base + base[-1]
        elif base.endswith("ee"):
            stem = base
        elif base.endswith("ie"):
            stem = base[:-2] + "y"
        found.setdefault(stem + "ing", (base, "ing"))
        ending = "es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s"
        third = base[:-1] + "ies" if regular.endswith("ied") and base[-1] == "y" else base + ending
        found.setdefault(third, (base, "s"))
    for base in BASE_VERBS:
        if base not in {"found", "born"}:
            found[base] = (base, "base")
    return found | {"done": ("do", "past"), "doing": ("do", "ing")}


VERB_FORMS = _forms()
# Forms in "-ing" that are as often nouns.
ING_NOUNS = frozenset(
    """meeting building shooting hearing killing funding spending ruling training opening warning
    beginning ending stabbing bombing finding fighting sentencing""".split()
)
SAYING = frozenset(
    "say think tell reckon suggest claim report announce believe comment mention write react "
    "respond explain".split()
)
# "Wants it changed": what is done to it, not what it does.
SHAPING = frozenset("want need get have keep make let see watch hear help".split())
THINKING = frozenset("think believe feel reckon".split())
# Verbs that cannot be turned: "who became mayor", not "was mayor become".
NEVER_PASSIVE = frozenset("become remain stay get have cost".split())


def past(verb: str) -> str:
    """The past of a verb's base form.

    Example: "hire" -> "hired"; "win" -> "won"
    """
    return _PASTS[verb][0] if verb in _PASTS else _past_of(verb)


def participle(verb: str) -> str:
    """The past participle of a verb's base form.

    Example: "steal" -> "stolen"
    """
    return _PASTS[verb][1] if verb in _PASTS else _past_of(verb)


_INGS = {base: form for form, (base, kind) in VERB_FORMS.items() if kind == "ing"}


def ing(verb: str) -> str:
    """The form in "-ing" of a verb's base form.

    Example: "hire" -> "hiring"
    """
    return _INGS.get(verb, verb)


MONTHS = frozenset(
    """january february march april may june july august september october november december jan
    feb mar apr jun jul aug sep sept oct nov dec""".split()
)
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
PERIODS = frozenset(
    "day week month year weekend night decade century summer winter spring autumn season "
    "morning evening afternoon quarter christmas easter".split()
)
ORDINALS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth last next previous other "
    "former latter 1st 2nd 3rd 4th maximum minimum average".split()
)
ROLES = frozenset(
    """man woman boy girl person child officer policeman policewoman constable sergeant detective
    commissioner minister secretary president chancellor king queen prince princess mayor mp leader
    chairman chairwoman chair ceo boss manager coach captain player striker goalkeeper footballer
    driver pilot owner founder author writer actor actress singer teacher doctor nurse judge lawyer
    prosecutor suspect victim defendant witness spokesman spokeswoman spokesperson critic
    director editor journalist reporter candidate mother father brother sister son daughter wife
    husband partner fiancee bishop pope chief expert professor scientist winner champion cop bloke
    guy soldier killer attacker gunman shooter rapper builder reviewer analyst economist head
    accused premier pm veteran superintendent general kid lad""".split()
)
GROUPS = frozenset(
    """police army military government council company firm club team party union family force
    board committee court jury bank navy cabinet parliament fa fifa uefa nhs eu un met cps iopc
    mod dwp hmrc nato ioc ministry department staff crew opposition public media press federation
    association office treasury agency regulator commission watchdog charity community""".split()
)
_PLURAL_PEOPLE = """people men women children officers cops victims workers soldiers residents
    passengers fans players protesters ministers police staff suspects""".split()
# Nouns that say nothing of what a question is about: "how many people died?"
GENERIC = frozenset(_PLURAL_PEOPLE) | ROLES | GROUPS | frozenset(
    """thing things sort kind type reason reasons verdict motive cause penalty sentence weapon
    survivors casualties injuries deaths arrests witnesses damage refunds regulators critics
    experts mps charges evidence impact effect effects deadline turnout majority score result
    outcome response reaction name names details times time day date place part year age job
    role salary cost price more number total others else sources articles papers source""".split()
)  # fmt: skip
# Of what or by whom was said before, when nothing but "the" is with them: "the ruling".
OPEN_NOUNS = frozenset(
    """letter report statement speech interview email tweet post article book study survey paper
    announcement ruling trial hearing case lawsuit appeal charge decision investigation inquiry
    review arrest conviction suspension resignation operation surgery funeral ceremony deal contract
    offer bid takeover merger sale purchase price fee fine budget profit loss loan debt stake
    investment funding meeting talks agreement plan proposal programme program project scheme
    app product device method technique drug treatment disease illness injury goal match game fight
    season round vote ballot law ban rules changes changeover launch release film album tour show
    winner winners loser name title answer problem question symptoms signs causes risks benefits
    odds chances terms conditions features findings numbers figures results rates origins""".split()
)
# What the names of other bodies and places end in.
BODIES = frozenset(
    """body trust museum hospital school college university institute foundation group society
    service services bank street road park house hall bridge river centre center theatre church
    council line authority network corporation retailer supermarket airline outlet newspaper
    broadcaster tank""".split()
)
NUMBERS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve dozen dozens hundred hundreds
    thousand thousands million millions half""".split()
)
OUTLETS = frozenset(
    """bbc ft guardian times telegraph sun mirror mail independent observer reuters cnn itv sky
    economist express metro standard nyt bloomberg ap afp national scotsman herald star sources
    beeb aljazeera""".split()
) | {"news room", "financial times", "daily mail", "sky news", "bbc news", "the newsroom"}
PLACES = frozenset(
    """london manchester birmingham leeds liverpool sheffield bristol newcastle nottingham leicester
    glasgow edinburgh cardiff belfast york oxford cambridge brighton southampton portsmouth plymouth
    hull derby coventry aberdeen dundee swansea streatham heathrow gatwick kent essex surrey sussex
    devon cornwall yorkshire lancashire merseyside england scotland wales ireland britain uk france
    germany spain italy portugal greece turkey syria iraq iran israel gaza egypt libya tunisia
    morocco algeria sudan ethiopia kenya nigeria ghana uganda rwanda russia ukraine poland hungary
    romania bulgaria serbia croatia austria switzerland belgium netherlands denmark sweden norway
    finland iceland estonia latvia lithuania china japan korea taiwan india pakistan bangladesh
    nepal afghanistan indonesia malaysia singapore thailand vietnam philippines australia canada
    mexico brazil argentina chile peru colombia venezuela cuba haiti america usa us paris berlin
    madrid rome lisbon athens moscow kyiv beijing tokyo delhi mumbai dublin brussels geneva vienna
    washington chicago texas florida california boston europe africa asia""".split()
)
HE_TITLES = frozenset("mr sir lord king prince father".split())
SHE_TITLES = frozenset("mrs ms miss lady dame queen princess".split())
HE_NAMES = frozenset(
    """james john robert michael william david richard joseph thomas charles chris christopher
    daniel matthew anthony mark donald steven paul andrew andy joshua kenneth kevin brian george
    edward ronald tim timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry
    justin scott brandon benjamin samuel frank gregory raymond alexander patrick jack dennis jerry
    peter keir boris rishi tony gordon nigel jeremy simon martin alan ian neil philip harry wayne
    marcus roger rafael novak carlos lewis max lionel cristiano elon jeff bill joe barack vladimir
    emmanuel olaf sadiq ben sam tom""".split()
)
SHE_NAMES = frozenset(
    """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty
    margaret sandra ashley emily donna michelle carol amanda melissa deborah stephanie rebecca
    sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha
    katherine christine rachel carolyn janet catherine maria heather diane ruth julie olivia joyce
    virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah suella
    theresa liz rachel angela priti yvette ursula kamala hillary serena venus coco iga simone
    greta kate mia""".split()
)
