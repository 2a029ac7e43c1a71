"""Whether a replica still gets on with its work, which is more than whether it answers.

Ray Serve's own health check calls an empty method: it does not see a thread that hangs in a native
library. The deployments answer it with the age of what they are working on.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator


class Stuck(RuntimeError):
    """Work takes longer than it may; the replica is to be replaced."""


class Progress:
    """Units of work under way in this process, with their age. Safe to use from threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._began: dict[object, float] = {}
        self._last_end = clock()

    @contextlib.contextmanager
    def unit(self) -> Iterator[None]:
        """Marks a block as one unit of work."""
        mark = object()
        with self._lock:
            self._began[mark] = self._clock()
        try:
            yield
        finally:
            with self._lock:
                del self._began[mark]
                self._last_end = self._clock()

    def running(self) -> int:
        """Units under way."""
        with self._lock:
            return len(self._began)

    def idle_s(self) -> float:
        """Seconds since a unit last ended; 0 while one is under way."""
        with self._lock:
            return 0.0 if self._began else self._clock() - self._last_end

    def refuse_stuck(self, what: str, budget_s: float) -> None:
        """Raises `Stuck` when the oldest unit under way is older than `budget_s`."""
        with self._lock:
            oldest = min(self._began.values(), default=None)
            age = 0.0 if oldest is None else self._clock() - oldest
        if age > budget_s:
            raise Stuck(f"{what} takes {age:.0f} s so far, at most {budget_s:g} s are allowed")
