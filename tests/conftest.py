"""Fixtures shared by the tests: the clone, the real documents beside it, both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import settings
from sqlalchemy import Engine

from serving.service.worker import Stores
from serving.store.database import open_engine, upgrade, write_transaction
from serving.store.tables import Table
from tests.support.fake_service import SETTINGS, client_of, stores_in
from tests.support.private_postgres import Server, programs, running_postgres

REPOSITORY = Path(__file__).parents[1]

# The same examples in every run: a change fails because of what it changes.
settings.register_profile("same examples", derandomize=True, deadline=None)
settings.load_profile("same examples")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the clone under test."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents beside the clone; the test is skipped where there is none."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no real documents at {folder}")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample disputes that ship with the package."""
    return REPOSITORY / "data" / "samples"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A private PostgreSQL; the test is skipped where it is not installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed; apt-get install postgresql")
    with running_postgres(found) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Server) -> str:
    """The database of the private PostgreSQL."""
    return postgres.url


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def _engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'tieout.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = open_engine(url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(_engine: Engine) -> Engine:
    """An engine whose tables are empty: every test with it runs on SQLite and on PostgreSQL."""
    clear(_engine)
    return _engine


def clear(engine: Engine) -> None:
    """Empties every table."""
    with write_transaction(engine) as connection:
        for table in reversed(Table.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with empty tables, to be copied: making them takes a while."""
    path = tmp_path_factory.mktemp("empty") / "tieout.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def stores(tmp_path: Path, empty_database: Path) -> Iterator[Stores]:
    """Empty stores of a service in the test's folder."""
    (tmp_path / "tieout.db").write_bytes(empty_database.read_bytes())
    engine = open_engine(f"sqlite:///{tmp_path / 'tieout.db'}")
    yield stores_in(tmp_path, SETTINGS, engine)
    engine.dispose()


@pytest.fixture
def client(stores: Stores) -> Iterator[TestClient]:
    """A service on those stores whose worker works."""
    with client_of(stores) as client:
        yield client
