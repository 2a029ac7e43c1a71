"""The bytes of jobs, the same in a folder and on an S3 server."""

import hashlib
import io
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from serving.store.content import CHUNK_BYTES, ContentMissing, ContentStore

SECRETS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """A real S3 server on this machine, with an empty bucket `tieout`."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "s3"])
def content(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> ContentStore:
    """An empty store of each kind."""
    if request.param == "folder":
        return ContentStore(f"file://{tmp_path}/objects")
    address = request.getfixturevalue("s3_address")
    for name, value in (SECRETS | {"AWS_ENDPOINT_URL": address}).items():
        monkeypatch.setenv(name, value)
    bucket = f"bucket-{uuid4().hex}"
    boto3.client("s3", endpoint_url=address).create_bucket(Bucket=bucket)
    return ContentStore(f"s3://{bucket}/prefix")


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 7 * CHUNK_BYTES + 1])
def test_bytes_come_back_as_they_were(content: ContentStore, size: int) -> None:
    data = os.urandom(size)
    stream = io.BytesIO(data)
    stream.seek(size // 2)  # wherever it stands, all of it is kept
    digest = content.put("acme", "job", stream)
    assert (digest.sha256, digest.size) == (hashlib.sha256(data).hexdigest(), size)
    assert content.read("acme", "job", digest.sha256) == data


def test_the_same_bytes_may_be_kept_twice(content: ContentStore) -> None:
    first = content.put("acme", "job", io.BytesIO(b"x"))
    assert content.put("acme", "job", io.BytesIO(b"x")) == first
    assert content.read("acme", "job", first.sha256) == b"x"


def test_what_is_deleted_is_gone_and_nothing_else(content: ContentStore) -> None:
    places = [("acme", "job"), ("acme", "job2"), ("other", "job")]
    digests = [content.put(*place, io.BytesIO(b"the same")) for place in places]
    content.put("acme", "job", io.BytesIO(b"more"))
    content.delete("acme", "job")
    content.delete("acme", "job")
    with pytest.raises(ContentMissing, match="job job"):
        content.read("acme", "job", digests[0].sha256)
    assert list(content.owners()) == places[1:]
    for place in places[1:]:
        assert content.read(*place, digests[0].sha256) == b"the same"


def test_an_empty_store_has_no_owners(content: ContentStore) -> None:
    assert list(content.owners()) == []
    assert content._files.find(content._root) == []


def test_the_last_change_is_when_it_was_written(content: ContentStore) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    content.put("acme", "job", io.BytesIO(b"x"))
    changed = content.last_change("acme", "job")
    assert changed is not None
    assert before <= changed <= datetime.now(UTC) + timedelta(seconds=2)


class Broken(io.BytesIO):
    """A stream whose second reading breaks off, as a full disk or a cut connection does."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        if self.reads > 9:
            raise OSError("broken")
        return super().read(size)


def test_a_write_that_breaks_off_leaves_nothing(content: ContentStore) -> None:
    with pytest.raises(OSError, match="broken"):
        content.put("acme", "job", Broken(bytes(7 * CHUNK_BYTES)))
    with pytest.raises(ContentMissing):
        content.read("acme", "job", hashlib.sha256(bytes(7 * CHUNK_BYTES)).hexdigest())
    assert content._files.find(content._root) == []


def test_bytes_that_changed_in_the_store_are_not_handed_out(tmp_path: Path) -> None:
    content = ContentStore(f"file://{tmp_path}")
    digest = content.put("acme", "job", io.BytesIO(b"right"))
    (tmp_path / "acme" / "job" / digest.sha256).write_bytes(b"wrong")
    with pytest.raises(ContentMissing, match="damaged"):
        content.read("acme", "job", digest.sha256)


@pytest.mark.parametrize("place", [("..", "job"), ("acme", "a/b"), ("", "job"), ("acme", "a.b")])
def test_names_are_never_paths(content: ContentStore, place: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="is not a name of letters"):
        content.put(*place, io.BytesIO(b"x"))
    with pytest.raises(ValueError, match="SHA-256"):
        content.read("acme", "job", "../x")


def test_writers_of_the_same_bytes_do_not_meet(content: ContentStore) -> None:
    data = os.urandom(3 * CHUNK_BYTES)
    found: list[Any] = []

    def write() -> None:
        digest = content.put("acme", "job", io.BytesIO(data))
        found.append(content.read("acme", "job", digest.sha256) == data)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert found == [True] * 4
