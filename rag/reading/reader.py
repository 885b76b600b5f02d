"""Retrieved chunks -> the sentences that answer the question, or none.

The best sentence is taken, then others, as long as they are nearly as good, up to a limit; one
from a document that was not used yet is preferred. Sentences that say nearly the same are one
group, quoted once and cited together.

Whether anything answers is decided by a cautious rule, to be replaced by a trained reader: it
refuses only questions that share next to nothing with the corpus. Similarity cannot tell an
on-topic question without an answer from one that has one. And it refuses what is asked about a
person or thing, named by two words or more, whose name no article holds.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rag.config import Part
from rag.index import Index
from rag.reading.choosing import choose, repeats, take_turns, without_repeats
from rag.reading.first_stage import LONG_WORDS, score_sentences
from rag.reading.types import Question, Reading
from rag.schema import Evidence
from rag.words import words

# Refuse when the best sentence scores less. One written question in a hundred that has an answer
# does too, and no question of MultiHop-RAG dev.
MIN_SCORE = 0.25

_FIRST_WORD = re.compile(r"\W*(\w+)")
_PRONOUNS = frozenset("he she it they his her its their this that these those such both".split())
_CAPITALISED = r"[^\W\d_a-z][\w’'-]*\w"
_NAME = re.compile(rf"{_CAPITALISED}(?: {_CAPITALISED})+")


@dataclass(frozen=True)
class Reader:
    """Chooses the sentences that answer, from one generation of the index.

    Attributes:
        without: Parts of the reading that are left out, to measure what they are worth.
    """

    index: Index
    max_statements: int
    without: Collection[Part] = frozenset()

    def read(self, questions: Sequence[Question]) -> Reading:
        """The evidence for `questions`, the parts of what the user asked, in order."""
        readings = [self._read_one(question) for question in questions]
        candidates = take_turns([reading.candidates for reading in readings])
        groups = without_repeats(take_turns([reading.groups for reading in readings]))
        answered = [reading for reading in readings if reading.groups]
        limit = max(self.max_statements, len(answered))
        missing = tuple(dict.fromkeys(name for reading in readings for name in reading.missing))
        confidence = min((reading.confidence for reading in answered or readings), default=0.0)
        return Reading(groups[:limit], candidates, confidence, missing)

    def _read_one(self, question: Question) -> Reading:
        candidates = score_sentences(question, self.index, self.without)
        if not candidates:
            return Reading([], [], 0.0)
        confidence = _confidence(candidates[0].score)
        if "refusal" not in self.without:
            missing = self._missing_names(question.text)
            if missing:
                return Reading([], candidates, 0.0, missing)
            if not self._is_supported(question, candidates[0]):
                return Reading([], candidates, confidence)
        quoted = choose(candidates, self.max_statements)
        if "antecedents" not in self.without:
            quoted = [self._with_antecedent(item) for item in quoted]
        groups = [[item, *repeats(item, candidates)] for item in quoted]
        return Reading(groups, candidates, confidence)

    def _is_supported(self, question: Question, best: Evidence) -> bool:
        """Whether anything found may answer; refuses only what shares nothing with the corpus.

        `python -m evals.multihop` and `python -m evals.reading` print how many questions that
        have an answer are refused.
        """
        asked = words(question.text, join_compounds=False)
        unknown = set(self.index.unknown_words(question.text))
        unknown -= set(self.index.correct_spelling(question.text))
        return best.score >= MIN_SCORE and (not asked or not unknown.issuperset(asked))

    def _missing_names(self, text: str) -> tuple[str, ...]:
        """Names of two words or more in `text` with a word that no article holds.

        A word that may be a misspelt known one does not count, nor does the first of a sentence.
        """
        missing = []
        for match in _NAME.finditer(text):
            name = match.group()
            if not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!":
                name = name.partition(" ")[2]
            unknown = self.index.unknown_words(name)
            if " " in name and set(unknown) - set(self.index.correct_spelling(name)):
                missing.append(name)
        return tuple(missing)

    def _with_antecedent(self, item: Evidence) -> Evidence:
        """`item` with the sentence before it on its line, when it starts with a pronoun."""
        offsets, _ = self.index.sentences(item.document.document_id)
        starts = [int(start) for start, _ in offsets]
        position = starts.index(item.start_char)
        first_word = _FIRST_WORD.match(item.text)
        if not position or not first_word or first_word.group(1).lower() not in _PRONOUNS:
            return item
        start = starts[position - 1]
        text = item.document.text[start : item.end_char]
        if item.document.line_at(start) != item.first_line or len(text.split()) > LONG_WORDS:
            return item
        return replace(item, start_char=start, text=text)


def _confidence(score: float) -> float:
    """The best sentence's score on 0..1; an order of plausibility, not yet a probability."""
    return round(min(max(score, 0.0), 1.0), 3)
