"""One billed line in numbers: signed quantity, net unit price, and what makes them doubtful.

A cell that was not read stays None and is named in `doubts`; it never becomes 0.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from data.records import ExtractedDocument, Field, LineItem, Value
from serving.matching.findings.arithmetic import AMOUNT_SLACK, quantity_text

CHARGE_TYPES = frozenset({"freight", "handling", "fee", "deposit", "allowance", "discount"})
MONEY_CELLS = ("quantity", "unit", "unit_code", "unit_price", "price_base_quantity", "amount")
SILENT_TYPES = frozenset({"tax", "subtotal", "comment", "rounding"})
_AMOUNT_CELLS = ("amount", "discount_rate", "discount_amount", "charge_amount")
NO_QUANTITY = ("no quantity was found", "an amount is billed for a quantity of 0")
# Prices are usual per these many units; the amount shows which where the base is not printed.
USUAL_PRICE_BASES = (10, 12, 100, 144, 1000)


@dataclass(frozen=True, slots=True)
class BilledItem:
    """A printed line of an invoice or credit memo. Credits have a negative quantity and amount.

    `price` is net, per printed unit (line allowances taken off); `discount` is what was taken off
    to get there, 0 where nothing is printed, None where the printed price is net already. `cells`
    are the leaves the money rests on. `off_by` is printed amount less quantity x price where that
    exceeds the slack of 0.02. `sign` is the document's, as `credit_sign` returns it; `assembled`:
    the row combines several printed ones. `document_index` counts the documents of the dispute.
    """

    document: ExtractedDocument
    number: int
    item: LineItem
    quantity: Fraction | None
    unit: str | None
    price: Fraction | None
    amount: Fraction | None
    quantity_cells: dict[str, Field]
    price_cells: dict[str, Field]
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    off_by: Fraction | None = None
    price_from_amount: bool = False
    discount: Fraction | None = None
    gross_price: Fraction | None = None
    sign: int | None = 1
    assembled: bool = False
    document_index: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """The row among all rows of a dispute: index of the document, number of the line."""
        return self.document_index, self.number

    @property
    def place(self) -> str:
        """Document and line number, for a sentence."""
        return f"{self.document.document_id} line {self.number}"

    @property
    def is_free(self) -> bool:
        """True where the goods are free of charge: a price that was read as 0."""
        return self.item.line_type == "free_goods" or self.price == 0

    @property
    def cells(self) -> dict[str, Field]:
        return self.quantity_cells | self.price_cells


@dataclass(frozen=True, slots=True)
class _Price:
    """A net price with the cells it rests on; `exact` False: it is a rounded amount divided.

    `gross` and `discount` per unit as in `BilledItem`.
    """

    value: Fraction | None
    cells: dict[str, Field]
    off_by: Fraction | None = None
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    exact: bool = True
    discount: Fraction | None = None
    gross: Fraction | None = None


def credit_sign(document: ExtractedDocument) -> int | None:
    """Return -1 for a credit memo printed with positive numbers, else 1; None for mixed signs.

    Some vendors print credits negative, most positive: what the document does decides.
    """
    if document.document_type.value != "credit_memo":
        return 1
    numbers = [
        number
        for item in document.line_items
        for leaf in (item.amount or item.quantity,)
        if leaf is not None and (number := leaf.decimal) is not None and number != 0
    ]
    if all(number > 0 for number in numbers):
        return -1
    return 1 if all(number < 0 for number in numbers) else None


def _read_cells(item: LineItem, names: tuple[str, ...]) -> Iterator[tuple[str, Field]]:
    for name in names:
        if (leaf := item.field(name)) is not None and leaf.value is not None:
            yield name, leaf


def _unreadable_doubts(item: LineItem, names: tuple[str, ...]) -> tuple[str, ...]:
    leaves = ((name, item.field(name)) for name in names)
    return tuple(
        f"{name} is printed but could not be read"
        for name, leaf in leaves
        if leaf is not None and leaf.value is None and leaf.raw_text is not None
    )


def _number(item: LineItem, name: str) -> Fraction | None:
    leaf = item.field(name)
    number = None if leaf is None else leaf.decimal
    return None if number is None else Fraction(number)


def _usual_base(quantity: Fraction, price: Fraction, amount: Fraction) -> int | None:
    """Return the one usual price base under which quantity x price gives the amount."""
    bases = [
        base
        for base in USUAL_PRICE_BASES
        if abs(quantity * price / base - amount) <= AMOUNT_SLACK < abs(amount)
    ]
    return bases[0] if len(bases) == 1 else None


def _allowance(item: LineItem, gross: Fraction) -> Fraction:
    """Return the line discounts on the gross amount, less charges."""
    rate = _number(item, "discount_rate")
    discount = _number(item, "discount_amount")
    if discount is None:
        discount = Fraction(0) if rate is None else gross * abs(rate) / 100
    return abs(discount) - (_number(item, "charge_amount") or 0)


def _net_price(item: LineItem, quantity: Fraction | None) -> _Price:
    """Return the price per printed unit after line allowances, checked against the amount."""
    price, amount = _number(item, "unit_price"), _number(item, "amount")
    base = _number(item, "price_base_quantity") or Fraction(1)
    doubts = _unreadable_doubts(item, ("unit_price", "price_base_quantity"))
    if price is None or quantity is None or quantity == 0:
        return _price_from_amount(item, quantity, price, base, doubts)
    cells = dict(_read_cells(item, ("unit_price", "price_base_quantity")))
    gross = quantity * price / base
    allowance = _allowance(item, gross)
    listed, discount = abs(price / base), allowance / quantity
    if amount is None:
        net = (gross - allowance) / quantity
        return _Price(net, cells, doubts=doubts, gross=listed, discount=discount)
    if abs(abs(amount) - abs(gross)) <= AMOUNT_SLACK:
        # A printed discount was already taken off the unit price, or there is none.
        none = None if allowance else Fraction(0)
        return _Price(price / base, cells, doubts=doubts, gross=listed, discount=none)
    if allowance and abs(abs(amount) - abs(gross - allowance)) <= AMOUNT_SLACK:
        cells |= dict(_read_cells(item, _AMOUNT_CELLS))
        net = abs(amount / quantity)
        return _Price(
            net,
            cells,
            doubts=doubts,
            exact=False,
            notes=("net of the line's allowance",),
            gross=listed,
            discount=discount,
        )
    usual = _usual_base(abs(quantity), abs(price), abs(amount))
    if usual is not None and base == 1 and not allowance:
        cells |= dict(_read_cells(item, ("amount",)))
        note = f"the price is taken as per {usual}, the only usual price base that gives the amount"
        return _Price(price / usual, cells, notes=(note,), doubts=doubts)
    off_by = abs(amount) - abs(gross - allowance)
    cells |= dict(_read_cells(item, _AMOUNT_CELLS))
    return _Price((gross - allowance) / quantity, cells, off_by=off_by, doubts=doubts)


def _price_from_amount(
    item: LineItem,
    quantity: Fraction | None,
    price: Fraction | None,
    base: Fraction,
    doubts: tuple[str, ...],
) -> _Price:
    amount = _number(item, "amount")
    if quantity is None or quantity == 0:
        value = None if price is None else price / base
        return _Price(
            value, dict(_read_cells(item, ("unit_price", "price_base_quantity"))), doubts=doubts
        )
    if amount is None:
        doubts = doubts or ("neither unit_price nor amount could be read",)
        return _Price(None, {}, doubts=(*doubts, *_unreadable_doubts(item, ("amount",))))
    note = "unit_price is derived: amount / quantity"
    cells = dict(_read_cells(item, ("amount",)))
    return _Price(abs(amount / quantity), cells, notes=(note,), doubts=doubts, exact=False)


def _unit(item: LineItem) -> tuple[str | None, tuple[str, ...]]:
    for leaf in (item.unit_code, item.unit):
        if leaf is not None and leaf.text:
            return leaf.text, ()
    doubts = _unreadable_doubts(item, ("unit_code", "unit"))
    return None, doubts[:1]


def read_item(document: ExtractedDocument, number: int, sign: int | None) -> BilledItem:
    """Return line `number` (from 1) of a document in numbers; `sign` is from `credit_sign`."""
    return _read_row(document, number, document.line_items[number - 1], sign)


def reread_item(billed: BilledItem, name: str, value: Value) -> BilledItem | None:
    """Return the row with another value in one cell; None where it cannot be worked out."""
    leaf = None if billed.assembled else billed.item.field(name)
    if leaf is None:
        return None
    changed: dict[str, Any] = {name: replace(leaf, value=value)}
    return _read_row(billed.document, billed.number, replace(billed.item, **changed), billed.sign)


def _read_row(
    document: ExtractedDocument, number: int, item: LineItem, sign: int | None
) -> BilledItem:
    quantity = _number(item, "quantity")
    unit, unit_doubts = _unit(item)
    doubts = list(unit_doubts)
    if quantity is None:
        printed = item.quantity is not None
        doubts.append("quantity could not be read" if printed else NO_QUANTITY[0])
    elif quantity == 0 and _number(item, "amount"):
        doubts.append(NO_QUANTITY[1])
    if sign is None:
        doubts.append("the credit memo has both positive and negative lines")
    net = _net_price(item, quantity)
    price, amount = net.value, _number(item, "amount")
    if price is not None and price < 0:
        # The sign lives on the quantity (EN 16931, BR-27).
        price, quantity = -price, None if quantity is None else -quantity
    direction = sign or 1
    cells = dict(_read_cells(item, ("quantity", "unit_code" if item.unit_code else "unit")))
    return BilledItem(
        document=document,
        number=number,
        item=item,
        quantity=None if quantity is None else quantity * direction,
        unit=unit,
        price=price,
        amount=None if amount is None else amount * direction,
        quantity_cells=cells,
        price_cells=net.cells,
        notes=net.notes,
        doubts=(*doubts, *net.doubts),
        off_by=None if net.off_by is None else net.off_by * direction,
        price_from_amount=not net.exact,
        discount=net.discount,
        gross_price=net.gross,
        sign=sign,
    )


def weak_cells(cells: Mapping[str, Field], minimum: float) -> tuple[str, ...]:
    """Return a sentence for each cell read with less than the minimum confidence."""
    return tuple(
        f"{name} {cell.text!r} was read with confidence {cell.confidence:.2f}, below {minimum:.2f}"
        for name, cell in cells.items()
        if cell.confidence < minimum
    )


def unread_cells(billed: BilledItem) -> dict[str, Field]:
    """Return the cells that are printed, would carry money and could not be read."""
    leaves = ((name, billed.item.field(name)) for name in MONEY_CELLS)
    return {
        name: leaf
        for name, leaf in leaves
        if leaf is not None and leaf.value is None and leaf.raw_text is not None
    }


def certainty(cells: Mapping[str, Field]) -> float:
    """Return the probability that all cells are right, taken as independent."""
    product = 1.0
    for cell in cells.values():
        product *= cell.confidence
    return product


def describe(billed: BilledItem) -> str:
    """Return a name for the line: its description, else its code, else its place."""
    for leaf in (billed.item.description, billed.item.product_code):
        if leaf is not None and leaf.text:
            return leaf.text
    quantity = "" if billed.quantity is None else f", {quantity_text(billed.quantity)} units"
    return f"{billed.place}{quantity}"
