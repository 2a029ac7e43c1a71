"""The service as it runs: a real local Ray cluster, posted to over HTTP, gone afterwards."""

import io
from pathlib import Path

import httpx
import psutil
import pytest
from PIL import Image

from serving.client import KeyRejected
from serving.commands.cluster import PortTaken, free_port, refuse_taken_port, run_service
from serving.commands.demo import SAMPLE, settle_dispute
from serving.commands.keys import key_store
from serving.settings import ServiceFile
from serving.store.keys import NewKey
from tests.support.embedded_invoices import invoice, pdf


def white_pages(count: int) -> bytes:
    stream = io.BytesIO()
    pages = [Image.new("L", (300, 400), 255) for _ in range(count)]
    pages[0].save(stream, "tiff", save_all=True, append_images=pages[1:])
    return stream.getvalue()


@pytest.mark.serve
def test_a_dispute_over_http_leaves_no_process_behind(tmp_path: Path) -> None:
    port = free_port()
    # Earlier tests may have left Python's tracker of shared memory, which lives as long as we do.
    before = set(psutil.Process().children(recursive=True))
    service = ServiceFile().with_address(port=port).with_storage_in(tmp_path)
    with key_store(service.settings) as store:
        _, key = store.create(NewKey("acme", "test"))
    head = {"Authorization": f"Bearer {key}"}
    with run_service(service) as address:
        assert httpx.get(f"{address}/readyz", timeout=30).json() == {"status": "ok", "missing": []}
        with pytest.raises(PortTaken, match="--port"):
            refuse_taken_port("127.0.0.1", port)

        with pytest.raises(KeyRejected, match="401"):
            settle_dispute(address, SAMPLE, None)
        dispute = settle_dispute(address, SAMPLE, key)
        assert (dispute.state, dispute.error) == ("done", None)
        assert {one["document_id"].split("#")[0] for one in dispute.documents} == {
            "delivery_note.png",
            "invoice.pdf",
        }
        assert dispute.verdict
        assert dispute.verdict["lines"]

        # Five pages are not looked at before: the refusal comes from the reading process.
        files = [("attachments", ("white.tif", white_pages(5)))]
        answer = httpx.post(f"{address}/v1/extractions", files=files, headers=head, timeout=60)
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, answer.json()["code"]) == (400, "blank_page")
        assert answer.json()["detail"].startswith("white.tif: no page could be read")
        assert "Traceback" not in answer.text

        # What an e-invoice embeds is read to the digit, whatever the model made of its page.
        content = pdf(tmp_path / "a.pdf", invoice()).read_bytes()
        files = [("attachments", ("a.pdf", content))]
        answer = httpx.post(f"{address}/v1/extractions", files=files, headers=head, timeout=60)
        (document,) = answer.json()
        quantity = document["line_items"][0]["quantity"]
        assert (quantity["value"], quantity["source"]) == ("25000", "edi")

        started = set(psutil.Process().children(recursive=True)) - before
        assert any("raylet" in process.name() for process in started)
    _, alive = psutil.wait_procs(started, timeout=15)
    assert alive == []
    refuse_taken_port("127.0.0.1", port)
