"""Incidents of credit: overbilling taken back, returns, credits below what was agreed."""

from dataclasses import replace
from decimal import Decimal

from data.synthesis.commerce import catalogues
from data.synthesis.stories.incidents.order_line import (
    IncidentResult,
    TradeBuilder,
    amount_variance,
    quantity_variance,
)
from data.synthesis.stories.trade.everyday import bill_line
from data.synthesis.stories.trade.findings import Pointer
from data.synthesis.stories.trade.records import Bill, Claim, CreditReason

D = Decimal


def credit_memo(
    builder: TradeBuilder, reason: CreditReason, quantity: D, price: D, *, original_invoice: str
) -> Bill:
    """Return a credit memo over some units of this order line, with positive numbers."""
    return replace(
        builder.bill,
        key="credit_memo",
        kind="credit_memo",
        number=catalogues.number(builder.rng),
        lines=(bill_line(builder.order_line, quantity, price, "EA"),),
        original_invoice=original_invoice,
        reason=reason,
        terms=builder.trade.terms,
        freight=D(0),
        allowance=D(0),
        complete=False,
    )


def credited_overbilling(
    builder: TradeBuilder,
    *,
    billed: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Too much is billed and a credit memo takes it back: nothing is left."""
    price, billed = builder.price_and_quantity(price, billed, 40, 60, 100)
    credited = credited or builder.pick_few(billed)
    builder = builder.with_units(price, ordered=billed, received=billed - credited, billed=billed)
    memo = credit_memo(builder, "overbilled", credited, price, original_invoice=builder.bill.number)
    builder = builder.with_facts(bills=(*builder.trade.bills, memo))
    return IncidentResult(
        builder.trade, (), (Pointer("credit_memo", "quantity", builder.line_number),)
    )


def returned(
    builder: TradeBuilder,
    *,
    returned: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """Units were returned and the credit memo is for fewer."""
    price, returned = builder.price_and_quantity(price, returned, 5, 8, 10, 12)
    credited = credited or returned - builder.pick(1, 2, 3)
    ordered = returned * 10
    builder = builder.with_order(ordered, price).with_bill_row(ordered, price)
    builder = builder.with_receipt_events(builder.make_arrival(ordered, returned=returned))
    memo = credit_memo(builder, "return", credited, price, original_invoice=builder.bill.number)
    builder = builder.with_facts(bills=(*builder.trade.bills, memo))
    planted = quantity_variance(
        builder, "RETURN_NOT_CREDITED", returned, credited, price, document="credit_memo"
    )
    return IncidentResult(builder.trade, (planted,))


def credit_short(
    builder: TradeBuilder,
    *,
    agreed: D | None = None,
    credited: D | None = None,
    price: D | None = None,
) -> IncidentResult:
    """The credit memo is for less than both sides had agreed."""
    price, units = builder.price_and_quantity(price, agreed, 6, 10, 12)
    credited = credited or units - builder.pick(1, 2)
    ordered = units * 10
    builder = builder.with_units(price, ordered=ordered, received=ordered, billed=ordered)
    memo = credit_memo(builder, "agreement", credited, price, original_invoice=builder.bill.number)
    claim = Claim(
        f"C{catalogues.digits(builder.rng, 5)}", "agreed_credit", builder.bill.number,
        builder.line_number, units, units * price,
    )  # fmt: skip
    builder = builder.with_facts(
        bills=(*builder.trade.bills, memo), claims=(*builder.trade.claims, claim)
    )
    planted = amount_variance(
        builder, "CREDIT_MEMO_SHORT", units * price, credited * price, line=builder.line_number,
        document="credit_memo", evidence=(Pointer("credit_memo", "amount", builder.line_number),),
    )  # fmt: skip
    return IncidentResult(builder.trade, (planted,))
