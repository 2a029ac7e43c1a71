"""Lines that words alone put on one PO line: claimed together only where they cost the same."""

from decimal import Decimal

import pytest

from serving.verdict.examine import examine
from tests.support.small_disputes import claimed, got, order, paper, po, row

NEWS = {"description": "CH2 Action News"}


def billed(*prices: str, code: str | None = None):
    rows = [row("1" if at == 0 else "15", price, **NEWS) for at, price in enumerate(prices)]
    named = [one | {"product_code": code} for one in rows]
    return [{key: value for key, value in one.items() if value is not None} for one in named]


@pytest.mark.parametrize(
    ("prices", "code", "claims"),
    [
        (("850.00", "1450.00"), None, "0"),  # two programmes that are called alike
        (("850.00", "850.00"), None, "12750"),  # parts of one: (16 - 1) x 850.00
        (("850.00",), None, "0"),
    ],
)
def test_what_is_claimed_on_lines_called_alike(prices, code, claims):
    data = order(po("1", "850.00", product_code=None, **NEWS), receipts=[got("1")])
    verdict = examine([paper(*billed(*prices, code=code))], data)
    assert claimed(verdict) == Decimal(claims)


def test_a_code_puts_lines_of_different_prices_on_one_po_line():
    data = order(po("1", "850.00", **NEWS), receipts=[got("1")])
    verdict = examine([paper(*billed("850.00", "1450.00", code="A-1"))], data)
    assert "QTY_OVER_RECEIPT" in [one.code for one in verdict.variances if one.state == "claim"]
