"""What a model thinks aloud is not its answer: statements in it are drafts, often wrong ones."""

from collections.abc import Iterable, Iterator

_START, _END = "<think>", "</think>"


def skip_thinking(pieces: Iterable[str]) -> Iterator[str]:
    """The text of `pieces` without a block `<think>...</think>` at its beginning.

    White space at the beginning is left out too. A block that never ends swallows the text.

    Example: ["<thi", "nk>Hm.</think>It", " rose."] -> ["It", " rose."]
    """
    rest = iter(pieces)
    opening = ""
    for piece in rest:
        opening = (opening + piece).lstrip()
        if len(opening) >= len(_START) or not _START.startswith(opening):
            break
    if opening.startswith(_START):
        opening = _after_thinking(opening, rest)
    if opening:
        yield opening
    yield from rest


def _after_thinking(opening: str, rest: Iterator[str]) -> str:
    """What follows the end of the block, as far as it has arrived."""
    while _END not in opening:
        piece = next(rest, None)
        if piece is None:
            return ""
        opening = opening[-len(_END) :] + piece
    after = opening.partition(_END)[2].lstrip()
    while not after:
        piece = next(rest, None)
        if piece is None:
            return ""
        after = piece.lstrip()
    return after
