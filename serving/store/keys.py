"""The API keys of all tenants: made, found by their digest, counted, rotated, revoked."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, insert, or_, select, update

from serving.store.database import reading, writing
from serving.store.identity import SCOPES, Allowance, Principal
from serving.store.jobs import Clock
from serving.store.key_format import KeyWishRefused, digest_of, is_key, is_tenant, new_key
from serving.store.tables import ApiKeyRow
from serving.store.usage import Use, charge_job, charge_request, use_of

LIVE_KEYS = 2  # of one tenant and label: the old and the new one while they are changed
_USE_NOTED_EVERY = timedelta(minutes=1)


class KeyRefused(ValueError):
    """No such key, or one that has expired or was revoked; which of them is not said."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it may be shown: everything but the key itself. A None limit is the service's."""

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

    def live(self, now: datetime) -> bool:
        """Whether it opens anything at that moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a key is to be. A None limit is the service's, a None expiry never comes."""

    tenant: str
    label: str
    scopes: Sequence[str] = SCOPES
    expires_at: datetime | None = None
    requests_per_minute: int | None = None
    pages_per_day: int | None = None
    concurrent_jobs: int | None = None


class KeyStore:
    """Keys in the database; `usual` is what a key may use that has no limits of its own."""

    def __init__(self, engine: Engine, clock: Clock, usual: Allowance) -> None:
        self._engine = engine
        self._clock = clock
        self._usual = usual

    def create(self, wanted: NewKey) -> tuple[Key, str]:
        """The key and its text, which nobody can read again. Raises `KeyWishRefused`."""
        if not is_tenant(wanted.tenant):
            raise KeyWishRefused(
                f"tenant {wanted.tenant!r}: small letters, digits, '-' and '_' are wanted"
            )
        unknown = sorted(set(wanted.scopes) - set(SCOPES))
        if unknown or not wanted.scopes:
            raise KeyWishRefused(f"scopes {unknown}: choose among {', '.join(SCOPES)}")
        with writing(self._engine) as connection:
            return _add(connection, wanted, self._clock())

    def keys(self, tenant: str | None = None) -> tuple[Key, ...]:
        """All keys, or those of one tenant, the oldest first."""
        query = select(ApiKeyRow.__table__).order_by(ApiKeyRow.created_at, ApiKeyRow.id)
        if tenant is not None:
            query = query.where(ApiKeyRow.tenant == tenant)
        with reading(self._engine) as connection:
            return tuple(_key(row) for row in connection.execute(query).mappings())

    def any_live(self) -> bool:
        """Whether anybody could use the service."""
        now = self._clock()
        return any(key.live(now) for key in self.keys())

    def revoke(self, key_id: str) -> Key:
        """The key, which opens nothing from now on. Raises `KeyWishRefused`."""
        with writing(self._engine) as connection:
            key = _known(connection, key_id)
            connection.execute(
                update(ApiKeyRow)
                .where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
                .values(revoked_at=self._clock())
            )
            return key

    def rotate(self, key_id: str, overlap: timedelta) -> tuple[Key, str]:
        """A new key that may do what the old one may, which ends after `overlap`.

        A key that was to expire gives its successor as long a life as it had itself.
        """
        now = self._clock()
        with writing(self._engine) as connection:
            old = _known(connection, key_id)
            if not old.live(now):
                raise KeyWishRefused(f"key {key_id} is not live any more; create a new one")
            life = old.expires_at and old.expires_at - old.created_at
            wanted = NewKey(
                old.tenant,
                old.label,
                old.scopes,
                now + life if life else None,
                old.requests_per_minute,
                old.pages_per_day,
                old.concurrent_jobs,
            )
            made = _add(connection, wanted, now)
            ends = now + overlap
            connection.execute(
                update(ApiKeyRow)
                .where(ApiKeyRow.id == key_id)
                .values(expires_at=min(ends, old.expires_at or ends))
            )
            return made

    def admit(self, text: str) -> Principal:
        """Who has that key, counted as one request. Raises `KeyRefused` or `LimitReached`."""
        now = self._clock()
        if not is_key(text):
            raise KeyRefused("not a key")
        digest = digest_of(text)
        with reading(self._engine) as connection:
            query = select(ApiKeyRow.__table__).where(ApiKeyRow.digest == digest)
            row = connection.execute(query).mappings().one_or_none()
        if row is None or not hmac.compare_digest(row["digest"], digest):
            raise KeyRefused("no such key")
        key = _key(row)
        if not key.live(now):
            raise KeyRefused("the key has ended")
        allowance = self._allowance(key)
        with writing(self._engine) as connection:
            self._note_use(connection, key, now)
            charge_request(connection, key.id, allowance, now)
        return Principal(key.tenant, key.id, frozenset(key.scopes), allowance)

    def charge_job(self, connection: Connection, caller: Principal, pages: int) -> None:
        """Counts a job of so many pages that is about to be inserted. Raises `LimitReached`."""
        if caller.key_id is not None and caller.allowance is not None:
            charge_job(connection, caller.key_id, caller.allowance, pages, self._clock())

    def use(self, key_id: str) -> Use:
        """What the key has used up to now."""
        with reading(self._engine) as connection:
            return use_of(connection, key_id, self._clock())

    def _allowance(self, key: Key) -> Allowance:
        """The key's own limits; the service's where it has none."""
        own = {name: getattr(key, name) for name in Allowance.__slots__}
        given = {name: limit for name, limit in own.items() if limit is not None}
        return replace(self._usual, **given)

    @staticmethod
    def _note_use(connection: Connection, key: Key, now: datetime) -> None:
        due = now - _USE_NOTED_EVERY
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


def _add(connection: Connection, wanted: NewKey, now: datetime) -> tuple[Key, str]:
    same = select(ApiKeyRow.__table__).where(
        ApiKeyRow.tenant == wanted.tenant, ApiKeyRow.label == wanted.label
    )
    live = [row["id"] for row in connection.execute(same).mappings() if _key(row).live(now)]
    if len(live) >= LIVE_KEYS:
        raise KeyWishRefused(
            f"{wanted.tenant} has {len(live)} live keys {wanted.label!r} ({', '.join(live)});"
            " revoke one or choose another label"
        )
    text = new_key()
    values: dict[str, Any] = {
        "id": f"key_{secrets.token_hex(8)}",
        "tenant": wanted.tenant,
        "label": wanted.label,
        "digest": digest_of(text),
        "scopes": list(wanted.scopes),
        "created_at": now,
        "expires_at": wanted.expires_at,
        "requests_per_minute": wanted.requests_per_minute,
        "pages_per_day": wanted.pages_per_day,
        "concurrent_jobs": wanted.concurrent_jobs,
    }
    connection.execute(insert(ApiKeyRow).values(values))
    return _known(connection, values["id"]), text


def _known(connection: Connection, key_id: str) -> Key:
    query = select(ApiKeyRow.__table__).where(ApiKeyRow.id == key_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise KeyWishRefused(f"there is no key {key_id!r}; `tieout keys list` shows them")
    return _key(row)


def _key(row: RowMapping) -> Key:
    return Key(**{**{name: row[name] for name in Key.__slots__}, "scopes": tuple(row["scopes"])})
