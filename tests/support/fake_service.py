"""The whole service without Ray or model: application, stores, one worker, a fake reader."""

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw
from sqlalchemy import Engine

from data.file_hash import stamp_documents
from data.pages.attachment_reader import AttachmentReader, BlankDocument
from data.pages.attachments import PageSizes
from data.records import ExtractedDocument, Field, LineItem, PageSummary, Problem
from serving.evidence.additions import Additions
from serving.evidence.search import Search
from serving.service.worker import Pace, Processing, Stores, Worker
from serving.settings import Settings
from serving.store.content import ContentStore
from serving.store.database import open_engine, upgrade
from serving.store.jobs import JobStore
from serving.store.leases import Leases
from serving.store.secret_box import SecretBox
from serving.store.sessions import SessionStore
from serving.store.webhooks import WebhookStore
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from serving.web.app import build_app
from serving.web.backend import Backend

D = Decimal
DISPUTE: dict[str, Any] = {
    "order": {
        "po_number": "4711",
        "currency": "EUR",
        "lines": [
            {
                "po_line_number": "1",
                "product_code": "A-1",
                "quantity_ordered": "10",
                "unit_code": "EA",
                "unit_price": "2.00",
            }
        ],
    },
    "receipts": [
        {"receipt_id": "R1", "lines": [{"po_line_number": "1", "quantity_received": "8"}]}
    ],
}


def now() -> datetime:
    return datetime.now(UTC)


def png(mark: bool = True, size: tuple[int, int] = (300, 400)) -> bytes:
    image = Image.new("L", size, 255)
    if mark:
        ImageDraw.Draw(image).rectangle((50, 50, 200, 60), fill=0)
    stream = io.BytesIO()
    image.save(stream, "png")
    return stream.getvalue()


def read(value: str | Decimal) -> Field:
    return Field(value, str(value), 0.99, 0, (0.1, 0.1, 0.2, 0.1, 0.2, 0.2, 0.1, 0.2))


def invoice(name: str) -> ExtractedDocument:
    """Ten pieces billed at 2.00: two more than the eight of `DISPUTE` that arrived."""
    line = LineItem(
        product_code=read("A-1"),
        quantity=read(D(10)),
        unit=read("EA"),
        unit_code=read("EA"),
        unit_price=read(D("2.00")),
        amount=read(D("20.00")),
        page=0,
    )
    return ExtractedDocument(
        name,
        read("invoice"),
        {"invoice_id": read("I-1"), "purchase_order": read("4711"), "currency": read("EUR")},
        (line,),
        (PageSummary(0, "invoice", 0.9, 0, 300, 400, 9, "ocr", "fake"),),
        (Problem("page_too_dense", "some words were left out", 0),) if "dense" in name else (),
    )


async def extract(
    name: str, content: bytes, page_sizes: PageSizes | None
) -> tuple[ExtractedDocument, ...]:
    if "blank" in name:
        raise BlankDocument(f"{name}: every page is white; scan the printed side")
    if "crash" in name:
        raise ZeroDivisionError("secret inside")
    return stamp_documents((invoice(name),), content)


class Gate:
    """Reads nothing until it is opened; counts who waits in front of it."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.waiting = 0

    async def extract(
        self, name: str, content: bytes, page_sizes: PageSizes | None
    ) -> tuple[ExtractedDocument, ...]:
        self.waiting += 1
        try:
            await self.opened.wait()
        finally:
            self.waiting -= 1
        return await extract(name, content, page_sizes)


async def check(name: str, content: bytes) -> PageSizes:
    return (await asyncio.to_thread(AttachmentReader().open, content, name)).page_sizes


async def nothing_missing() -> tuple[str, ...]:
    return ()


# The same in every process of a test.
BOX = SecretBox([base64.urlsafe_b64encode(bytes(32)).decode()])


def craft(read_with: Any = extract) -> Processing:
    return Processing(
        extract=read_with,
        examine=lambda documents, data: verdict_to_json(examine(documents, data)),
        model_version="model-1",
        policy_version="policy-1",
    )


def stores_in(folder: Path, settings: Settings, engine: Engine | None = None) -> Stores:
    """Stores in a folder; without an engine, in a new SQLite file there."""
    kept = settings.with_storage_in(folder)
    if engine is None:
        engine = open_engine(kept.database_url)
        upgrade(engine)
    rules = settings.job_rules
    return Stores(
        JobStore(engine, now, rules),
        Leases(engine, now, rules),
        ContentStore(kept.objects_url),
        now,
    )


SETTINGS = Settings(attachments=3, request_mb=1, running_disputes=1, unfinished_jobs=4, wait_s=20)


def client_of(
    stores: Stores,
    settings: Settings = SETTINGS,
    read_with: Any = extract,
    works: bool = True,
    **changes: Any,
) -> TestClient:
    """A client of the service; with `works` a worker runs beside it, as long as it is entered."""
    worker = Worker("test", stores, craft(read_with), Pace(at_once=1, poll_s=0.5, retry_s=0.0))

    @asynccontextmanager
    async def working(app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(worker.run()) if works else None
        yield
        await worker.drain()
        if task is not None:
            await task

    parts: dict[str, Any] = {
        "jobs": stores.jobs,
        "additions": Additions(stores.jobs._engine, now, settings.job_rules),
        "search": Search(stores.jobs._engine),
        "content": stores.content,
        "keys": None,
        "sessions": SessionStore(stores.jobs._engine, now, BOX),
        "webhooks": WebhookStore(stores.jobs._engine, now, BOX),
        "check": check,
        "missing": nothing_missing,
        "settings": settings,
        "wake": worker.wake,
    }
    app = build_app(Backend(**parts | changes), working)
    return TestClient(app, raise_server_exceptions=False, client=("127.0.0.1", 50_000))


def files(*named: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("attachments", (name, content)) for name, content in named]


def post(
    client: TestClient, *named: tuple[str, bytes], dispute: object = DISPUTE, **headers: str
) -> Any:
    """Posts a dispute; `idempotency_key="k"` and the like become headers."""
    text = dispute if isinstance(dispute, str) else json.dumps(dispute)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        "/v1/disputes", data={"dispute": text}, files=files(*named) or None, headers=sent
    )
