"""Returns, coupons, weighed and unpriced goods of a till are items; its blocks below are none."""

import random
from collections import defaultdict
from decimal import Decimal

import pytest

from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.styles import Style
from data.synthesis.compositions import till_blocks, till_goods, tills
from data.synthesis.layouts import documents, till_items
from data.synthesis.layouts.sheets import Sheet
from data.synthesis.layouts.strips import Strip

D = Decimal
FACE = documents.table_face("mono")


def _deal(seed: int, language: str = "en") -> Deal:
    style = Style(language, "USD", ".", ",", 2, "$", "none", "minus", "%Y-%m-%d")
    return make_deal(random.Random(seed), "receipt", style, 8, "food")


def _prepared(seed: int) -> Deal:
    deal = _deal(seed)
    till_goods.prepare_till(random.Random(seed), deal)
    return deal


def _printed(sheet: Sheet) -> dict[tuple[int, str], str]:
    cells: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for ink in sheet.inks:
        if ink.item >= 0:
            cells[ink.item, ink.tag].append(ink.text)
    return {key: " ".join(texts) for key, texts in cells.items()}


@pytest.mark.parametrize("form", till_items.FORMS)
@pytest.mark.parametrize("marked", ["credit", "weighed", "unpriced"])
def test_marked_rows_are_items_with_what_is_printed(form: str, marked: str) -> None:
    deal = next(
        deal
        for deal in map(_prepared, range(500))
        if any(line.words.get("till") == marked for line in deal.lines)
    )
    till_items.set_till_quantities(random.Random(1), deal)
    strip = Strip(random.Random(2), deal, FACE, form)
    strip.code, strip.codes, strip.sign, strip.priced, strip.form = "", {}, False, True, form
    for place, line in enumerate(deal.lines):
        till_items.set_item(strip, line, place)
    cells = _printed(strip.sheet)
    for place, line in enumerate(deal.lines):
        mark = line.words.get("till")
        assert (place, "description") in cells
        if mark == "credit":
            assert line.amount < 0
            assert not {(place, "quantity"), (place, "unit_price")} & set(cells)
        if mark == "unpriced":
            assert not {(place, "amount"), (place, "unit_price")} & set(cells)
        else:
            assert cells[place, "amount"] == deal.style.money(line.gross)
        if mark == "weighed" and (place, "unit_price") in cells:
            weight, price = D(cells[place, "quantity"]), D(cells[place, "unit_price"])
            assert abs(weight * price - line.amount) <= D("0.005")
            assert cells[place, "unit"] == line.product.unit


@pytest.mark.parametrize("seed", range(30))
def test_blocks_below_the_sums_are_of_no_item(seed: int) -> None:
    deal = _deal(seed)
    strip = Strip(random.Random(seed), deal, FACE, "plain")
    till_blocks.write_card_slip(strip, "12.50")
    till_blocks.write_points(strip)
    till_blocks.write_groups(strip)
    till_blocks.write_taxes(strip, strip.codes)
    assert {(ink.tag, ink.item) for ink in strip.sheet.inks} == {("other", -1)}


@pytest.mark.parametrize("seed", range(60))
def test_the_sums_of_a_till_include_its_credits(seed: int) -> None:
    deal = _prepared(seed)
    sheet = tills.till_receipt(random.Random(seed), deal, FACE)
    sums = [ink.text for ink in sheet.inks if ink.tag == "sub_total"]
    strip_sign = any("$" in text for text in sums)
    if sums and not strip_sign:
        assert " ".join(sums) == deal.style.money(deal.net)
    letters = {ink.text for ink in sheet.inks if ink.tag == "amount"}
    assert letters


def test_every_mark_occurs_and_most_receipts_have_none() -> None:
    marks: defaultdict[str, int] = defaultdict(int)
    for seed in range(400):
        for mark in {line.words.get("till", "") for line in _prepared(seed).lines} or {""}:
            marks[mark] += 1
    assert min(marks[mark] for mark in ("credit", "weighed", "unpriced")) >= 10
    assert max(marks[mark] for mark in ("credit", "weighed", "unpriced")) < 120
