"""Secrets that the service itself must know, encrypted while they lie in the database.

A webhook is signed with its receiver's secret, so a digest of it would not do. Fernet is used
(https://github.com/fernet/spec, AES-128-CBC and HMAC-SHA256): the first key encrypts, every key
decrypts, so a key is changed without a webhook that cannot be signed.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEYS_VARIABLE = "TIEOUT_SECRET_KEYS"
_FILE = "secret.key"
# As the service makes them (Standard Webhooks); what it encrypted never begins like that.
_PLAIN = "whsec_"


class SecretKeyError(RuntimeError):
    """There is no key to read secrets with, or it is not the one they were encrypted with."""


class SecretBox:
    """Encrypts with the first of the keys and decrypts with whichever it was. Keys are Fernet's."""

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise SecretKeyError(
                f"{KEYS_VARIABLE}: {len(keys)} keys, one of which is none; give 32 random bytes in"
                " url-safe base64, several with commas between them, the newest first"
            ) from error

    def shut(self, secret: str) -> str:
        """The secret as it is to be kept."""
        return self._fernet.encrypt(secret.encode()).decode()

    def opened(self, kept: str) -> str:
        """A kept secret; one that was kept before there were keys is as it was.

        Raises `SecretKeyError`.
        """
        if kept.startswith(_PLAIN):
            return kept
        try:
            return self._fernet.decrypt(kept).decode()
        except InvalidToken:
            raise SecretKeyError(
                f"a secret was encrypted with another key; add that key to {KEYS_VARIABLE}"
            ) from None


def new_key() -> str:
    """A new key."""
    return Fernet.generate_key().decode()


def open_box(environment: Mapping[str, str], folder: Path | None) -> SecretBox:
    """The box of the keys in the environment, else of the key in a file of `folder`.

    The file is made where there is none, for this user's eyes only. Raises `SecretKeyError` where
    there is no folder either: then the database is shared by machines, and the key must be, too.
    """
    given = environment.get(KEYS_VARIABLE, "")
    keys = [key.strip() for key in given.split(",") if key.strip()]
    if keys:
        return SecretBox(keys)
    if folder is None:
        raise SecretKeyError(
            f"{KEYS_VARIABLE} is not set: secrets of webhooks are encrypted in a shared database;"
            " set it to the same value on every machine: openssl rand -base64 32 | tr +/ -_"
        )
    return SecretBox([_key_in(folder / _FILE)])


def _key_in(path: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="ascii")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(new_key())
        file.flush()
        os.fsync(file.fileno())
    try:
        # Unlike a renaming this never replaces the key of a process that was quicker.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_text(encoding="ascii")
