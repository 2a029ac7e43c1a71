"""Bills that the records explain: money in advance, return lines, charges, codes, units, copies."""

from dataclasses import replace
from typing import Any

import pytest

from data.exchange.order_files import parse_order_data
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from tests.support.small_disputes import found, got, order, paper, po, row, ten

TEN = row("10", "10.00", amount="100.00")


def on_page(document: ExtractedDocument) -> ExtractedDocument:
    """The document as read off a page, every cell of its header without doubt."""
    fields = {name: replace(leaf, page=0) for name, leaf in document.fields.items()}
    return replace(document, fields=fields)


CASE = tuple[str, list[ExtractedDocument], OrderData, list[Any], str]


def charge(money: str, kind: str = "handling", name: str = "Handling") -> dict[str, Any]:
    return {"description": name, "amount": money, "line_type": kind}


def advance(money: str = "30.00") -> dict[str, Any]:
    return {"invoice_id": "DEP-1", "po_line_number": "1", "base_quantity": "0", "amount": money}


def deposit(money: str) -> dict[str, Any]:
    return {"description": "Deposit 10 %", "quantity": "1", "unit_price": money, "amount": money}


TERMS = {"payment_terms": "10 % deposit, rest net 30"}
IN_ADVANCE: list[CASE] = [
    ("a down payment as agreed", [paper(deposit("10.00"))], ten(received="0", **TERMS), [],
     "matched"),
    ("more than was agreed", [paper(deposit("12.00"))], ten(received="0", **TERMS),
     [("DEPOSIT_ERROR", None, "2.00")], "discrepancy"),
    ("asked for twice", [paper(deposit("10.00"))],
     ten(received="0", billed=[advance("10.00")], **TERMS),
     [("DEPOSIT_ERROR", None, "10.00")], "discrepancy"),
    ("nobody agreed on one", [paper(deposit("10.00"))], ten(received="0"),
     [("DEPOSIT_ERROR", None, "10.00")], "needs_review"),
    ("the last bill forgets it", [paper(TEN)], ten(billed=[advance()]),
     [("PREPAYMENT_NOT_DEDUCTED", None, "30.00")], "discrepancy"),
    ("it is taken off as paid", [paper(TEN, invoice_total="100.00", amount_paid="30.00",
                                       amount_due="70.00")],
     ten(billed=[advance()]), [], "matched"),
    ("a part of it is", [paper(TEN, invoice_total="100.00", amount_paid="20.00",
                               amount_due="80.00")],
     ten(billed=[advance()]), [("PREPAYMENT_NOT_DEDUCTED", None, "10.00")], "discrepancy"),
    ("it is taken off in a row",
     [paper(TEN, {"description": "Less deposit DEP-1", "amount": "-30.00"})],
     ten(billed=[advance()]), [], "matched"),
    ("a first bill need not take it off", [paper(row("4", "10.00", amount="40.00"))],
     ten(received="4", billed=[advance()]), [("PREPAYMENT_NOT_DEDUCTED", None, "30.00")],
     "needs_review"),
    ("units that never came are not held back twice", [paper(TEN)],
     ten(received="1", billed=[advance()]),
     [("PREPAYMENT_NOT_DEDUCTED", None, "10.00"), ("QTY_OVER_RECEIPT", "9", "90.00")],
     "discrepancy"),
]  # fmt: skip

RETURN = po("-2", "10.00", product_code="A-1")
BACK = row("-2", "10.00", amount="-20.00")
RETURNS: list[CASE] = [
    ("a return line is credited", [paper(TEN, BACK)],
     order(po("10", "10.00"), RETURN, receipts=[got("10"), got("-2", "2")]), [], "matched"),
    ("one of two units is credited", [paper(TEN, row("-1", "10.00", amount="-10.00"))],
     order(po("10", "10.00"), RETURN, receipts=[got("10"), got("-2", "2")]),
     [("RETURN_NOT_CREDITED", "1", "10.00")], "discrepancy"),
    ("credited below the price", [paper(TEN, row("-2", "9.00", amount="-18.00"))],
     order(po("10", "10.00"), RETURN, receipts=[got("10"), got("-2", "2")]),
     [("PRICE_UNDER", "-2", "2.00")], "discrepancy"),
]  # fmt: skip

