"""Disputes that grow: evidence, corrections, versions, search, pages, over HTTP without Ray."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from data.pages.attachments import PageSizes
from serving.service.worker import Stores
from serving.store.webhooks import WebhookStore
from serving.webhooks.delivery import body_of
from serving.webhooks.signing import new_secret
from tests.support.fake_service import BOX, DISPUTE, client_of, extract, files, now, png, post

PNG = ("scan.png", png())
WAIT = {"Prefer": "wait=20"}


class Reader:
    """The fake reader; it notes the names of what it read."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def extract(self, name: str, content: bytes, page_sizes: PageSizes | None) -> Any:
        self.names.append(name)
        return await extract(name, content, page_sizes)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def desk(stores: Stores, reader: Reader) -> Iterator[TestClient]:
    """A service whose reader notes what it read."""
    with client_of(stores, read_with=reader.extract) as client:
        yield client


def posted(client: TestClient, **parts: Any) -> str:
    """The path of a dispute that is done: 10 billed, 8 received, one finding of 4.00."""
    data = {"dispute": json.dumps(DISPUTE), **parts}
    answer = client.post("/v1/disputes", data=data, files=files(PNG), headers=WAIT)
    assert answer.status_code == 200, answer.text
    assert money(answer.json()) == ["4.00"]
    return f"/v1/disputes/{answer.json()['dispute_id']}"


def money(dispute: dict[str, Any]) -> list[str]:
    return [finding["amount"] for finding in dispute["verdict"]["variances"]]


def add(client: TestClient, place: str, *named: tuple[str, bytes], **data: Any) -> Any:
    headers = WAIT | data.pop("headers", {})
    return client.post(
        f"{place}/attachments", data=data, files=files(*named) or None, headers=headers
    )


def receipt(number: str, quantity: str) -> str:
    lines = [{"po_line_number": "1", "quantity_received": quantity}]
    return json.dumps({"receipts": [{"receipt_id": number, "lines": lines}]})


def correct(client: TestClient, place: str, revision: int, *cells: dict[str, Any]) -> Any:
    body = {"revision": revision, "author": "Ada", "corrections": cells}
    return client.post(f"{place}/corrections", json=body, headers=WAIT)


def quantity(value: str, how: str = "text", **more: Any) -> dict[str, Any]:
    return {"document_id": "scan.png", "line": 0, "field": "quantity", how: value} | more


def test_a_late_receipt_settles_the_dispute_and_nothing_is_read_again(
    desk: TestClient, reader: Reader
) -> None:
    place = posted(desk)
    again = add(desk, place, dispute=receipt("R2", "2"))
    assert again.status_code == 200, again.text
    dispute = again.json()
    assert (dispute["verdict"]["status"], dispute["revision"], dispute["version"]) == (
        *("matched", 2),
        2,
    )
    assert reader.names == ["scan.png"]


def test_a_second_paper_is_read_and_the_first_is_not(desk: TestClient, reader: Reader) -> None:
    place = posted(desk)
    dispute = add(desk, place, ("more.png", png(size=(310, 410))), PNG).json()
    assert reader.names == ["scan.png", "more.png", "scan.png (2)"]
    listed = desk.get(f"{place}/attachments").json()
    assert [entry["name"] for entry in listed] == ["scan.png", "more.png", "scan.png (2)"]
    assert listed[1]["pages"] == [{"page": 1, "width": 310, "height": 410}]
    assert len(dispute["documents"]) == 3


def test_versions_say_what_changed_and_stay(desk: TestClient) -> None:
    place = posted(desk)
    add(desk, place, dispute=receipt("R2", "1"))
    assert correct(desk, place, 2, quantity("9")).status_code == 200
    first, second, third = desk.get(f"{place}/versions").json()
    assert (first["version"], first["changes"], first["additions"]) == (1, None, [])
    assert second["changes"]["status"] == {"before": "discrepancy", "after": "discrepancy"}
    assert second["changes"]["totals"]["certain"] == {"EUR": {"before": "4.00", "after": "2.00"}}
    (new,), (gone,) = (second["changes"]["findings"][name] for name in ("new", "gone"))
    assert (new["code"], new["amount"], gone["amount"]) == ("QTY_OVER_RECEIPT", "2.00", "4.00")
    assert [entry["kind"] for entry in second["additions"]] == ["evidence"]
    assert third["additions"][0]["author"] == "Ada"
    amounts = [money(desk.get(f"{place}/versions/{number}").json()) for number in (1, 2)]
    assert amounts == [["4.00"], ["2.00"]]
    assert desk.get(f"{place}/versions/9").status_code == 404


