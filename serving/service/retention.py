"""What is deleted without being asked: jobs whose time is over, bytes that belong to no job."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from serving.store.content import ContentStore
from serving.store.jobs import Clock, JobStore

# A request puts its bytes before its row: for so long, bytes without a row may be one coming in.
ORPHAN_AGE = timedelta(hours=1)
_AT_ONCE = 200


def delete_expired(jobs: JobStore, content: ContentStore) -> int:
    """Deletes finished jobs whose retention is over, bytes included; how many there were."""
    deleted = 0
    while gone := jobs.forget(_AT_ONCE):
        for tenant, job_id in gone:
            content.delete(tenant, job_id)
        deleted += len(gone)
    return deleted


def delete_orphans(jobs: JobStore, content: ContentStore, clock: Clock) -> int:
    """Deletes bytes whose job is not there: left by a process that died in the middle of a write or
    of a deletion, or by a worker that wrote for a deleted job. How many jobs they were of.
    """
    deleted = 0
    for places in _batches(content.owners()):
        for tenant, job_id in jobs.missing(places):
            changed = content.last_change(tenant, job_id)
            if changed is not None and changed <= clock() - ORPHAN_AGE:
                content.delete(tenant, job_id)
                deleted += 1
    return deleted


def _batches(places: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    while batch := list(islice(places, _AT_ONCE)):
        yield batch
