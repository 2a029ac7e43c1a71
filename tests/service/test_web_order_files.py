"""A dispute whose order and receipts come as the buyer's own files beside the attachments."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.fake_service import DISPUTE, png
from tests.support.x12_files import interchange, transaction

ORDER_850 = interchange(
    transaction(
        "850",
        "BEG*00*SA*4500017**20250301",
        "CUR*BY*EUR",
        "PO1*1*10*EA*2.5**VP*A-1",
        "PID*F****Widget",
        "CTT*1",
    )
)


def send(client: TestClient, *parts: tuple[str, str, bytes], **data: str) -> Any:
    files = [(part, (name, content)) for part, name, content in parts]
    files.append(("attachments", ("scan.png", png())))
    return client.post("/v1/disputes", files=files, data=data, headers={"Prefer": "wait=20"})


def part(*keys: str) -> bytes:
    return json.dumps({key: DISPUTE[key] for key in keys}).encode()


def test_order_and_receipts_in_files_of_their_own_are_one_dispute(client: TestClient) -> None:
    answer = send(
        client, ("order", "o.json", part("order")), ("receipts", "r.json", part("receipts"))
    )
    assert answer.status_code == 200, answer.text
    whole = send(client, dispute=json.dumps(DISPUTE)).json()
    assert answer.json()["verdict"] == whole["verdict"]


def test_an_order_may_be_an_edi_file_beside_json(client: TestClient) -> None:
    answer = send(client, ("order", "850.x12", ORDER_850.encode()), dispute=json.dumps({}))
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "done"


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"%PDF-1.7", 400, "order.x"),
        (b"ISA*00*", 400, "order.x"),
        (b"{}", 422, '"order"'),
        (b'{"ordre": {}}', 422, "ordre"),
    ],
)
def test_what_is_no_order_is_refused_by_name(
    client: TestClient, content: bytes, status: int, said: str
) -> None:
    answer = send(client, ("order", "order.x", content))
    assert answer.status_code == status
    assert said in answer.json()["detail"]


def test_order_files_belong_to_disputes_alone(client: TestClient) -> None:
    files = [("order", ("o.json", part("order"))), ("attachments", ("scan.png", png()))]
    assert client.post("/v1/extractions", files=files).status_code == 422
