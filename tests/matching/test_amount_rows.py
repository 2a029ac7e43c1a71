"""Rows that print an amount alone, as spots and services do: counted where the order allows it."""

from typing import Any

import pytest

from serving.verdict.examine import examine
from tests.support.small_disputes import found, got, order, paper, po, row


def spot(amount: str, name: str = "Morning news 6a") -> dict[str, Any]:
    return row(None, None, product_code=None, unit=None, amount=amount, description=name)


def ordered(
    quantity: str, price: str, *, received: str | None = None, name: str = "Morning news 6a"
) -> Any:
    line = po(quantity, price, product_code=None, unit_code=None, description=name)
    return order(line, receipts=[got(received or quantity)])


@pytest.mark.parametrize(
    ("why", "amounts", "data", "wanted", "status"),
    [
        ("one spot", ["70.00"], ordered("1", "70.00"), [], "matched"),
        ("three rows for three", ["70.00"] * 3, ordered("3", "70.00"), [], "matched"),
        ("one row for three", ["210.00"], ordered("3", "70.00"), [], "matched"),
        ("one row too many", ["70.00"] * 4, ordered("3", "70.00"),
         [("QTY_OVER_RECEIPT", "1", "70.00")], "discrepancy"),
        ("two of three arrived", ["70.00"] * 3, ordered("3", "70.00", received="2"),
         [("QTY_OVER_RECEIPT", "1", "70.00")], "discrepancy"),
        ("dearer than ordered, a row for each", ["70.00"] * 3, ordered("3", "65.00"),
         [("PRICE_OVER", "1", "5.00")] * 3, "discrepancy"),
        ("dearer, and one row too many: units or price, nobody knows", ["70.00"] * 4,
         ordered("3", "65.00"), [], "needs_review"),
        ("rows of different amounts that fit no price", ["70.00", "71.00", "72.00"],
         ordered("3", "65.00"), [], "needs_review"),
        ("more units than are ordered in all are no count", ["700.00"], ordered("3", "1.00"), [],
         "needs_review"),
        ("no whole number of the price", ["100.00"], ordered("3", "70.00"), [], "needs_review"),
    ],
)  # fmt: skip
def test_amounts_alone_are_counted_by_the_ordered_price_or_by_rows(
    why: str, amounts: list[str], data: Any, wanted: list[Any], status: str
) -> None:
    del why
    verdict = examine([paper(*map(spot, amounts))], data)
    assert (found(verdict), verdict.status) == (wanted, status)


def test_a_dearer_row_belongs_to_the_dearer_order_line_of_its_name() -> None:
    """1,600.00 is one at 1,600.00, not two at 800.00."""
    nameless: dict[str, Any] = {"product_code": None, "unit_code": None}
    lines = [
        po("2", "800.00", description="Good day 7a", **nameless),
        po("4", "1600.00", description="Good day 7a", **nameless),
    ]
    data = order(*lines, receipts=[got("2", "1"), got("4", "2")])
    rows = [spot(amount, "Good day 7a") for amount in ("800.00", "800.00", *["1600.00"] * 4)]
    assert examine([paper(*rows)], data).status == "matched"


def test_goods_in_eaches_have_to_say_how_many() -> None:
    data = order(po("1", "70.00"), receipts=[got("1")])
    assert examine([paper(row(None, None, amount="70.00"))], data).status == "needs_review"


@pytest.mark.parametrize(
    ("name", "status", "wanted"),
    [
        # Another day's news: the order line for Saturday is billed in full already
        ("Sun News @ 6pm", "discrepancy", [("ITEM_NOT_ORDERED", None, "400.00")]),
        ("Harbour cruise", "discrepancy", [("ITEM_NOT_ORDERED", None, "400.00")]),
    ],
)
def test_what_nobody_ordered_is_claimed_whole_however_many_it_is_for(
    name: str, status: str, wanted: list[Any]
) -> None:
    data = ordered("1", "400.00", name="Sat News @ 6pm")
    verdict = examine([paper(spot("400.00", "Sat News @ 6pm"), spot("400.00", name))], data)
    claims = [variance for variance in verdict.variances if variance.state == "claim"]
    assert verdict.status == status
    assert [(c.code, c.quantity, f"{c.amount:.2f}") for c in claims] == wanted
