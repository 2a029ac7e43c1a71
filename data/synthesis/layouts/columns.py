"""The columns of an item table: the choice of column kinds, their heads and cell texts."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from data.synthesis.commerce import column_heads, wording
from data.synthesis.commerce.deals import DealLine
from data.synthesis.commerce.styles import Style
from data.synthesis.commerce.tagged_text import Cell, Line, Span
from data.synthesis.layouts.fillers import FILLERS

_CANONICAL = (
    "line_number",
    "product_code",
    "gtin",
    "buyer_item_id",
    "description",
    "po_number",
    "date",
    "quantity_ordered",
    "quantity_shipped",
    "quantity_backordered",
    "quantity_received",
    "quantity_rejected",
    "quantity",
    "unit",
    "list_price",
    "unit_price",
    "price_base_quantity",
    "discount_rate",
    "discount_amount",
    "tax_rate",
    "tax_amount",
    "gross_amount",
    "amount",
)
_LEFT = {"description", "product_code", "buyer_item_id", "unit", "date", "po_number", "gtin"}
# Quantities, of which a form may have several.
MEASURED = frozenset({"quantity", "quantity_ordered", "quantity_shipped", "quantity_backordered",
                      "quantity_received", "quantity_rejected"})  # fmt: skip
# Columns that a paper without prices has not.
MONEY = frozenset({"unit_price", "list_price", "price_base_quantity", "discount_rate", "tax_rate",
                   "discount_amount", "tax_amount", "amount", "gross_amount"})  # fmt: skip
# Columns too narrow for the name of a sum.
NARROW = frozenset({"line_number", "unit", "channel", "length", "type", "tax_code", "page", "day"})


@dataclass(slots=True)
class Column:
    """One column: its kind(s), its head broken into lines, and how it is set."""

    kind: str
    head: str
    align: str = "left"
    stacked: tuple[str, ...] = ()  # kinds printed below one another in the same cell
    signed: bool = False  # money with currency
    glued: bool = False  # quantity and unit as one word
    joint: str = "x"  # between a quantity and its price in one cell
    marked: str = ""  # codes in a stacked cell are named: above | before | after


@dataclass(slots=True)
class Habit:
    """Choices that hold for all cells of a document."""

    price_places: int
    rate_sign: str  # "%", " %" or ""
    zero_blank: bool
    extra_below: bool
    unit_in_price: bool


def pick_habit(rng: random.Random, style: Style) -> Habit:
    return Habit(
        price_places=style.price_places,
        rate_sign=rng.choice(("%", "%", " %", "")),
        zero_blank=rng.random() < 0.5,
        extra_below=rng.random() < 0.6,
        unit_in_price=rng.random() < 0.04,
    )


def line_text(kind: str, line: DealLine, style: Style, habit: Habit, column: Column) -> Line:
    """Return the printed text of a line's value in a column of that kind: one line of spans."""
    if kind in FILLERS or kind in line.words or kind.startswith("grid"):
        return [Span(line.words.get(kind, ""))]
    maker = _PRINTERS.get(kind)
    if maker is not None:
        return maker(line, style, habit, column)
    if kind == "date":
        return [Span(style.day(line.day), kind)]
    return [Span(line.texts[kind], kind)]


def _quantity_unit(line: DealLine, style: Style, habit: Habit, column: Column) -> Line:
    amount = style.quantity(line.quantity)
    if column.glued:
        return [Span(amount + line.product.unit, "quantity")]
    return [Span(amount, "quantity"), Span(line.product.unit, "unit")]


def _quantity_times_price(line: DealLine, style: Style, habit: Habit, column: Column) -> Line:
    """Quantity and price in a single cell: "2 x 12.50"."""
    price = style.money(line.price, habit.price_places, signed=column.signed)
    return [
        Span(style.quantity(line.quantity), "quantity"),
        Span(column.joint),
        Span(price, "unit_price"),
    ]


def _price(line: DealLine, style: Style, habit: Habit, column: Column) -> Line:
    spans = [Span(style.money(line.price, habit.price_places, signed=column.signed), "unit_price")]
    if habit.unit_in_price:
        spans.append(Span(f"/ {line.product.unit}" if line.base == 1 else "/", "other"))
        if line.base != 1:
            spans.append(Span(style.quantity(line.base), "price_base_quantity"))
            spans.append(Span(line.product.unit, "other"))
    return spans


