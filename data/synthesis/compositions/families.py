"""Layout families of items: which one a document gets, what it is about, and how it is written.

The shares are per cent of the documents of a use: bills, orders, papers of a delivery.
"""

import random
from collections.abc import Callable, Mapping
from decimal import Decimal

from data.synthesis.commerce.deals import Deal, make_deal, round_money
from data.synthesis.commerce.styles import Style, pick_style
from data.synthesis.compositions import (
    fiscal_notes,
    framed_items,
    kits,
    quantity_columns,
    ratio_columns,
    services,
    size_grids,
    till_goods,
)
from data.synthesis.layouts import items, keyvalues
from data.synthesis.layouts.tables import Flow, Setting, Table, lay_out
from data.synthesis.layouts.typesetting import set_table

DELIVERY_TYPES = ("packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery")
PRICED_TYPES = ("invoice", "credit_memo", "purchase_order", "receipt")
_BILLS: Mapping[str, float] = {
    "table": 35, "detail_rows": 7, "parent_child": 8, "schedule": 6.5, "key_value": 6,
    "free_text": 2.5, "line_printer": 3.5, "form": 3.5, "service": 11, "framed": 4, "kit": 4,
    "ratio": 6.5, "size_grid": 2.5, "fiscal": 4.5,
}  # fmt: skip
_ORDERS: Mapping[str, float] = {
    "table": 32, "detail_rows": 6, "parent_child": 7, "schedule": 7, "key_value": 5,
    "free_text": 2, "line_printer": 4, "form": 20, "framed": 5, "kit": 5, "ratio": 3,
    "size_grid": 4,
}  # fmt: skip
_DELIVERIES: Mapping[str, float] = {
    "table": 34, "detail_rows": 2, "key_value": 5, "line_printer": 5, "form": 36, "framed": 7,
    "kit": 6, "size_grid": 5,
}  # fmt: skip
FAMILIES = (*_BILLS, "till")
_ADVERTISING = 0.7  # share of the schedules and of the items with rows below that are air time


def pick_family(rng: random.Random, document_type: str) -> str:
    """Draw a layout family for a document of that type."""
    if document_type == "receipt":
        return "till" if rng.random() < 0.88 else "table"
    shares = _DELIVERIES if document_type in DELIVERY_TYPES else _BILLS
    if document_type == "purchase_order":
        shares = _ORDERS
    return rng.choices(tuple(shares), tuple(shares.values()))[0]


def pick_family_style(rng: random.Random, family: str) -> Style:
    """Draw a vendor's style of print; fiscal notes are of countries that have them."""
    if family != "fiscal":
        return pick_style(rng)
    shares = fiscal_notes.LANGUAGES
    return pick_style(rng, rng.choices(tuple(shares), tuple(shares.values()))[0])


def make_family_deal(rng: random.Random, document_type: str, family: str) -> Deal:
    """Draw what a document of that family is about."""
    style = pick_family_style(rng, family)
    kind = _pick_catalogue(rng, document_type, family)
    deal = make_deal(rng, document_type, style, _pick_item_count(rng, family), kind)
    deal.priced = document_type in PRICED_TYPES
    billed = document_type in ("invoice", "credit_memo")
    if family == "form" or (family in ("framed", "kit") and not billed):
        quantity_columns.prepare_form(rng, deal)
    elif family == "service":
        services.prepare_services(rng, deal)
    elif family == "size_grid":
        size_grids.prepare_grid(rng, deal)
    elif family == "till":
        till_goods.prepare_till(rng, deal)
    if deal.deduction:  # of what is billed now
        deal.deduction = max(round_money(deal.net / 50, style.money_places), Decimal(0))
    return deal


def _pick_catalogue(rng: random.Random, document_type: str, family: str) -> str:
    """Draw what is sold; "" for anything."""
    if family in ("schedule", "parent_child", "detail_rows"):
        return "advertising" if rng.random() < _ADVERTISING else ""
    if family == "till":
        return rng.choice(("food", "food", "goods"))
    if family == "service":
        return rng.choice(("services", "services", "software", "software", "property"))
    goods = family in ("form", "size_grid")
    if goods or (family in ("framed", "kit") and document_type in DELIVERY_TYPES):
        return rng.choice(("goods", "goods", "goods", "food"))
    return ""


def _pick_item_count(rng: random.Random, family: str) -> int:
    if family == "free_text":
        return rng.randint(1, 3)
    if family == "service":
        return services.count_services(rng)
    if family == "till":
        return rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 18))
    draw = rng.random()
    if draw < 0.24:
        return rng.randint(1, 3)
    if draw < 0.68:
        return rng.randint(3, 14)
    if draw < 0.9:
        return rng.randint(14, 26)
    return rng.randint(26, 60) if draw < 0.992 else rng.randint(61, 240)


_TABLES: dict[str, Callable[[random.Random, Deal, float, float, float], Table]] = {
    "detail_rows": items.detail_table,
    "parent_child": items.parent_child_table,
    "schedule": items.schedule_table,
    "form": quantity_columns.form_table,
    "kit": kits.kit_table,
    "ratio": ratio_columns.ratio_table,
    "size_grid": size_grids.grid_table,
    "service": services.service_table,
    "fiscal": fiscal_notes.fiscal_table,
}


def write_items(
    rng: random.Random, flow: Flow, deal: Deal, family: str, form: tuple[float, float]
) -> Setting | None:
    """Write the items; return the look of their table, None where there is none.

    `form` is margin and size of print.
    """
    margin, size = form
    area = (margin, flow.sheet.width - 2 * margin)
    writers = {
        "key_value": keyvalues.write_key_values,
        "free_text": keyvalues.write_free_text,
        "framed": framed_items.write_framed_items,
    }
    if family in writers:
        writers[family](rng, flow, deal, area, size)
        return None
    if family == "service":
        services.write_opening(rng, flow, deal, margin, size)
    table = _TABLES.get(family, items.ordinary_table)(rng, deal, *area, size)
    lay_out(table, flow.sheet, rng)
    set_table(flow, table)
    if family == "fiscal":
        fiscal_notes.run_down(rng, flow, table.setting, area)
    return table.setting
