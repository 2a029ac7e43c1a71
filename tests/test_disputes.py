"""Disputes as they come: paper on one side, order data on the other, the verdict in money."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.order_records import OrderData
from data.orders import parse_order_data
from data.records import (
    Alternative,
    ExtractedDocument,
    Field,
    LineItem,
    Problem,
)
from serving.disputes import examine
from serving.documents import document_to_json, documents_from_json
from serving.leaves import DocumentJsonError
from serving.policy import Policy, ToleranceRow
from serving.verdict import verdict_to_json
from tests.small_disputes import claimed, doubtful, found, got, order, paper, po, row

D = Decimal
SAMPLE = Path(__file__).parents[1] / "data" / "samples" / "dispute"


# Each row: the case, documents, order data, findings, status.
CASES: list[tuple[str, Sequence[ExtractedDocument], OrderData, list[Any], str]] = [
    (
        "all agree",
        [paper(row("100", "10.00"))],
        order(po("100", "10.00"), receipts=[got("100")]),
        [],
        "matched",
    ),
    (
        "delivered 50 of 80 billed",
        [paper(row("80", "10"))],
        order(po("100", "10"), receipts=[got("50")]),
        [("QTY_OVER_RECEIPT", "30", "300.00")],
        "discrepancy",
    ),
    (
        "billed below the ordered price",
        [paper(row("100", "1.24"))],
        order(po("100", "1.30"), receipts=[got("100")]),
        [("PRICE_UNDER", "100", "-6.00")],
        "discrepancy",
    ),
    (
        "both: 400 + 100 = 1,100 - 600",
        [paper(row("100", "11"))],
        order(po("100", "10"), receipts=[got("60")]),
        [("QTY_OVER_RECEIPT", "40", "400.00"), ("PRICE_OVER", "100", "100.00")],
        "discrepancy",
    ),
    (
        "cases ordered, eaches billed, 118 received",
        [paper(row("120", "2.00"))],
        order(
            po("10", "24.00", unit_code="CS", pack_factors={"CS": "12"}),
            receipts=[got("118", unit_code="EA")],
        ),
        [("QTY_OVER_RECEIPT", "2", "4.00")],
        "discrepancy",
    ),
    (
        "everything in cases stays in cases",
        [paper(row("40", "10.00", unit="CS"))],
        order(
            po("40", "10.00", unit_code="CS", pack_factors={"CS": "12"}),
            receipts=[got("30", unit_code="CS")],
        ),
        [("QTY_OVER_RECEIPT", "10", "100.00")],
        "discrepancy",
    ),
    (
        "receipt scanned in cases",
        [paper(row("120", "2.00"))],
        order(po("120", "2.00", pack_factors={"CS": "12"}), receipts=[got("10")]),
        [("PRICE_BASIS_SUSPECT", None, "0.00")],
        "needs_review",
    ),
    (
        "case price and case count billed as eaches",
        [paper(row("10", "24.00"))],
        order(po("120", "2.00", pack_factors={"CS": "12"}), receipts=[got("120")]),
        [("PRICE_BASIS_SUSPECT", None, "0.00")],
        "needs_review",
    ),
    (
        "packs of a size nobody states, no unit on the paper",
        [paper(row("20", "55.40", unit=None, amount="1108.00"))],
        order(po("1", "1108.00", unit_code="CS"), receipts=[got("1", unit_code="CS")]),
        [("PRICE_BASIS_SUSPECT", None, "0.00")],
        "needs_review",
    ),
    (
        "no unit on the paper, less than a pack's difference",
        [paper(row("19", "10.00", unit=None, amount="190.00"))],
        order(po("10", "19.00"), receipts=[got("10")]),
        [("QTY_OVER_RECEIPT", "9", "171.00"), ("PRICE_UNDER", "19", "-171.00")],
        "discrepancy",
    ),
    (
        "price per 1000",
        [paper(row("25000", "4.50", price_base_quantity="1000", amount="112.50"))],
        order(po("25000", "0.0045"), receipts=[got("25000")]),
        [],
        "matched",
    ),
    (
        "price per 1000, which only the amount shows",
        [paper(row("25000", "4.50", amount="112.50"))],
        order(po("25000", "0.0045"), receipts=[got("25000")]),
        [],
        "matched",
    ),
    (
        "dozens",
        [paper(row("2", "6.00", unit="DZ"))],
        order(po("24", "0.50"), receipts=[got("24")]),
        [],
        "matched",
    ),
    (
        "partial receipts and an earlier invoice",
        [paper(row("40", "10.00"))],
        order(
            po("100", "10.00"),
            receipts=[got("60"), got("30")],
            billed=[{"invoice_id": "I0", "po_line_number": "1", "base_quantity": "60"}],
        ),
        [("QTY_OVER_RECEIPT", "10", "100.00")],
        "discrepancy",
    ),
    (
        "overbilled before: only this invoice's units",
        [paper(row("10", "1.00"))],
        order(
            po("100", "1.00"),
            receipts=[got("50")],
            billed=[{"invoice_id": "I0", "po_line_number": "1", "base_quantity": "60"}],
        ),
        [("QTY_OVER_RECEIPT", "10", "10.00")],
        "discrepancy",
    ),
    (
        "two limits on the same units",
        [paper(row("110", "10.00"))],
        order(po("100", "10.00"), receipts=[got("104")]),
        [("QTY_OVER_ORDER", "10", "100.00"), ("OVER_DELIVERY", "4", "40.00")],
        "discrepancy",
    ),
    (
        "two billed lines on one PO line",
        [paper(row("60", "10.00"), row("40", "10.50"))],
        order(po("100", "10.00"), receipts=[got("100")]),
        [("PRICE_OVER", "40", "20.00")],
        "discrepancy",
    ),
    (
        "one billed line over two PO lines of one item",
        [paper(row("150", "5.10"))],
        order(
            po("100", "5.00"),
            po("50", "5.20", product_code="A-1"),
            receipts=[got("100"), got("50", "2")],
        ),
        [("PRICE_OVER", "100", "10.00"), ("PRICE_UNDER", "50", "-5.00")],
        "discrepancy",
    ),
    (
        "line discount makes the net price",
        [paper(row("100", "10.00", discount_rate="5", amount="950.00"))],
        order(po("100", "9.50"), receipts=[got("100")]),
        [],
        "matched",
    ),
    (
        "credit memo takes units back",
        [paper(row("5", "10.00"), kind="credit_memo")],
        order(
            po("100", "10.00"),
            receipts=[got("95")],
            billed=[{"invoice_id": "I0", "po_line_number": "1", "base_quantity": "100"}],
        ),
        [],
        "matched",
    ),
    (
        "invoice and credit memo together",
        [paper(row("100", "10.00")), paper(row("5", "10.00"), kind="credit_memo")],
        order(po("100", "10.00"), receipts=[got("95")]),
        [],
        "matched",
    ),
    (
        "credit memo printed negative",
        [paper(row("100", "10.00")), paper(row("-5", "10.00"), kind="credit_memo")],
        order(po("100", "10.00"), receipts=[got("95")]),
        [],
        "matched",
    ),
    (
        "rounded extension",
        [paper(row("3", "3.333", amount="10.00"))],
        order(po("3", "3.333"), receipts=[got("3")]),
        [],
        "matched",
    ),
    (
        "each price rounded up against a case price",
        [paper(row("1200", "3.34"))],
        order(
            po("100", "40.00", unit_code="CS", pack_factors={"CS": "12"}),
            receipts=[got("100", unit_code="CS")],
        ),
        [("PRICE_OVER", "1200", "8.00")],
        "discrepancy",
    ),
    (
        "currencies differ: no numbers compared",
        [paper(row("100", "10.00"), currency="EUR")],
        order(po("100", "10.80"), receipts=[got("100")]),
        [("CURRENCY_MISMATCH", None, None)],
        "discrepancy",
    ),
    (
        "invoice before receipt",
        [paper(row("100", "10.00"))],
        order(po("100", "10.00")),
        [("QTY_NO_RECEIPT", "100", "1000.00")],
        "pending_receipt",
    ),
    (
        "beyond the order, and nothing received",
        [paper(row("120", "10.00"))],
        order(po("100", "10.00")),
        [("QTY_OVER_ORDER", "20", "200.00"), ("QTY_NO_RECEIPT", "100", "1000.00")],
        "discrepancy",
    ),
    (
        "over-delivery exactly at 5 %",
        [paper(row("105", "10.00"))],
        order(po("100", "10.00", over_delivery_pct="5"), receipts=[got("105")]),
        [],
        "matched",
    ),
    (
        "over-delivery one above 5 %",
        [paper(row("106", "10.00"))],
        order(po("100", "10.00", over_delivery_pct="5"), receipts=[got("106")]),
        [("QTY_OVER_ORDER", "1", "10.00"), ("OVER_DELIVERY", "1", "10.00")],
        "discrepancy",
    ),
    (
        "rejected units are billed",
        [paper(row("100", "10.00"))],
        order(po("100", "10.00"), receipts=[got("100", quantity_rejected="8")]),
        [("REJECTED_BILLED", "8", "80.00")],
        "discrepancy",
    ),
    (
        "rejected and short: each unit once",
        [paper(row("110", "10.00"))],
        order(po("120", "10.00"), receipts=[got("100", quantity_rejected="8")]),
        [("QTY_OVER_RECEIPT", "10", "100.00"), ("REJECTED_BILLED", "8", "80.00")],
        "discrepancy",
    ),
    (
        "reversed receipt",
        [paper(row("100", "10.00"))],
        order(po("100", "10.00"), receipts=[got("100"), got("40", reversed=True)]),
        [("QTY_OVER_RECEIPT", "40", "400.00")],
        "discrepancy",
    ),
    (
        "unit price absent: derived from the amount",
        [paper(row("3", None, amount="10.00"))],
        order(po("3", "3.333"), receipts=[got("3")]),
        [],
        "matched",
    ),
    (
        "amount without a quantity is no claim",
        [paper(row(None, None, amount="999.00"))],
        order(po("3", "3.33"), receipts=[got("3")]),
        [],
        "needs_review",
    ),
    (
        "no factor between units",
        [paper(row("10", "24.00", unit="CS"))],
        order(po("120", "2.00"), receipts=[got("120")]),
        [("UOM_UNRESOLVED", None, None)],
        "needs_review",
    ),
    (
        "wrong extension",
        [paper(row("10", "2.00", amount="25.00"))],
        order(po("10", "2.00"), receipts=[got("10")]),
        [("EXTENSION_ERROR", None, "5.00")],
        "discrepancy",
    ),
    (
        "item nobody ordered",
        [paper(row("1", "2.00"), row("3", "7.00", code="ZZ-99", description="Umbrella"))],
        order(po("1", "2.00", description="Hex bolt M6"), receipts=[got("1")]),
        [("ITEM_NOT_ORDERED", "3", "21.00")],
        "discrepancy",
    ),
    (
        "another order's invoice",
        [paper(row("1", "2.00"), purchase_order="998877")],
        order(po("1", "2.00"), receipts=[got("1")]),
        [("PO_NOT_FOUND", None, None)],
        "needs_review",  # the wrong order may have been given: no money is claimed on it
    ),
    (
        "order number one slip off is only doubtful",
        [paper(row("2", "2.00"), purchase_order="4717")],
        order(po("1", "2.00"), receipts=[got("1")]),
        [("QTY_OVER_RECEIPT", "1", "2.00")],
        "needs_review",
    ),
    (
        "carried-forward line is no item",
        [
            paper(
                row("5", "100.00", amount="500.00"),
                {"line_type": "subtotal", "description": "carried forward", "amount": "500.00"},
                row("3", "100.00", amount="300.00"),
                sub_total="800.00",
            )
        ],
        order(po("8", "100.00"), receipts=[got("8")]),
        [],
        "matched",
    ),
    (
        "lines do not sum to the total",
        [paper(row("1", "2.00", amount="2.00"), sub_total="3.00")],
        order(po("1", "2.00"), receipts=[got("1")]),
        [("TOTAL_MISMATCH", None, "1.00")],
        "discrepancy",
    ),
    (
        "prices with tax inside are compared net of it: 12.00 / 1.20 = 10.00",
        [
            paper(
                row("100", "12.00", amount="1200.00"),
                total_tax="200.00",
                invoice_total="1200.00",
            )
        ],
        order(po("100", "10.00"), receipts=[got("100")]),
        [],
        "matched",
    ),
    (
        "freight the order says nothing of",
        [
            paper(
                row("1", "2.00"),
                {"line_type": "freight", "description": "Freight", "amount": "15.00"},
            )
        ],
        order(po("1", "2.00"), receipts=[got("1")]),
        [("FREIGHT_UNPLANNED", None, "15.00")],
        "needs_review",
    ),
    (
        "price per 100 that nothing confirms",
        [paper(row("150", "49.29"))],
        order(po("150", "0.4929"), receipts=[got("150")]),
        [("PRICE_BASIS_SUSPECT", None, "0.00")],
        "needs_review",
    ),
    (
        "a hundredfold price that the amount confirms",
        [paper(row("150", "49.29", amount="7393.50"))],
        order(po("150", "0.4929"), receipts=[got("150")]),
        [("PRICE_OVER", "150", "7319.57")],
        "discrepancy",
    ),
    (
        "free unit beside paid ones",
        [paper(row("12", "5.00", amount="60.00"), row("1", "0.00", amount="0.00"))],
        order(po("12", "5.00"), receipts=[got("13")]),
        [],
        "matched",
    ),
    (
        "merged rows: the row's arithmetic fails, no giant claim",
        [paper(row("3960704", "10.00", amount="46640.00"))],
        order(po("4664", "10.00"), receipts=[got("4664")]),
        [
            ("EXTENSION_ERROR", None, "-39560400.00"),
            ("QTY_OVER_RECEIPT", "3956040", "39560400.00"),
        ],
        "needs_review",
    ),
    (
        "a row of another order",
        [paper(row("1", "2.00"), row("7", "9.00", po_number="998877"))],
        order(po("1", "2.00"), receipts=[got("1")]),
        [],
        "needs_review",
    ),
    (
        "the same item in other words",
        [paper({"description": "Schraube", "quantity": "40", "unit_price": "2.10", "unit": "EA"})],
        order({"quantity_ordered": "50", "unit_price": "2.00", "description": "Screw"}),
        [("ITEM_NOT_ORDERED", "40", "84.00")],
        "needs_review",
    ),
    (
        "a substitute for what is not billed",
        [paper(row("5", "1.00"), row("50", "9.00", code="B-2", description="Umbrella"))],
        order(po("5", "1.00"), po("50", "8.00", description="Parasol"), receipts=[got("5")]),
        [("ITEM_NOT_ORDERED", "50", "450.00")],
        "needs_review",
    ),
    (
        "three times the tax by line",
        [paper(row("1", "1.00", amount="1.00"), sub_total="1.00", total_tax="0.10")],
        order(po("1", "1.00"), receipts=[got("1")]),
        [],
        "matched",
    ),
]


@pytest.mark.parametrize(
    ("documents", "data", "findings", "status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_worked_cases(
    documents: list[ExtractedDocument], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    assert (found(verdict), verdict.status) == (findings, status)
    if status == "needs_review":
        assert claimed(verdict) == 0


def test_deduction_view_gives_the_same_total() -> None:
    data = order(po("100", "10"), receipts=[got("60")])
    verdict = examine([paper(row("100", "11"))], data, Policy(decomposition="deduction"))
    assert found(verdict) == [("QTY_OVER_RECEIPT", "40", "440.00"), ("PRICE_OVER", "60", "60.00")]


cents = st.integers(1, 10_000_000).map(lambda number: D(number) / 100)
units = st.integers(1, 100_000).map(D)


@given(units, units, cents, cents, st.sampled_from(["variance", "deduction"]))
def test_claims_are_exactly_billed_less_expected(
    billed: Decimal, received: Decimal, price: Decimal, ordered: Decimal, view: Any
) -> None:
    data = order(po("200000", str(ordered)), receipts=[got(str(received))])
    verdict = examine([paper(row(str(billed), str(price)))], data, Policy(decomposition=view))
    if verdict.variances and verdict.variances[0].code == "PRICE_BASIS_SUSPECT":
        return
    expected = min(billed, received) * ordered
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


def test_documents_survive_json() -> None:
    leaf = Field(D("1.50"), "1,50", 0.9, 1, (0.0,) * 8, "model", (Alternative(D(150), 0.1),))  # type: ignore[arg-type]
    document = ExtractedDocument(
        "x", Field("invoice"), {"invoice_total": leaf}, (LineItem(quantity=leaf, page=1),)
    )
    assert documents_from_json(json.dumps(document_to_json(document))) == (document,)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"id": "x", "document_type": "invoice", "line_itms": []}, "did you mean 'line_items'"),
        ({"id": "x", "document_type": "invoise"}, "none of invoice"),
        ({"document_type": "invoice"}, "document_id (or id) is missing"),
        (
            {"document_id": "x", "document_type": "invoice", "line_items": [{"quantity": 3}]},
            "document.line_items[0].quantity: 3 is a JSON number",
        ),
        (
            {"document_id": "x", "document_type": "invoice", "fields": {"quantity": "3"}},
            "document.fields: unknown key 'quantity'",
        ),
        (
            {
                "document_id": "x",
                "document_type": "invoice",
                "line_items": [{"amount": {"value": "1,50"}}],
            },
            "'1,50' is not a decimal string",
        ),
        ("[", "not JSON"),
    ],
)
def test_documents_that_are_refused(document: object, says: str) -> None:
    with pytest.raises(DocumentJsonError) as refused:
        documents_from_json(document)
    assert says in str(refused.value)


def test_plain_print_is_read_with_its_other_readings() -> None:
    (document,) = documents_from_json(
        {"id": "x", "document_type": "invoice", "line_items": [{"amount": "1.234,50"}]}
    )
    assert document.line_items[0].amount is not None
    assert document.line_items[0].amount.decimal == D("1234.50")
