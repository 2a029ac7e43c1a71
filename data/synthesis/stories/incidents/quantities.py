"""Incidents of quantity: more or less billed than ordered, received, accepted or returned."""

from dataclasses import replace
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.stories.incidents.order_line import (
    Bent,
    Scene,
    units_planted,
)
from data.synthesis.stories.trade.findings import Pointer, Variance
from data.synthesis.stories.trade.records import Remark, Shipped

D = Decimal


def over_receipt(
    scene: Scene,
    *,
    ordered: D | None = None,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> Bent:
    """More is billed than came."""
    price = price or scene.order.article.price
    ordered = ordered or scene.whole(20, 40, 60, 100, 144)
    billed, received = billed or ordered, received or ordered - scene.few(ordered)
    scene = scene.ordering(ordered, price).receiving(received).billing(billed, price)
    return Bent(scene.trade, (units_planted(scene, "QTY_OVER_RECEIPT", billed, received, price),))


def over_order(
    scene: Scene, *, ordered: D | None = None, billed: D | None = None, price: D | None = None
) -> Bent:
    """More is billed, and came, than was ordered."""
    price = price or scene.order.article.price
    ordered = ordered or scene.whole(20, 40, 60, 100)
    billed = billed or ordered + scene.few(ordered)
    scene = scene.ordering(ordered, price).receiving(billed).billing(billed, price)
    return Bent(scene.trade, _beyond_order(scene, billed, ordered, ordered, price))


def _beyond_order(
    scene: Scene, received: D, limit: D, due: D, price: D, billed: D | None = None
) -> tuple[Variance, Variance]:
    ordered_at = (Pointer("purchase_order", "quantity", scene.number),)
    over = units_planted(
        scene, "QTY_OVER_ORDER", billed or received, due, price, evidence=ordered_at
    )
    came = units_planted(
        scene, "OVER_DELIVERY", received, limit, price, state="information", evidence=ordered_at
    )
    return over, came


def two_limits(
    scene: Scene,
    *,
    ordered: D | None = None,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> Bent:
    """Beyond the receipts and, by more, beyond the order: each unit counts once."""
    price = price or scene.order.article.price
    ordered = ordered or scene.whole(50, 100, 120)
    received = received or ordered + scene.whole(2, 3, 4)
    billed = billed or received + scene.whole(3, 5, 6)
    scene = scene.ordering(ordered, price).receiving(received).billing(billed, price)
    return Bent(scene.trade, _beyond_order(scene, received, ordered, ordered, price, billed))


def over_delivery(
    scene: Scene,
    *,
    ordered: D | None = None,
    allowed_pct: D | None = None,
    received: D | None = None,
    price: D | None = None,
) -> Bent:
    """Over-delivery is allowed up to a share of the order; what came is all billed."""
    price = price or scene.order.article.price
    ordered, allowed_pct = ordered or scene.whole(100, 200), allowed_pct or D(5)
    limit = ordered * (1 + allowed_pct / 100)
    received = received or limit + scene.whole(0, 1, 2, 3)
    scene = scene.ordering(ordered, price, over_delivery_pct=allowed_pct)
    scene = scene.receiving(received).billing(received, price)
    if received <= limit:
        return Bent(scene.trade)
    return Bent(scene.trade, _beyond_order(scene, received, limit, limit, price))


def under_billed(
    scene: Scene,
    *,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> Bent:
    """Less is billed than came, and the vendor calls the delivery complete."""
    price = price or scene.order.article.price
    received = received or scene.whole(40, 60, 100)
    billed = billed or received - scene.few(received)
    scene = scene.ordering(received, price).receiving(received).billing(billed, price)
    scene = scene.invoice(complete=True)
    planted = units_planted(
        scene, "QTY_UNDER_BILLED", billed, received, price, state="information",
        evidence=(Pointer("invoice", "complete"),),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def before_receipt(scene: Scene, *, ordered: D | None = None, price: D | None = None) -> Bent:
    """The invoice is there before the goods."""
    price = price or scene.order.article.price
    ordered = ordered or scene.whole(20, 40, 60, 100)
    scene = scene.ordering(ordered, price).receiving().billing(ordered, price)
    planted = units_planted(scene, "QTY_NO_RECEIPT", ordered, D(0), price, state="pending")
    return Bent(scene.trade, (planted,))


def partial_receipts(
    scene: Scene,
    *,
    ordered: D | None = None,
    first: D | None = None,
    second: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> Bent:
    """Two receipts, an earlier invoice over the first, and now more than the second."""
    price = price or scene.order.article.price
    ordered = ordered or scene.whole(50, 100, 150)
    first = first or D(int(ordered * D("0.6")))
    second = second or ordered - first - scene.few(ordered - first)
    billed = billed or ordered - first
    scene = scene.ordering(ordered, price).receiving(first, second).billing(billed, price)
    scene = scene.billed_before(first, price, catalogues.number(scene.rng))
    return Bent(scene.trade, (units_planted(scene, "QTY_OVER_RECEIPT", billed, second, price),))


def earlier_overbilling(
    scene: Scene,
    *,
    ordered: D | None = None,
    received: D | None = None,
    before: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> Bent:
    """More than came was billed before: only this invoice's own units are disputed now."""
    price = price or scene.order.article.price
    received, billed = received or scene.whole(50, 80), billed or scene.whole(4, 8, 10)
    before = before or received + billed
    ordered = ordered or received * 2
    scene = scene.ordering(ordered, price).receiving(received).billing(billed, price)
    scene = scene.billed_before(before, price, catalogues.number(scene.rng))
    return Bent(scene.trade, (units_planted(scene, "QTY_OVER_RECEIPT", billed, D(0), price),))


def rejected(
    scene: Scene,
    *,
    received: D | None = None,
    rejected: D | None = None,
    price: D | None = None,
    pay_rejected: bool = False,
) -> Bent:
    """Some of what came was damaged and rejected, and all is billed."""
    price = price or scene.order.article.price
    received = received or scene.whole(40, 60, 100)
    rejected = rejected or scene.few(received)
    scene = scene.knowing(vendor=replace(scene.trade.vendor, pay_rejected=pay_rejected))
    scene = scene.ordering(received, price).billing(received, price)
    event = scene.arrival(received, rejected=rejected)
    scene = scene.receiving_events(event)
    note = Remark(event.receipt_id, scene.number, "damaged", rejected, "EA")
    scene = scene.knowing(
        remarks=(*scene.trade.remarks, note), papers=scene.trade.papers | {"proof_of_delivery"}
    )
    where = (
        Pointer("goods_receipt", "quantity_rejected", scene.number),
        Pointer("proof_of_delivery", "exception", scene.number),
    )
    accepted = received - rejected
    planted = units_planted(scene, "REJECTED_BILLED", received, accepted, price, evidence=where)
    return Bent(scene.trade, () if pay_rejected else (planted,), where)


def moved_receipt(
    scene: Scene,
    *,
    ordered: D | None = None,
    moved: D | None = None,
    price: D | None = None,
) -> Bent:
    """Goods of another line were booked on this one by mistake; the booking was reversed."""
    price = price or scene.order.article.price
    ordered = ordered or scene.whole(40, 60, 100)
    moved = moved or scene.few(ordered)
    scene = scene.ordering(ordered, price).billing(ordered, price)
    wrong, back = (
        scene.arrival(ordered),
        scene.arrival(moved, slot=1, reversed=True, booking=True),
    )
    scene = scene.receiving_events(wrong, back)
    receipt = wrong.receipt_id
    shipped = {(receipt, scene.number): Shipped(ordered - moved, "EA")}
    other = scene.beside(ordered, price, scene.unordered())
    other = other.billing(ordered, price).receiving_events(
        other.arrival(ordered - moved), other.arrival(moved, slot=1, booking=True)
    )
    shipped[receipt, other.number] = Shipped(ordered, "EA")
    scene = other.at(scene.number).knowing(shipped={**scene.trade.shipped, **shipped})
    planted = units_planted(scene, "QTY_OVER_RECEIPT", ordered, ordered - moved, price)
    return Bent(scene.trade, (planted,))
