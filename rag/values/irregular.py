"""Irregular verbs of English: each with its past forms.

`PAST_FORMS` are those that look like nothing else; `base_of` leads a form back to its verb.
"""

_VERBS = """
arise arose arisen|awake awoke|bear bore|beat beaten|become became|begin began begun|bend bent
|bite bit bitten|bind bound|blow blew blown|break broke broken|breed bred|bring brought
|build built|burn burnt|burst|buy bought|catch caught|choose chose chosen|cling clung|come came
|creep crept|cut|deal dealt|dig dug|dive dove|do did|draw drew drawn|drink drank drunk
|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found
|flee fled|fly flew flown|forget forgot forgotten|freeze froze frozen|get got gotten
|give gave given|go went gone|grow grew grown|hang hung|hear heard|hide hid hidden|hit|hold held
|hurt|keep kept|know knew known|lay laid|lead led|leave left|lend lent|let|lie lain|light lit
|lose lost|make made|mean meant|meet met|overcome overcame|pay paid|put|quit|read|rebuild rebuilt
|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought
|sell sold|send sent|set|shake shook shaken|shoot shot|show shown|shrink shrank shrunk|shut
|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken|spend spent|split
|spread|spring sprang sprung|stand stood|steal stole stolen|stick stuck|sting stung
|strike struck stricken|sue sued|swear swore sworn|sweep swept|swim swam swum|swing swung
|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown
|undergo underwent undergone|understand understood|undertake undertook undertaken
|upset|wake woke woken|wear wore worn|win won|wind wound|withdraw withdrew withdrawn
|withstand withstood|write wrote written
"""
_ROWS = [row.split() for row in _VERBS.split("|")]

# Past forms that are not the verb itself too: "went", "gone"; not "cut".
PAST_FORMS = frozenset(form for row in _ROWS for form in row[1:])
_BASES = {form: row[0] for row in _ROWS for form in row[1:]}


def base_of(form: str) -> str:
    """The verb of an irregular past form in small letters; any other word as it is.

    Example: "shot" -> "shoot"
    """
    return _BASES.get(form, form)
