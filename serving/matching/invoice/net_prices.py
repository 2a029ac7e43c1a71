"""One net price: what is taken off whole invoices, folded into the price of each unit.

The order's prices are taken net of the rates it grants on whole invoices; a printed discount, on
the header or in a row of its own, is spread over the billed goods. What of an agreed allowance is
not taken off is a finding on the invoice, so it is no price difference on its lines as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from data.order_records import Allowance, OrderLine, PriceVersion, PurchaseOrder
from data.records import ExtractedDocument, LineItem
from serving.matching.findings.arithmetic import AMOUNT_SLACK, quantity_text, to_decimal
from serving.matching.invoice.advances import moves_money
from serving.matching.invoice.sums import (
    CHARGE_ROWS,
    DISCOUNT_TYPES,
    header_number,
    rows_of,
    slack_of,
)
from serving.matching.pairing.billed_line import CHARGE_TYPES, SILENT_TYPES

_HALF_CENT = Fraction(1, 200)


def allowance_factor(order: PurchaseOrder) -> Fraction:
    """Return what the order's rates on whole invoices leave of a price, one after another.

    Rates that the prices hold already are no part of it.
    """
    factor = Fraction(1)
    for allowance in order.allowances:
        if allowance.rate is not None and not allowance.in_price:
            factor *= 1 - Fraction(allowance.rate) / 100
    return factor


def net_order(order: PurchaseOrder) -> PurchaseOrder:
    """Return the order with its prices net of the rates it grants on whole invoices."""
    factor = to_decimal(allowance_factor(order))
    if factor == 1:
        return order
    return replace(order, lines=tuple(_net_line(line, factor) for line in order.lines))


def _net_line(line: OrderLine, factor: Decimal) -> OrderLine:
    price = None if line.unit_price is None else line.unit_price * factor
    return replace(
        line,
        unit_price=price,
        allowances=tuple(_net_allowance(allowance, factor) for allowance in line.allowances),
        price_versions=tuple(_net_version(version, factor) for version in line.price_versions),
    )


def _net_allowance(allowance: Allowance, factor: Decimal) -> Allowance:
    if allowance.amount is None:
        return allowance
    return replace(allowance, amount=allowance.amount * factor)


def _net_version(version: PriceVersion, factor: Decimal) -> PriceVersion:
    return replace(version, unit_price=version.unit_price * factor)


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount on a whole invoice: what is printed, what is due, and what it is a part of.

    `factors` leave of each row's price what is net, 1 for rows that are no goods. `is_net`: the
    prices are net of the allowance already. `claim_doubt` says why a price claim is not sure.
    """

    deducted: Fraction
    due: Fraction
    factors: tuple[Fraction, ...]
    notes: tuple[str, ...] = ()
    claim_doubt: str | None = None
    is_net: bool = False

    @property
    def missing(self) -> Fraction:
        return self.due - self.deducted


def has_discount(document: ExtractedDocument, order: PurchaseOrder) -> bool:
    """Return whether a discount on the whole invoice is printed or agreed."""
    rows = any(item.line_type in DISCOUNT_TYPES for item in document.line_items)
    return rows or bool(header_number(document, "total_discount")) or bool(order.allowances)


def read_discount(
    document: ExtractedDocument, order: PurchaseOrder, prices: frozenset[Fraction]
) -> Discount:
    """Return the discount of an invoice; `prices` are all net prices that the order states."""
    goods = [_goods_amount(item) for item in document.line_items]
    row_amounts = [amount for amount in goods if amount is not None]
    base, deducted = sum(row_amounts, Fraction(0)), _given(document)
    untouched = tuple(Fraction(1) for _ in goods)
    factor, is_credit = allowance_factor(order), document.document_type.value == "credit_memo"
    flat = sum((Fraction(a.amount) for a in order.allowances if a.amount), Fraction(0))
    if not base or (not deducted and factor == 1 and not flat):
        return Discount(deducted, Fraction(0), untouched)
    if deducted * base < 0:
        # What is added to a bill is no discount on it.
        return Discount(Fraction(0), Fraction(0), untouched)
    rate_due = base * (1 - factor)
    if not deducted and factor != 1 and (is_credit or _are_net(document, prices)):
        return Discount(deducted, Fraction(0), untouched, is_net=True)
    due = Fraction(0) if is_credit else rate_due + flat
    in_price = any(allowance.in_price for allowance in order.allowances)
    attached = None if rate_due or in_price else _attached(document, goods, prices)
    if attached is not None:
        return Discount(deducted, due, attached)
    left = _factor(document, base, deducted, factor, in_price)
    factors = tuple(Fraction(1) if amount is None else left for amount in goods)
    notes, doubt = _words(deducted, due, left, (in_price, slack_of(document), len(row_amounts)))
    return Discount(deducted, due, factors, notes, doubt)


