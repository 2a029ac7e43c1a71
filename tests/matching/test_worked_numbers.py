"""Worked numbers of `serving/matching/README.md` that no other table comes to.

Decompositions, tolerances, edge cases, whole documents, short payments and gifts have theirs in the
tests of those names. One is not ours: value times days (500.00 × 3 = 1,500.00) weighs deliveries
off schedule, which nothing here compares.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from data.order_records import OrderData
from data.records import ExtractedDocument
from serving.matching.invoice.order_terms import restate
from serving.matching.rules.policy import Policy
from serving.verdict.examine import examine
from tests.support.small_disputes import claimed, found, got, order, paper, po, row

D = Decimal


def inside(kind: str, percent: str) -> Policy:
    """A policy that lets up to that percentage pass."""
    return Policy.model_validate({"tolerances": [{"kind": kind, "pct_upper": percent}]})


def bill(*rows: tuple[str, str], **fields: str) -> ExtractedDocument:
    """Rows of (quantity, price), rightly extended."""
    extended = [row(count, price, amount=str(D(count) * D(price))) for count, price in rows]
    return paper(*extended, invoice_id="I-1", **fields)


BY_POUND = {
    "unit_code": "CS", "price_unit_code": "LB", "catch_weight": True,
    "pack_factors": {"LB": "1", "CS": "25"},
}  # fmt: skip
WEIGHED = (
    paper(row("10", "3.20", unit="CS", amount="790.40")),
    order(po("10", "3.20", **BY_POUND), receipts=[got("10", unit_code="CS", weight="243.60")]),
)
PIECES_OF_CASES = (
    bill(("1200", "3.34")),
    order(
        po("100", "40.00", unit_code="CS", pack_factors={"CS": "12"}),
        receipts=[got("100", unit_code="CS")],
    ),
)
Row = tuple[str, tuple[ExtractedDocument, OrderData], Policy | None, list[Any]]
WORKED: list[Row] = [
    ("247.00 / 243.60 is 1.40 % too much", WEIGHED, inside("quantity", "1.40"), []),
    ("and more than 1.39 %", WEIGHED, inside("quantity", "1.39"),
     [("WEIGHT_ERROR", "3.4", "10.88")]),
    ("12 × 3.34 = 40.08 is 0.2 % above 40.00", PIECES_OF_CASES, inside("price", "0.2"), []),
    ("and more than 0.19 %", PIECES_OF_CASES, inside("price", "0.19"),
     [("PRICE_OVER", "1200", "8.00")]),
    ("10 × 11 billed against 10 × 10 received: the tenth bill finds 11 − (100 − 99) = 10",
     (bill(("11", "10.00")),
      order(po("200", "10.00"), receipts=[got("10")] * 10,
            billed=[{"invoice_id": f"I-0{number}", "po_line_number": "1", "base_quantity": "11"}
                    for number in range(9)])),
     None, [("QTY_OVER_RECEIPT", "10", "100.00")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("dispute", "policy", "wanted"), [one[1:] for one in WORKED], ids=[one[0] for one in WORKED]
)
def test_worked_numbers(
    dispute: tuple[ExtractedDocument, OrderData], policy: Policy | None, wanted: list[Any]
) -> None:
    document, data = dispute
    assert found(examine([document], data, policy)) == wanted


def test_a_row_over_two_po_lines_is_too_dear_by_the_difference_of_both_sums() -> None:
    """150 × 5.10 = 765.00 against 100 × 5.00 + 50 × 5.20 = 760.00, never ± 15.00."""
    data = order(
        po("100", "5.00"), po("50", "5.20", product_code="A-1"),
        receipts=[got("100"), got("50", "2")],
    )  # fmt: skip
    assert claimed(examine([bill(("150", "5.10"))], data)) == D("5.00")


def test_a_substitute_is_never_missed_and_strange_at_once() -> None:
    """Not 400 for what was ordered and 450 for what came instead."""
    data = order(po("50", "8.00", substitutes=["B-2"]), receipts=[got("50")])
    instead = paper(row("50", "9.00", "B-2", amount="450.00"))
    assert sum(one.amount or 0 for one in examine([instead], data).variances) == D("50.00")


def test_an_allowance_on_the_invoice_is_spread_by_the_amounts() -> None:
    """2 % of 1,000.00 over 600.00 and 400.00 takes off 12.00 and 8.00."""
    data = order(
        po("60", "9.80"), po("40", "9.80", product_code="A-1"),
        head={"allowances": [{"rate": "2", "in_price": True}]},
    )  # fmt: skip
    printed = bill(
        ("60", "10.00"), ("40", "10.00"),
        total_discount="20.00", sub_total="1000.00", invoice_total="980.00",
    )  # fmt: skip
    restated = restate(printed, data.order).document
    assert _taken_off(printed.line_items, restated.line_items) == [D("12.00"), D("8.00")]


def _taken_off(before: Sequence[Any], after: Sequence[Any]) -> list[Decimal]:
    return [one.amount.decimal - two.amount.decimal for one, two in zip(before, after, strict=True)]


def test_a_credit_memo_that_prints_its_units_without_a_sign_takes_them_back() -> None:
    """100 billed before − 5 = 95, as received: nothing is left to bill."""
    data = order(
        po("100", "10.00"), receipts=[got("95")],
        billed=[{"invoice_id": "I-0", "po_line_number": "1", "base_quantity": "100"}],
    )  # fmt: skip
    memo = paper(row("5", "10.00", amount="50.00"), kind="credit_memo", original_invoice_id="I-0")
    verdict = examine([memo], data)
    (line,) = verdict.lines
    assert (line.billed, line.received, line.expected) == (-5, 95, 0)
    assert found(verdict) == []
    # The same five units billed once more are five too many.
    assert found(examine([bill(("5", "10.00"))], data)) == [("QTY_OVER_RECEIPT", "5", "50.00")]
