"""What the value of a field of our own data sets may be; each answers for one value."""

import sys
from collections.abc import Callable
from typing import Any


def is_text(value: Any) -> bool:
    """A text that is not blank."""
    return isinstance(value, str) and bool(value.strip())


def is_number(value: Any) -> bool:
    """A whole number, no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_list_of(
    kind: Callable[[Any], bool], least: int = 0, most: int = sys.maxsize
) -> Callable[[Any], bool]:
    """A check for a list of so many values of a kind."""
    return lambda value: (
        isinstance(value, list) and least <= len(value) <= most and all(map(kind, value))
    )


def is_line(value: Any) -> bool:
    """A line of the corpus: [name of the file, number]."""
    return isinstance(value, list) and len(value) == 2 and is_text(value[0]) and is_number(value[1])


def is_gold(value: Any) -> bool:
    """Lines of one file: {"file": name, "lines": [number, ...]}."""
    return (
        isinstance(value, dict)
        and list(value) == ["file", "lines"]
        and is_text(value["file"])
        and is_list_of(is_number, 1)(value["lines"])
    )
