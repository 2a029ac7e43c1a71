"""Planned charges of any form, charges billed before, and money kept back until the end."""

from typing import Any

import pytest

from data.exchange.order_files import parse_order_data
from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from tests.support.small_disputes import found, paper, row, ten

TEN = row("10", "10.00", amount="100.00")
FIVE = row("5", "10.00", amount="50.00")


def charge(amount: str, kind: str = "freight", text: str | None = None) -> Any:
    return row(None, None, amount=amount, line_type=kind, product_code=None,
               description=text or kind)  # fmt: skip


def before(amount: str, kind: str | None = None, invoice: str = "I-0") -> dict[str, Any]:
    bill = {"invoice_id": invoice, "po_line_number": "1", "base_quantity": "0", "amount": amount}
    return bill | ({} if kind is None else {"kind": kind})


HALF = {"invoice_id": "I-0", "po_line_number": "1", "base_quantity": "5", "amount": "50.00"}


def planned(kind: str, **terms: str) -> dict[str, Any]:
    return {"planned_charges": [{"kind": kind} | terms]}


FORMS: list[Any] = [
    (f"{kind}: {name}", [paper(TEN, charge(amount, kind if kind != "insurance" else "fee"))],
     ten(**planned(kind, **terms)), codes, status)
    for kind, code in (
        ("freight", "FREIGHT_VARIANCE"), ("deposit", "DEPOSIT_ERROR"),
        ("handling", "CHARGE_VARIANCE"), ("insurance", "CHARGE_VARIANCE"),
    )
    for name, terms, amount, codes, status in (
        ("two per cent", {"rate": "2"}, "2.00", [], "matched"),
        ("a cent above is rounding", {"rate": "2"}, "2.01", [], "matched"),
        ("above two per cent", {"rate": "2"}, "2.50", [(code, None, "0.50")], "discrepancy"),
        ("a dime for a unit", {"unit_amount": "0.10"}, "1.00", [], "matched"),
        ("above a dime for a unit", {"unit_amount": "0.10"}, "1.20", [(code, None, "0.20")],
         "discrepancy"),
    )
]  # fmt: skip
FORMS += [
    ("a rate is on the ordered price", [paper(row("10", "11.00", amount="110.00"), charge("2.20"))],
     ten(**planned("freight", rate="2")),
     [("FREIGHT_VARIANCE", None, "0.20"), ("PRICE_OVER", "10", "10.00")], "discrepancy"),
    ("a unit's charge on half of a delivery", [paper(FIVE, charge("1.00"))],
     ten(received="5", **planned("freight", unit_amount="0.10")),
     [("FREIGHT_VARIANCE", None, "0.50")], "discrepancy"),
    ("units beyond the order add no charge",
     [paper(row("20", "10.00", amount="200.00"), charge("2.00"))],
     ten(received="10", **planned("freight", unit_amount="0.10")),
     [("FREIGHT_VARIANCE", None, "1.00"), ("QTY_OVER_RECEIPT", "10", "100.00")], "discrepancy"),
]  # fmt: skip

