"""Columns that follow from others: their products hold, and none of them is an item's value."""

import random
from decimal import Decimal

import pytest

from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.ratio_heads import RATIO_HEADS
from data.synthesis.commerce.styles import Style
from data.synthesis.compositions import ratio_columns
from data.synthesis.languages import LANGUAGES
from data.synthesis.layouts.columns import cell, pick_habit

D = Decimal


def _deal(seed: int) -> Deal:
    style = Style("en", "USD", ".", ",", 2, "$", "none", "minus", "%Y-%m-%d")
    return make_deal(random.Random(seed), "invoice", style, 6, "goods")


def _read(text: str) -> Decimal:
    return D(text.replace(",", "").rstrip(" %"))


@pytest.mark.parametrize("seed", range(40))
def test_derived_numbers_follow_from_the_line_and_are_no_values_of_it(seed: int) -> None:
    deal = _deal(seed)
    cols = ratio_columns.ratio_columns(random.Random(seed), deal)
    habit = pick_habit(random.Random(seed), deal.style)
    own = {"line_number", "product_code", "description", "gtin", "date", "unit", "quantity",
           "unit_price", "price_base_quantity", "discount_rate", "discount_amount", "tax_rate",
           "tax_amount", "amount", "gross_amount"}  # fmt: skip
    for line in deal.lines:
        for col in cols:
            spans = [span for text in cell(line, col, deal.style, habit) for span in text]
            tags = {span.tag for span in spans} - {"other"}
            assert tags <= ({col.kind} if col.kind in own else set()) | {"price_base_quantity"}
    assert len({col.kind for col in cols}) == len(cols)


@pytest.mark.parametrize("seed", range(20))
def test_products_of_derived_columns_hold(seed: int) -> None:
    deal = _deal(seed)
    ratio_columns.ratio_columns(random.Random(seed), deal)
    cent = D("0.01")
    for line in deal.lines:
        words = line.words
        with_tax = line.price * (1 + line.tax_rate / 100)
        assert abs(_read(words["price_with_tax"]) - with_tax) <= cent
        assert _read(words["tax_base"]) == line.amount
        assert abs(2 * _read(words["half_tax"]) - line.tax) <= 2 * cent
        after = _read(words["after_commission"]) + _read(words["commission"])
        assert after == line.amount
        per_pack = _read(words["pieces_per_carton"])
        assert abs(_read(words["price_per_pack"]) - line.price * per_pack) <= cent
        discounted = _read(words["list_before"]) * (1 - _read(words["item_discount"]) / 100)
        assert abs(discounted - line.price) <= cent


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_names_the_derived_columns(code: str) -> None:
    assert set(RATIO_HEADS[code]) == set(RATIO_HEADS["en"])
    heads = LANGUAGES[code].heads
    for kind in ("price_with_tax", "price_per_pack"):
        derived = {text.casefold() for text in RATIO_HEADS[code][kind]}
        assert not derived & {text.casefold() for text in heads["unit_price"]}, kind
