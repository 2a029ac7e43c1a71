"""Incidents of discounts, allowances, freight and deposits."""

from decimal import Decimal

from data.synthesis.commerce.deals import cents
from data.synthesis.stories.incidents.order_line import Bent, Scene, money_planted
from data.synthesis.stories.trade.findings import Pointer
from data.synthesis.stories.trade.records import BillLine
from data.synthesis.stories.trade.world import Article

D = Decimal


def _shows(scene: Scene, *fields: str, row: str | None = None) -> tuple[Pointer, ...]:
    return tuple(Pointer("invoice", name, row or scene.number) for name in fields)


def line_discount(
    scene: Scene, *, quantity: D | None = None, gross: D | None = None, rate: D | None = None
) -> Bent:
    """A discount in the row brings the gross price down to the ordered net price."""
    rate, quantity = rate or scene.whole(5, 10, 20), quantity or scene.whole(40, 100)
    gross = gross or scene.whole(4, 8, 10, 12)
    scene = scene.ordering(quantity, gross * (1 - rate / 100)).receiving(quantity)
    scene = scene.billing(quantity, gross, discount_rate=rate)
    return Bent(scene.trade, (), _shows(scene, "unit_price", "discount", "amount"))


def allowance_missing(
    scene: Scene,
    *,
    quantity: D | None = None,
    price: D | None = None,
    agreed: D | None = None,
    billed: D | None = None,
) -> Bent:
    """The order's allowance is not taken off the row, or not all of it (`billed` percent)."""
    agreed, quantity = agreed or scene.whole(4, 5, 10), quantity or scene.whole(40, 100)
    price, billed = price or scene.whole(4, 8, 10, 12), billed or D(0)
    scene = scene.ordering(quantity, price, allowance_pct=agreed).receiving(quantity)
    scene = scene.billing(quantity, price, discount_rate=billed)
    gross = quantity * price
    fields = ("unit_price", "quantity", *(("discount",) if billed else ()), "amount")
    planted = money_planted(
        scene, "DISCOUNT_INCORRECT" if billed else "ALLOWANCE_MISSING",
        gross * agreed / 100, gross * billed / 100, line=scene.number,
        evidence=_shows(scene, *fields),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def discount_incorrect(scene: Scene, *, agreed: D | None = None, billed: D | None = None) -> Bent:
    """A smaller discount is taken off than was agreed."""
    agreed = agreed or scene.whole(5, 8, 10)
    return allowance_missing(scene, agreed=agreed, billed=billed or agreed - scene.whole(2, 3))


def header_allowance(
    scene: Scene, *, rate: D | None = None, lines: tuple[tuple[D, D], ...] = ()
) -> Bent:
    """An allowance on the whole invoice; the order's prices have it taken off already.

    `lines` are (quantity, billed price) of the only order lines, drawn when not given.
    """
    rate = rate or scene.whole(2, 3, 5)
    if not lines:
        lines = tuple((scene.whole(40, 60, 100), scene.whole(5, 8, 10, 20)) for _ in range(2))
    scene = scene.only_this()
    places = [scene.number]
    for place, (quantity, price) in enumerate(lines):
        net = price * (1 - rate / 100)
        if place:
            scene = scene.beside(quantity, net, scene.unordered())
            places.append(scene.number)
        scene = scene.ordering(quantity, net).receiving(quantity).billing(quantity, price)
    total = sum((quantity * price for quantity, price in lines), D(0))
    scene = scene.invoice(allowance=cents(total * rate / 100)).knowing(price_net_of_allowance=True)
    return Bent(scene.trade, (), (Pointer("invoice", "total_discount"),))


def freight(
    scene: Scene, *, planned: D | None = None, billed: D | None = None, in_row: bool | None = None
) -> Bent:
    """More freight is billed than was agreed, in a row or below the rows."""
    planned = scene.whole(40, 60, 85) if planned is None else planned
    billed = billed or planned + scene.whole(5, 15, 20)
    in_row = scene.rng.random() < 0.6 if in_row is None else in_row
    return _freight(scene.knowing(planned_freight=planned), planned, billed, in_row)


def unplanned_freight(scene: Scene, *, billed: D | None = None) -> Bent:
    """Freight is billed although the order has no condition for it."""
    return _freight(scene, None, billed or scene.whole(25, 45, 75), scene.rng.random() < 0.6)


def _freight(scene: Scene, planned: D | None, billed: D, in_row: bool) -> Bent:
    where = Pointer("invoice", "shipping_charge")
    if in_row:
        scene = scene.adding(charge_row(scene, "freight", D(1), billed))
        where = Pointer("invoice", "amount", "freight")
    else:
        scene = scene.invoice(freight=billed)
    code = "FREIGHT_UNPLANNED" if planned is None else "FREIGHT_VARIANCE"
    planted = money_planted(scene, code, billed, planned or D(0), evidence=(where,))
    return Bent(scene.trade, (planted,), (where,))


_CHARGES = {
    "freight": {"en": "Freight", "de": "Fracht", "fr": "Frais de transport"},
    "deposit": {"en": "Pallet deposit", "de": "Pfand Palette", "fr": "Consigne palette"},
}


def charge_row(scene: Scene, kind: str, quantity: D, price: D) -> BillLine:
    """A row that is no article; only the words, the count and the money are printed."""
    language = scene.trade.vendor.style.language
    article = Article("", "", "", _CHARGES[kind][language], D(1), price)
    return BillLine(
        key=kind,
        article=article,
        quantity=quantity,
        unit="",
        price=price,
        amount=cents(quantity * price),
        line_type=kind,
    )


def deposit(
    scene: Scene, *, pallets: D | None = None, billed: D | None = None, each: D | None = None
) -> Bent:
    """Deposit is billed for more pallets than came."""
    pallets, each = pallets or scene.whole(2, 3, 4), each or scene.whole(8, 15, 25)
    billed = billed or pallets + scene.whole(1, 2)
    scene = scene.knowing(deposit=pallets * each)
    scene = scene.adding(charge_row(scene, "deposit", billed, each))
    planted = money_planted(
        scene, "DEPOSIT_ERROR", billed * each, pallets * each,
        evidence=_shows(scene, "quantity", "amount", row="deposit"),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))
