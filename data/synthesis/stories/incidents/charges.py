"""Incidents of discounts, allowances, freight and deposits."""

from decimal import Decimal

from data.synthesis.commerce.deals import round_money
from data.synthesis.stories.incidents.order_line import (
    IncidentResult,
    TradeBuilder,
    amount_variance,
    invoice_pointers,
)
from data.synthesis.stories.trade.findings import Pointer
from data.synthesis.stories.trade.records import BillLine
from data.synthesis.stories.trade.world import Article

D = Decimal


def line_discount(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    gross: D | None = None,
    rate: D | None = None,
) -> IncidentResult:
    """A discount in the row brings the gross price down to the ordered net price."""
    rate, quantity = rate or builder.pick(5, 10, 20), quantity or builder.pick(40, 100)
    gross = gross or builder.pick(4, 8, 10, 12)
    builder = builder.with_order(quantity, gross * (1 - rate / 100)).with_receipts(quantity)
    builder = builder.with_bill_row(quantity, gross, discount_rate=rate)
    return IncidentResult(
        builder.trade, (), invoice_pointers(builder, "unit_price", "discount", "amount")
    )


def allowance_missing(
    builder: TradeBuilder,
    *,
    quantity: D | None = None,
    price: D | None = None,
    agreed: D | None = None,
    billed: D | None = None,
) -> IncidentResult:
    """The order's allowance is not taken off the row, or not all of it (`billed` percent)."""
    agreed, quantity = agreed or builder.pick(4, 5, 10), quantity or builder.pick(40, 100)
    price, billed = price or builder.pick(4, 8, 10, 12), billed or D(0)
    builder = builder.with_order(quantity, price, allowance_pct=agreed).with_receipts(quantity)
    builder = builder.with_bill_row(quantity, price, discount_rate=billed)
    gross = quantity * price
    fields = ("unit_price", "quantity", *(("discount",) if billed else ()), "amount")
    planted = amount_variance(
        builder, "DISCOUNT_INCORRECT" if billed else "ALLOWANCE_MISSING",
        gross * agreed / 100, gross * billed / 100, line=builder.line_number,
        evidence=invoice_pointers(builder, *fields),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))


def discount_incorrect(
    builder: TradeBuilder, *, agreed: D | None = None, billed: D | None = None
) -> IncidentResult:
    """A smaller discount is taken off than was agreed."""
    agreed = agreed or builder.pick(5, 8, 10)
    return allowance_missing(builder, agreed=agreed, billed=billed or agreed - builder.pick(2, 3))


def header_allowance(
    builder: TradeBuilder, *, rate: D | None = None, lines: tuple[tuple[D, D], ...] = ()
) -> IncidentResult:
    """An allowance on the whole invoice; the order's prices have it taken off already.

    `lines` are (quantity, billed price) of the only order lines, drawn when not given.
    """
    rate = rate or builder.pick(2, 3, 5)
    if not lines:
        lines = tuple((builder.pick(40, 60, 100), builder.pick(5, 8, 10, 20)) for _ in range(2))
    builder = builder.with_only_this_line()
    places = [builder.line_number]
    for place, (quantity, price) in enumerate(lines):
        net = price * (1 - rate / 100)
        if place:
            builder = builder.with_new_order_line(quantity, net, builder.pick_unordered_article())
            places.append(builder.line_number)
        builder = (
            builder.with_order(quantity, net).with_receipts(quantity).with_bill_row(quantity, price)
        )
    total = sum((quantity * price for quantity, price in lines), D(0))
    builder = builder.with_invoice(allowance=round_money(total * rate / 100)).with_facts(
        price_net_of_allowance=True
    )
    return IncidentResult(builder.trade, (), (Pointer("invoice", "total_discount"),))


def freight(
    builder: TradeBuilder,
    *,
    planned: D | None = None,
    billed: D | None = None,
    in_row: bool | None = None,
) -> IncidentResult:
    """More freight is billed than was agreed, in a row or below the rows."""
    planned = builder.pick(40, 60, 85) if planned is None else planned
    billed = billed or planned + builder.pick(5, 15, 20)
    in_row = builder.rng.random() < 0.6 if in_row is None else in_row
    return _freight(builder.with_facts(planned_freight=planned), planned, billed, in_row)


def unplanned_freight(builder: TradeBuilder, *, billed: D | None = None) -> IncidentResult:
    """Freight is billed although the order has no condition for it."""
    return _freight(builder, None, billed or builder.pick(25, 45, 75), builder.rng.random() < 0.6)


def _freight(builder: TradeBuilder, planned: D | None, billed: D, in_row: bool) -> IncidentResult:
    pointer = Pointer("invoice", "shipping_charge")
    if in_row:
        builder = builder.with_extra_row(charge_row(builder, "freight", D(1), billed))
        pointer = Pointer("invoice", "amount", "freight")
    else:
        builder = builder.with_invoice(freight=billed)
    code = "FREIGHT_UNPLANNED" if planned is None else "FREIGHT_VARIANCE"
    planted = amount_variance(builder, code, billed, planned or D(0), evidence=(pointer,))
    return IncidentResult(builder.trade, (planted,), (pointer,))


_CHARGES = {
    "freight": {"en": "Freight", "de": "Fracht", "fr": "Frais de transport"},
    "deposit": {"en": "Pallet deposit", "de": "Pfand Palette", "fr": "Consigne palette"},
}


def charge_row(builder: TradeBuilder, kind: str, quantity: D, price: D) -> BillLine:
    """Return a row for a charge; only its words, count and money are printed."""
    language = builder.trade.vendor.style.language
    article = Article("", "", "", _CHARGES[kind][language], D(1), price)
    return BillLine(
        key=kind,
        article=article,
        quantity=quantity,
        unit="",
        price=price,
        amount=round_money(quantity * price),
        line_type=kind,
    )


def deposit(
    builder: TradeBuilder,
    *,
    pallets: D | None = None,
    billed: D | None = None,
    each: D | None = None,
) -> IncidentResult:
    """Deposit is billed for more pallets than were delivered."""
    pallets, each = pallets or builder.pick(2, 3, 4), each or builder.pick(8, 15, 25)
    billed = billed or pallets + builder.pick(1, 2)
    builder = builder.with_facts(agreed_deposit=pallets * each)
    builder = builder.with_extra_row(charge_row(builder, "deposit", billed, each))
    planted = amount_variance(
        builder, "DEPOSIT_ERROR", billed * each, pallets * each,
        evidence=invoice_pointers(builder, "quantity", "amount", row="deposit"),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))
