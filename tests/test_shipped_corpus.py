"""The shipped corpus: five digests in our own words, each complete and each true to its report.

The form of the digests is always checked. Where RAG_SHARED_DIR names the folder that holds the
original reports (articles/*.txt), each digest is also compared with them: no run of eight words
in common, every quoted phrase verbatim, every number and name there, and none that is not.
"""

import datetime
import os
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
DIGESTS = sorted(CORPUS.glob("*.md"))
# Read on import: a fixture that cleans the environment of RAG_* may run before the tests.
SHARED_DIR = os.environ.get("RAG_SHARED_DIR")

REQUIRED_KEYS = {"title", "publisher", "author", "published", "published_basis", "digest_of"}
MAX_PARAGRAPH_WORDS = 80
MAX_QUOTED_WORDS = 5
RUN_WORDS = 8

# Lines of the saved pages that belong to the page and not to the report.
CLUTTER = re.compile(
    r"Receive free |We'll send you a myFT |Skip to content|Home \S+ |Read the full article here"
    r"|Share This Article|Leave a |Your email address |Related Posts|Powered by automated"
)
# Words that are capitalised for other reasons than being a name.
STOP_WORDS = {"a", "an", "by", "i", "in", "of", "on", "the"}
# Words that say how many or when without a digit or a capital letter.
COUNT_WORDS = re.compile(
    r"\b(?:hundreds|dozens|scores|majority|quarter|months|weekend|year|years|multiple|unarmed)\b"
)
NUMBER = re.compile(r"(?<![\w,.:])\d+(?:,\d{3})*(?::\d{2})?%?")
WORD = re.compile(r"[^\W_](?:[\w'-]*\w)?")
QUOTED = re.compile(r'"([^"]*)"')
SENTENCE_END = re.compile(r'[.!?:]["\']?\s+["\']?$')

# What an original holds and its digest need not: original -> {name: reason}.
NOT_NEEDED: dict[str, dict[str, str]] = {
    "001_ab61b03ea3dc2161.txt": {
        "min": "'6 Min Read' is put as a reading time of 6 minutes",
        "read": "the same",
    },
}
# What a digest holds and its original does not: original -> {name: reason}.
NOT_IN_ORIGINAL: dict[str, dict[str, str]] = {}

each_digest = pytest.mark.parametrize("path", DIGESTS, ids=lambda path: path.name)


def plain(text: str) -> str:
    """Return the text with straight quotes and apostrophes."""
    return re.sub("[\u201c\u201d]", '"', re.sub("[\u2018\u2019]", "'", text))


def split_front_matter(path: Path) -> tuple[dict[str, object], str]:
    """Return the front matter as a dict, and the body after it."""
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path.name} does not start with front matter"
    fields = yaml.safe_load(front)
    assert isinstance(fields, dict)
    return fields, body


def words_of(text: str) -> list[str]:
    """Return the lower-cased words by which runs are compared."""
    return re.findall(r"[a-z0-9']+", plain(text).lower())


def shared_runs(ours: str, theirs: str) -> list[str]:
    """Return the runs of RUN_WORDS words that both texts hold, in our order."""
    first, second = words_of(ours), words_of(theirs)
    known = {tuple(second[i : i + RUN_WORDS]) for i in range(len(second) - RUN_WORDS + 1)}
    runs = (tuple(first[i : i + RUN_WORDS]) for i in range(len(first) - RUN_WORDS + 1))
    return [" ".join(run) for run in runs if run in known]


def is_title_case(line: str) -> bool:
    """Tell whether this is a headline whose capitals say nothing about names."""
    words = WORD.findall(line)
    return len(words) > 6 and all(not word[0].islower() for word in words)


def iter_names(line: str) -> Iterator[str]:
    """Yield the names of a line, lower-cased and without possessive.

    A name is a capitalised word inside a sentence, or at its start when another one follows, or
    a word in capitals: "Rick Muir met Kaba's aunt. NX121 did not." -> rick, muir, kaba, nx121.
    """
    if is_title_case(line):
        return
    for here in WORD.finditer(line):
        word = here.group().removesuffix("'s").removesuffix("'").lower()
        before = line[: here.start()]
        starts = not before.strip('" ') or before.endswith('"') or SENTENCE_END.search(before)
        paired = re.match(" [A-Z]", line[here.end() :])
        in_capitals = len(word) > 1 and here.group().isupper()
        named = here.group()[0].isupper() and (not starts or paired or in_capitals)
        if named and word not in STOP_WORDS:
            yield word


def facts_of(text: str) -> set[str]:
    """Return names, numbers and count words of the lines that are not clutter, lower-cased."""
    facts: set[str] = set()
    for line in plain(text).split("\n"):
        if not CLUTTER.match(line):
            facts.update(iter_names(line))
            facts.update(NUMBER.findall(line))
            facts.update(COUNT_WORDS.findall(line.lower()))
    return facts


def missing_facts(source: str, target: str, allowed: dict[str, str]) -> list[str]:
    """Return the facts of the source that the target does not hold as whole words."""
    held = plain(target).lower()
    return sorted(
        fact
        for fact in facts_of(source) - allowed.keys()
        if not re.search(rf"(?<![\w,]){re.escape(fact)}(?![\w%])(?!,\d)", held)
    )


