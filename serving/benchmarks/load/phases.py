"""The parts of the load benchmark, each run on a running service and returning its measurements.

Rates are compared only with rates of the same run: the service and the bare processes take turns in
time slices, so that both run on the machine in the same condition.
"""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from serving.benchmarks.load.bare import BareReaders, Craft
from serving.benchmarks.load.driving import Driver, Sample, pages_within
from serving.benchmarks.load.figures import rate
from serving.benchmarks.load.papers import Case, Cases, Kind, mixed_cases
from serving.benchmarks.load.watching import (
    Histogram,
    Snapshot,
    counts_between,
    cpu_used,
    read_metrics,
    take_snapshot,
    watch_service,
)
from serving.client import Client, ServiceError, TryLater, Unreachable

# Ray's agent gathers figures every 10 s.
_METRICS_LAG_S = 12.0
_SNAPSHOT_EVERY_S = 2.0
_DRAINED_WITHIN_S = 300.0
_POLL_S = 0.5
_OVERLOADING_CLIENTS = 48
_UPLOADING_CLIENTS = 2
_UPLOAD_S = 1.5  # about

Say = Callable[[str, float], None]  # announces the part that begins, and its seconds


@dataclass(frozen=True, slots=True)
class Comparison:
    """The service and bare processes in turns; each slice is (pages, seconds).

    CPU seconds are those of one page, of the service by part; `client_cpu` is this benchmark's own.
    """

    kind: Kind
    craft: Craft
    service: tuple[tuple[float, float], ...]
    bare: tuple[tuple[float, float], ...]
    service_cpu: Mapping[str, float]
    client_cpu: float
    bare_cpu: float
    outcomes: Mapping[str, int]

    @property
    def ratio(self) -> float:
        """The page rate of the service divided by that of the bare processes."""
        return rate(self.service) / rate(self.bare)

    @property
    def added_cpu(self) -> float:
        """The CPU seconds outside reading and model, as a share of those inside."""
        reading_and_model = sum(self.service_cpu.get(part, 0.0) for part in ("reading", "model"))
        return (sum(self.service_cpu.values()) - reading_and_model) / reading_and_model

    @property
    def cpu_over_bare(self) -> float:
        """The CPU seconds of a page in the whole service divided by the bare ones, minus 1."""
        return sum(self.service_cpu.values()) / self.bare_cpu - 1


@dataclass(frozen=True, slots=True)
class LoadRun:
    """Disputes at one load: samples, histograms of stages, snapshots of the processes."""

    began: float
    seconds: float
    samples: tuple[Sample, ...]
    stages: Mapping[str, Histogram]
    snapshots: tuple[Snapshot, ...]


@dataclass(frozen=True, slots=True)
class Overload:
    """Far more posts than the service accepts: responses, states of accepted jobs, recovery."""

    answers: Mapping[str, int]
    states: Mapping[str, int]
    drained_s: float
    verdict_after_s: float


@dataclass(frozen=True, slots=True)
class Bench:
    """The running service, its keys and the cases that the parts of the benchmark use."""

    address: str
    key: str
    overload_key: str  # of a tenant of its own, with few jobs at once
    metrics_port: int
    cases: Cases
    clients: int
    seed: int
    say: Say

    def drive(self) -> Driver:
        return Driver(self.address, self.key)