def _money(tag: str, value: Callable[[DealLine], Decimal]) -> Callable[..., Line]:
    def line_of(line: DealLine, style: Style, habit: Habit, column: Column) -> Line:
        number = value(line)
        if number == 0 and habit.zero_blank and tag in ("discount_amount", "other"):
            return []
        return [Span(style.money(number, signed=column.signed), tag)]

    return line_of


def _rate(tag: str, value: Callable[[DealLine], Decimal]) -> Callable[..., Line]:
    def line_of(line: DealLine, style: Style, habit: Habit, column: Column) -> Line:
        number = value(line)
        if number == 0 and habit.zero_blank and tag == "discount_rate":
            return []
        exponent = number.normalize().as_tuple().exponent
        places = max(-exponent, 0) if isinstance(exponent, int) else 0
        return [
            Span(style.number(number, max(places, style.quantity_places)) + habit.rate_sign, tag)
        ]

    return line_of


def _count(tag: str, value: Callable[[DealLine], Decimal]) -> Callable[..., Line]:
    def line_of(line: DealLine, style: Style, habit: Habit, column: Column) -> Line:
        number = value(line)
        if number == 0 and habit.zero_blank and tag != "quantity":
            return []
        return [Span(style.quantity(number), tag)]

    return line_of


_PRINTERS: dict[str, Callable[..., Line]] = {
    "quantity_unit": _quantity_unit,
    "times": _quantity_times_price,
    "unit_price": _price,
    "list_price": _money("other", lambda line: line.price * Decimal("1.25")),
    "discount_amount": _money("discount_amount", lambda line: line.discount),
    "amount": _money("amount", lambda line: line.amount),
    "gross_amount": _money("gross_amount", lambda line: line.amount + line.tax),
    "tax_amount": _money("tax_amount", lambda line: line.tax),
    "tax_rate": _rate("tax_rate", lambda line: line.tax_rate),
    "discount_rate": _rate("discount_rate", lambda line: line.discount_rate),
    "quantity": _count("quantity", lambda line: line.quantity),
    "price_base_quantity": _count("price_base_quantity", lambda line: line.base),
    "quantity_ordered": _count("quantity_ordered", lambda line: line.ordered),
    "quantity_shipped": _count("quantity_shipped", lambda line: line.quantity),
    "quantity_received": _count("quantity_received", lambda line: line.quantity - line.refused),
    "quantity_backordered": _count(
        "quantity_backordered",
        lambda line: max(line.ordered - line.before - line.quantity, Decimal(0)),
    ),
    "quantity_rejected": _count("quantity_rejected", lambda line: line.refused),
}


def pick_columns(
    rng: random.Random, document_type: str, style: Style, lines: list[DealLine], catalogue: str
) -> list[Column]:
    """Draw a set of columns in a mostly usual order, with merged and stacked cells."""
    kinds = [
        kind for kind in _CANONICAL if kind in _pick_kinds(rng, document_type, lines, catalogue)
    ]
    _reorder_kinds(rng, kinds)
    quantity = kinds.index("quantity") if "quantity" in kinds else -1
    if quantity >= 0 and rng.random() < 0.22:
        kinds = [kind for kind in kinds if kind != "unit"]
        kinds[kinds.index("quantity")] = "quantity_unit"
    _join_quantity_and_price(rng, kinds, lines)
    wide = catalogue == "advertising" or rng.random() < 0.12
    odds, max_columns = (0.8, 15) if wide else (0.28, 13)
    while rng.random() < odds and len(kinds) < max_columns:
        filler = rng.choice(tuple(FILLERS))
        if filler not in kinds:
            kinds.insert(rng.randint(0, len(kinds)), filler)
    _adjust_price_columns(rng, kinds, catalogue)
    signed = rng.random() < 0.6
    glued = rng.random() < 0.3
    columns = [make_column(rng, kind, style, lines, signed) for kind in kinds]
    rename_heads(rng, columns, style, catalogue)
    for column in columns:
        column.glued = glued
    return _stack_codes(rng, columns, style)


def _join_quantity_and_price(rng: random.Random, kinds: list[str], lines: list[DealLine]) -> None:
    """Merge quantity and unit price into one column, sometimes."""
    plain = all(line.base == 1 for line in lines)
    if plain and {"quantity", "unit_price"} <= set(kinds) and rng.random() < 0.025:
        kinds[kinds.index("quantity")] = "times"
        kinds.remove("unit_price")


