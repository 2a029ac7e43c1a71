"""Incidents of units of measure: packs, dozens, thousands, weights; most of them tie out."""

from dataclasses import replace
from decimal import ROUND_UP, Decimal
from fractions import Fraction

from data.synthesis.stories.incidents.order_line import (
    Bent,
    Scene,
    fact_planted,
    price_planted,
    units_planted,
)
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Pointer, Variance
from data.synthesis.stories.trade.records import Shipped

D = Decimal


def _shows(scene: Scene, *fields: str) -> tuple[Pointer, ...]:
    return tuple(Pointer("invoice", name, scene.number) for name in fields)


def packs_and_pieces(
    scene: Scene,
    *,
    ordered: D | None = None,
    pack: D | None = None,
    price: D | None = None,
    received: D | None = None,
) -> Bent:
    """Ordered by the case, billed and received by the piece, a few pieces short."""
    pack = pack or scene.order.article.pack
    ordered = ordered or scene.whole(5, 10, 15, 20)
    price = price or scene.order.article.price * pack
    pieces, each = ordered * pack, Fraction(price) / Fraction(pack)
    received = received or pieces - scene.whole(1, 2, 3)
    billed_price = D(each.numerator) / D(each.denominator)
    scene = scene.ordering(ordered, price, "CS", packs={"CS": pack})
    scene = scene.receiving(received, unit="EA").billing(pieces, billed_price, "EA")
    planted = units_planted(scene, "QTY_OVER_RECEIPT", pieces, received, each)
    return Bent(scene.trade, (planted,), _shows(scene, "unit"))


def receipt_in_packs(
    scene: Scene,
    *,
    ordered: D | None = None,
    pack: D | None = None,
    price: D | None = None,
) -> Bent:
    """The receipt counted cases and was booked as pieces: no claim, but a suspicion."""
    price, pack = price or scene.order.article.price, pack or scene.order.article.pack
    cases = scene.whole(5, 10, 12) if ordered is None else ordered / pack
    ordered = cases * pack
    scene = scene.ordering(ordered, price, packs={"CS": pack})
    scene = scene.receiving(cases).billing(ordered, price)
    receipt = scene.trade.arrived(scene.number)[0].receipt_id
    scene = scene.knowing(
        shipped={**scene.trade.shipped, (receipt, scene.number): Shipped(cases, "CS")}
    )
    return Bent(scene.trade, (_suspected(scene, f"{cases} CS × {pack} = {ordered}"),))


def mistaken_unit(
    scene: Scene,
    *,
    ordered: D | None = None,
    pack: D | None = None,
    price: D | None = None,
) -> Bent:
    """Cases are billed at the price of a case, and called pieces."""
    price, pack = price or scene.order.article.price, pack or scene.order.article.pack
    cases = scene.whole(5, 10, 12) if ordered is None else ordered / pack
    ordered = cases * pack
    scene = scene.ordering(ordered, price, packs={"CS": pack})
    scene = scene.receiving(ordered).billing(cases, price * pack, "EA")
    return Bent(scene.trade, (_suspected(scene, f"{cases} × {pack} = {ordered}"),))


def _suspected(scene: Scene, formula: str) -> Variance:
    return fact_planted(
        scene, "PRICE_BASIS_SUSPECT", formula, line=scene.number, amount=D(0),
        evidence=_shows(scene, "quantity", "unit_price", "unit"),
    )  # fmt: skip


def unknown_unit(scene: Scene) -> Bent:
    """Billed in a package of which nobody knows what it holds."""
    price, boxes = scene.order.article.price, scene.whole(2, 4, 5)
    scene = scene.ordering(boxes * 10, price).receiving(boxes * 10)
    scene = scene.billing(boxes, price * 10, "BX")
    planted = fact_planted(
        scene, "UOM_UNRESOLVED", "1 BX = ? EA", line=scene.number,
        evidence=_shows(scene, "quantity", "unit"),
    )  # fmt: skip
    return Bent(scene.trade, (planted,))