@pytest.fixture(scope="module")
def originals() -> dict[str, str]:
    """Return the original reports, file name -> text."""
    if not SHARED_DIR:
        pytest.skip("RAG_SHARED_DIR is not set, so the original reports are not at hand")
    files = sorted(Path(SHARED_DIR, "articles").glob("*.txt"))
    assert files, "RAG_SHARED_DIR is set, but its folder articles holds no *.txt"
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def test_five_digests_of_five_reports() -> None:
    """No report is left out and none is there twice."""
    assert len(DIGESTS) == 5
    assert len({split_front_matter(path)[0]["digest_of"] for path in DIGESTS}) == 5


@each_digest
def test_front_matter(path: Path) -> None:
    """Every key is there; only what cannot be known is null."""
    fields, _ = split_front_matter(path)
    assert fields.keys() == REQUIRED_KEYS
    assert fields["published"] is None or type(fields["published"]) is datetime.date
    for key in ("title", "published_basis", "digest_of"):
        assert isinstance(fields[key], str), key
        assert str(fields[key]).strip(), key
    for key in ("publisher", "author"):
        assert fields[key] is None or (isinstance(fields[key], str) and fields[key]), key


@each_digest
def test_lines(path: Path) -> None:
    """Headings and one-line paragraphs with blank lines between them, so line numbers mean much."""
    raw = path.read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert not raw.endswith(b"\n\n")
    fields, body = split_front_matter(path)
    lines = body.removesuffix("\n").split("\n")
    assert lines[:2] == ["", f"# {fields['title']}"]
    for above, line in pairwise(lines):
        assert line == line.strip()
        assert not (above and line), f"no blank line above: {line}"
        assert len(line.split()) <= MAX_PARAGRAPH_WORDS, line


@each_digest
def test_quoted_phrases_are_short(path: Path) -> None:
    """Quotations are reported speech; only a few words stand between quotes."""
    _, body = split_front_matter(path)
    for line in plain(body).split("\n"):
        assert line.count('"') % 2 == 0, line
        for phrase in QUOTED.findall(line):
            assert 0 < len(phrase.split()) <= MAX_QUOTED_WORDS, phrase


@each_digest
def test_digest_of_names_an_original(path: Path, originals: dict[str, str]) -> None:
    """The report that a digest says it digests exists."""
    assert split_front_matter(path)[0]["digest_of"] in originals


@each_digest
def test_no_run_of_words_is_shared(path: Path, originals: dict[str, str]) -> None:
    """No original, not only the one digested, shares RUN_WORDS words in a row with a digest."""
    ours = path.read_text(encoding="utf-8")
    found = [
        f"{path.name} and {name}: {run}"
        for name, theirs in originals.items()
        for run in shared_runs(ours, theirs)
    ]
    assert not found, "\n".join(found)


@each_digest
def test_quoted_phrases_are_verbatim(path: Path, originals: dict[str, str]) -> None:
    """What stands between quotes is in the original; a capital at a sentence start may differ."""
    fields, body = split_front_matter(path)
    theirs = plain(originals[str(fields["digest_of"])]).lower()
    for phrase in QUOTED.findall(plain(body)):
        assert phrase.lower() in theirs, f"{path.name}: {phrase!r} is not in {fields['digest_of']}"


@each_digest
def test_nothing_is_left_out(path: Path, originals: dict[str, str]) -> None:
    """Every number, name and count word of the original is in the body of its digest."""
    fields, body = split_front_matter(path)
    original = str(fields["digest_of"])
    missing = missing_facts(originals[original], body, NOT_NEEDED.get(original, {}))
    assert not missing, f"{path.name} lacks, of {original}: {missing}"


@each_digest
def test_nothing_is_added(path: Path, originals: dict[str, str]) -> None:
    """Every number, name and count word of the body is in the original."""
    fields, body = split_front_matter(path)
    original = str(fields["digest_of"])
    added = missing_facts(body, originals[original], NOT_IN_ORIGINAL.get(original, {}))
    assert not added, f"{path.name} holds what {original} does not: {added}"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Rick Muir said he met Kaba's aunt.", ["rick", "muir", "kaba"]),
        ('It ended. Trust fell, NX121 said. "Officers left."', ["nx121"]),
        ("Hundreds Of Met Officers Hand In Guns", []),
        ("On guard. AP", ["ap"]),
    ],
    ids=["pair and possessive", "sentence starts", "title case", "capitals"],
)
def test_names_of_a_line(line: str, names: list[str]) -> None:
    """The rule for names, by hand."""
    assert list(iter_names(line)) == names


def test_shared_runs_cross_punctuation() -> None:
    """Seven words in common are allowed, eight are not, whatever stands between them."""
    seven = "one two three four five six seven"
    assert shared_runs(seven, seven) == []
    ours = "One, two three\nfour five. Six it\u2019s 8"
    assert shared_runs(ours, "zero one two three four five six it's 8!") == [
        "one two three four five six it's 8"
    ]
