"""What a dispute system may rely on: durable before 202, one job a key, deletion for good."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from data.pages.attachments import PageSizes
from serving.service.worker import Stores
from serving.store.content import ContentUnavailable
from serving.store.receptions import Reception
from serving.web import taking
from tests.support.fake_service import (
    DISPUTE,
    SETTINGS,
    Gate,
    check,
    client_of,
    files,
    png,
    post,
    stores_in,
)

PNG = ("scan.png", png())


@pytest.fixture
def idle(stores: Stores) -> Iterator[TestClient]:
    """A service without a worker: jobs stay queued."""
    with client_of(stores, works=False) as client:
        yield client


def code_of(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_a_dispute_is_kept_before_it_is_answered_and_survives_the_service(
    stores: Stores, tmp_path: Path
) -> None:
    with client_of(stores, works=False) as client:
        location = post(client, PNG).headers["location"]
    # Another process on the same stores finds it, works on it and answers.
    again = stores_in(tmp_path, SETTINGS)
    with client_of(again) as client:
        posted = client.get(location).json()
        assert posted["state"] in ("queued", "running", "done")
        # The worker is told by nobody: it looks for itself.
        waited = post(client, PNG, prefer="wait=20")
        assert waited.status_code == 200
        dispute = client.get(location).json()
        assert dispute["state"] == "done"
        assert dispute["verdict"]["variances"][0]["code"] == "QTY_OVER_RECEIPT"


def test_a_result_says_what_made_it(client: TestClient) -> None:
    dispute = post(client, PNG, prefer="wait=20").json()
    assert (dispute["model_version"], dispute["policy_version"]) == ("model-1", "policy-1")
    moments = [dispute[name] for name in ("submitted_at", "started_at", "finished_at")]
    assert moments == sorted(moments)
    assert dispute["expires_at"] > dispute["finished_at"]


@pytest.mark.parametrize(
    "repeated",
    [
        lambda: {"dispute": DISPUTE},
        lambda: {"dispute": json.dumps(DISPUTE, indent=3)},
        lambda: {"dispute": dict(reversed(DISPUTE.items()))},
    ],
    ids=["as it was", "other white space", "other order of keys"],
)
def test_a_key_gives_one_job_however_often_it_is_sent(
    idle: TestClient, stores: Stores, repeated: Any
) -> None:
    first = post(idle, PNG, idempotency_key="key 1")
    second = post(idle, PNG, idempotency_key="key 1", **repeated())
    assert (first.status_code, second.status_code) == (202, 202)
    assert second.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert len(list(stores.content.owners())) == 1


def test_a_key_gives_the_finished_dispute_again(client: TestClient) -> None:
    first = post(client, PNG, idempotency_key="k", prefer="wait=20")
    second = post(client, PNG, idempotency_key="k", prefer="wait=20")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json() == first.json()


def test_a_key_with_another_request_is_refused(idle: TestClient, stores: Stores) -> None:
    post(idle, PNG, idempotency_key="k")
    others = [
        lambda: post(idle, ("scan.png", png(size=(301, 400))), idempotency_key="k"),
        lambda: post(idle, ("other.png", png()), idempotency_key="k"),
        lambda: post(idle, PNG, PNG, idempotency_key="k"),
        lambda: post(idle, PNG, dispute=DISPUTE | {"receipts": []}, idempotency_key="k"),
        lambda: idle.post("/v1/extractions", files=files(PNG), headers={"Idempotency-Key": "k"}),
    ]
    for other in others:
        assert code_of(other()) == (422, "idempotency_mismatch")
    assert len(list(stores.content.owners())) == 1


def test_nothing_is_remembered_of_a_refused_request(idle: TestClient, stores: Stores) -> None:
    refused = post(idle, ("a.pdf", b"nonsense"), idempotency_key="k")
    assert code_of(refused) == (415, "unsupported_type")
    assert list(stores.content.owners()) == []
    assert post(idle, PNG, idempotency_key="k").status_code == 202


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there", "é"])
def test_a_key_that_cannot_be_one_is_refused(idle: TestClient, key: str) -> None:
    sent: Any = {"Idempotency-Key": key.encode()}
    answer = idle.post(
        "/v1/disputes",
        data={"dispute": json.dumps(DISPUTE)},
        files=files(PNG),
        headers=sent,
    )
    assert code_of(answer) == (422, "invalid_request")


def test_a_key_of_255_characters_is_one(idle: TestClient) -> None:
    assert post(idle, PNG, idempotency_key="x" * 255).status_code == 202


def held_up(arrived: threading.Event, go_on: threading.Event) -> Any:
    """A check that says when it begins and waits until it may go on."""

    async def slow_check(name: str, content: bytes) -> PageSizes:
        arrived.set()
        assert await asyncio.to_thread(go_on.wait, 20)
        return await check(name, content)

    return slow_check


def test_a_second_request_with_a_key_waits_until_the_first_is_in(stores: Stores) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    answers: list[Any] = []
    with client_of(stores, works=False, check=held_up(arrived, go_on)) as client:
        first = threading.Thread(
            target=lambda: answers.append(post(client, PNG, idempotency_key="k"))
        )
        first.start()
        assert arrived.wait(20)
        second = post(client, PNG, idempotency_key="k")
        assert code_of(second) == (409, "request_in_progress")
        assert int(second.headers["retry-after"]) > 0
        go_on.set()
        first.join()
        assert answers[0].status_code == 202
        assert post(client, PNG, idempotency_key="k").json() == answers[0].json()


def test_a_request_says_that_it_is_still_coming_in(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "SILENCE", timedelta(milliseconds=30))
    arrived, go_on, renewed = threading.Event(), threading.Event(), threading.Event()
    renew = stores.jobs.renew

    def noticed(reception: Reception) -> None:
        renew(reception)
        renewed.set()

    monkeypatch.setattr(stores.jobs, "renew", noticed)
    with client_of(stores, works=False, check=held_up(arrived, go_on)) as client:
        first = threading.Thread(target=lambda: post(client, PNG, idempotency_key="k"))
        first.start()
        assert arrived.wait(20)
        assert renewed.wait(20)
        assert code_of(post(client, PNG, idempotency_key="k")) == (409, "request_in_progress")
        go_on.set()
        first.join()
        replayed = post(client, PNG, idempotency_key="k")
    assert (replayed.status_code, replayed.headers["idempotency-replayed"]) == (202, "true")


def test_posts_with_one_key_at_once_make_one_job(idle: TestClient, stores: Stores) -> None:
    answers: list[Any] = []
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        answers.append(post(idle, PNG, idempotency_key="k"))

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.json()["dispute_id"] for answer in answers if answer.is_success}) == 1
    assert len(list(stores.content.owners())) == 1


def test_waiting_ends_with_the_result_or_with_a_place_to_ask(stores: Stores) -> None:
    gate = Gate()
    with client_of(stores, read_with=gate.extract) as client:
        early = post(client, PNG, prefer="respond-async, wait=0")
        assert early.status_code == 202
        assert early.headers["preference-applied"] == "wait=0"
        client.portal.call(gate.opened.set)  # type: ignore[union-attr]
        late = post(client, PNG, prefer="wait=100000")
        assert (late.status_code, late.json()["state"]) == (200, "done")
        assert late.headers["preference-applied"] == "wait=20"
        assert late.headers["location"].endswith(late.json()["dispute_id"])
        plain = post(client, PNG, prefer="handling=lenient")
        assert (plain.status_code, plain.headers.get("preference-applied")) == (202, None)


def test_a_failed_dispute_is_a_result_too(client: TestClient) -> None:
    answer = post(client, ("blank.png", png()), prefer="wait=20")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["error"]["code"]) == ("failed", "blank_page")


def test_disputes_are_listed_page_by_page(idle: TestClient) -> None:
    ids = [post(idle, PNG).json()["dispute_id"] for _ in range(3)]
    idle.post(f"/v1/disputes/{ids[0]}/cancel")
    first = idle.get("/v1/disputes", params={"limit": 2}).json()
    assert [one["dispute_id"] for one in first["disputes"]] == [ids[2], ids[1]]
    assert "verdict" not in first["disputes"][0]
    second = idle.get("/v1/disputes", params={"cursor": first["next_cursor"]}).json()
    assert [one["dispute_id"] for one in second["disputes"]] == [ids[0]]
    assert second["next_cursor"] is None
    cancelled = idle.get("/v1/disputes", params={"state": "cancelled"}).json()["disputes"]
    assert [one["dispute_id"] for one in cancelled] == [ids[0]]


@pytest.mark.parametrize(
    "asked", [{"limit": "0"}, {"limit": "201"}, {"state": "lost"}, {"cursor": "nonsense"}]
)
def test_a_list_that_cannot_be_given_is_refused(idle: TestClient, asked: dict[str, str]) -> None:
    assert code_of(idle.get("/v1/disputes", params=asked)) == (422, "invalid_request")


def test_a_cancelled_dispute_stays_cancelled(stores: Stores) -> None:
    gate = Gate()
    with client_of(stores, read_with=gate.extract) as client:
        location = post(client, PNG).headers["location"]
        cancelled = client.post(f"{location}/cancel")
        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        client.portal.call(gate.opened.set)  # type: ignore[union-attr]
        assert post(client, PNG, prefer="wait=20").json()["state"] == "done"
        assert client.get(location).json()["state"] == "cancelled"
        assert client.get(location).json()["verdict"] is None


def test_a_finished_dispute_cannot_be_cancelled(client: TestClient) -> None:
    location = post(client, PNG, prefer="wait=20").headers["location"]
    assert client.post(f"{location}/cancel").json()["state"] == "done"


def test_a_deleted_dispute_leaves_nothing(client: TestClient, tmp_path: Path) -> None:
    dispute = DISPUTE | {"order": DISPUTE["order"] | {"po_number": "canary-4711"}}
    answer = post(client, ("canary.png", png()), dispute=dispute, prefer="wait=20")
    location = answer.headers["location"]
    assert b"canary" in b"".join(path.read_bytes() for path in files_under(tmp_path / "objects"))
    assert client.delete(location).status_code == 204
    assert files_under(tmp_path / "objects") == []
    assert code_of(client.get(location)) == (404, "not_found")
    assert code_of(client.delete(location)) == (404, "not_found")
    assert client.get("/v1/disputes").json()["disputes"] == []


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_dispute_deleted_during_the_work_leaves_nothing(stores: Stores, tmp_path: Path) -> None:
    gate = Gate()
    with client_of(stores, read_with=gate.extract) as client:
        location = post(client, PNG).headers["location"]
        wait_for(client, lambda: gate.waiting == 1)
        assert client.delete(location).status_code == 204
        client.portal.call(gate.opened.set)  # type: ignore[union-attr]
        kept = post(client, PNG, prefer="wait=20").json()["dispute_id"]
    assert [path.parent.name for path in files_under(tmp_path / "objects")] == [kept] * 4


def wait_for(client: TestClient, condition: Any) -> None:
    """Returns when the condition holds in the service's event loop; fails after 20 s."""

    async def hold() -> None:
        async with asyncio.timeout(20):
            while not condition():
                await asyncio.sleep(0.005)

    client.portal.call(hold)  # type: ignore[union-attr]


