"""The content store: files of jobs by their SHA-256, in a folder or a bucket, through fsspec.

The files of a job lie under `tenant/job id/sha256` and are shared with no other job: deleting a
job's files needs no count of references, so no upload can lose its bytes to a deletion that runs
at the same moment. A file that is posted twice in a job is stored once, in two jobs twice.
"""

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

CHUNK_BYTES = 1 << 20
_SAFE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ContentMissing(LookupError):
    """Bytes that a job refers to are not in the store, or are damaged."""


class ContentUnavailable(OSError):
    """The store does not answer, is full or denies access; trying again may help."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of a stream in hexadecimal and its size in bytes."""

    sha256: str
    size: int


def digest_of(source: IO[bytes]) -> Digest:
    """Return the digest of a whole seekable stream, and rewind the stream."""
    source.seek(0)
    sha256, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        sha256.update(chunk)
        size += len(chunk)
    source.seek(0)
    return Digest(sha256.hexdigest(), size)


class ContentStore:
    """Bytes under `file:///folder` or `s3://bucket/prefix`.

    Credentials come from the environment. A bucket that keeps versions keeps what is deleted, too:
    switch that off, or give old versions a short life.
    """

    def __init__(self, url: str) -> None:
        # A listing that another process has changed meanwhile must not be answered from memory.
        options: dict[str, Any] = {"use_listings_cache": False} if url.startswith("s3:") else {}
        self._files, root = fsspec.core.url_to_fs(url, **options)
        self._root = root.rstrip("/")

    def put(self, tenant: str, job_id: str, source: IO[bytes]) -> Digest:
        """Store a seekable stream; when this returns the bytes are durable and complete."""
        digest = digest_of(source)
        path = f"{self._folder(tenant, job_id)}/{digest.sha256}"
        with _storage_errors():
            if isinstance(self._files, LocalFileSystem):
                _write_durably(Path(path), source, Path(self._root))
            else:
                self._write(path, source)
        return digest

    def read(self, tenant: str, job_id: str, sha256: str) -> bytes:
        """Return stored bytes, verified by their digest. Raises `ContentMissing`."""
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"{sha256[:80]!r} is not a SHA-256 in hexadecimal")
        path = f"{self._folder(tenant, job_id)}/{sha256}"
        try:
            with _storage_errors(), self._files.open(path, "rb") as stream:
                content: bytes = stream.read()
        except FileNotFoundError:
            raise ContentMissing(f"job {job_id}: content {sha256} is not in the store") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ContentMissing(f"job {job_id}: content {sha256} was damaged in the store")
        return content

    def delete(self, tenant: str, job_id: str) -> None:
        """Delete every file of a job; do nothing where there is none."""
        folder = self._folder(tenant, job_id)
        with contextlib.suppress(FileNotFoundError), _storage_errors():
            self._files.rm(folder, recursive=True)

    def owners(self) -> Iterator[tuple[str, str]]:
        """Yield tenant and job id of all stored files, whether the job still exists or not."""
        for tenant in self._names(self._root):
            for job_id in self._names(f"{self._root}/{tenant}"):
                yield tenant, job_id

    def last_change(self, tenant: str, job_id: str) -> datetime | None:
        """Return the time a job's files were last written, None where there are none.

        A folder counts, too: a process that died may have made it and left it empty.
        """
        folder = self._folder(tenant, job_id)
        try:
            paths = self._files.find(folder)
            if isinstance(self._files, LocalFileSystem):
                paths.append(folder)
            moments: list[datetime] = [self._files.modified(path) for path in paths]
        except FileNotFoundError:  # deleted meanwhile
            return None
        aware = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments)
        return max(aware, default=None)

    def _names(self, folder: str) -> list[str]:
        try:
            return sorted(path.rpartition("/")[2] for path in self._files.ls(folder, detail=False))
        except FileNotFoundError:
            return []

    def _folder(self, tenant: str, job_id: str) -> str:
        for name in (tenant, job_id):
            if not _SAFE_NAME.fullmatch(name):
                raise ValueError(f"{name[:80]!r} is not a name of letters, digits, - and _")
        return f"{self._root}/{tenant}/{job_id}"

    def _write(self, path: str, source: IO[bytes]) -> None:
        target = self._files.open(path, "wb")
        try:
            while chunk := source.read(CHUNK_BYTES):
                target.write(chunk)
        except BaseException:
            # Closing the file would complete a truncated upload; so would garbage collection.
            target.discard()
            target.closed = True
            raise
        target.close()


@contextlib.contextmanager
def _storage_errors() -> Iterator[None]:
    """Turn the errors of all kinds of storage into `ContentUnavailable`."""
    try:
        yield
    except (FileNotFoundError, ContentUnavailable):
        raise
    except Exception as error:
        raise ContentUnavailable(f"the content store failed: {error}") from error


def _write_durably(path: Path, source: IO[bytes], root: Path) -> None:
    """Write to a temporary file and rename it: under `path` there is never a partial file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as target:
            while chunk := source.read(CHUNK_BYTES):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    # A file's name is durable only once its folder is.
    for folder in path.parents:
        _sync_folder(folder)
        if folder == root:
            break


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
