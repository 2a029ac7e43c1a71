"""Limits of the job store; a module of its own, so that settings need no database."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class JobRules:
    """Limits of jobs: unfinished ones, running ones per tenant, attempts, retention, lease."""

    unfinished: int = 10_000  # queued and running, of all tenants
    running_per_tenant: int = 8
    attempts: int = 3
    retention: timedelta = timedelta(days=30)  # after it finished
    lease: timedelta = timedelta(seconds=60)  # a worker without a heartbeat for so long loses it