def test_webhooks_tell_what_a_new_version_changed(desk: TestClient, stores: Stores) -> None:
    webhooks = WebhookStore(stores.jobs._engine, now, BOX)
    webhooks.register("local", "https://example.org", new_secret())
    place = posted(desk)
    add(desk, place, dispute=receipt("R2", "2"))
    due = webhooks.claim(9)
    bodies = [json.loads(body_of(delivery)) for delivery in due]
    assert [body["type"] for body in bodies] == ["dispute.done", "dispute.done"]
    assert "changes" not in bodies[0]["data"]
    assert bodies[1]["data"]["version"] == 2
    assert bodies[1]["data"]["changes"]["status"]["after"] == "matched"


def test_a_corrected_value_counts_and_can_be_taken_back(desk: TestClient, reader: Reader) -> None:
    place = posted(desk)
    dispute = correct(desk, place, 1, quantity("8")).json()
    cell = dispute["documents"][0]["line_items"][0]["quantity"]
    assert (cell["value"], cell["source"], cell["raw_text"]) == ("8", "override", "10")
    assert cell["polygon"] is not None
    (noted,) = desk.get(f"{place}/corrections").json()
    assert (noted["machine"]["value"], noted["value"], noted["author"]) == ("10", "8", "Ada")
    back = desk.delete(f"{place}/corrections/1?revision=2&author=Ada", headers=WAIT)
    assert money(back.json()) == ["4.00"]
    assert back.json()["documents"][0]["line_items"][0]["quantity"]["source"] == "model"
    assert desk.get(f"{place}/corrections").json()[0]["taken_back_by"] == "Ada"
    assert desk.delete(f"{place}/corrections/1?revision=3").status_code == 422
    assert reader.names == ["scan.png"]


def test_the_second_of_two_reviewers_is_told_and_loses_nothing(desk: TestClient) -> None:
    place = posted(desk)
    assert correct(desk, place, 1, quantity("8")).status_code == 200
    late = correct(desk, place, 1, quantity("9"))
    assert (late.status_code, late.json()["code"]) == (409, "revision_conflict")
    assert "Ada added corrections after revision 1" in late.json()["detail"]
    assert len(desk.get(f"{place}/corrections").json()) == 1
    assert correct(desk, place, 2, quantity("9")).status_code == 200


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (quantity("1,5,3"), "not a number"),
        (quantity("12O", field="quantity"), "120"),
        (quantity("1", line=2), "there is no line 2"),
        (quantity("1", field="colour"), "no such field in a line"),
        (quantity("1", line=None, field="quantity"), "no such field in the head"),
        (quantity("1", document_id="other.png"), "there is no document"),
        (quantity("lorry", line=0, field="line_type"), "is none of item"),
        (quantity("1e400", "value"), "quantity"),
        (quantity("1") | {"value": "1"}, "either value or text"),
        (quantity("1") | {"colour": "red"}, "colour"),
    ],
)
def test_a_correction_that_makes_no_sense_is_one_sentence(
    desk: TestClient, cell: dict[str, Any], sentence: str
) -> None:
    place = posted(desk)
    answer = correct(desk, place, 1, cell)
    if answer.status_code == 200:  # read as the number that was meant
        assert sentence in answer.text
        return
    assert answer.status_code == 422, answer.text
    assert sentence in answer.json()["detail"]
    assert len(answer.json()["detail"]) < 400
    assert desk.get(place).json()["revision"] == 1


def test_lines_are_added_and_taken_off_the_bill(desk: TestClient) -> None:
    place = posted(desk)
    cells = [
        quantity("5", line=1),
        quantity("2.00", line=1, field="unit_price"),
        quantity("A-1", line=1, field="product_code"),
    ]
    dispute = correct(desk, place, 1, *cells).json()
    assert len(dispute["documents"][0]["line_items"]) == 2
    off = correct(desk, place, 2, quantity("comment", line=1, field="line_type")).json()
    assert off["verdict"]["totals"]["certain"] == {"EUR": "4.00"}


def test_an_addition_is_made_once_under_its_key(desk: TestClient) -> None:
    place = posted(desk)
    key = {"Idempotency-Key": "late-1"}
    more = ("more.png", png(size=(310, 410)))
    first = add(desk, place, more, dispute=receipt("R2", "2"), headers=key)
    second = add(desk, place, more, dispute=receipt("R2", "2"), headers=key)
    assert second.headers["idempotency-replayed"] == "true"
    assert [answer.json()["revision"] for answer in (first, second)] == [2, 2]
    other = add(desk, place, ("more.png", png()), headers=key)
    assert other.json()["code"] == "idempotency_mismatch"
    assert len(desk.get(f"{place}/attachments").json()) == 2


