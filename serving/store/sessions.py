"""Sessions of the desk: a browser signs in with an API key and then shows a cookie instead.

The cookie is random; only its digest is stored, beside the key, encrypted as webhook secrets are.
A session ends when it is signed out, after its time, and with its key.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, delete, insert, select

from serving.store.database import read_transaction, write_transaction
from serving.store.jobs import Clock
from serving.store.secret_box import SecretBox, SecretKeyError
from serving.store.tables import DeskSessionRow

LIFETIME = timedelta(hours=10)  # a working day
_LONGEST_COOKIE = 100


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: the key it signed in with, and the name of the person."""

    key: str
    person: str


class SessionStore:
    """The sessions of all tenants; whoever has a session's cookie acts with its key."""

    def __init__(self, engine: Engine, clock: Clock, box: SecretBox) -> None:
        self._engine = engine
        self._clock = clock
        self._box = box

    def open(self, session: Session) -> str:
        """Begin a session and return its cookie; the caller has checked the key."""
        cookie = secrets.token_urlsafe(32)
        now = self._clock()
        with write_transaction(self._engine) as connection:
            connection.execute(delete(DeskSessionRow).where(DeskSessionRow.expires_at <= now))
            connection.execute(
                insert(DeskSessionRow).values(
                    digest=_digest(cookie),
                    sealed_key=self._box.encrypt(session.key),
                    person=session.person,
                    expires_at=now + LIFETIME,
                )
            )
        return cookie

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie, None where it has ended or never was."""
        if not cookie.isascii() or len(cookie) > _LONGEST_COOKIE:
            return None
        query = select(DeskSessionRow).where(
            DeskSessionRow.digest == _digest(cookie), DeskSessionRow.expires_at > self._clock()
        )
        with read_transaction(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        try:
            return Session(self._box.decrypt(row.sealed_key), row.person)
        except SecretKeyError:
            return None

    def close(self, cookie: str) -> None:
        """End a session; the cookie is worth nothing afterwards."""
        with write_transaction(self._engine) as connection:
            connection.execute(
                delete(DeskSessionRow).where(DeskSessionRow.digest == _digest(cookie))
            )


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
