"""Rows that several order lines fit alike: claimed where the choice decides no money."""

from typing import Any

import pytest

from data.order_records import OrderData
from serving.verdict.examine import examine
from tests.support.small_disputes import got, order, paper, po, row

NAMES = "Valve brass DN20 PN16", "Valve brass DN20 PN10", "Valve brass DN20 PN25"


def valves(*prices: str, received: tuple[str, ...] = ("10", "10", "10")) -> OrderData:
    """Ten of each of some valves, which the bill does not tell apart."""
    lines = [
        po("10", price, product_code=None, description=name)
        for price, name in zip(prices, NAMES, strict=False)
    ]
    receipts = [got(received[place], str(place + 1)) for place in range(len(prices))]
    return order(*lines, receipts=receipts)


def billed(quantity: str, price: str, amount: str) -> dict[str, Any]:
    return row(quantity, price, product_code=None, description="Valve brass DN20", amount=amount)


DEAR, PLAIN = billed("10", "55.00", "550.00"), billed("10", "50.00", "500.00")
SAME: list[tuple[str, list[dict[str, Any]], OrderData, list[Any], str]] = [
    ("one row, two lines at one price", [DEAR], valves("50.00", "50.00"),
     [("PRICE_OVER", "50", "claim")], "discrepancy"),
    ("two rows, one of them dear", [DEAR, PLAIN], valves("50.00", "50.00"),
     [("PRICE_OVER", "50", "claim")], "discrepancy"),
    ("two rows, one line short", [PLAIN, PLAIN],
     valves("50.00", "50.00", received=("10", "8")), [("QTY_OVER_RECEIPT", "100", "claim")],
     "discrepancy"),
    ("three rows on three lines", [DEAR, PLAIN, PLAIN], valves("50.00", "50.00", "50.00"),
     [("PRICE_OVER", "50", "claim")], "discrepancy"),
    ("nothing is wrong", [PLAIN, PLAIN], valves("50.00", "50.00"), [], "matched"),
]  # fmt: skip
OTHER: list[tuple[str, list[dict[str, Any]], OrderData, list[Any], str]] = [
    ("the price decides, and the row's is neither", [DEAR], valves("50.00", "40.00"),
     [("PRICE_OVER", "50", "open")], "needs_review"),
    ("the receipt decides", [PLAIN], valves("50.00", "50.00", received=("10", "8")), [],
     "needs_review"),
    ("two rows, the prices decide", [DEAR, billed("10", "45.00", "450.00")],
     valves("50.00", "40.00"), [("PRICE_OVER", "50", "open"), ("PRICE_OVER", "50", "open")],
     "needs_review"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "data", "findings", "status"),
    [case[1:] for case in (*SAME, *OTHER)],
    ids=[case[0] for case in (*SAME, *OTHER)],
)
def test_a_choice_that_decides_no_money_bars_no_claim(
    rows: list[dict[str, Any]], data: OrderData, findings: list[Any], status: str
) -> None:
    verdict = examine([paper(*rows)], data)
    shown = [
        (variance.code, f"{variance.amount:.0f}", variance.state)
        for variance in verdict.variances
        if variance.code != "TOTAL_OVER_ORDER"
    ]
    assert (shown, verdict.status) == (findings, status)


def test_the_claim_is_in_the_words_of_the_bill() -> None:
    verdict = examine([paper(DEAR)], valves("50.00", "50.00"))
    (line,) = verdict.lines
    assert line.description == "Valve brass DN20"
    assert "PO lines 1, 2 fit alike" in " ".join(line.reasons)
    assert "PN16" not in verdict.message
