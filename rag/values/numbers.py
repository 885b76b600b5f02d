"""Numbers of a text: digits, number words, fractions, percentages, money, bounds, clock times.

Read from the tokens in one pass: (1) a number in digits or words, with its scale ("3.5bn",
"two million"); (2) what stands after it: "%", a unit, a currency; (3) what stands before it: a
currency sign, a bound ("more than", "up to").
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.values.tokens import Token, tokenize

Kind = Literal["count", "percent", "money", "ordinal", "vague", "clock"]
Bound = Literal["exact", "about", "over", "under"]

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SMALL = {word: value for value, word in enumerate(_ONES)} | {
    word: 10 * place for place, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
           "dozen": 12.0}  # fmt: skip
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12}
_VAGUE = {"tens": 10.0, "dozens": 12.0, "scores": 20.0, "hundreds": 1e2, "thousands": 1e3,
          "millions": 1e6, "billions": 1e9, "trillions": 1e12}  # fmt: skip
_ORDINALS = {
    word: place
    for place, word in enumerate(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth""".split(),
        1,
    )
}
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    word + end: place for word, place in _ORDINALS.items() if place > 2 for end in ("", "s")
}
_CURRENCIES = {"$": "$", "£": "£", "€": "€", "¥": "¥", "₹": "₹", "dollar": "$", "dollars": "$",
               "usd": "$", "pound": "£", "pounds": "£", "gbp": "£", "quid": "£", "euro": "€",
               "euros": "€", "eur": "€", "yen": "¥", "rupees": "₹"}  # fmt: skip
