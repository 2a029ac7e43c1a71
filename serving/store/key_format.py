"""API keys: how one is written, and what is kept of it.

A key is `tk_`, 30 letters and digits drawn at random (178 bits) and 6 that check them, so that a
mistyped key is told from a wrong one without asking the database, and a leaked one is found by
scanners. Of a random key a plain SHA-256 digest is enough: there is nothing to guess.
"""

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "tk_"
_SIGNS = string.digits + string.ascii_letters
_RANDOM_SIGNS = 30
_CHECK_SIGNS = 6  # 62^6 is more than the 2^32 of a CRC
_KEY = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_RANDOM_SIGNS}}})([0-9A-Za-z]{{{_CHECK_SIGNS}}})")
# A tenant's name becomes part of folders and of log lines.
_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class KeyWishRefused(ValueError):
    """A wish about keys that cannot be granted; the message says why."""


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
