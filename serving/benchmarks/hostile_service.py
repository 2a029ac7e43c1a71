"""Hostile documents through a running service: each is posted as the attachment of a dispute.

The client's side of `python -m serving.benchmarks.hostile FOLDER --url URL`. An unreadable document
must not pass for one that matches the order: the report contains the status of the verdict.
"""

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from serving.benchmarks.hostile_report import PARTLY, READ, Report, watch_children
from serving.client import Client, DisputeEnded, NotSettled, ServiceError, Unreachable

NOT_SETTLED = "not_settled"  # not finished in time: a fault of the service
UNREACHABLE = "unreachable"
# The order of every dispute; no document of a corpus bills it.
ORDER: dict[str, Any] = {
    "order": {
        "po_number": "TIEOUT-1",
        "currency": "EUR",
        "lines": [
            {
                "po_line_number": "1",
                "product_code": "TIEOUT-1",
                "quantity_ordered": "1",
                "unit_code": "EA",
                "unit_price": "1.00",
            }
        ],
    }
}


@dataclass(frozen=True, slots=True)
class ServiceWatch:
    """Process and log folder of a service on this machine, to measure it from outside.

    `process` is the parent of its processes; `logs` is the folder of Ray's session, where the
    output of replicas and their native programs is counted, but not Ray's own logs.
    """

    process: psutil.Process | None = None
    logs: Path | None = None

    def logged_bytes(self) -> int:
        """Return the size of all log files together."""
        if self.logs is None:
            return 0
        total = 0
        for path in (*self.logs.glob("worker-*"), *self.logs.glob("serve/*")):
            with contextlib.suppress(OSError):  # rotated away meanwhile
                total += path.stat().st_size
        return total


def post_hostile(path: Path, client: Client, timeout_s: float, watch: ServiceWatch) -> Report:
    """Post a file with an order and return a report; errors that the file causes are caught.

    `message_bytes` is the size of what the service logged meanwhile.
    """
    logged = watch.logged_bytes()
    codes: tuple[str, ...] = ()
    pages, verdict = 0, ""
    began = time.perf_counter()
    with watch_children(watch.process) as peak:
        try:
            accepted = client.submit(ORDER, [path])
            settled = client.wait(accepted.dispute_id, timeout_s)
        except ServiceError as error:
            outcome = error.code
        except DisputeEnded as error:
            ended = error.dispute
            outcome = ended.error.code if ended.error else ended.state
        except NotSettled:
            outcome = NOT_SETTLED
        except Unreachable:
            outcome = UNREACHABLE
        else:
            problems = settled.problems
            codes = tuple(sorted({entry["code"] for entry in problems}))
            pages = sum(len(entry["pages"]) for entry in settled.documents)
            verdict = (settled.verdict or {}).get("status", "")
            outcome = PARTLY if codes else READ
    seconds = time.perf_counter() - began
    written = watch.logged_bytes() - logged
    return Report(str(path), outcome, pages, codes, seconds, peak[0], written, verdict)
