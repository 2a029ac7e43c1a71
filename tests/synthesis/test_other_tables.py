"""Tables beside the bill hold no item, stand in no table of the bill, and say their own truth."""

import random
from decimal import Decimal

import pytest

from data.records import OUTSIDE_TABLES
from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.styles import Style
from data.synthesis.compositions import other_tables
from data.synthesis.layouts import documents
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.layouts.tables import Flow

D = Decimal


def _deal(seed: int, *, priced: bool = True) -> Deal:
    style = Style("en", "USD", ".", ",", 2, "$", "none", "minus", "%Y-%m-%d")
    deal = make_deal(random.Random(seed), "invoice", style, 7, "goods")
    deal.priced = priced
    return deal


def _flow(height: float = 842.0) -> Flow:
    face = documents.table_face("sans")
    flow = Flow(lambda _: (Sheet(595, height, face), 40.0), bottom=height - 30, max_sheets=3)
    flow.turn()
    return flow


@pytest.mark.parametrize("priced", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_no_word_of_another_table_is_of_an_item_or_of_the_bill(seed: int, priced: bool) -> None:
    flow = _flow()
    other_tables.write_table(
        random.Random(seed), flow, _deal(seed, priced=priced), (40.0, 9.0, None)
    )
    assert flow.sheet.inks
    assert {(ink.tag, ink.item, ink.place) for ink in flow.sheet.inks} == {
        ("other", -1, OUTSIDE_TABLES)
    }
    assert all(0 < ink.baseline < 842 for ink in flow.sheet.inks)


@pytest.mark.parametrize("seed", range(10))
def test_a_table_that_has_no_room_is_left_out(seed: int) -> None:
    flow = _flow(height=75.0)
    other_tables.write_table(random.Random(seed), flow, _deal(seed), (40.0, 9.0, None))
    assert len(flow.sheets) == 1
    assert all(ink.baseline < 75 for ink in flow.sheet.inks)


def test_a_table_after_the_sums_may_begin_a_sheet() -> None:
    sheets = set()
    for seed in range(60):
        flow = _flow()
        other_tables.write_details(random.Random(seed), flow, _deal(seed), (40.0, 9.0, None))
        sheets.add(len(flow.sheets))
    assert sheets == {1, 2}


@pytest.mark.parametrize("seed", range(30))
def test_the_groups_of_a_summary_sum_to_the_bill(seed: int) -> None:
    deal = _deal(seed)
    content = other_tables.groups_of_goods(random.Random(seed), deal)
    values = [D(row[-1].replace(",", "")) for row in content.rows]
    assert sum(values) in (deal.net, deal.net * 2)  # twice with a closing row
