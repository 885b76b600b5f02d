"""How often and how many at once: token buckets, and places that are waited for.

The page, the API and the MCP endpoint call functions of their own accord, past any queue, so the
functions themselves ask here. Everything is in memory and of one process.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rag.errors import RagError

# Buckets of clients that are kept; the one that was used longest ago is forgotten first.
MAX_CLIENTS = 10_000


class LimitError(RagError):
    """A request too many; the message says when to come back."""


class TokenBucket:
    """A bucket for each key: `burst` requests at once, then `per_second`. Thread-safe.

    Args:
        burst: How many tokens a full bucket holds.
        per_second: How many come back each second.
        clock: Seconds that only ever grow; to be replaced in tests.

    Example: burst=2, per_second=1 -> two at once, a third one second later
    """

    def __init__(
        self, burst: float, per_second: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str = "") -> float:
        """Takes a token of `key`: 0.0, or the seconds until there is one, and none is taken."""
        with self._lock:
            now = self._clock()
            tokens = self._tokens(key, now)
            if tokens < 1:
                self._keep(key, tokens, now)
                return (1 - tokens) / self._per_second
            self._keep(key, tokens - 1, now)
            return 0.0

    def give_back(self, key: str = "") -> None:
        """Returns a token that was taken for something that does not count."""
        with self._lock:
            now = self._clock()
            self._keep(key, min(self._burst, self._tokens(key, now) + 1), now)

    def _tokens(self, key: str, now: float) -> float:
        tokens, then = self._buckets.get(key, (self._burst, now))
        return min(self._burst, tokens + (now - then) * self._per_second)

    def _keep(self, key: str, tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)


class Rate:
    """Requests a minute, of each client and of all together."""

    def __init__(self, per_minute: int, *, clients: int = 4) -> None:
        """`per_minute` of each client, and of all together those of `clients`; 0: no limit."""
        self._limited = per_minute > 0
        burst = max(1.0, per_minute / 4)
        self._client = TokenBucket(burst, per_minute / 60)
        self._all = TokenBucket(burst * clients, per_minute * clients / 60)

    def check(self, client: str) -> None:
        """Counts one request of `client`.

        Raises:
            LimitError: When it is one too many; it is not counted then.
        """
        if not self._limited:
            return
        wait = self._client.take(client)
        if not wait:
            wait = self._all.take()
            if wait:
                self._client.give_back(client)
        if wait:
            raise LimitError(f"too many requests: try again in {math.ceil(wait)} s")


class Places:
    """At most `places` at once; up to `waiting` others wait, for at most `wait_s` seconds."""

    def __init__(self, places: int, *, waiting: int, wait_s: float) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._queue = threading.BoundedSemaphore(places + waiting)
        self._wait_s = wait_s

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place for the time of the block.

        Raises:
            LimitError: When the queue is full, or it took too long.
        """
        busy = LimitError("too many requests are being answered: try again in a moment")
        if not self._queue.acquire(blocking=False):
            raise busy
        try:
            if not self._places.acquire(timeout=self._wait_s):
                raise busy
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._queue.release()
