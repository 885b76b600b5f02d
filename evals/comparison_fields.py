"""The fields of the comparison data sets, in their order, and what each value has to be."""

import datetime
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

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


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_note(value: Any) -> bool:
    return isinstance(value, str)


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_day(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_list_of(
    kind: Callable[[Any], bool], least: int = 0, most: int = sys.maxsize
) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, list) and least <= len(value) <= most and all(map(kind, value))
    )


def _is_one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


def _is_line(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) == 2 and _is_text(value[0]) and _is_number(value[1])
    )


def _is_gold(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and list(value) == ["file", "lines"]
        and _is_text(value["file"])
        and _is_list_of(_is_number, 1)(value["lines"])
    )


_is_lines = _is_list_of(_is_line, 1)
_is_intervals = _is_list_of(_is_list_of(_is_day, 2, 2))


# Fields, in their order, and what each value has to be

_ANSWER_FIELDS: Fields = {
    "answerable": _is_truth,
    "answer_must_include": _is_list_of(_is_list_of(_is_text, 1)),
    "answer_must_not_include": _is_list_of(_is_text),
}
_GOLD_FIELDS: Fields = {
    "gold": _is_list_of(_is_gold),
    "fact_gold": _is_list_of(_is_lines),
}
VALUE_FIELDS: Fields = {
    "value": _is_text,
    "alternatives": _is_list_of(_is_text, 1),
    "lines": _is_lines,
}
DISAGREEMENT_FIELDS: Fields = {
    "id": _is_text,
    "split": _is_one_of("dev", "test"),
    "about": _is_text,
    "question": _is_text,
    "disagree": _is_truth,
    "kind": _is_one_of(*KINDS),
    "difference": _is_one_of(*DIFFERENCES),
    "values": _is_list_of(lambda value: isinstance(value, dict), 2),
    "note": _is_note,
}
TURN_FIELDS: Fields = {
    "question": _is_text,
    "standalone": _is_text,
    "smalltalk": lambda value: value is True,
    **_ANSWER_FIELDS,
    "answerable": lambda value: value is None or _is_truth(value),
    **_GOLD_FIELDS,
}
CONVERSATION_FIELDS: Fields = {
    "id": _is_text,
    "split": _is_one_of("dev", "test"),
    "turns": _is_list_of(lambda value: isinstance(value, dict), *TURNS),
    "note": _is_note,
}
TIME_FIELDS: Fields = {
    "id": _is_text,
    "split": _is_one_of("dev", "test"),
    "question": _is_text,
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
