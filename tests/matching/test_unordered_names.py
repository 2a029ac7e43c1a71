"""Lines that nobody ordered, as it seems: names without substance, order lines with room."""

from typing import Any

import pytest

from serving.verdict.examine import examine
from tests.support.small_disputes import claimed, got, order, paper, po, row


def named(name: str, quantity: str = "1", price: str = "50.00") -> dict[str, Any]:
    amount = f"{int(quantity) * float(price):.2f}"
    return row(quantity, price, amount=amount, product_code=None, description=name)


def ordered(quantity: str, price: str, name: str) -> dict[str, Any]:
    return po(quantity, price, product_code=None, description=name)


FIRST = ordered("2", "30.00", "Hex bolt M6")
SECOND = ordered("4", "80.00", "Garden hose")
BILLED = [named("Hex bolt M6", "2", "30.00"), named("Garden hose", "4", "80.00")]


@pytest.mark.parametrize(
    ("why", "rows", "status", "money"),
    [
        ("all that is due is billed, and one thing more", [*BILLED, named("Wheelbarrow")],
         "discrepancy", 50),
        ("another kind, and the one that was ordered is billed in full",
         [*BILLED, named("Garden hose, red", "1", "80.00")], "discrepancy", 80),
        ("another kind while the ordered one has room",
         [named("Hex bolt M6", "2", "30.00"), named("Garden hose", "3", "80.00"),
          named("Garden hose, red", "1", "80.00")], "needs_review", 0),
        ("a misread letter is no other name: one unit too many",
         [*BILLED, named("Garden hcse", "1", "80.00")], "discrepancy", 80),
        ("a name of two letters", [*BILLED, named("ab")], "needs_review", 0),
        ("no name at all", [*BILLED, named("")], "needs_review", 0),
        ("a short name with a number tells apart", [*BILLED, named("X9T")], "discrepancy", 50),
        ("a name that stands in other rows too",
         [named("Hex bolt M6 Campaign", "2", "30.00"),
          named("Garden hose Campaign", "4", "80.00"), named("Campaign")], "needs_review", 0),
        ("an order line has room left for it",
         [named("Hex bolt M6", "2", "30.00"), named("Garden hose", "3", "80.00"),
          named("Wheelbarrow", "1", "80.00")], "needs_review", 0),
        ("an order line is not billed at all",
         [named("Hex bolt M6", "2", "30.00"), named("Wheelbarrow", "4", "80.00")],
         "needs_review", 0),
    ],
)  # fmt: skip
def test_not_ordered_is_claimed_only_where_nothing_else_explains_the_line(
    why: str, rows: list[dict[str, Any]], status: str, money: int
) -> None:
    del why
    data = order(FIRST, SECOND, receipts=[got("2", "1"), got("4", "2")])
    verdict = examine([paper(*rows)], data)
    assert (verdict.status, claimed(verdict)) == (status, money)
