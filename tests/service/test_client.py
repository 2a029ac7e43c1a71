"""The client: asks again where that can help, never makes two jobs, and says what went wrong."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.client import (
    ATTEMPTS,
    LONGEST_WAIT_S,
    Client,
    DisputeEnded,
    InvalidSignature,
    KeyRejected,
    NotFound,
    NotSettled,
    ServiceError,
    TryLater,
    Unreachable,
    verify_webhook,
)
from serving.store.keys import KeyStore, NewKey
from serving.webhooks.signing import new_secret, signed_headers
from serving.wire.schema import problem
from tests.support.fake_service import DISPUTE, SETTINGS, client_of, now, png, stores_in

Answer = Callable[[httpx.Request], httpx.Response]
ACCEPTED = {"dispute_id": "d", "state": "queued", "location": "/v1/disputes/d"}


def refusal(code: str, **headers: str) -> httpx.Response:
    details = problem(code, "told in words")
    return httpx.Response(
        details.status,
        json=details.model_dump(),
        headers={"content-type": "application/problem+json"}
        | {name.replace("_", "-"): value for name, value in headers.items()},
    )


class Service:
    """Answers as scripted, one answer after the other, the last one for ever."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> Client:
        return Client(
            "http://tieout.test",
            "tk_x",
            transport=httpx.MockTransport(self),
            sleep=self.waits.append,
        )


def test_one_call_is_one_idempotency_key_over_all_its_attempts(tmp_path: Path) -> None:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF-1.7 content")
    service = Service(
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("lost on the way"),
        refusal("queue_full", retry_after="3"),
        httpx.Response(202, json=ACCEPTED),
    )
    with service.client() as client:
        assert client.submit(DISPUTE, [file, ("b.png", b"bytes")]).dispute_id == "d"
        first = [request.headers["idempotency-key"] for request in service.asked]
        assert len(first) == 4
        assert len(set(first)) == 1
        # What one attempt has read of a file is there again for the next one.
        assert len({len(request.content) for request in service.asked}) == 1
        assert all(b"%PDF-1.7 content" in request.content for request in service.asked)
        assert all(r.headers["authorization"] == "Bearer tk_x" for r in service.asked)
        client.submit(DISPUTE)
        client.submit(DISPUTE, idempotency_key="case-1")
    later = [request.headers["idempotency-key"] for request in service.asked[4:]]
    assert later[0] not in first
    assert later[1] == "case-1"


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("7", 7, 7.5), ("0", 0, 0.5), ("60", 60, 60.5)],
)
def test_a_wait_is_as_long_as_the_service_asks(asked: str, least: float, most: float) -> None:
    service = Service(
        refusal("rate_limited", retry_after=asked), httpx.Response(202, json=ACCEPTED)
    )
    service.client().submit(DISPUTE)
    (wait,) = service.waits
    assert least <= wait <= most


def test_a_wait_of_hours_is_the_callers_to_decide_on() -> None:
    """The pages of the day are used up: to ask again in a minute would be to be refused again."""
    service = Service(refusal("quota_exceeded", retry_after="43170"))
    with pytest.raises(TryLater) as raised:
        service.client().submit(DISPUTE)
    assert raised.value.retry_after_s == 43_170
    assert len(service.asked) == 1


