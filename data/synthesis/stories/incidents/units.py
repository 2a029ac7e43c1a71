"""Incidents of units of measure: packs, dozens, thousands, weights; most of them tie out."""

from dataclasses import replace
from decimal import ROUND_UP, Decimal
from fractions import Fraction

from data.synthesis.stories.incidents.order_line import (
    IncidentResult,
    TradeBuilder,
    fact_variance,
    invoice_pointers,
    price_variance,
    quantity_variance,
)
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Variance

D = Decimal


def packs_and_pieces(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    pack: D | None = None,
    price: D | None = None,
    received: D | None = None,
) -> IncidentResult:
    """Ordered by the case, billed and received by the piece, a few pieces short."""
    pack = pack or builder.order_line.article.pack
    ordered = ordered or builder.pick(5, 10, 15, 20)
    price = price or builder.order_line.article.price * pack
    pieces, each = ordered * pack, Fraction(price) / Fraction(pack)
    received = received or pieces - builder.pick(1, 2, 3)
    billed_price = D(each.numerator) / D(each.denominator)
    builder = builder.with_order(ordered, price, "CS", packs={"CS": pack})
    builder = builder.with_receipts(received, unit="EA").with_bill_row(pieces, billed_price, "EA")
    planted = quantity_variance(builder, "QTY_OVER_RECEIPT", pieces, received, each)
    return IncidentResult(builder.trade, (planted,), invoice_pointers(builder, "unit"))


