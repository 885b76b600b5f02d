"""Retrieved chunks -> the sentences that answer the question, or none.

1. The first stage scores every sentence of the retrieved chunks by words and vectors.
2. The reader model reads the best of them together with the question, and orders them anew.
3. By its calibrated chance that any sentence answers, the question is answered, or only touched by
   the nearest lines (indirect), or refused. What is asked about a person or thing, named by two
   words or more, whose name no article holds, is refused in any case.
4. The best sentence is quoted, then others that answer too, up to a limit; one from a document
   that was not used yet is preferred. Sentences that say nearly the same are one group, quoted
   once and cited together.
5. For a question that asks for a time, `timing` changes the order, the chance and the choice; one
   that asks for an amount is answered by sentences that give any (`amounts`), or indirectly.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rag.claims.vocabulary import synonyms_of
from rag.config import Part
from rag.index import Index
from rag.reading.amounts import amounts_first
from rag.reading.choosing import (
    choose_answers,
    choose_nearest,
    cover_sides,
    overlap,
    repeats,
    sides_of,
    take_turns,
    without_repeats,
)
from rag.reading.first_stage import LONG_WORDS, score_sentences
from rag.reading.judging import Judged, SentenceScorer, judge, mean_of, offsets_before
from rag.reading.shapes import Shape, asks_when, shape_of, subject_of_summary
from rag.reading.summarising import summarise
from rag.reading.timing import read_times
from rag.reading.types import Question, Reading
from rag.relevance import Calibration
from rag.schema import Evidence, State
from rag.words import content_stems, words

# Without the model, refuse when the best sentence scores less. One written question in a hundred
# that has an answer does too, and no question of MultiHop-RAG dev.
MIN_SCORE = 0.25
# A list, a comparison or a summary may have so many times the statements of a fact.
WIDE = 2
# From the worst to the best.
_STATES: tuple[State, ...] = ("refused", "indirect", "answered")

_FIRST_WORD = re.compile(r"\W*(\w+)")
_PRONOUNS = frozenset("he she it they his her its their this that these those such both".split())
_CAPITALISED = r"[^\W\d_a-z][\w’'-]*\w"
_NAME = re.compile(rf"{_CAPITALISED}(?: {_CAPITALISED})+")


@dataclass(frozen=True)
class Reader:
    """Chooses the sentences that answer, from one generation of the index.

    Attributes:
        without: Parts of the reading that are left out, to measure what they are worth.
        model: Reads question and sentences together; None for the first stage alone.
        calibration: What the model's logits mean.
        follow_ups: The model that reads follow-ups in context, and what its logits mean; None to
            read them in their other forms only.
    """

    index: Index
    max_statements: int
    without: Collection[Part] = frozenset()
    model: SentenceScorer | None = None
    calibration: Calibration | None = None
    follow_ups: tuple[SentenceScorer, Calibration] | None = None

    def read(self, questions: Sequence[Question]) -> Reading:
        """The evidence for `questions`, the parts of what the user asked, in order."""
        readings = [self._read_one(question) for question in questions]
        states = [reading.state for reading in readings]
        state: State = max(states, key=_STATES.index) if states else "refused"
        best = [reading for reading in readings if reading.state == state]
        quoted = [item for reading in best for group in reading.groups for item in group]
        unanswered = tuple(
            question.text
            for question, reading in zip(questions, readings, strict=True)
            if state == "answered" != reading.state and not _is_touched(reading, quoted)
        )
        return Reading(
            groups=without_repeats(take_turns([reading.groups for reading in best]))[
                : max(len(best), *(self._limit(shape_of(question.text)) for question in questions))
            ],
            candidates=take_turns([reading.candidates for reading in readings]),
            confidence=min((reading.confidence for reading in best), default=0.0),
            missing=tuple(dict.fromkeys(name for r in readings for name in r.missing)),
            state=state,
            unanswered=unanswered,
        )

    def _read_one(self, question: Question) -> Reading:
        candidates = score_sentences(question, self.index, self.without)
        if not candidates:
            return Reading([], [], 0.0)
        shape = shape_of(question.text)
        limit = self._limit(shape)
        candidates, confidence, state, chosen = self._judged(question, candidates, limit)
        if shape == "comparison":
            sides = sides_of(question.text, question.publishers, candidates)
            chosen = cover_sides(chosen, candidates, sides, limit)
        if shape == "summary":
            chosen = summarise(question, self.index, limit) or chosen
            if state != "refused" or not subject_of_summary(question.text):
                state = "answered"
        missing = tuple(dict.fromkeys([*question.missing, *self._missing_names(question.text)]))
        if self._asks_nothing_known(question.text, shape):
            state, confidence = "refused", 0.0
        if "refusal" in self.without:
            state, missing = "answered", ()
        if missing:
            return Reading([], candidates, 0.0, missing)
        if state == "refused":
            return Reading([], candidates, confidence)
        if "antecedents" not in self.without:
            chosen = [self._with_antecedent(item) for item in chosen]
        groups = [[item, *repeats(item, candidates)] for item in chosen]
        return Reading(groups, candidates, confidence, state=state)

    def _judged(
        self, question: Question, candidates: list[Evidence], limit: int
    ) -> tuple[list[Evidence], float, State, list[Evidence]]:
        """The candidates in order, the chance that any answers, what follows, and the best."""
        if self.model is None or self.calibration is None:
            best = candidates[0].score
            state: State = "answered" if best >= MIN_SCORE else "refused"
            return candidates, _confidence(best), state, choose_nearest(candidates, limit)
        calibration = self.calibration
        forms = [judge(question.text, candidates, self.index, self.model, calibration)]
        if question.typed is not None:
            forms.append(self._judge_form(question.typed, self.model, calibration))
        if question.in_context is not None and self.follow_ups is not None:
            forms.append(self._judge_form(question.in_context, *self.follow_ups))
        candidates, chance = mean_of(forms)
        timed = "times" not in self.without and asks_when(question.text)
        times = read_times(question.text, candidates) if timed else None
        if times is not None:
            candidates = times.candidates
            chance = max(chance, calibration.answer_at) if times.sure else chance
            chance = min(chance, calibration.indirect_at) if times.untold else chance
        giving = candidates
        if "amounts" not in self.without:
            read = [item for item in candidates if item.probability is not None]
            surest = max((item.probability or 0.0 for item in read), default=0.0)
            giving = amounts_first(question.text, read, calibration.further_floor(surest))
            likely = any((item.probability or 0.0) >= calibration.further_at for item in giving)
            if len(giving) < len(read) and not likely:
                chance = min(chance, calibration.indirect_at)
        chosen = choose_answers(giving or candidates, limit, calibration, self.index.family)
        if times is not None:
            chosen = times.complete(chosen, limit)
        return candidates, chance, self._state(chance, calibration), chosen

    def _judge_form(
        self, question: Question, model: SentenceScorer, calibration: Calibration
    ) -> Judged:
        """What `model` makes of another form of the question."""
        candidates = score_sentences(question, self.index, self.without)
        return judge(question.text, candidates, self.index, model, calibration)

    def _limit(self, shape: Shape) -> int:
        """How many statements an answer of this form may have."""
        return self.max_statements if shape == "fact" else WIDE * self.max_statements

    def _state(self, chance: float, calibration: Calibration) -> State:
        if chance >= calibration.answer_at:
            return "answered"
        return "indirect" if chance >= calibration.indirect_at else "refused"

    def _asks_nothing_known(self, text: str, shape: Shape) -> bool:
        """Whether a question names nothing at all, or only what the corpus does not hold."""
        if shape == "summary":
            return self._is_foreign(subject_of_summary(text))
        return not content_stems(text) or self._is_foreign(text)

    def _is_foreign(self, text: str) -> bool:
        """Whether the corpus holds none of the question's words, in any form or spelling.

        Nor a word that means the same: "who died?" asks for those who were killed.
        """
        asked = words(text, join_compounds=False)
        unknown = set(self.index.unknown_words(text)) - set(self.index.correct_spelling(text))
        if not asked or not unknown.issuperset(asked):
            return False
        alike = " ".join(sorted({alike for word in asked for alike in synonyms_of(word)}))
        return len(self.index.unknown_words(alike)) == len(alike.split())

    def _missing_names(self, text: str) -> tuple[str, ...]:
        """Names of two words or more in `text` with a word that no article holds.

        The first word of a sentence does not count. Misspelt names have been mended before.
        """
        missing = []
        for match in _NAME.finditer(text):
            name = match.group()
            if not text[: match.start()].strip() or text[: match.start()].rstrip()[-1] in ".?!":
                name = name.partition(" ")[2]
            if " " in name and self.index.unknown_words(name):
                missing.append(name)
        return tuple(missing)

    def _with_antecedent(self, item: Evidence) -> Evidence:
        """`item` with the sentence before it on its line, when it starts with a pronoun."""
        first_word = _FIRST_WORD.match(item.text)
        if not first_word or first_word.group(1).lower() not in _PRONOUNS:
            return item
        before = offsets_before(item, self.index)
        if before is None:
            return item
        start, _ = before
        text = item.document.text[start : item.end_char]
        if item.document.line_at(start) != item.first_line or len(text.split()) > LONG_WORDS:
            return item
        return replace(item, start_char=start, text=text)


def _is_touched(reading: Reading, quoted: Sequence[Evidence]) -> bool:
    """Whether the nearest sentence of an indirect reading is quoted for another part."""
    nearest = reading.groups[0][0] if reading.state == "indirect" and reading.groups else None
    return nearest is not None and any(overlap(nearest, item) for item in quoted)


def _confidence(score: float) -> float:
    """The best sentence's score on 0..1; an order of plausibility, not yet a probability."""
    return round(min(max(score, 0.0), 1.0), 3)
