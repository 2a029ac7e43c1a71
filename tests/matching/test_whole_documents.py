"""What is checked of whole invoices: charges, tax, terms, vendors, copies, parts and papers.

Each row names the worked case or the finding of `serving/matching/README.md` that it is about.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.findings.codes import STANDARD_CODES
from serving.matching.invoice.agreements import name_likeness
from serving.matching.invoice.duplicates import folded_number
from serving.matching.invoice.order_terms import likely_rate
from serving.matching.invoice.payment_terms import Terms, read_terms
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from serving.verdict.records import verdict_to_json
from serving.wire.document_json import documents_from_json
from tests.support.small_disputes import found, got, order, paper, po, row

D = Decimal


def freight(amount: str, kind: str = "freight") -> dict[str, Any]:
    return {"line_type": kind, "description": kind, "amount": amount}


def one_line(**head: Any) -> OrderData:
    """100 EA at 10.00 ordered and received."""
    return order(po("100", "10.00"), receipts=[got("100")], head=head)


def bill(
    name: str = "invoice", *rows: dict[str, Any], kind: str = "invoice", **fields: str
) -> ExtractedDocument:
    """A document of that id over 100 EA at 10.00, or over other rows."""
    header = {"purchase_order": "4711"} | fields
    lines = list(rows) or [row("100", "10.00", amount="1000.00")]
    (document,) = documents_from_json(
        {"id": name, "document_type": kind, "fields": header, "line_items": lines}
    )
    return document


def noted_short(count: str, unit: str) -> ExtractedDocument:
    """A signed proof of delivery over 20 cartons, some noted short."""
    (document,) = documents_from_json(
        {
            "id": "pod",
            "document_type": "proof_of_delivery",
            "fields": {"purchase_order": "4711", "receiver_signature": "present"},
            "exceptions": [{"kind": "short", "quantity": count, "unit": unit}],
            "line_items": [{"product_code": "A-1", "quantity_shipped": "20", "unit": "CS"}],
        }
    )
    return document


ROW = row("100", "10.00", amount="1000.00")
COPY = {"invoice_id": "INV-00150", "invoice_total": "1000.00", "invoice_date": "2025-05-02"}
HALF = row("50", "10.00", amount="500.00")
CASES: list[tuple[str, str, Sequence[ExtractedDocument], OrderData, list[Any], str]] = [
    # Freight (case 13): the row or what stands below the rows, never both.
    ("13", "75.00 freight, 60.00 planned", [paper(ROW, freight("75.00"))],
     one_line(planned_freight="60.00"), [("FREIGHT_VARIANCE", None, "15.00")], "discrepancy"),
    ("13", "freight below the rows", [paper(ROW, shipping_charge="75.00")],
     one_line(planned_freight="60.00"), [("FREIGHT_VARIANCE", None, "15.00")], "discrepancy"),
    ("13", "the same freight in a row and below", [
        paper(ROW, freight("75.00"), shipping_charge="75.00")],
     one_line(planned_freight="60.00"), [("FREIGHT_VARIANCE", None, "15.00")], "discrepancy"),
    ("13", "exactly as planned", [paper(ROW, freight("60.00"))],
     one_line(planned_freight="60.00"), [], "matched"),
    ("13", "a cent above", [paper(ROW, freight("60.01"))],
     one_line(planned_freight="60.00"), [("FREIGHT_VARIANCE", None, "0.01")], "discrepancy"),
    ("13", "less than planned is no finding", [paper(ROW, freight("10.00"))],
     one_line(planned_freight="60.00"), [], "matched"),
    ("13", "planned line by line", [paper(ROW, freight("75.00"))],
     order(po("100", "10.00", planned_freight="60.00"), receipts=[got("100")]),
     [("FREIGHT_VARIANCE", None, "15.00")], "discrepancy"),
    ("13", "nothing planned, the vendor bears it", [paper(ROW, freight("75.00"))],
     one_line(freight_terms="prepaid"), [("FREIGHT_UNPLANNED", None, "75.00")], "discrepancy"),
    ("13", "nothing planned, our carrier bills us", [paper(ROW, freight("75.00"))],
     one_line(freight_terms="collect"), [("FREIGHT_UNPLANNED", None, "75.00")], "discrepancy"),
    ("13", "prepaid and add: who knows how much", [paper(ROW, freight("75.00"))],
     one_line(freight_terms="prepaid_and_add"), [("FREIGHT_UNPLANNED", None, "75.00")],
     "needs_review"),
    ("13", "nothing is known of freight", [paper(ROW, freight("75.00"))],
     one_line(), [("FREIGHT_UNPLANNED", None, "75.00")], "needs_review"),
    ("13", "freight that could not be read", [paper(ROW, freight("n/a"))],
     one_line(planned_freight="60.00"), [], "needs_review"),
    ("2.3", "four deposits for three pallets", [paper(ROW, freight("60.00", "deposit"))],
     one_line(agreed_deposit="45.00"), [("DEPOSIT_ERROR", None, "15.00")], "discrepancy"),
    ("2.3", "fewer deposits may follow", [paper(ROW, freight("30.00", "deposit"))],
     one_line(agreed_deposit="45.00"), [("DEPOSIT_ERROR", None, "-15.00")], "matched"),
    ("2.3", "a deposit nobody spoke of", [paper(ROW, freight("30.00", "deposit"))],
     one_line(), [("DEPOSIT_ERROR", None, "30.00")], "needs_review"),
    # Allowance on the whole invoice (case 15).
    ("15", "2 % of 1,000 over lines 600/400, prices net of it", [
        paper(row("60", "10.00", amount="600.00"), row("40", "10.00", "A-2", amount="400.00"),
              total_discount="20.00", sub_total="1000.00", invoice_total="980.00")],
     order(po("60", "9.80"), po("40", "9.80"), receipts=[got("60"), got("40", "2")],
           head={"allowances": [{"rate": "2", "in_price": True}]}), [], "matched"),
    ("15", "only 1 % is taken off", [
        paper(ROW, total_discount="10.00", sub_total="1000.00", invoice_total="990.00")],
     order(po("100", "9.80"), receipts=[got("100")],
           head={"allowances": [{"rate": "2", "in_price": True}]}),
     [("PRICE_OVER", "100", "10.00")], "discrepancy"),
    ("15", "agreed beside the prices and not taken off", [paper(ROW, invoice_total="1000.00")],
     one_line(allowances=[{"rate": "2"}]), [("ALLOWANCE_MISSING", None, "20.00")], "discrepancy"),
    ("15", "agreed beside the prices, half of it taken off", [
        paper(ROW, total_discount="10.00", sub_total="1000.00", invoice_total="990.00")],
     one_line(allowances=[{"rate": "2"}]), [("DISCOUNT_INCORRECT", None, "10.00")], "discrepancy"),
    ("15", "agreed beside the prices and taken off", [
        paper(ROW, total_discount="20.00", sub_total="1000.00", invoice_total="980.00")],
     one_line(allowances=[{"rate": "2"}]), [], "matched"),
    ("15", "taken off in a row", [paper(ROW, freight("-20.00", "allowance"))],
     one_line(allowances=[{"rate": "2"}]), [], "matched"),
    ("15", "a discount nobody agreed on is a part of the price", [
        paper(row("100", "10.20", amount="1020.00"), total_discount="20.00", sub_total="1020.00",
              invoice_total="1000.00")],
     one_line(), [], "matched"),
    # Tax inside the prices (case 18).
    ("18", "12.00 with 20 %: 12.00 / 1.20 = 10.00", [
        paper(row("100", "12.00", amount="1200.00"), total_tax="200.00", invoice_total="1200.00")],
     one_line(), [], "matched"),
    ("18", "over a net subtotal", [
        paper(row("100", "12.00", amount="1200.00"), sub_total="1000.00", total_tax="200.00",
              invoice_total="1200.00")],
     one_line(), [], "matched"),
    ("18", "13.20 with 20 % is 11.00", [
        paper(row("100", "13.20", amount="1320.00"), total_tax="220.00", invoice_total="1320.00")],
     one_line(), [("PRICE_OVER", "100", "100.00")], "discrepancy"),
    ("18", "13.67 is 11.49 with 19 %, rounded: no variance", [
        paper(row("100", "13.67", amount="1367.00"), total_tax="218.26", invoice_total="1367.00")],
     order(po("100", "11.49"), receipts=[got("100")]), [], "matched"),
    ("18", "the order's prices include it too", [
        paper(ROW, total_tax="166.67", invoice_total="1000.00")], one_line(), [], "needs_review"),
    # Tax (2.3, case 24).
    ("2.3", "19 % of 1,000 is 190, 200 is billed", [
        paper(ROW | {"tax_rate": "19"}, sub_total="1000.00", total_tax="203.17",
              invoice_total="1203.17")],
     one_line(), [("TAX_MISMATCH", None, "13.17")], "discrepancy"),
    ("2.3", "right at another rate: which is due?", [
        paper(ROW, sub_total="1000.00", total_tax="70.00", invoice_total="1070.00")],
     one_line(tax_rate="19"), [("TAX_MISMATCH", None, "-120.00")], "needs_review"),
    ("2.3", "tax on a buyer who pays none", [
        paper(ROW, sub_total="1000.00", total_tax="60.00", invoice_total="1060.00")],
     one_line(tax_exempt=True), [("TAX_MISMATCH", None, "60.00")], "discrepancy"),
    ("2.3", "no tax for a buyer who pays none", [
        paper(ROW, sub_total="1000.00", total_tax="0.00", invoice_total="1000.00")],
     one_line(tax_exempt=True), [], "matched"),
    ("2.3", "freight may be untaxed", [
        paper(ROW, sub_total="1000.00", shipping_charge="60.00", total_tax="190.00",
              invoice_total="1250.00")],
     one_line(tax_rate="19", planned_freight="60.00"), [], "matched"),
    ("24", "3 × round(0.115) = 0.36 against round(0.345) = 0.35", [
        paper(*(row("1", "1.15", f"A-{n}", amount="1.15") for n in (1, 2, 3)),
              sub_total="3.45", total_tax="0.36", invoice_total="3.81")],
     order(*(po("1", "1.15") for _ in range(3)), receipts=[got("1", str(n)) for n in (1, 2, 3)],
           head={"tax_rate": "10"}), [], "matched"),
    # Currency (case 25).
    ("25", "1,000.00 EUR are 1,080.00 USD as agreed", [paper(ROW, currency="EUR")],
     order(po("100", "10.80"), receipts=[got("100")], head={"agreed_rates": {"EUR": "1.08"}}),
     [], "matched"),
    ("25", "the difference in the invoice's money", [
        paper(row("100", "11.00", amount="1100.00"), currency="EUR")],
     order(po("100", "10.80"), receipts=[got("100")], head={"agreed_rates": {"EUR": "1.08"}}),
     [("PRICE_OVER", "100", "100.00")], "discrepancy"),
    ("25", "9.99 EUR print 10.79 USD", [
        paper(row("100", "9.99", amount="999.00"), currency="EUR")],
     order(po("100", "10.79"), receipts=[got("100")], head={"agreed_rates": {"EUR": "1.08"}}),
     [], "matched"),
    ("25", "sums are checked in the printed currency", [
        paper(ROW, currency="EUR", invoice_total="1100.00")],
     order(po("100", "10.80"), receipts=[got("100")], head={"agreed_rates": {"EUR": "1.08"}}),
     [("TOTAL_MISMATCH", None, "100.00")], "discrepancy"),
    ("25", "no rate for that currency", [paper(ROW, currency="EUR")],
     order(po("100", "10.80"), receipts=[got("100")], head={"agreed_rates": {"GBP": "1.30"}}),
     [("CURRENCY_MISMATCH", None, None)], "discrepancy"),
    # Order, vendor and terms (2.3).
    ("2.3", "a closed order", [paper(ROW, invoice_total="1000.00")],
     order(po("100", "10.00"), head={"closed": True}), [("PO_CLOSED", None, "1000.00")],
     "discrepancy"),
    ("2.3", "a closed order still owes what came", [paper(ROW, invoice_total="1000.00")],
     one_line(closed=True), [], "matched"),
    ("2.3", "and no more than that", [paper(ROW, invoice_total="1000.00")],
     order(po("100", "10.00"), receipts=[got("60")], head={"closed": True}),
     [("QTY_OVER_RECEIPT", "40", "400.00")], "discrepancy"),
    ("2.3", "a closed order of which all is billed", [paper(ROW, invoice_id="RE-2")],
     order(po("100", "10.00"), receipts=[got("100")], head={"closed": True},
           billed=[{"invoice_id": "RE-1", "po_line_number": "1", "base_quantity": "100"}]),
     [("PO_CLOSED", None, "1000.00")], "discrepancy"),
    ("2.3", "closed after the invoice was posted", [paper(ROW, invoice_id="RE-1")],
     order(po("100", "10.00"), receipts=[got("100")], head={"closed": True},
           billed=[{"invoice_id": "RE-1", "po_line_number": "1", "base_quantity": "100"}]),
     [], "matched"),
    ("2.3", "somebody else bills", [
        paper(ROW, vendor_name="Norvia Tools AG", invoice_total="1000.00")],
     one_line(vendor_name="Kapla Hardware Co."), [("VENDOR_MISMATCH", None, "1000.00")],
     "discrepancy"),
    ("2.3", "the vendor with another legal form", [paper(ROW, vendor_name="KAPLA HARDWARE, INC.")],
     one_line(vendor_name="Kapla Hardware Co."), [], "matched"),
    ("2.3", "a name that may be misread", [paper(ROW, vendor_name="Kapla Hardwore")],
     one_line(vendor_name="Kapla Hardware Co."), [], "matched"),
    ("2.3", "a name a little alike bars claims", [
        paper(row("100", "11.00"), vendor_name="Kapla Software")],
     one_line(vendor_name="Kapla Hardware Co."), [("PRICE_OVER", "100", "100.00")],
     "needs_review"),
    ("2.3", "another name and the vendor's tax number", [
        paper(ROW, vendor_name="Norvia Tools AG", vendor_tax_id="DE 123456789")],
     one_line(vendor_name="Kapla Hardware Co.", vendor_tax_id="DE123456789"), [], "matched"),
    ("2.3", "other terms", [paper(ROW, payment_terms="NET 10")],
     one_line(payment_terms="NET 30"), [("TERMS_MISMATCH", None, None)], "discrepancy"),
    ("2.3", "the same terms in other words", [
        paper(ROW, payment_terms="14 Tage 2 % Skonto, 30 Tage netto")],
     one_line(payment_terms="2/14 net 30"), [], "matched"),
    ("2.3", "terms that nobody understands", [paper(ROW, payment_terms="as always")],
     one_line(payment_terms="NET 30"), [("TERMS_MISMATCH", None, None)], "needs_review"),
    # Copies (2.5, case 39).
    ("39", "sent again with an O for a 0", [
        bill(**COPY), bill("again", **COPY | {"invoice_id": "INV-O0150",
                                              "invoice_date": "2025-05-05"})],
     one_line(), [("DUPLICATE_INVOICE", None, "1000.00")], "discrepancy"),
    ("39", "the same number months later: a question", [
        bill(**COPY), bill("again", **COPY | {"invoice_date": "2025-07-05"})],
     order(po("200", "10.00"), receipts=[got("200")]),
     [("DUPLICATE_INVOICE", None, "1000.00")], "needs_review"),
    ("39", "the same number next year: another invoice", [
        bill(**COPY), bill("again", **COPY | {"invoice_date": "2026-05-05"})],
     order(po("200", "10.00"), receipts=[got("200")]), [], "needs_review"),
    ("39", "two equal shipments", [
        bill("one", HALF, invoice_id="770134", invoice_total="500.00"),
        bill("two", HALF, invoice_id="770135", invoice_total="500.00")],
     order(po("100", "10.00"), receipts=[got("50"), got("50")]), [], "matched"),
    ("39", "a monthly charge", [
        bill("may", **COPY), bill("june", **COPY | {"invoice_id": "INV-00162",
                                                    "invoice_date": "2025-06-02"})],
     order(po("200", "10.00"), receipts=[got("200")]), [], "matched"),
    ("39", "a credit memo with the invoice's number", [
        bill(**COPY), bill("credit", HALF, kind="credit_memo", invoice_id="INV-00150")],
     order(po("100", "10.00"), receipts=[got("50")]), [], "matched"),
    ("39", "a corrected invoice: which counts?", [
        bill(**COPY), bill("new", invoice_id="INV-00151", invoice_total="1000.00",
                           original_invoice_id="INV-00150")],
     order(po("200", "10.00"), receipts=[got("200")]), [], "needs_review"),
    ("39", "known from the past under a slightly other number", [bill(**COPY)],
     order(po("100", "10.00"), receipts=[got("100")],
           invoices=[{"invoice_id": "INV0015O", "invoice_total": "1000.00",
                      "invoice_date": "2025-05-01"}]),
     [("DUPLICATE_INVOICE", None, "1000.00")], "discrepancy"),
    ("39", "the history knows this very invoice", [bill(**COPY)],
     order(po("100", "10.00"), receipts=[got("100")],
           invoices=[{"invoice_id": "INV-00150", "invoice_total": "1000.00",
                      "invoice_date": "2025-05-02"}]),
     [], "matched"),
    # Before the receipt (case 26), carried forward (case 32), cartons noted short (case 35).
    ("26", "an invoice before its receipt waits", [paper(ROW)], order(po("100", "10.00")),
     [("QTY_NO_RECEIPT", "100", "1000.00")], "pending_receipt"),
    ("32", "500 + carried forward 500 + 300 = 800", [
        paper(row("50", "10.00", amount="500.00"),
              {"line_type": "subtotal", "description": "carried forward", "amount": "500.00"},
              row("30", "10.00", "A-2", amount="300.00"), invoice_total="800.00")],
     order(po("50", "10.00"), po("30", "10.00"), receipts=[got("50"), got("30", "2")]),
     [], "matched"),
    ("35", "2 ctn short of 24 at 1.50 are 2 × 24 × 1.50 = 72.00", [
        paper(row("480", "1.50", amount="720.00")), noted_short("2", "CS")],
     order(po("480", "1.50", pack_factors={"CS": "24"}), receipts=[got("432")]),
     [("QTY_OVER_RECEIPT", "48", "72.00")], "discrepancy"),
    ("35", "1 ctn short, but two are missing: papers disagree", [
        paper(row("480", "1.50", amount="720.00")), noted_short("1", "CS")],
     order(po("480", "1.50", pack_factors={"CS": "24"}), receipts=[got("432")]),
     # By either one carton is missing; the other one depends on which is right.
     [("QTY_OVER_RECEIPT", "24", "36.00"), ("QTY_OVER_RECEIPT", "24", "36.00"),
      ("EVIDENCE_CONFLICT", "24", None)], "needs_review"),
    # One invoice in two files (case 34).
    ("34", "page two has the totals and no number", [
        bill("page1", HALF, invoice_id="RE-5"),
        bill("page2", row("50", "10.00", "A-2", amount="500.00"), sub_total="1000.00",
             invoice_total="1000.00")],
     order(po("50", "10.00"), po("50", "10.00"), receipts=[got("50"), got("50", "2")]),
     [], "matched"),
    ("34", "the same number on both", [
        bill("page1", HALF, invoice_id="RE-5"),
        bill("page2", row("50", "10.00", "A-2", amount="500.00"), invoice_id="RE-5",
             invoice_total="1000.00")],
     order(po("50", "10.00"), po("50", "10.00"), receipts=[got("50"), got("50", "2")]),
     [], "matched"),
    ("34", "sums that prove nothing keep them apart", [
        bill("page1", HALF, invoice_id="RE-5"),
        bill("page2", row("50", "10.00", "A-2", amount="500.00"), invoice_id="RE-5",
             invoice_total="900.00")],
     order(po("50", "10.00"), po("50", "10.00"), receipts=[got("50"), got("50", "2")]),
     [("TOTAL_MISMATCH", None, "400.00")], "needs_review"),
    ("34", "two invoices of one order", [
        bill("one", HALF, invoice_id="RE-5", invoice_total="500.00"),
        bill("two", row("50", "10.00", "A-2", amount="500.00"), invoice_id="RE-6",
             invoice_total="500.00")],
     order(po("50", "10.00"), po("50", "10.00"), receipts=[got("50"), got("50", "2")]),
     [], "matched"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "findings", "status"),
    [case[2:] for case in CASES],
    ids=[f"{case[0]}: {case[1]}" for case in CASES],
)
def test_whole_documents(
    documents: Sequence[ExtractedDocument], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    assert (found(verdict), verdict.status) == (findings, status)
    for one in verdict_to_json(verdict)["variances"]:
        assert one["evidence"], one["code"]
        assert one["explanation"]
        assert one["formula"]
        assert one["recommended_action"]


def test_the_table_has_the_edge_cases_of_whole_documents() -> None:
    told = {int(case[0]) for case in CASES if case[0].isdecimal()}
    assert told == {13, 15, 18, 24, 25, 26, 32, 34, 35, 39}


@pytest.mark.parametrize(
    ("head", "fields", "rows", "stated"),
    [
        ({"vendor_name": "Kapla"}, {"vendor_name": "Norvia Tools"}, [ROW],
         ("vendor_name", "Kapla")),
        ({"payment_terms": "NET 30"}, {"payment_terms": "NET 10"}, [ROW],
         ("payment_terms", "NET 30")),
        ({}, {"currency": "EUR"}, [ROW], ("currency", "USD")),
        ({}, {"purchase_order": "990815"}, [ROW], ("po_number", "4711")),
        ({"planned_freight": "60.00"}, {}, [ROW, freight("75.00")], ("planned_freight", "60.00")),
        ({"agreed_deposit": "45"}, {}, [ROW, freight("60", "deposit")],
         ("agreed_deposit", "45.00")),
        ({"allowances": [{"rate": "2"}]}, {}, [ROW], ("allowances", "20.00")),
    ],
)  # fmt: skip
def test_both_sides_of_a_finding_are_evidence(
    head: dict[str, Any], fields: dict[str, str], rows: list[dict[str, Any]],
    stated: tuple[str, str],
) -> None:  # fmt: skip
    (one,) = examine([paper(*rows, **fields)], one_line(**head)).variances
    assert ("4711", *stated) in [(at.document_id, at.field, at.raw_text) for at in one.evidence]


@pytest.mark.parametrize(("sure", "state"), [(1.0, "claim"), (0.97, "open"), (0.5, "open")])
def test_another_vendors_name_is_rather_misread(sure: float, state: str) -> None:
    (seen,) = documents_from_json(
        {
            "document_id": "i",
            "document_type": {"value": "invoice"},
            "fields": {
                "vendor_name": {"value": "Norvia Tools AG", "confidence": sure},
                "invoice_total": {"value": "1100.00"},
            },
            "line_items": [
                {"product_code": {"value": "A-1"}, "quantity": {"value": "100"},
                 "unit_price": {"value": "11.00"}, "amount": {"value": "1100.00"}}
            ],
        }
    )  # fmt: skip
    verdict = examine([seen], one_line(vendor_name="Kapla Hardware Co."))
    assert verdict.variances[0].code == "VENDOR_MISMATCH"
    assert {one.state for one in verdict.variances} == {state}
    # In doubt the lines are compared all the same, and nothing is claimed on them.
    assert len(verdict.variances) == (1 if state == "claim" else 2)


def test_restated_prices_say_so_and_keep_what_is_printed() -> None:
    dear = paper(row("100", "13.20", amount="1320.00"), total_tax="220.00", invoice_total="1320.00")
    verdict = examine([dear], one_line())
    (over,) = verdict.variances
    assert over.formula == "(11.00 − 10.00) × 100 = 100.00"
    printed = next(place for place in over.evidence if place.field == "unit_price")
    assert printed.raw_text == "13.20"
    assert any("20 % is taken off" in reason for reason in verdict.lines[0].reasons)


def test_evidence_of_a_joined_invoice_is_under_the_file_it_is_in() -> None:
    pages = [
        bill("page1", HALF, invoice_id="RE-5"),
        bill("page2", row("50", "12.00", "A-2", amount="600.00"), invoice_total="1100.00"),
    ]
    data = order(po("50", "10.00"), po("50", "10.00"), receipts=[got("50"), got("50", "2")])
    (over,) = examine(pages, data).variances
    assert {place.document_id for place in over.evidence} == {"page2", "4711"}
    sums = {"sub_total": "1000.00", "total_tax": "99.00", "invoice_total": "1099.00"}
    taxed = [pages[0], bill("page2", row("50", "10.00", "A-2", amount="500.00"), **sums)]
    exempt = order(
        po("50", "10.00"), po("50", "10.00"), receipts=[got("50"), got("50", "2")],
        head={"tax_exempt": True},
    )  # fmt: skip
    (tax,) = examine(taxed, exempt).variances
    assert [(place.document_id, place.field) for place in tax.evidence] == [("page2", "total_tax")]


def test_the_same_file_again_gives_the_earlier_result() -> None:
    (again,) = documents_from_json(
        {
            "id": "again",
            "document_type": "invoice",
            "fields": {"purchase_order": "4711", **COPY},
            "line_items": [row("100", "11.00")],
            "file_sha256": "a" * 64,
        }
    )
    past = {"invoice_id": "INV-00150", "file_sha256": "a" * 64, "result": "paid 1000.00"}
    data = order(po("100", "10.00"), receipts=[got("100")], invoices=[past])
    verdict = examine([again], data)
    assert verdict.variances == ()
    (problem,) = verdict.problems
    assert problem.code == "seen_before"
    assert "INV-00150, decided then: paid 1000.00" in problem.message
    # Twice in one dispute it counts once, and nobody has to look.
    assert examine([again, again], one_line()).problems == ()


def test_papers_in_conflict_stand_side_by_side_with_a_range() -> None:
    slip = bill("slip", {"product_code": "A-1", "quantity_shipped": "100", "page": 2},
                kind="packing_slip", packing_list_id="P-7")  # fmt: skip
    data = order(po("100", "10.00"), receipts=[got("96")])
    verdict = examine([bill(), slip], data)
    assert found(verdict) == [
        ("QTY_OVER_RECEIPT", "4", "40.00"),
        ("EVIDENCE_CONFLICT", "4", None),
    ]
    assert [one.state for one in verdict.variances] == ["open", "open"]
    shown = verdict_to_json(verdict)["variances"][1]
    assert shown["amount_range"] == {"low": "0.00", "high": "40.00"}
    assert shown["formula"] == "100 ≠ 96"
    assert {place["document_id"] for place in shown["evidence"]} == {"slip", "R1"}
    # A buyer may decide not to be held up by what the vendor writes himself.
    firm = examine([bill(), slip], data, Policy(vendor_papers="ignore"))
    assert [(one.code, one.state) for one in firm.variances] == [("QTY_OVER_RECEIPT", "claim")]


@pytest.mark.parametrize(
    ("slip", "receipts", "billed", "conflict"),
    [
        ("100", ["100"], "100", False),
        # One of two deliveries, or both together.
        ("40", ["60", "40"], "100", False),
        ("100", ["60", "40"], "100", False),
        # Nobody bills what the papers differ about.
        ("100", ["96"], "96", False),
        ("96", ["100"], "100", True),
        # Packs explain it: a question of units, not of goods.
        ("10", ["120"], "120", False),
    ],
)
def test_a_conflict_counts_where_money_depends_on_it(
    slip: str, receipts: list[str], billed: str, conflict: bool
) -> None:
    data = order(
        po("120", "10.00", pack_factors={"CS": "12"}), receipts=[got(one) for one in receipts]
    )
    listed = bill("slip", {"product_code": "A-1", "quantity_shipped": slip, "unit": "EA"},
                  kind="packing_slip")  # fmt: skip
    codes = [one.code for one in examine([bill("i", row(billed, "10.00")), listed], data).variances]
    assert ("EVIDENCE_CONFLICT" in codes) == conflict


@pytest.mark.parametrize(
    ("required", "papers", "missing"),
    [
        (["proof_of_delivery"], [], ["no proof of delivery"]),
        (["proof_of_delivery"], ["proof_of_delivery"], []),
        (["packing_slip"], ["delivery_note"], []),
        (["packing_slip", "bill_of_lading"], ["packing_slip"], ["no bill of lading"]),
        ([], [], []),
    ],
)
def test_papers_that_have_to_be_there(
    required: list[str], papers: list[str], missing: list[str]
) -> None:
    data = one_line(required_documents=required)
    listed = {"product_code": "A-1", "quantity": "100"}
    sent = [bill(kind, listed, kind=kind) for kind in papers]
    formulas = [one.formula for one in examine([bill(), *sent], data).variances]
    assert formulas == missing


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("NET 30", Terms(30)),
        ("net30", Terms(30)),
        ("30 days net", Terms(30)),
        ("2/10 NET 30", Terms(30, D(2), 10)),
        ("2 % within 10 days, 30 days net", Terms(30, D(2), 10)),
        ("14 Tage 2 % Skonto, 30 Tage netto", Terms(30, D(2), 14)),
        ("60 Tage netto", Terms(60)),
        ("45 jours nets", Terms(45)),
        ("30 jours fin de mois", Terms(30, from_month_end=True)),
        ("Due on receipt", Terms(0)),
        ("as agreed", None),
        ("", None),
    ],
)
def test_payment_terms_in_numbers(text: str, terms: Terms | None) -> None:
    assert read_terms(text) == terms


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Kapla Hardware Co.", "KAPLA HARDWARE", 100),
        ("Kapla Hardware", "Kapla Hardware Europe GmbH", 100),
        ("A.B. Supply Ltd", "AB Supply", 100),
        ("Keldadri Druck & Söhne", "Keldadri Druck und Söhne eG", 85),
    ],
)
def test_names_of_one_vendor(one: str, other: str, alike: int) -> None:
    assert name_likeness(one, other) >= alike
    assert name_likeness(one, other) == name_likeness(other, one)


@given(st.text(alphabet="ABCDXYZ0123456789", min_size=4, max_size=12), st.randoms())
def test_print_does_not_change_a_folded_number(number: str, rng: Any) -> None:
    swaps = {"0": "O", "1": "I", "5": "S"}
    printed = "".join(
        swaps[char] if char in swaps and rng.random() < 0.5 else char for char in number
    )
    assert folded_number(f"00-{printed.lower()} ") == folded_number(number)


@given(
    st.sampled_from(["5.5", "6", "7", "8.25", "19", "20", "25"]),
    st.decimals(min_value=50, max_value=100000, places=2),
)
def test_the_rate_is_found_from_the_sums(rate: str, net: Decimal) -> None:
    tax = (net * D(rate) / 100).quantize(D("0.01"))
    seen = likely_rate(Fraction(tax), Fraction(net + tax), Fraction(2, 100))
    assert seen is not None
    gross = Fraction(net + tax)
    assert abs(gross * seen / (100 + seen) - Fraction(tax)) <= Fraction(2, 100)


cents = st.decimals(min_value="0.01", max_value="5000", places=2)


@given(st.integers(1, 500), cents, st.sampled_from(["6", "7", "19", "20", "8.25"]))
def test_a_net_price_billed_with_tax_inside_is_never_a_price_variance(
    quantity: int, net: Decimal, rate: str
) -> None:
    """Case 18 for any price: however the gross price was rounded, it is the ordered one."""
    gross = (net * (1 + D(rate) / 100)).quantize(D("0.01"))
    total = gross * quantity
    tax = (total * D(rate) / (100 + D(rate))).quantize(D("0.01"))
    line = row(str(quantity), str(gross), amount=str(total), tax_rate=rate)
    document = paper(line, total_tax=str(tax), invoice_total=str(total))
    data = order(po(str(quantity), str(net)), receipts=[got(str(quantity))])
    assert [one for one in examine([document], data).variances if "PRICE" in one.code] == []


@given(cents, cents, st.booleans())
def test_freight_billed_less_planned_is_the_variance(
    billed: Decimal, planned: Decimal, in_row: bool
) -> None:
    rows = [ROW, freight(str(billed))] if in_row else [ROW]
    below = {} if in_row else {"shipping_charge": str(billed)}
    found_here = examine([paper(*rows, **below)], one_line(planned_freight=str(planned))).variances
    assert [one.amount for one in found_here] == ([billed - planned] if billed > planned else [])


def test_every_code_has_its_standard_codes() -> None:
    reasons = {"QTY", "DEL", "QUA", "PRI", "FIN", "REF", "LEG", "PAY", "ITM", "UNR", "NON"}
    for code, said in STANDARD_CODES.items():
        assert said.peppol_reason in reasons, code
        assert said.peppol_action in {"NOA", "PIN", "NIN", "CNF", "CNP", "CNA"}, code
        assert all(len(one) == 2 and one.isdecimal() for one in (*said.x12, *said.x12_412)), code


def test_a_claim_is_in_the_invoices_currency_with_the_rate() -> None:
    document = paper(row("100", "11.00", amount="1100.00"), currency="EUR")
    data = order(po("100", "10.80"), receipts=[got("100")], head={"agreed_rates": {"EUR": "1.08"}})
    verdict = examine([document], data)
    (dear,) = verdict.variances
    assert (dear.currency, verdict.totals.certain) == ("EUR", {"USD": 0, "EUR": Decimal("100.00")})
    assert dear.formula == "(11.88 − 10.80) × 100 = 108.00 USD; 108.00 USD / 1.08 = 100.00"
    assert "1 EUR is 1.08 USD, as agreed." in dear.explanation
    assert "Short-pay 100.00 EUR" in verdict.recommendation