def receipt_in_packs(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    pack: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """The receipt counted cases and was booked as pieces: no claim, the finding stays open."""
    price, pack = price or builder.order_line.article.price, pack or builder.order_line.article.pack
    cases = builder.pick(5, 10, 12) if ordered is None else ordered / pack
    ordered = cases * pack
    builder = builder.with_order(ordered, price, packs={"CS": pack})
    builder = builder.with_receipts(cases).with_bill_row(ordered, price)
    builder = builder.with_shipment(cases, "CS")
    return IncidentResult(
        builder.trade, (_price_basis_suspicion(builder, f"{cases} CS × {pack} = {ordered}"),)
    )


def mistaken_unit(
    builder: TradeBuilder,
    *,
    ordered: D | None = None,
    pack: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Cases are billed at the price of a case, and called pieces."""
    price, pack = price or builder.order_line.article.price, pack or builder.order_line.article.pack
    cases = builder.pick(5, 10, 12) if ordered is None else ordered / pack
    ordered = cases * pack
    builder = builder.with_order(ordered, price, packs={"CS": pack})
    builder = builder.with_receipts(ordered).with_bill_row(cases, price * pack, "EA")
    return IncidentResult(
        builder.trade, (_price_basis_suspicion(builder, f"{cases} × {pack} = {ordered}"),)
    )


def _price_basis_suspicion(builder: TradeBuilder, formula: str) -> Variance:
    return fact_variance(
        builder, "PRICE_BASIS_SUSPECT", formula, line=builder.line_number, amount=D(0),
        evidence=invoice_pointers(builder, "quantity", "unit_price", "unit"),
    )  # fmt: skip


def unknown_unit(builder: TradeBuilder) -> IncidentResult:
    """Billed in a package with an unknown number of pieces."""
    price, boxes = builder.order_line.article.price, builder.pick(2, 4, 5)
    builder = builder.with_order(boxes * 10, price).with_receipts(boxes * 10)
    builder = builder.with_bill_row(boxes, price * 10, "BX")
    planted = fact_variance(
        builder, "UOM_UNRESOLVED", "1 BX = ? EA", line=builder.line_number,
        evidence=invoice_pointers(builder, "quantity", "unit"),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def clashing_codes(
    builder: TradeBuilder, *, cases: D | None = None, pack: D | None = None, price: D | None = None
) -> IncidentResult:
    """An X12 vendor prints CA for a case, which is a can in the other list."""
    price, pack = price or builder.order_line.article.price, pack or builder.order_line.article.pack
    cases = cases or builder.pick(2, 3, 5)
    builder = builder.with_order(cases * pack, price, packs={"CS": pack})
    line = bill_line(builder.order_line, cases, price * pack, "CS")
    builder = builder.with_receipts(cases * pack).with_bill_rows(replace(line, printed_unit="CA"))
    builder = builder.with_facts(code_list="x12")
    return IncidentResult(builder.trade, (), invoice_pointers(builder, "quantity", "unit"))


def thousands(
    builder: TradeBuilder, *, count: D | None = None, price: D | None = None, unit: str = ""
) -> IncidentResult:
    """Billed by the hundred (C) or thousand (M), ordered by the piece."""
    unit = unit or builder.rng.choice(("M", "C"))
    factor = D(1000) if unit == "M" else D(100)
    count, price = count or builder.pick(2, 5, 10, 25), price or builder.pick(45, 60, 120) / 10
    builder = builder.with_order(count * factor, price / factor)
    builder = builder.with_receipts(count * factor).with_bill_row(count, price, unit)
    return IncidentResult(
        builder.trade, (), invoice_pointers(builder, "quantity", "unit", "unit_price")
    )


def price_per_thousand(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    price: D | None = None,
    base: D | None = None,
) -> IncidentResult:
    """The price is for 100 or 1000 pieces, the order's for one."""
    base = base or builder.pick(100, 1000)
    quantity = quantity or builder.pick(2, 5, 25) * 1000
    price = price or builder.pick(45, 60, 120) / 10
    builder = builder.with_order(quantity, price / base).with_receipts(quantity)
    builder = builder.with_bill_row(quantity, price, "EA", price_base=base)
    return IncidentResult(
        builder.trade,
        (),
        invoice_pointers(builder, "quantity", "unit_price", "price_base_quantity"),
    )


def dozens(
    builder: TradeBuilder, *, count: D | None = None, price: D | None = None
) -> IncidentResult:
    """Billed by the dozen, ordered by the piece."""
    price, count = builder.price_and_quantity(price, count, 2, 4, 10)
    builder = builder.with_order(count * 12, price).with_receipts(count * 12)
    builder = builder.with_bill_row(count, price * 12, "DZ")
    return IncidentResult(
        builder.trade, (), invoice_pointers(builder, "quantity", "unit", "unit_price")
    )


def catch_weight(
    builder: TradeBuilder,
    *,
    estimate: D | None = None,
    received: D | None = None,
    billed: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Sold by weight: the billed pounds are not those that were weighed in."""
    price = price or builder.pick(210, 320, 455) / 100
    estimate = estimate or builder.pick(100, 250, 400)
    received = received or estimate - D(builder.rng.randint(100, 900)) / 100
    billed = billed or received + D(builder.rng.randint(100, 600)) / 100
    builder = builder.with_order(
        estimate, price, "LB", packs={}, catch_weight=True, over_delivery_pct=D(10)
    )
    builder = builder.with_receipts(received).with_bill_row(billed, price)
    planted = quantity_variance(builder, "WEIGHT_ERROR", billed, received, price)
    return IncidentResult(builder.trade, (planted,), invoice_pointers(builder, "unit"))


def case_price_by_piece(
    builder: TradeBuilder,
    *,
    cases: D | None = None,
    pack: D | None = None,
    case_price: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """The price of a piece is the rounded part of a case's price, and a little dear."""
    pack, cases = pack or builder.pick(6, 12, 24), cases or builder.pick(20, 50, 100)
    case_price = case_price or builder.pick(40, 50, 70, 80, 100)
    price = price or (case_price / pack).quantize(D("0.01"), ROUND_UP)
    builder = builder.with_order(cases, case_price, "CS", packs={"CS": pack})
    builder = builder.with_receipts(cases).with_bill_row(cases * pack, price, "EA")
    each = Fraction(case_price) / Fraction(pack)
    pointers = invoice_pointers(builder, "unit_price", "quantity", "unit")
    if Fraction(price) == each:
        return IncidentResult(builder.trade, (), pointers)
    planted = price_variance(builder, price, each, cases * pack)
    return IncidentResult(builder.trade, (planted,), pointers)
