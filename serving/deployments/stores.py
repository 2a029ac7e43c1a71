"""The stores that settings name, opened and brought up to date."""

from datetime import UTC, datetime

from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.database import open_engine, upgrade
from serving.store.jobs import JobStore
from serving.store.leases import Leases
from serving.worker import Stores


def open_stores(settings: Settings) -> Stores:
    """Jobs and content; the tables are made or migrated where they have to be."""
    engine = open_engine(settings.database_url)
    upgrade(engine)
    rules = settings.job_rules
    return Stores(
        JobStore(engine, _now, rules),
        Leases(engine, _now, rules),
        ContentStore(settings.objects_url),
        _now,
    )


def _now() -> datetime:
    return datetime.now(UTC)