def clashing_codes(
    scene: Scene, *, cases: D | None = None, pack: D | None = None, price: D | None = None
) -> Bent:
    """An X12 vendor prints CA for a case, which is a can in the other list."""
    price, pack = price or scene.order.article.price, pack or scene.order.article.pack
    cases = cases or scene.whole(2, 3, 5)
    scene = scene.ordering(cases * pack, price, packs={"CS": pack})
    line = bill_line(scene.order, cases, price * pack, "CS")
    scene = scene.receiving(cases * pack).billing_lines(replace(line, printed_unit="CA"))
    scene = scene.knowing(code_list="x12")
    return Bent(scene.trade, (), _shows(scene, "quantity", "unit"))


def thousands(
    scene: Scene, *, count: D | None = None, price: D | None = None, unit: str = ""
) -> Bent:
    """Billed by the hundred (C) or thousand (M), ordered by the piece."""
    unit = unit or scene.rng.choice(("M", "C"))
    factor = D(1000) if unit == "M" else D(100)
    count, price = count or scene.whole(2, 5, 10, 25), price or scene.whole(45, 60, 120) / 10
    scene = scene.ordering(count * factor, price / factor)
    scene = scene.receiving(count * factor).billing(count, price, unit)
    return Bent(scene.trade, (), _shows(scene, "quantity", "unit", "unit_price"))


def price_per_thousand(
    scene: Scene, *, quantity: D | None = None, price: D | None = None, base: D | None = None
) -> Bent:
    """The price is for 100 or 1000 pieces, the order's for one."""
    base = base or scene.whole(100, 1000)
    quantity = quantity or scene.whole(2, 5, 25) * 1000
    price = price or scene.whole(45, 60, 120) / 10
    scene = scene.ordering(quantity, price / base).receiving(quantity)
    scene = scene.billing(quantity, price, "EA", price_base=base)
    return Bent(scene.trade, (), _shows(scene, "quantity", "unit_price", "price_base_quantity"))


def dozens(scene: Scene, *, count: D | None = None, price: D | None = None) -> Bent:
    """Billed by the dozen, ordered by the piece."""
    count, price = count or scene.whole(2, 4, 10), price or scene.order.article.price
    scene = scene.ordering(count * 12, price).receiving(count * 12)
    scene = scene.billing(count, price * 12, "DZ")
    return Bent(scene.trade, (), _shows(scene, "quantity", "unit", "unit_price"))


def catch_weight(
    scene: Scene,
    *,
    estimate: D | None = None,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> Bent:
    """Sold by weight: the billed pounds are not those that were weighed in."""
    price = price or scene.whole(210, 320, 455) / 100
    estimate = estimate or scene.whole(100, 250, 400)
    received = received or estimate - D(scene.rng.randint(100, 900)) / 100
    billed = billed or received + D(scene.rng.randint(100, 600)) / 100
    scene = scene.ordering(
        estimate, price, "LB", packs={}, catch_weight=True, over_delivery_pct=D(10)
    )
    scene = scene.receiving(received).billing(billed, price)
    planted = units_planted(scene, "WEIGHT_ERROR", billed, received, price)
    return Bent(scene.trade, (planted,), _shows(scene, "unit"))


def case_price_by_piece(
    scene: Scene,
    *,
    cases: D | None = None,
    pack: D | None = None,
    case_price: D | None = None,
    price: D | None = None,
) -> Bent:
    """The price of a piece is the rounded part of a case's price, and a little dear."""
    pack, cases = pack or scene.whole(6, 12, 24), cases or scene.whole(20, 50, 100)
    case_price = case_price or scene.whole(40, 50, 70, 80, 100)
    price = price or (case_price / pack).quantize(D("0.01"), ROUND_UP)
    scene = scene.ordering(cases, case_price, "CS", packs={"CS": pack})
    scene = scene.receiving(cases).billing(cases * pack, price, "EA")
    each = Fraction(case_price) / Fraction(pack)
    shows = _shows(scene, "unit_price", "quantity", "unit")
    if Fraction(price) == each:
        return Bent(scene.trade, (), shows)
    planted = price_planted(scene, price, each, cases * pack)
    return Bent(scene.trade, (planted,), shows)
