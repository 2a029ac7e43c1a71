"""How an order line stands: what is billed on it, what came, and at which prices.

Exact fractions in base units, worked out from the records alone.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from data.synthesis.stories.trade.records import Bill, BillLine, OrderedLine, Trade

_NEAR = Fraction(1, 100)


class Share(NamedTuple):
    """The part of a printed line that is for one order line, in base units and net price."""

    bill: Bill
    line: BillLine
    quantity: Fraction
    price: Fraction


class Standing(NamedTuple):
    """An order line in base units: what is billed now, open by receipt and by order, and why."""

    shares: tuple[Share, ...]
    billed: Fraction
    ordered_price: Fraction
    received: Fraction
    rejected: Fraction
    returned: Fraction
    limit: Fraction
    before: Fraction

    @property
    def open_by_receipt(self) -> Fraction:
        return self.received - self.rejected - self.before

    @property
    def open_by_order(self) -> Fraction:
        return self.limit - self.before


def repeated(bill: Bill, place: int) -> bool:
    """Whether the row at that place repeats one above it."""
    line = bill.lines[place]
    same = (line.article, line.quantity, line.unit, line.price, line.amount, line.po_lines)
    return bool(line.po_lines) and any(
        (one.article, one.quantity, one.unit, one.price, one.amount, one.po_lines) == same
        for one in bill.lines[:place]
    )


def net_price(trade: Trade, order: OrderedLine, bill: Bill, line: BillLine) -> Fraction | None:
    """The billed price per base unit as the order's price is meant; None without a factor."""
    factor = order.factor(line.unit)
    if factor is None:
        return None
    price = Fraction(line.price) / Fraction(line.price_base) / Fraction(factor)
    if not order.allowance_pct:
        price *= 1 - Fraction(line.discount_rate) / 100
    if bill.includes_tax:
        price /= 1 + Fraction(bill.tax_rate) / 100
    if trade.price_net_of_allowance and bill.allowance:
        price *= 1 - Fraction(bill.allowance) / Fraction(bill.lines_total)
    if bill.currency != trade.currency and trade.agreed_rate is not None:
        price *= Fraction(trade.agreed_rate)
    return price


def _allocated(trade: Trade, order: OrderedLine, line: BillLine) -> Fraction:
    """Which part of a printed line is this order line's; several are filled in receipt order."""
    if len(line.po_lines) < 2:
        return Fraction(1)
    factor = Fraction(order.factor(line.unit) or 1)
    left = whole = Fraction(line.quantity) * factor
    arrival = {one.po_line: place for place, one in reversed(list(enumerate(trade.arrivals)))}
    numbers = sorted(line.po_lines, key=lambda one: arrival.get(one, len(arrival)))
    for number in numbers:
        other = trade.line(number)
        room = Fraction(other.quantity) * Fraction(other.factor(other.unit) or 1)
        part = left if number == numbers[-1] else min(left, room)
        if number == order.number:
            return part / whole
        left -= part
    return Fraction(0)


def _shares(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> list[Share] | None:
    """The shares of an order line; None where a unit has no factor."""
    shares = []
    for bill in bills:
        if bill.reason in ("return", "agreement"):
            continue
        for place, line in enumerate(bill.lines):
            if order.number not in line.po_lines or repeated(bill, place):
                continue
            if line.article != order.article and not line.part_of_kit:
                continue
            price, factor = net_price(trade, order, bill, line), order.factor(line.unit)
            if price is None or factor is None:
                return None
            quantity = Fraction(line.quantity) * Fraction(factor) * bill.sign
            if price < 0:  # the sign lives on the quantity (BR-27)
                price, quantity = -price, -quantity
            part = _allocated(trade, order, line)
            shares.append(Share(bill, line, quantity * part, price))
    return _as_kits(order, shares) if order.kit else shares


def _as_kits(order: OrderedLine, shares: Sequence[Share]) -> list[Share]:
    """Parts billed for a kit, as one share of whole kits."""
    if not shares:
        return []
    each = {part.code: Fraction(count) for part, count in order.kit}
    kits = min(share.quantity / each[share.line.article.code] for share in shares)
    value = sum((share.quantity * share.price for share in shares), Fraction(0))
    return [shares[0]._replace(quantity=kits, price=value / kits)]


def base_price(trade: Trade, order: OrderedLine) -> Fraction:
    """The order's agreed price per base unit."""
    price = Fraction(trade.agreed_price(order)) / Fraction(order.price_base)
    return price / Fraction(order.factor(order.unit) or 1)


def standing(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> Standing | None:
    """How an order line stands against these bills; None where a unit has no factor."""
    shares = _shares(trade, order, bills)
    if shares is None:
        return None
    received = rejected = returned = Fraction(0)
    for event in trade.arrived(order.number):
        factor = Fraction(order.factor(event.unit) or 0)
        received += Fraction(event.signed) * factor
        rejected += Fraction(-event.rejected if event.reversed else event.rejected) * factor
        returned += Fraction(event.returned) * factor
    ordered = Fraction(order.quantity) * Fraction(order.factor(order.unit) or 1)
    before = (one.quantity for one in trade.earlier if one.po_line == order.number)
    return Standing(
        shares=tuple(shares),
        billed=sum((share.quantity for share in shares), Fraction(0)),
        ordered_price=base_price(trade, order),
        received=received,
        rejected=Fraction(0) if trade.vendor.pay_rejected else rejected,
        returned=returned,
        limit=ordered * (1 + Fraction(order.over_delivery_pct) / 100),
        before=Fraction(sum(before, Decimal(0))),
    )


def near(ratio: Fraction, factor: Fraction) -> bool:
    """Whether a ratio is within 1 % of a factor."""
    return abs(ratio / factor - 1) <= _NEAR


def proven(trade: Trade, order: OrderedLine) -> Fraction | None:
    """Base units that came by the best paper in hand; None where no paper tells."""
    total, told = Fraction(0), False
    signed = "proof_of_delivery" in trade.papers
    if not signed and not trade.papers & {"packing_slip", "delivery_note"}:
        return None
    for receipt in trade.deliveries:
        shipped = trade.shipment(receipt, order.number)
        factor = None if shipped is None else order.factor(shipped.unit)
        if shipped is None or factor is None:
            continue
        told = True
        total += Fraction(shipped.quantity) * Fraction(factor)
        for one in trade.remarks if signed else ():
            if (one.receipt_id, one.po_line) == (receipt, order.number):
                lost = Fraction(one.quantity) * Fraction(order.factor(one.unit) or 1)
                total += lost if one.kind == "over" else -lost if one.kind == "short" else 0
    return total if told else None


def proven_beyond(trade: Trade, order: OrderedLine) -> Fraction:
    """How many base units the best paper says came beyond the receipts (negative: fewer)."""
    events = trade.arrived(order.number)
    known = [Fraction(order.factor(one.unit) or 0) for one in events]
    received = sum(
        (Fraction(one.signed) * factor for one, factor in zip(events, known, strict=True)),
        Fraction(0),
    )
    told = proven(trade, order)
    if told is None or not received:
        return Fraction(0)
    packs = [Fraction(factor) for factor in order.packs.values() if factor != 1]
    mixed_up = any(near(told / received, factor) for factor in packs)
    return Fraction(0) if mixed_up else told - received