def _pick_kinds(
    rng: random.Random, document_type: str, lines: list[DealLine], catalogue: str
) -> set[str]:
    kinds = {"description"}
    odds = {"line_number": 0.5, "product_code": 0.5, "gtin": 0.1, "buyer_item_id": 0.07,
            "date": 0.14, "po_number": 0.05, "unit": 0.42}  # fmt: skip
    if catalogue == "advertising":
        odds["date"] = 0.45
    backup = document_type in _BACKUP
    if not backup:
        odds |= {"quantity": 0.92, "unit_price": 0.88, "amount": 0.97, "tax_rate": 0.22,
                 "tax_amount": 0.1, "gross_amount": 0.1, "list_price": 0.07}  # fmt: skip
    kinds |= {kind for kind, odd in odds.items() if rng.random() < odd}
    if backup:
        return kinds | _backup_quantities(rng, document_type)
    if any(line.base != 1 for line in lines):
        kinds.add("price_base_quantity")
    if any(line.discount_rate for line in lines):
        kinds |= {rng.choice(("discount_rate", "discount_rate", "discount_amount"))}
    if rng.random() < 0.12:
        kinds |= {"quantity_ordered", "quantity_shipped"}
        kinds -= {"quantity"} if rng.random() < 0.85 else set()
        kinds |= {"quantity_backordered"} if rng.random() < 0.5 else set()
    if rng.random() < 0.05:
        kinds -= {"description"}
        kinds |= {"product_code"}
    return kinds


_BACKUP = {"packing_slip", "delivery_note", "bill_of_lading", "proof_of_delivery"}


def _backup_quantities(rng: random.Random, document_type: str) -> set[str]:
    sets = [{"quantity"}, {"quantity_ordered", "quantity_shipped"}, {"quantity_shipped"},
            {"quantity_ordered", "quantity_shipped", "quantity_backordered"},
            {"quantity_shipped", "quantity_received"},
            {"quantity_ordered", "quantity_received"}]  # fmt: skip
    weights: tuple[int, ...] = (40, 18, 12, 18, 6, 6)
    if document_type == "proof_of_delivery":
        sets.append({"quantity_shipped", "quantity_received", "quantity_rejected"})
        weights = (30, 10, 10, 5, 20, 10, 15)
    extra = {"unit_price", "amount"} if rng.random() < 0.08 else set()
    return rng.choices(sets, weights)[0] | extra


def _adjust_price_columns(rng: random.Random, kinds: list[str], catalogue: str) -> None:
    """Drop or move price columns: air time is often listed spot by spot, with only an amount."""
    if catalogue == "advertising" and rng.random() < 0.3:
        for kind in ("quantity", "unit", "unit_price", "quantity_unit"):
            if kind in kinds and "amount" in kinds:
                kinds.remove(kind)
    counted = any(kind.startswith("quantity") for kind in kinds)
    if "unit_price" in kinds and "amount" not in kinds and not counted:
        kinds[kinds.index("unit_price")] = "amount"
    if {"unit_price", "quantity"} <= set(kinds) and rng.random() < 0.12:
        kinds.remove("unit_price")
        kinds.insert(kinds.index("quantity"), "unit_price")


def rename_heads(rng: random.Random, columns: list[Column], style: Style, catalogue: str) -> None:
    """Rename heads by the other columns: the only money column may be called a price."""
    kinds = {column.kind for column in columns}
    for column in columns:
        if column.kind == "amount" and "unit_price" not in kinds and rng.random() < 0.45:
            column.head = wording.pick_label(rng, column_heads.HEADS["unit_price"], style.language)
        elif catalogue == "advertising" and column.kind in AIR_HEADS and rng.random() < 0.6:
            column.head = rng.choice(AIR_HEADS[column.kind])


AIR_HEADS = {
    "quantity": ("Spots", "# Spots", "Total Spots", "Spots", "Units", "Tot"),
    "unit_price": ("Rate", "Rate", "Spot Rate", "Unit Rate", "Cost"),
    "amount": ("Amount", "Total", "Gross Amount", "Gross", "Total Cost", "Line Total", "Rate"),
    "description": ("Description", "Program", "Inventory Code", "Time Period", "Daypart"),
    "date": ("Start Date", "Air Date", "Date", "Start", "Flight", "Dates"),
}


