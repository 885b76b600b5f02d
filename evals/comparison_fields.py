"""The fields of the comparison data sets, in their order, and what each value has to be."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from evals.field_kinds import is_gold, is_line, is_list_of, is_text

# What sort of thing the two sides differ in, or seem to.
KINDS = (
    "number", "date", "place", "person", "role", "polarity", "cause", "attribution", "status",
    "wording",
)  # fmt: skip
# How they differ; "none" exactly for a false alarm.
DIFFERENCES = ("rounding", "precision", "time", "contradiction", "none")
# A conversation's turns of the user, at least and at most.
TURNS = (2, 4)

Row = Mapping[str, Any]
Fields = Mapping[str, Callable[[Any], bool]]


def _is_note(value: Any) -> bool:
    return isinstance(value, str)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_day(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


_is_lines = is_list_of(is_line, 1)
_is_intervals = is_list_of(is_list_of(_is_day, 2, 2))


# Fields, in their order, and what each value has to be

_ANSWER_FIELDS: Fields = {
    "answerable": _is_truth,
    "answer_must_include": is_list_of(is_list_of(is_text, 1)),
    "answer_must_not_include": is_list_of(is_text),
}
_GOLD_FIELDS: Fields = {
    "gold": is_list_of(is_gold),
    "fact_gold": is_list_of(_is_lines),
}
VALUE_FIELDS: Fields = {
    "value": is_text,
    "alternatives": is_list_of(is_text, 1),
    "lines": _is_lines,
}
DISAGREEMENT_FIELDS: Fields = {
    "id": is_text,
    "split": _is_one_of("dev", "test"),
    "about": is_text,
    "question": is_text,
    "disagree": _is_truth,
    "kind": _is_one_of(*KINDS),
    "difference": _is_one_of(*DIFFERENCES),
    "values": is_list_of(lambda value: isinstance(value, dict), 2),
    "note": _is_note,
}
TURN_FIELDS: Fields = {
    "question": is_text,
    "standalone": is_text,
    "smalltalk": lambda value: value is True,
    **_ANSWER_FIELDS,
    "answerable": lambda value: value is None or _is_truth(value),
    **_GOLD_FIELDS,
}
CONVERSATION_FIELDS: Fields = {
    "id": is_text,
    "split": _is_one_of("dev", "test"),
    "turns": is_list_of(lambda value: isinstance(value, dict), *TURNS),
    "note": _is_note,
}
TIME_FIELDS: Fields = {
    "id": is_text,
    "split": _is_one_of("dev", "test"),
    "question": is_text,
    "known_by": lambda value: value is None or _is_day(value),
    **_ANSWER_FIELDS,
    "dates": _is_intervals,
    **_GOLD_FIELDS,
    "note": _is_note,
    "inferred": _is_intervals,
}


def field_faults(row: Row, fields: Fields, optional: Iterable[str] = ()) -> Iterator[str]:
    """What is wrong with the names, the order and the kinds of a row's fields."""
    left_out = set(optional) - set(row)
    wanted = [name for name in fields if name not in left_out]
    if list(row) != wanted:
        yield f"fields are {list(row)}, not {wanted}"
    for name, value in row.items():
        if name in fields and not fields[name](value):
            yield f"{name} is not of the right kind: {value!r}"