_UNIT_NAMES = """
second|seconds|sec|secs minute|minutes|min|mins hour|hours|hr|hrs day|days week|weeks month|months
year|years|yr|yrs decade|decades mile|miles knot|knots ounce|ounces
km|kilometre|kilometres|kilometer|kilometers
metre|metres|meter|meters|m foot|feet|ft inch|inches kg|kilogram|kilograms|kilo|kilos gram|grams|g
tonne|tonnes ton|tons mph kph litre|litres|liter|liters gallon|gallons yard|yards acre|acres
hectare|hectares degree|degrees gb|gigabyte|gigabytes tb|terabyte|terabytes mb|megabyte|megabytes
watt|watts mw|megawatt|megawatts gw|gigawatt|gigawatts cent|cents pence|p barrel|barrels
"""
_UNITS = {name: names.split("|")[0] for names in _UNIT_NAMES.split() for name in names.split("|")}
_BOUNDS: dict[str, Bound] = {
    "more than": "over", "over": "over", "at least": "over", "above": "over", "upwards of": "over",
    "exceeding": "over", "greater than": "over", "in excess of": "over", "no fewer than": "over",
    "no less than": "over", "not less than": "over", "just over": "over",
    "up to": "under", "fewer than": "under", "less than": "under", "under": "under",
    "below": "under", "at most": "under", "no more than": "under", "not more than": "under",
    "as many as": "under", "as much as": "under", "a maximum of": "under", "just under": "under",
    "about": "about", "around": "about", "roughly": "about", "approximately": "about",
    "nearly": "about", "almost": "about", "some": "about", "close to": "about",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its place in the text.

    Attributes:
        text: `text[start:end]`.
        value: The number; of a percentage or a fraction the percent (a fifth is 20); of a clock
            time the minutes since midnight.
        kind: "vague" is "hundreds", "dozens".
        unit: A unit in one spelling ("mile", "$", "year-old"), or None.
        bound: "over" for "more than 100", "under" for "up to 300", "about" for "nearly 300".
    """

    start: int
    end: int
    text: str
    value: float
    kind: Kind = "count"
    unit: str | None = None
    bound: Bound = "exact"


def read_numbers(text: str) -> list[Number]:
    """The numbers of `text`, in order. "one" alone is none: it is a pronoun more often.

    Example: "Up to 300 of 2,595" -> values 300 (under) and 2595
    """
    tokens = tokenize(text)
    numbers: list[Number] = []
    place = 0
    while place < len(tokens):
        number, after = _number_at(text, tokens, place)
        if number is not None:
            numbers.append(number)
        place = max(after, place + 1)
    return numbers


def _number_at(text: str, tokens: Sequence[Token], place: int) -> tuple[Number | None, int]:
    """The number that starts at token `place`, and the token after it."""
    for reader in (_clock, _in_hundred, _fraction, _ordinal, _vague):
        found = reader(tokens, place)
        if found is not None:
            value, kind, after = found
            break
    else:
        counted = _count(tokens, place)
        if counted is None:
            return None, place + 1
        value, after = counted
        kind = "count"
    first, unit = place, None
    if kind == "count":
        kind, unit, after = _unit_after(tokens, after)
        if place and tokens[place - 1].text in _CURRENCIES:
            kind, unit, first = "money", _CURRENCIES[tokens[place - 1].text], place - 1
    start, end = tokens[first].start, tokens[after - 1].end
    bound = _bound(tokens, first, after)
    return Number(start, end, text[start:end], value, kind, unit, bound), after


def _base(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].base if 0 <= place < len(tokens) else ""


def _digits(token: Token) -> float | None:
    """The value of a token in digits; None of "1.2.3" and of what no float holds exactly."""
    try:
        value = float(token.text.replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) and len(token.text) <= 20 else None


def _count(tokens: Sequence[Token], place: int) -> tuple[float, int] | None:
    """A number in digits or words with its scale, and the token after it."""
    token = tokens[place]
    if token.is_digits:
        value = _digits(token)
        if value is None:
            return None
        following = _base(tokens, place + 1)
        if following in _SHORT_SCALES and tokens[place + 1].glued:
            return value * _SHORT_SCALES[following], place + 2
        while following in _SCALES:
            value, place = value * _SCALES[following], place + 1
            following = _base(tokens, place + 1)
        if following in _SHORT_SCALES and len(following) > 1:
            return value * _SHORT_SCALES[following], place + 2
        return value, place + 1
    return _spelled(tokens, place)


def _spelled(tokens: Sequence[Token], place: int) -> tuple[float, int] | None:
    """A number in words; "a hundred" and "a dozen" too."""
    begin, total, current = place, 0.0, 0.0
    half = _base(tokens, place) == "half"
    article = place + half
    if _base(tokens, article) in ("a", "an") and _base(tokens, article + 1) in _SCALES:
        current, place = (0.5 if half else 1.0), article + 1
    while place < len(tokens):
        word = tokens[place].base
        if word in SMALL and (current == 0 or _continues(current, SMALL[word])):
            current += SMALL[word]
        elif word in _SCALES and place > begin:
            current *= _SCALES[word]
            if word not in ("hundred", "dozen"):
                total, current = total + current, 0.0
        elif not (word in ("and", "-") and place > begin and _joins(tokens, place, total, current)):
            break
        place += 1
    if place == begin or (place == begin + 1 and tokens[begin].base == "one"):
        return None
    return total + current, place


def _continues(current: float, value: int) -> bool:
    """Whether "twenty" or "two hundred" goes on with a word of this value."""
    if current % 100 == 0:
        return True
    return current % 100 >= 20 and current % 10 == 0 and 0 < value < 10


def _joins(tokens: Sequence[Token], place: int, total: float, current: float) -> bool:
    """Whether "and" or "-" at `place` is inside a number: "one hundred and five", "forty-two"."""
    following = _base(tokens, place + 1)
    if tokens[place].base == "and":
        large = (current >= 100 and current % 100 == 0) or (total > 0 and current == 0)
        return large and following in SMALL
    return (current % 100 >= 20 and 0 < SMALL.get(following, 0) < 10) or following in _SCALES


def _clock(tokens: Sequence[Token], place: int) -> tuple[float, Kind, int] | None:
    """A clock time: "19:30", "7.30pm", "5 p.m."."""
    token = tokens[place]
    if not token.is_digits:
        return None
    hour, _, minute = token.text.partition(".")
    after = place + 1
    colon = _base(tokens, after) == ":" and after + 1 < len(tokens)
    if colon and tokens[after].glued and tokens[after + 1].glued and not minute:
        minute, after = tokens[after + 1].text, after + 2
    half = _base(tokens, after)
    if half not in ("am", "pm") and not (colon and after == place + 3):
        return None
    if not (hour.isdecimal() and int(hour[:3]) < 25 and (not minute or len(minute) == 2)):
        return None
    if not (minute or "0").isdecimal():
        return None
    hours = int(hour) % 12 if half in ("am", "pm") else int(hour)
    value = 60 * (hours + 12 * (half == "pm")) + int(minute or 0)
    return float(value), "clock", after + (half in ("am", "pm"))


def _in_hundred(tokens: Sequence[Token], place: int) -> tuple[float, Kind, int] | None:
    """Such as "one in four", "three out of ten" as percent."""
    if not tokens[place].is_word and not tokens[place].is_digits:
        return None
    part = SMALL.get(tokens[place].base) or _digits_or_none(tokens, place)
    middle = place + 1
    if _base(tokens, middle) == "out" and _base(tokens, middle + 1) == "of":
        after = middle + 2
    elif _base(tokens, middle) == "in":
        after = middle + 1
    else:
        return None
    whole = SMALL.get(_base(tokens, after)) or _digits_or_none(tokens, after)
    if not part or not whole or not part < whole <= 100 or part > 9:
        return None
    return round(100 * part / whole, 4), "percent", after + 1


def _digits_or_none(tokens: Sequence[Token], place: int) -> float | None:
    in_range = place < len(tokens) and tokens[place].is_digits
    return _digits(tokens[place]) if in_range else None


def _fraction(tokens: Sequence[Token], place: int) -> tuple[float, Kind, int] | None:
    """Such as "a fifth of", "two-thirds", "half of" as percent; only when certain."""
    word = tokens[place].base
    if word == "half" and _base(tokens, place + 1) == "of":
        return 50.0, "percent", place + 1
    top = 1 if word in ("a", "one") else SMALL.get(word)
    after = place + 1
    if _base(tokens, after) == "-":
        after += 1
    part = _base(tokens, after)
    if not top or part not in _PARTS or top >= _PARTS[part]:
        return None
    if (top == 1 and _base(tokens, after + 1) != "of") or (top > 1 and not part.endswith("s")):
        return None
    return round(100 * top / _PARTS[part], 4), "percent", after + 1


def _ordinal(tokens: Sequence[Token], place: int) -> tuple[float, Kind, int] | None:
    """Such as "24th", "third", "twenty-first"; "second" not after "split" or "per"."""
    token = tokens[place]
    suffix = _base(tokens, place + 1)
    if token.is_digits:
        value = _digits(token)
        if value is None or suffix not in ("st", "nd", "rd", "th") or not tokens[place + 1].glued:
            return None
        return value, "ordinal", place + 2
    if token.base in _TENS and suffix == "-" and _base(tokens, place + 2) in _ORDINALS:
        return SMALL[token.base] + _ORDINALS[_base(tokens, place + 2)], "ordinal", place + 3
    if token.base == "second" and _base(tokens, place - 1) in ("split", "per", "a", "every", "-"):
        return None
    if token.base not in _ORDINALS:
        return None
    return float(_ORDINALS[token.base]), "ordinal", place + 1


def _vague(tokens: Sequence[Token], place: int) -> tuple[float, Kind, int] | None:
    """Such as "hundreds", "tens of thousands"."""
    word = tokens[place].base
    if word not in _VAGUE or (word in ("tens", "scores") and _base(tokens, place + 1) != "of"):
        return None
    value, after = _VAGUE[word], place + 1
    while _base(tokens, after) == "of" and _base(tokens, after + 1) in _VAGUE:
        value, after = value * _VAGUE[_base(tokens, after + 1)], after + 2
    return value, "vague", after


def _unit_after(tokens: Sequence[Token], after: int) -> tuple[Kind, str | None, int]:
    """Kind and unit that the tokens after a number give it, and the token after them."""
    word = _base(tokens, after)
    if word in ("%", "percent", "pc"):
        return "percent", None, after + 1
    if word == "per" and _base(tokens, after + 1) == "cent":
        return "percent", None, after + 2
    place = after
    if word == "-":
        place, word = after + 1, _base(tokens, after + 1)
    if word in _CURRENCIES:
        return "money", _CURRENCIES[word], place + 1
    if word in _UNITS:
        old = place + 1 + (_base(tokens, place + 1) == "-")
        if _UNITS[word] == "year" and _base(tokens, old) in ("old", "olds"):
            return "count", "year-old", old + 1
        return "count", _UNITS[word], place + 1
    return "count", None, after


def _bound(tokens: Sequence[Token], first: int, after: int) -> Bound:
    """The bound that the words around a number put on it."""
    while first and tokens[first - 1].base in ("the", "another", "a"):
        first -= 1
    for length in (3, 2, 1):
        words = " ".join(token.base for token in tokens[max(first - length, 0) : first])
        if words in _BOUNDS:
            return _BOUNDS[words]
    following = f"{_base(tokens, after)} {_base(tokens, after + 1)}"
    if following.startswith("+") or following == "or more":
        return "over"
    return "under" if following in ("or less", "or fewer") else "exact"
