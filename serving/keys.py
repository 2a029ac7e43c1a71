"""API keys: how one looks, what is kept of it, and who somebody with a key is.

A key is `tk_`, 30 letters and digits drawn at random (178 bits) and 6 that check them, so that a
mistyped key is told from a wrong one without asking the database, and a leaked one is found by
scanners. Of a random key a plain SHA-256 digest is enough: there is nothing to guess.
"""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass
from typing import Literal, get_args

Scope = Literal["disputes:write", "disputes:read", "extractions", "webhooks"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

PREFIX = "tk_"
_SIGNS = string.digits + string.ascii_letters
_RANDOM_SIGNS = 30
_CHECK_SIGNS = 6  # 62^6 is more than the 2^32 of a CRC
_KEY = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_RANDOM_SIGNS}}})([0-9A-Za-z]{{{_CHECK_SIGNS}}})")
# A tenant's name becomes part of folders and of log lines.
_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key may use: requests in a minute, pages in a day (UTC), jobs not finished yet."""

    requests_per_minute: int
    pages_per_day: int
    concurrent_jobs: int


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. The tenant is the key's, never the request's.

    `key_id` and `allowance` are None where the service runs without authentication.
    """

    tenant: str
    key_id: str | None
    scopes: frozenset[str]
    allowance: Allowance | None


# Whoever reaches a service without authentication; it listens on this machine only.
LOCAL = Principal("local", None, frozenset(SCOPES), None)


def new_key() -> str:
    """The text of a key nobody had before."""
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM_SIGNS))
    return f"{PREFIX}{drawn}{_checked(drawn)}"


def is_key(text: str) -> bool:
    """Whether the text is written like a key, with the right check signs."""
    parts = _KEY.fullmatch(text)
    return parts is not None and secrets.compare_digest(_checked(parts[1]), parts[2])


def digest_of(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_tenant(name: str) -> bool:
    """Whether a tenant may have that name: small letters, digits, `-` and `_`, up to 63."""
    return _TENANT.fullmatch(name) is not None


def _checked(drawn: str) -> str:
    number, signs = zlib.crc32(drawn.encode()), ""
    for _ in range(_CHECK_SIGNS):
        number, place = divmod(number, len(_SIGNS))
        signs = _SIGNS[place] + signs
    return signs