def test_an_extraction_that_takes_long_has_a_place_to_ask(stores: Stores) -> None:
    gate = Gate()
    with client_of(stores, read_with=gate.extract) as client:
        headers = {"Prefer": "wait=0"}
        taken = client.post("/v1/extractions", files=files(PNG), headers=headers)
        assert taken.status_code == 202
        location = taken.headers["location"]
        assert location == taken.json()["location"]
        assert client.get(location).json()["state"] in ("queued", "running")
        client.portal.call(gate.opened.set)  # type: ignore[union-attr]
        answer = client.post("/v1/extractions", files=files(PNG))
        assert answer.status_code == 200
        done = client.get(location).json()
        assert (done["state"], done["documents"]) == ("done", answer.json())
        assert client.delete(location).status_code == 204
        assert code_of(client.get(location)) == (404, "not_found")


def test_disputes_and_extractions_are_apart(idle: TestClient) -> None:
    location = post(idle, PNG).headers["location"]
    other = location.replace("disputes", "extractions")
    assert code_of(idle.get(other)) == (404, "not_found")
    assert code_of(idle.delete(other)) == (404, "not_found")
    assert idle.get(location).json()["state"] == "queued"


def test_a_store_without_room_is_said_and_nothing_is_taken_on(stores: Stores) -> None:
    class Full:
        def put(self, *_: object) -> None:
            raise ContentUnavailable("No space left on device")

        def delete(self, *_: object) -> None:
            pass

    with client_of(replace(stores, content=Full()), works=False) as client:  # type: ignore[arg-type]
        assert code_of(post(client, PNG, idempotency_key="k")) == (503, "storage_unavailable")
    with client_of(stores, works=False) as client:
        assert client.get("/v1/disputes").json()["disputes"] == []
        assert post(client, PNG, idempotency_key="k").status_code == 202


