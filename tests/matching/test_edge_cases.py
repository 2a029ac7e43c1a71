"""The worked cases of `serving/matching/README.md` by their numbers, with their figures.

Cases of whole documents (13 freight, 15 header allowances, 18 tax in prices, 24 tax by line, 25
currency, 34 files, 39 resends) are rows of `test_whole_documents`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from tests.support.small_disputes import claimed, found, got, order, paper, po, row
from tests.support.tagged_pages import W, tagged_page
from tests.support.tagged_pages import row as printed_row
from training.decoding.documents import decode_documents

D = Decimal


class Case(NamedTuple):
    """One dispute of an edge case, with (code, units, money) of what has to be found."""

    number: int
    told: str
    documents: Sequence[ExtractedDocument]
    data: OrderData
    found: Sequence[tuple[str, str | None, str | None]] = ()
    status: str = "matched"
    policy: Policy | None = None


def billed(quantity: str, price: str, code: str = "A-1", **more: Any) -> dict[str, Any]:
    """A row with its amount rightly extended."""
    cells = {"amount": str(D(quantity) * D(price))} | more
    return row(quantity, price, code, **cells)


def invoice(*rows: dict[str, Any], **fields: str) -> ExtractedDocument:
    return paper(*rows, invoice_id="I-1", **fields)


def credit(*rows: dict[str, Any]) -> ExtractedDocument:
    return paper(*rows, kind="credit_memo", invoice_id="C-1", original_invoice_id="I-1")


def earlier(quantity: str) -> dict[str, Any]:
    return {"billed": [{"invoice_id": "I-0", "po_line_number": "1", "base_quantity": quantity}]}


def read_page(*words: W, struck: int | None = None) -> ExtractedDocument:
    """What is read of a page with those words, the one at `struck` crossed out by hand."""
    page = tagged_page(words)
    if struck is not None:
        page = replace(page, struck=frozenset({struck}))
    (document,) = decode_documents("file", [page])
    return document


CASE_OF_12 = {"pack_factors": {"CS": "12"}}
BY_POUND = {
    "unit_code": "CS", "price_unit_code": "LB", "catch_weight": True,
    "pack_factors": {"LB": "1", "CS": "25"},
}  # fmt: skip
UMBRELLA = billed("50", "9.00", "B-2", description="Umbrella")
PARASOL = {"description": "Parasol"}
KIT = {
    "description": "Tool kit",
    "components": [
        {"product_code": "H-1", "quantity": "1"},
        {"product_code": "S-1", "quantity": "2"},
    ],
}
CLAIM = {"claim_id": "C9", "kind": "shortage", "invoice_id": "I-1", "line": "1"}
RETURNED = got("100", quantity_returned="10")

ORDERED = {"order_date": "2026-01-10"}
DEARER = {"price_versions": [{"unit_price": "10.50", "valid_from": "2026-03-01"}]}


def shipped(day: str) -> ExtractedDocument:
    return paper(kind="packing_slip", packing_list_id="S-1", ship_date=day)


SHIPPED = shipped("2026-03-01")


def with_comma(amount: str) -> ExtractedDocument:
    """A row of 1.000 at 2,50; only the second row says that the comma is the decimal mark."""
    first = printed_row(0, "1.000", "2,50", amount)
    return read_page(*first, *printed_row(1, "3", "1,20", "3,60", "Gadget"))


def widgets(quantity: str) -> OrderData:
    named = po(quantity, "2.50", description="Widget"), po("3", "1.20", description="Gadget")
    return order(*named, receipts=[got(quantity), got("3", "2")])


CORRECTED = read_page(
    *printed_row(0, "48", "2.50", "120.00"), W("46", "quantity", 0.54, 10.0, 0, 0.8), struck=1
)
SHORT = order(po("48", "2.50", description="Widget"), receipts=[got("46")])

# Those that are about whole invoices have their rows in `test_whole_documents`.
IN_WHOLE_DOCUMENTS = {13, 15, 18, 24, 25, 26, 32, 34, 35, 39}
CASES = [
    Case(1, "cases ordered, pieces billed and received", [invoice(billed("120", "2.00"))],
         order(po("10", "24.00", unit_code="CS", **CASE_OF_12),
               receipts=[got("118", unit_code="EA")]),
         [("QTY_OVER_RECEIPT", "2", "4.00")], "discrepancy"),
    Case(2, "a receipt scanned as pieces", [invoice(billed("120", "2.00"))],
         order(po("120", "2.00", **CASE_OF_12), receipts=[got("10")]),
         [("PRICE_BASIS_SUSPECT", None, "0.00")], "needs_review"),
    Case(3, "CA of X12 is a case", [invoice(billed("2", "24.00", unit="CA"))],
         order(po("24", "2.00", **CASE_OF_12), receipts=[got("24")], unit_code_list="x12")),
    Case(3, "CA of nobody knows which list", [invoice(billed("2", "24.00", unit="CA"))],
         order(po("24", "2.00", **CASE_OF_12), receipts=[got("24")]),
         [("UOM_UNRESOLVED", None, None)], "needs_review"),
    Case(4, "M is a thousand", [invoice(billed("25", "4.50", unit="M"))],
         order(po("25000", "0.0045"), receipts=[got("25000")])),
    Case(5, "a price per 1000",
         [invoice(billed("25000", "4.50", price_base_quantity="1000", amount="112.50"))],
         order(po("25000", "0.0045"), receipts=[got("25000")])),
    Case(6, "dozens", [invoice(billed("2", "6.00", unit="DZ"))],
         order(po("24", "0.50"), receipts=[got("24")])),
    Case(7, "partial receipts, earlier invoice", [invoice(billed("40", "10.00"))],
         order(po("100", "10.00"), receipts=[got("60"), got("30")], **earlier("60")),
         [("QTY_OVER_RECEIPT", "10", "100.00")], "discrepancy"),
    Case(8, "earlier overbilling", [invoice(billed("10", "10.00"))],
         order(po("100", "10.00"), receipts=[got("50")], **earlier("60")),
         [("QTY_OVER_RECEIPT", "10", "100.00")], "discrepancy"),
    Case(9, "two limits", [invoice(billed("110", "10.00"))],
         order(po("100", "10.00"), receipts=[got("104")]),
         [("QTY_OVER_ORDER", "10", "100.00"), ("OVER_DELIVERY", "4", "40.00")], "discrepancy"),
    Case(10, "one PO line in two rows", [invoice(billed("60", "10.00"), billed("40", "10.50"))],
         order(po("100", "10.00"), receipts=[got("100")]),
         [("PRICE_OVER", "40", "20.00")], "discrepancy"),
    Case(11, "one row over two PO lines", [invoice(billed("150", "5.10"))],
         order(po("100", "5.00"), po("50", "5.20", product_code="A-1"),
               receipts=[got("100"), got("50", "2")]),
         [("PRICE_OVER", "100", "5.00"), ("PRICE_UNDER", "50", "-5.00")], "discrepancy"),
    Case(12, "an authorised substitute", [invoice(UMBRELLA)],
         order(po("50", "8.00", substitutes=["B-2"], **PARASOL), receipts=[got("50")]),
         [("ITEM_SUBSTITUTED", "50", "50.00")], "discrepancy"),
    Case(12, "an authorised substitute at the ordered price", [invoice(UMBRELLA)],
         order(po("50", "9.00", substitutes=["B-2"], **PARASOL), receipts=[got("50")])),
    Case(12, "more of a substitute than came", [invoice(UMBRELLA)],
         order(po("50", "9.00", substitutes=["B-2"], **PARASOL), receipts=[got("48")]),
         [("QTY_OVER_RECEIPT", "2", "18.00")], "discrepancy"),
    Case(12, "a substitute nobody authorised", [invoice(UMBRELLA)],
         order(po("50", "8.00", **PARASOL), receipts=[got("50")]),
         [("ITEM_SUBSTITUTED", "50", "450.00")], "needs_review"),
    Case(14, "a line discount that makes the net price",
         [invoice(billed("100", "10.00", discount_rate="5", amount="950.00"))],
         order(po("100", "9.50"), receipts=[got("100")])),
    Case(14, "the discount the order grants",
         [invoice(billed("100", "10.00", discount_rate="5", amount="950.00"))],
         order(po("100", "10.00", allowances=[{"rate": "5"}]), receipts=[got("100")])),
    Case(14, "the discount the order grants, in a net price", [invoice(billed("100", "9.50"))],
         order(po("100", "10.00", allowances=[{"rate": "5"}]), receipts=[got("100")])),
    Case(14, "no discount", [invoice(billed("100", "10.00"))],
         order(po("100", "10.00", allowances=[{"rate": "5"}]), receipts=[got("100")]),
         [("ALLOWANCE_MISSING", "100", "50.00")], "discrepancy"),
    Case(14, "too small a discount, and too dear",
         [invoice(billed("100", "11.00", discount_rate="2", amount="1078.00"))],
         order(po("100", "10.00", allowances=[{"rate": "5"}]), receipts=[got("100")]),
         # (0.55 - 0.22) x 100, and (11.00 - 10.00) x 0.95 x 100: together 1,078.00 - 950.00
         [("DISCOUNT_INCORRECT", "100", "33.00"), ("PRICE_OVER", "100", "95.00")], "discrepancy"),
    Case(14, "an allowance in money for each case", [invoice(billed("10", "24.00", unit="CS"))],
         order(po("10", "24.00", unit_code="CS", allowances=[{"amount": "1.20"}], **CASE_OF_12),
               receipts=[got("120", unit_code="EA")]),
         [("ALLOWANCE_MISSING", "120", "12.00")], "discrepancy"),
    Case(16, "a credit memo that prints 5", [credit(billed("5", "10.00"))],
         order(po("100", "10.00"), receipts=[got("95")], **earlier("100"))),
    Case(17, "a negative price takes units back",
         [invoice(billed("100", "10.00"), billed("5", "-10.00"))],
         order(po("100", "10.00"), receipts=[got("95")])),
    Case(19, "free goods", [invoice(billed("12", "5.00"), billed("1", "0.00"))],
         order(po("12", "5.00"), receipts=[got("13")])),
    Case(20, "more weight billed than weighed in",
         [invoice(row("10", "3.20", unit="CS", amount="790.40"))],
         order(po("10", "3.20", **BY_POUND), receipts=[got("10", unit_code="CS", weight="243.60")]),
         [("WEIGHT_ERROR", "3.4", "10.88")], "discrepancy"),
    Case(20, "the weight that was weighed in, above the estimate",
         [invoice(row("10", "3.20", unit="CS", amount="819.20"))],
         order(po("10", "3.20", **BY_POUND), receipts=[got("10", unit_code="CS", weight="256")])),
    Case(20, "inside a 2 % tolerance", [invoice(row("10", "3.20", unit="CS", amount="790.40"))],
         order(po("10", "3.20", **BY_POUND), receipts=[got("10", unit_code="CS", weight="243.60")]),
         [], "within_tolerance",
         Policy.model_validate({"tolerances": [{"kind": "quantity", "pct_upper": "2"}]})),
    Case(21, "1.000 at 2,50 is one where the amount is 2,50",
         [with_comma("2,50")], widgets("1"), [], "needs_review"),
    Case(21, "1.000 at 2,50 is a thousand where the amount is 2.500,00",
         [with_comma("2.500,00")], widgets("1000")),
    Case(22, "a rounded extension", [invoice(row("3", "3.333", amount="10.00"))],
         order(po("3", "3.333"), receipts=[got("3")])),
    Case(23, "a piece's price rounded up", [invoice(billed("1200", "3.34"))],
         order(po("100", "40.00", unit_code="CS", **CASE_OF_12),
               receipts=[got("100", unit_code="CS")]),
         [("PRICE_OVER", "1200", "8.00")], "discrepancy"),
    Case(26, "the invoice before the goods", [invoice(billed("100", "10.00"))],
         order(po("100", "10.00")), [("QTY_NO_RECEIPT", "100", "1000.00")], "pending_receipt"),
    Case(27, "over-delivery at the limit", [invoice(billed("105", "10.00"))],
         order(po("100", "10.00", over_delivery_pct="5"), receipts=[got("105")])),
    Case(27, "over-delivery beyond it", [invoice(billed("106", "10.00"))],
         order(po("100", "10.00", over_delivery_pct="5"), receipts=[got("106")]),
         [("QTY_OVER_ORDER", "1", "10.00"), ("OVER_DELIVERY", "1", "10.00")], "discrepancy"),
    Case(28, "rejected units are billed", [invoice(billed("100", "10.00"))],
         order(po("100", "10.00"), receipts=[got("100", quantity_rejected="8")]),
         [("REJECTED_BILLED", "8", "80.00")], "discrepancy"),
    Case(28, "rejected units are paid", [invoice(billed("100", "10.00"))],
         order(po("100", "10.00"), receipts=[got("100", quantity_rejected="8")]),
         [], "matched", Policy(pay_rejected=True)),
    Case(29, "a receipt moved to another PO line", [invoice(billed("100", "10.00"))],
         order(po("100", "10.00"), po("100", "10.00"),
               receipts=[got("100"), got("10", reversed=True), got("10", "2")]),
         [("QTY_OVER_RECEIPT", "10", "100.00")], "discrepancy"),
    Case(30, "10 went back and 8 are credited",
         [invoice(billed("100", "10.00")), credit(billed("8", "10.00"))],
         order(po("100", "10.00"), receipts=[RETURNED]),
         [("RETURN_NOT_CREDITED", "2", "20.00")], "discrepancy"),
    Case(30, "10 went back and 10 are credited",
         [invoice(billed("100", "10.00")), credit(billed("10", "10.00"))],
         order(po("100", "10.00"), receipts=[RETURNED])),
    Case(30, "the credit memo alone, the invoice came before", [credit(billed("8", "10.00"))],
         order(po("100", "10.00"), receipts=[RETURNED], **earlier("100")),
         [("RETURN_NOT_CREDITED", "2", "20.00")], "discrepancy"),
    Case(30, "no more than was returned, however much was overbilled",
         [credit(billed("8", "10.00"))],
         order(po("110", "10.00"), receipts=[RETURNED], **earlier("105")),
         [("RETURN_NOT_CREDITED", "2", "20.00")], "discrepancy"),
    Case(30, "a claim on the line may have taken it already", [credit(billed("8", "10.00"))],
         order(po("100", "10.00"), receipts=[RETURNED], **earlier("100"), claims=[CLAIM]),
         [("EVIDENCE_MISSING", None, None), ("RETURN_NOT_CREDITED", "2", "20.00")],
         "needs_review"),
    Case(30, "whoever pays rejected units does not pay returned ones",
         [invoice(billed("100", "10.00"))], order(po("100", "10.00"), receipts=[RETURNED]),
         [("RETURN_NOT_CREDITED", "10", "100.00")], "discrepancy", Policy(pay_rejected=True)),
    Case(31, "a kit by its parts",
         [invoice(billed("10", "10.00", "H-1"), billed("20", "10.00", "S-1"))],
         order(po("10", "30.00", **KIT), receipts=[got("10")])),
    Case(31, "a kit by its parts, too dear",
         [invoice(billed("10", "10.00", "H-1"), billed("20", "11.00", "S-1"))],
         order(po("10", "30.00", **KIT), receipts=[got("10")]),
         [("PRICE_OVER", "10", "20.00")], "discrepancy"),
    Case(31, "parts for more kits than came",
         [invoice(billed("10", "10.00", "H-1"), billed("20", "10.00", "S-1"))],
         order(po("10", "30.00", **KIT), receipts=[got("9")]),
         [("QTY_OVER_RECEIPT", "1", "30.00")], "discrepancy"),
    Case(31, "parts that make no whole kits",
         [invoice(billed("10", "10.00", "H-1"), billed("19", "10.00", "S-1"))],
         order(po("10", "30.00", **KIT), receipts=[got("10")]),
         [("PRICE_OVER", "9.5", "5.00")], "needs_review"),
    Case(31, "a part is missing", [invoice(billed("10", "10.00", "H-1"))],
         order(po("10", "30.00", **KIT), receipts=[got("10")]), [], "needs_review"),
    Case(32, "a line carried forward",
         [invoice(billed("5", "100.00"), {"line_type": "subtotal", "amount": "500.00"},
                  billed("3", "100.00"), sub_total="800.00")],
         order(po("8", "100.00"), receipts=[got("8")])),
    Case(33, "merged rows", [invoice(row("3960704", "10.00", amount="46640.00"))],
         order(po("4664", "10.00"), receipts=[got("4664")]),
         [("EXTENSION_ERROR", None, "-39560400.00"),
          ("QTY_OVER_RECEIPT", "3956040", "39560400.00")],
         "needs_review"),
    Case(35, "two cartons short", [invoice(billed("480", "1.50"))],
         order(po("480", "1.50", pack_factors={"CT": "24"}), receipts=[got("18", unit_code="CT")]),
         [("QTY_OVER_RECEIPT", "48", "72.00")], "discrepancy"),
    Case(36, "the price of the order date counts", [invoice(billed("100", "10.50"))],
         order(po("100", "10.00", price_date="order_date", **DEARER), receipts=[got("100")],
               head=ORDERED),
         [("PRICE_OVER", "100", "50.00")], "discrepancy"),
    Case(36, "the price of the ship date counts", [invoice(billed("100", "10.50")), SHIPPED],
         order(po("100", "10.00", price_date="ship_date", **DEARER), receipts=[got("100")],
               head=ORDERED)),
    Case(36, "shipped a day before the price changed",
         [invoice(billed("100", "10.50")), shipped("2026-02-28")],
         order(po("100", "10.00", price_date="ship_date", **DEARER), receipts=[got("100")],
               head=ORDERED),
         [("PRICE_OVER", "100", "50.00")], "discrepancy"),
    Case(36, "no paper tells the ship date", [invoice(billed("100", "10.50"))],
         order(po("100", "10.00", price_date="ship_date", **DEARER), receipts=[got("100")],
               head=ORDERED), [], "needs_review"),
    Case(36, "no paper tells, and all came before the change", [invoice(billed("100", "10.50"))],
         order(po("100", "10.00", price_date="ship_date", **DEARER),
               receipts=[got("100", received_at="2026-02-20")], head=ORDERED),
         [("PRICE_OVER", "100", "50.00")], "discrepancy"),
    Case(36, "nobody agreed on a day", [invoice(billed("100", "10.50")), SHIPPED],
         order(po("100", "10.00", **DEARER), receipts=[got("100", received_at="2026-03-05")],
               head=ORDERED), [], "needs_review"),
    Case(37, "the same article on two PO lines",
         [invoice(billed("40", "10.00"), billed("60", "10.00"))],
         order(po("60", "10.00"), po("40", "10.00", product_code="A-1"),
               receipts=[got("60"), got("40", "2")])),
    Case(37, "the PO line that is printed, before the one with room",
         [invoice(billed("50", "10.00", po_line_number="2"))],
         order(po("60", "10.00"), po("40", "10.00", product_code="A-1"),
               receipts=[got("60"), got("40", "2")]),
         [("QTY_OVER_RECEIPT", "10", "100.00")], "discrepancy"),
    Case(37, "the price before the older PO line", [invoice(billed("40", "11.00"))],
         order(po("60", "10.00"), po("40", "11.00", product_code="A-1"),
               receipts=[got("60"), got("40", "2")])),
    Case(38, "leading zeros and dashes", [invoice(billed("1", "10.00", "000-a1"))],
         order(po("1", "10.00"), receipts=[got("1")])),
    Case(38, "a UPC for a GTIN-14", [invoice(billed("1", "10.00", "036000291452"))],
         order(po("1", "10.00", gtin="00036000291452"), receipts=[got("1")])),
    Case(40, "48 struck out, 46 written beside it", [CORRECTED], SHORT,
         [("QTY_OVER_RECEIPT", "2", "5.00")], "needs_review"),
    Case(41, "no unit price", [invoice(row("3", None, amount="10.00"))],
         order(po("3", "3.333"), receipts=[got("3")])),
    Case(42, "a service without a quantity",
         [invoice(row(None, None, unit="LS", amount="850.00"))],
         order(po("1", "850.00", unit_code="LS"), receipts=[got("1")])),
    Case(42, "a service of which nothing is received",
         [invoice(row(None, None, unit="LS", amount="850.00"))],
         order(po("1", "850.00", unit_code="LS", receipt_expected=False))),
    Case(42, "a service billed before",
         [invoice(row(None, None, unit="LS", amount="850.00"))],
         order(po("1", "850.00", unit_code="LS", receipt_expected=False), **earlier("1")),
         [("QTY_OVER_ORDER", "1", "850.00")], "discrepancy"),
    Case(42, "a service by the order's unit",
         [invoice(row(None, None, unit=None, amount="900.00"))],
         order(po("1", "850.00", unit_code="LS"), receipts=[got("1")]),
         [("PRICE_OVER", "1", "50.00")], "discrepancy"),
    Case(42, "goods without a quantity", [invoice(row(None, None, amount="850.00"))],
         order(po("1", "850.00"), receipts=[got("1")]), [], "needs_review"),
    Case(42, "an amount for no goods at all", [invoice(row("0", "850.00", amount="850.00"))],
         order(po("1", "850.00"), receipts=[got("1")]), [], "needs_review"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{one.number}: {one.told}" for one in CASES])
def test_edge_cases_give_the_numbers_of_the_reference(case: Case) -> None:
    verdict = examine(case.documents, case.data, case.policy)
    assert (found(verdict), verdict.status) == (list(case.found), case.status)
    if case.status in ("needs_review", "pending_receipt"):
        assert claimed(verdict) == 0


def test_every_edge_case_is_tested_under_its_number() -> None:
    assert {one.number for one in CASES} | IN_WHOLE_DOCUMENTS == set(range(1, 43))


def test_the_rules_have_no_other_worked_cases(repository: Path) -> None:
    text = (repository / "serving" / "matching" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|", text[text.index("## Worked cases") :], re.MULTILINE)
    assert [int(row) for row in rows] == list(range(1, 43))


@pytest.mark.parametrize(
    ("amount", "quantity", "passed_over"), [("2,50", "1.000", ["1000"]), ("2.500,00", "1000", [])]
)
def test_a_point_that_may_part_thousands_is_read_by_the_rows_arithmetic(
    amount: str, quantity: str, passed_over: list[str]
) -> None:
    first, second = with_comma(amount).line_items
    assert first.quantity is not None
    assert first.quantity.text == quantity
    # What the document says of its decimal mark makes the other reading likely enough to ask.
    likely = [one for one in first.quantity.alternatives if one.confidence > 0.1]
    assert [str(one.value) for one in likely] == passed_over
    assert second.amount is not None
    assert second.amount.text == "3.60"


def test_a_number_corrected_by_hand_keeps_both_readings_and_says_where() -> None:
    (line,) = CORRECTED.line_items
    assert line.quantity is not None
    assert (line.quantity.text, line.quantity.confidence) == ("48", 0.2)
    assert [one.value for one in line.quantity.alternatives] == [46]
    (judged,) = examine([CORRECTED], SHORT).lines
    (cell,) = judged.unsure
    assert (cell.field, cell.raw_text, cell.page) == ("quantity", "48", 0)
    assert cell.polygon == line.quantity.polygon


def test_an_agreed_credit_is_held_against_the_credit_memo() -> None:
    claim = {
        "claim_id": "C7", "kind": "agreed_credit", "invoice_id": "I-1", "line": "1",
        "quantity": "12", "amount": "120.00",
    }  # fmt: skip
    data = order(po("100", "10.00"), receipts=[got("100")], claims=[claim])
    for quantity, wanted in (("10", [("CREDIT_MEMO_SHORT", None, "20.00")]), ("12", [])):
        verdict = examine(
            [invoice(billed("100", "10.00")), credit(billed(quantity, "10.00"))], data
        )
        assert found(verdict) == wanted
        assert verdict.problems == ()


REPEATED = billed("20", "10.00", page=1, bbox=[0.1, 0.2, 0.9, 0.22])
BELOW, OVER_IT = [0.1, 0.3, 0.9, 0.32], [0.1, 0.205, 0.9, 0.225]
TWICE = [("DUPLICATE_LINE", "20", "200.00")]


@pytest.mark.parametrize(
    ("bbox", "received", "wanted", "status"),
    [
        (BELOW, "20", TWICE, "discrepancy"),
        # Both came: two deliveries look alike.
        (BELOW, "40", [], "matched"),
        # Less is too much than the row holds: it is no repetition.
        (BELOW, "25", [("QTY_OVER_RECEIPT", "15", "150.00")], "discrepancy"),
        # At the same place of the page: one row, read twice.
        (OVER_IT, "20", TWICE, "needs_review"),
    ],
)
def test_a_row_that_stands_twice(
    bbox: list[float], received: str, wanted: list[Any], status: str
) -> None:
    data = order(po("40", "10.00"), receipts=[got(received)])
    verdict = examine([invoice(REPEATED, REPEATED | {"bbox": bbox})], data)
    assert (found(verdict), verdict.status) == (wanted, status)
    if status == "needs_review":
        assert claimed(verdict) == 0


def test_three_equal_rows_are_a_schedule_and_no_repetition() -> None:
    data = order(po("60", "10.00"), receipts=[got("40")])
    verdict = examine([invoice(*[billed("20", "10.00")] * 3)], data)
    assert found(verdict) == [("QTY_OVER_RECEIPT", "20", "200.00")]
