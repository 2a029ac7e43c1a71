"""Compositions of items: the right columns carry the right tags, and the products hold."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from data.synthesis.commerce import form_heads, packing, service_words
from data.synthesis.commerce.deals import Deal, make_deal
from data.synthesis.commerce.styles import Style
from data.synthesis.compositions import (
    child_rows,
    families,
    framed_items,
    quantity_columns,
    services,
)
from data.synthesis.languages import LANGUAGES
from data.synthesis.layouts import columns, documents
from data.synthesis.layouts.columns import MONEY, Column, pick_habit
from data.synthesis.layouts.sheets import Ink, Sheet
from data.synthesis.layouts.tables import Flow

D = Decimal
PRICE_TAGS = MONEY | {"sub_total", "total_tax", "invoice_total", "amount_due", "total_discount",
                      "shipping_charge"}  # fmt: skip
DELIVERY_TYPES = ("packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery")


def _style(language: str = "en") -> Style:
    return Style(language, "USD", ".", ",", 2, "$", "none", "minus", "%Y-%m-%d")


def _deal(document_type: str, seed: int, count: int = 5, language: str = "en") -> Deal:
    return make_deal(random.Random(seed), document_type, _style(language), count, "goods")


def _flow() -> Flow:
    face = documents.table_face("sans")
    flow = Flow(lambda _: (Sheet(595, 842, face), 40.0), bottom=800.0, max_sheets=3)
    flow.turn()
    return flow


def _set(deal: Deal, family: str, seed: int) -> documents.SyntheticDocument:
    return documents.set_document(random.Random(seed), deal, family)


def _inks(document: documents.SyntheticDocument) -> Iterator[Ink]:
    return (ink for sheet in document.sheets for ink in sheet.inks)


def _cells(document: documents.SyntheticDocument) -> dict[tuple[int, str], str]:
    cells: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for ink in _inks(document):
        if ink.item >= 0:
            cells[ink.item, ink.tag].append(ink.text)
    return {key: " ".join(texts) for key, texts in cells.items()}


@pytest.mark.parametrize("document_type", DELIVERY_TYPES)
@pytest.mark.parametrize("seed", range(12))
def test_a_form_without_prices_prints_no_price(document_type: str, seed: int) -> None:
    deal = _deal(document_type, seed)
    quantity_columns.prepare_form(random.Random(seed), deal)
    deal.priced = False
    document = _set(deal, "form", seed)
    assert {ink.tag for ink in _inks(document)} & PRICE_TAGS == set()
    assert any(ink.tag.startswith("quantity") for ink in _inks(document))


@pytest.mark.parametrize("document_type", [*DELIVERY_TYPES, "purchase_order", "invoice"])
@pytest.mark.parametrize("seed", range(12))
def test_each_quantity_of_a_form_has_its_own_tag(document_type: str, seed: int) -> None:
    deal = _deal(document_type, seed)
    quantity_columns.prepare_form(random.Random(seed), deal)
    expected = {
        "quantity": lambda line: line.quantity,
        "quantity_shipped": lambda line: line.quantity,
        "quantity_ordered": lambda line: line.ordered,
        "quantity_received": lambda line: line.quantity - line.refused,
        "quantity_rejected": lambda line: line.refused,
        "quantity_backordered": lambda line: line.ordered - line.before - line.quantity,
    }
    checked = 0
    for (item, tag), text in _cells(_set(deal, "form", seed)).items():
        if tag in expected:
            value = expected[tag](deal.lines[item])
            assert text == deal.style.quantity(max(value, D(0)) if "back" in tag else value)
            checked += 1
    assert checked


@pytest.mark.parametrize("seed", range(20))
def test_the_counts_of_the_packing_multiply(seed: int) -> None:
    deal = _deal("packing_slip", seed)
    for line in deal.lines:
        line.quantity = D(random.Random(seed).choice((24, 96, 1200)))
    packing.pack(random.Random(seed), deal)
    cartons = D(0)
    for line in deal.lines:
        count = D(line.words["cartons"].replace(",", ""))
        assert count * D(line.words["pieces_per_carton"]) == line.quantity
        assert D(line.words["gross_weight"].replace(",", "")) > D(
            line.words["net_weight"].replace(",", "")
        )
        cartons += count
    assert D(deal.column_sums["cartons"].replace(",", "")) == cartons


@pytest.mark.parametrize("seed", range(30))
def test_cartons_and_weights_are_no_quantity(seed: int) -> None:
    deal = _deal("packing_slip", seed)
    quantity_columns.prepare_form(random.Random(seed), deal)
    cols = quantity_columns.form_columns(random.Random(seed), deal)
    counted = [col.kind for col in cols if col.kind.startswith("quantity")]
    assert counted
    assert len(set(counted)) == len(counted)
    assert len({col.kind for col in cols}) == len(cols)
    measures = set(packing.WORDED) & {col.kind for col in cols}
    assert all(kind in deal.lines[0].words for kind in measures)


@pytest.mark.parametrize("parts", [1, 2, 3, 4])
@pytest.mark.parametrize("quantity", ["1", "2", "3", "4", "7", "1000", "2.5", "0", "-3"])
def test_deliveries_sum_to_what_was_ordered(parts: int, quantity: str) -> None:
    counts = child_rows.split(random.Random(1), D(quantity), parts)
    assert sum(counts) == D(quantity)
    assert all(count > 0 for count in counts) or D(quantity) <= 0


@pytest.mark.parametrize("seed", range(40))
def test_children_of_an_order_line_are_no_items(seed: int) -> None:
    rng, deal = random.Random(seed), _deal("purchase_order", seed)
    cols = [Column(kind, kind) for kind in
            ("description", "date", "quantity")]  # fmt: skip
    below = child_rows.pick_children(rng, deal, cols)
    for place in range(len(deal.lines)) if below else ():
        for row in below(place) if below else ():
            assert row.role in ("child", "note")
            cells = [*row.cells, *(cell for _, _, cell in row.free)]
            assert {span.tag for cell in cells for line in cell for span in line} == {"other"}


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_names_the_columns_of_forms(code: str) -> None:
    for kind, heads in form_heads.FORM_HEADS.items():
        assert heads[code], kind
        assert all(text and text == text.strip() for text in heads[code])
    measures = {"cartons", "pieces_per_carton", "pallets", "net_weight", "gross_weight", "volume"}
    quantities = set(form_heads.QUANTITY_NAMES.values())
    for measure in measures:
        names = {text.casefold() for text in form_heads.FORM_HEADS[measure][code]}
        for quantity in quantities:
            others = {text.casefold() for text in form_heads.FORM_HEADS[quantity][code]}
            assert not names & others, (measure, quantity)


def _services(seed: int) -> Deal:
    rng = random.Random(seed)
    count = services.count_services(rng)
    deal = make_deal(rng, "invoice", _style(), count, "software")
    services.prepare_services(rng, deal)
    return deal


@pytest.mark.parametrize("seed", range(60))
def test_each_service_has_one_amount_and_the_sums_close(seed: int) -> None:
    deal = _services(seed)
    document = _set(deal, "service", seed)
    amounts: defaultdict[int, list[str]] = defaultdict(list)
    for ink in _inks(document):
        if ink.tag == "amount":
            amounts[ink.item].append(ink.text)
    for item, printed in amounts.items():
        assert " ".join(printed) == deal.style.money(deal.lines[item].amount)
    assert set(amounts) == set(range(len(deal.lines))) or len(document.sheets) == 3
    assert sum((line.amount for line in deal.lines), D(0)) + deal.tax == deal.total
    tags = {"sub_total": deal.net, "invoice_total": deal.total, "amount_due": deal.total}
    for ink in _inks(document):
        if ink.tag in tags:
            assert ink.text == deal.style.money(tags[ink.tag])


def test_bills_for_services_have_credits_tiers_and_taxes_among_their_rows() -> None:
    roles: defaultdict[str, set[str]] = defaultdict(set)
    negative, alone = 0, 0
    for seed in range(300):
        deal = _services(seed)
        negative += any(line.amount < 0 for line in deal.lines)
        alone += len(deal.lines) == 1
        for ink in _inks(_set(deal, "service", seed)):
            roles[ink.place.role].add(ink.tag)
    assert 30 < negative < 90
    assert 60 < alone < 160
    assert roles["tax"] == {"other", "total_tax"}
    assert roles["heading"] == {"other"}
    assert "invoice_total" in roles["subtotal"]


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_has_words_for_services(code: str) -> None:
    words = service_words.SERVICE_WORDS[code]
    assert set(words) == set(service_words.SERVICE_WORDS["en"])
    for kind in ("unused", "remaining", "first", "more", "due"):
        for text in words[kind]:
            assert text.format(noun="x", day="y", count="1", amount="2")


@pytest.mark.parametrize("document_type", ["invoice", "purchase_order", "packing_slip"])
@pytest.mark.parametrize("seed", range(25))
def test_a_box_holds_one_item_and_its_own_values(document_type: str, seed: int) -> None:
    deal = _deal(document_type, seed, count=6)
    deal.priced = document_type != "packing_slip"
    document = _set(deal, "framed", seed)
    cells = _cells(document)
    texts = {
        "amount": lambda line: deal.style.money(line.amount),
        "unit_price": lambda line: deal.style.money(line.price),
        "quantity": lambda line: deal.style.quantity(line.quantity),
    }
    for (item, tag), text in cells.items():
        if tag in texts:
            assert text.startswith(texts[tag](deal.lines[item]))
    if document_type == "packing_slip":
        assert {ink.tag for ink in _inks(document)} & PRICE_TAGS == set()
    described = [item for item, tag in cells if tag == "description"]
    assert described
    tall = document.sheets[0].height
    assert all(0 < ink.baseline < tall for ink in _inks(document) if ink.item >= 0)


@pytest.mark.parametrize("seed", range(15))
def test_boxes_do_not_overlap(seed: int) -> None:
    deal = _deal("invoice", seed, count=6)
    flow = _flow()
    framed_items.write_framed_items(random.Random(seed), flow, deal, (40.0, 515.0), 9.0)
    reach: dict[int, list[float]] = {}
    for ink in flow.sheet.inks:
        if ink.item >= 0:
            box = reach.setdefault(ink.item, [ink.left, ink.baseline, ink.left, ink.baseline])
            box[:] = [min(box[0], ink.left), min(box[1], ink.baseline),
                      max(box[2], ink.left), max(box[3], ink.baseline)]  # fmt: skip
    boxes = list(reach.values())
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
            assert apart


def test_numbers_inside_a_description_are_of_the_description() -> None:
    counted = lines = 0
    for seed in range(200):
        rng = random.Random(seed)
        line = make_deal(rng, "invoice", _style(), 1, "goods").lines[0]
        habit = replace(pick_habit(rng, _style()), extra_below=True)
        cell = columns.cell(line, Column("description", "Goods"), _style(), habit)
        assert {span.tag for text in cell for span in text} == {"description"}
        counted += any(char.isdigit() for char in line.product.description)
        lines += len(cell) > 2
    assert 50 < counted < 160
    assert 5 < lines < 60


def test_rows_under_an_item_stay_in_the_table_when_columns_are_taken_out() -> None:
    """Discounts printed as rows take their columns out after the children were drawn."""
    for seed in range(300):
        rng = random.Random(seed)
        deal = families.make_family_deal(rng, "purchase_order", "form")
        cols = quantity_columns.form_columns(rng, deal)
        below = child_rows.pick_children(rng, deal, cols)
        described = next(
            (n for n, col in enumerate(cols) if "description" in (col.kind, *col.stacked)), 0
        )
        del cols[:described]
        rows = [row for place in range(len(deal.lines)) for row in (below(place) if below else ())]
        assert {column for row in rows for column, _, _ in row.free} <= {0}
