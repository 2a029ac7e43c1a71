"""Disputes in numbers: paper on one side, order data on the other, findings and status."""

from collections.abc import Sequence
from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from tests.support.small_disputes import claimed, found, got, order, paper, po, row

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
        "matched",
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
        [("PRICE_BASIS_SUSPECT", None, "0.00")],
        "needs_review",
    ),
    (
        "no unit on the paper, less than a pack's difference, and not the ordered total",
        [paper(row("19", "10.10", unit=None, amount="191.90"))],
        order(po("10", "19.00"), receipts=[got("10")]),
        [("QTY_OVER_RECEIPT", "9", "90.90"), ("PRICE_UNDER", "10", "-89.00")],
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
        [("PRICE_OVER", "100", "5.00"), ("PRICE_UNDER", "50", "-5.00")],
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
