"""Clients that post disputes and wait for each verdict: as fast as they can, or at a rate."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from serving.benchmarks.load.papers import Case, Kind
from serving.client import Client, DisputeEnded, NotSettled, ServiceError, TryLater, Unreachable

SETTLED_WITHIN_S = 180.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One dispute: when it was posted and when its client saw the end, on the monotonic clock.

    `outcome` is "done" or an error code; `late_s` is how long it waited here for a free client.
    """

    kind: Kind
    pages: int
    began: float
    ended: float
    outcome: str
    late_s: float = 0.0

    @property
    def seconds(self) -> float:
        """The seconds from the time it was due to its end."""
        return self.ended - self.began + self.late_s


Sender = Callable[[Client, Case], str]


def settle(client: Client, case: Case) -> str:
    """Post a case, wait for its end and return the outcome."""
    try:
        client.settle(case.dispute, case.attachments, SETTLED_WITHIN_S)
    except DisputeEnded as ended:
        return ended.dispute.error.code if ended.dispute.error else ended.dispute.state
    except TryLater as refused:
        return "refused" if refused.retry_after_s is not None else f"{refused.status} without when"
    except ServiceError as refused:
        return refused.code
    except NotSettled:
        return "not_settled"
    except Unreachable:
        return "unreachable"
    return "done"


class Driver:
    """Posts to one address with one key. `attempts` are those of each request."""

    def __init__(self, address: str, key: str, attempts: int = 3) -> None:
        self._address, self._key, self._attempts = address, key, attempts
        self._local = threading.local()

    def _client(self) -> Client:
        # A persistent connection for each thread, like many separate systems.
        if not hasattr(self._local, "client"):
            self._local.client = Client(
                self._address, self._key, timeout_s=120.0, attempts=self._attempts
            )
        client: Client = self._local.client
        return client

    def post(self, case: Case, due: float | None = None, send: Sender = settle) -> Sample:
        """Post one case now and return its sample."""
        client = self._client()
        began = time.monotonic()
        outcome = send(client, case)
        late_s = 0.0 if due is None else max(began - due, 0.0)
        return Sample(case.kind, case.pages, began, time.monotonic(), outcome, late_s)

    def post_continuously(
        self,
        cases: Iterator[Case],
        clients: int,
        seconds: float,
        on_sample: Callable[[Sample], None] = lambda sample: None,
        send: Sender = settle,
    ) -> list[Sample]:
        """Run `clients` clients that each post the next case when their last one has ended."""
        lock = threading.Lock()
        samples: list[Sample] = []
        until = time.monotonic() + seconds

        def run() -> None:
            while time.monotonic() < until:
                with lock:
                    case = next(cases)
                sample = self.post(case, send=send)
                with lock:
                    samples.append(sample)
                    on_sample(sample)

        with ThreadPoolExecutor(clients, thread_name_prefix="client") as pool:
            for future in [pool.submit(run) for _ in range(clients)]:
                future.result()
        return samples

    def post_at_rate(
        self, cases: Iterator[Case], a_second: float, seconds: float, seed: int, clients: int = 32
    ) -> list[Sample]:
        """Post cases at random times with that mean rate, whether earlier ones are done or not."""
        due = arrivals(a_second, seconds, seed)
        start = time.monotonic()
        with ThreadPoolExecutor(clients, thread_name_prefix="client") as pool:
            futures = []
            for offset in due:
                time.sleep(max(start + offset - time.monotonic(), 0.0))
                futures.append(pool.submit(self.post, next(cases), start + offset))
            return [future.result() for future in futures]


def arrivals(a_second: float, seconds: float, seed: int) -> list[float]:
    """Return the times of a Poisson process in [0, seconds), the same for the same seed."""
    if a_second <= 0:
        raise ValueError(f"the rate is {a_second} per second, it must be above 0")
    rng = random.Random(f"arrivals/{seed}")
    moments: list[float] = []
    moment = rng.expovariate(a_second)
    while moment < seconds:
        moments.append(moment)
        moment += rng.expovariate(a_second)
    return moments


def pages_within(samples: Sequence[Sample], began: float, ended: float) -> int:
    """Return the number of pages of the disputes that were done within a span of time."""
    return sum(
        sample.pages
        for sample in samples
        if sample.outcome == "done" and began <= sample.ended < ended
    )
