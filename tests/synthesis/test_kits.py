"""Parents over their children: only what carries the money is an item, and the sums hold."""

import random
from collections import defaultdict
from decimal import Decimal

import pytest

from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.styles import Style
from data.synthesis.compositions import kits
from data.synthesis.layouts.tables import Row, Table

D = Decimal


def _style() -> Style:
    return Style("en", "USD", ".", ",", 2, "$", "none", "minus", "%Y-%m-%d")


def _deal(seed: int, *, priced: bool = True) -> Deal:
    kind = "invoice" if priced else "packing_slip"
    deal = make_deal(random.Random(seed), kind, _style(), 9, "goods")
    deal.priced = priced
    return deal


def _tags(row: Row) -> set[str]:
    cells = [*row.cells, *(cell for _, _, cell in row.free)]
    return {span.tag for cell in cells for line in cell for span in line}


def _table(seed: int, deal: Deal) -> Table:
    return kits.kit_table(random.Random(seed), deal, 40.0, 515.0, 9.0)


def _sum(row: Row) -> list[Decimal]:
    spans = [span for cell in row.cells for line in cell for span in line]
    return [D(span.text.replace(",", "")) for span in spans if span.tag == "subtotal_row"]


@pytest.mark.parametrize("seed", range(60))
def test_every_line_is_an_item_once_and_no_parent_or_part_is_one(seed: int) -> None:
    deal = _deal(seed)
    rows = _table(seed, deal).rows
    billed = [row.item for row in rows if row.role_in_bill() == "item"]
    assert billed == list(range(len(deal.lines)))
    for row in rows:
        if row.role in ("child", "parent", "subtotal"):
            assert _tags(row) <= {"other", "subtotal_row", "sub_total"}


def test_the_sum_of_a_parent_is_that_of_its_children() -> None:
    checked = 0
    for seed in range(120):
        deal = _deal(seed)
        group: list[int] = []
        sums: list[Decimal] = []
        for row in [*_table(seed, deal).rows, Row(role="parent")]:
            if row.role == "parent":
                if sums:
                    assert sums == [sum((deal.lines[n].amount for n in group), D(0))]
                    checked += 1
                group, sums = [], _sum(row)
            elif row.role_in_bill() == "item":
                group.append(row.item)
    assert checked > 20


@pytest.mark.parametrize("seed", range(30))
def test_without_prices_the_parent_is_the_item_and_nothing_costs(seed: int) -> None:
    rows = _table(seed, _deal(seed, priced=False)).rows
    tags = set().union(*(_tags(row) for row in rows))
    assert not tags & {"unit_price", "amount", "tax_rate", "discount_rate"}
    assert all(row.role in ("child", "subtotal", "") for row in rows)


def test_every_form_of_parents_occurs() -> None:
    roles: defaultdict[str, int] = defaultdict(int)
    for seed in range(80):
        for role in {row.role for row in _table(seed, _deal(seed)).rows}:
            roles[role] += 1
    assert min(roles[role] for role in ("parent", "child", "subtotal")) > 8