def test_a_database_that_is_away_is_said_and_a_second_try_is_the_same_job(stores: Stores) -> None:
    """The commit may have happened though its answer was lost: the bytes must still be there."""

    class Cut:
        def submit(self, *given: Any) -> None:
            stores.jobs.submit(*given)
            raise OperationalError("COMMIT", {}, ConnectionError("secret inside"))

        def __getattr__(self, name: str) -> Any:
            return getattr(stores.jobs, name)

    with client_of(replace(stores, jobs=Cut()), works=False) as client:  # type: ignore[arg-type]
        answer = post(client, PNG, idempotency_key="k")
        assert code_of(answer) == (503, "storage_unavailable")
        assert "secret" not in answer.text
        assert int(answer.headers["retry-after"]) > 0
    with client_of(stores) as client:
        again = post(client, PNG, idempotency_key="k", prefer="wait=20")
        assert (again.status_code, again.json()["state"]) == (200, "done")
        assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("name", ["õå¾", "a%00b", "%00", "x" * 65, "a b", "%F0%9F%98%80", "a.b"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/disputes/{}"),
        ("POST", "/v1/disputes/{}/cancel"),
        ("DELETE", "/v1/disputes/{}"),
        ("GET", "/v1/extractions/{}"),
        ("DELETE", "/v1/extractions/{}"),
        ("DELETE", "/v1/webhooks/{}"),
        ("POST", "/v1/webhooks/{}/rotate"),
        ("GET", "/v1/webhooks/{}/deliveries"),
        ("POST", "/v1/webhooks/we_x/deliveries/{}/redeliver"),
    ],
)
def test_what_cannot_be_an_id_is_unknown(
    idle: TestClient, method: str, path: str, name: str
) -> None:
    """Neither an outage of the store nor an error of ours."""
    assert code_of(idle.request(method, path.format(name))) == (404, "not_found")


def test_a_cursor_with_what_cannot_be_an_id_is_none_of_ours(idle: TestClient) -> None:
    for job_id in ("a\0b", "", "õ"):
        text = f"2026-01-31T00:00:00+00:00 {job_id}"
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        answer = idle.get("/v1/disputes", params={"cursor": cursor})
        assert code_of(answer) == (422, "invalid_request")
