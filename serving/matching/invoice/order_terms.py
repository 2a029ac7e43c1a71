"""Billed lines in the order's terms: in its currency, net of tax and of an invoice's allowance.

Orders state net prices in one currency. Where an invoice prints others and its own sums or the
order show how the two relate, its lines are restated before anything is compared; where they do
not, its prices are doubtful. Derived leaves keep the text, page and box of what was printed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from data.order_records import PurchaseOrder
from data.records import ExtractedDocument, Field, LineItem
from data.values.currencies import read_currencies
from serving.matching.findings.arithmetic import AMOUNT_SLACK, quantity_text, to_decimal
from serving.matching.invoice.net_prices import has_discount, net_order, read_discount
from serving.matching.invoice.sums import header_number, is_tax_included, slack_of

_MONEY = ("discount_amount", "charge_amount")
# A price is printed to the cent at least, even where it came as "8".
_CENT = Fraction(1, 100)
_MAX_RATE_PLACES = 3


@dataclass(frozen=True, slots=True)
class Restated:
    """A document to compare with the order, and how its prices were brought there, in words.

    `price_doubts` are sentences on why its prices still cannot be compared, `claim_doubts` on why a
    price that differs is not surely wrong.
    """

    document: ExtractedDocument
    price_doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    claim_doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scale:
    """The factor that one line's money is multiplied by, and the cells it comes from."""

    factor: Fraction = Fraction(1)
    names: tuple[str, ...] = ()
    cells: tuple[Field, ...] = ()

    def times(self, factor: Fraction, cells: Mapping[str, Field]) -> "_Scale":
        return _Scale(self.factor * factor, (*self.names, *cells), (*self.cells, *cells.values()))

    def lowered(self, factor: Fraction, names: Iterable[str]) -> "_Scale":
        """The scale times a factor whose cells cast no doubt on what is claimed."""
        return _Scale(self.factor * factor, (*self.names, *names), self.cells)


def agreed_rate(document: ExtractedDocument, order: PurchaseOrder) -> Fraction | None:
    """Return the agreed value of one unit of the printed currency in the order's.

    1 where both are the same or one is not known; None where they differ and nothing is agreed.
    """
    leaf = document.fields.get("currency")
    if leaf is None or not leaf.text or order.currency is None:
        return Fraction(1)
    codes = read_currencies(leaf.text)
    if order.currency in codes or not codes:
        return Fraction(1)
    rates = {order.agreed_rates[code] for code in codes if code in order.agreed_rates}
    return Fraction(rates.pop()) if len(rates) == 1 else None


def printed_currency(document: ExtractedDocument, order: PurchaseOrder) -> str | None:
    """Return the code of a printed currency that the order agrees a rate for; None: none is."""
    leaf = document.fields.get("currency")
    codes = read_currencies(leaf.text) if leaf is not None and leaf.text else ()
    agreed = [code for code in codes if code in order.agreed_rates]
    return agreed[0] if len(agreed) == 1 else None


def likely_rate(tax: Fraction, gross: Fraction, slack: Fraction) -> Fraction | None:
    """Return the tax rate (percent) with the fewest decimals at which `gross` includes the tax.

    >>> likely_rate(Fraction("356.56"), Fraction("2139.38"), Fraction("0.02"))
    Fraction(20, 1)
    """
    if not 0 < tax < gross:
        return None
    exact = tax / (gross - tax) * 100
    for places in range(_MAX_RATE_PLACES + 1):
        rate = Fraction(floor(exact * 10**places + Fraction(1, 2)), 10**places)
        if abs(gross * rate / (100 + rate) - tax) <= slack:
            return rate
    return None


