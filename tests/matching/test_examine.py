"""Disputes as they come: doubts, gaps and policies decide what becomes of the money."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.exchange.order_files import parse_order_data
from data.records import Alternative, ExtractedDocument, Field, Problem
from serving.matching.rules.policy import Policy, ToleranceRow
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from serving.wire.document_json import documents_from_json
from tests.support.small_disputes import claimed, doubtful, found, got, order, paper, po, row

D = Decimal
SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "dispute"


def test_deduction_view_gives_the_same_total() -> None:
    data = order(po("100", "10"), receipts=[got("60")])
    verdict = examine([paper(row("100", "11"))], data, Policy(decomposition="deduction"))
    assert found(verdict) == [("QTY_OVER_RECEIPT", "40", "440.00"), ("PRICE_OVER", "60", "60.00")]


cents = st.integers(1, 10_000_000).map(lambda number: D(number) / 100)
units = st.integers(1, 100_000).map(D)


@given(units, units, cents, cents, st.sampled_from(["variance", "deduction"]))
def test_claims_are_billed_less_expected_and_favours_cancel_nothing(
    billed: Decimal, received: Decimal, price: Decimal, ordered: Decimal, view: Any
) -> None:
    data = order(po("200000", str(ordered)), receipts=[got(str(received))])
    verdict = examine([paper(row(str(billed), str(price)))], data, Policy(decomposition=view))
    if verdict.variances and verdict.variances[0].code == "PRICE_BASIS_SUSPECT":
        return
    expected = min(billed, received) * min(price, ordered)
    assert claimed(verdict) == billed * price - expected


def test_a_finding_shows_its_arithmetic_and_its_places() -> None:
    data = order(po("100", "10.00"), receipts=[got("30")])
    document = paper(row("40", "10.00", page=2, bbox=[0.1, 0.2, 0.9, 0.25]))
    (shown,) = verdict_to_json(examine([document], data))["variances"]
    assert shown["formula"] == "(40 − 30) × 10.00 = 100.00"
    first = shown["evidence"][0]
    assert (first["field"], first["raw_text"], first["page"]) == ("quantity", "40", 2)
    assert first["polygon"] == [0.1, 0.2, 0.9, 0.2, 0.9, 0.25, 0.1, 0.25]
    assert shown["evidence"][-1]["document_id"] == "R1"
    assert shown["standard_codes"]["x12_426"] == "06"
    assert shown["tolerance"] == "quantity: abs_upper 0, abs_lower 0"
    json.dumps(shown)


def test_rejected_units_are_paid_when_the_policy_says_so() -> None:
    data = order(po("100", "10.00"), receipts=[got("100", quantity_rejected="8")])
    verdict = examine([paper(row("100", "10.00"))], data, Policy(pay_rejected=True))
    assert (found(verdict), verdict.status) == ([], "matched")


def test_two_way_needs_no_receipt() -> None:
    verdict = examine([paper(row("120", "10"))], order(po("100", "10")), Policy(expect="order"))
    assert found(verdict) == [("QTY_OVER_ORDER", "20", "200.00")]


@pytest.mark.parametrize(
    ("name", "change", "claim"),
    [
        # The quantity drives the claim: unsure or unread, it is none.
        ("quantity", {"confidence": 0.89}, D(0)),
        ("quantity", {"confidence": 0.90}, D(100)),
        ("quantity", {"value": None, "raw_text": "4O"}, D(0)),
        ("quantity", {"value": None, "raw_text": None, "confidence": 0.0}, D(0)),
        ("unit", {"confidence": 0.5}, D(0)),
        # The price does not: a shortage is taken at the ordered price.
        ("unit_price", {"confidence": 0.5}, D(100)),
        # Another reading under which nothing is over.
        ("quantity", {"alternatives": (Alternative(D(30), 0.3),)}, D(0)),
        ("quantity", {"alternatives": (Alternative(D(48), 0.3),)}, D(100)),
    ],
)
def test_doubt_keeps_money_from_being_claimed(
    name: str, change: dict[str, Any], claim: Decimal
) -> None:
    data = order(po("100", "10.00"), receipts=[got("30")])
    verdict = examine([doubtful(paper(row("40", "10.00")), name, **change)], data)
    assert claimed(verdict) == claim
    weak_cell = "alternatives" not in change and change.get("confidence", 0) < 0.9
    assert (verdict.status == "needs_review") == (weak_cell or claim == 0)
    if weak_cell:
        assert any(name in reason for reason in verdict.lines[0].reasons)


def test_an_unread_quantity_is_no_zero() -> None:
    document = doubtful(paper(row("40", "10.00")), "quantity", value=None, raw_text="??")
    verdict = examine([document], order(po("100", "10.00"), receipts=[got("30")]))
    assert verdict.lines[0].billed is None
    assert not [one for one in verdict.variances if one.code.startswith("QTY")]


@pytest.mark.parametrize(
    "documents",
    [
        [],
        [paper()],
        [paper(kind="delivery_note")],
        [replace(paper(row("1", "2.00")), problems=(Problem("blank_page", "page 2 is blank", 1),))],
        [
            paper(row("1", "2.00")),
            replace(paper(kind="delivery_note"), problems=(Problem("ocr_failed", "unread"),)),
        ],
        [paper(row("1", "2.00")), paper(row("1", "2.00"), kind="other")],
    ],
    ids=["nothing", "no line", "no invoice", "page unread", "backup unread", "unknown type"],
)
def test_what_was_not_read_is_never_clean(documents: list[ExtractedDocument]) -> None:
    verdict = examine(documents, order(po("1", "2.00"), receipts=[got("1")]))
    assert verdict.status == "needs_review"
    assert verdict.problems
    assert "Nothing to claim" not in verdict.recommendation


def test_the_same_invoice_twice_counts_once() -> None:
    data = order(po("10", "2.00"), receipts=[got("10")])
    one = paper(row("10", "2.00"), invoice_id="RE-77")
    verdict = examine([one, replace(one, document_id="scan")], data)
    assert found(verdict) == []
    assert [problem.code for problem in verdict.problems] == ["duplicate_document"]
    other = paper(row("11", "2.00"), invoice_id="RE 77")
    assert claimed(examine([one, replace(other, document_id="scan")], data)) == 0


def test_this_invoice_among_the_earlier_bills_counts_once() -> None:
    data = order(
        po("10", "2.00"),
        receipts=[got("10")],
        billed=[
            {"invoice_id": "RE-77", "po_line_number": "1", "base_quantity": "10"},
            {"invoice_id": "X", "po_line_number": "1", "base_quantity": "5", "status": "cancelled"},
        ],
    )
    assert examine([paper(row("10", "2.00"), invoice_id="RE77")], data).status == "matched"


def test_a_standing_claim_asks_for_a_person() -> None:
    data = order(
        po("100", "10.00"),
        receipts=[got("30")],
        claims=[{"claim_id": "C1", "kind": "short_payment", "invoice_id": "RE-77"}],
    )
    verdict = examine([paper(row("40", "10.00"), invoice_id="RE-77")], data)
    assert verdict.status == "needs_review"
    assert "C1" in verdict.recommendation


def delivered(quantity: str, kind: str) -> ExtractedDocument:
    name = "quantity_received" if kind == "proof_of_delivery" else "quantity_shipped"
    return paper({"product_code": "A-1", name: quantity, "unit": "EA"}, kind=kind)


@pytest.mark.parametrize(
    ("quantity", "kind", "role", "status"),
    [
        ("30", "delivery_note", "supports", "discrepancy"),
        ("40", "packing_slip", "contradicts", "needs_review"),
        ("30", "proof_of_delivery", "supports", "discrepancy"),
        ("40", "proof_of_delivery", "contradicts", "needs_review"),
    ],
)
def test_backup_documents_speak_for_or_against(
    quantity: str, kind: str, role: str, status: str
) -> None:
    data = order(po("100", "10.00"), receipts=[got("30")])
    verdict = examine([paper(row("40", "10.00")), delivered(quantity, kind)], data)
    roles = [place.role for place in verdict.variances[0].evidence if place.document_id == kind]
    assert (roles, verdict.status) == ([role], status)


def test_tolerated_differences_are_said_and_not_claimed() -> None:
    policy = Policy(tolerances=(ToleranceRow(kind="price", pct_upper=D(5)),))
    data = order(po("10", "10.00"), receipts=[got("10")])
    inside = examine([paper(row("10", "10.50"))], data, policy)
    assert (inside.status, found(inside)) == ("within_tolerance", [])
    beyond = examine([paper(row("10", "10.51"))], data, policy)
    assert found(beyond) == [("PRICE_OVER", "10", "5.10")]


def test_sums_that_fail_bar_claims_unless_every_cell_is_sure() -> None:
    document = paper(row("40", "10.00", amount="400.00"), sub_total="300.00")
    data = order(po("100", "10.00"), receipts=[got("30")])
    assert claimed(examine([document], data)) == 0  # 100 over received, 100 under the lines' sum
    unsure = examine([doubtful(document, "amount", confidence=0.95)], data)
    assert {one.state for one in unsure.variances} == {"open"}
    assert unsure.status == "needs_review"


def test_backup_of_another_order_says_nothing() -> None:
    data = order(po("100", "10.00"), receipts=[got("30")])
    note = replace(delivered("40", "proof_of_delivery"), fields={"purchase_order": Field("998877")})
    assert examine([paper(row("40", "10.00")), note], data).status == "discrepancy"


def test_unsure_cells_make_an_extension_error_a_question() -> None:
    document = paper(row("10", "2.00", amount="25.00"))
    document = doubtful(document, "amount", confidence=0.97)
    verdict = examine([document], order(po("10", "2.00"), receipts=[got("10")]))
    assert (verdict.status, claimed(verdict)) == ("needs_review", 0)


def test_sample_dispute_from_its_truth() -> None:
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    data = parse_order_data((SAMPLE / "dispute.json").read_bytes())
    shown = verdict_to_json(examine(documents_from_json(truth["documents"]), data))
    names = ("code", "po_line_number", "quantity", "amount", "currency")
    assert [{name: one[name] for name in names} for one in shown["variances"]] == truth["variances"]
