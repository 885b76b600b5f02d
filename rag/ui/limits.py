"""How often and how many at once: token buckets, and places that are waited for.

The page, the API and the MCP endpoint call functions of their own accord, past any queue, so the
functions themselves ask here. Everything is in memory and of one process.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rag.errors import RagError

# What one page does at once for whoever asks it past the queue; how many wait, and how long.
CONCURRENT_CALLS = 4
WAITING_CALLS, WAIT_S = 16, 30.0
# When to come back to a page that has no place.
BUSY_S = 5.0
# How many clients may use up what is theirs before all of them have to wait.
BUSY_CLIENTS = 10
# Buckets of clients that are kept; the one that was used longest ago is forgotten first.
MAX_CLIENTS = 10_000


class LimitError(RagError):
    """A request too many; the message, and `wait_s`, say when to come back."""

    def __init__(self, message: str, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = math.ceil(wait_s)


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
            wait = self._wait(tokens)
            self._keep(key, tokens if wait else tokens - 1, now)
            return wait

    def wait_s(self, key: str = "") -> float:
        """The seconds until there is a token of `key`; 0.0 when there is one."""
        with self._lock:
            return self._wait(self._tokens(key, self._clock()))

    def charge(self, key: str = "") -> None:
        """Takes a token of `key` whether there is one or not: the next comes later then."""
        with self._lock:
            now = self._clock()
            self._keep(key, self._tokens(key, now) - 1, now)

    def give_back(self, key: str = "") -> None:
        """Returns a token that was taken for something that does not count."""
        with self._lock:
            now = self._clock()
            self._keep(key, min(self._burst, self._tokens(key, now) + 1), now)

    def _tokens(self, key: str, now: float) -> float:
        tokens, then = self._buckets.get(key, (self._burst, now))
        return min(self._burst, tokens + (now - then) * self._per_second)

    def _wait(self, tokens: float) -> float:
        return max(0.0, (1 - tokens) / self._per_second)

    def _keep(self, key: str, tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_CLIENTS:
            self._buckets.popitem(last=False)


class Rate:
    """Requests a minute, of each client and of all together."""

    def __init__(self, per_minute: int, *, clients: int = BUSY_CLIENTS) -> None:
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
            raise LimitError(f"too many requests: try again in {math.ceil(wait)} s", wait)


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
        busy = LimitError("too many requests are being answered: try again in a moment", BUSY_S)
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


class Limits:
    """What one page allows, whichever way it is asked: by its own script, the API or MCP."""

    def __init__(self, per_minute: int) -> None:
        """`per_minute` requests of each client; 0: any number."""
        self._rate = Rate(per_minute)
        self._places = Places(CONCURRENT_CALLS, waiting=WAITING_CALLS, wait_s=WAIT_S)

    def check(self, client: str) -> None:
        """Counts one request of `client`.

        Raises:
            LimitError: When it is one too many.
        """
        self._rate.check(client)

    @contextmanager
    def one(self, client: str) -> Iterator[None]:
        """Counts one request of `client`, and gives it a place for the time of the block.

        Raises:
            LimitError: When it is one too many, or there is no place for now.
        """
        self.check(client)
        with self.place():
            yield

    def place(self) -> AbstractContextManager[None]:
        """A place for the time of the block, for what is counted already.

        Raises:
            LimitError: When there is none for now.
        """
        return self._places.one()