PLAN = {"planned_charges": [{"kind": "handling", "amount": "5.00"}]}
CHARGES: list[CASE] = [
    ("handling as planned", [paper(TEN, charge("5.00"))], ten(**PLAN), [], "matched"),
    ("above what is planned", [paper(TEN, charge("5.02"))], ten(**PLAN),
     [("CHARGE_VARIANCE", None, "0.02")], "discrepancy"),
    ("a cent is rounding", [paper(TEN, charge("5.01"))], ten(**PLAN), [], "matched"),
    ("below it", [paper(TEN, charge("4.00"))], ten(**PLAN), [], "matched"),
    ("two per cent of what is billed", [paper(TEN, charge("2.00", "fee"))],
     ten(planned_charges=[{"kind": "insurance", "rate": "2"}]), [], "matched"),
    ("ten cents a unit", [paper(TEN, charge("1.00", "fee"))],
     ten(line={"planned_charges": [{"kind": "surcharge", "unit_amount": "0.10"}]}), [], "matched"),
    ("on the header, as freight is planned",
     [paper(TEN, sub_total="100.00", total_charge="8.00", invoice_total="108.00")],
     ten(planned_freight="8.00"), [], "matched"),
    ("on the header, more than is planned of any kind",
     [paper(TEN, sub_total="100.00", total_charge="15.00", invoice_total="115.00")],
     ten(planned_freight="8.00", **PLAN), [("CHARGE_VARIANCE", None, "2.00")], "discrepancy"),
    ("on the header, and nobody planned one",
     [paper(TEN, sub_total="100.00", total_charge="8.00", invoice_total="108.00")],
     ten(), [("CHARGE_UNPLANNED", None, "8.00")], "needs_review"),
    ("a carrier bills the planned freight in its own name",
     [paper(charge("8.00", "freight", "Sea freight"), vendor_name="Blue Ocean Forwarding")],
     ten(planned_freight="8.00", vendor_name="Kapla Hardware Co."), [], "matched"),
    ("and more than that",
     [paper(charge("9.00", "freight", "Sea freight"), vendor_name="Blue Ocean Forwarding")],
     ten(planned_freight="8.00", vendor_name="Kapla Hardware Co."),
     [("FREIGHT_VARIANCE", None, "1.00")], "discrepancy"),
    ("freight that was billed before, as it seems", [paper(TEN, charge("8.00", "freight"))],
     ten(planned_freight="8.00", billed=[advance("8.00")]),
     [("FREIGHT_VARIANCE", None, "8.00")], "needs_review"),
    ("goods in another name are another vendor's",
     [paper(TEN, vendor_name="Blue Ocean Forwarding", invoice_total="100.00")],
     ten(vendor_name="Kapla Hardware Co."), [("VENDOR_MISMATCH", None, "100.00")], "discrepancy"),
]  # fmt: skip

