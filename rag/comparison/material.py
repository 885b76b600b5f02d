"""The sentences of one question, read: which are compared, and when two are about the same.

1. Each sentence is read once; those that share too little with the question are left out.
2. What is asked for is compared in every sentence that bears on the question, with every kind of
   difference; anything else only between sentences that are about the same, and only where they
   contradict each other.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rag.comparison import choices
from rag.comparison.asking import Asked
from rag.comparison.events import denies_all
from rag.comparison.findings import Attribute, Difference, Finding
from rag.comparison.grouping import Fact, Naming, Rules, find_differences
from rag.comparison.sayings import (
    MAX_LEXICON_CHARS,
    Saying,
    covered,
    likeness,
    other_day,
    weigh_words,
)
from rag.schema import Evidence
from rag.words import content_stems

# Of more sentences than these the first are compared.
MAX_SENTENCES = 60
# The part of the question's words that a sentence must have to be compared in what is asked ...
MIN_COVERED = 0.3
# ... and in what is not asked.
MIN_COVERED_BESIDE = 0.5
# The first sentences are compared whatever words they have: the reader knows more than words.
FIRST, FIRST_BESIDE = 20, 12
# How much two sentences must be about the same when the question does not ask for their values.
MIN_LIKENESS, MIN_LIKENESS_ASKED = 0.4, 0.15
# Two values both answer when their sentences are at least so alike, and nearly as sure as the best.
MIN_LIKENESS_ANSWERS, MIN_SURE = 0.2, 0.45
# From this chance on a sentence is a likely answer.
MIN_LIKELY = 0.1
# From this one on a value answers even outside the words that are taken for the answer.
MIN_UNMARKED = 0.25
# From this one on it answers surely enough to do without words of the question.
MIN_SURELY = 0.3
# A word that weighs less stands in most sentences, and tells little apart.
MIN_WEIGHT = 1.7

_GIVEN = frozenset(("number", "date", "place", "cause"))
_PRONOUNS = frozenset("he she it they his her its their".split())

ALL: frozenset[Difference] = frozenset({"rounding", "precision", "time", "contradiction"})
GRAVE: frozenset[Difference] = frozenset({"time", "contradiction"})


class Material:
    """The sentences of one question.

    Attributes:
        asked: The question.
        naming: What findings are named after, and which documents are one source.
        all: Every sentence that bears on the question, best first.
        unlikely: Others; values that the question names are looked for there as well.
        sayings, near: Those of `all` to compare in what is asked, and in anything else.
        weights: What each stem weighs.
        common: Stems that most sentences have.
        choice: The alternatives that the question offers in words.
        content: The question's content words that any sentence has: each one's stem and keys.
        asked_keys: All their keys.
        asked_names: Stems of those that some sentence has with a capital.
        shares: By id of a sentence, the part of the question's words that it has.
    """

    def __init__(
        self,
        asked: Asked,
        evidence: Sequence[Evidence],
        unlikely: Sequence[Evidence],
        families: Mapping[str, str],
        *,
        wanted: bool = False,
    ) -> None:
        self._open = wanted and asked.kind is None
        self.asked, self.naming = asked, Naming(asked.about, families)
        self.all = sayings = [Saying(item) for item in evidence[:MAX_SENTENCES]]
        self.unlikely = [Saying(item) for item in unlikely]
        self.weights = weigh_words(sayings)
        self.common = {s for s, weight in self.weights.items() if weight < MIN_WEIGHT}
        publishers = {stem for s in sayings
                      for stem in content_stems(s.evidence.document.publisher or "")}  # fmt: skip
        self.surest = max((item.probability or 0.0 for item in evidence), default=0.0)
        self.choice = choices.read_choice(asked.text, self.common | publishers)
        known = {key for s in sayings for key in s.stems | s.groups}
        self.content = [(stem, keys) for stem, keys in asked.content if keys & known]
        self.asked_names = {
            stem for stem, _ in self.content
            if any(s.tokens[place].is_capital and not s.tokens[place].opens
                   for s in sayings for place, known in s.content if known == stem)
        }  # fmt: skip
        self.asked_keys = frozenset(key for _, keys in self.content for key in keys)
        self.shares = {id(s): covered(self.content, s, self.weights) for s in sayings}
        self.sayings = self._bearing(sayings, MIN_COVERED, FIRST)
        self.near = self._bearing(sayings, MIN_COVERED_BESIDE, FIRST_BESIDE)
        self._likeness: dict[tuple[int, int], float] = {}

    def _bearing(self, sayings: Sequence[Saying], least: float, first: int) -> list[Saying]:
        """The first sentences, and those that have enough of the question's words."""
        return [s for rank, s in enumerate(sayings)
                if rank < first or (self.content and self.shares[id(s)] >= least)]  # fmt: skip

    def alike(self, one: Saying, other: Saying) -> float:
        """How much two sentences are about the same, 0..1."""
        key = (id(one), id(other))
        if key not in self._likeness:
            self._likeness[key] = likeness(one, other, self.weights)
        return self._likeness[key]

    def is_asked(self, kind: Attribute) -> bool:
        """Whether the question asks for it, or for any value that sources may give."""
        return self.asked.kind == kind or (self._open and kind in _GIVEN)

    def pool(self, kind: Attribute) -> list[Saying]:
        """The sentences to compare in it."""
        pool = self.sayings if self.is_asked(kind) else self.near
        if kind in ("polarity", "status"):
            return pool
        return [saying for saying in pool if not denies_all(saying)]

    def reported(self, kind: Attribute) -> frozenset[Difference]:
        """The differences in it that are worth a finding."""
        return ALL if self.is_asked(kind) or kind in self.asked.hints else GRAVE

    def same_thing(self, kind: Attribute, one: Saying, other: Saying) -> bool:
        """Whether two sentences are enough about the same to be compared in it."""
        if self.is_asked(kind):
            return self.alike(one, other) >= MIN_LIKENESS_ASKED
        return self.alike(one, other) >= MIN_LIKENESS and not other_day(one, other)

    def both_answer(self, one: Fact, other: Fact) -> bool:
        """Whether both values answer, and their sentences are about the same."""
        alike = self.alike(one.saying, other.saying) >= MIN_LIKENESS_ANSWERS
        return alike and self.answers(one) and self.answers(other)

    def both_may_answer(self, one: Fact, other: Fact) -> bool:
        """Whether the reader takes both values for likely answers, in sentences on the topic."""
        return self.may_answer(one) and self.may_answer(other)

    def is_likely(self, saying: Saying) -> bool:
        """Whether the reader takes a sentence for a likely answer."""
        return (saying.evidence.probability or 0.0) >= MIN_LIKELY

    def names_asked(self, saying: Saying) -> bool:
        """Whether a sentence has a name of the question, or leans on what stands before it.

        In an article that has one, another word of the question will do, or a sure reader.
        """
        if not self.asked_names:
            return self.on_topic(saying)
        if self.asked_names & saying.stems or (saying.bases[:1] and saying.bases[0] in _PRONOUNS):
            return True
        text = saying.evidence.document.text[:MAX_LEXICON_CHARS].lower()
        sure = (saying.evidence.probability or 0.0) >= MIN_SURELY
        return any(name in text for name in self.asked_names) and (sure or self.on_topic(saying))

    def may_answer(self, fact: Fact) -> bool:
        """Whether the reader takes a value for a likely answer, in a sentence on the topic."""
        chance = fact.saying.evidence.probability or 0.0
        marked = self.is_marked(fact) or chance >= MIN_UNMARKED
        return chance >= MIN_LIKELY and marked and self.on_topic(fact.saying)

    def on_topic(self, saying: Saying) -> bool:
        """Whether a sentence has any content word of the question, or one of its like.

        One that starts with a pronoun leans on what stands before it in its document.
        """
        if self.asked_keys & (saying.stems | saying.groups):
            return True
        text = saying.evidence.document.text[:MAX_LEXICON_CHARS].lower()
        leaning = saying.bases[:1] and saying.bases[0] in _PRONOUNS
        return bool(leaning) and any(stem in text for stem, _ in self.content)

    def answers(self, fact: Fact) -> bool:
        """Whether the reader takes a value for the answer, nearly as surely as any."""
        sure = (fact.saying.evidence.probability or 0.0) >= MIN_SURE * self.surest
        return sure and self.is_marked(fact)

    def is_marked(self, fact: Fact) -> bool:
        """Whether a value stands in the words that the reader takes for the answer."""
        if fact.saying.answer is None:
            return False
        begin, end = fact.saying.answer
        tokens = fact.saying.tokens
        return tokens[fact.first].start < end and begin < tokens[fact.last].end

    def find(
        self,
        attribute: Attribute,
        facts: Sequence[Fact],
        comparable: Callable[[Any, Any], bool],
        compare: Callable[[Any, Any], Difference | None],
        reported: frozenset[Difference] = GRAVE,
    ) -> list[Finding]:
        """The groups of `facts` that give more than one value; see `Rules`."""
        rules = Rules(attribute, comparable, compare, reported)
        return find_differences(facts, rules, self.naming)
