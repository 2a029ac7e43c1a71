"""Columns of order, packing and delivery forms: many counts and weights, one of them the quantity.

What is asked for, what comes now, what came before and what is still open have columns of their
own; packages, pieces in each, pallets, weights and sizes stand among them in any order. A form
without a price column prints no money at all, but for a declared value.
"""

import random
from decimal import Decimal

from data.synthesis.commerce import packing
from data.synthesis.commerce.deals import Deal
from data.synthesis.commerce.form_heads import names_of
from data.synthesis.compositions import child_rows
from data.synthesis.layouts import columns, items
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.tables import Table

PRICED_ORDER = 0.78  # share of the orders with prices; invoices have them always
PRICED_DELIVERY = 0.06
DECLARED_VALUE = 0.08  # of the forms without prices
SHUFFLED = 0.12  # any column anywhere
COUNTS_MIXED = 0.6  # counts and weights in any order
COUNTS_FIRST = 0.18  # counts before the goods

# Columns before the counts: share of the forms that have them.
_IDENTITY = {
    "line_number": 0.5,
    "product_code": 0.62,
    "buyer_item_id": 0.1,
    "manufacturer_part": 0.08,
    "gtin": 0.1,
    "description": 0.96,
    "lot": 0.1,
    "expiry": 0.06,
    "po_number": 0.08,
    "bin": 0.08,
    "carton_range": 0.1,
    "package_type": 0.1,
}
_ORDER_IDENTITY = {
    "manufacturer_part": 0.25,
    "revision": 0.14,
    "date": 0.45,
    "promised_date": 0.14,
    "gl_account": 0.08,
    "po_number": 0.03,
    "lot": 0.0,
    "expiry": 0.0,
    "bin": 0.04,
    "carton_range": 0.0,
}
_MEASURES = {
    "cartons": 34,
    "pieces_per_carton": 26,
    "pallets": 14,
    "net_weight": 24,
    "gross_weight": 30,
    "piece_weight": 8,
    "volume": 14,
    "dimensions": 8,
    "freight_class": 5,
    "checked": 9,
}
_HISTORIES: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {
    "delivery": (
        (20, ("quantity",)),
        (9, ("quantity_shipped",)),
        (14, ("quantity_ordered", "quantity_shipped")),
        (18, ("quantity_ordered", "quantity_shipped", "quantity_backordered")),
        (10, ("quantity_ordered", "shipped_before", "quantity_shipped", "quantity_backordered")),
        (5, ("quantity_ordered", "shipped_before", "quantity_shipped")),
        (4, ("quantity_shipped", "quantity_received")),
        (5, ("quantity_shipped", "quantity_received", "quantity_rejected")),
        (5, ("quantity_ordered", "quantity_received", "quantity_backordered")),
        (4, ("quantity_ordered", "received_before", "quantity_received", "quantity_backordered")),
        (3, ("quantity", "quantity_backordered")),
    ),
    "order": (
        (50, ("quantity",)),
        (9, ("quantity", "received_before")),
        (12, ("quantity", "received_before", "quantity_backordered")),
        (12, ("blanket_quantity", "released_before", "quantity")),
        (7, ("blanket_quantity", "quantity")),
    ),
    "bill": (
        (30, ("quantity",)),
        (22, ("quantity_ordered", "quantity_shipped")),
        (22, ("quantity_ordered", "quantity_shipped", "quantity_backordered")),
        (10, ("quantity_ordered", "shipped_before", "quantity_shipped", "quantity_backordered")),
        (8, ("quantity_ordered", "shipped_before", "quantity")),
    ),
}
_USED_AS = {"purchase_order": "order", "invoice": "bill", "credit_memo": "bill"}
_BESIDE_FEW = (1, 2, 2, 3, 3, 4, 5, 6)  # measures beside one quantity or two, and beside more
_BESIDE_MANY = (0, 0, 1, 1, 2, 3, 4)


PRICED_PER = 0.14  # of the orders, beside those of any document


def use_of(deal: Deal) -> str:
    """Return what the document is used for: delivery, order or bill."""
    return _USED_AS.get(deal.document_type, "delivery")


def prepare_form(rng: random.Random, deal: Deal) -> None:
    """Draw what a form is about: quantities of whole cartons, and whether it has prices."""
    use = use_of(deal)
    shares = {"bill": 1.0, "order": PRICED_ORDER, "delivery": PRICED_DELIVERY}
    deal.priced = rng.random() < shares[use]
    packing.draw_quantities(rng, deal)
    if use == "order" and deal.style.money_places and rng.random() < PRICED_PER:
        base = Decimal(rng.choice((10, 100, 100, 1000)))
        for line in deal.lines:
            line.base = base


