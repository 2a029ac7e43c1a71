"""Columns whose numbers follow from others, so that arithmetic alone does not tell which is which.

Tax is rate times base, a price per carton times cartons is the amount too, a base repeats the
amount, a price with tax stands beside the one without. Only the heads say what is billed.
"""

import random
from collections.abc import Callable
from decimal import Decimal

from data.synthesis.commerce import column_heads, packing
from data.synthesis.commerce.deals import Deal, DealLine, round_money
from data.synthesis.commerce.form_heads import FORM_HEADS
from data.synthesis.commerce.ratio_heads import RATIO_HEADS
from data.synthesis.layouts import columns, items
from data.synthesis.layouts.columns import Column
from data.synthesis.layouts.tables import Table

ORDER_KEPT = 0.6  # share of the tables with the usual order of columns
_IDENTITY = {"line_number": 0.5, "product_code": 0.55, "description": 0.97, "gtin": 0.06,
             "date": 0.08, "unit": 0.45}  # fmt: skip
# Sets of columns between the goods and the amount; the order is the usual one.
_SETS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (12, ("quantity", "unit_price", "amount", "tax_rate", "tax_amount", "gross_amount")),
    (8, ("quantity", "unit_price", "price_with_tax", "tax_rate", "amount", "gross_amount")),
    (5, ("quantity", "unit_price", "tax_rate", "price_with_tax", "amount")),
    (8, ("quantity", "unit_price", "tax_base", "tax_rate", "tax_amount", "amount")),
    (9, ("quantity", "unit_price", "amount", "half_rate", "half_tax", "other_rate", "other_tax",
         "gross_amount")),
    (6, ("quantity", "unit_price", "tax_base", "half_rate", "half_tax", "other_rate", "other_tax",
         "amount")),
    (9, ("cartons", "pieces_per_carton", "quantity", "unit_price", "price_per_pack", "amount")),
    (6, ("quantity", "pieces_per_carton", "unit_price", "price_per_piece", "amount")),
    (5, ("quantity", "piece_weight", "extended_weight", "unit_price", "amount")),
    (8, ("quantity", "list_before", "item_discount", "unit_price", "amount")),
    (6, ("quantity", "unit_price", "before_discount", "discount_rate", "discount_amount",
         "amount")),
    (6, ("quantity", "unit_price", "amount", "commission_rate", "commission",
         "after_commission")),
    (6, ("quantity", "unit_price", "fee", "tax_rate", "amount")),
    (6, ("factor", "quantity", "unit_price", "amount")),
    (4, ("quantity", "unit_price", "share", "amount")),
    (4, ("amount", "tax_rate", "tax_amount", "gross_amount")),
)  # fmt: skip


def ratio_table(rng: random.Random, deal: Deal, left: float, width: float, size: float) -> Table:
    """Make a table with columns that follow from one another."""
    return items.table_of(rng, deal, ratio_columns(rng, deal), (left, width, size))


def ratio_columns(rng: random.Random, deal: Deal) -> list[Column]:
    """Draw the columns, and the numbers of those that are no item's values."""
    kinds = _pick_set(rng, deal)
    identity = [kind for kind, odd in _IDENTITY.items() if rng.random() < odd]
    if "description" not in identity and "product_code" not in identity:
        identity.append("description")
    if rng.random() < 0.2:
        identity.insert(0, kinds.pop(0))
    draw = rng.random()
    if draw > ORDER_KEPT:
        tail = rng.randint(2, len(kinds)) if draw < 0.9 else len(kinds)
        part = kinds[-tail:]
        rng.shuffle(part)
        kinds[-tail:] = part
    kinds = identity + kinds
    sign = rng.choice((" %", "%", "%", ""))
    facts = packing.pack(rng, deal)
    deal.column_sums = {}
    for line, packed in zip(deal.lines, facts, strict=True):
        _derive(rng, deal, line, packed["pieces_per_carton"])
        _derive_rates(rng, deal, line, sign)
    signed = rng.random() < 0.4
    cols = [_column(rng, deal, kind, signed) for kind in kinds]
    if "price_per_piece" in kinds:
        _rename_price(rng, deal, cols)
    return cols