def _reorder_kinds(rng: random.Random, kinds: list[str]) -> None:
    draw = rng.random()
    if draw < 0.06:
        rng.shuffle(kinds)
        return
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        kind = kinds.pop(rng.randrange(len(kinds)))
        kinds.insert(rng.randint(0, len(kinds)), kind)
    front = rng.random()
    for kind in ("quantity", "quantity_shipped"):
        if kind in kinds and front < 0.25:  # quantity first, as in many US invoices
            kinds.remove(kind)
            kinds.insert(rng.randint(0, min(2, len(kinds))), kind)


_JOINED = ("quantity", "unit_price")


def make_column(
    rng: random.Random, kind: str, style: Style, lines: list[DealLine], signed: bool
) -> Column:
    """Draw a column with a head in the document's language; fillers get their values here."""
    if kind in FILLERS:
        names, maker = FILLERS[kind]
        value = maker(rng, style) if rng.random() < 0.3 else None
        for line in lines:
            line.words[kind] = maker(rng, style) if value is None else value
        return Column(kind, rng.choice(names.split("|")), rng.choice(("left", "left", "center")))
    joint = rng.choice(("x", "@", "à", "*", "×")) if kind == "times" else "x"
    if kind == "times":
        pair = [
            wording.pick_label(rng, column_heads.HEADS[part], style.language) for part in _JOINED
        ]
        head = rng.choice((f" {joint} ", " / ", " ")).join(pair)
    else:
        head = wording.pick_label(rng, column_heads.HEADS[kind], style.language)
    if kind in ("amount", "unit_price") and rng.random() < 0.1:
        forms = (" ({})", " {}", " in {}", "({})", "\n{}")
        head += rng.choice(forms).format(rng.choice((style.currency, style.sign)))
    align = "left" if kind in _LEFT else "right"
    if rng.random() < 0.15:
        align = rng.choice(("left", "right", "center"))
    only = {"unit_price", "amount", "gross_amount"}
    return Column(kind, head, align, signed=signed and kind in only, joint=joint)


def _stack_codes(rng: random.Random, columns: list[Column], style: Style) -> list[Column]:
    """Stack codes below one another or around the description, sometimes."""
    kinds = {column.kind for column in columns}
    codes = [kind for kind in ("product_code", "buyer_item_id", "gtin") if kind in kinds]
    draw = rng.random()
    moved: list[str]
    if draw < 0.12 and "description" in kinds and codes:
        moved, host = [*codes[:1]], "description"
    elif draw < 0.24 and len(codes) > 1:
        moved, host = [*codes[1:]], codes[0]
    elif draw < 0.29 and "description" in kinds and "date" in kinds:
        moved, host = ["date"], "description"
    elif draw < 0.33 and {"unit_price", "discount_rate"} <= kinds:
        moved, host = ["discount_rate"], "unit_price"
    else:
        return columns
    remaining = [column for column in columns if column.kind not in moved]
    target = next(column for column in remaining if column.kind == host)
    order = (host, *moved) if rng.random() < 0.6 else (*moved, host)
    target.stacked = order
    target.marked = rng.choice(("", "", "above", "before", "after"))
    if rng.random() < 0.6:
        heads = {column.kind: column.head for column in columns}
        target.head = "\n".join(heads[kind] for kind in order)
    return remaining


_MARKS = {"product_code": "Art-Nr:", "gtin": "GTIN:", "buyer_item_id": "Kunde:"}


def cell(line: DealLine, column: Column, style: Style, habit: Habit) -> Cell:
    """All printed lines of one cell (not yet wrapped)."""
    rows: Cell = []
    for kind in column.stacked or (column.kind,):
        row = line_text(kind, line, style, habit, column)
        if column.stacked and kind in ("product_code", "gtin", "buyer_item_id"):
            if column.marked == "above":
                rows.append([Span(_MARKS[kind])])
            elif column.marked == "before":
                row.insert(0, Span(_MARKS[kind]))
            elif column.marked == "after":
                row.append(Span(f"({kind.upper()[:4]})"))
        rows.append(row)
        if kind == "description" and habit.extra_below and line.product.extra:
            rows += [[Span(text, "description")] for text in line.product.extra.split("\n")]
    return rows