def _factor(
    document: ExtractedDocument,
    base: Fraction,
    deducted: Fraction,
    agreed: Fraction,
    in_price: bool,
) -> Fraction:
    """Return what is left of the billed prices: less only where more is taken off than agreed."""
    charges = rows_of(document, CHARGE_ROWS)
    bases = [base, base + charges]
    if any(abs(whole * (1 - agreed) - deducted) <= slack_of(document) for whole in bases):
        return agreed
    printed = 1 - deducted / base
    return printed if in_price else min(printed, agreed)


def _words(
    deducted: Fraction, due: Fraction, left: Fraction, about: tuple[bool, Fraction, int]
) -> tuple[tuple[str, ...], str | None]:
    """Return notes on a discount, and the doubt about price claims beside it."""
    in_price, slack, rows = about
    if left == 1:
        return (), None
    money = quantity_text(abs(deducted or due))
    if in_price:
        sentence = f"the allowance of {money} on the whole invoice is spread over its lines"
        return (f"{sentence}, as the order's prices are net of it",), None
    note = f"{money} taken off the whole invoice is spread over its lines, as one net price"
    is_agreed = due > 0 and deducted <= due + slack
    doubt = None
    if not is_agreed and rows > 1:
        doubt = f"a discount of {money} that nobody agreed on may be for some of the lines only"
    return (note,), doubt


def _goods_amount(item: LineItem) -> Fraction | None:
    """Return the amount of a row of goods; None for other rows and where none was read."""
    if item.line_type in CHARGE_TYPES | SILENT_TYPES or item.amount is None:
        return None
    return None if item.amount.decimal is None else Fraction(item.amount.decimal)


def _given(document: ExtractedDocument) -> Fraction:
    """Return the discount that is printed, once: rows that the header sums up are the same."""
    printed = abs(header_number(document, "total_discount") or Fraction(0))
    rows = -rows_of(document, DISCOUNT_TYPES)
    total = printed if abs(rows) == printed else printed + rows
    total -= _no_discount(document)
    goods = [amount for item in document.line_items if (amount := _goods_amount(item)) is not None]
    return -total if printed and sum(goods, Fraction(0)) < 0 else total


def _no_discount(document: ExtractedDocument) -> Fraction:
    """Return what rows take off for money paid in advance or kept back: no price is lower by it."""
    amounts = (
        item.amount.decimal
        for item in document.line_items
        if item.line_type in DISCOUNT_TYPES and item.amount is not None and moves_money(item)
    )
    return -sum((Fraction(amount) for amount in amounts if amount), Fraction(0))


def _are_net(document: ExtractedDocument, prices: frozenset[Fraction]) -> bool:
    """Return whether every price of the invoice is one of the order's net prices."""
    printed = [_unit_price(item) for item in document.line_items if _goods_amount(item) is not None]
    known = [price for price in printed if price is not None]
    return bool(known) and all(_is_known(price, prices) for price in known)


def _unit_price(item: LineItem) -> Fraction | None:
    if item.unit_price is None or item.unit_price.decimal is None:
        return None
    base = item.price_base_quantity
    per = Fraction(base.decimal) if base is not None and base.decimal else Fraction(1)
    return Fraction(item.unit_price.decimal) / per


def _is_known(price: Fraction, prices: frozenset[Fraction]) -> bool:
    return any(abs(price - known) <= _HALF_CENT for known in prices)


def _attached(
    document: ExtractedDocument, goods: Sequence[Fraction | None], prices: frozenset[Fraction]
) -> tuple[Fraction, ...] | None:
    """Return the factors where each discount row makes the row above it an ordered price.

    None where one does not: then the discount is one on the whole invoice.
    """
    factors, last = [Fraction(1) for _ in goods], None
    is_attached = False
    for number, item in enumerate(document.line_items):
        if goods[number] is not None:
            last = number
        if item.line_type not in DISCOUNT_TYPES or item.amount is None or not item.amount.decimal:
            continue
        amount = None if last is None else goods[last]
        quantity = None if last is None else document.line_items[last].quantity
        if last is None or not amount or quantity is None or not quantity.decimal:
            return None
        net = amount * factors[last] + Fraction(item.amount.decimal)
        slack = AMOUNT_SLACK / abs(Fraction(quantity.decimal))
        price = abs(net / Fraction(quantity.decimal))
        if not any(abs(price - known) <= slack for known in prices):
            return None
        factors[last], is_attached = net / amount, True
    return tuple(factors) if is_attached else None
