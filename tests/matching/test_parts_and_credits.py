"""Parts of one piece measured in money, credits beside their bill, prices that hold tax."""

from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from tests.support.small_disputes import found, got, order, paper, po, row, ten

TEN = row("10", "10.00", amount="100.00")
DEAR = row("10", "10.50", amount="105.00")
CASE = tuple[str, list[ExtractedDocument], OrderData, list[Any], str]


def memo(*rows: dict[str, Any]) -> ExtractedDocument:
    return paper(*rows, kind="credit_memo", invoice_id="CN-1", original_invoice_id="I-1")


def piece(amount: str) -> dict[str, Any]:
    return row("1", amount, amount=amount)


def study(*bills: tuple[str, str], received: str = "1") -> OrderData:
    """One piece ordered at 1,000.00; `bills` are units and money billed before."""
    billed = [
        {"invoice_id": f"B-{place}", "po_line_number": "1", "base_quantity": units, "amount": money}
        for place, (units, money) in enumerate(bills)
    ]
    return order(po("1", "1000.00"), receipts=[got(received)], billed=billed)


CREDITS: list[CASE] = [
    ("ten too dear, two of them credited as dear",
     [paper(DEAR), memo(row("2", "10.50", amount="21.00"))], ten(received="8"),
     [("PRICE_OVER", "8", "4.00")], "discrepancy"),
    ("all of them credited as dear", [paper(DEAR), memo(row("10", "10.50", amount="105.00"))],
     ten(received="0"), [], "matched"),
    ("credited at the ordered price",
     [paper(DEAR), memo(row("2", "10.00", amount="20.00"))], ten(received="8"),
     [("PRICE_OVER", "10", "5.00")], "discrepancy"),
    ("nothing is dear", [paper(TEN), memo(row("2", "10.00", amount="20.00"))], ten(received="8"),
     [], "matched"),
]  # fmt: skip
PARTS: list[CASE] = [
    ("half of the piece was billed before", [paper(piece("600.00"))], study(("0.5", "500.00")),
     [("QTY_OVER_RECEIPT", "0.1", "100.00")], "discrepancy"),
    ("the other half", [paper(row("0.5", "1000.00", amount="500.00"))], study(("0.5", "500.00")),
     [], "matched"),
    ("a whole piece at a part of its price, and the rest", [paper(piece("600.00"))],
     study(("1", "400.00")), [], "matched"),
    ("the whole price, and more", [paper(piece("600.00"))], study(("1", "1000.00")),
     [("QTY_OVER_RECEIPT", "1", "600.00")], "discrepancy"),
]  # fmt: skip
GROSS = row("10", "12.00", amount="120.00")
TAXES: list[CASE] = [
    ("dearer by just the agreed rate, and no tax is printed", [paper(GROSS)], ten(tax_rate="20"),
     [("PRICE_OVER", "10", "20.00")], "needs_review"),
    ("the tax is printed beside it",
     [paper(GROSS, sub_total="120.00", total_tax="24.00", invoice_total="144.00")],
     ten(tax_rate="20"), [("PRICE_OVER", "10", "20.00")], "discrepancy"),
    ("no rate was agreed", [paper(GROSS)], ten(), [("PRICE_OVER", "10", "20.00")], "discrepancy"),
    ("dearer by another rate", [paper(GROSS)], ten(tax_rate="19"),
     [("PRICE_OVER", "10", "20.00")], "discrepancy"),
]  # fmt: skip
CASES = (*CREDITS, *PARTS, *TAXES)


@pytest.mark.parametrize(
    ("documents", "data", "findings", "status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_no_money_is_claimed_that_is_owed(
    documents: list[ExtractedDocument], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    assert (found(verdict), verdict.status) == (findings, status)
