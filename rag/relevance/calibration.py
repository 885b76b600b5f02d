"""What the reader model's logits mean: an order, and two probabilities.

The constants in `calibration.json` were fitted on the dev documents of the written questions, those
in `follow_up_calibration.json` on follow-ups over the same documents (`python -m
evals.training.calibrate`); each belong to one version of a model. They are the only thresholds of
the decision whether to answer.

    order of the sentences      logit + weight x first-stage score
    P(this sentence answers)    logistic in (logit, first-stage score)
    P(any sentence answers)     logistic in (logit of the best by the mix, best logit,
                                how far it is from the first stage's best)

None of these grows with the number of sentences, so that a small corpus is judged like a large one.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "calibration.json"
FOLLOW_UP_FILE = Path(__file__).parent / "follow_up_calibration.json"


@dataclass(frozen=True)
class Calibration:
    """The constants of one model.

    Attributes:
        difference_sha256: Of the model's difference that they were fitted for.
        top: How many sentences are read, the first stage's best.
        weight: Of the first-stage score in the mix.
        line: Factors of logit and first-stage score, and the constant; of the reader they were
            fitted on questions that have an answer.
        centre, spread: Of these three; they are standardised.
        any: Their factors, and the constant.
        first_at: Nothing answers where the nearest sentence has less than this first-stage score.
        answer_at: A question is answered from this P(any sentence answers) on.
        indirect_at: Below `answer_at` the nearest lines are offered from this probability on; below
            it the question is refused.
        further_at: A further sentence is quoted from this P(this sentence answers) on,
        further_share: and from this share of the first one's.
        words_at: The words that answer are marked from this probability of theirs on.
    """

    difference_sha256: str
    top: int
    weight: float
    line: tuple[float, float, float]
    centre: tuple[float, ...]
    spread: tuple[float, ...]
    any: tuple[float, ...]
    first_at: float
    answer_at: float
    indirect_at: float
    further_at: float
    further_share: float
    words_at: float

    def mix(
        self, logits: "NDArray[np.float32]", first: "NDArray[np.float32]"
    ) -> "NDArray[np.float32]":
        """The scores that order the sentences, shape (n,)."""
        return logits + self.weight * first

    def further_floor(self, first: float) -> float:
        """From which P(this sentence answers) on one is quoted beside one with `first`."""
        return max(self.further_at, self.further_share * first)

    def sentence_chances(
        self, logits: "NDArray[np.float32]", first: "NDArray[np.float32]"
    ) -> "NDArray[np.float32]":
        """P(this sentence answers), shape (n,)."""
        on_logit, on_first, constant = self.line
        return _sigmoid(on_logit * logits + on_first * first + constant)

    def any_chance(self, logits: "NDArray[np.float32]", first: "NDArray[np.float32]") -> float:
        """P(any sentence answers); 0 of none, and where none is near the question.

        Args:
            logits: Of the sentences that were read, shape (n,).
            first: Their first-stage scores, shape (n,).
        """
        import numpy as np

        if not len(logits) or first.max() < self.first_at:
            return 0.0
        best = int(np.argmax(self.mix(logits, first)))
        behind = first[best] - first.max()
        features = np.array([logits[best], logits.max(), behind], dtype=np.float64)
        standard = (features - np.array(self.centre)) / np.array(self.spread)
        factors = np.array(self.any)
        return float(_sigmoid(standard @ factors[:-1] + factors[-1]))


def shipped_calibration() -> Calibration:
    """The constants of the model for questions that this package carries."""
    return _read(FILE)


def follow_up_calibration() -> Calibration:
    """The constants of the model for follow-ups that this package carries."""
    return _read(FOLLOW_UP_FILE)


@cache
def _read(path: Path) -> Calibration:
    held = json.loads(path.read_text(encoding="utf-8"))
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in held.items()
    }
    return Calibration(**values)


def _sigmoid(values: Any) -> "NDArray[np.float32]":
    import numpy as np

    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -60, 60))))
