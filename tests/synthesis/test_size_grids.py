"""The counts of a grid sum to the quantity and are none; every family of items keeps its shares."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.styles import Style
from data.synthesis.compositions import families, size_grids
from data.synthesis.layouts.tables import Row

D = Decimal


def _deal(seed: int, document_type: str = "purchase_order") -> Deal:
    style = Style("en", "USD", ".", ",", 2, "$", "none", "minus", "%Y-%m-%d")
    deal = make_deal(random.Random(seed), document_type, style, 8, "goods")
    size_grids.prepare_grid(random.Random(seed), deal)
    return deal


def _spans(row: Row) -> list[tuple[str, str]]:
    cells = [*row.cells, *(cell for _, _, cell in row.free)]
    return [(span.text, span.tag) for cell in cells for line in cell for span in line]


@pytest.mark.parametrize("document_type", ["purchase_order", "packing_slip", "invoice"])
@pytest.mark.parametrize("seed", range(30))
def test_the_row_sum_of_a_grid_is_the_quantity(seed: int, document_type: str) -> None:
    deal = _deal(seed, document_type)
    table = size_grids.grid_table(random.Random(seed), deal, 40.0, 515.0, 9.0)
    own_sizes = any(row.role == "child" for row in table.rows)
    rows = [row for row in table.rows if row.role_in_bill() == "item"]
    assert [row.item for row in rows] == list(range(len(deal.lines)))
    for row in rows:
        quantities = [text for text, tag in _spans(row) if tag.startswith("quantity")]
        assert quantities == [deal.style.quantity(deal.lines[row.item].quantity)]
        marks = [
            value for kind, value in deal.lines[row.item].words.items() if kind.startswith("grid")
        ]
        if not own_sizes:
            counted = sum(int(mark) for mark in marks if mark.isdigit())
            assert counted == deal.lines[row.item].quantity
    if own_sizes:
        counts = [row for row in table.rows if row.role == "child"][1::2]
        for place, row in enumerate(counts):
            assert {tag for _, tag in _spans(row)} == {"other"}
            counted = sum(int(text) for text, _ in _spans(row) if text.isdigit())
            assert counted == deal.lines[place].quantity


def test_the_columns_of_a_grid_are_summed_in_the_closing_row() -> None:
    checked = 0
    for seed in range(60):
        deal = _deal(seed)
        table = size_grids.grid_table(random.Random(seed), deal, 40.0, 515.0, 9.0)
        last = table.rows[-1]
        if last.role != "subtotal":
            continue
        for kind, total in deal.column_sums.items():
            if kind.startswith("grid"):
                marks = [line.words[kind] for line in deal.lines]
                assert int(total) == sum(int(mark) for mark in marks if mark.isdigit())
                checked += 1
        assert {tag for _, tag in _spans(last)} <= {"subtotal_row", "sub_total", "other"}
    assert checked > 20


def test_new_compositions_are_between_a_third_and_a_half_of_all_papers_but_receipts() -> None:
    new = {"form", "service", "framed", "kit", "ratio", "size_grid", "fiscal"}
    types = {"invoice": 46, "purchase_order": 15, "delivery_note": 8, "packing_slip": 6,
             "credit_memo": 4, "proof_of_delivery": 3, "bill_of_lading": 2}  # fmt: skip
    rng = random.Random(1)
    drawn = Counter(
        families.pick_family(rng, rng.choices(tuple(types), tuple(types.values()))[0])
        for _ in range(4000)
    )
    assert set(drawn) | {"till"} == set(families.FAMILIES)
    assert 0.33 < sum(drawn[name] for name in new) / 4000 < 0.48
