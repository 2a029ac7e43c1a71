"""Incidents of quantity: more or less billed than ordered, received, accepted or returned."""

from dataclasses import replace
from decimal import Decimal

from data.synthesis import catalogues
from data.synthesis.stories.everyday import bill_line
from data.synthesis.stories.findings import Pointer, Variance
from data.synthesis.stories.scenes import (
    Bent,
    Scene,
    fact_planted,
    money_planted,
    units_planted,
)
from data.synthesis.stories.trade import Bill, CreditReason, Remark, Shipped, StandingClaim

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


def credit_memo(
    scene: Scene, reason: CreditReason, quantity: D, price: D, *, original: str
) -> Bill:
    """A credit memo over some units of this order line, printed with positive numbers."""
    return replace(
        scene.bill,
        key="credit_memo",
        kind="credit_memo",
        number=catalogues.number(scene.rng),
        lines=(bill_line(scene.order, quantity, price, "EA"),),
        original=original,
        reason=reason,
        terms=scene.trade.terms,
        freight=D(0),
        allowance=D(0),
        complete=False,
    )


def credited_overbilling(
    scene: Scene,
    *,
    billed: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> Bent:
    """Too much is billed and a credit memo takes it back: nothing is left."""
    price = price or scene.order.article.price
    billed = billed or scene.whole(40, 60, 100)
    credited = credited or scene.few(billed)
    scene = scene.ordering(billed, price).receiving(billed - credited).billing(billed, price)
    memo = credit_memo(scene, "overbilled", credited, price, original=scene.bill.number)
    scene = scene.knowing(bills=(*scene.trade.bills, memo))
    return Bent(scene.trade, (), (Pointer("credit_memo", "quantity", scene.number),))


def returned(
    scene: Scene,
    *,
    returned: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> Bent:
    """Units went back and the credit memo is for fewer."""
    price = price or scene.order.article.price
    returned = returned or scene.whole(5, 8, 10, 12)
    credited = credited or returned - scene.whole(1, 2, 3)
    ordered = returned * 10
    scene = scene.ordering(ordered, price).billing(ordered, price)
    scene = scene.receiving_events(scene.arrival(ordered, returned=returned))
    memo = credit_memo(scene, "return", credited, price, original=scene.bill.number)
    scene = scene.knowing(bills=(*scene.trade.bills, memo))
    planted = units_planted(
        scene, "RETURN_NOT_CREDITED", returned, credited, price, document="credit_memo"
    )
    return Bent(scene.trade, (planted,))


def credit_short(
    scene: Scene,
    *,
    agreed: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> Bent:
    """The credit memo is for less than both sides had agreed."""
    price = price or scene.order.article.price
    units = agreed or scene.whole(6, 10, 12)
    credited = credited or units - scene.whole(1, 2)
    ordered = units * 10
    scene = scene.ordering(ordered, price).receiving(ordered).billing(ordered, price)
    memo = credit_memo(scene, "agreement", credited, price, original=scene.bill.number)
    claim = StandingClaim(
        f"C{catalogues.digits(scene.rng, 5)}", "agreed_credit", scene.bill.number,
        scene.number, units, units * price,
    )  # fmt: skip
    scene = scene.knowing(bills=(*scene.trade.bills, memo), claims=(*scene.trade.claims, claim))
    planted = money_planted(
        scene, "CREDIT_MEMO_SHORT", units * price, credited * price, line=scene.number,
        document="credit_memo", evidence=(Pointer("credit_memo", "amount", scene.number),),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def cartons_short(
    scene: Scene,
    *,
    cartons: D | None = None,
    pack: D | None = None,
    short: D | None = None,
    price: D | None = None,
) -> Bent:
    """The receiver noted cartons short on the proof of delivery; pieces are billed."""
    price, pack = price or scene.order.article.price, pack or scene.order.article.pack
    cartons, short = cartons or scene.whole(10, 15, 20), short or scene.whole(1, 2)
    billed, came = cartons * pack, (cartons - short) * pack
    scene = scene.ordering(billed, price, packs={"CS": pack})
    scene = scene.receiving(came).billing(billed, price)
    scene = _with_remark(scene, cartons, short)
    where = (Pointer("proof_of_delivery", "exception", scene.number),)
    planted = units_planted(scene, "QTY_OVER_RECEIPT", billed, came, price, evidence=where)
    return Bent(scene.trade, (planted,), _counted_on_proof(scene))


def _counted_on_proof(scene: Scene) -> tuple[Pointer, ...]:
    """How many came, and of what, on the proof of delivery: cartons or pieces."""
    names = ("shipped", "unit")
    return tuple(Pointer("proof_of_delivery", name, scene.number) for name in names)


def _with_remark(scene: Scene, cartons: D, short: D) -> Scene:
    """Shipped by the carton under a signed proof of delivery that says how many were short."""
    receipt = scene.trade.arrived(scene.number)[0].receipt_id
    remarks = scene.trade.remarks
    if short:
        remarks = (*remarks, Remark(receipt, scene.number, "short", short, "CS"))
    return scene.knowing(
        shipped={**scene.trade.shipped, (receipt, scene.number): Shipped(cartons, "CS")},
        remarks=remarks,
        papers=scene.trade.papers | {"proof_of_delivery"},
    )


def short_payment(
    scene: Scene,
    *,
    proof: str = "",
    cartons: D | None = None,
    pack: D | None = None,
    price: D | None = None,
) -> Bent:
    """The buyer paid for two cartons fewer and the vendor objects.

    `proof`: "clean" signed without remark, "short" signed with one carton short, "none" only a
    packing slip and a bill of lading of the kind "shipper load and count"; drawn when not given.
    """
    price = price or scene.order.article.price
    proof = proof or scene.rng.choice(("clean", "short", "none"))
    cartons, pack = cartons or scene.whole(10, 20), pack or scene.order.article.pack
    billed, paid = cartons * pack, (cartons - 2) * pack
    scene = scene.ordering(billed, price, packs={"CS": pack})
    scene = scene.receiving(paid).billing(billed, price)
    missing = D(1) if proof == "short" else D(0)
    scene = _with_remark(scene, cartons, missing)
    claim = StandingClaim(
        f"C{catalogues.digits(scene.rng, 5)}", "short_payment", scene.bill.number,
        scene.number, billed - paid, (billed - paid) * price,
    )  # fmt: skip
    scene = scene.knowing(
        claims=(*scene.trade.claims, claim), demanded=frozenset({"proof_of_delivery"})
    )
    planted = [
        units_planted(scene, "QTY_OVER_RECEIPT", billed, paid, price, state="open"),
        fact_planted(
            scene, "EVIDENCE_CONFLICT", f"{billed - missing * pack} ≠ {paid}", line=scene.number,
            quantity=billed - missing * pack - paid,
        ),
    ]  # fmt: skip
    if proof == "none":
        papers = scene.trade.papers - {"proof_of_delivery"} | {"bill_of_lading", "packing_slip"}
        scene = scene.knowing(papers=papers, unproven=True)
        planted.append(
            fact_planted(
                scene, "EVIDENCE_MISSING", "no proof of delivery", document="proof_of_delivery"
            )
        )
    return Bent(scene.trade, tuple(planted), () if proof == "none" else _counted_on_proof(scene))


def conflicting_papers(
    scene: Scene,
    *,
    shipped: D | None = None,
    received: D | None = None,
    price: D | None = None,
) -> Bent:
    """The vendor's papers say that all was shipped, the receipt says less; both cannot be."""
    price = price or scene.order.article.price
    shipped = shipped or scene.whole(40, 60, 100)
    received = received or shipped - scene.few(shipped)
    scene = scene.ordering(shipped, price).receiving(received).billing(shipped, price)
    receipt = scene.trade.arrived(scene.number)[0].receipt_id
    scene = scene.knowing(
        shipped={**scene.trade.shipped, (receipt, scene.number): Shipped(shipped, "EA")}
    )
    slip = next(iter(sorted(scene.trade.papers & {"packing_slip", "delivery_note"})))
    planted = (
        units_planted(scene, "QTY_OVER_RECEIPT", shipped, received, price, state="open"),
        fact_planted(
            scene, "EVIDENCE_CONFLICT", f"{shipped} ≠ {received}", line=scene.number,
            quantity=shipped - received,
            evidence=(Pointer(slip, "shipped", scene.number),),
        ),
    )  # fmt: skip
    return Bent(scene.trade, planted)


def proof_missing(scene: Scene) -> Bent:
    """The proof that the freight term asks for is not among the papers."""
    wanted = sorted(scene.trade.demanded)[0]
    scene = scene.knowing(papers=scene.trade.papers - {wanted})
    planted = fact_planted(scene, "EVIDENCE_MISSING", f"no {wanted}", document=wanted)
    return Bent(scene.trade, (planted,))
