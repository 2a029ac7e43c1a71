"""Incidents of quantity: more or less billed than ordered, received, accepted or returned."""

from dataclasses import replace
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.stories.incidents.order_line import (
    IncidentResult,
    TradeBuilder,
    quantity_variance,
)
from data.synthesis.stories.trade.findings import Pointer, Variance
from data.synthesis.stories.trade.records import Remark, ShippedQuantity

D = Decimal


def over_receipt(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """More is billed than was received."""
    price, ordered = builder.price_and_quantity(price, ordered, 20, 40, 60, 100, 144)
    billed, received = billed or ordered, received or ordered - builder.pick_few(ordered)
    builder = builder.with_units(price, ordered=ordered, received=received, billed=billed)
    return IncidentResult(
        builder.trade, (quantity_variance(builder, "QTY_OVER_RECEIPT", billed, received, price),)
    )


def over_order(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """More is billed and received than was ordered."""
    price, ordered = builder.price_and_quantity(price, ordered, 20, 40, 60, 100)
    billed = billed or ordered + builder.pick_few(ordered)
    builder = builder.with_units(price, ordered=ordered, received=billed, billed=billed)
    return IncidentResult(
        builder.trade, _beyond_order_variances(builder, billed, ordered, ordered, price)
    )


def _beyond_order_variances(
    builder: TradeBuilder, received: D, limit: D, due: D, price: D, billed: D | None = None
) -> tuple[Variance, Variance]:
    order_pointers = (Pointer("purchase_order", "quantity", builder.line_number),)
    over = quantity_variance(
        builder, "QTY_OVER_ORDER", billed or received, due, price, evidence=order_pointers
    )
    delivered = quantity_variance(
        builder,
        "OVER_DELIVERY",
        received,
        limit,
        price,
        state="information",
        evidence=order_pointers,
    )
    return over, delivered


def two_limits(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Beyond the receipts and, by more, beyond the order: each unit counts once."""
    price, ordered = builder.price_and_quantity(price, ordered, 50, 100, 120)
    received = received or ordered + builder.pick(2, 3, 4)
    billed = billed or received + builder.pick(3, 5, 6)
    builder = builder.with_units(price, ordered=ordered, received=received, billed=billed)
    return IncidentResult(
        builder.trade, _beyond_order_variances(builder, received, ordered, ordered, price, billed)
    )


def over_delivery(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    allowed_pct: D | None = None,
    received: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Over-delivery is allowed up to a share of the order; all received units are billed."""
    price, ordered = builder.price_and_quantity(price, ordered, 100, 200)
    allowed_pct = allowed_pct or D(5)
    limit = ordered * (1 + allowed_pct / 100)
    received = received or limit + builder.pick(0, 1, 2, 3)
    builder = builder.with_order(ordered, price, over_delivery_pct=allowed_pct)
    builder = builder.with_receipts(received).with_bill_row(received, price)
    if received <= limit:
        return IncidentResult(builder.trade)
    return IncidentResult(
        builder.trade, _beyond_order_variances(builder, received, limit, limit, price)
    )


def under_billed(
    builder: TradeBuilder,
    *,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Less is billed than was received, and the vendor calls the delivery complete."""
    price, received = builder.price_and_quantity(price, received, 40, 60, 100)
    billed = billed or received - builder.pick_few(received)
    builder = builder.with_units(price, ordered=received, received=received, billed=billed)
    builder = builder.with_invoice(complete=True)
    planted = quantity_variance(
        builder, "QTY_UNDER_BILLED", billed, received, price, state="information",
        evidence=(Pointer("invoice", "complete"),),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def before_receipt(
    builder: TradeBuilder, *, ordered: D | None = None, price: D | None = None
) -> IncidentResult:
    """The invoice arrives before the goods."""
    price, ordered = builder.price_and_quantity(price, ordered, 20, 40, 60, 100)
    builder = builder.with_order(ordered, price).with_receipts().with_bill_row(ordered, price)
    planted = quantity_variance(builder, "QTY_NO_RECEIPT", ordered, D(0), price, state="pending")
    return IncidentResult(builder.trade, (planted,))


def partial_receipts(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    first: D | None = None,
    second: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Two receipts, an earlier invoice over the first, and now more than the second."""
    price, ordered = builder.price_and_quantity(price, ordered, 50, 100, 150)
    first = first or D(int(ordered * D("0.6")))
    second = second or ordered - first - builder.pick_few(ordered - first)
    billed = billed or ordered - first
    builder = (
        builder.with_order(ordered, price).with_receipts(first, second).with_bill_row(billed, price)
    )
    builder = builder.with_earlier_bill(first, price, catalogues.number(builder.rng))
    return IncidentResult(
        builder.trade, (quantity_variance(builder, "QTY_OVER_RECEIPT", billed, second, price),)
    )


def earlier_overbilling(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    received: D | None = None,
    before: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Earlier bills took more than was received: only this invoice's units are disputed now."""
    price, received = builder.price_and_quantity(price, received, 50, 80)
    billed = billed or builder.pick(4, 8, 10)
    before = before or received + billed
    ordered = ordered or received * 2
    builder = builder.with_units(price, ordered=ordered, received=received, billed=billed)
    builder = builder.with_earlier_bill(before, price, catalogues.number(builder.rng))
    return IncidentResult(
        builder.trade, (quantity_variance(builder, "QTY_OVER_RECEIPT", billed, D(0), price),)
    )


def rejected(
    builder: TradeBuilder,
    *,
    received: D | None = None,
    rejected: D | None = None,
    price: D | None = None,
    pay_rejected: bool = False,
) -> IncidentResult:
    """Some received units were damaged and rejected, and all are billed."""
    price, received = builder.price_and_quantity(price, received, 40, 60, 100)
    rejected = rejected or builder.pick_few(received)
    builder = builder.with_facts(vendor=replace(builder.trade.vendor, pay_rejected=pay_rejected))
    builder = builder.with_order(received, price).with_bill_row(received, price)
    event = builder.make_arrival(received, rejected=rejected)
    builder = builder.with_receipt_events(event)
    note = Remark(event.receipt_id, builder.line_number, "damaged", rejected, "EA")
    builder = builder.with_facts(
        remarks=(*builder.trade.remarks, note), papers=builder.trade.papers | {"proof_of_delivery"}
    )
    pointers = (
        Pointer("goods_receipt", "quantity_rejected", builder.line_number),
        Pointer("proof_of_delivery", "exception", builder.line_number),
    )
    accepted = received - rejected
    planted = quantity_variance(
        builder, "REJECTED_BILLED", received, accepted, price, evidence=pointers
    )
    return IncidentResult(builder.trade, () if pay_rejected else (planted,), pointers)


def moved_receipt(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    moved: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Goods of another line were booked on this one by mistake; the booking was reversed."""
    price, ordered = builder.price_and_quantity(price, ordered, 40, 60, 100)
    moved = moved or builder.pick_few(ordered)
    builder = builder.with_order(ordered, price).with_bill_row(ordered, price)
    wrong, back = (
        builder.make_arrival(ordered),
        builder.make_arrival(moved, slot=1, reversed=True, booking_only=True),
    )
    builder = builder.with_receipt_events(wrong, back)
    receipt = wrong.receipt_id
    shipped = {(receipt, builder.line_number): ShippedQuantity(ordered - moved, "EA")}
    other = builder.with_new_order_line(ordered, price, builder.pick_unordered_article())
    other = other.with_bill_row(ordered, price).with_receipt_events(
        other.make_arrival(ordered - moved), other.make_arrival(moved, slot=1, booking_only=True)
    )
    shipped[receipt, other.line_number] = ShippedQuantity(ordered, "EA")
    builder = other.at_line(builder.line_number).with_facts(
        shipped={**builder.trade.shipped, **shipped}
    )
    planted = quantity_variance(builder, "QTY_OVER_RECEIPT", ordered, ordered - moved, price)
    return IncidentResult(builder.trade, (planted,))