def test_what_cannot_be_added_changes_nothing(desk: TestClient) -> None:
    place = posted(desk)
    refused = {
        "nothing": add(desk, place).json()["code"],
        "no paper": add(desk, place, ("a.png", b"text")).json()["code"],
        "no json": add(desk, place, dispute="{").json()["code"],
        "other receipt": add(desk, place, dispute=receipt("R1", "3")).json()["code"],
        "no line": add(desk, place, dispute=receipt("R3", "x")).json()["code"],
    }
    assert refused == {
        "nothing": "invalid_request",
        "no paper": "unsupported_type",
        "no json": "invalid_json",
        "other receipt": "invalid_order_data",
        "no line": "invalid_order_data",
    }
    assert desk.get(place).json()["revision"] == 1
    assert add(desk, "/v1/disputes/nobody", PNG).status_code == 404


def test_nothing_is_added_to_a_cancelled_dispute(stores: Stores) -> None:
    with client_of(stores, works=False) as idle:
        place = post(idle, PNG).headers["location"]
        assert add(idle, place, PNG, headers={"Prefer": "wait=0"}).json()["revision"] == 2
        idle.post(f"{place}/cancel")
        assert add(idle, place, PNG).json()["code"] == "dispute_closed"


def test_work_on_the_revision_before_is_given_up(stores: Stores) -> None:
    with client_of(stores, works=False) as idle:
        place = post(idle, PNG).headers["location"]
        claim = stores.leases.claim("worker")
        assert claim is not None
        add(idle, place, PNG, headers={"Prefer": "wait=0"})
        assert not stores.leases.publish(claim, "ab" * 32)
        newer = stores.leases.claim("worker")
        assert newer is not None
        assert (newer.revision, len(newer.attachments), newer.attempt) == (2, 2, 1)


def test_reference_and_metadata_come_back_and_can_be_changed(desk: TestClient) -> None:
    place = posted(desk, reference="case 4711", metadata='{"team": "north"}')
    dispute = desk.get(place).json()
    assert (dispute["reference"], dispute["metadata"]) == ("case 4711", {"team": "north"})
    changed = desk.patch(place, json={"assignee": "Ada", "metadata": None}).json()
    assert (changed["assignee"], changed["metadata"], changed["reference"]) == (
        *("Ada", None),
        "case 4711",
    )
    for wrong in ('{"team": 7}', "[]", "{", '{"a": "\\u0000"}'):
        answer = desk.post(
            "/v1/disputes",
            data={"dispute": json.dumps(DISPUTE), "metadata": wrong},
            files=files(PNG),
        )
        assert answer.json()["code"] == "invalid_request"
    assert desk.patch(place, json={"state": "done"}).status_code == 422


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("reference=case-1", 1),
        ("reference=case-2", 0),
        ("order=4711", 1),
        ("order=471", 0),
        ("vendor=acme%20tools%20gmbh", 1),
        ("vendor=V-9&order=4711", 1),
        ("vendor=V-9&order=4712", 0),
        ("submitted_from=2020-01-01T00:00:00Z", 1),
        ("submitted_before=2020-01-01T00:00:00Z", 0),
        ("assignee=Ada", 0),
    ],
)
def test_disputes_are_found(desk: TestClient, query: str, count: int) -> None:
    order = DISPUTE["order"] | {"vendor_name": "ACME  Tools GmbH", "vendor_id": "v-9"}
    posted(desk, dispute=json.dumps(DISPUTE | {"order": order}), reference="case-1")
    answer = desk.get(f"/v1/disputes?{query}")
    assert answer.status_code == 200, answer.text
    listed = answer.json()["disputes"]
    assert len(listed) == count
    if listed:
        assert listed[0]["overview"]["totals"]["certain"] == {"EUR": "4.00"}


def test_files_and_pages_come_back(desk: TestClient) -> None:
    place = posted(desk)
    original = desk.get(f"{place}/attachments/1")
    assert original.content == PNG[1]
    assert original.headers["content-disposition"] == 'attachment; filename="attachment-1.png"'
    sides = {}
    for size in ("small", "large"):
        page = desk.get(f"{place}/attachments/1/pages/1?size={size}")
        assert page.headers["content-type"] == "image/png"
        with Image.open(io.BytesIO(page.content)) as picture:
            sides[size] = max(picture.size)
        tag = {"If-None-Match": page.headers["etag"]}
        known = desk.get(f"{place}/attachments/1/pages/1?size={size}", headers=tag)
        assert (known.status_code, known.content) == (304, b"")
    assert sides == {"small": 360, "large": 400}
    assert desk.get(f"{place}/attachments/1", headers={"If-None-Match": '"x"'}).status_code == 200
    for wrong in ("attachments/2", "attachments/1/pages/2", "attachments/0"):
        assert desk.get(f"{place}/{wrong}").status_code in (404, 422)


def test_deleting_a_dispute_deletes_every_version(desk: TestClient, tmp_path: Path) -> None:
    place = posted(desk)
    correct(desk, place, 1, quantity("8"))
    desk.delete(place)
    rest = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    assert rest == []
    assert desk.get(f"{place}/versions").status_code == 404