@pytest.mark.parametrize("said", [None, "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "٣"])
def test_without_a_wait_it_backs_off(said: str | None) -> None:
    headers = {} if said is None else {b"retry-after": said.encode()}
    service = Service(httpx.Response(503, headers=headers), httpx.Response(202, json=ACCEPTED))
    service.client().submit(DISPUTE)
    assert 0 <= service.waits[0] <= LONGEST_WAIT_S


@pytest.mark.parametrize(
    ("code", "kind", "attempts"),
    [
        ("rate_limited", TryLater, ATTEMPTS),
        ("quota_exceeded", TryLater, ATTEMPTS),
        ("model_unavailable", TryLater, ATTEMPTS),
        ("unauthorized", KeyRejected, 1),
        ("forbidden", KeyRejected, 1),
        ("not_found", NotFound, 1),
        ("idempotency_mismatch", ServiceError, 1),
        ("corrupt_document", ServiceError, 1),
        ("internal", ServiceError, 1),
    ],
)
def test_a_refusal_is_an_error_with_its_code(
    code: str, kind: type[ServiceError], attempts: int
) -> None:
    service = Service(refusal(code))
    with pytest.raises(ServiceError, match="told in words") as raised:
        service.client().dispute("d")
    assert type(raised.value) is kind
    assert (raised.value.code, len(service.asked)) == (code, attempts)


def test_no_answer_is_an_error_after_the_last_attempt() -> None:
    service = Service(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable, match="refused"):
        service.client().limits()
    assert len(service.asked) == ATTEMPTS


def test_an_answer_of_something_in_between_is_told_as_that() -> None:
    service = Service(httpx.Response(400, text="<html>nginx</html>"))
    with pytest.raises(ServiceError) as raised:
        service.client().limits()
    assert (raised.value.code, raised.value.status) == ("not_from_tieout", 400)


def seen(state: str, **more: Any) -> httpx.Response:
    found = {"dispute_id": "d", "state": state, "submitted_at": "2026-01-31T12:00:00+00:00"}
    return httpx.Response(200, json=found | more)


def test_waiting_ends_with_the_dispute() -> None:
    service = Service(seen("queued"), seen("running"), seen("done", verdict={"status": "matched"}))
    assert service.client().wait("d").verdict == {"status": "matched"}
    assert len(service.waits) == 2


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_waiting_for_a_dispute_that_ends_without_a_verdict(state: str) -> None:
    error = problem("blank_page", "a.png: white").model_dump() if state == "failed" else None
    with pytest.raises(DisputeEnded, match=state) as raised:
        Service(seen(state, error=error)).client().wait("d")
    assert raised.value.dispute.state == state


def test_a_dispute_is_settled_in_one_request_where_that_is_quick_enough() -> None:
    service = Service(seen("done"))
    assert service.client().settle(DISPUTE, timeout_s=5).state == "done"
    (asked,) = service.asked
    assert asked.headers["prefer"] == "wait=5"


def test_a_dispute_that_takes_longer_is_polled_for() -> None:
    service = Service(httpx.Response(202, json=ACCEPTED), seen("done"))
    assert service.client().settle(DISPUTE).state == "done"
    assert [one.method for one in service.asked] == ["POST", "GET"]


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_settling_a_dispute_that_ends_without_a_verdict(state: str) -> None:
    with pytest.raises(DisputeEnded, match=state):
        Service(seen(state)).client().settle(DISPUTE)


def test_waiting_has_an_end() -> None:
    with pytest.raises(NotSettled, match="d is queued"):
        Service(seen("queued")).client().wait("d", timeout_s=0.1)


def test_a_webhook_is_believed_only_with_its_signature() -> None:
    old, new = new_secret(), new_secret()
    body = b'{"type":"dispute.done","data":{"dispute_id":"d"}}'
    headers = signed_headers("msg_1", body, [old, new], datetime.now(UTC))
    for known in (old, new, [new_secret(), new]):
        assert verify_webhook(known, headers, body)["data"] == {"dispute_id": "d"}
    late = signed_headers("msg_1", body, [new], datetime(2026, 1, 31, tzinfo=UTC))
    for wrong in (
        {},
        {**headers, "webhook-id": "msg_2"},
        {**headers, "webhook-signature": "v1"},
        {**headers, "webhook-signature": "v1,!"},
        {**headers, "webhook-timestamp": "now"},
        late,
    ):
        with pytest.raises(InvalidSignature):
            verify_webhook(new, wrong, body)
    with pytest.raises(InvalidSignature):
        verify_webhook([], headers, body)
    with pytest.raises(InvalidSignature):
        verify_webhook(new, headers, body + b" ")


class Bridge(httpx.BaseTransport):
    """Carries the client's requests to the application under test."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer = self._application.request(
            request.method,
            str(request.url).replace("http://tieout.test", ""),
            content=request.content,
            headers=list(request.headers.items()),
        )
        return httpx.Response(
            answer.status_code, headers=list(answer.headers.items()), content=answer.content
        )


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Client]:
    """A client of the real application, with a key."""
    stores = stores_in(tmp_path, SETTINGS)
    keys = KeyStore(stores.jobs._engine, now, SETTINGS.allowance)
    _, key = keys.create(NewKey("acme", "client"))
    with (
        client_of(stores, keys=keys) as application,
        Client("http://tieout.test", key, transport=Bridge(application)) as client,
    ):
        yield client
    stores.jobs._engine.dispose()


def test_a_dispute_from_beginning_to_end(real: Client) -> None:
    image = ("scan.png", png())
    taken = real.submit(json.dumps(DISPUTE), [image], idempotency_key="case-1")
    again = real.submit(json.dumps(DISPUTE), [image], idempotency_key="case-1")
    assert taken.dispute_id == again.dispute_id
    found = real.wait(taken.dispute_id, timeout_s=20)
    assert found.verdict
    assert [one["code"] for one in found.verdict["variances"]] == ["QTY_OVER_RECEIPT"]
    for _ in range(2):
        real.wait(real.submit(DISPUTE, [image]).dispute_id, timeout_s=20)
    assert len([one.dispute_id for one in real.disputes()]) == 3
    assert list(real.disputes("cancelled")) == []
    assert real.cancel(taken.dispute_id).state == "done"
    real.delete(taken.dispute_id)
    with pytest.raises(NotFound):
        real.dispute(taken.dispute_id)
    assert real.extract([image])[0]["document_id"] == "scan.png"
    assert real.limits()["key"]["pages_used"] == 4


def test_a_request_that_cannot_be_used_says_why(real: Client) -> None:
    with pytest.raises(ServiceError, match=r"text\.pdf") as raised:
        real.submit(DISPUTE, [("text.pdf", b"just some text")])
    assert raised.value.code == "unsupported_type"
