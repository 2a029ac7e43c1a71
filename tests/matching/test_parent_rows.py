"""Rows that are sums of others, and columns that stand in each other's place: never claims."""

from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.verdict.examine import examine
from tests.support.small_disputes import found, got, order, paper, po, row, ten

WEEK = row("3", "100.00", amount="300.00", product_code=None, description="Valve set, week 7")


def part(amount: str, name: str = "Valve set, part", **cells: str) -> dict[str, Any]:
    return {"description": name, "amount": amount} | cells


PARTS = part("100.00"), part("120.00"), part("80.00")
SETS = order(po("3", "100.00", product_code=None, description="Valve set, week 7"),
             receipts=[got("3")])  # fmt: skip
EACH = [
    row("1", "100.00", "A-1", amount="100.00"),
    row("1", "60.00", "A-2", amount="60.00"),
    row("1", "40.00", "A-3", amount="40.00"),
]
THREE = order(po("1", "100.00"), po("1", "60.00"), po("1", "40.00"),
              receipts=[got("1"), got("1", "2"), got("1", "3")])  # fmt: skip
FAMILIES: list[tuple[str, list[ExtractedDocument], OrderData, list[Any], str]] = [
    ("a week above its parts, as the total has it",
     [paper(WEEK, *PARTS, sub_total="300.00", invoice_total="300.00")], SETS, [], "matched"),
    ("a set without a price above rows that have one",
     [paper(part("200.00", "Whole delivery"), *EACH, sub_total="200.00")], THREE, [], "matched"),
    ("the total has all of it", [paper(*EACH, sub_total="200.00")], THREE, [], "matched"),
    ("a row that is the sum of two others by chance", [paper(*EACH)], THREE, [], "matched"),
    ("one article in three rows, and no total",
     [paper(*(row(units, "10.00", amount=f"{units}0.00") for units in ("5", "2", "3")))], ten(),
     [], "matched"),
    ("no total tells: in doubt", [paper(WEEK, *PARTS)], SETS, [], "needs_review"),
    ("a row below that says the same once more",
     [paper(WEEK, part("300.00"), sub_total="300.00")], SETS, [], "matched"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "data", "claims", "status"),
    [case[1:] for case in FAMILIES],
    ids=[case[0] for case in FAMILIES],
)
def test_a_row_that_sums_others_up_is_not_billed_twice(
    documents: list[ExtractedDocument], data: OrderData, claims: list[Any], status: str
) -> None:
    verdict = examine(documents, data)
    taken = [variance for variance in verdict.variances if variance.state == "claim"]
    assert (taken, verdict.status) == (claims, status)


@pytest.mark.parametrize(
    ("quantity", "price", "codes"),
    [
        ("10", "10.00", []),
        ("12", "8.00", ["PRICE_BASIS_SUSPECT"]),
        ("12.50", "8.00", ["PRICE_BASIS_SUSPECT"]),
        ("8", "13.00", ["PRICE_OVER"]),
        ("8", "12.00", []),
        ("30", "8.00", ["PRICE_UNDER", "QTY_OVER_RECEIPT"]),
    ],
)
def test_swapped_columns_are_no_claim(quantity: str, price: str, codes: list[str]) -> None:
    """8 ordered at 12.00; the product of a row holds with its columns swapped."""
    if quantity == "10":
        assert found(examine([paper(row("10", "10.00", amount="100.00"))], ten())) == []
        return
    amount = f"{float(quantity) * float(price):.2f}"
    data = order(po("8", "12.00"), receipts=[got("8")])
    verdict = examine([paper(row(quantity, price, amount=amount))], data)
    assert sorted(variance.code for variance in verdict.variances) == codes
