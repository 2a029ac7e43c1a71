"""The parts of the benchmark, one after the other on a service that runs: each returns its figures.

Rates are compared only with rates of the same run: the service and the bare processes take turns in
time slices, so that both see the same machine.
"""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from serving.benchmarks.load.bare import Bare, Craft
from serving.benchmarks.load.driving import Drive, Sample, pages_within
from serving.benchmarks.load.figures import rate
from serving.benchmarks.load.papers import Case, Cases, Kind, mixed
from serving.benchmarks.load.watching import (
    Histogram,
    Look,
    look,
    read_metrics,
    since,
    used,
    watching,
)
from serving.client import Client, ServiceError, TryLater, Unreachable

# Ray's agent gathers figures every 10 s.
_METRICS_LAG_S = 12.0
_LOOK_EVERY_S = 2.0
_DRAINED_WITHIN_S = 300.0
_LOOKED_FOR_END_S = 0.5
_OVERLOADING_CLIENTS = 48
_UPLOADING_CLIENTS = 2
_UPLOAD_S = 1.5  # about

Say = Callable[[str, float], None]  # what begins now, and seconds until it ends


@dataclass(frozen=True, slots=True)
class Turns:
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
        """Pages of the service by those of the bare processes, in the same time."""
        return rate(self.service) / rate(self.bare)

    @property
    def added_cpu(self) -> float:
        """CPU seconds that are neither reading nor model, as a share of those that are."""
        own = sum(self.service_cpu.get(part, 0.0) for part in ("reading", "model"))
        return (sum(self.service_cpu.values()) - own) / own

    @property
    def cpu_over_bare(self) -> float:
        """CPU seconds of a page in the whole service by those in the bare process, less one."""
        return sum(self.service_cpu.values()) / self.bare_cpu - 1


@dataclass(frozen=True, slots=True)
class Steady:
    """Disputes at one load: how each went, how long each stage took, what processes needed."""

    began: float
    seconds: float
    samples: tuple[Sample, ...]
    stages: Mapping[str, Histogram]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Overload:
    """Far more posted than is taken: the answers, what became of what was taken, and afterwards."""

    answers: Mapping[str, int]
    states: Mapping[str, int]
    drained_s: float
    verdict_after_s: float


@dataclass(frozen=True, slots=True)
class Stand:
    """What the phases work on."""

    address: str
    key: str
    overload_key: str  # of a tenant of its own, with few jobs at once
    metrics_port: int
    cases: Cases
    clients: int
    seed: int
    say: Say

    def drive(self) -> Drive:
        return Drive(self.address, self.key)


