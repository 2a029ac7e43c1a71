"""The service's processes from outside: memory and CPU time of each part, and its metrics."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

from serving.telemetry.metrics import EXPORTED_PREFIX, STAGE_SECONDS

# By the name a process of Ray gives itself; what it starts belongs to it.
_PARTS = {
    "ServeReplica:tieout:http": "http",
    "ServeReplica:tieout:work": "work",
    "ServeReplica:tieout:reading": "reading",
    "ServeReplica:tieout:model": "model",
    "ProxyActor": "proxy",
    "haproxy": "proxy",
}
OTHERS = "ray"  # controller, raylet, GCS, agents, workers that wait


@dataclass(frozen=True, slots=True)
class Look:
    """The service at one moment, by part: resident bytes and CPU seconds used since the start."""

    at: float  # monotonic clock
    rss: Mapping[str, int]
    cpu: Mapping[str, float]


def look(watched: psutil.Process | None = None, leave_out: Sequence[int] = ()) -> Look:
    """All that this process started, but for the trees of the process ids to leave out."""
    root = watched or psutil.Process()
    rss: dict[str, int] = defaultdict(int)
    cpu: dict[str, float] = defaultdict(float)
    waiting = [(child, OTHERS) for child in root.children() if child.pid not in leave_out]
    while waiting:
        process, above = waiting.pop()
        try:
            part = part_of(" ".join(process.cmdline()[:3])) or above
            with process.oneshot():
                rss[part] += process.memory_info().rss
                # With the last two, which are of children that ended.
                cpu[part] += sum(process.cpu_times()[:4])
            waiting += [(child, part) for child in process.children()]
        except psutil.Error:  # it ended while we looked
            continue
    return Look(time.monotonic(), dict(rss), dict(cpu))


def part_of(title: str) -> str | None:
    """The part of the service a process belongs to by its title, None where that does not say.

    >>> part_of("ray::ServeReplica:tieout:reading")
    'reading'
    """
    return next((part for sign, part in _PARTS.items() if sign in title), None)


def used(before: Look, after: Look) -> dict[str, float]:
    """CPU seconds of each part between two looks."""
    return {part: cpu - before.cpu.get(part, 0.0) for part, cpu in after.cpu.items()}


@contextmanager
def watching(every_s: float, leave_out: Sequence[int] = ()) -> Iterator[list[Look]]:
    """Looks taken every so often while the block runs."""
    looks: list[Look] = []
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every_s):
            looks.append(look(leave_out=leave_out))

    thread = threading.Thread(target=run, name="watching", daemon=True)
    thread.start()
    try:
        yield looks
    finally:
        stop.set()
        thread.join()


Histogram = dict[float, float]  # cumulative counts by upper bound


def stage_histograms(text: str) -> dict[str, Histogram]:
    """The histogram of each stage in what Prometheus would be told, over all replicas."""
    name = EXPORTED_PREFIX + STAGE_SECONDS.name
    found: dict[str, Histogram] = defaultdict(lambda: defaultdict(float))
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == f"{name}_bucket":
                found[sample.labels["stage"]][float(sample.labels["le"])] += sample.value
    return {stage: dict(counts) for stage, counts in found.items()}


def since(before: Mapping[str, Histogram], after: Mapping[str, Histogram]) -> dict[str, Histogram]:
    """What was counted between two looks at the metrics."""
    return {
        stage: {
            bound: count - before.get(stage, {}).get(bound, 0.0) for bound, count in counts.items()
        }
        for stage, counts in after.items()
    }


def read_metrics(port: int) -> dict[str, Histogram]:
    """The stages' histograms as the service shows them now; they lag some seconds behind."""
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    answer.raise_for_status()
    return stage_histograms(answer.text)
