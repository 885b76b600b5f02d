"""Reads YAML front matter: the lines between "---" and "---" at the top of a text file.

Front matter that is not well-formed, or that holds no key of an article's metadata, is text.
"""

import re
from typing import Any

from rag.corpus.dates import find_date
from rag.corpus.metadata import Metadata

_MAX_LINES = 200
_MAX_CHARS = 20_000
_NOTHING = frozenset({"", "~", "null"})  # as YAML writes it
_KEYS = {
    "title": ("title",),
    "publisher": ("publisher", "source", "site", "sitename"),
    "author": ("author", "authors", "byline"),
    "published": ("published", "date", "published_at"),
    "published_basis": ("published_basis",),
}


def read_front_matter(lines: list[str]) -> tuple[Metadata, int]:
    """The metadata in the front matter, and the number of its last line; 0 without any.

    A `published_basis` is kept beside a missing day too: it says why the day is not known.

    Example: ["---", "title: A b", "---", "Text"] -> (Metadata(title="A b"), 3)
    """
    last_line = _last_line(lines)
    values = _parse("\n".join(lines[1 : last_line - 1])) if last_line else None
    if values is None:
        return Metadata(), 0
    key = next((name for name in _KEYS["published"] if name in values), None)
    found = find_date(_text(values[key]) or "") if key else None
    basis = _first(values, "published_basis")
    return Metadata(
        title=_first(values, "title"),
        publisher=_first(values, "publisher"),
        author=_first(values, "author"),
        published=found[0] if found else None,
        published_basis=basis or (f"front matter: {key}" if found else None),
    ), last_line


def _last_line(lines: list[str]) -> int:
    """Number of the line that closes the front matter, or 0."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:_MAX_LINES], start=2):
        if line.rstrip() in {"---", "..."}:
            return number
    return 0


def _parse(source: str) -> dict[str, Any] | None:
    """The mapping that `source` holds, with keys in lower case and values as written."""
    if len(source) > _MAX_CHARS:
        return None
    import yaml

    try:
        # BaseLoader leaves every scalar a string: "title: 1984" and "title: No" stay titles.
        loaded = yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    if not isinstance(loaded, dict):
        return None
    values = {str(key).strip().lower(): value for key, value in loaded.items()}
    known = {name for names in _KEYS.values() for name in names}
    return values if known & values.keys() else None


def _first(values: dict[str, Any], field: str) -> str | None:
    """The first of the keys of `field` that holds a text."""
    return next((text for name in _KEYS[field] if (text := _text(values.get(name)))), None)


def _text(value: object) -> str | None:
    """`value` on one line; a list of texts is joined by ", "; None for anything else."""
    if isinstance(value, list):
        value = ", ".join(item for item in value if isinstance(item, str))
    if not isinstance(value, str):
        return None
    # YAML lets "\ud83d\udd25" stand for one character, and for halves of one.
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = re.sub(r"\s+", " ", value).strip()
    return None if text.lower() in _NOTHING else text
