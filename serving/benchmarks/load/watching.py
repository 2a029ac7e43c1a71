"""Measurement of the service from outside: memory and CPU time of each part, and its metrics."""

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

# Part by the title of a Ray process; its child processes belong to the same part.
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
class Snapshot:
    """The service at one moment, by part: resident bytes and CPU seconds used since the start."""

    moment: float  # monotonic clock
    rss: Mapping[str, int]
    cpu: Mapping[str, float]


def take_snapshot(watched: psutil.Process | None = None, leave_out: Sequence[int] = ()) -> Snapshot:
    """Return a snapshot of all child processes, without the trees of the ids in `leave_out`."""
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
                # The last two are the times of children that ended.
                cpu[part] += sum(process.cpu_times()[:4])
            waiting += [(child, part) for child in process.children()]
        except psutil.Error:  # it ended meanwhile
            continue
    return Snapshot(time.monotonic(), dict(rss), dict(cpu))


def part_of(title: str) -> str | None:
    """Return the part of the service that the title of a process names, None without one.

    >>> part_of("ray::ServeReplica:tieout:reading")
    'reading'
    """
    return next((part for sign, part in _PARTS.items() if sign in title), None)


def cpu_used(before: Snapshot, after: Snapshot) -> dict[str, float]:
    """Return the CPU seconds of each part between two snapshots."""
    return {part: cpu - before.cpu.get(part, 0.0) for part, cpu in after.cpu.items()}


@contextmanager
def watch_service(every_s: float, leave_out: Sequence[int] = ()) -> Iterator[list[Snapshot]]:
    """Take a snapshot every `every_s` seconds while the block runs."""
    snapshots: list[Snapshot] = []
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(every_s):
            snapshots.append(take_snapshot(leave_out=leave_out))

    thread = threading.Thread(target=run, name="watching", daemon=True)
    thread.start()
    try:
        yield snapshots
    finally:
        stop.set()
        thread.join()


Histogram = dict[float, float]  # cumulative counts by upper bound


def stage_histograms(text: str) -> dict[str, Histogram]:
    """Return the histogram of each stage in a Prometheus exposition, over all replicas."""
    name = EXPORTED_PREFIX + STAGE_SECONDS.name
    counts_by_stage: dict[str, Histogram] = defaultdict(lambda: defaultdict(float))
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == f"{name}_bucket":
                counts_by_stage[sample.labels["stage"]][float(sample.labels["le"])] += sample.value
    return {stage: dict(counts) for stage, counts in counts_by_stage.items()}


def counts_between(
    before: Mapping[str, Histogram], after: Mapping[str, Histogram]
) -> dict[str, Histogram]:
    """Return the counts between two readings of the histograms."""
    return {
        stage: {
            bound: count - before.get(stage, {}).get(bound, 0.0) for bound, count in counts.items()
        }
        for stage, counts in after.items()
    }


def read_metrics(port: int) -> dict[str, Histogram]:
    """Return the current histograms of the stages; they lag some seconds behind."""
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    answer.raise_for_status()
    return stage_histograms(answer.text)
