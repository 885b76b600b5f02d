"""How long the steps of an answer take."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rag.schema import Timings


@dataclass
class Stopwatch:
    """Milliseconds spent in each step."""

    started: float = field(default_factory=time.perf_counter)
    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, step: str) -> Iterator[None]:
        """Add the time that the block takes to `step`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self.steps[step] = self.steps.get(step, 0.0) + spent

    def timings(self) -> Timings:
        """The steps so far, and the time since the start."""
        total = (time.perf_counter() - self.started) * 1000
        return Timings(**{k: round(v, 2) for k, v in self.steps.items()}, total=round(total, 2))
