r"""Turns the bytes of a text file into text whose lines are those of an editor.

    1. A byte-order mark decides: UTF-8, UTF-16 or UTF-32.
    2. NUL bytes: UTF-16 or UTF-32 without a mark, or not text at all.
    3. UTF-8, also with a few damaged bytes among many good ones.
    4. windows-1252, or the old Mac's encoding, where the text reads as Western European.
    5. charset-normalizer, among the other encodings of articles; else windows-1252.

Nothing is repaired: form feeds, U+2028 and mojibake stay. Bytes that fit no character become
U+FFFD, so the text never holds lone surrogates. Only CRLF and CR are changed, to "\n".
"""

import codecs
import re

from rag.errors import CorpusError
from rag.schema import Rendering

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")

# Supersets of ASCII in which a byte 0x0A is always a line end: `sed -n` counts the same lines.
_WESTERN = ("cp1252", "mac_roman")
_OTHER = (
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859_2",
    "koi8_r", "koi8_u", "cp874", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
)  # fmt: skip
_FALLBACK = "cp1252"

# What Western text does not hold: a sign inside a word ("Wa\u00b3\u00easa" is Polish read as
# windows-1252), a capital after a small letter ("It\u00d5s" is the Mac's apostrophe) and
# characters of no Western language.
_LETTER = r"[^\W\d_]"
_SIGN = r"[^\w\s\x00-\x7f\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00ab\u00ad\u00b7\u00bb]"
_SIGN_IN_WORD = re.compile(
    rf"(?<={_LETTER})(?:{_SIGN}|[\u00aa\u00b2\u00b3\u00b9\u00ba])(?={_LETTER})"
)
_NOT_WESTERN = re.compile(
    rf"{_SIGN_IN_WORD.pattern}|(?<=[a-z])[\u00c0-\u00d6\u00d8-\u00de]"
    r"|[\x80-\x9f\u0192\u0131\u02c6-\u02dd\u03a9\u03c0\u2202-\u2265\u25ca\uf8ff\ufb01\ufb02\ufffd]"
)
# Letters that Icelandic shares with Turkish and Czech bytes: nothing is said by one of them in
# an English article, much by many.
_UNSURE = re.compile("[\u00d0\u00dd\u00de\u00f0\u00fd\u00fe]")
_MAX_WESTERN_SHARE = 0.3  # of the letters outside ASCII; other scripts have about 1
_MAX_UNSURE_SHARE = 0.01  # of the letters

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MAX_CONTROL_SHARE = 0.05  # bytes that are not text have about 0.1
_MAX_DAMAGED_SHARE = 0.1  # of the characters outside ASCII
_COMMON = re.compile("[ \n\r\t.,\u3000-\u3002\uff0c]")


def decode(data: bytes) -> tuple[str, Rendering]:
    r"""The text of a file with "\n" line ends, and whether its lines are those of the file.

    The rendering is "source" when `sed -n 'A,Bp' FILE` shows lines A to B: in every encoding that
    extends ASCII (windows-1252 too: the bytes differ, the line numbers do not). It is "extracted"
    for UTF-16 and UTF-32, which sed cannot read, and for files with a lone CR, which sed does not
    count as a line end.

    Raises:
        CorpusError: "binary" when the bytes are not text.

    Example: b"a\r\nb" -> ("a\nb", "source")
    """
    text, encoding = _decoded(data)
    if len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise CorpusError("binary")
    text = text.replace("\r\n", "\n")
    same_lines = encoding not in _WIDE and "\r" not in text
    return text.replace("\r", "\n"), "source" if same_lines else "extracted"


def _decoded(data: bytes) -> tuple[str, str]:
    """The text without byte-order mark, and the encoding it was in."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, "replace")
            if "\0" in text:
                raise CorpusError("binary")
            return text, encoding
    if b"\0" in data:
        return _decode_wide(data)
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
    bad = damaged.count("\ufffd")
    good = sum(char > "\x7f" for char in damaged) - bad
    if bad <= _MAX_DAMAGED_SHARE * good:
        return damaged, "utf-8"
    return _decode_narrow(data)


def _decode_wide(data: bytes) -> tuple[str, str]:
    """Decodes UTF-16 or UTF-32 without a byte-order mark.

    With the bytes in the wrong order a space is U+2000 and a line end is not assigned, so the
    order that gives more white space and full stops is the right one.
    """
    best: tuple[int, str, str] | None = None
    for encoding in _WIDE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        common = len(_COMMON.findall(text))
        if "\0" not in text and common and (best is None or common > best[0]):
            best = common, text, encoding
    if best is None:
        raise CorpusError("binary")
    return best[1], best[2]


def _decode_narrow(data: bytes) -> tuple[str, str]:
    """Decodes bytes that are not UTF-8.

    charset-normalizer alone reads the few bytes of an English article as Polish or Japanese
    ("\u0141 20" for a price in pounds), so Western text is recognised first.
    """
    for encoding in _WESTERN:
        text = data.decode(encoding, "replace")
        if _reads_as_western(text):
            return text, encoding
    from charset_normalizer import from_bytes

    matches = list(from_bytes(data, cp_isolation=list(_OTHER), preemptive_behaviour=False))
    likely = [match for match in matches if not _SIGN_IN_WORD.search(str(match))]
    encoding = (likely or matches)[0].encoding if matches else _FALLBACK
    return data.decode(encoding, "replace"), encoding


def _reads_as_western(text: str) -> bool:
    """Whether the characters outside ASCII are few, and stand where they may."""
    foreign = sum(char.isalpha() for char in text if char > "\x7f")
    letters = foreign + sum(char.isalpha() for char in text if char <= "\x7f")
    if foreign > _MAX_WESTERN_SHARE * letters or _NOT_WESTERN.search(text):
        return False
    return len(_UNSURE.findall(text)) <= _MAX_UNSURE_SHARE * letters