def form_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a table of many counts; some list deliveries, lots or serial numbers under items."""
    cols = form_columns(rng, deal)
    below = child_rows.pick_children(rng, deal, cols)
    return items.table_of(rng, deal, cols, (left, width, size), below)


def form_columns(rng: random.Random, deal: Deal) -> list[Column]:
    """Draw the columns of a form; the counts of the packing are drawn with them."""
    packing.pack(rng, deal)
    use = use_of(deal)
    counts = pick_counts(rng, use)
    identity = _pick_identity(rng, use)
    kinds = [*counts, *identity] if rng.random() < COUNTS_FIRST else [*identity, *counts]
    kinds += _pick_money(rng, deal)
    if rng.random() < SHUFFLED:
        rng.shuffle(kinds)
    signed = deal.priced and rng.random() < 0.5
    cols = [form_column(rng, deal, kind, signed) for kind in kinds]
    tell_apart(rng, deal, cols)
    return cols


def pick_counts(rng: random.Random, use: str) -> list[str]:
    """Draw the quantities and the measures beside them, two to eight columns."""
    odds, choices = zip(*_HISTORIES[use], strict=True)
    counts = list(rng.choices(choices, odds)[0])
    measure_count = rng.choice(_BESIDE_FEW if len(counts) < 3 else _BESIDE_MANY)
    if use == "order" and rng.random() < 0.6:
        measure_count = rng.choice((0, 0, 1))
    measures: list[str] = []
    while len(measures) < measure_count:
        kind = rng.choices(tuple(_MEASURES), tuple(_MEASURES.values()))[0]
        if kind not in measures:
            measures.append(kind)
    if rng.random() < 0.6:  # in the usual order: packages, pieces in each, weights
        measures = [kind for kind in _MEASURES if kind in measures]
    place = rng.choice((0, len(measures), rng.randint(0, len(measures))))
    mixed = measures[:place] + counts + measures[place:]
    if rng.random() < COUNTS_MIXED and len(mixed) > 2:
        rng.shuffle(mixed)
    if rng.random() < 0.4:
        mixed.insert(rng.randint(0, len(mixed)), "unit")
    return mixed


def _pick_identity(rng: random.Random, use: str) -> list[str]:
    odds = _IDENTITY | (_ORDER_IDENTITY if use == "order" else {})
    kinds = [kind for kind, odd in odds.items() if rng.random() < odd]
    if not {"description", "product_code"} & set(kinds):
        kinds.append("description")
    for _ in range(rng.choice((0, 0, 1, 2))):
        kind = kinds.pop(rng.randrange(len(kinds)))
        kinds.insert(rng.randint(0, len(kinds)), kind)
    return kinds


def _pick_money(rng: random.Random, deal: Deal) -> list[str]:
    """Draw the price columns, and the words of a rare value where there are none."""
    if not deal.priced:
        return ["declared_value"] if rng.random() < DECLARED_VALUE else []
    kinds = ["unit_price"]
    if any(line.base != 1 for line in deal.lines):
        kinds.append("price_base_quantity")
    if any(line.discount_rate for line in deal.lines):
        kinds.append(rng.choice(("discount_rate", "discount_amount")))
    kinds += [kind for kind, odd in (("tax_code", 0.2), ("tax_rate", 0.12)) if rng.random() < odd]
    if rng.random() < 0.1:
        rng.shuffle(kinds)
    return [*kinds, "amount"]


def form_column(rng: random.Random, deal: Deal, kind: str, signed: bool) -> Column:
    """Draw a column with one of all the heads that forms give that kind."""
    heads = names_of(kind, deal.style.language)
    if kind not in packing.WORDED and kind not in columns.MEASURED:
        return columns.make_column(rng, kind, deal.style, deal.lines, signed)
    align = "right" if kind not in packing.TEXTUAL else rng.choice(("left", "center"))
    if rng.random() < 0.2:
        align = rng.choice(("left", "right", "center"))
    return Column(kind, rng.choice(heads), align)


def tell_apart(rng: random.Random, deal: Deal, cols: list[Column]) -> None:
    """Draw another head where two columns have the same."""
    used_heads: set[str] = set()
    for col in cols:
        choices = names_of(col.kind, deal.style.language)
        for _ in range(6):
            if col.head.casefold() not in used_heads or not choices:
                break
            col.head = rng.choice(choices)
        used_heads.add(col.head.casefold())