def restate(document: ExtractedDocument, order: PurchaseOrder) -> Restated:
    """Return the document with its lines in the order's terms, as far as it is known how."""
    scales = [_Scale() for _ in document.line_items]
    doubts: list[str] = []
    notes: list[str] = []
    claim_doubts: list[str] = []
    for step in (_in_currency, _without_tax, _without_allowance):
        scaled = step(document, order, scales)
        scales = scaled.scales
        doubts += [f"{document.document_id}: {doubt}" for doubt in scaled.doubts]
        notes += [f"{document.document_id}: {note}" for note in scaled.notes]
        claim_doubts += [f"{document.document_id}: {doubt}" for doubt in scaled.claim_doubts]
    texts = tuple(doubts), tuple(notes), tuple(claim_doubts)
    if all(scale.factor == 1 for scale in scales):
        return Restated(document, *texts)
    prices = ordered_prices(net_order(order))
    items = tuple(
        _scaled_item(item, scale, prices) if scale.factor != 1 else item
        for item, scale in zip(document.line_items, scales, strict=True)
    )
    return Restated(replace(document, line_items=items), *texts)


@dataclass(frozen=True, slots=True)
class _Step:
    """The scales after one step, with its doubts and notes."""

    scales: list[_Scale]
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    claim_doubts: tuple[str, ...] = ()


def _header_cells(document: ExtractedDocument, *names: str) -> dict[str, Field]:
    leaves = ((name, document.fields.get(name)) for name in names)
    return {name: leaf for name, leaf in leaves if leaf is not None}


def _in_currency(
    document: ExtractedDocument, order: PurchaseOrder, scales: Sequence[_Scale]
) -> _Step:
    rate = agreed_rate(document, order)
    if rate is None or rate == 1:
        return _Step(list(scales))
    cells = _header_cells(document, "currency")
    note = f"amounts are converted to {order.currency} at the agreed {quantity_text(rate)}"
    return _Step([scale.times(rate, cells) for scale in scales], notes=(note,))


def _without_tax(
    document: ExtractedDocument, order: PurchaseOrder, scales: Sequence[_Scale]
) -> _Step:
    if not is_tax_included(document):
        return _Step(list(scales))
    sentence = "the prices include tax, as the sums show"
    known = ordered_prices(order)
    prices = [Fraction(price) for item in document.line_items if (price := _unit_price(item))]
    if prices and all(price in known for price in prices):
        return _Step(list(scales), (f"{sentence}; the order's prices are the same",))
    cells = _header_cells(document, "total_tax", "invoice_total")
    tax, total = header_number(document, "total_tax"), header_number(document, "invoice_total")
    rates: list[Fraction | None] = [
        Fraction(item.tax_rate.decimal) if item.tax_rate and item.tax_rate.decimal else None
        for item in document.line_items
    ]
    if None in rates and tax is not None and total is not None:
        rates = [likely_rate(tax, total, slack_of(document))] * len(rates)
    if any(rate is None for rate in rates):
        return _Step(list(scales), (f"{sentence}; the rate is not known",))
    shown = ", ".join(sorted({f"{quantity_text(rate or Fraction(0))} %" for rate in rates}))
    return _Step(
        [
            scale.times(1 / (1 + (rate or Fraction(0)) / 100), cells)
            for scale, rate in zip(scales, rates, strict=True)
        ],
        notes=(f"{sentence}: {shown} is taken off before comparing",),
    )


def _without_allowance(
    document: ExtractedDocument, order: PurchaseOrder, scales: Sequence[_Scale]
) -> _Step:
    if not has_discount(document, order):
        return _Step(list(scales))  # an order may have thousands of prices
    discount = read_discount(document, order, ordered_prices(net_order(order)))
    if all(factor == 1 for factor in discount.factors):
        return _Step(list(scales))
    cells = _header_cells(document, "total_discount")
    # A discount lowers what is claimed on a bill: read weakly, it is no reason to claim nothing.
    is_bill = document.document_type.value != "credit_memo"
    scaled = [
        scale.lowered(factor, cells) if is_bill and factor <= 1 else scale.times(factor, cells)
        for scale, factor in zip(scales, discount.factors, strict=True)
    ]
    doubts = () if discount.claim_doubt is None else (discount.claim_doubt,)
    return _Step(scaled, notes=discount.notes, claim_doubts=doubts)


