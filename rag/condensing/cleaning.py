"""Questions as typed -> one line that can be searched and shown."""

import unicodedata


def clean_question(question: str) -> str:
    r"""`question` in one line, without control and invisible characters.

    Example: "who\x00 is\n he? " -> "who is he?"
    """
    return " ".join("".join(map(_visible, question)).split())


def _visible(character: str) -> str:
    """`character`; nothing for a format character (soft hyphen), a space for other invisibles."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category[0] == "C" else character
