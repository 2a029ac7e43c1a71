"""API keys: made once, found by their digest, rotated with an overlap, counted across replicas."""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from serving.store.database import read_transaction, write_transaction
from serving.store.identity import SCOPES, Allowance
from serving.store.jobs import JobStore, NewJob, new_id
from serving.store.key_format import KeyChangeRefused, digest_of, is_key, is_tenant, new_key
from serving.store.keys import KeyRefused, KeyStore, NewKey
from serving.store.tables import ApiKeyRow, UsageRow
from serving.store.usage import LimitReached, amount_used, charge, charge_job, seconds_left

USUAL = Allowance(requests_per_minute=5, pages_per_day=10, concurrent_jobs=2)


class Moments:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 31, 12, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Moments:
    return Moments()


@pytest.fixture
def store(engine: Engine, clock: Moments) -> KeyStore:
    return KeyStore(engine, clock, USUAL)


def test_a_key_is_random_and_checks_itself() -> None:
    keys = {new_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"tk_[0-9A-Za-z]{36}", key) and is_key(key) for key in keys)


@pytest.mark.parametrize("text", ["", "tk_", "tk_short", "Bearer", "tk_" + "0" * 36, "ключ", "\0"])
def test_what_is_not_a_key(text: str) -> None:
    assert not is_key(text)


@given(st.integers(3, 38), st.sampled_from("0123456789abcdefXYZ"))
def test_one_mistyped_sign_is_noticed(place: int, sign: str) -> None:
    key = "tk_0123456789abcdefghijABCDEFGHIJ3MPBcx"
    wrong = key[:place] + sign + key[place + 1 :]
    assert is_key(wrong) == (wrong == key)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("acme", True),
        ("acme-eu_2", True),
        ("a" * 63, True),
        ("", False),
        ("Acme", False),
        ("-acme", False),
        ("..", False),
        ("a/b", False),
        ("a" * 64, False),
        ("acme\n", False),
    ],
)
def test_what_a_tenant_may_be_called(name: str, good: bool) -> None:
    assert is_tenant(name) is good


def test_only_the_digest_of_a_key_is_kept(store: KeyStore, engine: Engine) -> None:
    key, text = store.create(NewKey("acme", "erp"))
    with read_transaction(engine) as connection:
        (row,) = connection.execute(select(ApiKeyRow)).all()
    assert row.digest == digest_of(text)
    assert text not in repr(row)
    assert text not in repr(key)


def test_a_key_says_who_asks(store: KeyStore, clock: Moments) -> None:
    key, text = store.create(NewKey("acme", "erp", ("disputes:read",), requests_per_minute=3))
    found = store.admit(text)
    assert (found.tenant, found.key_id, found.scopes) == ("acme", key.id, {"disputes:read"})
    assert found.allowance == replace(USUAL, requests_per_minute=3)
    assert store.keys()[0].last_used_at == clock.now


def test_use_is_noted_once_a_minute(store: KeyStore, clock: Moments) -> None:
    _, text = store.create(NewKey("acme", "erp"))
    first = clock.now
    for seconds, noted in ((0, 0), (59, 0), (1, 60), (30, 60)):
        clock.now += timedelta(seconds=seconds)
        store.admit(text)
        assert store.keys()[0].last_used_at == first + timedelta(seconds=noted)


@pytest.mark.parametrize("days", [None, 1])
def test_a_key_ends_when_it_expires_or_is_revoked(
    store: KeyStore, clock: Moments, days: int | None
) -> None:
    ends = clock.now + timedelta(days=days) if days else None
    key, text = store.create(NewKey("acme", "erp", expires_at=ends))
    assert store.has_live_key()
    if ends:
        clock.now = ends - timedelta(seconds=1)
        store.admit(text)
        clock.now = ends
    else:
        store.revoke(key.id)
    with pytest.raises(KeyRefused):
        store.admit(text)
    assert not store.has_live_key()
    with pytest.raises(KeyChangeRefused, match="no longer valid"):
        store.rotate(key.id, timedelta(days=1))


@pytest.mark.parametrize("text", ["", "tk_nonsense", new_key(), "a" * 10_000])
def test_a_key_nobody_made_opens_nothing(store: KeyStore, text: str) -> None:
    store.create(NewKey("acme", "erp"))
    with pytest.raises(KeyRefused):
        store.admit(text)


