"""The arithmetic of variances: parts that sum exactly, units counted once."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.matching.findings.arithmetic import (
    decompose,
    disputed_units,
    price_text,
    quantity_text,
    rounded,
    to_decimal,
)

D, F = Decimal, Fraction
decimals = st.decimals(-1_000_000, 1_000_000, places=6)


@pytest.mark.parametrize(
    ("billed", "price", "expected", "ordered", "parts", "deduction"),
    [
        ("80", "10", "50", "10", ("300", "0"), ("300", "0")),
        ("100", "1.24", "100", "1.30", ("0", "-6.00"), ("0", "-6.00")),
        ("100", "11", "60", "10", ("400", "100"), ("440", "60")),
        ("120", "2.00", "118", "2.00", ("4.00", "0"), ("4.00", "0")),
    ],
)
def test_worked_examples(
    billed: str,
    price: str,
    expected: str,
    ordered: str,
    parts: tuple[str, str],
    deduction: tuple[str, str],
) -> None:
    numbers = F(billed), F(price), F(expected), F(ordered)
    assert decompose(*numbers) == tuple(map(F, parts))
    assert decompose(*numbers, "deduction") == tuple(map(F, deduction))


@given(decimals, decimals, decimals, decimals)
def test_both_views_sum_to_billed_less_expected(
    billed: Decimal, price: Decimal, expected: Decimal, ordered: Decimal
) -> None:
    qi, pi, qe, po = F(billed), F(price), F(expected), F(ordered)
    whole = qi * pi - qe * po
    assert sum(decompose(qi, pi, qe, po)) == whole
    assert sum(decompose(qi, pi, qe, po, "deduction")) == whole


@pytest.mark.parametrize(
    ("billed", "limits", "units"),
    [
        ("40", ["30"], "10"),
        ("110", ["104", "100"], "10"),  # never 6 + 10
        ("10", ["-10"], "10"),  # the ten before were raised on the earlier invoice
        ("10", ["0"], "10"),
        ("30", ["30"], "0"),
        ("20", ["30"], "0"),
        ("-5", ["-5"], "0"),  # a credit disputes nothing
        ("-5", ["100"], "0"),
    ],
)
def test_each_unit_is_disputed_once(billed: str, limits: list[str], units: str) -> None:
    assert disputed_units(F(billed), [F(limit) for limit in limits]) == F(units)


@given(decimals, st.lists(decimals, min_size=1, max_size=3))
def test_disputed_units_are_part_of_this_invoice(billed: Decimal, limits: list[Decimal]) -> None:
    units = disputed_units(F(billed), [F(limit) for limit in limits])
    assert 0 <= units <= max(F(billed), F(0))
    tighter = [F(limit) for limit in [*limits, limits[0] - 1]]
    assert disputed_units(F(billed), tighter) >= units


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1.005", "USD", "1.01"),
        ("-1.005", "USD", "-1.01"),
        ("10.5", "JPY", "11"),
        ("1.0005", "KWD", "1.001"),
        ("3", None, "3.00"),
    ],
)
def test_money_is_rounded_half_up_to_minor_units(
    amount: str, currency: str | None, shown: str
) -> None:
    assert str(rounded(D(amount), currency)) == shown


def test_numbers_as_written_in_a_formula() -> None:
    assert [quantity_text(D(text)) for text in ("30.000", "1E+3", "0.5", "-0.50")] == [
        "30",
        "1000",
        "0.5",
        "-0.5",
    ]
    assert [price_text(D(text)) for text in ("10", "0.0045", "2.5")] == ["10.00", "0.0045", "2.50"]
    assert price_text(F(40, 12)) == "3.333333"
    assert to_decimal(F(1, 8)) == D("0.125")
