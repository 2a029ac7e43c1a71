"""What hostile documents do to a running service: each is posted as the paper of a dispute.

The client's side of `python -m serving.benchmarks.hostile FOLDER --url URL`. A document that could
not be read must not be taken for one that says what was ordered: `verdict` tells what came of it.
"""

import contextlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from serving.benchmarks.hostile_report import PARTLY, READ, Report, children_watched
from serving.client import Client, DisputeEnded, NotSettled, ServiceError, Unreachable

NOT_SETTLED = "not_settled"  # neither an end nor an answer in time: a fault of the service
UNREACHABLE = "unreachable"
# What everybody is asked about; no document of a corpus bills it.
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
class Watched:
    """What can be seen of a service on this machine from beside it.

    `process` is the one whose children it runs as; `logs` is the folder of Ray's session, where
    all that replicas and their native programs write is counted, but not Ray's own diary.
    """

    process: psutil.Process | None = None
    logs: Path | None = None

    def logged_bytes(self) -> int:
        """What all log files hold together."""
        if self.logs is None:
            return 0
        total = 0
        for path in (*self.logs.glob("worker-*"), *self.logs.glob("serve/*")):
            with contextlib.suppress(OSError):  # rotated away while we looked
                total += path.stat().st_size
        return total


def post_hostile(path: Path, client: Client, timeout_s: float, seen: Watched) -> Report:
    """What comes of a file that is posted with an order; raises nothing that the file causes.

    `message_bytes` is what the service has logged meanwhile.
    """
    logged = seen.logged_bytes()
    codes: tuple[str, ...] = ()
    pages, verdict = 0, ""
    began = time.perf_counter()
    with children_watched(seen.process) as peak:
        try:
            taken = client.submit(ORDER, [path])
            settled = client.wait(taken.dispute_id, timeout_s)
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
            codes = tuple(sorted({one["code"] for one in problems}))
            pages = sum(len(one["pages"]) for one in settled.documents)
            verdict = (settled.verdict or {}).get("status", "")
            outcome = PARTLY if codes else READ
    seconds = time.perf_counter() - began
    written = seen.logged_bytes() - logged
    return Report(str(path), outcome, pages, codes, seconds, peak[0], written, verdict)
