"""The desk without a browser: files, sessions, and pages of other sites."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serving.desk.pages import static_files
from serving.service.worker import Stores
from serving.store.keys import NewKey
from serving.web.access import COOKIE
from tests.support.desk_service import key_store
from tests.support.fake_service import client_of, now

DESK = {"X-Tieout-Desk": "1"}


@pytest.fixture
def key(stores: Stores) -> str:
    return key_store(stores, now).create(NewKey("acme", "desk"))[1]


@pytest.fixture
def desk(stores: Stores, key: str) -> Iterator[TestClient]:
    with client_of(stores, keys=key_store(stores, now), works=False) as client:
        yield client


def sign_in(desk: TestClient, key: str) -> None:
    entry = {"key": key, "person": "Ada"}
    answer = desk.post("/desk/session", json=entry, headers=DESK)
    assert answer.status_code == 201, answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert key not in cookie


def test_the_files_need_no_key_and_load_nothing_from_elsewhere(desk: TestClient) -> None:
    files = static_files()
    assert {"index.html", "app.js", "desk.css", "texts.js"} <= set(files)
    assert sum(len(content) for name, content in files.items() if name.endswith(".js")) < 300_000
    for name, content in files.items():
        answer = desk.get(f"/desk/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        addresses = re.findall(rb"https?://[^\s\"')]+", content)
        assert set(addresses) <= {b"http://www.w3.org/2000/svg"}
        assert b"innerHTML" not in content
        tag = {"If-None-Match": answer.headers["etag"]}
        assert desk.get(f"/desk/{name}", headers=tag).status_code == 304
    assert desk.get("/desk/../pyproject.toml").status_code in (401, 404)
    assert desk.get("/desk/nothing.js").status_code == 404
    assert b"desk.css" in desk.get("/").content
    assert b"docs.js" in desk.get("/docs").content


def test_every_text_comes_in_every_language() -> None:
    lines = static_files()["texts.js"].decode().split("TEXTS = {")[1].splitlines()
    texts = [line for line in lines if re.match(r"  \w+: \[", line)]
    assert len(texts) > 60
    assert [line for line in texts if len(re.findall(r'"(?:[^"\\]|\\.)+"', line)) != 5] == []
    names = {line.split(":")[0].strip() for line in texts}
    used = {
        name
        for file, content in static_files().items()
        if file.endswith(".js")
        for name in re.findall(r'\bt\("(\w+)"', content.decode())
    }
    assert used - names == set()


def test_a_session_takes_the_place_of_the_key_until_it_is_signed_out(
    desk: TestClient, key: str
) -> None:
    assert desk.get("/v1/disputes").status_code == 401
    sign_in(desk, key)
    assert desk.get("/desk/session").json()["tenant"] == "acme"
    assert desk.get("/v1/disputes").status_code == 200
    cookie = desk.cookies[COOKIE]
    assert desk.delete("/desk/session", headers=DESK).status_code == 204
    desk.cookies.set(COOKIE, cookie)
    assert desk.get("/v1/disputes").status_code == 401


@pytest.mark.parametrize("wrong", ["tk_unknown", "", "x" * 199])
def test_a_wrong_key_opens_no_session(desk: TestClient, wrong: str) -> None:
    answer = desk.post("/desk/session", json={"key": wrong, "person": "Ada"}, headers=DESK)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert "set-cookie" not in answer.headers


def test_a_session_ends_with_its_key(stores: Stores, desk: TestClient, key: str) -> None:
    sign_in(desk, key)
    keys = key_store(stores, now)
    keys.revoke(keys.keys("acme")[0].id)
    assert desk.get("/v1/disputes").status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),  # a form of another site sends the cookie at most, never the header
        ({"X-Tieout-Desk": "0"}, 403),
        (DESK | {"Sec-Fetch-Site": "cross-site"}, 403),
        (DESK | {"Sec-Fetch-Site": "same-site"}, 403),
        (DESK | {"Sec-Fetch-Site": "same-origin"}, 404),
        (DESK, 404),
    ],
)
def test_pages_of_other_sites_change_nothing(
    desk: TestClient, key: str, headers: dict[str, str], status: int
) -> None:
    sign_in(desk, key)
    assert desk.post("/v1/disputes/nothing/cancel", headers=headers).status_code == status
    assert desk.delete("/v1/disputes/nothing", headers=headers).status_code == status


def test_the_key_is_not_stored_readably(stores: Stores, desk: TestClient, key: str) -> None:
    sign_in(desk, key)
    path = stores.jobs._engine.url.database
    assert path is not None
    stored = b"".join(Path(path + end).read_bytes() for end in ("", "-wal"))
    assert desk.cookies[COOKIE].encode() not in stored
    assert key.encode() not in stored


def test_without_keys_other_sites_reach_nothing_either(stores: Stores) -> None:
    with client_of(stores, works=False) as client:
        assert client.get("/v1/disputes").status_code == 200
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert client.get("/v1/disputes", headers=foreign).status_code == 403
        signed = client.post("/desk/session", json={"key": "", "person": "Ada"}, headers=DESK)
        assert signed.json()["tenant"] == "local"
