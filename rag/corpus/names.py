"""Tells names of persons and of outlets from other short texts."""

import re

_PARTICLES = frozenset(
    {
        "van", "von", "de", "da", "del", "der", "den", "la", "le", "di", "du", "bin", "al", "el",
        "ter", "ten", "dos",
    }
)  # fmt: skip
_NOT_A_PERSON = re.compile(
    r"\b(?:news|newsroom|room|staff|desk|editors?|editorial|admin|team|agenc(?:y|ies)|reporters?"
    r"|correspondents?|online|media|press|service|times|bbc|reuters|afp|contributors?|in|for|at|and|the|of|to|on|with|from"
    r"|writers?|wires?)\b",
    re.IGNORECASE,
)

# Names of outlets: the well-known ones that are no common words, and what the others end in.
_KNOWN = (
    r"bbc|cnn|npr|pbs|abc|nbc|cbs|msnbc|cnbc|itv|rte|ndtv|afp|ap|upi|reuters|bloomberg|axios"
    r"|politico|vox|wired|forbes|fortune|techcrunch|mashable|engadget|the verge|the guardian"
    r"|the economist|the independent|the atlantic|the hill|the conversation|huffpost|buzzfeed"
    r"|newsweek|al jazeera|deutsche welle|dw|euronews|france 24|le monde|der spiegel|el pa\u00eds"
    r"|associated press|agence france-presse|financial times|polygon|business insider|usa today"
    r"|the sun|the mirror|the national|the star|the daily beast|the intercept|propublica|haaretz"
    r"|xinhua|kyodo|yonhap|dpa|mailonline|the spectator|new statesman|the new yorker|the athletic"
    r"|ars technica|the register|the age"
)
_SHAPED = (
    r"(?:[\w.'&-]+ ){1,4}(?:news|times|post|herald|tribune|gazette|journal|chronicle|telegraph"
    r"|guardian|observer|standard|mail|express|star|press|magazine|bulletin|dispatch|courier"
    r"|examiner|globe|inquirer|broadcasting|radio|tv|media|today|mirror|argus|echo|independent"
    r"|monitor|sentinel|advertiser)"
)
_OUTLET = re.compile(rf"(?:the )?(?:{_KNOWN}|{_SHAPED})(?:\.com|\.co\.uk)?", re.IGNORECASE)
_WELL_KNOWN = re.compile(
    rf"(?:the )?(?:{_KNOWN})(?: news| sport| world service)?(?:\.com|\.co\.uk)?", re.IGNORECASE
)
_STAFF = re.compile(
    r"(?:['\u2019]s)? (?:staff(?: (?:reporters?|writers?))?|reporters?|correspondents?|newsroom"
    r"|editors?|team)$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:['\u2019]s)? (?:[\w-]+ ){0,4}(?:correspondent|editor|reporter|journalist|presenter)$",
    re.IGNORECASE,
)
_SMALL = frozenset({"of", "the", "and", "&"})


def is_name(text: str) -> bool:
    """Whether `text` is written as a person's name: two to five words with capitals."""
    words = text.split()
    if not 2 <= len(words) <= 5 or _NOT_A_PERSON.search(text) or any(c.isdigit() for c in text):
        return False
    return all(word[0].isupper() or word.lower() in _PARTICLES for word in words)


def is_outlet(text: str) -> bool:
    """Whether `text` is the name of an outlet: known or shaped like one, with capitals."""
    words = text.split()
    return (
        0 < len(words) <= 5
        and bool(_OUTLET.fullmatch(text.strip()))
        and all(word[0].isupper() or word in _SMALL for word in words)
    )


def is_well_known(text: str) -> bool:
    """Whether `text` is the name of an outlet that is no name of anything else."""
    return is_outlet(text) and bool(_WELL_KNOWN.fullmatch(text.strip()))


def outlet_of(text: str) -> str | None:
    """The outlet that a short text names, alone or with its staff or a role; None without one.

    Example: "BBC home affairs correspondent" -> "BBC"
    """
    text = text.strip(" .,;)")
    if is_outlet(text):
        return text
    staff = _STAFF.search(text)
    if staff and is_outlet(text[: staff.start()]):
        return text[: staff.start()]
    words = text.split()
    for count in range(len(words) - 1, 0, -1):
        outlet = " ".join(words[:count])
        if is_well_known(outlet) and _ROLE.fullmatch(text[len(outlet) :]):
            return outlet
    return None


def names_no_person(text: str) -> bool:
    """Whether `text` holds a word of a role, a desk or an outlet: "Political Editor"."""
    return bool(_NOT_A_PERSON.search(text))
