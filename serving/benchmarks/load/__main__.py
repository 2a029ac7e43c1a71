"""The load benchmark: `python -m serving.benchmarks.load --out FOLDER`.

Starts the service on a free port with stores and keys of its own, posts disputes to it with the
Python client, and measures, as ratios within the run: the rate of scanned pages against bare
Tesseract and of text pages, alone and six to a document, against the same extraction without Ray;
the time of a small dispute at half load; the CPU time that the service adds to a page; memory over
time; large uploads; overload; and the time to the first verdict. Writes `report.json` and
`report.html`.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from serving.benchmarks.load import phases
from serving.benchmarks.load.bare import BareReaders, bare_processes
from serving.benchmarks.load.figures import rate
from serving.benchmarks.load.page import html_page
from serving.benchmarks.load.papers import Cases, cases_of_folder, make_cases
from serving.benchmarks.load.phases import Bench
from serving.benchmarks.load.report import Report, markdown, write_report
from serving.commands.cluster import free_port, run_service
from serving.commands.keys import key_store
from serving.settings import ServiceFile, load_service_file
from serving.store.keys import NewKey

_NO_LIMIT = 10**7  # limits of the benchmark's key, too high to be reached
_OVERLOAD_JOBS = 40
_CLIENTS_PER_CORE = 4
_START_S = 20.0  # about
_MOVED_EVERY_S = 0.5
_PARTS = ("scan", "text", "long", "half", "mixed", "uploads", "overload")


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark; exit status 0 whether targets are met or missed."""
    parser = argparse.ArgumentParser(prog="python -m serving.benchmarks.load", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the report")
    parser.add_argument("--minutes", type=float, default=30.0, help="minutes of mixed load")
    parser.add_argument("--slices", type=int, default=4, help="time slices of each rate")
    parser.add_argument("--slice-s", type=float, default=20.0, help="seconds of a time slice")
    parser.add_argument("--half-s", type=float, default=60.0, help="seconds at half load")
    parser.add_argument("--uploads", type=int, default=200, help="number of uploads of 50 MB")
    parser.add_argument("--documents", type=int, default=6, help="different documents per kind")
    parser.add_argument("--seed", type=int, default=0, help="seed of documents and arrivals")
    parser.add_argument("--corpus", type=Path, help="folder of real PDFs and images to post")
    parser.add_argument("--config", type=Path, help="service YAML file; default: all defaults")
    parser.add_argument(
        "--only", nargs="+", choices=_PARTS, default=_PARTS, help="run only these parts"
    )
    chosen = parser.parse_args(argv)
    if "half" in chosen.only and "text" not in chosen.only:
        parser.error("half load is half of the rate measured with text pages; add text to --only")
    # By default Ray's workers run at low priority; the service and the bare processes must compete
    # on equal terms.
    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112  Ray spells it so
    notes = Console(stderr=True, highlight=False)
    notes.print("making documents ...")
    cases = make_cases(chosen.seed, chosen.documents)
    if chosen.corpus is not None:
        cases = cases_of_folder(chosen.corpus, cases)
    service = load_service_file(chosen.config) if chosen.config else ServiceFile()
    report = _measure(chosen, service, cases, notes)
    path = write_report(chosen.out, report, html_page(report))
    sys.stdout.write(markdown(report))
    notes.print(f"wrote {path}")
    return 0


def _measure(
    chosen: argparse.Namespace, service: ServiceFile, cases: Cases, notes: Console
) -> Report:
    cores = os.cpu_count() or 1
    with TemporaryDirectory(prefix="tieout-load-") as folder, _bar(notes) as say:
        service = service.with_address(port=free_port()).with_storage_in(Path(folder))
        service = service.with_metrics_port(free_port())
        keys = _keys(service)
        say("starting the service", _START_S)
        began = time.monotonic()
        with run_service(service) as address:
            ready_s = time.monotonic() - began
            clients = _CLIENTS_PER_CORE * cores
            port = service.settings.metrics_port or 0
            bench = Bench(address, *keys, port, cases, clients, chosen.seed, say)
            outcome = bench.drive().post(cases["text"][0]).outcome
            verdict_s = time.monotonic() - began
            with bare_processes(cores, service.settings.checkpoint) as bare:
                phases.warm_up(bench, chosen.slice_s)
                measured = _phases(chosen, bench, bare)
    return Report(service.settings, cores, clients, ready_s, verdict_s, outcome, **measured)


def _phases(chosen: argparse.Namespace, bench: Bench, bare: BareReaders) -> dict[str, Any]:
    """Run the chosen parts and return their results by the names of the report's fields."""
    measured: dict[str, Any] = {}
    if "scan" in chosen.only:
        measured["scan"] = phases.compare_in_turns(
            bench, bare, "scan", "tesseract", chosen.slices, chosen.slice_s
        )
    if "text" in chosen.only:
        text = phases.compare_in_turns(
            bench, bare, "text", "extraction", chosen.slices, chosen.slice_s
        )
        measured["text"] = text
        if "half" in chosen.only:
            measured["half"] = phases.run_half_load(
                bench, "text", rate(text.service), chosen.half_s, bare.pids
            )
    if "long" in chosen.only:
        measured["long"] = phases.compare_in_turns(
            bench, bare, "long", "extraction", chosen.slices, chosen.slice_s
        )
    if "mixed" in chosen.only:
        measured["mixed"] = phases.run_mixed_load(bench, 60 * chosen.minutes, bare.pids)
    if "uploads" in chosen.only:
        measured["uploads"] = phases.run_uploads(bench, chosen.uploads, bare.pids)
    if "overload" in chosen.only:
        measured["overload"] = phases.run_overload(bench, chosen.slice_s)
    return measured


def _keys(service: ServiceFile) -> tuple[str, str]:
    """Return a key without limits, and one of another tenant with few concurrent jobs."""
    with key_store(service.settings) as store:
        _, key = store.create(
            NewKey("load", "load", requests_per_minute=_NO_LIMIT, pages_per_day=_NO_LIMIT,
                   concurrent_jobs=_NO_LIMIT)
        )  # fmt: skip
        _, overload_key = store.create(
            NewKey("overload", "overload", requests_per_minute=_NO_LIMIT, pages_per_day=_NO_LIMIT,
                   concurrent_jobs=_OVERLOAD_JOBS)
        )  # fmt: skip
    return key, overload_key


@contextmanager
def _bar(notes: Console) -> Iterator[Callable[[str, float], None]]:
    """Yield a function that announces the part being measured; on a terminal with a bar."""
    if not notes.is_terminal:
        yield lambda what, seconds: notes.print(f"{what}: {seconds:.0f} s")
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=notes) as progress:
        task = progress.add_task("", total=1.0)
        lock = threading.Lock()
        began = time.monotonic()

        def say(what: str, seconds: float) -> None:
            nonlocal began
            with lock:
                began = time.monotonic()
                progress.reset(task, description=what, total=seconds)

        stop = threading.Event()

        def move() -> None:
            while not stop.wait(_MOVED_EVERY_S):
                with lock:
                    progress.update(task, completed=time.monotonic() - began)

        moving = threading.Thread(target=move, daemon=True)
        moving.start()
        try:
            yield say
        finally:
            stop.set()
            moving.join()


if __name__ == "__main__":
    sys.exit(main())
