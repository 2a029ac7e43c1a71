"""Credits and debits that correct money: units stay where they are, and every cent once."""

from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from tests.support.small_disputes import found, got, order, paper, po, row


def before(units: str, money: str | None, number: str = "I-0", **more: Any) -> dict[str, Any]:
    bill = {"invoice_id": number, "po_line_number": "1", "base_quantity": units, **more}
    return bill | ({} if money is None else {"amount": money})


def told(*bills: dict[str, Any], received: str = "100", **event: Any) -> OrderData:
    """100 ordered at 18.00."""
    return order(po("100", "18.00"), receipts=[got(received, **event)], billed=list(bills))


def bill(quantity: str, price: str, amount: str, **fields: str) -> ExtractedDocument:
    return paper(row(quantity, price, amount=amount), invoice_id="I-2", **fields)


def credit(quantity: str, price: str, amount: str) -> ExtractedDocument:
    cells = row(quantity, price, amount=amount)
    return paper(cells, kind="credit_memo", invoice_id="C-1", original_invoice_id="I-0")


LOT = {"unit_code": "LOT", "receipt_expected": False}
DEAR = before("100", "2000.00")
CHEAP = before("100", "1700.00")
CASES: list[tuple[str, list[ExtractedDocument], OrderData, list[Any], str]] = [
    ("the difference, unit by unit", [credit("100", "2.00", "200.00")], told(DEAR), [], "matched"),
    ("the difference in one piece", [credit("1", "200.00", "200.00")], told(DEAR), [], "matched"),
    ("ten cents a unit are missing", [credit("100", "1.90", "190.00")], told(DEAR),
     [("CREDIT_MEMO_SHORT", None, "10.00")], "discrepancy"),
    ("two cents are rounding", [credit("1", "199.98", "199.98")], told(DEAR), [], "matched"),
    ("three are not", [credit("1", "199.97", "199.97")], told(DEAR),
     [("CREDIT_MEMO_SHORT", None, "0.03")], "discrepancy"),
    ("a second credit, for the rest", [credit("1", "50.00", "50.00")],
     told(DEAR, before("0", "-150.00", "C-0")), [], "matched"),
    ("more than was billed too much is no claim", [credit("1", "250.00", "250.00")], told(DEAR),
     [], "matched"),
    ("where no money is stated nothing is claimed", [credit("100", "2.00", "200.00")],
     told(before("100", None)), [], "matched"),
    ("the bill and its credit together",
     [bill("100", "20.00", "2000.00"), credit("100", "2.00", "200.00")], told(),
     [("PRICE_OVER", "100", "0.00")], "matched"),
    ("the bill and a credit that is too small",
     [bill("100", "20.00", "2000.00"), credit("1", "150.00", "150.00")], told(),
     [("PRICE_OVER", "100", "50.00")], "discrepancy"),
    ("goods that went back are no correction of a price", [credit("5", "18.00", "90.00")],
     told(before("100", "1800.00"), quantity_returned="5"), [], "matched"),
    ("credited below what was paid for them", [credit("5", "10.00", "50.00")],
     told(before("100", "1800.00"), quantity_returned="5"),
     [("PRICE_UNDER", "-5", "40.00")], "discrepancy"),
    ("missing units credited in one sum", [credit("1", "90.00", "90.00")],
     told(before("100", "1800.00"), received="95"), [], "matched"),
    ("the rest of a price, debited", [bill("100", "1.00", "100.00")], told(CHEAP), [], "matched"),
    ("in one piece", [bill("1", "100.00", "100.00")], told(CHEAP), [], "matched"),
    ("more than the rest", [bill("100", "1.50", "150.00")], told(CHEAP),
     [("PRICE_OVER", None, "50.00")], "discrepancy"),
    ("nothing was billed too low", [bill("100", "1.00", "100.00")],
     told(before("100", "1800.00")),
     [("QTY_OVER_RECEIPT", "100", "100.00")], "discrepancy"),
    ("goods at the ordered price are goods, whatever was billed too low",
     [bill("5", "18.00", "90.00")], told(CHEAP),
     [("QTY_OVER_RECEIPT", "5", "90.00")], "discrepancy"),
    ("a lot is called off in money",
     [paper({"product_code": "A-1", "amount": "490.00"}, invoice_id="I-2")],
     order(po("1", "1000.00", **LOT), billed=[before("0.5", "500.00")]), [], "matched"),
    ("beyond the lot",
     [paper({"product_code": "A-1", "amount": "510.00"}, invoice_id="I-2")],
     order(po("1", "1000.00", **LOT), billed=[before("0.5", "500.00")]),
     [("QTY_OVER_ORDER", "0.01", "10.00")], "discrepancy"),
    ("one piece of it for all that is left",
     [paper(row("1", "500.00", unit="LOT", amount="500.00"), invoice_id="I-2")],
     order(po("1", "1000.00", **LOT), billed=[before("1", "500.00")]), [], "matched"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "findings", "status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_money_and_units_are_two_ledgers(
    documents: list[ExtractedDocument], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    assert (found(verdict), verdict.status) == (findings, status)
