"""The format of API keys and tenant names, and the digest that is stored of a key.

A key is `tk_`, 30 letters and digits drawn at random (178 bits) and a checksum of 6, so that a
mistyped key is refused without a database query, and a leaked one is found by scanners. A plain
SHA-256 digest of a random key is enough: it cannot be guessed.
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


class KeyChangeRefused(ValueError):
    """A key cannot be created, rotated or revoked; the message gives the reason."""


def new_key() -> str:
    """Return the text of a new random key."""
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM_SIGNS))
    return f"{PREFIX}{drawn}{_check_signs(drawn)}"


def is_key(text: str) -> bool:
    """Return whether the text has the form of a key and the right checksum."""
    parts = _KEY.fullmatch(text)
    return parts is not None and secrets.compare_digest(_check_signs(parts[1]), parts[2])


def digest_of(text: str) -> str:
    """Return the SHA-256 digest under which a key is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_tenant(name: str) -> bool:
    """Return whether a tenant may have that name: up to 63 of `a-z`, `0-9`, `-` and `_`."""
    return _TENANT.fullmatch(name) is not None


def _check_signs(drawn: str) -> str:
    number, signs = zlib.crc32(drawn.encode()), ""
    for _ in range(_CHECK_SIGNS):
        number, place = divmod(number, len(_SIGNS))
        signs = _SIGNS[place] + signs
    return signs