def test_two_keys_are_live_while_one_takes_the_others_place(
    store: KeyStore, clock: Moments
) -> None:
    ends = clock.now + timedelta(days=100)
    old, old_text = store.create(
        NewKey("acme", "erp", ("webhooks",), ends, pages_per_day=7, requests_per_minute=50)
    )
    clock.now += timedelta(days=10)
    new, new_text = store.rotate(old.id, timedelta(days=1))
    assert (new.tenant, new.label, new.scopes) == ("acme", "erp", ("webhooks",))
    assert (new.pages_per_day, new.requests_per_minute, new.concurrent_jobs) == (7, 50, None)
    assert new.expires_at == clock.now + timedelta(days=100)
    assert {store.admit(text).key_id for text in (old_text, new_text)} == {old.id, new.id}
    with pytest.raises(KeyChangeRefused, match="2 live keys"):
        store.rotate(new.id, timedelta(days=1))
    with pytest.raises(KeyChangeRefused, match="2 live keys"):
        store.create(NewKey("acme", "erp"))
    store.create(NewKey("acme", "another"))
    store.create(NewKey("globex", "erp"))
    clock.now += timedelta(days=1)
    with pytest.raises(KeyRefused):
        store.admit(old_text)
    assert store.admit(new_text).key_id == new.id


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (NewKey("Acme", "erp"), "tenant 'Acme'"),
        (NewKey("acme", "erp", ("disputes:read", "everything")), "everything"),
        (NewKey("acme", "erp", ()), "no scopes"),
    ],
)
def test_a_key_that_is_not_made(store: KeyStore, wanted: NewKey, why: str) -> None:
    with pytest.raises(KeyChangeRefused, match=why):
        store.create(wanted)
    assert store.keys() == ()


def test_a_key_that_is_not_there(store: KeyStore) -> None:
    with pytest.raises(KeyChangeRefused, match="keys list"):
        store.revoke("key_unknown")


def test_requests_are_counted_by_the_minute(store: KeyStore, clock: Moments) -> None:
    _, text = store.create(NewKey("acme", "erp"))
    _, other = store.create(NewKey("acme", "another"))
    for _ in range(5):
        store.admit(text)
    with pytest.raises(LimitReached) as reached:
        store.admit(text)
    assert (reached.value.code, reached.value.retry_after_s) == ("rate_limited", 30)
    store.admit(other)
    clock.now += timedelta(seconds=30)
    store.admit(text)


def test_the_last_request_is_given_once_to_many_replicas(engine: Engine, clock: Moments) -> None:
    stores = [KeyStore(engine, clock, USUAL) for _ in range(4)]
    _, text = stores[0].create(NewKey("acme", "erp"))
    admitted: list[str] = []

    def ask(store: KeyStore) -> None:
        for _ in range(3):
            try:
                admitted.append(store.admit(text).tenant)
            except LimitReached:
                continue

    threads = [threading.Thread(target=ask, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admitted == ["acme"] * 5


def test_the_table_of_use_does_not_grow(store: KeyStore, engine: Engine, clock: Moments) -> None:
    key, text = store.create(NewKey("acme", "erp", requests_per_minute=1000))
    for _ in range(30):
        clock.now += timedelta(minutes=7)
        store.admit(text)
        with write_transaction(engine) as connection:
            charge(connection, key.id, "pages", 1, 1000, clock.now)
    with read_transaction(engine) as connection:
        assert len(connection.execute(select(UsageRow)).all()) == 2


@pytest.mark.parametrize(
    ("now", "minute", "day"),
    [
        (datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC), 60, 43_200),
        (datetime(2026, 1, 31, 23, 59, 59, 1, tzinfo=UTC), 1, 1),
        (datetime(2026, 1, 31, 0, 0, 0, tzinfo=UTC), 60, 86_400),
    ],
)
def test_how_long_a_window_still_lasts(now: datetime, minute: int, day: int) -> None:
    assert (seconds_left("requests", now), seconds_left("pages", now)) == (minute, day)


def posted(engine: Engine, clock: Moments, key_id: str, pages: int) -> str:
    job = NewJob(new_id(), "acme", "dispute", "f", None, (), key_id=key_id)
    JobStore(engine, clock).submit(
        job, charge=lambda connection: charge_job(connection, key_id, USUAL, pages, clock.now)
    )
    return job.id


def test_pages_and_unfinished_jobs_of_a_key_are_bounded(
    store: KeyStore, engine: Engine, clock: Moments
) -> None:
    key, _ = store.create(NewKey("acme", "erp"))
    other, _ = store.create(NewKey("acme", "another"))
    jobs = JobStore(engine, clock)
    first = posted(engine, clock, key.id, 6)
    with pytest.raises(LimitReached, match="has 4 left of its 10 per day") as reached:
        posted(engine, clock, key.id, 5)
    assert (reached.value.code, reached.value.retry_after_s) == ("quota_exceeded", 43_170)
    assert jobs.count_unfinished("acme", key.id) == 1
    posted(engine, clock, key.id, 4)
    with pytest.raises(LimitReached, match="2 unfinished jobs"):
        posted(engine, clock, key.id, 0)
    posted(engine, clock, other.id, 10)
    jobs.cancel("acme", first)
    posted(engine, clock, key.id, 0)
    with read_transaction(engine) as connection:
        assert amount_used(connection, key.id, "pages", clock.now) == 10


def test_a_repeated_request_costs_nothing(store: KeyStore, engine: Engine, clock: Moments) -> None:
    key, _ = store.create(NewKey("acme", "erp"))
    jobs = JobStore(engine, clock)
    charged: list[int] = []
    for number in range(3):
        job = NewJob(new_id(), "acme", "dispute", "f", None, (), "idem", key.id)
        jobs.submit(job, charge=lambda _, number=number: charged.append(number))
    assert charged == [0]


def test_every_scope_is_known() -> None:
    assert SCOPES == ("disputes:write", "disputes:read", "extractions", "webhooks")