def compare_in_turns(
    bench: Bench, bare: BareReaders, kind: Kind, craft: Craft, slices: int, slice_s: float
) -> Comparison:
    """Run slices of the service and of bare processes, alternately, on the same pages."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    service_cpu: dict[str, float] = {}
    outcomes: list[Sample] = []
    client_cpu = bare_cpu = 0.0
    bare_pages = 0
    warm_s = slice_s / 4
    cases = itertools.cycle(bench.cases[kind])
    for number in range(slices):
        bench.say(f"{kind} pages, {number + 1} of {slices}", 2 * slice_s + warm_s)
        before, mine = take_snapshot(leave_out=bare.pids), time.process_time()
        began = time.monotonic() + warm_s
        samples = bench.drive().post_continuously(cases, bench.clients, warm_s + slice_s)
        ours.append((pages_within(samples, began, began + slice_s), slice_s))
        client_cpu += time.process_time() - mine
        for part, seconds in cpu_used(before, take_snapshot(leave_out=bare.pids)).items():
            service_cpu[part] = service_cpu.get(part, 0.0) + seconds
        outcomes += samples
        done = bare.read(craft, bench.cases[kind], slice_s)
        # Each process reads its last page to the end: their rates add up.
        theirs.append((sum(result.pages / result.seconds for result in done) * slice_s, slice_s))
        bare_cpu += sum(result.cpu_seconds for result in done)
        bare_pages += sum(result.pages for result in done)
    pages = sum(sample.pages for sample in outcomes if sample.outcome == "done")
    if not pages or not bare_pages:
        raise RuntimeError(f"{kind}: no page was done ({count_outcomes(outcomes)})")
    return Comparison(
        kind,
        craft,
        tuple(ours),
        tuple(theirs),
        {part: seconds / pages for part, seconds in service_cpu.items()},
        client_cpu / pages,
        bare_cpu / bare_pages,
        count_outcomes(outcomes),
    )


def run_half_load(
    bench: Bench, kind: Kind, a_second: float, seconds: float, leave_out: Sequence[int]
) -> LoadRun:
    """Post disputes at random times, at half of the highest rate."""
    bench.say(f"{kind} disputes at half load", seconds)
    cases = itertools.cycle(bench.cases[kind])
    return _measure_load(
        bench,
        lambda: bench.drive().post_at_rate(cases, a_second / 2, seconds, bench.seed),
        leave_out,
    )


def run_mixed_load(bench: Bench, seconds: float, leave_out: Sequence[int]) -> LoadRun:
    """Post a mix of all kinds from enough clients to keep the service busy."""
    bench.say("mixed load", seconds)
    cases = mixed_cases(bench.seed, bench.cases)
    return _measure_load(
        bench, lambda: bench.drive().post_continuously(cases, bench.clients, seconds), leave_out
    )


def run_uploads(bench: Bench, count: int, leave_out: Sequence[int]) -> LoadRun:
    """Post `count` files of the largest size from two clients, and wait for each verdict."""
    bench.say(f"{count} uploads of the largest size", _UPLOAD_S * count)
    (case,) = bench.cases["large"]

    def run() -> list[Sample]:
        drive = bench.drive()
        with ThreadPoolExecutor(_UPLOADING_CLIENTS, thread_name_prefix="client") as pool:
            return list(pool.map(lambda _: drive.post(case), range(count)))

    return _measure_load(bench, run, leave_out)


def _measure_load(
    bench: Bench, run: Callable[[], list[Sample]], leave_out: Sequence[int]
) -> LoadRun:
    before = read_metrics(bench.metrics_port)
    began = time.monotonic()
    with watch_service(_SNAPSHOT_EVERY_S, leave_out) as snapshots:
        samples = run()
    seconds = time.monotonic() - began
    time.sleep(_METRICS_LAG_S)
    stages = counts_between(before, read_metrics(bench.metrics_port))
    return LoadRun(began, seconds, tuple(samples), stages, tuple(snapshots))


def run_overload(bench: Bench, seconds: float) -> Overload:
    """Post without waiting for verdicts, from many clients; then wait until all are settled."""
    bench.say("overload", seconds)
    cases = itertools.cycle(bench.cases["text"])
    drive = Driver(bench.address, bench.overload_key, attempts=1)
    answers = drive.post_continuously(cases, _OVERLOADING_CLIENTS, seconds, send=_submit)
    began = time.monotonic()
    with Client(bench.address, bench.overload_key) as client:
        states = _settled_states(client)
    drained_s = time.monotonic() - began
    after = bench.drive().post(bench.cases["text"][0])
    return Overload(count_outcomes(answers), states, drained_s, after.seconds)


def _submit(client: Client, case: Case) -> str:
    try:
        client.submit(case.dispute, case.attachments)
    except TryLater as refused:
        when = "Retry-After" if refused.retry_after_s is not None else "no Retry-After"
        return f"{refused.status} with {when}"
    except ServiceError as refused:
        return f"{refused.status} {refused.code}"
    except Unreachable:
        return "no answer"
    return "taken"


def _settled_states(client: Client) -> dict[str, int]:
    """Return the number of disputes by state, once all have finished."""
    deadline = time.monotonic() + _DRAINED_WITHIN_S
    while time.monotonic() < deadline:
        if not any(next(client.disputes(state), None) for state in ("queued", "running")):
            break
        time.sleep(_POLL_S)
    states: dict[str, int] = {}
    for dispute in client.disputes():
        states[dispute.state] = states.get(dispute.state, 0) + 1
    return states


def count_outcomes(samples: Sequence[Sample]) -> dict[str, int]:
    """Return the number of disputes by outcome."""
    counts: dict[str, int] = {}
    for sample in samples:
        counts[sample.outcome] = counts.get(sample.outcome, 0) + 1
    return dict(sorted(counts.items()))


def warm_up(bench: Bench, seconds: float) -> list[Sample]:
    """Post some disputes of each kind, so that everything is loaded before measuring."""
    bench.say("warm-up", seconds)
    cases = mixed_cases(bench.seed + 1, bench.cases)
    return bench.drive().post_continuously(cases, bench.clients, seconds)
