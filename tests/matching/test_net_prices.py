"""One net price: discounts wherever they stand, folded into the price of a unit on both sides."""

from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from tests.support.small_disputes import found, got, order, paper, po, row

TEN = row("10", "100.00", amount="1000.00")
LESS_TEN: dict[str, Any] = {"allowances": [{"rate": "10"}]}


def off(money: str, kind: str = "discount") -> dict[str, Any]:
    return {"description": "Less", "amount": money, "line_type": kind}


def one(price: str = "100.00", *, received: str = "10", **more: Any) -> OrderData:
    """Ten units on one line; `rejected` and `line` change the receipt and the line."""
    event = got(received, quantity_rejected=more.pop("rejected", "0"))
    return order(po("10", price, **more.pop("line", {})), receipts=[event], head=more)


CASES: list[tuple[str, list[ExtractedDocument], OrderData, list[Any], str]] = [
    ("rejected units are worth what is left of their price",
     [paper(TEN, sub_total="1000.00", total_discount="100.00", invoice_total="900.00")],
     one(rejected="4", **LESS_TEN), [("REJECTED_BILLED", "4", "360.00")], "discrepancy"),
    ("missing units too",
     [paper(TEN, sub_total="1000.00", total_discount="100.00", invoice_total="900.00")],
     one(received="7", **LESS_TEN), [("QTY_OVER_RECEIPT", "3", "270.00")], "discrepancy"),
    ("and a price that is too high",
     [paper(row("10", "105.00", amount="1050.00"), sub_total="1050.00", total_discount="105.00",
            invoice_total="945.00")],
     one(**LESS_TEN), [("PRICE_OVER", "10", "45.00")], "discrepancy"),
    ("rates are taken one after another: 1000 × 0.5 × 0.7",
     [paper(TEN, sub_total="1000.00", total_discount="650.00", invoice_total="350.00")],
     one(allowances=[{"rate": "50"}, {"rate": "30"}]), [], "matched"),
    ("one of the two is missing",
     [paper(TEN, sub_total="1000.00", total_discount="500.00", invoice_total="500.00")],
     one(allowances=[{"rate": "50"}, {"rate": "30"}]),
     [("DISCOUNT_INCORRECT", None, "150.00")], "discrepancy"),
    ("rates of a line too: 100 × 0.9 × 0.8 = 72",
     [paper(row("10", "72.00", amount="720.00"))],
     one(line={"allowances": [{"rate": "10"}, {"rate": "20"}]}), [], "matched"),
    ("nothing taken off: the allowance alone, not the prices as well",
     [paper(TEN, invoice_total="1000.00")],
     one(**LESS_TEN), [("ALLOWANCE_MISSING", None, "100.00")], "discrepancy"),
    ("prices that are net already need no discount",
     [paper(row("10", "90.00", amount="900.00"), invoice_total="900.00")],
     one(**LESS_TEN), [], "matched"),
    ("the allowance of a line in a row of its own",
     [paper(TEN, off("-150.00"), sub_total="850.00", invoice_total="850.00")],
     one(line={"allowances": [{"rate": "15"}]}), [], "matched"),
    ("half of it",
     [paper(TEN, off("-75.00"), sub_total="925.00", invoice_total="925.00")],
     one(line={"allowances": [{"rate": "15"}]}),
     [("PRICE_OVER", "10", "75.00")], "discrepancy"),
    ("a discount nobody agreed on is no claim",
     [paper(TEN, sub_total="1000.00", total_discount="50.00", invoice_total="950.00")],
     one(), [("PRICE_UNDER", "10", "-50.00")], "matched"),
    ("missing units are held back at what they were billed at",
     [paper(TEN, sub_total="1000.00", total_discount="50.00", invoice_total="950.00")],
     one(received="8"), [("QTY_OVER_RECEIPT", "2", "190.00"), ("PRICE_UNDER", "8", "-40.00")],
     "discrepancy"),
    ("a row under each article, each for the one above it",
     [paper(TEN, off("-100.00"), row("10", "20.00", "A-2", amount="200.00"))],
     order(po("10", "90.00"), po("10", "20.00"), receipts=[got("10"), got("10", "2")]),
     [], "matched"),
    ("a discount over two articles says nothing sure about one of them",
     [paper(row("10", "150.00", amount="1500.00"), row("10", "20.00", "A-2", amount="200.00"),
            sub_total="1700.00", total_discount="17.00", invoice_total="1683.00")],
     order(po("10", "100.00"), po("10", "20.00"), receipts=[got("10"), got("10", "2")]),
     [("PRICE_OVER", "10", "485.00"), ("PRICE_UNDER", "10", "-2.00")], "needs_review"),
    ("half a cent of a rate is no difference",
     [paper(row("1", "5885843.00", amount="5885843.00"), sub_total="5885843.00",
            total_discount="441438.23", invoice_total="5444404.77")],
     order(po("1", "5885843.00"), receipts=[got("1")], head={"allowances": [{"rate": "7.5"}]}),
     [], "matched"),
    ("prices below the ordered ones may hold the allowance",
     [paper(row("10", "95.00", amount="950.00"), invoice_total="950.00")],
     one(**LESS_TEN), [("ALLOWANCE_MISSING", None, "95.00"), ("PRICE_UNDER", "10", "-45.00")],
     "needs_review"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "findings", "status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_is_taken_off_is_a_part_of_the_price(
    documents: list[ExtractedDocument], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    assert (found(verdict), verdict.status) == (findings, status)
