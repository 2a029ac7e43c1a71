"""The database of the service: engine, transactions, locks and upgrade of the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from serving.store import migrations

# SQLite writers wait this long for each other; PostgreSQL gives up connecting after it.
_WAIT_S = 20
# Held while tables are made or changed, so that replicas that start together take turns.
_UPGRADE_LOCK = 740_001


class DatabaseError(ValueError):
    """A database setting that cannot be used; the message names a valid form."""


def open_engine(url: str) -> Engine:
    """Return the engine of `sqlite:///path` or `postgresql+psycopg://...`; connects on first use.

    Raises `DatabaseError`. An SQLite file and its folder are made, readable by this user only.
    """
    parsed = _parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    if parsed.drivername in ("postgresql", "postgresql+psycopg"):
        return _open_postgresql(parsed)
    raise DatabaseError(
        f"database {parsed.drivername!r} is not supported; use sqlite:///path or"
        " postgresql+psycopg://user@host/name"
    )


def database_folder(url: str) -> Path | None:
    """Return the folder of a database file; None for a database server.

    Raises `DatabaseError`.
    """
    parsed = _parse_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database or "").parent if is_file else None


def _parse_url(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise DatabaseError(
            "the database is not a URL; use sqlite:///path or postgresql+psycopg://user@host/name"
        ) from error


def _open_postgresql(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,  # a connection cut while idle is replaced, not handed out
        pool_size=10,
        max_overflow=20,
        connect_args={"connect_timeout": _WAIT_S},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # A process that hangs in the middle of a transaction keeps its locks, and all others would
        # wait for it. No transaction of the service pauses for longer than a moment.
        connection.autocommit = True
        connection.execute(f"SET idle_in_transaction_session_timeout = '{_WAIT_S}s'")
        connection.autocommit = False

    return engine


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise DatabaseError("an in-memory database would lose every job; use sqlite:///path")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    engine = create_engine(
        url, connect_args={"timeout": _WAIT_S, "check_same_thread": False}, pool_size=10
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # SQLAlchemy begins transactions, not the driver.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # a commit has reached the disk: 202 depends on it
            "foreign_keys = ON",
            f"busy_timeout = {_WAIT_S * 1000}",
            "secure_delete = ON",  # what is deleted is overwritten
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # With a deferred BEGIN, a transaction that reads first and then writes could fail half-way.
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may write; committed at the end, rolled back by an exception."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def read_transaction(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the tables; on SQLite it blocks no writer."""
    with engine.execution_options(reading=True).begin() as connection:
        yield connection


def advisory_lock(connection: Connection, key: int) -> None:
    """Take the lock `key`, waiting for its holder; it is held until the transaction ends.

    Does nothing on SQLite, which has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def upgrade(engine: Engine, version: str = "head") -> None:
    """Upgrade the tables to a version, by default that of the program."""
    with engine.begin() as connection:
        advisory_lock(connection, _UPGRADE_LOCK)
        command.upgrade(_alembic_config(connection), version)


def refuse_changed_tables(engine: Engine) -> None:
    """Raise alembic's `AutogenerateDiffsDetected` where tables and migrations differ."""
    with engine.begin() as connection:
        command.check(_alembic_config(connection))


def _alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config
