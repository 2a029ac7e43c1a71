"""The database behind the stores: what it may be, whose it is, and tables of an earlier version."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from serving.store.database import (
    DatabaseError,
    open_engine,
    refuse_changed_tables,
    upgrade,
    write_transaction,
)
from serving.store.jobs import StoredFile
from serving.store.leases import Leases

SHA = "ab" * 32


@pytest.fixture(params=["sqlite", "postgresql"])
def untouched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'tieout.db'}")
        yield engine
        engine.dispose()
        return
    url = request.getfixturevalue("postgres_url")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE untouched"))
        engine = open_engine(url.replace("/postgres?", "/untouched?"))
        yield engine
        engine.dispose()
        connection.execute(text("DROP DATABASE untouched"))
    server.dispose()


def test_the_tables_are_those_of_the_migrations(engine: Engine) -> None:
    upgrade(engine)
    refuse_changed_tables(engine)


def test_jobs_of_the_first_tables_are_worked_on_after_an_upgrade(untouched: Engine) -> None:
    upgrade(untouched, "0001")
    with write_transaction(untouched) as connection:
        connection.execute(
            text(
                "INSERT INTO jobs (id, tenant, kind, state, submitted_at, fingerprint, attempts,"
                " fence) VALUES ('old', 'acme', 'dispute', 'queued', :at, 'print', 0, 0)"
            ),
            {"at": "2026-01-31 12:00:00+00:00"},
        )
        connection.execute(
            text(
                "INSERT INTO attachments (job_id, position, name, size, sha256)"
                " VALUES ('old', 0, 'scan.pdf', 3, :sha)"
            ),
            {"sha": SHA},
        )
    upgrade(untouched)
    refuse_changed_tables(untouched)
    claim = Leases(untouched, lambda: datetime(2026, 2, 1, tzinfo=UTC)).claim("worker")
    assert claim is not None
    assert claim.attachments == (StoredFile("scan.pdf", 3, SHA, page_sizes=None),)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "sqlite:///path"),
        ("mysql://host/name", "mysql"),
        ("sqlite://", "would lose every job"),
        ("sqlite:///:memory:", "would lose every job"),
    ],
)
def test_a_database_that_cannot_be_used_is_told(url: str, told: str) -> None:
    with pytest.raises(DatabaseError, match=told):
        open_engine(url)


def test_a_file_of_jobs_is_its_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "tieout.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