SUMS: list[CASE] = [
    ("a charge that the total holds",
     [paper(TEN, sub_total="100.00", total_charge="5.00", invoice_total="105.00")], ten(**PLAN),
     [], "matched"),
    ("a discount that is printed and not taken off",
     [paper(TEN, sub_total="100.00", total_discount="5.00", invoice_total="100.00")], ten(),
     [("TOTAL_MISMATCH", None, "5.00"), ("PRICE_UNDER", "10", "-5.00")], "needs_review"),
    ("a commission taken off between total and amount due",
     [paper(TEN, sub_total="100.00", total_discount="15.00", invoice_total="100.00",
            amount_due="85.00")], ten(), [("PRICE_UNDER", "10", "-15.00")], "matched"),
    ("the same without a subtotal",
     [paper(TEN, total_discount="15.00", invoice_total="100.00", amount_due="85.00")], ten(),
     [("PRICE_UNDER", "10", "-15.00")], "matched"),
    ("taken off, and a payment as well",
     [paper(TEN, sub_total="100.00", total_discount="15.00", invoice_total="100.00",
            amount_paid="20.00", amount_due="65.00")], ten(),
     [("PRICE_UNDER", "10", "-15.00")], "matched"),
    ("less is taken off than is printed",
     [paper(TEN, sub_total="100.00", total_discount="15.00", invoice_total="100.00",
            amount_due="90.00")], ten(),
     [("TOTAL_MISMATCH", None, "15.00"), ("TOTAL_MISMATCH", None, "-10.00"),
      ("PRICE_UNDER", "10", "-15.00")], "needs_review"),
    ("taken off twice",
     [paper(TEN, sub_total="100.00", total_discount="15.00", invoice_total="85.00",
            amount_due="70.00")], ten(),
     [("TOTAL_MISMATCH", None, "-15.00"), ("PRICE_UNDER", "10", "-15.00")], "needs_review"),
    ("a total that nothing gives",
     [paper(TEN, sub_total="100.00", total_tax="10.00", invoice_total="117.00")], ten(),
     [("TOTAL_MISMATCH", None, "7.00")], "discrepancy"),
    ("a total above its lines, in data", [paper(TEN, invoice_total="119.00")], ten(),
     [("TOTAL_MISMATCH", None, "19.00")], "discrepancy"),
    ("the same read off a page: its tax may have been missed",
     [on_page(paper(TEN, sub_total="100.00", invoice_total="119.00"))], ten(),
     [("TOTAL_MISMATCH", None, "19.00")], "needs_review"),
    ("and without a subtotal", [on_page(paper(TEN, invoice_total="119.00"))], ten(),
     [("TOTAL_MISMATCH", None, "19.00")], "needs_review"),
    ("a charge may have been missed beside the tax",
     [on_page(paper(TEN, sub_total="100.00", total_tax="19.00", invoice_total="131.00"))], ten(),
     [("TOTAL_MISMATCH", None, "12.00")], "needs_review"),
    ("what is read and agrees is settled",
     [on_page(paper(TEN, sub_total="100.00", total_tax="19.00", invoice_total="119.00"))], ten(),
     [], "matched"),
    ("paid before, and not taken off what is due",
     [paper(TEN, invoice_total="100.00", amount_paid="30.00", amount_due="100.00")], ten(),
     [("TOTAL_MISMATCH", None, "30.00")], "discrepancy"),
    ("rounding of what is due",
     [paper(TEN, invoice_total="100.00", rounding_amount="0.40", amount_due="100.40")], ten(),
     [], "matched"),
    ("an earlier balance is due as well",
     [paper(TEN, invoice_total="100.00", prior_balance="50.00", amount_due="150.00")], ten(),
     [], "matched"),
    ("tax at two rates",
     [paper(TEN | {"tax_rate": "20"}, charge("5.00", "fee") | {"tax_rate": "10"},
            sub_total="105.00", total_tax="20.50", invoice_total="125.50")], ten(**PLAN), [],
     "matched"),
    ("tax at two rates that they do not give",
     [paper(TEN | {"tax_rate": "20"}, charge("5.00", "fee") | {"tax_rate": "10"},
            sub_total="105.00", total_tax="21.00", invoice_total="126.00")], ten(**PLAN),
     [("TAX_MISMATCH", None, "0.50")], "discrepancy"),
    ("claims that are together more than the invoice asks for are questions",
     [paper(row("10", "7.00", amount="100.00"), invoice_total="100.00", amount_paid="80.00",
            amount_due="100.00")], ten(),
     [("TOTAL_MISMATCH", None, "80.00"), ("EXTENSION_ERROR", None, "30.00"),
      ("PRICE_UNDER", "10", "-30.00")], "needs_review"),
    ("rounding in a row of its own",
     [paper(TEN, {"description": "Rounding", "amount": "0.40", "line_type": "rounding"},
            sub_total="100.00", invoice_total="100.40")], ten(), [], "matched"),
]  # fmt: skip

NAMED = {"product_code": "ABC-123", "description": "Copper wire 2 mm"}
ARTICLES: list[CASE] = [
    ("another code of the same kind is another article",
     [paper(row("10", "9.00", "ABC-124", description="Steel wire 2 mm", amount="90.00"))],
     ten(line=NAMED), [("ITEM_SUBSTITUTED", "10", "90.00")], "needs_review"),
    ("a code of another kind may be the vendor's own",
     [paper(row("10", "10.00", "78", description="Copper wire 2 mm", amount="100.00"))],
     ten(line=NAMED), [], "matched"),
    ("the same words under another code of the same kind are a question",
     [paper(row("10", "11.00", "ABC-124", description="Copper wire 2 mm", amount="110.00"))],
     ten(line=NAMED), [("PRICE_OVER", "10", "10.00")], "needs_review"),
    ("the order's own unit needs no factor",
     [paper(row("10", "10.00", unit="KGM", amount="100.00"))],
     order(po("10", "10.00", unit_code="KGM", pack_factors={"BG": "25"}),
           receipts=[got("10", unit_code="KGM")]), [], "matched"),
    ("priced by the piece of 100 kg",
     [paper(row("1", "500.00", unit="PCE", amount="500.00"))],
     order(po("100", "500.00", unit_code="KGM", price_unit_code="PCE",
              pack_factors={"PCE": "100"}), receipts=[got("80", unit_code="KGM")]),
     [("QTY_OVER_RECEIPT", "20", "100.00")], "discrepancy"),
    ("the same total in other units is a question", [paper(row("8", "12.50", amount="100.00"))],
     ten(), [("PRICE_BASIS_SUSPECT", None, "0.00")], "needs_review"),
]  # fmt: skip


