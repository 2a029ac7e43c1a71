"""The desk in a real browser: a review by keys, two reviewers, hostile text, another tenant."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from serving.service.worker import Stores
from tests.support.desk_service import Tenants, browser_pages, chromium, desk_service
from tests.support.fake_service import DISPUTE, files, png


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    chromium()


@pytest.fixture
def tenants(stores: Stores) -> Iterator[Tenants]:
    with desk_service(stores) as service:
        yield service


@pytest.fixture
def browser() -> Iterator[Any]:
    with browser_pages() as context:
        yield context


def posted(service: Tenants, key: str, name: str = "scan.png", reference: str = "case-1") -> str:
    with service.http(key) as http:
        answer = http.post(
            "/v1/disputes",
            data={"dispute": json.dumps(DISPUTE), "reference": reference},
            files=files((name, png(size=(600, 800)))),
            headers={"Prefer": "wait=20"},
        )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["dispute_id"])


def is_fault(line: Any) -> bool:
    """Whether the console tells of a fault; that nobody is signed in yet is none."""
    return line.type == "error" and "401" not in line.text


def sign_in(page: Any, service: Tenants, key: str, person: str = "Ada") -> list[str]:
    """Sign in; faults of the page and requests to elsewhere are collected."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: is_fault(line) and faults.append(line.text))
    page.on(
        "request",
        lambda request: request.url.startswith(service.address) or faults.append(request.url),
    )
    page.goto(f"{service.address}/desk/")
    page.fill("#person", person)
    page.fill("#key", key)
    page.keyboard.press("Enter")
    page.wait_for_selector("#worklist")
    return faults


def open_dispute(page: Any, service: Tenants, dispute_id: str) -> None:
    page.goto(f"{service.address}/desk/#/dispute/{dispute_id}")
    page.wait_for_selector("#verdict")


def cell(page: Any, service: Tenants, key: str, dispute_id: str) -> Any:
    with service.http(key) as http:
        dispute = http.get(f"/v1/disputes/{dispute_id}").json()
    return dispute["documents"][0]["line_items"][0]["quantity"]


def test_a_whole_review_by_keys_alone(browser: Any, tenants: Tenants) -> None:
    key = tenants.key("acme")
    dispute_id = posted(tenants, key)
    page = browser.new_page()
    faults = sign_in(page, tenants, key)
    page.wait_for_selector(".rows .row")
    page.keyboard.press("Enter")  # the first row of the list
    page.wait_for_selector("#asked")
    assert page.locator("#asked li").count() == 2
    first = page.evaluate("document.activeElement.dataset.key")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.key") != first
    page.keyboard.press("Shift+Tab")
    assert json.loads(page.evaluate("document.activeElement.dataset.key"))[2] == "quantity"
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.wait_for_selector("#asked li:only-child")
    page.keyboard.press("Enter")  # the price is right as read
    page.wait_for_selector("#nothing-asked")
    assert cell(page, tenants, key, dispute_id)["value"] == "8"
    page.keyboard.press("Control+z")
    page.wait_for_selector("#asked")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#asked li:nth-child(2)")
    assert cell(page, tenants, key, dispute_id)["value"] == "10"
    assert faults == []


def test_a_box_and_its_value_lead_to_each_other(browser: Any, tenants: Tenants) -> None:
    key = tenants.key("acme")
    page = browser.new_page()
    sign_in(page, tenants, key)
    open_dispute(page, tenants, posted(tenants, key))
    page.wait_for_selector(".sheet.ready")
    place = json.dumps(["scan.png", 0, "amount"], separators=(",", ":"))
    page.evaluate(
        "key => [...document.querySelectorAll('.box')].find(b => b.dataset.key === key).click()",
        place,
    )
    assert page.locator("td.current").get_attribute("data-key") == place
    page.locator("td[data-key*='unit_price']").click()
    mark = page.locator(".mark").bounding_box()
    box = page.locator(".box[data-key*='unit_price']").bounding_box()
    assert abs(mark["x"] - box["x"]) < 3
    number = page.locator(".formula button").first
    if number.count():
        number.click()
        assert page.locator(".mark").count() == 1


def test_keys_are_shown_and_esc_leaves_a_value(browser: Any, tenants: Tenants) -> None:
    key = tenants.key("acme")
    page = browser.new_page()
    sign_in(page, tenants, key)
    dispute_id = posted(tenants, key)
    open_dispute(page, tenants, dispute_id)
    page.wait_for_selector("#asked")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys", state="detached")
    page.keyboard.type("77")
    page.keyboard.press("Escape")
    assert page.locator("#asked input").first.input_value() == "10"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.tagName") == "TD"
    assert cell(page, tenants, key, dispute_id)["value"] == "10"


def test_two_reviewers_at_once_lose_nothing(browser: Any, tenants: Tenants) -> None:
    key = tenants.key("acme")
    dispute_id = posted(tenants, key)
    page = browser.new_page()
    sign_in(page, tenants, key)
    open_dispute(page, tenants, dispute_id)
    page.wait_for_selector("#asked")
    with tenants.http(key) as http:
        body = {"document_id": "scan.png", "line": 0, "field": "unit_price", "value": "2.00"}
        answer = http.post(
            f"/v1/disputes/{dispute_id}/corrections",
            json={"revision": 1, "author": "Grace", "corrections": [body]},
            headers={"Prefer": "wait=20"},
        )
        assert answer.status_code == 200
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.wait_for_selector("#notice p")
    assert "Grace added corrections" in page.inner_text("#notice")
    assert cell(page, tenants, key, dispute_id)["value"] == "10"
    assert page.evaluate("document.activeElement.value") == "8"
    page.keyboard.press("Enter")
    page.wait_for_selector("#nothing-asked")
    assert cell(page, tenants, key, dispute_id)["value"] == "8"


def test_hostile_text_is_text(browser: Any, tenants: Tenants) -> None:
    key = tenants.key("acme")
    page = browser.new_page()
    faults = sign_in(page, tenants, key)
    open_dispute(page, tenants, posted(tenants, key, "hostile.png", "<b>reference"))
    assert "<script>" in page.inner_text("#data")
    assert page.title() == "Tieout"
    assert page.locator("#data img, #data script").count() == 0
    assert faults == []


def test_another_tenants_dispute_and_a_signed_out_desk_show_nothing(
    browser: Any, tenants: Tenants
) -> None:
    dispute_id = posted(tenants, tenants.key("acme"))
    page = browser.new_page()
    sign_in(page, tenants, tenants.key("other"))
    page.goto(f"{tenants.address}/desk/#/dispute/{dispute_id}")
    page.wait_for_selector("[role=alert]")
    assert page.locator("#verdict").count() == 0
    status = page.evaluate(
        "path => fetch(path).then(answer => answer.status)",
        f"/v1/disputes/{dispute_id}/attachments/1/pages/1",
    )
    assert status == 404
    page.click("#sign-out")
    page.wait_for_selector("#key")
    assert page.evaluate("fetch('/v1/disputes').then(answer => answer.status)") == 401


@pytest.mark.parametrize(
    ("locale", "word"),
    [("de-DE", "Streitfälle"), ("fr-FR", "Litiges"), ("es-ES", "Disputas"), ("it-IT", "Contest")],
)
def test_the_desk_speaks_the_browsers_language(tenants: Tenants, locale: str, word: str) -> None:
    with browser_pages(locale) as context:
        page = context.new_page()
        sign_in(page, tenants, tenants.key("acme"))
        assert word in page.inner_text("h1")
        assert page.get_attribute("html", "lang") == locale[:2]
