"""Dataclasses as what JSON knows."""

from collections.abc import Sequence
from datetime import date
from typing import Any


def plain(value: Any) -> Any:
    """`value` with dates as ISO strings and tuples as lists."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value