def _unit_price(item: LineItem) -> Decimal | None:
    return None if item.unit_price is None else item.unit_price.decimal


def ordered_prices(order: PurchaseOrder) -> frozenset[Fraction]:
    """Return every net price that the order states, per ordered unit and per each of its packs."""
    all_prices: set[Fraction] = set()
    for line in order.lines:
        if line.unit_price is None:
            continue
        price = Fraction(line.unit_price) / Fraction(line.price_base_quantity)
        own_factor = Fraction(
            line.pack_factors.get(line.price_unit_code or line.unit_code or "", 1)
        )
        factors = {Fraction(1), *(Fraction(factor) for factor in line.pack_factors.values())}
        all_prices |= {price, *(price / own_factor * factor for factor in factors)}
    return frozenset(all_prices)


def _scaled_item(item: LineItem, scale: _Scale, prices: Iterable[Fraction]) -> LineItem:
    """Return the line with its money scaled; a price that rounding hides is the order's."""
    changed: dict[str, Any] = {
        name: _derived_cell(leaf, Fraction(leaf.decimal) * scale.factor, scale)
        for name in _MONEY
        if (leaf := item.field(name)) is not None and leaf.decimal is not None
    }
    price, amount = item.unit_price, item.amount
    net = None
    if price is not None and price.decimal is not None:
        base = Fraction(_price_base(item))
        net = _unrounded(price, scale.factor, [known * base for known in prices])
        changed["unit_price"] = _derived_cell(price, net, scale)
    if amount is not None and amount.decimal is not None:
        priced_units = _priced_units(item, price, amount)
        money = Fraction(amount.decimal) * scale.factor
        if priced_units is not None and net is not None:
            # The row held as it was printed: rounding must not make it a wrong extension.
            money = priced_units * net
        changed["amount"] = _derived_cell(amount, money, scale)
    return replace(item, **changed)


def _price_base(item: LineItem) -> Decimal:
    leaf = item.price_base_quantity
    return leaf.decimal if leaf is not None and leaf.decimal else Decimal(1)


def _priced_units(item: LineItem, price: Field | None, amount: Field) -> Fraction | None:
    """Return amount divided by price, signed, where the row's own arithmetic holds."""
    if item.quantity is None or item.quantity.decimal is None:
        return None
    if price is None or price.decimal is None or amount.decimal is None:
        return None
    count = Fraction(item.quantity.decimal) / Fraction(_price_base(item))
    gap = abs(count * Fraction(price.decimal)) - abs(Fraction(amount.decimal))
    sign = -1 if (count * Fraction(price.decimal) < 0) != (amount.decimal < 0) else 1
    return count * sign if abs(gap) <= AMOUNT_SLACK else None


def _unrounded(price: Field, factor: Fraction, known: Iterable[Fraction]) -> Fraction:
    """Return the scaled price, or the order's own price where it rounds to the printed one."""
    number = price.decimal or Decimal(0)
    exact = Fraction(number) * factor
    exponent = number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    half = min(_CENT, Fraction(1, 10 ** max(places, 0))) / 2 * factor
    near = [ordered_price for ordered_price in known if abs(ordered_price - exact) <= half]
    return min(near, key=lambda ordered_price: abs(ordered_price - exact)) if near else exact


def _derived_cell(leaf: Field, value: Fraction, scale: _Scale) -> Field:
    return replace(
        leaf,
        value=to_decimal(value),
        raw_text=leaf.raw_text if leaf.raw_text is not None else leaf.text,
        confidence=min([leaf.confidence, *(cell.confidence for cell in scale.cells)]),
        source="derived",
        alternatives=tuple(
            replace(other, value=to_decimal(Fraction(other.value) * scale.factor))
            for other in leaf.alternatives
            if isinstance(other.value, Decimal)
        ),
        derived_from=tuple(dict.fromkeys(scale.names)),
    )