AGAIN: list[Any] = [
    ("stated, and billed again", [paper(FIVE, charge("6.00"))],
     ten(planned_freight="6.00", billed=[HALF, before("6.00", "freight")]),
     [("FREIGHT_VARIANCE", None, "6.00")], "discrepancy"),
    ("the other half", [paper(FIVE, charge("3.00"))],
     ten(planned_freight="6.00", billed=[HALF, before("3.00", "freight")]), [], "matched"),
    ("the other half, by the money alone", [paper(FIVE, charge("3.00"))],
     ten(planned_freight="6.00", billed=[HALF, before("3.00")]), [], "matched"),
    ("again, by the money alone: a question", [paper(FIVE, charge("6.00"))],
     ten(planned_freight="6.00", billed=[HALF, before("3.00")]),
     [("FREIGHT_VARIANCE", None, "3.00")], "needs_review"),
    ("no freight now", [paper(FIVE)], ten(planned_freight="6.00", billed=[HALF, before("6.00")]),
     [], "matched"),
    ("handling billed before", [paper(FIVE, charge("4.00", "handling"))],
     ten(billed=[HALF, before("4.00", "handling")], **planned("handling", amount="4.00")),
     [("CHARGE_VARIANCE", None, "4.00")], "discrepancy"),
    ("a rate on both bills", [paper(FIVE, charge("1.00"))],
     ten(billed=[HALF, before("1.00", "freight")], **planned("freight", rate="2")), [], "matched"),
    ("a rate on both bills, all of it before", [paper(FIVE, charge("1.00"))],
     ten(billed=[HALF, before("2.00", "freight")], **planned("freight", rate="2")),
     [("FREIGHT_VARIANCE", None, "1.00")], "discrepancy"),
    ("no charge was planned: an advance, or it may be", [paper(FIVE)],
     ten(billed=[HALF, before("6.00")]), [("PREPAYMENT_NOT_DEDUCTED", None, "6.00")],
     "needs_review"),
]  # fmt: skip

NET = {"invoice_id": "I-0", "po_line_number": "1", "base_quantity": "10", "amount": "95.00"}
RELEASE = charge("5.00", "item", "Release of retention 5 %")
KEPT: list[Any] = [
    ("kept back", [paper(TEN, charge("-5.00", "discount", "Retention 5 %"))], ten(), [], "matched"),
    ("kept back of a price too high",
     [paper(row("10", "11.00", amount="110.00"), charge("-5.50", "discount", "Retention 5 %"))],
     ten(), [("PRICE_OVER", "10", "10.00")], "discrepancy"),
    ("released", [paper(RELEASE)], ten(billed=[NET]), [], "matched"),
    ("released as a fee", [paper(charge("5.00", "fee", "Retention release"))], ten(billed=[NET]),
     [], "matched"),
    ("released twice", [paper(RELEASE)], ten(billed=[NET, before("5.00", invoice="I-9")]),
     [("DEPOSIT_ERROR", None, "5.00")], "needs_review"),
    ("more than was kept back", [paper(charge("8.00", "item", "Einbehalt frei"))],
     ten(billed=[NET]), [("DEPOSIT_ERROR", None, "3.00")], "needs_review"),
    ("an article of that name", [paper(row("10", "10.00", amount="100.00",
                                           description="Retention clip"))], ten(), [], "matched"),
    ("a down payment taken off is no discount",
     [paper(TEN, charge("-30.00", "discount", "Less down payment"))],
     ten(received="8", billed=[before("30.00", invoice="DEP-1")]),
     [("QTY_OVER_RECEIPT", "2", "20.00")], "discrepancy"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "findings", "status"),
    [case[1:] for case in (*FORMS, *AGAIN, *KEPT)],
    ids=[case[0] for case in (*FORMS, *AGAIN, *KEPT)],
)
def test_charges_are_due_as_planned_and_once(
    documents: list[ExtractedDocument], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    assert (found(verdict), verdict.status) == (findings, status)


def test_a_charge_by_rate_is_for_the_lines_of_its_own_order() -> None:
    line = {"po_line_number": "1", "quantity_ordered": "10", "unit_code": "EA", "unit_price": "10",
            "receipt_expected": False}  # fmt: skip
    first = {"po_number": "4711", "currency": "USD", **planned("handling", rate="2"),
             "lines": [line | {"product_code": "A-1"}]}  # fmt: skip
    second = {"po_number": "4712", "currency": "USD", "lines": [line | {"product_code": "B-2"}]}
    data = parse_order_data({"orders": [first, second]})
    other = row("10", "10.00", amount="100.00", product_code="B-2")
    bill = paper(TEN, other, charge("4.00", "handling"), purchase_order="4711, 4712")
    assert found(examine([bill], data)) == [("CHARGE_VARIANCE", None, "2.00")]
