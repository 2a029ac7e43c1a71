"""Fiscal notes: framed fields and tax columns beside the items are no values of an item."""

import random
from decimal import Decimal

import pytest

from data.labels import LINE_TAGS
from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.styles import Style, pick_style
from data.synthesis.compositions import field_grids, fiscal_notes
from data.synthesis.layouts import documents
from data.synthesis.layouts.sheets import Sheet

D = Decimal


def _deal(seed: int, language: str = "pt") -> Deal:
    style = Style(language, "EUR", ".", ",", 2, "€", "none", "minus", "%Y-%m-%d")
    return make_deal(random.Random(seed), "invoice", style, 5, "goods")


@pytest.mark.parametrize("language", sorted(fiscal_notes.LANGUAGES))
@pytest.mark.parametrize("seed", range(8))
def test_codes_and_taxes_are_none_of_the_items_values(language: str, seed: int) -> None:
    deal = _deal(seed, language)
    table = fiscal_notes.fiscal_table(random.Random(seed), deal, 20.0, 555.0, 7.0)
    for row in table.rows:
        spans = [span for cell in row.cells for line in cell for span in line]
        line = deal.lines[row.item]
        amounts = [span.text for span in spans if span.tag == "amount"]
        assert amounts == [deal.style.money(line.amount)]
        quantities = [span.text for span in spans if span.tag == "quantity"]
        assert quantities == [deal.style.quantity(line.quantity)]
        taxed = [span for span in spans if span.tag in ("tax_rate", "tax_amount")]
        assert not taxed or language in fiscal_notes.ONE_TAX
        assert [span.tag for span in spans].count("other") >= 1


@pytest.mark.parametrize("seed", range(30))
def test_taxes_are_rate_times_base(seed: int) -> None:
    deal = _deal(seed)
    fiscal_notes.fiscal_table(random.Random(seed), deal, 20.0, 555.0, 7.0)
    for line in deal.lines:
        for number in range(5):
            if f"grid_base{number}" not in line.words:
                continue
            base, rate, tax = (
                D(line.words[f"grid_{part}{number}"].replace(",", ""))
                for part in ("base", "rate", "tax")
            )
            assert abs(base * rate / 100 - tax) <= D("0.01")
            assert base in (line.amount, D(0))


@pytest.mark.parametrize("seed", range(40))
def test_fields_hold_the_head_of_the_paper_and_no_item(seed: int) -> None:
    rng = random.Random(seed)
    style = pick_style(rng)
    deal = make_deal(rng, "invoice", style, 4)
    sheet = Sheet(595, 842, documents.table_face("sans"))
    low = field_grids.write_top(rng, sheet, deal, 20.0, 8.0)
    tags = {ink.tag for ink in sheet.inks}
    assert not tags & set(LINE_TAGS)
    assert {"vendor_name", "customer_name", "document_id"} <= tags
    assert 60 < low < 600
    assert all(ink.item == -1 and ink.baseline < low for ink in sheet.inks)
    sums = {"sub_total": deal.net, "total_tax": deal.tax, "invoice_total": deal.total}
    for tag, value in sums.items():
        words = [ink.text for ink in sheet.inks if ink.tag == tag]
        assert not words or " ".join(words).startswith(style.money(value))
    assert deal.summed == ("sub_total" in tags)
