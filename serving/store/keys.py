"""The API keys of all tenants: created, looked up by digest, charged, rotated, revoked."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, insert, or_, select, update

from serving.store.database import read_transaction, write_transaction
from serving.store.identity import SCOPES, Allowance, Principal
from serving.store.jobs import Clock
from serving.store.key_format import KeyChangeRefused, digest_of, is_key, is_tenant, new_key
from serving.store.tables import ApiKeyRow
from serving.store.usage import Use, charge_job, charge_request, use_of

LIVE_KEYS = 2  # of one tenant and label: the old and the new one while they are changed
_RECORD_USE_EVERY = timedelta(minutes=1)


class KeyRefused(ValueError):
    """The key does not exist, has expired or was revoked; clients do not learn which."""


@dataclass(frozen=True, slots=True)
class Key:
    """The attributes of a key, without its text. Where a limit is None, the service's applies."""

    id: str
    tenant: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    requests_per_minute: int | None
    pages_per_day: int | None
    concurrent_jobs: int | None

    def is_live(self, now: datetime) -> bool:
        """Return whether the key is valid at that moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to create. Where a limit is None, the service's applies; None expiry is never."""

    tenant: str
    label: str
    scopes: Sequence[str] = SCOPES
    expires_at: datetime | None = None
    requests_per_minute: int | None = None
    pages_per_day: int | None = None
    concurrent_jobs: int | None = None


class KeyStore:
    """Keys in the database; `usual` are the limits of a key that sets none."""

    def __init__(self, engine: Engine, clock: Clock, usual: Allowance) -> None:
        self._engine = engine
        self._clock = clock
        self._usual = usual

    def create(self, new: NewKey) -> tuple[Key, str]:
        """Create a key; return it and its text, which is not stored. Raises `KeyChangeRefused`."""
        if not is_tenant(new.tenant):
            raise KeyChangeRefused(
                f"tenant {new.tenant!r}: use only lower-case letters, digits, '-' and '_'"
            )
        unknown = sorted(set(new.scopes) - set(SCOPES))
        if unknown or not new.scopes:
            fault = f"unknown scopes {unknown}" if unknown else "no scopes"
            raise KeyChangeRefused(f"{fault}; choose from {', '.join(SCOPES)}")
        with write_transaction(self._engine) as connection:
            return _insert_key(connection, new, self._clock())

    def keys(self, tenant: str | None = None) -> tuple[Key, ...]:
        """Return all keys, or those of one tenant, oldest first."""
        query = select(ApiKeyRow.__table__).order_by(ApiKeyRow.created_at, ApiKeyRow.id)
        if tenant is not None:
            query = query.where(ApiKeyRow.tenant == tenant)
        with read_transaction(self._engine) as connection:
            return tuple(_key(row) for row in connection.execute(query).mappings())

    def has_live_key(self) -> bool:
        """Return whether any key is valid now."""
        now = self._clock()
        return any(key.is_live(now) for key in self.keys())

    def revoke(self, key_id: str) -> Key:
        """Revoke a key and return it. Raises `KeyChangeRefused`."""
        with write_transaction(self._engine) as connection:
            key = _find_key(connection, key_id)
            connection.execute(
                update(ApiKeyRow)
                .where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
                .values(revoked_at=self._clock())
            )
            return key

    def rotate(self, key_id: str, overlap: timedelta) -> tuple[Key, str]:
        """Create a key with the rights of an old one, which expires after `overlap`.

        Where the old key had an expiry, its successor lives as long as it did.
        """
        now = self._clock()
        with write_transaction(self._engine) as connection:
            old = _find_key(connection, key_id)
            if not old.is_live(now):
                raise KeyChangeRefused(f"key {key_id} is no longer valid; create a new one")
            life = old.expires_at and old.expires_at - old.created_at
            new = NewKey(
                old.tenant,
                old.label,
                old.scopes,
                now + life if life else None,
                old.requests_per_minute,
                old.pages_per_day,
                old.concurrent_jobs,
            )
            made = _insert_key(connection, new, now)
            ends = now + overlap
            connection.execute(
                update(ApiKeyRow)
                .where(ApiKeyRow.id == key_id)
                .values(expires_at=min(ends, old.expires_at or ends))
            )
            return made

    def admit(self, text: str) -> Principal:
        """Return the principal of a key and charge it one request.

        Raises `KeyRefused` or `LimitReached`.
        """
        now = self._clock()
        if not is_key(text):
            raise KeyRefused("not a key")
        digest = digest_of(text)
        with read_transaction(self._engine) as connection:
            query = select(ApiKeyRow.__table__).where(ApiKeyRow.digest == digest)
            row = connection.execute(query).mappings().one_or_none()
        if row is None or not hmac.compare_digest(row["digest"], digest):
            raise KeyRefused("no such key")
        key = _key(row)
        if not key.is_live(now):
            raise KeyRefused("the key has expired or was revoked")
        allowance = self._allowance(key)
        with write_transaction(self._engine) as connection:
            self._record_use(connection, key, now)
            charge_request(connection, key.id, allowance, now)
        return Principal(key.tenant, key.id, frozenset(key.scopes), allowance)

    def charge_job(self, connection: Connection, caller: Principal, pages: int) -> None:
        """Charge a key for a job that is about to be inserted. Raises `LimitReached`."""
        if caller.key_id is not None and caller.allowance is not None:
            charge_job(connection, caller.key_id, caller.allowance, pages, self._clock())

    def use(self, key_id: str) -> Use:
        """Return what the key has used in the current minute and day."""
        with read_transaction(self._engine) as connection:
            return use_of(connection, key_id, self._clock())

    def _allowance(self, key: Key) -> Allowance:
        """Return the key's own limits; the service's where it has none."""
        key_limits = {name: getattr(key, name) for name in Allowance.__slots__}
        set_limits = {name: value for name, value in key_limits.items() if value is not None}
        return replace(self._usual, **set_limits)

    @staticmethod
    def _record_use(connection: Connection, key: Key, now: datetime) -> None:
        due = now - _RECORD_USE_EVERY
        if key.last_used_at is not None and key.last_used_at > due:
            return
        connection.execute(
            update(ApiKeyRow)
            .where(
                ApiKeyRow.id == key.id,
                or_(ApiKeyRow.last_used_at.is_(None), ApiKeyRow.last_used_at <= due),
            )
            .values(last_used_at=now)
        )


