"""What the store holds jobs to; apart, because settings need it and no database."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class JobRules:
    """How many jobs there may be at once, how often one is tried, how long it is kept."""

    unfinished: int = 10_000  # queued and running, of all tenants
    running_per_tenant: int = 8
    attempts: int = 3
    retention: timedelta = timedelta(days=30)  # after it finished
    lease: timedelta = timedelta(seconds=60)  # a worker that is silent for so long has lost it
