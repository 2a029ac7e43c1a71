"""What interrupts items on synthetic pages is no item, and its numbers hold all the same."""

import random
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest

from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.styles import Style
from data.synthesis.commerce.tagged_text import Span
from data.synthesis.compositions import tills
from data.synthesis.layouts import asides, documents, forms, interruptions, items, till_items
from data.synthesis.layouts.columns import Column, pick_habit
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.layouts.strips import Strip
from data.synthesis.layouts.tables import Carry, Flow, Row, Setting, Table, lay_out
from data.synthesis.layouts.typesetting import set_table

D = Decimal
FACE = documents.table_face("sans")
KINDS = ("description", "quantity", "unit_price", "amount")


def _style() -> Style:
    return Style("en", "USD", ".", ",", 2, "$", "none", "minus", "%Y-%m-%d")


def _deal(count: int, document_type: str = "invoice", seed: int = 1) -> Deal:
    return make_deal(random.Random(seed), document_type, _style(), count, "goods")


def _columns() -> list[Column]:
    return [Column(kind, kind.title(), "left" if kind == "description" else "right")
            for kind in KINDS]  # fmt: skip


def _setting() -> Setting:
    return Setting(9.0, 11.0, 2.0, 8.0, "none", True, 255, True, "top")


def _table(rows: list[Row], carry: Carry | None = None, breaks_items: bool = False) -> Table:
    cols = _columns()
    return Table(
        heads=[col.head for col in cols], aligns=[col.align for col in cols], rows=rows, wraps=0,
        left=40.0, width=500.0, setting=_setting(), carry=carry, breaks_items=breaks_items,
    )  # fmt: skip


def _flow(height: float = 300.0, max_sheets: int = 12) -> Flow:
    flow = Flow(
        lambda _: (Sheet(595, height, FACE), 40.0), bottom=height - 30, max_sheets=max_sheets
    )
    flow.turn()
    return flow


def _item_rows(deal: Deal) -> list[Row]:
    cols, habit = _columns(), pick_habit(random.Random(0), deal.style)
    habit = replace(habit, extra_below=False, unit_in_price=False)
    none = interruptions.Habits(0.0, 0.0, 0.0, "", (), False, False, False, 255)
    rows = []
    for place, line in enumerate(deal.lines):
        row = items.item_row(deal, line, place, cols, habit)
        rows.append(interruptions.main_row(deal, row, line, none, cols))
    return rows


def _set(table: Table, flow: Flow) -> list[Sheet]:
    lay_out(table, flow.sheet, random.Random(3))
    set_table(flow, table)
    return flow.sheets


def _text(sheet: Sheet, tag: str) -> list[str]:
    return [ink.text for ink in sheet.inks if ink.tag == tag]


def test_the_sum_so_far_stands_at_the_foot_and_at_the_head_of_the_next_page() -> None:
    deal = _deal(30)
    carry = Carry("Carried forward", "Brought forward", 3, deal.style.money)
    sheets = _set(_table(_item_rows(deal), carry), _flow())
    assert len(sheets) > 2
    so_far = D(0)
    for number, sheet in enumerate(sheets):
        above = deal.style.money(so_far)
        so_far += sum(D(text.replace(",", "")) for text in _text(sheet, "amount"))
        carried = _text(sheet, "subtotal_row")
        first, last = number == 0, number == len(sheets) - 1
        expected = [] if first else ["Brought", "forward", above]
        expected += [] if last else ["Carried", "forward", deal.style.money(so_far)]
        assert sorted(carried) == sorted(expected)
    assert so_far == deal.net


@pytest.mark.parametrize(("below", "above"), [("", "Report"), ("Subtotal", ""), ("", "")])
def test_a_carried_sum_without_a_name_is_left_out(below: str, above: str) -> None:
    deal = _deal(30)
    sheets = _set(_table(_item_rows(deal), Carry(below, above, 3, deal.style.money)), _flow())
    names = [text for sheet in sheets for text in _text(sheet, "subtotal_row")]
    assert names.count("Report") == (len(sheets) - 1 if above else 0)
    assert names.count("Subtotal") == (len(sheets) - 1 if below else 0)


@pytest.mark.parametrize("breaks_items", [False, True])
def test_a_page_is_turned_inside_an_item_only_where_the_layout_is_careless(
    breaks_items: bool,
) -> None:
    rows: list[Row] = []
    for item in range(12):
        rows.append(Row([[[Span("thing", "description")]], [], [], []], item=item))
        rows += [
            Row(free=[(0, 0.0, [[Span("more", "description")]])], item=item, glued=True)
            for _ in range(2)
        ]
    sheets = _set(_table(rows, breaks_items=breaks_items), _flow(height=200.0))
    pages: defaultdict[int, set[int]] = defaultdict(set)
    for number, sheet in enumerate(sheets):
        for ink in sheet.inks:
            if ink.item >= 0:
                pages[ink.item].add(number)
    assert (max(len(numbers) for numbers in pages.values()) > 1) is breaks_items


def test_a_table_ends_where_the_document_has_no_sheet_left() -> None:
    flow = _flow(max_sheets=2)
    table = _table(_item_rows(_deal(80)))
    lay_out(table, flow.sheet, random.Random(3))
    assert 0 < set_table(flow, table) < 80
    assert len(flow.sheets) == 2


def test_a_head_that_has_no_room_begins_the_next_sheet() -> None:
    flow = _flow()
    flow.y = 260.0
    sheets = _set(_table(_item_rows(_deal(1))), flow)
    assert [_text(sheet, "column_header") != [] for sheet in sheets] == [False, True]


