"""Retention: deletes expired jobs, and files that belong to no job."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from serving.store.content import ContentStore
from serving.store.jobs import Clock, JobStore

# A request stores its files before its row: younger files may belong to one being received.
ORPHAN_AGE = timedelta(hours=1)
_BATCH_JOBS = 200


def delete_expired(jobs: JobStore, content: ContentStore) -> int:
    """Delete finished jobs whose retention is over, with their files; return their number."""
    deleted = 0
    while gone := jobs.forget(_BATCH_JOBS):
        for tenant, job_id in gone:
            content.delete(tenant, job_id)
        deleted += len(gone)
    return deleted


def delete_orphans(jobs: JobStore, content: ContentStore, clock: Clock) -> int:
    """Delete the files of jobs that do not exist, and return the number of such jobs.

    A process leaves them that died during a write or a deletion, or a worker that stored a result
    for a deleted job.
    """
    deleted = 0
    for places in _batches(content.owners()):
        for tenant, job_id in jobs.owners_without_job(places):
            changed = content.last_change(tenant, job_id)
            if changed is not None and changed <= clock() - ORPHAN_AGE:
                content.delete(tenant, job_id)
                deleted += 1
    return deleted


def _batches(places: Iterator[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    while batch := list(islice(places, _BATCH_JOBS)):
        yield batch
