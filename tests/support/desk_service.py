"""The desk in a real browser: Chromium, a service with keys, and disputes with doubtful cells."""

import importlib.util
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from data.file_hash import stamp_documents
from data.pages.attachments import PageSizes
from data.records import Alternative, Field
from serving.service.worker import Stores
from serving.store.identity import Allowance
from serving.store.keys import KeyStore, NewKey
from tests.support.fake_service import SETTINGS, D, client_of, invoice, now
from tests.support.http_server import listening

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'


def chromium() -> str:
    """The path of Chromium; the test is skipped where it or Playwright is not installed."""
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("Playwright is not installed; pip install playwright")
    path = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed; apt-get install chromium")
    return path


@contextmanager
def browser_pages(locale: str = "en-GB", **options: Any) -> Iterator[Any]:
    """A new page of Chromium, whose faults and foreign requests are collected in `faults`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(
            locale=locale, viewport={"width": 1280, "height": 800}, **options
        )
        try:
            yield context
        finally:
            context.close()
            browser.close()


def placed(value: str | Decimal, left: float, confidence: float = 0.99) -> Field:
    box = (left, 0.1, left + 0.1, 0.1, left + 0.1, 0.2, left, 0.2)
    return Field(value, str(value), confidence, 0, box)


async def read_doubtfully(name: str, content: bytes, page_sizes: PageSizes | None) -> Any:
    """Ten pieces at 2.00, the quantity doubtful: 8 is possible, too."""
    paper = invoice(name)
    quantity = replace(placed(D(10), 0.3, 0.6), alternatives=(Alternative(D(8), 0.3),))
    line = replace(
        paper.line_items[0],
        description=placed(HOSTILE if "hostile" in name else "Soap", 0.1),
        quantity=quantity,
        unit_price=placed(D("2.00"), 0.5, 0.7),
        amount=placed(D("20.00"), 0.7),
    )
    paper = replace(paper, line_items=(line,))
    return stamp_documents((paper,), content)


class Tenants:
    """A service with keys, and the keys of its tenants."""

    def __init__(self, stores: Stores, address: str) -> None:
        self.stores, self.address = stores, address
        self.keys = key_store(stores, now)

    def key(self, tenant: str) -> str:
        return self.keys.create(NewKey(tenant, "desk"))[1]

    def http(self, key: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.address, headers={"Authorization": f"Bearer {key}"}, timeout=30
        )


def key_store(stores: Stores, clock: Any) -> KeyStore:
    return KeyStore(stores.jobs._engine, clock, Allowance(100_000, 100_000, 1_000))


@contextmanager
def desk_service(stores: Stores, read_with: Any = read_doubtfully) -> Iterator[Tenants]:
    """The service with keys on, behind a real socket, with a worker beside it."""
    app = client_of(stores, SETTINGS, read_with, keys=key_store(stores, now)).app
    with listening(app) as address:  # type: ignore[arg-type]
        yield Tenants(stores, address)
