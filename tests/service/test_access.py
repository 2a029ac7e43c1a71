"""Who may what: no route without a key, none without its scope, and nothing of another tenant."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from serving.service.worker import Stores
from serving.settings import HttpOptions, ServiceFile, Settings, SettingsError
from serving.store.identity import SCOPES
from serving.store.key_format import new_key
from serving.store.keys import KeyStore, NewKey
from serving.store.webhooks import WebhookStore
from serving.web.access import OPEN_PATHS, is_open
from serving.wire.schema import ProblemDetails
from tests.support.fake_service import BOX, SETTINGS, client_of, now, png, post, stores_in

_CELL = {"document_id": "a.png", "line": 0, "field": "quantity", "value": "1"}
# What requests of these routes hold; without it they are refused before anything is looked up.
_SENT: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/v1/disputes/{dispute_id}"): {"json": {}},
    ("POST", "/v1/disputes/{dispute_id}/corrections"): {
        "json": {"revision": 1, "corrections": [_CELL]}
    },
    ("DELETE", "/v1/disputes/{dispute_id}/corrections/{correction}"): {"params": {"revision": 1}},
}
HOOK = "https://receiver.example/hook"
# Those that make something new of what is sent, and say nothing of what is there.
_OWN = {("POST", "/v1/disputes"), ("POST", "/v1/extractions"), ("POST", "/v1/webhooks")}


@dataclass
class Service:
    """The service with keys, and what it stores."""

    client: TestClient
    stores: Stores
    keys: KeyStore
    webhooks: WebhookStore

    def key(self, tenant: str = "acme", *scopes: str, **limits: int) -> dict[str, str]:
        """The header with a new key."""
        wanted = NewKey(tenant, f"test {len(self.keys.keys())}", scopes or SCOPES, **limits)
        return {"Authorization": f"Bearer {self.keys.create(wanted)[1]}"}

    def routes(self) -> list[tuple[str, str]]:
        """Method and path of every route, as the application has them."""
        app = self.client.app
        assert isinstance(app, FastAPI)
        described = app.openapi()["paths"]
        return [(verb.upper(), path) for path, verbs in described.items() for verb in verbs]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    stores = stores_in(tmp_path, SETTINGS)
    engine = stores.jobs._engine
    keys = KeyStore(engine, now, SETTINGS.allowance)
    webhooks = WebhookStore(engine, now, BOX)
    with client_of(stores, keys=keys, webhooks=webhooks) as client:
        yield Service(client, stores, keys, webhooks)
    engine.dispose()


def problem_in(answer: Any) -> ProblemDetails:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    details = ProblemDetails.model_validate(answer.json())
    assert details.status == answer.status_code
    return details


def settled(client: TestClient, location: str, head: dict[str, str]) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found: dict[str, Any] = client.get(location, headers=head).json()
        if found["finished_at"] is not None:
            return found
    raise AssertionError(f"not settled: {found}")


def test_the_description_leaves_no_route_out(service: Service) -> None:
    """The tests below go by the description; a route that is hidden from it would escape them."""
    hidden = [
        route.path
        for entry in service.client.app.routes  # type: ignore[attr-defined]
        for route in (
            entry.original_router.routes if hasattr(entry, "original_router") else [entry]
        )
        if isinstance(route, APIRoute) and not route.include_in_schema
    ]
    # Files and redirects of the desk, which are open and hold no data.
    assert sorted(hidden) == ["/", "/desk", "/desk/", "/desk/{name}", "/docs"]
    assert len(service.routes()) >= 16


def test_no_route_answers_without_a_key(service: Service) -> None:
    closed = 0
    for method, path in service.routes():
        place = re.sub(r"\{\w+\}", "some-id", path)
        answer = service.client.request(method, place)
        if is_open(method, path):
            assert answer.status_code in (200, 422), path
            continue
        assert problem_in(answer).code == "unauthorized", (method, path)
        assert answer.headers["www-authenticate"] == 'Bearer realm="tieout"'
        closed += 1
    assert closed >= 14


@pytest.mark.parametrize("path", sorted(OPEN_PATHS))
def test_what_is_open_tells_nothing_of_anybody(service: Service, path: str) -> None:
    answer = service.client.get(path)
    assert answer.status_code == 200
    assert "acme" not in answer.text


def test_a_path_nobody_serves_is_closed_too(service: Service) -> None:
    assert service.client.get("/v1/secrets").status_code == 401
    assert service.client.get("/v1/secrets", headers=service.key()).status_code == 404


@pytest.mark.parametrize(
    "header",
    [
        "",
        "tk_",
        "Bearer",
        "Bearer ",
        "Basic dGs6",
        "Bearer {unknown}",
        "Token {key}",
        "Bearer {key}x",
    ],
)
def test_what_is_no_key(service: Service, header: str) -> None:
    key = service.key()["Authorization"].removeprefix("Bearer ")
    given = header.format(key=key, unknown=new_key())
    answer = service.client.get("/v1/limits", headers={"Authorization": given})
    assert problem_in(answer).code == "unauthorized"
    assert key not in answer.text


def test_two_keys_in_one_request_are_none(service: Service) -> None:
    first, second = service.key("acme"), service.key("globex")
    pairs = [("Authorization", head["Authorization"]) for head in (first, second)]
    assert service.client.get("/v1/limits", headers=pairs).status_code == 401


def test_the_kind_of_the_header_has_no_case(service: Service) -> None:
    head = {"authorization": service.key()["Authorization"].replace("Bearer", "bEARER")}
    assert service.client.get("/v1/limits", headers=head).status_code == 200


def scopes_for(method: str, path: str) -> set[str]:
    if "/extractions" in path:
        return {"extractions"}
    if "/webhooks" in path:
        return {"webhooks"}
    if "/disputes" in path:
        return {"disputes:read" if method == "GET" else "disputes:write"}
    return set(SCOPES)


def test_each_route_wants_its_scope(service: Service) -> None:
    heads = {scope: service.key("acme", scope) for scope in SCOPES}
    for method, path in service.routes():
        if is_open(method, path):
            continue
        place = re.sub(r"\{\w+\}", "some-id", path)
        allowed = {
            scope
            for scope, head in heads.items()
            if service.client.request(method, place, headers=head).status_code != 403
        }
        assert allowed == scopes_for(method, path), (method, path)
    refused = service.client.get("/v1/webhooks", headers=heads["extractions"])
    assert problem_in(refused).code == "forbidden"
    assert "webhooks" in refused.json()["detail"]


@dataclass
class Things:
    """One of each, of one tenant."""

    dispute_id: str
    extraction_id: str
    webhook_id: str
    delivery_id: str
    attachment: str = "1"
    page: str = "1"
    version: str = "1"
    correction: str = "1"


def one_of_each(service: Service, head: dict[str, str]) -> Things:
    client = service.client
    webhook = client.post("/v1/webhooks", json={"url": HOOK}, headers=head).json()["webhook_id"]
    taken = post(client, ("secret-name.png", png()), idempotency_key="case-1", **head)
    settled(client, taken.headers["location"], head)
    files = [("attachments", ("secret-name.png", png()))]
    read = client.post("/v1/extractions", files=files, headers=head)
    assert read.status_code == 200, read.text
    told = client.get(f"/v1/webhooks/{webhook}/deliveries", headers=head).json()
    assert {one["event"] for one in told} == {"dispute.done", "extraction.done"}
    return Things(
        taken.json()["dispute_id"],
        read.headers["location"].rpartition("/")[2],
        webhook,
        told[0]["delivery_id"],
    )


def test_nothing_of_a_tenant_shows_to_another_on_any_route(service: Service) -> None:
    owner, other = service.key("acme"), service.key("globex")
    things = one_of_each(service, owner)
    ids = vars(things)

    def everything() -> dict[str, Any]:
        found = {
            path: service.client.get(path.format(**ids), headers=owner).content
            for method, path in service.routes()
            if method == "GET" and path not in OPEN_PATHS and path != "/v1/limits"
        }
        assert json.loads(found["/v1/disputes/{dispute_id}"])["state"] == "done"
        return found

    unknown_ids = {name: "A" * 22 for name, value in ids.items() if value != "1"}
    before = everything()
    asked = 0
    for method, path in service.routes():
        if is_open(method, path) or (method, path) in _OWN:
            continue
        names = re.findall(r"\{(\w+)\}", path)
        assert set(names) <= set(ids), f"{path}: the test does not know one of these ids"
        sent = _SENT.get((method, path), {})
        answer = service.client.request(method, path.format(**ids), headers=other, **sent)
        assert "secret-name" not in answer.text
        assert names or not any(name in answer.text for name in ids.values() if name != "1")
        if names:
            assert problem_in(answer).code == "not_found", (method, path)
            unknown = service.client.request(
                method, path.format(**ids | unknown_ids), headers=other, **sent
            )
            # A foreign id and one that never was are told apart by nothing.
            said = [one.text for one in (answer, unknown)]
            for name in names:
                said = [text.replace(ids[name], "ID").replace("A" * 22, "ID") for text in said]
            assert said[0] == said[1], (method, path)
        else:
            assert answer.status_code in (200, 204), (method, path)
        asked += 1
    assert asked >= 12
    assert everything() == before


def test_an_idempotency_key_is_the_tenants_own(service: Service) -> None:
    owner, other = service.key("acme"), service.key("globex")
    first = post(service.client, ("a.png", png()), idempotency_key="case-1", **owner)
    again = post(service.client, ("a.png", png()), idempotency_key="case-1", **owner)
    foreign = post(service.client, ("a.png", png()), idempotency_key="case-1", **other)
    assert first.json()["dispute_id"] == again.json()["dispute_id"]
    assert foreign.status_code == 202
    assert "idempotency-replayed" not in foreign.headers
    assert foreign.json()["dispute_id"] != first.json()["dispute_id"]


def test_both_keys_of_a_tenant_reach_the_same_jobs(service: Service) -> None:
    first, second = service.key("acme"), service.key("acme")
    taken = post(service.client, ("a.png", png()), **first)
    found = service.client.get(taken.headers["location"], headers=second)
    assert found.status_code == 200


def test_a_cursor_shows_only_ones_own(service: Service) -> None:
    owner, other = service.key("acme"), service.key("globex")
    taken = [post(service.client, ("a.png", png()), **owner) for _ in range(3)]
    mine = {one.json()["dispute_id"] for one in taken}
    theirs = post(service.client, ("a.png", png()), **other).json()["dispute_id"]
    page = service.client.get("/v1/disputes?limit=1", headers=owner).json()
    seen = service.client.get(f"/v1/disputes?cursor={page['next_cursor']}", headers=other).json()
    assert not mine & {one["dispute_id"] for one in seen["disputes"]}
    listed = service.client.get("/v1/disputes", headers=other).json()["disputes"]
    assert [one["dispute_id"] for one in listed] == [theirs]


def test_the_same_bytes_of_two_tenants_are_kept_apart(service: Service) -> None:
    """Nothing is shared by its digest: deleting one tenant's file leaves the other's."""
    owner, other = service.key("acme"), service.key("globex")
    places = [
        post(service.client, ("a.png", png()), **head).headers["location"]
        for head in (owner, other)
    ]
    found = [
        settled(service.client, place, head)
        for place, head in zip(places, (owner, other), strict=True)
    ]
    assert service.client.delete(places[0], headers=owner).status_code == 204
    assert service.client.get(places[0], headers=owner).status_code == 404
    assert service.client.get(places[1], headers=other).json() == found[1]


def test_a_tenant_named_in_the_request_is_nobody(service: Service) -> None:
    owner, other = service.key("acme"), service.key("globex")
    taken = post(service.client, ("a.png", png()), **owner)
    place = f"{taken.headers['location']}?tenant=acme"
    for head in ({}, {"X-Tenant": "acme"}, {"X-Tieout-Tenant": "acme"}, {"Host": "acme"}):
        assert service.client.get(place, headers={**other, **head}).status_code == 404


def test_a_webhook_is_registered_changed_and_told_again(service: Service) -> None:
    head = service.key()
    made = service.client.post("/v1/webhooks", json={"url": HOOK}, headers=head)
    assert made.status_code == 201
    first = made.json()
    assert first["secret"].startswith("whsec_")
    (listed,) = service.client.get("/v1/webhooks", headers=head).json()
    assert listed == {name: first[name] for name in first if name != "secret"}
    place = f"/v1/webhooks/{first['webhook_id']}"
    second = service.client.post(f"{place}/rotate", headers=head).json()
    assert second["secret"] != first["secret"]
    assert (first["secrets"], second["secrets"]) == (1, 2)
    one = post(service.client, ("a.png", png()), **head)
    settled(service.client, one.headers["location"], head)
    (told,) = service.client.get(f"{place}/deliveries", headers=head).json()
    assert (told["event"], told["state"], told["attempts"]) == ("dispute.done", "pending", 0)
    (due,) = service.webhooks.claim(1)
    service.webhooks.record_attempt(due, 200)
    again = service.client.post(f"{place}/deliveries/{told['delivery_id']}/redeliver", headers=head)
    assert (again.status_code, again.json()["state"]) == (202, "pending")
    assert service.client.delete(place, headers=head).status_code == 204
    assert service.client.get("/v1/webhooks", headers=head).json() == []


@pytest.mark.parametrize(
    "url", ["http://receiver.example/", "https://169.254.169.254/", "https://localhost/", "x"]
)
def test_a_webhook_that_would_lead_inside_is_refused(service: Service, url: str) -> None:
    answer = service.client.post("/v1/webhooks", json={"url": url}, headers=service.key())
    assert problem_in(answer).code == "invalid_request"
    assert service.webhooks.endpoints("acme") == ()


def test_requests_over_the_limit_are_told_when_to_come_back(service: Service) -> None:
    head = service.key(requests_per_minute=2)
    answers = [service.client.get("/v1/limits", headers=head) for _ in range(6)]
    refused = [one for one in answers if one.status_code == 429]
    # A new minute may begin in between.
    assert len(refused) >= 2
    assert problem_in(refused[0]).code == "rate_limited"
    assert 1 <= int(refused[0].headers["retry-after"]) <= 60


def test_pages_over_the_limit_are_refused_and_cost_nothing(service: Service) -> None:
    head = service.key(pages_per_day=2)
    named = [(f"{number}.png", png()) for number in range(3)]
    answer = post(service.client, *named, **head)
    assert problem_in(answer).code == "quota_exceeded"
    assert 1 <= int(answer.headers["retry-after"]) <= 86_400
    assert service.client.get("/v1/disputes", headers=head).json()["disputes"] == []
    assert post(service.client, *named[:2], **head).status_code == 202
    limits = service.client.get("/v1/limits", headers=head).json()["key"]
    assert (limits["pages_per_day"], limits["pages_used"]) == (2, 2)
    assert limits["requests_used"] >= 1
    assert limits["concurrent_jobs"] == SETTINGS.concurrent_jobs


def test_jobs_at_once_are_counted_by_the_key(tmp_path: Path) -> None:
    stores = stores_in(tmp_path, SETTINGS)
    keys = KeyStore(stores.jobs._engine, now, SETTINGS.allowance)
    with client_of(stores, keys=keys, works=False) as client:
        service = Service(client, stores, keys, WebhookStore(stores.jobs._engine, now, BOX))
        head, other = service.key(concurrent_jobs=1), service.key(concurrent_jobs=1)
        first = post(client, ("a.png", png()), **head)
        refused = post(client, ("a.png", png()), **head)
        assert problem_in(refused).code == "quota_exceeded"
        assert int(refused.headers["retry-after"]) >= 1
        assert post(client, ("a.png", png()), **other).status_code == 202
        client.post(f"{first.headers['location']}/cancel", headers=head)
        assert post(client, ("a.png", png()), **head).status_code == 202
    stores.jobs._engine.dispose()


def test_without_authentication_only_this_machine_is_answered(tmp_path: Path) -> None:
    stores = stores_in(tmp_path, SETTINGS)
    with client_of(stores, works=False) as near:
        assert near.get("/v1/limits").json()["key"] is None
        far = TestClient(near.app, client=("192.168.1.7", 50_000))
        answer = far.get("/v1/limits")
        assert problem_in(answer).code == "forbidden"
        assert far.get("/healthz").status_code == 200
    stores.jobs._engine.dispose()


@pytest.mark.parametrize(
    ("authentication", "host", "refused"),
    [
        ("none", "127.0.0.1", False),
        ("none", "::1", False),
        ("none", "localhost", False),
        ("none", "0.0.0.0", True),
        ("none", "192.168.1.7", True),
        ("none", "tieout.example", True),
        ("keys", "0.0.0.0", False),
    ],
)
def test_a_service_without_keys_listens_to_this_machine_only(
    authentication: Any, host: str, refused: bool
) -> None:
    file = ServiceFile()
    (application,) = file.applications
    args = Settings(authentication=authentication)
    service = file.model_copy(
        update={
            "http_options": HttpOptions(host=host),
            "applications": (application.model_copy(update={"args": args}),),
        }
    )
    if refused:
        with pytest.raises(SettingsError, match="without a key"):
            service.refuse_exposed()
    else:
        service.refuse_exposed()


def test_keys_are_in_no_answer_and_no_log(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    head = service.key()
    things = one_of_each(service, head)
    renewed = service.client.post(f"/v1/webhooks/{things.webhook_id}/rotate", headers=head)
    secret = renewed.json()["secret"]
    text = head["Authorization"].removeprefix("Bearer ")
    for method, path in service.routes():
        if method == "GET":
            answer = service.client.get(path.format(**vars(things)), headers=head)
            assert text not in answer.text
            assert secret not in answer.text
    logged = json.dumps([record.getMessage() for record in caplog.records])
    assert text not in logged
    assert secret not in logged