def in_turns(
    stand: Stand, bare: Bare, kind: Kind, craft: Craft, slices: int, slice_s: float
) -> Turns:
    """Slices of the service and of bare processes, alternately, on the same pages."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    service_cpu: dict[str, float] = {}
    outcomes: list[Sample] = []
    client_cpu = bare_cpu = 0.0
    bare_pages = 0
    warm_s = slice_s / 4
    cases = itertools.cycle(stand.cases[kind])
    for number in range(slices):
        stand.say(f"{kind} pages, {number + 1} of {slices}", 2 * slice_s + warm_s)
        before, mine = look(leave_out=bare.pids), time.process_time()
        began = time.monotonic() + warm_s
        samples = stand.drive().flat_out(cases, stand.clients, warm_s + slice_s)
        ours.append((pages_within(samples, began, began + slice_s), slice_s))
        client_cpu += time.process_time() - mine
        for part, seconds in used(before, look(leave_out=bare.pids)).items():
            service_cpu[part] = service_cpu.get(part, 0.0) + seconds
        outcomes += samples
        done = bare.read(craft, stand.cases[kind], slice_s)
        # Each process to the end of its last page: their rates add up.
        theirs.append((sum(one.pages / one.seconds for one in done) * slice_s, slice_s))
        bare_cpu += sum(one.cpu_seconds for one in done)
        bare_pages += sum(one.pages for one in done)
    pages = sum(sample.pages for sample in outcomes if sample.outcome == "done")
    if not pages or not bare_pages:
        raise RuntimeError(f"{kind}: no page was done ({counted(outcomes)})")
    return Turns(
        kind,
        craft,
        tuple(ours),
        tuple(theirs),
        {part: seconds / pages for part, seconds in service_cpu.items()},
        client_cpu / pages,
        bare_cpu / bare_pages,
        counted(outcomes),
    )


def at_half_load(
    stand: Stand, kind: Kind, a_second: float, seconds: float, leave_out: Sequence[int]
) -> Steady:
    """Disputes that arrive by chance at half of the greatest rate."""
    stand.say(f"{kind} disputes at half load", seconds)
    cases = itertools.cycle(stand.cases[kind])
    return _steady(
        stand,
        lambda: stand.drive().at_rate(cases, a_second / 2, seconds, stand.seed),
        leave_out,
    )


def sustained(stand: Stand, seconds: float, leave_out: Sequence[int]) -> Steady:
    """The mix of all kinds from as many clients as keep the service busy."""
    stand.say("mixed load", seconds)
    cases = mixed(stand.seed, stand.cases)
    return _steady(stand, lambda: stand.drive().flat_out(cases, stand.clients, seconds), leave_out)


def uploaded(stand: Stand, count: int, leave_out: Sequence[int]) -> Steady:
    """So many of the largest files that are taken, from two clients, each read to its end."""
    stand.say(f"{count} uploads of the largest size", _UPLOAD_S * count)
    (case,) = stand.cases["large"]

    def run() -> list[Sample]:
        drive = stand.drive()
        with ThreadPoolExecutor(_UPLOADING_CLIENTS, thread_name_prefix="client") as pool:
            return list(pool.map(lambda _: drive.one(case), range(count)))

    return _steady(stand, run, leave_out)


def _steady(stand: Stand, run: Callable[[], list[Sample]], leave_out: Sequence[int]) -> Steady:
    before = read_metrics(stand.metrics_port)
    began = time.monotonic()
    with watching(_LOOK_EVERY_S, leave_out) as looks:
        samples = run()
    seconds = time.monotonic() - began
    time.sleep(_METRICS_LAG_S)
    stages = since(before, read_metrics(stand.metrics_port))
    return Steady(began, seconds, tuple(samples), stages, tuple(looks))


def overloaded(stand: Stand, seconds: float) -> Overload:
    """Posts without waiting for verdicts, from many clients; then waits until all is settled."""
    stand.say("overload", seconds)
    cases = itertools.cycle(stand.cases["text"])
    drive = Drive(stand.address, stand.overload_key, attempts=1)
    answers = drive.flat_out(cases, _OVERLOADING_CLIENTS, seconds, send=_submit)
    began = time.monotonic()
    with Client(stand.address, stand.overload_key) as client:
        states = _settled_states(client)
    drained_s = time.monotonic() - began
    after = stand.drive().one(stand.cases["text"][0])
    return Overload(counted(answers), states, drained_s, after.seconds)


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
    """How many disputes came to which end, once none is on its way."""
    deadline = time.monotonic() + _DRAINED_WITHIN_S
    while time.monotonic() < deadline:
        if not any(next(client.disputes(state), None) for state in ("queued", "running")):
            break
        time.sleep(_LOOKED_FOR_END_S)
    states: dict[str, int] = {}
    for one in client.disputes():
        states[one.state] = states.get(one.state, 0) + 1
    return states


def counted(samples: Sequence[Sample]) -> dict[str, int]:
    """How many disputes had which outcome."""
    counts: dict[str, int] = {}
    for sample in samples:
        counts[sample.outcome] = counts.get(sample.outcome, 0) + 1
    return dict(sorted(counts.items()))


def warm_up(stand: Stand, seconds: float) -> list[Sample]:
    """Some disputes of each kind: what is loaded at the first use is loaded then."""
    stand.say("warm-up", seconds)
    cases = mixed(stand.seed + 1, stand.cases)
    return stand.drive().flat_out(cases, stand.clients, seconds)
