"""Opening of the stores that the settings name, with their tables migrated."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from serving.evidence.additions import Additions
from serving.evidence.search import Search
from serving.service.worker import Stores
from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.database import database_folder, open_engine, upgrade
from serving.store.jobs import JobStore
from serving.store.keys import KeyStore
from serving.store.leases import Leases
from serving.store.secret_box import open_box
from serving.store.sessions import SessionStore
from serving.store.webhooks import WebhookStore


@dataclass(frozen=True, slots=True)
class AllStores:
    """The stores of a worker, and those that only HTTP and the delivery of webhooks need."""

    work: Stores
    additions: Additions
    search: Search
    keys: KeyStore
    webhooks: WebhookStore
    sessions: SessionStore


def open_stores(settings: Settings) -> AllStores:
    """Open all stores on one engine; tables are created or migrated where necessary.

    Raises `DatabaseError` and `SecretKeyError`.
    """
    engine = open_engine(settings.database_url)
    upgrade(engine)
    rules = settings.job_rules
    work = Stores(
        JobStore(engine, _now, rules),
        Leases(engine, _now, rules),
        ContentStore(settings.objects_url),
        _now,
    )
    keys = KeyStore(engine, _now, settings.allowance)
    box = open_box(os.environ, database_folder(settings.database_url))
    additions = Additions(engine, _now, rules)
    webhooks, sessions = WebhookStore(engine, _now, box), SessionStore(engine, _now, box)
    return AllStores(work, additions, Search(engine), keys, webhooks, sessions)


def _now() -> datetime:
    return datetime.now(UTC)
