"""The HTTP interface with a fake reader behind it: no Ray, no model."""

import csv
import io
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from serving.service.worker import Stores
from serving.wire.schema import Dispute, ProblemDetails
from tests.support.fake_service import (
    DISPUTE,
    client_of,
    files,
    png,
    post,
)


def settled(client: TestClient, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        dispute: dict[str, Any] = client.get(answer.headers["location"]).json()
        if dispute["finished_at"] is not None:
            return dispute
    raise AssertionError(f"not settled: {dispute}")


def problem_in(answer: Any) -> ProblemDetails:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    details = ProblemDetails.model_validate(answer.json())
    assert details.status == answer.status_code
    assert "Traceback" not in answer.text
    return details


def test_a_dispute_is_taken_on_and_settled(client: TestClient) -> None:
    dispute = settled(client, post(client, ("scan.png", png())))
    assert dispute["state"] == "done"
    assert dispute["problems"] == []
    assert [found["code"] for found in dispute["verdict"]["variances"]] == ["QTY_OVER_RECEIPT"]
    assert dispute["verdict"]["variances"][0]["amount"] == "4.00"
    assert dispute["documents"][0]["line_items"][0]["quantity"]["value"] == "10"
    TypeAdapter(Dispute).validate_python(dispute)


def test_a_verdict_comes_as_a_sheet_where_that_is_asked_for(client: TestClient) -> None:
    place = post(client, ("scan.png", png())).headers["location"]
    deadline = time.monotonic() + 20
    while client.get(place).json()["finished_at"] is None:
        assert time.monotonic() < deadline
    sheet = client.get(place, headers={"Accept": "text/csv"})
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert sheet.headers["content-disposition"].startswith("attachment")
    (row,) = csv.DictReader(io.StringIO(sheet.text))
    assert (row["row"], row["code"], row["amount"]) == ("finding", "QTY_OVER_RECEIPT", "4.00")
    for accept in ("*/*", "application/json", "text/html"):
        assert client.get(place, headers={"Accept": accept}).json()["state"] == "done"


def test_problems_name_their_document(client: TestClient) -> None:
    dispute = settled(client, post(client, ("dense.png", png())))
    assert dispute["problems"] == [
        {
            "document_id": "dense.png",
            "code": "page_too_dense",
            "message": "some words were left out",
            "page": 1,
        }
    ]
    assert dispute["verdict"]["status"] == "needs_review"


def test_documents_already_read_need_no_attachment(client: TestClient) -> None:
    given = client.post("/v1/extractions", files=files(("scan.png", png()))).json()
    dispute = settled(client, post(client, dispute=DISPUTE | {"documents": given}))
    assert dispute["verdict"]["variances"][0]["code"] == "QTY_OVER_RECEIPT"
    assert dispute["documents"] == given


def test_json_may_come_as_a_file_part(client: TestClient) -> None:
    parts: list[tuple[str, Any]] = [
        ("dispute", ("dispute.json", json.dumps(DISPUTE).encode(), "application/json")),
        ("attachments", ("scan.png", png())),
    ]
    assert settled(client, client.post("/v1/disputes", files=parts))["state"] == "done"


def test_a_dispute_that_fails_says_why_and_the_next_one_runs(client: TestClient) -> None:
    blank = settled(client, post(client, ("blank.png", png())))
    assert (blank["state"], blank["verdict"]) == ("failed", None)
    assert blank["error"]["code"] == "blank_page"
    crash = settled(client, post(client, ("crash.png", png())))
    assert crash["error"]["code"] == "internal"
    assert "secret" not in json.dumps(crash)
    assert settled(client, post(client, ("scan.png", png())))["state"] == "done"


def test_an_extraction_answers_with_documents(client: TestClient) -> None:
    answer = client.post("/v1/extractions", files=files(("a.png", png()), ("a.png", png())))
    assert answer.status_code == 200
    assert [one["document_id"] for one in answer.json()] == ["a.png", "a.png (2)"]


def test_a_crash_tells_nothing_of_the_inside(client: TestClient) -> None:
    answer = client.post("/v1/extractions", files=files(("crash.png", png())))
    assert problem_in(answer).code == "internal"
    assert "secret" not in answer.text


def test_a_file_name_is_never_a_path(client: TestClient) -> None:
    answer = client.post("/v1/extractions", files=files(("../../etc/pass\u202ewd.png", png())))
    assert answer.json()[0]["document_id"] == "passwd.png"


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("empty.pdf", b"", 400, "empty_file"),
        ("text.pdf", b"just some text", 415, "unsupported_type"),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj", 400, "corrupt_document"),
        ("cut.png", png()[:60], 400, "corrupt_document"),
        ("dot.png", png(size=(1, 1), mark=False), 400, "blank_page"),
        ("white.png", png(mark=False), 400, "blank_page"),
        ("long.png", b"\x89PNG\r\n\x1a\n" + b"0" * 1_100_000, 413, "file_too_large"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/disputes", "/v1/extractions"])
def test_a_bad_attachment_is_refused_at_once(
    client: TestClient, path: str, name: str, content: bytes, status: int, code: str
) -> None:
    data = {"dispute": json.dumps(DISPUTE)} if path == "/v1/disputes" else None
    answer = client.post(path, data=data, files=files((name, content)))
    details = problem_in(answer)
    assert (details.status, details.code) == (status, code)
    assert code == "file_too_large" or name in details.detail


def order_with(**changes: object) -> dict[str, object]:
    return DISPUTE | {"order": DISPUTE["order"] | changes}


@pytest.mark.parametrize(
    ("dispute", "code", "told"),
    [
        ("{", "invalid_json", "not JSON"),
        ("[" * 100_000, "invalid_json", "not JSON"),
        ([], "invalid_order_data", "list"),
        ({}, "invalid_order_data", '"order"'),
        (DISPUTE | {"reciepts": []}, "unknown_key", "'receipts'"),
        (order_with(curency="EUR"), "unknown_key", "'currency'"),
        (order_with(currency="EURO"), "unknown_currency", "EURO"),
        (order_with(lines=[]), "invalid_order_data", "order.lines"),
        (DISPUTE | {"documents": [{"zzz": 1}]}, "invalid_document_json", "documents[0]"),
        (DISPUTE, "invalid_request", "attachments"),
    ],
)
def test_a_bad_dispute_is_refused_with_what_to_do(
    client: TestClient, dispute: object, code: str, told: str
) -> None:
    details = problem_in(post(client, dispute=dispute))
    assert (details.status, details.code) == (422, code)
    assert told in details.detail


def test_a_form_without_its_parts_is_refused(client: TestClient) -> None:
    bodies: list[dict[str, Any]] = [
        {"json": DISPUTE},
        {"files": files(("a.png", png()))},
        {"content": b"", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"data": {"dispute": "{}", "attachment": "x"}},
        {"data": {"dispute": "{}", "attachments": "x"}},
        {"data": {"dispute": "{}"}, "files": files(*[(f"{n}.png", png()) for n in range(4)])},
        {"content": b"--x\r\nbroken", "headers": {"content-type": "multipart/form-data"}},
    ]
    for body in bodies:
        details = problem_in(client.post("/v1/disputes", **body))
        assert (details.status, details.code) == (422, "invalid_request")


def test_unknown_places_answer_with_problems(client: TestClient) -> None:
    assert problem_in(client.get("/v1/disputes/none")).code == "not_found"
    assert problem_in(client.get("/nowhere")).code == "not_found"
    assert problem_in(client.get("/v1/extractions")).code == "method_not_allowed"


def test_a_body_without_a_length_is_limited_too(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="attachments"; filename="a"\r\n\r\n'
        for _ in range(30):
            yield b"0" * 50_000

    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = client.post("/v1/extractions", content=chunks(), headers=kind)
    assert problem_in(answer).code == "file_too_large"


def test_only_so_many_disputes_wait(stores: Stores) -> None:
    with client_of(stores, works=False) as client:
        for _ in range(4):
            assert post(client, ("scan.png", png())).status_code == 202
        refused = post(client, ("scan.png", png()))
        assert problem_in(refused).code == "queue_full"
        assert refused.headers["retry-after"] == "5"
        assert len(list(stores.content.owners())) == 4


def test_readiness_tells_what_is_missing(stores: Stores) -> None:
    async def missing() -> tuple[str, ...]:
        return ("tesseract: not found on the PATH; apt-get install tesseract-ocr",)

    with client_of(stores, missing=missing) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (503, "not_ready")
        assert "apt-get" in answer.json()["missing"][0]
        assert client.get("/healthz").status_code == 200


def test_limits_and_documentation(client: TestClient) -> None:
    limits = client.get("/v1/limits").json()
    assert limits["attachments"] == 3
    assert limits["per_attachment"]["max_pages"] == 200
    assert (limits["wait_s"], limits["retention_days"], limits["unfinished_jobs"]) == (20, 30, 4)
    assert client.get("/readyz").json() == {"status": "ok", "missing": []}
    assert "docs.js" in client.get("/docs").text
    paths = client.get("/openapi.json").json()["paths"]
    assert paths.keys() == {
        "/desk/session",
        "/v1/disputes",
        "/v1/disputes/{dispute_id}",
        "/v1/disputes/{dispute_id}/attachments",
        "/v1/disputes/{dispute_id}/attachments/{attachment}",
        "/v1/disputes/{dispute_id}/attachments/{attachment}/pages/{page}",
        "/v1/disputes/{dispute_id}/corrections",
        "/v1/disputes/{dispute_id}/corrections/{correction}",
        "/v1/disputes/{dispute_id}/versions",
        "/v1/disputes/{dispute_id}/versions/{version}",
        "/v1/disputes/{dispute_id}/cancel",
        "/v1/extractions",
        "/v1/extractions/{extraction_id}",
        "/v1/webhooks",
        "/v1/webhooks/{webhook_id}",
        "/v1/webhooks/{webhook_id}/rotate",
        "/v1/webhooks/{webhook_id}/deliveries",
        "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
        "/v1/limits",
        "/healthz",
        "/readyz",
    }
    form = paths["/v1/disputes"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert "required" not in form["schema"]  # its order comes as text or as files


UBL_INVOICE = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">
 <cbc:ID>I-7</cbc:ID>{more}
 <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="EA">10</cbc:InvoicedQuantity>
  <cbc:LineExtensionAmount currencyID="EUR">20.00</cbc:LineExtensionAmount>
  <cac:Item><cac:SellersItemIdentification><cbc:ID>A-1</cbc:ID></cac:SellersItemIdentification>
  </cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">2.00</cbc:PriceAmount></cac:Price>
 </cac:InvoiceLine></Invoice>"""


def test_an_attachment_may_be_data(client: TestClient) -> None:
    files = {"attachments": ("bill.xml", UBL_INVOICE.format(more="").encode())}
    answer = client.post("/v1/extractions", files=files)
    (document,) = answer.json()
    assert document["document_id"] == "bill.xml"
    quantity = document["line_items"][0]["quantity"]
    assert (quantity["value"], quantity["source"], quantity["confidence"]) == ("10", "edi", 1.0)


def test_data_that_cannot_be_read_is_refused_at_once(client: TestClient) -> None:
    content = UBL_INVOICE.format(more="<cbc:IssueDate>yesterday</cbc:IssueDate>").encode()
    answer = client.post("/v1/extractions", files={"attachments": ("bill.xml", content)})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_exchange_file")
    assert "bill.xml: /Invoice/cbc:IssueDate: expected a date" in answer.json()["detail"]