def _insert_key(connection: Connection, new: NewKey, now: datetime) -> tuple[Key, str]:
    same = select(ApiKeyRow.__table__).where(
        ApiKeyRow.tenant == new.tenant, ApiKeyRow.label == new.label
    )
    live = [row["id"] for row in connection.execute(same).mappings() if _key(row).is_live(now)]
    if len(live) >= LIVE_KEYS:
        raise KeyChangeRefused(
            f"{new.tenant} has {len(live)} live keys {new.label!r} ({', '.join(live)});"
            " revoke one or choose another label"
        )
    text = new_key()
    values: dict[str, Any] = {
        "id": f"key_{secrets.token_hex(8)}",
        "tenant": new.tenant,
        "label": new.label,
        "digest": digest_of(text),
        "scopes": list(new.scopes),
        "created_at": now,
        "expires_at": new.expires_at,
        "requests_per_minute": new.requests_per_minute,
        "pages_per_day": new.pages_per_day,
        "concurrent_jobs": new.concurrent_jobs,
    }
    connection.execute(insert(ApiKeyRow).values(values))
    return _find_key(connection, values["id"]), text


def _find_key(connection: Connection, key_id: str) -> Key:
    query = select(ApiKeyRow.__table__).where(ApiKeyRow.id == key_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise KeyChangeRefused(f"there is no key {key_id!r}; `tieout keys list` shows them")
    return _key(row)


def _key(row: RowMapping) -> Key:
    return Key(**{**{name: row[name] for name in Key.__slots__}, "scopes": tuple(row["scopes"])})
