"""Encryption of webhook secrets in the database, and the keys for it.

A webhook is signed with its receiver's secret, so a digest of it would not do. Fernet is used
(https://github.com/fernet/spec, AES-128-CBC and HMAC-SHA256): the first key encrypts, every key
decrypts, so a key can be changed while every webhook can still be signed.
"""

import contextlib
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

KEYS_VARIABLE = "TIEOUT_SECRET_KEYS"
_FILE = "secret.key"
# The prefix of an unencrypted secret (Standard Webhooks); an encrypted one never begins like that.
_PLAIN = "whsec_"


class SecretKeyError(RuntimeError):
    """The key to decrypt secrets is missing, or is not the one they were encrypted with."""


class SecretBox:
    """Encrypts with the first of its Fernet keys and decrypts with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise SecretKeyError(
                f"{KEYS_VARIABLE}: one of its {len(keys)} keys is not valid; a key is 32 random"
                " bytes in URL-safe base64; separate several with commas, the newest first"
            ) from error

    def encrypt(self, secret: str) -> str:
        """Return the secret encrypted, as it is stored."""
        return self._fernet.encrypt(secret.encode()).decode()

    def decrypt(self, stored: str) -> str:
        """Return a stored secret decrypted; one from before there were keys is returned as it is.

        Raises `SecretKeyError`.
        """
        if stored.startswith(_PLAIN):
            return stored
        try:
            return self._fernet.decrypt(stored).decode()
        except InvalidToken:
            raise SecretKeyError(
                f"a secret was encrypted with another key; add that key to {KEYS_VARIABLE}"
            ) from None


def new_key() -> str:
    """Return a new Fernet key."""
    return Fernet.generate_key().decode()


def open_box(environment: Mapping[str, str], folder: Path | None) -> SecretBox:
    """Return the box of the keys in the environment, else of the key in a file of `folder`.

    The file is made where there is none, readable by this user only. Raises `SecretKeyError` where
    there is no folder either: then the database is shared by machines, and the key must be, too.
    """
    variable = environment.get(KEYS_VARIABLE, "")
    keys = [key.strip() for key in variable.split(",") if key.strip()]
    if keys:
        return SecretBox(keys)
    if folder is None:
        raise SecretKeyError(
            f"{KEYS_VARIABLE} is not set, but webhook secrets in a shared database must be"
            " encrypted; set it to the same key on every machine, made with:"
            " openssl rand -base64 32 | tr +/ -_"
        )
    return SecretBox([_read_or_make_key(folder / _FILE)])


def _read_or_make_key(path: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        return path.read_text(encoding="ascii")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(new_key())
        file.flush()
        os.fsync(file.fileno())
    try:
        # Unlike a rename, this never replaces the key of a process that was quicker.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    return path.read_text(encoding="ascii")