def _habits(**changes: object) -> interruptions.Habits:
    given: dict[str, object] = {
        "notes": 0.0, "subtotals": 0.0, "parts": 0.0, "discounts": "", "sections": (),
        "titled": True, "summed": True, "headed": False, "shade": 255,
    }  # fmt: skip
    return interruptions.Habits(**(given | changes))  # type: ignore[arg-type]


def test_the_sum_of_a_section_is_the_sum_of_its_items_and_no_item() -> None:
    deal, cols = _deal(7), _columns()
    habits = _habits(sections=(0, 3, 5))
    sums = []
    for place in range(7):
        for row in interruptions.rows_after_item(
            random.Random(2), deal, habits, place, _table([]), cols
        ):
            assert row.item == -1
            sums.append((place, row.cells[3][0][0]))
    amounts = [line.amount for line in deal.lines]
    expected = [(2, sum(amounts[:3])), (4, sum(amounts[3:5])), (6, sum(amounts[5:]))]
    assert [(place, span.text) for place, span in sums] == [
        (place, deal.style.money(D(total))) for place, total in expected
    ]
    assert {span.tag for _, span in sums} == {"subtotal_row"}


def test_a_section_is_titled_where_it_begins() -> None:
    deal, habits = _deal(5), _habits(sections=(0, 2))
    titled = [
        bool(interruptions.rows_before_item(random.Random(4), deal, habits, n, 0)) for n in range(5)
    ]
    assert titled == [True, False, True, False, False]


@pytest.mark.parametrize("form", ["rows", "below"])
def test_discounts_in_rows_leave_one_amount_an_item(form: str) -> None:
    deal, cols = _deal(4), _columns()
    for line in deal.lines:
        line.discount_rate = D(10)
    habits = _habits(discounts=form)
    for place, line in enumerate(deal.lines):
        base = Row([[[Span(line.product.description, "description")]], [], [],
                    [[Span(deal.style.money(line.amount), "amount")]]], item=place)  # fmt: skip
        rows = [interruptions.main_row(deal, base, line, habits, cols)]
        rows += interruptions.rows_after_item(
            random.Random(5), deal, habits, place, _table([]), cols
        )
        spans = [span for row in rows for cell in row.cells for text in cell for span in text]
        amounts = [span.text for span in spans if span.tag == "amount"]
        assert amounts == [deal.style.money(line.amount)]
        discounts = [span.text for span in spans if span.tag == "discount_amount"]
        assert [D(text.replace(",", "")).copy_abs() for text in discounts] == [line.discount]


def test_what_an_item_consists_of_is_no_item() -> None:
    deal, cols = _deal(3), _columns()
    rows = interruptions.rows_after_item(
        random.Random(6), deal, _habits(parts=1.0), 1, _table([]), cols
    )
    assert rows
    assert {span.tag for row in rows for cell in row.cells for text in cell for span in text} == {
        "other"
    }


@pytest.mark.parametrize("seed", range(40))
def test_tables_beside_the_items_and_boxes_of_parties_hold_no_item(seed: int) -> None:
    rng = random.Random(seed)
    deal, flow = _deal(5, seed=seed), _flow(height=842.0)
    asides.write_aside(rng, flow, deal, 40.0, 8.0)
    low = forms.party_form(rng, flow.sheet, deal, 40.0, flow.y, 8.0)
    tags = {ink.tag for ink in flow.sheet.inks}
    assert tags <= {"other", "vendor_name", "customer_name"}
    assert flow.y < low <= 842
    assert all(ink.item == -1 for ink in flow.sheet.inks)


@pytest.mark.parametrize("form", till_items.FORMS)
@pytest.mark.parametrize("whole", [False, True])
def test_till_amounts_are_quantity_times_price(form: str, whole: bool) -> None:
    rng, deal = random.Random(8), _deal(6, "receipt")
    if whole:
        deal.style = replace(deal.style, money_places=0)
        deal.lines = [replace(line, money_places=0) for line in deal.lines]
    till_items.set_till_quantities(rng, deal)
    strip = Strip(rng, deal, FACE, form)
    strip.code, strip.code_glued, strip.sign, strip.united = "", False, False, ""
    for place, line in enumerate(deal.lines):
        till_items.set_item(strip, line, place)
    cells: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for ink in strip.sheet.inks:
        cells[ink.item, ink.tag].append(ink.text)
    for place, line in enumerate(deal.lines):
        printed = " ".join(cells[place, "amount"])
        assert printed == deal.style.money(line.gross)
        assert ("." in printed) is not whole
        if cells[place, "quantity"] and cells[place, "unit_price"]:
            price = D(cells[place, "unit_price"][0].replace(",", ""))
            assert D(cells[place, "quantity"][0].replace(",", "")) * price == line.gross


def test_extras_with_a_price_are_items_of_their_own() -> None:
    deal = _deal(40, "receipt")
    before = {id(line) for line in deal.lines}
    till_items.add_modifiers(random.Random(1), deal)
    added = [line for line in deal.lines if id(line) not in before]
    assert added
    assert all(line.quantity == 1 and line.price > 0 for line in added)


@pytest.mark.parametrize("seed", range(25))
def test_a_receipt_prints_each_amount_once_and_a_total(seed: int) -> None:
    rng, deal = random.Random(seed), _deal(5, "receipt", seed)
    sheet = tills.till_receipt(rng, deal, FACE)
    items_seen = {ink.item for ink in sheet.inks if ink.tag == "amount"}
    assert items_seen == set(range(len(deal.lines)))
    assert any(ink.tag == "invoice_total" for ink in sheet.inks)
    assert all(0 < ink.baseline < sheet.height for ink in sheet.inks)


def test_long_documents_run_over_many_pages() -> None:
    longest = 0
    for index in range(300):
        longest = max(longest, len(documents.make_document(random.Random(f"4/{index}")).sheets))
    assert 6 <= longest <= 12
