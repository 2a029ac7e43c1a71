"""Charges, discounts and roundings that came as plain items are no articles nobody ordered."""

from typing import Any

import pytest

from data.order_records import OrderData
from serving.matching.row_types import charge_type
from serving.verdict.examine import examine
from tests.support.small_disputes import found, got, order, paper, po, row, ten

TEN = row("10", "10.00", amount="100.00")


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Freight", "freight"), ("FREIGHT CHARGES", "freight"), ("Shipping & handling", "freight"),
        ("Frachtkosten Inland", "freight"), ("Frais de port", "freight"),
        ("Gastos de envío", "freight"), ("Spese di trasporto", "freight"), ("运费", "freight"),
        ("Packaging", "handling"), ("Verpackung", "handling"), ("Fuel surcharge", "fee"),
        ("Small order surcharge", "fee"), ("Pallet deposit", "deposit"), ("Pfand", "deposit"),
        ("Discount 5 %", "discount"), ("Rabatt", "discount"), ("Rounding", "rounding"),
        ("Shipping box", None), ("Delivery van", None), ("Packing tape", None),
        ("Transport trolley", None), ("Deposit slip", None), ("Port wine", None), ("Charge", None),
        ("", None), (None, None), ("Discount and freight", None),
    ],
)  # fmt: skip
def test_a_whole_description_names_a_charge(description: str | None, kind: str | None) -> None:
    assert charge_type(description) == kind


def item(text: str, amount: str, **cells: str) -> dict[str, Any]:
    return {"description": text, "quantity": "1", "amount": amount} | cells


def planned(kind: str, amount: str) -> dict[str, Any]:
    return {"planned_charges": [{"kind": kind, "amount": amount}]}


ROWS: list[tuple[str, list[dict[str, Any]], OrderData, list[Any]]] = [
    ("freight as planned", [TEN, item("Freight charges", "6.00")], ten(planned_freight="6.00"), []),
    ("more freight than planned", [TEN, item("Shipping & handling", "7.50")],
     ten(planned_freight="6.00"), [("FREIGHT_VARIANCE", None, "1.50")]),
    ("a surcharge as planned", [TEN, item("Fuel surcharge", "3.50")],
     ten(**planned("surcharge", "3.50")), []),
    ("deposits as agreed", [TEN, item("Pallet deposit", "24.00", quantity="2")],
     ten(agreed_deposit="24.00"), []),
    ("a discount as agreed", [TEN, item("Discount 5 %", "-5.00")],
     ten(allowances=[{"rate": "5"}]), []),
    ("less discount than agreed", [TEN, item("Discount", "-3.00")],
     ten(allowances=[{"rate": "5"}]), [("DISCOUNT_INCORRECT", None, "2.00")]),
    ("a cent of rounding", [TEN, item("Rounding", "0.01")], ten(), []),
    ("an article that nobody ordered", [TEN, item("Shipping box", "6.00")],
     ten(planned_freight="6.00"), [("ITEM_NOT_ORDERED", "1", "6.00")]),
    ("freight is what was ordered", [row("1", "80.00", "FRT-1", amount="80.00",
                                         description="Freight")],
     order(po("1", "80.00", product_code="FRT-1", description="Freight"), receipts=[got("1")]),
     []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "data", "findings"), [case[1:] for case in ROWS], ids=[case[0] for case in ROWS]
)
def test_a_charge_among_the_items_is_compared_as_a_charge(
    rows: list[dict[str, Any]], data: OrderData, findings: list[Any]
) -> None:
    assert found(examine([paper(*rows)], data)) == findings


def test_the_message_names_the_article_that_nobody_ordered_beside_a_charge() -> None:
    freight = {"description": "Freight", "amount": "7.00", "line_type": "freight"}
    ladder = row("2", "15.00", "ZZ-9", amount="30.00", description="Ladder")
    message = examine([paper(TEN, freight, ladder)], ten(planned_freight="7.00")).message
    assert "- Ladder: 2 EA billed that we did not order. That is 30.00 USD." in message
