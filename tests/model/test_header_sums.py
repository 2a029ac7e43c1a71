"""Weak discounts and charges of the header: kept where a sum speaks for them."""

from decimal import Decimal

import pytest

from data.records import Field
from training.decoding.header_sums import WEAK, open_difference, without_unproven_extras


def fields_of(confidence: float, **money: str) -> dict[str, Field]:
    extras = {"total_discount", "shipping_charge", "total_charge"}
    return {
        name: Field(Decimal(text), confidence=confidence if name in extras else 0.95)
        for name, text in money.items()
    }


@pytest.mark.parametrize(
    ("why", "money", "lines_sum", "kept"),
    [
        ("gross less commission is due",
         {"sub_total": "9510", "invoice_total": "9510", "amount_due": "8083.50",
          "total_discount": "1426.50"}, "9510", ["total_discount"]),
        ("printed as a negative number",
         {"sub_total": "100", "invoice_total": "85", "total_discount": "-15"}, "100",
         ["total_discount"]),
        ("the total once more",
         {"sub_total": "850", "invoice_total": "850", "shipping_charge": "850"}, "850", []),
        ("a number beside the total",
         {"sub_total": "6200", "invoice_total": "6200", "total_discount": "125.60"}, "6200", []),
        ("between lines and total, with tax",
         {"invoice_total": "130.90", "total_tax": "20.90", "shipping_charge": "10"}, "100",
         ["shipping_charge"]),
        ("freight and a discount between the same sums",
         {"sub_total": "100", "invoice_total": "95", "shipping_charge": "10",
          "total_discount": "15"}, "100", ["shipping_charge", "total_discount"]),
        ("lines that were not read say nothing",
         {"invoice_total": "110", "shipping_charge": "10"}, None, []),
        ("the same with lines", {"invoice_total": "110", "shipping_charge": "10"}, "100",
         ["shipping_charge"]),
        ("sums that agree within a cent prove no cent",
         {"sub_total": "100.00", "invoice_total": "100.01", "total_discount": "0.01"}, None, []),
    ],
)  # fmt: skip
def test_a_weak_extra_needs_two_sums_that_differ_by_it(
    why: str, money: dict[str, str], lines_sum: str | None, kept: list[str]
) -> None:
    del why
    lines = None if lines_sum is None else Decimal(lines_sum)
    left = without_unproven_extras(fields_of(0.1, **money), lines)
    names = {"total_discount", "shipping_charge", "total_charge"}
    assert sorted(names & left.keys()) == kept
    assert left.keys() - names == money.keys() - names


def test_an_extra_that_the_network_believes_stays() -> None:
    fields = fields_of(WEAK, sub_total="100", invoice_total="100", total_discount="3")
    assert without_unproven_extras(fields, Decimal(100)) == fields


@pytest.mark.parametrize(
    ("why", "money", "lines_sum", "gap"),
    [
        ("closes as printed", {"sub_total": "100", "invoice_total": "119"}, "100", None),
        ("with the tax", {"invoice_total": "119", "total_tax": "19"}, "100", None),
        ("less the discount", {"invoice_total": "95", "total_discount": "5"}, "100", None),
        ("freight added, tax in the lines",
         {"invoice_total": "110", "shipping_charge": "10", "total_tax": "16"}, "100", None),
        ("within the slack", {"invoice_total": "100.02"}, "100", None),
        ("just beyond it", {"invoice_total": "100.03"}, "100", ("invoice_total", "0.03")),
        ("a row is missing", {"sub_total": "100"}, "80", ("sub_total", "20")),
        ("a row too many", {"sub_total": "100"}, "107", ("sub_total", "-7")),
        ("the nearest total is named",
         {"sub_total": "100", "invoice_total": "119"}, "99", ("sub_total", "1")),
        ("no total was read", {"total_tax": "19"}, "100", None),
        ("a row's amount was not read", {"sub_total": "100"}, None, None),
    ],
)  # fmt: skip
def test_lines_that_sum_to_no_total_are_told_with_the_difference(
    why: str, money: dict[str, str], lines_sum: str | None, gap: tuple[str, str] | None
) -> None:
    del why
    total = None if lines_sum is None else Decimal(lines_sum)
    difference = open_difference(fields_of(0.9, **money), total)
    assert difference == (None if gap is None else (gap[0], Decimal(gap[1])))
