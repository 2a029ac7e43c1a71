"""Health of a replica by its progress: the age of the work it is doing.

Ray Serve's own health check calls an empty method: it does not notice a thread that hangs in a
native library. The deployments' health checks look at the age of their unfinished work.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator


class Stuck(RuntimeError):
    """Work takes longer than allowed; the replica must be replaced."""


class Progress:
    """The units of work running in this process, with their age. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._began: dict[object, float] = {}
        self._last_end = clock()

    @contextlib.contextmanager
    def unit(self) -> Iterator[None]:
        """Mark a block as one unit of work."""
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
        """Return the number of running units."""
        with self._lock:
            return len(self._began)

    def idle_s(self) -> float:
        """Return the seconds since a unit last ended; 0 while one is running."""
        with self._lock:
            return 0.0 if self._began else self._clock() - self._last_end

    def raise_if_stuck(self, what: str, budget_s: float) -> None:
        """Raise `Stuck` when the oldest running unit is older than `budget_s`."""
        with self._lock:
            oldest = min(self._began.values(), default=None)
            age = 0.0 if oldest is None else self._clock() - oldest
        if age > budget_s:
            raise Stuck(f"{what} has taken {age:.0f} s so far, at most {budget_s:g} s are allowed")
