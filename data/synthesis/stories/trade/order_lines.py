"""The balance of an order line: units billed, received and open, and at which prices.

Exact fractions in base units, computed from the records alone.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from data.synthesis.stories.trade.records import Bill, BillLine, OrderedLine, Trade

_NEAR = Fraction(1, 100)


class Share(NamedTuple):
    """The part of a printed line that is for one order line, in base units and net price.

    Modelled apart from `serving.matching` on purpose: the truth must not share code with the rules
    that it tests.
    """

    bill: Bill
    line: BillLine
    quantity: Fraction
    price: Fraction


class LineBalance(NamedTuple):
    """An order line in base units: billed now, and open by receipt and by order.

    `limit` is the ordered quantity with the allowed over-delivery; `billed_before` are the units of
    earlier bills. Modelled apart from `serving.matching` on purpose: the truth must not share code
    with the rules that it tests.
    """

    shares: tuple[Share, ...]
    billed: Fraction
    ordered_price: Fraction
    received: Fraction
    rejected: Fraction
    returned: Fraction
    limit: Fraction
    billed_before: Fraction

    @property
    def open_by_receipt(self) -> Fraction:
        return self.received - self.rejected - self.billed_before

    @property
    def open_by_order(self) -> Fraction:
        return self.limit - self.billed_before


def is_repeated_row(bill: Bill, place: int) -> bool:
    """Return whether the row at that place repeats one above it."""
    line = bill.lines[place]
    content = (line.article, line.quantity, line.unit, line.price, line.amount, line.po_lines)
    return bool(line.po_lines) and any(
        (row.article, row.quantity, row.unit, row.price, row.amount, row.po_lines) == content
        for row in bill.lines[:place]
    )


def net_price(trade: Trade, order: OrderedLine, bill: Bill, line: BillLine) -> Fraction | None:
    """Return the billed price per base unit, net as the order's price is; None without a factor."""
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


def _allocated_part(trade: Trade, order: OrderedLine, line: BillLine) -> Fraction:
    """Return the part (0 to 1) of a printed line that is for this order line.

    A row for several order lines fills them in the order of their receipts.
    """
    if len(line.po_lines) < 2:
        return Fraction(1)
    factor = Fraction(order.factor(line.unit) or 1)
    left = whole = Fraction(line.quantity) * factor
    events = reversed(list(enumerate(trade.arrivals)))
    first_arrival = {event.po_line: place for place, event in events}
    numbers = sorted(
        line.po_lines, key=lambda number: first_arrival.get(number, len(first_arrival))
    )
    for number in numbers:
        other = trade.line(number)
        room = Fraction(other.quantity) * Fraction(other.factor(other.unit) or 1)
        part = left if number == numbers[-1] else min(left, room)
        if number == order.number:
            return part / whole
        left -= part
    return Fraction(0)


def _shares(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> list[Share] | None:
    """Return the shares of an order line; None where a unit has no factor."""
    shares = []
    for bill in bills:
        if bill.reason in ("return", "agreement"):
            continue
        for place, line in enumerate(bill.lines):
            if order.number not in line.po_lines or is_repeated_row(bill, place):
                continue
            if line.article != order.article and not line.part_of_kit:
                continue
            price, factor = net_price(trade, order, bill, line), order.factor(line.unit)
            if price is None or factor is None:
                return None
            quantity = Fraction(line.quantity) * Fraction(factor) * bill.sign
            if price < 0:  # the sign belongs to the quantity (BR-27)
                price, quantity = -price, -quantity
            part = _allocated_part(trade, order, line)
            shares.append(Share(bill, line, quantity * part, price))
    return _join_kit_parts(order, shares) if order.kit else shares


def _join_kit_parts(order: OrderedLine, shares: Sequence[Share]) -> list[Share]:
    """Return the parts billed for a kit as one share of whole kits."""
    if not shares:
        return []
    each = {part.code: Fraction(count) for part, count in order.kit}
    kits = min(share.quantity / each[share.line.article.code] for share in shares)
    value = sum((share.quantity * share.price for share in shares), Fraction(0))
    return [shares[0]._replace(quantity=kits, price=value / kits)]


def base_price(trade: Trade, order: OrderedLine) -> Fraction:
    """Return the order's agreed price per base unit."""
    price = Fraction(trade.agreed_price(order)) / Fraction(order.price_base)
    return price / Fraction(order.factor(order.unit) or 1)


def line_balance(trade: Trade, order: OrderedLine, bills: Sequence[Bill]) -> LineBalance | None:
    """Return the balance of an order line against these bills; None where a unit has no factor."""
    shares = _shares(trade, order, bills)
    if shares is None:
        return None
    received = rejected = returned = Fraction(0)
    for event in trade.arrivals_of(order.number):
        factor = Fraction(order.factor(event.unit) or 0)
        received += Fraction(event.signed_quantity) * factor
        rejected += Fraction(-event.rejected if event.reversed else event.rejected) * factor
        returned += Fraction(event.returned) * factor
    ordered = Fraction(order.quantity) * Fraction(order.factor(order.unit) or 1)
    before = (bill.quantity for bill in trade.earlier_bills if bill.po_line == order.number)
    return LineBalance(
        shares=tuple(shares),
        billed=sum((share.quantity for share in shares), Fraction(0)),
        ordered_price=base_price(trade, order),
        received=received,
        rejected=Fraction(0) if trade.vendor.pay_rejected else rejected,
        returned=returned,
        limit=ordered * (1 + Fraction(order.over_delivery_pct) / 100),
        billed_before=Fraction(sum(before, Decimal(0))),
    )


def is_near(ratio: Fraction, factor: Fraction) -> bool:
    """Return whether a ratio is within 1 % of a factor."""
    return abs(ratio / factor - 1) <= _NEAR


def proven_quantity(trade: Trade, order: OrderedLine) -> Fraction | None:
    """Return the base units delivered by the best paper in hand; None where no paper shows any."""
    total, is_shown = Fraction(0), False
    signed = "proof_of_delivery" in trade.papers
    if not signed and not trade.papers & {"packing_slip", "delivery_note"}:
        return None
    for receipt in trade.deliveries:
        shipped = trade.shipment(receipt, order.number)
        factor = None if shipped is None else order.factor(shipped.unit)
        if shipped is None or factor is None:
            continue
        is_shown = True
        total += Fraction(shipped.quantity) * Fraction(factor)
        for remark in trade.remarks if signed else ():
            if (remark.receipt_id, remark.po_line) == (receipt, order.number):
                units = Fraction(remark.quantity) * Fraction(order.factor(remark.unit) or 1)
                total += {"over": units, "short": -units}.get(remark.kind, Fraction(0))
    return total if is_shown else None


def proven_surplus(trade: Trade, order: OrderedLine) -> Fraction:
    """Return the base units that the best paper shows beyond the receipts (negative: fewer)."""
    events = trade.arrivals_of(order.number)
    received = sum(
        (
            Fraction(event.signed_quantity) * Fraction(order.factor(event.unit) or 0)
            for event in events
        ),
        Fraction(0),
    )
    delivered = proven_quantity(trade, order)
    if delivered is None or not received:
        return Fraction(0)
    packs = [Fraction(factor) for factor in order.packs.values() if factor != 1]
    is_unit_mistake = any(is_near(delivered / received, factor) for factor in packs)
    return Fraction(0) if is_unit_mistake else delivered - received