def _rename_price(rng: random.Random, deal: Deal, cols: list[Column]) -> None:
    """Draw a head for the price of the unit that is not also a head of the price per piece."""
    language = deal.style.language
    per_piece = {head.casefold() for head in RATIO_HEADS[language]["price_per_piece"]}
    names = [
        head
        for head in column_heads.HEADS["unit_price"][language]
        if head.casefold() not in per_piece
    ]
    for col in cols:
        if col.kind == "unit_price":
            col.head = rng.choice(names)


def _pick_set(rng: random.Random, deal: Deal) -> list[str]:
    """Draw a set that the deal allows: a discount of its own leaves no room for another."""
    discounted = any(line.discount_rate for line in deal.lines)
    based = any(line.base != 1 for line in deal.lines)
    fitting = []
    for weight, choice in _SETS:
        discounts = "discount_rate" in choice
        if discounts == discounted or (not discounts and "item_discount" not in choice):
            fitting.append((weight, choice))
    odds, sets = zip(*fitting, strict=True)
    kinds = list(rng.choices(sets, odds)[0])
    if discounted and not {"discount_rate", "discount_amount"} & set(kinds):
        kinds.insert(kinds.index("amount"), "discount_rate")
    if based and "unit_price" in kinds:
        kinds.insert(kinds.index("unit_price") + 1, "price_base_quantity")
    return kinds


def _derive(rng: random.Random, deal: Deal, line: DealLine, per_pack: Decimal) -> None:
    """Compute the money that follows from the line's own."""
    style = deal.style
    places, price_places = style.money_places, style.price_places
    half_tax = round_money(line.amount * line.tax_rate / 200, places)
    money: dict[str, tuple[Decimal, int]] = {
        "price_with_tax": (line.price * (1 + line.tax_rate / 100), price_places),
        "tax_base": (line.amount, places),
        "half_tax": (half_tax, places),
        "other_tax": (half_tax, places),
        "before_discount": (line.gross, places),
        "price_per_pack": (line.price * per_pack, price_places),
        "price_per_piece": (line.price / per_pack, max(price_places, places)),
        "fee": (Decimal(rng.choice((0, 0, 5, 10, 15, 25, 120))) / 100, places),
    }
    line.words |= {kind: style.money(value, digits, signed=False)
                   for kind, (value, digits) in money.items()}  # fmt: skip
    line.words["extended_weight"] = line.words["net_weight"]


def _derive_rates(rng: random.Random, deal: Deal, line: DealLine, sign: str) -> None:
    """Draw rates, and compute what follows from them."""
    style = deal.style
    fee_rate = Decimal(rng.choice((5, 10, 15, 15, 20)))
    fee = round_money(line.amount * fee_rate / 100, style.money_places)
    off = Decimal(rng.choice((5, 10, 15, 20, 25, 30, 40, 50)))
    before = line.price / (1 - off / 100)
    rates = {"half_rate": line.tax_rate / 2, "other_rate": line.tax_rate / 2,
             "commission_rate": fee_rate, "item_discount": off, "share": Decimal(100)}  # fmt: skip
    line.words |= {kind: style.quantity(value) + sign for kind, value in rates.items()}
    line.words["list_before"] = style.money(before, style.price_places, signed=False)
    line.words["commission"] = style.money(fee, signed=False)
    line.words["after_commission"] = style.money(line.amount - fee, signed=False)
    line.words["factor"] = style.quantity(Decimal(1))


_NAMED_AS = {"list_before": "list_price", "item_discount": "discount_rate"}
_HEADS: tuple[Callable[[str, str], tuple[str, ...]], ...] = (
    lambda kind, language: RATIO_HEADS[language].get(kind, ()),
    lambda kind, language: FORM_HEADS.get(kind, {}).get(language, ()),
    lambda kind, language: column_heads.HEADS[_NAMED_AS[kind]][language],
)


def _column(rng: random.Random, deal: Deal, kind: str, signed: bool) -> Column:
    if kind in column_heads.HEADS:
        return columns.make_column(rng, kind, deal.style, deal.lines, signed)
    heads = next(names for heads in _HEADS if (names := heads(kind, deal.style.language)))
    align = "right" if rng.random() < 0.85 else rng.choice(("left", "center"))
    return Column(kind, rng.choice(heads), align)