def posted(**more: str) -> dict[str, Any]:
    return {"invoice_id": "00-881", "invoice_total": "100.00", "invoice_date": "2026-11-03"} | more


def again(number: str = "00-881", day: str = "2026-11-03") -> list[ExtractedDocument]:
    return [paper(TEN, invoice_id=number, invoice_date=day, invoice_total="100.00")]


COPY = [("DUPLICATE_INVOICE", None, "100.00")]
COPIES: list[CASE] = [
    ("the history holds the invoice at hand", again(), ten(invoices=[posted()]), [], "matched"),
    ("the same, and it was paid", again(), ten(invoices=[posted(result="paid")]), COPY,
     "discrepancy"),
    ("paid, and a deduction from it is disputed", again(),
     ten(invoices=[posted(result="paid")],
         claims=[{"claim_id": "D-1", "kind": "shortage", "invoice_id": "00-881", "line": "1",
                  "quantity": "1", "amount": "10.00", "status": "taken"}]), [], "matched"),
    ("in another spelling it may be the same", again("881"), ten(invoices=[posted()]), COPY,
     "needs_review"),
    ("in another spelling, a day later", again("881", "2026-11-04"), ten(invoices=[posted()]),
     COPY, "discrepancy"),
    ("the earlier one was rejected", again("881", "2026-11-04"),
     ten(invoices=[posted(result="rejected")]), [], "matched"),
    ("paid, known by its lines alone", again(),
     ten(billed=[{"invoice_id": "00-881", "po_line_number": "1", "base_quantity": "10",
                  "amount": "100.00", "status": "paid"}]), COPY, "discrepancy"),
]  # fmt: skip

CASES = [*IN_ADVANCE, *RETURNS, *CHARGES, *SUMS, *ARTICLES, *COPIES]


@pytest.mark.parametrize(
    ("documents", "data", "findings", "status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_the_records_explain_is_no_claim(
    documents: list[ExtractedDocument], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    assert (found(verdict), verdict.status) == (findings, status)


def test_a_corrected_invoice_stands_in_the_place_of_the_first() -> None:
    data = ten(
        billed=[{"invoice_id": "I-1", "po_line_number": "1", "base_quantity": "10",
                 "amount": "120.00"}],
    )  # fmt: skip
    corrected = paper(TEN, kind="corrected_invoice", invoice_id="I-2", original_invoice_id="I-1")
    assert found(examine([corrected], data)) == []
    other = paper(TEN, invoice_id="I-2")
    assert found(examine([other], data)) == [("QTY_OVER_RECEIPT", "10", "100.00")]


def test_two_orders_are_billed_on_one_invoice() -> None:
    line = {"po_line_number": "1", "quantity_ordered": "10", "unit_code": "EA"}
    orders = [
        {"po_number": f"4711{n}", "currency": "USD",
         "lines": [line | {"product_code": f"A-{n}", "unit_price": f"{n}0.00"}]}
        for n in (1, 2)
    ]  # fmt: skip
    receipts = [{"receipt_id": f"R{n}", "lines": [got("10", po_number=f"4711{n}")]} for n in (1, 2)]
    rows = [
        row("10", f"{n}0.00", f"A-{n}", amount=f"{n}00.00", po_number=f"4711{n}") for n in (1, 2)
    ]
    verdict = examine([paper(*rows)], parse_order_data({"orders": orders, "receipts": receipts}))
    assert found(verdict) == []


@pytest.mark.parametrize(
    ("why", "fields", "state"),
    [
        ("rows sum to the subtotal, the tax was missed",
         {"sub_total": "110.00", "invoice_total": "130.90"}, "claim"),
        ("rows do not sum to the subtotal: one may be missing",
         {"sub_total": "150.00", "invoice_total": "150.00"}, "open"),
        ("no subtotal, and the total is not theirs", {"invoice_total": "130.90"}, "open"),
        ("what is due is off", {"invoice_total": "110.00", "amount_due": "90.00"}, "claim"),
    ],
)  # fmt: skip
def test_rows_are_doubted_only_for_sums_that_they_are_a_part_of(
    why: str, fields: dict[str, str], state: str
) -> None:
    del why
    dearer = row("10", "11.00", amount="110.00")
    verdict = examine([on_page(paper(dearer, **fields))], ten())
    (price,) = (variance for variance in verdict.variances if variance.code == "PRICE_OVER")
    assert price.state == state
