"""Secrets of webhooks in the database: not to be read there, readable to the service for good."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from serving.commands.cluster import StartFailed, run_service
from serving.settings import ApplicationOptions, ServiceFile, Settings
from serving.store.database import database_folder, read_transaction, write_transaction
from serving.store.jobs import JobStore, NewJob, new_id
from serving.store.secret_box import KEYS_VARIABLE, SecretBox, SecretKeyError, new_key, open_box
from serving.store.tables import WebhookEndpointRow
from serving.store.webhooks import WebhookStore
from serving.webhooks.signing import new_secret
from tests.support.fake_service import BOX, now

URL = "https://receiver.example/hook"
SECRET = new_secret()


def kept(engine: Engine) -> list[str]:
    with read_transaction(engine) as connection:
        return [*connection.execute(select(WebhookEndpointRow.secrets)).scalar_one()]


def due(engine: Engine, box: SecretBox = BOX) -> list[tuple[str, ...]]:
    """The secrets that sign what is delivered now, a minute after whatever was due before."""
    later = now() + timedelta(minutes=2)
    return [one.secrets for one in WebhookStore(engine, lambda: later, box).claim(9)]


def finish_a_job(engine: Engine, tenant: str) -> None:
    jobs = JobStore(engine, now)
    job = NewJob(new_id(), tenant, "dispute", "f", None, ())
    jobs.submit(job)
    jobs.cancel(tenant, job.id)


def test_a_secret_is_not_in_the_database(engine: Engine) -> None:
    store = WebhookStore(engine, now, BOX)
    made = store.register("acme", URL, SECRET)
    assert SECRET not in json.dumps(kept(engine))
    second = new_secret()
    store.rotate("acme", made.id, second)
    assert second not in json.dumps(kept(engine))
    finish_a_job(engine, "acme")
    assert due(engine) == [(SECRET, second)]


def test_a_secret_from_before_there_were_keys_still_signs(engine: Engine) -> None:
    WebhookStore(engine, now, BOX).register("acme", URL, SECRET)
    with write_transaction(engine) as connection:
        connection.execute(update(WebhookEndpointRow).values(secrets=[SECRET]))
    finish_a_job(engine, "acme")
    assert due(engine) == [(SECRET,)]


def test_a_secret_whose_key_is_lost_holds_nobody_else_up(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    lost = SecretBox([new_key()])
    endpoint = WebhookStore(engine, now, lost).register("globex", URL, new_secret())
    WebhookStore(engine, now, BOX).register("acme", URL, SECRET)
    for tenant in ("globex", "acme"):
        finish_a_job(engine, tenant)
    assert due(engine) == [(SECRET,)]
    assert endpoint.id in caplog.text
    store = WebhookStore(engine, now, BOX)
    renewed = store.rotate("globex", endpoint.id, new_secret())
    assert renewed is not None  # once more, and the lost one is gone
    assert len(store.endpoints("globex")) == 1


def test_a_key_is_changed_without_losing_a_secret() -> None:
    old, new = new_key(), new_key()
    shut = SecretBox([old]).encrypt(SECRET)
    both = SecretBox([new, old])
    assert both.decrypt(shut) == SECRET
    assert SecretBox([new]).decrypt(both.encrypt(SECRET)) == SECRET
    with pytest.raises(SecretKeyError, match="another key"):
        SecretBox([new]).decrypt(shut)


@pytest.mark.parametrize("keys", ["short", f"{new_key()},nonsense", "é" * 44])
def test_what_is_no_key_is_told_without_showing_it(keys: str, tmp_path: Path) -> None:
    with pytest.raises(SecretKeyError, match="32 random bytes") as told:
        open_box({KEYS_VARIABLE: keys}, tmp_path)
    assert keys not in str(told.value)


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    key = new_key()
    box = open_box({KEYS_VARIABLE: f" {key} ,"}, tmp_path)
    assert SecretBox([key]).decrypt(box.encrypt(SECRET)) == SECRET
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_make_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    boxes: list[SecretBox] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        boxes.append(open_box({}, folder))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [box.decrypt(boxes[0].encrypt(SECRET)) for box in boxes] == [SECRET] * 8
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_a_shared_database_needs_a_key_that_is_shared() -> None:
    settings = Settings(database="postgresql+psycopg://host/name")
    with pytest.raises(SecretKeyError, match="openssl rand"):
        open_box({}, database_folder(settings.database_url))


def test_a_service_without_the_shared_key_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)
    settings = Settings(database="postgresql+psycopg://host/name")
    service = ServiceFile(applications=(ApplicationOptions(args=settings),))
    with (
        pytest.raises(StartFailed, match="could not start: TIEOUT_SECRET_KEYS"),
        run_service(service),
    ):
        pass


def test_a_file_of_jobs_has_its_key_beside_it(tmp_path: Path) -> None:
    assert database_folder(Settings().with_storage_in(tmp_path).database_url) == tmp_path
    # The driver may be named, too.
    assert database_folder(f"sqlite+pysqlite:///{tmp_path / 'tieout.db'}") == tmp_path
